/** One simple command of a shell script: what it says, and edits that change it in the file. */

import { ANSWERS } from '../document/once.ts';
import type { Edit, Span } from '../edit.ts';
import { dropTail, type Gap, gapBetween, hasComments, joinGaps, type Part, type ShellText } from './layout.ts';
import { appendTo, prependTo, removeLink } from './list.ts';
import { further, type LocatedWord, type Reading } from './reading.ts';
import { baseName } from './wrappers.ts';

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
  private readonly read: Reading;
  private readonly by: number;
  private readonly words: readonly LocatedWord[];
  [ANSWERS]: Map<object, unknown> | undefined = undefined;

  /** What was read of it, where the file of `shell` holds it `by` characters further on. */
  constructor(shell: ShellText, read: Reading, by: number) {
    const { facts, program } = read;
    const words = by === 0 ? read.words : read.words.map((word) => further(word, by));
    this.start = read.start + by;
    this.end = read.end + by;
    this.shell = shell;
    this.read = read;
    this.by = by;
    this.certain = facts.certain;
    this.substituted = facts.substituted;
    this.piped = facts.piped;
    this.list = facts.list;
    this.redirected = read.redirected;
    this.words = words;
    this.wrappers = read.wrappers;
    this.nameWord = words[program];
    this.name = this.nameWord?.literal;
    this.program = this.name === undefined ? undefined : baseName(this.name);
    this.args = program < 0 ? [] : words.slice(program + 1);
    this.assignments =
      by === 0
        ? read.assignments
        : read.assignments.map(({ name, value, at }) => ({
            name,
            value,
            at: { start: at.start + by, end: at.end + by },
          }));
  }

  /** The same command in a file that holds its script `by` characters further on. */
  moved(shell: ShellText, by: number): SimpleCommand {
    return new SimpleCommand(shell, this.read, this.by + by);
  }

  /** The words before a bare `--`. */
  private options(): readonly ShellWord[] {
    const end = this.args.findIndex((word) => word.literal === '--');
    return end < 0 ? this.args : this.args.slice(0, end);
  }

  has(...flags: string[]): boolean {
    return this.options().some(({ raw, literal }) =>
      flags.some((flag) => {
        if (literal === flag || (raw.startsWith(flag) && raw[flag.length] === '=')) return true;
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
        else if (raw.startsWith(flag) && raw[flag.length] === '=') found = literal?.slice(flag.length + 1);
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
    return this.read.place && removeLink(this.shell, this.read.place);
  }

  append(text: string): Edit | undefined {
    return this.read.place && appendTo(this.shell, this.read.place, text);
  }

  prepend(text: string): Edit | undefined {
    return this.read.place && prependTo(this.shell, this.read.place, text);
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
      gone.add(this.read.parts.findIndex((it) => it.start === own.from));
    }
    const edits: Edit[] = [];
    for (let first = 0; first < this.read.parts.length; first++) {
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
    const left = this.read.parts[at - 1];
    const right = this.read.parts[at];
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
    const end = this.read.parts[last] as Part;
    if (hasComments(this.shell, end)) return undefined;
    if (last === this.read.parts.length - 1) return dropTail(this.shell, before, end.end, inner);
    const after = this.gapBefore(last + 1);
    return after && joinGaps(this.shell, before, after, 'any', inner);
  }
}
