/**
 * What programs do with SIGTERM, the signal of docker stop. Process 1 gets only the signals that it has a handler for:
 * without one, docker stop waits ten seconds and kills. Data only.
 */

export interface SignalRow {
  /** As in servers.ts. */
  readonly programs: readonly string[];
  /** The arguments, joined by blanks; absent: any. */
  readonly when?: RegExp;
  readonly handles: boolean;
  readonly source: string;
  readonly date: string;
}

const row = (handles: boolean, programs: readonly string[], source: string, when?: RegExp): SignalRow => ({
  programs,
  handles,
  source,
  date: '2026-11',
  ...(when && { when }),
});

export const SIGNALS: readonly SignalRow[] = [
  row(true, ['gunicorn', 'newrelic-gunicorn'], 'benoitc/gunicorn:docs/source/signals.rst'),
  row(true, ['uvicorn', 'fastapi'], 'encode/uvicorn:uvicorn/server.py'),
  row(true, ['hypercorn'], 'pgjones/hypercorn:src/hypercorn/run.py'),
  row(true, ['daphne'], 'django/daphne: the reactor of Twisted'),
  row(true, ['granian'], 'emmett-framework/granian:granian/server/common.py'),
  row(true, ['streamlit'], 'streamlit/streamlit:lib/streamlit/web/bootstrap.py', /^run\b/),
  row(true, ['jupyter', 'jupyter-lab', 'jupyter-notebook'], 'jupyter-server/jupyter_server:serverapp.py'),
  row(true, ['celery'], 'celery/celery:docs/userguide/workers.rst', /(?:^|\s)(?:worker|beat)\b/),
  row(true, ['rq'], 'rq/rq:rq/worker.py', /^worker\b/),
  row(true, ['arq', 'dramatiq'], 'python-arq/arq:arq/worker.py, Bogdanp/dramatiq:dramatiq/cli.py'),
  row(true, ['puma', 'unicorn', 'unicorn_rails', 'thin', 'sidekiq'], 'the documentation of signals of each'),
  row(true, ['rails'], 'puma/puma:docs/signals.md', /^(?:s|server)\b/),
  row(true, ['next'], 'vercel/next.js:packages/next/src/server/lib/start-server.ts', /^start\b/),
  row(true, ['serve'], 'vercel/serve:source/utilities/http.ts'),
  row(true, ['http-server'], 'http-party/http-server:bin/http-server'),
  row(true, ['pm2-runtime'], 'Unitech/pm2:lib/binaries/Runtime4Docker.js'),
  row(true, ['java', 'dotnet'], 'openjdk/jdk: shutdown hooks; dotnet/runtime: Host'),
  row(true, ['catalina.sh'], 'apache/tomcat:bin/catalina.sh', /^run\b/),
  row(
    true,
    ['nginx', 'openresty', 'caddy', 'traefik', 'haproxy', 'apache2-foreground', 'httpd-foreground', 'php-fpm'],
    'the documentation of signals of each',
  ),
  row(true, ['httpd'], 'apache/httpd:docs/manual/stopping.xml', /FOREGROUND\b/),
  row(false, ['httpd'], 'measured with busybox 1.35: killed after ten seconds', /(?:^|\s)-fv*(?:\s-|$)/),
  row(true, ['manage.py', 'django-admin'], 'django/django:django/utils/autoreload.py', /^runserver\b(?!.*--noreload)/),
  row(false, ['manage.py', 'django-admin'], 'django/django:django/core/servers/basehttp.py', /^runserver\b/),
  row(
    true,
    ['flask'],
    'measured: the reloader of Werkzeug has a handler',
    /(?:^|\s)(?:--debug\b.*\brun|run\b.*--(?:debug|reload))\b/,
  ),
  row(false, ['flask'], 'measured: the server of Werkzeug keeps the default', /(?:^|\s)run\b/),
  row(false, ['http.server'], 'measured with python 3.11', undefined),
  row(false, ['waitress-serve'], 'Pylons/waitress:src/waitress/runner.py'),
  row(false, ['php'], 'measured with php 8.2: killed after ten seconds', /^(?:-\S+\s+)*-S\b/),
];

/** Interpreters that have a handler of their own, whatever script they carry out. */
export const ENDING_INTERPRETERS: readonly { readonly name: string; readonly source: string; readonly date: string }[] =
  [
    {
      name: 'ruby',
      source: 'measured with ruby 3.1 as process 1: ends within a second; ruby/ruby:signal.c',
      date: '2026-11',
    },
  ];

/** Programs that stay in front of the process and hand SIGTERM on, or end by it. */
export const FORWARDING: readonly { readonly programs: readonly string[]; source: string; date: string }[] = [
  {
    programs: ['npm', 'yarn', 'pnpm'],
    source: 'measured as process 1: npm 6.14, 8.19, 10.8, 11.19, yarn 1.22 stop within a second',
    date: '2026-11',
  },
  { programs: ['uv'], source: 'astral-sh/uv:docs/concepts/projects/run.md', date: '2026-11' },
];

/** Programs that are an init: they hand signals on and reap what others leave. */
export const INITS: ReadonlySet<string> = new Set(['tini', 'tini-static', 'dumb-init', 'catatonit', 'docker-init']);

export interface HandlerRow {
  readonly language: 'node' | 'python' | 'rust';
  /** Source text that sets a handler, or hands the process to a library that does. */
  readonly pattern: RegExp;
  readonly source: string;
  readonly date: string;
}

const handler = (language: HandlerRow['language'], pattern: RegExp, source: string): HandlerRow => ({
  language,
  pattern,
  source,
  date: '2026-11',
});

export const HANDLERS: readonly HandlerRow[] = [
  handler('node', /\bSIGTERM\b/, 'nodejs/node:doc/api/process.md'),
  handler('node', /\benableShutdownHooks\b/, 'nestjs/docs.nestjs.com:content/fundamentals/lifecycle-events.md'),
  handler(
    'node',
    /['"](?:@godaddy\/terminus|http-graceful-shutdown|lightship|close-with-grace|node-graceful(?:-shutdown)?|express-graceful-shutdown|fastify-graceful-shutdown|@fastify\/graceful-shutdown|fastify-cli|exit-hook|async-exit-hook|signal-exit|death|node-cleanup|@moleculer\/runner|moleculer|@hapi\/pm|exiting|stoppable-signal|apollo-server|@strapi\/strapi|@adonisjs\/core|sails|bullmq-signal)['"]/,
    'the README of each',
  ),
  handler(
    'python',
    /\.run\s*\((?![^)]*use_reloader\s*=\s*False)[^)]*\bdebug\s*=\s*True/,
    'pallets/werkzeug:src/werkzeug/_reloader.py',
  ),
  handler('python', /\bSIGTERM\b|add_signal_handler/, 'python/cpython:Doc/library/signal.rst'),
  handler('python', /\buvicorn\.(?:run|Server)\b|\bhypercorn\b|\bgunicorn\b|\bgranian\b/, 'encode/uvicorn'),
  handler('python', /\bweb\.run_app\b/, 'aio-libs/aiohttp:aiohttp/web.py'),
  handler('python', /\bimport\s+Sanic\b|\bfrom\s+sanic\b/, 'sanic-org/sanic:sanic/mixins/startup.py'),
  handler('python', /\brun_polling\b|\brun_webhook\b|\bstart_polling\b/, 'python-telegram-bot, aiogram/aiogram'),
  handler('python', /\bfrom\s+(?:pyrogram|telethon)\b|\bcelery\b|\bfrom\s+twisted\b/, 'the source of each'),
  handler(
    'rust',
    /\bSIGTERM\b|\bSignalKind::terminate\b|\bsignal_hook(?:_tokio)?::/,
    'tokio-rs/tokio:tokio/src/signal/unix.rs, vorner/signal-hook',
  ),
  handler('rust', /\bHttpServer::new\b(?![\s\S]*\.disable_signals\(\))/, 'actix/actix-web:actix-server/src/signals.rs'),
  handler(
    'rust',
    /\bxitca_server::Builder\b(?![\s\S]*\.disable_signal\(\))|\bxitca_web::App\b/,
    'HFQR/xitca-web:server/src/builder.rs',
  ),
  handler('rust', /\brocket::build\b|#\[(?:rocket::)?launch\]/, 'rwf2/Rocket:core/lib/src/config/shutdown.rs'),
];

/** Packages of which some releases or features have a handler. Source: prisma/prisma:packages/engine-core, Detegr/rust-ctrlc, 2026-11. */
export const DOUBTED: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /['"](?:@prisma\/client|[^'"]*generated\/prisma[^'"]*)['"]/, name: 'Prisma' },
  {
    pattern: /['"](?:elastic-apm-node|@opentelemetry\/auto-instrumentations-node|apollo-server[\w-]*)['"]/,
    name: 'a package that it imports',
  },
  { pattern: /\b(?:ctrlc::|rocket::ignite\b|graceful_shutdown\b|disable_signals\b)/, name: 'a crate that it uses' },
];

/** Libraries that start a browser, whose helper processes outlive it. */
export const BROWSERS: readonly HandlerRow[] = [
  handler(
    'node',
    /(?:from\s*|require\(\s*|import\(?\s*)['"](?:puppeteer(?:-core|-extra|-cluster)?|playwright(?:-core|-chromium|-firefox|-webkit|-extra)?|selenium-webdriver|chrome-launcher|whatsapp-web\.js)['"]/,
    'puppeteer/puppeteer:docs/troubleshooting.md; microsoft/playwright:docs/src/docker.md',
  ),
  handler(
    'python',
    /^[ \t]*(?:from|import)[ \t]+(?:playwright|pyppeteer|selenium|undetected_chromedriver|seleniumbase|DrissionPage)\b/m,
    'microsoft/playwright:docs/src/docker.md',
  ),
];

/** Calls that go on until somebody stops them, in any file of a program; and loops, which count in the file that is started. */
export const GOES_ON: Readonly<Record<HandlerRow['language'], { readonly calls: RegExp; readonly loops: RegExp }>> = {
  node: {
    calls: /\.listen\s*\(|\bcreateServer\s*\(|\bBun\.serve\b|\bDeno\.serve\b/,
    loops:
      /\bsetInterval\s*\(|\.consume\s*\(|new\s+Worker\s*\(|\.login\s*\(|\.schedule\s*\(|\.launch\s*\(\s*\)|\bwhile\s*\(\s*(?:true|1)\s*\)/,
  },
  python: {
    calls:
      /\bserve_forever\b|\brun_forever\b|\bapp\.run\s*\(|\bBlockingScheduler\b|\bstart_consuming\b|\bwait_for_termination\b|\bIOLoop\b|\binfinity_polling\b/,
    loops: /\bwhile\s+(?:True|1)\b|\.launch\s*\(|\b(?:bot|client)\.run\s*\(|\bserve\s*\(/,
  },
  rust: {
    calls:
      /\b(?:Tcp|Unix)Listener::bind\b|\bServer::(?:bind|builder)\b|\bserve\s*\(|\bwarp::serve\b|\.launch\s*\(\s*\)/,
    loops: /\bloop\s*\{/,
  },
};

/** Names of scripts that do a piece of work and end. */
export const ENDING_SCRIPT =
  /(?:^|[/._-])(?:train\w*|eval\w*|test\w*|bench\w*|migrat\w*|seed\w*|backup\w*|export\w*|import\w*|predict|model)(?:[._-]|$)/i;
