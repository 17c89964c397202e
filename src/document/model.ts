/** The nouns of a Dockerfile: what transforms read. Everything is immutable; `undefined` always means: not known. */
import type { Span } from '../edit.ts';
import type { ImageRef } from '../image.ts';
import type { ImageFacts } from '../knowledge/images.ts';
import type { Heredoc } from '../scan.ts';
import type { Script } from '../shell/script.ts';
import type { SourceText } from '../source.ts';

export interface Flag extends Span {
  /** Lower case, without dashes: `mount`. */
  readonly name: string;
  /** Without quotes; '' for a flag without a value. */
  readonly value: string;
}

export interface Word extends Span {
  /** The logical text of the word as written, quotes included (JSON form: the decoded string). */
  readonly value: string;
}

/** One `name=value` of ENV, LABEL or ARG. */
export interface Pair {
  readonly name: string;
  readonly nameSpan: Span;
  /** The logical text as written, quotes included; undefined for `ARG x`. */
  readonly raw: string | undefined;
  readonly valueSpan: Span | undefined;
  /** `ENV key value` without `=`. */
  readonly legacy: boolean;
}

/** The user in force. `uid` is missing where only a name is known. */
export interface User {
  readonly name?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly home?: string;
  /** For an unknown base image: the line that can only work as root. */
  readonly provedAt?: number;
}

/** Names and values in force at one place; `get` gives undefined both for unset and for unknown, `has` tells them apart. */
export interface Scope {
  get(name: string): string | undefined;
  has(name: string): boolean;
  names(): readonly string[];
}

/** What is in force BEFORE an instruction runs. */
export interface State {
  readonly user: User | undefined;
  /** Absolute path; undefined below an unknown base image until an absolute WORKDIR. */
  readonly workdir: string | undefined;
  /** ENV in force, inherited and known base image variables included. A value is undefined where it depends on something unknown. */
  readonly env: Scope;
  /** ARGs in scope with their defaults. */
  readonly args: Scope;
  /** How shell forms run. `opaque` shells (PowerShell, cmd, others) are never read. */
  readonly shell: 'sh' | 'bash' | 'opaque';
  /** Whether the shell is started with `-e`: SHELL ["/bin/bash", "-ec"]. */
  readonly errexit: boolean;
}

export interface Instruction extends Span {
  /** Upper case. `end` is before the line end of the last line (after the terminator of its heredocs). */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** Position in `document.instructions`. */
  readonly index: number;
  /** 1-based line where it starts. */
  readonly line: number;
  /** undefined for what stands before the first FROM. */
  readonly stage: Stage | undefined;
  /** End of the logical line, before any heredoc body and the line end. */
  readonly headEnd: number;
  readonly flags: readonly Flag[];
  /** The logical text after the flags, trimmed. */
  readonly args: SourceText;
  /** `args` split at blanks as this instruction is read; for JSON form the decoded strings. */
  readonly words: readonly Word[];
  /** Whether the arguments are a JSON array of strings as Docker reads it. */
  readonly json: boolean;
  /** ENV, LABEL, ARG: the pairs; [] for others. */
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  /** Comment lines inside of the instruction (continuations), without line ends. */
  readonly comments: readonly Span[];
  readonly state: State;
  /** RUN, and shell forms of CMD, ENTRYPOINT, HEALTHCHECK CMD: the shell script; undefined for everything else. Parsed on first use. */
  readonly script: Script | undefined;
  /** ONBUILD: the instruction behind it. It runs in other builds: transforms leave it alone. */
  readonly trigger: Instruction | undefined;
}

export interface Stage {
  readonly index: number;
  /** The name after AS, as written. */
  readonly name: string | undefined;
  readonly from: Instruction;
  /** The image or stage word of FROM. */
  readonly fromWord: Word;
  /** `--platform=` value as written. */
  readonly platform: string | undefined;
  /** The image reference with ARGs replaced by their defaults; undefined when it cannot be resolved, or for a stage alias. */
  readonly image: ImageRef | undefined;
  /** The stage that FROM names. */
  readonly parent: Stage | undefined;
  /** Facts of the base image, through parents; undefined: unknown image. */
  readonly base: ImageFacts | undefined;
  /** Instructions after FROM. */
  readonly instructions: readonly Instruction[];
  /** What is in force after the last instruction. */
  readonly end: State;
  readonly isFinal: boolean;
}

export interface Comment extends Span {
  readonly text: string;
}

export type { Heredoc, ImageFacts };
