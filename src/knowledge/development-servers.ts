/** Servers for the time of writing code, by the words that start them, and what stands in their place. Data only. */

export interface DevelopmentServerRow {
  /** Last segment of the program, launchers taken away. */
  readonly programs: readonly string[];
  /** The arguments, joined by blanks; absent: any. */
  readonly when?: RegExp;
  /** flask and so on: what a rewrite of it needs to know; advice: it is told only. */
  readonly kind: 'reload' | 'fastapi' | 'flask' | 'django' | 'nodemon' | 'rails' | 'advice';
  /** How it is called: `flask run`. */
  readonly name: string;
  /** What it does that production does not want. */
  readonly does: string;
  /** The next step, by hand. */
  readonly next: string;
  readonly source: string;
  readonly date: string;
}

const row = (it: Omit<DevelopmentServerRow, 'date'>): DevelopmentServerRow => ({ ...it, date: '2026-11' });

const SITE = 'Build the site in a stage (the build script of package.json) and let a web server hand out its files.';
const COMPILES = 'compiles in memory for every request and watches the files';

export const DEVELOPMENT_SERVERS: readonly DevelopmentServerRow[] = [
  row({
    programs: ['uvicorn', 'gunicorn', 'hypercorn', 'granian'],
    when: /(?:^|\s)--reload(?:\s|$)/,
    kind: 'reload',
    name: '--reload',
    does: 'starts a second process that watches the files, and restarts the server whenever one changes',
    next: 'Take --reload out of the start command.',
    source: 'encode/uvicorn:docs/settings.md, benoitc/gunicorn:docs/source/settings.rst',
  }),
  row({
    programs: ['fastapi'],
    when: /^dev\b/,
    kind: 'fastapi',
    name: 'fastapi dev',
    does: 'watches the files and restarts the server whenever one changes',
    next: 'Start it by fastapi run.',
    source: 'fastapi/fastapi-cli:README.md',
  }),
  row({
    programs: ['flask'],
    when: /(?:^|\s)run\b/,
    kind: 'flask',
    name: 'flask run',
    does: 'is the server of Werkzeug, which its authors made for development: neither secure nor stable nor fast',
    next: 'Add gunicorn to the dependencies and start the application by it.',
    source: 'pallets/flask:docs/deploying/index.rst',
  }),
  row({
    programs: ['manage.py', 'django-admin'],
    when: /^(?:runserver|runserver_plus)\b/,
    kind: 'django',
    name: 'manage.py runserver',
    does: 'has gone through no security audit or performance test, says its manual: it is for development',
    next: 'Add gunicorn (and whitenoise for the static files) to the dependencies and start the WSGI module by it.',
    source: 'django/django:docs/ref/django-admin.txt, runserver',
  }),
  row({
    programs: ['nodemon', 'node-dev', 'supervisor'],
    kind: 'nodemon',
    name: 'nodemon',
    does: 'watches the files, and stays when the program has crashed, so that nobody starts the container again',
    next: 'Start the program by node.',
    source: 'remy/nodemon:README.md',
  }),
  row({
    programs: ['ts-node-dev', 'tsnd'],
    kind: 'advice',
    name: 'ts-node-dev',
    does: 'compiles at the start, watches the files, and stays when the program has crashed',
    next: 'Compile with tsc in the build and start the result by node.',
    source: 'wclr/ts-node-dev:README.md',
  }),
  row({
    programs: ['watch'],
    kind: 'advice',
    name: 'tsx watch',
    does: 'watches the files and restarts the program whenever one changes',
    next: 'Compile in the build and start the result by node, or start it by tsx without watch.',
    source: 'privatenumber/tsx:docs/watch-mode.md',
  }),
  row({
    programs: ['next'],
    when: /^dev\b|^$/,
    kind: 'advice',
    name: 'next dev',
    does: `${COMPILES}: the first visitor of each page waits`,
    next: 'Run next build in the build and start next start, or the standalone output by node server.js.',
    source: 'vercel/next.js:docs/01-app/03-api-reference/06-cli/next.mdx',
  }),
  row({
    programs: ['nuxt', 'nuxi'],
    when: /^dev\b/,
    kind: 'advice',
    name: 'nuxt dev',
    does: COMPILES,
    next: 'Run nuxt build in the build and start node .output/server/index.mjs.',
    source: 'nuxt/nuxt:docs/1.getting-started/deployment',
  }),
  row({
    programs: ['vite'],
    when: /^(?!(?:preview|build|optimize)\b)/,
    kind: 'advice',
    name: 'vite',
    does: COMPILES,
    next: SITE,
    source: 'vitejs/vite:docs/guide/cli.md',
  }),
  row({
    programs: ['react-scripts', 'react-app-rewired', 'craco'],
    when: /^start\b/,
    kind: 'advice',
    name: 'react-scripts start',
    does: COMPILES,
    next: SITE,
    source: 'facebook/create-react-app:docusaurus/docs/deployment.md',
  }),
  row({
    programs: ['ng'],
    when: /^(?:serve|s)\b/,
    kind: 'advice',
    name: 'ng serve',
    does: COMPILES,
    next: SITE,
    source: 'angular/angular:adev/src/content/tools/cli/serve.md',
  }),
  row({
    programs: ['vue-cli-service', 'webpack'],
    when: /^serve\b/,
    kind: 'advice',
    name: 'the server of webpack',
    does: COMPILES,
    next: SITE,
    source: 'webpack/webpack-dev-server:README.md',
  }),
  row({
    programs: ['webpack-dev-server', 'live-server'],
    kind: 'advice',
    name: 'the server of webpack',
    does: COMPILES,
    next: SITE,
    source: 'webpack/webpack-dev-server:README.md',
  }),
  row({
    programs: ['astro', 'quasar'],
    when: /^dev\b/,
    kind: 'advice',
    name: 'its dev command',
    does: COMPILES,
    next: SITE,
    source: 'withastro/docs: CLI commands',
  }),
  row({
    programs: ['gatsby'],
    when: /^develop\b/,
    kind: 'advice',
    name: 'gatsby develop',
    does: COMPILES,
    next: SITE,
    source: 'gatsbyjs/gatsby:docs/docs/reference/gatsby-cli.md',
  }),
  row({
    programs: ['nest'],
    when: /^start\b.*\s(?:--watch|-w|--debug)\b/,
    kind: 'advice',
    name: 'nest start --watch',
    does: 'compiles at the start and watches the files',
    next: 'Run nest build in the build and start node dist/main.',
    source: 'nestjs/docs.nestjs.com:content/cli/usages.md',
  }),
  row({
    programs: ['rails'],
    when: /^(?:s|server)\b/,
    kind: 'rails',
    name: 'rails server without RAILS_ENV=production',
    does: 'loads the code anew for every request and shows its errors to every visitor',
    next: 'Set RAILS_ENV=production, precompile the assets in the build, and give SECRET_KEY_BASE at run time.',
    source: 'rails/rails:guides/source/configuring.md',
  }),
  row({
    programs: ['artisan'],
    when: /^serve\b/,
    kind: 'advice',
    name: 'php artisan serve',
    does: "is PHP's built-in server, which answers one request at a time",
    next: 'Start from php:fpm or php:apache, or serve it by Octane where that is among the dependencies.',
    source: 'laravel/docs:deployment.md',
  }),
  row({
    programs: ['php'],
    when: /(?:^|\s)-S\s/,
    kind: 'advice',
    name: 'php -S',
    does: "is PHP's built-in server, which its manual keeps off public networks",
    next: 'Start from php:fpm or php:apache.',
    source: 'php/doc-en:features/commandline.xml',
  }),
  row({
    programs: ['http.server'],
    kind: 'advice',
    name: 'python -m http.server',
    does: 'does only basic security checks, says its manual: not for production',
    next: 'Let a web server such as nginx hand out the files.',
    source: 'python/cpython:Doc/library/http.server.rst',
  }),
  row({
    programs: ['dotnet'],
    when: /^watch\b/,
    kind: 'advice',
    name: 'dotnet watch',
    does: 'builds at the start and whenever a file changes',
    next: 'Run dotnet publish in the build and start the DLL.',
    source: 'dotnet/docs:docs/core/tools/dotnet-watch.md',
  }),
  row({
    programs: ['air', 'CompileDaemon', 'reflex'],
    kind: 'advice',
    name: 'a live reloader of Go',
    does: 'builds at the start and whenever a file changes',
    next: 'Run go build in the build and start the program.',
    source: 'air-verse/air:README.md',
  }),
];

/** Modules that serve a WSGI application in earnest: a program that imports one has its own server. */
export const OWN_SERVERS =
  /^\s*(?:from|import)\s+(?:waitress|gevent|eventlet|cheroot|tornado|bjoern|meinheld|hypercorn|uvicorn|gunicorn|flask_socketio)\b/m;
