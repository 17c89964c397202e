/** The folder of the base image, which is in force until the file sets one: another image may have another. */
import { knownImage } from '../../src/document/stages.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Instruction } from '../../src/document.ts';
import type { Task, View } from './types.ts';

/** Commands that do the same in every folder. */
const ANYWHERE: ReadonlySet<Task['effect']> = new Set(['none', 'index', 'clean', 'packages', 'system', 'accounts']);

/** Also `mkdir /data` and `chown app /data`. */
function isElsewhere({ effect, command }: Task): boolean {
  if (effect !== 'files') return ANYWHERE.has(effect);
  const operands = command.operands().slice(/^ch/.test(command.program ?? '') ? 1 : 0);
  return operands.every(({ literal }) => literal?.startsWith('/'));
}

/**
 * The first instruction of a stage that counts from the folder of its image, `WORKDIR app` or `COPY . .` before any
 * WORKDIR, where `image` has another folder: `home` is the old one. A stage without a WORKDIR is the recipe's own matter.
 * `isThere`: whether an instruction stands in the stage on `image`.
 */
export function countsFromHome(
  { stage, document, steps }: View,
  image: string,
  isThere: (it: Instruction) => boolean,
): { readonly first: Instruction; readonly home: string } | undefined {
  const home = stage.base?.workdir;
  if (home === undefined || home === (knownImage(image)?.workdir ?? '/')) return undefined;
  const isRelative = ({ state }: Instruction, text = ''): boolean =>
    joinPath(undefined, document.expand(text, state)) === undefined;
  if (!stage.instructions.some((it) => it.keyword === 'WORKDIR')) return undefined;
  const set = stage.instructions.findIndex((it) => it.keyword === 'WORKDIR' && !isRelative(it, it.args.text));
  const counts = (it: Instruction): boolean => {
    if (it.keyword === 'WORKDIR') return true;
    if (it.keyword === 'COPY' || it.keyword === 'ADD') return isRelative(it, it.words.at(-1)?.value);
    return it.keyword === 'RUN' && steps.find((step) => step.instruction === it)?.tasks.every(isElsewhere) !== true;
  };
  const before = set < 0 ? stage.instructions : stage.instructions.slice(0, set);
  const first = before.find((it) => isThere(it) && counts(it));
  return first && { first, home };
}
