/**
 * The physical side of a shell text: what stands between two of its parts in the file, and edits that take parts out of it.
 * Between two parts there may be blanks, an operator, continuations, blank lines and comment lines; comment lines are never lost.
 */
import { lineStart } from '../document/lines.ts';
import type { Edit } from '../edit.ts';
import { type SourceText, spanOf } from '../source.ts';

export interface ShellText {
  readonly source: SourceText;
  /** What ends a continued line of the Dockerfile. */
  readonly escape: '\\' | '`';
}

/** A half-open range of the logical text. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

interface Piece {
  readonly text: string;
  /** Its line end; '' for the last piece. */
  readonly eol: string;
}

/** The physical text between two parts. */
export interface Gap {
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly first: Piece;
  /** Whole lines between the first and the last piece. */
  readonly middle: readonly Piece[];
  /** What stands before the part on its line; undefined when the gap is on one line. */
  readonly last: string | undefined;
  /** Comment lines with their line ends. */
  readonly comments: readonly string[];
}

export const startIn = ({ source }: ShellText, at: number): number => spanOf(source, at, at + 1).start;
export const endIn = ({ source }: ShellText, at: number): number =>
  at > 0 ? spanOf(source, at - 1, at).end : source.at;

/** Whether a character of the file is not a part of the logical text: continuations, comment lines, blank lines. */
function isHidden({ source }: ShellText, offset: number): boolean {
  let low = 0;
  let high = source.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((source.offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return source.offsets[low] !== offset;
}

const isComment = (line: string): boolean => /^[ \t]*#/.test(line);
const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** The gap between two places of the logical text; `from` is where the left part ends, `to` where the right one starts. */
export function gapBetween(shell: ShellText, from: number, to: number): Gap {
  const start = endIn(shell, from);
  const end = startIn(shell, to);
  const text = shell.source.file.slice(start, end);
  if (!text.includes('\n')) {
    return { start, end, text, first: { text, eol: '' }, middle: [], last: undefined, comments: [] };
  }
  const split = text.split(/(\r?\n)/);
  const pieces: Piece[] = [];
  for (let i = 0; i < split.length; i += 2) pieces.push({ text: split[i] as string, eol: split[i + 1] ?? '' });
  const first = pieces[0] as Piece;
  const middle = pieces.slice(1, -1);
  const last = pieces.length > 1 ? (pieces.at(-1) as Piece).text : undefined;
  const comments = middle.filter((piece) => isComment(piece.text)).map((piece) => piece.text + piece.eol);
  return { start, end, text, first, middle, last, comments };
}

/** Whether comment lines stand inside of a part: `apt-get install \⏎  # tools⏎  curl`. */
export function hasComments(shell: ShellText, part: Part): boolean {
  const start = startIn(shell, part.start);
  const text = shell.source.file.slice(start, endIn(shell, part.end));
  if (!text.includes('#')) return false;
  for (const match of text.matchAll(/\n[ \t]*#/g)) {
    if (isHidden(shell, start + match.index + match[0].length - 1)) return true;
  }
  return false;
}

/** The first continuation inside of a part as ` \⏎    `, ready to carry the next line; undefined when it is on one line. */
export function breakIn(shell: ShellText, part: Part): string | undefined {
  const start = startIn(shell, part.start);
  const text = shell.source.file.slice(start, endIn(shell, part.end));
  if (!text.includes('\n')) return undefined;
  const line = /([\\`])[ \t]*(\r?\n)((?:[ \t]*(?:#[^\n]*)?\r?\n)*)([ \t]*)/g;
  for (const match of text.matchAll(line)) {
    if (match[1] === shell.escape && isHidden(shell, start + match.index)) return ` ${match[1]}${match[2]}${match[4]}`;
  }
  return undefined;
}

/** The gap without its comment lines and blank lines: the model for a new one. */
export function model(gap: Gap): string {
  if (gap.last === undefined) return gap.text;
  const lines = gap.middle.filter((piece) => piece.text.trim() !== '' && !isComment(piece.text));
  // blanks that align the backslashes of other lines are not copied
  const first = gap.first.text.replace(/^[ \t]+/, ' ');
  return [{ text: first, eol: gap.first.eol }, ...lines, { text: gap.last, eol: '' }]
    .map((p) => p.text + p.eol)
    .join('');
}

const eolOf = (comments: readonly string[]): string => (comments[0]?.endsWith('\r\n') ? '\r\n' : '\n');

/** The base gap with comment lines of its neighbours; `indent` starts its last line where it has to be broken first. */
function withComments(
  shell: ShellText,
  base: Gap,
  before: readonly string[],
  after: readonly string[],
  indent: string,
): string {
  if (before.length + after.length === 0) return base.text;
  if (base.last === undefined) {
    const comments = [...before, ...after];
    return ` ${shell.escape}${eolOf(comments)}${comments.join('')}${indent}${base.text.trimStart()}`;
  }
  const middle = base.middle.map((piece) => piece.text + piece.eol).join('');
  return base.first.text + base.first.eol + before.join('') + middle + after.join('') + base.last;
}

/**
 * Takes out what stands between two gaps. One of the gaps stays: the one that is asked for, else the one with a line break.
 * `inner` are comment lines between the two gaps.
 */
export function joinGaps(
  shell: ShellText,
  left: Gap,
  right: Gap,
  keep: 'left' | 'right' | 'any',
  inner: readonly string[] = [],
): Edit {
  const base = keep === 'right' || (keep === 'any' && left.last === undefined) ? right : left;
  const other = base === left ? right : left;
  const foreign = base === left ? [[], [...inner, ...right.comments]] : [[...left.comments, ...inner], []];
  const indent = indentOf(other.last ?? right.last ?? left.last ?? '');
  const text = withComments(shell, base, foreign[0] as string[], foreign[1] as string[], indent);
  if (text === left.text) return { start: left.end, end: right.end, text: '' };
  if (text === right.text) return { start: left.start, end: right.start, text: '' };
  return { start: left.start, end: right.end, text };
}

/** Takes out the first part of a list and the gap behind it: `RUN a \⏎  # b⏎  && b` becomes `RUN \⏎  # b⏎  b`. */
export function dropHead(shell: ShellText, part: Part, gap: Gap): Edit {
  const start = startIn(shell, part.start);
  if (gap.comments.length === 0) return { start, end: gap.end, text: '' };
  const { file } = shell.source;
  const line = lineStart(file, start);
  const comments = gap.comments.join('');
  const tail = indentOf(gap.last ?? '');
  // on a line of its own: the comments take its place
  if (file.slice(line, start).trim() === '') return { start: line, end: gap.end, text: comments + tail };
  return { start, end: gap.end, text: shell.escape + eolOf(gap.comments) + comments + tail };
}

/**
 * Takes out the last part of a list or command, from `gap` (the one before it) to the end of the part.
 * At the end of the instruction its comment lines become ordinary ones, and no continuation may be left before them.
 * undefined where the comments have no legal place.
 */
export function dropTail(shell: ShellText, gap: Gap, end: number, inner: readonly string[] = []): Edit | undefined {
  const { file, text } = shell.source;
  const stop = endIn(shell, end);
  const comments = [...gap.comments, ...inner];
  if (comments.length === 0) return { start: gap.start, end: stop, text: '' };
  const eol = eolOf(comments);
  const rest = /^[^\n]*\n?/.exec(file.slice(stop))?.[0] ?? '';
  if (text.slice(end).trim() === '') {
    const lines = eol + comments.join('');
    return rest.trim() === '' ? { start: gap.start, end: stop, text: lines.slice(0, -eol.length) } : undefined;
  }
  // the next line would belong to a heredoc
  if (/^[ \t]*\n/.test(text.slice(end))) return undefined;
  const broken = ` ${shell.escape}${eol}${comments.join('')}`;
  const blanks = indentOf(rest).length;
  // `b \⏎  && c`: the line after the continuation follows the comments
  if (rest[blanks] === shell.escape && isHidden(shell, stop + blanks)) {
    return { start: gap.start, end: stop + rest.length, text: broken };
  }
  return { start: gap.start, end: stop + blanks, text: broken + indentOf(gap.last ?? '') };
}
