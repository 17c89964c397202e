/** How the stages of a file hang together. */
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';

/** What was worked out for a file: stages and instructions never change, and every RUN asks again. */
export function once<K extends object, V extends object>(find: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const found = known.get(key) ?? find(key);
    known.set(key, found);
    return found;
  };
}

/** The stage and the stages it starts from, nearest first. */
export const chain = once((stage: Stage): readonly Stage[] =>
  stage.parent ? [stage, ...chain(stage.parent)] : [stage],
);

const families = once((document: Document) => {
  const found = new Map<Stage, Stage[]>(document.stages.map((stage) => [stage, []]));
  for (const stage of document.stages) for (const above of chain(stage)) found.get(above)?.push(stage);
  return found;
});

/** The stage and every stage that starts from it. */
export const family = (document: Document, stage: Stage): readonly Stage[] => families(document).get(stage) ?? [];

/** Instructions that see the files of stages by `--from=` or `--mount=from=`, and those stages. */
export const readers = once((document: Document) =>
  document.instructions
    .map((instruction) => ({ instruction, from: readsFrom(document, instruction) }))
    .filter(({ from }) => from.length > 0),
);

function readsFrom(document: Document, { flags, stage }: Instruction): readonly Stage[] {
  if (!stage) return [];
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

/** What ran before an instruction in its layers. */
export function earlier(instruction: Instruction, stage: Stage): readonly Instruction[] {
  return chain(stage)
    .flatMap((other) => other.instructions)
    .filter((other) => other.index < instruction.index);
}
