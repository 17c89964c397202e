/** `redock apply --verify`: which changes were proved and are written. */
import { inDetail, summaryText, tableText, verdictText } from '../report/verify-text.ts';
import type { Blame, Verdict } from '../verify/subject.ts';
import { isProved } from '../verify/verdict.ts';
import type { Collected } from './apply.ts';
import type { VerifyArguments } from './argv-verify.ts';
import type { Io } from './io.ts';
import { prove } from './proof.ts';
import type { Request, Unit } from './run.ts';
import { progressOf } from './verify.ts';

export interface Proved {
  /** The same request, which takes only what was proved. */
  readonly request: Request;
  /** Changes that break a build and are left out of files that are written all the same. */
  readonly blamed: number;
  /** Why nothing, or not all, of a file is written. */
  failureOf(unit: Unit): { readonly failure?: string; readonly remark?: string };
}

/**
 * Builds what was collected and tells the verdicts on stderr.
 * @returns undefined when the user stopped it. @throws UsageError
 */
export async function onlyProved(
  { units, neighbours }: Collected,
  request: Request,
  args: VerifyArguments,
  quiet: boolean,
  io: Io,
): Promise<Proved | undefined> {
  const verdicts = new Map<string, Verdict>();
  const finished = await prove(units, neighbours, request, args, io, {
    ...progressOf(io, quiet),
    verdict({ verdict }) {
      verdicts.set(verdict.name, verdict);
      io.progress('');
      if (!quiet && inDetail(verdict, units.length, false)) io.err.write(`${verdictText(verdict, io.paintErr)}\n`);
    },
    note(text) {
      if (!quiet) io.err.write(`${text}\n`);
    },
  });
  if (!finished) return undefined;
  if (!quiet && verdicts.size > 1) io.err.write(tableText([...verdicts.values()], io.paintErr));
  if (!quiet && verdicts.size > 0) io.err.write(summaryText([...verdicts.values()]));
  const accept: NonNullable<Request['accept']> = (name, transform, { title }, line) => {
    const verdict = verdicts.get(name);
    if (!verdict || !isProved(verdict.status)) return false;
    const same = (one: Blame): boolean => one.transform === transform && one.title === title && one.line === line;
    return !verdict.blame.some(same);
  };
  return {
    request: { ...request, accept },
    blamed: [...verdicts.values()].reduce((sum, { status, blame }) => sum + (isProved(status) ? blame.length : 0), 0),
    failureOf({ name }) {
      const verdict = verdicts.get(name);
      if (!verdict) return {};
      if (!isProved(verdict.status)) return { failure: verdict.why || verdict.status };
      const out = verdict.blame.map(({ transform, line }) => `${transform} of line ${line}`);
      return out.length === 0 ? {} : { remark: `without ${out.join(', ')}, which breaks it` };
    },
  };
}
