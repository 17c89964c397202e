/**
 * The cut for languages whose packages are installed into a folder of their own: the builder installs, the runtime stage
 * keeps everything else in its order. What a command behind the install leaves in the image is left there as before.
 */
import { posix } from 'node:path';
import type { Instruction } from '../../src/document.ts';
import {
  installsPackages,
  installText,
  type PackageFate,
  type Part,
  packageFates,
  runText,
  taskText,
} from './packages.ts';
import type { Obstacle, Placement, Step, Task, View } from './types.ts';

export interface AroundInstall {
  readonly placements: ReadonlyMap<Instruction, Placement>;
  /** The first step that installs. */
  readonly first: Step;
  /** Where the folder is made and taken over: before the first install, and before the copies that it reads. */
  readonly before: Instruction;
  /** Every system package that the stage installs by name. */
  readonly packages: readonly PackageFate[];
  /** Commands that the runtime stage carries out. */
  readonly runs: readonly Task[];
  /** What could not be established. */
  readonly doubts: readonly string[];
}

export interface InstallRules {
  /** A command that fills the folder which the runtime stage takes over, or prepares for it. */
  isInstall(task: Task): boolean;
  /** Whether the runtime stage can do without a copied file, which only the install reads. */
  isManifest(path: string): boolean;
  /** Programs that commands of the builder start beyond those that are written: git for `git+https://`. */
  readonly starts: readonly string[];
}

type Side = 'build' | 'run' | 'both' | 'packages' | 'gone' | 'tend' | 'follow';

/** Places every COPY and RUN of the stage; undefined: nothing installs. */
export function aroundInstall(view: View, rules: InstallRules): AroundInstall | Obstacle | undefined {
  const { steps } = view;
  const first = steps.find(({ tasks }) => tasks.some(rules.isInstall));
  if (!first) return undefined;
  const placements = new Map<Instruction, Placement>();
  const packages: PackageFate[] = [];
  const runs: Task[] = [];
  const doubts: string[] = [];
  const lastInstall = steps.findLastIndex(({ tasks }) => tasks.some(rules.isInstall));
  const lastBuilt = steps.findLastIndex(({ tasks }) => tasks.some((it) => rules.isInstall(it) || it.effect === 'test'));

  for (const [index, step] of steps.entries()) {
    const { instruction } = step;
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
      placements.set(instruction, placeCopy(view, rules, instruction, index < lastBuilt));
    } else if (instruction.keyword === 'USER' && index < lastInstall) {
      // the folder of the packages belongs to root, as the packages did
      placements.set(instruction, { place: 'runtime' });
    } else if (instruction.keyword === 'RUN') {
      if (step.opaque !== undefined)
        return { code: 'unreadable-script', why: `the RUN cannot be read: ${step.opaque}`, at: instruction };
      const placed = placeRun(view, rules, step, { before: index < lastInstall, packages, runs, doubts });
      if ('code' in placed) return placed;
      placements.set(instruction, placed);
    }
  }
  return { placements, first, before: beforeCopies(view, first), packages, runs, doubts };
}

interface Ledger {
  readonly before: boolean;
  readonly packages: PackageFate[];
  readonly runs: Task[];
  readonly doubts: string[];
}

function placeRun(view: View, rules: InstallRules, step: Step, ledger: Ledger): Placement | Obstacle {
  const { instruction, tasks } = step;
  const sides: Side[] = [];
  const fates = new Map<Task, readonly PackageFate[]>();
  for (const task of tasks) {
    const side = sideOf(task, rules, ledger.before);
    if (typeof side !== 'string') return { ...side, at: task.command };
    if (side === 'packages') {
      const own = packageFates(task, view.system);
      if (!own)
        return {
          code: 'unknown-effect',
          why: `the packages of ${taskText(view, task).split('\n')[0]} are not fixed names`,
          at: task.command,
        };
      fates.set(task, own);
      ledger.packages.push(...own);
    }
    if (task.effect === 'unknown')
      ledger.doubts.push(`what line ${view.document.originLine(task.command.start)} needs is not known`);
    sides.push(side);
  }
  const all = [...fates.values()].flat();
  const builds =
    sides.includes('build') || sides.includes('gone') || all.some(({ kind }) => kind === 'build' || kind === 'library');
  const needed =
    sides.includes('both') ||
    all.some(({ name, kind }) => kind === 'unknown' || neededInBuilder(name, rules, ledger.before));
  const wanted = sides.includes('run') || sides.includes('both') || all.some(({ becomes }) => becomes.length > 0);
  ledger.runs.push(...tasks.filter((_, i) => sides[i] === 'run' || sides[i] === 'both'));
  if (!wanted) return { place: 'builder' };
  const index = missingIndex(view, step, all);
  if (!builds && !index) return { place: needed && ledger.before ? 'both' : 'runtime' };
  if (!step.divisible)
    return { code: 'mixed-script', why: 'commands for building and for running are tangled in it', at: instruction };
  return { place: builds || needed ? 'both' : 'runtime', text: runtimeText(view, step, sides, fates, index) };
}

/** The RUN with the commands of the runtime stage. */
function runtimeText(
  view: View,
  step: Step,
  sides: readonly Side[],
  fates: ReadonlyMap<Task, readonly PackageFate[]>,
  index: Task | undefined,
): string {
  const installs = [...fates.values()].flat().some(({ becomes }) => becomes.length > 0);
  const parts: Part[] = index ? [{ task: index, text: taskText(view, index) }] : [];
  for (const [i, task] of step.tasks.entries()) {
    const side = sides[i];
    if (side === 'run' || side === 'both' || side === 'follow') parts.push({ task, text: taskText(view, task) });
    else if (side === 'tend' && installs && isForSystem(task)) parts.push({ task, text: taskText(view, task) });
    else if (side === 'packages') {
      const names = [...new Set((fates.get(task) ?? []).flatMap(({ becomes }) => becomes))];
      if (names.length > 0) parts.push({ task, text: installText(view, task, names) });
    }
  }
  return runText(view, step, parts);
}

/** The index update of an earlier RUN, where this one installs and has none of its own: each stage needs its own lists. */
function missingIndex({ steps }: View, step: Step, packages: readonly PackageFate[]): Task | undefined {
  if (packages.length === 0 || step.tasks.some(({ effect }) => effect === 'index')) return undefined;
  const earlier = steps.slice(0, steps.indexOf(step)).flatMap(({ tasks }) => tasks);
  return earlier.findLast(({ effect }) => effect === 'index');
}

/** apt-get update, rm -rf /var/lib/apt/lists/*: not the cache of pip. */
function isForSystem({ effect, command, call }: Task): boolean {
  if (effect === 'index') return true;
  const text = command.args.map(({ raw }) => raw).join(' ');
  return call
    ? /^(?:apt|apt-get|apk|dnf|yum|microdnf)$/.test(call.program)
    : /\/var\/(?:lib\/apt|cache)|\/tmp/.test(text);
}

function sideOf(task: Task, rules: InstallRules, before: boolean): Side | Omit<Obstacle, 'at'> {
  if (rules.isInstall(task)) return 'build';
  const name = task.command.program ?? task.command.nameWord?.raw ?? '';
  switch (task.effect) {
    case 'packages':
      return installsPackages(task) ? 'packages' : task.call?.action === 'remove' ? 'gone' : 'both';
    case 'index':
    case 'clean':
      return 'tend';
    case 'none':
    case 'shell':
      return 'follow';
    case 'accounts':
      return before ? 'both' : 'run';
    case 'system':
    case 'fetch':
      return before ? 'both' : 'run';
    case 'files':
      return before && !/^ch(?:own|mod|grp)$/.test(name) ? 'both' : 'run';
    case 'app':
      return 'run';
    case 'test':
      return 'build';
    case 'install':
      return { code: 'outside-packages', why: `${name} installs packages of another kind` };
    case 'build':
    case 'tool':
      return { code: 'unknown-effect', why: `what ${name} builds, and where it puts it, is not known` };
    default:
      if (before) return { code: 'unknown-effect', why: `what ${name} leaves behind is not known` };
      return 'run';
  }
}

/** Programs that the builder's own commands start. */
function neededInBuilder(name: string, { starts }: InstallRules, before: boolean): boolean {
  return before && starts.includes(name);
}

function placeCopy(view: View, rules: InstallRules, instruction: Instruction, before: boolean): Placement {
  if (!before) return { place: 'runtime' };
  const own = view.runtime.files.sources.filter((it) => it.instruction === instruction);
  const later = view.runtime.files.sources.filter(
    (it) => it.instruction.index > instruction.index && it.kind === 'dir',
  );
  const covered = own.every((it) =>
    later.some(({ source, target }) => {
      const below = posix.relative(source || '.', it.source || '.');
      return !below.startsWith('..') && posix.join(target, below) === it.target;
    }),
  );
  const isSpare = own.every(({ source, kind }) => kind === 'file' && rules.isManifest(source));
  return { place: own.length > 0 && (covered || isSpare) ? 'builder' : 'both' };
}

/** `COPY requirements.txt .` and what else is copied right before the install: a change of it must not undo what comes before. */
function beforeCopies({ steps }: View, first: Step): Instruction {
  let at = steps.indexOf(first);
  while (at > 0 && /^(?:COPY|ADD)$/.test(steps[at - 1]?.instruction.keyword ?? '')) at--;
  return (steps[at] as Step).instruction;
}
