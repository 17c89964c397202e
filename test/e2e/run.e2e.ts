/** `verify --run` against a real engine: what is started, what is measured, what is left. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Tree } from '../../src/tree.ts';
import { parseRequests } from '../../src/verify/requests.ts';
import { compareRuns, planRun, type RunComparison, type RunInput, type RunPlan } from '../../src/verify/run.ts';
import { PLAIN_PLAN } from '../../src/verify/run-plan.ts';
import { folders } from '../spawn.ts';
import { bench } from './engine.ts';

const lab = bench(['node:20-slim', 'alpine:3.19']);
const folder = folders();

/** Answers with what it is told to look at: its user, its volume, a neighbour. */
const SERVER = `
const http = require('http');
const fs = require('fs');
const port = Number(process.env.PORT || 18471);
http.createServer((request, response) => {
  if (request.url === '/health') return response.end('ok');
  if (request.url === '/who') return response.end(JSON.stringify({ host: require('os').hostname(), at: new Date() }));
  if (request.url === '/count') {
    fs.appendFileSync('/data/log', 'x');
    return response.end(String(fs.readFileSync('/data/log').length));
  }
  if (request.url === '/conf') {
    fs.writeFileSync('/conf/written', 'by the container');
    return response.end(fs.readFileSync('/conf/greeting'));
  }
  if (request.url === '/secret') return response.end(fs.readFileSync('/run/secrets/password'));
  if (request.url === '/db') {
    return http.get(process.env.DB, (r) => r.pipe(response)).on('error', (e) => { response.statusCode = 500; response.end(e.message); });
  }
  if (request.url === '/wrong') return response.end(process.env.WRONG || 'right');
  response.statusCode = 404;
  response.end('no');
}).listen(port, () => console.log('listening'));
`;
const BEFORE =
  'FROM node:20-slim\nWORKDIR /app\nCOPY server.js .\nEXPOSE 18471\n# a shell that hears no signal\nCMD node server.js; true\n';
const AFTER = `FROM node:20-slim
WORKDIR /app
COPY server.js .
USER node
EXPOSE 18471
HEALTHCHECK --interval=30s CMD ["node", "-e", "fetch('http://127.0.0.1:18471/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "-e", "process.on('SIGTERM', () => process.exit(0)); require('/app/server.js')"]
`;
const files = { 'server.js': SERVER };

async function run(before: string, after: string, more: Partial<RunInput> = {}): Promise<RunComparison> {
  const session = await lab.open();
  const result = await compareRuns({
    session,
    plan: PLAIN_PLAN,
    root: folder(),
    before,
    after,
    requests: [],
    runOptions: [],
    limits: { ready: 20, alive: 2, answer: 5 },
    ...more,
  });
  // before the session is closed: the run itself removes what it made
  expect(await lab.engine.made(session.id)).toEqual([]);
  expect(await session.close()).toEqual([]);
  return result;
}

const planOf = (root: string, service = 'web'): Promise<RunPlan> =>
  planRun(new Tree(root), { dir: '', by: 'compose', file: 'compose.yaml', name: service }, new Map());

describe('one image', () => {
  it.each([[[]], [['--network=host']]])(
    'another user, a health check and an end in time: run options %j',
    async (runOptions) => {
      const [before, after] = [await lab.build('before', BEFORE, files), await lab.build('after', AFTER, files)];
      const result = await run(before, after, { runOptions });
      expect(result).toMatchObject({ verdict: 'same', why: 'equal answers to GET :18471/health', notes: [] });
      expect(result.before).toMatchObject({ outcome: 'ready', uid: 0, killed: true });
      expect(result.before?.health).toBeUndefined();
      expect(result.after).toMatchObject({
        outcome: 'ready',
        uid: 1000,
        killed: false,
        exitCode: 0,
        health: 'healthy',
      });
      // the default grace is over before it is killed; the other one needs no grace
      expect(result.before?.stop).toBeGreaterThan(9.5);
      expect(result.after?.stop).toBeLessThan(5);
      expect(result.after?.memory).toBeGreaterThan(5e6);
      // asked every second and not after thirty
      expect(result.after?.healthy).toBeLessThan(15);
    },
  );

  it('times and host names are no difference, words are', async () => {
    const image = await lab.build('after', AFTER, files);
    const alike = await run(image, image, { requests: parseRequests(['GET /who', 'GET /nothing']) });
    expect(alike).toMatchObject({
      verdict: 'same',
      why: 'equal answers but for the host name, the time to 2 requests',
    });
    const other = await lab.build('wrong', `${AFTER}ENV WRONG=wrong\n`, files);
    const result = await run(image, other, { requests: parseRequests(['GET /wrong']) });
    expect(result).toMatchObject({ verdict: 'differs', why: 'GET /wrong: the body: "right" became "wrong"' });
  });

  it('after that dies, that is refused, that stays sick', async () => {
    const good = await lab.build('after', AFTER, files);
    const dies = await run(good, await lab.build('dies', `${AFTER}CMD ["node", "missing.js"]\n`, files));
    expect(dies).toMatchObject({ verdict: 'failed', why: 'after does not run: it ended with exit code 1' });
    expect(dies.after?.logs).toContain("Cannot find module '/app/missing.js'");
    const refused = await run(
      good,
      await lab.build('refused', `${AFTER}CMD ["nothing-of-this-name"]\nENTRYPOINT []\n`, files),
    );
    expect(refused.verdict).toBe('failed');
    expect(refused.why).toContain('nothing-of-this-name');
    const sick = await run(good, await lab.build('sick', `${AFTER}HEALTHCHECK CMD echo no such tool; exit 1\n`, files));
    expect(sick).toMatchObject({ verdict: 'failed', why: 'after is not healthy: no such tool' });
  });

  it('before that runs nowhere is not comparable', async () => {
    const inside =
      'FROM node:20-slim\nEXPOSE 18472\nCMD ["node", "-e", "require(\'http\').createServer().listen(18472, \'127.0.0.1\')"]\n';
    const deaf = await lab.build('deaf', inside);
    const result = await run(deaf, deaf, { limits: { ready: 3, alive: 2, answer: 5 } });
    expect(result).toMatchObject({
      verdict: 'not comparable',
      why: 'before does not run here: port 18472 did not open within 3 s; it listens on 18472 (from inside only)',
      after: undefined,
    });
  });

  it('jobs and workers', async () => {
    const job = await lab.build('job', 'FROM alpine:3.19\nCMD ["true"]\n');
    expect(await run(job, job)).toMatchObject({ verdict: 'same', why: 'both end with exit code 0' });
    const worker = await lab.build('worker', 'FROM alpine:3.19\nSTOPSIGNAL SIGKILL\nCMD ["sleep", "1000"]\n');
    expect(await run(worker, worker)).toMatchObject({ verdict: 'same', why: 'both stay alive' });
    expect(await run(worker, job)).toMatchObject({
      verdict: 'failed',
      why: 'after does not run: it ends with exit code 0',
    });
  });

  it('an image without a shell tells its user too', async () => {
    const bare = await lab.build(
      'bare',
      'FROM alpine:3.19 AS tools\nFROM scratch\nCOPY --from=tools /bin/busybox /httpd\nCOPY --from=tools /lib /lib\nUSER 1234:1234\nEXPOSE 18473\nCMD ["/httpd", "-f", "-p", "18473"]\n',
    );
    expect(await run(bare, bare)).toMatchObject({ verdict: 'same', before: { uid: 1234 }, after: { uid: 1234 } });
  });
});

describe('with compose', () => {
  it.each([[[]], [['--network=host']]])(
    'each side has its own neighbours and volumes: run options %j',
    async (runOptions) => {
      const [before, after] = [
        await lab.build('before', BEFORE, files),
        await lab.build('after', BEFORE.replace('; true', ''), files),
      ];
      const root = folder({
        'compose.yaml': `services:
  web:
    build: .
    ports: ["8080:18471"]
    environment: {DB: "http://db:18475/health"}
    volumes: ["data:/data", "./conf:/conf"]
    secrets: [password]
    depends_on:
      db: {condition: service_healthy}
      setup: {condition: service_completed_successfully}
    stop_grace_period: 1s
  db:
    image: ${before}
    environment: {PORT: "18475"}
    expose: ["18475"]
    healthcheck: {test: ["CMD", "node", "-e", "fetch('http://127.0.0.1:18475/health').then(() => {})"], interval: 30s}
  setup:
    image: ${before}
    command: sh -c 'echo -n xx >> /data/log'
    volumes: ["data:/data"]
volumes: {data: {}}
secrets: {password: {file: password.txt}}
`,
        'conf/greeting': 'hello',
        'password.txt': 'open sesame',
      });
      const requests = ['/db', '/conf', '/secret', '/health'].map((path) => `GET ${path}`);
      const result = await run(before, after, {
        plan: await planOf(root),
        root,
        runOptions,
        requests: parseRequests([...requests, 'POST /count']),
      });
      expect(result).toMatchObject({ service: 'web', verdict: 'same', why: 'equal answers to 5 requests', notes: [] });
      const said = (i: number): string => {
        const sample = result.answers[i]?.after;
        return typeof sample === 'object' ? Buffer.from(sample.answers[0]?.body ?? []).toString() : `${sample}`;
      };
      expect([0, 1, 2, 3, 4].map(said)).toEqual(['ok', 'hello', 'open sesame', 'ok', '3']);
      // what the containers wrote stays with them
      expect(readdirSync(join(root, 'conf'))).toEqual(['greeting']);
      expect(readFileSync(join(root, 'password.txt'), 'utf8')).toBe('open sesame');
    },
  );

  it('what is stopped in the middle leaves nothing', async () => {
    const image = await lab.build('before', BEFORE, files);
    const root = folder({
      'compose.yaml': `services: {web: {build: ., depends_on: [db], volumes: ["d:/data"]}, db: {image: "${image}"}}`,
    });
    const stop = new AbortController();
    const session = await lab.open(stop.signal);
    const running = compareRuns({
      session,
      plan: { ...(await planOf(root)) },
      root,
      before: image,
      after: image,
      requests: parseRequests(['GET /health']),
      runOptions: [],
      onStep: () => setTimeout(() => stop.abort(), 2000),
    });
    await expect(running).rejects.toThrow();
    expect(await lab.engine.made(session.id)).toEqual([]);
    expect(await session.close()).toEqual([]);
  });
});
