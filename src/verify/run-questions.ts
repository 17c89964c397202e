/** Which ports and requests a comparison waits for and asks, the same for both sides. */
import type { ImageFacts } from './engine.ts';
import { healthRequest } from './health-path.ts';
import { getRequest, type Request } from './requests.ts';
import type { RunPlan } from './run-plan.ts';
import { tcpPorts } from './run-services.ts';

/** What the project's files show of the service before the rewrite. */
export interface KnownService {
  /** A route that says that it is well. */
  readonly healthPath?: string | undefined;
  /** The port that it listens on when nothing else is set from outside. */
  readonly port?: number | undefined;
}

export interface Questions {
  readonly ports: readonly number[];
  /** Ports that only requests name. */
  readonly morePorts: readonly number[];
  readonly requests: readonly Request[];
  /**
   * The first request comes from the health check after the rewrite alone: it may be a route that the rewrite brings.
   * Where it is answered differently, the second one counts in its place.
   */
  readonly firstIsNew: boolean;
}

/** @param requests what the user wants asked; it wins over everything that is found */
export function questionsOf(
  plan: RunPlan,
  requests: readonly Request[],
  known: KnownService,
  before: ImageFacts,
  after: ImageFacts,
): Questions {
  const [composed, old, fresh] = [plan.app.health, before.healthcheck?.test, after.healthcheck?.test].map(
    (test) => test && healthRequest(test),
  );
  const health = composed ?? old ?? fresh;
  const routed =
    known.healthPath === undefined || known.healthPath === fresh?.path ? undefined : getRequest(known.healthPath);
  const firstIsNew =
    requests.length === 0 && fresh !== undefined && health === fresh && known.healthPath !== fresh.path && !routed;
  const found = composed ?? old ?? routed ?? fresh;
  const mine = firstIsNew ? [fresh, getRequest('/', fresh.port)] : found === undefined ? [] : [found];
  const all = requests.length > 0 ? requests : mine;
  const declared = plan.app.ports.length > 0 ? plan.app.ports : [...new Set([...tcpPorts(before), ...tcpPorts(after)])];
  const named = [...all, ...(health ? [health] : [])].flatMap(({ port }) => (port === undefined ? [] : [port]));
  // Compose may set another port than the default one of the source.
  const own = plan.source === undefined && known.port !== undefined ? [known.port] : [];
  const ports = [declared, [...new Set(named)], own].find((some) => some.length > 0) ?? [];
  return {
    ports,
    morePorts: named.filter((port) => !ports.includes(port)),
    requests: requests.length > 0 || ports.length > 0 ? all : [],
    firstIsNew: firstIsNew && ports.length > 0,
  };
}
