/**
 * The lexers of BuildKit's line parsers over a logical line: builder flags, words, name=value pairs, JSON strings.
 * Source: frontend/dockerfile/parser/split_command.go and line_parsers.go, read 2026-08.
 *
 * No `{ ...span, value }` here: V8 (11.3) lets what such a literal makes outlive its document, tens of megabytes a run.
 */
import type { Span } from '../edit.ts';
import { type SourceText, sliceSource, spanOf } from '../source.ts';
import type { Flag, Pair, Word } from './model.ts';

/** The blanks of a logical line; the scanner refuses every other kind. */
const isBlank = (ch: string | undefined): boolean => ch === ' ' || ch === '\t' || ch === '\n' || ch === '\r';
const BLANK = /\s/;

/** Splits `--name=value` words off the head of `args`. Returns them and the offset of the first other word. */
export function readFlags(args: SourceText, escape: string): { flags: Flag[]; rest: number } {
  const { text } = args;
  const flags: Flag[] = [];
  let i = 0;
  for (;;) {
    while (i < text.length && isBlank(text[i])) i++;
    if (!text.startsWith('--', i)) return { flags, rest: i };
    const start = i;
    let word = '';
    let quote = '';
    for (; i < text.length; i++) {
      const ch = text[i] as string;
      if (quote === '' && isBlank(ch)) break;
      if (quote !== '' && ch === quote) quote = '';
      else if (quote === '' && (ch === "'" || ch === '"')) quote = ch;
      else if (ch === escape) word += text[++i] ?? '';
      else word += ch;
    }
    if (word === '--') return { flags, rest: i };
    const equals = word.indexOf('=');
    const span = spanOf(args, start, i);
    flags.push({
      start: span.start,
      end: span.end,
      name: (equals === -1 ? word.slice(2) : word.slice(2, equals)).toLowerCase(),
      value: equals === -1 ? '' : word.slice(equals + 1),
    });
  }
}

/** Splits at blanks; quotes and escapes stay in the words and protect blanks. */
export function readWords(args: SourceText, escape: string): Word[] {
  return wordRanges(args.text, escape).map((range) => {
    const { start, end } = spanOf(args, range.start, range.end);
    return { start, end, value: args.text.slice(range.start, range.end) };
  });
}

function wordRanges(text: string, escape: string): Span[] {
  const words: Span[] = [];
  let i = 0;
  while (i < text.length) {
    if (isBlank(text[i])) {
      i++;
      continue;
    }
    const start = i;
    let quote = '';
    for (; i < text.length; i++) {
      const ch = text[i] as string;
      if (quote === '' && isBlank(ch)) break;
      if (ch === escape && quote !== "'") i++;
      else if (quote !== '' && ch === quote) quote = '';
      else if (quote === '' && (ch === "'" || ch === '"')) quote = ch;
    }
    i = Math.min(i, text.length);
    words.push({ start, end: i });
  }
  return words;
}

/** Splits at blanks only, as FROM, COPY, EXPOSE and VOLUME are read: quotes mean nothing. */
export function readPlainWords(args: SourceText): Word[] {
  const words: Word[] = [];
  const pattern = /\S+/g;
  for (let match = pattern.exec(args.text); match; match = pattern.exec(args.text)) {
    const [value] = match;
    const { start, end } = spanOf(args, match.index, match.index + value.length);
    words.push({ start, end, value });
  }
  return words;
}

/** The strings of a JSON array with their spans (quotes included) and decoded values. The array must be known to be valid. */
export function readJson(args: SourceText): Word[] {
  return [...args.text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map((match) => {
    const { start, end } = spanOf(args, match.index, match.index + match[0].length);
    return { start, end, value: JSON.parse(match[0]) as string };
  });
}

/** ENV and LABEL: `a=b c=d`, or the legacy `name value with blanks`. ARG: `a b=c`. Words without `=` where one is needed give undefined. */
export function readPairs(args: SourceText, escape: string, keyword: string): Pair[] | undefined {
  const words = wordRanges(args.text, escape);
  const first = words[0];
  if (!first) return undefined;
  if (keyword !== 'ARG' && !args.text.slice(first.start, first.end).includes('=')) {
    const blank = args.text.search(BLANK);
    if (blank === -1) return undefined;
    const start = blank + (/\S/.exec(args.text.slice(blank))?.index ?? 0);
    return [
      {
        name: args.text.slice(0, blank),
        nameSpan: spanOf(args, 0, blank),
        raw: args.text.slice(start),
        valueSpan: spanOf(args, start, args.text.length),
        legacy: true,
      },
    ];
  }
  const pairs: Pair[] = [];
  for (const word of words) {
    const text = args.text.slice(word.start, word.end);
    const equals = text.indexOf('=');
    if (equals === -1 && keyword !== 'ARG') return undefined;
    const nameEnd = equals === -1 ? word.end : word.start + equals;
    pairs.push({
      name: args.text.slice(word.start, nameEnd),
      nameSpan: spanOf(args, word.start, nameEnd),
      raw: equals === -1 ? undefined : args.text.slice(nameEnd + 1, word.end),
      valueSpan: equals === -1 ? undefined : spanOf(args, nameEnd + 1, word.end),
      legacy: false,
    });
  }
  return pairs;
}

/** The part of an instruction's logical line behind its keyword, and the keyword. */
export function splitKeyword(logical: SourceText): { keyword: string; keywordEnd: number; args: SourceText } {
  const match = /^[^\t\v\f\r ]+/.exec(logical.text);
  const keywordEnd = match ? match[0].length : 0;
  const rest = /^[\t\v\f\r ]*/.exec(logical.text.slice(keywordEnd)) as RegExpExecArray;
  return {
    keyword: logical.text.slice(0, keywordEnd).toUpperCase(),
    keywordEnd,
    args: sliceSource(logical, keywordEnd + rest[0].length),
  };
}
