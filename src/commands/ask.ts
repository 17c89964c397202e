/** Asking change by change. */
import type { Change } from '../edit.ts';
import { UsageError } from '../errors.ts';
import type { Io } from './io.ts';

/**
 * A hook for the engine: y takes the change, n leaves it, a takes it and all that follow, q leaves it and all that follow.
 * @throws UsageError when there is nobody to ask
 */
export function acceptor(io: Io): (name: string, transform: string, change: Change, line: number) => boolean {
  const { ask, paintErr: paint } = io;
  if (!ask) throw new UsageError('-i asks questions, and stdin is not a terminal');
  let rest: boolean | undefined;
  return (name, transform, change, line) => {
    if (rest !== undefined) return rest;
    io.progress('');
    io.err.write(
      `${paint.bold(`${name}:${line}`)}  ${transform}: ${change.title} [${change.level}]\n      ${change.why}\n`,
    );
    for (const { file, line: at, says } of change.evidence) {
      io.err.write(paint.dim(`      ${at === undefined ? file : `${file}:${at}`}: ${says}`));
      io.err.write('\n');
    }
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
