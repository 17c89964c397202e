/** Whether the kernel can start a program, or only a shell can: a script without `#!`. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { SCRIPT_NAME } from '../../src/knowledge/shell-words.ts';
import type { Project } from '../../src/project/project.ts';
import { lineOf } from './rewrite.ts';

/**
 * Looks for the file behind a program among what the stage copies from the build context. Gives evidence of its `#!` line,
 * nothing where it is no script as far as its name tells, or what is wrong with it.
 */
export function starterOf(
  document: Document,
  project: Project,
  stage: Stage,
  instruction: Instruction,
  program: string,
): readonly Evidence[] | 'no-shebang' | 'not-found' {
  const base = program.split('/').pop() as string;
  const heredoc = written(stage, instruction, base);
  if (heredoc) {
    const { start, end } = heredoc.heredocs[0]?.body ?? heredoc;
    return document.text.slice(start, end).startsWith('#!')
      ? [lineOf(document, heredoc, `${base} starts with #!`)]
      : 'no-shebang';
  }
  for (const path of candidates(project, stage, instruction, program)) {
    if (project.kind(path) !== 'file' || project.ignored(path)) continue;
    const head = project.head(path, 4) ?? new Uint8Array();
    const elf = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
    if (elf) return [];
    if (head[0] !== 0x23 || head[1] !== 0x21) return 'no-shebang';
    return [{ file: project.rootPath(path), line: 1, says: 'starts with #!' }];
  }
  return SCRIPT_NAME.test(base) ? 'not-found' : [];
}

/** `COPY <<EOF /run.sh` */
function written(stage: Stage, instruction: Instruction, base: string): Instruction | undefined {
  return lineage(stage)
    .flatMap((it) => it.instructions)
    .find(
      (it) =>
        (it.keyword === 'COPY' || it.keyword === 'ADD') &&
        it.index < instruction.index &&
        it.heredocs.length === 1 &&
        it.words.at(-1)?.value.split('/').pop() === base,
    );
}

/** Paths of the build context that may be the program: copied by name, or in a copied folder. */
function* candidates(project: Project, stage: Stage, instruction: Instruction, program: string): Iterable<string> {
  const base = program.split('/').pop() as string;
  const relative = program.startsWith('/') || !program.includes('/') ? undefined : program.replace(/^\.\//, '');
  for (const it of lineage(stage).flatMap((s) => s.instructions)) {
    const copies = (it.keyword === 'COPY' || it.keyword === 'ADD') && !it.flags.some((flag) => flag.name === 'from');
    if (!copies || it.index > instruction.index) continue;
    for (const { value } of it.words.slice(0, -1)) {
      if (/[$\\"']/.test(value)) continue;
      for (const path of project.glob(value)) {
        if (path.split('/').pop() === base) yield path;
        if (project.kind(path) !== 'dir') continue;
        const inside = (rest: string) => (path === '.' ? rest : `${path}/${rest}`);
        if (relative !== undefined) yield inside(relative);
        yield inside(base);
        // COPY . . and then ENTRYPOINT /app/docker/entrypoint.sh
        const segments = program.split('/').filter((segment) => segment !== '' && segment !== '.');
        for (let i = 1; i < segments.length - 1; i++) yield inside(segments.slice(i).join('/'));
      }
    }
  }
}
