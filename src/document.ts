/**
 * Document: the text of one Dockerfile as directives, stages and instructions, with the state in force at each.
 * scan.ts says where things are, document/words.ts what the words are, dockerfile-ast gives the second opinion.
 */

import { expandWord } from './document/expand.ts';
import { disagreement } from './document/guard.ts';
import type { Comment, Flag, Instruction, Pair, Stage, State, Word } from './document/model.ts';
import { EMPTY_SCOPE, INITIAL_STATE, lookupIn, type StageEnd, walkStage } from './document/state.ts';
import { readFlags, readJson, readPairs, readPlainWords, readWords, splitKeyword } from './document/words.ts';
import { applyEdits, type Edit, EditMap, type Span } from './edit.ts';
import { type ImageRef, parseImageRef } from './image.ts';
import { type ImageFacts, imageFacts } from './knowledge/images.ts';
import {
  type Directive,
  type Heredoc,
  isJsonArray,
  type Problem,
  type Scan,
  type ScannedInstruction,
  scan,
} from './scan.ts';
import { movedScript, opaqueScript, parseScript, type Script } from './shell/script.ts';
import { type SourceText, sliceSource, spanOf } from './source.ts';

export type { Comment, Flag, Heredoc, Instruction, Pair, Scope, Stage, State, User, Word } from './document/model.ts';

const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
/** Instructions whose arguments may be a JSON array. */
const JSON_KEYWORDS = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);
/** Instructions that split at every blank, whatever the quotes. */
const PLAIN_KEYWORDS = new Set(['FROM', 'COPY', 'ADD', 'EXPOSE', 'VOLUME']);
/** Placeholders of template engines (Jinja, ERB, Go, autoconf-like) that no Dockerfile holds outside of a string. */
const TEMPLATE = /\{%|%\}|\{\{|\}\}|<%|%>|%%\w+%%|^@\w+@/m;

/** Codes of files that are all right and only not for us to edit. */
const LEFT_ALONE = new Set(['template', 'generated', 'other-frontend']);

/** Why a file is not edited: `template`, `not-a-dockerfile`, `parser-disagreement` or a code of scan.ts; line is 1-based. */
export interface Refusal {
  readonly code: string;
  /** Nothing is wrong with the file, it is just not ours to edit: a template, generated text, another frontend's. */
  readonly leftAlone: boolean;
  readonly message: string;
  readonly line: number;
}

class RawInstruction implements Instruction {
  readonly start: number;
  readonly end: number;
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly index: number;
  readonly line: number;
  readonly headEnd: number;
  readonly flags: readonly Flag[];
  readonly args: SourceText;
  readonly json: boolean;
  /** undefined where Docker reports a syntax error. */
  readonly readPairs: readonly Pair[] | undefined;
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly Span[];
  readonly trigger: Instruction | undefined;
  stage: Stage | undefined;
  state: State = INITIAL_STATE;
  private readonly escape: '\\' | '`';
  private parsed: Script | undefined;
  private split: readonly Word[] | undefined;
  /** The same instruction before an edit of other places. */
  earlier: RawInstruction | undefined;

  constructor(scanned: ScannedInstruction, logical: SourceText, index: number, line: number, escape: '\\' | '`') {
    const { keyword, keywordEnd, args } = splitKeyword(logical);
    this.escape = escape;
    this.start = spanOf(logical, 0, 0).start;
    this.end = scanned.end;
    this.headEnd = scanned.headEnd;
    this.keyword = keyword;
    this.keywordSpan = spanOf(logical, 0, keywordEnd);
    this.index = index;
    this.line = line;
    this.heredocs = scanned.heredocs;
    this.comments = scanned.comments;
    const { flags, rest } = readFlags(args, escape);
    this.flags = flags;
    this.args = rest === 0 ? args : sliceSource(args, rest);
    this.json = JSON_KEYWORDS.has(keyword) && isJsonArray(this.args.text);
    const paired = keyword === 'ENV' || keyword === 'LABEL' || keyword === 'ARG';
    this.readPairs = paired ? readPairs(this.args, escape, keyword) : [];
    this.trigger =
      keyword === 'ONBUILD' && this.args.text !== ''
        ? new RawInstruction(scanned, this.args, index, line, escape)
        : undefined;
  }

  get words(): readonly Word[] {
    this.split ??= this.json
      ? readJson(this.args)
      : PLAIN_KEYWORDS.has(this.keyword)
        ? readPlainWords(this.args)
        : readWords(this.args, this.escape);
    return this.split;
  }

  get pairs(): readonly Pair[] {
    return this.readPairs ?? [];
  }

  get script(): Script | undefined {
    this.parsed ??= this.readScript();
    return this.parsed;
  }

  private readScript(): Script | undefined {
    const { keyword, args } = this;
    if (this.json) return undefined;
    if (keyword === 'HEALTHCHECK') {
      const match = /^CMD\s+/i.exec(args.text);
      if (!match || isJsonArray(args.text.slice(match[0].length))) return undefined;
      return this.parse(sliceSource(args, match[0].length));
    }
    if (keyword === 'CMD' || keyword === 'ENTRYPOINT') return this.parse(args);
    if (keyword !== 'RUN') return undefined;
    const [heredoc] = this.heredocs;
    if (!heredoc) return this.parse(args);
    const bare = this.heredocs.length === 1 && this.words.length === 1 && this.words[0]?.start === heredoc.at.start;
    if (!bare) return this.parse(withHeredocs(args, this.heredocs));
    const body = plainSource(args.file, heredoc.body);
    const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(body.text);
    if (interpreter && !/^(?:\/usr)?\/bin\/(?:env\s+)?(?:ba|da|a)?sh$/.test(interpreter[0].slice(2).trim())) {
      return opaqueScript(`the heredoc is run by ${interpreter[1]}`);
    }
    return this.parse(body);
  }

  private parse(source: SourceText): Script {
    if (this.state.shell === 'opaque') return opaqueScript('the shell in force is not a POSIX shell');
    const { shell, errexit } = this.state;
    const options = { escape: this.escape, errexit, bash: shell === 'bash' };
    const { earlier } = this;
    // reading a script is the dearest part of a file, and most edits leave most scripts as they are
    if (earlier?.parsed && earlier.state.shell === shell && earlier.state.errexit === errexit) {
      return movedScript(earlier.parsed, source, options, this.start - earlier.start);
    }
    return parseScript(source, options);
  }

  /** Whether both say the same, character for character. */
  same(other: RawInstruction): boolean {
    const { file } = this.args;
    return (
      this.keyword === other.keyword &&
      this.end - this.start === other.end - other.start &&
      file.slice(this.start, this.end) === other.args.file.slice(other.start, other.end)
    );
  }
}

/** A stretch of the file as it stands. */
function plainSource(file: string, span: Span): SourceText {
  const offsets = Uint32Array.from({ length: span.end - span.start }, (_, i) => span.start + i);
  return { text: file.slice(span.start, span.end), offsets, file, at: span.start };
}

/** `cat <<EOF > x`: the logical line, then the bodies with their terminators, as the shell gets them. */
function withHeredocs(args: SourceText, heredocs: readonly Heredoc[]): SourceText {
  const first = heredocs[0] as Heredoc;
  const last = heredocs[heredocs.length - 1] as Heredoc;
  const bodies = plainSource(args.file, { start: first.body.start, end: last.terminator.end });
  const newline = first.body.start - 1;
  return {
    ...args,
    text: `${args.text}\n${bodies.text}`,
    offsets: Uint32Array.from([...Array.from(args.offsets), newline, ...Array.from(bodies.offsets)]),
  };
}

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
  private readonly lines: readonly number[];
  private readonly origin: { readonly document: Document; readonly map: EditMap } | undefined;

  private constructor(
    path: string,
    text: string,
    scanned: Scan,
    raw: readonly RawInstruction[],
    lines: readonly number[],
    origin?: Document['origin'],
  ) {
    this.path = path;
    this.text = text;
    this.eol = scanned.eol;
    this.escape = scanned.escape;
    this.directives = scanned.directives;
    this.comments = scanned.comments.map((span) => ({ ...span, text: text.slice(span.start, span.end) }));
    this.instructions = raw;
    this.lines = lines;
    this.origin = origin;
    const firstFrom = raw.findIndex((instruction) => instruction.keyword === 'FROM');
    this.globalArgs = raw.slice(0, firstFrom);
    this.stages = buildStages(raw, firstFrom, this.escape);
  }

  /** Reads a text; a Refusal says why it is left alone. Never throws for any text. To be asked before an edit: `secondOpinion`. */
  static read(path: string, text: string): Document | Refusal {
    return Document.open(path, text, undefined);
  }

  /** What dockerfile-ast reads differently, if anything: then nobody may edit the file. Costs about as much as the reading. */
  secondOpinion(): Refusal | undefined {
    const problem = disagreement(this.text, this.instructions, this.stages);
    return problem && refusal(problem, this.lineAt(problem.at));
  }

  private static open(path: string, text: string, origin: Document['origin']): Document | Refusal {
    const lines = lineStarts(text);
    const refuse = (problem: Problem): Refusal => refusal(problem, lineOf(lines, problem.at));
    const scanned = scan(text);
    const problem = scanned.problem ?? templateProblem(scanned);
    if (problem) return refuse(problem);
    const raw = scanned.instructions.map(
      (scan, index) => new RawInstruction(scan, scan.logical, index, lineOf(lines, scan.start), scanned.escape),
    );
    const wrong = notADockerfile(raw, scanned) ?? generatedProblem(text, scanned);
    if (wrong) return refuse(wrong);
    return new Document(path, text, scanned, raw, lines, origin);
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
    return findStage(this.stages.slice(0, limit), name);
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
    const result = Document.open(this.path, applyEdits(this.text, edits), { document: this, map: new EditMap(edits) });
    if (!(result instanceof Document)) throw new Error(`line ${result.line}: ${result.message}`);
    this.handOn(result);
    return result;
  }
}

function buildStages(raw: readonly RawInstruction[], firstFrom: number, escape: '\\' | '`'): Stage[] {
  const globalEnd = walkStage(
    raw.slice(0, firstFrom),
    undefined,
    undefined,
    EMPTY_SCOPE,
    escape,
    (instruction, state) => {
      (instruction as RawInstruction).state = state;
    },
  );
  const globals = globalEnd.state.args;
  const froms = raw.filter((instruction) => instruction.keyword === 'FROM');
  const stages: Stage[] = [];
  const ends: StageEnd[] = [];
  for (const [index, from] of froms.entries()) {
    from.state = { ...INITIAL_STATE, args: globals };
    const instructions = raw.slice(from.index + 1, froms[index + 1]?.index ?? raw.length);
    const fromWord = from.words[0] as Word;
    const target = expandWord(fromWord.value, lookupIn(from.state), escape);
    const parent = target === undefined ? undefined : findStage(stages, target, false);
    const image: ImageRef | undefined = target === undefined || parent ? undefined : parseImageRef(target);
    const base: ImageFacts | undefined = parent ? parent.base : image && factsOf(target as string, image);
    const stage: Stage & { end: State } = {
      index,
      name: from.words[2]?.value,
      from,
      fromWord,
      platform: from.flags.find((flag) => flag.name === 'platform')?.value,
      image,
      parent,
      base,
      instructions,
      end: INITIAL_STATE,
      isFinal: index === froms.length - 1,
    };
    from.stage = stage;
    for (const instruction of instructions) instruction.stage = stage;
    stages.push(stage);
    const start = parent && ends[parent.index];
    const end = walkStage(instructions, start, base, globals, escape, (instruction, state) => {
      (instruction as RawInstruction).state = state;
    });
    stage.end = end.state;
    ends.push(end);
  }
  return stages;
}

/** The same few images stand in thousands of files, and each look-up goes through the whole table. */
const knownFacts = new Map<string, ImageFacts | undefined>();

function factsOf(reference: string, image: ImageRef): ImageFacts | undefined {
  if (!knownFacts.has(reference)) {
    if (knownFacts.size >= 1000) knownFacts.clear();
    knownFacts.set(reference, imageFacts(image));
  }
  return knownFacts.get(reference);
}

function findStage(stages: readonly Stage[], name: string, byIndex = true): Stage | undefined {
  const named = [...stages].reverse().find((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  return named ?? (byIndex && /^\d+$/.test(name) ? stages[Number(name)] : undefined);
}

/** A placeholder of a template engine in the logical text of an instruction; comments and heredoc bodies are free. */
function templateProblem(scanned: Scan): Problem | undefined {
  for (const { logical } of scanned.instructions) {
    // Go templates are ordinary arguments of many tools: RUN docker inspect --format '{{.Id}}' x
    const text = /^run\b/i.test(logical.text)
      ? logical.text.replace(/'[^']*'|"[^"]*"/g, (quoted) => '_'.repeat(quoted.length))
      : logical.text;
    const match = TEMPLATE.exec(text);
    if (match && !/\$\{\{/.test(text.slice(match.index - 1, match.index + 2))) {
      return {
        code: 'template',
        message: `this is a template, not a Dockerfile: ${match[0]} is filled in by another program`,
        at: spanOf(logical, match.index, match.index + 1).start,
      };
    }
  }
  return undefined;
}

/** `# This file is generated ... do not edit`: what is written here is gone with the next generation. */
function generatedProblem(text: string, scanned: Scan): Problem | undefined {
  const first = scanned.instructions[0];
  const head = scanned.comments.filter((comment) => first && comment.end < first.start);
  const words = head.map((comment) => text.slice(comment.start + 1, comment.end).trim()).join(' ');
  if (!head[0] || !/generat/i.test(words)) return undefined;
  if (
    !/\bdo(?: not|n't) (?:edit|modify|change)\b|\b(?:changes|edits|modifications)\b.*\b(?:lost|overwritten)\b/i.test(
      words,
    )
  )
    return undefined;
  return {
    code: 'generated',
    message: 'a comment says that this file is generated and not to be edited',
    at: head[0].start,
  };
}

function refusal({ code, message }: Problem, line: number): Refusal {
  return { code, message, line, leftAlone: LEFT_ALONE.has(code) };
}

function notADockerfile(raw: readonly RawInstruction[], scanned: Scan): Problem | undefined {
  const problem = (at: number, message: string, code = 'not-a-dockerfile'): Problem => ({ code, message, at });
  const syntax = scanned.directives.find((directive) => directive.name === 'syntax');
  if (syntax && !/^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax.value)) {
    return problem(syntax.start, `the syntax directive names another frontend (${syntax.value})`, 'other-frontend');
  }
  let from = false;
  for (const instruction of raw) {
    if (!KEYWORDS.has(instruction.keyword)) {
      return problem(
        instruction.start,
        `unknown instruction ${instruction.keyword.slice(0, 40)}`,
        'unknown-instruction',
      );
    }
    if (instruction.keyword === 'FROM') {
      const { words } = instruction;
      if (!(words.length === 1 || (words.length === 3 && words[1]?.value.toLowerCase() === 'as'))) {
        return problem(instruction.start, 'FROM wants an image, or an image AS a name', 'bad-from');
      }
      from = true;
    } else if (!from && instruction.keyword !== 'ARG') {
      return problem(instruction.start, `${instruction.keyword} stands before any FROM`, 'no-from');
    }
    if (instruction.args.text === '' && instruction.keyword !== 'RUN') {
      return problem(instruction.start, `${instruction.keyword} has no arguments`, 'no-arguments');
    }
    if (instruction.readPairs === undefined) {
      return problem(instruction.start, `${instruction.keyword} wants name=value`, 'bad-pairs');
    }
  }
  return from ? undefined : problem(0, 'there is no FROM', 'no-from');
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
