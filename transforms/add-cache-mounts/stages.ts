/** How the stages of a file hang together. */
import { family, lineage } from '../../src/document/lineage.ts';
import { once } from '../../src/document/once.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';

/** Instructions that see the files of stages by `--from=` or `--mount=from=`, and those stages. */
export const readers = once((document: Document) =>
  document.instructions
    .map((instruction) => ({ instruction, from: readsFrom(document, instruction) }))
    .filter(({ from }) => from.length > 0),
);

function readsFrom(document: Document, { flags, stage }: Instruction): readonly Stage[] {
  if (!stage || flags.length === 0) return [];
  const names = flags.flatMap((flag) => {
    if (flag.name === 'from') return [flag.value];
    return flag.name === 'mount' ? [/(?:^|,)from=([^,]+)/.exec(flag.value)?.[1] ?? []].flat() : [];
  });
  return names.flatMap((name) => document.stageNamed(name, stage) ?? []);
}

const usedStages = once(
  (document: Document): ReadonlySet<Stage> =>
    new Set([
      ...document.stages.flatMap(({ parent }) => parent ?? []),
      ...readers(document).flatMap(({ from }) => from),
    ]),
);

/** Whether somebody gets the image of a stage: the last one, one that is built by name, one that no other stage uses. */
export function isProduct(document: Document, project: Project, stage: Stage): boolean {
  if (stage.isFinal || !usedStages(document).has(stage)) return true;
  return project.targets.some((target) => document.stageNamed(target) === stage);
}

/** What runs after an instruction on top of its layer: the rest of its stage, and the stages that start from it. */
export function later(document: Document, instruction: Instruction, stage: Stage): readonly Instruction[] {
  const others = family(document, stage).filter((other) => other !== stage);
  return [
    ...stage.instructions.filter((other) => other.index > instruction.index),
    ...others.flatMap((other) => other.instructions),
  ];
}

const keywords = once((document: Document) => {
  const found = new Map<string, Instruction[]>();
  for (const instruction of document.instructions) {
    const own = found.get(instruction.keyword);
    if (own) own.push(instruction);
    else found.set(instruction.keyword, [instruction]);
  }
  return found;
});

/** The instructions of a file with a keyword, in order. */
export const withKeyword = (document: Document, keyword: string): readonly Instruction[] =>
  keywords(document).get(keyword) ?? [];

/** Some instructions of a file, by stage and in order: what is asked for every RUN is looked for once. */
export type Marks = ReadonlyMap<Stage, readonly Instruction[]>;

const NONE: Marks = new Map();

export function marksOf(instructions: readonly Instruction[]): Marks {
  if (instructions.length === 0) return NONE;
  const found = new Map<Stage, Instruction[]>();
  for (const instruction of [...instructions].sort((a, b) => a.index - b.index)) {
    const { stage } = instruction;
    if (!stage) continue;
    const own = found.get(stage);
    if (own) own.push(instruction);
    else found.set(stage, [instruction]);
  }
  return found;
}

/** Those of `marks` that ran before an instruction in its layers: its stage first, then its parents. */
export function* before(marks: Marks, instruction: Instruction, stage: Stage): Iterable<Instruction> {
  for (const above of lineage(stage)) {
    for (const other of marks.get(above) ?? []) {
      if (other.index >= instruction.index) break;
      yield other;
    }
  }
}

/** The first of `marks` that ran before an instruction in its layers. */
export function firstBefore(marks: Marks, instruction: Instruction, stage: Stage): Instruction | undefined {
  if (marks.size === 0) return undefined;
  for (const other of before(marks, instruction, stage)) return other;
  return undefined;
}

/** The first of `marks` that runs after an instruction on top of its layer, in the order of `later`. */
export function firstAfter(
  marks: Marks,
  document: Document,
  instruction: Instruction,
  stage: Stage,
): Instruction | undefined {
  if (marks.size === 0) return undefined;
  const own = marks.get(stage) ?? [];
  const next = own[countUpTo(own, instruction.index)];
  if (next) return next;
  for (const other of family(document, stage)) {
    const [found] = other === stage ? [] : (marks.get(other) ?? []);
    if (found) return found;
  }
  return undefined;
}

/** How many of the instructions, which are in order, have at most this index. */
export function countUpTo(instructions: readonly Instruction[], index: number): number {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle] as Instruction).index <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}
