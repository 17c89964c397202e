/** Packages in stages of their own: a change of the source makes neither the install nor the removal of the devDependencies run again. */
import { posix } from 'node:path';
import type { Instruction } from '../../../src/document.ts';
import { isObstacle, type View } from '../types.ts';
import { type Beside, isRoots, ownFiles } from './beside.ts';
import type { Install } from './project.ts';

/** Names of the stages that install, and that take the devDependencies away. */
export const DEPENDENCIES = 'dependencies';
export const PRODUCTION = 'production';

export interface Cut {
  readonly beside: Beside;
  /** The first instruction of the stage that builds. */
  readonly at: Instruction;
}

/** What a RUN behind the install may do, so that nothing but the outputs of the build comes of it. */
const BUILDS: ReadonlySet<string> = new Set(['none', 'app', 'tool', 'build', 'test', 'clean']);

/** Where the stage can be cut behind its install; undefined: it cannot, or nothing would be saved. */
export function cutBehindInstall(view: View, installs: readonly Install[]): Cut | undefined {
  const { stage, steps, document, project, runtime } = view;
  const last = Math.max(...installs.map(({ instruction }) => instruction.index));
  const behind = stage.instructions.filter((it) => it.index > last);
  const at = behind.find(({ keyword }) => /^(?:COPY|ADD|RUN|ARG)$/.test(keyword));
  // an ARG does not reach the stages behind it
  const actsOnBoth = ({ keyword, index }: Instruction) => keyword === 'SHELL' || (keyword === 'ARG' && index <= last);
  if (!at || stage.instructions.some(actsOnBoth)) return undefined;
  const names = [
    ...document.stages.map(({ name }) => name),
    ...document.instructions.flatMap((it) => it.flags.map(({ value }) => value)),
  ];
  if (names.some((name) => name?.toLowerCase() === DEPENDENCIES || name?.toLowerCase() === PRODUCTION))
    return undefined;
  const acting = stage.instructions.filter(({ keyword }) => /^(?:COPY|ADD|RUN)$/.test(keyword));
  const builds = steps.filter(({ instruction: { index, keyword } }) => index > last && keyword === 'RUN');
  const isPlain =
    acting.every(isRoots) &&
    builds.every(({ tasks, opaque }) => opaque === undefined && tasks.every(({ effect }) => BUILDS.has(effect)));
  const beside = isPlain ? ownFiles(view, installs) : undefined;
  if (!beside || isObstacle(beside) || beside.changesPackages || beside.folders.length === 1) return undefined;
  // pnpm keeps the client of Prisma among its links
  if (beside.generated.length > 0 && installs.some(({ task }) => task.call?.manager === 'pnpm')) return undefined;
  const hasSource = runtime.files.sources.some(({ instruction, kind }) => instruction.index > last && kind === 'dir');
  // what a build outside of the image left must not come with the source
  const isFresh = beside.written.every((path) => project.ignored(path) || project.kind(path) === undefined);
  return hasSource && isFresh ? { beside, at } : undefined;
}

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
