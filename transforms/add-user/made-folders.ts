/** Folders that a RUN makes: they are there to be written to, and root's. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { WrittenPlace } from '../../src/project/writes.ts';

/** `RUN mkdir -p /app/uploads` */
export function* madeFolders(document: Document, stage: Stage): Iterable<WrittenPlace & { folder: string }> {
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== 'RUN') continue;
    for (const command of instruction.script?.commands ?? []) {
      const isInstall = command.program === 'install' && command.has('-d') && !command.has('-o', '--owner');
      if (!(command.program === 'mkdir' || isInstall) || !command.certain) continue;
      for (const { literal } of command.operands(['-m', '--mode', '-g', '--group'])) {
        const folder = joinPath(instruction.state.workdir, literal);
        const line = document.originLine(instruction.start);
        if (folder !== undefined) yield { folder, fact: { file: document.path, line, says: `mkdir ${literal}` } };
      }
    }
  }
}

/** `/app/data` for /app and /app/data/uploads, outermost first. */
export function between(outer: string | undefined, inner: string): readonly string[] {
  const parent = posix.dirname(inner);
  if (outer === undefined || !parent.startsWith(`${outer}/`)) return [];
  return [...between(outer, parent), parent];
}

export const runsMkdir = (stage: Stage): boolean =>
  stage.instructions.some(({ keyword, args }) => keyword === 'RUN' && /\bmkdir\s+(?!-p)/.test(args.text));
