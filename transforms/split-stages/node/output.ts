/** Build outputs that hold everything they run: the standalone server of Next, the server of Nitro (Nuxt, SolidStart, Analog). */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import { SELF_CONTAINED_OUTPUTS } from '../../../src/knowledge/node-packages.ts';
import type { View } from '../types.ts';

/**
 * The folder of such an output, where `node` starts it directly and nothing else is started: packages, source and
 * package.json are not needed then.
 */
export function outputFolder({ runtime, stage, project }: View, roots: readonly string[]): string | undefined {
  const starts = runtime.starts.filter(({ by }) => by !== 'HEALTHCHECK');
  const folders = starts.map(({ words, text }) => {
    const [program, path, ...more] = words ?? text.split(/\s+/);
    if (program !== 'node' || path === undefined || more.length > 0) return undefined;
    const row = SELF_CONTAINED_OUTPUTS.find(({ server }) => server.test(posix.normalize(path)));
    const place = joinPath(stage.end.workdir, path);
    return row && place ? place.slice(0, place.lastIndexOf(`/${row.folder}/`) + row.folder.length + 1) : undefined;
  });
  const [folder, ...others] = folders;
  if (folder === undefined || others.some((it) => it !== folder)) return undefined;
  const isBuilt =
    roots.some((root) => folder.startsWith(`${root}/`)) &&
    project.kind(runtime.files.toContext(folder) ?? '?') === undefined;
  return isBuilt && runtime.unread.length === 0 && runtime.scripts.length === 0 ? folder : undefined;
}
