/** Go: the programs that the stage builds move to a small image; the toolchain and the source stay behind. */
import { posix } from 'node:path';
import type { Instruction } from '../../../src/document.ts';
import type { Evidence } from '../../../src/edit.ts';
import { GO_TOOLS } from '../../../src/knowledge/go-modules.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { type Placed, placeSteps } from '../artefact.ts';
import { foldersBefore, givesAway, madeFolders } from '../file-tasks.ts';
import type { ReadFile } from '../named-files.ts';
import { installRun } from '../packages.ts';
import { type Addition, isObstacle, type Plan, type Recipe, type Task, type View } from '../types.ts';
import { withoutCgo } from './cgo.ts';
import { filesRead } from './files.ts';
import { type RuntimeImage, runtimeImage } from './image.ts';
import { moduleFiles, type Output, outputsOf } from './output.ts';
import { rebase } from './rebase.ts';
import { type GoRun, goRun } from './run.ts';
import { type Started, startedPrograms } from './starts.ts';

export const go: Recipe = {
  name: 'go',
  rebase,
  plan(view) {
    const { image } = view.stage;
    if (!image || view.stage.parent || repositoryName(image) !== 'golang') return undefined;
    if (view.stage.base?.family === 'windows') return undefined;
    const run = goRun(view);
    const outputs = [...outputsOf(view), ...(run?.build === undefined ? [] : [run.output])];
    const started = startedPrograms(view, outputs, view, run);
    if (isObstacle(started)) return started;
    const placed = placeSteps(view, {
      isBuild: (task) =>
        task.call?.manager === 'go' || GO_TOOLS.has(task.command.program ?? '') || makesPlace(view, task, outputs),
      isBuilt: (path) => outputs.some((it) => it.path === path),
      isRepeated: (task) => givesAway(task, [...foldersBefore(view, task), ...builtBefore(view, task, outputs)]),
      folders: ['/go', ...outputs.flatMap(({ task, dir }) => [task.cwd, dir])],
    });
    if (isObstacle(placed)) return placed;
    const runtime = runtimeImage(view, outputs, started, placed);
    if (isObstacle(runtime)) return runtime;
    return planOf(view, { outputs, started, placed, runtime, run });
  },
};

/** `mkdir -p bin` for a program that is built into it: the copy makes the folder. */
function makesPlace({ stage }: View, task: Task, outputs: readonly Output[]): boolean {
  const folders = madeFolders(task);
  const isWorkdir = (folder: string): boolean => stage.instructions.some(({ state }) => state.workdir === folder);
  return (
    folders.length > 0 &&
    folders.every((folder) => !isWorkdir(folder) && outputs.some(({ path }) => path.startsWith(`${folder}/`)))
  );
}

/** The programs that stand when a command comes. */
function builtBefore({ steps }: View, task: Task, outputs: readonly Output[]): readonly string[] {
  const before = steps.slice(0, steps.findIndex(({ tasks }) => tasks.includes(task)) + 1);
  return outputs.filter((it) => before.some(({ tasks }) => tasks.includes(it.task))).map(({ path }) => path);
}

/** The instruction behind the last build, where one behind it acts upon what was built. */
function behindBuild({ steps }: View, outputs: readonly Output[], { placements }: Placed): Instruction | undefined {
  const last = steps.findLastIndex(({ tasks }) => tasks.some((task) => outputs.some((it) => it.task === task)));
  const late = steps.slice(last + 1).some(({ instruction: it }) => it.keyword === 'RUN' && placements.has(it));
  return last >= 0 && late ? steps[last + 1]?.instruction : undefined;
}

/** Where the Makefiles stand that say how the started programs are built. */
const madeBy = ({ project }: View, { outputs }: Started): readonly Evidence[] =>
  outputs.flatMap(({ task: { makefile }, path }) =>
    makefile === undefined ? [] : [{ file: project.rootPath(makefile), says: `builds ${path}` }],
  );

interface Parts {
  readonly outputs: readonly Output[];
  readonly started: Started;
  readonly placed: Placed;
  readonly runtime: RuntimeImage;
  readonly run: GoRun | undefined;
}

function planOf(view: View, { outputs, started, placed, runtime, run }: Parts): Plan {
  const { stage, keyword, builder } = view;
  const read = filesRead(view, moduleFiles(view, outputs));
  const folder = stage.end.workdir ?? '/go';
  const files: readonly ReadFile[] = read?.files ?? [
    { path: folder, evidence: { file: view.document.path, says: `the program reads ${folder}` } },
  ];
  const covered = (path: string) => files.some((it) => path === it.path || path.startsWith(`${it.path}/`));
  // /go/bin is on the PATH of the golang image alone
  const setsPath = stage.instructions.some((it) => it.pairs.some(({ name }) => name === 'PATH'));
  const onPath = new Set(setsPath ? [] : [...started.byName].map(({ path }) => path));
  const copies = [...started.outputs.map(({ path }) => path), ...started.scripts].filter(
    (path) => onPath.has(path) || !covered(path),
  );
  const places = [...new Set([...copies, ...files.map(({ path }) => path)])].filter((path) => !placed.kept.has(path));
  const lines = places.map(
    (path) => `${keyword('COPY')} --from=${builder} ${path} ${onPath.has(path) ? '/usr/local/bin/' : path}`,
  );
  const additions: Addition[] = [];
  // the folder of the base image is in force where the file sets none
  if (!stage.instructions.some((it) => it.keyword === 'WORKDIR')) lines.unshift(`${keyword('WORKDIR')} /go`);
  if (runtime.packages.length > 0) {
    const install = installRun({ ...view, system: { ...view.system, family: runtime.family } }, runtime.packages);
    additions.push({ stage: 'runtime', before: stage.instructions[0], text: install });
  }
  additions.push({ stage: 'runtime', before: behindBuild(view, outputs, placed), text: lines.join('\n') });
  const placements = new Map(withoutCgo(view, started.outputs, placed.placements, runtime.isStatic));
  if (run) {
    placements.set(run.start.instruction, run.placement);
    const off = runtime.isStatic && stage.end.env.get('CGO_ENABLED') !== '0' ? 'CGO_ENABLED=0 ' : '';
    if (run.build !== undefined)
      additions.push({ stage: 'builder', before: undefined, text: `${keyword('RUN')} ${off}${run.build}` });
  }
  const unread = view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  return {
    title: `Split into a builder and a runtime stage on ${runtime.image}`,
    why: `${run ? 'The program is built once, and no longer at every start. It' : 'The program'} needs neither the Go toolchain nor its source${runtime.isStatic ? '; without cgo it is linked statically and runs on any image' : ''}. The runtime stage takes ${list(places)}.${runtime.note}`,
    evidence: [...started.evidence, ...madeBy(view, started), ...runtime.evidence, ...files.map((it) => it.evidence)],
    doubts: [...unread, ...absentSources(view, started), ...(read?.doubts ?? []), ...runtime.doubts],
    image: runtime.image,
    ...(runtime.builderImage !== undefined && { builderImage: runtime.builderImage }),
    placements,
    additions,
    changes: ['env', 'workdir', ...(run ? (['cmd', 'entrypoint'] as const) : [])],
  };
}

/** Programs whose package does not stand where the build looks for it: what they read is not known. */
const absentSources = ({ runtime }: View, { outputs }: Started): readonly string[] =>
  outputs.flatMap(({ dir, path }) =>
    dir === undefined ||
    runtime.files.toContext(dir) !== undefined ||
    runtime.files.sources.some(({ source, target }) => source.endsWith('.go') && posix.dirname(target) === dir)
      ? []
      : [`which files ${path} reads: its source, ${dir}, is not among the files at hand`],
  );

const list = (paths: readonly string[]): string =>
  paths.length < 2 ? paths.join('') : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
