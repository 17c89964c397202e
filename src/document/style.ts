/** How a file is written, so that what is added looks like it. */
import type { Document, Instruction } from '../document.ts';

/** A word in the letter case of the keyword: `run x` asks for `workdir`, `RUN x` for `WORKDIR`. */
export function likeKeyword(document: Document, instruction: Instruction, word: string): string {
  const { start, end } = instruction.keywordSpan;
  const keyword = document.text.slice(start, end);
  return keyword === keyword.toLowerCase() ? word.toLowerCase() : word;
}
