/** `redock verify`: builds every image that would change before and after, and compares them. Writes nothing. */
import { isFailure } from '../report/report.ts';
import { verifyJson } from '../report/verify-json.ts';
import { inDetail, summaryText, tableText, verdictText } from '../report/verify-text.ts';
import type { Verdict } from '../verify/subject.ts';
import { verifyExitCode } from '../verify/verdict.ts';
import type { VerifyArguments } from './argv-verify.ts';
import type { Io } from './io.ts';
import { type ProofListener, prove } from './proof.ts';
import { type NeighbourUnit, type Request, run, type Unit } from './run.ts';

export interface VerifyVoice {
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** What a run of the engine over all files gives. */
export interface Planned {
  readonly units: Unit[];
  readonly neighbours: NeighbourUnit[];
  /** What could not be read or rewritten. */
  readonly failed: { path: string; why: string }[];
  readonly notes: string[];
}

/** Tells on stderr what is being built: on a terminal in one line that moves, else one line for each phase. */
export function progressOf(io: Io, quiet: boolean): Pick<ProofListener, 'begin' | 'step'> {
  return {
    begin(engine, images) {
      if (!quiet) io.err.write(`${engine}: ${images} image${images === 1 ? '' : 's'} before and after\n`);
    },
    step(name, phase, step) {
      if (quiet) return;
      if (io.terminal) io.progress(`${name}  ${phase}${step === undefined ? '' : `  ${step}`}`);
      else if (step === undefined) io.err.write(`${name}: ${phase}\n`);
    },
  };
}

/** @returns undefined when the user stopped it. @throws UsageError */
async function planAll(request: Request, io: Io): Promise<Planned | undefined> {
  const planned: Planned = { units: [], neighbours: [], failed: [], notes: [] };
  const finished = await run(request, io, {
    unit(unit) {
      const { name, result } = unit;
      if (isFailure(result, undefined)) planned.failed.push({ path: name, why: result.error?.message ?? '' });
      for (const { transform, message } of result.faults)
        planned.failed.push({ path: name, why: `${transform}: ${message}` });
      planned.units.push(unit);
    },
    neighbour: (neighbour) => planned.neighbours.push(neighbour),
    skipped: ({ name, why }) => planned.failed.push({ path: name, why }),
    // What is said about the place of the patch is of no use here.
    note() {},
  });
  io.progress('');
  return finished ? planned : undefined;
}

/** @returns the exit code. @throws UsageError */
export async function verify(request: Request, args: VerifyArguments, voice: VerifyVoice, io: Io): Promise<number> {
  const planned = await planAll(request, io);
  if (!planned) return 130;
  const { units, neighbours, failed, notes } = planned;
  const verdicts: Verdict[] = [];
  const text = voice.format === 'text';
  const paint = io.paintOut ?? io.plain;
  let engine: string | undefined;
  let images = 0;
  const progress = progressOf(io, voice.quiet);
  const finished = await prove(units, neighbours, request, args, io, {
    ...progress,
    begin(title, count) {
      engine = title;
      images = count;
      progress.begin(title, count);
    },
    verdict({ verdict }) {
      verdicts.push(verdict);
      io.progress('');
      if (text && inDetail(verdict, images, voice.verbose)) io.out.write(`${verdictText(verdict, paint)}\n`);
    },
    note(said) {
      notes.push(said);
      if (!voice.quiet) io.err.write(`${said}\n`);
    },
  });
  const statuses = verdicts.map(({ status, blame }) => (blame.length > 0 ? 'failed' : status));
  const exitCode = verifyExitCode(statuses, failed.length, !finished);
  for (const { path, why } of failed) io.err.write(`${io.paintErr.red('error')}: ${path}: ${why}\n`);
  if (text) {
    if (verdicts.length > 1) io.out.write(tableText(verdicts, paint));
    if (finished && images === 0) io.out.write('Nothing to verify: no Dockerfile would change.\n');
    else io.out.write(summaryText(verdicts));
  } else io.out.write(verifyJson({ version: io.version, engine, verdicts, failed, notes, exitCode }));
  if (!finished) io.err.write('interrupted: what was made is removed again\n');
  return exitCode;
}
