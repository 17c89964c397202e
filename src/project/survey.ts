/**
 * What a folder holds that git does not ignore: as good as what a fresh clone has. Walked once for each tree and folder;
 * what is planned is no part of it, so that it does not matter when.
 */
import { ANSWERS } from '../document/once.ts';
import { gitIgnored, type Rules, readRules, rulesAbove } from '../git-ignore.ts';
import { Recent } from '../recent.ts';
import type { Tree } from '../tree.ts';

/** Entries after which the walk stops: beyond it nothing is said about what is not there. */
const ENTRY_LIMIT = 30_000;
/** Folders that are named and not entered: other people's code, and git's own. */
const CLOSED = new Set(['.git', 'node_modules', 'bower_components', '.venv', 'venv', 'site-packages']);

export interface Survey {
  /** Folder that was walked, relative to the root of the tree. */
  readonly dir: string;
  /** Paths relative to `dir`, folders without a slash behind, parents first. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** false: there are more entries than were looked at. */
  readonly complete: boolean;
  /** Whether git ignores a path relative to `dir`, there or not. A path that is ignored with the folder above it is, too. */
  gitIgnored(path: string, isFolder: boolean): boolean;
  [ANSWERS]: Map<object, unknown> | undefined;
}

/** Contexts that are remembered: a run comes back to the large ones, and has one of its own for most Dockerfiles. */
const KEPT = 32;
const surveys = new WeakMap<Tree, Recent<Survey>>();

/** Forgets what was walked, for a tree whose files have changed. */
export function forgetSurveys(tree: Tree): void {
  surveys.delete(tree);
}

/** Walks a folder (relative to the root of the tree), without following links. */
export function surveyOf(tree: Tree, dir: string): Survey {
  const known = surveys.get(tree) ?? new Recent<Survey>(KEPT);
  surveys.set(tree, known);
  known.renew(dir);
  return known.get(dir, () => walkFolder(tree, dir));
}

/** Like `rulesAbove`, with the rules of the folder itself. */
function rulesIn(tree: Tree, folder: string, above: readonly Rules[]): readonly Rules[] {
  if (!tree.entries(folder).some(({ name }) => name === '.gitignore')) return above;
  const prefix = folder === '' ? '' : `${folder}/`;
  const rules = readRules(tree, `${prefix}.gitignore`, prefix);
  return rules ? [...above, rules] : above;
}

/** The folder of a path, the root as ''. */
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function walkFolder(tree: Tree, dir: string): Survey {
  const files: string[] = [];
  const folders: string[] = [];
  const rulesOf = new Map<string, readonly Rules[]>([[dir, rulesIn(tree, dir, rulesAbove(tree, dir))]]);
  const below = (path: string): string => (dir === '' ? path : path.slice(dir.length + 1));
  const open = [dir];
  let seen = 0;
  // grows while it is walked: folders behind those of the level above
  for (const folder of open) {
    if (seen > ENTRY_LIMIT) break;
    const rules = rulesOf.get(folder) as readonly Rules[];
    for (const entry of tree.entries(folder)) {
      if (++seen > ENTRY_LIMIT) break;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory();
      if (gitIgnored(rules, path, isFolder)) continue;
      if (!isFolder) files.push(below(path));
      else {
        folders.push(below(path));
        if (CLOSED.has(entry.name)) continue;
        rulesOf.set(path, rulesIn(tree, path, rules));
        open.push(path);
      }
    }
  }
  const rulesFor = (folder: string): readonly Rules[] => {
    for (let at = folder; at !== '' && at !== dir; at = parentOf(at)) {
      const rules = rulesOf.get(at);
      if (rules) return rules;
    }
    return rulesOf.get(dir) as readonly Rules[];
  };
  const prefix = dir === '' ? '' : `${dir}/`;
  /** Whether git ignores a path, or a folder above it. */
  const isIgnoredBelow = (path: string, isFolder: boolean): boolean => {
    for (let at = path.indexOf('/'); ; at = path.indexOf('/', at + 1)) {
      const isLast = at < 0;
      const place = prefix + (isLast ? path : path.slice(0, at));
      if (gitIgnored(rulesFor(parentOf(place)), place, isFolder || !isLast)) return true;
      if (isLast) return false;
    }
  };
  const verdicts = new Map<string, boolean>();
  return {
    dir,
    files,
    folders,
    complete: seen <= ENTRY_LIMIT,
    gitIgnored(path, isFolder) {
      const key = isFolder ? `${path}/` : path;
      const known = verdicts.get(key);
      if (known !== undefined) return known;
      const verdict = isIgnoredBelow(path, isFolder);
      verdicts.set(key, verdict);
      return verdict;
    },
    [ANSWERS]: undefined,
  };
}
