/**
 * Document: the text of one Dockerfile as directives, stages and instructions, with the state in force at each.
 * scan.ts says where things are, document/words.ts what the words are, dockerfile-ast gives the second opinion.
 */
import { expandWord } from './document/expand.ts';
import { disagreement } from './document/guard.ts';
import { RawInstruction } from './document/instruction.ts';
import { lineOf, lineStarts } from './document/lines.ts';
import type { Comment, Instruction, Stage, State } from './document/model.ts';
import { ANSWERS } from './document/once.ts';
import {
  generatedProblem,
  includeProblem,
  notADockerfile,
  type Refusal,
  refusal,
  templateProblem,
} from './document/refusal.ts';
import { buildStages, findStage } from './document/stages.ts';
import { lookupIn } from './document/state.ts';
import { applyEdits, type Edit, EditMap } from './edit.ts';
import { type Directive, type Problem, type Scan, scan } from './scan.ts';
import type { Script } from './shell/script.ts';

export type { Comment, Flag, Heredoc, Instruction, Pair, Scope, Stage, State, User, Word } from './document/model.ts';
export type { Refusal } from './document/refusal.ts';

const NO_CONTEXTS: ReadonlySet<string> = new Set();

/** One Dockerfile. Immutable: `edit` gives a new one. */
export class Document {
  /** Path relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The line end that the file uses most. */
  readonly eol: '\n' | '\r\n';
  readonly escape: '\\' | '`';
  /** syntax, escape and check, in order. */
  readonly directives: readonly Directive[];
  /** Comment lines outside of instructions. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  /** What stands before the first FROM. */
  readonly globalArgs: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** Names that the build takes from further contexts: no images, whatever they are called. `*`: which ones is not known. */
  readonly contexts: ReadonlySet<string>;
  [ANSWERS]: Map<object, unknown> | undefined = undefined;
  private readonly lines: readonly number[];
  private readonly origin: { readonly document: Document; readonly map: EditMap } | undefined;
  /** What the last edits led to: the engine asks once more for what a transform has tried. */
  private tried: { readonly edits: readonly Edit[]; readonly result: Document } | undefined = undefined;

  private constructor(
    path: string,
    text: string,
    scanned: Scan,
    raw: readonly RawInstruction[],
    lines: readonly number[],
    contexts: ReadonlySet<string>,
    origin?: Document['origin'],
  ) {
    this.path = path;
    this.text = text;
    this.eol = scanned.eol;
    this.escape = scanned.escape;
    this.directives = scanned.directives;
    this.comments = scanned.comments.map(({ start, end }) => ({ start, end, text: text.slice(start, end) }));
    this.instructions = raw;
    this.lines = lines;
    this.origin = origin;
    const firstFrom = raw.findIndex((instruction) => instruction.keyword === 'FROM');
    this.globalArgs = raw.slice(0, firstFrom);
    this.contexts = contexts;
    this.stages = buildStages(raw, firstFrom, this.escape, contexts);
  }

  /**
   * Reads a text; a Refusal says why it is left alone. Never throws for any text. To be asked before an edit: `secondOpinion`.
   * `contexts`: see there.
   */
  static read(path: string, text: string, contexts: ReadonlySet<string> = NO_CONTEXTS): Document | Refusal {
    return Document.open(path, text, contexts, undefined);
  }

  /** What dockerfile-ast reads differently, if anything: then nobody may edit the file. Costs about as much as the reading. */
  secondOpinion(): Refusal | undefined {
    const problem = disagreement(this.text, this.instructions, this.stages);
    return problem && refusal(problem, this.lineAt(problem.at));
  }

  private static open(
    path: string,
    text: string,
    contexts: ReadonlySet<string>,
    origin: Document['origin'],
  ): Document | Refusal {
    const lines = lineStarts(text);
    const refuse = (problem: Problem): Refusal => refusal(problem, lineOf(lines, problem.at));
    const scanned = scan(text);
    const problem = scanned.problem ?? templateProblem(scanned);
    if (problem) return refuse(problem);
    const raw = scanned.instructions.map(
      (scan, index) => new RawInstruction(scan, scan.logical, index, lineOf(lines, scan.start), scanned.escape),
    );
    const wrong = notADockerfile(raw, scanned) ?? generatedProblem(text, scanned) ?? includeProblem(text, scanned);
    if (wrong) return refuse(wrong);
    return new Document(path, text, scanned, raw, lines, contexts, origin);
  }

  /** Every comment line, those inside of instructions included. */
  *allComments(): Iterable<Comment> {
    yield* this.comments;
    for (const instruction of this.instructions) {
      for (const { start, end } of instruction.comments) yield { start, end, text: this.text.slice(start, end) };
    }
  }

  /** Tells the instructions of the edited document what they were here. */
  private handOn(next: Document): void {
    const old = this.instructions as readonly RawInstruction[];
    const fresh = next.instructions as readonly RawInstruction[];
    const places = new Map<number, RawInstruction>();
    for (const instruction of old) places.set(instruction.start, instruction);
    for (const instruction of fresh) {
      const before = places.get((next.origin as { map: EditMap }).map.origin(instruction.start));
      if (before && instruction.same(before)) instruction.earlier = before;
    }
  }

  /** Every RUN whose script can be read, with it. */
  *runs(): Iterable<{ readonly instruction: Instruction; readonly script: Script }> {
    for (const instruction of this.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      const { script } = instruction;
      if (script && script.opaque === undefined) yield { instruction, script };
    }
  }

  /** The stage that a `--from=` value or FROM word means: by name without regard to case, or by index; only stages before `before`. */
  stageNamed(name: string, before?: Stage): Stage | undefined {
    const limit = before ? before.index : this.stages.length;
    return findStage(limit === this.stages.length ? this.stages : this.stages.slice(0, limit), name);
  }

  /** Variables replaced from the state and quotes taken away; undefined when something is not known. */
  expand(text: string, state: State): string | undefined {
    return expandWord(text, lookupIn(state), this.escape);
  }

  /** 1-based line of an offset in this text. */
  lineAt(offset: number): number {
    return lineOf(this.lines, offset);
  }

  /** 1-based line in the file as it was read, before earlier edits. */
  originLine(offset: number): number {
    if (!this.origin) return this.lineAt(offset);
    return this.origin.document.originLine(this.origin.map.origin(offset));
  }

  /**
   * The edited document, read anew. The second opinion is not asked again: both readers agreed about all that was not
   * edited, and the laws ask it about every result. @throws Error when the result cannot be read: the edits are wrong.
   */
  edit(edits: readonly Edit[]): Document {
    const { tried } = this;
    if (tried?.edits.length === edits.length && edits.every((edit, i) => isSame(edit, tried.edits[i] as Edit)))
      return tried.result;
    const map = new EditMap(edits);
    const result = Document.open(this.path, applyEdits(this.text, edits), this.contexts, { document: this, map });
    if (!(result instanceof Document)) throw new Error(`line ${result.line}: ${result.message}`);
    this.handOn(result);
    this.tried = { edits, result };
    return result;
  }
}

const isSame = (a: Edit, b: Edit): boolean => a.start === b.start && a.end === b.end && a.text === b.text;
