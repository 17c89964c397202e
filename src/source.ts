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

/** 0, 1, 2, ...: the offsets of all files, as long as the longest one needs. */
let counted = new Uint32Array();

/** The offsets from `start` up to `end`, for a text that stands in the file as it is. */
export function offsetsOf(start: number, end: number): Uint32Array {
  if (counted.length < end) {
    counted = new Uint32Array(Math.max(end, 2 * counted.length));
    for (let i = 0; i < counted.length; i++) counted[i] = i;
  }
  return counted.subarray(start, end);
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
