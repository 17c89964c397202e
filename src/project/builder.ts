/** Which builder the CI files of a tree name. */
import type { Tree } from '../tree.ts';
import { BUILDER_SIGNS, CI_FILE, CI_FILES, CI_FOLDERS } from './places.ts';
import type { Project } from './project.ts';

/**
 * Reads the CI files at their usual places, line by line, without comment lines. A builder without cache mounts (kaniko,
 * the legacy one) wins over BuildKit wherever it is named: what runs under it must not be broken.
 */
export function findBuilder(tree: Tree): Project['builder'] {
  const inFolders = CI_FOLDERS.flatMap((folder) =>
    tree
      .list(folder)
      .filter((name) => CI_FILE.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const first = new Map<string, { file: string; line: number }>();
  for (const file of [...CI_FILES, ...inFolders]) {
    if (tree.kind(file) !== 'file') continue;
    (tree.read(file) ?? '').split('\n').forEach((text, index) => {
      if (/^\s*(?:#|\/\/)/.test(text)) return;
      for (const { kind, pattern } of BUILDER_SIGNS) {
        if (!first.has(kind) && pattern.test(text)) first.set(kind, { file, line: index + 1 });
      }
    });
  }
  for (const { kind } of BUILDER_SIGNS) {
    const found = first.get(kind);
    if (found) return { kind, ...found };
  }
  return { kind: 'unknown' };
}
