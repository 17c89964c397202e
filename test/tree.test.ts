import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { normalisePath } from '../src/normalise-path.ts';
import { FACT_LIMIT, REWRITE_LIMIT, Tree } from '../src/tree.ts';

// Whoever runs the tests may read everything, so that a refusal has to be played.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const openSync: typeof fs.openSync = (path, ...rest) => {
    if (String(path).endsWith('.locked')) throw Object.assign(new Error('refused'), { code: 'EACCES' });
    return fs.openSync(path, ...rest);
  };
  return { ...fs, openSync };
});

let base: string;
let root: string;
const put = (path: string, content: string | Uint8Array = ''): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
};

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'redock-tree-'));
  root = join(base, 'root');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('paths', () => {
  test.each([
    ['a/./b//c/', 'a/b/c'],
    ['.', ''],
    ['', ''],
    ['a/../b', 'b'],
    ['..', undefined],
    ['a/../../b', undefined],
    ['/etc/passwd', undefined],
    ['a\0b', undefined],
    ['..a', '..a'],
  ])('%j is %j', (path, expected) => {
    expect(normalisePath(path)).toBe(expected);
  });

  test('nothing outside of the root exists', () => {
    writeFileSync(join(base, 'secret'), 'x');
    mkdirSync(join(base, 'other'));
    writeFileSync(join(base, 'other/secret'), 'x');
    symlinkSync('../secret', join(root, 'link'));
    symlinkSync('../other', join(root, 'folder'));
    const tree = new Tree(root);
    for (const path of ['../secret', join(base, 'secret'), 'link', 'folder/secret', 'folder/../../secret']) {
      expect([tree.read(path), tree.readBytes(path), tree.kind(path), tree.list(path)]).toEqual([
        undefined,
        undefined,
        undefined,
        [],
      ]);
    }
    expect(tree.list('folder')).toEqual([]);
    expect(tree.readForRewrite('link')).toEqual({ error: 'is a link that leads out of the root folder' });
    expect(tree.readForRewrite('folder/secret')).toEqual({
      error: 'lies behind a link that leads out of the root folder',
    });
    expect(tree.readForRewrite('../secret')).toEqual({ error: 'lies outside of the root folder' });
  });

  test('a folder beside the root whose name begins like the root is outside', () => {
    mkdirSync(join(base, 'root2'));
    writeFileSync(join(base, 'root2/f'), 'x');
    symlinkSync('../root2/f', join(root, 'f'));
    expect(new Tree(root).read('f')).toBeUndefined();
  });

  test('links inside of the root are followed, and lead to one place', () => {
    put('real/f', 'text');
    symlinkSync('real', join(root, 'dir'));
    symlinkSync('../dir/f', join(root, 'real/again'));
    const tree = new Tree(root);
    expect(tree.read('dir/f')).toBe('text');
    expect(tree.kind('dir')).toBe('dir');
    expect(tree.list('dir')).toEqual(['again', 'f']);
    expect(tree.canonical('dir/again')).toBe('real/f');
    tree.plan('dir/again', 'new');
    expect([...tree.planned()]).toEqual([['real/f', { before: 'text', after: 'new' }]]);
    expect(tree.read('real/f')).toBe('new');
  });
});

describe('reading facts', () => {
  test('kinds and sorted names', () => {
    put('b');
    put('A');
    put('a/x');
    const tree = new Tree(root);
    expect(tree.list('')).toEqual(['A', 'a', 'b']);
    expect([tree.kind('a'), tree.kind('a/x'), tree.kind('nope'), tree.kind('b/x'), tree.kind('')]).toEqual([
      'dir',
      'file',
      undefined,
      undefined,
      'dir',
    ]);
    expect(tree.list('b')).toEqual([]);
  });

  test('a byte order mark is kept', () => {
    put('f', '\uFEFFa: 1\r\n');
    expect(new Tree(root).read('f')).toBe('\uFEFFa: 1\r\n');
  });

  test('what is no text within the limit reads as absent', () => {
    put('nul', 'a\0b');
    put('latin1', Buffer.from([0x61, 0xe9, 0x62]));
    put('exact', 'x'.repeat(FACT_LIMIT));
    put('large', 'x'.repeat(FACT_LIMIT + 1));
    const tree = new Tree(root);
    expect([tree.read('nul'), tree.read('latin1'), tree.read('large'), tree.read('.')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(tree.read('exact')?.length).toBe(FACT_LIMIT);
    expect(tree.readBytes('nul', 2)).toEqual(Buffer.from('a\0'));
    expect(tree.kind('large')).toBe('file');
  });

  test('a pipe neither blocks nor exists', () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const tree = new Tree(root);
    expect([tree.kind('pipe'), tree.read('pipe')]).toEqual([undefined, undefined]);
    expect(tree.readForRewrite('pipe')).toEqual({ error: 'is not a regular file' });
  });
});

describe('planning', () => {
  test('planned text and new files are seen by every question', () => {
    put('f', 'old');
    const tree = new Tree(root);
    expect(tree.read('f')).toBe('old');
    tree.plan('f', 'new');
    tree.plan('sub/deep/g', 'made');
    expect(tree.read('./f')).toBe('new');
    expect(tree.readBytes('f', 2)).toEqual(Buffer.from('ne'));
    expect(tree.readForRewrite('f')).toMatchObject({ text: 'new' });
    expect(tree.readForRewrite('sub/deep/g')).toEqual({ text: 'made', mode: 0o644 });
    expect([tree.kind('sub'), tree.kind('sub/deep'), tree.kind('sub/deep/g'), tree.kind('su')]).toEqual([
      'dir',
      'dir',
      'file',
      undefined,
    ]);
    expect([tree.list(''), tree.list('sub'), tree.list('sub/deep')]).toEqual([['f', 'sub'], ['deep'], ['g']]);
    expect([...tree.planned()]).toEqual([
      ['f', { before: 'old', after: 'new' }],
      ['sub/deep/g', { before: undefined, after: 'made' }],
    ]);
  });

  test('the text before is that of the disk, however often a file is planned', () => {
    put('f', '\uFEFFone\r\n');
    const tree = new Tree(root);
    tree.plan('f', 'two');
    tree.plan('f', 'three');
    expect(tree.planned().get('f')).toEqual({ before: '\uFEFFone\r\n', after: 'three' });
    tree.plan('f', '\uFEFFone\r\n');
    expect(tree.planned().size).toBe(0);
  });

  test('a plan can be taken back', () => {
    const tree = new Tree(root);
    tree.plan('a/f', '1');
    tree.plan('a/g', '2');
    tree.unplan('a/f');
    expect([tree.kind('a/f'), tree.list('a')]).toEqual([undefined, ['g']]);
    tree.unplan('a/g');
    expect([tree.kind('a'), tree.list('')]).toEqual([undefined, []]);
  });

  test('no plan outside of the root, over a folder or over what is no text', () => {
    put('dir/f');
    put('binary', 'a\0');
    symlinkSync('nowhere', join(root, 'broken'));
    const tree = new Tree(root);
    expect(() => tree.plan('../f', '')).toThrow('../f lies outside of the root folder');
    expect(() => tree.plan('dir', '')).toThrow('dir is a folder');
    expect(() => tree.plan('binary', '')).toThrow('binary is binary');
    expect(() => tree.plan('broken', '')).toThrow('broken');
    expect(tree.planned().size).toBe(0);
  });

  test('after forget the disk is read again', () => {
    put('f', '1');
    const tree = new Tree(root);
    expect([tree.read('f'), tree.kind('g')]).toEqual(['1', undefined]);
    tree.plan('g', 'x');
    put('f', '2');
    tree.forget();
    expect([tree.read('f'), tree.kind('g'), tree.planned().size]).toEqual(['2', undefined, 0]);
  });
});

describe('reading for a rewrite', () => {
  test('text and mode', () => {
    put('f', 'FROM x\n');
    chmodSync(join(root, 'f'), 0o640);
    expect(new Tree(root).readForRewrite('f')).toEqual({
      text: 'FROM x\n',
      mode: statSync(join(root, 'f')).mode & 0o7777,
    });
  });

  test('one plain reason each', () => {
    put('dir/f');
    put('f');
    put('binary', 'FROM\0');
    put('utf16', Buffer.from('\uFEFFFROM x', 'utf16le'));
    put('latin1', Buffer.from('FROM x\n# caf\xe9\n', 'latin1'));
    put('cut', Buffer.from([0x61, 0xe2, 0x82]));
    put('a.locked', 'FROM x');
    put('large', 'x'.repeat(5 * 1024 * 1024));
    symlinkSync('nowhere', join(root, 'broken'));
    symlinkSync('self', join(root, 'self'));
    const tree = new Tree(root);
    const why = (path: string): unknown => (tree.readForRewrite(path) as { error?: string }).error;
    expect(why('nope')).toBe('does not exist');
    expect(why('f/nope')).toBe('does not exist');
    expect(why('dir')).toBe('is a folder');
    expect(why('binary')).toBe('is binary (a NUL byte at offset 4)');
    expect(why('utf16')).toBe('is UTF-16, not UTF-8');
    expect(why('latin1')).toBe('is not UTF-8 (line 2, byte offset 12)');
    expect(why('cut')).toBe('is not UTF-8 (line 1, byte offset 1)');
    expect(why('a.locked')).toBe('cannot be read: permission denied');
    expect(why('large')).toBe('is larger than 4 MB (5.0 MB)');
    expect(why('broken')).toBe('is a broken link');
    expect(why('self')).toBe('is a link that leads to itself');
  });

  test('the limit itself is still read', () => {
    put('f', 'x'.repeat(REWRITE_LIMIT));
    expect(new Tree(root).readForRewrite('f')).toMatchObject({ text: 'x'.repeat(REWRITE_LIMIT) });
  });
});
