import type { Document } from '../document.ts';

/** The first comment line of `before` that `after` does not hold any more. */
export function lostComment(before: Document, after: Document): string | undefined {
  const left = new Map<string, number>();
  for (const { text } of after.allComments()) left.set(text, (left.get(text) ?? 0) + 1);
  for (const { text } of before.allComments()) {
    const count = left.get(text) ?? 0;
    if (count === 0) return text;
    left.set(text, count - 1);
  }
  return undefined;
}
