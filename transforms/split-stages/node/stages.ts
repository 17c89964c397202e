/** Packages in stages of their own: a change of the source makes neither the install nor the removal of the devDependencies run again. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction, Stage } from '../../../src/document.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import { isObstacle, type Task, type View } from '../types.ts';
import { type Beside, isRoots, ownFiles } from './beside.ts';
import { inside } from './files.ts';
import { type Install, wordsOf } from './project.ts';
import { isBerry } from './prune.ts';
import { packsVariables } from './written.ts';

/** Names of the stages that install, and that take the devDependencies away. */
export const DEPENDENCIES = 'dependencies';
export const PRODUCTION = 'production';

export interface Cut {
  readonly beside: Beside;
  /** The first instruction behind the install that does something. */
  readonly at: Instruction;
  /** Whether something is built behind the install, so that the build has a stage of its own. */
  readonly builds: boolean;
  /** ARG before the cut that the stage of the build repeats: it does not reach the stages behind its own. */
  readonly repeats: readonly Instruction[];
}

/** Where the stage can be cut behind its install; undefined: it cannot, or nothing would be saved. */
export function cutBehindInstall(view: View, installs: readonly Install[]): Cut | undefined {
  const { stage, steps, project, runtime } = view;
  const last = Math.max(...installs.map(({ instruction }) => instruction.index));
  const behind = stage.instructions.filter((it) => it.index > last);
  const at = behind.find(({ keyword }) => /^(?:COPY|ADD|RUN|ARG)$/.test(keyword));
  if (!at || isNamed(view, DEPENDENCIES) || isNamed(view, PRODUCTION)) return undefined;
  // corepack and yarn 2 keep what they need outside of node_modules
  if (installs.some(({ task, facts }) => task.call?.manager === 'yarn' && facts && isBerry(view, facts)))
    return undefined;
  const acting = stage.instructions.filter(({ keyword }) => /^(?:COPY|ADD|RUN)$/.test(keyword));
  const beside = acting.every(isRoots) ? ownFiles(view, installs) : undefined;
  if (!beside || isObstacle(beside) || beside.changesPackages) return undefined;
  // pnpm keeps the client of Prisma among its links
  if (beside.generated.length > 0 && installs.some(({ task }) => task.call?.manager === 'pnpm')) return undefined;
  // .npmrc with ${NPM_TOKEN}: whoever takes packages away reads it, too
  const settings = ['.npmrc', '.yarnrc']
    .map((name) => project.read(posix.join(installs[0]?.facts?.dir ?? '', name)) ?? '')
    .join('\n');
  if (argsBefore(stage, last).some(({ pairs }) => pairs.some(({ name }) => settings.includes(name)))) return undefined;
  const later = steps.filter(({ instruction }) => instruction.index > last);
  const isTwice = later.some(({ tasks }) => tasks.some((task) => leavesTwice(task, beside.dir, beside.folders)));
  const hasSource = runtime.files.sources.some(({ instruction }) => instruction.index > last);
  // what a build outside of the image left must not come with the source
  const isFresh = beside.written.every((path) => project.ignored(path) || project.kind(path) === undefined);
  if (isTwice || !hasSource || !isFresh) return undefined;
  const builds = later.some(({ tasks }) => tasks.some(({ effect }) => BUILDS.has(effect)));
  // tests alone: a stage that nobody copies from is not built
  if (builds && beside.folders.length === 1 && beside.generated.length === 0) return undefined;
  return { beside, at, builds, repeats: builds ? repeated(view, installs[0]?.facts, last) : [] };
}

/** What a RUN behind the install does for the build. */
const BUILDS: ReadonlySet<string> = new Set(['app', 'tool', 'build', 'test']);

/** Whether a name is that of a stage, or of what a COPY takes. */
const isNamed = ({ document }: View, name: string): boolean =>
  document.stages.some((it) => it.name?.toLowerCase() === name) ||
  document.instructions.some(({ flags }) => flags.some(({ value }) => value.toLowerCase() === name));

/** `chown -R node /app`: a layer of its own with everything that was copied; `rm -r test`: nothing is gone from the layer below. */
function leavesTwice({ command, cwd }: Task, dir: string, folders: readonly string[]): boolean {
  const program = command.program ?? '';
  const paths = command.args.map(({ literal }) => joinPath(cwd, literal)?.replace(/(.)\/$/, '$1') ?? '');
  if (/^rm(?:dir)?$/.test(program)) return paths.some((path) => inside([dir], path));
  const owns = /^ch(?:own|mod|grp)$/.test(program);
  return owns && paths.some((path) => folders.some((folder) => inside([path], folder) || inside([folder], path)));
}

/** Each ARG before the cut that an instruction behind names; a file of the project, where a command behind packs variables. */
function repeated({ stage, steps, runtime }: View, facts: NodeFacts | undefined, last: number): readonly Instruction[] {
  const behind = stage.instructions.filter((it) => it.index > last).map(({ args }) => args.text);
  const tasks = steps.filter(({ instruction }) => instruction.index > last).flatMap((step) => step.tasks);
  const packs = tasks.some(
    (task) => task.effect === 'test' || (BUILDS.has(task.effect) && (!facts || packsVariables(facts, wordsOf(task)))),
  );
  const isUsed = (name: string): boolean => {
    const pattern = new RegExp(`\\b${name}\\b`);
    return behind.some((text) => pattern.test(text)) || (packs && runtime.find(pattern) !== undefined);
  };
  return argsBefore(stage, last).filter(({ pairs }) => pairs.some(({ name }) => isUsed(name)));
}

const argsBefore = ({ instructions }: Stage, last: number): readonly Instruction[] =>
  instructions.filter(({ keyword, index }) => keyword === 'ARG' && index <= last);

/** The instruction behind the install, where nothing is built after it: the devDependencies can go before the source comes. */
export function behindInstall({ stage, steps, project }: View, installs: readonly Install[]): Instruction | undefined {
  const last = Math.max(...installs.map(({ instruction }) => instruction.index));
  const builds = steps.some(
    ({ instruction, tasks }) =>
      instruction.index > last &&
      tasks.some(({ effect }) => effect === 'app' || effect === 'tool' || effect === 'build'),
  );
  const isFresh = installs.every(({ facts }) => {
    const packages = posix.join(facts?.dir ?? '', 'node_modules');
    return project.ignored(packages) || project.kind(packages) === undefined;
  });
  return builds || !isFresh ? undefined : stage.instructions.find((it) => it.index > last);
}
