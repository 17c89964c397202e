/** `MAINTAINER Jane <jane@example.org>` becomes `LABEL maintainer="Jane <jane@example.org>"`. */
import { lineage } from '../../src/document/lineage.ts';
import type { Instruction, Stage } from '../../src/document.ts';
import { likeKeyword, lineOf, linuxStages, type Rewrite } from './rewrite.ts';

export const maintainer: Rewrite = {
  option: 'maintainer',
  help: 'MAINTAINER becomes LABEL maintainer',
  declines: {
    'maintainer-label-present': 'a LABEL maintainer is there already; which of the two is right is not for us to say',
    'comment-in-maintainer': 'a comment stands inside of the instruction',
  },
  *plan(document) {
    for (const stage of linuxStages(document)) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'MAINTAINER') continue;
        const at = { start: instruction.start, end: instruction.headEnd };
        const label = labelled(stage);
        if (label) {
          const why = `line ${document.originLine(label.start)} sets a label maintainer already`;
          yield { code: 'maintainer-label-present', why, at };
        } else if (instruction.comments.length > 0) {
          yield { code: 'comment-in-maintainer', why: 'a comment stands inside of this MAINTAINER', at };
        } else {
          const text = `${likeKeyword(document, instruction, 'LABEL')} maintainer="${quoted(instruction.args.text)}"`;
          yield {
            title: 'LABEL maintainer in place of MAINTAINER',
            why: 'MAINTAINER is deprecated. The name moves from the author field of the image to the label that tools read.',
            evidence: [lineOf(document, instruction, `MAINTAINER ${instruction.args.text}`)],
            // docker inspect shows an empty author from now on
            level: 'review',
            at,
            edits: [{ ...at, text }],
          };
        }
      }
    }
  },
};

/** A label of this name in the stage or in one it starts from. */
function labelled(stage: Stage): Instruction | undefined {
  return lineage(stage)
    .flatMap((it) => it.instructions)
    .find(
      (instruction) =>
        instruction.keyword === 'LABEL' &&
        instruction.pairs.some((pair) => pair.name.replace(/["']/g, '').toLowerCase() === 'maintainer'),
    );
}

/** MAINTAINER takes its line literally, a label has quotes, variables and escapes. `MAINTAINER "Jane"` means Jane. */
function quoted(text: string): string {
  const bare = /^"([^"\\]*)"$|^'([^'\\]*)'$/.exec(text);
  return (bare?.[1] ?? bare?.[2] ?? text).replace(/["$\\]/g, '\\$&');
}
