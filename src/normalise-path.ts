/** Paths relative to a root, written in one way. */
import { posix, sep } from 'node:path';

/** An empty segment, `.` or `..`, a NUL character, a drive: most paths hold none of it. */
const UNUSUAL = /(?:^|\/)\.{0,2}(?:\/|$)|\0|^[a-z]:/i;

/** `a/./b//c` as `a/b/c`, the root as ''; undefined: absolute, above the root, or not a path at all. */
export function normalisePath(path: string): string | undefined {
  if (!UNUSUAL.test(path)) return path;
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (clean === '..' || clean.startsWith('../') || (sep === '\\' && /^[a-z]:/i.test(clean))) return undefined;
  return clean === '.' ? '' : clean;
}
