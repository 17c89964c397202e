/** What an interpreter carries out: the script or module among its words. */
import { posix } from 'node:path';
import { BUNDLED_PATHS } from '../knowledge/launchers.ts';

export type Interpreted =
  /** `node server.js`, `python -m flask run`: the script or module with its arguments. */
  | { readonly kind: 'script'; readonly words: readonly string[]; readonly interpreter: string }
  /** `node node_modules/.bin/next start`: a program by another name. */
  | { readonly kind: 'program'; readonly words: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string };

const INLINE: Interpreted = { kind: 'unknown', why: 'the program is written in the command line' };

/** Reads the words of an interpreter; undefined: it is none, or it was given no script. */
export function interpreted([first = '', ...rest]: readonly string[]): Interpreted | undefined {
  const name = posix.basename(first);
  if (/^(?:python[\d.]*|pypy3?)$/.test(name)) return python(rest);
  if (/^(?:node|nodejs|ts-node|tsx|bun|deno|ts-node-esm|babel-node)$/.test(name)) return node(name, rest);
  if (!/^(?:ruby|php|perl)[\d.]*$/.test(name)) return undefined;
  const at = rest.findIndex((word) => !word.startsWith('-'));
  // php -S 0.0.0.0:80 is a server of its own
  if (at < 0 || rest.slice(0, at).some((it) => /^-[SrRea]$/.test(it))) return undefined;
  return { kind: 'script', words: rest.slice(at), interpreter: name.replace(/[\d.]+$/, '') };
}

function python(rest: readonly string[]): Interpreted | undefined {
  const at = rest.findIndex((word, i) => !word.startsWith('-') && !/^-[WX]$/.test(rest[i - 1] ?? ''));
  const module = rest.indexOf('-m');
  if (module >= 0 && module <= at) return { kind: 'script', words: rest.slice(module + 1), interpreter: 'python -m' };
  if (rest.slice(0, Math.max(at, 0)).includes('-c')) return INLINE;
  return at < 0 ? undefined : { kind: 'script', words: rest.slice(at), interpreter: 'python' };
}

function node(name: string, rest: readonly string[]): Interpreted | undefined {
  const isOwn = (word: string, i: number) =>
    word.startsWith('-') ||
    /^(?:run|serve)$/.test(word) ||
    /^(?:-r|--require|--import|--loader|-P|--project)$/.test(rest[i - 1] ?? '');
  const at = rest.findIndex((word, i) => !isOwn(word, i));
  const options = at < 0 ? rest : rest.slice(0, at);
  if (options.includes('-e') || options.includes('-p')) return INLINE;
  if (at < 0) return undefined;
  const bundled = BUNDLED_PATHS[0].path.exec(rest[at] as string);
  if (bundled) return { kind: 'program', words: [(bundled[1] ?? bundled[2]) as string, ...rest.slice(at + 1)] };
  if (options.includes('--watch')) return { kind: 'program', words: ['nodemon', ...rest.slice(at)] };
  return { kind: 'script', words: rest.slice(at), interpreter: name };
}
