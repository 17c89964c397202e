/** Where the commands of a build write, as the configuration of their compilers says. */
import { posix } from 'node:path';
import { type BuildOutput, NODE_BUILDS } from '../../../src/knowledge/node-builds.ts';
import { withoutComments } from '../../../src/project/calls.ts';
import { isRecord, presentIn, within } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import type { Project } from '../../../src/project/project.ts';
import { configsIn, valueOf } from '../static-site/config.ts';
import { commandsOf } from '../static-site/scripts.ts';

const DEPTH = 8;

/**
 * Folders and files below a package that a command writes and a container may need, relative to the context; node_modules
 * as a whole where packages are changed in it. Undefined: what one of its commands writes is not known.
 */
export function writtenBy(
  project: Project,
  facts: NodeFacts,
  words: readonly string[],
): ReadonlySet<string> | undefined {
  const written = new Set<string>();
  for (const command of commandsOf(facts, words)) {
    const row = NODE_BUILDS.find((it) => it.command.test(command.join(' ')));
    const paths = row && pathsOf(project, facts, command, row.output);
    if (!paths) return undefined;
    for (const path of paths) written.add(path);
  }
  return written;
}

/** Whether a command may write variables of its environment into what it builds, as bundlers do and compilers do not. */
export const packsVariables = (facts: NodeFacts, words: readonly string[]): boolean =>
  commandsOf(facts, words).some((command) => {
    const row = NODE_BUILDS.find((it) => it.command.test(command.join(' ')));
    return row === undefined || row.output.kind === 'folder';
  });

function pathsOf(
  project: Project,
  facts: NodeFacts,
  words: readonly string[],
  output: BuildOutput,
): readonly string[] | undefined {
  const { dir } = facts;
  switch (output.kind) {
    case 'nothing':
      return [];
    case 'packages':
      return [posix.join(dir, 'node_modules')];
    case 'typescript':
      return typescriptPaths(project, dir, words);
    case 'nest':
      return nestPaths(project, dir);
    case 'prisma':
      return prismaPaths(project, facts);
    case 'last':
      return placed(
        dir,
        words.findLast((it) => !it.startsWith('-')),
      );
    case 'folder': {
      const flag = words.find((word, i) => i > 0 && output.flags.includes(word.split('=')[0] ?? ''));
      const given = flag?.includes('=') ? flag.slice(flag.indexOf('=') + 1) : words[words.indexOf(flag ?? '') + 1];
      if (flag !== undefined) return placed(dir, given);
      const value =
        output.key === undefined ? undefined : valueOf(configsIn(project, dir, output.configs), [output.key]);
      return placed(dir, value ? value.value : output.usual);
    }
  }
}

/** A path below the package `dir`, written as seen `from` a folder; undefined for the package itself, and for what leaves it. */
function placed(dir: string, path: string | undefined, from = dir): readonly string[] | undefined {
  if (path === undefined || /[$*`]/.test(path)) return undefined;
  const place = within(from, path);
  return place === undefined || place === dir || (dir !== '' && !place.startsWith(`${dir}/`)) ? undefined : [place];
}

/** `tsc -p tsconfig.build.json`, `tsc -b`, `tsc --outDir dist src/x.ts`. */
function typescriptPaths(project: Project, dir: string, words: readonly string[]): readonly string[] | undefined {
  if (words.includes('--noEmit')) return [];
  const after = (...flags: string[]) => words[words.findIndex((it) => flags.includes(it)) + 1];
  if (words.includes('--outDir')) return placed(dir, after('--outDir'));
  if (words.includes('--outFile')) return placed(dir, after('--outFile'));
  const isBuild = words.some((it) => /^(?:-b|--build)$/.test(it));
  const named = isBuild
    ? after('-b', '--build')
    : words.some((it) => /^(?:-p|--project)$/.test(it))
      ? after('-p', '--project')
      : undefined;
  const others = words.slice(1).filter((it) => it !== named && !it.startsWith('-'));
  if (others.length > 0) return undefined;
  const path = within(dir, named !== undefined && !named.startsWith('-') ? named : 'tsconfig.json');
  return path === undefined ? undefined : compiled(project, dir, path, isBuild);
}

/** What a tsconfig makes the compiler write below the folder of the package, and with `--build` the projects that it refers to. */
function compiled(
  project: Project,
  home: string,
  named: string,
  isBuild: boolean,
  depth = DEPTH,
): readonly string[] | undefined {
  const path = project.kind(named) === 'dir' ? within(named, 'tsconfig.json') : named;
  const root = path === undefined ? undefined : jsonWithComments(project, path);
  if (path === undefined || !root || depth === 0) return undefined;
  const dir = within('', posix.dirname(path)) ?? '';
  const options = compilerOptions(project, path, DEPTH);
  const found: string[] = [];
  const isEmpty = Array.isArray(root.files) && root.files.length === 0 && root.include === undefined;
  if (!isEmpty && options.get('noEmit')?.value !== true) {
    const folder = options.get('outDir') ?? options.get('outFile');
    const own = folder && typeof folder.value === 'string' ? placed(home, folder.value, folder.dir) : undefined;
    if (!own) return undefined;
    found.push(...own);
  }
  for (const reference of isBuild && Array.isArray(root.references) ? root.references : []) {
    const to = isRecord(reference) && typeof reference.path === 'string' ? within(dir, reference.path) : undefined;
    const own = to === undefined ? undefined : compiled(project, home, to, isBuild, depth - 1);
    if (!own) return undefined;
    found.push(...own);
  }
  return found;
}

/** The options of a tsconfig and of those that it extends, each with the folder that paths start from. Packages are not read. */
function compilerOptions(project: Project, path: string, depth: number): Map<string, { value: unknown; dir: string }> {
  const root = jsonWithComments(project, path);
  const options = new Map<string, { value: unknown; dir: string }>();
  if (!root || depth === 0) return options;
  const dir = within('', posix.dirname(path)) ?? '';
  for (const base of [root.extends].flat()) {
    if (typeof base !== 'string' || !base.startsWith('.')) continue;
    const file = [base, `${base}.json`]
      .map((it) => within(dir, it))
      .find((it) => it !== undefined && project.kind(it) === 'file');
    if (file !== undefined) for (const entry of compilerOptions(project, file, depth - 1)) options.set(...entry);
  }
  const own = isRecord(root.compilerOptions) ? root.compilerOptions : {};
  for (const [name, value] of Object.entries(own)) options.set(name, { value, dir });
  return options;
}

function jsonWithComments(project: Project, path: string): Record<string, unknown> | undefined {
  const text = project.ignored(path) ? undefined : project.read(path);
  try {
    const value: unknown = JSON.parse(withoutComments(text ?? '', 'c').replace(/,(\s*[}\]])/g, '$1'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `nest build` of a single application. */
function nestPaths(project: Project, dir: string): readonly string[] | undefined {
  const [file] = presentIn(project, dir, ['nest-cli.json', '.nest-cli.json']);
  const root = file === undefined ? {} : jsonWithComments(project, file);
  // an asset may have an outDir of its own
  if (!root || root.monorepo === true || root.projects !== undefined || JSON.stringify(root).includes('"outDir"'))
    return undefined;
  const named = isRecord(root.compilerOptions) ? root.compilerOptions.tsConfigPath : undefined;
  const [config] =
    typeof named === 'string'
      ? [within(dir, named)]
      : presentIn(project, dir, ['tsconfig.build.json', 'tsconfig.json']);
  return config === undefined ? undefined : compiled(project, dir, config, false);
}

/** The client goes into node_modules unless the schema says otherwise. */
function prismaPaths(project: Project, facts: NodeFacts): readonly string[] | undefined {
  const path = within(facts.dir, facts.prismaSchema ?? 'prisma/schema.prisma');
  const text = path === undefined || project.ignored(path) ? undefined : project.read(path);
  if (path === undefined || text === undefined) return undefined;
  const found: string[] = [];
  for (const [, block = ''] of withoutComments(text, 'c').matchAll(/^\s*generator\s+\w+\s*\{([^}]*)\}/gm)) {
    const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*"([^"]*)"`, 'm').exec(block)?.[1];
    const output = value('output');
    const isClient = value('provider') === 'prisma-client-js';
    const usual = isClient ? [posix.join(facts.dir, 'node_modules/.prisma')] : undefined;
    const own = output === undefined ? usual : placed(facts.dir, output, posix.dirname(path));
    if (!own) return undefined;
    found.push(...own);
  }
  return found;
}
