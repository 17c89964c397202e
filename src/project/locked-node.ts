/** The version of a package that package.json, or the lock file beside it, names. */
import type { NamedVersion } from './locked-packages.ts';
import { isRecord, lineOf, recordIn, textEntries, within } from './manifests.ts';
import { nodeFacts } from './node.ts';
import type { Project } from './project.ts';

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** `packageManager`, `volta`, then the lock file for what package.json asks for, then a dependency on one version. */
export function nodePackage(project: Project, dir: string, name: string): readonly NamedVersion[] {
  const facts = nodeFacts(project, dir);
  if (!facts || facts === 'broken') return [];
  const manager = /^(\w+)@([^+]+)/.exec(facts.packageManager ?? '');
  if (manager?.[1] === name && EXACT.test(manager[2] as string)) {
    return [named(facts.manifest, facts.text, '"packageManager"', manager[2] as string, `${name}@${manager[2]}`)];
  }
  const volta = voltaVersion(recordIn(project, facts.manifest), name);
  if (volta !== undefined) return [named(facts.manifest, facts.text, '"volta"', volta, `volta: ${name} ${volta}`)];
  const wanted = facts.dependencies.find((it) => it.name === name && it.group !== 'peerDependencies');
  if (!wanted) return [];
  const locked = LOCKS.flatMap(([file, read]) => {
    const path = within(dir, file);
    const text = path === undefined ? undefined : project.read(path);
    if (path === undefined || text === undefined) return [];
    const version = read(text, name, wanted.spec, () => recordIn(project, path));
    if (version === undefined || !EXACT.test(version)) return [];
    return [named(path, text, name, version, `${name} ${version}`)];
  });
  if (locked.length > 0) return locked;
  return EXACT.test(wanted.spec)
    ? [named(facts.manifest, facts.text, `"${name}"`, wanted.spec, `${name} ${wanted.spec}`)]
    : [];
}

type Json = Record<string, unknown> | undefined;
type Reader = (text: string, name: string, spec: string, json: () => Json) => string | undefined;

const LOCKS: readonly (readonly [string, Reader])[] = [
  ['npm-shrinkwrap.json', npmVersion],
  ['package-lock.json', npmVersion],
  ['yarn.lock', yarnVersion],
  ['pnpm-lock.yaml', pnpmVersion],
];

function named(file: string, text: string, needle: string, version: string, says: string): NamedVersion {
  const line = lineOf(text, needle);
  return { version, fact: { file, ...(line !== undefined && { line }), says } };
}

function voltaVersion(manifest: Json, name: string): string | undefined {
  return textEntries(manifest?.volta).find(([tool, version]) => tool === name && EXACT.test(version))?.[1];
}

function npmVersion(_text: string, name: string, _spec: string, json: () => Json): string | undefined {
  const root = json();
  const entry = isRecord(root?.packages)
    ? root.packages[`node_modules/${name}`]
    : isRecord(root?.dependencies) && root.dependencies[name];
  return isRecord(entry) && typeof entry.version === 'string' ? entry.version : undefined;
}

/** `nodemon@^3.0.0:` or `"nodemon@npm:^3.0.0":`, and the version in the lines below. */
function yarnVersion(text: string, name: string, spec: string): string | undefined {
  const keys = new Set([`${name}@${spec}`, `${name}@npm:${spec}`]);
  if (![...keys].some((key) => text.includes(key))) return undefined;
  for (const [, head, body] of text.matchAll(/^([^\s#][^\n]*):[ \t]*\r?\n((?:[ \t]+[^\n]*\n?)*)/gm)) {
    const own = (head as string).split(',').map((it) => it.trim().replace(/^"|"$/g, ''));
    if (own.some((key) => keys.has(key))) return /^\s+"?version"?:? "?([^"\s]+)"?/m.exec(body as string)?.[1];
  }
  return undefined;
}

/** `      nodemon:` / `        specifier: ^3.0.0` / `        version: 3.1.0(peer@1.0.0)` */
function pnpmVersion(text: string, name: string, spec: string): string | undefined {
  const plain = (word: string): string => word.trim().replace(/^(['"])(.*)\1$/, '$2');
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex(
    (line, i) =>
      /^ +\S+:$/.test(line) &&
      plain(line.trim().slice(0, -1)) === name &&
      plain(lines[i + 1]?.replace(/^ +specifier:/, '') ?? '') === spec,
  );
  const version = at < 0 ? undefined : /^ +version: ['"]?([^('"\s]+)/.exec(lines[at + 2] ?? '')?.[1];
  return version;
}
