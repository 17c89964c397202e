/** Calls in source code that open a port, by language: which argument is the port, and which one it is without. Data only. */

export type Language = 'node' | 'python' | 'go' | 'rust' | 'ruby';

export interface ListenerRow {
  readonly language: Language;
  /** The call up to its opening parenthesis or brace. */
  readonly call: RegExp;
  /** What the same file must hold. */
  readonly needs?: RegExp;
  /** Position of the argument with the port or the address. */
  readonly argument?: number;
  /** Names of the port among keyword arguments or the fields of an object, first one first. */
  readonly keys?: readonly string[];
  /** Names of the host. */
  readonly hosts?: readonly string[];
  /** Where neither is written. */
  readonly port?: number;
  /** A variable that the call reads by itself when no port is written. */
  readonly variable?: string;
  readonly speaks: 'http' | 'tcp';
  /** tls: a plain HTTP request gets no answer. */
  readonly tls?: true;
  readonly source: string;
  readonly date: string;
}

const row = (it: Omit<ListenerRow, 'date'>): ListenerRow => ({ ...it, date: '2026-11' });
const PORT = ['port'] as const;
const HOST = ['host', 'hostname'] as const;

export const LISTENERS: readonly ListenerRow[] = [
  // JavaScript
  row({
    language: 'node',
    call: /\.listen\s*\(/g,
    needs:
      /express|fastify|koa|\bhttps?\b|restify|hono|polka|nest|apollo|socket\.io|next|connect|feathers|loopback|sails|micro|graphql|app\b|server\b/i,
    argument: 0,
    keys: PORT,
    hosts: HOST,
    speaks: 'http',
    source: 'nodejs/node:doc/api/net.md (server.listen)',
  }),
  row({
    language: 'node',
    call: /\b(?:Bun\.serve|serve)\s*\((?=\s*\{)/g,
    needs: /Bun\.serve|@hono\/node-server|from ['"]bun['"]/,
    keys: PORT,
    hosts: HOST,
    port: 3000,
    speaks: 'http',
    source: 'oven-sh/bun:docs/runtime/http, honojs/node-server:README.md',
  }),
  row({
    language: 'node',
    call: /\bDeno\.serve\s*\(/g,
    keys: PORT,
    hosts: HOST,
    port: 8000,
    speaks: 'http',
    source: 'denoland/docs:runtime/fundamentals/http_server.md',
  }),
  row({
    language: 'node',
    call: /\bHapi\.(?:server|Server)\s*\(/gi,
    keys: PORT,
    hosts: HOST,
    speaks: 'http',
    source: 'hapijs/hapi:API.md',
  }),
  row({
    language: 'node',
    call: /\bstartStandaloneServer\s*\(/g,
    keys: PORT,
    hosts: HOST,
    port: 4000,
    speaks: 'http',
    source: 'apollographql/apollo-server:docs/source/api/standalone.mdx',
  }),
  row({
    language: 'node',
    call: /\.bindAsync\s*\(/g,
    argument: 0,
    speaks: 'tcp',
    source: 'grpc/grpc-node:packages/grpc-js/README.md',
  }),
  // Python
  row({
    language: 'python',
    call: /\b(?:uvicorn\.run|hypercorn\.run)\s*\(/g,
    keys: PORT,
    hosts: HOST,
    port: 8000,
    speaks: 'http',
    source: 'encode/uvicorn:docs/deployment.md',
  }),
  row({
    language: 'python',
    call: /\b(?:\w+\.)?run_app\s*\(/g,
    needs: /aiohttp/,
    keys: PORT,
    hosts: HOST,
    port: 8080,
    speaks: 'http',
    source: 'aio-libs/aiohttp:docs/web_reference.rst',
  }),
  row({
    language: 'python',
    call: /\b(?:app|application|server|api|\w+_app)\.run(?:_server)?\s*\(/g,
    needs: /\bdash\b/,
    argument: 1,
    keys: PORT,
    hosts: HOST,
    port: 8050,
    variable: 'PORT',
    speaks: 'http',
    source: 'plotly/dash:dash/dash.py',
  }),
  row({
    language: 'python',
    call: /\b(?:app|application|server|api|\w+_app)\.run\s*\(/g,
    needs: /\bsanic\b/,
    argument: 1,
    keys: PORT,
    hosts: HOST,
    port: 8000,
    speaks: 'http',
    source: 'sanic-org/sanic:sanic/mixins/startup.py',
  }),
  row({
    language: 'python',
    call: /\b(?:app|application|server|api|flask_app|connexion_app|socketio|\w+_app|create_app\(\))\.run\s*\(/g,
    needs: /\b(?:flask|quart|connexion|socketio|create_app)\b/i,
    argument: 1,
    keys: PORT,
    hosts: HOST,
    port: 5000,
    speaks: 'http',
    source: 'pallets/flask:src/flask/app.py',
  }),
  row({
    language: 'python',
    call: /(?:^|\s)(?:bottle\.)?run\s*\(/gm,
    needs: /\bbottle\b/,
    keys: PORT,
    hosts: HOST,
    port: 8080,
    speaks: 'http',
    source: 'bottlepy/bottle:bottle.py',
  }),
  row({
    language: 'python',
    call: /\b(?:waitress\.)?serve\s*\(/g,
    needs: /\bwaitress\b/,
    keys: ['port', 'listen'],
    hosts: HOST,
    port: 8080,
    speaks: 'http',
    source: 'Pylons/waitress:docs/arguments.rst',
  }),
  row({
    language: 'python',
    call: /\b\w*(?:HTTPServer|WSGIServer)\s*\(/g,
    // handle_request answers once
    needs: /serve_forever|\.start\(/,
    argument: 0,
    speaks: 'http',
    source: 'python/cpython:Lib/http/server.py, gevent/gevent:src/gevent/pywsgi.py',
  }),
  row({
    language: 'python',
    call: /\bmake_server\s*\(/g,
    needs: /wsgiref/,
    argument: 1,
    speaks: 'http',
    source: 'python/cpython:Lib/wsgiref/simple_server.py',
  }),
  row({
    language: 'python',
    call: /\.listen\s*\(/g,
    needs: /\btornado\b/,
    argument: 0,
    keys: PORT,
    speaks: 'http',
    source: 'tornadoweb/tornado:docs/guide/running.rst',
  }),
  row({
    language: 'python',
    call: /\.launch\s*\(/g,
    needs: /\bgradio\b/,
    keys: ['server_port'],
    hosts: ['server_name'],
    port: 7860,
    variable: 'GRADIO_SERVER_PORT',
    speaks: 'http',
    source: 'gradio-app/gradio:gradio/blocks.py',
  }),
  row({
    language: 'python',
    call: /\.add_(?:in)?secure_port\s*\(/g,
    argument: 0,
    speaks: 'tcp',
    source: 'grpc/grpc:src/python/grpcio/grpc/__init__.py',
  }),
  // Go
  row({
    language: 'go',
    call: /\b(?:http|fasthttp)\.ListenAndServe\s*\(/g,
    argument: 0,
    speaks: 'http',
    source: 'golang/go:src/net/http/server.go',
  }),
  row({
    language: 'go',
    call: /\bhttp\.ListenAndServeTLS\s*\(/g,
    argument: 0,
    speaks: 'http',
    tls: true,
    source: 'golang/go:src/net/http/server.go',
  }),
  row({
    language: 'go',
    call: /\bhttp\.Server\s*\{/g,
    keys: ['Addr'],
    speaks: 'http',
    source: 'golang/go:src/net/http/server.go',
  }),
  row({
    language: 'go',
    call: /\b\w+\.Run\s*\(/g,
    needs: /gin-gonic\/gin"/,
    argument: 0,
    port: 8080,
    variable: 'PORT',
    speaks: 'http',
    source: 'gin-gonic/gin:utils.go (resolveAddress)',
  }),
  row({
    language: 'go',
    call: /\b\w+\.Start\s*\(/g,
    needs: /labstack\/echo/,
    argument: 0,
    speaks: 'http',
    source: 'labstack/echo:echo.go',
  }),
  row({
    language: 'go',
    call: /\b\w+\.Listen\s*\(/g,
    needs: /gofiber\/fiber/,
    argument: 0,
    speaks: 'http',
    source: 'gofiber/fiber:docs/api/fiber.md',
  }),
  row({
    language: 'go',
    call: /\bnet\.Listen\s*\(/g,
    argument: 1,
    speaks: 'tcp',
    source: 'golang/go:src/net/dial.go',
  }),
  // Rust
  row({
    language: 'rust',
    call: /\.bind\s*\(/g,
    needs: /actix_web|HttpServer/,
    argument: 0,
    speaks: 'http',
    source: 'actix/actix-web:actix-web/src/server.rs',
  }),
  row({
    language: 'rust',
    call: /\bTcpListener::bind\s*\(/g,
    argument: 0,
    speaks: 'http',
    source: 'tokio-rs/axum:axum/src/serve',
  }),
  row({
    language: 'rust',
    call: /\bSocketAddr::(?:from|new)\s*\(/g,
    argument: 0,
    speaks: 'http',
    source: 'rust-lang/rust:library/core/src/net/socket_addr.rs',
  }),
  row({
    language: 'rust',
    call: /\brocket::build\s*\(/g,
    port: 8000,
    variable: 'ROCKET_PORT',
    speaks: 'http',
    source: 'rwf2/Rocket:docs/guide/10-configuration.md',
  }),
  // Ruby
  row({
    language: 'ruby',
    call: /\brequire\s*\(?(?=\s*['"]sinatra(?:\/base)?['"])/g,
    keys: ['set :port,'],
    port: 4567,
    variable: 'PORT',
    speaks: 'http',
    source: 'sinatra/sinatra:lib/sinatra/base.rb',
  }),
];
