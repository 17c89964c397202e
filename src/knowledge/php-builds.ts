/** What only the install of PHP packages needs, and which packages need it later as well. Data only. */

/** System packages with programs that Composer or a front end's build starts. Source: composer/composer:src/Composer/Util and Downloader; Debian and Alpine package lists. */
export const INSTALL_TOOLS = [
  {
    program: 'git',
    packages: ['git', 'git-core', 'git-all'],
    source: 'composer/composer:src/Composer/Util/Git.php',
    date: '2026-11',
  },
  {
    program: 'unzip',
    packages: ['unzip'],
    source: 'composer/composer:src/Composer/Downloader/ZipDownloader.php',
    date: '2026-11',
  },
  {
    program: '7z',
    packages: ['7zip', 'p7zip-full', 'p7zip'],
    source: 'composer/composer:src/Composer/Downloader/ZipDownloader.php',
    date: '2026-11',
  },
  { program: 'zip', packages: ['zip'], source: 'Debian: zip packs, and nothing of an install does', date: '2026-11' },
  {
    program: 'svn',
    packages: ['subversion'],
    source: 'composer/composer:src/Composer/Util/Svn.php',
    date: '2026-11',
  },
  { program: 'hg', packages: ['mercurial'], source: 'composer/composer:src/Composer/Util/Hg.php', date: '2026-11' },
] as const;

/** Composer packages that start a program when they are used. Source: their own source. */
export const STARTING_PACKAGES = [
  {
    program: 'git',
    packages: [
      ...['czproject/git-php', 'cpliakas/git-wrapper', 'symplify/git-wrapper', 'gitonomy/gitlib', 'coyl/git'],
      ...['sebastianfeldmann/git', 'pragmarx/version', 'composer/composer'],
    ],
    source: 'packagist.org: packages of these names',
    date: '2026-11',
  },
  {
    program: 'unzip',
    packages: ['composer/composer'],
    source: 'composer/composer:src/Composer/Downloader/ZipDownloader.php',
    date: '2026-11',
  },
  {
    program: 'node',
    packages: [
      ...['spatie/browsershot', 'spatie/server-side-rendering', 'spatie/laravel-server-side-rendering'],
      'nesk/puphpeteer',
    ],
    source: 'packagist.org: packages of these names',
    date: '2026-11',
  },
] as const;

/** Debian under the last tags of versions that are built no longer, where they name no suite: `8.1-fpm`. */
export const PHP_LAST_SUITES = [
  {
    versions: /^(?:7\.[34]|8\.0)$/,
    suite: 'bullseye',
    source: 'docker-library/php:versions.json before each was removed',
    date: '2026-11',
  },
  {
    versions: /^8\.1$/,
    suite: 'trixie',
    source: 'docker-library/php:versions.json before it was removed',
    date: '2026-11',
  },
] as const;
