/** The scripts of a package that an install runs, and what they read. */
import { INSTALL_SCRIPTS, LIFECYCLE, PRISMA_GENERATE } from '../../src/knowledge/install-inputs.ts';
import { type Fact, presentIn, within } from '../../src/project/manifests.ts';
import type { NodeFacts } from '../../src/project/node.ts';
import { prismaNeeds } from './prisma.ts';
import { type Call, type Generated, type Obstacle, obstacle, placed } from './types.ts';

/** What was found to be read so far; grows. */
export interface Found {
  readonly files: string[];
  readonly folders: string[];
  readonly evidence: Fact[];
  /** Folders that the scripts make. */
  readonly generated: Generated[];
}

/** The scripts that the install runs: what they read comes too, or nothing moves. */
export function scriptsOf(call: Call, facts: NodeFacts, found: Found, seen: Set<string>): Obstacle | undefined {
  const gyp = presentIn(call.project, facts.dir, ['binding.gyp'])[0];
  if (gyp) return obstacle('script-reads-source', `${gyp} makes the install compile the package`);
  for (const name of LIFECYCLE) {
    if (!facts.scripts.has(name)) continue;
    const problem = scriptNeeds(call, facts, name, found, seen);
    if (problem) return problem;
  }
  return undefined;
}

function scriptNeeds(
  call: Call,
  facts: NodeFacts,
  name: string,
  found: Found,
  seen: Set<string>,
): Obstacle | undefined {
  const fact = facts.script(name);
  const stop = obstacle(
    'script-reads-source',
    `${placed(fact.file, fact.line)} ${name} runs ${facts.scripts.get(name)}, which may read the source`,
  );
  if (seen.has(name)) return undefined;
  seen.add(name);
  for (const part of (facts.scripts.get(name) ?? '').split(/&&|\|\||;/)) {
    const command = part
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/^(?:npx|bunx|pnpx|pnpm exec|yarn exec)(?: --?y(?:es)?)? /, '');
    const row = INSTALL_SCRIPTS.find((it) => it.command.test(command));
    const prisma = PRISMA_GENERATE.exec(command);
    const file = /^node (?:\.\/)?([\w./-]+\.[cm]?js)$/.exec(command)?.[1];
    const other = /^(?:npm run|yarn run|pnpm run|bun run|yarn|pnpm) ([\w:-]+)$/.exec(command)?.[1];
    if (row) {
      for (const folder of row.folders) {
        const path = within(facts.dir, folder) as string;
        if (call.project.kind(path) === 'dir' && !call.project.ignored(path)) found.folders.push(path);
      }
    } else if (prisma) {
      const problem = prismaNeeds(call, facts, prisma.groups?.schema, found);
      if (problem) return problem;
    } else if (file !== undefined) {
      const path = within(facts.dir, file);
      const text = path === undefined ? undefined : call.project.read(path);
      // a script that touches files, starts programs or loads its neighbours may read anything
      if (
        path === undefined ||
        text === undefined ||
        call.project.ignored(path) ||
        /['"](?:node:)?(?:fs|fs\/promises|child_process)['"]|['"]\.{1,2}\/|\bimport\(|__dirname|process\.(?:cwd|chdir|dlopen)|execa|shelljs|glob/.test(
          text,
        )
      )
        return stop;
      found.files.push(path);
    } else if (other !== undefined && facts.scripts.has(other)) {
      const problem = scriptNeeds(call, facts, other, found, seen);
      if (problem) return problem;
    } else {
      return stop;
    }
  }
  found.evidence.push(fact);
  return undefined;
}
