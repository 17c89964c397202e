/** What installs read beside manifests: scripts of packages, plugins, variables that name files. Data only. */

/** What a command in a lifecycle script of package.json reads: nothing, or a folder of the package. */
export interface InstallScriptRow {
  /** The whole command, blanks folded, `npx` taken off. */
  readonly command: RegExp;
  /** Folders beside package.json that it reads, as far as they are there. */
  readonly folders: readonly string[];
  readonly source: string;
  readonly date: string;
}

const row = (command: RegExp, source: string, folders: readonly string[] = []): InstallScriptRow => ({
  command,
  folders,
  source,
  date: '2026-11',
});

export const INSTALL_SCRIPTS: readonly InstallScriptRow[] = [
  row(
    /^(?:husky(?: install(?: \S+)?)?|is-ci|is-ci-cli|pinst --(?:en|dis)able)$/,
    'typicode/husky:index.js: nothing outside of a git repository',
  ),
  row(/^(?:true|:|exit 0|echo .*)$/, 'POSIX.1-2024, Shell and Utilities'),
  row(/^only-allow (?:npm|pnpm|yarn|bun)$/, 'pnpm/only-allow:bin.js'),
  row(/^opencollective(?:-postinstall)?$/, 'opencollective/opencollective-postinstall'),
  row(/^patch-package$/, 'ds300/patch-package:README.md', ['patches']),
];

/** `prisma generate` with the flags that do not change what it reads. */
export const PRISMA_GENERATE =
  /^prisma generate(?: --(?:no-hints|no-engine|allow-no-models))*(?: --schema[= ](?<schema>[\w./-]+))?$/;

/** Scripts of package.json that an install in its folder runs. Source: npm/cli:docs/lib/content/using-npm/scripts.md; pnpm and yarn run a part of them. */
export const LIFECYCLE = [
  ...['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies'],
  'pnpm:devPreinstall',
] as const;

/** Composer plugins that neither read nor write files of the project while packages are installed. Source: each plugin's README, 2026-11. */
export const HARMLESS_COMPOSER_PLUGINS: ReadonlySet<string> = new Set([
  'dealerdirect/phpcodesniffer-composer-installer',
  'pestphp/pest-plugin',
  'php-http/discovery',
  'phpstan/extension-installer',
  'symfony/runtime',
  'symfony/flex',
]);

/** Variables that make an install read a file or write to a place that its manifests do not tell. Source: the manuals of the managers, 2026-11. */
export const REDIRECTING_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  pip: ['PIP_CONSTRAINT', 'PIP_REQUIREMENT', 'PIP_CONFIG_FILE', 'PIP_FIND_LINKS', 'PIP_TARGET', 'PIP_PREFIX'],
  pipenv: ['PIPENV_PIPFILE', 'PIP_CONFIG_FILE', 'PIP_FIND_LINKS'],
  npm: ['NPM_CONFIG_USERCONFIG', 'npm_config_userconfig'],
  go: ['GOWORK'],
  uv: ['UV_CONFIG_FILE', 'UV_PROJECT', 'UV_FIND_LINKS'],
  composer: ['COMPOSER', 'COMPOSER_VENDOR_DIR', 'COMPOSER_ROOT_VERSION'],
  bundler: ['BUNDLE_GEMFILE'],
  maven: ['MAVEN_ARGS'],
};
