/** How the stages of a file hang together. */
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';

/** The stage and the stages it starts from, nearest first. */
export function chain(stage: Stage): readonly Stage[] {
  return stage.parent ? [stage, ...chain(stage.parent)] : [stage];
}

/** The stage and every stage that starts from it. */
export function family(document: Document, stage: Stage): readonly Stage[] {
  return document.stages.filter((other) => chain(other).includes(stage));
}

/** The stage that an instruction copies or mounts from; undefined: none, or an image. */
export function sourceStage(document: Document, value: string, stage: Stage): Stage | undefined {
  return document.stageNamed(value, stage);
}

/** Stages whose image somebody gets: the last one, those that are built by name, those that no other stage uses. */
export function products(document: Document, project: Project): ReadonlySet<Stage> {
  const used = new Set<Stage>();
  for (const stage of document.stages) {
    if (stage.parent) used.add(stage.parent);
    for (const instruction of stage.instructions) for (const from of readsFrom(document, instruction)) used.add(from);
  }
  const named = project.targets.map((target) => document.stageNamed(target));
  return new Set(document.stages.filter((stage) => stage.isFinal || !used.has(stage) || named.includes(stage)));
}

/** The stages whose files an instruction sees by `--from=` or `--mount=from=`. */
export function readsFrom(document: Document, { flags, stage }: Instruction): readonly Stage[] {
  if (!stage) return [];
  const names = flags.flatMap((flag) => {
    if (flag.name === 'from') return [flag.value];
    return flag.name === 'mount' ? [/(?:^|,)from=([^,]+)/.exec(flag.value)?.[1] ?? []].flat() : [];
  });
  return names.flatMap((name) => sourceStage(document, name, stage) ?? []);
}

/** What runs after an instruction on top of its layer: the rest of its stage, and the stages that start from it. */
export function later(document: Document, instruction: Instruction, stage: Stage): readonly Instruction[] {
  const others = family(document, stage).filter((other) => other !== stage);
  return [
    ...stage.instructions.filter((other) => other.index > instruction.index),
    ...others.flatMap((other) => other.instructions),
  ];
}

/** What ran before an instruction in its layers. */
export function earlier(instruction: Instruction, stage: Stage): readonly Instruction[] {
  return chain(stage)
    .flatMap((other) => other.instructions)
    .filter((other) => other.index < instruction.index);
}
