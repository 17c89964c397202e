/** One simple command of a shell script: what it says, and edits that change it in the file. */

import type { Assignment, Command as CommandNode, Word, WordPart } from 'unbash';
import { ANSWERS } from '../document/once.ts';
import type { Edit, Span } from '../edit.ts';
import { spanOf } from '../source.ts';
import { dropTail, type Gap, gapBetween, hasComments, joinGaps, type Part, type ShellText } from './layout.ts';
import { appendTo, type Place, prependTo, removeLink } from './list.ts';
import { baseName, unwrap } from './wrappers.ts';

export interface ShellWord extends Span {
  /** As written. */
  readonly raw: string;
  /** Unquoted value when the word is fixed text (no expansion, no glob, no substitution), else undefined. */
  readonly literal: string | undefined;
}

export interface Command extends Span {
  /** The program, fixed text only, wrappers removed (`sudo -E`, `env A=b`, `exec`, `time`, `nice`, `command`, `VAR=x`); undefined when it is not fixed. A path keeps its folder: `/opt/venv/bin/pip`. */
  readonly name: string | undefined;
  /** Last segment of `name`: `pip`. */
  readonly program: string | undefined;
  /** The words after the program. */
  readonly args: readonly ShellWord[];
  /** The word that names the program. */
  readonly nameWord: ShellWord | undefined;
  /** Wrappers that were removed, in order: 'sudo', 'env', ... */
  readonly wrappers: readonly string[];
  /** `A=b` before the program (env's too): value undefined when not fixed. */
  readonly assignments: readonly { readonly name: string; readonly value: string | undefined; readonly at: Span }[];
  readonly redirected: boolean;
  /** Runs whenever the instruction succeeds: a link of the top-level `&&` / `;` / newline list (or of a `{ }` group in it), not piped, negated, in `||`, in the background, conditional or substituted. */
  readonly certain: boolean;
  /** In `$( )`, backticks or a process substitution. */
  readonly substituted: boolean;
  readonly piped: boolean;
  /** Identifies the list (`&&`, `;`, newline chain) that it is a link of; commands of one list share it. */
  readonly list: number;

  /** Whether a fixed word equals one of the flags (`--no-cache-dir`; also `--flag=value`; `-y` inside of a short bundle like `-qqy`). */
  has(...flags: string[]): boolean;
  /** The value of the last `--flag value`, `--flag=value`, `-f value` or `-fvalue`; undefined when absent or not fixed. */
  value(...flags: string[]): string | undefined;
  /** Words that are neither flags nor values of one of `valueFlags`. After a bare `--` every word is one. */
  operands(valueFlags?: readonly string[]): readonly ShellWord[];
  /** Takes the command out of its list together with its operator, comments kept; undefined where that is not clean (only command, piped, `||`, condition, redirection of a group, shell comment in the way). */
  remove(): Edit | undefined;
  /** Takes words out of the command together with the blanks (and continuations) before them; undefined where that is not clean. */
  removeWords(words: readonly ShellWord[]): readonly Edit[] | undefined;
  /** Writes words right behind `after` (default: the program's word), on the same line. */
  insertWords(text: string, after?: ShellWord): Edit;
  /** Adds a command after this one (`&& text`), laid out like the list: on a line of its own where the list has one per line. undefined where it is not clean (piped, `||`, ...). */
  append(text: string): Edit | undefined;
  /** Adds a command before this one (`text && `), laid out like the list. */
  prepend(text: string): Edit | undefined;
}

/** A word that knows where it stands in the logical text. */
interface LocatedWord extends ShellWord {
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

const moved = ({ start, end, raw, literal, from, to }: LocatedWord, by: number): LocatedWord => ({
  start: start + by,
  end: end + by,
  raw,
  literal,
  from,
  to,
});

const isShort = (flag: string): boolean => /^-[A-Za-z]$/.test(flag);

export class SimpleCommand implements Command {
  readonly start: number;
  readonly end: number;
  readonly name: string | undefined;
  readonly program: string | undefined;
  readonly args: readonly ShellWord[];
  readonly nameWord: ShellWord | undefined;
  readonly wrappers: readonly string[];
  readonly assignments: Command['assignments'];
  readonly redirected: boolean;
  readonly certain: boolean;
  readonly substituted: boolean;
  readonly piped: boolean;
  readonly list: number;
  private readonly shell: ShellText;
  private readonly place: Place | undefined;
  /** Everything it consists of, in order: assignments, redirections, words. */
  private readonly parts: readonly Part[];
  private readonly words: readonly LocatedWord[];
  [ANSWERS]: Map<object, unknown> | undefined = undefined;

  /** `start`: where it begins in the logical text (before `time`). `place` is missing where the list must not change. */
  constructor(shell: ShellText, node: CommandNode, start: number, facts: Facts, place: Place | undefined) {
    const span = spanOf(shell.source, start, node.end);
    this.start = span.start;
    this.end = span.end;
    this.shell = shell;
    this.place = place;
    this.certain = facts.certain;
    this.substituted = facts.substituted;
    this.piped = facts.piped;
    this.list = facts.list;
    this.redirected = facts.redirected || node.redirects.length > 0;
    const nodes = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix];
    this.parts = nodes.map(({ pos, end }) => ({ start: pos, end }));
    const words = (node.name ? [node.name, ...node.args] : node.args).map((it) => this.word(it));
    this.words = words;
    const { wrappers, program, assignments } = unwrap(words);
    this.wrappers = start < node.pos ? ['time', ...wrappers] : wrappers;
    this.nameWord = words[program];
    this.name = this.nameWord?.literal;
    this.program = this.name === undefined ? undefined : baseName(this.name);
    this.args = program < 0 ? [] : words.slice(program + 1);
    this.assignments = [
      ...node.prefix.flatMap((it) =>
        it.type === 'Assignment'
          ? [{ name: it.name, value: assigned(it), at: spanOf(shell.source, it.pos, it.end) }]
          : [],
      ),
      ...assignments.map((word) => ({
        name: word.raw.slice(0, word.raw.indexOf('=')),
        value: word.literal?.slice(word.literal.indexOf('=') + 1),
        at: { start: word.start, end: word.end },
      })),
    ];
  }

  /** The same command in a file that holds its script `by` characters further on. */
  moved(shell: ShellText, by: number): SimpleCommand {
    const words = this.words.map((word) => (by === 0 ? word : moved(word, by)));
    const program = this.nameWord ? this.words.indexOf(this.nameWord as LocatedWord) : -1;
    return Object.assign(Object.create(SimpleCommand.prototype) as SimpleCommand, this, {
      shell,
      [ANSWERS]: undefined,
      start: this.start + by,
      end: this.end + by,
      words,
      nameWord: words[program],
      args: program < 0 ? [] : words.slice(program + 1),
      assignments: this.assignments.map(({ name, value, at }) => ({
        name,
        value,
        at: { start: at.start + by, end: at.end + by },
      })),
    });
  }

  private word(node: Word | Assignment): LocatedWord {
    const value = node.type === 'Word' ? literalOf(node) : assigned(node);
    const literal = node.type === 'Word' || value === undefined ? value : `${node.name}=${value}`;
    const { start, end } = spanOf(this.shell.source, node.pos, node.end);
    return { start, end, raw: this.shell.source.text.slice(node.pos, node.end), literal, from: node.pos, to: node.end };
  }

  /** The words before a bare `--`. */
  private options(): readonly ShellWord[] {
    const end = this.args.findIndex((word) => word.literal === '--');
    return end < 0 ? this.args : this.args.slice(0, end);
  }

  has(...flags: string[]): boolean {
    return this.options().some(({ raw, literal }) =>
      flags.some((flag) => {
        if (literal === flag || raw.startsWith(`${flag}=`)) return true;
        return (
          isShort(flag) && literal !== undefined && /^-[A-Za-z]+$/.test(literal) && literal.includes(flag.slice(1))
        );
      }),
    );
  }

  value(...flags: string[]): string | undefined {
    const words = this.options();
    let found: string | undefined;
    words.forEach(({ raw, literal }, at) => {
      for (const flag of flags) {
        if (literal === flag) found = words[at + 1]?.literal;
        else if (raw.startsWith(`${flag}=`)) found = literal?.slice(flag.length + 1);
        else if (isShort(flag) && raw.startsWith(flag)) found = literal?.slice(flag.length);
      }
    });
    return found;
  }

  operands(valueFlags: readonly string[] = []): readonly ShellWord[] {
    const found: ShellWord[] = [];
    for (let i = 0; i < this.args.length; i++) {
      const word = this.args[i] as ShellWord;
      if (word.literal === '--') return [...found, ...this.args.slice(i + 1)];
      if (word.literal !== undefined && valueFlags.includes(word.literal)) i++;
      else if (!word.raw.startsWith('-') || word.raw === '-') found.push(word);
    }
    return found;
  }

  remove(): Edit | undefined {
    return this.place && removeLink(this.shell, this.place);
  }

  append(text: string): Edit | undefined {
    return this.place && appendTo(this.shell, this.place, text);
  }

  prepend(text: string): Edit | undefined {
    return this.place && prependTo(this.shell, this.place, text);
  }

  insertWords(text: string, after: ShellWord | undefined = this.nameWord): Edit {
    const at = after?.end ?? this.end;
    return { start: at, end: at, text: ` ${text}` };
  }

  removeWords(words: readonly ShellWord[]): readonly Edit[] | undefined {
    const gone = new Set<number>();
    for (const word of words) {
      const own = this.words.find((it) => it === word);
      // glued over a continuation: `--no-\⏎cache`
      if (!own || word === this.nameWord || own.end - own.start !== own.to - own.from) return undefined;
      gone.add(this.parts.findIndex((it) => it.start === own.from));
    }
    const edits: Edit[] = [];
    for (let first = 0; first < this.parts.length; first++) {
      if (!gone.has(first)) continue;
      let last = first;
      while (gone.has(last + 1)) last++;
      const edit = this.dropParts(first, last);
      if (!edit) return undefined;
      edits.push(edit);
      first = last;
    }
    return edits;
  }

  /** The blanks before a part; undefined where there are none. */
  private gapBefore(at: number): Gap | undefined {
    const left = this.parts[at - 1];
    const right = this.parts[at];
    if (!left || !right) return undefined;
    const between = this.shell.source.text.slice(left.end, right.start);
    return /^(?:[ \t]|\\\n)+$/.test(between) ? gapBetween(this.shell, left.end, right.start) : undefined;
  }

  private dropParts(first: number, last: number): Edit | undefined {
    const inner: string[] = [];
    for (let i = first + 1; i <= last; i++) {
      const gap = this.gapBefore(i);
      if (!gap) return undefined;
      inner.push(...gap.comments);
    }
    const before = this.gapBefore(first);
    if (!before) return undefined;
    const end = this.parts[last] as Part;
    if (hasComments(this.shell, end)) return undefined;
    if (last === this.parts.length - 1) return dropTail(this.shell, before, end.end, inner);
    const after = this.gapBefore(last + 1);
    return after && joinGaps(this.shell, before, after, 'any', inner);
  }
}
