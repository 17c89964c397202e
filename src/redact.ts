/** Takes secret values out of texts that are told to people: they are for the file alone. */
import { expandWord } from './document/expand.ts';
import { once } from './document/once.ts';
import type { Document } from './document.ts';
import type { Change } from './edit.ts';
import { isSecretName } from './project/secret-names.ts';

/** Shorter values stand in too many words to be taken out. */
const SHORTEST = 5;
const HIDDEN = '***';
/** A word of everyday language, which is a value only where something is set to it. */
const WORD = /^[a-z]{1,10}$/i;

/** Values and the variables that they belong to, longest first. */
const values = once((document: Document): readonly (readonly [value: string, name: string])[] => {
  const found = new Map<string, string>();
  for (const { keyword, pairs, trigger } of document.instructions) {
    for (const { name, raw } of /^(?:ARG|ENV|LABEL)$/.test(keyword) ? pairs : (trigger?.pairs ?? [])) {
      if (raw === undefined || !isSecretName(name)) continue;
      const value = expandWord(raw, () => '', document.escape);
      if (value !== undefined && value.length >= SHORTEST) found.set(value, name);
    }
  }
  return [...found].sort(([a], [b]) => b.length - a.length);
});

/**
 * A text without the values that the document gives to variables with a secret's name, and without logins in URLs.
 * The lines of a patch are not for this: they must apply.
 */
export function redacted(document: Document, text: string): string {
  let clean = !text.includes('://') ? text : text.replace(/(:\/\/)[^\s/@:'"$]*:[^\s/@'"$]+@/g, `$1${HIDDEN}@`);
  for (const [value, name] of values(document)) {
    clean = WORD.test(value)
      ? clean.replace(new RegExp(`(=["']?|\\b${name}\\s+["']?)${value}\\b`, 'g'), `$1${HIDDEN}`)
      : clean.replaceAll(value, HIDDEN);
  }
  return clean;
}

/**
 * A change as people are told it: plain data, which holds on to no document and may go from thread to thread. Its edits
 * stay as they are, for they must apply.
 */
export function redactedChange(document: Document, change: Change): Change {
  const { title, why, evidence, level, at, edits, creates } = change;
  return {
    title: redacted(document, title),
    why: redacted(document, why),
    evidence: evidence.map(({ file, line, says }) => ({
      file,
      ...(line !== undefined && { line }),
      says: redacted(document, says),
    })),
    level,
    at: { start: at.start, end: at.end },
    edits: edits.map(({ start, end, text, file }) => ({ start, end, text, ...(file !== undefined && { file }) })),
    ...(creates && { creates: creates.map(({ file, text }) => ({ file, text })) }),
  };
}
