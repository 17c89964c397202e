/** Front ends that are built to files: what builds them, what serves them, and what only a server of their own can do. Data only. */

/** A program that serves a built front end, or builds it again and again while somebody writes it. */
export interface SiteServerRow {
  /** Last segment of the program, package runners taken away. */
  readonly programs: readonly string[];
  /** The arguments joined by blanks; absent: any. */
  readonly when?: RegExp;
  /** files: the folder that it is given. preview: what the framework built. development: it builds in memory. */
  readonly kind: 'files' | 'preview' | 'development';
  /** Name of the framework; absent: any. */
  readonly framework?: string;
  /** Arguments that make it answer every unknown path with index.html; absent: as the framework's pages want it. */
  readonly fallback?: RegExp;
  /** It answers names with a dot with index.html too, where the others say 404. */
  readonly dots?: true;
  /** Arguments of `files` that change its answers beyond what is written here. */
  readonly special?: RegExp;
  /** Flags with a port or an address. */
  readonly ports: readonly string[];
  readonly variables?: readonly string[];
  /** Object of the framework's configuration that holds `port` and `proxy`. */
  readonly block?: string;
  readonly port: number;
  readonly source: string;
  readonly date: string;
}

const server = (it: Omit<SiteServerRow, 'date'>): SiteServerRow => ({ ...it, date: '2026-11' });
const PORT = ['-p', '--port'] as const;

export const SITE_SERVERS: readonly SiteServerRow[] = [
  server({
    programs: ['serve'],
    kind: 'files',
    fallback: /(?:^|\s)(?:--single|-[A-Za-z]*s[A-Za-z]*)(?=\s|$)/,
    dots: true,
    special: /(?:^|\s)(?:-c|--config|--ssl-\w+|-C|--cors)(?=[\s=]|$)/,
    ports: ['-l', '--listen', ...PORT],
    variables: ['PORT'],
    port: 3000,
    source: 'vercel/serve:source/utilities/cli.ts',
  }),
  server({
    programs: ['http-server'],
    kind: 'files',
    fallback: /^(?!)/,
    special: /(?:^|\s)(?:-P|--proxy\S*|-S|--ssl|--tls|--cors\S*|--username|-b|--brotli|-e|--ext)(?=[\s=]|$)/,
    ports: PORT,
    variables: ['PORT'],
    port: 8080,
    source: 'http-party/http-server:README.md',
  }),
  server({
    programs: ['sirv'],
    kind: 'files',
    fallback: /(?:^|\s)(?:-s|--single)(?=\s|$)/,
    special: /(?:^|\s)(?:-c|--cors|-S|--http2|-k|-D|--dotfiles|-i|--ignores)(?=[\s=]|$)/,
    ports: PORT,
    variables: ['PORT'],
    port: 8080,
    source: 'lukeed/sirv:packages/sirv-cli/readme.md',
  }),
  server({
    programs: ['vite'],
    when: /^preview\b/,
    kind: 'preview',
    framework: 'Vite',
    ports: ['--port'],
    block: 'preview',
    port: 4173,
    source: 'vitejs/vite:docs/config/preview-options.md',
  }),
  server({
    programs: ['vite'],
    when: /^(?!build\b|optimize\b)/,
    kind: 'development',
    framework: 'Vite',
    ports: ['--port'],
    block: 'server',
    port: 5173,
    source: 'vitejs/vite:docs/config/server-options.md',
  }),
  server({
    programs: ['react-scripts', 'craco', 'react-app-rewired', 'rescripts'],
    when: /^(?:--\S+ )*start\b/,
    kind: 'development',
    framework: 'Create React App',
    ports: [],
    variables: ['PORT'],
    port: 3000,
    source: 'facebook/create-react-app:docusaurus/docs/advanced-configuration.md',
  }),
  server({
    programs: ['vue-cli-service'],
    when: /^serve\b/,
    kind: 'development',
    framework: 'Vue CLI',
    ports: ['--port'],
    variables: ['PORT'],
    block: 'devServer',
    port: 8080,
    source: 'vuejs/vue-cli:docs/guide/cli-service.md',
  }),
  server({
    programs: ['ng'],
    when: /^(?:serve|s|dev)\b/,
    kind: 'development',
    framework: 'Angular',
    ports: ['--port'],
    port: 4200,
    source: 'angular/angular-cli:packages/angular/build/src/builders/dev-server/schema.json',
  }),
  server({
    programs: ['gatsby'],
    when: /^serve\b/,
    kind: 'preview',
    framework: 'Gatsby',
    ports: PORT,
    port: 9000,
    source: 'gatsbyjs/gatsby:docs/docs/reference/gatsby-cli.md',
  }),
  server({
    programs: ['gatsby'],
    when: /^develop\b/,
    kind: 'development',
    framework: 'Gatsby',
    ports: PORT,
    port: 8000,
    source: 'gatsbyjs/gatsby:docs/docs/reference/gatsby-cli.md',
  }),
  server({
    programs: ['docusaurus'],
    when: /^serve\b/,
    kind: 'preview',
    framework: 'Docusaurus',
    ports: PORT,
    port: 3000,
    source: 'facebook/docusaurus:website/docs/cli.mdx',
  }),
  server({
    programs: ['docusaurus'],
    when: /^(?:--\S+ )*start\b/,
    kind: 'development',
    framework: 'Docusaurus',
    ports: PORT,
    port: 3000,
    source: 'facebook/docusaurus:website/docs/cli.mdx',
  }),
  server({
    programs: ['astro'],
    when: /^preview\b/,
    kind: 'preview',
    framework: 'Astro',
    ports: ['--port'],
    block: 'server',
    port: 4321,
    source: 'withastro/docs:src/content/docs/en/reference/cli-reference.mdx',
  }),
  server({
    programs: ['astro'],
    when: /^(?:dev\b|$)/,
    kind: 'development',
    framework: 'Astro',
    ports: ['--port'],
    block: 'server',
    port: 4321,
    source: 'withastro/docs:src/content/docs/en/reference/cli-reference.mdx',
  }),
  server({
    programs: ['parcel'],
    when: /^(?!build\b|watch\b)/,
    kind: 'development',
    framework: 'Parcel',
    ports: PORT,
    variables: ['PORT'],
    port: 1234,
    source: 'parcel-bundler/website:src/features/cli.md',
  }),
  server({
    programs: ['webpack', 'webpack-cli'],
    when: /^(?:serve|server|s)\b/,
    kind: 'development',
    framework: 'webpack',
    ports: ['--port'],
    block: 'devServer',
    port: 8080,
    source: 'webpack/webpack.js.org:src/content/configuration/dev-server.mdx',
  }),
  server({
    programs: ['webpack-dev-server'],
    kind: 'development',
    framework: 'webpack',
    ports: ['--port'],
    block: 'devServer',
    port: 8080,
    source: 'webpack/webpack.js.org:src/content/configuration/dev-server.mdx',
  }),
];

/** What a framework makes of a project. */
export interface SiteFrameworkRow {
  readonly name: string;
  /** The first package of package.json that is found decides. */
  readonly packages: readonly string[];
  /** Commands that build it, after the package runner is taken away, joined by blanks. */
  readonly build: RegExp;
  /** Its configuration files. */
  readonly configs: readonly string[];
  /** Folder with the built files, relative to the package. */
  readonly output: string;
  /** Names in the configuration that give another folder. */
  readonly outputKeys: readonly string[];
  /** Flags of the build command that give another folder. */
  readonly outputFlags: readonly string[];
  /** Names in the configuration that put the site below a path. */
  readonly baseKeys: readonly string[];
  /** Whether unknown paths are answered by index.html (the pages are made in the browser), or are not found. */
  readonly pages: 'application' | 'files';
  /** Folders of the output, and patterns of paths, whose names change with their content. */
  readonly hashed: readonly string[];
  /** Folders of the project that are copied to the output as they are. */
  readonly public: readonly string[];
  /** Prefix of the variables that the build writes into the files. */
  readonly variables: RegExp;
  readonly source: string;
  readonly date: string;
}

const framework = (it: Omit<SiteFrameworkRow, 'date'>): SiteFrameworkRow => ({ ...it, date: '2026-11' });
const configs = (name: string, endings = 'js mjs cjs ts mts cts'): string[] =>
  endings.split(' ').map((ending) => `${name}.${ending}`);

/** The special ones before those that they are made of. */
export const SITE_FRAMEWORKS: readonly SiteFrameworkRow[] = [
  framework({
    name: 'SvelteKit',
    packages: ['@sveltejs/kit'],
    build: /^vite build\b/,
    configs: configs('svelte.config', 'js ts'),
    output: 'build',
    outputKeys: ['pages', 'assets'],
    outputFlags: [],
    baseKeys: ['base'],
    pages: 'files',
    hashed: ['/_app/immutable/'],
    public: ['static'],
    variables: /^(?:VITE|PUBLIC)_/,
    source: 'sveltejs/kit:documentation/docs/25-build-and-deploy/50-adapter-static.md',
  }),
  framework({
    name: 'Astro',
    packages: ['astro'],
    build: /^astro build\b/,
    configs: configs('astro.config'),
    output: 'dist',
    outputKeys: ['outDir'],
    outputFlags: ['--outDir', '--out-dir'],
    baseKeys: ['base'],
    pages: 'files',
    hashed: ['/_astro/'],
    public: ['public'],
    variables: /^PUBLIC_/,
    source: 'withastro/docs:src/content/docs/en/reference/configuration-reference.mdx',
  }),
  framework({
    name: 'Gatsby',
    packages: ['gatsby'],
    build: /^gatsby build\b/,
    configs: configs('gatsby-config', 'js ts mjs'),
    output: 'public',
    outputKeys: [],
    outputFlags: [],
    baseKeys: ['pathPrefix'],
    pages: 'files',
    hashed: ['/static/'],
    public: ['static'],
    variables: /^GATSBY_/,
    source: 'gatsbyjs/gatsby:docs/docs/how-to/previews-deploys-hosting/caching.md',
  }),
  framework({
    name: 'Docusaurus',
    packages: ['@docusaurus/core'],
    build: /^docusaurus build\b/,
    configs: configs('docusaurus.config', 'js ts mjs cjs'),
    output: 'build',
    outputKeys: [],
    outputFlags: ['--out-dir'],
    baseKeys: ['baseUrl'],
    pages: 'files',
    hashed: ['/assets/'],
    public: ['static'],
    variables: /^(?!)/,
    source: 'facebook/docusaurus:website/docs/deployment.mdx',
  }),
  framework({
    name: 'Next export',
    packages: ['next'],
    build: /^next build\b/,
    configs: configs('next.config', 'js mjs ts'),
    output: 'out',
    outputKeys: ['distDir'],
    outputFlags: [],
    baseKeys: ['basePath', 'assetPrefix'],
    pages: 'files',
    hashed: ['/_next/static/'],
    public: ['public'],
    variables: /^NEXT_PUBLIC_/,
    source: 'vercel/next.js:docs/01-app/02-guides/static-exports.mdx',
  }),
  framework({
    name: 'Create React App',
    packages: ['react-scripts', '@craco/craco', 'react-app-rewired'],
    build: /^(?:react-scripts|craco|react-app-rewired|rescripts) (?:--\S+ )*build\b/,
    configs: configs('craco.config', 'js ts cjs'),
    output: 'build',
    outputKeys: ['appBuild'],
    outputFlags: [],
    baseKeys: [],
    pages: 'application',
    hashed: ['/static/'],
    public: ['public'],
    variables: /^REACT_APP_/,
    source: 'facebook/create-react-app:docusaurus/docs/production-build.md',
  }),
  framework({
    name: 'Vue CLI',
    packages: ['@vue/cli-service'],
    build: /^vue-cli-service build\b/,
    configs: configs('vue.config', 'js cjs mjs'),
    output: 'dist',
    outputKeys: ['outputDir'],
    outputFlags: ['--dest'],
    baseKeys: ['publicPath', 'baseUrl'],
    pages: 'application',
    hashed: ['/js/', '/css/', '/img/', '/fonts/', '/media/'],
    public: ['public'],
    variables: /^VUE_APP_/,
    source: 'vuejs/vue-cli:docs/config/README.md',
  }),
  framework({
    name: 'Angular',
    packages: ['@angular/cli', '@angular/build', '@angular-devkit/build-angular'],
    build: /^ng (?:build|b)\b/,
    configs: ['angular.json'],
    output: 'dist',
    outputKeys: [],
    outputFlags: ['--output-path'],
    baseKeys: [],
    pages: 'application',
    hashed: ['~-[0-9A-Z]{8}\\.(?:js|css)$', '~\\.[0-9a-f]{16,20}\\.(?:js|css)$'],
    public: [],
    variables: /^NG_APP_/,
    source: 'angular/angular-cli:packages/angular/build/src/builders/application/schema.json',
  }),
  framework({
    name: 'Vite',
    packages: ['vite'],
    build: /^vite build\b/,
    configs: configs('vite.config'),
    output: 'dist',
    outputKeys: ['outDir'],
    outputFlags: ['--outDir', '--out-dir'],
    baseKeys: ['base'],
    pages: 'application',
    hashed: ['/assets/'],
    public: ['public'],
    variables: /^VITE_/,
    source: 'vitejs/vite:docs/config/build-options.md',
  }),
  framework({
    name: 'Parcel',
    packages: ['parcel', 'parcel-bundler'],
    build: /^parcel build\b/,
    configs: [],
    output: 'dist',
    outputKeys: [],
    outputFlags: ['--dist-dir', '-d', '--out-dir'],
    baseKeys: [],
    pages: 'application',
    hashed: ['~\\.[0-9a-f]{8}\\.(?:js|css|svg|png|jpe?g|webp|woff2?)$'],
    public: [],
    variables: /^(?!)/,
    source: 'parcel-bundler/website:src/features/production.md',
  }),
  framework({
    name: 'webpack',
    packages: ['webpack'],
    build: /^webpack(?:-cli)?\b(?! serve)/,
    configs: configs('webpack.config', 'js cjs mjs ts'),
    output: 'dist',
    outputKeys: [],
    outputFlags: ['-o', '--output-path'],
    baseKeys: ['publicPath'],
    pages: 'application',
    hashed: [],
    public: [],
    variables: /^(?!)/,
    source: 'webpack/webpack.js.org:src/content/concepts/output.mdx',
  }),
];

/** Packages of projects whose pages are made by a server for each request. */
export const SERVER_RENDERED: readonly { readonly package: RegExp; readonly date: string }[] = [
  { package: /^@(?:remix-run|react-router)\/(?:dev|serve|node|express)$/, date: '2026-11' },
  { package: /^(?:nuxt|nuxt3|vinxi|vike|vite-plugin-ssr|vite-ssr|vite-plugin-ssr-ssg)$/, date: '2026-11' },
  {
    package: /^@(?:solidjs\/start|tanstack\/(?:react-)?start|builder\.io\/qwik-city|analogjs\/platform)$/,
    date: '2026-11',
  },
  { package: /^@(?:angular\/(?:ssr|platform-server)|nguniversal\/.*)$/, date: '2026-11' },
  { package: /^@astrojs\/(?:node|vercel|netlify|cloudflare|deno)$/, date: '2026-11' },
  { package: /^@sveltejs\/adapter-(?!static$)/, date: '2026-11' },
];

/**
 * Images with nginx, the file that they include, and a folder in them where nothing stands: /usr/share/nginx/html holds
 * a welcome page, which a site without an index.html would show.
 * Source: nginx/docker-nginx and nginx/docker-nginx-unprivileged, their READMEs and Dockerfiles.
 */
export const NGINX_IMAGES = {
  stock: { image: 'nginx:1.30-alpine', date: '2026-11' },
  unprivileged: { image: 'nginxinc/nginx-unprivileged:1.30-alpine', date: '2026-11' },
} as const;
export const NGINX_ROOT = '/srv/www';
export const NGINX_CONFIG = '/etc/nginx/conf.d/default.conf';

/** Programs of the alpine variants that a health check may call. Source: nginx/docker-nginx, alpine Dockerfiles; busybox. */
export const NGINX_PROGRAMS: ReadonlySet<string> = new Set(
  'curl wget sh nc test [ true false exit cat grep ps pgrep pidof nginx'.split(' '),
);

/** Words of a project that tell that a browser feature is used: only the others are switched off for the pages. */
export const BROWSER_FEATURES: readonly { readonly feature: string; readonly words: RegExp; readonly date: string }[] =
  [
    {
      feature: 'camera',
      words:
        /getUserMedia|mediaDevices|webcam|camera|barcode|qr-?(?:code|reader|scanner)|scanner|webrtc|peer(?:js)?\b|jitsi|twilio|agora|livekit|zoom/i,
      date: '2026-11',
    },
    {
      feature: 'microphone',
      words:
        /getUserMedia|mediaDevices|microphone|speech|recorder|webrtc|peer(?:js)?\b|jitsi|twilio|agora|livekit|zoom|audio/i,
      date: '2026-11',
    },
    {
      feature: 'geolocation',
      words: /geolocat|leaflet|mapbox|maplibre|google.?maps|openlayers|\bol\b|locate/i,
      date: '2026-11',
    },
  ];

/** Words of a page that is meant to stand in a frame of another site. Source: the documentation of each platform. */
export const EMBEDDED =
  /window\.(?:parent|top)\b|\bframeElement\b|@shopify\/app-bridge|@forge\/bridge|@microsoft\/(?:teams-js|office-js)|\boffice-js\b|@slack\/|iframe-resizer|post-?robot|penpal/;
