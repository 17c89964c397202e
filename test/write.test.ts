import * as fs from 'node:fs';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, writeWhole } from '../src/write.ts';
import { folders } from './spawn.ts';

const folder = folders();
const failing = (name: keyof Files, code: string): Files => ({
  ...fs,
  [name]: () => {
    throw Object.assign(new Error(code), { code });
  },
});

describe('writeWhole', () => {
  it('replaces the text and keeps the mode', () => {
    const root = folder({ Dockerfile: 'a\n' });
    const path = join(root, 'Dockerfile');
    chmodSync(path, 0o751);
    expect(writeWhole({ path, root, before: 'a\n', after: '\ufeffb\r\nä' })).toBeUndefined();
    expect(readFileSync(path)).toEqual(Buffer.from('\ufeffb\r\nä'));
    expect(statSync(path).mode & 0o7777).toBe(0o751);
    expect(readdirSync(root)).toEqual(['Dockerfile']);
  });

  it('makes a new file and its folders', () => {
    const root = folder();
    writeWhole({ path: join(root, 'x/y/.dockerignore'), root, before: undefined, after: 'n\n' });
    expect(readFileSync(join(root, 'x/y/.dockerignore'), 'utf8')).toBe('n\n');
    expect(readdirSync(join(root, 'x/y'))).toEqual(['.dockerignore']);
  });

  it('does not replace a file that came into being meanwhile', () => {
    const root = folder({ new: 'mine' });
    expect(() => writeWhole({ path: join(root, 'new'), root, before: undefined, after: 'x' })).toThrow(
      'it exists meanwhile',
    );
    expect(readdirSync(root)).toEqual(['new']);
  });

  it('does not overwrite what somebody else wrote meanwhile', () => {
    const root = folder({ Dockerfile: 'theirs' });
    const path = join(root, 'Dockerfile');
    expect(() => writeWhole({ path, root, before: 'a', after: 'b' })).toThrow('changed by somebody else');
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(root)).toEqual(['Dockerfile']);
  });

  it('writes through a link below the root and keeps the link', () => {
    const root = folder({ 'common/Dockerfile': 'a' });
    symlinkSync('common/Dockerfile', join(root, 'Dockerfile'));
    writeWhole({ path: join(root, 'Dockerfile'), root, before: 'a', after: 'b' });
    expect(lstatSync(join(root, 'Dockerfile')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'common/Dockerfile'), 'utf8')).toBe('b');
  });

  it('never writes outside of the root', () => {
    const outside = folder({ Dockerfile: 'a' });
    const root = folder();
    symlinkSync(join(outside, 'Dockerfile'), join(root, 'Dockerfile'));
    symlinkSync(outside, join(root, 'away'));
    expect(() => writeWhole({ path: join(root, 'Dockerfile'), root, before: 'a', after: 'b' })).toThrow('link out of');
    expect(() => writeWhole({ path: join(root, 'away/new'), root, before: undefined, after: 'b' })).toThrow(
      'link out of',
    );
    expect(readdirSync(outside)).toEqual(['Dockerfile']);
    expect(readFileSync(join(outside, 'Dockerfile'), 'utf8')).toBe('a');
  });

  it('refuses a read-only file, though a rename would replace it', () => {
    const root = folder({ Dockerfile: 'a' });
    const path = join(root, 'Dockerfile');
    chmodSync(path, 0o444);
    expect(() => writeWhole({ path, root, before: 'a', after: 'b' })).toThrow('it is read-only (mode 0444)');
    expect(readFileSync(path, 'utf8')).toBe('a');
  });

  it('tells about hard links', () => {
    const root = folder({ Dockerfile: 'a' });
    linkSync(join(root, 'Dockerfile'), join(root, 'twin'));
    expect(writeWhole({ path: join(root, 'Dockerfile'), root, before: 'a', after: 'b' })).toContain('1 more hard link');
    expect(readFileSync(join(root, 'twin'), 'utf8')).toBe('a');
  });

  it.each([
    ['writeSync', 'ENOSPC', 'no space left on the disk'],
    ['fsyncSync', 'EIO', 'the disk reported an error'],
    ['openSync', 'EACCES', 'the folder is not writable'],
    ['openSync', 'EROFS', 'the file system is read-only'],
    ['renameSync', 'EDQUOT', 'the disk quota is used up'],
  ] as const)('leaves the old file alone when %s fails with %s', (name, code, message) => {
    const root = folder({ Dockerfile: 'a' });
    const path = join(root, 'Dockerfile');
    expect(() => writeWhole({ path, root, before: 'a', after: 'b' }, failing(name, code))).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe('a');
    expect(readdirSync(root)).toEqual(['Dockerfile']);
  });

  it('writes on after a short write', () => {
    const root = folder({ Dockerfile: 'a' });
    const path = join(root, 'Dockerfile');
    const one = ((handle: number, bytes: Uint8Array, at: number) =>
      fs.writeSync(handle, bytes, at, 1)) as typeof fs.writeSync;
    writeWhole({ path, root, before: 'a', after: 'abcdef' }, { ...fs, writeSync: one });
    expect(readFileSync(path, 'utf8')).toBe('abcdef');
  });

  it('says what is in the way', () => {
    const root = folder({ file: '' });
    mkdirSync(join(root, 'Dockerfile'));
    expect(() => writeWhole({ path: join(root, 'Dockerfile'), root, before: 'a', after: 'b' })).toThrow(
      'not a regular file',
    );
    expect(() => writeWhole({ path: join(root, 'gone'), root, before: 'a', after: 'b' })).toThrow('it is gone');
    expect(() => writeWhole({ path: join(root, 'file/new'), root, before: undefined, after: 'b' })).toThrow(
      /exist|folder/,
    );
    writeFileSync(join(root, 'file'), 'still here');
  });
});
