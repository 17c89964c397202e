/** Where run-time facts are found: configuration files of process managers, source code that starts programs. Data only. */

/** Files that name programs to start, by their name. */
export const RUN_TIME_CONFIGS = [
  { names: /^supervisord?.*\.(?:conf|ini)$/, source: 'Supervisor/supervisor:docs/configuration.rst', date: '2026-11' },
  { names: /(?:^|[._-])cron(?:tab|job)?s?(?:\.txt|\.conf)?$/, source: 'crontab(5)', date: '2026-11' },
  { names: /^uwsgi.*\.(?:ini|ya?ml|xml)$/, source: 'unbit/uwsgi-docs:Configuration.rst', date: '2026-11' },
  { names: /\.service$/, source: 'systemd.service(5)', date: '2026-11' },
  { names: /^(?:ecosystem|pm2|process)(?:\.config)?\.(?:js|cjs|json|ya?ml)$/, source: 'Unitech/pm2', date: '2026-11' },
  { names: /^Procfile/, source: 'the manual of the Heroku Procfile', date: '2026-11' },
] as const;

/** Names of source files that are searched. */
export const SOURCE_NAME =
  /\.(?:py|js|cjs|mjs|jsx|ts|cts|mts|tsx|rb|php|go|rs|java|kt|cs|ex|exs|pl|sh|bash|rake|ru|gemspec|ini|cfg|toml)$|^(?:Rakefile|Gemfile|Makefile|gunicorn.*|manage)$/;

/**
 * Code that starts programs: subprocess, child_process, system(), backticks by name of the function. `(?<!\w)` once for
 * all names takes a third of the time of `\b` before each.
 */
export const CALLING_CODE =
  /(?<!\w)(?:subprocess\b|os\.(?:system|popen|exec\w+|spawn\w+)\b|pexpect\b|plumbum\b|sh\.Command\b|shutil\.which\b|execa\b|shelljs\b|zx\b|spawn(?:Sync)?\s*\(|shell_exec\b|proc_open\b|passthru\b|popen\s*\(|Open3\b|Process\.(?:spawn|Start|run)\b|Kernel\.(?:system|exec)\b|system\s*\()|create_subprocess|child_process|exec\.Command|Command::new|ProcessBuilder|Runtime\.getRuntime|%x[({[]/;

/**
 * Calls that start a program whose name stands in a variable, by the code that they need beside them. The first group is
 * the variable. Source: python/cpython:Doc/library/subprocess.rst, nodejs/node:doc/api/child_process.md, 2026-11.
 */
export const UNNAMED_PROGRAMS: readonly { readonly files: RegExp; readonly needs: RegExp; readonly call: RegExp }[] = [
  {
    files: /\.py$/,
    needs: /\bsubprocess\b|\bos\.(?:system|popen)\b/,
    call: /\b(?:create_subprocess_(?:shell|exec)|subprocess\.(?:run|Popen|call|check_output|check_call|getoutput|getstatusoutput)|os\.(?:system|popen))\(\s*\*?([A-Za-z_][\w.]*)\s*[,)]/g,
  },
  {
    files: /\.[cm]?[jt]sx?$/,
    needs: /\bchild_process\b|['"]execa['"]/,
    call: /(?<![\w.])(?:\w+\.)?(?:execSync|spawnSync|execFileSync|execFile|execaCommand|spawn)\(\s*([A-Za-z_][\w.]*)\s*[,)]/g,
  },
];

/** A program in a line of a configuration, and the first words of a list or text in code; groups: its path, its name. */
export const NAMED_IN_CONFIG = /(?:^|[\s=;&|"'])((?:\/usr(?:\/local)?\/s?bin\/|\/bin\/)?([a-z][\w.-]*))(?=[\s;"']|$)/gm;
export const NAMED_IN_CODE = /[[(=]\s*["'`]((?:\/usr(?:\/local)?\/s?bin\/|\/bin\/)?([a-z][\w.+-]*))(?:["'`]\s*,?|\s)/g;

/** Programs whose first operand is a script. */
export const STARTERS =
  /^(?:sh|bash|ash|dash|source|\.|tini|dumb-init|gosu|su-exec|exec|nohup|catchsegv|dockerize|wait-for-it\.sh|python[\d.]*|node|ruby|php)$/;
/** What yarn, pnpm and bun do themselves. */
export const MANAGER_VERBS: ReadonlySet<string> = new Set([
  'install',
  'add',
  'remove',
  'start',
  'test',
  'stop',
  'restart',
  'build',
  'ci',
  'i',
  'run',
]);
/** Programs whose first operand is another program. */
export const STARTERS_OF_PROGRAMS = /^(?:tini|dumb-init|exec|nohup|catchsegv)$/;
