/** npm packages by what they mean for the image that runs: their programs, what they need from the system, what they are for. Data only. */

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** Programs of packages that are not called like the package. Source: `bin` in the package.json of each, November 2026. */
export const PACKAGE_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  typescript: ['tsc'],
  '@nestjs/cli': ['nest'],
  '@angular/cli': ['ng'],
  '@vue/cli-service': ['vue-cli-service'],
  '@vue/cli': ['vue'],
  '@babel/cli': ['babel'],
  '@babel/node': ['babel-node'],
  '@swc/cli': ['swc'],
  '@adonisjs/assembler': ['ace'],
  '@remix-run/dev': ['remix'],
  '@remix-run/serve': ['remix-serve'],
  '@react-router/dev': ['react-router'],
  '@react-router/serve': ['react-router-serve'],
  '@mikro-orm/cli': ['mikro-orm'],
  '@sentry/cli': ['sentry-cli'],
  'sequelize-cli': ['sequelize', 'sequelize-cli'],
  'dotenv-cli': ['dotenv'],
  'cross-env': ['cross-env', 'cross-env-shell'],
  'npm-run-all': ['npm-run-all', 'run-s', 'run-p'],
  'npm-run-all2': ['npm-run-all', 'run-s', 'run-p'],
  nuxt: ['nuxt', 'nuxi'],
  'ts-node-dev': ['ts-node-dev', 'tsnd'],
  // the programs of typeorm that start ts-node
  'ts-node': ['ts-node', 'ts-node-esm', 'ts-node-script', 'typeorm-ts-node-commonjs', 'typeorm-ts-node-esm'],
  '@dotenvx/dotenvx': ['dotenvx'],
  '@redocly/cli': ['redocly'],
};

/** Global packages that only build, unless a start command names one of their programs. */
export const GLOBAL_BUILD_TOOLS: ReadonlySet<string> = new Set(
  words(
    'typescript @nestjs/cli @angular/cli @vue/cli webpack webpack-cli gulp gulp-cli grunt grunt-cli node-gyp lerna turbo nx @babel/cli ' +
      '@swc/cli rimraf npm npm@latest yarn pnpm bower node-pre-gyp @mapbox/node-pre-gyp tsup esbuild rollup vite eslint prettier',
  ),
);

/** Tools whose results stay below the folder of the project. Source: their manuals. */
export const BUILDS_IN_PROJECT: ReadonlySet<string> = new Set(
  words(
    'prisma tsc tsc-alias tsup nest next nuxt nuxi vite webpack rollup esbuild swc babel remix react-router typeorm sequelize knex lerna turbo nx ' +
      'husky patch-package tailwindcss tailwind postcss sass graphql-codegen tsoa copyfiles cpy rimraf mkdirp gulp grunt parcel astro ng vue-cli-service ' +
      'eslint prettier jest mocha vitest node-gyp node-pre-gyp zenstack drizzle-kit mikro-orm ace buf protoc proto-loader-gen-types nestjs-cli ncc',
  ),
);

/** Start commands of somebody who edits the source. Matched against a command line or the body of a script. */
export const DEVELOPMENT_STARTS =
  /\b(?:nodemon|node-dev|ts-node-dev|tsnd|webpack-dev-server|live-server)\b|\b(?:next|nuxt|nuxi|remix|svelte-kit|astro|keystone|wrangler|turbo|rw|vercel|netlify|react-router) (?:vite:)?dev\b|\b(?:gatsby|strapi|medusa) develop\b|\bnest start\b.*(?:--watch|--debug|-w\b)|\b(?:node|tsx|tsc|bun|nest|swc|babel|webpack|ace|ts-node|concurrently)\b.*(?:\s--watch\b|\s-w(?:\s|"|$))|\btsx watch\b|\b(?:webpack|ng|nx|ionic|ace|vue-cli-service|docusaurus) (?:serve|start)\b|\bstorybook\b|\bexpo start\b|\bnpm run dev\b/;

/** Start commands of a front end without a server of its own. */
export const FRONT_END_STARTS =
  /(?:^|[\s"'/])(?:react-scripts|react-app-rewired|craco|ng|vue-cli-service|http-server|live-server|webpack-dev-server|parcel|gatsby|docusaurus|rsbuild|snowpack|vite)(?=[\s"']|$)|(?:^|[\s"'/])serve (?:-|\.?\/?\w)|\bwebpack(?: |-dev-)serve|\bastro (?:dev|preview)\b|\bvitepress\b|\beleventy\b/;

/** Packages whose presence tells a front end, where no start command does. */
export const FRONT_END_PACKAGES: ReadonlySet<string> = new Set(
  words('vite react-scripts @angular/cli @vue/cli-service parcel gatsby @docusaurus/core snowpack'),
);

/** Packages that behave differently, or read other files, under NODE_ENV=production. Source: their manuals and source, November 2026. */
export const NODE_ENV_READERS: ReadonlySet<string> = new Set(
  words(
    'config sequelize-cli knex apollo-server apollo-server-express apollo-server-core @apollo/server graphql-yoga node-config-ts dotenv-flow ' +
      'env-cmd convict rc nconf strapi @strapi/strapi @feathersjs/feathers @feathersjs/configuration sails loopback @keystone-6/core keystone ' +
      '@adonisjs/core next nuxt ghost parse-server @medusajs/medusa vite webpack @babel/register db-migrate migrate-mongo objection ' +
      'custom-env dotenv-expand dotenv-extended @dotenvx/dotenvx egg think-js',
  ),
);

export interface NodeNeed {
  readonly packages: readonly string[];
  /** Debian packages that full images have and slim ones lack. */
  readonly debian: readonly string[];
}

const need = (packages: string, debian: string): NodeNeed => ({ packages: words(packages), debian: words(debian) });

/** What packages need from the system beyond Node itself. Source: their manuals, November 2026. */
export const NODE_NEEDS: readonly NodeNeed[] = [
  need('@prisma/client prisma', 'ca-certificates openssl'),
  need('pg-native libpq', 'libpq5'),
  need('kerberos nodegit mongodb-client-encryption', 'libgssapi-krb5-2'),
  need('node-libcurl', 'libcurl4'),
  need('gm imagemagick easyimage node-imagemagick im', 'imagemagick'),
  need('simple-git git-client dugite git-rev-sync degit nodegit-lfs', 'ca-certificates git'),
  need('canvas @napi-rs/canvas skia-canvas chartjs-node-canvas', 'fontconfig fonts-dejavu-core'),
  need('keytar', 'libsecret-1-0'),
  need('python-shell pythonia', 'python3'),
  need('ps-node ps-tree ps-list fkill tree-kill pidtree find-process systeminformation', 'procps'),
];

/** Programs that end others by what `ps` tells of them, which is in no slim image; `only`: with these words. */
export const NODE_START_NEEDS: readonly {
  readonly program: RegExp;
  readonly only?: RegExp;
  readonly debian: string;
  readonly source: string;
}[] = [
  {
    program: /^nest$/,
    only: /\bnest start\b.*(?:--watch|--debug|\s-\w*[wd])/,
    debian: 'procps',
    source: 'nestjs/nest-cli#484',
  },
  { program: /^pm2(?:-runtime|-docker|-dev)?$/, debian: 'procps', source: 'keymetrics/docker-pm2#73' },
  {
    program: /^(?:start-server-and-test|server-test|start-test)$/,
    debian: 'procps',
    source: 'bahmutov/start-server-and-test#504',
  },
  {
    program: /^(?:concurrently|conc)$/,
    debian: 'procps',
    source: 'open-cli-tools/concurrently:package.json (tree-kill)',
  },
  { program: /^(?:ts-node-dev|tsnd)$/, debian: 'procps', source: 'wclr/ts-node-dev:package.json (tree-kill)' },
  {
    program: /^(?:run-p|run-s|npm-run-all2?)$/,
    debian: 'procps',
    source: 'bcomnes/npm-run-all2:package.json (pidtree)',
  },
  { program: /^forever$/, debian: 'procps', source: 'foreversd/forever-monitor:package.json (ps-tree)' },
];

/** Packages with native code, or a script at their installation, that need no library of the system. Source: their manuals and prebuilt files. */
export const SELF_CONTAINED: ReadonlySet<string> = new Set(
  words(
    'bcrypt argon2 sharp esbuild @swc/core @prisma/client @prisma/engines prisma core-js core-js-pure protobufjs @nestjs/core nodemon better-sqlite3 sqlite3 ' +
      'bufferutil utf-8-validate msgpackr-extract cpu-features ssh2 @parcel/watcher unrs-resolver lmdb re2 snappy leveldown classic-level ' +
      'es5-ext @scarf/scarf styled-components husky preact ejs iconv-lite dtrace-provider farmhash zeromq isolated-vm microtime deasync ' +
      '@tensorflow/tfjs-node dd-trace @datadog/native-metrics @datadog/pprof newrelic @newrelic/native-metrics node-rdkafka @sentry/cli @sentry/profiling-node ' +
      '@contrast/fn-inspect event-stream aws-sdk aws-crt nx @firebase/util yarn tree-sitter hiredis bigint-buffer keccak secp256k1 blake-hash tiny-secp256k1 ' +
      'sodium-native vue-demi @apollo/protobufjs @apollo/rover grpc @grpc/proto-loader web3 websocket fsevents libxmljs libxmljs2 node-expat xxhash ref-napi ffi-napi ' +
      'weak-napi segfault-handler heapdump v8-profiler-next uws iltorb node-sass couchbase ibm_db oracledb mongodb-memory-server @elastic/ecs-winston-format ' +
      'pprof @google-cloud/profiler @newrelic/security-agent @instana/collector gc-stats event-loop-stats @mapbox/node-pre-gyp node-pty spawn-sync @biomejs/biome ' +
      'netlinkwrapper posix unix-dgram modern-syslog raw-socket swagger-ui-dist @openapitools/openapi-generator-cli gifsicle @nestjs/schematics vue-echarts @hapi/hapi @fortawesome/fontawesome-free nuxt nuxi @nuxt/kit opencollective opencollective-postinstall',
  ),
);

/** Packages that put programs into the cache folder of the account that installs them. */
export const INSTALLS_IN_HOME: ReadonlyMap<string, { readonly skip: RegExp; readonly what: string }> = new Map([
  ['puppeteer', { skip: /^PUPPETEER_SKIP_(?:CHROMIUM_)?DOWNLOAD$/, what: 'its browser' }],
  ...['whatsapp-web.js', 'html-pdf-node', 'node-html-to-image', 'md-to-pdf', 'venom-bot', 'pa11y'].map(
    (name) => [name, { skip: /^PUPPETEER_SKIP_(?:CHROMIUM_)?DOWNLOAD$/, what: "puppeteer's browser" }] as const,
  ),
  ['playwright', { skip: /^PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD$/, what: 'its browsers' }],
  ['playwright-chromium', { skip: /^PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD$/, what: 'its browser' }],
]);

/** Files of a project that tools read and the running application does not. */
export const NOT_RUN_TIME =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|e2e|[\w-]+-e2e|cypress|specs?|stories|\.storybook|\.github|\.husky|docs?|coverage|k6|benchmarks?)\/|(?:^|\/)\.[\w-]+(?:rc)?\.[cm]?[jt]s$|\.(?:spec|test|e2e-spec|stories|cy|bench)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$|(?:^|\/)(?:jest|vitest|vite|webpack|rollup|babel|tailwind|postcss|eslint|prettier|commitlint|lint-staged|cypress|playwright|drizzle|codegen|tsup|esbuild|svgo|stylelint|release|wdio|karma|protractor|nodemon|swc|craco|metro|uno|stryker|prisma|svelte|astro|react-router|remix|tsdown|rspack|rsbuild|knip|typedoc|orval|openapi-ts|next-sitemap|i18next-parser)[\w.-]*\.config\.[cm]?[jt]s$|(?:^|\/)(?:[Gg]ulpfile|[Gg]runtfile|ace|jest[\w.-]*|setupTests|karma[\w.-]*|webpack[\w.-]*|rollup[\w.-]*|babel[\w.-]*|codegen)\.[cm]?[jt]s$/;

/** Settings in TypeScript that a program reads when it starts, and the packages of which one must be there to compile them. Source: manuals of the programs, November 2026. */
export const COMPILED_SETTINGS = [
  { program: 'next', files: ['next.config.ts', 'next.config.mts'], by: ['typescript'] },
  {
    program: 'knex',
    files: ['knexfile.ts'],
    by: ['ts-node', 'tsx', 'typescript', '@swc/register', '@swc-node/register'],
  },
  {
    program: '@mikro-orm/cli',
    files: ['mikro-orm.config.ts', 'src/mikro-orm.config.ts'],
    by: ['ts-node', 'tsx', 'typescript'],
  },
] as const;

/** Servers whose build packs devDependencies into its output, and leaves the dependencies alone outside of it. `otherwise`: settings that change that, or the folder. */
export const PACKS_DEVELOPMENT = [
  {
    package: '@sveltejs/adapter-node',
    start: /^(?:exec )?node (?:--[\w=./-]+ )*(?:\.\/)?build(?:\/(?:index\.js)?)?$/,
    configs: ['svelte.config.js', 'vite.config.js', 'vite.config.ts', 'vite.config.mjs', 'vite.config.mts'],
    otherwise: /\bout\s*:|\bexternal\b/,
    source: 'sveltejs/kit:packages/adapter-node/index.js',
    date: '2026-11',
  },
] as const;

/** Files that fill a database by hand, unless other files of the program import them. */
export const SEEDS = /(?:^|\/)(?:seeds?|seeders?)(?:\/|\.[cm]?[jt]s$)/;

/** System packages that a running program asks for and a build does not. */
export const RUN_TIME_PACKAGES =
  /^(?:ffmpeg|tini|dumb-init|gosu|su-exec|procps|nginx|supervisor|cron|dcron|imagemagick|ghostscript|graphicsmagick|poppler-utils|postgresql-client|default-mysql-client|mysql-client|mariadb-client|redis-tools|fonts-[\w-]+|ttf-[\w-]+|font-[\w-]+|fontconfig|tzdata|netcat[\w-]*|iputils-ping|dnsutils|vim|nano|less|libreoffice[\w-]*|wkhtmltopdf|tesseract-ocr[\w-]*|locales)$/;

/**
 * Servers that a framework builds together with the packages that they need. `server`: the file that node starts, from
 * the folder of the project. `asked`: built only where one of these files of the project says so.
 */
export const SELF_CONTAINED_OUTPUTS = [
  {
    folder: '.next/standalone',
    server: /(?:^|\/)\.next\/standalone\/(?:[\w./-]+\/)?server\.js$/,
    asked: {
      files: ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs'],
      says: /\bstandalone\b/,
    },
    source: 'vercel/next.js:docs/01-app/03-api-reference/05-config/01-next-config-js/output.mdx',
    date: '2026-11',
  },
  {
    folder: '.output',
    server: /(?:^|\/)\.output\/server\/index\.mjs$/,
    asked: undefined,
    source: 'nitrojs/nitro:docs/2.deploy/10.runtimes/1.node.md',
    date: '2026-11',
  },
] as const;
