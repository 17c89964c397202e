/**
 * redock.lock: which digest each tag stood for when it was asked. TOML, as other lock files have it: every image is a block
 * of its own, so that one image that changes is a few changed lines in a review, and two that change do not conflict.
 */
import { parse, TomlError } from 'smol-toml';
import { familiarName, type ImageRef, parseImageRef } from './image.ts';

export const LOCK_NAME = 'redock.lock';
const VERSION = 1;

export interface LockEntry {
  /** The short name: node, ghcr.io/team/app. */
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
  /** The most precise tag that stood for the same digest. */
  readonly patch?: string;
  /** The day on which the registry was asked, YYYY-MM-DD. */
  readonly date: string;
  /** linux/amd64 */
  readonly platforms: readonly string[];
}

/** An entry with the line of the file where its block starts. */
export type ReadEntry = LockEntry & { readonly line: number };

const HEADER = `# What the tags of the images stood for. Written by \`redock lock\`, renewed by \`redock lock --update\`.
version = ${VERSION}
`;

const DIGEST = /^sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})$/;
const TAG = /^\w[\w.-]{0,127}$/;

const order = (a: LockEntry, b: LockEntry): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0;

/** The text of a lock file: sorted, the same for the same entries. */
export function formatLock(entries: readonly LockEntry[]): string {
  const blocks = [...entries].sort(order).map(({ name, tag, digest, patch, date, platforms }) => {
    const list = platforms.map((platform) => `"${platform}"`).join(', ');
    const more = patch === undefined ? '' : `patch = "${patch}"\n`;
    return `\n[[image]]\nname = "${name}"\ntag = "${tag}"\ndigest = "${digest}"\n${more}date = "${date}"\nplatforms = [${list}]\n`;
  });
  return HEADER + blocks.join('');
}

/** Reads a lock file; `error`: why nothing of it is believed, with the line where that is known. */
export function parseLock(text: string): { readonly entries: readonly ReadEntry[] } | { readonly error: string } {
  let parsed: Record<string, unknown>;
  try {
    parsed = parse(text.replaceAll('\r\n', '\n'));
  } catch (error) {
    const where = error instanceof TomlError ? `line ${error.line}: ` : '';
    return { error: `${where}${String((error as Error).message).split('\n')[0]}` };
  }
  if (parsed.version !== VERSION)
    return { error: `it has the version ${parsed.version}, this redock reads ${VERSION}` };
  const blocks = Array.isArray(parsed.image) ? (parsed.image as unknown[]) : [];
  const lines = text.split('\n').flatMap((line, i) => (/^\s*\[\[\s*image\s*\]\]/.test(line) ? [i + 1] : []));
  const entries: ReadEntry[] = [];
  for (const [i, block] of blocks.entries()) {
    const line = lines[i] ?? 1;
    const entry = entryOf(block, line);
    if (!entry) return { error: `line ${line}: this block is no image with name, tag, digest, date and platforms` };
    const twin = entries.find(({ name, tag }) => name === entry.name && tag === entry.tag);
    if (twin) return { error: `lines ${twin.line} and ${line} are both about ${entry.name}:${entry.tag}` };
    entries.push(entry);
  }
  return { entries };
}

function entryOf(block: unknown, line: number): ReadEntry | undefined {
  const { name, tag, digest, patch, date, platforms } = (block ?? {}) as Record<string, unknown>;
  const ref = typeof name === 'string' ? parseImageRef(name) : undefined;
  if (!ref || ref.tag !== undefined || ref.digest !== undefined) return undefined;
  if (!matches(tag, TAG) || !matches(digest, DIGEST) || !matches(date, /^\d{4}-\d{2}-\d{2}$/)) return undefined;
  if (patch !== undefined && !matches(patch, TAG)) return undefined;
  if (!Array.isArray(platforms) || !platforms.every((platform) => matches(platform, /^[\w./-]+$/))) return undefined;
  return { name: familiarName(ref), tag, digest, ...(patch !== undefined && { patch }), date, platforms, line };
}

const matches = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);

/** The entry of an image, or one whose most precise tag is the image's. */
export function lockEntry<E extends LockEntry>(entries: readonly E[], ref: ImageRef): E | undefined {
  const name = familiarName(ref);
  const tag = ref.tag ?? 'latest';
  const own = entries.filter((entry) => entry.name === name);
  return own.find((entry) => entry.tag === tag) ?? own.find((entry) => entry.patch === tag);
}
