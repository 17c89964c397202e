/** What docker and podman share: their commands are spelled alike but for the build. */
import {
  type BuildOutcome,
  type BuildRequest,
  type Containers,
  type Engine,
  EngineError,
  type EngineName,
  type ImageFacts,
  type ImageFile,
  LABEL,
  type Made,
} from '../engine.ts';
import { lastWords, type Outcome, type RunOptions, run, succeeded } from '../process.ts';
import { TarReader } from '../tar.ts';
import { CliContainers } from './containers.ts';
import { imageFacts } from './inspect.ts';
import { failureOf, stepOf } from './progress.ts';

/** Milliseconds for a command that only asks. */
const ANSWER_LIMIT = 60_000;

/** The output of a command. @throws EngineError when it failed */
export async function ask(call: Engine['call'], args: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await call(args, { timeLimit: ANSWER_LIMIT, ...options });
  if (!succeeded(outcome)) throw new EngineError(lastWords(outcome));
  return outcome.stdout;
}

/** Runs a build command, telling its steps. */
export async function build(
  program: string,
  args: readonly string[],
  { timeLimit, signal, onStep }: Pick<BuildRequest, 'timeLimit' | 'signal' | 'onStep'>,
  env: Readonly<Record<string, string>> = {},
): Promise<BuildOutcome> {
  const log: string[] = [];
  const outcome = await run(program, args, {
    env,
    timeLimit,
    signal,
    onLine(line) {
      log.push(line);
      const step = stepOf(line);
      if (step !== undefined) onStep?.(step);
    },
  });
  const { seconds, ended } = outcome;
  const text = `${log.join('\n')}\n`;
  if (succeeded(outcome)) return { ok: true, seconds, log: text, ended };
  const failure = ended === 'exit' ? failureOf(text) : { message: lastWords(outcome), output: [] };
  return { ok: false, seconds, log: text, ended, failure };
}

/** The options of a build that every engine spells alike. */
export function buildArguments(request: BuildRequest): string[] {
  const args = ['--file', request.dockerfile, '--tag', request.tag, '--label', `${LABEL}=${request.session}`];
  if (request.target !== undefined) args.push('--target', request.target);
  for (const [key, value] of Object.entries(request.args ?? {})) {
    args.push('--build-arg', value === undefined ? key : `${key}=${value}`);
  }
  for (const secret of request.secrets ?? []) args.push('--secret', secret);
  for (const ssh of request.ssh ?? []) args.push('--ssh', ssh);
  for (const [name, context] of Object.entries(request.contexts ?? {}))
    args.push('--build-context', `${name}=${context}`);
  if (request.platform !== undefined) args.push('--platform', request.platform);
  if (request.noCache) args.push('--no-cache');
  args.push(...(request.options ?? []));
  return args;
}

/**
 * How each kind is listed, and how its label is asked for: the lists of docker and podman know different words for it,
 * what they say about one thing is spelled alike.
 */
const LISTS = [
  { kind: 'container', list: ['ps', '--all', '--no-trunc'], inspect: inspection('container', 'Id', 'Config.Labels') },
  { kind: 'network', list: ['network', 'ls', '--no-trunc'], inspect: inspection('network', 'Name', 'Labels') },
  { kind: 'volume', list: ['volume', 'ls'], inspect: inspection('volume', 'Name', 'Labels') },
  { kind: 'image', list: ['image', 'ls', '--no-trunc'], inspect: inspection('image', 'Id', 'Config.Labels') },
] as const;

function inspection(kind: Made['kind'], name: string, labels: string): readonly string[] {
  return [kind, 'inspect', '--format', `{{.${name}}} {{index .${labels} "${LABEL}"}}`];
}

/** Lines of `id session`. */
function madeOf(kind: Made['kind'], text: string): Made[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter((words): words is [string, string] => words.length === 2)
    .map(([id, session]) => ({ kind, id, session }));
}

const REMOVE: Readonly<Record<Made['kind'], readonly string[]>> = {
  container: ['rm', '--force', '--volumes'],
  network: ['network', 'rm'],
  volume: ['volume', 'rm', '--force'],
  image: ['rmi', '--force'],
};

/** An engine that is asked through its command line. */
export abstract class CliEngine implements Engine {
  abstract readonly name: EngineName;
  readonly version: string;
  readonly title: string;
  readonly containers: Containers;
  protected readonly program: string;

  constructor(program: string, version: string, title: string) {
    this.program = program;
    this.version = version;
    this.title = title;
    this.containers = this.makeContainers((args, options) => this.call(args, options));
  }

  protected makeContainers(call: Engine['call']): Containers {
    return new CliContainers(call);
  }

  abstract build(request: BuildRequest): Promise<BuildOutcome>;

  call(args: readonly string[], options?: RunOptions): Promise<Outcome> {
    return run(this.program, args, options);
  }

  protected ask(args: readonly string[], options?: RunOptions): Promise<string> {
    return ask((words, more) => this.call(words, more), args, options);
  }

  async image(name: string): Promise<ImageFacts | undefined> {
    const outcome = await this.call(['image', 'inspect', name], { timeLimit: ANSWER_LIMIT });
    return succeeded(outcome) ? imageFacts(JSON.parse(outcome.stdout)[0]) : undefined;
  }

  /** The command that writes the files of a container to standard output, as tar. */
  protected archive(id: string): string[] {
    return ['export', id];
  }

  /** The files of a container that is never started. */
  async files(image: string, session: string, each: (file: ImageFile) => void, signal?: AbortSignal): Promise<void> {
    // An image without a command needs some word to stand for one.
    const id = await this.containers.create({ image, session, network: 'none', command: ['none'] });
    try {
      const outcome = await this.call(this.archive(id), { into: new TarReader(each), signal });
      if (!succeeded(outcome)) throw new EngineError(lastWords(outcome));
    } finally {
      await this.remove({ kind: 'container', id, session });
    }
  }

  async made(session?: string): Promise<readonly Made[]> {
    const filter = ['--filter', `label=${session === undefined ? LABEL : `${LABEL}=${session}`}`];
    const found = LISTS.map(async ({ kind, list, inspect }) => {
      const ids = [...new Set((await this.ask([...list, '--quiet', ...filter])).split('\n').filter(Boolean))];
      // What another session removes in this moment is an error of the command, and none of ours.
      return ids.length === 0 ? [] : madeOf(kind, (await this.call([...inspect, ...ids])).stdout);
    });
    return (await Promise.all(found)).flat();
  }

  async remove({ kind, id }: Made): Promise<void> {
    const outcome = await this.call([...REMOVE[kind], id], { timeLimit: ANSWER_LIMIT });
    if (!succeeded(outcome) && !/no such|not found|does not exist/i.test(outcome.stderr)) {
      throw new EngineError(lastWords(outcome));
    }
  }
}
