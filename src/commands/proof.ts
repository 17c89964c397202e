/** The proof by builds of what a run would change: shared by verify and apply --verify. */
import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Document } from '../document.ts';
import { UsageError } from '../errors.ts';
import { composeVariables, type Environment } from '../project/compose.ts';
import { openProject, prepareProjects } from '../project/open.ts';
import { serviceOf } from '../project/service.ts';
import { isChanged } from '../report/report.ts';
import { Tree } from '../tree.ts';
import type { RewriteAgain } from '../verify/choices.ts';
import { findEngine } from '../verify/engines/find.ts';
import { Features } from '../verify/features.ts';
import { NeighbourImages } from '../verify/neighbour-images.ts';
import { planBuild, type VariablesOf } from '../verify/plan.ts';
import { parseRequests } from '../verify/requests.ts';
import { compareRuns, planRun } from '../verify/run.ts';
import type { KnownService } from '../verify/run-questions.ts';
import { Session } from '../verify/session.ts';
import type { Subject } from '../verify/subject.ts';
import { verifyAll } from '../verify/verify-all.ts';
import type { Verified, VerifyOptions } from '../verify/verify-image.ts';
import type { VerifyArguments } from './argv-verify.ts';
import type { Io } from './io.ts';
import { below } from './places.ts';
import { rewriteFile } from './rewrite-file.ts';
import type { NeighbourUnit, Request, Unit } from './run.ts';

export interface ProofListener {
  /** The engine was found. */
  begin(engine: string, images: number): void;
  /** `base images`, `after: cold build`, ..; with the step of the build that begins. */
  step(name: string, phase: string, step: string | undefined): void;
  verdict(verified: Verified, unit: Unit): void;
  note(text: string): void;
}

/** The user's variables. */
const environmentOf = ({ env }: Io): Environment =>
  new Map(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));

const variablesIn =
  (disk: Tree, io: Io): VariablesOf =>
  (file) =>
    composeVariables(disk, file, environmentOf(io));

/** The tree of a root as it is on the disk, and its build descriptions. */
async function openTree(root: string): Promise<Tree> {
  const tree = new Tree(root);
  await prepareProjects(tree);
  return tree;
}

async function subjectOf(
  unit: Unit,
  neighbours: readonly NeighbourUnit[],
  request: Request,
  args: VerifyArguments,
  io: Io,
  disk: Tree,
): Promise<Subject> {
  const { name, root, path, result, settings, tree, remote } = unit;
  const place = below(root, path) as string;
  const before = openProject(disk, place, { context: settings.context, remote });
  const again: RewriteAgain = async (accept) =>
    rewriteFile(
      { transforms: request.transforms, accept: (_, transform, change, line) => accept(transform, change, line) },
      await openTree(root),
      place,
      name,
      settings,
      remote,
    );
  const files = new Map(neighbours.filter((one) => one.root === root).map(({ treePath, after }) => [treePath, after]));
  if (result.before !== result.after) files.set(place, result.after);
  const { target, buildArgs, secrets, ssh } = args;
  const flags = { target, args: buildArgs, secrets: absolute(secrets, io.cwd), ssh };
  return {
    name,
    root,
    plan: planBuild(before, root, flags, variablesIn(disk, io)),
    result,
    files,
    projects: [before, openProject(tree, place, { context: settings.context, remote })],
    again,
    touch: args.touch.flatMap((file) => below(root, resolve(io.cwd, file)) ?? []),
  };
}

/** The engine does not run in the folder of the user: `id=x,src=.npmrc` names the file by its absolute path. */
const absolute = (secrets: readonly string[], cwd: string): string[] =>
  secrets.map((secret) =>
    secret.replace(/((?:^|,)(?:src|source)=)([^,]+)/, (_, key, path) => key + resolve(cwd, path)),
  );

/** What the project's files show of the service as it is. */
function knownServiceOf({ result, projects, plan }: Subject): KnownService {
  const document = Document.read(result.path, result.before);
  if (!(document instanceof Document)) return {};
  const stage = plan.target === undefined ? document.stages.at(-1) : document.stageNamed(plan.target);
  const service = stage && serviceOf(document, projects[0], stage);
  if (service?.kind !== 'service') return {};
  return {
    healthPath: service.speaks === 'http' ? service.path?.path : undefined,
    port: service.port.number,
  };
}

/** How both images of a subject are run; nothing when they are only built. */
async function runOptionsOf(
  session: Session,
  subject: Subject,
  disk: Tree,
  neighbours: NeighbourImages,
  args: VerifyArguments,
  io: Io,
): Promise<Pick<VerifyOptions, 'run'>> {
  if (!args.run) return {};
  const plan = await planRun(disk, subject.plan.use, environmentOf(io));
  const shared = {
    session,
    plan,
    root: subject.root,
    requests: parseRequests(args.requests),
    runOptions: args.runOptions,
    known: knownServiceOf(subject),
    imageOf: async (service: string) => plan.source && neighbours.of(plan.source.file, service),
  };
  return {
    run: ({ cold, again }, after, onStep) => compareRuns({ ...shared, before: cold, again, after, onStep }),
  };
}

/**
 * Builds and compares everything that the units change.
 * @returns false when the user stopped it. @throws UsageError: no engine, a wrong option
 */
export async function prove(
  units: readonly Unit[],
  neighbours: readonly NeighbourUnit[],
  request: Request,
  args: VerifyArguments,
  io: Io,
  listener: ProofListener,
): Promise<boolean> {
  const changed = units.filter(({ result }) => isChanged(result));
  parseRequests(args.requests);
  for (const file of args.touch) {
    const there = statSync(resolve(io.cwd, file), { throwIfNoEntry: false });
    if (!there?.isFile()) throw new UsageError(`--touch ${file}: ${there ? 'it is no file' : 'no such file'}`);
  }
  if (changed.length === 0) return true;
  const engine = await findEngine(args.engine, args.builder);
  const session = await Session.open(engine, io.signal);
  const logs = args.logs === undefined ? mkdtempSync(join(tmpdir(), 'redock-logs-')) : resolve(io.cwd, args.logs);
  let swept = 0;
  try {
    swept = await session.sweep();
    if (swept > 0) listener.note(`removed ${swept} left-over${swept === 1 ? '' : 's'} of a run that was killed`);
    listener.begin(engine.title, changed.length);
    const builds = { options: args.buildOptions, timeLimit: args.timeLimit };
    const disks = new Map<string, Tree>();
    const images = new Map<string, NeighbourImages>();
    const subjects: Subject[] = [];
    for (const unit of changed) {
      const disk = disks.get(unit.root) ?? (await openTree(unit.root));
      disks.set(unit.root, disk);
      const own = { ...builds, variablesOf: variablesIn(disk, io) };
      if (!images.has(unit.root)) images.set(unit.root, new NeighbourImages(session, disk, unit.root, own));
      subjects.push(await subjectOf(unit, neighbours, request, args, io, disk));
    }
    const shared = { session, features: new Features(session, args.buildOptions), fetched: new Set<string>() };
    const optionsOf = async (subject: Subject): Promise<VerifyOptions> => ({
      ...builds,
      logs,
      keepGoing: args.keepGoing,
      onStep: (phase, step) => listener.step(subject.name, phase, step),
      ...(await runOptionsOf(
        session,
        subject,
        disks.get(subject.root) as Tree,
        images.get(subject.root) as NeighbourImages,
        args,
        io,
      )),
    });
    return await verifyAll(subjects, shared, args.jobs, optionsOf, (verified, subject) =>
      listener.verdict(verified, changed[subjects.indexOf(subject)] as Unit),
    );
  } finally {
    io.progress('');
    // A build of podman's outlives the run that was killed, and leaves its image when it ends.
    if (swept > 0) await session.sweep().catch(() => 0);
    for (const left of await session.close()) listener.note(`could not be removed: ${left}`);
    try {
      // Only where no build failed is it empty.
      if (args.logs === undefined) rmdirSync(logs);
    } catch {
      // Its logs are named in the verdicts.
    }
  }
}
