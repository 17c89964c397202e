/** How folders lie to each other, and how Dockerfiles write them. */
import { globToRegExp } from '../../src/dockerignore.ts';

/** Whether `path` is `folder` or lies in it. */
export const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Whether either of two folders holds the other. */
export const areRelated = (a: string, b: string): boolean => isIn(a, b) || isIn(b, a);

/** What removing an operand of rm does to a folder: nothing, takes (part of) its content, takes a folder that holds it. */
export type Hit = 'none' | 'inside' | 'above' | 'unknown';

/** `/root/.cache/*` against `/root/.cache/pip` is 'above'; `operand` has its quotes and variables replaced. */
export function hit(operand: string, folder: string): Hit {
  if (operand.includes('$')) return /\$\{?(?:\w*CACHE\w*|HOME|GOPATH|CARGO_HOME)\b/i.test(operand) ? 'unknown' : 'none';
  if (!operand.startsWith('/')) return 'none';
  const glob = operand.search(/[*?[{]/);
  const dir = (glob < 0 ? operand : operand.slice(0, operand.lastIndexOf('/', glob))).replace(/\/+$/, '');
  if (isIn(dir, folder)) return 'inside';
  if (!isIn(folder, dir)) return 'none';
  if (glob < 0) return dir === '' ? 'none' : 'above';
  const pattern = operand.slice(dir.length + 1).split('/')[0] ?? '';
  const segment = folder.slice(dir.length + 1).split('/')[0] ?? '';
  if (pattern.includes('{')) return 'unknown';
  return globToRegExp(pattern)?.test(segment) === false ? 'none' : 'above';
}

/** Whether a text names a folder or something in it, in one of its spellings. */
export function mentions(text: string, spellings: readonly string[]): boolean {
  return spellings.some((spelling) => {
    for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + 1)) {
      if (!/[\w.-]/.test(text[at + spelling.length] ?? '')) return true;
    }
    return false;
  });
}

/** The ways to write a folder: below HOME also with `~` and `$HOME`. */
export function spellings(folder: string, home: string | undefined, table: string): readonly string[] {
  const rest = home !== undefined && home !== '/' && isIn(folder, home) ? folder.slice(home.length) : undefined;
  const [, name, tail] = /^\$([A-Z_]+)(.*)$/.exec(table) ?? [];
  return [
    folder,
    ...(rest ? [`~${rest}`, `$HOME${rest}`, `\${HOME}${rest}`] : []),
    ...(name !== undefined ? [`$${name}${tail}`, `\${${name}}${tail}`] : []),
  ];
}
