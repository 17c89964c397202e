/** Opens the surroundings of one Dockerfile. */
import { posix } from 'node:path';
import { type DockerIgnore, globToRegExp, parseDockerignore } from '../dockerignore.ts';
import { normalisePath } from '../normalise-path.ts';
import type { Tree } from '../tree.ts';
import { builderOf, contextsOf, heirs, sharing } from './context.ts';
import type { Heir } from './heirs.ts';
import type { ContextSource, Project } from './project.ts';
import { type Remote, RemoteFacts } from './remote.ts';
import { surveyOf } from './survey.ts';

export { prepareProjects } from './context.ts';

/** Entries that are looked at for a file that .dockerignore takes back below an ignored folder. */
const SEARCH_LIMIT = 2000;

const withoutMark = (text: string | undefined): string | undefined => text?.replace(/^\uFEFF/, '');

/**
 * Opens the surroundings of one Dockerfile (path relative to the root). Files are read when they are asked for.
 * What compose files, bake files and workflows say is known after `prepareProjects(tree)` only.
 * `context`: the build context folder relative to the root, which then wins over every other source.
 * `remote`: what was asked of registries beforehand; without it only redock.lock is read.
 * While the sources disagree about the context, every question about it is answered as if it were empty.
 */
export function openProject(
  tree: Tree,
  dockerfile: string,
  options: { readonly context?: string | undefined; readonly remote?: Remote | undefined } = {},
): Project {
  const flag = options.context === undefined ? undefined : (normalisePath(options.context) ?? options.context);
  let contexts = contextsOf(tree, dockerfile, flag);
  let revision = tree.revision;
  const dirs = new Set(contexts.map((source) => source.dir));
  const context = flag ?? (dirs.size === 1 ? (contexts[0] as ContextSource).dir : undefined);

  const prefix = context === undefined || context === '' ? '' : posix.join(context, '/');

  /** Path relative to the root; undefined: there is no single context, or the path leaves it. A leading slash is the context's. */
  const inRoot = (path: string): string | undefined => {
    if (context === undefined) return undefined;
    const clean = normalisePath(path.startsWith('/') ? path.replace(/^\/+/, '') : path);
    return clean === undefined ? undefined : clean === '' ? context : prefix + clean;
  };

  let found: readonly Heir[] | undefined;
  let { remote } = options;
  let known: { readonly text: string; readonly rules: DockerIgnore } | undefined;
  let readAt: number | undefined;
  const dockerignore = (): DockerIgnore => {
    if (known && readAt === tree.revision) return known.rules;
    readAt = tree.revision;
    // The one named after the Dockerfile and beside it wins, as a whole. A transform may have planned another text.
    const own = tree.read(`${dockerfile}.dockerignore`);
    const shared = context === undefined ? undefined : tree.read(posix.join(context, '.dockerignore'));
    const text = own ?? shared ?? '';
    if (known?.text !== text) known = { text, rules: parseDockerignore(text) };
    return known.rules;
  };

  // the same few paths are asked about by one transform after the other
  const kinds = new Map<string, 'file' | 'dir' | undefined>();
  let kindsAt: number | undefined;
  const kind = (path: string): 'file' | 'dir' | undefined => {
    if (kindsAt !== tree.revision) kinds.clear();
    kindsAt = tree.revision;
    const known = kinds.get(path);
    if (known !== undefined || kinds.has(path)) return known;
    const place = inRoot(path);
    const found = place === undefined ? undefined : tree.kind(place);
    kinds.set(path, found);
    return found;
  };
  const list = (path: string): readonly string[] => {
    const place = inRoot(path);
    return place === undefined ? [] : tree.list(place);
  };

  /** Whether a path reaches the builder: not ignored, or a folder with something in it that was taken back. */
  const sent = (path: string): boolean => {
    if (!dockerignore().ignores(path)) return true;
    if (!dockerignore().reincludes) return false;
    const open = [path];
    let seen = 0;
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      for (const name of kind(folder) === 'dir' ? list(folder) : []) {
        if (++seen > SEARCH_LIMIT) return false;
        const below = `${folder}/${name}`;
        if (!dockerignore().ignores(below)) return true;
        open.push(below);
      }
    }
    return false;
  };

  const glob = (pattern: string): readonly string[] => {
    const clean = normalisePath(pattern.replace(/^\/+/, ''));
    if (context === undefined || clean === undefined || clean.startsWith('..')) return [];
    if (clean === '') return ['.'];
    if (!/[*?[\\]/.test(clean)) return kind(clean) !== undefined && sent(clean) ? [clean] : [];
    let found = [''];
    for (const segment of clean.split('/')) {
      const special = /[*?[\\]/.test(segment);
      const matcher = special ? globToRegExp(segment) : undefined;
      if (special && !matcher) return [];
      found = found.flatMap((folder) => {
        const below = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
        if (matcher)
          return list(folder)
            .filter((name) => matcher.test(name))
            .map(below);
        return kind(below(segment)) === undefined ? [] : [below(segment)];
      });
    }
    return found.filter((path) => kind(path) !== undefined && sent(path)).sort();
  };

  return {
    dockerfile,
    context,
    get contexts() {
      // a transform may have planned another text of a compose file
      if (revision !== tree.revision) contexts = contextsOf(tree, dockerfile, flag);
      revision = tree.revision;
      return contexts;
    },
    get siblings() {
      return context === undefined ? [] : sharing(tree, dockerfile, context);
    },
    get heirs() {
      found ??= heirs(tree, dockerfile, contexts);
      return found;
    },
    survey: () => (context === undefined ? undefined : surveyOf(tree, context)),
    targets: [...new Set(contexts.flatMap((source) => source.target ?? []))],
    builder: builderOf(tree),
    get remote() {
      remote ??= new RemoteFacts(tree);
      return remote;
    },
    kind,
    list,
    glob,
    read(path) {
      const place = inRoot(path);
      return place === undefined ? undefined : withoutMark(tree.read(place));
    },
    readDisk(path) {
      const place = inRoot(path);
      return place === undefined ? undefined : withoutMark(tree.readDisk(place));
    },
    head(path, bytes) {
      const place = inRoot(path);
      return place === undefined ? undefined : tree.readBytes(place, bytes);
    },
    get revision() {
      return tree.revision;
    },
    answers: undefined,
    ignored: (path) => dockerignore().ignores(path),
    rootPath: (path) => inRoot(path) ?? path,
    root: {
      read: (path) => withoutMark(tree.read(path)),
      kind: (path) => tree.kind(path),
      list: (path) => tree.list(path),
    },
  };
}
