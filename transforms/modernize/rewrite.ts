/** What one rewrite of `modernize` is, and what several of them need. */
import { once } from '../../src/document/once.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Change, Decline, Evidence } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';

export { likeKeyword } from '../../src/document/style.ts';

export interface Rewrite {
  /** The option that turns it off. */
  readonly option: string;
  readonly help: string;
  readonly declines: Readonly<Record<string, string>>;
  plan(document: Document, project: Project): Iterable<Change | Decline>;
}

/** The line of an instruction as evidence. */
export function lineOf(document: Document, instruction: Instruction, says: string): Evidence {
  return { file: document.path, line: document.originLine(instruction.start), says };
}

/** Every stage of an image that is, as far as is known, no Windows image. */
export const linuxStages = once(({ stages }: Document): readonly Stage[] => {
  const windows = new Set<Stage>();
  // parents come first
  for (const stage of stages) {
    const own = stage.base?.family === 'windows' || /^windows/i.test(stage.platform ?? '');
    if (own || (stage.parent && windows.has(stage.parent))) windows.add(stage);
  }
  return stages.filter((stage) => !windows.has(stage));
});

/** The first line of an instruction, for titles and sentences. */
export function firstWords(instruction: Instruction): string {
  const { text } = instruction.args;
  return `${instruction.keyword} ${text.length > 40 ? `${text.slice(0, 40)}...` : text}`;
}
