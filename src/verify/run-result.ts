/** What goes into one side of a run, and what comes out. */
import type { Sample } from './answers.ts';
import type { Containers, ImageFacts } from './engine.ts';
import type { Request } from './requests.ts';
import type { Listening } from './run-measure.ts';
import type { UserOptions } from './run-network.ts';
import type { RunPlan } from './run-plan.ts';
import type { Session } from './session.ts';

/** In seconds. */
export interface RunLimits {
  /** Until it is ready, for the service and for each dependency. */
  readonly ready: number;
  /** A worker without port and health check counts as started when it has lived this long. */
  readonly alive: number;
  /** For one answer. */
  readonly answer: number;
}

export const DEFAULT_LIMITS: RunLimits = { ready: 60, alive: 5, answer: 10 };

export interface SideInput {
  readonly session: Session;
  readonly containers: Containers;
  readonly plan: RunPlan;
  /** Absolute path of the repository. */
  readonly root: string;
  readonly label: 'before' | 'after';
  readonly image: string;
  /** TCP ports of the service: the ones that it is known by. */
  readonly ports: readonly number[];
  /** Ports that a request names besides. */
  readonly morePorts: readonly number[];
  readonly requests: readonly Request[];
  readonly user: UserOptions;
  /** Images of the dependencies that can be started, by service. */
  readonly images: ReadonlyMap<string, { readonly name: string; readonly facts: ImageFacts }>;
  /** The image's own facts. */
  readonly facts: ImageFacts;
  readonly limits: RunLimits;
}

/**
 * `ready`: it serves or lives. `finished`: it ended with exit code 0. `exited`: it ended otherwise. `not started`: the
 * engine refused it. `hindered`: what it needs is missing here (a dependency, a free port), which says nothing about it.
 */
export type RunOutcome = 'ready' | 'finished' | 'exited' | 'not ready' | 'not started' | 'hindered';

export interface SideRun {
  readonly outcome: RunOutcome;
  /** What went wrong, one line. */
  readonly why?: string;
  /** Seconds until a port was open. */
  readonly opened?: number;
  /** Seconds until the health check passed; it is asked every second here. */
  readonly healthy?: number;
  /** At the end of the wait; undefined: there is no health check. */
  readonly health?: 'healthy' | 'unhealthy' | 'starting';
  readonly healthLog?: string;
  /** User id of process 1. */
  readonly uid?: number;
  /** Bytes, after the start and the requests. */
  readonly memory?: number;
  /** Seconds between the signal to stop and the end. */
  readonly stop?: number;
  /** It did not stop by itself in time. */
  readonly killed?: boolean;
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Its last lines, when something went wrong. */
  readonly logs?: string;
  /** To each request in order: what it said, or why it said nothing. */
  readonly samples: readonly (Sample | string)[];
  /** Ports that it listens on, when none of those that were waited for opened. */
  readonly listening?: readonly Listening[];
}
