/** `redock apply`: computes everything first, asks git whether anything could be lost, then writes file by file. */
import { UsageError } from '../errors.ts';
import { type DirtyFile, dirtyFiles } from '../git.ts';
import { countFile, exitCode, isChanged, newTally, type Reporter, type SkippedReport } from '../report/report.ts';
import { WriteError, writeWhole } from '../write.ts';
import { onlyProved } from './apply-proof.ts';
import type { VerifyArguments } from './argv-verify.ts';
import { acceptor } from './ask.ts';
import type { Io } from './io.ts';
import { shown } from './places.ts';
import { type Format, reportersOf } from './reporters.ts';
import { type NeighbourUnit, type Request, run, type Unit } from './run.ts';

export interface ApplyOptions {
  readonly format: Format | undefined;
  readonly allowDirty: boolean;
  readonly interactive: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Writes only what was proved by builds. */
  readonly proof?: VerifyArguments | undefined;
}

export interface Collected {
  readonly units: Unit[];
  readonly neighbours: NeighbourUnit[];
  readonly skipped: SkippedReport[];
  readonly notes: string[];
}

/** @returns undefined when the user stopped it. @throws UsageError */
async function collect(request: Request, io: Io): Promise<Collected | undefined> {
  const collected: Collected = { units: [], neighbours: [], skipped: [], notes: [] };
  const finished = await run(request, io, {
    unit: (unit) => collected.units.push(unit),
    neighbour: (neighbour) => collected.neighbours.push(neighbour),
    skipped: (skipped) => collected.skipped.push(skipped),
    note: (text) => collected.notes.push(text),
  });
  io.progress('');
  return finished ? collected : undefined;
}

/** @returns the exit code. @throws UsageError, and nothing is written then */
export async function apply(request: Request, options: ApplyOptions, io: Io): Promise<number> {
  const { proof, quiet } = options;
  const accept = options.interactive ? acceptor(io) : undefined;
  let collected = await collect(accept ? { ...request, accept } : request, io);
  if (collected && !options.allowDirty) guard(collected, io.cwd);
  const tally = newTally();
  if (collected && proof) {
    const proved = await onlyProved(collected, request, proof, quiet, io);
    const again = proved && (await collect(proved.request, io));
    collected = again && { ...again, units: again.units.map((unit) => ({ ...unit, ...proved.failureOf(unit) })) };
    tally.faults += proved?.blamed ?? 0;
  }
  if (!collected) {
    tally.interrupted = true;
    io.err.write('interrupted before anything was written\n');
    return exitCode(tally, false);
  }
  const reporters = reportersOf({ ...options, verb: 'changed' }, io);
  for (const skipped of collected.skipped) {
    tally.skipped++;
    for (const reporter of reporters) reporter.skipped(skipped);
  }
  tally.interrupted = !(await writeAll(collected, tally, reporters, io));
  for (const text of collected.notes) for (const reporter of reporters) reporter.note(text);
  for (const reporter of reporters) reporter.end(tally);
  return exitCode(tally, false);
}

/** @throws UsageError that lists the files that git could not bring back */
function guard({ units, neighbours }: Collected, cwd: string): void {
  const touched = [
    ...units.filter(({ result }) => result.before !== result.after).map(({ path }) => path),
    ...neighbours.filter(({ before }) => before !== undefined).map(({ path }) => path),
  ];
  let dirty: DirtyFile[];
  try {
    dirty = dirtyFiles(touched);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; --allow-dirty goes on without asking`);
  }
  if (dirty.length === 0) return;
  const list = dirty
    .map(({ path, state }) => `  ${shown(cwd, path)}: ${state}`)
    .sort()
    .join('\n');
  throw new UsageError(
    `nothing written: git could not bring these files back; commit them or use --allow-dirty\n${list}`,
  );
}

/** What went wrong with a write; undefined: nothing. */
function attempt(write: () => string | undefined): { failure?: string; remark?: string } {
  try {
    const remark = write();
    return remark === undefined ? {} : { remark };
  } catch (error) {
    if (error instanceof WriteError) return { failure: error.message };
    throw error;
  }
}

/**
 * Writes each Dockerfile after the files that it needs, so that it never names one that is not there.
 * @returns false when the user stopped it between two files
 */
async function writeAll(
  collected: Collected,
  tally: ReturnType<typeof newTally>,
  reporters: readonly Reporter[],
  io: Io,
): Promise<boolean> {
  const neighbours = new Map(collected.neighbours.map((neighbour) => [neighbour.path, neighbour]));
  const outcome = new Map<string, { failure?: string }>();
  const settle = (neighbour: NeighbourUnit): { failure?: string } => {
    const known = outcome.get(neighbour.path);
    if (known) return known;
    const { path, root, before, after } = neighbour;
    const done = attempt(() => writeWhole({ path, root, before, after }));
    outcome.set(path, done);
    if (done.failure === undefined) tally.neighbours++;
    else tally.failed++;
    for (const reporter of reporters) reporter.neighbour({ ...neighbour, ...done });
    return done;
  };
  for (const unit of collected.units) {
    await io.breathe();
    if (io.stopped()) return false;
    let verdict = unit;
    if (isChanged(unit.result)) {
      io.progress(`writing ${unit.name}`);
      verdict = { ...unit, ...writeUnit(unit, neighbours, settle) };
    }
    countFile(tally, verdict);
    for (const reporter of reporters) reporter.file(verdict);
  }
  return true;
}

function writeUnit(
  unit: Unit,
  neighbours: ReadonlyMap<string, NeighbourUnit>,
  settle: (neighbour: NeighbourUnit) => { failure?: string },
): { failure?: string; remark?: string } {
  const { path, root, result } = unit;
  for (const { path: needed } of result.files) {
    const neighbour = [...neighbours.values()].find((one) => one.root === root && one.treePath === needed);
    const failure = neighbour && settle(neighbour).failure;
    if (failure !== undefined) return { failure: `it needs ${needed}, which could not be written` };
  }
  if (result.before === result.after) return {};
  return attempt(() => writeWhole({ path, root, before: result.before, after: result.after }));
}
