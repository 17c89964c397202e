/** `redock diff`: shows what would change and writes nothing. */
import { countFile, exitCode, newTally } from '../report/report.ts';
import type { Io } from './io.ts';
import { type Format, reportersOf } from './reporters.ts';
import { type Request, run } from './run.ts';

export interface DiffOptions {
  readonly format: Format;
  readonly check: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** @returns the exit code. @throws UsageError */
export async function diff(request: Request, options: DiffOptions, io: Io): Promise<number> {
  const reporters = reportersOf({ ...options, verb: 'would change' }, io);
  const tally = newTally();
  const finished = await run(request, io, {
    unit(unit) {
      countFile(tally, unit);
      for (const reporter of reporters) reporter.file(unit);
    },
    neighbour(neighbour) {
      tally.neighbours++;
      for (const reporter of reporters) reporter.neighbour(neighbour);
    },
    skipped(skipped) {
      tally.skipped++;
      for (const reporter of reporters) reporter.skipped(skipped);
    },
    note(text) {
      for (const reporter of reporters) reporter.note(text);
    },
  });
  tally.interrupted = !finished;
  for (const reporter of reporters) reporter.end(tally);
  return exitCode(tally, options.check);
}
