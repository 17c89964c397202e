/** Heredocs in a logical line, found as BuildKit's lexer finds them (frontend/dockerfile/shell/lex.go, read 2026-08). */
import type { Span } from './edit.ts';

/** A word of the logical line that opens a heredoc; offsets into that line. */
export interface HeredocToken extends Span {
  readonly name: string;
  readonly quoted: boolean;
  readonly chomp: boolean;
}

/** The words of a logical line that open heredocs; [] where BuildKit's lexer gives up (open quote, odd substitution). */
export function heredocTokens(line: string): HeredocToken[] {
  const tokens: HeredocToken[] = [];
  let start = -1;
  const close = (end: number): void => {
    if (start === -1) return;
    const token = heredocWord(line, start, end);
    if (token) tokens.push(token);
    start = -1;
  };
  let i = 0;
  while (i < line.length) {
    const ch = line[i] as string;
    if (/\s/.test(ch)) {
      close(i);
      i++;
      continue;
    }
    if (start === -1) start = i;
    if (ch === '\\') i += 2;
    else if (ch === "'" || ch === '"') {
      const end = closingQuote(line, i);
      if (end === -1) return [];
      i = end + 1;
    } else if (ch === '$' && line[i + 1] === '{') {
      const end = substitutionEnd(line, i);
      if (end === -1) return [];
      i = end;
    } else if (ch === '<' && line[i + 1] === '<') {
      // `cat << EOF`: blanks behind << belong to the word
      i += 2;
      while (i < line.length && /\s/.test(line[i] as string)) i++;
    } else i++;
  }
  close(line.length);
  return tokens;
}

function closingQuote(line: string, open: number): number {
  const quote = line[open];
  for (let i = open + 1; i < line.length; i++) {
    if (line[i] === quote) return i;
    if (quote === '"' && line[i] === '\\') i++;
  }
  return -1;
}

/** Offset behind `${...}`, or -1 where BuildKit's lexer reports an error. */
function substitutionEnd(line: string, dollar: number): number {
  const head = /^\$\{(?:[a-zA-Z_][a-zA-Z0-9_]*|[0-9]+|[@*#])(?=[}:+\-?#%/])/.exec(line.slice(dollar));
  if (!head) return -1;
  let depth = 1;
  for (let i = dollar + head[0].length; i < line.length; i++) {
    const ch = line[i];
    if (ch === '\\') i++;
    else if (ch === "'" || ch === '"') {
      const end = closingQuote(line, i);
      if (end === -1) return -1;
      i = end;
    } else if (ch === '{' && line[i - 1] === '$') depth++;
    else if (ch === '}' && --depth === 0) return i + 1;
  }
  return -1;
}

function heredocWord(line: string, start: number, end: number): HeredocToken | undefined {
  const match = /^\d*<<(-?)\s*([^<]+)$/.exec(line.slice(start, end));
  if (!match) return undefined;
  const rest = match[2] as string;
  if (/[^\\]\s/.test(rest.replace(/'[^']*'|"[^"]*"/g, ''))) return undefined;
  let name = '';
  let quoted = false;
  for (let i = 0; i < rest.length; i++) {
    const ch = rest[i] as string;
    if (ch === "'" || ch === '"') {
      const close = closingQuote(rest, i);
      name += rest.slice(i + 1, close);
      quoted = true;
      i = close;
    } else if (ch === '\\') name += rest[++i] ?? '';
    else name += ch;
  }
  return { start, end, name, quoted, chomp: match[1] === '-' };
}
