/** Which stages start from which. */
import type { Document } from '../document.ts';
import type { Instruction, Stage } from './model.ts';
import { once } from './once.ts';

/** The stage and the stages it starts from, nearest first. */
export const lineage = once((stage: Stage): readonly Stage[] => {
  const stages: Stage[] = [];
  for (let at: Stage | undefined = stage; at; at = at.parent) stages.push(at);
  return stages;
});

/** The instruction of a keyword that holds: the last one of the first stage that has any. */
export function lastOf(chain: readonly Stage[], keyword: string): Instruction | undefined {
  for (const stage of chain) {
    const found = stage.instructions.filter((it) => it.keyword === keyword).at(-1);
    if (found) return found;
  }
  return undefined;
}

const families = once((document: Document): ReadonlyMap<Stage, readonly Stage[]> => {
  const found = new Map<Stage, Stage[]>(document.stages.map((stage) => [stage, []]));
  for (const stage of document.stages) for (const above of lineage(stage)) found.get(above)?.push(stage);
  return found;
});

/** The stage and every stage that starts from it, in the order of the file. */
export const family = (document: Document, stage: Stage): readonly Stage[] => families(document).get(stage) ?? [];
