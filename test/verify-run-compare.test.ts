/** compareRuns with an engine whose containers are servers of this process. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Tree } from '../src/tree.ts';
import {
  type ContainerFacts,
  type ContainerSpec,
  type Containers,
  type Engine,
  EngineError,
  type ImageFacts,
  type Made,
} from '../src/verify/engine.ts';
import type { Outcome } from '../src/verify/process.ts';
import { parseRequest } from '../src/verify/requests.ts';
import { compareRuns, planRun, type RunInput } from '../src/verify/run.ts';
import { runAsJson } from '../src/verify/run-json.ts';
import { PLAIN_PLAN } from '../src/verify/run-plan.ts';
import { Session } from '../src/verify/session.ts';
import { folders } from './spawn.ts';

const folder = folders();

/** What a container of an image does. */
interface Behaviour {
  readonly serves?: (url: string, env: Readonly<Record<string, string>>) => [number, string];
  readonly exits?: number;
  readonly health?: 'healthy' | 'unhealthy';
  readonly check?: readonly string[];
  readonly refuses?: string;
  readonly logs?: string;
  readonly ports?: readonly string[];
  readonly uid?: number;
  readonly stubborn?: boolean;
  readonly listening?: string;
}

interface Running {
  readonly spec: ContainerSpec;
  server?: Server;
  started: boolean;
  exitCode?: number;
}

const outcome = (stdout: string, code = 0): Outcome => ({ code, stdout, stderr: '', ended: 'exit', seconds: 0.1 });

class FakeEngine implements Engine {
  readonly name = 'docker';
  readonly version = '1';
  readonly title = 'fake';
  readonly things = new Map<string, Made>();
  readonly created: ContainerSpec[] = [];
  readonly calls: string[] = [];
  readonly events: string[] = [];
  private readonly running = new Map<string, Running>();
  private readonly images: Readonly<Record<string, Behaviour>>;

  constructor(images: Readonly<Record<string, Behaviour>>) {
    this.images = images;
  }

  readonly containers: Containers = {
    create: async (spec) => {
      const id = `${spec.name}`;
      this.created.push(spec);
      this.events.push(`create ${spec.image}`);
      this.things.set(id, { kind: 'container', id, session: spec.session });
      this.running.set(id, { spec, started: false });
      return id;
    },
    start: async (id) => {
      const one = this.get(id);
      const { refuses, serves, exits } = this.behaviour(one);
      if (refuses !== undefined) throw new EngineError(refuses);
      one.started = true;
      if (exits !== undefined) one.exitCode = exits;
      if (serves && exits === undefined) {
        one.server = createServer((request, response) => {
          const [status, body] = serves(`${request.method} ${request.url}`, one.spec.environment ?? {});
          if (status === 0) {
            one.exitCode = 1;
            request.socket.destroy();
          } else response.writeHead(status).end(body);
        });
        await new Promise<void>((done) => one.server?.listen(0, '127.0.0.1', done));
      }
    },
    stop: async (id, grace) => {
      const one = this.get(id);
      one.exitCode = this.behaviour(one).stubborn ? 137 : 0;
      return this.behaviour(one).stubborn ? grace : 0.2;
    },
    exec: async (id, command) => {
      const { uid, listening } = this.behaviour(this.get(id));
      if (command.includes('/proc/net/tcp')) return outcome(listening ?? '');
      return uid === undefined ? outcome('', 126) : outcome(`Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
    },
    logs: async (id) => this.behaviour(this.get(id)).logs ?? '',
    inspect: async (id): Promise<ContainerFacts> => {
      const one = this.get(id);
      const { health, check } = this.behaviour(one);
      const port = (one.server?.address() as AddressInfo | undefined)?.port;
      return {
        status: one.exitCode !== undefined ? 'exited' : one.started ? 'running' : 'created',
        exitCode: one.exitCode,
        oomKilled: false,
        health: check || one.spec.options?.includes('--health-cmd') ? (health ?? 'starting') : undefined,
        healthLog: health === 'unhealthy' ? 'curl: (7)\nno connection' : undefined,
        pid: 42,
        ports: Object.fromEntries(
          (one.spec.publish ?? []).map((text) => [
            `${text.split(':').at(-1)}/tcp`,
            port === undefined ? { address: '127.0.0.1', port: 1 } : { address: '127.0.0.1', port },
          ]),
        ),
        addresses: {},
      };
    },
    createNetwork: async (id, session) => void this.things.set(id, { kind: 'network', id, session }),
    createVolume: async (id, session) => void this.things.set(id, { kind: 'volume', id, session }),
  };

  private get(id: string): Running {
    return this.running.get(id) as Running;
  }
  private behaviour({ spec }: Running): Behaviour {
    return this.images[spec.image] as Behaviour;
  }
  async call(args: readonly string[]): Promise<Outcome> {
    this.calls.push(args.join(' '));
    if (args[0] === 'stats') return outcome('10MiB / 1GiB');
    if (args[0] === 'top') return outcome('PID UID\n42 1234\n');
    return outcome('', args[0] === 'pull' ? 1 : 0);
  }
  build(): never {
    throw new Error('not here');
  }
  can = async (): Promise<boolean> => true;
  async image(name: string): Promise<ImageFacts | undefined> {
    const behaviour = this.images[name];
    if (!behaviour) return undefined;
    const healthcheck = behaviour.check && {
      test: behaviour.check,
      interval: undefined,
      timeout: undefined,
      startPeriod: undefined,
      startInterval: undefined,
      retries: undefined,
    };
    return {
      id: name,
      size: 1,
      layers: 1,
      user: '',
      ports: behaviour.ports ?? [],
      healthcheck,
      entrypoint: [],
      command: [],
      workdir: '/app',
      volumes: [],
      stopSignal: undefined,
      labels: {},
    };
  }
  async files(): Promise<void> {}
  async made(): Promise<readonly Made[]> {
    return [...this.things.values()];
  }
  async remove(made: Made): Promise<void> {
    this.events.push(`remove ${made.kind}`);
    this.running.get(made.id)?.server?.closeAllConnections();
    this.running.get(made.id)?.server?.close();
    this.things.delete(made.id);
  }
}

const LIMITS = { ready: 1, alive: 0.2, answer: 2 };
const ok: Behaviour = { serves: () => [200, 'ok'], ports: ['3000/tcp'], uid: 0 };

async function run(images: Readonly<Record<string, Behaviour>>, more: Partial<RunInput> = {}) {
  const engine = new FakeEngine(images);
  const session = await Session.open(engine, more.session?.signal ?? new AbortController().signal);
  const result = compareRuns({
    plan: PLAIN_PLAN,
    root: folder(),
    before: 'before',
    after: 'after',
    requests: [],
    runOptions: [],
    limits: LIMITS,
    ...more,
    session,
  });
  return { engine, session, run: await result };
}

const planOf = (root: string, service = 'web') =>
  planRun(new Tree(root), { dir: '', by: 'compose', file: 'compose.yaml', name: service }, new Map());

describe.concurrent('two runs', () => {
  it('that answer alike are the same; everything is removed', async () => {
    const { run: result, engine } = await run(
      { before: { ...ok, stubborn: true }, after: { ...ok, uid: 1000 } },
      { requests: [parseRequest('GET /health'), parseRequest('POST /x {"a":1}')] },
    );
    expect(result).toMatchObject({
      service: 'app',
      verdict: 'same',
      why: 'equal answers to 2 requests',
      before: { outcome: 'ready', uid: 0, memory: 10_485_760, stop: 10, killed: true },
      after: { outcome: 'ready', uid: 1000, stop: 0.2, killed: false },
    });
    // asked twice where that changes nothing
    expect(result.answers.map(({ before }) => (typeof before === 'object' ? before.answers.length : 0))).toEqual([
      2, 1,
    ]);
    expect(await engine.made()).toEqual([]);
    expect(engine.created[0]).toMatchObject({ publish: ['127.0.0.1::3000'], aliases: ['app'] });
    const json = JSON.parse(JSON.stringify(runAsJson(result)));
    expect(json.answers[0].before).toMatchObject({ status: 200, bytes: 2, body: 'ok', more: false });
    expect(json.before.samples).toBeUndefined();
  });

  it('without a request the open port is what is compared; top tells the user where the image has no cat', async () => {
    const { run: result } = await run({ before: ok, after: { serves: () => [500, ''], ports: ['3000/tcp'] } });
    expect(result).toMatchObject({ verdict: 'same', why: 'the port opens on both', after: { uid: 1234 } });
  });

  it('that run as root now, or have to be killed now, are told', async () => {
    const { run: result } = await run({ before: { ...ok, uid: 1000 }, after: { ...ok, uid: 0, stubborn: true } });
    expect(result).toMatchObject({
      verdict: 'same',
      notes: [
        'process 1 runs as root now',
        'it does not stop by itself any more: it is killed at the end of its grace',
      ],
    });
  });

  it('that answer differently', async () => {
    const { run: result } = await run(
      { before: ok, after: { ...ok, serves: () => [200, 'no'] } },
      { requests: [parseRequest('GET /health')] },
    );
    expect(result).toMatchObject({ verdict: 'differs', why: 'GET /health: the body: "ok" became "no"' });
  });

  it('another build of the version before tells what each build makes anew, and is asked only where that matters', async () => {
    const page = (id: string): Behaviour => ({ ...ok, serves: () => [200, `<a href="/${id}.js">tea</a>`] });
    const images = { before: page('x1'), again: page('x2'), after: page('x3') };
    const asked = { requests: [parseRequest('GET /')], again: 'again' };
    const { run: result, engine } = await run(images, asked);
    expect(result).toMatchObject({ verdict: 'same', why: expect.stringContaining('from one build to the next') });
    expect(await engine.made()).toEqual([]);
    const other = await run({ ...images, after: { ...ok, serves: () => [200, '<a href="/x3.js">cup</a>'] } }, asked);
    expect(other.run.verdict).toBe('differs');
    const equal = await run({ ...images, after: page('x1') }, asked);
    expect(equal.engine.created.map(({ image }) => image)).toEqual(['before', 'after']);
  });

  it('the request of a health check that only one image has is asked of both', async () => {
    const check = ['CMD', 'curl', '-f', 'http://localhost:3000/up'];
    const seen: string[] = [];
    const serves = (url: string): [number, string] => {
      seen.push(url);
      return [200, 'ok'];
    };
    const { run: result } = await run({
      before: { ...ok, serves },
      after: { ...ok, serves, check, health: 'healthy' },
    });
    expect(seen.filter((url) => url === 'GET /up')).toHaveLength(4);
    expect(result).toMatchObject({
      verdict: 'same',
      why: 'equal answers to GET :3000/up',
      after: { health: 'healthy' },
    });
    expect(result.before?.health).toBeUndefined();
  });

  it('a route that only the new health check knows is no difference, what the first page says is one', async () => {
    const check = ['CMD', 'wget', '-q', 'http://127.0.0.1:3000/healthz'];
    const page =
      (text: string) =>
      (url: string): [number, string] => [200, url === 'GET /' ? text : 'not the page'];
    const after = { ...ok, check, health: 'healthy' as const };
    const brought = await run({
      before: { ...ok, serves: () => [200, 'the page'] },
      after: { ...after, serves: page('the page') },
    });
    expect(brought.run).toMatchObject({ verdict: 'same', why: 'equal answers to GET :3000/' });
    expect(brought.run.notes[0]).toMatch(/^GET :3000\/healthz is a route of the new health check: the body/);
    const lost = await run({
      before: { ...ok, serves: () => [200, 'the page'] },
      after: { ...after, serves: page('no page') },
    });
    expect(lost.run).toMatchObject({ verdict: 'differs' });
    expect(lost.run.why).toContain('GET :3000/: the body');
  });

  it('asks the route and waits for the port that the project shows', async () => {
    const seen: string[] = [];
    const serves = (url: string): [number, string] => {
      seen.push(url);
      return [200, 'ok'];
    };
    const one = { ...ok, ports: [], serves };
    const { run: result } = await run({ before: one, after: one }, { known: { healthPath: '/up', port: 3000 } });
    expect(result).toMatchObject({ verdict: 'same', why: 'equal answers to GET /up' });
    expect(new Set(seen)).toEqual(new Set(['GET /up']));
  });

  it('after that does not become healthy has failed, with what its check said', async () => {
    const check = ['CMD', 'true'];
    const { run: result } = await run({
      before: { ...ok, check, health: 'healthy' },
      after: { ...ok, check, health: 'unhealthy', logs: 'line\n' },
    });
    expect(result).toMatchObject({
      verdict: 'failed',
      why: 'after is not healthy: no connection',
      after: { health: 'unhealthy', logs: 'line' },
    });
  });

  it('after that dies has failed, with its last lines and exit code', async () => {
    const { run: result, engine } = await run({
      before: ok,
      after: { exits: 3, logs: 'a\nno module named app\n', ports: ['3000/tcp'] },
    });
    expect(result).toMatchObject({
      verdict: 'failed',
      why: 'after does not run: it ended with exit code 3',
      after: { outcome: 'exited', exitCode: 3, logs: 'a\nno module named app' },
    });
    expect(await engine.made()).toEqual([]);
  });

  it('after that the engine refuses, that ends when it is asked, that never opens its port', async () => {
    const refused = await run({ before: ok, after: { ...ok, refuses: 'exec: "gunicorn": not found' } });
    expect(refused.run).toMatchObject({ verdict: 'failed', why: 'after does not run: exec: "gunicorn": not found' });
    expect(await refused.engine.made()).toEqual([]);
    const dies = await run(
      { before: ok, after: { ...ok, serves: () => [0, ''] } },
      { requests: [parseRequest('POST /x')] },
    );
    expect(dies.run).toMatchObject({ verdict: 'failed', why: 'after does not run: it ended while it was asked' });
    const deaf = await run({ before: ok, after: { ports: ['3000/tcp'] } });
    expect(deaf.run).toMatchObject({ verdict: 'failed', why: 'after does not run: port 3000 did not open within 1 s' });
  });

  it('before that does not run is not comparable, and after is not started', async () => {
    const listening = '   0: 0100007F:1045 00000000:0000 0A 00000000:00000000\n';
    const deaf = await run({ before: { ports: ['3000/tcp'], listening }, after: ok });
    expect(deaf.run).toMatchObject({
      verdict: 'not comparable',
      why: 'before does not run here: port 3000 did not open within 1 s; it listens on 4165 (from inside only)',
      after: undefined,
    });
    expect(deaf.engine.created.map(({ image }) => image)).toEqual(['before']);
    const check = ['CMD', 'true'];
    const sick = await run({
      before: { ...ok, check, health: 'unhealthy' },
      after: { ...ok, check, health: 'unhealthy' },
    });
    expect(sick.run).toMatchObject({
      verdict: 'not comparable',
      why: 'before does not run here: its health check does not pass',
    });
    const dies = await run({ before: { exits: 1 }, after: { exits: 1 } });
    expect(dies.run).toMatchObject({
      verdict: 'not comparable',
      why: 'before does not run here: it ended with exit code 1',
    });
  });

  it('jobs that end with 0, workers that stay alive', async () => {
    const jobs = await run({ before: { exits: 0 }, after: { exits: 0 } });
    expect(jobs.run).toMatchObject({ verdict: 'same', why: 'both end with exit code 0' });
    const ends = await run({ before: {}, after: { exits: 0 } });
    expect(ends.run).toMatchObject({ verdict: 'failed', why: 'after does not run: it ends with exit code 0' });
    const workers = await run({ before: {}, after: {} });
    expect(workers.run).toMatchObject({ verdict: 'same', why: 'both stay alive', before: { outcome: 'ready' } });
  });

  it('requests that before does not answer, or answers with errors, prove nothing', async () => {
    const broken: Behaviour = { ...ok, serves: (url) => (url === 'GET /fine' ? [200, 'ok'] : [500, 'oh']) };
    const errors = await run({ before: broken, after: broken }, { requests: [parseRequest('GET /')] });
    expect(errors.run).toMatchObject({ verdict: 'not comparable', why: 'before answers GET / with an error' });
    const some = await run(
      { before: broken, after: broken },
      { requests: [parseRequest('GET /'), parseRequest('GET /fine')] },
    );
    expect(some.run).toMatchObject({ verdict: 'same', notes: ['GET / is an error of the server on both sides'] });
    const quiet = await run({ before: {}, after: {} }, { requests: [parseRequest('GET /')] });
    expect(quiet.run).toMatchObject({ verdict: 'not comparable', why: 'before answers no request' });
  });
});

describe.concurrent('with compose', () => {
  const COMPOSE = `services:
  web:
    build: .
    ports: ["3000:3000"]
    environment: {GREETING: hello}
    volumes: ["data:/data", "./conf:/conf:ro", "./a.txt:/a.txt"]
    depends_on:
      db: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
      cache: {condition: service_started}
      api: {condition: service_started}
  db:
    image: pg
    volumes: ["data:/data"]
    healthcheck: {test: ready}
  migrate: {image: job}
  cache: {image: gone}
  api: {build: api}
volumes: {data: {}}
`;
  const files = { 'compose.yaml': COMPOSE, 'conf/x': 'x', 'a.txt': 'a' };
  const web: Behaviour = { serves: (_, env) => [200, `${env.GREETING}`], uid: 0 };

  it('each side gets its own dependencies, volumes and network', async () => {
    const root = folder(files);
    const { run: result, engine } = await run(
      { before: web, after: web, pg: { health: 'healthy' }, job: { exits: 0 } },
      { plan: await planOf(root), root, requests: [parseRequest('GET /')] },
    );
    expect(result).toMatchObject({ service: 'web', verdict: 'same', source: { file: 'compose.yaml', line: 2 } });
    expect(result.notes).toEqual([
      'cache is not started: its image gone cannot be had here',
      'api is built from this repository, does not build here, and is not started',
    ]);
    // the second container of each side fills a volume and is never started
    expect(engine.events.filter((event) => event.startsWith('create'))).toEqual([
      'create pg',
      'create job',
      'create before',
      'create before',
      'create pg',
      'create job',
      'create after',
      'create after',
    ]);
    const [one, other] = [0, 4].map((i) => engine.created[i]?.volumes?.[0]);
    expect(one).not.toBe(other);
    expect(engine.created[3]?.volumes?.[0]).toBe(one);
    expect(engine.created[3]?.volumes?.[1]).toMatch(/:\/conf:nocopy,ro$/);
    expect(engine.created[3]?.volumes?.[2]).toMatch(/a\.txt:\/a\.txt$/);
    expect(engine.created[3]?.volumes?.[2]).not.toContain(`${root}/`);
    expect(await engine.made()).toEqual([]);
  });

  it('surroundings that the engine refuses hinder too, on either side', async () => {
    const root = folder(files);
    const first = await run(
      { before: web, after: web, pg: { refuses: 'no space left' }, job: { exits: 0 } },
      { plan: await planOf(root), root },
    );
    expect(first.run).toMatchObject({ verdict: 'not comparable', why: 'before does not run here: no space left' });
  });

  it('another service that was built is started for both sides', async () => {
    const root = folder(files);
    const { engine } = await run(
      { before: web, after: web, pg: { health: 'healthy' }, job: { exits: 0 }, built: {} },
      { plan: await planOf(root), root, imageOf: async (service) => (service === 'api' ? 'built' : undefined) },
    );
    expect(engine.created.filter(({ image }) => image === 'built').map(({ aliases }) => aliases)).toEqual([
      ['api'],
      ['api'],
    ]);
  });

  it('a dependency that fails hinders and is nobody else’s fault', async () => {
    const root = folder(files);
    const { run: result, engine } = await run(
      { before: web, after: web, pg: { health: 'healthy' }, job: { exits: 7, logs: 'no such table' } },
      { plan: await planOf(root), root },
    );
    expect(result).toMatchObject({
      verdict: 'not comparable',
      why: 'before does not run here: migrate, on which it depends, ended with exit code 7: no such table',
    });
    expect(await engine.made()).toEqual([]);
  });

  it('a folder that is mounted over the application is told', async () => {
    const root = folder({ 'compose.yaml': 'services: {web: {build: ., volumes: [".:/app"], ports: ["3000"]}}' });
    const { run: result } = await run({ before: web, after: web }, { plan: await planOf(root), root });
    expect(result.notes).toEqual(['the mount over /app hides what the image has there: little is compared']);
  });
});

describe('on the machine’s own network', () => {
  it('a port that somebody else has is never asked', async () => {
    const stranger = createServer((_, response) => response.end('stranger'));
    await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
    const { port } = stranger.address() as AddressInfo;
    try {
      const { run: result } = await run(
        { before: { ports: [`${port}/tcp`] }, after: { ports: [`${port}/tcp`] } },
        { runOptions: ['--network=host'] },
      );
      expect(result).toMatchObject({
        verdict: 'not comparable',
        why: `before does not run here: port ${port} of this machine is in use by another program`,
      });
    } finally {
      stranger.close();
    }
  });

  it('names of dependencies lead to loopback, options of the user go to the service alone', async () => {
    const root = folder({
      'compose.yaml': 'services: {web: {build: ., depends_on: [db]}, db: {image: pg, container_name: main-db}}',
    });
    const { engine } = await run(
      { before: {}, after: {}, pg: {} },
      { plan: await planOf(root), root, runOptions: ['--network', 'host', '--env=A=1'] },
    );
    expect(
      engine.created
        .slice(0, 2)
        .map(({ network, options, aliases, publish }) => ({ network, options, aliases, publish })),
    ).toEqual([
      { network: 'host', options: [], aliases: undefined, publish: undefined },
      {
        network: 'host',
        options: ['--add-host', 'db:127.0.0.1', '--add-host', 'main-db:127.0.0.1', '--env=A=1'],
        aliases: undefined,
        publish: undefined,
      },
    ]);
    expect(engine.things.size).toBe(0);
  });
});

it('an abort ends the run and removes everything', async () => {
  const stop = new AbortController();
  const engine = new FakeEngine({ before: { ports: ['3000/tcp'] }, after: ok });
  const session = await Session.open(engine, stop.signal);
  const running = compareRuns({
    session,
    plan: PLAIN_PLAN,
    root: folder(),
    before: 'before',
    after: 'after',
    requests: [],
    runOptions: [],
    onStep: () => setTimeout(() => stop.abort(), 300),
  });
  await expect(running).rejects.toThrow();
  expect(await engine.made()).toEqual([]);
});

it('an engine that only builds', async () => {
  const engine = Object.assign(new FakeEngine({ before: ok, after: ok }), { containers: undefined, name: 'buildah' });
  const session = await Session.open(engine as unknown as Engine, new AbortController().signal);
  const input = { plan: PLAIN_PLAN, root: folder(), before: 'before', after: 'after', requests: [], runOptions: [] };
  expect(await compareRuns({ ...input, session })).toMatchObject({
    verdict: 'not comparable',
    why: 'buildah builds images and does not run them',
  });
});
