/** One Dockerfile that is to be proved, and what is told about it. */

import type { Project } from '../project/project.ts';
import type { Result } from '../rewrite.ts';
import type { RewriteAgain } from './choices.ts';
import type { FailedStep } from './failure.ts';
import type { SizeDifference } from './file-sizes.ts';
import type { BuildPlan } from './plan.ts';
import type { RunComparison } from './run.ts';
import type { Measures, Status } from './verdict.ts';

export interface Subject {
  /** The Dockerfile as shown. */
  readonly name: string;
  /** Absolute path. */
  readonly root: string;
  readonly plan: BuildPlan;
  readonly result: Result;
  /** All that changes with it, of other Dockerfiles of the root too: path relative to the root and text after. */
  readonly files: ReadonlyMap<string, string>;
  /** The surroundings before and after. */
  readonly projects: readonly [Project, Project];
  readonly again: RewriteAgain;
  /** Files of `--touch`, relative to the root. */
  readonly touch: readonly string[];
}

export type Side = 'before' | 'after';

/** A build that did not come to its end. */
export interface Failure extends FailedStep {
  readonly side: Side;
  /** Where all that the engine printed was kept. */
  readonly log: string;
}

/** The change that a failure comes from. */
export interface Blame {
  readonly transform: string;
  readonly title: string;
  readonly why: string;
  /** Line in the file as it was read. */
  readonly line: number;
  /** Without the changes before it, it breaks too. */
  readonly alone: boolean;
  /** All others together work. */
  readonly restWorks: boolean;
}

/** What was touched to measure the rebuilds, relative to the context. */
export interface Touched {
  readonly source: string | undefined;
  readonly manifest: string | undefined;
}

export interface Verdict {
  readonly name: string;
  readonly status: Status;
  /** One line; '' for what the figures say by themselves. */
  readonly why: string;
  /** Where the build is described: `compose.yaml:12 (web)`. */
  readonly use: string;
  readonly context: string;
  readonly target: string | undefined;
  readonly before: Measures | undefined;
  readonly after: Measures | undefined;
  readonly touched: Touched;
  readonly differences: readonly SizeDifference[];
  readonly failure: Failure | undefined;
  readonly blame: readonly Blame[];
  readonly run: RunComparison | undefined;
  readonly notes: readonly string[];
}
