/**
 * Edits, changes and their application. The only importer of magic-string.
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

/** Maps an offset of the edited text back to the text before the edits; inside inserted text: the place of the edit. */
export function originOffset(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const edit of [...edits].sort(byStart)) {
    const start = edit.start + shift;
    if (offset < start) break;
    if (offset < start + edit.text.length)
      return Math.min(edit.start + (offset - start), Math.max(edit.start, edit.end - 1));
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}

/** Where a span of the text before the edits lies after them; undefined when an edit took it away whole. */
export function carry(edits: readonly Edit[], span: Span): Span | undefined {
  let shift = 0;
  let { start, end } = span;
  for (const edit of [...edits].sort(byStart)) {
    const delta = edit.text.length - (edit.end - edit.start);
    if (edit.end <= span.start) shift += delta;
    else if (edit.start >= span.end) break;
    else if (edit.start <= span.start && span.end <= edit.end) return undefined;
    else if (edit.start <= span.start) start = edit.end;
    else end += delta;
  }
  return { start: start + shift, end: end + shift };
}
