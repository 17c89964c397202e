/** Containers, networks and volumes by the command line of docker or podman. */
import {
  type ContainerFacts,
  type ContainerSpec,
  type Containers,
  type Engine,
  EngineError,
  LABEL,
} from '../engine.ts';
import { lastWords, type Outcome, type RunOptions, succeeded } from '../process.ts';
import { ask } from './cli.ts';
import { containerFacts } from './inspect.ts';

/** Milliseconds that a stop may take beyond its grace. */
const STOP_MARGIN = 30_000;

/** Milliseconds that the start of a container may take. */
const START_LIMIT = 60_000;

/** Docker says why first and that it failed last; before the why stand all the layers that it came through. */
function startFailure(outcome: Outcome): string {
  const lines = outcome.stderr.split('\n').filter((line) => !/^Error: failed to start containers/.test(line));
  return lastWords({ ...outcome, stderr: lines.join('\n') })
    .replace(/^Error response from daemon: /, '')
    .replace(/^.*unable to start container process: /, '')
    .replace(/: unknown$/, '');
}

const labelled = (session: string): string[] => ['--label', `${LABEL}=${session}`];

function createArguments(spec: ContainerSpec): string[] {
  const args = ['create', ...labelled(spec.session)];
  if (spec.name !== undefined) args.push('--name', spec.name);
  for (const [key, value] of Object.entries(spec.environment ?? {})) args.push('--env', `${key}=${value}`);
  for (const port of spec.publish ?? []) args.push('--publish', port);
  if (spec.network !== undefined) args.push('--network', spec.network);
  for (const alias of spec.aliases ?? []) args.push('--network-alias', alias);
  for (const volume of spec.volumes ?? []) args.push('--volume', volume);
  const [program, ...before] = spec.entrypoint ?? [];
  if (spec.entrypoint !== undefined) args.push('--entrypoint', program ?? '');
  args.push(...(spec.options ?? []), spec.image, ...before, ...(spec.command ?? []));
  return args;
}

export class CliContainers implements Containers {
  protected readonly call: Engine['call'];

  constructor(call: Engine['call']) {
    this.call = call;
  }

  async create(spec: ContainerSpec): Promise<string> {
    const output = await ask(this.call, createArguments(spec));
    return output.trim().split('\n').at(-1) as string;
  }

  async start(id: string): Promise<void> {
    const outcome = await this.call(['start', id], { timeLimit: START_LIMIT });
    if (!succeeded(outcome)) throw new EngineError(startFailure(outcome));
  }

  async stop(id: string, grace: number): Promise<number> {
    const outcome = await this.call(['stop', '--time', String(grace), id], { timeLimit: grace * 1000 + STOP_MARGIN });
    if (!succeeded(outcome)) throw new EngineError(lastWords(outcome));
    return outcome.seconds;
  }

  exec(id: string, command: readonly string[], options?: RunOptions): Promise<Outcome> {
    return this.call(['exec', id, ...command], options);
  }

  async logs(id: string, lines = 100): Promise<string> {
    const { stdout, stderr } = await this.call(['logs', '--tail', String(lines), id], { timeLimit: STOP_MARGIN });
    return stdout + stderr;
  }

  async inspect(id: string): Promise<ContainerFacts> {
    const [facts] = JSON.parse(await ask(this.call, ['container', 'inspect', id]));
    return containerFacts(facts);
  }

  async createNetwork(name: string, session: string, options: readonly string[] = []): Promise<void> {
    await ask(this.call, ['network', 'create', ...labelled(session), ...options, name]);
  }

  async createVolume(name: string, session: string): Promise<void> {
    await ask(this.call, ['volume', 'create', ...labelled(session), name]);
  }
}
