/** package.json and what stands beside it. */
import { type Fact, isRecord, lineOf, presentIn, recordIn, textEntries, textList, within } from './manifests.ts';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';

export interface NodeDependency {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  /** `^1.2.3`, `file:../shared`, `workspace:*` */
  readonly spec: string;
  readonly line: number | undefined;
}

export interface NodeFacts {
  /** Folder of the package, relative to the context. */
  readonly dir: string;
  /** Path of its package.json. */
  readonly manifest: string;
  readonly name: string | undefined;
  readonly text: string;
  readonly scripts: ReadonlyMap<string, string>;
  /** Dependencies of every group that an install looks at; overrides and resolutions are not among them. */
  readonly dependencies: readonly NodeDependency[];
  /** Patterns of `workspaces` and of pnpm-workspace.yaml. */
  readonly workspaces: readonly string[];
  readonly hasBin: boolean;
  /** `packageManager`: `pnpm@9.1.0`. */
  readonly packageManager: string | undefined;
  /** Where the schema is, as `prisma.schema` says. */
  readonly prismaSchema: string | undefined;
  /** Files of `pnpm.patchedDependencies`, `patchedDependencies` and of pnpm-workspace.yaml, relative to the context. */
  readonly patches: readonly string[];
  /** A file beside it that reaches the build, by name. */
  has(name: string): boolean;
  /** Where a script is written, for evidence. */
  script(name: string): Fact;
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Reads the package of a folder; undefined: no package.json. `broken` when it is no JSON object. */
export const nodeFacts = remembered((project: Project, dir: string): NodeFacts | 'broken' | undefined => {
  const manifest = within(dir, 'package.json');
  const text = manifest === undefined ? undefined : project.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  const root = recordIn(project, manifest);
  if (!root) return 'broken';
  const pnpm = pnpmWorkspace(project.read(within(dir, 'pnpm-workspace.yaml') ?? ''));
  const { workspaces } = root;
  const patterns = [...textList(isRecord(workspaces) ? workspaces.packages : workspaces), ...pnpm.packages];
  const patched = [
    ...textEntries(isRecord(root.pnpm) ? root.pnpm.patchedDependencies : undefined),
    ...textEntries(root.patchedDependencies),
  ].map(([, path]) => path);
  const scripts = new Map(textEntries(root.scripts));
  return {
    dir,
    manifest,
    text,
    name: typeof root.name === 'string' ? root.name : undefined,
    scripts,
    dependencies: GROUPS.flatMap((group) =>
      textEntries(root[group]).map(([name, spec]) => ({ name, group, spec, line: lineOf(text, `"${name}"`) })),
    ),
    workspaces: patterns,
    hasBin: root.bin !== undefined || isRecord(root.directories),
    packageManager: typeof root.packageManager === 'string' ? root.packageManager : undefined,
    prismaSchema: isRecord(root.prisma) && typeof root.prisma.schema === 'string' ? root.prisma.schema : undefined,
    patches: [...patched, ...pnpm.patches].map((path) => within(dir, path) ?? path),
    has: (name) => presentIn(project, dir, [name]).length > 0,
    script(name) {
      const line = lineOf(text, `"${name}"`);
      return { file: manifest, ...(line !== undefined && { line }), says: `"${name}": "${scripts.get(name)}"` };
    },
  };
});

/** The lists that matter of pnpm-workspace.yaml, in the plain block form in which pnpm writes it. */
function pnpmWorkspace(text: string | undefined): { packages: string[]; patches: string[] } {
  const packages: string[] = [];
  const patches: string[] = [];
  let section = '';
  for (const line of text?.split(/\r?\n/) ?? []) {
    const key = /^([A-Za-z]+):/.exec(line)?.[1];
    if (key !== undefined) section = key;
    const inline = /^packages:\s*\[(.*)\]/.exec(line)?.[1];
    const item = section === 'packages' ? /^\s*-\s*(.+?)\s*$/.exec(line)?.[1] : undefined;
    for (const it of [...(inline?.split(',') ?? []), item]) {
      const pattern = it?.replace(/\s+#.*$/, '').replace(/^\s*['"]?|['"]?\s*$/g, '');
      if (pattern) packages.push(pattern);
    }
    const patch = section === 'patchedDependencies' ? /^\s+.*:\s*['"]?(\S+?)['"]?\s*$/.exec(line)?.[1] : undefined;
    if (patch) patches.push(patch);
  }
  return { packages, patches };
}
