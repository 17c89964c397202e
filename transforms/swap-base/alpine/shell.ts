/** SHELL instructions that name bash: the shell of busybox knows pipefail, too. */
import type { Edit } from '../../../src/edit.ts';
import type { StageView } from '../../../src/stage/view.ts';
import type { Obstacle } from '../types.ts';
import { saysBash } from './programs.ts';

/** `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` becomes `SHELL ["/bin/ash", "-o", "pipefail", "-c"]` where no RUN says what only bash knows. */
export function shellEdits({ document, stage }: StageView): readonly Edit[] | Obstacle {
  const edits: Edit[] = [];
  let isBash = false;
  for (const instruction of stage.instructions) {
    const { keyword, words } = instruction;
    const text = document.text.slice(instruction.start, instruction.end);
    if (keyword === 'SHELL') {
      const [shell, ...rest] = words.map(({ value }) => value);
      isBash = /(?:^|\/)bash$/.test(shell ?? '');
      if (!isBash) continue;
      const isPlain = rest.every((it) => /^(?:-[eouxc]+|pipefail|errexit|nounset|xtrace)$/.test(it));
      const at = /"(?:\/usr)?(?:\/bin\/)?bash"/.exec(text);
      if (!isPlain || !at)
        return {
          code: 'needs-bash',
          why: `line ${document.originLine(instruction.start)}: SHELL starts bash with ${rest.join(' ')}`,
          at: instruction,
        };
      const start = instruction.start + at.index;
      edits.push({ start, end: start + at[0].length, text: '"/bin/ash"' });
    } else if (
      isBash &&
      (keyword === 'RUN' || ((keyword === 'CMD' || keyword === 'ENTRYPOINT') && !instruction.json))
    ) {
      if (saysBash(text))
        return {
          code: 'needs-bash',
          why: `line ${document.originLine(instruction.start)} says what only bash understands`,
          at: instruction,
        };
    }
  }
  return edits;
}
