/** The folder of the base image, which is in force until the file sets one: another image may have another. */
import { joinPath } from '../../src/document/state.ts';
import type { Instruction } from '../../src/document.ts';
import { parseImageRef } from '../../src/image.ts';
import { imageFacts } from '../../src/knowledge/images.ts';
import type { Task, View } from './types.ts';

/** What a command acts upon lies elsewhere, wherever it runs. */
const ANYWHERE: ReadonlySet<Task['effect']> = new Set(['none', 'index', 'clean', 'packages', 'system', 'accounts']);

/** Whether a command does the same in every folder: `mkdir /data`, `chown app /data`. */
function isElsewhere({ effect, command }: Task): boolean {
  if (effect !== 'files') return ANYWHERE.has(effect);
  const operands = command.operands().slice(/^ch/.test(command.program ?? '') ? 1 : 0);
  return operands.every(({ literal }) => literal?.startsWith('/'));
}

/**
 * `WORKDIR /home/gradle` for a stage that moves to `image`, where something of it counts from the old folder: a relative
 * WORKDIR, target or command before the first absolute WORKDIR. A stage without a WORKDIR is the recipe's own matter.
 * `isThere`: whether the instruction stands in the stage on `image`.
 */
export function homeLine(view: View, image: string, isThere: (it: Instruction) => boolean): string | undefined {
  const { stage, document, keyword } = view;
  const ref = parseImageRef(image);
  const home = stage.base?.workdir;
  if (home === undefined || home === ((ref && imageFacts(ref)?.workdir) ?? '/')) return undefined;
  const isRelative = ({ state }: Instruction, text = ''): boolean =>
    joinPath(undefined, document.expand(text, state)) === undefined;
  if (!stage.instructions.some((it) => it.keyword === 'WORKDIR')) return undefined;
  const set = stage.instructions.findIndex((it) => it.keyword === 'WORKDIR' && !isRelative(it, it.args.text));
  const counts = (it: Instruction): boolean => {
    if (it.keyword === 'WORKDIR') return true;
    if (it.keyword === 'COPY' || it.keyword === 'ADD') return isRelative(it, it.words.at(-1)?.value);
    const step = view.steps.find(({ instruction }) => instruction === it);
    return it.keyword === 'RUN' && step?.tasks.every(isElsewhere) !== true;
  };
  const before = set < 0 ? stage.instructions : stage.instructions.slice(0, set);
  return before.some((it) => isThere(it) && counts(it)) ? `${keyword('WORKDIR')} ${home}` : undefined;
}
