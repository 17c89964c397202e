/** `redock verify` as a user calls it, against a real engine: proof, blame, and what is left behind when it is killed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/verify/engine.ts';
import { findEngine } from '../../src/verify/engines/find.ts';
import { builtBefore, commitAll, exec, folders, PROGRAM, text } from '../spawn.ts';
import { leftOvers } from './engine.ts';
import { BASE, command, DOCKERFILE, ENGINE, PROJECT } from './sample.ts';

builtBefore();
const folder = folders();

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const verify = (cwd: string, use: readonly string[], ...more: string[]): Ran =>
  exec(cwd, 'redock', command(use, more), undefined, { TMPDIR: process.env.TMPDIR ?? '/tmp' });

function project(files: Readonly<Record<string, string>> = {}): string {
  const root = folder({ ...PROJECT, ...files });
  commitAll(root);
  return root;
}

/** Nothing of the working tree differs from what was committed, new files included. */
const status = (root: string): string => exec(root, 'git', ['status', '--porcelain']).out;

const engine: Promise<Engine> = findEngine(ENGINE, undefined);

describe('verify', () => {
  it('proves a better image and leaves nothing', async () => {
    const root = project();
    const { code, out, err } = verify(root, ['shrink'], '--format', 'json');
    expect(err).toContain('1 image before and after');
    const { images, exitCode } = JSON.parse(out);
    expect([code, exitCode]).toEqual([0, 0]);
    const [image] = images;
    expect(image).toMatchObject({ status: 'better', touched: { source: 'app.py', manifest: 'requirements.txt' } });
    expect(image.before.size - image.after.size).toBeGreaterThan(15_000_000);
    expect(image.after.source).toBeGreaterThan(0);
    expect(image.differences[0].path).toMatch(/^(?:\/|waste)?$/);
    expect(status(root)).toBe('');
    expect(await leftOvers(await engine)).toEqual([]);
  });

  it('names the change that breaks the build, and where it failed', () => {
    const root = project();
    const { code, out } = verify(root, ['shrink', 'break', 'rename']);
    expect(code).toBe(3);
    expect(out).toContain('web/Dockerfile: failed, it does not build after the rewrite');
    expect(out).toContain('after, line 5: RUN echo two; false');
    expect(out).toContain('broken by break-it, line 5: echo two becomes echo two; false');
    expect(out).toContain('all the rest works without it');
    const log = /the whole log: (.*)/.exec(out)?.[1] as string;
    expect(readFileSync(log, 'utf8')).toContain('echo two; false');
    expect(status(root)).toBe('');
  });

  it('--keep-going proves the rest, and apply --verify writes only that', () => {
    const root = project();
    const kept = exec(root, 'redock', [
      'apply',
      ...command(['shrink', 'break'], ['--verify', '--keep-going']).slice(1),
    ]);
    expect(kept.code).toBe(3);
    expect(kept.err).toContain('break-it of line 5');
    expect(text(root, 'web/Dockerfile')).toBe(DOCKERFILE.replace('head -c 20000000', 'head -c 200'));
    const again = exec(root, 'redock', ['apply', ...command(['break'], ['--verify', '--allow-dirty']).slice(1)]);
    expect(again.code).toBe(3);
    expect(again.err).toContain('not written: it does not build after the rewrite');
    expect(text(root, 'web/Dockerfile')).not.toContain('false');
  });

  it('a Dockerfile that is broken already is not comparable, and the others go on', () => {
    const root = project({ 'web/broken/Dockerfile': `FROM ${BASE}\nRUN echo three\nRUN no-such-program\n` });
    const { code, out } = verify(root, ['rename'], '-j', '2');
    expect(out).toContain('web/broken/Dockerfile: not comparable, it does not build as it is');
    expect(out).toContain('before, line 3: RUN no-such-program');
    expect(out).toMatch(/2 images: 1 (?:as good|better), 1 not comparable\./);
    expect(code).toBe(0);
  });

  it('what every build makes anew is no fault of the rewrite', async () => {
    if (!(await engine).containers) return;
    const serve = `use IO::Socket; $SIG{TERM} = sub { exit };
my $door = IO::Socket::INET->new(LocalPort => 18474, Listen => 9, ReuseAddr => 1) or die;
while (my $one = $door->accept) { <$one>; open(PAGE, 'page'); print $one "HTTP/1.0 200 OK\\r\\n\\r\\n" . <PAGE>; close $one }
`;
    const run = (page: string) => {
      const id = `echo "$(od -An -N8 -tx8 /dev/urandom) ${page}" > page`;
      const dockerfile = `FROM ${BASE}\nWORKDIR /app\nCOPY . .\nRUN ${id}\nRUN echo three\nEXPOSE 18474\nCMD ["perl", "serve.pl"]\n`;
      const root = project({ 'web/Dockerfile': dockerfile, 'web/serve.pl': serve });
      const { out, err } = verify(
        root,
        ['rename'],
        '--run',
        '--run-option=--network=host',
        '--request',
        'GET /',
        '--format',
        'json',
      );
      expect(out, err).not.toBe('');
      return JSON.parse(out).images[0].run;
    };
    expect(run('tea')).toMatchObject({
      verdict: 'same',
      why: 'equal answers but for what changes from one build to the next to GET /',
    });
    expect(run('$(echo three)')).toMatchObject({ verdict: 'differs' });
  });

  it('a time limit ends one build', () => {
    const root = project({ 'web/Dockerfile': `FROM ${BASE}\nRUN sleep 60 && echo three\n` });
    const { code, out } = verify(root, ['rename'], '--time-limit', '4s');
    expect(out).toContain('not comparable');
    expect(out).toContain('it took longer than the time limit');
    expect(code).toBe(3);
  });
});

describe('stopping', () => {
  const started: ChildProcess[] = [];
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
  });
  const SLOW = {
    'web/Dockerfile': `FROM ${BASE}\nRUN echo three && sleep 30\n`,
  };

  /** Starts it with a temporary folder of its own and waits until it is in the middle of a step. */
  async function begin(
    root: string,
    temporary: string,
    step = 'before: cold build',
    more: readonly string[] = [],
  ): Promise<ChildProcess & { said: string }> {
    mkdirSync(temporary, { recursive: true });
    const child = spawn(process.execPath, [PROGRAM, ...command(['rename'], more)], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }) as ChildProcess & { said: string };
    started.push(child);
    child.said = '';
    await new Promise<void>((done) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        child.said += chunk;
        if (child.said.includes(step)) setTimeout(done, 2000);
      });
    });
    return child;
  }

  const ended = (child: ChildProcess): Promise<number | string | null> =>
    new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));

  it('SIGINT in the middle of a build: 130, the tree as it was, nothing left', async () => {
    const root = project(SLOW);
    const temporary = join(root, '..', 'redock-e2e-int');
    const child = await begin(root, temporary);
    const end = ended(child);
    child.kill('SIGINT');
    expect(await end).toBe(130);
    expect(status(root)).toBe('');
    expect(readdirSync(temporary).filter((name) => name.startsWith('redock-verify-'))).toEqual([]);
    const left = await (await engine).made();
    expect(left.filter(({ session }) => session.includes(`_${child.pid}_`))).toEqual([]);
    spawnSync('rm', ['-rf', temporary]);
  });

  it('SIGINT while a service runs: 130, nothing left', async () => {
    if (!(await engine).containers) return;
    const root = project({
      'web/Dockerfile': `FROM ${BASE}\nRUN echo three\nEXPOSE 18476\nCMD ["sleep", "1000"]\n`,
    });
    const temporary = join(root, '..', 'redock-e2e-int-run');
    const child = await begin(root, temporary, 'before: app runs', ['--run']);
    const end = ended(child);
    child.kill('SIGINT');
    expect(await end).toBe(130);
    const left = await (await engine).made();
    expect(left.filter(({ session }) => session.includes(`_${child.pid}_`))).toEqual([]);
    expect(status(root)).toBe('');
    spawnSync('rm', ['-rf', temporary]);
  });

  it('SIGKILL in the middle of a build: the tree as it was, and the next run cleans up', async () => {
    const root = project(SLOW);
    const temporary = join(root, '..', 'redock-e2e-kill');
    const child = await begin(root, temporary);
    const end = ended(child);
    child.kill('SIGKILL');
    expect(await end).toBe('SIGKILL');
    expect(status(root)).toBe('');
    const copies = () => readdirSync(temporary).filter((name) => name.startsWith('redock-verify-'));
    expect(copies()).toHaveLength(1);
    const next = exec(project(), 'redock', command(['shrink'], []), undefined, { TMPDIR: temporary });
    expect(next.code).toBe(0);
    expect(next.err).toMatch(/removed \d+ left-overs? of a run that was killed/);
    expect(copies()).toEqual([]);
    const left = await (await engine).made();
    expect(left.filter(({ session }) => session.includes(`_${child.pid}_`))).toEqual([]);
    spawnSync('rm', ['-rf', temporary]);
    expect(existsSync(temporary)).toBe(false);
  });

  it('SIGKILL while both services run: containers, network and volume go with the next run', async () => {
    if (!(await engine).containers) return;
    const root = project({
      'web/Dockerfile': `FROM ${BASE}\nRUN echo three\nCMD ["sleep", "1000"]\n`,
      'compose.yaml': `services: {web: {build: web, volumes: ["data:/data"], depends_on: [db]}, db: {image: "${BASE}", command: sleep 1000}}\nvolumes: {data: {}}\n`,
    });
    const temporary = join(root, '..', 'redock-e2e-run');
    const child = await begin(root, temporary, 'before: web runs', ['--run']);
    const end = ended(child);
    child.kill('SIGKILL');
    await end;
    const own = async () => (await (await engine).made()).filter(({ session }) => session.includes(`_${child.pid}_`));
    expect(new Set((await own()).map(({ kind }) => kind))).toEqual(
      new Set(['container', 'network', 'volume', 'image']),
    );
    const next = exec(project(), 'redock', command(['shrink'], []), undefined, { TMPDIR: temporary });
    expect(next.err).toMatch(/removed \d+ left-overs? of a run that was killed/);
    expect(await own()).toEqual([]);
    expect(status(root)).toBe('');
    spawnSync('rm', ['-rf', temporary]);
  });
});

describe('without an engine', () => {
  it('exit 2, and how to get one', () => {
    const root = project();
    const { code, err } = exec(root, 'redock', command(['shrink'], []), undefined, { PATH: '/usr/no/such/folder' });
    expect(code).toBe(2);
    expect(err).toContain('no container engine: ');
    expect(err).toContain('docs.docker.com');
  });

  it('a builder that buildx does not know: exit 2', async () => {
    if ((await engine).name !== 'docker') return;
    const { code, err } = verify(project(), ['shrink'], '--builder', 'nobody-knows-it');
    expect(code).toBe(2);
    expect(err).toContain('--builder nobody-knows-it: ');
  });
});
