/**
 * What commands of a RUN leave behind. Data only; package managers stand in package-managers.ts.
 *
 * none: nothing. system: packages and settings of the distribution. accounts: users and groups. files: named paths and
 * nothing else. fetch: downloads to a path. tool: compiles or builds. test: checks the project. app: runs code of the
 * project or of its packages, which may write anywhere. shell: acts upon the commands behind it.
 */
export type Effect =
  | 'none'
  | 'index'
  | 'clean'
  | 'packages'
  | 'system'
  | 'accounts'
  | 'files'
  | 'fetch'
  | 'install'
  | 'build'
  | 'tool'
  | 'test'
  | 'app'
  | 'shell'
  | 'unknown';

export interface EffectRow {
  readonly effect: Effect;
  /** Names of programs (last segment). */
  readonly programs: readonly string[];
  /** The arguments joined by blanks; absent: any. The first row that fits counts. */
  readonly args?: RegExp;
  readonly source: string;
  readonly date: string;
}

const row = (effect: Effect, programs: string, source: string, args?: RegExp): EffectRow => ({
  effect,
  programs: programs.split(' '),
  ...(args && { args }),
  source,
  date: '2026-11',
});
const POSIX = 'POSIX.1-2024, Shell and Utilities; GNU coreutils';
const VERSION = /^(?:-v|-V|--version|version|-version|--help)$/;
/** Every program answers this alone and does nothing else. Source: GNU Coding Standards, Command-Line Interfaces. */
const TELLS = /^--(?:version|help)$/;
const CLEANED =
  /^(?:-\w+ )*(?:(?:\/var\/(?:lib\/apt\/lists|cache)|\/root\/\.cache|~\/\.cache|\/tmp|\/var\/tmp)(?:\/\S*)? ?)+$/;

export const EFFECTS: readonly EffectRow[] = [
  row(
    'none',
    'python python2 python3 node npm yarn pnpm pip pip3 go java javac ruby php composer dotnet cargo rustc gcc mvn gradle',
    'manuals',
    VERSION,
  ),
  row(
    'none',
    'true : echo printf sleep uname id whoami pwd date nproc arch ls dir cat which type test [ stat file df du wc head tail env printenv ldd find grep egrep fgrep',
    POSIX,
  ),
  row('shell', 'cd pushd popd set export unset . source umask ulimit trap shopt alias exit', POSIX),
  row('clean', 'rm', POSIX, CLEANED),
  row(
    'files',
    'mkdir touch chmod chown chgrp ln cp mv rm rmdir install truncate mktemp tar unzip gunzip gzip bunzip2 xz sed tee dos2unix split cut sort setfacl',
    POSIX,
  ),
  row('fetch', 'curl wget git svn hg aria2c', 'manual pages'),
  row(
    'accounts',
    'useradd adduser groupadd addgroup usermod groupmod userdel deluser passwd chpasswd chsh',
    'shadow-maint/shadow:man',
  ),
  row(
    'system',
    'locale-gen localedef update-locale dpkg-reconfigure update-ca-certificates ldconfig update-alternatives a2enmod a2dismod a2ensite a2dissite a2enconf setcap fc-cache gpg apt-key add-apt-repository debconf-set-selections apt-mark dpkg dpkg-divert fc-list timedatectl ssh-keygen openssl crontab corepack install-php-extensions',
    'manual pages of the programs',
  ),
  row('system', 'bundle bundler', 'bundle-config(1)', /^config\b/),
  row(
    'test',
    'pytest tox nox flake8 pylint mypy black ruff isort coverage eslint prettier jest mocha rspec rubocop phpunit golangci-lint',
    'manuals of the programs',
  ),
  row(
    'tool',
    'make cmake ninja gcc g++ cc c++ clang ld ar autoreconf autoconf automake libtool bison flex meson protoc rustc javac tsc webpack esbuild swig f2py cython cythonize ./configure configure docker-php-ext-install docker-php-ext-configure docker-php-ext-enable pecl phpize',
    'manuals of the programs',
  ),
  row(
    'app',
    'python python2 python3 node ruby php bundle rake rails bootsnap flask django-admin alembic celery gunicorn uvicorn spacy playwright pybabel npx',
    'manuals of the programs',
  ),
];

const BY_PROGRAM = new Map<string, EffectRow[]>();
for (const it of EFFECTS)
  for (const program of it.programs) BY_PROGRAM.set(program, [...(BY_PROGRAM.get(program) ?? []), it]);

/** The effect of a program that stands in the table. */
export function effectOf(program: string, args: string): Effect | undefined {
  if (TELLS.test(args)) return 'none';
  return BY_PROGRAM.get(program)?.find((it) => it.args?.test(args) ?? true)?.effect;
}
