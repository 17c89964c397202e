/** Two CMDs in one stage: only the last one counts. Which of them is meant is for a person to say. */
import { firstWords, lineOf, linuxStages, type Rewrite } from './rewrite.ts';

const ONCE = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'] as const;

export const overridden: Rewrite = {
  option: 'overridden',
  help: 'advice on a CMD, ENTRYPOINT or HEALTHCHECK that a later one of the same stage overrides',
  declines: {},
  *plan(document) {
    for (const stage of linuxStages(document)) {
      for (const keyword of ONCE) {
        const all = stage.instructions.filter((instruction) => instruction.keyword === keyword);
        const last = all.pop();
        for (const instruction of all) {
          yield {
            title: `${keyword} that has no effect`,
            why: `A stage has one ${keyword}, the last one: remove this line, or the one on line ${document.originLine(last?.start ?? 0)}.`,
            evidence: [...(last ? [lineOf(document, last, firstWords(last))] : [])],
            level: 'manual',
            at: { start: instruction.start, end: instruction.headEnd },
            edits: [],
          };
        }
      }
    }
  },
};
