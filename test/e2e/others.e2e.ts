/**
 * verify with the engines beside the one that the other tests use: podman, buildah, and Docker 20.10, whose BuildKit knows
 * neither here-documents nor COPY --link. Those that are not there are skipped, with how to bring them in the test's name.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/verify/engine.ts';
import { builtBefore, commitAll, exec, folders } from '../spawn.ts';
import { BASE, command, PROJECT } from './sample.ts';

builtBefore();
const folder = folders();

const answers = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** The folder of a Docker 20.10 that test/e2e/others.sh unpacked. */
const OLD_DOCKER = process.env.REDOCK_E2E_DOCKER_20;

/** What an engine is called with: its name, and variables beside those of this process. */
interface Other {
  readonly title: string;
  readonly name: EngineName;
  readonly here: boolean;
}

const OTHERS: readonly Other[] = [
  { title: 'buildah', name: 'buildah', here: answers('buildah') },
  { title: 'podman', name: 'podman', here: answers('podman') },
  { title: 'docker 20.10', name: 'docker', here: OLD_DOCKER !== undefined },
];

/** A machine that refuses a container the limits of its engine's defaults, as some do to root without all rights, takes these. */
const CONTAINERS_CONF = '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=2000:2000"]\n';

/** The image that everything is built on, from the store of the docker that the other tests use; undefined: it has none. */
function savedBase(folder: string): string | undefined {
  const file = join(folder, 'base.tar');
  return spawnSync('docker', ['save', '--output', file, BASE]).status === 0 ? file : undefined;
}

describe.each(OTHERS)('$title', ({ title, name, here }) => {
  if (!here) {
    it.skip(`${title} is not here; as root on Debian: REDOCK_E2E_DOCKER_20=$(test/e2e/others.sh) npm run test:e2e`);
    return;
  }
  const env: Record<string, string> = { TMPDIR: process.env.TMPDIR ?? '/tmp' };
  let daemon: ChildProcess | undefined;

  /** Ours is no service: it runs in a temporary folder, without a bridge, while these tests do. */
  async function startDocker(home: string, bin: string): Promise<void> {
    const socket = `unix://${join(home, 'docker.sock')}`;
    const path = [join(bin, 'usr/bin'), join(bin, 'usr/sbin'), process.env.PATH].join(delimiter);
    Object.assign(env, { PATH: path, DOCKER_HOST: socket, DOCKER_CONFIG: join(home, 'config') });
    const places = ['--data-root', join(home, 'data'), '--exec-root', join(home, 'exec'), '-H', socket];
    const plain = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'];
    const more = ['--pidfile', join(home, 'docker.pid')];
    daemon = spawn(join(bin, 'usr/sbin/dockerd'), [...places, ...more, ...plain], {
      env: { ...process.env, PATH: path },
      stdio: 'ignore',
    });
    for (let i = 0; i < 120 && exec('/', 'docker', ['version'], undefined, env).code !== 0; i++) await sleep(250);
  }

  let home: string;
  beforeAll(async () => {
    home = mkdtempSync('/var/tmp/redock-e2e-');
    const base = savedBase(home);
    if (name === 'docker') {
      await startDocker(home, OLD_DOCKER as string);
      const loaded = exec('/', 'docker', base ? ['load', '--input', base] : ['pull', BASE], undefined, env);
      if (loaded.code !== 0) throw new Error(loaded.err);
      return;
    }
    // Stores of their own, so that nothing of the user's is touched.
    writeFileSync(join(home, 'containers.conf'), CONTAINERS_CONF);
    writeFileSync(
      join(home, 'storage.conf'),
      `[storage]\ndriver = "overlay"\ngraphroot = "${join(home, 'store')}"\nrunroot = "${join(home, 'run')}"\n`,
    );
    Object.assign(env, {
      BUILDAH_ISOLATION: 'chroot',
      CONTAINERS_CONF: join(home, 'containers.conf'),
      CONTAINERS_STORAGE_CONF: join(home, 'storage.conf'),
    });
    const from = base ? `docker-archive:${base}` : `docker.io/library/${BASE}`;
    const pulled = exec('/', name, ['pull', '--quiet', from], undefined, env);
    if (pulled.code !== 0) throw new Error(pulled.err);
    const tagged = exec('/', name, ['tag', pulled.out.trim(), `docker.io/library/${BASE}`], undefined, env);
    if (tagged.code !== 0) throw new Error(tagged.err);
  }, 120_000);
  afterAll(async () => {
    if (daemon) {
      const ended = new Promise((done) => daemon?.on('close', done));
      daemon.kill('SIGTERM');
      await ended;
      spawnSync('umount', [join(home, 'exec/netns/default')]);
    } else if (name === 'podman') exec('/', name, ['system', 'reset', '--force'], undefined, env);
    else exec('/', name, ['rmi', '--all', '--force'], undefined, env);
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  const verify = (root: string, use: readonly string[], ...more: string[]) =>
    exec(root, 'redock', command(use, more, name), undefined, env);

  function project(files: Readonly<Record<string, string>> = {}): string {
    const root = folder({ ...PROJECT, ...files });
    commitAll(root);
    return root;
  }

  /** Ids of images and containers with redock's label. */
  function left(): string {
    const images = exec('/', name, ['images', '--quiet', '--filter', 'label=dev.redock.verify'], undefined, env);
    const list = name === 'buildah' ? ['containers', '--quiet'] : ['ps', '--all', '--quiet'];
    return images.out + exec('/', name, list, undefined, env).out;
  }

  it('proves a better image, says where it is smaller and leaves nothing', () => {
    const { code, out, err } = verify(project(), ['shrink'], '--format', 'json');
    expect(code, err + out).toBe(0);
    const { engine, images } = JSON.parse(out);
    expect(engine).toMatch(new RegExp(`^${title}`));
    expect(images).toMatchObject([{ status: 'better', notes: [] }]);
    expect(images[0].before.size - images[0].after.size).toBeGreaterThan(15_000_000);
    expect(images[0].differences[0].before - images[0].differences[0].after).toBeGreaterThan(15_000_000);
    expect(left()).toBe('');
  });

  it('names the change that breaks the build', () => {
    const { code, out } = verify(project(), ['shrink', 'break']);
    expect(code).toBe(3);
    expect(out).toContain('after, line 5: RUN echo two; false');
    expect(out).toContain('broken by break-it, line 5: echo two becomes echo two; false');
    expect(left()).toBe('');
  });

  it.each([
    ['here-documents', 'COPY <<EOF /x\nx\nEOF\n'],
    ['COPY --link', 'COPY --link app.py /x\n'],
  ])('%s: what its builder lacks is said, not tried', (feature, line) => {
    const root = project({ 'web/Dockerfile': `FROM ${BASE}\n${line}RUN echo three\n` });
    const { out } = verify(root, ['rename']);
    const said = `not comparable, has ${feature} in line 2, which ${title}`;
    // Newer releases of podman and buildah learned both.
    if (name === 'docker' || !/: (?:as good|better)/.test(out)) expect(out).toContain(said);
  });

  it('runs both images, where it runs any', () => {
    const root = project({
      'web/Dockerfile': `FROM ${BASE}\nRUN echo three\nUSER 1234\nHEALTHCHECK CMD ["true"]\nCMD ["sleep", "1000"]\n`,
    });
    const { out, err } = verify(root, ['rename'], '--run', '--run-option=--network=host', '--format', 'json');
    const [{ run, notes }] = JSON.parse(out).images;
    if (name === 'buildah')
      expect(notes).toContain('not proved by running: buildah builds images and does not run them');
    else expect(run, err + out).toMatchObject({ verdict: 'same', before: { uid: 1234, health: 'healthy' } });
    expect(left()).toBe('');
  });
});
