/** The requests that both sides are asked: how users write them, and how they are asked on loopback. */
import { request as httpRequest } from 'node:http';
import { UsageError } from '../errors.ts';

/** Most requests of one run. */
const MOST_REQUESTS = 50;
/** Most bytes that are read of one answer. */
export const BODY_LIMIT = 1024 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Asking these again changes nothing (RFC 9110, 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])$/i;

export interface Request {
  readonly method: string;
  /** With the query: `/items?page=2`. */
  readonly path: string;
  /** A port of the container; undefined: the port that the service is known by. */
  readonly port: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** `GET /health`, `GET :8081/health`: how a request is shown. */
export const requestTitle = ({ method, port, path }: Request): string =>
  `${method} ${port === undefined ? '' : `:${port}`}${path}`;

export const isSafe = ({ method }: Request): boolean => SAFE_METHODS.includes(method);

export const getRequest = (path: string, port?: number): Request => ({
  method: 'GET',
  path,
  port,
  headers: {},
  body: undefined,
});

/**
 * Reads one `--request`: `GET /health`; a body may follow on the line (`POST /carts/1 {"product":1}`), or headers on
 * lines of their own and, below an empty line, the body, as HTTP writes them. `:8081/health` and
 * `http://localhost:8081/health` name a port of the container. @throws UsageError
 */
export function parseRequest(text: string): Request {
  const [first = '', ...lines] = text.trim().split(/\r?\n/);
  const wrong = (why: string): UsageError => new UsageError(`--request "${first}": ${why}`);
  const parts = /^(?:([A-Za-z]+)\s+)?(\S+)(?:\s+(?:HTTP\/1\.[01]$)?([\s\S]+))?$/.exec(
    first.replace(/\s+HTTP\/1\.[01]$/, ''),
  );
  if (!parts) throw wrong('it is written like GET /health');
  const [, verb = 'GET', target = '', inline] = parts;
  const method = verb.toUpperCase();
  if (!METHODS.includes(method)) throw wrong(`${verb} is none of ${METHODS.join(', ')}`);

  const place = /^(?:https?:\/\/([^/:]+|\[::1\]))?(?::(\d{1,5}))?(\/.*)?$/.exec(target);
  if (!place || (place[1] === undefined && place[2] === undefined && place[3] === undefined)) {
    throw wrong(`"${target}" is no path; it begins with /, or with a port like :8080/`);
  }
  const [, host, portText, path = '/'] = place;
  if (target.startsWith('https:')) throw wrong('requests are asked over plain HTTP');
  if (host !== undefined && !LOOPBACK.test(host)) throw wrong('requests go to the container only: leave the host away');
  const port = portText === undefined ? (host === undefined ? undefined : 80) : Number(portText);
  if (port !== undefined && (port < 1 || port > 65535)) throw wrong(`${port} is no port`);
  if (/[^\x21-\x7e]/.test(path)) throw wrong('write the path percent-encoded');

  const headers: Record<string, string> = {};
  const empty = lines.findIndex((line) => line.trim() === '');
  for (const line of empty === -1 ? lines : lines.slice(0, empty)) {
    const header = /^([!#$%&'*+.^`|~\w-]+):\s*([\x20-\x7e\t]*)$/.exec(line.trim());
    if (!header) throw wrong(`"${line.trim()}" is no header; an empty line comes before the body`);
    headers[(header[1] as string).toLowerCase()] = header[2] as string;
  }
  const body = inline ?? (empty === -1 ? undefined : lines.slice(empty + 1).join('\n'));
  if (body !== undefined && headers['content-type'] === undefined && isJson(body)) {
    headers['content-type'] = 'application/json';
  }
  return { method, path, port, headers, body };
}

/** Reads all of them. @throws UsageError */
export function parseRequests(texts: readonly string[]): Request[] {
  if (texts.length > MOST_REQUESTS) throw new UsageError(`--request: at most ${MOST_REQUESTS} of them`);
  return texts.map(parseRequest);
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

export interface Answer {
  readonly status: number;
  /** Lower case, '' when there is none. */
  readonly type: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  /** The first BODY_LIMIT bytes. */
  readonly body: Uint8Array;
  /** Whether there was more. */
  readonly cut: boolean;
  readonly seconds: number;
}

export interface Address {
  /** A loopback address. */
  readonly host: string;
  readonly port: number;
  /** The port that the container knows, for the Host header: the same on both sides. */
  readonly containerPort: number;
}

/** Asks once, follows no redirect. Gives what went wrong as one line when there is no answer within `timeLimit` milliseconds. */
export function ask(
  { method, path, headers, body }: Request,
  address: Address,
  options: { readonly timeLimit: number; readonly signal?: AbortSignal | undefined },
): Promise<Answer | string> {
  const started = performance.now();
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const asked = httpRequest({
      host: address.host,
      port: address.port,
      method,
      path,
      agent: false,
      signal: options.signal,
      headers: {
        host: `localhost:${address.containerPort}`,
        'user-agent': 'redock-verify',
        accept: '*/*',
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
        connection: 'close',
      },
    });
    const limit = setTimeout(
      () => asked.destroy(new Error(`no answer within ${options.timeLimit / 1000} s`)),
      options.timeLimit,
    );
    const end = (result: Answer | string): void => {
      clearTimeout(limit);
      done(result);
    };
    asked.on('error', (error: NodeJS.ErrnoException) => end(explain(error)));
    asked.on('response', (response) => {
      const answer = (cut: boolean): Answer => ({
        status: response.statusCode ?? 0,
        type: (response.headers['content-type'] ?? '').toLowerCase(),
        location: response.headers.location,
        body: Buffer.concat(chunks).subarray(0, BODY_LIMIT),
        cut,
        seconds: (performance.now() - started) / 1000,
      });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length <= BODY_LIMIT) return;
        end(answer(true));
        asked.destroy();
      });
      response.on('end', () => end(answer(false)));
      response.on('error', (error: NodeJS.ErrnoException) => end(explain(error)));
    });
    asked.end(body);
  });
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ECONNRESET') return 'the connection was closed without an answer';
  return message;
}
