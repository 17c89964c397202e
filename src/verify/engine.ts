/**
 * What verify needs of a container engine. docker, podman and buildah are in engines/; tests bring their own.
 * Everything that is made carries a label with the id of its session, by which it is found and removed (session.ts).
 */
import type { Outcome, RunOptions } from './process.ts';

export const ENGINE_NAMES = ['docker', 'podman', 'buildah'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The label of everything that verify makes; its value is the session's id. */
export const LABEL = 'dev.redock.verify';

export interface BuildRequest {
  /** Absolute path of the build context. */
  readonly context: string;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** The name that the image gets. */
  readonly tag: string;
  /** Value of the label. */
  readonly session: string;
  readonly target?: string | undefined;
  /** An undefined value is taken from the environment. */
  readonly args?: Readonly<Record<string, string | undefined>>;
  /** As `--secret` takes them: `id=npmrc,src=/home/me/.npmrc`. */
  readonly secrets?: readonly string[];
  /** As `--ssh` takes them: `default`. */
  readonly ssh?: readonly string[];
  /** Further contexts, as `--build-context` takes them, without the name. */
  readonly contexts?: Readonly<Record<string, string>>;
  readonly platform?: string | undefined;
  /** Nothing is taken from the layer cache. */
  readonly noCache?: boolean;
  /** Names the cache mounts apart from all others, so that they are empty the first time; engines without that ignore it. */
  readonly cacheNamespace?: string;
  /** Options of the user, as they are. */
  readonly options?: readonly string[];
  readonly timeLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told when a step begins: `[2/5] RUN npm ci`. */
  readonly onStep?: (step: string) => void;
}

export interface BuildFailure {
  /** One or two lines: what the engine said. */
  readonly message: string;
  /** The step that failed as the engine names it: `[builder 2/5] RUN npm ci`. */
  readonly step?: string;
  /** 1-based line in the Dockerfile, when the engine told it. */
  readonly line?: number;
  /** The last lines that the failing step printed. */
  readonly output: readonly string[];
}

export interface BuildOutcome {
  readonly ok: boolean;
  /** Wall time of the whole build command. */
  readonly seconds: number;
  /** Everything that the engine printed. */
  readonly log: string;
  readonly failure?: BuildFailure;
  /** It did not come to its end: the time limit, or the user. */
  readonly ended: Outcome['ended'];
}

export interface ImageFacts {
  readonly id: string;
  /** Bytes, as the engine counts them. */
  readonly size: number;
  readonly layers: number;
  readonly user: string;
  /** `3000/tcp` */
  readonly ports: readonly string[];
  readonly healthcheck: Healthcheck | undefined;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workdir: string;
  readonly volumes: readonly string[];
  readonly stopSignal: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** `test` as the image holds it: ['CMD', ..] or ['CMD-SHELL', ..]; times in seconds, undefined: the engine's default. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: number | undefined;
  readonly timeout: number | undefined;
  readonly startPeriod: number | undefined;
  readonly startInterval: number | undefined;
  readonly retries: number | undefined;
}

/** One file of an image's final file system: its path without a leading slash and its bytes. */
export interface ImageFile {
  readonly path: string;
  readonly size: number;
}

export type MadeKind = 'container' | 'network' | 'volume' | 'image';

/** Something with our label. */
export interface Made {
  readonly kind: MadeKind;
  /** Id or name that the engine removes it by. */
  readonly id: string;
  /** Value of the label. */
  readonly session: string;
}

export interface ContainerSpec {
  readonly image: string;
  readonly session: string;
  readonly name?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** As `--publish` takes them. */
  readonly publish?: readonly string[];
  readonly network?: string | undefined;
  /** Names by which others of the network reach it. */
  readonly aliases?: readonly string[];
  /** As `--volume` takes them. */
  readonly volumes?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Options of the user or of compose, as they are, before the image: `--cap-add=NET_ADMIN`. */
  readonly options?: readonly string[];
}

export interface ContainerFacts {
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'unknown';
  readonly exitCode: number | undefined;
  readonly oomKilled: boolean;
  /** undefined: there is no health check. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | undefined;
  /** What the last health check printed. */
  readonly healthLog: string | undefined;
  /** Process id of its first process on the engine's machine; 0: it does not run. */
  readonly pid: number;
  /** Container port (`3000/tcp`) to the host's address and port. */
  readonly ports: Readonly<Record<string, { readonly address: string; readonly port: number } | undefined>>;
  /** Address by network name. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** What an engine that runs containers can do. Every method throws EngineError with one plain line when the engine refuses. */
export interface Containers {
  create(spec: ContainerSpec): Promise<string>;
  start(id: string): Promise<void>;
  /** Asks it to stop and kills it after `grace` seconds; gives the seconds that it took. */
  stop(id: string, grace: number): Promise<number>;
  exec(id: string, command: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Both of its streams, the last `lines`. */
  logs(id: string, lines?: number): Promise<string>;
  inspect(id: string): Promise<ContainerFacts>;
  createNetwork(name: string, session: string, options?: readonly string[]): Promise<void>;
  createVolume(name: string, session: string): Promise<void>;
}

/** The engine said no, or did not answer: one plain line. */
export class EngineError extends Error {}

export interface Engine {
  readonly name: EngineName;
  /** `28.5.2` */
  readonly version: string;
  /** For people: `docker 28.5.2 with buildx 0.29.1, builder big`. */
  readonly title: string;
  /** undefined: it builds only. */
  readonly containers: Containers | undefined;
  /** Any other command of the engine: `call(['stats', '--no-stream', id])`. */
  call(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  build(request: BuildRequest): Promise<BuildOutcome>;
  /** undefined: there is no such image. */
  image(name: string): Promise<ImageFacts | undefined>;
  /** The files that a container of the image sees, in no order. They are handed over one by one and never held. */
  files(image: string, session: string, each: (file: ImageFile) => void, signal?: AbortSignal): Promise<void>;
  /** Everything with our label: of one session, or of all. */
  made(session?: string): Promise<readonly Made[]>;
  /** Removes one of them, a running container too. What is gone already is no error. */
  remove(made: Made): Promise<void>;
}
