/** Read-only facts of one Dockerfile's surroundings: its build context, what .dockerignore leaves of it, who builds it. */
import type { BuildSecret } from './build-inputs.ts';
import type { Heir } from './heirs.ts';
import type { Answers } from './remember.ts';
import type { Remote } from './remote.ts';

export { openProject, prepareProjects } from './open.ts';

import type { Survey } from './survey.ts';

/** A service of a compose file that builds this Dockerfile: its fields as they are written, variables not replaced. */
export interface ComposeService {
  readonly fields: Readonly<Record<string, unknown>>;
  /** 1-based line of one of the fields: `lineOf('volumes', 0)`. */
  lineOf(...path: readonly (string | number)[]): number;
}

/** Where the build context of a Dockerfile is, and how that was found. */
export interface ContextSource {
  /** Folder relative to the root, '' for the root. */
  readonly dir: string;
  /**
   * How it was found: the flag, a file and line (`compose.yaml:12`), `sources` (what the Dockerfile copies stands in one
   * folder above it; `line`: the first source that is not beside it), or `default` (the Dockerfile's folder).
   */
  readonly by: 'flag' | 'compose' | 'bake' | 'workflow' | 'sources' | 'default';
  readonly file?: string;
  readonly line?: number;
  /** `target:` that is built. */
  readonly target?: string;
  /** `args:` that are passed; undefined value: taken from the environment. */
  readonly args?: Readonly<Record<string, string | undefined>>;
  /** Name of the service, bake target or workflow job. */
  readonly name?: string;
  /** What the compose file says about the container; `extends` and files laid over it are not followed. */
  readonly service?: ComposeService;
  /** `secrets:` that the build gets. */
  readonly secrets?: readonly BuildSecret[];
  /** `ssh:` as `--ssh` takes them: `default`, `key=path`. */
  readonly ssh?: readonly string[];
  /** Further contexts by name: a folder relative to the root, or a reference as it is written (`docker-image://..`, a URL). */
  readonly contexts?: Readonly<Record<string, string>>;
  /** Names of further contexts that stand for something else than an image of that name; `*`: which ones is not known. */
  readonly contextNames?: readonly string[];
  /** `network:` of the build's RUN instructions. */
  readonly network?: string;
}

/** Another Dockerfile of the same build context. */
export interface Sibling {
  /** Relative to the root. */
  readonly path: string;
  /** false: it lies below the context and nothing tells how it is built. */
  readonly sure: boolean;
}

export interface Project {
  /** Path of the Dockerfile relative to the root. */
  readonly dockerfile: string;
  /** The build context folder relative to the root; undefined when sources disagree (see `contexts`). */
  readonly context: string | undefined;
  /** Every use of this Dockerfile that was found. One entry (`default`) when there is none. */
  readonly contexts: readonly ContextSource[];
  /** The other Dockerfiles of this context, sorted; none before `prepareProjects`, or while the context is not known. */
  readonly siblings: readonly Sibling[];
  /** Dockerfiles that start from the image of this one; none before `prepareProjects`. */
  readonly heirs: readonly Heir[];
  /** What a fresh clone holds of the context, walked once; undefined while the context is not known. */
  survey(): Survey | undefined;
  /** Stage names that somebody builds by `target:`. */
  readonly targets: readonly string[];
  /** Text of a file of the context (path relative to the context), BOM removed; undefined: absent, too large, binary, outside, ignored by nothing. */
  read(path: string): string | undefined;
  /** The same, whatever is planned: for what is found out once for the whole context. */
  readDisk(path: string): string | undefined;
  /** First bytes of a file of the context, for magic numbers; undefined: absent. */
  head(path: string, bytes: number): Uint8Array | undefined;
  /** 'file' | 'dir' | undefined (absent or outside of the root). Links are followed inside of the root only. */
  kind(path: string): 'file' | 'dir' | undefined;
  /** Names in a folder of the context, sorted; [] when absent. */
  list(path: string): readonly string[];
  /** Whether .dockerignore keeps a path of the context out of the build. */
  ignored(path: string): boolean;
  /** Paths of the context that a COPY source pattern matches and .dockerignore lets through (files and folders, no recursion), Go's filepath.Match rules. */
  glob(pattern: string): readonly string[];
  /** The same questions for any path relative to the root (compose files, CI files). */
  readonly root: {
    read(path: string): string | undefined;
    kind(path: string): 'file' | 'dir' | undefined;
    list(path: string): readonly string[];
  };
  /** Another number whenever a file was planned: what was found out about files holds as long as it stays. */
  readonly revision: number;
  /** What was found out about its files: see `remembered`. */
  answers: Answers | undefined;
  /** Path relative to the root of a path relative to the context, for evidence. */
  rootPath(path: string): string;
  /** What redock.lock and, where the user wished it, registries say about images and files outside of the repository. */
  readonly remote: Remote;
  /** What builds images here, as far as files tell: 'kaniko' | 'legacy' when a CI file uses a builder without cache mounts, with the evidence. */
  readonly builder: {
    readonly kind: 'buildkit' | 'kaniko' | 'legacy' | 'unknown';
    readonly file?: string;
    readonly line?: number;
  };
}
