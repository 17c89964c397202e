import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filePatch, quoteName } from '../src/report/patch.ts';
import { commitAll, exec, folders } from './spawn.ts';

const folder = folders();

const NAMES = [
  'Dockerfile',
  'a b/Dockerfile',
  'tab\there',
  'ä/Döckerfile',
  'quo"te',
  'back\\slash',
  "apo'strophe",
  '-dash',
  'ünï cöde',
];

const long = (mark: string): string => Array.from({ length: 1500 }, (_, index) => `${mark} ${index}\n`).join('');
const TEXTS: Readonly<Record<string, readonly [string | undefined, string]>> = {
  'one line': ['a\nb\nc\n', 'a\nB\nc\n'],
  CRLF: ['a\r\nb\r\nc\r\n', 'a\r\nB\r\nc\r\n'],
  'no final newline': ['a\nb', 'a\nB'],
  'final newline comes': ['a\nb', 'a\nb\n'],
  'final newline goes': ['a\nb\n', 'a\nb'],
  'byte order mark': ['\ufeffa\nb\n', '\ufeffa\nc\n'],
  'several hunks': ['x\n'.repeat(30), `y\n${'x\n'.repeat(28)}z\n`],
  'new file': [undefined, 'a\nb\n'],
  'new file without final newline': [undefined, 'a\nb'],
  'emptied file': ['a\n', ''],
  'filled file': ['', 'a\n'],
  'lone CR, form feed, line separator': ['a\rb\n\fc\u2028d\ne\n', 'a\rb\n\fc\u2028d\nE\n'],
  'everything differs': [long('old'), long('new')],
  'everything differs but the ends': [`1\n2\n3\n4\n${long('old')}5\n6\n7\n8`, `1\n2\n3\n4\n${long('new')}5\n6\n7\n8`],
  'everything differs, no final newline': [long('old'), `${long('new')}end`],
};

describe('quoteName', () => {
  it('writes names as git does', () => {
    expect(quoteName('a b')).toBe('a b');
    expect(quoteName('ä"\\\t\u0001')).toBe('"\\303\\244\\"\\\\\\t\\001"');
  });
});

describe('filePatch', () => {
  it('is empty when nothing changed', () => {
    expect(filePatch('Dockerfile', 'a', 'a')).toBe('');
  });

  it('has no git header, and /dev/null for a new file', () => {
    expect(filePatch('x/Dockerfile', 'a\n', 'b\n')).toBe(
      '--- a/x/Dockerfile\n+++ b/x/Dockerfile\n@@ -1,1 +1,1 @@\n-a\n+b\n',
    );
    expect(filePatch('a b', undefined, 'b\n')).toBe('--- /dev/null\n+++ b/a b\t\n@@ -0,0 +1,1 @@\n+b\n');
  });

  describe.each(Object.entries(TEXTS))('%s', (_title, [before, after]) => {
    const fresh = (name: string): string => {
      const root = folder(before === undefined ? {} : { [name]: before });
      commitAll(root);
      return root;
    };
    it.each([
      ['git', ['apply']],
      ['patch', ['-p1', '--binary', '--quiet']],
    ] as const)('is taken by %s %j', (command, args) => {
      const root = fresh('a b/Dockerfile');
      const run = exec(root, command, args, filePatch('a b/Dockerfile', before, after));
      expect(run.err).toBe('');
      expect(run.code).toBe(0);
      // An emptied file is removed by patch: nothing or an empty file both mean the new text.
      if (after !== '') expect(readFileSync(join(root, 'a b/Dockerfile'))).toEqual(Buffer.from(after));
    });
    it('is taken by git apply in a sub-folder', () => {
      const root = fresh('sub/Dockerfile');
      mkdirSync(join(root, 'sub'), { recursive: true });
      const run = exec(join(root, 'sub'), 'git', ['apply'], filePatch('Dockerfile', before, after));
      expect(run.err).toBe('');
      expect(run.code).toBe(0);
      expect(readFileSync(join(root, 'sub/Dockerfile'))).toEqual(Buffer.from(after));
    });
  });

  it.each(NAMES)('names %j so that git and patch find it', (name) => {
    for (const [command, args] of [
      ['git', ['apply']],
      ['patch', ['-p1', '--quiet']],
    ] as const) {
      for (const before of ['a\n', undefined]) {
        const root = folder(before === undefined ? {} : { [name]: before });
        const run = exec(root, command, args, filePatch(name, before, 'b\n'));
        expect([command, run.err, run.code]).toEqual([command, '', 0]);
        expect(readFileSync(join(root, name), 'utf8')).toBe('b\n');
      }
    }
  });
});
