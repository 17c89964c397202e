/** Where the tag of a FROM is written: in the line itself, or in the default of the build argument that it comes from. */
import type { Document, Instruction, Stage } from '../document.ts';
import type { Edit } from '../edit.ts';
import { splitImageRef } from '../image.ts';

export interface Reason {
  readonly code: string;
  readonly why: string;
}

/**
 * The edit that gives the image of a stage another tag (`22-slim`, `22-slim@sha256:...`), or why there is none. A digest that
 * is there goes with the old tag: it would decide which image it is.
 */
export function place(document: Document, stage: Stage, tag: string): Edit | Reason {
  const { value, start, end } = stage.fromWord;
  const parts = splitImageRef(value);
  const written = parts.tag && value.slice(...parts.tag);
  const tangled = {
    code: 'reference-from-variable',
    why: `the tag of ${value} is put together from a variable and more`,
  };
  if (end - start !== value.length || /["'\\]/.test(value)) return tangled;
  if (written !== undefined && !written.includes('$')) {
    return { start: start + (parts.tag?.[0] ?? 0), end, text: tag };
  }
  // node:${VERSION}@sha256:...
  if (parts.digest) return tangled;
  // ${REGISTRY}/node
  if (written === undefined && !/\$\{?\w+\}?$/.test(value)) return { start: end, end, text: `:${tag}` };
  // ${VERSION}-slim, with 22.21.1-slim to be written
  const mixed = /^\$(?:(\w+)|\{(\w+)\})(-[\w.-]+)$/.exec(written ?? '');
  if (mixed && /^[\w.-]+$/.test(tag) && tag.endsWith(mixed[3] as string)) {
    const rest = tag.slice(0, -(mixed[3] as string).length);
    return placeInDefault(document, stage, (mixed[1] ?? mixed[2]) as string, rest, false) ?? tangled;
  }
  const variable = /^\$(?:(\w+)|\{(\w+)\})$/.exec(written ?? value);
  const argument = variable?.[1] ?? variable?.[2];
  if (argument === undefined) return tangled;
  return placeInDefault(document, stage, argument, tag, written === undefined) ?? tangled;
}

/** `ARG TAG=latest` with `FROM node:${TAG}`, or (`whole`) `ARG IMAGE=node` with `FROM ${IMAGE}`. */
function placeInDefault(
  document: Document,
  { fromWord }: Stage,
  argument: string,
  tag: string,
  whole: boolean,
): Edit | Reason | undefined {
  const uses = document.instructions.filter((it) => mentions(it, argument));
  // several stages may start from the same image
  const same = uses.filter((it) => it.keyword === 'FROM' && it.words[0]?.value === fromWord.value);
  const pair = document.globalArgs.flatMap((it) => it.pairs).filter((it) => it.name === argument);
  if (same.length !== uses.length || pair.length !== 1) {
    return { code: 'argument-used-elsewhere', why: `${argument} is used in ${uses.length} places` };
  }
  const span = pair[0]?.valueSpan;
  const raw = pair[0]?.raw ?? '';
  const bare = /^(["']?)([\w./:@-]+)\1$/.exec(raw);
  if (!span || !bare || span.end - span.start !== raw.length) return undefined;
  const from = span.start + (bare[1] as string).length;
  const text = bare[2] as string;
  const { tag: old, digest } = splitImageRef(text);
  // node@sha256:... is not the image of a tag
  if (whole && digest && !old) return undefined;
  const at = whole ? (old?.[0] ?? text.length) : 0;
  return { start: from + at, end: from + text.length, text: whole && !old ? `:${tag}` : tag };
}

/** `$NAME`, `${NAME}` or another `ARG NAME` below the first FROM. */
function mentions(instruction: Instruction, name: string): boolean {
  if (instruction.keyword === 'ARG' && instruction.stage && instruction.pairs.some((pair) => pair.name === name))
    return true;
  const text = [instruction.args.text, ...instruction.flags.map((flag) => flag.value)].join(' ');
  return new RegExp(`\\$(?:${name}\\b|\\{${name}\\b)`).test(text);
}
