import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { anchorPattern, discover, excluder, isDockerfileName } from '../src/discover.ts';
import { Tree } from '../src/tree.ts';

// Whoever runs the tests may read everything, so that a refusal has to be played.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readdirSync = (path: string, ...rest: unknown[]): unknown => {
    if (path.endsWith('locked')) throw Object.assign(new Error('refused'), { code: 'EACCES' });
    return (fs.readdirSync as (...all: unknown[]) => unknown)(path, ...rest);
  };
  return { ...fs, readdirSync };
});

let base: string;
let root: string;
const put = (...paths: string[]): void => {
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), 'FROM scratch\n');
  }
};
const write = (path: string, text: string): void => {
  put(path);
  writeFileSync(join(root, path), text);
};
const find = (paths: string[] = [], exclude: string[] = [], changed?: string[]) => {
  const options = { exclude, ...(changed && { changed: new Set(changed) }) };
  const { dockerfiles, skipped } = discover(new Tree(root), paths, options);
  return { dockerfiles, skipped };
};

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'redock-discover-'));
  root = join(base, 'root');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('names', () => {
  test.each([
    'Dockerfile',
    'dockerfile',
    'Containerfile',
    'containerfile',
    'Dockerfile.dev',
    'Dockerfile.alpine3.20',
    'dockerfile.prod',
    'api.Dockerfile',
    'api.dockerfile',
    'api-dockerfile',
    'x.containerfile',
    'Dockerfile-debian',
    'Dockerfile_test',
    'Containerfile.rhel',
    'Dockerfile.tmpl',
    'Dockerfile.j2',
    'Dockerfile.template',
    'Dockerfile.erb',
    'Dockerfile.in',
    'Dockerfile.go',
    'Dockerfile.node',
  ])('%s is one', (name) => {
    expect(isDockerfileName(name)).toBe(true);
  });
  test.each([
    'Dockerfile.dockerignore',
    'api.Dockerfile.dockerignore',
    'Dockerfile.md',
    'Dockerfile.txt',
    'Dockerfile.orig',
    'Dockerfile.rej',
    'Dockerfile.bak',
    'Dockerfile.swp',
    '.Dockerfile.swp',
    'Dockerfile.sh',
    'dockerfile_lint.py',
    'Dockerfile.yml',
    'Dockerfile.yaml',
    'dockerfile-schema.json',
    'dockerfile.go',
    'dockerfile-parser.js',
    'Dockerfile_test.go',
    'Dockerfiles',
    'MyDockerfile',
    'dockerfile.vim',
    'docker-compose.yml',
    'Makefile',
    'DockerfileX',
  ])('%s is none', (name) => {
    expect(isDockerfileName(name)).toBe(false);
  });
});

describe('folders', () => {
  test('foreign and hidden folders are not entered; the order is that of code units', () => {
    put('b/Dockerfile', 'a/Dockerfile', 'Z/Dockerfile', 'Dockerfile', 'a/app.js');
    put(
      'node_modules/x/Dockerfile',
      'a/node_modules/Dockerfile',
      'vendor/Dockerfile',
      'third_party/Dockerfile',
      'bower_components/Dockerfile',
    );
    put(
      '.venv/Dockerfile',
      'venv/Dockerfile',
      'lib/site-packages/Dockerfile',
      'lib/dist-packages/Dockerfile',
      '.git/Dockerfile',
      '.hidden/Dockerfile',
    );
    expect(find()).toEqual({
      dockerfiles: ['Dockerfile', 'Z/Dockerfile', 'a/Dockerfile', 'b/Dockerfile'],
      skipped: [],
    });
  });

  test('a folder called Dockerfile is a folder, named or met', () => {
    put('Dockerfile/Dockerfile.dev', 'Dockerfile/notes.txt');
    expect(find().dockerfiles).toEqual(['Dockerfile/Dockerfile.dev']);
    expect(find(['Dockerfile']).dockerfiles).toEqual(['Dockerfile/Dockerfile.dev']);
  });

  test('nested .gitignore files and .git/info/exclude hold', () => {
    write('.gitignore', 'out/\n*.dev\n/only-here\n!keep.dev\n');
    write('a/.gitignore', '!Dockerfile.dev\nDockerfile.local\n');
    write('.git/info/exclude', 'Dockerfile.mine\n');
    put(
      'out/Dockerfile',
      'a/out/Dockerfile',
      'Dockerfile.dev',
      'a/Dockerfile.dev',
      'a/b/Dockerfile.dev',
      'b/Dockerfile.dev',
    );
    put(
      'a/Dockerfile.local',
      'b/Dockerfile.local',
      'only-here/Dockerfile',
      'b/only-here/Dockerfile',
      'b/Dockerfile.mine',
      'OUT/Dockerfile',
    );
    expect(find().dockerfiles).toEqual([
      'OUT/Dockerfile',
      'a/Dockerfile.dev',
      'a/b/Dockerfile.dev',
      'b/Dockerfile.local',
      'b/only-here/Dockerfile',
    ]);
    // The rules above a named folder hold inside of it.
    expect(find(['b']).dockerfiles).toEqual(['b/Dockerfile.local', 'b/only-here/Dockerfile']);
  });

  test('agrees with git about what is ignored', () => {
    write('.gitignore', 'build\n!build/keep\ndocs/*\n!docs/x\n**/tmp/\nfoo/**/bar\n\\#odd\n*.skip\n');
    write('docs/x/.gitignore', '*\n!Dockerfile\n');
    put(
      'build/Dockerfile',
      'build/keep/Dockerfile',
      'docs/Dockerfile',
      'docs/x/Dockerfile',
      'docs/x/Dockerfile.a',
      'a/tmp/Dockerfile',
    );
    put(
      'foo/bar/Dockerfile',
      'foo/1/2/bar/Dockerfile',
      'foo/1/Dockerfile',
      '#odd/Dockerfile',
      'Dockerfile.skip',
      'api.Dockerfile',
    );
    execFileSync('git', ['init', '-q', root]);
    const listed = execFileSync('git', ['-C', root, 'ls-files', '-co', '--exclude-standard', '-z'], {
      encoding: 'utf8',
    });
    const expected = listed.split('\0').filter((path) => isDockerfileName(path.split('/').at(-1) ?? ''));
    expect(find().dockerfiles).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(2);
  });

  test('a folder that cannot be read is one entry, and the rest is done', () => {
    put('a/Dockerfile', 'locked/Dockerfile', 'z/Dockerfile');
    expect(find()).toEqual({
      dockerfiles: ['a/Dockerfile', 'z/Dockerfile'],
      skipped: [{ path: 'locked', why: 'cannot be read: permission denied', failed: true }],
    });
  });
});

describe('named paths', () => {
  test('any file name, and folders that are ignored, hidden or foreign', () => {
    write('.gitignore', 'dist/\nlocal.df\n');
    put(
      'build.df',
      'local.df',
      'dist/Dockerfile',
      'dist/sub/Dockerfile',
      '.devcontainer/Dockerfile',
      'vendor/x/Dockerfile',
      'dist/node_modules/Dockerfile',
    );
    expect(find(['build.df', 'local.df', 'dist', '.devcontainer', 'vendor/x'])).toEqual({
      dockerfiles: [
        '.devcontainer/Dockerfile',
        'build.df',
        'dist/Dockerfile',
        'dist/sub/Dockerfile',
        'local.df',
        'vendor/x/Dockerfile',
      ],
      skipped: [],
    });
  });

  test('each file once', () => {
    put('a/Dockerfile');
    expect(find(['a', 'a/Dockerfile', './a/', 'a/../a/Dockerfile', '.']).dockerfiles).toEqual(['a/Dockerfile']);
  });

  test('what cannot be taken is told', () => {
    put('a/Dockerfile');
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(find(['nope', '../x', 'a', 'pipe'])).toEqual({
      dockerfiles: ['a/Dockerfile'],
      skipped: [
        { path: '../x', why: 'lies outside of the root folder', failed: true },
        { path: 'nope', why: 'does not exist', failed: true },
        { path: 'pipe', why: 'is not a regular file', failed: true },
      ],
    });
  });
});

describe('links', () => {
  test('folder links are not followed; file links are resolved once', () => {
    put('real/Dockerfile', 'common/base.df', 'node_modules/x/Dockerfile');
    symlinkSync('real', join(root, 'again'));
    symlinkSync('..', join(root, 'real/up'));
    symlinkSync('common/base.df', join(root, 'Dockerfile'));
    symlinkSync('real/Dockerfile', join(root, 'Dockerfile.two'));
    symlinkSync('node_modules/x/Dockerfile', join(root, 'Dockerfile.x'));
    const { dockerfiles, skipped } = find();
    expect(dockerfiles).toEqual(['common/base.df', 'real/Dockerfile']);
    expect(skipped).toEqual([
      { path: 'Dockerfile', why: 'is a link to common/base.df', failed: false },
      { path: 'Dockerfile.two', why: 'is a link to real/Dockerfile', failed: false },
      { path: 'Dockerfile.x', why: 'is a link to node_modules/x/Dockerfile', failed: false },
    ]);
    expect(find(['again']).dockerfiles).toEqual(['real/Dockerfile']);
  });

  test('links that lead nowhere or out are reported, pipes too', () => {
    writeFileSync(join(base, 'outside'), 'FROM x');
    symlinkSync('../outside', join(root, 'Dockerfile.out'));
    symlinkSync('nowhere', join(root, 'Dockerfile.broken'));
    execFileSync('mkfifo', [join(root, 'Dockerfile.pipe')]);
    expect(find()).toEqual({
      dockerfiles: [],
      skipped: [
        { path: 'Dockerfile.broken', why: 'is a broken link', failed: true },
        { path: 'Dockerfile.out', why: 'is a link that leads out of the root folder', failed: true },
        { path: 'Dockerfile.pipe', why: 'is not a regular file', failed: true },
      ],
    });
  });
});

describe('files that tell of builds', () => {
  const buildFiles = (paths: string[], exclude: string[] = []) =>
    discover(new Tree(root), paths, { exclude }).buildFiles;

  test('are handed on from a walk of the whole root', () => {
    put('Dockerfile', 'compose.yaml', 'deploy/docker-bake.hcl', 'app.js', 'node_modules/x/compose.yaml');
    expect(buildFiles([])).toEqual(['Dockerfile', 'compose.yaml', 'deploy/docker-bake.hcl']);
    expect(buildFiles(['.'])?.length).toBe(3);
  });

  test('are unknown where it was not walked whole', () => {
    put('Dockerfile', 'compose.yaml', 'deploy/docker-bake.hcl');
    expect(buildFiles(['deploy'])).toBeUndefined();
    expect(buildFiles([], ['/deploy'])).toBeUndefined();
  });
});

describe('choosing', () => {
  test('--exclude speaks the language of .gitignore, for named paths too', () => {
    put('a/Dockerfile', 'b/Dockerfile', 'b/test/Dockerfile', 'c/test/Dockerfile', 'c/Dockerfile.old');
    expect(find([], ['test/', '/b', '*.old']).dockerfiles).toEqual(['a/Dockerfile']);
    expect(find(['b/test', 'a'], ['test/'])).toEqual({
      dockerfiles: ['a/Dockerfile'],
      skipped: [{ path: 'b/test', why: 'is excluded', failed: false }],
    });
    put('test-file/Dockerfile', 'plain');
    expect(find(['plain'], ['plain/']).dockerfiles).toEqual(['plain']);
  });

  test('only changed files', () => {
    put('a/Dockerfile', 'b/Dockerfile');
    symlinkSync('nowhere', join(root, 'Dockerfile.broken'));
    expect(find([], [], ['b/Dockerfile', 'b/app.js'])).toEqual({ dockerfiles: ['b/Dockerfile'], skipped: [] });
  });

  test('patterns of a configuration file are tied to its folder', () => {
    expect([
      anchorPattern('x', ''),
      anchorPattern('x/', 'a/b'),
      anchorPattern('/x', 'a'),
      anchorPattern('!x/y', 'a'),
    ]).toEqual(['x', '/a/b/**/x/', '/a/x', '!/a/x/y']);
    const excluded = excluder([anchorPattern('old', 'a'), anchorPattern('!old/new', 'a')]);
    expect([excluded('a/old', true), excluded('a/c/old/Dockerfile'), excluded('old'), excluded('b/old')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
