/** What a run tells: one entry per file as soon as it is known, the neighbours and the totals at the end. */
import type { Level } from '../edit.ts';
import type { Result } from '../rewrite.ts';

/** The verdict on one Dockerfile. */
export interface FileReport {
  /** The path as shown, relative to the working folder where possible. */
  readonly name: string;
  /** The path in the patch, relative to the folder where the patch applies. */
  readonly patchName: string;
  readonly result: Result;
  /** Why it could not be written. */
  readonly failure?: string;
  /** Worth telling, but no failure. */
  readonly remark?: string;
}

/** A file beside the Dockerfiles that changes with them; `before` undefined: a new one. */
export interface NeighbourReport {
  readonly name: string;
  /** undefined: it lies outside of the folder where the patch applies. */
  readonly patchName: string | undefined;
  /** The folder to run from so that the patch holds it. */
  readonly root: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly failure?: string;
}

/** A path that looked like a Dockerfile and could not be used. */
export interface SkippedReport {
  readonly name: string;
  readonly why: string;
}

export interface Reporter {
  file(report: FileReport): void;
  neighbour(report: NeighbourReport): void;
  skipped(report: SkippedReport): void;
  /** A remark about the whole run. */
  note(text: string): void;
  end(tally: Tally): void;
}

/** The totals: all that is kept of a file once it was reported. */
export interface Tally {
  files: number;
  changed: number;
  unchanged: number;
  failed: number;
  /** Templates, generated files and the like: read, reported and not for us to edit. */
  leftAlone: number;
  /** Transforms that failed on a file, which kept the other changes. */
  faults: number;
  skipped: number;
  neighbours: number;
  /** Taken changes by transform. */
  readonly applied: Map<string, number>;
  /** Changes that the level held back, by their level. */
  readonly held: Map<Level, number>;
  declined: number;
  interrupted: boolean;
}

export function newTally(): Tally {
  return {
    files: 0,
    changed: 0,
    unchanged: 0,
    failed: 0,
    leftAlone: 0,
    faults: 0,
    skipped: 0,
    neighbours: 0,
    applied: new Map(),
    held: new Map(),
    declined: 0,
    interrupted: false,
  };
}

const add = <K>(map: Map<K, number>, key: K): Map<K, number> => map.set(key, (map.get(key) ?? 0) + 1);

/** Whether a result differs from what is on disk, in the Dockerfile or beside it. */
export const isChanged = (result: Result): boolean => result.before !== result.after || result.files.length > 0;

/** Whether something went wrong: a template or a generated file is no failure. */
export const isFailure = (result: Result, failure: string | undefined): boolean =>
  failure !== undefined || (result.error !== undefined && !result.error.leftAlone);

/** Counts one verdict. */
export function countFile(tally: Tally, { result, failure }: FileReport): void {
  tally.files++;
  if (isFailure(result, failure)) tally.failed++;
  else if (result.error !== undefined) tally.leftAlone++;
  else if (isChanged(result)) tally.changed++;
  else tally.unchanged++;
  tally.faults += result.faults.length;
  tally.declined += result.declined.length;
  for (const { transform, change, status } of result.changes) {
    if (status === 'applied' && failure === undefined) add(tally.applied, transform);
    if (status === 'held') add(tally.held, change.level);
  }
}

/** 0 done, 1 changes pending under --check, 3 some files failed, 130 interrupted. (2, could not run, is thrown.) */
export function exitCode(tally: Tally, check: boolean): number {
  if (tally.interrupted) return 130;
  if (tally.failed > 0 || tally.faults > 0 || tally.skipped > 0) return 3;
  return check && tally.changed > 0 ? 1 : 0;
}
