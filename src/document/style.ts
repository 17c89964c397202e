/** How a file is written, so that what is added looks like it. */
import type { Document, Instruction, Stage } from '../document.ts';
import { lineStart } from './lines.ts';

/** A word in the letter case of the keyword: `run x` asks for `workdir`, `RUN x` for `WORKDIR`. */
export function likeKeyword(document: Document, instruction: Instruction, word: string): string {
  const { start, end } = instruction.keywordSpan;
  const keyword = document.text.slice(start, end);
  return keyword === keyword.toLowerCase() ? word.toLowerCase() : word;
}

/** Whether what is put behind an instruction stands apart: an empty line follows it, or it is the last of a stage that sets its instructions apart. */
export function apartBehind(document: Document, stage: Stage, instruction: Instruction): boolean {
  const { text } = document;
  if (/^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(instruction.end))) return true;
  const at = stage.instructions.indexOf(instruction);
  if (at < 0 || at !== stage.instructions.length - 1) return false;
  const gaps = [stage.from, ...stage.instructions].slice(0, -1).map((it, i) => {
    const next = stage.instructions[i] as Instruction;
    return /\n[ \t]*\r?\n/.test(text.slice(it.end, next.start));
  });
  return gaps.length > 1 && gaps.filter(Boolean).length * 2 > gaps.length;
}

/** A RUN with a command a line, in the file's own way. */
export function runLines(document: Document, stage: Stage, commands: readonly string[]): string {
  const { text, eol, escape } = document;
  const keyword = likeKeyword(document, stage.from, 'RUN');
  const model = document.instructions
    .filter((it) => it.keyword === 'RUN' && it.heredocs.length === 0)
    .map((it) => text.slice(it.start, it.end))
    .find((it) => /\n/.test(it));
  const indent = /\n([ \t]{2,8}|\t)\S/.exec(model ?? '')?.[1] ?? '    ';
  // `a && \⏎` and not `a \⏎ && `
  const isTrailing = model !== undefined && /&&[ \t]*\\\r?\n/.test(model) && !/\n[ \t]*&&/.test(model);
  const glue = isTrailing ? ` && ${escape}${eol}${indent}` : ` ${escape}${eol}${indent}&& `;
  return `${keyword} ${commands.join(glue)}`;
}

/** The blanks in front of an instruction. */
export function leadOf({ text }: Document, { start }: Instruction): string {
  const lead = text.slice(lineStart(text, start), start);
  return lead.trim() === '' ? lead : '';
}

/** `RUN         apt update`: the blanks up to the column in which the words stand; undefined where one blank parts them, or a flag follows. */
export function columnOf(document: Document, instruction: Instruction): string | undefined {
  const { keywordSpan, flags, end } = instruction;
  const gap = /^ {2,}(?=\S)/.exec(document.text.slice(keywordSpan.end, end))?.[0];
  if (flags.length > 0 || gap === undefined) return undefined;
  return leadOf(document, instruction) + ' '.repeat(keywordSpan.end - keywordSpan.start) + gap;
}
