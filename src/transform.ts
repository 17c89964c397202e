/** What a transform is. A transform is pure: no clock, no network, no process, no file access but through Project. */
import type { ContractKey } from './contract.ts';
import type { Document } from './document.ts';
import type { Change, Decline } from './edit.ts';
import type { Project } from './project/project.ts';

/** An option of a transform, set by `--set transform.key=value` or in the configuration file. */
export type OptionSpec =
  | { readonly kind: 'boolean'; readonly default: boolean; readonly help: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string; readonly help: string }
  | { readonly kind: 'string'; readonly default: string; readonly help: string };

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]: O[K] extends { kind: 'boolean' } ? boolean : string;
};

export interface Docs {
  /** What it does, one or two sentences. */
  readonly what: string;
  /** Why one wants it. */
  readonly why: string;
  /** A small Dockerfile before and after, shown by `redock explain` and run by the tests. */
  readonly example: {
    readonly before: string;
    readonly after: string;
    readonly files?: Readonly<Record<string, string>>;
    /** Files beside it that come into being or change, with their text then. */
    readonly creates?: Readonly<Record<string, string>>;
  };
}

export interface Transform<O extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  /** One line for `redock list`. */
  readonly summary: string;
  readonly docs: Docs;
  readonly options: O;
  /** The properties of the image contract that it may change; any other difference discards its changes. */
  readonly mayChange: readonly ContractKey[];
  /** Which of them under some options; all of them without it. */
  mayChangeWith?(options: OptionValues<O>): readonly ContractKey[];
  /** Every code that it can decline with, and what it means. A decline with another code is an error. */
  readonly declines: Readonly<Record<string, string>>;
  plan(
    document: Document,
    facts: { readonly project: Project; readonly options: OptionValues<O> },
  ): Iterable<Change | Decline>;
}

/** Types a transform; keeps the literal types of its options. */
export function defineTransform<const O extends OptionSpecs>(transform: Transform<O>): Transform {
  return transform as unknown as Transform;
}
