/** The build context that the sources of COPY and ADD speak for, where no file names one. */
import { posix } from 'node:path';
import { fixedSources } from '../context-use.ts';
import { Document } from '../document.ts';
import { LOCK_FILE } from '../knowledge/command-needs.ts';
import type { Tree } from '../tree.ts';

/** Lines that take something from the context in the plainest way: what else there is asks for a whole reading. */
const COPY_LINE = /^[ \t]*(?:COPY|ADD)[ \t]+(.*)$/gim;
const PLAIN_WORD = /^(?!.*\.\.)[\w@%+:.,/~-]+$/;
/** It may match nothing. */
const PATTERN = /^[\w@%+:.,/~*?-]*[*?][\w@%+:.,/~*?-]*$/;

/**
 * The one folder above `folder` that has every file and folder that the Dockerfile copies by a fixed name, when `folder`
 * lacks one of them, so that a build from there would fail; with the line of the first that it lacks. Undefined: nothing
 * but lock files is missing, or no folder or more than one has them all.
 */
export function likelyContext(
  tree: Tree,
  dockerfile: string,
  folder: string,
): { readonly dir: string; readonly line: number } | undefined {
  if (folder === '') return undefined;
  const text = tree.read(dockerfile);
  if (text === undefined) return undefined;
  const has = (dir: string, path: string): boolean => tree.kind(posix.join(dir, path)) !== undefined;
  const { words, isWhole } = plainSources(text);
  const absent = words.filter((path) => !has(folder, path));
  if (isWhole && absent.length === 0) return undefined;
  const above = foldersAbove(folder).filter((dir) => absent.every((path) => has(dir, path)));
  const document = above.length > 0 ? Document.read(dockerfile, text) : undefined;
  if (!(document instanceof Document)) return undefined;
  const sources = fixedSources(document);
  const missing = sources.filter(({ path }) => !has(folder, path));
  const [lacking] = missing;
  if (!lacking || (missing.length < sources.length && missing.every(({ path }) => LOCK_FILE.test(path))))
    return undefined;
  const dirs = above.filter((dir) => sources.every(({ path }) => has(dir, path)));
  return dirs.length === 1 ? { dir: dirs[0] as string, line: document.lineAt(lacking.at.start) } : undefined;
}

/** The sources that a look at the lines tells, and whether it tells all: for most files that spares the reading. */
function plainSources(text: string): { readonly words: readonly string[]; readonly isWhole: boolean } {
  const words: string[] = [];
  let isWhole = !text.includes('type=bind');
  for (const [, rest = ''] of text.matchAll(COPY_LINE)) {
    const all = rest.trim().split(/[ \t]+/);
    if (all.some((word) => word.startsWith('--from='))) continue;
    const sources = all.filter((word) => !word.startsWith('--')).slice(0, -1);
    // COPY a \ goes on in the next line
    if (sources.length === 0 || /[\\`]$/.test(rest)) isWhole = false;
    for (const word of sources) {
      if (PLAIN_WORD.test(word)) words.push(word.replace(/^\/+/, ''));
      else if (!PATTERN.test(word)) isWhole = false;
    }
  }
  return { words, isWhole };
}

/** The folders above one, from the nearest to the root, `''`. */
export function foldersAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let dir = folder; dir !== ''; found.push(dir)) dir = dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
  return found;
}
