/** The stages of the file from which a stage takes over what they built. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Stage } from '../../src/document.ts';
import type { View } from './types.ts';

/** Those that the stage copies from, and those that these copy from. */
export function feedersOf(view: View): readonly View[] {
  const found = new Map<Stage, View>();
  const open = [view];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const { flags } of next.stage.instructions) {
      const name = flags.find((it) => it.name === 'from')?.value;
      const stage = name === undefined ? undefined : view.document.stageNamed(name, next.stage);
      if (!stage || found.has(stage)) continue;
      const feeder = view.of(stage);
      found.set(stage, feeder);
      open.push(feeder);
    }
  }
  return [...found.values()];
}

/** Where a file of the stage was made: the stage that a COPY takes it from, and its path there; itself where none does. */
export function originOf(view: View, place: string): { readonly view: View; readonly place: string } {
  const { stage, document } = view;
  for (const { keyword, words, flags, state, index } of [...stage.instructions].reverse()) {
    const name = flags.find((it) => it.name === 'from')?.value;
    const other = name === undefined ? undefined : document.stageNamed(name, stage);
    if (keyword !== 'COPY' || !other || other.from.index > index) continue;
    const expand = (text = '') => document.expand(text, state);
    const to = expand(words.at(-1)?.value);
    const target = joinPath(state.workdir, to);
    if (to === undefined || target === undefined) continue;
    for (const { value } of words.slice(0, -1)) {
      const source = joinPath('/', expand(value));
      if (source === undefined) continue;
      if (place === target) return originOf(view.of(other), source);
      const rest = posix.relative(target, place);
      if (rest.startsWith('..')) continue;
      // a file goes into the folder, of a folder its content does
      const isFile = rest === posix.basename(source);
      return originOf(view.of(other), isFile ? source : posix.join(source, rest));
    }
  }
  return { view, place };
}
