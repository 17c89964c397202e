/** What one rewrite of `modernize` is, and what several of them need. */
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Change, Decline, Evidence } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';

export interface Rewrite {
  /** The option that turns it off. */
  readonly option: string;
  readonly help: string;
  readonly declines: Readonly<Record<string, string>>;
  plan(document: Document, project: Project): Iterable<Change | Decline>;
}

/** A word in the letter case of the keyword: `run x` asks for `workdir`, `RUN x` for `WORKDIR`. */
export function likeKeyword(document: Document, instruction: Instruction, word: string): string {
  const { start, end } = instruction.keywordSpan;
  const keyword = document.text.slice(start, end);
  return keyword === keyword.toLowerCase() ? word.toLowerCase() : word;
}

/** The line of an instruction as evidence. */
export function lineOf(document: Document, instruction: Instruction, says: string): Evidence {
  return { file: document.path, line: document.originLine(instruction.start), says };
}

/** The stage and the stages it starts from, nearest first. */
export function lineage(stage: Stage): readonly Stage[] {
  const stages: Stage[] = [];
  for (let at: Stage | undefined = stage; at; at = at.parent) stages.push(at);
  return stages;
}

const linux = new WeakMap<Document, readonly Stage[]>();

/** Every stage of an image that is, as far as is known, no Windows image. */
export function linuxStages(document: Document): readonly Stage[] {
  const known = linux.get(document);
  if (known) return known;
  const windows = new Set<Stage>();
  // parents come first
  for (const stage of document.stages) {
    const own = stage.base?.family === 'windows' || /^windows/i.test(stage.platform ?? '');
    if (own || (stage.parent && windows.has(stage.parent))) windows.add(stage);
  }
  const found = document.stages.filter((stage) => !windows.has(stage));
  linux.set(document, found);
  return found;
}

/** The first line of an instruction, for titles and sentences. */
export function firstWords(instruction: Instruction): string {
  const { text } = instruction.args;
  return `${instruction.keyword} ${text.length > 40 ? `${text.slice(0, 40)}...` : text}`;
}
