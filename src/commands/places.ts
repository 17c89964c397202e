/** From the paths of the command line to roots: the folders below which one run reads and writes. */
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.ts';
import { repositoryOf } from '../git.ts';
import { didYouMean } from '../nearest.ts';

export interface Place {
  /** Absolute real path of the root. */
  readonly root: string;
  /** What was asked for, relative to the root with forward slashes; '' is the root itself. */
  readonly paths: string[];
  /** Absolute path of the folder where the patch applies: the working folder, or the root when a path lies outside of it. */
  base: string;
}

const slashes = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));

/** `path` relative to `folder` with forward slashes; undefined: not below it. The folder itself is ''. */
export function below(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : slashes(way);
}

/** A path for people: relative to the working folder. */
export const shown = (cwd: string, path: string): string => slashes(relative(cwd, path)) || '.';

/** Real path of the folder, the last part as it is: a link to a Dockerfile stays a link. */
function realPlace(path: string): string {
  if (!lstatSync(path).isSymbolicLink() || isFolder(path)) return realpathSync(path);
  return join(realpathSync(dirname(path)), basename(path));
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(realpathSync(path)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Groups paths by root: the nearest repository, else the working folder when the path lies below it, else the folder itself.
 * @throws UsageError for a path that does not exist; the first one may be a mistyped command
 */
export function placesOf(paths: readonly string[], cwd: string, commands: readonly string[]): Place[] {
  const places = new Map<string, Place>();
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const full = resolve(cwd, path);
    if (lstatSync(full, { throwIfNoEntry: false }) === undefined) {
      const hint = /^[\w-]+$/.test(path) ? didYouMean(path, commands) : '';
      throw new UsageError(`no such file or folder: ${path}${hint}`);
    }
    const real = realPlace(full);
    const folder = isFolder(real) ? real : dirname(real);
    const root = repositoryOf(folder) ?? (below(cwd, folder) === undefined ? folder : cwd);
    const place = places.get(root) ?? { root, paths: [], base: cwd };
    place.paths.push(below(root, real) ?? '');
    if (below(cwd, real) === undefined) place.base = root;
    places.set(root, place);
  }
  return [...places.values()];
}

/** @throws UsageError unless `dir` (relative to `cwd`) is a folder; gives its absolute real path. */
export function folderOf(option: string, dir: string, cwd: string): string {
  const full = resolve(cwd, dir);
  if (!existsSync(full) || !isFolder(full)) throw new UsageError(`${option} ${dir}: no such folder`);
  return realpathSync(full);
}
