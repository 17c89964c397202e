/**
 * The authority on WHERE things are: physical lines to directives, comments, instructions and heredocs.
 * The rules are those of BuildKit's own parser (frontend/dockerfile/parser/parser.go and shell/lex.go, read 2026-08).
 */

import { type Line, physicalLine } from './document/lines.ts';
import type { Span } from './edit.ts';
import { heredocTokens } from './heredoc.ts';
import { oddCharacter } from './odd-text.ts';
import { offsetsOf, type SourceText } from './source.ts';

export interface Heredoc {
  readonly name: string;
  readonly quoted: boolean;
  /** `<<-`: leading tabs are removed. */
  readonly chomp: boolean;
  /** The `<<EOF` token. */
  readonly at: Span;
  /** The lines between, with their line ends. */
  readonly body: Span;
  /** The line that ends it, without its line end. */
  readonly terminator: Span;
}

export interface ScannedInstruction extends Span {
  /** Continuations joined, comment and blank lines between them left out, blanks at both ends trimmed. */
  readonly logical: SourceText;
  /** End of the logical line, before heredoc bodies. */
  readonly headEnd: number;
  /** Comment lines inside of continuations, without line ends. */
  readonly comments: readonly Span[];
  readonly heredocs: readonly Heredoc[];
}

export interface Directive extends Span {
  /** Lower case: syntax, escape or check. */
  readonly name: string;
  readonly value: string;
}

/** Why a text is not read as a Dockerfile: a short stable code, a sentence and the place. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

export interface Scan {
  readonly eol: '\n' | '\r\n';
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** Comment lines outside of instructions, directives excluded. */
  readonly comments: readonly Span[];
  readonly instructions: readonly ScannedInstruction[];
  readonly problem?: Problem;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const CONTINUATION = {
  '\\': /(?:^|[^\\])\\[ \t]*$/,
  '`': /(?:^|[^`])`[ \t]*$/,
};
function firstNonBlank(text: string, line: Span): number {
  let i = line.start;
  while (i < line.end && (text[i] === ' ' || text[i] === '\t')) i++;
  return i;
}

/** Reads a text the way BuildKit does. Never throws; what cannot be read is `problem`. Linear in the length of the text. */
export function scan(text: string): Scan {
  const eol = majorityEol(text);
  let escape: '\\' | '`' = '\\';
  const directives: Directive[] = [];
  const comments: Span[] = [];
  const instructions: ScannedInstruction[] = [];
  const done = (problem?: Problem): Scan => ({
    eol,
    escape,
    directives,
    comments,
    instructions,
    ...(problem && { problem }),
  });

  const odd = oddCharacter(text);
  if (odd) return done(odd);

  let inDirectives = true;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const line = physicalLine(text, at);
    const first = firstNonBlank(text, line);
    if (inDirectives) {
      const match = text[first] === '#' ? DIRECTIVE.exec(text.slice(first, line.end)) : null;
      const name = match?.[1]?.toLowerCase();
      if (match && (name === 'syntax' || name === 'escape' || name === 'check')) {
        const value = match[2] as string;
        if (directives.some((d) => d.name === name)) {
          return done({
            code: 'repeated-directive',
            message: `the directive ${name} stands here a second time`,
            at: first,
          });
        }
        directives.push({ start: first, end: line.end, name, value });
        if (name === 'escape') {
          if (value !== '\\' && value !== '`') {
            return done({
              code: 'bad-escape',
              message: `the escape directive wants \\ or \`, not ${value}`,
              at: first,
            });
          }
          escape = value;
        }
        at = line.next;
        continue;
      }
      inDirectives = false;
    }
    if (first === line.end) {
      at = line.next;
    } else if (text[first] === '#') {
      comments.push({ start: first, end: line.end });
      at = line.next;
    } else {
      const read = readInstruction(text, line, first, escape);
      if ('code' in read) return done(read);
      instructions.push(read.instruction);
      at = read.next;
    }
  }
  return done();
}

function readInstruction(
  text: string,
  line: Line,
  first: number,
  escape: '\\' | '`',
): { instruction: ScannedInstruction; next: number } | Problem {
  const pieces: Span[] = [];
  const comments: Span[] = [];
  const continuation = CONTINUATION[escape];
  let current = line;
  let from = first;
  let open = true;
  for (;;) {
    const physical = text.slice(from, current.end);
    open = continuation.test(physical);
    pieces.push({ start: from, end: open ? from + physical.lastIndexOf(escape) : current.end });
    if (!open) break;
    let more = false;
    while (current.next < text.length) {
      const following = physicalLine(text, current.next);
      const content = firstNonBlank(text, following);
      current = following;
      if (content === following.end) continue;
      if (text[content] === '#') {
        comments.push({ start: content, end: following.end });
        continue;
      }
      more = true;
      break;
    }
    if (!more) break;
    from = current.start;
  }
  const last = pieces[pieces.length - 1] as Span;
  if (open) {
    return {
      code: 'dangling-continuation',
      message: `the last instruction ends in a line continuation (${escape}) with nothing behind it`,
      at: last.end,
    };
  }
  const logical = join(text, pieces);
  const found = mayHoldHeredoc(logical.text) ? heredocTokens(logical.text) : [];
  let next = current.next;
  let end = last.end;
  const heredocs: Heredoc[] = [];
  for (const token of found) {
    const bodyStart = next;
    let terminator: Line | undefined;
    while (next < text.length) {
      const candidate = physicalLine(text, next);
      next = candidate.next;
      let content = text.slice(candidate.start, candidate.end);
      if (token.chomp) content = content.replace(/^\t+/, '');
      if (content === token.name) {
        terminator = candidate;
        break;
      }
    }
    const at = { start: logical.offsets[token.start] as number, end: (logical.offsets[token.end - 1] as number) + 1 };
    if (!terminator) {
      return {
        code: 'unterminated-heredoc',
        message: `the heredoc ${token.name} has no line that ends it`,
        at: at.start,
      };
    }
    heredocs.push({
      name: token.name,
      quoted: token.quoted,
      chomp: token.chomp,
      at,
      body: { start: bodyStart, end: terminator.start },
      terminator: { start: terminator.start, end: terminator.end },
    });
    end = terminator.end;
  }
  return { instruction: { start: first, end, headEnd: last.end, logical, comments, heredocs }, next };
}

/** Joins the pieces to one logical line, blanks at both ends trimmed. */
function join(text: string, pieces: readonly Span[]): SourceText {
  const [{ start: from, end }, ...more] = pieces as [Span, ...Span[]];
  let whole = text.slice(from, end);
  let offsets = offsetsOf(from, end);
  if (more.length > 0) {
    whole = pieces.map((piece) => text.slice(piece.start, piece.end)).join('');
    offsets = new Uint32Array(whole.length);
    let at = 0;
    for (const piece of pieces) {
      offsets.set(offsetsOf(piece.start, piece.end), at);
      at += piece.end - piece.start;
    }
  }
  const trimmed = whole.trim();
  const head = whole.length - whole.trimStart().length;
  const isWhole = trimmed.length === whole.length;
  return {
    text: trimmed,
    offsets: isWhole ? offsets : offsets.subarray(head, head + trimmed.length),
    file: text,
    at: from,
  };
}

/** Heredocs belong to RUN, COPY and ADD (and behind ONBUILD) in shell form only. */
function mayHoldHeredoc(logical: string): boolean {
  if (!logical.includes('<<')) return false;
  const match = /^(?:onbuild[\t\v\f\r ]+)?(run|copy|add)[\t\v\f\r ]+([\s\S]*)$/i.exec(logical);
  return match !== null && !isJsonArray((match[2] as string).replace(/^(?:--\S*\s+)*/, ''));
}

/** Whether Docker reads these arguments as a JSON array (trailing text or single quotes make it shell form). */
export function isJsonArray(args: string): boolean {
  if (!args.startsWith('[')) return false;
  try {
    const value: unknown = JSON.parse(args);
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}

function majorityEol(text: string): '\n' | '\r\n' {
  let crlf = 0;
  let lf = 0;
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) {
    if (text[i - 1] === '\r') crlf++;
    else lf++;
  }
  return crlf > lf ? '\r\n' : '\n';
}
