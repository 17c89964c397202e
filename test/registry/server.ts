/** A small registry that speaks what the client asks of the distribution API, on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Auth, BASIC, type Backend, checkToken, listen, startTokenServer } from './backend.ts';
import { CONTENT, digestOf } from './content.ts';

/** Registries give fewer tags per page than were asked for. */
const PAGE = 100;

/** Starts the server. @returns its address, and how to end it */
export async function startServer(auth: Auth): Promise<Backend> {
  const tokens = auth === 'bearer' ? await startTokenServer() : undefined;
  const server = createServer((request, response) => {
    const refused = refusal(request, auth, tokens?.url);
    if (refused !== undefined) {
      response.writeHead(401, { 'www-authenticate': refused }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
    } else answer(request, response);
  });
  const port = await listen(server);
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await tokens?.stop();
    },
  };
}

function refusal({ url = '', headers }: IncomingMessage, auth: Auth, realm: string | undefined): string | undefined {
  if (auth === 'basic') return headers.authorization === BASIC ? undefined : 'Basic realm="test"';
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(url)?.[1];
  if (auth === 'none' || (name !== undefined && checkToken(headers.authorization, name))) return undefined;
  return `Bearer realm="${realm}",service="test",scope="repository:${name}:pull"`;
}

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const [, name, kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^?]+)/.exec(url) ?? [];
  const repository = CONTENT.find((it) => it.name === name);
  if (!repository) {
    response.writeHead(404).end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
    return;
  }
  if (kind === 'tags') {
    const all = repository.manifests.flatMap((it) => it.tags).sort();
    tags(url, all, response);
    return;
  }
  const found =
    kind === 'blobs'
      ? repository.blobs
          .map((body) => ({ body, type: 'application/octet-stream' }))
          .find(({ body }) => digestOf(body) === reference)
      : repository.manifests.find((it) => it.tags.includes(reference) || digestOf(it.body) === reference);
  if (!found) {
    response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    return;
  }
  const { type, body } = found;
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'docker-content-digest': digestOf(body),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function tags(url: string, all: readonly string[], response: ServerResponse): void {
  const query = new URL(url, 'http://host').searchParams;
  const last = query.get('last');
  const from = last === null ? 0 : all.indexOf(last) + 1;
  const size = Math.min(Number(query.get('n') ?? PAGE), PAGE);
  const page = all.slice(from, from + size);
  const more = from + size < all.length;
  const link = `<${url.split('?')[0]}?last=${page.at(-1)}&n=${size}>; rel="next"`;
  response.writeHead(200, { 'content-type': 'application/json', ...(more && { link }) });
  response.end(JSON.stringify({ tags: page }));
}
