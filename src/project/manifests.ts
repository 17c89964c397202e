/** What the readers of manifests share: paths inside of the build context and places in a text. */
import { posix } from 'node:path';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';

/** What a manifest says at a place; `file` is relative to the build context. */
export interface Fact {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly says: string;
}

/** `path` seen from `dir`, both relative to the context ('' is its root); undefined where it leaves the context. */
export function within(dir: string, path: string): string | undefined {
  const place = posix.normalize(posix.join(dir || '.', path)).replace(/\/$/, '');
  if (place === '..' || place.startsWith('../') || path.startsWith('/')) return undefined;
  return place === '.' ? '' : place;
}

/** 1-based line of the first occurrence; undefined: it is not there. */
export function lineOf(text: string, needle: string): number | undefined {
  const at = text.indexOf(needle);
  if (at < 0) return undefined;
  let line = 1;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line++;
  return line;
}

/** Where a fact stands, as text: `app/main.py:12`. */
export const placeText = ({ file, line }: { readonly file: string; readonly line?: number | undefined }): string =>
  line === undefined ? file : `${file}:${line}`;

/** Whether a file of the context reaches the build. */
export function sends(project: Project, path: string): boolean {
  return project.kind(path) === 'file' && !project.ignored(path);
}

/** Those of the names in a folder that are files and reach the build, in the order given. */
export function presentIn(project: Project, dir: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const path = within(dir, name);
    return path !== undefined && sends(project, path) ? [path] : [];
  });
}

/** The folders from `dir` up to the root of the context, `dir` first. */
export function upwards(dir: string): string[] {
  const folders = [dir];
  for (let folder = dir; folder !== ''; ) {
    folder = posix.dirname(folder);
    if (folder === '.') folder = '';
    folders.push(folder);
  }
  return folders;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entries of an object whose values are text; anything else is empty. */
export function textEntries(value: unknown): (readonly [string, string])[] {
  return isRecord(value)
    ? Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []))
    : [];
}

export const textList = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : [];

/** A JSON text whose root is an object; undefined where it is anything else, or no JSON. */
export function parseRecord(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The object that a JSON file of the context holds, parsed once; undefined: it is not there, or anything else. */
export const recordIn = remembered((project: Project, path: string) => parseRecord(project.read(path)));
