/** The build context that the commands of a Dockerfile speak for, where it copies all of it and no file names it. */
import { posix } from 'node:path';
import { BRINGS_SOURCE, COMMAND_NEEDS } from '../knowledge/command-needs.ts';
import type { Tree } from '../tree.ts';
import { foldersAbove } from './likely-context.ts';

/** `COPY . .`, `COPY --chown=app:app ./ /app/`; `COPY .. .` does not leave the context either. */
const COPIES_ALL = /^[ \t]*(?:COPY|ADD)[ \t]+(?:--(?!from)\S+[ \t]+)*(?:\.{1,2}\/?)+[ \t]+\S+[ \t]*\r?$/im;
/** Folders below the Dockerfile that are looked into: a RUN may enter them. */
const DEPTH = 3;

/**
 * The folder above `folder` with the manifest that the first such command needs, and its lock file, when `folder` lacks one
 * of them, so that a build from there would fail; with the line of the copy. Undefined: nothing is missing, no folder or
 * more than one has it, or the manifest stands further down. Where `folder` has the manifest and lacks the lock file, the
 * folder above has to be the root of a workspace.
 */
export function lockedContext(
  tree: Tree,
  dockerfile: string,
  folder: string,
): { readonly dir: string; readonly line: number } | undefined {
  const text = folder === '' ? undefined : tree.read(dockerfile);
  const joined = text?.replace(/\\\r?\n/g, ' ') ?? '';
  const need = COMMAND_NEEDS.find(({ command }) => command.test(joined));
  const copy = need && COPIES_ALL.exec(text as string);
  if (!need || !copy || BRINGS_SOURCE.test(text as string)) return undefined;
  const { manifests, locks = manifests, workspace } = need;
  const has = (dir: string, names: readonly string[]): boolean =>
    names.some((name) => tree.kind(posix.join(dir, name)) === 'file');
  const hasManifest = has(folder, manifests);
  if (hasManifest ? has(folder, locks) : isBelow(tree, folder, manifests, DEPTH)) return undefined;
  const dirs = foldersAbove(folder).filter((dir) => has(dir, manifests) && has(dir, locks));
  const [dir] = dirs;
  if (dir === undefined || (dirs.length > 1 && !hasManifest)) return undefined;
  if (hasManifest && !workspace?.[1].test(tree.read(posix.join(dir, workspace[0])) ?? '')) return undefined;
  return { dir, line: (text as string).slice(0, copy.index).split('\n').length };
}

/** Whether a folder or one below it has a file of one of the names. */
function isBelow(tree: Tree, folder: string, names: readonly string[], depth: number): boolean {
  const entries = tree.list(folder);
  if (entries.some((name) => names.includes(name))) return true;
  return (
    depth > 0 &&
    entries.some((name) => {
      const path = posix.join(folder, name);
      return name !== 'node_modules' && tree.kind(path) === 'dir' && isBelow(tree, path, names, depth - 1);
    })
  );
}
