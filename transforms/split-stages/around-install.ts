/**
 * The cut for languages whose packages are installed into a folder of their own: the builder installs, the runtime stage
 * keeps everything else in its order. What a command behind the install leaves in the image is left there as before.
 */
import { posix } from 'node:path';
import type { Instruction } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { LISTS_FETCHERS } from '../../src/knowledge/system-packages.ts';
import { installText, type PackageFate, type Part, runText, taskText, upgradesSystem } from './packages.ts';
import { type InstallRules, isOfFolders, type Rules, type Side, type SidedRun, sidesOf } from './sides.ts';
import { isObstacle, type Obstacle, type Placement, type Step, type Task, type View } from './types.ts';

export type { InstallRules } from './sides.ts';

/** How the stage is cut. */
export interface AroundInstall {
  readonly placements: ReadonlyMap<Instruction, Placement>;
  /** The first step that installs. */
  readonly first: Step;
  /** Where the folder is made: before the first install, and before the copies that it reads. */
  readonly before: Instruction;
  /** Where a folder that both stages know from the start is taken over; undefined: the end. */
  readonly takeOver: Instruction | undefined;
  /** Behind the last install; undefined: it is the end. */
  readonly after: Instruction | undefined;
  /** Every system package that the stage installs by name. */
  readonly packages: readonly PackageFate[];
  /** Commands that the runtime stage carries out. */
  readonly runs: readonly Task[];
  /** The first RUN of the runtime stage. */
  readonly firstRun: Instruction | undefined;
  /** System packages that the runtime stage needs besides, and that no RUN of it installs yet, with the evidence. */
  readonly missing: ReadonlyMap<string, Evidence>;
  /** The same for those that a RUN of it installs now. */
  readonly added: ReadonlyMap<string, Evidence>;
  /** What could not be established. */
  readonly doubts: readonly string[];
}

const COPIES: ReadonlySet<string> = new Set(['COPY', 'ADD']);

/** Places every COPY and RUN of the stage; undefined: nothing installs. */
export function aroundInstall(view: View, given: InstallRules): AroundInstall | Obstacle | undefined {
  const { steps } = view;
  const first = steps.find(({ tasks }) => tasks.some(given.isInstall));
  if (!first) return undefined;
  const lastBuilt = steps.findLastIndex(({ tasks }) => tasks.some((it) => given.isInstall(it) || it.effect === 'test'));
  const rules = rulesOf(view, given, lastBuilt);
  const sided = new Map<Step, SidedRun>();
  const derived = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const run = step.instruction.keyword === 'RUN' ? sidesOf(view, rules, step, index < rules.lastInstall) : undefined;
    if (run && isObstacle(run)) return run;
    if (run) sided.set(step, withoutRepeats({ ...run, sides: togetherInPipes(run) }, derived));
  }
  const runs = [...sided.values()].flatMap(({ step, sides }) =>
    step.tasks.filter((_, i) => sides[i] === 'run' || sides[i] === 'both'),
  );
  const packages = [...sided.values()].flatMap(({ fates }) => [...fates.values()].flat());
  const kept = new Set(packages.flatMap(({ becomes }) => becomes));
  const needs = new Map([...rules.needs(runs)].filter(([name]) => !kept.has(name)));
  // a command before may start one of the programs, in the same RUN too
  const early = [...sided.values()].findIndex(({ sides }) => has(sides, 'run', 'both'));
  const host = [...sided.values()].find(
    (run, i) => needs.size > 0 && (early < 0 || i < early || (i === early && installsFirst(run))) && hosts(run),
  );

  const placements = new Map<Instruction, Placement>();
  for (const [index, step] of steps.entries()) {
    const { instruction } = step;
    const run = sided.get(step);
    if (COPIES.has(instruction.keyword)) {
      placements.set(instruction, placeCopy(view, rules, instruction, index < lastBuilt));
    } else if (instruction.keyword === 'USER' && index < rules.lastInstall && !rules.keepsUser) {
      // the folder of the packages belongs to root, as the packages did
      placements.set(instruction, { place: 'runtime' });
    } else if (run) {
      const earlier = [...sided.values()].filter((it) => steps.indexOf(it.step) < index);
      const placement = placeRun(view, rules, run, index, run === host ? [...needs.keys()] : [], earlier);
      if (isObstacle(placement)) return placement;
      placements.set(instruction, placement);
    }
  }
  return {
    placements,
    first,
    before: beforeCopies(view, first),
    takeOver: isSystemOnly(sided.get(first)) ? steps[steps.indexOf(first) + 1]?.instruction : beforeCopies(view, first),
    after: steps[rules.lastInstall + 1]?.instruction,
    packages,
    runs,
    firstRun: steps.find((it) => sided.has(it) && placements.get(it.instruction)?.place !== 'builder')?.instruction,
    missing: host ? new Map() : needs,
    added: host ? needs : new Map(),
    doubts: runs
      .filter(({ effect }) => effect === 'unknown')
      .map(({ command }) => `what line ${view.document.originLine(command.start)} needs is not known`),
  };
}

/** What a pipeline is made of that only fetches and sets up: `curl .. | tar`, `echo .. | tee`, not `curl .. | python`. */
const PIPED: ReadonlySet<Task['effect']> = new Set(['none', 'fetch', 'files', 'system']);

/** The commands of such a pipeline go together, to wherever one of them has to be. */
function togetherInPipes({ step, sides }: SidedRun): readonly Side[] {
  const together = new Map<Task, Side>();
  for (const link of step.links ?? []) {
    if (link.length === 1 || !link.every(({ effect, call }) => PIPED.has(effect) && !call)) continue;
    const own = new Set(link.map((task) => sides[step.tasks.indexOf(task)] as Side));
    const isSplit = own.has('both') || (own.has('run') && own.has('build'));
    const one = isSplit ? 'both' : (['run', 'build', 'tend', 'follow'] as const).find((it) => own.has(it));
    for (const task of link) if (one) together.set(task, one);
  }
  return sides.map((side, i) => together.get(step.tasks[i] as Task) ?? side);
}

/** Libraries that take the place of -dev packages are installed once, however many RUN lines ask for them. */
function withoutRepeats(run: SidedRun, derived: Set<string>): SidedRun {
  const once = (fate: PackageFate): PackageFate => {
    if (fate.kind !== 'library') return fate;
    const becomes = fate.becomes.filter((name) => !derived.has(name));
    for (const name of becomes) derived.add(name);
    return becomes.length === fate.becomes.length ? fate : { ...fate, becomes };
  };
  return { ...run, fates: new Map([...run.fates].map(([task, fates]) => [task, fates.map(once)])) };
}

function rulesOf({ steps }: View, given: InstallRules, lastBuilt: number): Rules {
  const lastInstall = steps.findLastIndex(({ tasks }) => tasks.some(given.isInstall));
  const copies = steps.slice(0, lastBuilt).filter(({ instruction }) => COPIES.has(instruction.keyword));
  // what only makes folders and accounts reads none
  const said = steps
    .slice(0, lastInstall + 1)
    .filter(({ tasks }) => tasks.length === 0 || !tasks.every((it) => it.effect === 'accounts' || isOfFolders(it)));
  return {
    ...given,
    lastInstall,
    accounts:
      copies.some(({ instruction }) =>
        instruction.flags.some(({ name, value }) => name === 'chown' && !/^[\d:]+$/.test(value)),
      ) ||
      (given.keepsUser === true &&
        steps.slice(0, lastInstall).some(({ instruction }) => instruction.keyword === 'USER')),
    builderText: said.map(({ instruction }) => instruction.args.text).join('\n'),
  };
}

/** Whether the packages of a RUN come before every other command of the runtime stage in it. */
function installsFirst({ sides }: SidedRun): boolean {
  const other = sides.findIndex((side) => side === 'run' || side === 'both');
  const packages = sides.indexOf('packages');
  return packages >= 0 && (other < 0 || packages < other);
}

/** Whether the RUN installs something in the runtime stage, and more could be named there. */
function hosts(run: SidedRun): boolean {
  const { fates } = run;
  return isSeparable(run) && [...fates.values()].flat().some(({ becomes }) => becomes.length > 0);
}

/** Whether parts of a RUN can stand without the others: the commands of each pipeline go to one side. */
const isSeparable = ({ step: { links, tasks }, sides }: SidedRun): boolean =>
  links?.every((link) => new Set(link.map((task) => sides[tasks.indexOf(task)])).size === 1) === true;

function placeRun(
  view: View,
  rules: Rules,
  run: SidedRun,
  at: number,
  extra: readonly string[],
  earlier: readonly SidedRun[],
): Placement | Obstacle {
  const { step, sides, fates } = run;
  const before = at < rules.lastInstall;
  const all = [...fates.values()].flat();
  const builds = has(sides, 'build', 'gone') || all.some(({ kind }) => kind === 'build' || kind === 'library');
  const needed =
    before &&
    (has(sides, 'both') ||
      servesLater(view, rules, at) ||
      all.some(({ name, kind }) => kind === 'unknown' || rules.starts.includes(name)));
  const wanted = has(sides, 'run', 'both') || all.some(({ becomes }) => becomes.length > 0);
  if (!wanted) return { place: 'builder' };
  // what cannot be taken apart finds the lists that an earlier RUN left there
  const index = !isSeparable(run) && earlier.some(leavesLists) ? undefined : missingIndex(view, step, all);
  if (!builds && index === undefined && extra.length === 0) return { place: needed ? 'both' : 'runtime' };
  if (!isSeparable(run)) {
    const why = 'commands for building and for running are tangled in it';
    return { code: 'mixed-script', why, at: step.instruction };
  }
  return { place: builds || needed ? 'both' : 'runtime', text: runtimeText(view, run, index, extra) };
}

/** Whether a RUN updates the package lists in the runtime stage, and leaves them. */
function leavesLists({ step, sides, fates }: SidedRun): boolean {
  const stays = has(sides, 'run', 'both') || [...fates.values()].flat().some(({ becomes }) => becomes.length > 0);
  const effects = step.tasks.map(({ effect }) => effect);
  return stays && effects.includes('index') && !effects.includes('clean');
}

const has = (sides: readonly Side[], ...wanted: readonly Side[]): boolean =>
  sides.some((side) => wanted.includes(side));

/** Whether a later RUN of the builder installs from the package lists that this one fetches. */
function servesLater({ steps }: View, { lastInstall }: Rules, at: number): boolean {
  if (!steps[at]?.tasks.some(({ effect }) => effect === 'index')) return false;
  const next = steps.slice(at + 1, lastInstall + 1).find(({ tasks }) => tasks.some((it) => it.effect === 'packages'));
  return next !== undefined && !next.tasks.some(({ effect }) => effect === 'index');
}

/** The RUN with the commands of the runtime stage. */
function runtimeText(
  view: View,
  { step, sides, fates }: SidedRun,
  index: string | undefined,
  extra: readonly string[],
): string {
  const installs =
    [...fates.values()].flat().some(({ becomes }) => becomes.length > 0) || step.tasks.some(upgradesSystem);
  const parts: Part[] = index === undefined ? [] : [{ task: undefined, text: index }];
  let more = extra;
  for (const [i, task] of step.tasks.entries()) {
    const side = sides[i];
    if (side === 'run' || side === 'both' || side === 'follow' || (side === 'tend' && installs && isForSystem(task))) {
      parts.push({ task, text: taskText(view, task) });
    } else if (side === 'packages') {
      const names = [...new Set((fates.get(task) ?? []).flatMap(({ becomes }) => becomes))];
      if (names.length === 0) continue;
      parts.push({ task, text: installText(view, task, [...names, ...more]) });
      more = [];
    }
  }
  return runText(view, step, parts);
}

/** The index update for a RUN that installs and has none of its own: as an earlier RUN writes it. Each stage needs its own lists. */
export function missingIndex(view: View, step: Step, packages: readonly PackageFate[]): string | undefined {
  if (packages.length === 0 && !step.tasks.some(upgradesSystem)) return undefined;
  if (step.tasks.some(({ effect }) => effect === 'index')) return undefined;
  // curl https://nodesource.com/setup_22.x | bash -
  if (LISTS_FETCHERS.some(({ text }) => step.instruction.args.text.includes(text))) return undefined;
  const earlier = view.steps.slice(0, view.steps.indexOf(step)).flatMap(({ tasks }) => tasks);
  const index = earlier.findLast(({ effect }) => effect === 'index');
  if (index) return taskText(view, index);
  // without lists apt knows only what is installed, which the full image has and a smaller one lacks
  return view.system.family === 'alpine' ? undefined : 'apt-get update';
}

/** apt-get update, rm -rf /var/lib/apt/lists/*: not the cache of pip. */
function isForSystem({ effect, command, call }: Task): boolean {
  if (effect === 'index') return true;
  const text = command.args.map(({ raw }) => raw).join(' ');
  return call
    ? /^(?:apt|apt-get|apk|dnf|yum|microdnf)$/.test(call.program)
    : /\/var\/(?:lib\/apt|cache)|\/tmp/.test(text);
}

function placeCopy(view: View, rules: Rules, instruction: Instruction, before: boolean): Placement {
  if (!before) return { place: 'runtime' };
  if (rules.isTool(instruction)) return { place: 'builder' };
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

/** Whether what the runtime stage keeps of the RUN are packages of the system, which change less often than those of the project. */
function isSystemOnly(run: SidedRun | undefined): boolean {
  return run !== undefined && hosts(run) && !has(run.sides, 'run', 'both');
}

/** `COPY requirements.txt .` and what else is copied right before the install: a change of it must not undo what comes before. */
function beforeCopies({ steps }: View, first: Step): Instruction {
  let found = steps.indexOf(first);
  for (let at = found - 1; /^(?:COPY|ADD|WORKDIR)$/.test(steps[at]?.instruction.keyword ?? ''); at--) {
    if (COPIES.has(steps[at]?.instruction.keyword ?? '')) found = at;
  }
  return (steps[found] as Step).instruction;
}
