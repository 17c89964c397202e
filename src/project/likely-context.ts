/** The build context that the sources of COPY and ADD speak for, where no file names one. */
import { posix } from 'node:path';
import { fixedSources } from '../context-use.ts';
import { Document } from '../document.ts';
import type { Tree } from '../tree.ts';

/** Lines that take something from the context in the plainest way: what else there is asks for a whole reading. */
const COPY_LINE = /^[ \t]*(?:COPY|ADD)[ \t]+(.*)$/gim;
const PLAIN_WORD = /^(?!.*\.\.)[\w@%+:.,/~-]+$/;

/** Lock files that people forget to commit: beside the manifest they are no sign of another folder. */
const LOCK =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|uv\.lock|poetry\.lock|go\.sum|Cargo\.lock|composer\.lock|Gemfile\.lock)$/;

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
  const has = (dir: string, path: string): boolean => tree.kind(posix.join(dir, path)) !== undefined;
  if (text === undefined || isPlainlyThere(text, (path) => has(folder, path))) return undefined;
  const document = Document.read(dockerfile, text);
  if (!(document instanceof Document)) return undefined;
  const sources = fixedSources(document);
  const missing = sources.filter(({ path }) => !has(folder, path));
  const [lacking] = missing;
  if (!lacking || (missing.length < sources.length && missing.every(({ path }) => LOCK.test(path)))) return undefined;
  const dirs = foldersAbove(folder).filter((dir) => sources.every(({ path }) => has(dir, path)));
  return dirs.length === 1 ? { dir: dirs[0] as string, line: document.lineAt(lacking.at.start) } : undefined;
}

/** Whether a look at the lines is enough to see that every source is there: it is for most files. */
function isPlainlyThere(text: string, has: (path: string) => boolean): boolean {
  if (text.includes('type=bind')) return false;
  for (const [, rest = ''] of text.matchAll(COPY_LINE)) {
    const words = rest.trim().split(/[ \t]+/);
    if (words.some((word) => word.startsWith('--from='))) continue;
    const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
    // COPY a \ goes on in the next line
    if (sources.length === 0 || /[\\`]$/.test(rest)) return false;
    if (!sources.every((word) => PLAIN_WORD.test(word) && has(word.replace(/^\/+/, '')))) return false;
  }
  return true;
}

/** From the nearest to the root, `''`. */
function foldersAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let dir = folder; dir !== ''; found.push(dir)) dir = dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
  return found;
}
