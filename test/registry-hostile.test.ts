/** Registries, proxies and helpers that misbehave: each ends with an answer or with a plain reason. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImageRef, parseImageRef } from '../src/image.ts';
import { DockerConfig, type Found } from '../src/registry/docker-config.ts';
import { RegistryError } from '../src/registry/error.ts';
import { Registry } from '../src/registry/registry.ts';
import { PASSWORD, USER } from './registry/backend.ts';
import { NODE_INDEX } from './registry/content.ts';
import { startFaulty } from './registry/faults.ts';
import { client, failure, give, opened, ref, watched } from './registry/hostile.ts';
import { startServer } from './registry/server.ts';
import { folders } from './spawn.ts';

const folder = folders();
const RIGHT: Found = { credentials: { kind: 'password', username: USER, password: PASSWORD } };

describe('manifests and lists', () => {
  async function faulty() {
    const backend = opened(await startServer('none'));
    return opened(await startFaulty(backend));
  }

  it('of another host come without the credentials', async () => {
    const backend = opened(await startServer('none'));
    const store = opened(await startFaulty(backend));
    const front = await watched((request, response) => {
      if (request.headers.authorization === undefined)
        give('', 401, { 'www-authenticate': 'Basic realm="x"' })(request, response);
      else give('', 307, { location: `http://${store.host}${request.url}` })(request, response);
    });
    const image = await client({ credentials: async () => RIGHT }).image(ref(front.host, 'library/old:single'));
    expect(image).toMatchObject({ platforms: ['linux/amd64'] });
    expect(store.log.map(({ line }) => line.replace(/sha256:.*/, ''))).toEqual([
      'GET /v2/library/old/manifests/single',
      'GET /v2/library/old/blobs/',
    ]);
    expect(store.log.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('are never fetched in a circle, in floods or over plain HTTP', async () => {
    const circle = await watched((request, response) =>
      give('', 302, { location: request.url ?? '' })(request, response),
    );
    expect((await failure(client().image(ref(circle.host)))).message).toContain('redirects without end');
    expect(circle.seen.length).toBeLessThan(10);
    const away = await watched(give('', 302, { location: 'http://plain.example/v2/' }));
    expect(await failure(client().image(ref(away.host)))).toMatchObject({ code: 'insecure' });
    const nowhere = await watched(give('', 302, { location: 'http://[::' }));
    expect((await failure(client().image(ref(nowhere.host)))).message).toContain('no URL');
    const flood = await watched((_, response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' });
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    expect((await failure(client().image(ref(flood.host)))).message).toContain('more than 4194304 bytes');
  });

  it('need no digest header: the digest is that of the bytes', async () => {
    const front = await faulty();
    const heads: string[] = [];
    front.fault = (request, response) => {
      heads.push(request.method ?? '');
      response.writeHead = new Proxy(response.writeHead, {
        apply: (write, self, [status, headers]) => {
          delete headers['docker-content-digest'];
          return Reflect.apply(write, self, [status, headers]);
        },
      });
      return false;
    };
    expect(await client().image(ref(front.host))).toMatchObject({ digest: NODE_INDEX });
    heads.length = 0;
    expect(await client().digest(ref(front.host))).toBe(NODE_INDEX);
    expect(heads).toEqual(['HEAD', 'GET']);
  });

  it.each<[string, string | undefined]>([
    ['another algorithm', `md5:${'0'.repeat(32)}`],
    ['no digest', 'hello'],
    ['one that is cut short', 'sha256:1234'],
  ])('with %s in the header are not believed', async (_, claimed) => {
    const front = await faulty();
    front.fault = (_request, response) =>
      !!response
        .writeHead(200, {
          'content-type': 'application/vnd.oci.image.index.v1+json',
          'docker-content-digest': claimed as string,
        })
        .end('{"manifests":[{"platform":{"os":"linux","architecture":"amd64"}}]}');
    expect(await failure(client().image(ref(front.host)))).toMatchObject({ code: 'wrong-digest' });
  });

  it.each([
    ['text/html', '<html>log in</html>'],
    ['application/json', '{"errors":[]}'],
    ['application/json', '{"tags":"latest"}'],
    ['application/json', '{"tags":[1]}'],
    ['application/json', '[]'],
  ])('%s %s is no list of tags', async (type, body) => {
    const front = await watched(give(body, 200, { 'content-type': type }));
    expect(await failure(client().tags(ref(front.host)))).toMatchObject({ code: 'bad-answer' });
  });

  it('of tags have an end', async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `t${i}`);
    let pages = 0;
    const front = await watched((request, response) => {
      const link: Record<string, string> =
        pages++ === 0 ? { link: '</v2/library/node/tags/list?last=x>; rel="next"' } : {};
      give({ tags: many }, 200, link)(request, response);
    });
    expect(await client().tags(ref(front.host))).toHaveLength(400_000);
    const endless = await watched(
      give({ tags: many }, 200, { link: '</v2/library/node/tags/list?last=x>; rel="next"' }),
    );
    expect((await failure(client().tags(ref(endless.host)))).message).toContain('without end');
    expect(endless.seen).toHaveLength(2);
  });

  it('that are empty are empty lists', async () => {
    const front = await watched(give({ name: 'library/node', tags: null }));
    expect(await client().tags(ref(front.host))).toEqual([]);
  });

  it.each([
    ['another host', (host: string) => `http://${host}/v2/library/node/tags/list?last=a`],
    ['another host in the path', (host: string) => `http://x//${host}/v2/library/node/tags/list?last=a`],
    ['another host without a scheme', (host: string) => `//${host}/v2/library/node/tags/list?last=a`],
  ])('go on at the registry itself where the next page is said to be on %s', async (_, next) => {
    const other = await watched(give({ tags: ['evil'] }));
    const front = await watched((request, response) => {
      const isFirst = !request.url?.includes('last=');
      const link = { link: `<${next(other.host)}>; rel="next"` };
      give({ tags: [isFirst ? 'a' : 'b'] }, 200, isFirst ? link : {})(request, response);
    });
    expect(await client().tags(ref(front.host))).toEqual(['a', 'b']);
    expect(other.seen).toEqual([]);
  });

  it('without HTTP or TLS have a reason that names what is wrong', async () => {
    const tcp = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('220 mail.example ready\r\n', () => socket.destroySoon());
    });
    await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done));
    opened({ stop: () => new Promise((done) => tcp.close(() => done())) });
    const { port } = tcp.address() as { port: number };
    expect((await failure(client().image(ref(`127.0.0.1:${port}`)))).message).toContain('its answer is no HTTP');
    const plain = await watched(give(''));
    const mirrors = [new URL(`https://${plain.host}`)];
    const through = client({ mirrors, env: { HTTPS_PROXY: 'http://127.0.0.1:9' } });
    // a mirror that fails is passed over, and the reason is that of the registry
    expect((await failure(through.image(parseImageRef('node:22-slim') as ImageRef))).message).toContain('127.0.0.1:9');
    const secure = client({ mirrors: [] });
    const file = await failure(secure.checksum(`https://${plain.host}/a.tar`));
    expect(file.message).toContain('it does not speak TLS');
  });
});

it('nothing is waited for once the user has no more patience', async () => {
  const stopping = new AbortController();
  const silent = await watched(() => stopping.abort());
  const one = client({ signal: stopping.signal, timeout: 60_000 });
  expect((await failure(one.image(ref(silent.host)))).message).toContain('interrupted');
  const again = new AbortController();
  const limited = await watched((request, response) => {
    setTimeout(() => again.abort(), 20);
    give('', 429, { 'retry-after': '29' })(request, response);
  });
  const patient = new Registry({ env: {}, now: Date.now, credentials: async () => ({}), signal: again.signal });
  expect((await failure(patient.image(ref(limited.host)))).message).toContain('interrupted');
});

describe('a host that stays silent', () => {
  it('is not waited for again and again', async () => {
    let asked = 0;
    const front = await watched(() => void asked++);
    const registry = client({ timeout: 100, parallel: 1 });
    const tags = Array.from({ length: 8 }, (_, i) => ref(front.host, `library/node:${i}`));
    const errors = await Promise.all(tags.map((tag) => failure(registry.image(tag))));
    expect(errors.map(({ code }) => code)).toEqual([...Array(3).fill('timeout'), ...Array(5).fill('unreachable')]);
    expect(errors.at(-1)?.message).toContain('gave no answer 3 times');
    expect(asked).toBe(3);
  });

  it('for a moment is asked again', async () => {
    const backend = opened(await startServer('none'));
    const front = opened(await startFaulty(backend));
    front.fault = (request) => /manifests\/(?:a|b|c)$/.test(request.url ?? '');
    const registry = client({ timeout: 100, parallel: 1 });
    const order = ['a', 'b', '22-slim', 'c', 'slim'];
    const answers = await Promise.all(order.map((tag) => registry.digest(ref(front.host, `library/node:${tag}`))));
    expect(answers.map((it) => (it instanceof RegistryError ? it.code : it))).toEqual([
      'timeout',
      'timeout',
      NODE_INDEX,
      'timeout',
      NODE_INDEX,
    ]);
  });
});

it('a registry with an IPv6 address is asked as any other', async () => {
  const backend = opened(await startServer('none'));
  const relay = createServer((request, response) => {
    void fetch(`http://${backend.host}${request.url}`, { headers: { accept: request.headers.accept ?? '' } }).then(
      async (answer) =>
        response
          .writeHead(answer.status, Object.fromEntries(answer.headers))
          .end(Buffer.from(await answer.arrayBuffer())),
    );
  });
  const port = await new Promise<number | undefined>((done) => {
    relay.once('error', () => done(undefined));
    relay.listen(0, '::1', () => done((relay.address() as { port: number }).port));
  });
  // a machine without IPv6
  if (port === undefined) return;
  opened({
    stop: () =>
      new Promise((done) => {
        relay.close(() => done());
        relay.closeAllConnections();
      }),
  });
  const image = ref(`[::1]:${port}`);
  expect(image.registry).toBe(`[::1]:${port}`);
  expect(await client().image(image)).toMatchObject({ digest: NODE_INDEX });
});

describe('proxies', () => {
  it.each([
    ['http://[broken', 'HTTPS_PROXY is no URL'],
    ['socks5://user:secret@127.0.0.1:1080', 'names a socks5 proxy'],
  ])('%s: the reason is told, without a password', async (proxy, reason) => {
    const registry = client({ env: { HTTPS_PROXY: proxy } });
    const error = await failure(registry.image(parseImageRef('node:24') as ImageRef));
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining(reason) });
    expect(error.message).not.toContain('secret');
  });
});

describe('credential helpers', () => {
  const configWith = (script: string, timeout: number): DockerConfig => {
    const bin = folder();
    const path = join(bin, 'docker-credential-odd');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    const config = folder({ 'config.json': '{"credsStore":"odd"}' });
    return new DockerConfig({ DOCKER_CONFIG: config, PATH: `${bin}${delimiter}${process.env.PATH}` }, timeout);
  };

  it('that hang are given up, also when what they started lives on', async () => {
    expect(await configWith('sleep 20', 200).of('ghcr.io')).toEqual({
      problem: 'docker-credential-odd gives no answer within 0.2 s',
    });
    expect(await configWith('exec sleep 20', 200).of('ghcr.io')).toEqual({
      problem: 'docker-credential-odd gives no answer within 0.2 s',
    });
  });

  it.each([
    ['a flood', 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'],
    ['junk', 'echo "{\\"Username\\":"'],
    ['a list', 'echo "null"'],
  ])('that print %s have a reason, or no credentials', async (_, script) => {
    const found = await configWith(script, 10_000).of('ghcr.io');
    expect(found.credentials).toBeUndefined();
    expect(found.problem ?? 'answers with something that is no JSON').toContain('no JSON');
  });

  it('are asked once for a host, and a failure of theirs is told with that of the registry', async () => {
    const bin = folder();
    const log = join(bin, 'log');
    const config = configWith(`echo asked >> ${log}; echo "locked"; exit 1`, 10_000);
    const front = await watched(give('', 401, { 'www-authenticate': 'Basic realm="x"' }));
    const registry = client({ credentials: (host) => config.of(host) });
    const errors = await Promise.all(
      ['a', 'b', 'c'].map((tag) => failure(registry.image(ref(front.host, `x:${tag}`)))),
    );
    for (const { message } of errors) expect(message).toContain('docker-credential-odd fails: locked');
    expect(readFileSync(log, 'utf8')).toBe('asked\n');
  });
});
