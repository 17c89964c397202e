/** Offsets to lines. The scanner refuses lone carriage returns, so that a line feed ends every line. */

import type { Span } from '../edit.ts';

/** One line of a text; `end` is before its line end. */
export interface Line extends Span {
  /** First offset behind the line end. */
  readonly next: number;
}

/** Cuts the text at LF; trailing CRs belong to the line end. */
export function physicalLine(text: string, start: number): Line {
  const lf = text.indexOf('\n', start);
  const next = lf === -1 ? text.length : lf + 1;
  let end = lf === -1 ? text.length : lf;
  while (end > start && text[end - 1] === '\r') end--;
  return { start, end, next };
}

/** The offset at which each line starts. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** Where the line of an offset starts. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The 1-based line of an offset. */
export function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The whole lines of an instruction, the line end included; with the empty line below where one stands above, too. */
export function linesOf(text: string, span: { readonly start: number; readonly end: number }): Line {
  const start = lineStart(text, span.start);
  const { end, next } = physicalLine(text, lineStart(text, span.end));
  const above = start === 0 ? '' : text.slice(lineStart(text, start - 1), start).trim();
  const below = physicalLine(text, next);
  const isDouble = above === '' && below.next > next && text.slice(next, below.end).trim() === '';
  return { start, end, next: isDouble ? below.next : next };
}
