/** The folder of the packages by its full path, in instructions behind the install: it stands in the new environment now. */
import type { Instruction } from '../../../src/document.ts';
import type { AroundInstall } from '../around-install.ts';
import type { Obstacle, Placement, View } from '../types.ts';

/** `/usr/local/lib/python3.10/site-packages`; a virtual environment has `lib/python3.10/site-packages`, too. */
const FOLDER = /\/usr\/local(?=\/lib\/python3\.\d+\/site-packages(?![\w-]))/g;
const ANY = /\/usr\/local\/lib\/python[^/\s]*\/site-packages/;

/**
 * The placements of the instructions that name the folder, with the path in `folder`; an obstacle where one of them stands
 * before the last install, or names it in a way that is not understood.
 */
export function movedPaths(
  view: View,
  { placements, after }: AroundInstall,
  folder: string,
): ReadonlyMap<Instruction, Placement> | Obstacle {
  const { stage, document } = view;
  const moved = new Map<Instruction, Placement>();
  for (const instruction of stage.instructions) {
    const text = document.text.slice(instruction.start, instruction.end);
    if (!ANY.test(text)) continue;
    const placement = placements.get(instruction);
    const isBehind = after !== undefined && instruction.index >= after.index;
    if (!isBehind || placement?.place !== 'runtime' || text.replace(FOLDER, '').match(ANY)) {
      return {
        code: 'fixed-paths',
        why: `line ${document.originLine(instruction.start)} names ${ANY.exec(text)?.[0]}, where the packages stood`,
        at: instruction,
      };
    }
    moved.set(instruction, {
      ...placement,
      text: (placement.text ?? text.replaceAll('\r\n', '\n')).replace(FOLDER, folder),
      edits: [...text.matchAll(FOLDER)].map(({ index, 0: found }) => {
        const start = instruction.start + index;
        return { start, end: start + found.length, text: folder };
      }),
    });
  }
  return moved;
}
