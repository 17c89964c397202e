import { describe, expect, it } from 'vitest';
import { UsageError } from '../src/errors.ts';
import { Tree } from '../src/tree.ts';
import { compareAnswers, type Sample } from '../src/verify/answers.ts';
import { planComposeRun } from '../src/verify/compose-run.ts';
import { healthRequest } from '../src/verify/health-path.ts';
import { parseRequest, parseRequests } from '../src/verify/requests.ts';
import { readListening, readMemory } from '../src/verify/run-measure.ts';
import { readRunOptions } from '../src/verify/run-network.ts';
import { splitCommand } from '../src/verify/split-command.ts';
import { folders } from './spawn.ts';

const folder = folders();

describe('requests', () => {
  it('reads method, path, port, headers and body', () => {
    expect(parseRequest('GET /health')).toEqual({
      method: 'GET',
      path: '/health',
      port: undefined,
      headers: {},
      body: undefined,
    });
    expect(parseRequest('/')).toMatchObject({ method: 'GET', path: '/' });
    expect(parseRequest('get :8081/x?y=1 HTTP/1.1')).toMatchObject({
      method: 'GET',
      port: 8081,
      path: '/x?y=1',
      body: undefined,
    });
    expect(parseRequest('GET http://localhost:3000')).toMatchObject({ port: 3000, path: '/' });
    expect(parseRequest('POST /carts/1 {"product": 1}')).toMatchObject({
      body: '{"product": 1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(parseRequest('PUT /a\nContent-Type: text/plain\nX-A: b c\n\nline\n\nline')).toMatchObject({
      headers: { 'content-type': 'text/plain', 'x-a': 'b c' },
      body: 'line\n\nline',
    });
  });

  it.each([
    ['', 'GET /health'],
    ['FETCH /', 'FETCH is none of'],
    ['GET health', 'is no path'],
    ['GET http://example.com/', 'leave the host away'],
    ['GET https://localhost/', 'plain HTTP'],
    ['GET :70000/', 'is no port'],
    ['GET /a\nno header', 'is no header'],
    ['GET /ü', 'percent-encoded'],
  ])('refuses %j', (text, why) => {
    expect(() => parseRequest(text)).toThrow(UsageError);
    expect(() => parseRequest(text)).toThrow(why);
  });

  it('bounds their number', () => {
    expect(() => parseRequests(Array(51).fill('GET /'))).toThrow('at most 50');
  });
});

describe('the request of a health check', () => {
  it.each([
    [['CMD-SHELL', 'curl -f http://localhost:3000/health || exit 1'], '/health', 3000],
    [['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/'], '/', 8080],
    [['CMD', 'curl', '-fsS', 'http://localhost'], '/', 80],
    [['CMD', 'curl', '-fsS', 'http://localhost/up'], '/up', 80],
    [['CMD-SHELL', 'curl -f http://localhost:${PORT:-3000}/up'], '/up', undefined],
    [
      [
        'CMD',
        'node',
        '-e',
        "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/health').then(r=>process.exit(r.ok?0:1))",
      ],
      '/health',
      undefined,
    ],
    [
      ['CMD', 'python', '-c', "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"],
      '/healthz',
      8000,
    ],
  ])('%j', (test, path, port) => {
    expect(healthRequest(test)).toMatchObject({ path, port, method: 'GET' });
  });

  it.each([
    [['CMD', 'pg_isready']],
    [['CMD-SHELL', 'curl https://example.com/health']],
    [['CMD-SHELL', 'curl http://localhost:3000/$TENANT/health']],
    [['NONE']],
  ])('is not guessed: %j', (test) => {
    expect(healthRequest(test)).toBeUndefined();
  });
});

describe('answers', () => {
  const at = Date.parse('2026-11-21T10:00:00Z');
  const sample = (
    bodies: (string | Uint8Array)[],
    more: Partial<Sample> = {},
    status = 200,
    type = 'text/plain',
  ): Sample => ({
    answers: bodies.map((body) => ({
      status,
      type,
      location: undefined,
      body: Buffer.from(body),
      cut: false,
      seconds: 0.01,
    })),
    own: {},
    from: at,
    to: at + 60_000,
    ...more,
  });

  it('equal bytes need no excuse', () => {
    expect(compareAnswers(sample(['ok', 'ok']), sample(['ok', 'ok']))).toEqual({
      alike: true,
      but: [],
      difference: undefined,
      remark: undefined,
    });
  });

  it('a time counts as the time only within the run', () => {
    const inside = [
      ['at 2026-11-21T10:00:01.123Z', 'at 2026-11-21T10:00:41.500Z'],
      ['at 2026-11-21 10:00:01.123456', 'at 2026-11-21 10:00:02.000001'],
      ['at 2026-11-21T11:00:01+01:00', 'at 2026-11-21T11:00:02+01:00'],
      ['Sat, 21 Nov 2026 10:00:01 GMT', 'Sat, 21 Nov 2026 10:00:09 GMT'],
      [`{"t":${at + 1}}`, `{"t":${at + 20_000}}`],
      [`${at / 1000 + 1}`, `${at / 1000 + 2}`],
      [`${at / 1000 + 1}.25`, `${at / 1000 + 2}.5`],
    ] as const;
    for (const [a, b] of inside) {
      expect(compareAnswers(sample([a]), sample([b])), a).toMatchObject({ alike: true, but: ['the time'] });
    }
    const outside = compareAnswers(sample(['built 2026-11-20T10:00:00Z']), sample(['built 2026-11-21T09:00:00Z']));
    expect(outside).toMatchObject({ alike: false });
    expect(outside.difference).toBe('the body: "built 2026-11-20T10:00:00Z" became "built 2026-11-21T09:00:00Z"');
  });

  it('the names of the container itself', () => {
    const before = sample(['from 0123456789ab'], { own: { '0123456789ab': 'the host name' } });
    const after = sample(['from ba9876543210'], { own: { ba9876543210: 'the host name' } });
    expect(compareAnswers(before, after)).toMatchObject({ alike: true, but: ['the host name'] });
    expect(compareAnswers(before, sample(['from another'])).alike).toBe(false);
  });

  it('what changes from one answer to the next', () => {
    const before = sample(['{"id":"aa","name":"tea"}', '{"id":"ab","name":"tea"}']);
    expect(compareAnswers(before, sample(['{"id":"x","name":"tea"}', '{"id":"y","name":"tea"}']))).toMatchObject({
      alike: true,
      but: ['what changes from one answer to the next'],
    });
    // a value that stays the same on each side is no such thing
    expect(compareAnswers(before, sample(['{"id":"x","name":"cup"}', '{"id":"y","name":"cup"}'])).alike).toBe(false);
    expect(compareAnswers(sample(['id a', 'id a']), sample(['id b', 'id b'])).alike).toBe(false);
  });

  it('what changes from one build to the next', () => {
    const page = (id: string, more = '') =>
      sample([`<script src="/${id}/app.js">${more}`, `<script src="/${id}/app.js">${more}`]);
    expect(compareAnswers(page('Fk3-x'), page('q_9')).alike).toBe(false);
    expect(compareAnswers(page('Fk3-x'), page('q_9'), page('abc'))).toMatchObject({
      alike: true,
      but: ['what changes from one build to the next'],
    });
    expect(compareAnswers(page('Fk3-x', 'tea'), page('q_9', 'cup'), page('abc', 'tea')).alike).toBe(false);
    // two builds that answer alike excuse nothing
    expect(compareAnswers(page('Fk3-x'), page('q_9'), page('Fk3-x')).alike).toBe(false);
  });

  it('JSON by its meaning', () => {
    const result = compareAnswers(sample(['{"a":1,"b":[1,2]}']), sample(['{ "b": [1, 2], "a": 1 }\n']));
    expect(result).toMatchObject({ alike: true, but: ['the order of keys and blanks of the JSON'] });
    expect(compareAnswers(sample(['{"b":[1,2]}']), sample(['{"b":[2,1]}'])).alike).toBe(false);
  });

  it('says what differs', () => {
    expect(compareAnswers(sample(['ok'], {}, 200), sample(['ok'], {}, 500)).difference).toBe('status 200 became 500');
    expect(compareAnswers(sample(['a\nb\nc']), sample(['a\nx\nc'])).difference).toBe(
      'line 2 of the body: "b" became "x"',
    );
    expect(compareAnswers(sample(['a']), sample([''])).difference).toBe('the body "a" became empty');
    expect(compareAnswers(sample(['ab']), sample(['abc'])).difference).toBe('the body: "ab" became "abc"');
    const bytes = compareAnswers(sample([new Uint8Array([255, 1])]), sample([new Uint8Array([255])]));
    expect(bytes.difference).toBe('the body has other bytes (2 before, 1 after)');
  });

  it('another content type is told and is no failure', () => {
    expect(compareAnswers(sample(['x']), sample(['x'], {}, 200, 'text/html'))).toMatchObject({
      alike: true,
      remark: 'content type text/plain became text/html',
    });
  });
});

describe('a compose service', () => {
  const plan = (
    yaml: string,
    service = 'web',
    files: Record<string, string> = {},
    variables: Record<string, string> = {},
  ) =>
    planComposeRun(
      new Tree(folder({ 'compose.yaml': yaml, ...files })),
      'compose.yaml',
      service,
      new Map(Object.entries(variables)),
    );

  it('environment: files, .env, the user, in the order of compose', async () => {
    const result = await plan(
      `services:
  web:
    build: .
    env_file:
      - a.env
      - path: missing.env
        required: false
      - gone.env
    environment:
      A: from compose
      PORT: 3000
      DEBUG: false
      TOKEN:
      HOST: \${HOST:-localhost}
      SHELL_WINS: \${W}
      PRICE: 5$$
      EMPTY: \${NOWHERE}
`,
      'web',
      { 'a.env': 'A=from file\nB="b c"\n', '.env': 'W=dotenv\n' },
      { TOKEN: 'secret', W: 'user' },
    );
    expect(result?.app.environment).toEqual({
      A: 'from compose',
      B: 'b c',
      PORT: '3000',
      DEBUG: 'false',
      TOKEN: 'secret',
      HOST: 'localhost',
      SHELL_WINS: 'user',
      PRICE: '5$',
      EMPTY: '',
    });
    expect(result?.notes).toEqual([
      'the variable NOWHERE is not set: it is empty here',
      'web: there is no gone.env here',
    ]);
    expect(result?.source).toEqual({ file: 'compose.yaml', line: 2 });
  });

  it('ports, command, entrypoint, user and the other options', async () => {
    const result = await plan(`services:
  web:
    build: .
    ports: ["8080:80", "127.0.0.1:9000:9000/tcp", "53:53/udp", {target: 443, published: 8443}, "7000-7001"]
    expose: ["81"]
    command: serve --name "two words" it\\'s
    entrypoint: ["/bin/sh", "-c"]
    user: "1000:1000"
    working_dir: /srv
    init: true
    read_only: false
    tmpfs: /run
    cap_drop: [ALL]
    shm_size: 64m
    extra_hosts: ["api:10.0.0.1"]
    sysctls: {net.core.somaxconn: 1024}
    ulimits: {nofile: {soft: 100, hard: 200}, nproc: 5}
    stop_grace_period: 1m30s
    stop_signal: SIGQUIT
    deploy: {resources: {limits: {memory: 256M}}}
    privileged: true
`);
    expect(result?.app.ports).toEqual([80, 9000, 443, 7000, 7001, 81]);
    expect(result?.app.command).toEqual(['serve', '--name', 'two words', "it's"]);
    expect(result?.app.entrypoint).toEqual(['/bin/sh', '-c']);
    expect(result?.app.grace).toBe(90);
    expect(result?.app.options.join(' ')).toBe(
      '--user 1000:1000 --workdir /srv --init --tmpfs /run --cap-drop ALL --shm-size 64m --add-host api:10.0.0.1 ' +
        '--sysctl net.core.somaxconn=1024 --stop-signal SIGQUIT --ulimit nofile=100:200 --ulimit nproc=5 --memory 256M',
    );
    expect(result?.notes).toEqual(['web: privileged is left out']);
  });

  it('mounts: nothing from outside of the repository', async () => {
    const result = await plan(
      `services:
  web:
    build: .
    volumes:
      - data:/data
      - ./conf:/etc/conf:ro
      - ./one.txt:/one.txt
      - /var/run/docker.sock:/var/run/docker.sock
      - ../up:/up
      - ~/.aws:/root/.aws
      - /anonymous
      - {type: tmpfs, target: /scratch}
      - {type: bind, source: ./conf, target: /conf2, read_only: true}
    secrets: [password, {source: key, target: /etc/key}, lost]
    configs: [inline]
secrets:
  password: {file: ./password.txt}
  key: {environment: KEY}
  lost: {file: ./absent}
configs:
  inline: {content: "a=1"}
volumes: {data: {}}
`,
      'web',
      { 'conf/a': '', 'one.txt': '1', 'password.txt': 'x' },
      { KEY: 'k' },
    );
    expect(result?.app.mounts).toEqual([
      { kind: 'volume', key: 'data', target: '/data', readOnly: false },
      { kind: 'folder', source: 'conf', target: '/etc/conf', readOnly: true },
      { kind: 'file', source: 'one.txt', target: '/one.txt', readOnly: false },
      { kind: 'volume', key: 'web:/anonymous', target: '/anonymous', readOnly: false },
      { kind: 'folder', source: 'conf', target: '/conf2', readOnly: true },
      { kind: 'file', source: 'password.txt', target: '/run/secrets/password', readOnly: true },
      { kind: 'text', text: 'k', target: '/etc/key' },
      { kind: 'text', text: 'a=1', target: '/inline' },
    ]);
    expect(result?.app.options).toEqual(['--tmpfs', '/scratch']);
    expect(result?.notes).toEqual([
      'web: /var/run/docker.sock is not mounted: it is no file or folder of the repository',
      'web: ../up is not mounted: it is no file or folder of the repository',
      'web: ~/.aws is not mounted: it is no file or folder of the repository',
      'web: no value of the secret lost is here',
    ]);
  });

  it('dependencies in the order of their start, with their conditions; circles end', async () => {
    const result = await plan(`services:
  web:
    build: .
    depends_on:
      api: {condition: service_healthy}
      cache: {condition: service_started, required: false}
  api:
    build: api
    depends_on: [db, web]
    networks: {default: {aliases: [backend]}}
  db:
    image: postgres:16
    healthcheck: {test: "pg_isready -U x", interval: 5s, timeout: 3s}
  cache:
    image: redis:7
    healthcheck: {test: ["CMD", "redis-cli", "ping it"]}
  other: {image: alpine}
`);
    expect(result?.app.dependsOn).toEqual([
      { service: 'api', condition: 'healthy', optional: false },
      { service: 'cache', condition: 'started', optional: true },
    ]);
    expect(result?.dependencies.map(({ name, image }) => [name, image])).toEqual([
      ['db', 'postgres:16'],
      ['api', undefined],
      ['cache', 'redis:7'],
    ]);
    expect(result?.dependencies[0]?.options).toEqual(['--health-cmd', 'pg_isready -U x', '--health-timeout', '3s']);
    expect(result?.dependencies[0]?.health).toEqual(['CMD-SHELL', 'pg_isready -U x']);
    expect(result?.dependencies[1]?.aliases).toEqual(['backend']);
    expect(result?.dependencies[2]?.options).toEqual(['--health-cmd', "redis-cli 'ping it'"]);
  });

  it('a health check that is turned off, anchors, extends, the base file below another', async () => {
    const yaml = `x-env: &env
  LOG: debug
services:
  base: {image: x, environment: {A: "1", B: "1"}, ports: ["1:1"]}
  web:
    extends: base
    build: .
    environment: {<<: *env, B: "2"}
    healthcheck: {disable: true}
    network_mode: host
`;
    const result = await plan(yaml);
    expect(result?.app).toMatchObject({ environment: { A: '1', B: '2', LOG: 'debug' }, ports: [1], health: ['NONE'] });
    expect(result?.app.options).toEqual(['--no-healthcheck']);
    expect(result?.app.image).toBeUndefined();
    expect(result?.hostNetwork).toBe(true);

    const tree = new Tree(
      folder({ 'compose.yaml': yaml, 'compose.prod.yaml': 'services: {web: {environment: [C=3]}}' }),
    );
    const laid = await planComposeRun(tree, 'compose.prod.yaml', 'web', new Map());
    expect(laid?.app).toMatchObject({ environment: { A: '1', B: '2', C: '3' } });
  });

  it('no such service, no such file, broken file', async () => {
    expect(await plan('services: {web: {build: .}}', 'nope')).toBeUndefined();
    expect(await plan('services: [', 'web')).toBeUndefined();
    expect(await planComposeRun(new Tree(folder()), 'compose.yaml', 'web', new Map())).toBeUndefined();
  });
});

describe('what engines print', () => {
  it('memory', () => {
    expect(readMemory('15.5MiB / 23.54GiB')).toBe(16_252_928);
    expect(readMemory('2GB / 4GB')).toBe(2e9);
    expect(readMemory('-- / --')).toBeUndefined();
    expect(readMemory('')).toBeUndefined();
  });

  it('listening sockets', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1068 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   2: 0100007F:1F90 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   0: 00000000000000000000000001000000:1068 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
`;
    expect(readListening(table)).toEqual([
      { port: 4200, inside: true },
      { port: 3000, inside: false },
    ]);
  });
});

it('the options of a run: the network and the rest', () => {
  expect(readRunOptions(['--network=host', '-e', 'A=1', '--rm'])).toEqual({ network: 'host', others: ['-e', 'A=1'] });
  expect(readRunOptions(['--net', 'mine'])).toEqual({ network: 'mine', others: [] });
  expect(readRunOptions([])).toEqual({ network: undefined, others: [] });
});

it('splits a command as compose does', () => {
  expect(splitCommand(`a  "b c" 'd "e"' f\\ g "h\\"i" ''`)).toEqual(['a', 'b c', 'd "e"', 'f g', 'h"i', '']);
  expect(splitCommand('')).toEqual([]);
});
