/** Takes whole instructions out of a Dockerfile. */
import { lineStart } from '../../src/document/lines.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';

/** An instruction with its line; of two empty lines around it one stays. */
export function withoutLine({ text }: Document, it: Instruction): Edit {
  const start = lineStart(text, it.start);
  const next = text.indexOf('\n', it.end);
  let end = next < 0 ? text.length : next + 1;
  const isApart = start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(0, start));
  const blank = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (isApart && blank) end += blank[0].length;
  // the last line of a file without a final newline
  if (next < 0 && start > 0) return { start: start - (text[start - 2] === '\r' ? 2 : 1), end, text: '' };
  return { start, end, text: '' };
}

/** Several of them: those that stand in lines behind each other go as one. */
export function withoutLines(document: Document, all: readonly Instruction[]): readonly Edit[] {
  const sorted = [...all].sort((a, b) => a.start - b.start);
  const found: Edit[] = [];
  for (const it of sorted) {
    const last = found.at(-1);
    const start = lineStart(document.text, it.start);
    if (last?.end !== start) found.push(withoutLine(document, it));
    else {
      // of the empty lines around the block one stays
      const whole = withoutLine(document, it);
      const blank = /^[ \t]*\r?\n/.exec(document.text.slice(whole.end));
      const isApart = last.start === 0 || /\n[ \t]*\r?\n$/.test(document.text.slice(0, last.start));
      found[found.length - 1] = { ...last, end: whole.end + (isApart && blank ? blank[0].length : 0) };
    }
  }
  return found;
}
