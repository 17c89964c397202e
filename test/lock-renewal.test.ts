/** The life of a lock as its user has it: pinned over the shop, renewed when the tags move, without a network, by hand. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readArguments } from '../src/commands/argv.ts';
import { main } from '../src/commands/main.ts';
import { ioFor } from './io.ts';
import { serve } from './registry/backend.ts';
import { digestOf } from './registry/content.ts';
import { folders } from './spawn.ts';

const folder = folders();

/** Every tag of every image stands for an index of this generation. */
let generation: number;
let silent: boolean;
let hanging: boolean;
let stopping: AbortController;
let hub: Awaited<ReturnType<typeof serve>>;
let env: Record<string, string | undefined>;
let now: number;

const indexOf = (path: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [{ platform: { os: 'linux', architecture: 'amd64' } }],
      annotations: { path, generation },
    }),
  );
/** `node:22` */
const digestNow = (image: string): string =>
  digestOf(indexOf(`/v2/library/${image.split(':')[0]}/manifests/${image.split(':')[1]}`));

beforeEach(async () => {
  generation = 1;
  silent = false;
  hanging = false;
  stopping = new AbortController();
  now = Date.UTC(2026, 10, 1);
  hub = await serve(({ url = '' }, response) => {
    if (hanging) setTimeout(() => stopping.abort(), 20);
    else if (silent) response.writeHead(404).end();
    else if (url.includes('/tags/list')) response.end('{"tags":[]}');
    else response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }).end(indexOf(url));
  });
  const home = folder({
    '.config/docker/daemon.json': JSON.stringify({ 'registry-mirrors': [`http://${hub.host}`] }),
  });
  env = { HOME: home, HTTPS_PROXY: 'http://127.0.0.1:9', PATH: process.env.PATH };
});
afterEach(() => hub.stop());

async function redock(cwd: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, said } = ioFor(cwd, {
    env,
    now: () => now,
    stopped: () => stopping.signal.aborted,
    signal: stopping.signal,
  });
  const args = await readArguments(argv, '0');
  if ('text' in args) throw new Error(args.text);
  return { code: await main(args, io), ...said };
}

const DIGEST = ['--only', 'pin-base', '--set', 'pin-base.to=digest', '--set', 'pin-base.advice=false'];
const lockOf = (root: string): string => readFileSync(join(root, 'redock.lock'), 'utf8');
const changed = (out: string, mark: '+' | '-'): string[] =>
  out.split('\n').filter((line) => line.startsWith(`${mark}FROM`) || line.startsWith(`${mark}COPY`));

function shop(): string {
  const root = folder({ '.git/HEAD': '' });
  const source = join(import.meta.dirname, '..', 'fixtures', 'shop');
  for (const name of readdirSync(source))
    if (name !== 'expected') cpSync(join(source, name), join(root, name), { recursive: true });
  return root;
}

it('pins the shop, and renews every digest beside its tag after the tags have moved', async () => {
  const root = shop();
  expect(await redock(root, 'lock')).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^redock\.lock: \d+ image\(s\): \d+ new\n$/),
  });
  const first = await redock(root, 'diff', ...DIGEST);
  expect(first.err).not.toContain('wished for');
  const pinned = changed(first.out, '+');
  expect(pinned.length).toBeGreaterThanOrEqual(8);
  for (const line of pinned) {
    const [, image, digest] = /([\w-]+:[\w.-]+)@(sha256:\w{64})/.exec(line) as RegExpExecArray;
    expect(digest, line).toBe(digestNow(image as string));
  }
  expect((await redock(root, 'apply', '--allow-dirty', ...DIGEST)).code).toBe(0);
  expect((await redock(root, 'diff', ...DIGEST)).out).toBe('');

  // golang without a tag is gone: go.mod decided on one
  expect((await redock(root, 'lock')).err).toMatch(/: \d+ gone\n$/);
  // nothing moved: the file stays as it is, days later as well
  const before = lockOf(root);
  now += 5 * 86_400_000;
  await redock(root, 'lock', '--update');
  expect(lockOf(root)).toBe(before);

  generation = 2;
  const old = Object.fromEntries(pinned.map((line) => [/([\w-]+:[\w.-]+)@/.exec(line)?.[1] as string, line]));
  expect((await redock(root, 'lock')).err).toContain('nothing new');
  expect((await redock(root, 'lock', '--update')).err).toMatch(/: \d+ renewed\n$/);
  const second = await redock(root, 'diff', ...DIGEST);
  expect(changed(second.out, '-').sort()).toEqual(pinned.map((line) => line.replace('+', '-')).sort());
  for (const line of changed(second.out, '+')) {
    const [, image, digest] = /([\w-]+:[\w.-]+)@(sha256:\w{64})/.exec(line) as RegExpExecArray;
    expect(digest, line).toBe(digestNow(image as string));
    expect(old[image as string]?.replace(/@.*/, '')).toBe(line.replace(/@.*/, ''));
  }
  await redock(root, 'apply', '--allow-dirty', ...DIGEST);
  expect((await redock(root, 'diff', ...DIGEST)).out).toBe('');

  // what the file held is not remembered for longer than somebody has it
  const day = /^date = .*$/gm;
  const dates = lockOf(root).match(day);
  now += 86_400_000;
  await redock(root, 'lock', '--update');
  expect(lockOf(root)).not.toContain('replaces');
  expect(lockOf(root).match(day)).toEqual(dates);
  // six passes over eight services
}, 120_000);

it('changes few lines of the lock for one image that moved', async () => {
  const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:22\nFROM python:3.13\nFROM golang:1.26\n' });
  await redock(root, 'lock');
  const before = lockOf(root);
  writeFileSync(join(root, 'redock.lock'), before.replace(digestNow('node:22'), `sha256:${'a'.repeat(64)}`));
  const path = join(folder(), 'before');
  writeFileSync(path, lockOf(root));
  now += 86_400_000;
  await redock(root, 'lock', '--update');
  let diff = '';
  try {
    execFileSync('diff', [path, join(root, 'redock.lock')], { encoding: 'utf8' });
  } catch (error) {
    diff = (error as { stdout: string }).stdout;
  }
  expect(diff.split('\n').filter((line) => /^[<>]/.test(line))).toEqual([
    `< digest = "sha256:${'a'.repeat(64)}"`,
    '< date = "2026-11-01"',
    `> digest = "${digestNow('node:22')}"`,
    '> date = "2026-11-02"',
  ]);
});

it('without an answer writes no empty file, says why in one line, and leaves what is there', async () => {
  const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:22\nFROM python:3.13\n' });
  silent = true;
  expect(await redock(root, 'lock')).toEqual({
    code: 3,
    out: '',
    err: 'node:22, python:3.13: the proxy 127.0.0.1:9 cannot be reached (ECONNREFUSED)\nredock.lock: not written, no registry answered\n',
  });
  expect(existsSync(join(root, 'redock.lock'))).toBe(false);
  const online = await redock(root, 'diff', ...DIGEST, '--online');
  expect(online.err).toContain('node:22, python:3.13: the proxy 127.0.0.1:9 cannot be reached');
  silent = false;
  await redock(root, 'lock');
  const before = lockOf(root);
  silent = true;
  rmSync(join(env.HOME as string, '.cache'), { recursive: true });
  expect((await redock(root, 'lock', '--update')).code).toBe(3);
  expect(lockOf(root)).toBe(before);
  const scratch = folder({ '.git/HEAD': '', Dockerfile: 'FROM scratch\n' });
  expect(await redock(scratch, 'lock')).toEqual({
    code: 0,
    out: '',
    err: 'redock.lock: not written, no image is used by its tag\n',
  });
});

it('leaves what people wrote into the file, and its line ends', async () => {
  const text = `# The pins of the platform team.
version = 1

# 3.14 breaks the importer
[[image]]
name = "python"
tag = "3.13"
digest = "sha256:${'a'.repeat(64)}"
date = "2026-10-01"
platforms = ["linux/amd64"]

# asked for by the auditors
[[package]]
name = "pnpm"
manager = 'npm'
version = "10.20.0" # not 11 yet
`;
  const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM golang:1.26\nFROM python:3.13\n', 'redock.lock': text });
  await redock(root, 'lock');
  const block = lockOf(root).slice(lockOf(root).indexOf('[[image]]'), lockOf(root).indexOf('# 3.14'));
  expect(block).toContain('name = "golang"');
  expect(lockOf(root)).toBe(text.replace('# 3.14', () => `${block}# 3.14`));
  await redock(root, 'lock', '--update');
  expect(lockOf(root)).toContain(
    `# 3.14 breaks the importer\n[[image]]\nname = "python"\ntag = "3.13"\ndigest = "${digestNow('python:3.13')}"`,
  );
  expect(lockOf(root)).toContain(text.slice(text.indexOf('# asked')));
  writeFileSync(join(root, 'redock.lock'), text.replaceAll('\n', '\r\n'));
  await redock(root, 'lock');
  expect(lockOf(root).replaceAll('\r\n', '\n')).toBe(text.replace('# 3.14', () => `${block}# 3.14`));
  expect(lockOf(root)).not.toMatch(/[^\r]\n/);
});

it('says where two people changed the same image, and writes nothing', async () => {
  const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:22\n' });
  await redock(root, 'lock');
  const text = lockOf(root).replace(/(digest = .*\n)/, '<<<<<<< HEAD\n$1=======\n$1>>>>>>> other\n');
  writeFileSync(join(root, 'redock.lock'), text);
  await expect(redock(root, 'lock', '--update')).rejects.toThrow(/^redock\.lock: line 7: /);
  expect(lockOf(root)).toBe(text);
  const { code, out, err } = await redock(root, 'diff', ...DIGEST);
  expect([code, out]).toEqual([0, '']);
  expect(err).toContain('redock.lock cannot be read: line 7');
});

it('ends as soon as somebody interrupts it, and writes nothing', async () => {
  const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:22\nFROM python:3.13\n' });
  hanging = true;
  expect((await redock(root, 'lock')).code).toBe(130);
  expect(existsSync(join(root, 'redock.lock'))).toBe(false);
});
