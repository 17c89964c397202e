/**
 * Answers that are worked out once: a document, a stage, an instruction, a command, a source file and the survey
 * of a build context keep what was found out about them.
 * No WeakMap: V8 keeps its values through every collection of young objects, also where nobody has the keys any more,
 * and from a value there is mostly a way to the whole document. So every file that was read would grow old.
 */
import type { Document } from '../document.ts';
import type { SourceFile } from '../project/reachable.ts';
import type { Survey } from '../project/survey.ts';
import type { Command } from '../shell/command.ts';
import type { Instruction, Stage } from './model.ts';

/** By the question. Declared by those that keep answers, so that all of them have one shape. */
export const ANSWERS = Symbol('answers');

interface Keeper {
  [ANSWERS]?: Map<object, unknown> | undefined;
}

type Known = Document | Stage | Instruction | Command | Survey | SourceFile;

/** Asks a question about one of them no more than once: they never change. */
export function once<K extends Known, V>(find: (key: K) => V): (key: K) => V {
  return (key: K & Keeper) => {
    key[ANSWERS] ??= new Map();
    const known = key[ANSWERS].get(find);
    if (known !== undefined || key[ANSWERS].has(find)) return known as V;
    const found = find(key);
    key[ANSWERS].set(find, found);
    return found;
  };
}

/** Like `once`, for what `key` tells apart in a document or a survey. */
export function onceIn<V>(): (whole: Document | Survey, key: string, find: () => V) => V {
  const known = once((_: Document | Survey) => new Map<string, V>());
  return (whole, key, find) => {
    const values = known(whole);
    if (!values.has(key)) values.set(key, find());
    return values.get(key) as V;
  };
}
