/**
 * From paths to Dockerfiles. Folders are walked without following links; node_modules, vendored, hidden and git-ignored
 * folders are not entered. A path that was named is taken whatever it is called and wherever it lies.
 */
import { type Dirent, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ignore from 'ignore';
import { gitIgnored, readRules, rulesAbove } from './git-ignore.ts';
import { normalisePath } from './normalise-path.ts';
import { BAKE_FILES, COMPOSE_FILE } from './project/places.ts';
import type { Tree } from './tree.ts';

/** A path that was met and not taken. `failed`: something is wrong with it; else it is only a note. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
  readonly failed: boolean;
}

export interface Discovered {
  /** Paths relative to the root, links resolved, sorted by code unit, each once. */
  readonly dockerfiles: string[];
  readonly skipped: Skipped[];
  /** Every file that `tellsOfBuilds`, where the whole root was walked and nothing excluded: for `prepareProjects`. */
  readonly buildFiles: readonly string[] | undefined;
}

/** Folders of other people's code, by the names that npm, Bower, Go, Composer, Bundler, Chromium and Python give them. */
const FOREIGN_FOLDERS = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'third_party',
  'venv',
  'site-packages',
  'dist-packages',
]);

const NAMES = [
  /^(?:[Dd]ockerfile|[Cc]ontainerfile)$/, // Dockerfile
  /^(?:[Dd]ockerfile|[Cc]ontainerfile)[._-].+$/, // Dockerfile.dev, Dockerfile-alpine
  /^[^.].*[._-](?:[Dd]ockerfile|[Cc]ontainerfile)$/, // api.Dockerfile, api-dockerfile
];

/** Endings of things beside a Dockerfile: its ignore file, notes, backups, scripts, data. */
const OTHER_ENDINGS =
  /\.(?:dockerignore|md|mdx|rst|adoc|txt|html?|pdf|orig|rej|bak|swp|swo|tmp|log|lock|diff|patch|sh|bash|zsh|bat|cmd|ps1|py|pyc|ya?ml|json5?|jsonc|toml|ini|cfg|conf|xml|csv|sql|svg|png|jpe?g|gif|zip|tar|t?gz|xz|sig|asc|sha256|snap|java|class|kt|scala|cs|tsx|jsx|vue|vim|tmLanguage|sublime-\w+|css|scss|d\.ts)$/i;

/** `dockerfile.go`, `dockerfile-parser.js`: source code about Dockerfiles; `Dockerfile.go` is the one for Go. */
const SOURCE_CODE = /\.(?:go|rs|rb|php|[cm]?js|[cm]?ts|lua|c|h|cpp|pl|el|ex)$/;
const VARIANT = /^(?:Dockerfile|Containerfile)\.[a-z]+$/;

/** Whether a file's name says that it is a Dockerfile (templates of one among them). */
export function isDockerfileName(name: string): boolean {
  if (!NAMES.some((pattern) => pattern.test(name)) || OTHER_ENDINGS.test(name)) return false;
  return !SOURCE_CODE.test(name) || VARIANT.test(name);
}

/** Whether a file's name says that it is a Dockerfile, or a file that names Dockerfiles to build. */
export const tellsOfBuilds = (name: string): boolean =>
  COMPOSE_FILE.test(name) || (BAKE_FILES as readonly string[]).includes(name) || isDockerfileName(name);

const isForeign = (folder: string): boolean => folder.startsWith('.') || FOREIGN_FOLDERS.has(folder);

/** A test of paths relative to the root against patterns in the grammar of .gitignore. */
export function excluder(patterns: readonly string[]): (path: string, isFolder?: boolean) => boolean {
  if (patterns.length === 0) return () => false;
  const rules = ignore({ ignorecase: false }).add([...patterns]);
  return (path, isFolder = false) => path !== '' && rules.ignores(isFolder ? `${path}/` : path);
}

export interface WalkOptions {
  readonly excluded: (path: string, isFolder?: boolean) => boolean;
  /** Called for every entry that is no folder and whose name passes `wanted`, but for those that git ignores. */
  readonly found: (path: string, entry: Dirent) => void;
  readonly wanted: (name: string) => boolean;
  readonly failed?: (path: string, why: string) => void;
  /** Stop after so many entries. */
  readonly limit?: number;
}

/** Walks a folder (path relative to the root, no link) in no particular order. */
export function walk(tree: Tree, start: string, options: WalkOptions): void {
  const stack = [{ folder: start, rules: rulesAbove(tree, start) }];
  let seen = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { folder } = next;
    const prefix = folder === '' ? '' : `${folder}/`;
    let entries: Dirent[];
    try {
      entries = readdirSync(join(tree.realRoot, folder), { withFileTypes: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const why = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code;
      options.failed?.(folder === '' ? '.' : folder, `cannot be read: ${why}`);
      continue;
    }
    seen += entries.length;
    if (options.limit !== undefined && seen > options.limit) return;
    const own = entries.some((entry) => entry.name === '.gitignore')
      ? readRules(tree, `${prefix}.gitignore`, prefix)
      : undefined;
    const rules = own ? [...next.rules, own] : next.rules;
    for (const entry of entries) {
      const isFolder = entry.isDirectory();
      if (isFolder ? isForeign(entry.name) : !options.wanted(entry.name)) continue;
      const path = prefix + entry.name;
      if (options.excluded(path, isFolder) || gitIgnored(rules, path, isFolder)) continue;
      if (isFolder) stack.push({ folder: path, rules });
      else options.found(path, entry);
    }
  }
}

/**
 * Finds the Dockerfiles at and below the paths (relative to the root; none: the whole root).
 * `exclude` holds patterns in the grammar of .gitignore, relative to the root; they hold for named paths too.
 * `changed`, when given, keeps only the Dockerfiles in it. Every path that cannot be taken is in `skipped`; nothing throws.
 */
export function discover(
  tree: Tree,
  paths: readonly string[],
  options: { readonly exclude: readonly string[]; readonly changed?: ReadonlySet<string> },
): Discovered {
  const excluded = excluder(options.exclude);
  const files = new Set<string>();
  const skipped = new Map<string, Skipped>();
  const skip = (path: string, why: string, failed = true): void => void skipped.set(path, { path, why, failed });
  let buildFiles: string[] | undefined;

  /** A file or a link to one; `named`: the user wrote the path. */
  const take = (path: string, isLink: boolean, named: boolean): void => {
    const kind = tree.kind(path);
    const place = tree.canonical(path);
    if (kind === 'file' && place !== undefined) {
      if (place !== path && isLink) skip(path, `is a link to ${place}`, false);
      const foreign = !named && place !== path && place.split('/').slice(0, -1).some(isForeign);
      if (!foreign && !excluded(place)) files.add(place);
    } else if (kind === undefined && (named || !options.changed || options.changed.has(path))) {
      const read = tree.readForRewrite(path);
      if ('error' in read) skip(path, read.error);
    }
  };

  for (const given of paths.length === 0 ? [''] : paths) {
    const path = normalisePath(given);
    if (path === undefined) {
      skip(given, 'lies outside of the root folder');
    } else if (excluded(path, tree.kind(path) === 'dir')) {
      skip(path, 'is excluded', false);
    } else if (tree.kind(path) === 'dir') {
      const folder = tree.canonical(path) as string;
      const met: string[] = [];
      walk(tree, folder, {
        excluded,
        wanted: tellsOfBuilds,
        found(file, entry) {
          met.push(file);
          if (!isDockerfileName(entry.name)) return;
          // no link was followed on the way to it
          if (entry.isFile()) files.add(file);
          else take(file, entry.isSymbolicLink(), false);
        },
        failed: skip,
      });
      if (folder === '' && options.exclude.length === 0) buildFiles = met;
    } else {
      take(path, tree.canonical(path) !== path, true);
    }
  }
  const dockerfiles = [...files].filter((file) => !options.changed || options.changed.has(file)).sort();
  return { dockerfiles, skipped: [...skipped.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), buildFiles };
}

/** A pattern of a configuration file in `folder` as a pattern relative to the root. */
export function anchorPattern(pattern: string, folder: string): string {
  if (folder === '') return pattern;
  const keeps = pattern.startsWith('!');
  const body = keeps ? pattern.slice(1) : pattern;
  // Like git: a slash anywhere but at the end ties a pattern to the folder of its file.
  const tied = body.slice(0, -1).includes('/');
  return `${keeps ? '!' : ''}/${posix.join(folder, tied ? '' : '**', body)}`;
}
