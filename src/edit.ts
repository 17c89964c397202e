/**
 * Edits, changes and their application. The only importer of magic-string,
 * which every rewrite of this project goes through by its founding rules: it stays, its cost is not what makes a run slow.
 * A change is data: a transform describes it, the engine decides, this module carries it out.
 */
import MagicString from 'magic-string';

/** A half-open range of UTF-16 offsets into a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Replace `[start, end)` by `text`; `start === end` inserts. `file` (path relative to the root) defaults to the Dockerfile. */
export interface Edit extends Span {
  readonly text: string;
  readonly file?: string;
}

/**
 * safe: the image does the same, only the build is better. review: the image changes on purpose and every
 * precondition was established. risky: something could not be established. manual: advice, never an edit.
 */
export const LEVELS = ['safe', 'review', 'risky', 'manual'] as const;
export type Level = (typeof LEVELS)[number];

/** Where a fact was read: a file relative to the root, its line (1-based) when there is one, and what it says. */
export interface Evidence {
  readonly file: string;
  readonly line?: number;
  readonly says: string;
}

/** One atomic rewrite: all of its edits are taken or none. `at` is the place in the Dockerfile that it is about. */
export interface Change {
  readonly title: string;
  readonly why: string;
  readonly evidence: readonly Evidence[];
  readonly level: Level;
  readonly at: Span;
  readonly edits: readonly Edit[];
  /** New files: path relative to the root and content. */
  readonly creates?: readonly { readonly file: string; readonly text: string }[];
}

/** An opportunity that is not taken: `code` is short and stable (kebab-case), `why` is a sentence for this place. */
export interface Decline {
  readonly code: string;
  readonly why: string;
  readonly at: Span;
}

/** Thrown when two edits of one transform touch the same text: a bug of the transform, never of its input. */
export class OverlapError extends Error {}

const byStart = (a: Span, b: Span): number => a.start - b.start || a.end - b.end;

/**
 * Sorts the edits and checks them against each other and the text: every span lies inside, no two share a character,
 * no insertion falls inside a replacement, no two insertions share a place (their order would be a guess).
 * @throws OverlapError
 */
export function checkEdits(edits: readonly Edit[], length: number): readonly Edit[] {
  const sorted = [...edits].sort(byStart);
  let last: Edit | undefined;
  for (const edit of sorted) {
    if (edit.start < 0 || edit.end < edit.start || edit.end > length) {
      throw new OverlapError(`edit ${edit.start}-${edit.end} lies outside of the text (0-${length})`);
    }
    if (last && (edit.start < last.end || (edit.start === last.start && edit.end === last.end))) {
      throw new OverlapError(`edits ${last.start}-${last.end} and ${edit.start}-${edit.end} overlap`);
    }
    last = edit;
  }
  return sorted;
}

/** Applies edits of one text. Text that no edit names is kept byte for byte. @throws OverlapError */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = checkEdits(edits, text.length);
  if (sorted.length === 0) return text;
  const magic = new MagicString(text);
  for (const edit of sorted) {
    if (edit.start === edit.end) magic.appendLeft(edit.start, edit.text);
    else if (edit.text === '') magic.remove(edit.start, edit.end);
    else magic.update(edit.start, edit.end, edit.text);
  }
  return magic.toString();
}

/** The way between a text before and after edits that do not overlap. Look-ups take logarithmic time. */
export class EditMap {
  private readonly edits: readonly Edit[];
  /** How much longer the text got by the edits before each; one more entry for all of them. */
  private readonly shifts: readonly number[];

  constructor(edits: readonly Edit[]) {
    this.edits = [...edits].sort(byStart);
    const shifts = [0];
    for (const { start, end, text } of this.edits) shifts.push((shifts.at(-1) as number) + text.length - (end - start));
    this.shifts = shifts;
  }

  /** Maps an offset after the edits to the one before; inside of new text: the place of its edit. */
  origin(offset: number): number {
    const next = this.first((edit, shift) => edit.start + shift > offset);
    const edit = this.edits[next - 1];
    if (!edit) return offset;
    const inside = offset - (edit.start + (this.shifts[next - 1] as number));
    if (inside < edit.text.length) return Math.min(edit.start + inside, Math.max(edit.start, edit.end - 1));
    return offset - (this.shifts[next] as number);
  }

  /** Where a span before the edits lies after them; undefined when one edit took it away whole. */
  carry(span: Span): Span | undefined {
    const from = this.first((edit) => edit.end > span.start);
    let { start, end } = span;
    for (let i = from; i < this.edits.length; i++) {
      const edit = this.edits[i] as Edit;
      if (edit.start >= span.end) break;
      if (edit.start <= span.start && span.end <= edit.end) return undefined;
      if (edit.start <= span.start) start = edit.end;
      else end += edit.text.length - (edit.end - edit.start);
    }
    const shift = this.shifts[from] as number;
    return { start: start + shift, end: end + shift };
  }

  /** Where the new text of one of the edits lies. */
  inserted(edit: Edit): Span {
    const at = this.first((other) => byStart(other, edit) >= 0);
    const start = edit.start + (this.shifts[at] as number);
    return { start, end: start + edit.text.length };
  }

  private first(holds: (edit: Edit, shift: number) => boolean): number {
    let low = 0;
    let high = this.edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.edits[middle] as Edit, this.shifts[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
