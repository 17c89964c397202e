/** One pass over everything that was asked for: find, read, rewrite, report. Shared by diff and apply. */
import { join } from 'node:path';
import { anchorPattern, discover, excluder } from '../discover.ts';
import { UsageError } from '../errors.ts';
import { changedFiles } from '../git.ts';
import { prepareProjects } from '../project/open.ts';
import { RemoteFacts } from '../project/remote.ts';
import type { FileReport, NeighbourReport, SkippedReport } from '../report/report.ts';
import { type Settings, type SettingsFlags, settingsFor } from '../settings.ts';
import { Pool } from '../threads/pool.ts';
import { Share } from '../threads/share.ts';
import type { TaskFile } from '../threads/worker.ts';
import { Tree } from '../tree.ts';
import type { Io } from './io.ts';
import { failureLines, learn } from './online.ts';
import { below, folderOf, type Place, placesOf, shown } from './places.ts';
import { type Rewriting, rewriteFile } from './rewrite-file.ts';

export interface Request extends Rewriting {
  readonly paths: readonly string[];
  /** Some of the transforms are the user's own. */
  readonly foreign: boolean;
  /** Dockerfiles at a time; undefined: as `threadsFor` has it. */
  readonly jobs: number | undefined;
  readonly flags: Pick<SettingsFlags, 'only' | 'skip' | 'level' | 'set'>;
  readonly exclude: readonly string[];
  /** The reference of `--changed`, '' for HEAD; undefined: all files. */
  readonly changed: string | undefined;
  readonly context: string | undefined;
  readonly configFile: string | undefined;
  readonly noConfig: boolean;
  /** Registries may be asked. */
  readonly online: boolean;
  readonly commands: readonly string[];
}

/** A Dockerfile's verdict with its place on the disk. */
export interface Unit extends FileReport {
  readonly root: string;
  /** Absolute path. */
  readonly path: string;
  /** The files of its root, with what this and the Dockerfiles before it planned. */
  readonly tree: Tree;
  readonly settings: Settings;
  readonly remote: RemoteFacts;
}

/** A planned change of a file beside the Dockerfiles. */
export interface NeighbourUnit extends NeighbourReport {
  readonly path: string;
  /** Relative to the root. */
  readonly treePath: string;
}

export interface Listener {
  unit(unit: Unit): void;
  neighbour(neighbour: NeighbourUnit): void;
  skipped(skipped: SkippedReport): void;
  note(text: string): void;
}

export interface Plan {
  readonly place: Place;
  readonly tree: Tree;
  readonly dockerfiles: readonly string[];
  /** For `prepareProjects`. */
  readonly buildFiles: readonly string[] | undefined;
  readonly skipped: readonly (SkippedReport & { readonly failed: boolean })[];
  readonly settingsOf: (path: string) => Promise<Settings>;
}

/** Finds one root's Dockerfiles. A wrong configuration anywhere is told here, before anything is printed or written. */
export async function planOf(request: Request, place: Place, io: Io): Promise<Plan> {
  const tree = new Tree(place.root);
  const { transforms, noConfig, configFile } = request;
  const flags = {
    ...request.flags,
    exclude: request.exclude.map((pattern) => anchored(pattern, place, io.cwd)),
    context: contextOf(request, place, io.cwd),
  };
  const settingsOf = settingsFor({ tree, flags, noConfig, configFile, transforms });
  const found = discover(tree, place.paths, { exclude: (await settingsOf('.')).exclude, ...changedOf(request, place) });
  const dockerfiles: string[] = [];
  const excluders = new Map<Settings, (path: string) => boolean>();
  for (const path of found.dockerfiles) {
    const settings = await settingsOf(path);
    const excluded = excluders.get(settings) ?? excluder(settings.exclude);
    excluders.set(settings, excluded);
    if (!excluded(path)) dockerfiles.push(path);
  }
  const skipped = found.skipped.map(({ path, why, failed }) => ({
    name: shown(io.cwd, join(place.root, path)),
    why,
    failed,
  }));
  return { place, tree, dockerfiles, buildFiles: found.buildFiles, skipped, settingsOf };
}

/** A pattern of `--exclude` speaks about the working folder, the settings about the root. */
function anchored(pattern: string, { root }: Place, cwd: string): string {
  return anchorPattern(pattern, below(root, cwd) ?? '');
}

function contextOf({ context }: Request, { root }: Place, cwd: string): string | undefined {
  if (context === undefined) return undefined;
  const inside = below(root, folderOf('--context', context, cwd));
  if (inside === undefined) throw new UsageError(`--context ${context} lies outside of ${root}`);
  return inside;
}

function changedOf({ changed }: Request, { root }: Place): { changed?: ReadonlySet<string> } {
  if (changed === undefined) return {};
  try {
    return { changed: new Set(changedFiles(root, changed)) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * Runs the engine over every Dockerfile of the request and tells the listener, file by file, neighbours last.
 * Nothing is written. Stops between two files when the user asked to, or nobody reads any more.
 * @returns whether it came to its end
 * @throws UsageError before the first verdict: paths, configuration, options, nothing found
 */
export async function run(request: Request, io: Io, listener: Listener): Promise<boolean> {
  const plans: Plan[] = [];
  for (const place of placesOf(request.paths, io.cwd, request.commands)) plans.push(await planOf(request, place, io));
  const total = plans.reduce((sum, { dockerfiles }) => sum + dockerfiles.length, 0);
  if (total === 0 && request.changed === undefined && plans.every(({ skipped }) => skipped.length === 0)) {
    throw new UsageError(
      `no Dockerfile found in ${request.paths.length === 0 ? 'this folder' : request.paths.join(', ')}; hidden, vendored and git-ignored folders are entered where they are named`,
    );
  }
  const progress = { done: 0, total };
  for (const plan of plans) {
    const { place, tree, dockerfiles, skipped } = plan;
    for (const one of skipped) {
      if (one.failed) listener.skipped(one);
      else listener.note(`${one.name}: ${one.why}`);
    }
    if (dockerfiles.length === 0) continue;
    if (below(io.cwd, place.base) === undefined)
      listener.note(`the patch is relative to ${place.base}: apply it there`);
    const pool = poolFor(request, plan, io);
    try {
      await prepareProjects(tree, plan);
      const remote = new RemoteFacts(tree);
      if (request.online) await askBeforehand(request, plan, remote, io, listener);
      if (!(await rewriteAll(request, plan, remote, pool, progress, io, listener))) return !io.stopped();
      const remark = remote.remark();
      if (remark !== undefined) listener.note(remark);
    } finally {
      await pool?.close();
    }
    tellNeighbours(plan, io, listener);
  }
  return true;
}

/** Dockerfiles for each thread; fewer are done before a thread has started and its code runs fast. */
const WORTH_A_THREAD = 64;
const MOST_THREADS = 8;
/**
 * Processors from which on threads are worth their memory. On two of them, 1,000 files took 9 % less time with two threads,
 * and 210 MB instead of 135 (measured 2026-11-21).
 */
const ENOUGH_PROCESSORS = 4;

/** How many threads rewrite `files` Dockerfiles of one root; `jobs`: as many as the user wants. */
export function threadsFor(files: number, processors: number, jobs: number | undefined): number {
  if (jobs !== undefined) return Math.min(jobs, files);
  return processors < ENOUGH_PROCESSORS ? 1 : Math.min(processors, MOST_THREADS, Math.floor(files / WORTH_A_THREAD));
}

/** Threads for one root; undefined: it is done in this one. What the user answers or has written himself is done here. */
function poolFor(request: Request, { dockerfiles, place }: Plan, io: Io): Pool | undefined {
  const { accept, foreign, online, jobs } = request;
  const count = threadsFor(dockerfiles.length, io.processors, jobs);
  if (count < 2 || accept || foreign || online || io.program === undefined) return undefined;
  return new Pool(io.program, place.root, count);
}

/** @returns false when the user stopped it, or nobody reads any more */
async function rewriteAll(
  request: Request,
  { place, tree, dockerfiles, settingsOf }: Plan,
  remote: RemoteFacts,
  pool: Pool | undefined,
  progress: { done: number; readonly total: number },
  io: Io,
  listener: Listener,
): Promise<boolean> {
  const fileOf = async (path: string): Promise<TaskFile> => ({
    path,
    name: shown(io.cwd, join(place.root, path)),
    settings: await settingsOf(path),
  });
  const share = pool && new Share(pool, tree, remote, dockerfiles, fileOf);
  for (const path of dockerfiles) {
    await io.breathe();
    if (io.stopped() || io.out.closed) return false;
    const file = await fileOf(path);
    const { name, settings } = file;
    io.progress(`${++progress.done} of ${progress.total}  ${name}`);
    const here = () => rewriteFile(request, tree, path, name, settings, remote);
    const result = share ? await share.take(file, here) : here();
    const full = join(place.root, path);
    const patchName = below(place.base, full) ?? path;
    listener.unit({ name, patchName, result, root: place.root, path: full, tree, settings, remote });
  }
  return true;
}

function tellNeighbours({ place, tree, dockerfiles }: Plan, io: Io, listener: Listener): void {
  const own = new Set(dockerfiles);
  for (const [path, { before, after }] of tree.planned()) {
    if (own.has(path)) continue;
    const full = join(place.root, path);
    const patchName = below(place.base, full);
    const name = shown(io.cwd, full);
    listener.neighbour({ name, patchName, root: place.root, treePath: path, path: full, before, after });
  }
}

/** Runs the transforms for what they ask of `remote`. Nothing is planned or asked of the user meanwhile. `adapt`: other settings than those of the files. */
export async function rehearse(
  { transforms }: Request,
  { tree, dockerfiles, settingsOf, place }: Plan,
  remote: RemoteFacts,
  io: Io,
  adapt: (settings: Settings) => Settings = (settings) => settings,
): Promise<void> {
  for (const path of dockerfiles) {
    await io.breathe();
    if (io.stopped()) return;
    const settings = adapt(await settingsOf(path));
    rewriteFile({ transforms }, tree, path, shown(io.cwd, join(place.root, path)), settings, remote);
    tree.unplanAll();
  }
}

/** Finds out what the transforms would like to know, and asks for it. */
async function askBeforehand(
  request: Request,
  plan: Plan,
  remote: RemoteFacts,
  io: Io,
  listener: Listener,
): Promise<void> {
  const failures = await learn(remote, io, () => rehearse(request, plan, remote, io));
  for (const line of failureLines(failures)) listener.note(line);
}
