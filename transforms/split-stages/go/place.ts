/** Which RUN and COPY of a Go stage the runtime stage repeats. */
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import { DATA_PACKAGES, GO_TOOLS } from '../../../src/knowledge/go-modules.ts';
import { installsPackages } from '../packages.ts';
import type { Obstacle, Placement, Step, Task, View } from '../types.ts';
import type { Output } from './output.ts';

export interface Placed {
  readonly placements: ReadonlyMap<Instruction, Placement>;
  /** Packages with data that the runtime stage installs. */
  readonly data: readonly string[];
  /** A command that is repeated is one of Debian's. */
  readonly needsDebian: boolean;
  /** Absolute paths that a repeated COPY brings. */
  readonly kept: ReadonlySet<string>;
}

type Side = 'builder' | 'both';

/** Every command is known to matter to the build alone, or is repeated as it stands; else an obstacle. */
export function placeSteps(view: View, outputs: readonly Output[]): Placed | Obstacle {
  const placements = new Map<Instruction, Placement>();
  const data = new Set<string>();
  const kept = new Set<string>();
  let needsDebian = false;
  for (const step of view.steps) {
    const { instruction } = step;
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
      if (instruction.flags.some(({ name }) => name === 'from') || instruction.heredocs.length > 0)
        return { code: 'unknown-effect', why: 'what it brings may be needed at run time', at: instruction };
      const own = view.runtime.files.sources.filter((it) => it.instruction === instruction);
      if (own.length > 0 && own.every(({ target }) => isOutside(view, outputs, target))) {
        placements.set(instruction, { place: 'runtime' });
        for (const { target } of own) kept.add(target);
      }
      continue;
    }
    if (instruction.keyword !== 'RUN') continue;
    if (step.opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${step.opaque}`, at: instruction };
    const side = sideOfRun(view, step, outputs, data);
    if (typeof side !== 'string') return side;
    if (side === 'both') {
      placements.set(instruction, { place: 'runtime' });
      needsDebian ||= view.system.family !== 'alpine' && step.tasks.some(({ effect }) => effect === 'accounts');
    }
  }
  return { placements, data: [...data], needsDebian, kept };
}

/** A file that is put beside the source, not into it: /etc/app.yaml. */
function isOutside(view: View, outputs: readonly Output[], target: string): boolean {
  const folders = outputs.flatMap(({ task, dir }) => [task.cwd, dir]).filter((it) => it !== undefined);
  const workdir = view.stage.end.workdir ?? '/go';
  return [...folders, workdir, '/go'].every(
    (folder) => target !== folder && !target.startsWith(`${folder}/`) && !folder.startsWith(`${target}/`),
  );
}

function sideOfRun(view: View, step: Step, outputs: readonly Output[], data: Set<string>): Side | Obstacle {
  const sides = new Set<Side>();
  for (const task of step.tasks) {
    const side = sideOf(view, task, outputs, data);
    if (typeof side === 'object') return side;
    if (side) sides.add(side);
  }
  if (sides.size > 1)
    return {
      code: 'mixed-script',
      why: 'commands for building and for running are tangled in it',
      at: step.instruction,
    };
  return [...sides][0] ?? 'builder';
}

/** undefined: the command goes wherever the others go. */
function sideOf(view: View, task: Task, outputs: readonly Output[], data: Set<string>): Side | Obstacle | undefined {
  const { effect, call, command } = task;
  const name = command.program ?? command.nameWord?.raw ?? '';
  const unknown = (why: string): Obstacle => ({ code: 'unknown-effect', why, at: command });
  if (call?.manager === 'go') return 'builder';
  if (GO_TOOLS.has(name) || (name === 'cd' && effect === 'shell')) return name === 'cd' ? undefined : 'builder';
  switch (effect) {
    case 'none':
    case 'shell':
      return undefined;
    case 'index':
    case 'clean':
    case 'test':
      return 'builder';
    case 'packages':
      if (!installsPackages(task)) return 'builder';
      for (const { literal } of task.call?.operands ?? []) {
        if (literal === undefined) return unknown('the packages are not fixed names');
        const plain = literal.replace(/[=~<>:].*$/, '');
        if (DATA_PACKAGES.has(plain)) data.add(plain);
      }
      return 'builder';
    case 'accounts':
      return 'both';
    case 'files':
      return sideOfFiles(view, task, outputs) ?? unknown(`what ${name} leaves behind may be needed at run time`);
    default:
      return unknown(`what ${name} leaves behind is not known`);
  }
}

/** mkdir of a folder that the program may write to is repeated; what is done to a built program came with it. */
function sideOfFiles({ stage }: View, { command, cwd }: Task, outputs: readonly Output[]): Side | undefined {
  const paths = command.args
    .filter(({ raw }) => !raw.startsWith('-') && !/^[ugoa]*[-+=][rwxXst]+$|^[0-7]{3,4}$/.test(raw))
    .map(({ literal }) => joinPath(cwd, literal));
  if (paths.length === 0 || paths.some((path) => path === undefined)) return undefined;
  const isBuilt = (path: string | undefined) => outputs.some((it) => it.path === path);
  const workdirs = new Set(
    stage.instructions.filter((it) => it.keyword === 'WORKDIR').map((it) => joinPath(it.state.workdir, it.args.text)),
  );
  switch (command.program) {
    case 'chmod':
      return paths.every(isBuilt) ? 'builder' : undefined;
    case 'rm':
    case 'rmdir':
      return paths.some(isBuilt) ? undefined : 'builder';
    case 'mkdir':
      return paths.every((path) => workdirs.has(path)) ? 'builder' : 'both';
    default:
      return undefined;
  }
}
