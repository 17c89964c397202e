/** What the two registries of the tests share: accounts, the token server, starting and stopping. */
import { createPrivateKey, randomUUID, sign, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export type Auth = 'none' | 'basic' | 'bearer';

export interface Backend {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  stop(): Promise<void>;
}

export const USER = 'tester';
export const PASSWORD = 'open sesame';
/** bcrypt of the password, as htpasswd files hold it. */
export const HTPASSWD = 'tester:$2b$05$sgsR1PEWYHMlumuqWyd6r.4nXUVUtqPxHc.xpkJb..1q7BhA5.lB2\n';
export const IDENTITY_TOKEN = 'identity-token-of-the-tests';
export const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
export const ISSUER = 'redock tests';
export const SERVICE = 'test';

/** Made for these tests, worth nothing: signs tokens, serves TLS for registry.example. */
export const PEM_PATH = join(import.meta.dirname, 'test-only.pem');
export const PEM = readFileSync(PEM_PATH, 'utf8');
const key = createPrivateKey(PEM);
const certificate = new X509Certificate(PEM);

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Serves one handler on loopback until the tests of a file are over. */
export async function serve(handler: RequestListener): Promise<Backend & { readonly server: Server }> {
  const server = createServer(handler);
  const host = `127.0.0.1:${await listen(server)}`;
  return {
    host,
    server,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as distribution's token authentication wants it (docs/spec/auth/jwt.md). */
function tokenFor(scope: string): string {
  const [type, name, actions] = scope.split(':');
  const now = Math.floor(Date.now() / 1000);
  const header = encode({ typ: 'JWT', alg: 'RS256', x5c: [certificate.raw.toString('base64')] });
  const claims = encode({
    iss: ISSUER,
    sub: USER,
    aud: SERVICE,
    exp: now + 300,
    nbf: now - 60,
    iat: now,
    jti: randomUUID(),
    access: [{ type, name, actions: actions?.split(',') }],
  });
  return `${header}.${claims}.${sign('sha256', Buffer.from(`${header}.${claims}`), key).toString('base64url')}`;
}

/** Whether a header holds one of our tokens for a repository. */
export function checkToken(header: string | undefined, repository: string): boolean {
  const [head, claims, signature] = header?.replace(/^Bearer /, '').split('.') ?? [];
  if (!claims || !signature) return false;
  if (!verify('sha256', Buffer.from(`${head}.${claims}`), certificate.publicKey, Buffer.from(signature, 'base64url')))
    return false;
  const { access } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { access: { name: string }[] };
  return access.some(({ name }) => name === repository);
}

/** The token server: the account by password or by identity token. */
export async function startTokenServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const backend = await serve(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += String(chunk);
    const query = new URL(request.url ?? '', 'http://host').searchParams;
    const fields = new URLSearchParams(form);
    const known =
      request.method === 'POST'
        ? fields.get('grant_type') === 'refresh_token' && fields.get('refresh_token') === IDENTITY_TOKEN
        : request.headers.authorization === BASIC;
    const scope = query.get('scope') ?? fields.get('scope') ?? '';
    if (!known) return void response.writeHead(401).end('{}');
    response.end(JSON.stringify({ [request.method === 'POST' ? 'access_token' : 'token']: tokenFor(scope) }));
  });
  return { url: `http://${backend.host}/token`, stop: () => backend.stop() };
}
