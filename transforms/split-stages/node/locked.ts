/** What a lock file says about packages that package.json does not name. */
import { isRecord, recordIn, within } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import type { View } from '../types.ts';

/** Whether a lock file says that a package is there for development alone; as long as it does not tell, one of yarn is. */
export function lockedForDevelopment({ project }: View, facts: NodeFacts): (name: string) => boolean {
  const path = (name: string): string => within(facts.dir, name) ?? name;
  const npm = ['package-lock.json', 'npm-shrinkwrap.json'].map(path).find((it) => project.read(it) !== undefined);
  if (npm !== undefined) {
    const root = recordIn(project, npm);
    return (name) => npmLocked(root, name);
  }
  const yarn = project.read(path('yarn.lock'));
  return yarn === undefined ? () => false : yarnLocked(yarn, facts);
}

function npmLocked(root: Record<string, unknown> | undefined, name: string): boolean {
  const old = isRecord(root?.dependencies) ? root.dependencies : {};
  const entry = isRecord(root?.packages) ? root.packages[`node_modules/${name}`] : old[name];
  return isRecord(entry) && entry.dev === true;
}

/** yarn.lock does not say who asked for a package: what the dependencies lead to is followed. */
function yarnLocked(lock: string, facts: NodeFacts): (name: string) => boolean {
  const entries = yarnEntries(lock);
  const count = new Map<string, number>();
  for (const { keys } of entries) {
    const name = nameOf(keys[0] ?? '');
    count.set(name, (count.get(name) ?? 0) + 1);
  }
  const byKey = new Map(entries.flatMap((entry) => entry.keys.map((key) => [key, entry] as const)));
  const own = facts.dependencies.filter(({ group }) => group !== 'devDependencies' && group !== 'peerDependencies');
  const open = own.map(({ name, spec }) => `${name}@${spec}`);
  const reached = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    open.push(...(byKey.get(key)?.needs ?? []));
  }
  const names = new Set([...reached].filter((key) => byKey.has(key)).map(nameOf));
  // of two versions one may be there for development alone, and be the one that is found
  return (name) => count.has(name) && !(names.has(name) && count.get(name) === 1);
}

const nameOf = (key: string): string => key.slice(0, key.indexOf('@', 1));

interface YarnEntry {
  readonly keys: readonly string[];
  /** `accepts@~1.3.8` */
  readonly needs: readonly string[];
}

/** The entries of a yarn.lock of the first generation. */
function yarnEntries(lock: string): YarnEntry[] {
  const plain = (text: string): string => text.trim().replace(/^"|"$/g, '');
  return [...lock.matchAll(/^([^\s#][^\n]*):[ \t]*\r?\n((?:[ \t]+[^\n]*(?:\n|$))*)/gm)].map(
    ([, head = '', body = '']) => ({
      keys: head.split(',').map(plain),
      needs: [...body.matchAll(/^ {4}("[^"]+"|[^\s"]+) ("[^"]+"|\S+)[ \t]*\r?$/gm)].map(
        ([, name = '', range = '']) => `${plain(name)}@${plain(range)}`,
      ),
    }),
  );
}
