/** Debian's docker-registry on loopback, filled through its own API. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Auth, type Backend, HTPASSWD, ISSUER, listen, PEM, SERVICE, startTokenServer } from './backend.ts';
import { CONTENT, digestOf } from './content.ts';

const PROGRAM = 'docker-registry';

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts one over a folder of its own. @returns its address, and how to end it */
export async function startDebian(auth: Auth): Promise<Backend> {
  const folder = mkdtempSync(join(tmpdir(), 'redock-registry-'));
  const tokens = auth === 'bearer' ? await startTokenServer() : undefined;
  // filled without authentication, then started again with it
  const filling = await start(folder, {});
  for (const repository of CONTENT) await fill(`http://${filling.host}`, repository);
  await filling.stop();
  const running = await start(folder, authOf(auth, folder, tokens?.url));
  return {
    host: running.host,
    async stop() {
      await running.stop();
      await tokens?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function authOf(auth: Auth, folder: string, realm: string | undefined): object {
  if (auth === 'none') return {};
  if (auth === 'basic') {
    const path = join(folder, 'htpasswd');
    writeFileSync(path, HTPASSWD);
    return { auth: { htpasswd: { realm: 'test', path } } };
  }
  const rootcertbundle = join(folder, 'cert.pem');
  writeFileSync(rootcertbundle, PEM.slice(PEM.indexOf('-----BEGIN CERTIFICATE-----')));
  return { auth: { token: { realm, service: SERVICE, issuer: ISSUER, rootcertbundle } } };
}

async function start(folder: string, more: object): Promise<Backend> {
  const port = await freePort();
  const path = join(folder, `config-${port}.yml`);
  // YAML is a superset of JSON
  const storage = { filesystem: { rootdirectory: join(folder, 'data') } };
  const config = { version: 0.1, log: { level: 'error' }, storage, http: { addr: `127.0.0.1:${port}` }, ...more };
  writeFileSync(path, JSON.stringify(config));
  const child = spawn(PROGRAM, ['serve', path], { stdio: 'ignore' });
  await ready(child, port);
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
    },
  };
}

async function ready(child: ChildProcess, port: number): Promise<void> {
  let failed: unknown;
  child.once('error', (error) => {
    failed = error;
  });
  child.once('exit', (code) => {
    failed ??= new Error(`${PROGRAM} ended with ${code}`);
  });
  for (let tries = 0; tries < 200; tries++) {
    if (failed) throw failed;
    // 401 is an answer as well
    if (
      await fetch(`http://127.0.0.1:${port}/v2/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${PROGRAM} does not answer`);
}

async function fill(base: string, { name, blobs, manifests }: (typeof CONTENT)[number]): Promise<void> {
  const put = async (url: string, type: string, body: Buffer): Promise<void> => {
    const { status } = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    });
    if (status !== 201) throw new Error(`${url}: ${status}`);
  };
  for (const blob of blobs) {
    const begun = await fetch(`${base}/v2/${name}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(begun.headers.get('location') as string, base);
    place.searchParams.set('digest', digestOf(blob));
    await put(place.href, 'application/octet-stream', blob);
  }
  for (const { tags, type, body } of manifests) {
    for (const tag of [digestOf(body), ...tags]) await put(`${base}/v2/${name}/manifests/${tag}`, type, body);
  }
}
