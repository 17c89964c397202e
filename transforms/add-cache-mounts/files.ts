/** Which file of the project a RUN finds in its folder. */
import { posix } from 'node:path';
import type { Run } from './run.ts';
import { earlier } from './stages.ts';

/** COPY instructions that are looked at. */
const LIMIT = 20;

/**
 * The path in the build context of the file `name` that the instructions before a RUN bring in, else of the one at the
 * root of the context; undefined where there is none. `folder` is one below the working directory (`npm --prefix client`).
 */
export function copiedFile(run: Run, name: string, folder?: string): string | undefined {
  const { project } = run;
  const isFile = (path: string): boolean => project.kind(path) === 'file';
  const wanted = folder !== undefined && !folder.startsWith('/') ? [posix.join(folder, name), name] : [name];
  const copies = earlier(run.instruction, run.stage).filter(
    ({ keyword, flags }) => (keyword === 'COPY' || keyword === 'ADD') && !flags.some((flag) => flag.name === 'from'),
  );
  for (const file of wanted) {
    for (const copy of copies.slice(-LIMIT).reverse()) {
      for (const word of copy.words.slice(0, -1)) {
        const source = run.document.expand(word.value, copy.state);
        if (source === undefined || /^\w+:\/\//.test(source)) continue;
        for (const path of project.glob(source)) {
          if (posix.basename(path) === posix.basename(file) && isFile(path)) return path;
          const below = path === '.' ? file : posix.join(path, file);
          if (isFile(below)) return below;
        }
      }
    }
  }
  return wanted.find(isFile);
}
