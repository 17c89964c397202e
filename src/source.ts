/** Text with a way home: a logical text (continuations and comment lines removed) whose every character knows its offset in the file. */
import type { Span } from './edit.ts';

/** `offsets[i]` is the offset in `file` of the i-th character of `text`; the offsets grow strictly. */
export interface SourceText {
  readonly text: string;
  readonly offsets: ArrayLike<number>;
  /** The whole text of the file that the offsets point into. */
  readonly file: string;
  /** Where an empty text stands (offset in `file`). */
  readonly at: number;
}

/** The span in the file of `[start, end)` of the logical text; an empty range gives an empty span. */
export function spanOf(source: SourceText, start: number, end: number): Span {
  const { offsets, text } = source;
  if (start >= end) {
    const at =
      start < text.length
        ? (offsets[start] as number)
        : text.length > 0
          ? (offsets[text.length - 1] as number) + 1
          : source.at;
    return { start: at, end: at };
  }
  return { start: offsets[start] as number, end: (offsets[end - 1] as number) + 1 };
}

/** A part of a source text, with its own offsets. */
export function sliceSource(source: SourceText, start: number, end: number = source.text.length): SourceText {
  return {
    text: source.text.slice(start, end),
    offsets:
      source.offsets instanceof Uint32Array
        ? source.offsets.subarray(start, end)
        : Array.prototype.slice.call(source.offsets, start, end),
    file: source.file,
    at: spanOf(source, start, start).start,
  };
}

/** A text that is a file of its own. */
export function wholeText(text: string): SourceText {
  return { text, offsets: Uint32Array.from({ length: text.length }, (_, i) => i), file: text, at: 0 };
}
