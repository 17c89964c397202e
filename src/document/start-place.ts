/** Where an instruction goes that says how the container runs: in front of the CMD and ENTRYPOINT that end the stage. */
import type { Document, Instruction, Stage } from '../document.ts';
import type { Edit } from '../edit.ts';
import { lineStart } from './lines.ts';
import { apartBehind } from './style.ts';

/** Writes `text` (whole lines, without the last line end) in front of the start, else behind the stage's last instruction. */
export function beforeStart(document: Document, stage: Stage, text: string): Edit {
  const { eol } = document;
  const first = trailing(stage);
  if (first) {
    const at = above(document, first);
    const gap = blankBefore(document, at) ? eol : '';
    return { start: at, end: at, text: `${text}${eol}${gap}` };
  }
  const last = stage.instructions.at(-1) ?? stage.from;
  const gap = apartBehind(document, stage, last) ? eol : '';
  return { start: last.end, end: last.end, text: `${eol}${gap}${text}` };
}

/** The first of the CMD and ENTRYPOINT with which the stage ends. */
function trailing(stage: Stage): Instruction | undefined {
  let first: Instruction | undefined;
  for (const it of [...stage.instructions].reverse()) {
    if (it.keyword === 'CMD' || it.keyword === 'ENTRYPOINT') first = it;
    else if (first) break;
  }
  return first;
}

/** The start of the line of an instruction, or of the comment lines that stand right above it. */
function above({ text, comments }: Document, instruction: Instruction): number {
  let at = lineStart(text, instruction.start);
  for (const comment of [...comments].reverse()) {
    if (comment.end >= at || text.slice(comment.end, at).trim() !== '') continue;
    if ((text.slice(comment.end, at).match(/\n/g) ?? []).length !== 1) break;
    at = lineStart(text, comment.start);
  }
  return at;
}

/** Whether an empty line stands above an offset at the start of a line. */
const blankBefore = ({ text }: Document, at: number): boolean => /\n[ \t]*\r?\n$/.test(text.slice(0, at));
