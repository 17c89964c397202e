/** One RUN while it is rewritten: step after step, each on the text that the step before left, one edit of the file at the end. */
import { Document, type Instruction } from '../../src/document.ts';
import { checkEdits, type Edit, OverlapError } from '../../src/edit.ts';
import { scan } from '../../src/scan.ts';
import type { Command } from '../../src/shell/command.ts';
import { parseScript, type Script } from '../../src/shell/script.ts';
import { sliceSource } from '../../src/source.ts';
import { stop } from './declines.ts';

export class Draft {
  readonly original: Instruction;
  private readonly document: Document;
  /** What the changed instruction is read with: a heredoc is a matter of the whole file. */
  private readonly head: string;
  /** The instruction alone once it was changed; until then the whole file, so that what was read of it still holds. */
  private text: string | undefined;
  private script: Script | undefined;

  constructor(document: Document, original: Instruction) {
    this.document = document;
    this.original = original;
    this.script = original.script;
    // not scratch: an image without a shell has no scripts
    this.head = original.heredocs.length > 0 ? `FROM image${document.eol}` : '';
  }

  /** The text that the offsets of `commands` and of the next edits are about. */
  get source(): string {
    return this.text ?? this.document.text;
  }

  /** Where the instruction begins in `source`. Keyword and flags stay as they were until the flags are written. */
  get start(): number {
    return this.text === undefined ? this.original.start : this.head.length;
  }

  get end(): number {
    return this.text === undefined ? this.original.end : this.text.length;
  }

  get commands(): readonly Command[] {
    this.script ??= this.read();
    return this.script.commands;
  }

  apply(edits: readonly Edit[]): void {
    if (edits.length === 0) return;
    const { source, start, end } = this;
    let text = this.text === undefined ? this.head : '';
    let at = this.text === undefined ? start : 0;
    for (const edit of this.checked(edits)) {
      text += source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    this.text = text + source.slice(at, end);
    this.script = undefined;
  }

  private checked(edits: readonly Edit[]): readonly Edit[] {
    try {
      return checkEdits(edits, this.end);
    } catch (error) {
      if (!(error instanceof OverlapError)) throw error;
      return stop('unreadable-script', 'two of the changes that this RUN needs touch each other');
    }
  }

  /** Everything that was done, as one edit of the file that is no longer than needed; undefined when nothing was. */
  edit(): Edit | undefined {
    const before = this.document.text.slice(this.original.start, this.original.end);
    const after = this.text?.slice(this.head.length) ?? before;
    if (before === after) return undefined;
    let start = 0;
    while (start < before.length && before[start] === after[start]) start++;
    let tail = 0;
    const most = Math.min(before.length, after.length) - start;
    while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
    const text = after.slice(start, after.length - tail);
    return { start: this.original.start + start, end: this.original.end - tail, text };
  }

  private read(): Script {
    const script = this.original.heredocs.length > 0 ? this.readHeredoc() : this.readLine();
    if (script?.opaque !== undefined || script === undefined) {
      return stop('unreadable-script', 'what this RUN would become cannot be read with certainty');
    }
    return script;
  }

  private readLine(): Script | undefined {
    const [only, ...others] = scan(this.source).instructions;
    if (!only || others.length > 0) return undefined;
    // what stands before the script has not changed
    const from = (this.original.args.offsets[0] ?? this.original.start) - this.original.start;
    const { offsets } = only.logical;
    let at = 0;
    while (at < offsets.length && (offsets[at] as number) < from) at++;
    if (at === offsets.length) return undefined;
    return parseScript(sliceSource(only.logical, at), { escape: this.document.escape });
  }

  private readHeredoc(): Script | undefined {
    const read = Document.read('Dockerfile', this.source);
    return read instanceof Document && read.instructions.length === 2 ? read.instructions[1]?.script : undefined;
  }
}
