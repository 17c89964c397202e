/**
 * redock.lock: which digest each tag stood for when it was asked, and the versions of packages that people decided on. TOML, as other lock files have it: every image is a block
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
  /** Digests that Dockerfiles had beside the tag when the registry said this one: they are older. */
  readonly replaces?: readonly string[];
}

/** The managers of the packages that a lock file may name. */
export const LOCKED_MANAGERS = ['pip', 'npm', 'gem', 'go', 'cargo', 'apt', 'apk'] as const;
export type LockedManager = (typeof LOCKED_MANAGERS)[number];

/** The version of a package that people wrote down; `redock lock` keeps it. */
export interface PackageEntry {
  readonly manager: LockedManager;
  readonly name: string;
  readonly version: string;
  /** For apt and apk: the release of the distribution that has it (bookworm, 3.22). */
  readonly release?: string;
}

/** An entry with the line of the file where its block starts, and the comments above it (each with its line end). */
export type ReadEntry = LockEntry & { readonly line: number; readonly comments: string };
/** `text`: the block as people wrote it, the comments above it included. */
export type ReadPackage = PackageEntry & { readonly line: number; readonly text: string };

export interface LockFile {
  /** What stands above the first block. */
  readonly head: string;
  readonly entries: readonly ReadEntry[];
  readonly packages: readonly ReadPackage[];
}

const HEADER = `# What the tags of the images stood for. Written by \`redock lock\`, renewed by \`redock lock --update\`.
version = ${VERSION}
`;

const DIGEST = /^sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})$/;
const TAG = /^\w[\w.-]{0,127}$/;

const order = (a: LockEntry, b: LockEntry): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0;

const packageKey = ({ manager, name, release = '' }: PackageEntry): string => `${manager} ${name} ${release}`;

/** The text of a lock file: sorted, the same for the same entries. What people wrote into it stays as it is. */
export function formatLock(
  entries: readonly (LockEntry & { readonly comments?: string })[],
  packages: readonly (PackageEntry & { readonly text?: string })[] = [],
  head = HEADER,
): string {
  const blocks = [...entries].sort(order).map((entry) => `\n${entry.comments ?? ''}${imageText(entry)}`);
  const keyed = packages.map((it) => [packageKey(it), it] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const versions = keyed.map(([, it]) => `\n${it.text ?? packageText(it)}`);
  return head + blocks.join('') + versions.join('');
}

const listText = (items: readonly string[]): string => `[${items.map((item) => `"${item}"`).join(', ')}]`;

function imageText({ name, tag, digest, patch, date, platforms, replaces = [] }: LockEntry): string {
  const more = patch === undefined ? '' : `patch = "${patch}"\n`;
  const older = replaces.length === 0 ? '' : `replaces = ${listText(replaces)}\n`;
  return `[[image]]\nname = "${name}"\ntag = "${tag}"\ndigest = "${digest}"\n${more}date = "${date}"\nplatforms = ${listText(platforms)}\n${older}`;
}

function packageText({ manager, name, version, release }: PackageEntry): string {
  const more = release === undefined ? '' : `release = "${release}"\n`;
  return `[[package]]\nmanager = "${manager}"\nname = "${name}"\nversion = "${version}"\n${more}`;
}

/** Reads a lock file; `error`: why nothing of it is believed, with the line where that is known. */
export function parseLock(text: string): LockFile | { readonly error: string } {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  let parsed: Record<string, unknown>;
  try {
    parsed = parse(lines.join('\n'));
  } catch (error) {
    const where = error instanceof TomlError ? `line ${error.line}: ` : '';
    return { error: `${where}${String((error as Error).message).split('\n')[0]}` };
  }
  if (parsed.version !== VERSION)
    return { error: `it has the version ${parsed.version}, this redock reads ${VERSION}` };
  const entries: ReadEntry[] = [];
  for (const { block, line } of blocksOf(parsed, 'image', lines)) {
    const entry = entryOf(
      block,
      line,
      commentsAbove(lines, line)
        .map((it) => `${it}\n`)
        .join(''),
    );
    if (!entry) return { error: `line ${line}: this block is no image with name, tag, digest, date and platforms` };
    const twin = entries.find(({ name, tag }) => name === entry.name && tag === entry.tag);
    if (twin) return { error: `lines ${twin.line} and ${line} are both about ${entry.name}:${entry.tag}` };
    entries.push(entry);
  }
  const packages: ReadPackage[] = [];
  for (const { block, line } of blocksOf(parsed, 'package', lines)) {
    const entry = packageOf(block, line, textOf(lines, line));
    if (!entry) return { error: `line ${line}: this block is no package with manager, name and version` };
    const twin = packages.find((it) => packageKey(it) === packageKey(entry));
    if (twin) return { error: `lines ${twin.line} and ${line} are both about ${entry.name} of ${entry.manager}` };
    packages.push(entry);
  }
  const first = lines.findIndex((line) => BLOCK.test(line));
  const top = first < 0 ? lines : lines.slice(0, first - commentsAbove(lines, first + 1).length);
  return { head: `${top.join('\n').trimEnd()}\n`, entries, packages };
}

const BLOCK = /^\s*\[\[/;

/** The blocks `[[name]]` with their lines. */
function blocksOf(
  parsed: Record<string, unknown>,
  name: string,
  lines: readonly string[],
): { block: unknown; line: number }[] {
  const blocks = Array.isArray(parsed[name]) ? (parsed[name] as unknown[]) : [];
  const head = new RegExp(`^\\s*\\[\\[\\s*${name}\\s*\\]\\]`);
  const starts = lines.flatMap((line, i) => (head.test(line) ? [i + 1] : []));
  return blocks.map((block, i) => ({ block, line: starts[i] ?? 1 }));
}

/** The comments right above a line (1-based). */
function commentsAbove(lines: readonly string[], line: number): readonly string[] {
  let from = line - 1;
  while (from > 0 && /^\s*#/.test(lines[from - 1] as string)) from--;
  return lines.slice(from, line - 1);
}

/** The block that starts at a line, with the comments above it and without those of the next one. */
function textOf(lines: readonly string[], line: number): string {
  const next = lines.findIndex((it, i) => i >= line && BLOCK.test(it));
  const end = next < 0 ? lines.length : next - commentsAbove(lines, next + 1).length;
  return `${[...commentsAbove(lines, line), ...lines.slice(line - 1, end)].join('\n').trimEnd()}\n`;
}

/** `@scope/name`, `golang.org/x/tools`, `libstdc++6`, `1:2.39.5-0+deb12u2`: nothing that a shell would read as more than a word. */
const PACKAGE = /^@?[A-Za-z0-9][\w.+/-]*$/;
const PACKAGE_VERSION = /^[\w.+~:-]+$/;

function packageOf(block: unknown, line: number, text: string): ReadPackage | undefined {
  const { manager, name, version, release } = (block ?? {}) as Record<string, unknown>;
  const known = LOCKED_MANAGERS.find((it) => it === manager);
  if (!known || !matches(name, PACKAGE) || !matches(version, PACKAGE_VERSION)) return undefined;
  if (release !== undefined && !matches(release, /^[\w.-]+$/)) return undefined;
  return { manager: known, name, version, ...(release !== undefined && { release }), line, text };
}

function entryOf(block: unknown, line: number, comments: string): ReadEntry | undefined {
  const { name, tag, digest, patch, date, platforms, replaces } = (block ?? {}) as Record<string, unknown>;
  const ref = typeof name === 'string' ? parseImageRef(name) : undefined;
  if (!ref || ref.tag !== undefined || ref.digest !== undefined) return undefined;
  if (!matches(tag, TAG) || !matches(digest, DIGEST) || !matches(date, /^\d{4}-\d{2}-\d{2}$/)) return undefined;
  if (patch !== undefined && !matches(patch, TAG)) return undefined;
  if (!Array.isArray(platforms) || !platforms.every((platform) => matches(platform, /^[\w./-]+$/))) return undefined;
  if (replaces !== undefined && !(Array.isArray(replaces) && replaces.every((it) => matches(it, DIGEST))))
    return undefined;
  const more = { ...(patch !== undefined && { patch }), ...(replaces && { replaces }) };
  return { name: familiarName(ref), tag, digest, ...more, date, platforms, line, comments };
}

const matches = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);

/** The entry of an image, or one whose most precise tag is the image's. */
export function lockEntry<E extends LockEntry>(entries: readonly E[], ref: ImageRef): E | undefined {
  const name = familiarName(ref);
  const tag = ref.tag ?? 'latest';
  const own = entries.filter((entry) => entry.name === name);
  return own.find((entry) => entry.tag === tag) ?? own.find((entry) => entry.patch === tag);
}
