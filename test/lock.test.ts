/** redock.lock and --online: what is written, what is asked, and what never is. */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArguments } from '../src/commands/argv.ts';
import { main } from '../src/commands/main.ts';
import { formatLock, type LockEntry, parseLock } from '../src/lock-file.ts';
import { patchCandidates } from '../src/registry/patch-tag.ts';
import { ioFor } from './io.ts';
import { type Auth, type Backend, PASSWORD, USER } from './registry/backend.ts';
import { NODE_AMD64, NODE_INDEX, OLD_SINGLE } from './registry/content.ts';
import { startServer } from './registry/server.ts';
import { folders } from './spawn.ts';

const folder = folders();
const DAY = Date.UTC(2026, 10, 21);

describe('the lock file', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
  const entry: fc.Arbitrary<LockEntry> = fc.record(
    {
      name: fc.oneof(
        word,
        fc.tuple(word, word).map(([a, b]) => `ghcr.io/${a}/${b}`),
      ),
      tag: fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,20}$/),
      digest,
      patch: word,
      date: fc.constantFrom('2026-11-21', '1999-01-31'),
      platforms: fc.uniqueArray(fc.constantFrom('linux/amd64', 'linux/arm/v7', 'windows/amd64'), { minLength: 1 }),
    },
    { requiredKeys: ['name', 'tag', 'digest', 'date', 'platforms'] },
  );
  const entries = fc.uniqueArray(entry, { selector: ({ name, tag }) => `${name}:${tag}`, maxLength: 8 });

  it('comes back as it was written, whatever the order, with CRLF as well', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const text = formatLock(list);
        expect(formatLock([...list].reverse())).toBe(text);
        for (const variant of [text, text.replaceAll('\n', '\r\n')]) {
          const read = parseLock(variant);
          if ('error' in read) throw new Error(read.error);
          expect(formatLock(read.entries)).toBe(text);
          for (const { line } of read.entries) expect(variant.split(/\r?\n/)[line - 1]).toBe('[[image]]');
        }
      }),
    );
  });

  it('holds packages that people wrote down, sorted behind the images', () => {
    const packages = [
      { manager: 'npm', name: '@scope/b', version: '1.0.0' },
      { manager: 'apt', name: 'libstdc++6', version: '1:14.2.0-19+deb13u1~x', release: 'trixie' },
    ] as const;
    const text = formatLock([], packages);
    const read = parseLock(text);
    if ('error' in read) throw new Error(read.error);
    expect(read.packages.map(({ name, line }) => [name, line])).toEqual([
      ['libstdc++6', 4],
      ['@scope/b', 10],
    ]);
    expect(formatLock(read.entries, [...read.packages].reverse())).toBe(text);
  });

  const good = formatLock([
    { name: 'node', tag: '22', digest: NODE_INDEX, date: '2026-11-21', platforms: ['linux/amd64'] },
  ]);
  it.each([
    ['conflict marks', good.replace('digest', '<<<<<<< HEAD\ndigest'), /^line \d+: /],
    ['a later version', good.replace('version = 1', 'version = 2'), /version 2, this redock reads 1/],
    ['no version', '', /version undefined/],
    ['a digest that is none', good.replace(NODE_INDEX, 'sha256:123'), /^line 4: this block is no image/],
    ['a name with a tag', good.replace('"node"', '"node:22"'), /^line 4: /],
    ['one image twice', good + good.slice(good.indexOf('\n[[')), /^lines 4 and 11 are both about node:22/],
    [
      'a package of a manager that it does not know',
      `${good}\n[[package]]\nmanager = "nix"\nname = "a"\nversion = "1"\n`,
      /^line 11: /,
    ],
    [
      'a version that is more than a word',
      `${good}\n[[package]]\nmanager = "npm"\nname = "a"\nversion = "1; b"\n`,
      /^line 11: /,
    ],
  ])('is not believed with %s', (_, text, message) => {
    expect(parseLock(text)).toEqual({ error: expect.stringMatching(message) });
  });
});

describe('patch releases', () => {
  const TAGS =
    '22 22-slim 22.21 22.21.1 22.21.1-slim 22.21.0-slim 22.20.0-slim 22.9.0-slim 24.1.0-slim 22.22.0-rc1-slim 22.22.0rc1-slim 22.21-slim slim v22.30.0-slim'.split(
      ' ',
    );

  it.each([
    ['22-slim', ['22.21.1-slim', '22.20.0-slim', '22.9.0-slim']],
    ['22', ['22.21.1']],
    ['22.21-slim', ['22.21.1-slim', '22.21.0-slim']],
    ['slim', ['24.1.0-slim', '22.21.1-slim']],
    ['lts-slim', ['24.1.0-slim', '22.21.1-slim']],
    ['latest', ['22.21.1']],
    ['22.21.1-slim', []],
    ['21-slim', []],
    ['22-alpine', []],
  ])('%s may be one of %j', (tag, candidates) => {
    const own = patchCandidates(tag, TAGS).filter((it) => !it.startsWith('v'));
    expect(own).toEqual(candidates);
  });

  it('know numbers behind an underline, and a v before them', () => {
    expect(patchCandidates('21-jre', ['21.0.8_9-jre', '21.0.9_10-jre', '21.0.9_9-jre'])).toEqual(['21.0.9_10-jre']);
    expect(patchCandidates('v3', ['3.9.0', 'v3.1.2', 'v3.1'])).toEqual(['v3.1.2']);
    expect(patchCandidates('latest', ['v3.1.2'])).toEqual(['v3.1.2']);
  });
});

describe.each<Auth>(['none', 'basic'])('redock with a registry (%s)', (auth) => {
  let hub: Backend;
  let home: string;
  let env: Record<string, string | undefined>;
  let now: number;
  beforeEach(async () => {
    hub = await startServer(auth);
    const login = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
    home = folder({
      '.config/docker/daemon.json': JSON.stringify({ 'registry-mirrors': [`http://${hub.host}`] }),
      '.docker/config.json': JSON.stringify({ auths: { [hub.host]: { auth: login } } }),
    });
    // whatever is not the mirror ends at a proxy that is not there
    env = { HOME: home, HTTPS_PROXY: 'http://127.0.0.1:9', PATH: process.env.PATH };
    now = DAY;
  });
  afterEach(() => hub.stop());

  async function redock(cwd: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const { io, said } = ioFor(cwd, { env, now: () => now, stdin: async () => Buffer.from('FROM node:22-slim\n') });
    const args = await readArguments(argv, '0');
    if ('text' in args) throw new Error(args.text);
    return { code: await main(args, io), ...said };
  }

  const PIN = ['--only', 'pin-base', '--set', 'pin-base.advice=false', '--set'];
  const DIGEST = [...PIN, 'pin-base.to=digest'];
  const lockOf = (root: string): string => readFileSync(join(root, 'redock.lock'), 'utf8');

  it('writes the lock once, and again only what is new or asked for', async () => {
    const root = folder({
      '.git/HEAD': '',
      'a/Dockerfile': 'FROM node:22-slim AS build\nFROM node:22-slim\nCOPY --from=build /x /x\n',
      'b/Dockerfile': 'FROM old\nFROM scratch\n',
    });
    const first = await redock(root, 'lock');
    expect(first).toEqual({ code: 0, out: '', err: 'redock.lock: 2 image(s): 2 new\n' });
    expect(lockOf(root)).toBe(
      formatLock([
        {
          name: 'node',
          tag: '22-slim',
          digest: NODE_INDEX,
          patch: '22.21.1-slim',
          date: '2026-11-21',
          platforms: ['linux/amd64', 'linux/arm/v7'],
        },
        { name: 'old', tag: 'latest', digest: OLD_SINGLE, date: '2026-11-21', platforms: ['linux/amd64'] },
      ]),
    );
    now += 48 * 3600 * 1000;
    const written = lockOf(root);
    expect((await redock(root, 'lock')).err).toBe('redock.lock: 2 image(s), nothing new\n');
    expect((await redock(root, 'lock', '--update')).err).toBe('redock.lock: 2 image(s), nothing new\n');
    expect(lockOf(root)).toBe(written);
    // the tag stood for another image when it was locked
    writeFileSync(join(root, 'redock.lock'), written.replace(NODE_INDEX, NODE_AMD64));
    expect((await redock(root, 'lock')).err).toContain('nothing new');
    expect((await redock(root, 'lock', '--update')).err).toBe('redock.lock: 2 image(s): 1 renewed\n');
    expect(lockOf(root)).toBe(written.replace('2026-11-21', '2026-11-23'));
  });

  it('keeps the packages that people wrote down', async () => {
    const packages = formatLock([], [{ manager: 'npm', name: 'pnpm', version: '10.20.0' }]);
    const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM old\n', 'redock.lock': packages });
    expect((await redock(root, 'lock')).err).toBe('redock.lock: 1 image(s): 1 new\n');
    expect(lockOf(root)).toContain('[[package]]\nmanager = "npm"\nname = "pnpm"\nversion = "10.20.0"\n');
  });

  it('forgets what nobody uses, unless it looked at a part only; keeps what did not answer', async () => {
    const root = folder({ '.git/HEAD': '', 'a/Dockerfile': 'FROM node:22-slim\n', 'b/Dockerfile': 'FROM old\n' });
    await redock(root, 'lock', 'a');
    await redock(root, 'lock', 'b');
    expect(lockOf(root).match(/^name = .*$/gm)).toEqual(['name = "node"', 'name = "old"']);
    writeFileSync(join(root, 'b/Dockerfile'), 'FROM node:99\nFROM ghcr.io/x/y:1\n');
    const failing = await redock(root, 'lock');
    expect(failing.code).toBe(3);
    expect(failing.err).toContain('node:99, ghcr.io/x/y:1: the proxy 127.0.0.1:9 cannot be reached');
    expect(failing.err).toContain('redock.lock: 1 image(s): 1 gone');
    expect(lockOf(root).match(/^name = .*$/gm)).toEqual(['name = "node"']);
    // nothing of a lock that cannot be read is overwritten
    writeFileSync(join(root, 'redock.lock'), 'version = 7\n');
    await expect(redock(root, 'lock')).rejects.toThrow('redock.lock: it has the version 7, this redock reads 1');
    expect(lockOf(root)).toBe('version = 7\n');
    await expect(redock(root, 'lock', '-')).rejects.toThrow('lock needs files or folders');
  });

  it('pins from the lock without the network, and from the registry with --online', async () => {
    const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:22-slim\nCOPY --from=old:single /x /x\n' });
    const offline = await redock(root, 'diff', ...DIGEST);
    expect([offline.code, offline.out]).toEqual([0, '']);
    expect(offline.err).toContain('2 pins are wished for and not known: `redock lock` asks');
    const online = await redock(root, 'diff', ...DIGEST, '--online');
    expect(online.out).toContain(`+FROM node:22-slim@${NODE_INDEX}\n`);
    expect(online.out).toContain(`+COPY --from=old:single@${OLD_SINGLE} /x /x\n`);
    expect(online.err).not.toContain('wished for');
    expect((await redock(root, 'diff', ...PIN, 'pin-base.to=patch', '--online')).out).toContain(
      '+FROM node:22.21.1-slim\n',
    );
    await redock(root, 'lock');
    await hub.stop();
    expect((await redock(root, 'diff', ...DIGEST)).out).toBe(online.out);
    expect((await redock(root, '-', ...DIGEST)).out).toBe(`FROM node:22-slim@${NODE_INDEX}\n`);
    expect((await redock(root, 'apply', '--allow-dirty', ...DIGEST)).code).toBe(0);
    expect((await redock(root, 'diff', ...DIGEST, '--check')).code).toBe(0);
    hub = await startServer(auth);
  });

  it('renews a digest from the registry when asked online, and misses nothing offline', async () => {
    const root = folder({ '.git/HEAD': '', Dockerfile: `FROM node:22-slim@${NODE_AMD64}\nFROM node@${NODE_AMD64}\n` });
    expect(await redock(root, 'diff', ...DIGEST)).toMatchObject({
      code: 0,
      out: '',
      err: expect.not.stringContaining('wished'),
    });
    const { out } = await redock(root, 'diff', ...DIGEST, '--online');
    expect(out).toContain(`-FROM node:22-slim@${NODE_AMD64}\n+FROM node:22-slim@${NODE_INDEX}\n`);
    expect(out).not.toContain(`-FROM node@${NODE_AMD64}`);
  });

  it('says which reference has no answer, and goes on with the others', async () => {
    const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:99\nFROM node:22-slim\n' });
    const { code, out, err } = await redock(root, 'diff', ...DIGEST, '--online');
    expect(code).toBe(0);
    expect(out).toContain(`+FROM node:22-slim@${NODE_INDEX}\n`);
    expect(out).not.toContain('+FROM node:99');
    expect(err).toContain('node:99: the proxy 127.0.0.1:9 cannot be reached');
    expect((await redock(root, '-', ...DIGEST, '--online')).out).toBe(`FROM node:22-slim@${NODE_INDEX}\n`);
  });

  it.runIf(auth === 'basic')(
    'runs a credential helper when it is asked online and the registry asks, and never else',
    async () => {
      const ran = join(home, 'ran');
      const helper = join(home, 'docker-credential-mine');
      writeFileSync(
        helper,
        `#!/bin/sh\necho run >> ${ran}\necho '${JSON.stringify({ Username: USER, Secret: PASSWORD })}'\n`,
      );
      chmodSync(helper, 0o755);
      writeFileSync(join(home, '.docker/config.json'), '{"credsStore":"mine"}');
      env.PATH = `${home}${delimiter}${env.PATH}`;
      const root = folder({ '.git/HEAD': '', Dockerfile: 'FROM node:22-slim\nFROM old\n' });
      await redock(root, 'diff', ...DIGEST);
      expect(existsSync(ran)).toBe(false);
      expect((await redock(root, 'diff', ...DIGEST, '--online')).out).toContain(`@${OLD_SINGLE}`);
      expect(readFileSync(ran, 'utf8')).toBe('run\n');
    },
  );
});
