/** What COPY and ADD bring, and where to. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { imageFiles } from '../../src/project/image-files.ts';
import type { Project } from '../../src/project/project.ts';

export const copiesOf = (stage: Stage): readonly Instruction[] =>
  lineage(stage).flatMap(({ instructions }) => instructions.filter(({ keyword }) => /^(?:COPY|ADD)$/.test(keyword)));

/** Where a COPY puts what it brings; undefined: not known. */
export const targetOf = (document: Document, copy: Instruction): string | undefined =>
  joinPath(copy.state.workdir, document.expand(copy.words.at(-1)?.value ?? '', copy.state));

/**
 * `COPY --from=builder /app /app` brings /app/data with its owner there, whoever it was given to before: a folder that
 * is there gets the owner that a copy has for it, but for the target itself.
 */
export function bringsAlong(document: Document, project: Project, copy: Instruction, folder: string): boolean {
  const target = targetOf(document, copy);
  if (target === undefined || !folder.startsWith(target === '/' ? '/' : `${target}/`)) return false;
  const below = folder.slice(target.length).replace(/^\//, '');
  const from = copy.flags.find(({ name }) => name === 'from')?.value;
  const sources = copy.words.slice(0, -1).flatMap(({ value }) => document.expand(value, copy.state) ?? []);
  if (from === undefined)
    return sources.some((it) => project.kind(posix.join(it.replace(/^\/+/, '') || '.', below)) === 'dir');
  const stage = document.stageNamed(from, copy.stage);
  if (!stage) return false;
  const files = imageFiles(document, project, stage);
  return sources.some((source) => {
    const path = posix.join('/', source, below);
    const isIn = (it: string | undefined): boolean => it !== undefined && (it === path || it.startsWith(`${path}/`));
    const names = lineage(stage).flatMap(({ instructions }) => instructions);
    return (
      files.toContext(path) !== undefined ||
      names.some(
        ({ state, keyword, args: { text } }) => isIn(state.workdir) || (keyword === 'RUN' && text.includes(path)),
      ) ||
      isIn(stage.end.workdir)
    );
  });
}
