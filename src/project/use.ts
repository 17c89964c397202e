/** One use of a Dockerfile, as a build description names it, before its paths are checked against the tree. */
import { posix } from 'node:path';
import { normalisePath } from '../normalise-path.ts';
import type { Tree } from '../tree.ts';
import type { ContextSource } from './project.ts';

/** A use that was found, and the Dockerfile (relative to the root, links resolved) that it is about. */
export interface Use {
  readonly dockerfile: string;
  readonly source: ContextSource;
}

/** A value that is a URL or a git reference, not a folder: `https://..`, `git@..`, `github.com/a/b`, `docker-image://..`. */
export function isRemote(context: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/i.test(context) || context === '-';
}

/**
 * Puts `base/context` and `base/context/dockerfile` together. Undefined when the context is remote, lies outside of the
 * root or is no folder, or when there is no such Dockerfile.
 */
export function placeUse(
  tree: Tree,
  base: string,
  context: string,
  dockerfile: string,
  source: Omit<ContextSource, 'dir'>,
): Use | undefined {
  if (isRemote(context) || context.startsWith('/') || context.startsWith('~')) return undefined;
  const dir = normalisePath(posix.join(base, context));
  if (dir === undefined || tree.kind(dir) !== 'dir' || dockerfile.startsWith('/')) return undefined;
  const path = tree.canonical(posix.join(dir, dockerfile));
  if (path === undefined || tree.kind(path) !== 'file') return undefined;
  return { dockerfile: path, source: { dir: tree.canonical(dir) ?? dir, ...source } };
}

/** Build arguments from a map or a list of `KEY=value`; a key without a value comes from the environment. */
export function readArgs(
  value: unknown,
  expand: (text: string) => string | undefined,
): Record<string, string | undefined> | undefined {
  const args: Record<string, string | undefined> = {};
  if (Array.isArray(value)) {
    for (const entry of value) {
      const [key, ...rest] = String(entry).split('=');
      if (key) args[key] = rest.length === 0 ? undefined : expand(rest.join('='));
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      args[key] =
        entry === null || entry === undefined || typeof entry === 'object' ? undefined : expand(String(entry));
    }
  }
  return Object.keys(args).length === 0 ? undefined : args;
}

/** Optional fields of a source without the ones that are undefined. */
export function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
