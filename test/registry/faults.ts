/** Stands before a registry and misbehaves where it is told to. Everything else goes through unchanged. */
import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Backend, serve } from './backend.ts';

/** Gets a request for a manifest, a blob or a list; true: it has answered (or never will). */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Faulty extends Backend {
  fault: Fault | undefined;
  /** Method and URL of what came in, and the credentials with it. */
  readonly log: { readonly line: string; readonly authorization: string | undefined }[];
}

export async function startFaulty(backend: Backend): Promise<Faulty> {
  const [hostname, port] = backend.host.split(':');
  const log: Faulty['log'] = [];
  const server = await serve((request, response) => {
    const { method, headers } = request;
    log.push({ line: `${method} ${request.url}`, authorization: headers.authorization });
    if (faulty.fault?.(request, response)) return;
    const onward = forward(
      { hostname, port, path: request.url, method, headers: { ...headers, connection: 'close' } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const faulty: Faulty = { ...server, fault: undefined, log };
  return faulty;
}

/** Cuts the registry's list of tags into pages with a Link to the next, as Docker Hub does. */
export function pagesOf(host: string, size: number): Fault {
  return (request, response) => {
    const url = new URL(request.url ?? '', `http://${host}`);
    if (!url.pathname.endsWith('/tags/list')) return false;
    void listOf(url, request.headers.authorization).then((answer) => {
      if (answer.status !== 200) return response.writeHead(answer.status, answer.headers).end();
      const last = url.searchParams.get('last');
      const from = last === null ? 0 : answer.tags.indexOf(last) + 1;
      const tags = answer.tags.slice(from, from + size);
      const link = `<${url.pathname}?last=${tags.at(-1)}>; rel="next"`;
      const more = from + size < answer.tags.length;
      return response.writeHead(200, { ...(more && { link }) }).end(JSON.stringify({ tags }));
    });
    return true;
  };
}

async function listOf(url: URL, authorization: string | undefined) {
  const tags: string[] = [];
  for (let next: string | undefined = url.pathname; next !== undefined; ) {
    const answer: Response = await fetch(new URL(next, url), { headers: { ...(authorization && { authorization }) } });
    const challenge = answer.headers.get('www-authenticate');
    const headers: Record<string, string> = challenge === null ? {} : { 'www-authenticate': challenge };
    if (answer.status !== 200) return { status: answer.status, headers, tags };
    tags.push(...((await answer.json()) as { tags: string[] }).tags);
    next = /<([^>]*)>/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return { status: 200, headers: {}, tags: tags.sort() };
}
