/** Programs that only start another one which then takes their place, and how their own arguments end. Data only. */

export interface LauncherRow {
  readonly programs: readonly string[];
  /** Words in front of the program: `run` of `poetry run gunicorn`. */
  readonly verbs?: readonly string[];
  /** Own options that take the next word; all: every one that is written without `=`. */
  readonly valued?: readonly string[] | 'all';
  /** How many operands are its own: the user of gosu. */
  readonly operands?: number;
  /** Whether the program stands behind `--` only. */
  readonly behindDashes?: true;
  /** Whether `NAME=value` words may stand before the program. */
  readonly assignments?: true;
  /** Whether it stays as the parent of the program in place of an exec. */
  readonly stays?: true;
  readonly source: string;
  readonly date: string;
}

const row = (it: Omit<LauncherRow, 'date'>): LauncherRow => ({ ...it, date: '2026-11' });

export const LAUNCHERS: readonly LauncherRow[] = [
  row({ programs: ['exec', 'nohup', 'command', 'time', 'catchsegv'], source: 'POSIX.1-2024, Shell and Utilities' }),
  row({ programs: ['env'], assignments: true, valued: ['-u', '-C'], source: 'env(1)' }),
  row({ programs: ['nice', 'ionice'], valued: ['-n', '-c'], source: 'nice(1), ionice(1)' }),
  row({ programs: ['stdbuf'], valued: ['-i', '-o', '-e'], source: 'stdbuf(1)' }),
  row({ programs: ['tini', 'tini-static'], stays: true, valued: ['-p', '-e'], source: 'krallin/tini:README.md' }),
  row({ programs: ['dumb-init'], stays: true, valued: ['--rewrite', '-r'], source: 'Yelp/dumb-init:README.md' }),
  row({ programs: ['catatonit'], stays: true, source: 'openSUSE/catatonit' }),
  row({ programs: ['gosu', 'su-exec'], operands: 1, source: 'tianon/gosu, ncopa/su-exec' }),
  row({ programs: ['setpriv'], source: 'setpriv(1)' }),
  // the entrypoints of node, php and temurin run the words that they get
  row({
    programs: ['docker-entrypoint.sh', 'docker-php-entrypoint', '__cacert_entrypoint.sh'],
    source: 'nodejs/docker-node, docker-library/php, adoptium/containers',
  }),
  row({ programs: ['poetry', 'pipenv'], verbs: ['run'], source: 'python-poetry/poetry, pypa/pipenv: execve' }),
  row({ programs: ['pdm', 'rye', 'hatch'], verbs: ['run'], stays: true, source: 'the documentation of each' }),
  row({
    programs: ['uv'],
    stays: true,
    verbs: ['run'],
    valued: [
      '--package',
      '--project',
      '--directory',
      '-p',
      '--python',
      '--with',
      '--env-file',
      '--extra',
      '--group',
      '--no-group',
    ],
    source: 'astral-sh/uv:docs/reference/cli.md',
  }),
  row({
    programs: ['uvx', 'npx', 'bunx', 'pnpx'],
    stays: true,
    valued: ['-p', '--package', '--from'],
    source: 'the documentation of each',
  }),
  row({ programs: ['pnpm', 'yarn', 'npm'], verbs: ['exec', 'dlx'], stays: true, source: 'the documentation of each' }),
  row({ programs: ['bundle'], verbs: ['exec'], source: 'rubygems/bundler:man/bundle-exec.1.ronn' }),
  row({
    programs: ['conda', 'micromamba', 'mamba'],
    stays: true,
    verbs: ['run'],
    valued: ['-n', '--name', '-p', '--prefix'],
    source: 'conda/conda:conda/cli/main_run.py',
  }),
  row({
    programs: ['opentelemetry-instrument'],
    valued: 'all',
    source: 'open-telemetry/opentelemetry-python-contrib:opentelemetry-instrumentation',
  }),
  row({ programs: ['ddtrace-run', 'scout-apm'], source: 'the documentation of each' }),
  row({ programs: ['newrelic-admin'], verbs: ['run-program'], source: 'newrelic/newrelic-python-agent' }),
  row({
    programs: ['cross-env', 'cross-env-shell'],
    stays: true,
    assignments: true,
    source: 'kentcdodds/cross-env:README.md',
  }),
  row({
    programs: ['dotenv', 'env-cmd', 'dotenvx'],
    stays: true,
    behindDashes: true,
    valued: ['-e', '-f'],
    source: 'the README of each',
  }),
  row({
    programs: ['infisical', 'doppler', 'op', 'chamber', 'aws-vault'],
    stays: true,
    behindDashes: true,
    source: 'the documentation of each',
  }),
  row({
    programs: ['wait-for-it.sh', 'wait-for-it', 'wait-for', 'wait-for.sh', 'dockerize', 'wait4x'],
    behindDashes: true,
    source: 'vishnubob/wait-for-it, eficode/wait-for',
  }),
];

/** Commands of a start script that end before the process starts, so that they need not be understood. */
export const BUNDLED_PATHS = [
  // node node_modules/next/dist/bin/next start
  {
    path: /(?:^|\/)node_modules\/(?:\.bin\/([\w.-]+)|(?:@[\w.-]+\/)?([\w.-]+)\/(?:dist\/)?bin\/[\w.-]+)$/,
    date: '2026-11',
  },
] as const;
