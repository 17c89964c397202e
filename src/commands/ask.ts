/** Asking change by change. */
import { applyEdits, type Change } from '../edit.ts';
import { UsageError } from '../errors.ts';
import { filePatch } from '../report/patch.ts';
import { colorPatch } from '../report/patches.ts';
import type { Io } from './io.ts';
import type { Request } from './run.ts';

/**
 * A hook for the engine: y takes the change, n leaves it, a takes it and all that follow, q leaves it and all that follow.
 * @throws UsageError when there is nobody to ask
 */
export function acceptor(io: Io): NonNullable<Request['accept']> {
  const { ask, paintErr: paint } = io;
  if (!ask) throw new UsageError('-i asks questions, and stdin is not a terminal');
  let rest: boolean | undefined;
  return (name, transform, change, line, text) => {
    if (rest !== undefined) return rest;
    io.progress('');
    io.err.write(
      `${paint.bold(`${name}:${line}`)}  ${transform}: ${change.title} [${change.level}]\n      ${change.why}\n`,
    );
    for (const { file, line: at, says } of change.evidence) {
      io.err.write(paint.dim(`      ${at === undefined ? file : `${file}:${at}`}: ${says}`));
      io.err.write('\n');
    }
    io.err.write(preview(name, change, text, paint));
    for (;;) {
      const answer = ask('Take it? y yes, n no, a all from here, q none from here: ');
      if (answer === 'y' || answer === 'n') return answer === 'y';
      if (answer === 'a' || answer === 'q') {
        rest = answer === 'a';
        return rest;
      }
    }
  };
}

/** The hunks of one change in the Dockerfile as it is by then, and the names of the other files that it is about. */
function preview(name: string, { edits, creates = [] }: Change, text: string, paint: Io['paintErr']): string {
  const own = edits.filter(({ file }) => file === undefined);
  const patch = filePatch(name, text, applyEdits(text, own));
  const hunks = patch.slice(patch.indexOf('@@'));
  const others = new Set(edits.flatMap(({ file }) => file ?? []));
  return [
    patch === '' ? '' : colorPatch(hunks, paint),
    ...Array.from(others, (file) => `changes ${file} too\n`),
    ...creates.map(({ file }) => `makes ${file}\n`),
  ].join('');
}
