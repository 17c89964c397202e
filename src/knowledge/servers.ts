/**
 * Programs that serve, by the word that starts them: where they are told the port, which one they take without being
 * told, and what they speak. Data only.
 */

/** How long a process takes until it answers. */
export type Startup = 'quick' | 'interpreted' | 'jvm' | 'model';

export interface ServerRow {
  /** Last segment of the program, wrappers, package runners and `python -m` taken away. */
  readonly programs: readonly string[];
  /** The arguments, joined by blanks; absent: any. */
  readonly when?: RegExp;
  /** tcp: it listens, but a plain HTTP request is no question it answers. */
  readonly speaks: 'http' | 'tcp';
  /** Flags with a port. */
  readonly ports?: readonly string[];
  /** Flags with `host:port`, `:port` or a port. */
  readonly addresses?: readonly string[];
  /** Flags with a host. */
  readonly hosts?: readonly string[];
  /** An argument of its own that is a port or an address: the group `port` is it. */
  readonly operand?: RegExp;
  /** Variables that the program itself reads when no argument says the port, first one first. */
  readonly variables?: readonly string[];
  /** The configuration file that may say it: flags that name one, names that are looked for, and the line. */
  readonly config?: {
    readonly flags: readonly string[];
    /** A file named without a flag: `uwsgi app.ini`. */
    readonly operand?: RegExp;
    readonly names: readonly string[];
    readonly line: RegExp;
  };
  /** Without any of these. */
  readonly port?: number;
  /** Flags after which it speaks TLS. */
  readonly tls?: readonly string[];
  /** A path of its own that answers 200 as long as it runs. */
  readonly path?: string;
  /** Whether the routes are in the application that it is given. */
  readonly application?: true;
  /** A server for the time of writing code: reloads, is slow, is not what runs in production. */
  readonly development?: true;
  readonly startup: Startup;
  readonly source: string;
  readonly date: string;
}

const row = (it: Omit<ServerRow, 'date'>): ServerRow => ({ ...it, date: '2026-11' });
const HOST = ['--host', '--hostname', '-H'] as const;

export const SERVERS: readonly ServerRow[] = [
  // Python
  row({
    programs: ['gunicorn', 'gunicorn_start', 'newrelic-gunicorn'],
    speaks: 'http',
    addresses: ['-b', '--bind'],
    config: {
      flags: ['-c', '--config'],
      names: ['gunicorn.conf.py'],
      line: /^\s*bind\s*=\s*(.+)$/m,
    },
    // without a bind, PORT gives 0.0.0.0:$PORT
    variables: ['PORT'],
    port: 8000,
    tls: ['--certfile', '--keyfile'],
    application: true,
    startup: 'interpreted',
    source: 'benoitc/gunicorn:docs/source/settings.rst',
  }),
  row({
    programs: ['uvicorn'],
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    variables: ['UVICORN_PORT'],
    port: 8000,
    tls: ['--ssl-keyfile', '--ssl-certfile'],
    application: true,
    startup: 'interpreted',
    source: 'encode/uvicorn:docs/settings.md',
  }),
  row({
    programs: ['fastapi'],
    when: /^(?:run|dev)\b/,
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    variables: ['PORT'],
    port: 8000,
    application: true,
    startup: 'interpreted',
    source: 'fastapi/fastapi-cli:README.md',
  }),
  row({
    programs: ['hypercorn'],
    speaks: 'http',
    addresses: ['-b', '--bind'],
    config: { flags: ['-c', '--config'], names: [], line: /^\s*bind\s*=\s*(.+)$/m },
    port: 8000,
    tls: ['--certfile', '--keyfile'],
    application: true,
    startup: 'interpreted',
    source: 'pgjones/hypercorn:docs/how_to_guides/configuring.rst',
  }),
  row({
    programs: ['daphne'],
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: ['-b', '--bind'],
    port: 8000,
    application: true,
    startup: 'interpreted',
    source: 'django/daphne:daphne/cli.py',
  }),
  row({
    programs: ['granian'],
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    variables: ['GRANIAN_PORT'],
    port: 8000,
    tls: ['--ssl-certificate', '--ssl-keyfile'],
    application: true,
    startup: 'interpreted',
    source: 'emmett-framework/granian:README.md',
  }),
  row({
    programs: ['waitress-serve'],
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    addresses: ['--listen'],
    port: 8080,
    application: true,
    startup: 'interpreted',
    source: 'Pylons/waitress:docs/runner.rst',
  }),
  row({
    programs: ['uwsgi'],
    speaks: 'http',
    addresses: ['--http', '--http-socket', '--http11-socket'],
    config: {
      flags: ['--ini', '--yaml', '--xml'],
      operand: /^[^-].*\.(?:ini|ya?ml|xml)$/,
      names: [],
      line: /^\s*(?:http|http-socket)\s*[=:]\s*(.+)$/m,
    },
    application: true,
    startup: 'interpreted',
    source: 'unbit/uwsgi-docs:ThingsToKnow.rst',
  }),
  row({
    programs: ['flask'],
    when: /(?:^|\s)run\b/,
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: ['-h', '--host'],
    variables: ['FLASK_RUN_PORT'],
    port: 5000,
    tls: ['--cert', '--key'],
    application: true,
    startup: 'interpreted',
    source: 'pallets/flask:docs/cli.rst',
  }),
  row({
    programs: ['manage.py', 'django-admin'],
    when: /^(?:runserver|runserver_plus)\b/,
    speaks: 'http',
    operand: /^(?:(?<host>\[[\d:a-f]*\]|[\w.*-]+):)?(?<port>\d+|\$\{?\w+.*)$/,
    port: 8000,
    application: true,
    startup: 'interpreted',
    source: 'django/django:docs/ref/django-admin.txt',
  }),
  row({
    programs: ['streamlit'],
    when: /^run\b/,
    speaks: 'http',
    ports: ['--server.port'],
    hosts: ['--server.address'],
    variables: ['STREAMLIT_SERVER_PORT'],
    config: { flags: [], names: ['.streamlit/config.toml'], line: /^\s*port\s*=\s*(\d+)/m },
    port: 8501,
    path: '/_stcore/health',
    startup: 'interpreted',
    source: 'streamlit/docs: Deploy Streamlit using Docker',
  }),
  row({
    programs: ['http.server'],
    speaks: 'http',
    operand: /^(?<port>\d+|\$\{?\w+.*)$/,
    hosts: ['-b', '--bind'],
    port: 8000,
    startup: 'interpreted',
    source: 'python/cpython:Lib/http/server.py',
  }),
  row({
    programs: ['mlflow'],
    when: /^(?:server|ui)\b/,
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: ['-h', '--host'],
    port: 5000,
    path: '/health',
    startup: 'interpreted',
    source: 'mlflow/mlflow:mlflow/server/__init__.py',
  }),
  row({
    programs: ['jupyter', 'jupyter-lab', 'jupyter-notebook'],
    speaks: 'http',
    ports: ['--port', '--NotebookApp.port', '--ServerApp.port'],
    config: { flags: ['--config'], names: [], line: /^\s*c\.(?:Notebook|Server)App\.port\s*=\s*(.+)$/m },
    tls: ['--certfile', '--NotebookApp.certfile', '--ServerApp.certfile'],
    port: 8888,
    path: '/api',
    startup: 'interpreted',
    source: 'jupyter/docker-stacks:images/base-notebook/docker_healthcheck.py',
  }),
  // JavaScript
  row({
    programs: ['next'],
    when: /^start\b/,
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: HOST,
    variables: ['PORT'],
    port: 3000,
    application: true,
    startup: 'quick',
    source: 'vercel/next.js:docs/01-app/03-api-reference/06-cli/next.mdx',
  }),
  row({
    programs: ['next'],
    when: /^dev\b|^$/,
    speaks: 'http',
    development: true,
    startup: 'quick',
    source: 'vercel/next.js:docs/01-app/03-api-reference/06-cli/next.mdx',
  }),
  row({
    programs: ['serve'],
    speaks: 'http',
    ports: ['-p', '--port'],
    addresses: ['-l', '--listen'],
    variables: ['PORT'],
    port: 3000,
    path: '/',
    startup: 'quick',
    source: 'vercel/serve:source/utilities/cli.ts',
  }),
  row({
    programs: ['http-server'],
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: ['-a'],
    variables: ['PORT'],
    port: 8080,
    tls: ['-S', '--ssl', '--tls'],
    startup: 'quick',
    source: 'http-party/http-server:README.md',
  }),
  row({
    programs: ['vite'],
    when: /^preview\b/,
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    port: 4173,
    // the start page; the host check of vite lets addresses through
    path: '/',
    startup: 'quick',
    source: 'vitejs/vite:docs/guide/cli.md, docs/config/preview-options.md',
  }),
  row({
    programs: ['nest'],
    when: /^start(?! .*(?:--watch|-w\b|--debug))/,
    speaks: 'http',
    application: true,
    startup: 'interpreted',
    source: 'nestjs/docs.nestjs.com:content/cli/usages.md',
  }),
  row({
    programs: ['strapi'],
    when: /^start\b/,
    speaks: 'http',
    port: 1337,
    variables: ['PORT'],
    path: '/_health',
    startup: 'interpreted',
    source: 'strapi/strapi:packages/core/core/src/services/server',
  }),
  row({
    programs: [
      'vite',
      'ng',
      'react-scripts',
      'vue-cli-service',
      'webpack',
      'webpack-dev-server',
      'nodemon',
      'ts-node-dev',
      'gatsby',
      'nuxi',
      'nuxt',
      'astro',
      'nest',
      'parcel',
      'live-server',
      'snowpack',
      'quasar',
      'expo',
      'node-dev',
      'supervisor',
    ],
    when: /^(?!.*\b(?:preview|build|test|lint|run|start:prod|generate)\b)(?!start$)|--watch|^start(?!.*--prod)/,
    speaks: 'http',
    development: true,
    startup: 'interpreted',
    source: 'the command line help of each',
  }),
  // Ruby
  row({
    programs: ['rails'],
    when: /^(?:s|server)\b/,
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: ['-b', '--binding'],
    variables: ['PORT'],
    port: 3000,
    application: true,
    startup: 'jvm',
    source: 'rails/rails:railties/lib/rails/commands/server/server_command.rb',
  }),
  row({
    programs: ['puma'],
    speaks: 'http',
    ports: ['-p', '--port'],
    addresses: ['-b', '--bind'],
    config: {
      flags: ['-C', '--config'],
      names: ['config/puma.rb'],
      line: /^\s*(?:port|bind)\s*\(?\s*(.+?)\)?\s*$/m,
    },
    variables: ['PORT'],
    port: 9292,
    application: true,
    startup: 'jvm',
    source: 'puma/puma:lib/puma/configuration.rb',
  }),
  row({
    programs: ['rackup'],
    speaks: 'http',
    ports: ['-p', '--port'],
    hosts: ['-o', '--host'],
    port: 9292,
    application: true,
    startup: 'interpreted',
    source: 'rack/rackup:lib/rackup/server.rb',
  }),
  row({
    programs: ['thin'],
    when: /\bstart\b/,
    speaks: 'http',
    ports: ['-p', '--port'],
    port: 3000,
    application: true,
    startup: 'interpreted',
    source: 'macournoyer/thin:lib/thin/runner.rb',
  }),
  row({
    programs: ['unicorn', 'unicorn_rails'],
    speaks: 'http',
    ports: ['-p', '--port'],
    addresses: ['-l', '--listen'],
    config: { flags: ['-c', '--config-file'], names: [], line: /^\s*listen\s*\(?\s*([^,\n)]+)/m },
    port: 8080,
    application: true,
    startup: 'jvm',
    source: 'defunkt/unicorn:Documentation/unicorn.1',
  }),
  // PHP
  row({
    programs: ['php'],
    when: /(?:^|\s)-S\s/,
    speaks: 'http',
    addresses: ['-S'],
    startup: 'quick',
    source: 'php/doc-en:features/commandline.xml',
  }),
  row({
    programs: ['artisan'],
    when: /^serve\b/,
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    variables: ['SERVER_PORT'],
    port: 8000,
    application: true,
    startup: 'interpreted',
    source: 'laravel/framework:src/Illuminate/Foundation/Console/ServeCommand.php',
  }),
  row({
    programs: ['apache2-foreground', 'httpd-foreground', 'apache2ctl', 'apachectl'],
    speaks: 'http',
    port: 80,
    startup: 'quick',
    source: 'docker-library/php, docker-library/httpd',
  }),
  row({
    programs: ['php-fpm'],
    speaks: 'tcp',
    port: 9000,
    startup: 'quick',
    source: 'docker-library/php',
  }),
  // Servers of their own
  row({
    programs: ['nginx', 'openresty'],
    speaks: 'http',
    port: 80,
    startup: 'quick',
    source: 'nginx/docker-nginx',
  }),
  row({
    programs: ['caddy'],
    when: /^(?:run|file-server|start)\b/,
    speaks: 'http',
    addresses: ['--listen', '-l'],
    config: { flags: ['--config', '-c'], names: [], line: /^\s*(?:https?:\/\/)?(:\d+)\s*\{/m },
    startup: 'quick',
    source: 'caddyserver/website:src/docs/markdown/command-line.md',
  }),
  row({
    programs: ['catalina.sh'],
    when: /^run\b/,
    speaks: 'http',
    port: 8080,
    startup: 'jvm',
    source: 'apache/tomcat:conf/server.xml',
  }),
  // Models
  row({
    programs: ['tensorflow_model_server'],
    speaks: 'http',
    ports: ['--rest_api_port'],
    startup: 'model',
    source: 'tensorflow/serving:tensorflow_serving/model_servers/main.cc',
  }),
  row({
    programs: ['vllm'],
    when: /^serve\b/,
    speaks: 'http',
    ports: ['--port'],
    hosts: ['--host'],
    port: 8000,
    path: '/health',
    startup: 'model',
    source: 'vllm-project/vllm:docs/serving',
  }),
  row({
    programs: ['tritonserver'],
    speaks: 'http',
    ports: ['--http-port'],
    port: 8000,
    path: '/v2/health/ready',
    startup: 'model',
    source: 'triton-inference-server/server:docs/protocol',
  }),
];
