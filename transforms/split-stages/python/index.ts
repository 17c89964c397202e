/** Python: the packages go into a virtual environment, which the runtime stage takes over. */
import { posix } from 'node:path';
import type { Instruction } from '../../../src/document.ts';
import { splitTag } from '../../../src/image.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { COMPILERS_BRING } from '../../../src/knowledge/libraries.ts';
import { INSTALLERS } from '../../../src/knowledge/python-tools.ts';
import { PYTHON_INSTALLERS } from '../../../src/knowledge/system-python.ts';
import type { Need } from '../../../src/stage/programs.ts';
import { type AroundInstall, aroundInstall } from '../around-install.ts';
import { installedByName, installRun, installsForBuilding, inWords } from '../packages.ts';
import { programNeeds, unnamedProgram } from '../programs.ts';
import { type SlimImage, slimImage } from '../slim-image.ts';
import {
  type Addition,
  isObstacle,
  type Obstacle,
  type Placement,
  type Plan,
  type Recipe,
  type View,
} from '../types.ts';
import { dependencyNames } from './dependencies.ts';
import { editableDoubts } from './editable.ts';
import { type Environment, environmentOf, isInstall } from './environment.ts';
import { libraryNeeds } from './needs.ts';
import { obstacleOf } from './obstacles.ts';
import { movedPaths } from './packages-folder.ts';
import { type SystemPython, systemPython } from './system-python.ts';

/** Files that only an install reads. */
const MANIFEST =
  /^(?:[\w.-]*requirements?[\w.-]*\.(?:txt|in|pip)|constraints?[\w.-]*\.txt|Pipfile(?:\.lock)?|(?:poetry|uv|pdm)\.lock)$/;

export const python: Recipe = {
  name: 'python',
  plan(view) {
    if (!view.steps.some(({ tasks }) => tasks.some(isInstall))) return undefined;
    const { image: reference, parent, fromWord } = view.stage;
    if (parent) return { code: 'starts-from-stage', why: `the stage starts from ${fromWord.value}` };
    if (reference && repositoryName(reference) !== 'python') {
      const system = systemPython(view);
      if (!system || isObstacle(system)) return system;
      return planOf(view, { text: fromWord.value, smaller: false }, system);
    }
    const version = splitTag(reference?.tag ?? '').version ?? '';
    if (/^(?:2|3\.[0-6])(?:\.|$)/.test(version))
      return {
        code: 'version-too-old',
        why: `python ${version} has no virtual environments, or no installer that takes today's packages`,
      };
    const image = slimImage(view.stage);
    if (isObstacle(image)) return image;
    if (!image.smaller && !installsForBuilding(view)) {
      return { code: 'already-minimal', why: `${fromWord.value} has no compiler, and none is installed` };
    }
    return planOf(view, image);
  },
};

function planOf(view: View, image: SlimImage, system?: SystemPython): Plan | Obstacle {
  const environment = environmentOf(view);
  if (isObstacle(environment)) return environment;
  const names = dependencyNames(view);
  const cut = aroundInstall(view, {
    isInstall,
    isManifest: (path) => isSpare(view, path),
    isTool: (it) => isUv(it) && view.runtime.uses('uv') === undefined && view.runtime.uses('uvx') === undefined,
    starts: names.fromGit ? ['git'] : [],
    keepsUser: !environment.isNew,
    ...(system && { spare: PYTHON_INSTALLERS }),
    needs: (runs) =>
      new Map([
        ...(system?.needs ?? []),
        ...(image.smaller
          ? [...libraryNeeds(view, names.names), ...programNeeds(view, runs)]
          : libraryNeeds(view, names.names).filter(isBroughtByCompiler(view, system))
        ).map((it) => [it.package, it.evidence] as const),
      ]),
  });
  if (!cut) return { code: 'unknown-effect', why: 'nothing is installed' };
  if (isObstacle(cut)) return cut;
  const obstacle = obstacleOf(view, names, cut.runs);
  if (obstacle) return obstacle;

  const lost = cut.packages.filter(({ kind }) => kind === 'build' || kind === 'library').map(({ name }) => name);
  const placements = new Map(cut.placements);
  for (const [instruction, edits] of [...environment.edits, ...(system && environment.isNew ? system.edits : [])]) {
    placements.set(instruction, { place: 'builder', ...placements.get(instruction), edits });
  }
  const moved = environment.isNew ? movedPaths(view, cut, environment.folder) : new Map<Instruction, Placement>();
  if (isObstacle(moved)) return moved;
  for (const [instruction, placement] of moved) placements.set(instruction, placement);
  const gone = [
    ...(image.smaller ? ['the compilers and header files of the full image'] : []),
    ...(system?.brings ? ['the compilers that python3-pip recommends'] : []),
    ...new Set(lost),
  ];
  return {
    title: `Split into a builder and a runtime stage on ${image.text}`,
    why: `The runtime stage takes over the virtual environment with the packages, and leaves behind what only their installation needs: ${inWords(gone)}.`,
    evidence: [view.fact(cut.first.instruction), ...cut.missing.values(), ...cut.added.values()],
    doubts: [
      // RUN pip install --upgrade pip
      ...(image.smaller && [...names.names.keys()].every((it) => INSTALLERS.has(it)) ? names.absent : []).map(
        (file) => `${file} is not in the build context, and what its packages need at run time is not known`,
      ),
      ...cut.doubts,
      ...editableDoubts(view),
      ...doubtsOf(view),
    ],
    image: image.text,
    placements,
    additions: additionsOf(view, cut, environment, system ? 'python3' : interpreterOf(view)),
    ...(environment.isNew && { changes: ['env'] }),
  };
}

/** `python3.7` where a command says it: until 3.9 an environment has no other name with a minor version than that of who made it. */
function interpreterOf({ runtime, steps }: View): string {
  const named = /^python3\.\d+$/;
  const programs = [
    ...runtime.programs.map(({ program }) => program),
    ...steps.flatMap(({ tasks }) => tasks.map(({ command }) => command.program ?? '')),
  ];
  return programs.find((it) => named.test(it)) ?? 'python';
}

/** Whether a library came with a compiler that stays behind now: nobody had to name it. */
function isBroughtByCompiler(view: View, system: SystemPython | undefined): (need: Need) => boolean {
  const { compilers, libraries } = COMPILERS_BRING;
  const has = system?.brings || [...installedByName(view)].some((name) => compilers.test(name));
  return ({ package: name }) => has === true && view.system.family !== 'alpine' && libraries.has(name);
}

/** `COPY --from=ghcr.io/astral-sh/uv /uv /uvx /bin/` */
function isUv({ flags, words }: Instruction): boolean {
  return (
    flags.some(({ name }) => name === 'from') && words.slice(0, -1).every(({ value }) => /(?:^|\/)uvx?$/.test(value))
  );
}

function doubtsOf(view: View): string[] {
  const { runtime } = view;
  const unread = runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  unread.push(...sourceElsewhere(view));
  const unnamed = unnamedProgram(view);
  if (unnamed) unread.push(`what ${unnamed.file}:${unnamed.line} starts is named at run time (${unnamed.says})`);
  return runtime.starts.some(({ by }) => by !== 'HEALTHCHECK')
    ? unread
    : ['no file says what starts in the container', ...unread];
}

/** The program comes out of another stage: nothing of what it starts was seen. */
function sourceElsewhere({ document, runtime, stage }: View): string[] {
  for (const path of runtime.files.walk(FILE_LIMIT)) if (path.endsWith('.py')) return [];
  const copies = stage.instructions.flatMap((it) => {
    const from = it.keyword === 'COPY' ? it.flags.find(({ name }) => name === 'from') : undefined;
    return from && document.stageNamed(from.value, stage) ? [{ line: it.line, name: from.value }] : [];
  });
  return copies.slice(0, 1).map(({ line, name }) => `what line ${line} takes over from ${name} was not read`);
}

/** A manifest that no source file names. */
function isSpare(view: View, path: string): boolean {
  const name = posix.basename(path);
  return MANIFEST.test(name) && view.runtime.find(new RegExp(name.replaceAll('.', '\\.'))) === undefined;
}

/** Files that are looked at for source. */
const FILE_LIMIT = 3000;
/** Managers that start a program in the environment that VIRTUAL_ENV names (measured with poetry 2.5). */
const RUNS_IN_ENVIRONMENT = /^(?:poetry|pipenv|pdm)$/;

/** The environment in both stages, and the packages that the runtime stage lacks. */
function additionsOf(
  view: View,
  cut: AroundInstall,
  { folder, isNew, edits }: Environment,
  interpreter: string,
): Addition[] {
  const { before, takeOver, after, missing, firstRun } = cut;
  const [run, env, copy] = ['RUN', 'ENV', 'COPY'].map(view.keyword);
  // uv does not look at PATH, `poetry run` makes an environment of its own where no variable names one, and `poetry install`
  // leaves the one that it runs in for the interpreter below it (poetry/utils/env/env_manager.py)
  const isNamed =
    edits.size > 0 ||
    view.runtime.programs.some(({ program }) => RUNS_IN_ENVIRONMENT.test(program)) ||
    view.steps.some(({ tasks }) =>
      tasks.some(({ effect, call }) => call?.manager === 'poetry' && effect === 'install'),
    );
  const path = `${env} ${isNamed ? `VIRTUAL_ENV=${folder} ` : ''}PATH="${folder}/bin:$PATH"`;
  const take = `${copy} --from=${view.builder} ${folder} ${folder}`;
  const additions: Addition[] = [];
  if (missing.size > 0) {
    // a RUN before may start one of the programs
    const at = firstRun !== undefined && firstRun.index < before.index ? firstRun : before;
    additions.push({ stage: 'runtime', before: at, text: installRun(view, [...missing.keys()]) });
  }
  if (isNew) {
    additions.push({ stage: 'runtime', before: takeOver, text: `${take}\n${path}` });
    additions.push({ stage: 'builder', before, text: `${run} ${interpreter} -m venv ${folder}\n${path}` });
  } else additions.push({ stage: 'runtime', before: after, text: take });
  return additions;
}
