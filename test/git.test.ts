import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedFiles, dirtyFiles, repositoryOf } from '../src/git.ts';
import { commitAll, exec, folders } from './spawn.ts';

const folder = folders();

describe('repositoryOf', () => {
  it('finds the nearest folder with .git, be it a folder or a file', () => {
    const root = folder({ 'a/b/x': '', 'sub/.git': 'gitdir: elsewhere\n', 'sub/deep/x': '' });
    mkdirSync(join(root, '.git'));
    expect(repositoryOf(join(root, 'a/b'))).toBe(root);
    expect(repositoryOf(join(root, 'sub/deep'))).toBe(join(root, 'sub'));
  });
});

describe('dirtyFiles', () => {
  it('knows changed, staged, untracked and ignored files, and odd names', () => {
    const names = ['clean', 'changed', 'staged', 'a b', '[x]', 'ä"'];
    const root = folder({
      ...Object.fromEntries(names.map((name) => [name, 'a'])),
      x: 'a',
      '.gitignore': 'ignored/\n',
    });
    commitAll(root);
    for (const name of ['changed', 'staged', 'a b', '[x]', 'ä"']) writeFileSync(join(root, name), 'b');
    exec(root, 'git', ['add', 'staged']);
    mkdirSync(join(root, 'ignored'));
    mkdirSync(join(root, 'new'));
    writeFileSync(join(root, 'ignored/Dockerfile'), 'a');
    writeFileSync(join(root, 'new/Dockerfile'), 'a');
    const asked = [...names, 'x', 'ignored/Dockerfile', 'new/Dockerfile'].map((name) => join(root, name));
    expect(
      Object.fromEntries(dirtyFiles(asked).map(({ path, state }) => [path.slice(root.length + 1), state])),
    ).toEqual({
      changed: 'uncommitted changes',
      staged: 'uncommitted changes',
      'a b': 'uncommitted changes',
      '[x]': 'uncommitted changes',
      'ä"': 'uncommitted changes',
      'ignored/Dockerfile': 'ignored by git',
      'new/Dockerfile': 'untracked',
    });
  });

  it('asks the repository that a file belongs to', () => {
    const root = folder({ Dockerfile: 'a', 'inner/Dockerfile': 'a' });
    commitAll(join(root, 'inner'));
    commitAll(root);
    writeFileSync(join(root, 'inner/Dockerfile'), 'b');
    expect(dirtyFiles([join(root, 'Dockerfile'), join(root, 'inner/Dockerfile')])).toEqual([
      { path: join(root, 'inner/Dockerfile'), state: 'uncommitted changes' },
    ]);
  });

  it('says nothing where there is no repository', () => {
    const root = folder({ Dockerfile: 'a' });
    mkdirSync(join(root, '.git'));
    expect(dirtyFiles([join(root, 'Dockerfile')])).toEqual([]);
  });

  it('copes with more names than a command line takes', () => {
    const names = Array.from({ length: 400 }, (_, index) => `${'long'.repeat(30)}${index}`);
    const root = folder(Object.fromEntries(names.map((name) => [name, 'a'])));
    commitAll(root);
    writeFileSync(join(root, names[399] as string), 'b');
    expect(dirtyFiles(names.map((name) => join(root, name)))).toHaveLength(1);
  });
});

describe('changedFiles', () => {
  it('lists what differs from a commit, new files included, deleted ones not', () => {
    const root = folder({ same: 'a', changed: 'a', gone: 'a', 'sub/changed': 'a' });
    commitAll(root);
    writeFileSync(join(root, 'changed'), 'b');
    writeFileSync(join(root, 'sub/changed'), 'b');
    writeFileSync(join(root, 'ä new'), 'b');
    rmSync(join(root, 'gone'));
    expect(changedFiles(root, '')).toEqual(['changed', 'sub/changed', 'ä new']);
    expect(changedFiles(join(root, 'sub'), 'HEAD')).toEqual(['changed']);
  });

  it('refuses what is no commit', () => {
    const root = folder({ a: '' });
    commitAll(root);
    expect(() => changedFiles(root, 'nope')).toThrow('cannot compare with nope');
    expect(() => changedFiles(root, '--output=x')).toThrow('not a commit');
    expect(() => changedFiles(folder(), 'HEAD')).toThrow('git cannot compare');
  });
});
