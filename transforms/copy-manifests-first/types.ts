/** What the ecosystems answer with: the files that an install reads, or why that cannot be told. */
import type { Scope } from '../../src/document.ts';
import type { Fact } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';

export const DECLINES = {
  'adds-packages':
    'The command writes new packages into the manifest; moved before the copy, that would be overwritten.',
  'build-only':
    'The packages are fetched by the command that compiles the source; there is no separate install to move.',
  'copy-between': 'Another COPY between the two writes to the same place.',
  'copy-flags': 'The COPY has flags that choose files; which of them the manifests need is not known.',
  'generated-in-context': 'What the install makes also lies in the build context and would be copied over it.',
  'ignore-conflict': 'The folder that .dockerignore would have to leave out is copied by a Dockerfile.',
  'install-mixed-with-build': 'The RUN also reads the source, in a way that cannot be taken apart.',
  'local-dependency': 'A dependency lies in the project itself.',
  'manifest-ignored': 'The manifest is kept out of the build by .dockerignore.',
  'manifest-missing': 'The manifest does not exist in the build context.',
  'manifest-unreadable': 'The manifest cannot be read.',
  'not-fixed': 'A path depends on a variable.',
  'reads-more': 'The install reads more of the source than manifests.',
  'run-between': 'A command between the copy and the install may read the source.',
  'script-reads-source': 'A script that the install runs may read or write the source.',
  'several-contexts': 'The Dockerfile is built with different contexts.',
  'too-many-manifests': 'There are more manifests than one would name line by line.',
  'unusual-name': 'A file name has blanks or wildcards.',
  'workdir-unknown': 'The working directory is not known.',
  workspaces: 'The package belongs to a workspace whose members cannot all be told.',
  'writes-into-source': 'The install writes into a folder that is also copied.',
} as const;
export type Code = keyof typeof DECLINES;

export interface Obstacle {
  readonly code: Code;
  readonly why: string;
}

/** A folder that the install makes inside of the copied tree. */
export interface Generated {
  /** For .dockerignore. */
  readonly pattern: string;
  /** Where it is made, relative to the context. */
  readonly at: string;
}

export interface Needs {
  /** Relative to the context, in the order in which they are to be named. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly evidence: readonly Fact[];
  readonly generated: readonly Generated[];
  /** The command that fetches the packages beforehand; the one that is there stays behind the copy. */
  readonly warm?: string;
}

/** undefined: the command reads nothing of what was copied. */
export type Verdict = Needs | Obstacle | undefined;

/** One call of a package manager, and where it runs. */
export interface Call {
  readonly invocation: Invocation;
  readonly project: Project;
  /** The folder of the context that it works in. */
  readonly dir: string;
  /** The folder of the context that was copied: nothing above it is in the image. */
  readonly top: string;
  readonly env: Scope;
  /** A path as the command sees it, as a path of the context; undefined: not among what was copied. */
  resolve(path: string): string | undefined;
}

export const obstacle = (code: Code, why: string): Obstacle => ({ code, why });
export const isObstacle = (it: object | undefined): it is Obstacle => it !== undefined && 'code' in it;

/** `file, line 3,` for sentences. */
export const placed = (file: string, line: number | undefined): string =>
  line === undefined ? file : `${file}, line ${line},`;

/** A manifest that must be there: the obstacle when it is not, or when .dockerignore keeps it out. */
export function missing({ project }: Call, path: string): Obstacle | undefined {
  const by = project.contexts[0]?.by === 'default' ? ' (taken to be the folder of the Dockerfile)' : '';
  const context = project.context === '' ? 'the root' : project.context;
  if (project.kind(path) !== 'file')
    return obstacle('manifest-missing', `${path} does not exist in the build context, ${context}${by}`);
  if (project.ignored(path)) return obstacle('manifest-ignored', `.dockerignore keeps ${path} out of the build`);
  return undefined;
}

/** `1 package`, `2 packages`. */
export const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
