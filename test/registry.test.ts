/**
 * One suite, two registries: the small server of the tests, or Debian's docker-registry when REDOCK_TEST_REGISTRY is
 * `debian` (`npm run test:registry`); each without authentication, with basic and with bearer authentication.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ImageRef, parseImageRef } from '../src/image.ts';
import type { Found } from '../src/registry/docker-config.ts';
import { RegistryError } from '../src/registry/error.ts';
import { Registry, type RegistryOptions } from '../src/registry/registry.ts';
import { type Auth, type Backend, IDENTITY_TOKEN, PASSWORD, USER } from './registry/backend.ts';
import { MANY, NODE_AMD64, NODE_INDEX, OLD_LIST, OLD_SINGLE } from './registry/content.ts';
import { startDebian } from './registry/debian.ts';
import { type Fault, type Faulty, pagesOf, startFaulty } from './registry/faults.ts';
import { startServer } from './registry/server.ts';

const startBackend = process.env.REDOCK_TEST_REGISTRY === 'debian' ? startDebian : startServer;
const RIGHT: Found = { credentials: { kind: 'password', username: USER, password: PASSWORD } };

describe.each<Auth>(['none', 'basic', 'bearer'])('a registry with authentication: %s', (auth) => {
  let backend: Backend;
  let front: Faulty;
  let slept: number[];

  beforeAll(async () => {
    backend = await startBackend(auth);
    front = await startFaulty(backend);
  }, 60_000);
  afterAll(async () => {
    await front.stop();
    await backend.stop();
  });
  afterEach(() => {
    front.fault = undefined;
    front.log.length = 0;
  });

  const ref = (name: string): ImageRef & { tag: string } =>
    parseImageRef(`${front.host}/${name}`) as ImageRef & { tag: string };

  function registry(options: Partial<RegistryOptions> = {}): Registry {
    slept = [];
    return new Registry({
      env: {},
      now: () => Date.UTC(2026, 10, 21),
      credentials: async () => (auth === 'none' ? {} : RIGHT),
      sleep: async (ms) => void slept.push(ms),
      timeout: 5000,
      ...options,
    });
  }

  /** The fault for manifests of the first `times` requests that get past the authentication. */
  function onManifests(fault: Fault, times = Number.POSITIVE_INFINITY): void {
    let left = times;
    front.fault = (request, response) => {
      const passes = auth === 'none' || request.headers.authorization !== undefined;
      return request.url?.includes('/manifests/') === true && passes && left-- > 0 && fault(request, response);
    };
  }

  const failure = (answer: unknown): { code: string; message: string } => {
    expect(answer).toBeInstanceOf(RegistryError);
    const { code, message } = answer as RegistryError;
    // it goes into a report: one line that names the registry
    expect(message).not.toMatch(/\n|undefined|\[object/);
    expect(message).toContain(front.host);
    return { code, message };
  };

  it('resolves a tag to the digest of its index', async () => {
    expect(await registry().image(ref('library/node:22-slim'))).toEqual({
      digest: NODE_INDEX,
      platforms: ['linux/amd64', 'linux/arm/v7'],
    });
    expect(await registry().image(ref('library/old:list'))).toEqual({ digest: OLD_LIST, platforms: ['linux/amd64'] });
  });

  it('resolves an image of one platform, and latest where no tag is written', async () => {
    const expected = { digest: OLD_SINGLE, platforms: ['linux/amd64'] };
    expect(await registry().image(ref('library/old:single'))).toEqual(expected);
    expect(await registry().image(ref('library/old'))).toEqual(expected);
    expect(await registry().digest(ref('library/node:22.20.0-slim'))).toBe(NODE_AMD64);
  });

  it('lists every tag over all pages', async () => {
    expect(await registry().tags(ref('team/many'))).toEqual(MANY);
  });

  it('follows pages that the registry makes smaller than asked', async () => {
    // docker-registry 2.8 lists all tags at once: its list is cut into pages on the way
    front.fault = pagesOf(backend.host, 60);
    expect(await registry().tags(ref('team/many'))).toEqual(MANY);
    expect(front.log.filter(({ line }) => line.includes('last='))).toHaveLength(4);
    front.fault = (request, response) => {
      const isList = request.url?.includes('/tags/list') === true;
      const link = '</v2/team/many/tags/list?last=x>; rel="next"';
      return isList && !!response.writeHead(200, { link }).end('{"tags":["x"]}');
    };
    expect(failure(await registry().tags(ref('team/many')))).toMatchObject({
      code: 'bad-answer',
      message: expect.stringContaining('without end'),
    });
  });

  it('asks once for a reference, and never for more at a time than agreed', async () => {
    let running = 0;
    let most = 0;
    front.fault = (_, response) => {
      most = Math.max(most, ++running);
      response.on('close', () => running--);
      return false;
    };
    const one = registry({ parallel: 2 });
    await Promise.all(MANY.slice(0, 12).map((tag) => one.digest(ref(`team/many:${tag}`))));
    const before = front.log.length;
    await Promise.all([one.digest(ref('team/many:t001')), one.digest(ref('team/many:t002'))]);
    expect(front.log.length).toBe(before);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('says so when there is no such tag or repository', async () => {
    expect(failure(await registry().image(ref('library/node:99'))).code).toBe('not-found');
    expect(failure(await registry().tags(ref('library/nothing'))).code).toBe('not-found');
    expect(failure(await registry().digest(ref('library/node:99'))).code).toBe('not-found');
  });

  it.runIf(auth !== 'none')('says so when the password is wrong or none is there', async () => {
    const wrong: Found = { credentials: { kind: 'password', username: USER, password: 'wrong' } };
    const refused = failure(await registry({ credentials: async () => wrong }).image(ref('library/node:22-slim')));
    expect(refused.code).toBe('unauthorized');
    expect(refused.message).toContain('does not accept the credentials');
    const none = failure(await registry({ credentials: async () => ({}) }).image(ref('library/node:22-slim')));
    expect(none.code).toBe('unauthorized');
    expect(none.message).toContain(`docker login ${front.host}`);
    const broken = async () => ({ problem: 'docker-credential-x is not installed' });
    expect(failure(await registry({ credentials: broken }).image(ref('library/node:22-slim'))).message).toContain(
      'docker-credential-x is not installed',
    );
  });

  it.runIf(auth === 'bearer')('exchanges an identity token, and gets one token for all of a repository', async () => {
    const identity: Found = { credentials: { kind: 'identity', token: IDENTITY_TOKEN } };
    const one = registry({ credentials: async () => identity });
    expect(await one.digest(ref('library/node:22-slim'))).toBe(NODE_INDEX);
    expect(await one.digest(ref('library/node:slim'))).toBe(NODE_INDEX);
    const sent = front.log.map(({ authorization }) => authorization);
    expect(sent.filter((it) => it === undefined)).toHaveLength(1);
    expect(new Set(sent).size).toBe(2);
  });

  it.runIf(auth === 'bearer')('gets another token when one has expired', async () => {
    const one = registry();
    expect(await one.digest(ref('library/node:22-slim'))).toBe(NODE_INDEX);
    const expired = front.log.at(-1)?.authorization;
    let asked = 0;
    front.fault = (request, response) => {
      if (request.headers.authorization !== expired || asked++ > 0) return false;
      const challenge = front.log.length > 0 ? lastChallenge : '';
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
    const lastChallenge = (await fetch(`http://${front.host}/v2/library/node/manifests/slim`)).headers.get(
      'www-authenticate',
    ) as string;
    expect(await one.digest(ref('library/node:slim'))).toBe(NODE_INDEX);
    expect(asked).toBe(1);
  });

  it('waits as long as a limit asks for', async () => {
    onManifests((_, response) => !!response.writeHead(429, { 'retry-after': '7' }).end(), 1);
    expect(await registry().digest(ref('library/node:22-slim'))).toBe(NODE_INDEX);
    expect(slept).toEqual([7000]);
    const date = 'Sat, 21 Nov 2026 00:00:09 GMT';
    onManifests((_, response) => !!response.writeHead(429, { 'retry-after': date }).end(), 1);
    expect(await registry().digest(ref('library/node:22-slim'))).toBe(NODE_INDEX);
    expect(slept).toEqual([9000]);
  });

  it('does not wait for an hour, nor for nothing', async () => {
    onManifests((_, response) => !!response.writeHead(429, { 'retry-after': '3600' }).end());
    const limited = failure(await registry().image(ref('library/node:22-slim')));
    expect(limited).toMatchObject({ code: 'rate-limited', message: expect.stringContaining('wait 3600 s') });
    onManifests((_, response) => !!response.writeHead(429).end());
    expect(failure(await registry().image(ref('library/node:22-slim'))).message).toContain('a login raises it');
    expect(slept).toEqual([]);
  });

  it('asks again when the connection is cut, and gives up in the end', async () => {
    const cut: Fault = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"half');
      setImmediate(() => response.destroy());
      return true;
    };
    onManifests(cut, 1);
    expect(await registry().image(ref('library/node:22-slim'))).toMatchObject({ digest: NODE_INDEX });
    onManifests(cut);
    expect(failure(await registry().image(ref('library/node:22-slim')))).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('cut'),
    });
    onManifests((_, response) => !!response.writeHead(503).end(), 1);
    expect(await registry().image(ref('library/node:22-slim'))).toMatchObject({ digest: NODE_INDEX });
    onManifests((_, response) => !!response.writeHead(503).end());
    expect(failure(await registry().image(ref('library/node:22-slim'))).code).toBe('server-error');
  });

  it('does not wait for a slow answer for ever', async () => {
    onManifests((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
      return true;
    });
    expect(failure(await registry({ timeout: 200 }).image(ref('library/node:22-slim'))).code).toBe('timeout');
  });

  it('believes no digest that is not that of the body', async () => {
    const lie = `sha256:${'0'.repeat(64)}`;
    onManifests((_, response) => {
      const type = 'application/vnd.oci.image.index.v1+json';
      return !!response.writeHead(200, { 'docker-content-digest': lie, 'content-type': type }).end('{"manifests":[]}');
    });
    expect(failure(await registry().image(ref('library/node:22-slim'))).code).toBe('wrong-digest');
  });

  it.each([
    ['a page of a portal', 'text/html', '<html>log in</html>'],
    ['an empty index', 'application/vnd.oci.image.index.v1+json', '{"manifests":[]}'],
    ['something that is no manifest', 'application/vnd.oci.image.manifest.v1+json', '{"layers":[]}'],
    ['an old manifest', 'application/vnd.docker.distribution.manifest.v1+prettyjws', '{}'],
  ])('believes no %s', async (_, type, body) => {
    onManifests((_, response) => !!response.writeHead(200, { 'content-type': type }).end(body));
    expect(failure(await registry().image(ref('library/node:22-slim'))).code).toBe('bad-answer');
  });

  it('fails one reference and not the others', async () => {
    front.fault = (request, response) => request.url?.includes('/old/') === true && !!response.writeHead(500).end();
    const one = registry();
    const [node, old] = await Promise.all([one.image(ref('library/node:slim')), one.image(ref('library/old'))]);
    expect(node).toMatchObject({ digest: NODE_INDEX });
    expect(failure(old).code).toBe('server-error');
  });
});
