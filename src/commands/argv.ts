/** The command line's grammar. The only importer of yargs. */
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import {
  givenOption,
  joinDashed,
  readJobs,
  VERIFY_OPTIONS,
  type VerifyArguments,
  verifyArguments,
} from './argv-verify.ts';

export const COMMANDS = ['diff', 'apply', 'verify', 'lock', 'list', 'explain'] as const;
export type Command = (typeof COMMANDS)[number];

/** What was typed, checked for its form. */
export interface Arguments {
  readonly command: Command;
  readonly paths: readonly string[];
  /** The operand of explain. */
  readonly name: string;
  readonly only: readonly string[] | undefined;
  readonly skip: readonly string[] | undefined;
  readonly level: string | undefined;
  readonly set: readonly string[];
  readonly use: readonly string[];
  readonly exclude: readonly string[];
  readonly changed: string | undefined;
  readonly context: string | undefined;
  readonly config: string | undefined;
  readonly noConfig: boolean;
  readonly format: 'patch' | 'text' | 'json' | undefined;
  readonly output: string | undefined;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly check: boolean;
  readonly allowDirty: boolean;
  readonly interactive: boolean;
  readonly online: boolean;
  /** Dockerfiles that are rewritten at a time; undefined: as many as there are processors. */
  readonly jobs: number | undefined;
  readonly update: boolean;
  /** How the proof by builds is done, when there is one. */
  readonly proof: VerifyArguments | undefined;
}

/** Help or version text for stdout. */
export interface Text {
  readonly text: string;
}

/** Stands for `-` (stdin) in the paths. */
export const STDIN = '-';
/** yargs loses an operand that is a single dash. */
const DASH = '\0dash';

const words = (about: string) => ({ type: 'array', string: true, requiresArg: true, describe: about }) as const;
const word = (about: string) => ({ type: 'string', requiresArg: true, describe: about }) as const;
const flag = (about: string) => ({ type: 'boolean', describe: about }) as const;

const COLOR = {
  choices: ['auto', 'always', 'never'],
  requiresArg: true,
  describe: 'colours; NO_COLOR and FORCE_COLOR are respected in auto',
} as const;
const USE = words('a transform of your own: a module with a default export (repeatable)');

/** What diff and apply share. */
const SHARED = {
  only: words('run these transforms only: a,b'),
  skip: words('leave these transforms out: a,b'),
  level: {
    choices: ['safe', 'review', 'risky'],
    requiresArg: true,
    describe: 'the highest level that is taken (default: review)',
  },
  set: words('an option of a transform: transform.key=value (repeatable)'),
  use: USE,
  exclude: words('leave out what this pattern matches, as in .gitignore (repeatable)'),
  changed: { type: 'string', describe: 'only files that differ from HEAD, or from --changed=REF' },
  context: word('the build context of every Dockerfile'),
  online: flag(
    'ask registries for what redock.lock does not hold; uses the credentials and helpers of the Docker configuration',
  ),
  config: word('take this configuration file'),
  'no-config': flag('take no configuration file'),
  format: {
    choices: ['patch', 'text', 'json'],
    requiresArg: true,
    describe: 'what is reported on stdout (diff: patch; verify: text; apply: nothing)',
  },
  output: { ...word('write the report to this file'), alias: 'o' },
  color: COLOR,
  quiet: { ...flag('say nothing but errors'), alias: 'q' },
  verbose: { ...flag('show what was held back and declined, with the reasons'), alias: 'v' },
} as const;
const LOCK = {
  update: flag('ask again for what is there already'),
  exclude: SHARED.exclude,
  config: SHARED.config,
  'no-config': SHARED['no-config'],
  color: COLOR,
  quiet: SHARED.quiet,
} as const;
const JOBS = {
  ...word('Dockerfiles at a time, each in a thread (default: one for each of four to eight processors)'),
  alias: 'j',
} as const;
const DIFF = { check: flag('exit 1 when there are changes'), jobs: JOBS } as const;
const APPLY = {
  'allow-dirty': flag('also files that git could not bring back'),
  interactive: { ...flag('ask change by change'), alias: 'i' },
  verify: flag('write only what builds and is as good as before; takes the options of verify'),
  jobs: { ...JOBS, describe: `${JOBS.describe}; with --verify: built at a time (default: 1)` },
} as const;
const OPTION_NAMES = ['help', 'version', ...Object.keys({ ...SHARED, ...DIFF, ...APPLY, ...LOCK, ...VERIFY_OPTIONS })];

const PATHS = {
  type: 'string',
  array: true,
  describe: 'files and folders; - reads stdin and writes the result to stdout',
} as const;

const EXAMPLES: [string, string][] = [
  ['redock', 'show what would change below this folder'],
  ['redock diff services | git apply', 'apply it with git'],
  ['redock apply --only pin-base', 'rewrite in place, one transform'],
  ['redock diff --check', 'exit 1 when anything would change'],
  ['redock verify services/api', 'build it before and after, and compare'],
];

/**
 * Reads a command line (without the program's name).
 * @throws UsageError with one line, and the nearest name for an unknown option
 */
export async function readArguments(argv: readonly string[], version: string): Promise<Arguments | Text> {
  let command: Command | undefined;
  const seen = (name: Command) => (): void => {
    command = name;
  };
  const parser = yargs([])
    .scriptName('redock')
    .locale('en')
    .exitProcess(false)
    .wrap(null)
    .strict()
    .parserConfiguration({
      'greedy-arrays': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    .command(
      ['diff [paths..]', '$0'],
      'show the changes as a unified diff; writes nothing',
      (y: Argv) =>
        y
          .positional('paths', PATHS)
          .options({ ...SHARED, ...DIFF })
          .example(EXAMPLES),
      seen('diff'),
    )
    .command(
      'apply [paths..]',
      'rewrite in place',
      (y: Argv) => y.positional('paths', PATHS).options({ ...SHARED, ...VERIFY_OPTIONS, ...APPLY }),
      seen('apply'),
    )
    .command(
      'verify [paths..]',
      'build the images before and after, and compare them',
      (y: Argv) => y.positional('paths', PATHS).options({ ...SHARED, ...VERIFY_OPTIONS }),
      seen('verify'),
    )
    .command(
      'lock [paths..]',
      'write redock.lock: the digests that the tags of the images stand for; asks the registries',
      (y: Argv) => y.positional('paths', { ...PATHS, describe: 'files and folders' }).options(LOCK),
      seen('lock'),
    )
    .command(
      'list',
      'every transform and its options',
      (y: Argv) => y.options({ use: USE, color: COLOR }),
      seen('list'),
    )
    .command(
      'explain <name>',
      'what a transform does, an example, and when it declines',
      (y: Argv) =>
        y.positional('name', { type: 'string', describe: 'a transform' }).options({ use: USE, color: COLOR }),
      seen('explain'),
    )
    .version(version)
    .alias('help', 'h')
    .alias('version', 'V')
    .epilogue(
      'Exit codes: 0 done; 1 diff --check and something would change; 2 could not run, nothing written; 3 some files failed, or an image got worse; 130 interrupted.',
    );

  const end = argv.indexOf('--');
  const head = joinDashed(end < 0 ? argv : argv.slice(0, end)).map((one) =>
    one === STDIN ? DASH : one === '--changed' ? '--changed=' : one,
  );
  const tail = end < 0 ? [] : argv.slice(end + 1);
  let output = '';
  let problem: Error | undefined;
  const parsed = (await parser.parseAsync(head, {}, (error, _argv, text) => {
    problem = error ?? undefined;
    output = text;
  })) as Record<string, unknown>;
  if (problem) throw new UsageError(explainProblem(problem.message));
  // yargs adds its own words to operands that may be several
  if (output !== '') return { text: `${output.replace('  [array] [default: []]', '  [string]')}\n` };
  return argumentsOf(command ?? 'diff', parsed, tail);
}

function explainProblem(message: string): string {
  // `Unknown argument: bogus`, `Unknown arguments: bogus, other`
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1];
  if (unknown !== undefined) {
    const first = unknown.split(', ')[0] as string;
    const near = nearest(first, OPTION_NAMES);
    return `unknown option or argument ${first}${near === undefined ? '; see redock --help' : `; did you mean --${near}?`}`;
  }
  // `Invalid values:\n  Argument: level, Given: "bad", Choices: "safe", "risky"`
  const invalid = /Argument: (.*?), Given: "(.*?)", Choices: (.*)$/s.exec(message);
  if (invalid) {
    const [, name, given, choices] = invalid as unknown as [string, string, string, string];
    const names = choices.split(', ').map((choice) => choice.slice(1, -1));
    const near = nearest(given, names);
    return `--${name} ${given}: ${near === undefined ? `it is one of ${names.join(', ')}` : `did you mean ${near}?`}`;
  }
  const missing = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (missing !== undefined) return `--${missing} needs a value`;
  if (message.startsWith('Not enough non-option arguments'))
    return 'explain needs the name of a transform; redock list shows them';
  return message.replace(/\s*\n\s*/g, ' ');
}

function argumentsOf(command: Command, parsed: Record<string, unknown>, tail: readonly string[]): Arguments {
  const one = (name: string): string | undefined => {
    const value = parsed[name];
    if (Array.isArray(value)) throw new UsageError(`--${name} is given more than once`);
    return value === DASH ? STDIN : (value as string | undefined);
  };
  const many = (name: string): string[] | undefined => parsed[name] as string[] | undefined;
  const split = (values: readonly string[] | undefined): string[] | undefined =>
    values
      ?.flatMap((value) => value.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '');
  const on = (name: string): boolean => parsed[name] === true;
  const config = one('config');
  const stray = command === 'apply' && !on('verify') ? givenOption(parsed) : undefined;
  if (stray !== undefined) throw new UsageError(`apply --${stray} needs --verify`);
  const proves = command === 'verify' || on('verify');
  const jobs = proves ? undefined : one('jobs');
  if (config !== undefined && on('no-config')) throw new UsageError('--config and --no-config exclude each other');
  return {
    command,
    paths: [...((parsed.paths as string[] | undefined) ?? []).map((path) => (path === DASH ? STDIN : path)), ...tail],
    name: one('name') ?? '',
    only: split(many('only')),
    skip: split(many('skip')),
    level: one('level'),
    set: many('set') ?? [],
    use: many('use') ?? [],
    exclude: many('exclude') ?? [],
    changed: one('changed'),
    context: one('context'),
    config,
    noConfig: on('no-config'),
    format: one('format') as Arguments['format'],
    output: one('output'),
    color: (one('color') ?? 'auto') as Arguments['color'],
    quiet: on('quiet'),
    verbose: on('verbose'),
    check: on('check'),
    allowDirty: on('allow-dirty'),
    interactive: on('interactive'),
    online: on('online'),
    update: on('update'),
    jobs: jobs === undefined ? undefined : readJobs(jobs),
    proof: proves ? verifyArguments(one, many, on) : undefined,
  };
}
