/**
 * Answers that are worked out once: a document, a stage and an instruction keep what was found out about them.
 * No WeakMap: V8 keeps its values through every collection of young objects, also where nobody has the keys any more,
 * and from a value there is mostly a way to the whole document. So every file that was read would grow old.
 */
import type { Document } from '../document.ts';
import type { Instruction, Stage } from './model.ts';

/** By the question. Declared by those that keep answers, so that all of them have one shape. */
export const ANSWERS = Symbol('answers');

interface Keeper {
  [ANSWERS]?: Map<object, unknown> | undefined;
}

/** Asks a question about a document, a stage or an instruction no more than once: they never change. */
export function once<K extends Document | Stage | Instruction, V>(find: (key: K) => V): (key: K) => V {
  return (key: K & Keeper) => {
    key[ANSWERS] ??= new Map();
    const known = key[ANSWERS].get(find);
    if (known !== undefined) return known as V;
    const found = find(key);
    key[ANSWERS].set(find, found);
    return found;
  };
}

/** Like `once`, for a document and what `key` tells apart in it. */
export function onceIn<V>(): (document: Document, key: string, find: () => V) => V {
  const known = once((_: Document) => new Map<string, V>());
  return (document, key, find) => {
    const values = known(document);
    if (!values.has(key)) values.set(key, find());
    return values.get(key) as V;
  };
}
