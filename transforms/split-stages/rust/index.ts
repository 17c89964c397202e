/** Rust: the programs that cargo builds move to a slim image; the toolchain, the crates and the source stay behind. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import {
  BUILD_TOOL_PACKAGES,
  SMALL_IMAGE_PACKAGES,
  SMALL_IMAGE_PROGRAMS,
} from '../../../src/knowledge/data-packages.ts';
import { STATIC_IMAGES } from '../../../src/knowledge/go-modules.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { RUST_DEBIAN, RUST_WATCHERS } from '../../../src/knowledge/rust-crates.ts';
import { placeSteps } from '../artefact.ts';
import { changesOnly, foldersBefore, givesAway, isFilled, madeFolders } from '../file-tasks.ts';
import { installRun, inWords, keptPackages } from '../packages.ts';
import { releaseOf } from '../release.ts';
import { callsOf } from '../start-words.ts';
import { type Addition, isObstacle, type Obstacle, type Plan, type Recipe, type Task, type View } from '../types.ts';
import { type CargoBuild, cargoBuilds, comesFrom, outputAt } from './cargo.ts';
import { librariesOf } from './crates.ts';
import { filesRead } from './files.ts';
import { startsOthers } from './others.ts';
import { rebase } from './rebase.ts';
import { type CargoRun, cargoRun } from './run.ts';

export const rust: Recipe = {
  name: 'rust',
  rebase,
  plan(view) {
    const { image, parent, base } = view.stage;
    if (!image || parent || repositoryName(image) !== 'rust' || base?.family === 'windows') return undefined;
    const own = cargoBuilds(view);
    const run = cargoRun(view, own);
    const builds = run?.command === undefined ? own : [...own, run.build];
    if (builds.length === 0 && view.runtime.uses('cargo') === undefined) return undefined;
    const started = startedBy(view, builds, run);
    if (isObstacle(started)) return started;
    const runtime = runtimeImage(view, builds);
    return isObstacle(runtime) ? runtime : planOf(view, builds, started, runtime, run);
  },
};

interface Started {
  /** Where each program stands, and under which path it is started: another one only where PATH finds it. */
  readonly programs: ReadonlyMap<string, string>;
  readonly scripts: readonly string[];
  readonly packages: readonly string[];
  readonly evidence: readonly Evidence[];
}

function startedBy(view: View, builds: readonly CargoBuild[], run: CargoRun | undefined): Started | Obstacle {
  const programs = new Map<string, string>();
  const scripts = new Set<string>();
  const packages = new Set<string>();
  const evidence: Evidence[] = [];
  const hasPath = view.stage.instructions.some(({ pairs }) => pairs.some(({ name }) => name === 'PATH'));
  for (const call of callsOf(view)) {
    const [path = ''] = call.words;
    const program = posix.basename(path);
    const where = `${call.evidence.file}${call.evidence.line === undefined ? '' : `:${call.evidence.line}`}`;
    if (run?.start.isUse(program, call.evidence)) {
      evidence.push({ ...call.evidence, says: `starts ${call.words.join(' ')}, which builds the program each time` });
      programs.set(run.path, run.path);
      continue;
    }
    if (RUST_WATCHERS.has(program) || (program === 'cargo' && /^(?:watch|leptos)$/.test(call.words[1] ?? '')))
      return { code: 'development', why: `${where} starts ${call.words.join(' ')}` };
    if (/^(?:cargo|rustc|rustup)$/.test(program))
      return { code: 'builds-at-run-time', why: `${where} starts ${call.words.join(' ')}` };
    const place = path.includes('/')
      ? joinPath(call.cwd, path)
      : (found(view, builds, path) ?? view.runtime.locate(path));
    const isBuilt = place !== undefined && (outputAt(view, builds, place) || comesFrom(view, builds, place));
    if (place !== undefined && isBuilt) {
      const byName = !path.includes('/') && place.startsWith('/usr/local/cargo/') && !hasPath;
      if (!programs.has(place)) evidence.push(call.evidence);
      programs.set(place, byName ? '/usr/local/bin/' : place);
    } else if (place !== undefined && view.runtime.files.toContext(place) !== undefined) scripts.add(place);
    else if (SMALL_IMAGE_PACKAGES.has(program)) packages.add(program);
    else if (!SMALL_IMAGE_PROGRAMS.has(program))
      return { code: 'programs-unknown', why: `${where} starts ${path}, and where it comes from is not known` };
  }
  if (programs.size === 0)
    return { code: 'program-unknown', why: 'no start command names a program that the stage builds' };
  const other = startsOthers(view);
  if (other) return other;
  return { programs, scripts: [...scripts], packages: [...packages], evidence };
}

/** The program that PATH finds: installed by cargo, or copied to a folder of the system. */
function found(view: View, builds: readonly CargoBuild[], name: string): string | undefined {
  const folders = ['/usr/local/cargo/bin', '/usr/local/bin', '/usr/bin', '/bin'];
  return folders
    .map((folder) => `${folder}/${name}`)
    .find((path) => outputAt(view, builds, path) || comesFrom(view, builds, path));
}

interface RuntimeImage {
  readonly image: string;
  readonly family: 'alpine' | 'debian';
  readonly packages: readonly string[];
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
  /** What the reason says about the image besides. */
  readonly note: string;
  readonly builderImage?: string | undefined;
}

function runtimeImage(view: View, builds: readonly CargoBuild[]): RuntimeImage | Obstacle {
  const { system, stage } = view;
  const libraries = librariesOf(view, builds);
  if (isObstacle(libraries)) return libraries;
  const { evidence, doubts } = libraries;
  if (system.family === 'alpine') {
    if (libraries.packages.length > 0)
      return {
        code: 'links-to-c',
        why: `the program links to ${inWords(libraries.packages)}, whose name in Alpine is not known`,
      };
    const image = system.release === undefined ? STATIC_IMAGES.alpine.text : `alpine:${system.release}`;
    return { image, family: 'alpine', packages: [], doubts, evidence, note: '' };
  }
  const minor = Number(/^1\.(\d+)/.exec(stage.image?.tag ?? '')?.[1] ?? 'NaN');
  const release = releaseOf(view, RUST_DEBIAN.suite);
  const suite = release?.name ?? RUST_DEBIAN.suite;
  if (libraries.packages.length > 0 && (suite === 'bullseye' || suite === 'buster' || minor < 71))
    return { code: 'links-to-c', why: `the libraries of the Debian release under ${stage.fromWord.value} are others` };
  const moves = `${stage.fromWord.value} moves with the releases of Debian: today it is on ${suite}`;
  return {
    image: `debian:${suite}-slim`,
    family: 'debian',
    packages: [...libraries.packages, 'ca-certificates'],
    doubts: release ? doubts : [...doubts, moves],
    evidence: [...evidence, ...(release?.evidence ?? [])],
    builderImage: release?.builderImage,
    note: release?.note ?? '',
  };
}

function planOf(
  view: View,
  builds: readonly CargoBuild[],
  started: Started,
  runtime: RuntimeImage,
  run: CargoRun | undefined,
): Plan | Obstacle {
  const { stage, keyword, builder } = view;
  const workdir = stage.end.workdir ?? '/';
  const read = filesRead(view);
  if (read.whole && workdir === '/')
    return { code: 'unknown-effect', why: 'the program reads the root folder as a whole' };
  const files = read.whole
    ? [{ path: workdir, evidence: { file: view.document.path, says: `the program reads ${workdir}` } }]
    : read.files;
  const all = [...started.programs.keys(), ...started.scripts, ...files.map(({ path }) => path)];
  const isCovered = (path: string): boolean => files.some((it) => it.path !== path && path.startsWith(`${it.path}/`));
  const places = [...new Set(all)].filter((path) => !isCovered(path) || started.programs.get(path)?.endsWith('/'));
  const below = (path: string): boolean =>
    builds.some(({ folder }) => folder !== '/' && (path === folder || path.startsWith(`${folder}/`)));
  const isOurs = (path: string): boolean =>
    below(path) || places.some((it) => it === path || posix.dirname(it) === path);
  const lastBuilt = view.steps.findLastIndex(({ tasks }) =>
    tasks.some(
      (task) => builds.some((it) => it.task === task) || /^(?:cp|mv|ln|install)$/.test(task.command.program ?? ''),
    ),
  );
  // what builds is new, and stands at the end
  const last = run?.command === undefined ? lastBuilt : view.steps.length - 1;
  const behind = stage.instructions[last + 1];
  const late = new Set(view.steps.slice(last + 1).flatMap(({ tasks }) => tasks));
  const made = view.steps.flatMap(({ tasks }) =>
    tasks.flatMap((task) => (isFilled(view, task) ? [] : madeFolders(task))),
  );
  const placed = placeSteps(view, {
    isBuild: (task) => isCargo(task) || changesOnly(task, isOurs) || isFilled(view, task) || writesSource(task, builds),
    isBuilt: (path) => places.includes(path) || below(path),
    isRepeated: (task) =>
      givesAway(task, [...made, ...foldersBefore(view, task), ...(late.has(task) ? [workdir, ...places] : [])]),
    folders: ['/usr/local/cargo', ...builds.map(({ folder }) => folder)],
  });
  if (isObstacle(placed)) return placed;
  const kept = keptPackages(
    view,
    (name) =>
      BUILD_TOOL_PACKAGES.has(name) ||
      /^(?:lib)?clang|^llvm|^lld|-dev$|^mold$|^protobuf-compiler$|^musl-tools$/.test(name),
  );
  if (!kept) return { code: 'unknown-effect', why: 'the packages are not fixed names' };
  const packages = [...new Set([...runtime.packages, ...started.packages, ...placed.data, ...kept])];
  const copies = places.filter((path) => !placed.kept.has(path));
  const lines = copies.map(
    (path) => `${keyword('COPY')} --from=${builder} ${path} ${started.programs.get(path) ?? path}`,
  );
  const additions: Addition[] = [];
  if (packages.length > 0) {
    const system = { ...view.system, family: runtime.family };
    additions.push({
      stage: 'runtime',
      before: stage.instructions[0],
      text: installRun({ ...view, system }, packages),
    });
  }
  additions.push({ stage: 'runtime', before: behind, text: lines.join('\n') });
  if (run?.command !== undefined)
    additions.push({ stage: 'builder', before: undefined, text: `${keyword('RUN')} ${run.command}` });
  const placements = new Map(placed.placements);
  if (run) placements.set(run.start.instruction, run.placement);
  return {
    title: `Split into a builder and a runtime stage on ${runtime.image}`,
    why: `${run ? 'The program is built once, and no longer at every start. It' : 'The program'} needs neither the Rust toolchain nor its source. The runtime stage takes ${inWords(copies)}.${runtime.note}`,
    evidence: [...started.evidence, ...runtime.evidence, ...files.map((it) => it.evidence)],
    doubts: [
      ...new Set([
        ...runtime.doubts,
        ...read.doubts,
        ...view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`),
      ]),
    ],
    image: runtime.image,
    ...(runtime.builderImage !== undefined && { builderImage: runtime.builderImage }),
    placements,
    additions,
    changes: ['env', 'workdir', ...(run ? (['cmd', 'entrypoint'] as const) : [])],
  };
}

const isCargo = ({ call, command }: Task): boolean =>
  call?.manager === 'cargo' || /^(?:cargo|rustup|rustc|trunk|sqlx|diesel|wasm-pack)$/.test(command.program ?? '');

/** `echo "fn main() {}" > src/main.rs`: within the source. */
const writesSource = ({ command, cwd }: Task, builds: readonly CargoBuild[]): boolean =>
  /^(?:echo|printf)$/.test(command.program ?? '') && builds.some(({ folder }) => folder === cwd);
