/**
 * Which files of a tree build which Dockerfile: compose files, bake files, GitHub workflows. They are read once for a
 * whole tree (`prepareProjects`); every Dockerfile then looks its uses up.
 */
import { posix } from 'node:path';
import { isDockerfileName, tellsOfBuilds, walk } from '../discover.ts';
import type { Tree } from '../tree.ts';
import { bakeUses, strayContexts } from './bake.ts';
import { findBuilder } from './builder.ts';
import { composeUses } from './compose.ts';
import { type Heir, heirsOf } from './heirs.ts';
import { likelyContext } from './likely-context.ts';
import { lockedContext } from './locked-context.ts';
import { BAKE_FILES, COMPOSE_FILE, WORKFLOW_FILE, WORKFLOW_FOLDER } from './places.ts';
import type { ContextSource, Project, Sibling } from './project.ts';
import { forgetSurveys } from './survey.ts';
import type { Use } from './use.ts';
import { workflowUses } from './workflow.ts';
import { loadYaml } from './yaml.ts';

/** Folder entries that the search for build descriptions looks at before it stops. */
const ENTRY_LIMIT = 500_000;

/** Files that name uses together: one compose file or workflow, the bake files of one folder. */
interface Source {
  /** Links resolved. */
  readonly files: readonly string[];
  readonly gather: () => readonly Use[];
  uses: readonly Use[];
}

interface Index {
  readonly sources: readonly Source[];
  /** By each of their files. */
  readonly byFile: ReadonlyMap<string, readonly Source[]>;
  /** Of the tree, when the uses were put together. */
  revision: number;
  uses: ReadonlyMap<string, readonly ContextSource[]>;
  /** Every Dockerfile that the walk met, links resolved, sorted. */
  readonly dockerfiles: readonly string[];
  /** The Dockerfiles that something builds with a context folder, by the folder. */
  built: ReadonlyMap<string, readonly string[]>;
  /** Names of further contexts that some Dockerfile gets, and nobody can tell which. */
  readonly strayContexts: readonly string[];
  readonly builder: Project['builder'];
}

const indexes = new WeakMap<Tree, Index>();

/**
 * Reads what builds the Dockerfiles of a tree, for `openProject` to use: call it once, before the first project is opened
 * (and again when the files on the disk have changed; plans are followed). `buildFiles`: what `discover` has met just now,
 * so that the tree need not be walked for it. Broken files are passed over.
 */
export async function prepareProjects(
  tree: Tree,
  { buildFiles = buildFilesOf(tree) }: { readonly buildFiles?: readonly string[] | undefined } = {},
): Promise<void> {
  const compose: string[] = [];
  const bakeFolders = new Set<string>();
  const dockerfiles = new Set<string>();
  for (const path of buildFiles) {
    const name = posix.basename(path);
    const place = isDockerfileName(name) ? tree.canonical(path) : undefined;
    if (place !== undefined) dockerfiles.add(place);
    else if (COMPOSE_FILE.test(name)) compose.push(path);
    else bakeFolders.add(posix.dirname(path) === '.' ? '' : posix.dirname(path));
  }
  const workflows = tree
    .list(WORKFLOW_FOLDER)
    .filter((name) => WORKFLOW_FILE.test(name))
    .map((name) => `${WORKFLOW_FOLDER}/${name}`);
  // A look at the text spares most files the YAML parser, and a tree without such files the time to load it.
  const composeFiles = compose.sort().filter((file) => /\bbuild\b/.test(tree.read(file) ?? ''));
  const workflowFiles = workflows.filter((file) => tree.read(file)?.includes('docker/build-push-action'));

  const sources: Source[] = [];
  const add = (files: readonly string[], gather: () => readonly Use[]): void => {
    const places = files.map((file) => tree.canonical(file) ?? file);
    sources.push({ files: places, gather, uses: gather() });
  };
  if (composeFiles.length + workflowFiles.length > 0) {
    const yaml = await loadYaml();
    for (const file of composeFiles) add([file], () => composeUses(yaml, tree, file));
    for (const file of workflowFiles) add([file], () => workflowUses(yaml, tree, file));
  }
  for (const folder of [...bakeFolders].sort()) {
    add(
      BAKE_FILES.map((name) => posix.join(folder, name)),
      () => bakeUses(tree, folder),
    );
  }
  const uses = byDockerfile(sources);
  indexes.set(tree, {
    sources,
    byFile: sourcesByFile(sources),
    revision: tree.revision,
    uses,
    built: byContext(uses),
    dockerfiles: [...dockerfiles].sort(),
    strayContexts: [...new Set([...bakeFolders].sort().flatMap((folder) => strayContexts(tree, folder)))],
    builder: findBuilder(tree),
  });
  forgetSurveys(tree);
}

function buildFilesOf(tree: Tree): readonly string[] {
  const found: string[] = [];
  walk(tree, '', {
    excluded: () => false,
    wanted: tellsOfBuilds,
    found: (path) => found.push(path),
    limit: ENTRY_LIMIT,
  });
  return found;
}

function sourcesByFile(sources: readonly Source[]): Index['byFile'] {
  const found = new Map<string, Source[]>();
  for (const source of sources) {
    for (const file of source.files) found.set(file, [...(found.get(file) ?? []), source]);
  }
  return found;
}

function byDockerfile(sources: readonly Source[]): ReadonlyMap<string, readonly ContextSource[]> {
  const found = new Map<string, ContextSource[]>();
  for (const { dockerfile, source } of sources.flatMap(({ uses }) => uses)) {
    const known = found.get(dockerfile);
    if (known) known.push(source);
    else found.set(dockerfile, [source]);
  }
  return found;
}

function byContext(uses: Index['uses']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const [dockerfile, sources] of uses) {
    for (const { dir } of sources) found.set(dir, (found.get(dir) ?? new Set()).add(dockerfile));
  }
  return new Map([...found].map(([dir, all]) => [dir, [...all]]));
}

/** Reads anew what a transform has planned another text for: its lines stand elsewhere now. */
function refresh(tree: Tree, index: Index): void {
  const planned = new Set(tree.replanned(index.revision));
  index.revision = tree.revision;
  const changed = [...planned].flatMap((file) => index.byFile.get(file) ?? []);
  if (changed.length === 0) return;
  for (const source of new Set(changed)) source.uses = source.gather();
  index.uses = byDockerfile(index.sources);
  index.built = byContext(index.uses);
}

/** What is known about the builds of a tree; nothing when it was not prepared. */
function indexOf(tree: Tree): Index {
  let index = indexes.get(tree);
  if (!index) {
    index = {
      sources: [],
      byFile: new Map(),
      revision: tree.revision,
      uses: new Map(),
      built: new Map(),
      dockerfiles: [],
      strayContexts: [],
      builder: findBuilder(tree),
    };
    indexes.set(tree, index);
  }
  if (index.revision !== tree.revision) refresh(tree, index);
  return index;
}

/** Every use of a Dockerfile: the flag, what the index knows, or else the folder that its sources speak for, or its own. */
export function contextsOf(tree: Tree, dockerfile: string, flag: string | undefined): readonly ContextSource[] {
  const { uses, strayContexts: contextNames } = indexOf(tree);
  const known = uses.get(tree.canonical(dockerfile) ?? dockerfile) ?? [];
  if (flag !== undefined) return [{ dir: flag, by: 'flag' }, ...known];
  if (known.length > 0) return known;
  const usual = usualFolder(tree, dockerfile);
  const likely = likelyContext(tree, dockerfile, usual) ?? lockedContext(tree, dockerfile, usual);
  const source = likely ? { ...likely, by: 'sources' as const } : { dir: usual, by: 'default' as const };
  return [contextNames.length > 0 ? { ...source, contextNames } : source];
}

/** The folder of the Dockerfile; for `src/main/docker` of a Java project, which Quarkus makes, the one of its build file. */
function usualFolder(tree: Tree, dockerfile: string): string {
  const folder = posix.dirname(dockerfile) === '.' ? '' : posix.dirname(dockerfile);
  const project = /^(?:(.*)\/)?src\/main\/docker$/.exec(folder);
  if (!project) return folder;
  const above = project[1] ?? '';
  const isBuilt = ['pom.xml', 'build.gradle', 'build.gradle.kts'].some(
    (name) => tree.kind(posix.join(above, name)) === 'file',
  );
  return isBuilt ? above : folder;
}

/**
 * The other Dockerfiles that are built with a context folder, and those in it or below it that nothing else is known of
 * (`sure: false`): somebody may build them with `-f`.
 */
export function sharing(tree: Tree, dockerfile: string, context: string): readonly Sibling[] {
  const { uses, dockerfiles, built } = indexOf(tree);
  const self = tree.canonical(dockerfile) ?? dockerfile;
  const known = built.get(context)?.filter((path) => dockerfiles[firstNotBefore(dockerfiles, path)] === path) ?? [];
  const found = new Map<string, boolean>(known.map((path) => [path, true]));
  for (const path of below(dockerfiles, context)) {
    if (!uses.has(path)) found.set(path, posix.dirname(path) === (context || '.'));
  }
  found.delete(self);
  return [...found].map(([path, sure]) => ({ path, sure })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Dockerfiles that start from the image of this one. */
export const heirs = (tree: Tree, dockerfile: string, uses: readonly ContextSource[]): readonly Heir[] =>
  heirsOf(tree, indexOf(tree).dockerfiles, tree.canonical(dockerfile) ?? dockerfile, uses);

/** Of sorted paths, those below a folder: they stand side by side. */
function below(paths: readonly string[], folder: string): readonly string[] {
  if (folder === '') return paths;
  const first = firstNotBefore(paths, `${folder}/`);
  // the character behind the slash
  return paths.slice(first, firstNotBefore(paths, `${folder}0`));
}

function firstNotBefore(paths: readonly string[], path: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] as string) < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What builds a service of a compose file, or of another one in the same folder that it may be laid over. */
export function buildOf(
  tree: Tree,
  file: string,
  service: string,
): Pick<Project, 'dockerfile' | 'contexts'> | undefined {
  const folder = posix.dirname(file);
  let near: Pick<Project, 'dockerfile' | 'contexts'> | undefined;
  for (const [dockerfile, uses] of indexOf(tree).uses) {
    for (const use of uses) {
      if (use.by !== 'compose' || use.name !== service || use.file === undefined) continue;
      if (use.file === file) return { dockerfile, contexts: [use] };
      if (posix.dirname(use.file) === folder) near ??= { dockerfile, contexts: [use] };
    }
  }
  return near;
}

export function builderOf(tree: Tree): Project['builder'] {
  return indexOf(tree).builder;
}
