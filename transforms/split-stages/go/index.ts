/** Go: the programs that the stage builds move to a small image; the toolchain and the source stay behind. */
import type { Evidence } from '../../../src/edit.ts';
import { CGO_MODULES, GO_BUILD_ENV, GO_TOOLS, STATIC_IMAGES } from '../../../src/knowledge/go-modules.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { type Placed, placeSteps } from '../artefact.ts';
import type { ReadFile } from '../named-files.ts';
import { installRun } from '../packages.ts';
import {
  type Addition,
  isObstacle,
  type Obstacle,
  type Placement,
  type Plan,
  type Recipe,
  type View,
} from '../types.ts';
import { filesRead } from './files.ts';
import { moduleFiles, type Output, outputsOf } from './output.ts';
import { type Started, startedPrograms } from './starts.ts';

export const go: Recipe = {
  name: 'go',
  plan(view) {
    const { image } = view.stage;
    if (!image || view.stage.parent || repositoryName(image) !== 'golang') return undefined;
    if (view.stage.base?.family === 'windows') return undefined;
    const outputs = outputsOf(view);
    const started = startedPrograms(view, outputs);
    if (isObstacle(started)) return started;
    const placed = placeSteps(view, {
      isBuild: ({ call, command }) => call?.manager === 'go' || GO_TOOLS.has(command.program ?? ''),
      isBuilt: (path) => outputs.some((it) => it.path === path),
      folders: ['/go', ...outputs.flatMap(({ task, dir }) => [task.cwd, dir])],
    });
    if (isObstacle(placed)) return placed;
    const runtime = runtimeImage(view, outputs, started, placed);
    if (isObstacle(runtime)) return runtime;
    return planOf(view, { outputs, started, placed, runtime });
  },
};

interface Parts {
  readonly outputs: readonly Output[];
  readonly started: Started;
  readonly placed: Placed;
  readonly runtime: RuntimeImage;
}

function planOf(view: View, { outputs, started, placed, runtime }: Parts): Plan {
  const { stage, keyword, builder } = view;
  const read = filesRead(view, moduleFiles(view, outputs));
  const folder = stage.end.workdir ?? '/go';
  const files: readonly ReadFile[] = read ?? [
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
  additions.push({ stage: 'runtime', before: undefined, text: lines.join('\n') });
  const doubts = view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  return {
    title: `Split into a builder and a runtime stage on ${runtime.image}`,
    why: `The program needs neither the Go toolchain nor its source${runtime.isStatic ? '; without cgo it is linked statically and runs on any image' : ''}. The runtime stage takes ${list(places)}.`,
    evidence: [...started.evidence, ...runtime.evidence, ...files.map((it) => it.evidence)],
    doubts,
    image: runtime.image,
    placements: withoutCgo(view, started.outputs, placed.placements, runtime.isStatic),
    additions,
    changes: ['env', 'workdir'],
  };
}

const list = (paths: readonly string[]): string =>
  paths.length < 2 ? paths.join('') : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;

/** `CGO_ENABLED=0 go build ..`: unless it is off already. ENV that only the go command reads stays in the builder. */
function withoutCgo(
  view: View,
  outputs: readonly Output[],
  placements: ReadonlyMap<Output['instruction'], Placement>,
  isStatic: boolean,
): ReadonlyMap<Output['instruction'], Placement> {
  const all = new Map(placements);
  for (const instruction of view.stage.instructions) {
    const { keyword, pairs } = instruction;
    if (keyword === 'ENV' && pairs.every(({ name }) => isForBuild(view, name)))
      all.set(instruction, { place: 'builder' });
  }
  if (!isStatic) return all;
  for (const { task, instruction } of outputs) {
    const set = task.command.assignments.find(({ name }) => name === 'CGO_ENABLED');
    if (set || instruction.state.env.get('CGO_ENABLED') === '0') continue;
    const at = task.command.start;
    const before = all.get(instruction);
    const edits = [...(before?.edits ?? []), { start: at, end: at, text: 'CGO_ENABLED=0 ' }];
    if (!before?.edits?.some(({ start }) => start === at)) all.set(instruction, { place: 'builder', ...before, edits });
  }
  return all;
}

function isForBuild({ runtime }: View, name: string): boolean {
  return GO_BUILD_ENV.test(name) && runtime.find(new RegExp(`["\`]${name}["\`]`)) === undefined;
}

interface RuntimeImage {
  readonly image: string;
  readonly family: 'alpine' | 'debian';
  readonly packages: readonly string[];
  readonly isStatic: boolean;
  readonly evidence: readonly Evidence[];
}

/** Without C code any image will do, with it the libraries of the builder must be there. */
function runtimeImage(
  view: View,
  outputs: readonly Output[],
  started: Started,
  placed: Placed,
): RuntimeImage | Obstacle {
  const { system, stage, runtime } = view;
  const c = needsC(view, outputs);
  if (isObstacle(c)) return c;
  const wantsZones =
    runtime.find(/\btime\.LoadLocation\(/) !== undefined || stage.end.env.has('TZ') || placed.data.includes('tzdata');
  const hasZones = runtime.find(/_\s+"time\/tzdata"/) !== undefined;
  const zones = wantsZones && !hasZones ? ['tzdata'] : [];
  const data = placed.data.filter((name) => name !== 'tzdata' && name !== 'ca-certificates');
  const packages = [...new Set([...zones, ...data, ...started.packages])];
  if (system.family === 'alpine' || (c.isStatic && !placed.needsDebian)) {
    if (!c.isStatic && system.release === undefined)
      return {
        code: 'base-unknown',
        why: `${stage.fromWord.value} does not tell the release of Alpine that its C library is from`,
      };
    const image =
      system.family === 'alpine' && system.release !== undefined
        ? `alpine:${system.release}`
        : STATIC_IMAGES.alpine.text;
    return { image, family: 'alpine', packages, isStatic: c.isStatic, evidence: c.evidence };
  }
  if (!c.isStatic && system.release === undefined)
    return {
      code: 'base-unknown',
      why: `${stage.fromWord.value} does not tell the release of Debian that its C library is from`,
    };
  const image = `debian:${system.release ?? STATIC_IMAGES.debian.suite}-slim`;
  return {
    image,
    family: 'debian',
    packages: [...packages, 'ca-certificates'],
    isStatic: c.isStatic,
    evidence: c.evidence,
  };
}

/** Whether the programs link to C code, and whether its libraries are known. */
function needsC(
  view: View,
  outputs: readonly Output[],
): Obstacle | { isStatic: boolean; evidence: readonly Evidence[] } {
  const { runtime, project, document } = view;
  for (const { task, instruction } of outputs) {
    const mode = task.command.value('-buildmode');
    if (mode !== undefined && mode !== 'exe' && mode !== 'pie')
      return { code: 'unknown-effect', why: `go build makes a ${mode}, no program`, at: task.command };
    const race = task.command.has('-race');
    if (race)
      return { code: 'unknown-effect', why: 'the race detector needs the C library of the builder', at: instruction };
  }
  const own = runtime.find(/^\s*import\s+"C"|^\s+"C"\s*$|go-systemd\/(?:v\d+\/)?sdjournal"/m);
  if (own) return { code: 'links-to-c', why: `${own.file}:${own.line} is a binding to C` };
  for (const { file, text } of moduleFiles(view, outputs)) {
    for (const { module, needs } of CGO_MODULES) {
      const line = text.split('\n').findIndex((it) => it.includes(module));
      if (line < 0) continue;
      const fact = { file: project.rootPath(file), line: line + 1, says: `${module} is a binding to C` };
      if (needs !== 'libc') return { code: 'links-to-c', why: `${fact.file}:${fact.line} ${fact.says}` };
      return { isStatic: false, evidence: [fact] };
    }
  }
  const on = outputs.find(
    ({ task, instruction }) =>
      task.command.assignments.some(({ name, value }) => name === 'CGO_ENABLED' && value !== '0') ||
      (instruction.state.env.has('CGO_ENABLED') && instruction.state.env.get('CGO_ENABLED') !== '0'),
  );
  if (on) {
    const line = document.originLine(on.instruction.start);
    return { isStatic: false, evidence: [{ file: document.path, line, says: 'CGO_ENABLED is on' }] };
  }
  return { isStatic: true, evidence: [] };
}
