/** The nouns of split-stages: where each part of a stage goes, and what a recipe answers. */
import type { ContractKey } from '../../src/contract.ts';
import type { Instruction, Stage } from '../../src/document.ts';
import type { Edit, Evidence, Span } from '../../src/edit.ts';
import type { StageView } from '../../src/stage/view.ts';

export type { Step, System, Task } from '../../src/stage/view.ts';

/** What a recipe is asked about. */
export interface View extends StageView {
  /** Name of the stage that builds: `builder`, or another that nobody uses. */
  readonly builder: string;
  /** Options of the transform, as they are set. */
  readonly options: Readonly<Record<'nginx' | 'nginx-config', string>>;
  /** A keyword in the letter case of the file: `COPY`, `copy`. */
  keyword(word: string): string;
  /** Another stage of the file. */
  of(stage: Stage): View;
  /** Evidence for an instruction of the file. */
  fact(instruction: Instruction, says?: string): Evidence;
}

/** builder: stays where it is. runtime: moves behind the new FROM. both: stays, and is repeated there. nowhere: goes away. */
export type Place = 'builder' | 'runtime' | 'both' | 'nowhere';

export interface Placement {
  readonly place: Place;
  /** The instruction in the runtime stage, where it is not the same as in the file: a part of the commands of a RUN. */
  readonly text?: string;
  /** Edits of what stays in the builder; with `text`: the same for an instruction that need not move. */
  readonly edits?: readonly Edit[];
}

/** New instructions, one text (lines joined by \n), at a place in the original order. */
export interface Addition {
  readonly stage: 'builder' | 'runtime';
  /** The instruction of the original stage that it goes before; undefined: the end of the stage. */
  readonly before: Instruction | undefined;
  readonly text: string;
  /** It begins a stage between builder and runtime, with the FROM: an empty line stands before it. */
  readonly opens?: true;
}

/** How a stage becomes two. Instructions without a placement go where `defaultPlace` sends them. */
export interface Plan {
  readonly title: string;
  readonly why: string;
  readonly evidence: readonly Evidence[];
  /** What could not be established, each a sentence: with one of them the change is `risky`. */
  readonly doubts: readonly string[];
  /** Image of the runtime stage, as it is written behind FROM. */
  readonly image: string;
  /** The same for the builder, where its text must become more exact; absent: as it is. */
  readonly builderImage?: string;
  readonly placements: ReadonlyMap<Instruction, Placement>;
  readonly additions: readonly Addition[];
  /** Name of the first stage, where additions begin others behind it; else it is `builder` of the view. */
  readonly first?: string;
  /** Properties of the image contract, besides base, copies and stages, that change on purpose. */
  readonly changes?: readonly ContractKey[];
  readonly creates?: readonly { readonly file: string; readonly text: string }[];
}

/** How a stage that builds nothing, and takes over what was built elsewhere, starts from an image without the tools. */
export interface Rebase {
  readonly why: string;
  readonly evidence: readonly Evidence[];
  /** What could not be established, each a sentence: with one of them the change is `risky`. */
  readonly doubts: readonly string[];
  /** Image of the stage, as it is written behind FROM. */
  readonly image: string;
  /** New instructions behind FROM. */
  readonly head: readonly string[];
  /** Edits of the stages that build. */
  readonly builds?: readonly Edit[];
}

/** How another stage leaves out of its files what the stage that takes them over does not need. */
export interface Trim {
  readonly title: string;
  readonly why: string;
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly string[];
  readonly edits: readonly Edit[];
}

/** Why a stage is not split; the code is one of DECLINES. */
export interface Obstacle {
  readonly code: keyof typeof DECLINES;
  readonly why: string;
  /** Where; the FROM of the stage when it is left out. */
  readonly at?: Span;
}

export const isObstacle = (it: object): it is Obstacle => 'code' in it;

/** One ecosystem. `plan` gives undefined for a stage that is none of its own. */
export interface Recipe {
  readonly name: string;
  plan(view: View): Plan | Obstacle | undefined;
  /** For a stage in which nothing is built; undefined as above. */
  rebase?(view: View): Rebase | Trim | Obstacle | undefined;
}

export const DECLINES = {
  'already-minimal': 'nothing in the stage is needed for building only',
  'unknown-effect': 'what a command leaves behind is not known',
  'unreadable-script': 'a RUN cannot be read',
  'mixed-script': 'build and run-time commands are tangled in one RUN',
  'several-targets': 'more than one stage of the file is built by somebody',
  'stage-is-shared': 'another stage starts from this one or copies from it',
  'starts-from-stage': 'the stage starts from another stage of the file',
  'version-too-old': 'the release of the language is older than the tools that a split needs',
  'base-unknown': 'nothing is known about the base image, or it has no smaller variant',
  onbuild: 'an ONBUILD instruction would act in other builds',
  'installs-at-start': 'packages are installed or compiled when the container starts',
  'builds-at-run-time': 'a compiler or a build tool is needed at run time',
  'fixed-paths': 'a file names the old place of a program or a package',
  'outside-packages': 'packages come from another package manager, where the copied environment cannot see them',
  'user-install': 'the packages are installed for one account or to a place of their own',
  'program-unknown': 'which built program is started is not known',
  'programs-unknown': 'a program that is started is not known to be in a small image',
  'links-to-c': 'the program links to C libraries that are not known',
  development: 'the image is for the time of writing code',
  'own-runtime': 'the program is published with its own runtime',
  'compose-override': 'a compose file sets what the image of nginx does not have',
  'dev-proxy': 'the server of the front end hands paths on to another one',
  'environment-at-start': 'a development server reads variables at its start that a build would have to know before',
  'output-unknown': 'where the build of the front end puts its files is not known',
  'port-unknown': 'the port that the server listens on is not known',
  'script-at-start': 'the container runs more than the server of the front end',
  'server-rendered': 'a server makes the pages for each request',
  'server-special': 'the server of the front end does more than hand out files',
  'sub-path': 'the front end is built for a path below the root',
} as const;
