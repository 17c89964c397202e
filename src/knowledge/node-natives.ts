/** Which npm packages with native code or an install script can be installed without a compiler. Data only. */

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** Packages that only those with native code depend on. */
export const NATIVE_HELPER =
  /^\s+["']?(?:nan|bindings|node-addon-api|prebuild-install|node-gyp-build|node-gyp|@mapbox\/node-pre-gyp|node-pre-gyp)["']?[ :]/m;

/** Bring what they need along, or do not compile at all: the lowest major version that does. Source: their manuals and prebuilt files, November 2026. */
export const INSTALLS_WITHOUT_COMPILER: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    words(
      'core-js core-js-pure es5-ext protobufjs @nestjs/core nodemon esbuild @swc/core prisma @prisma/client @prisma/engines bufferutil utf-8-validate ' +
        'msgpackr-extract @parcel/watcher unrs-resolver lmdb classic-level leveldown @sentry/cli husky vue-demi nx opencollective-postinstall swagger-ui-dist ' +
        '@scarf/scarf styled-components msw @apollo/protobufjs @firebase/util preact keccak secp256k1 node-gyp-build node-gyp node-pre-gyp @mapbox/node-pre-gyp ' +
        'prebuild-install @nestjs/schematics less-openui5 yarn ssh2 cpu-features @biomejs/biome dd-trace aws-crt @tailwindcss/oxide ejs iconv-lite web3 ' +
        'web3-bzz web3-shh event-stream snappy fsevents websocket electron-to-chromium inngest-cli vue-echarts @angular/cli nuxt @fortawesome/fontawesome-free',
    ).map((name) => [name, 0] as const),
  ),
  bcrypt: 5,
  argon2: 0,
  sqlite3: 5,
  sharp: 0,
};

/** Compiled wherever they are installed. Source: their manuals, November 2026. */
export const COMPILED_NODE_PACKAGES: ReadonlySet<string> = new Set(
  words(
    'pg-native libpq node-sass node-rdkafka node-expat libxmljs node-libcurl deasync heapdump segfault-handler nodegit ibm_db node-pty integer i2c-bus robotjs ' +
      'gc-stats posix unix-dgram modern-syslog raw-socket microtime farmhash dtrace-provider node-snap7 nodejieba re2 isolated-vm',
  ),
);

/** Global packages that install without a compiler. */
export const GLOBAL_WITHOUT_COMPILER =
  /^(?:npm|yarn|pnpm|corepack|pm2|serve|http-server|typescript|ts-node|tsx|nodemon|@nestjs\/cli|@angular\/cli|@vue\/cli|prisma|turbo|nx|vite|webpack|webpack-cli|gulp|gulp-cli|grunt|grunt-cli|rimraf|cross-env|dotenv-cli|esbuild|concurrently|sequelize-cli|knex|node-gyp|lerna)(?:@.*)?$/;
