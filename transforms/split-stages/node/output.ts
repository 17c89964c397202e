/** Build outputs that hold everything they run: the standalone server of Next, the server of Nitro (Nuxt, SolidStart, Analog). */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import { SELF_CONTAINED_OUTPUTS } from '../../../src/knowledge/node-packages.ts';
import type { View } from '../types.ts';

/**
 * The folder of such an output, where `node` starts it directly and nothing else is started: packages, source and
 * package.json are not needed then.
 */
export function outputFolder(view: View, roots: readonly string[]): string | undefined {
  const { runtime, stage, project } = view;
  const starts = runtime.starts.filter(({ by }) => by !== 'HEALTHCHECK');
  const folders = starts.map(({ words, text }) => {
    const [program, path, ...more] = words ?? text.split(/\s+/);
    if (program !== 'node' || path === undefined || more.length > 0) return undefined;
    const row = SELF_CONTAINED_OUTPUTS.find(({ server }) => server.test(posix.normalize(path)));
    const place = joinPath(stage.end.workdir, path);
    if (!row || !place) return undefined;
    const root = place.slice(0, place.lastIndexOf(`/${row.folder}/`));
    return row.asked && !isAsked(view, root, row.asked) ? undefined : `${root}/${row.folder}`;
  });
  const [folder, ...others] = folders;
  if (folder === undefined || others.some((it) => it !== folder)) return undefined;
  const isBuilt =
    roots.some((root) => folder.startsWith(`${root}/`)) &&
    project.kind(runtime.files.toContext(folder) ?? '?') === undefined;
  return isBuilt && runtime.unread.length === 0 && runtime.scripts.length === 0 ? folder : undefined;
}

/** Whether a configuration of the project asks for the output, which no build makes unasked. */
function isAsked(
  { runtime, project }: View,
  root: string,
  { files, says }: { readonly files: readonly string[]; readonly says: RegExp },
): boolean {
  return files.some((file) => {
    const path = runtime.files.toContext(`${root}/${file}`);
    return path !== undefined && says.test(project.read(path) ?? '');
  });
}
