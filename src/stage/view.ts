/** The nouns of a stage as a program that is built: its commands and what they are for, its system, what runs in the end. */
import type { Document, Instruction, Stage } from '../document.ts';
import type { Effect } from '../knowledge/effects.ts';
import type { Project } from '../project/project.ts';
import type { RuntimeFacts } from '../project/runtime.ts';
import type { Command } from '../shell/command.ts';
import type { Invocation } from '../shell/invocation.ts';

/** One simple command of a RUN and what it is for. */
export interface Task {
  readonly command: Command;
  readonly effect: Effect;
  /** The command as a call of a package manager. */
  readonly call: Invocation | undefined;
  /** Folder in which it runs; undefined: not known. */
  readonly cwd: string | undefined;
  /** The Makefile that it stands in, relative to the context; absent: it stands in the Dockerfile. */
  readonly makefile?: string;
}

/** One instruction of the stage. */
export interface Step {
  readonly instruction: Instruction;
  /** RUN: its commands, those in `$( )` left out; empty for other instructions and for a RUN that cannot be read. */
  readonly tasks: readonly Task[];
  /** RUN: every command stands in one list of `&&` (or of `;` and lines) and can be taken out of it. */
  readonly divisible: boolean;
  /** RUN: the links of one such list, a pipeline as one of them, which can be taken out as a whole; undefined: it is no such list. */
  readonly links: readonly (readonly Task[])[] | undefined;
  /** RUN: why it cannot be read. */
  readonly opaque: string | undefined;
}

/** The system of an image: the family of its packages, and the release that its tag names. */
export interface System {
  readonly family: 'debian' | 'ubuntu' | 'alpine' | 'other';
  /** `bookworm`, `trixie`, `noble`, `3.20`; undefined: the tag does not tell. */
  readonly release: string | undefined;
  /** Libraries that the image has, because the interpreter itself needs them. */
  readonly holds: ReadonlySet<string>;
  /** How the release was found, for the evidence. */
  readonly says: string | undefined;
}

/** A stage with what was read of it. */
export interface StageView {
  readonly document: Document;
  readonly project: Project;
  readonly stage: Stage;
  readonly steps: readonly Step[];
  readonly system: System;
  readonly runtime: RuntimeFacts;
}
