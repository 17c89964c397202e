/**
 * The folder of the application taken over as a whole: scripts of packages and builds of a front end write where they like in
 * it, so that what they left is not picked one by one.
 */
import { joinPath } from '../../src/document/state.ts';
import type { Instruction } from '../../src/document.ts';
import { taskText } from './packages.ts';
import type { Obstacle, Placement, Step, Task, View } from './types.ts';

export interface WholeFolder {
  /** Absolute path. */
  readonly folder: string;
  /** Commands of the builder: those that fill the folder, and those before them that act upon it alone. */
  readonly installs: ReadonlySet<Task>;
  /** The step of the last one that fills it. */
  readonly last: Step;
  /** Whether a command behind that one, in the same RUN, acts upon what it left. */
  readonly isFollowed: boolean;
}

/** What the builder does for a folder; `fills`: whether a command fills it; `taken`: folders besides that the runtime stage takes over. */
export function wholeFolder(
  view: View,
  folder: string,
  taken: readonly string[],
  fills: (step: Step, task: Task) => boolean,
): WholeFolder | undefined {
  const filling = new Set(view.steps.flatMap((step) => step.tasks.filter((task) => fills(step, task))));
  const last = view.steps.findLast(({ tasks }) => tasks.some((task) => filling.has(task)));
  if (!last) return undefined;
  const others = view.steps.slice(0, view.steps.indexOf(last) + 1).flatMap(({ tasks }) => tasks);
  const installs = new Set([...filling, ...others.filter((task) => staysWithin(view, task, [folder, ...taken]))]);
  const behind = last.tasks.slice(last.tasks.findLastIndex((task) => filling.has(task)) + 1);
  return {
    folder,
    installs,
    last,
    isFollowed: behind.some(
      (task) => !installs.has(task) && !/^(?:none|clean|packages|index|shell)$/.test(task.effect),
    ),
  };
}

/** Managers of the packages of a front end. */
export const FRONT_END: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm']);

export const isBelow = (path: string | undefined, folder: string): boolean =>
  path !== undefined && (path === folder || path.startsWith(`${folder}/`));

/** The folder that a package manager works in. */
export const folderOf = ({ call, cwd }: Task): string | undefined =>
  call?.cwdUnknown ? undefined : joinPath(cwd, call?.cwd ?? '.');

/** Whether everything that a command leaves lies below one of the folders, the folders themselves excepted. */
function staysWithin(view: View, task: Task, folders: readonly string[]): boolean {
  const { command, effect, cwd } = task;
  if (effect !== 'files') return false;
  const written = [...taskText(view, task).matchAll(/>>?\s*([^\s&|;]+)/g)].map(([, path = '']) => joinPath(cwd, path));
  const isOwner = /^ch(?:own|grp|mod)$/.test(command.program ?? '');
  // the first word is an owner, a mode or what sed does
  const isFirstPath = !isOwner && !(command.program === 'sed' && !command.has('-e', '-f'));
  const isText = /^(?:echo|printf|cat)$/.test(command.program ?? '');
  const named = command
    .operands(['-m'])
    .slice(isFirstPath ? 0 : 1)
    .map(({ literal }) => (literal === undefined ? undefined : joinPath(cwd, literal)));
  const paths = [...written, ...(isText ? [] : named)].filter((path) => path !== '/dev/null');
  // chown of the folder itself: the copy leaves its own top folder to root
  const isInside = (path: string): boolean =>
    folders.some(
      (folder) => path.startsWith(`${folder}/`) || (path === folder && !isOwner && command.program !== 'mkdir'),
    );
  return paths.length > 0 && paths.every((path) => path !== undefined && isInside(path));
}

/**
 * A command of the runtime stage that needs what is in the folder, or the folder itself, before it is there: its text names
 * more than the folder, or gives it to somebody where no WORKDIR has made it.
 */
export function actsTooEarly(view: View, whole: WholeFolder, runs: readonly Task[]): Obstacle | undefined {
  const { folder, last, isFollowed, installs } = whole;
  const early = view.steps.slice(0, view.steps.indexOf(last) + (isFollowed ? 0 : 1));
  for (const { instruction, tasks } of early) {
    for (const task of tasks) {
      const { command, cwd } = task;
      if (!runs.includes(task) || installs.has(task) || command.program === 'mkdir') continue;
      const isProgram = command.name?.includes('/') && joinPath(cwd, command.name)?.startsWith(`${folder}/`);
      const names = (literal: string | undefined): boolean => {
        const path = joinPath(cwd, literal);
        if (path === folder)
          return /^ch(?:own|grp|mod)$/.test(command.program ?? '') && !isMade(view, instruction, folder);
        const isThere = literal?.startsWith('/') || view.runtime.files.toContext(path ?? '') !== undefined;
        return path?.startsWith(`${folder}/`) === true && isThere;
      };
      if (!isProgram && !command.operands().some(({ literal }) => literal !== undefined && names(literal))) continue;
      const why = `${taskText(view, task).split('\n')[0]} acts upon ${folder} and upon more than it`;
      return { code: 'mixed-script', why, at: command };
    }
  }
  return undefined;
}

/** Whether the folder is there before an instruction, whatever is copied: by WORKDIR, by mkdir or from the base image. */
function isMade({ steps }: View, before: Instruction, folder: string): boolean {
  const earlier = steps.slice(0, steps.findIndex(({ instruction }) => instruction === before) + 1);
  const isWorkdir = earlier.some(({ instruction }) => isBelow(instruction.state.workdir, folder));
  const isMkdir = earlier.some(({ tasks }) =>
    tasks.some(
      ({ command, cwd }) =>
        command.program === 'mkdir' &&
        command.operands(['-m']).some(({ literal }) => isBelow(joinPath(cwd, literal), folder)),
    ),
  );
  return isWorkdir || isMkdir;
}

/** Whether a COPY of the builder fills the folder and nothing else: `within`; or it, and more: `around`. */
function copyOf(view: View, instruction: Instruction, folder: string): 'within' | 'around' | undefined {
  const own = view.runtime.files.sources.filter((it) => it.instruction === instruction);
  if (own.length === 0) return undefined;
  if (own.every(({ target }) => isBelow(target, folder))) return 'within';
  return own.some(({ target }) => isBelow(target, folder) || isBelow(folder, target)) ? 'around' : undefined;
}

/** The placements with every copy into the folder in the builder, and accounts in both; `other`: of a copy that goes elsewhere. */
export function withFolder(
  view: View,
  placements: ReadonlyMap<Instruction, Placement>,
  { folder, last }: WholeFolder,
  other: (it: Instruction, placement: Placement) => Placement,
): ReadonlyMap<Instruction, Placement> {
  const place = (it: Instruction, placement: Placement): Placement => {
    if (it.index > last.instruction.index) return placement;
    // what is copied keeps its owners, which are made by who installs
    if (it.keyword === 'USER') return { place: 'both' };
    if (it.keyword !== 'COPY' && it.keyword !== 'ADD') return placement;
    const kind = copyOf(view, it, folder);
    if (kind === undefined) return other(it, placement);
    return kind === 'within' ? { place: 'builder' } : { place: 'both' };
  };
  return new Map([...placements].map(([it, placement]) => [it, place(it, placement)]));
}
