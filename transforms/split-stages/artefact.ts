/** The cut for languages that build a program: everything stays in the builder but what the program needs beside itself. */
import { joinPath } from '../../src/document/state.ts';
import type { Instruction } from '../../src/document.ts';
import { DATA_PACKAGES } from '../../src/knowledge/data-packages.ts';
import { installsPackages } from './packages.ts';
import type { Obstacle, Placement, Step, Task, View } from './types.ts';

export interface Placed {
  readonly placements: ReadonlyMap<Instruction, Placement>;
  /** Packages with data that the runtime stage installs. */
  readonly data: readonly string[];
  /** A command that is repeated is one of Debian's. */
  readonly needsDebian: boolean;
  /** Absolute paths that a repeated COPY brings. */
  readonly kept: ReadonlySet<string>;
}

export interface BuildRules {
  /** A command that builds, fetches or checks, and leaves nothing that runs but what `isBuilt` names. */
  isBuild(task: Task): boolean;
  /** An absolute path that the runtime stage takes from the builder. */
  isBuilt(path: string): boolean;
  /** A command that acts upon what the runtime stage takes, and behind it: it is repeated there. */
  isRepeated?(task: Task): boolean;
  /** Folders that hold the source in the image; undefined ones are not known. */
  readonly folders: readonly (string | undefined)[];
}

/** Whether a command reads a path, by its whole text. */
const names = ({ instruction }: Step, path: string): boolean => instruction.args.text.includes(path);

interface StepRules extends BuildRules {
  /** An absolute path that a COPY of the runtime stage brings. */
  isKept(path: string): boolean;
}

type Side = 'builder' | 'both';

/** Every command is known to matter to the build alone, or is repeated as it stands; else an obstacle. */
export function placeSteps(view: View, rules: BuildRules): Placed | Obstacle {
  const placements = new Map<Instruction, Placement>();
  const data = new Set<string>();
  const kept = new Map<string, Instruction>();
  let needsDebian = false;
  for (const step of view.steps) {
    const { instruction } = step;
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
      if (instruction.flags.some(({ name }) => name === 'from') || instruction.heredocs.length > 0)
        return { code: 'unknown-effect', why: 'what it brings may be needed at run time', at: instruction };
      const far = instruction.words.slice(0, -1).some(({ value }) => /^\w+:\/\//.test(value));
      const to = joinPath(instruction.state.workdir, instruction.words.at(-1)?.value);
      if (far && (to === undefined || (isOutside(view, rules, to) && !rules.isBuilt(to))))
        return { code: 'unknown-effect', why: 'what it brings may be needed at run time', at: instruction };
      const own = view.runtime.files.sources.filter((it) => it.instruction === instruction);
      if (own.length > 0 && own.every(({ target }) => isOutside(view, rules, target))) {
        for (const { target } of own) kept.set(target, instruction);
      }
      continue;
    }
    if (instruction.keyword !== 'RUN') continue;
    if (step.opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${step.opaque}`, at: instruction };
    const side = sideOfRun(view, step, { ...rules, isKept: (path) => kept.has(path) }, data);
    if (typeof side !== 'string') return side;
    if (side === 'both') {
      placements.set(instruction, { place: actsAsAccount(view, instruction) ? 'both' : 'runtime' });
      needsDebian ||= view.system.family !== 'alpine' && step.tasks.some(({ effect }) => effect === 'accounts');
    }
  }
  const built = view.steps.filter(
    ({ instruction: it }) => it.keyword === 'RUN' && placements.get(it)?.place !== 'runtime',
  );
  for (const [target, instruction] of kept) {
    if (placements.get(instruction)?.place !== 'both')
      placements.set(instruction, { place: built.some((it) => names(it, target)) ? 'both' : 'runtime' });
  }
  return { placements, data: [...data], needsDebian, kept: new Set(kept.keys()) };
}

/** Whether the builder needs accounts and their folders behind an instruction: a USER who builds, a COPY that names an owner. */
function actsAsAccount({ stage }: View, { index }: Instruction): boolean {
  let user = false;
  return stage.instructions.some((it) => {
    if (it.index <= index) return false;
    if (it.keyword === 'USER') user = !/^(?:root|0)(?::|$)/.test(it.args.text);
    if (it.keyword === 'RUN') return user;
    if (it.keyword !== 'COPY' && it.keyword !== 'ADD') return false;
    return it.flags.some(({ name, value }) => name === 'chown' && !/^[\d:]+$/.test(value));
  });
}

/** A file that is put beside the source, not into it: /etc/app.yaml. */
function isOutside(view: View, rules: BuildRules, target: string): boolean {
  const folders = [...rules.folders, view.stage.end.workdir].filter((it) => it !== undefined);
  return folders.every(
    (folder) => target !== folder && !target.startsWith(`${folder}/`) && !folder.startsWith(`${target}/`),
  );
}

function sideOfRun(view: View, step: Step, rules: StepRules, data: Set<string>): Side | Obstacle {
  const sides = new Set<Side>();
  for (const task of step.tasks) {
    const side = sideOf(view, task, rules, data);
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
function sideOf(view: View, task: Task, rules: StepRules, data: Set<string>): Side | Obstacle | undefined {
  const { effect, command } = task;
  const name = command.program ?? command.nameWord?.raw ?? '';
  const unknown = (why: string): Obstacle => ({ code: 'unknown-effect', why, at: command });
  if (rules.isBuild(task)) return 'builder';
  if (rules.isRepeated?.(task)) return 'both';
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
    case 'files': {
      const side = sideOfFiles(view, task, rules) ?? unknown(`what ${name} leaves behind may be needed at run time`);
      return side === 'either' ? undefined : side;
    }
    default:
      return unknown(`what ${name} leaves behind is not known`);
  }
}

/** mkdir of a folder that the program may write to is repeated; what is done to a built program came with it. */
function sideOfFiles({ stage }: View, { command, cwd }: Task, rules: StepRules): Side | 'either' | undefined {
  const paths = command.args
    .filter(({ raw }) => !raw.startsWith('-') && !/^[ugoa]*[-+=][rwxXst]+$|^[0-7]{3,4}$/.test(raw))
    .map(({ literal }) => joinPath(cwd, literal));
  if (paths.length === 0 || paths.some((path) => path === undefined)) return undefined;
  const isBuilt = (path: string | undefined) => path !== undefined && rules.isBuilt(path);
  const workdirs = new Set(
    stage.instructions.filter((it) => it.keyword === 'WORKDIR').map((it) => joinPath(it.state.workdir, it.args.text)),
  );
  switch (command.program) {
    case 'chmod':
      if (paths.every((path) => path !== undefined && rules.isKept(path))) return 'both';
      return paths.every(isBuilt) ? 'builder' : undefined;
    case 'rm':
    case 'rmdir':
      return paths.some(isBuilt) ? undefined : 'builder';
    case 'mkdir':
      return paths.every((path) => workdirs.has(path)) ? 'either' : 'both';
    default:
      return undefined;
  }
}
