/** Worker threads: the same bytes with any number of them, whatever one Dockerfile plans that another one reads. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { diff } from '../src/commands/diff.ts';
import { threadsFor } from '../src/commands/run.ts';
import { Plans } from '../src/threads/reach.ts';
import { transforms } from '../transforms/index.ts';
import { ioFor } from './io.ts';
import { builtBefore, commitAll, folders, PROGRAM, redock } from './spawn.ts';

builtBefore();
const folder = folders();

const NODE =
  'FROM node:22-slim\nARG NPM_TOKEN\nWORKDIR /app\nCOPY . .\nRUN NPM_TOKEN=$NPM_TOKEN npm ci\nCMD node server.js\n';
const PYTHON = 'from python:3.12 as app\nWORKDIR srv\nCOPY . .\nRUN pip install -r requirements.txt\n';
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Services of one compose file, which their Dockerfiles change, others with the root as their context, and some alone. */
function monorepo(): Record<string, string> {
  const files: Record<string, string> = { 'requirements.txt': 'flask==3.0.0\n', 'redock.lock': 'not a lock file\n' };
  let compose = 'services:\n';
  for (const i of range(14)) {
    files[`web-${i}/Dockerfile`] = NODE;
    files[`web-${i}/package.json`] = `{"name":"web-${i}","version":"1.0.0"}\n`;
    files[`web-${i}/package-lock.json`] = `{"name":"web-${i}","lockfileVersion":3,"packages":{}}\n`;
    files[`web-${i}/server.js`] = "require('http').createServer().listen(80);\n";
    compose += `  web-${i}:\n    build:\n      context: web-${i}\n      args:\n        NPM_TOKEN:\n`;
  }
  for (const i of range(14)) {
    files[`apps/${i}/Dockerfile`] = PYTHON;
    compose += `  app-${i}:\n    build:\n      context: .\n      dockerfile: apps/${i}/Dockerfile\n`;
  }
  for (const i of range(14)) {
    files[`jobs/${i}/Dockerfile`] = PYTHON;
    files[`jobs/${i}/requirements.txt`] = 'flask==3.0.0\n';
  }
  return { ...files, 'compose.yaml': compose, 'broken/Dockerfile': 'FROM\n', 'template/Dockerfile': 'FROM {{ x }}\n' };
}

describe('threads', () => {
  it('say and write the same, in the same order', () => {
    const root = folder(monorepo());
    commitAll(root);
    const [one, two, four] = ['1', '2', '4'].map((jobs) =>
      redock(root, 'diff', '-v', '--format', 'json', '--jobs', jobs),
    );
    expect(two).toEqual(one);
    expect(four).toEqual(one);
    expect(one?.code).toBe(3);
    expect(one?.out).toContain('secrets:');
    const { err } = redock(root, 'apply', '-j', '4');
    expect(err).toContain('changed');
    commitAll(root);
    expect(redock(root, 'diff', '-j', '4').out).toBe('');
  }, 300_000);

  it('end on a signal', async () => {
    const root = folder(Object.fromEntries(range(300).map((i) => [`${i}/Dockerfile`, PYTHON])));
    const child = spawn(process.execPath, [PROGRAM, 'diff', '-j', '2'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.resume();
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdout.resume();
    expect(await new Promise((done) => child.on('exit', done))).toBe(130);
  }, 60_000);

  it('fail the file that one of them dies of, and no other', async () => {
    const root = folder({
      ...Object.fromEntries(range(40).map((i) => [`${i}/Dockerfile`, 'FROM alpine:3.20 as a\n'])),
      'deadly.mjs':
        "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => process.exit(7));\n",
    });
    const { io, said } = ioFor(root, { program: pathToFileURL(join(root, 'deadly.mjs')) });
    const request = {
      paths: [],
      transforms,
      flags: { only: ['modernize'] },
      exclude: [],
      changed: undefined,
      context: undefined,
      configFile: undefined,
      noConfig: false,
      online: false,
      foreign: false,
      jobs: 2,
      commands: [],
    };
    expect(await diff(request, { format: 'patch', check: false, quiet: false, verbose: false }, io)).toBe(3);
    const failures = said.err.split('\n').filter((line) => line.startsWith('error'));
    expect(failures).toHaveLength(2);
    for (const line of failures)
      expect(line).toMatch(/Dockerfile:1: the thread .* exit code 7; please report it \(crash\)$/);
    expect(said.err).toContain('40 files: 38 would change, 0 unchanged, 2 failed');
    expect(said.out.match(/^\+FROM alpine:3\.20 AS a$/gm)).toHaveLength(38);
  }, 60_000);
});

describe('how many there are', () => {
  it.each([
    // Dockerfiles, processors, --jobs
    [10_000, 2, undefined, 1],
    [127, 8, undefined, 1],
    [128, 8, undefined, 2],
    [10_000, 4, undefined, 4],
    [10_000, 64, undefined, 8],
    [10_000, 2, 3, 3],
    [2, 8, 16, 2],
    [10_000, 8, 1, 1],
  ])('%i Dockerfiles, %i processors, --jobs %s: %i', (files, processors, jobs, expected) => {
    expect(threadsFor(files, processors, jobs)).toBe(expected);
  });
});

describe('a planned file', () => {
  it('reaches those that may read it', () => {
    const plans = new Plans();
    plans.add('a/.dockerignore', ['a']);
    plans.add('b/Dockerfile.dockerignore', ['b', 'shared']);
    expect(plans.readable(['a'])).toEqual(['a/.dockerignore']);
    expect(plans.readable([''])).toEqual(['a/.dockerignore', 'b/Dockerfile.dockerignore']);
    expect(plans.readable(['shared'])).toEqual(['b/Dockerfile.dockerignore']);
    expect(plans.concern(['c', 'a/b'], 0, 2)).toBe(false);
    expect(plans.concern(['a'], 1, 2)).toBe(false);
    plans.add('compose.yaml', ['c']);
    expect(plans.readable(['x'])).toEqual(['compose.yaml']);
    expect(plans.concern(['x'], 2, plans.count)).toBe(true);
  });
});
