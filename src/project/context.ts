/**
 * Which files of a tree build which Dockerfile: compose files, bake files, GitHub workflows. They are read once for a
 * whole tree (`prepareProjects`); every Dockerfile then looks its uses up.
 */
import { posix } from 'node:path';
import { excluder, isDockerfileName, walk } from '../discover.ts';
import type { Tree } from '../tree.ts';
import { bakeUses } from './bake.ts';
import { findBuilder } from './builder.ts';
import { composeUses } from './compose.ts';
import { BAKE_FILES, COMPOSE_FILE, WORKFLOW_FILE, WORKFLOW_FOLDER } from './places.ts';
import type { ContextSource, Project, Sibling } from './project.ts';
import { forgetSurveys } from './survey.ts';
import type { Use } from './use.ts';
import { workflowUses } from './workflow.ts';
import { loadYaml } from './yaml.ts';

/** Folder entries that the search for build descriptions looks at before it stops. */
const ENTRY_LIMIT = 500_000;

interface Index {
  readonly uses: ReadonlyMap<string, readonly ContextSource[]>;
  /** Every Dockerfile that the walk met, links resolved, sorted. */
  readonly dockerfiles: readonly string[];
  readonly builder: Project['builder'];
}

const indexes = new WeakMap<Tree, Index>();

/**
 * Reads what builds the Dockerfiles of a tree, for `openProject` to use: call it once, before the first project is opened
 * (and again when the tree's files have changed). `exclude`: patterns of files that are not looked at.
 * Broken files are passed over.
 */
export async function prepareProjects(
  tree: Tree,
  options: { readonly exclude?: readonly string[] } = {},
): Promise<void> {
  const compose: string[] = [];
  const bakeFolders = new Set<string>();
  const dockerfiles = new Set<string>();
  walk(tree, '', {
    excluded: excluder(options.exclude ?? []),
    wanted: (name) =>
      COMPOSE_FILE.test(name) || (BAKE_FILES as readonly string[]).includes(name) || isDockerfileName(name),
    found(path) {
      const place = isDockerfileName(posix.basename(path)) ? tree.canonical(path) : undefined;
      if (place !== undefined) dockerfiles.add(place);
      else if (COMPOSE_FILE.test(posix.basename(path))) compose.push(path);
      else bakeFolders.add(posix.dirname(path) === '.' ? '' : posix.dirname(path));
    },
    limit: ENTRY_LIMIT,
  });
  const workflows = tree
    .list(WORKFLOW_FOLDER)
    .filter((name) => WORKFLOW_FILE.test(name))
    .map((name) => `${WORKFLOW_FOLDER}/${name}`);
  // A look at the text spares most files the YAML parser, and a tree without such files the time to load it.
  const composeFiles = compose.sort().filter((file) => /\bbuild\b/.test(tree.read(file) ?? ''));
  const workflowFiles = workflows.filter((file) => tree.read(file)?.includes('docker/build-push-action'));

  const uses: Use[] = [];
  if (composeFiles.length + workflowFiles.length > 0) {
    const yaml = await loadYaml();
    for (const file of composeFiles) uses.push(...composeUses(yaml, tree, file));
    for (const file of workflowFiles) uses.push(...workflowUses(yaml, tree, file));
  }
  for (const folder of [...bakeFolders].sort()) uses.push(...bakeUses(tree, folder));

  const byDockerfile = new Map<string, ContextSource[]>();
  for (const { dockerfile, source } of uses) {
    const known = byDockerfile.get(dockerfile);
    if (known) known.push(source);
    else byDockerfile.set(dockerfile, [source]);
  }
  indexes.set(tree, { uses: byDockerfile, dockerfiles: [...dockerfiles].sort(), builder: findBuilder(tree) });
  forgetSurveys(tree);
}

/** What is known about the builds of a tree; nothing when it was not prepared. */
function indexOf(tree: Tree): Index {
  let index = indexes.get(tree);
  if (!index) {
    index = { uses: new Map(), dockerfiles: [], builder: findBuilder(tree) };
    indexes.set(tree, index);
  }
  return index;
}

/** Every use of a Dockerfile: the flag, what the index knows, or else the folder that it lies in. */
export function contextsOf(tree: Tree, dockerfile: string, flag: string | undefined): readonly ContextSource[] {
  const known = indexOf(tree).uses.get(tree.canonical(dockerfile) ?? dockerfile) ?? [];
  if (flag !== undefined) return [{ dir: flag, by: 'flag' }, ...known];
  const folder = posix.dirname(dockerfile);
  return known.length > 0 ? known : [{ dir: folder === '.' ? '' : folder, by: 'default' }];
}

/**
 * The other Dockerfiles that are built with a context folder, and those in it or below it that nothing else is known of
 * (`sure: false`): somebody may build them with `-f`.
 */
export function sharing(tree: Tree, dockerfile: string, context: string): readonly Sibling[] {
  const { uses, dockerfiles } = indexOf(tree);
  const self = tree.canonical(dockerfile) ?? dockerfile;
  return dockerfiles.flatMap((path): readonly Sibling[] => {
    if (path === self) return [];
    const known = uses.get(path);
    if (known) return known.some(({ dir }) => dir === context) ? [{ path, sure: true }] : [];
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    if (folder === context) return [{ path, sure: true }];
    return context === '' || folder.startsWith(`${context}/`) ? [{ path, sure: false }] : [];
  });
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
