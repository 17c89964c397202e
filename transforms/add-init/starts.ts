/** The ENTRYPOINT and CMD in force at the end of a stage. */
import { lineage } from '../../src/document/lineage.ts';
import type { Instruction, Stage } from '../../src/document.ts';

export interface Starts {
  readonly entrypoint: Instruction | undefined;
  /** undefined also where an ENTRYPOINT took away the one of a stage before it. */
  readonly command: Instruction | undefined;
}

export function startsOf(stage: Stage): Starts {
  const chain = lineage(stage);
  const last = (stages: readonly Stage[], keyword: string): Instruction | undefined =>
    stages.flatMap(({ instructions }) => instructions.filter((it) => it.keyword === keyword).slice(-1))[0];
  const entrypoint = last(chain, 'ENTRYPOINT');
  const since = entrypoint?.stage ? chain.slice(0, chain.indexOf(entrypoint.stage) + 1) : chain;
  return { entrypoint, command: last(since, 'CMD') };
}
