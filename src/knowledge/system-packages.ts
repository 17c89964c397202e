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
