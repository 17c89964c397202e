/** Commands that read no file of the project, wherever they run: an install may change places with them. Data only. */

export interface ContextFreeRow {
  /** The arguments, joined by blanks; absent: any. */
  readonly args?: RegExp;
  readonly source: string;
  readonly date: string;
}

const row = (source: string, args?: RegExp): ContextFreeRow => ({
  ...(args && { args }),
  source,
  date: '2026-11',
});
const POSIX = 'POSIX.1-2024, Shell and Utilities';
const SHADOW = 'shadow-maint/shadow:man';
const VERSION = /^(?:-v|-V|--version|version)$/;

/** By program (last segment). Package managers stand in package-managers.ts. */
export const CONTEXT_FREE: Readonly<Record<string, ContextFreeRow>> = {
  true: row(POSIX),
  ':': row(POSIX),
  echo: row(POSIX),
  printf: row(POSIX),
  sleep: row(POSIX),
  uname: row(POSIX),
  id: row(POSIX),
  whoami: row(POSIX),
  pwd: row(POSIX),
  date: row(POSIX),
  nproc: row('GNU coreutils'),
  arch: row('GNU coreutils'),
  ls: row(POSIX, /^(?:-\w+)?$/),
  mkdir: row(POSIX),
  rm: row(POSIX, /^(?:-\w+ )*(?:\/(?:root|tmp|var)\/\S+ ?)+$/),
  useradd: row(SHADOW),
  groupadd: row(SHADOW),
  usermod: row(SHADOW),
  adduser: row(SHADOW),
  addgroup: row(SHADOW),
  'update-ca-certificates': row('Debian ca-certificates'),
  'locale-gen': row('Debian locales'),
  dpkg: row('Debian dpkg(1)', /^--print-architecture$/),
  'apt-mark': row('Debian apt-mark(8)'),
  corepack: row('nodejs/corepack:README.md', /^(?:enable\b.*|prepare (?!--)\S+.*)$/),
  git: row('git-config(1)', /^config --(?:global|system) /),
  npm: row(
    'npm/cli:docs/lib/content/commands/npm-config.md',
    /^(?:(?:config )?set (?!.*--location=project).*|-v|--version)$/,
  ),
  node: row('nodejs/node:doc/api/cli.md', VERSION),
  python: row('python/cpython:Doc/using/cmdline.rst', VERSION),
  python3: row('python/cpython:Doc/using/cmdline.rst', VERSION),
  go: row('golang/go:src/cmd/go/alldocs.go', /^(?:version|env -w .*)$/),
  poetry: row('python-poetry/poetry:docs/cli.md', /^(?:config (?!.*--local).*|--version)$/),
  pip: row('pypa/pip:docs/html/cli', /^(?:config (?:--global |--user )?set .*|--version)$/),
  dotnet: row('dotnet/docs:docs/core/tools', /^--(?:info|version)$/),
};

/** Managers whose packages come by name from the distribution's repositories. */
export const SYSTEM_MANAGERS: ReadonlySet<string> = new Set(['apt', 'apk', 'dnf', 'yum', 'microdnf', 'zypper']);
