/** The options of the proof by builds, for `verify` and `apply --verify`. */
import { UsageError } from '../errors.ts';
import { ENGINE_NAMES, type EngineName } from '../verify/engine.ts';

/** What was typed, checked for its form. */
export interface VerifyArguments {
  readonly engine: EngineName | undefined;
  readonly builder: string | undefined;
  readonly buildOptions: readonly string[];
  readonly runOptions: readonly string[];
  readonly target: string | undefined;
  readonly buildArgs: readonly string[];
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  readonly touch: readonly string[];
  readonly run: boolean;
  readonly requests: readonly string[];
  readonly keepGoing: boolean;
  readonly jobs: number;
  /** Milliseconds for each build. */
  readonly timeLimit: number;
  readonly logs: string | undefined;
}

const words = (about: string) => ({ type: 'array', string: true, requiresArg: true, describe: about }) as const;
const word = (about: string) => ({ type: 'string', requiresArg: true, describe: about }) as const;

/** For yargs. */
export const VERIFY_OPTIONS = {
  engine: { choices: ENGINE_NAMES, requiresArg: true, describe: 'what builds (default: the first that is there)' },
  builder: word('a builder of docker buildx: a remote one, on Kubernetes or in a cloud'),
  'build-option': words('an option for every build of the engine: --network=host (repeatable)'),
  target: word('the stage that is built'),
  'build-arg': words('a build argument: KEY=value, or KEY from the environment (repeatable)'),
  secret: words('a secret of the build, as the engine takes it: id=npmrc,src=.npmrc (repeatable)'),
  ssh: words('ssh for the build, as the engine takes it: default (repeatable)'),
  touch: words('measure the rebuild after a change of this file instead of one that is found (repeatable)'),
  run: { type: 'boolean', describe: 'run both images and compare health, answers, user, memory, start and stop' },
  request: words("what both are asked, with --run: 'GET /health' (repeatable)"),
  'run-option': words('an option for every run of the engine: --network=host (repeatable)'),
  'keep-going': { type: 'boolean', describe: 'leave out a change that breaks the build and verify the rest' },
  jobs: { ...word('Dockerfiles at a time (default: 1; more of them disturb the times)'), alias: 'j' },
  'time-limit': word('for each build: 90s, 30m, 2h (default: 30m)'),
  logs: word('the folder for the logs of failed builds (default: a temporary one, which is named)'),
} as const;

/** Options whose value may begin with dashes. */
const DASHED = ['--build-option', '--run-option'];

/** `--build-option --network=host` as `--build-option=--network=host`: to yargs the second word would be another option. */
export function joinDashed(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [one, next] = [argv[i] as string, argv[i + 1]];
    if (DASHED.includes(one) && next !== undefined) joined.push(`${one}=${argv[++i]}`);
    else joined.push(one);
  }
  return joined;
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `30m`, `2h` in milliseconds; a plain number counts seconds. @throws UsageError */
export function readDuration(option: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text) ?? [];
  const milliseconds = Number(number) * UNITS[(unit || 's') as keyof typeof UNITS];
  if (!(milliseconds > 0)) throw new UsageError(`--${option} ${text}: it is a time like 90s, 30m or 2h`);
  return milliseconds;
}

/** @throws UsageError unless the text is a number from 1 on */
export function readJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError(`--jobs ${text}: it is a number from 1 on`);
  return jobs;
}

/** @param one an option that may be given once. @param many one that may be given often. @throws UsageError */
export function verifyArguments(
  one: (name: string) => string | undefined,
  many: (name: string) => readonly string[] | undefined,
  on: (name: string) => boolean,
): VerifyArguments {
  const requests = many('request') ?? [];
  const runOptions = many('run-option') ?? [];
  if (!on('run') && requests.length + runOptions.length > 0) {
    throw new UsageError(`--${requests.length > 0 ? 'request' : 'run-option'} needs --run`);
  }
  return {
    engine: one('engine') as EngineName | undefined,
    builder: one('builder'),
    buildOptions: many('build-option') ?? [],
    runOptions,
    target: one('target'),
    buildArgs: many('build-arg') ?? [],
    secrets: many('secret') ?? [],
    ssh: many('ssh') ?? [],
    touch: many('touch') ?? [],
    run: on('run'),
    requests,
    keepGoing: on('keep-going'),
    jobs: readJobs(one('jobs') ?? '1'),
    timeLimit: readDuration('time-limit', one('time-limit') ?? '30m'),
    logs: one('logs'),
  };
}

/** The first option of the proof alone that was given, for commands that prove nothing. */
export const givenOption = (parsed: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(VERIFY_OPTIONS).find((name) => name !== 'jobs' && parsed[name] !== undefined);
