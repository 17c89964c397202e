/** What is started on each side: the service under test and what it depends on. Plain data; run-side.ts starts it. */

/** What is mounted. Every side gets its own, so that nothing leaks from before to after. */
export type Mount =
  /** A volume that the services of one side share by its key; empty at first. */
  | { readonly kind: 'volume'; readonly key: string; readonly target: string; readonly readOnly: boolean }
  /** A folder or file of the repository (path relative to the root), as a copy. */
  | { readonly kind: 'folder' | 'file'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  /** A file with this text. */
  | { readonly kind: 'text'; readonly text: string; readonly target: string };

/** What compose calls `service_started`, `service_healthy` and `service_completed_successfully`. */
export type Condition = 'started' | 'healthy' | 'completed';

export interface Dependency {
  readonly service: string;
  readonly condition: Condition;
  /** Compose goes on without it (`required: false`). */
  readonly optional: boolean;
}

export interface ServicePlan {
  /** Compose's name of it; `app` without compose. */
  readonly name: string;
  /** Further names by which others reach it. */
  readonly aliases: readonly string[];
  /** undefined: it is built from this repository. */
  readonly image: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** undefined: the image's own; empty: none. */
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  /** Options of `docker run` that need nothing else. */
  readonly options: readonly string[];
  /** TCP ports of the container, the published ones first. */
  readonly ports: readonly number[];
  readonly mounts: readonly Mount[];
  /** Words of the health check as an image holds them; ['NONE']: it is turned off; undefined: the image's own. */
  readonly health: readonly string[] | undefined;
  /** Seconds that it gets to stop. */
  readonly grace: number;
  readonly dependsOn: readonly Dependency[];
}

export interface RunPlan {
  readonly app: ServicePlan;
  /** In the order in which they are started. */
  readonly dependencies: readonly ServicePlan[];
  /** The service asks for the machine's own network. */
  readonly hostNetwork: boolean;
  /** Where it was read; undefined: there is no compose file. */
  readonly source: { readonly file: string; readonly line: number } | undefined;
  /** What of it cannot be done here, one line each. */
  readonly notes: readonly string[];
}

/** What Docker and compose give a container to stop, in seconds. */
export const DEFAULT_GRACE = 10;

/** The plan of an image that no compose file runs: everything comes from the image and the user's `--run-option`. */
export const PLAIN_PLAN: RunPlan = {
  app: {
    name: 'app',
    aliases: [],
    image: undefined,
    environment: {},
    entrypoint: undefined,
    command: undefined,
    options: [],
    ports: [],
    mounts: [],
    health: undefined,
    grace: DEFAULT_GRACE,
    dependsOn: [],
  },
  dependencies: [],
  hostNetwork: false,
  source: undefined,
  notes: [],
};
