/** Languages that an interpreter carries out, and which images have it. Data only. */

export interface ScriptLanguageRow {
  /** Paths of files in the language. */
  readonly files: RegExp;
  /** Repositories of images that have the interpreter; those of the catalogue that do not match have none. */
  readonly images: RegExp;
  /** Whether the images that are built on buildpack-deps, neither slim nor alpine, have it as well. */
  readonly inFullImages: boolean;
  /** What a RUN, COPY or start command names that brings or calls it. */
  readonly programs: RegExp;
  readonly source: string;
}

const IMAGES = 'docker-library/official-images, docker-library/buildpack-deps:debian/*/scm (mercurial), 2026-11';

export const SCRIPT_LANGUAGES = [
  {
    files: /\.py$/,
    images: /python|pypy|conda|mamba|jupyter|torch|tensorflow|\buv\b|airflow|lambda|gdal|postgis|playwright|selenium/,
    inFullImages: true,
    programs: /\b(?:python|pypy|pip|pipx|uv|uvx|conda|mamba|poetry|supervisor|supervisord)\d?\b/,
    source: IMAGES,
  },
  {
    files: /\.(?:rb|ru)$/,
    images: /ruby|rails|passenger|jekyll|fluentd|logstash|discourse|lambda/,
    inFullImages: false,
    programs: /\b(?:ruby|jruby|rbenv|rvm|gem|bundle|bundler|rails|rake)\b/,
    source: IMAGES,
  },
  {
    files: /\.php$/,
    images: /php|composer|wordpress|drupal|joomla|nextcloud|magento|laravel|phpmyadmin|matomo|mediawiki|lambda/,
    inFullImages: false,
    programs: /\b(?:php|composer|artisan|frankenphp)[\d.]*\b/,
    source: IMAGES,
  },
  {
    files: /\.(?:[cm]?[jt]s|[jt]sx)$/,
    images: /node|\bbun\b|deno|playwright|puppeteer|cypress|electron|lambda|jupyter/,
    inFullImages: false,
    programs: /\b(?:node|nodejs|nodesource|npm|npx|yarn|pnpm|bun|bunx|deno|nvm|volta|fnm|tsx)\b/,
    source: IMAGES,
  },
] as const satisfies readonly ScriptLanguageRow[];
