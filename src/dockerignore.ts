/**
 * .dockerignore: which paths of a build context never reach the builder. The rules are those of BuildKit's client
 * (moby/patternmatcher v0.6.1 and its ignorefile reader): patterns are anchored at the context root, the last match
 * wins, what a folder matched holds for everything below it. They are not those of .gitignore.
 */
import { posix } from 'node:path';
import { Recent } from './recent.ts';

interface Pattern {
  /** `!pattern`: takes back what an earlier one left out. */
  readonly keeps: boolean;
  readonly matches: (path: string) => boolean;
}

/** An empty segment, `.` or `..`: most paths hold none of it. */
const UNCLEAN = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Go's filepath.Clean for slashes. */
function clean(path: string): string {
  if (!UNCLEAN.test(path)) return path;
  const short = posix.normalize(path);
  return short.length > 1 ? short.replace(/\/$/, '') : short;
}

const quote = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/**
 * Go's filepath.Match for slashes (`*`, `?`, `[a-z]`, `[^a]`, `\x`; none of them crosses a slash) as a regular expression;
 * undefined: a malformed pattern, which Go refuses.
 */
export function globToRegExp(pattern: string): RegExp | undefined {
  let source = '';
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const set = readSet(chars, i + 1);
      if (!set) return undefined;
      source += `(?!/)${set.source}`;
      i = set.end;
    } else if (char === '\\') {
      const next = chars[++i];
      if (next === undefined) return undefined;
      source += quote(next);
    } else source += quote(char);
  }
  return new RegExp(`^${source}$`, 'su');
}

/** A bracket expression from behind its `[` to its `]`. Go: at least one range, `]` and `-` only escaped, `^` negates. */
function readSet(chars: readonly string[], from: number): { source: string; end: number } | undefined {
  let i = from;
  const negated = chars[i] === '^';
  if (negated) i++;
  let source = '';
  const one = (): string | undefined => {
    let char = chars[i++];
    if (char === '\\') char = chars[i++];
    else if (char === '-' || char === ']') return undefined;
    return char;
  };
  for (let count = 0; count === 0 || chars[i] !== ']'; count++) {
    const low = one();
    if (low === undefined) return undefined;
    let high = low;
    if (chars[i] === '-') {
      i++;
      const end = one();
      if (end === undefined) return undefined;
      high = end;
    }
    const [a, b] = [low.codePointAt(0) as number, high.codePointAt(0) as number];
    if (a <= b) source += `\\u{${a.toString(16)}}-\\u{${b.toString(16)}}`;
  }
  return { source: `[${negated ? '^' : ''}${source}]`, end: i };
}

/** One cleaned pattern as a test of one path; a malformed pattern (the build itself fails on it) matches nothing. */
function compile(pattern: string): (path: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (path) => path === pattern;
  if (/[[\\]/.test(pattern) && !globToRegExp(pattern)) return () => false;
  // `**foo` and `**/foo`, when nothing else is special, are tested by their end; `foo**` by its beginning.
  const rest = pattern.slice(2);
  if (pattern.startsWith('**') && !/[*?[\]\\]/.test(rest)) {
    return (path) => path.endsWith(rest) || (rest.startsWith('/') && path === rest.slice(1));
  }
  if (pattern.endsWith('**') && !/[*?[\]\\]/.test(pattern.slice(0, -2))) {
    const start = pattern.slice(0, -2);
    return (path) => path.startsWith(start);
  }
  let source = '';
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '*' && chars[i + 1] === '*') {
      i++;
      if (chars[i + 1] === '/') i++;
      source += i + 1 >= chars.length ? '.*' : '(?:.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const set = readSet(chars, i + 1);
      if (!set) return () => false;
      source += set.source;
      i = set.end;
    } else source += quote(char === '\\' ? (chars[++i] ?? '\\') : char);
  }
  const regExp = new RegExp(`^${source}$`, 'su');
  return (path) => regExp.test(path);
}

/** Most texts are one line that is asked about again and again: `dist`. */
const parsed = new Recent<readonly Pattern[]>(2000, (patterns) => 1 + patterns.length);

function parse(text: string): Pattern[] {
  const patterns: Pattern[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    if (line.startsWith('#')) continue;
    let pattern = line.trim();
    const keeps = pattern.startsWith('!');
    if (keeps) pattern = pattern.slice(1).trim();
    if (pattern === '') continue;
    pattern = clean(pattern);
    if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
    // The matcher trims and cleans once more what the reader gave it: `a/ /` ends up as `a`.
    pattern = pattern.trim();
    if (pattern === '') continue;
    pattern = clean(pattern);
    patterns.push({ keeps, matches: compile(pattern) });
  }
  return patterns;
}

export interface DockerIgnore {
  /** Whether a path relative to the context root is left out of the context. For a folder: the folder by itself. */
  ignores(path: string): boolean;
  /** Whether some pattern begins with `!`, so that an ignored folder may still hold files that are sent. */
  readonly reincludes: boolean;
}

/**
 * Reads the text of a .dockerignore file.
 * A path is judged the way the context is walked: from the top down, each folder handing on which patterns it matched.
 */
export function parseDockerignore(text: string): DockerIgnore {
  const patterns = parsed.get(text, () => parse(text));
  const none = { ignored: false, matched: [] as readonly boolean[] };
  const folders = new Map<string, typeof none>();
  const judge = (path: string, isFolder: boolean): typeof none => {
    const known = folders.get(path);
    if (known) return known;
    const slash = path.lastIndexOf('/');
    const parent = slash > 0 ? judge(path.slice(0, slash), true) : none;
    let ignored = false;
    const matched = patterns.map((pattern, i) => {
      // A pattern that could not change the verdict so far is not tested, and so not handed on either.
      const hit = parent.matched[i] === true || (pattern.keeps === ignored && pattern.matches(path));
      if (hit) ignored = !pattern.keeps;
      return hit;
    });
    const verdict = { ignored, matched };
    if (isFolder) folders.set(path, verdict);
    return verdict;
  };
  return {
    reincludes: patterns.some((pattern) => pattern.keeps),
    ignores(path) {
      if (patterns.length === 0) return false;
      const place = clean(path).replace(/^\/+/, '');
      return place !== '.' && place !== '' && judge(place, false).ignored;
    },
  };
}
