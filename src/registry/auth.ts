/**
 * From a 401 to a header: basic and bearer authentication.
 * Source: distribution docs/spec/auth (token.md, oauth.md), RFC 9110 section 11; read 2026-11.
 */
import type { Credentials, Found } from './docker-config.ts';
import { RegistryError } from './error.ts';
import { type Answer, type Ask, type Network, retryAfter, send } from './http.ts';

/** What a registry asks for in WWW-Authenticate. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly params: Readonly<Record<string, string>>;
}

/** `Bearer realm="https://auth.example/token",service="x", Basic realm="y"` */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; params: Record<string, string> }[] = [];
  const token = /[\s,]*([\w.~+-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/y;
  for (let match = token.exec(header); match; match = token.exec(header)) {
    const [, name, quoted, plain] = match as unknown as [string, string, string | undefined, string | undefined];
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    const last = challenges.at(-1);
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), params: {} });
    else if (last) last.params[name.toLowerCase()] = value;
  }
  return challenges;
}

/** Milliseconds before a host that failed is asked again. */
export const PAUSE = 500;

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * The Authorization header that answers the challenge of a registry.
 * @throws RegistryError: unauthorized, or why the token server gave nothing
 */
export async function authorize(
  request: {
    readonly host: string;
    readonly header: string;
    readonly scope: string;
    readonly timeout: number;
    /** Milliseconds since 1970. */
    readonly now: number;
  },
  found: Found,
  network: Network,
): Promise<string> {
  const { credentials } = found;
  if (credentials?.kind === 'bearer') return `Bearer ${credentials.token}`;
  const challenges = parseChallenges(request.header);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer) return `Bearer ${await fetchToken(bearer.params, request, found, network)}`;
  if (!challenges.some(({ scheme }) => scheme === 'basic')) {
    throw new RegistryError('bad-answer', `${request.host} asks for a kind of authentication that is not known`);
  }
  if (credentials?.kind !== 'password') throw unauthorized(request.host, found);
  return basic(credentials.username, credentials.password);
}

/** A host that was asked too often; `wait`: the milliseconds that it names. */
export function limited(host: string, wait: number | undefined): RegistryError {
  const hint = wait === undefined ? 'a login raises it' : `it asks to wait ${Math.ceil(wait / 1000)} s`;
  return new RegistryError('rate-limited', `${host} has reached its limit of requests for now; ${hint}`, wait);
}

/** A refusal with what the user can do about it. */
export function unauthorized(host: string, { credentials, problem }: Found): RegistryError {
  const login = `docker login${host === 'docker.io' ? '' : ` ${host}`}`;
  const text = credentials
    ? `${host} does not accept the credentials of the Docker configuration, or they do not reach this image`
    : `${host} wants credentials (\`${login}\`), or the image does not exist`;
  return new RegistryError('unauthorized', problem === undefined ? text : `${text}; ${problem}`);
}

async function fetchToken(
  params: Readonly<Record<string, string>>,
  request: Parameters<typeof authorize>[0],
  found: Found,
  network: Network,
): Promise<string> {
  const { host, scope, timeout, now } = request;
  const realm = URL.canParse(params.realm ?? '') ? new URL(params.realm as string) : undefined;
  if (!realm) throw new RegistryError('bad-answer', `${host} names no token server`);
  const limits = { limit: 1024 * 1024, timeout };
  const answer = await send(...tokenRequest(realm, params.service, scope, found.credentials, limits), network);
  if (answer.status === 400 || answer.status === 401 || answer.status === 403) throw unauthorized(host, found);
  if (answer.status === 429) throw limited(realm.host, retryAfter(answer, now));
  if (answer.status !== 200) {
    const again = answer.status >= 500 ? PAUSE : undefined;
    throw new RegistryError('server-error', `${realm.host} gives no token (${answer.status})`, again);
  }
  return tokenIn(answer, realm);
}

function tokenRequest(
  realm: URL,
  service: string | undefined,
  scope: string,
  credentials: Credentials | undefined,
  limits: Pick<Ask, 'limit' | 'timeout'>,
): [URL, Ask] {
  const fields = new URLSearchParams({ ...(service !== undefined && { service }), scope });
  if (credentials?.kind === 'identity') {
    fields.set('grant_type', 'refresh_token');
    fields.set('client_id', 'redock');
    fields.set('refresh_token', credentials.token);
    return [realm, { method: 'POST', form: fields, ...limits }];
  }
  const url = new URL(realm);
  for (const [name, value] of fields) url.searchParams.set(name, value);
  if (credentials?.kind !== 'password') return [url, limits];
  return [url, { headers: { authorization: basic(credentials.username, credentials.password) }, ...limits }];
}

function tokenIn({ body }: Answer, { host }: URL): string {
  let token: unknown;
  try {
    const parsed = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    token = parsed.token || parsed.access_token;
  } catch {
    // told below
  }
  // it goes into a header
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError('bad-answer', `${host} answers without a token`);
  }
  return token;
}
