/**
 * One HTTP request with a deadline and a limit on its size, through a proxy where the environment names one. Node's own
 * client: its fetch knows no proxy in Node 20, and all that is needed beside it is a CONNECT. Nothing is kept between
 * requests but connections.
 */
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { RegistryError } from './error.ts';
import { type Environment, isLoopback, portOf, proxyFor } from './proxy.ts';

/** How requests are made. */
export interface Network {
  readonly env: Environment;
  /** A certificate authority to trust beside those of the system (PEM). */
  readonly ca?: string;
  /** Ends every request: the user has no more patience. */
  readonly signal?: AbortSignal;
}

export interface Ask {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** A form: sent as application/x-www-form-urlencoded. */
  readonly form?: URLSearchParams;
  /** The largest body that is read, in bytes. */
  readonly limit: number;
  /** Milliseconds for the whole exchange, redirects included. */
  readonly timeout: number;
  /** Gets the body piece by piece instead of `Answer.body`. */
  readonly take?: (chunk: Buffer) => void;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the answer came from, redirects followed. */
  readonly url: URL;
}

const MAX_REDIRECTS = 5;

/**
 * Asks and follows redirects; credentials go to the first origin only, a form to its own URL. Plain HTTP is for loopback.
 * @throws RegistryError: insecure, timeout, unreachable, bad-answer (too large, redirects without end)
 */
export async function send(url: URL, ask: Ask, network: Network): Promise<Answer> {
  const deadline = AbortSignal.timeout(ask.timeout);
  const signal = network.signal ? AbortSignal.any([deadline, network.signal]) : deadline;
  let at = url;
  let headers = ask.headers ?? {};
  try {
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      checkScheme(at);
      const response = await open(at, { ...ask, headers }, network, signal);
      const { location } = response.headers;
      const moved = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && location !== undefined;
      if (!moved) return await finish(response, ask, at);
      response.resume();
      if (!URL.canParse(location, at.href))
        throw new RegistryError('bad-answer', `${at.host} leads to something that is no URL`);
      const next = new URL(location, at);
      if (at.protocol === 'https:' && next.protocol !== 'https:') {
        throw new RegistryError('insecure', `${at.host} leads to ${next.host} over plain HTTP`);
      }
      // it holds a token that is worth as much as a password
      if (ask.form) throw new RegistryError('insecure', `${at.host} leads to ${next.host} with the credentials`);
      if (next.origin !== at.origin) {
        headers = Object.fromEntries(
          Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'),
        );
      }
      at = next;
    }
  } catch (error) {
    if (network.signal?.aborted) throw new RegistryError('unreachable', `${at.host} was not waited for: interrupted`);
    throw explained(error, at, ask.timeout, signal);
  }
  throw new RegistryError('bad-answer', `${url.host} redirects without end`);
}

function checkScheme({ protocol, hostname, host }: URL): void {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return;
  throw new RegistryError(
    'insecure',
    `${host} would be asked over ${protocol.slice(0, -1)}, which is for loopback only`,
  );
}

/** The response, its body not yet read. */
async function open(url: URL, ask: Ask, network: Network, signal: AbortSignal): Promise<IncomingMessage> {
  const body = ask.form?.toString();
  const options = {
    method: ask.method ?? 'GET',
    headers: {
      'user-agent': 'redock',
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...ask.headers,
    },
    signal,
    ...(network.ca !== undefined && { ca: network.ca }),
  };
  const proxy = proxyFor(url, network.env);
  const through = proxy && { createConnection: tlsOver(await tunnel(proxy, url, signal), url, network) };
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, { ...options, ...through }, done);
    request.on('error', fail);
    request.end(body);
  });
}

const tlsOver =
  (socket: Duplex, { hostname }: URL, { ca }: Network) =>
  () =>
    connectTls({
      socket,
      // an address is no name to be asked for
      ...(isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && { servername: hostname }),
      ...(ca !== undefined && { ca }),
    });

/** A connection to the host of `url` that a proxy makes (RFC 9110, CONNECT). */
function tunnel(proxy: URL, url: URL, signal: AbortSignal): Promise<Duplex> {
  const target = `${url.hostname}:${portOf(url)}`;
  const { username, password } = proxy;
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = {
    host: target,
    ...(username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(secret).toString('base64')}` }),
  };
  return new Promise((done, fail) => {
    const client = proxy.protocol === 'https:' ? https : http;
    const request = client.request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: portOf(proxy),
      path: target,
      headers,
      signal,
      agent: false,
    });
    request.on('connect', (response, socket) => {
      if (response.statusCode === 200) return done(socket);
      socket.destroy();
      fail(new RegistryError('unreachable', `the proxy ${proxy.host} refuses ${target} (${response.statusCode})`));
    });
    request.on('response', ({ statusCode }) =>
      fail(new RegistryError('unreachable', `${proxy.host} is no proxy (${statusCode})`)),
    );
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        signal.aborted
          ? error
          : new RegistryError('unreachable', `the proxy ${proxy.host} cannot be reached (${error.code})`, 0),
      ),
    );
    request.end();
  });
}

async function finish(response: IncomingMessage, { limit, take }: Ask, url: URL): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw new RegistryError('bad-answer', `${url.host} answers with more than ${limit} bytes`);
    }
    if (take) take(chunk);
    else chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks), url };
}

/** Milliseconds that Retry-After asks for, in seconds or as a date (RFC 9110); undefined: it is not there. `now`: since 1970. */
export function retryAfter({ headers }: Answer, now: number): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

const NO_TLS = 'it does not speak TLS, and plain HTTP is for loopback only';
const CERTIFICATE = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

function explained(error: unknown, { host }: URL, timeout: number, signal: AbortSignal): RegistryError {
  if (error instanceof RegistryError) return error;
  if (signal.aborted) return new RegistryError('timeout', `${host} gave no answer within ${timeout / 1000} s`);
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (CERTIFICATE.test(code)) {
    const hint = 'NODE_EXTRA_CA_CERTS names a file with more authorities';
    return new RegistryError('unreachable', `the certificate of ${host} is not trusted (${code}); ${hint}`);
  }
  const reasons: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up',
    ECONNREFUSED: 'it refuses the connection',
    ECONNRESET: 'the connection was cut',
    EPIPE: 'the connection was cut',
    ENETUNREACH: 'there is no network',
    EHOSTUNREACH: 'there is no way to it',
    // plain HTTP behind https://
    EPROTO: NO_TLS,
    ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  };
  const reason = reasons[code] ?? (code.startsWith('HPE_') ? 'its answer is no HTTP' : code || message);
  const isCut = code === 'ECONNRESET' || code === 'EPIPE' || code === 'EAI_AGAIN';
  return new RegistryError('unreachable', `${host} cannot be reached: ${reason}`, isCut ? 0 : undefined);
}
