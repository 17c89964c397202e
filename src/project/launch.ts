/** Programs that only start another one: tini, gosu, poetry run, npx, ... */
import { LAUNCHERS, type LauncherRow } from '../knowledge/launchers.ts';

const PROGRAMS: ReadonlySet<string> = new Set(LAUNCHERS.flatMap(({ programs }) => programs));

/** The words behind a launcher, and whether it stays as their parent; undefined: it is none. */
export function launched(
  name: string,
  args: readonly string[],
):
  | { words: readonly string[]; assignments: ReadonlyMap<string, string | undefined>; stays: boolean }
  | 'nothing'
  | undefined {
  // most programs are none
  if (!PROGRAMS.has(name)) return undefined;
  const row = LAUNCHERS.find(
    (it) =>
      it.programs.includes(name) && (!it.verbs || it.verbs.includes(args.find((word) => !word.startsWith('-')) ?? '')),
  );
  if (!row) return undefined;
  const stays = row.stays === true;
  const assignments = new Map<string, string | undefined>();
  let at = row.verbs ? args.findIndex((word) => row.verbs?.includes(word)) + 1 : 0;
  if (row.behindDashes) {
    const dashes = args.indexOf('--');
    return dashes < 0 || dashes + 1 >= args.length ? 'nothing' : { words: args.slice(dashes + 1), assignments, stays };
  }
  let operands = row.operands ?? 0;
  for (; at < args.length; at++) {
    const word = args[at] as string;
    const assignment = row.assignments ? /^([A-Za-z_]\w*)=(.*)$/.exec(word) : null;
    if (word === '--') {
      at++;
      break;
    }
    if (assignment) assignments.set(assignment[1] as string, assignment[2]);
    else if (word.startsWith('-')) at += takesNext(row, word) ? 1 : 0;
    else if (operands-- <= 0) break;
  }
  return at >= args.length ? 'nothing' : { words: args.slice(at), assignments, stays };
}

const takesNext = ({ valued }: LauncherRow, word: string): boolean =>
  valued === 'all' ? !word.includes('=') : valued?.includes(word) === true;
