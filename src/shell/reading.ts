/** What the parser's tree says of one simple command: its words with their values and places, its wrappers and assignments. */
import type { Assignment, Command as CommandNode, Word, WordPart } from 'unbash';
import { type SourceText, spanOf } from '../source.ts';
import type { Command, ShellWord } from './command.ts';
import type { Part } from './layout.ts';
import type { Place } from './list.ts';
import { unwrap } from './wrappers.ts';

/** A word that knows where it stands in the logical text. */
export interface LocatedWord extends ShellWord {
  readonly from: number;
  readonly to: number;
}

/** What a command's surroundings say about it. */
export interface Facts {
  readonly certain: boolean;
  readonly substituted: boolean;
  readonly piped: boolean;
  readonly redirected: boolean;
  readonly list: number;
}

/** A command as it was read; the offsets are those of the file that was read. */
export interface Reading {
  readonly start: number;
  readonly end: number;
  readonly facts: Facts;
  /** Missing where the list must not change. */
  readonly place: Place | undefined;
  /** Everything it consists of, in order: assignments, redirections, words. */
  readonly parts: readonly Part[];
  readonly words: readonly LocatedWord[];
  /** Which of the words names the program; -1 where none is known to. */
  readonly program: number;
  readonly wrappers: readonly string[];
  readonly assignments: Command['assignments'];
  readonly redirected: boolean;
}

function fixed(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every((child) => child.type === 'Literal');
  return part.type === 'Literal' || part.type === 'SingleQuoted';
}

/** Text that means itself to every shell. */
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

/** The value of a word of fixed text. A leading `~` is expanded by the shell; `$'..'` and `{a,b}` depend on which shell it is. */
function literalOf(word: Word): string | undefined {
  // most words; asking for the parts of a word parses it once more
  if (PLAIN.test(word.text)) return word.text;
  if (word.text.startsWith('~')) return undefined;
  return !word.parts || word.parts.every(fixed) ? word.value : undefined;
}

/** `A=b`, also as an argument (`export A=b`). */
function assigned(node: Assignment): string | undefined {
  return node.value.type === 'Word' && !node.append && !node.index ? literalOf(node.value) : undefined;
}

function wordOf(source: SourceText, node: Word | Assignment): LocatedWord {
  const value = node.type === 'Word' ? literalOf(node) : assigned(node);
  const literal = node.type === 'Word' || value === undefined ? value : `${node.name}=${value}`;
  const { start, end } = spanOf(source, node.pos, node.end);
  return { start, end, raw: source.text.slice(node.pos, node.end), literal, from: node.pos, to: node.end };
}

/** A word `by` characters further on in the file. */
export const further = ({ start, end, raw, literal, from, to }: LocatedWord, by: number): LocatedWord => ({
  start: start + by,
  end: end + by,
  raw,
  literal,
  from,
  to,
});

/** Reads a command. `start`: where it begins in the logical text (before `time`). */
export function readCommand(
  source: SourceText,
  node: CommandNode,
  start: number,
  facts: Facts,
  place: Place | undefined,
): Reading {
  const nodes = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix];
  const words = (node.name ? [node.name, ...node.args] : node.args).map((it) => wordOf(source, it));
  const { wrappers, program, assignments } = unwrap(words);
  const span = spanOf(source, start, node.end);
  return {
    start: span.start,
    end: span.end,
    facts,
    place,
    parts: nodes.map(({ pos, end }) => ({ start: pos, end })),
    words,
    program,
    wrappers: start < node.pos ? ['time', ...wrappers] : wrappers,
    assignments: [
      ...node.prefix.flatMap((it) =>
        it.type === 'Assignment' ? [{ name: it.name, value: assigned(it), at: spanOf(source, it.pos, it.end) }] : [],
      ),
      ...assignments.map((word) => ({
        name: word.raw.slice(0, word.raw.indexOf('=')),
        value: word.literal?.slice(word.literal.indexOf('=') + 1),
        at: { start: word.start, end: word.end },
      })),
    ],
    redirected: facts.redirected || node.redirects.length > 0,
  };
}
