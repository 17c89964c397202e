/** The parts of the registry client that need no registry: proxies, challenges, the Docker configuration, cache, mirrors. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ImageRef, parseImageRef } from '../src/image.ts';
import { parseChallenges } from '../src/registry/auth.ts';
import { Cache, cacheFolder } from '../src/registry/cache.ts';
import { DockerConfig } from '../src/registry/docker-config.ts';
import { RegistryError } from '../src/registry/error.ts';
import { send } from '../src/registry/http.ts';
import { mirrorsOf, mirrorUrl } from '../src/registry/mirrors.ts';
import { isLoopback, proxyFor } from '../src/registry/proxy.ts';
import { Registry } from '../src/registry/registry.ts';
import { turns } from '../src/registry/turns.ts';
import { type Backend, listen, PEM, serve } from './registry/backend.ts';
import { digestOf, NODE_INDEX } from './registry/content.ts';
import { startServer } from './registry/server.ts';
import { folders } from './spawn.ts';

const folder = folders();
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});
const opened = <T extends Backend>(backend: T): T => {
  open.push(backend);
  return backend;
};

const ask = { limit: 1000, timeout: 5000 };
const codeOf = (error: unknown): string => (error as RegistryError).code;

describe('proxies', () => {
  const of = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href;

  it('are those of the environment, in either case', () => {
    expect(of('https://ghcr.io/v2/', { HTTPS_PROXY: 'http://proxy:3128' })).toBe('http://proxy:3128/');
    expect(of('https://ghcr.io/v2/', { https_proxy: 'proxy:3128' })).toBe('http://proxy:3128/');
    expect(of('https://ghcr.io/v2/', { HTTP_PROXY: 'http://proxy:3128' })).toBeUndefined();
    expect(of('https://ghcr.io/v2/', {})).toBeUndefined();
  });

  it.each([
    ['*', true],
    ['ghcr.io', true],
    ['io', true],
    ['.io', true],
    ['*.io', true],
    ['hcr.io', false],
    ['.ghcr.io', false],
    ['other.example, ghcr.io:443', true],
    ['ghcr.io:8443', false],
    ['', false],
  ])('NO_PROXY=%s: %s', (list, exempt) => {
    expect(of('https://ghcr.io/', { HTTPS_PROXY: 'http://proxy', NO_PROXY: list })).toBe(
      exempt ? undefined : 'http://proxy/',
    );
  });

  it('know addresses and networks, and never stand before loopback', () => {
    const env = { HTTPS_PROXY: 'http://proxy', no_proxy: '10.0.0.0/8,192.168.1.7,fd00::/8' };
    expect(of('https://10.1.2.3/', env)).toBeUndefined();
    expect(of('https://192.168.1.7:5000/', env)).toBeUndefined();
    expect(of('https://[fd00::1]/', env)).toBeUndefined();
    expect(of('https://192.168.1.8/', env)).toBe('http://proxy/');
    expect(of('https://127.0.0.1:5000/', env)).toBeUndefined();
    expect(of('https://localhost/', env)).toBeUndefined();
    expect([isLoopback('127.8.8.8'), isLoopback('[::1]'), isLoopback('127.0.0.1.example')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('requests', () => {
  /** A registry with TLS, and a proxy that leads everything to it. */
  async function behindProxy(): Promise<{ proxy: Backend; asked: string[] }> {
    const asked: string[] = [];
    const secure = createSecureServer({ key: PEM, cert: PEM }, (_, response) => response.end('through TLS'));
    const port = await listen(secure);
    open.push({
      stop: async () => {
        secure.closeAllConnections();
        await new Promise((done) => secure.close(done));
      },
    });
    const proxy = await serve((_, response) => void response.writeHead(400).end());
    proxy.server.on('connect', (request, socket) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      if (request.url?.startsWith('forbidden')) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [socket, onward]) end.on('error', () => {});
      for (const end of [socket, onward]) open.push({ stop: async () => void end.destroy() });
    });
    return { proxy: opened(proxy), asked };
  }

  it('go through the proxy of the environment, with TLS to the registry itself', async () => {
    const { proxy, asked } = await behindProxy();
    const env = { HTTPS_PROXY: `http://me:p%40ss@${proxy.host}` };
    const answer = await send(new URL('https://registry.example/v2/'), ask, { env, ca: PEM });
    expect(answer.body.toString()).toBe('through TLS');
    expect(asked).toEqual([`registry.example:443 Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  });

  it('trust no certificate that nobody vouches for, nor one of another name', async () => {
    const { proxy } = await behindProxy();
    const env = { HTTPS_PROXY: `http://${proxy.host}` };
    const unknown = await send(new URL('https://registry.example/'), ask, { env }).catch((error) => error);
    expect(unknown.message).toContain('certificate of registry.example is not trusted');
    expect(unknown.message).toContain('NODE_EXTRA_CA_CERTS');
    const other = await send(new URL('https://other.example/'), ask, { env, ca: PEM }).catch((error) => error);
    expect(other.message).toContain('certificate of other.example is not trusted');
  });

  it('say what is wrong with the proxy', async () => {
    const { proxy } = await behindProxy();
    const through = (host: string, env: object) =>
      send(new URL(`https://${host}/`), ask, { env: { ...env } }).catch((error) => error.message);
    expect(await through('forbidden.example', { HTTPS_PROXY: `http://${proxy.host}` })).toContain(
      'refuses forbidden.example:443 (403)',
    );
    await proxy.stop();
    expect(await through('x.example', { HTTPS_PROXY: `http://${proxy.host}` })).toContain(
      'cannot be reached (ECONNREFUSED)',
    );
  });

  it('are plain on loopback only, also where a redirect leads', async () => {
    expect(codeOf(await send(new URL('http://registry.example/'), ask, { env: {} }).catch((e) => e))).toBe('insecure');
    expect(codeOf(await send(new URL('file:///etc/passwd'), ask, { env: {} }).catch((e) => e))).toBe('insecure');
    const away = opened(
      await serve((_, response) => void response.writeHead(302, { location: 'http://other.example/' }).end()),
    );
    expect(codeOf(await send(new URL(`http://${away.host}/`), ask, { env: {} }).catch((e) => e))).toBe('insecure');
  });

  it('take credentials to no other origin, follow no circle, read no flood', async () => {
    const seen: (string | undefined)[] = [];
    const there = opened(
      await serve((request, response) => {
        seen.push(request.headers.authorization);
        response.end('x'.repeat(2000));
      }),
    );
    const here = opened(
      await serve((request, response) => {
        seen.push(request.headers.authorization);
        const location =
          request.url === '/circle' ? '/circle' : request.url === '/near' ? '/' : `http://${there.host}/`;
        response.writeHead(307, { location }).end();
      }),
    );
    const go = (path: string, limit: number) =>
      send(
        new URL(`http://${here.host}${path}`),
        { ...ask, limit, headers: { authorization: 'Basic x' } },
        { env: {} },
      );
    expect((await go('/near', 5000)).body.length).toBe(2000);
    expect(seen).toEqual(['Basic x', 'Basic x', undefined]);
    await expect(go('/circle', 5000)).rejects.toThrow('redirects without end');
    await expect(go('/', 1000)).rejects.toThrow('more than 1000 bytes');
  });
});

it('challenges are read with quotes, several in one header', () => {
  expect(
    parseChallenges('Bearer realm="https://a/token",service="b, c",scope="repository:x:pull" , Basic realm="y\\"z"'),
  ).toEqual([
    { scheme: 'bearer', params: { realm: 'https://a/token', service: 'b, c', scope: 'repository:x:pull' } },
    { scheme: 'basic', params: { realm: 'y"z' } },
  ]);
  expect(parseChallenges('')).toEqual([]);
});

describe('the Docker configuration', () => {
  const auth = Buffer.from('me:pass:word').toString('base64');
  const configOf = (config: object | string, more: Record<string, string> = {}): DockerConfig => {
    const text = typeof config === 'string' ? config : JSON.stringify(config);
    return new DockerConfig({ DOCKER_CONFIG: folder({ 'config.json': text }), PATH: process.env.PATH, ...more });
  };

  it('has passwords, identity tokens and names of hosts in several forms', async () => {
    const config = configOf({
      auths: {
        'https://index.docker.io/v1/': { auth },
        'https://ghcr.io': { username: 'a', password: 'b' },
        'quay.io/v2/': { identitytoken: 't' },
        'localhost:5000': { registrytoken: 'r' },
        'empty.example': {},
      },
    });
    expect(await config.of('docker.io')).toEqual({
      credentials: { kind: 'password', username: 'me', password: 'pass:word' },
    });
    expect(await config.of('ghcr.io')).toEqual({ credentials: { kind: 'password', username: 'a', password: 'b' } });
    expect(await config.of('quay.io')).toEqual({ credentials: { kind: 'identity', token: 't' } });
    expect(await config.of('localhost:5000')).toEqual({ credentials: { kind: 'bearer', token: 'r' } });
    expect(await config.of('empty.example')).toEqual({});
    expect(await config.of('other.example')).toEqual({});
  });

  it('may be missing, broken or of another shape', async () => {
    expect(await new DockerConfig({ DOCKER_CONFIG: folder() }).of('ghcr.io')).toEqual({});
    expect((await configOf('{').of('ghcr.io')).problem).toContain('is no JSON');
    for (const odd of ['null', '[]', '{"auths":[1]}', '{"auths":{"ghcr.io":7}}', '{"credsStore":3}']) {
      expect(await configOf(odd).of('ghcr.io')).toEqual({});
    }
  });

  it('names helpers, which answer for a server', async () => {
    const bin = folder();
    const helper = (name: string, script: string): void => {
      writeFileSync(join(bin, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, `docker-credential-${name}`), 0o755);
    };
    helper('store', 'read server; echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"for $server\\"}"');
    helper('cloud', 'echo \'{"Username":"<token>","Secret":"identity"}\'');
    helper('none', 'echo "credentials not found in native keychain"; exit 1');
    helper('bad', 'echo "the keychain is locked"; exit 1');
    helper('odd', 'echo nonsense');
    const config = configOf(
      {
        auths: { 'none.example': { username: 'from', password: 'file' } },
        credsStore: 'store',
        credHelpers: {
          'gcr.io': 'cloud',
          'none.example': 'none',
          'bad.example': 'bad',
          'odd.example': 'odd',
          'gone.example': 'gone',
          'evil.example': '../sh',
        },
      },
      { PATH: `${bin}${delimiter}${process.env.PATH}` },
    );
    const problem = async (host: string) => (await config.of(host)).problem;
    expect(await config.of('docker.io')).toEqual({
      credentials: { kind: 'password', username: 'u', password: 'for https://index.docker.io/v1/' },
    });
    expect(await config.of('gcr.io')).toEqual({ credentials: { kind: 'identity', token: 'identity' } });
    expect(await config.of('none.example')).toEqual({
      credentials: { kind: 'password', username: 'from', password: 'file' },
    });
    expect(await problem('bad.example')).toBe('docker-credential-bad fails: the keychain is locked');
    expect(await problem('odd.example')).toBe('docker-credential-odd answers with something that is no JSON');
    expect(await problem('gone.example')).toBe('docker-credential-gone is not installed');
    expect(await problem('evil.example')).toBe('../sh is no name of a credential helper');
  });
});

describe('the cache', () => {
  it('forgets what is old, from the future or damaged', () => {
    let now = 1000;
    const place = folder();
    const cache = new Cache(place, { now: () => now, maxAge: 100 });
    cache.set('a', { x: 1 });
    expect(cache.get('a')).toEqual({ x: 1 });
    expect(cache.get('b')).toBeUndefined();
    now = 1100;
    expect(cache.get('a')).toBeUndefined();
    now = 900;
    expect(cache.get('a')).toBeUndefined();
    now = 1000;
    for (const name of readdirSync(place)) writeFileSync(join(place, name), '{');
    expect(cache.get('a')).toBeUndefined();
    new Cache(join(place, readdirSync(place)[0] as string), { now: () => now, maxAge: 1 }).set('a', 1);
    expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe(join('/c', 'redock', 'registry'));
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/h' })).toBe(join('/h', '.cache', 'redock', 'registry'));
  });

  it('keeps answers between runs, and no failures', async () => {
    const backend = opened(await startServer('none'));
    const place = folder();
    const run = () =>
      new Registry({
        env: {},
        now: () => 5000,
        credentials: async () => ({}),
        cache: new Cache(place, { now: () => 5000, maxAge: 1000 }),
        sleep: async () => {},
      });
    const ref = (name: string) => parseImageRef(`${backend.host}/${name}`) as ImageRef;
    expect(await run().image(ref('library/node:slim'))).toMatchObject({ digest: NODE_INDEX });
    expect(await run().image(ref('library/node:99'))).toBeInstanceOf(RegistryError);
    await backend.stop();
    open.length = 0;
    expect(await run().image(ref('library/node:slim'))).toMatchObject({ digest: NODE_INDEX });
    expect(codeOf(await run().image(ref('library/node:99')))).toBe('unreachable');
    // what somebody wrote into the cache must still be an answer
    for (const name of readdirSync(place)) {
      const path = join(place, name);
      const key = `image ${backend.host}/library/node:slim`;
      writeFileSync(path, JSON.stringify({ key, at: 5000, value: { digest: 'x', platforms: [] } }));
    }
    expect(codeOf(await run().image(ref('library/node:slim')))).toBe('unreachable');
  });
});

describe('mirrors of Docker Hub', () => {
  it('are those of the engine', () => {
    const config = folder({
      'docker/daemon.json': '{"registry-mirrors":["https://mirror.example/", "127.0.0.1:5000", 7]}',
    });
    expect(mirrorsOf({ XDG_CONFIG_HOME: config }).map(({ href }) => href)).toEqual([
      'https://mirror.example/',
      'http://127.0.0.1:5000/',
    ]);
    expect(mirrorUrl('mirror.example')?.href).toBe('https://mirror.example/');
    expect(mirrorUrl('ht tp')).toBeUndefined();
  });

  it('are asked first, for images of Docker Hub only', async () => {
    const mirror = opened(await startServer('none'));
    const empty = opened(await serve((_, response) => void response.writeHead(404).end()));
    const registry = new Registry({
      // whatever is not a mirror ends here
      env: { HTTPS_PROXY: 'http://127.0.0.1:9' },
      now: () => 0,
      credentials: async () => ({}),
      mirrors: [new URL(`http://${empty.host}`), new URL(`http://${mirror.host}`)],
      sleep: async () => {},
    });
    const image = (name: string) => registry.image(parseImageRef(name) as ImageRef);
    expect(await image('node:22-slim')).toMatchObject({ digest: NODE_INDEX });
    expect(codeOf(await image('ghcr.io/library/node:22-slim'))).toBe('unreachable');
    expect(((await image('node:99')) as RegistryError).message).toContain('127.0.0.1:9');
  });
});

it('checksums are those of the file that a URL leads to', async () => {
  const web = opened(
    await serve((request, response) => {
      if (request.url === '/a.tar') response.writeHead(302, { location: '/b.tar' }).end();
      else if (request.url === '/b.tar') response.end('content');
      else response.writeHead(404).end();
    }),
  );
  const registry = new Registry({ env: {}, now: () => 0, credentials: async () => ({}) });
  expect(await registry.checksum(`http://${web.host}/a.tar`)).toBe(digestOf(Buffer.from('content')));
  expect(codeOf(await registry.checksum(`http://${web.host}/c.tar`))).toBe('not-found');
  expect(codeOf(await registry.checksum('http://plain.example/c.tar'))).toBe('insecure');
  expect(codeOf(await registry.checksum('no url'))).toBe('bad-answer');
});

it('turns keep their limit and their order, also after a failure', async () => {
  const turn = turns(2);
  const order: number[] = [];
  let running = 0;
  const tasks = [1, 2, 3, 4, 5].map((n) =>
    turn(async () => {
      expect(++running).toBeLessThanOrEqual(2);
      order.push(n);
      await new Promise((done) => setImmediate(done));
      running--;
      if (n === 2) throw new Error('two');
    }).catch(() => {}),
  );
  await Promise.all(tasks);
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

it.runIf(existsSync('/bin/sh'))('a helper is not looked for in the folder that is being rewritten', async () => {
  const here = folder({ 'docker-credential-here': '#!/bin/sh\necho \'{"Username":"u","Secret":"s"}\'\n' });
  execFileSync('chmod', ['+x', join(here, 'docker-credential-here')]);
  const config = new DockerConfig({
    DOCKER_CONFIG: folder({ 'config.json': '{"credsStore":"here"}' }),
    PATH: '.',
  });
  const back = process.cwd();
  process.chdir(here);
  try {
    expect(await config.of('ghcr.io')).toEqual({ problem: 'docker-credential-here is not installed' });
  } finally {
    process.chdir(back);
  }
});
