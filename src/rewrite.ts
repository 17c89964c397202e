/**
 * THE ENGINE: document x transforms x policy -> result. Nothing is written: neighbours are planned in the tree as soon as
 * they are taken, so that every later transform, of this Dockerfile or the next, reads them as they will be.
 */
import { type ContractKey, contractDifferences } from './contract.ts';
import { lostComment } from './document/lost-comment.ts';
import { Document, type Instruction, type Refusal } from './document.ts';
import {
  applyEdits,
  type Change,
  type Decline,
  type Edit,
  EditMap,
  type Evidence,
  LEVELS,
  type Level,
  type Span,
} from './edit.ts';
import { IgnoreComments, type Warning } from './ignore-comments.ts';
import type { Project } from './project/project.ts';
import { redacted, redactedChange } from './redact.ts';
import type { OptionSpec, OptionValues, Transform } from './transform.ts';

/** What the engine needs of the settings of one file. */
export interface Policy {
  readonly only?: readonly string[];
  readonly skip: readonly string[];
  /** The highest level that is taken. */
  readonly level: Level;
  readonly options: Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;
}

/** What the engine needs of the file tree: planned text wins over the disk. */
export interface Files {
  read(path: string): string | undefined;
  plan(path: string, text: string): void;
}

/** Asked before a change is taken. `text`: the Dockerfile that the change is about, with everything that was taken before. */
export type Accept = (transform: string, change: Change, line: number, text: string) => boolean;

export interface RewriteInput {
  /** Path relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly tree: Files;
  readonly project: Project;
  readonly transforms: readonly Transform[];
  readonly settings: Policy;
  /** Asked for every change that the policy takes; false leaves it out. */
  readonly accept?: Accept;
}

export interface Proposal {
  readonly transform: string;
  readonly change: Change;
  readonly status: 'applied' | 'held' | 'ignored' | 'refused' | 'superseded';
  /** 1-based line in the file as it was read. */
  readonly line: number;
  /** The lines of the file as it was read that its edits touch: first and last of each, 1-based. */
  readonly touches: readonly (readonly [number, number])[];
  /** Why it was ignored. */
  readonly why?: string;
}

export interface Declined {
  readonly transform: string;
  readonly code: string;
  readonly why: string;
  readonly line: number;
}

export interface Result {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Proposal[];
  readonly declined: readonly Declined[];
  readonly warnings: readonly Warning[];
  /** Neighbours that change or come into being. */
  readonly files: readonly { readonly path: string; readonly before: string | undefined; readonly after: string }[];
  /** Why the file is left alone. */
  readonly error?: Refusal;
  /** A transform that failed: a bug of redock. Its changes are left out. */
  readonly faults: readonly { readonly transform: string; readonly message: string }[];
}

/** Rewrites one Dockerfile. Never throws for any input; a failing transform is a fault and leaves the file as it was before it. */
export function rewrite(input: RewriteInput): Result {
  const { path, text, transforms, settings } = input;
  const empty = { path, before: text, after: text, changes: [], declined: [], warnings: [], files: [], faults: [] };
  const contexts = new Set(input.project.contexts.flatMap(({ contextNames }) => contextNames ?? []));
  const read = Document.read(path, text, contexts);
  if (!(read instanceof Document)) return { ...empty, error: read };

  const names = transforms.map((transform) => transform.name);
  const enabled = transforms.filter(
    ({ name }) => (settings.only === undefined || settings.only.includes(name)) && !settings.skip.includes(name),
  );
  const used = new Set<string>();
  const first = new IgnoreComments(read, names, used);
  const run = new Run(input, read);
  for (const transform of enabled) {
    const comments = run.document === read ? first : new IgnoreComments(run.document, names, used);
    try {
      run.step(transform, comments);
    } catch (error) {
      if (error instanceof Disagreement) return { ...empty, error: error.refusal };
      run.faults.push({ transform: transform.name, message: error instanceof Error ? error.message : String(error) });
    }
  }
  const ran = enabled.map(({ name }) => name);
  const files = [...run.files].map(([file, { before, after }]) => ({ path: file, before, after }));
  return {
    path,
    before: text,
    after: run.document.text,
    changes: run.applied.map(({ inserted: _, ...proposal }) => proposal),
    declined: run.declined,
    warnings: [...first.warnings, ...first.unused(ran)],
    files,
    faults: run.faults,
  };
}

/** Two parsers read the file differently: nothing of it is edited. */
class Disagreement extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

type Tracked = Proposal & { inserted?: readonly Span[] | undefined };

class Run {
  document: Document;
  readonly applied: Tracked[] = [];
  readonly declined: Declined[] = [];
  readonly faults: { transform: string; message: string }[] = [];
  /** Neighbours as planned by this run; `before`: as this run found them. */
  readonly files = new Map<string, { readonly before: string | undefined; readonly after: string }>();
  private readonly input: RewriteInput;
  private readonly original: Document;

  constructor(input: RewriteInput, document: Document) {
    this.input = input;
    this.document = document;
    this.original = document;
  }

  step(transform: Transform, comments: IgnoreComments): void {
    const { document } = this;
    const { project, settings } = this.input;
    const options = optionsOf(transform, settings.options[transform.name] ?? {});
    const proposals: Tracked[] = [];
    const declined: Declined[] = [];
    for (const plan of transform.plan(document, { project, options })) {
      const line = document.originLine(plan.at.start);
      if ('code' in plan) {
        if (!(plan.code in transform.declines)) throw new Error(`declines with the unknown code ${plan.code}`);
        const ignored = comments.match(transform.name, [instructionAt(document, plan.at)]);
        if (ignored === undefined)
          declined.push({ transform: transform.name, code: plan.code, why: redacted(document, plan.why), line });
      } else {
        const touches = plan.edits
          .filter((edit) => edit.file === undefined)
          .map((edit) => [document.originLine(edit.start), document.originLine(edit.end)] as const);
        proposals.push({
          transform: transform.name,
          change: redactedChange(document, plan),
          line,
          touches,
          ...this.judge(transform.name, plan, line, comments),
        });
      }
    }
    const taken = proposals.filter(({ status }) => status === 'applied');
    if (taken.length > 0) this.apply(taken, mayChange(transform, settings));
    this.applied.push(...proposals);
    this.declined.push(...declined);
  }

  private judge(
    name: string,
    change: Change,
    line: number,
    comments: IgnoreComments,
  ): Pick<Proposal, 'status' | 'why'> {
    const { settings, accept } = this.input;
    const touched = [change.at, ...change.edits.filter((edit) => edit.file === undefined)];
    const why = comments.match(
      name,
      touched.map((span) => instructionAt(this.document, span)),
    );
    if (why !== undefined) return { status: 'ignored', why };
    if (change.level === 'manual' || LEVELS.indexOf(change.level) > LEVELS.indexOf(settings.level))
      return { status: 'held' };
    if (accept && !accept(name, change, line, this.document.text)) return { status: 'refused' };
    return { status: 'applied' };
  }

  /** All of a transform's taken changes at once; nothing is kept when one of the laws is broken. */
  private apply(taken: Tracked[], allowed: readonly ContractKey[]): void {
    const edits: Edit[] = [];
    const neighbours = new Map<string, Edit[]>();
    for (const { change } of taken) {
      for (const edit of change.edits) {
        if (edit.file === undefined) edits.push(edit);
        else {
          const list = neighbours.get(edit.file);
          if (list) list.push(edit);
          else neighbours.set(edit.file, [edit]);
        }
      }
    }
    const files = new Map<string, string>();
    for (const [file, list] of neighbours) {
      const text = this.input.tree.read(file);
      if (text === undefined) throw new Error(`edits ${file}, which cannot be read`);
      files.set(file, applyEdits(text, list));
    }
    for (const { change } of taken) {
      for (const { file, text } of change.creates ?? []) {
        if (files.has(file) || this.input.tree.read(file) !== undefined) {
          throw new Error(`would make ${file}, which is there`);
        }
        files.set(file, text);
      }
    }
    const doubt = this.document === this.original ? this.document.secondOpinion() : undefined;
    if (doubt) throw new Disagreement(doubt);
    const next = edits.length > 0 ? this.document.edit(edits) : this.document;
    const broken = [...contractDifferences(this.document, next)].filter((key) => !allowed.includes(key));
    if (broken.length > 0) throw new Error(`would change ${broken.join(', ')} of the image, which it must not`);
    const lost = lostComment(this.document, next);
    if (lost !== undefined) throw new Error(`would lose the comment ${lost}`);
    this.planNeighbours(files);
    const map = new EditMap(edits);
    this.supersede(map);
    for (const tracked of taken) tracked.inserted = insertedSpans(tracked.change, map, this.document.text);
    this.document = next;
  }

  private planNeighbours(files: ReadonlyMap<string, string>): void {
    for (const [file, after] of files) {
      const before = this.files.has(file) ? this.files.get(file)?.before : this.input.tree.read(file);
      this.input.tree.plan(file, after);
      this.files.set(file, { before, after });
    }
  }

  /** A change whose insertions a later transform takes away whole did not happen, as far as the reader can see. */
  private supersede(map: EditMap): void {
    for (const [i, earlier] of this.applied.entries()) {
      if (earlier.status !== 'applied' || !earlier.inserted) continue;
      const spans = earlier.inserted.map((span) => map.carry(span)).filter((span) => span !== undefined);
      this.applied[i] = spans.length === 0 ? { ...earlier, status: 'superseded' } : { ...earlier, inserted: spans };
    }
  }
}

/** Where the insertions of a change lie in the edited text; undefined when it does more than insert, blanks left aside. */
function insertedSpans({ edits, creates }: Change, map: EditMap, text: string): readonly Span[] | undefined {
  const isMore = (edit: Edit): boolean =>
    edit.file !== undefined || edit.text === '' || text.slice(edit.start, edit.end).trim() !== '';
  return creates || edits.some(isMore) ? undefined : edits.map((edit) => map.inserted(edit));
}

/** What a transform may change of an image under the options that are set. */
export const mayChange = (transform: Transform, { options }: Pick<Policy, 'options'>): readonly ContractKey[] =>
  transform.mayChangeWith?.(optionsOf(transform, options[transform.name] ?? {})) ?? transform.mayChange;

function optionsOf(
  { options }: Transform,
  set: Readonly<Record<string, string | boolean>>,
): OptionValues<Transform['options']> {
  const values: Record<string, string | boolean> = {};
  for (const key in options) values[key] = set[key] ?? (options[key] as OptionSpec).default;
  return values as OptionValues<Transform['options']>;
}

/** The instruction that holds the start of a span; they stand in order and apart. */
function instructionAt({ instructions }: Document, { start }: Span): Instruction | undefined {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle] as Instruction).end < start) low = middle + 1;
    else high = middle;
  }
  const found = instructions[low];
  return found && found.start <= start ? found : undefined;
}

export type { Decline, Evidence };
