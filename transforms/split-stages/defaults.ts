/** Where an instruction goes when the recipe does not say it: by its keyword, and by what stands around it. */
import type { Instruction } from '../../src/document.ts';
import type { Placement, View } from './types.ts';

/** What only a container sees. */
const RUN_TIME: ReadonlySet<string> = new Set(
  'CMD ENTRYPOINT EXPOSE HEALTHCHECK LABEL MAINTAINER STOPSIGNAL VOLUME'.split(' '),
);

/** Asked from the last instruction to the first: `later` knows everything behind. */
export function defaultPlacement(
  view: View,
  instruction: Instruction,
  later: ReadonlyMap<Instruction, Placement>,
): Placement {
  const { stage } = view;
  const behind = stage.instructions.slice(stage.instructions.indexOf(instruction) + 1);
  const builds = behind.some((it) => acts(it) && later.get(it)?.place !== 'runtime');
  const within = (keyword: string) => {
    const next = behind.findIndex((it) => it.keyword === keyword);
    return next < 0 ? behind : behind.slice(0, next);
  };
  switch (instruction.keyword) {
    case 'ENV':
    case 'SHELL':
      return { place: builds ? 'both' : 'runtime' };
    case 'ARG': {
      // every RUN sees it in its environment, and what it starts may ask for it: DEBIAN_FRONTEND, SECRET_KEY
      const names = instruction.pairs.map(({ name }) => name);
      const isNeeded = (it: Instruction): boolean => it.keyword === 'RUN' || names.some((name) => mayUse(it, name));
      const used = behind.some((it) => later.get(it)?.place !== 'builder' && isNeeded(it));
      const built = behind.some((it) => later.get(it)?.place !== 'runtime' && isNeeded(it));
      return { place: used ? (built ? 'both' : 'runtime') : 'builder' };
    }
    case 'WORKDIR':
    case 'USER': {
      const { keyword } = instruction;
      const next = behind.find((it) => it.keyword === keyword);
      const scope = within(keyword);
      const relative =
        keyword === 'WORKDIR' &&
        next !== undefined &&
        !next.args.text.startsWith('/') &&
        !next.args.text.startsWith('$');
      const isLast = next === undefined;
      const used = isLast || relative || scope.some((it) => acts(it) && later.get(it)?.place !== 'builder');
      const built = relative || scope.some((it) => acts(it) && later.get(it)?.place !== 'runtime');
      return { place: used ? (built ? 'both' : 'runtime') : 'builder' };
    }
    default:
      return { place: RUN_TIME.has(instruction.keyword) ? 'runtime' : 'builder' };
  }
}

/** Whether an instruction does something in the file system. */
const acts = ({ keyword }: Instruction): boolean => keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD';

/** Whether it names a variable, or starts a program that may ask for it. */
function mayUse(instruction: Instruction, name: string): boolean {
  const text = [instruction.args.text, ...instruction.flags.map(({ value }) => value)].join(' ');
  return new RegExp(`\\$\\{?${name}\\b|\\b${name}\\b`).test(text);
}
