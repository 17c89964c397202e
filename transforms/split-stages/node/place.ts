/** Which instructions of a Node stage build, and which ones the runtime stage repeats because they act outside of the project. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import { FULL_IMAGE_PROGRAMS } from '../../../src/knowledge/full-image.ts';
import { BUILDS_IN_PROJECT, RUN_TIME_PACKAGES } from '../../../src/knowledge/node-packages.ts';
import { missingIndex } from '../around-install.ts';
import {
  installText,
  inWords,
  namesPackages,
  type PackageFate,
  type Part,
  packageFates,
  removedPackages,
  runText,
  taskText,
  upgradesSystem,
} from '../packages.ts';
import { isObstacle, type Obstacle, type Placement, type Step, type Task, type View } from '../types.ts';
import type { Beside } from './beside.ts';
import { type FileSide, inside, sideOfFiles } from './files.ts';
import { needsCorepack, sideOfGlobal, startsManager } from './global.ts';
import { isGlobal, isInstall } from './project.ts';
import type { StartText } from './starts.ts';

export interface Placed {
  readonly placements: ReadonlyMap<Instruction, Placement>;
  /** The instruction behind the last one that builds; undefined: it is the end. */
  readonly after: Instruction | undefined;
  /** System packages that stay in the builder. */
  readonly lost: readonly string[];
  /** Commands of the runtime stage. */
  readonly runs: readonly Task[];
  /** System packages that a RUN of the runtime stage installs. */
  readonly installed: ReadonlySet<string>;
  readonly doubts: readonly string[];
  /** Whether a start command needs the package manager that corepack fetched for root. */
  readonly corepack: boolean;
}

/** follow: no effect of its own. tend: looks after the package manager of the system. */
type Side = 'builder' | 'run' | 'packages' | 'tend' | 'follow';

const IN_FULL_IMAGE: ReadonlySet<string> = new Set([
  'ca-certificates',
  'python3',
  ...Object.values(FULL_IMAGE_PROGRAMS),
]);

interface Scene {
  readonly view: View;
  readonly roots: readonly string[];
  readonly beside: Beside | undefined;
  readonly texts: readonly StartText[];
  /** Whether the runtime stage starts from another image than the builder. */
  readonly smaller: boolean;
  readonly doubts: string[];
  /** Whether the project was not yet put into the image. */
  readonly isBefore: (instruction: Instruction) => boolean;
  /** Whether something is installed or built behind an instruction. */
  readonly servesBuild: (instruction: Instruction) => boolean;
}

/** Places every RUN and COPY; `roots` are folders that the runtime stage takes over whole, the project may stand `beside` them. */
export function placeSteps(
  view: View,
  roots: readonly string[],
  texts: readonly StartText[],
  smaller: boolean,
  beside?: Beside,
): Placed | Obstacle {
  const first = view.steps.find(
    ({ instruction, tasks }) =>
      tasks.some(isInstall) ||
      view.runtime.files.sources.some((it) => it.instruction === instruction && inside(roots, it.target)),
  );
  const lastBuild = view.steps.findLast(({ tasks }) => tasks.some((it) => isBuild(it) || it.effect === 'test'));
  const scene: Scene = {
    view,
    roots,
    beside,
    texts,
    smaller,
    doubts: [],
    isBefore: ({ index }) => first !== undefined && index < first.instruction.index,
    servesBuild: ({ index }) => lastBuild !== undefined && index <= lastBuild.instruction.index,
  };
  const placements = new Map<Instruction, Placement>();
  const lost: string[] = [];
  const runs: Task[] = [];
  const installed = new Set<string>();
  let last = -1;
  for (const [index, step] of view.steps.entries()) {
    const { keyword } = step.instruction;
    if (keyword === 'COPY' || keyword === 'ADD') {
      const place = placeCopy(scene, step.instruction);
      placements.set(step.instruction, { place });
      if (place !== 'runtime') last = index;
    } else if (keyword === 'RUN') {
      const run = placeRun(scene, step);
      if (isObstacle(run)) return run;
      placements.set(step.instruction, run.placement);
      lost.push(...run.lost);
      runs.push(...run.runs);
      for (const name of run.installed) installed.add(name);
      if (run.placement.place !== 'runtime') last = index;
    }
  }
  return {
    placements,
    after: view.steps[last + 1]?.instruction,
    lost,
    runs,
    installed,
    doubts: scene.doubts,
    corepack: needsCorepack(view, texts),
  };
}

/** A file outside of the project goes to the runtime stage; it stays in the builder as well where a command there names it. */
function placeCopy({ view, roots, beside, servesBuild }: Scene, instruction: Instruction): Placement['place'] {
  if (beside?.covered.has(instruction)) return 'builder';
  if (beside) return servesBuild(instruction) ? 'both' : 'runtime';
  const to = joinPath(
    instruction.state.workdir,
    view.document.expand(instruction.words.at(-1)?.value ?? '', instruction.state),
  );
  if (to !== undefined && inside(roots, to.replace(/(.)\/$/, '$1'))) return 'builder';
  const own = view.runtime.files.sources.filter((it) => it.instruction === instruction);
  if (own.length > 0 && own.every(({ target }) => inside(roots, target))) return 'builder';
  const names = own.map(({ target }) => posix.basename(target));
  const behind = view.steps.filter(({ instruction: it }) => it.keyword === 'RUN' && it.index > instruction.index);
  const isRead =
    own.length === 0 ||
    behind.some(
      ({ instruction: it, tasks }) => names.some((name) => it.args.text.includes(name)) && tasks.some(isBuild),
    );
  return isRead ? 'both' : 'runtime';
}

const isBuild = (task: Task): boolean =>
  isInstall(task) || task.effect === 'build' || task.effect === 'app' || task.effect === 'tool';

/** `mkdir /data`, `chown node /data`: what no command of the builder asks for. */
function isAside({ view }: Scene, { command, cwd }: Task): boolean {
  if (!/^(?:mkdir|touch|chown|chmod|chgrp)$/.test(command.program ?? '') || command.redirected) return false;
  const paths = command.args.filter(({ raw }) => raw.startsWith('/')).map(({ literal }) => joinPath(cwd, literal));
  const named = view.document.instructions.filter(({ args }) =>
    paths.some((path) => path === undefined || args.text.includes(path)),
  );
  return paths.length > 0 && named.every(({ keyword }) => keyword === 'RUN' || keyword === 'VOLUME');
}

interface PlacedRun {
  readonly placement: Placement;
  readonly lost: readonly string[];
  readonly runs: readonly Task[];
  readonly installed: readonly string[];
}

function placeRun(scene: Scene, step: Step): PlacedRun | Obstacle {
  const { view } = scene;
  if (step.opaque !== undefined)
    return { code: 'unreadable-script', why: `the RUN cannot be read: ${step.opaque}`, at: step.instruction };
  const removed = removedPackages(view.steps.slice(view.steps.indexOf(step)));
  const sides: Side[] = [];
  const fates = new Map<Task, readonly PackageFate[]>();
  const texts = new Map<Task, string>();
  for (const task of step.tasks) {
    const side = sideOf(scene, step, task);
    if (typeof side === 'object' && isObstacle(side)) return side;
    if (typeof side === 'object') {
      sides.push('run');
      texts.set(task, side.text);
      continue;
    }
    if (side === 'packages') {
      const own = packageFates(task, view.system, removed);
      if (!own)
        return {
          code: 'unknown-effect',
          why: `the packages of ${taskText(view, task).split('\n')[0]} are not fixed names`,
          at: task.command,
        };
      fates.set(
        task,
        own.map((it) => (isForNodeGyp(view, it.name) ? { ...it, kind: 'build', becomes: [] } : it)),
      );
    }
    sides.push(side);
  }
  const all = [...fates.values()].flat();
  const installed = all.flatMap(({ becomes }) => becomes);
  const lost = all.filter(({ kind, name }) => kind === 'build' && !removed.names.has(name)).map(({ name }) => name);
  const runs = step.tasks.filter((_, i) => sides[i] === 'run');
  const answer = (placement: Placement): PlacedRun => ({ placement, lost, runs, installed });
  if (runs.length === 0 && installed.length === 0) return answer({ place: 'builder' });
  const builds = sides.includes('builder') || all.some(({ kind }) => kind === 'build' || kind === 'library');
  const serves = scene.servesBuild(step.instruction);
  const isNeeded =
    serves && (!runs.every((task) => isAside(scene, task)) || !all.every((fate) => isForRunning(scene, fate)));
  const place = builds || isNeeded || texts.size > 0 ? 'both' : 'runtime';
  const usesLists = installed.length > 0 || step.tasks.some(upgradesSystem);
  const index = usesLists ? missingIndex(view, step, all) : undefined;
  if (!builds && index === undefined && texts.size === 0) return answer({ place });
  if (!step.divisible)
    return {
      code: 'mixed-script',
      why: 'commands for building and for running are tangled in it',
      at: step.instruction,
    };
  const parts: Part[] = index === undefined ? [] : [{ task: undefined, text: index }];
  parts.push(
    ...step.tasks.flatMap((task, i): Part[] => {
      const side = sides[i];
      if (side === 'packages') {
        const names = [...new Set((fates.get(task) ?? []).flatMap(({ becomes }) => becomes))];
        return names.length === 0 ? [] : [{ task, text: installText(view, task, names) }];
      }
      const stays = side === 'run' || side === 'follow' || (side === 'tend' && usesLists);
      return stays ? [{ task, text: texts.get(task) ?? taskText(view, task) }] : [];
    }),
  );
  return answer({ place, text: runText(view, step, parts) });
}

/** Packages that no build asks for, and those that the full image of the builder has anyway. */
function isForRunning({ smaller }: Scene, { name }: PackageFate): boolean {
  const plain = name.replace(/[=~<>:].*$/, '');
  return RUN_TIME_PACKAGES.test(plain) || (smaller && IN_FULL_IMAGE.has(plain));
}

/** python3 beside make and g++ is there for node-gyp, unless something starts it. */
function isForNodeGyp({ runtime }: View, name: string): boolean {
  return (
    /^python[23]?(?:-minimal)?$|^py3-setuptools$|^python3-(?:setuptools|distutils)$/.test(name) &&
    !runtime.programs.some(({ program }) => /^python/.test(program)) &&
    runtime.find(/python-shell|['"`]python[23]?['"` ]/) === undefined
  );
}

function sideOf(scene: Scene, step: Step, task: Task): Side | Obstacle | FileSide {
  const { effect, call, command, cwd } = task;
  const name = command.program ?? command.nameWord?.raw ?? '';
  const unknown = (why: string): Obstacle => ({ code: 'unknown-effect', why, at: command });
  if (isInstall(task)) return 'builder';
  if (isGlobal(task)) return sideOfGlobal(scene.texts, task);
  if (name === 'corepack') return startsManager(scene.texts) ? 'run' : 'builder';
  switch (effect) {
    case 'none':
      return 'follow';
    case 'shell':
      return name === 'cd' && cwd !== undefined ? 'builder' : 'follow';
    case 'index':
      return 'tend';
    case 'clean':
      return call && !/^(?:apt|apk|dnf|yum)/.test(call.program) ? 'builder' : 'tend';
    case 'test':
    case 'tool':
    case 'build':
      return 'builder';
    case 'app':
      return sideOfApp(scene, task);
    case 'packages':
      if (call?.action === 'remove') return 'builder';
      return namesPackages(task) ? 'packages' : 'run';
    case 'accounts':
      return 'run';
    case 'files':
      return (
        sideOfFiles(scene.view, scene.roots, task, scene.isBefore(step.instruction)) ??
        unknown(`what ${name} leaves behind may be needed at run time`)
      );
    case 'system':
      return scene.smaller ? unknown(`whether ${name} does the same on the small image is not known`) : 'run';
    case 'install':
      return { code: 'outside-packages', why: `${name} installs packages of another kind`, at: command };
    default:
      return unknown(`what ${name} leaves behind is not known`);
  }
}

/** `npm run build`, `npx prisma generate`, `node scripts/x.js`: they write below the project, as far as is known. */
function sideOfApp({ beside, doubts, roots, view }: Scene, { command, cwd }: Task): Side | Obstacle {
  const words = command.args.map(({ literal, raw }) => literal ?? raw);
  const text = [command.program, ...words].join(' ');
  if (/\b(?:playwright|puppeteer|cypress)\b.*\binstall\b/.test(text))
    return { code: 'outside-packages', why: `${text} puts programs into the cache folder of the account`, at: command };
  // what it writes is known by its paths
  if (beside) return 'builder';
  const tool = command.program === 'npx' ? words.find((it) => !it.startsWith('-')) : undefined;
  const line = view.document.originLine(command.start);
  if (tool !== undefined && !BUILDS_IN_PROJECT.has(tool.replace(/(.)@[^/]*$/, '$1')))
    doubts.push(`what ${tool} in line ${line} leaves outside of ${inWords(roots)} is not known`);
  if (cwd === undefined || !inside(roots, cwd)) doubts.push(`where line ${line} writes is not known`);
  return 'builder';
}
