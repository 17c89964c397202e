/** What `apt-get install --no-install-recommends` takes away. Data only. */

export interface RecommendsRow {
  readonly package: string;
  /** Packages to name explicitly, so that nothing is lost that Dockerfiles rely on. */
  readonly add: readonly string[];
  /** What happens without them. */
  readonly symptom: string;
  readonly source: string;
  readonly date: string;
}

const SOURCE = 'apt metadata of Debian bookworm and trixie';
const row = <const P extends string>(
  name: P,
  add: readonly string[],
  symptom: string,
): RecommendsRow & { package: P } => ({
  package: name,
  add,
  symptom,
  source: SOURCE,
  date: '2026-11',
});
const CERTIFICATES = ['ca-certificates'];
const TLS = 'TLS connections fail: the certificates of the authorities are missing';
const COMPILER = 'no header files and start files of the C library: stdio.h, crt1.o';

/** Packages that lose something that is needed, and what to name instead. */
export const RECOMMENDS = [
  row('curl', CERTIFICATES, TLS),
  row('libcurl4', CERTIFICATES, TLS),
  row('libcurl4t64', CERTIFICATES, TLS),
  row('wget', CERTIFICATES, TLS),
  row('weasyprint', CERTIFICATES, TLS),
  row('git', ['ca-certificates', 'less', 'openssh-client', 'patch'], 'https and git@ clones fail'),
  row('gcc', ['libc6-dev'], COMPILER),
  row('gcc-12', ['libc6-dev'], COMPILER),
  row('gcc-14', ['libc6-dev'], COMPILER),
  row('python3-pip', ['build-essential', 'python3-dev'], 'packages without a wheel cannot be built'),
  row('npm', ['git'], 'dependencies from git cannot be fetched'),
  row('cmake', ['gcc', 'make'], 'no compiler and no generator'),
  row('flex', ['gcc', 'libfl-dev'], 'generated scanners cannot be built'),
  row('libtool', ['libltdl-dev'], 'libltdl is missing'),
  row('xvfb', ['xauth'], 'xvfb-run: xauth command not found'),
  row('graphviz', ['fonts-liberation'], 'boxes instead of text'),
  row('r-base-core', ['r-base-dev'], 'install.packages cannot compile'),
  row('docker.io', ['ca-certificates', 'cgroupfs-mount', 'git', 'xz-utils'], 'pulls and builds from git fail'),
] as const;

/** Packages that lose something with no short list of packages to name: leave their installation as it is. */
export const RECOMMENDS_UNCLEAR = [
  {
    package: 'imagemagick',
    loses: 'PDF and SVG support (its name differs by release)',
    source: SOURCE,
    date: '2026-11',
  },
  { package: 'wkhtmltopdf', loses: 'an X server', source: SOURCE, date: '2026-11' },
  { package: 'libreoffice-core', loses: 'GStreamer plugins', source: SOURCE, date: '2026-11' },
  { package: 'libreoffice-writer', loses: 'libreoffice-math', source: SOURCE, date: '2026-11' },
  { package: 'libreoffice', loses: 'parts of the office suite', source: SOURCE, date: '2026-11' },
  { package: 'cron', loses: 'a mail transfer agent', source: SOURCE, date: '2026-11' },
  { package: 'rsyslog', loses: 'logrotate', source: SOURCE, date: '2026-11' },
  { package: 'mariadb-client', loses: 'Perl modules of its tools', source: SOURCE, date: '2026-11' },
] as const;

/** Packages whose recommendations are known to be irrelevant in an image. */
export const RECOMMENDS_IRRELEVANT = {
  packages: ['sudo', 'nodejs', 'openssh-server', 'ffmpeg', 'php-cli'],
  source: SOURCE,
  date: '2026-11',
} as const;

/** Packages that always bring others along, which need not be named beside them. */
export const BRINGS = [
  { package: 'build-essential', brings: ['g++', 'gcc', 'libc6-dev', 'make'], source: SOURCE, date: '2026-11' },
  { package: 'g++', brings: ['gcc', 'libc6-dev'], source: SOURCE, date: '2026-11' },
] as const;

/** What apt does exactly as apt-get does; `apt upgrade` is `apt-get upgrade --with-new-pkgs`. */
export const APT_GET_VERBS = {
  verbs: [
    ...['install', 'reinstall', 'build-dep', 'update', 'upgrade', 'dist-upgrade', 'remove', 'purge', 'autoremove'],
    ...['autopurge', 'clean', 'autoclean'],
  ],
  source: 'apt(8), apt-get(8)',
  date: '2026-11',
} as const;

/** Flags with which apt-get asks nothing, or installs nothing. `-qq` implies `-y`. */
export const APT_UNASKED = {
  flags: [
    ...['-y', '--yes', '--assume-yes', '--assume-no', '--trivial-only', '-s', '--simulate', '--just-print'],
    ...['--dry-run', '--recon', '--no-act', '--print-uris'],
  ],
  source: 'apt-get(8)',
  date: '2026-11',
} as const;

/** Programs beside apt-get that read the package lists, so that they must be there. */
export const LISTS_READERS = {
  programs: ['apt-cache', 'apt-file', 'apt-rdepends', 'gdebi', 'mk-build-deps', 'rosdep', 'tasksel', 'wajig'],
  source: 'manual pages of the programs',
  date: '2026-11',
} as const;

/** Text of scripts from the internet that fetch the package lists before they return. */
export const LISTS_FETCHERS = [
  { text: 'nodesource.com/setup', source: 'nodesource/distributions:DEV_README.md', date: '2026-11' },
  { text: 'get.docker.com', source: 'docker/docker-install:install.sh', date: '2026-11' },
  { text: 'script.deb.sh', source: 'packagecloud.io: the installation script', date: '2026-11' },
] as const;

/** Text of scripts from the internet that put one program into the home folder and do nothing else. */
export const PROGRAM_FETCHERS = [
  { text: 'get.symfony.com/cli/installer', source: 'symfony.com/download: the installation script', date: '2026-11' },
] as const;

/** What empties the caches of the rpm-based managers, and how they are told to ask nothing. */
export const RPM_MANAGERS = {
  dnf: {
    clean: 'clean all',
    caches: ['/var/cache/dnf', '/var/cache/libdnf5'],
    yes: ['-y', '--assumeyes'],
    source: 'dnf(8)',
  },
  yum: {
    clean: 'clean all',
    caches: ['/var/cache/yum', '/var/cache/dnf'],
    yes: ['-y', '--assumeyes'],
    source: 'yum(8)',
  },
  // It asks nothing.
  microdnf: { clean: 'clean all', caches: ['/var/cache/yum', '/var/cache/dnf'], yes: [], source: 'microdnf(8)' },
  zypper: {
    clean: 'clean --all',
    caches: ['/var/cache/zypp'],
    yes: ['-y', '--no-confirm', '-n', '--non-interactive'],
    source: 'openSUSE/zypper:doc/zypper.8.txt',
  },
} as const;

/** Releases whose pip package is older than 6.0, which does not know --no-cache-dir. */
export const OLD_PIP = {
  repositories: ['ubuntu', 'debian', 'buildpack-deps'],
  tag: /^(?:12\.04|14\.04|precise|trusty|[78](?:\.|$)|wheezy|jessie)/,
  source: 'package metadata of Ubuntu 14.04 (pip 1.5.4) and Debian 8 (pip 1.5.6)',
  date: '2026-11',
} as const;
