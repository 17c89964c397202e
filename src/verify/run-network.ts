/** How the containers of one side see each other and how we reach them: a network of their own, or the one that the user names. */
import type { ContainerFacts } from './engine.ts';
import type { RunPlan } from './run-plan.ts';
import type { Door } from './run-wait.ts';

/** Options of `docker run` that have no meaning here: we start detached and remove ourselves. */
const OURS = /^(?:-d|--detach|--rm)(?:=.*)?$/;

export interface UserOptions {
  /** The network that they name; undefined: none. */
  readonly network: string | undefined;
  /** All the others. */
  readonly others: readonly string[];
}

/** Splits `--run-option` values: each is an option with its value (`--network=host`), or a word of one (`--network`, `host`). */
export function readRunOptions(options: readonly string[]): UserOptions {
  const others: string[] = [];
  let network: string | undefined;
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as string;
    const joined = /^--net(?:work)?=(.*)$/.exec(option);
    if (joined) network = joined[1];
    else if (/^--net(?:work)?$/.test(option)) network = options[++i];
    else if (!OURS.test(option)) others.push(option);
  }
  return { network, others };
}

/** The network of a run: the user's, else the one that compose asks for; undefined: each side gets one of its own. */
export const networkOf = (plan: RunPlan, user: UserOptions): string | undefined =>
  user.network ?? (plan.hostNetwork ? 'host' : undefined);

/** Where the ports of a started container are reached; those that are not published are left out. */
export function doorsOf(ports: readonly number[], network: string | undefined, facts: ContainerFacts): Door[] {
  if (network === 'host') return ports.map((port) => hostDoor(port));
  return ports.flatMap((port) => {
    const published = facts.ports[`${port}/tcp`];
    return published ? [{ hosts: ['127.0.0.1'], port: published.port, containerPort: port }] : [];
  });
}

export const hostDoor = (port: number): Door => ({ hosts: ['127.0.0.1', '::1'], port, containerPort: port });
