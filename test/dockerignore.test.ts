import balena from '@balena/dockerignore';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globToRegExp, parseDockerignore } from '../src/dockerignore.ts';

/** The paths that a .dockerignore text leaves out, of those given. */
const ignored = (text: string, ...paths: string[]): string[] => {
  const rules = parseDockerignore(text);
  return paths.filter((path) => rules.ignores(path));
};

describe('parseDockerignore', () => {
  // Every expectation of this table was also given by moby/patternmatcher v0.6.1, walking from the top down.
  test.each<[string, string[], string[]]>([
    ['', [], ['a', 'a/b']],
    ['# a comment\n\n  a  \r\n', ['a', 'a/b'], ['b', 'b/a']],
    [' # a', ['# a'], ['a']],
    ['\uFEFF# c\na', ['a'], ['# c']],
    ['/a', ['a', 'a/x'], ['b/a']],
    ['a/', ['a', 'a/x'], ['b/a']],
    ['./a/../b', ['b'], ['a']],
    ['*.md', ['x.md'], ['a/x.md', 'x.mdx']],
    ['**/*.md', ['x.md', 'a/x.md', 'a/b/x.md'], ['x.txt']],
    ['**/node_modules', ['node_modules', 'a/node_modules', 'a/node_modules/x/y'], ['node_modules2']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'ab']],
    ['a/**/z', ['a/z', 'a/b/c/z'], ['z', 'a/zz']],
    ['**', ['a', 'a/b', '.git'], []],
    ['*', ['a', 'a/b', '.env'], []],
    ['*\n!src', ['a', 'a/b'], ['src', 'src/deep/file']],
    ['*\n!src/\n**/*.log', ['a', 'src/x.log', 'src/a/b.log'], ['src', 'src/a']],
    ['a\n!a/keep', ['a', 'a/b'], ['a/keep', 'a/keep/x']],
    ['a\n!a/keep\na/keep/not', ['a/keep/not'], ['a/keep']],
    ['!a\na', ['a'], []],
    ['f?o', ['foo', 'fao'], ['fo', 'f/o']],
    ['[a-c]x', ['ax', 'cx'], ['dx']],
    ['[^a]x', ['bx'], ['ax']],
    ['a.b', ['a.b'], ['aXb']],
    ['a(b)+', ['a(b)+'], ['ab']],
    ['\\#x', ['#x'], ['x']],
    ['\\*', ['*'], ['a']],
    ['**foo', ['foo', 'xfoo', 'a/xfoo'], ['foox']],
    ['fo**', ['fo', 'foo', 'foo/x', 'fox'], ['f']],
    ['..', [], ['a']],
    ['.', [], ['a']],
    ['../a', [], ['a']],
    ['A', ['A'], ['a']],
    ['a/ /', ['a', 'a/x'], ['b']],
    // A pattern that could not change a folder's verdict is not remembered for what lies below it.
    ['foo/bar\n!foo', ['foo/bar', 'foo/bar/x'], ['foo', 'foo/x']],
  ])('%j leaves out %j and sends %j', (text, out, sent) => {
    expect(ignored(text, ...out)).toEqual(out);
    expect(ignored(text, ...sent)).toEqual([]);
  });

  test('a malformed pattern matches nothing, the others hold', () => {
    expect(ignored('[a\n!\nb', '[a', 'a', 'b')).toEqual(['b']);
  });

  test('paths are cleaned', () => {
    expect(ignored('a', '/a', './a/b', 'a/', '', '.')).toEqual(['/a', './a/b', 'a/']);
  });

  test('says whether anything is taken back', () => {
    expect([parseDockerignore('a').reincludes, parseDockerignore('a\n!b').reincludes]).toEqual([false, true]);
  });

  test('agrees with an independent implementation', () => {
    const name = fc.constantFrom('a', 'b', 'foo', 'x.md', 'fao', '.env');
    const segment = fc.constantFrom('a', 'b', 'foo', '*', '**', '?', 'a*', '*.md', 'f?o', '[ab]', '.', '.env');
    const pattern = fc
      .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([slash, segments, end]) => (slash ? '/' : '') + segments.join('/') + (end ? '/' : ''));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 4 }),
        fc.array(path, { minLength: 1, maxLength: 8 }),
        (patterns, paths) => {
          const other = balena.default().add(patterns);
          expect(ignored(patterns.join('\n'), ...paths)).toEqual(paths.filter((one) => other.ignores(one)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('agrees with it about exceptions below what the patterns before left out', () => {
    const folder = fc.constantFrom('a', 'b', 'c');
    const rest = fc.array(folder, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(folder, rest, fc.array(rest, { minLength: 1, maxLength: 8 }), (top, exception, paths) => {
        const patterns = [top, `!${top}/${exception}`];
        const other = balena.default().add(patterns);
        expect(ignored(patterns.join('\n'), ...paths)).toEqual(paths.filter((one) => other.ignores(one)));
      }),
    );
  });
});

describe('globToRegExp', () => {
  test.each<[string, string[], string[]]>([
    ['*.json', ['package.json', '.json'], ['a/b.json']],
    ['package*.json', ['package.json', 'package-lock.json'], ['packages']],
    ['f?o', ['foo', 'f😀o'], ['f/o', 'fo']],
    ['[a-c]', ['b'], ['d', '-']],
    ['[^a-c]', ['d'], ['b', '/']],
    ['[\\]\\-x]', [']', '-', 'x'], ['\\']],
    ['\\*', ['*'], ['a']],
    ['a.b$', ['a.b$'], ['aXb$']],
    ['**', ['ab'], ['a/b']],
    ['[z-a]', [], ['z', 'a', 'm']],
  ])('%s', (pattern, yes, no) => {
    const regExp = globToRegExp(pattern);
    expect(yes.filter((name) => !regExp?.test(name))).toEqual([]);
    expect(no.filter((name) => regExp?.test(name))).toEqual([]);
  });

  test.each(['[', '[a', '[]', '[]a]', '[-a]', '[a-]', 'a\\', '[^]'])('%s is malformed', (pattern) => {
    expect(globToRegExp(pattern)).toBeUndefined();
  });
});
