/** Java: what the stage builds moves to a JRE; the JDK, the build tool and its repository stay behind. */
import { posix } from 'node:path';
import type { Instruction } from '../../../src/document.ts';
import type { Evidence } from '../../../src/edit.ts';
import { BUILD_TOOL_PACKAGES } from '../../../src/knowledge/data-packages.ts';
import { IN_JRE_IMAGE } from '../../../src/knowledge/java-builds.ts';
import { type Placed, placeSteps } from '../artefact.ts';
import { changesOnly, givesAway, isDownload, isFilled, madeFolders } from '../file-tasks.ts';
import type { ReadFile } from '../named-files.ts';
import { installRun, inWords, keptPackages } from '../packages.ts';
import { type Addition, isObstacle, type Obstacle, type Plan, type Recipe, type Task, type View } from '../types.ts';
import { type Build, buildFiles, buildsOf, isOutput, type Taken, takenFor } from './built.ts';
import { codeObstacle, filesRead, mainSources } from './files.ts';
import { hasJdk, imageObstacle, type JreImage, jreImage, systemName, vendorDoubts } from './image.ts';
import { rebase } from './rebase.ts';
import { type Started, startedBy } from './starts.ts';
import { tomcat } from './tomcat.ts';

export const java: Recipe = {
  name: 'java',
  rebase: (view) => tomcat(view) ?? rebase(view),
  plan(view) {
    if (view.stage.parent || !hasJdk(view) || view.stage.base?.family === 'windows') return undefined;
    const builds = buildsOf(view);
    if (builds.length === 0) return undefined;
    const image = jreImage(view);
    if (isObstacle(image)) return image;
    const started = startedBy(view, image.family);
    if (isObstacle(started)) return started;
    const sources = mainSources(view);
    const obstacle = codeObstacle(view, sources) ?? imageObstacle(view, image);
    if (obstacle) return obstacle;
    const taken: Taken[] = [];
    for (const need of started.needs) {
      const one = takenFor(view, builds, need);
      if (isObstacle(one)) return one;
      taken.push(one);
    }
    if (!started.needs.some(({ kind }) => kind !== 'agent'))
      return { code: 'program-unknown', why: 'no start command names a jar or classes that the stage builds' };
    const texts = builds.flatMap((build) => taken.flatMap(({ path }) => buildFiles(view, build, `${path}/x`)));
    const read = filesRead(view, sources, texts, started);
    return planOf(view, { builds, image, started, taken, read });
  },
};

interface Parts {
  readonly builds: readonly Build[];
  readonly image: JreImage;
  readonly started: Started;
  readonly taken: readonly Taken[];
  readonly read: ReturnType<typeof filesRead>;
}

function planOf(view: View, parts: Parts): Plan | Obstacle {
  const { builds, image, started, taken, read } = parts;
  const { stage, keyword, builder } = view;
  const workdir = stage.end.workdir ?? '/';
  if (!read && workdir === '/') return { code: 'unknown-effect', why: 'the program reads the root folder as a whole' };
  const files: readonly ReadFile[] = read?.files ?? [
    { path: workdir, evidence: { file: view.document.path, says: `the program reads ${workdir}` } },
  ];
  const all = [...taken.map(({ path }) => path), ...started.scripts, ...files.map(({ path }) => path)];
  // a program that starts in a folder of the build may read all of it
  if (builds.some((it) => isOutput(it, workdir))) all.unshift(workdir);
  const covered = (path: string): boolean => all.some((it) => it !== path && path.startsWith(`${it}/`));
  const places = [...new Set(all)].filter((path) => !covered(path));
  const behind = afterBuild(view, builds, taken);
  const late = new Set(
    view.steps.filter(({ instruction }) => behind && instruction.index >= behind.index).flatMap(({ tasks }) => tasks),
  );
  const made = view.steps.flatMap(({ tasks }) =>
    tasks.flatMap((task) => (isFilled(view, task) ? [] : madeFolders(task))),
  );
  const placed = placeSteps(view, {
    isBuild: (task) => isBuild(task, builds, started, places) || isFilled(view, task),
    isRepeated: (task) => givesAway(task, late.has(task) ? [workdir, ...places, ...made] : made),
    isBuilt: (path) => places.some((it) => path === it || path.startsWith(`${it}/`)) || isInSource(builds, path),
    folders: [...TOOL_FOLDERS, ...builds.map(({ folder }) => folder)],
  });
  if (isObstacle(placed)) return placed;
  const packages = packagesOf(view, parts, placed);
  if (isObstacle(packages)) return packages;
  const copies = places.filter((path) => !placed.kept.has(path));
  const lines = copies.map((path) => `${keyword('COPY')} --from=${builder} ${path} ${targetOf(path)}`);
  // the folder of the base image is in force where the file sets none
  if (!stage.instructions.some((it) => it.keyword === 'WORKDIR') && workdir !== '/')
    lines.unshift(`${keyword('WORKDIR')} ${workdir}`);
  const additions: Addition[] = [];
  if (packages.length > 0) {
    const system = { ...view.system, family: image.family === 'alpine' ? image.family : ('ubuntu' as const) };
    additions.push({
      stage: 'runtime',
      before: stage.instructions[0],
      text: installRun({ ...view, system }, packages),
    });
  }
  additions.push({ stage: 'runtime', before: behind, text: lines.join('\n') });
  const other = image.same ? '' : `, which is on ${systemName(image)} and has Java in another folder`;
  const unread = view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  return {
    title: `Split into a builder and a runtime stage on ${image.text}`,
    why: `What is started needs neither a compiler nor the build tool, its downloads and the source. The runtime stage is on ${image.text}${other}, and takes ${inWords(copies)}.`,
    evidence: distinct([...taken.flatMap((it) => it.evidence), ...files.map((it) => it.evidence)]),
    doubts: [
      ...new Set([...taken.flatMap((it) => it.doubts), ...(read?.doubts ?? []), ...vendorDoubts(image), ...unread]),
    ],
    image: image.text,
    placements: placed.placements,
    additions,
    changes: ['env', 'workdir'],
  };
}

/** Where build tools keep what belongs to them. */
const TOOL_FOLDERS = [
  '/root/.m2',
  '/root/.gradle',
  '/home/gradle/.gradle',
  '/usr/share/maven',
  '/root/.sbt',
  '/root/.ivy2',
];

/** A pattern is copied into its folder. */
const targetOf = (path: string): string => (path.includes('*') ? `${posix.dirname(path)}/` : path);

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map(evidence.map((it) => [`${it.file}:${it.line}:${it.says}`, it]));
  return [...seen.values()];
}

const isInSource = (builds: readonly Build[], path: string): boolean =>
  builds.some(({ folder }) => folder !== '/' && (path === folder || path.startsWith(`${folder}/`)));

/** A command that builds or fetches, or changes files of the source and of what is taken. */
function isBuild(task: Task, builds: readonly Build[], started: Started, places: readonly string[]): boolean {
  const { call, command, cwd, effect } = task;
  if (builds.some((it) => it.task === task)) return true;
  if (call?.manager === 'maven' || call?.manager === 'gradle' || command.program === 'sbt') return true;
  const isHere = cwd !== undefined && isInSource(builds, cwd);
  // npm run build of a front end
  if (isHere && call && (effect === 'install' || effect === 'build' || effect === 'app') && !call.global) return true;
  if (effect === 'fetch') return started.needs.some(({ path }) => isDownload(task, path));
  const isOurs = (path: string): boolean =>
    isInSource(builds, path) || places.some((it) => it === path || posix.dirname(it) === path);
  return isHere && changesOnly(task, isOurs);
}

/** The instruction behind the last one that builds, or makes what is started. */
function afterBuild(
  { stage, steps }: View,
  builds: readonly Build[],
  taken: readonly Taken[],
): Instruction | undefined {
  const makes = (task: Task): boolean =>
    builds.some((it) => it.task === task) ||
    (/^(?:cp|mv|ln|install|tar|unzip|curl|wget)$/.test(task.command.program ?? '') && taken.length > 0);
  const last = steps.findLastIndex(({ tasks }) => tasks.some(makes));
  return stage.instructions[last + 1];
}

/** Packages that the runtime stage installs: what is started, data, and libraries that the file asked for. */
function packagesOf(view: View, { image, started }: Parts, { data }: Placed): readonly string[] | Obstacle {
  const there: ReadonlySet<string> = IN_JRE_IMAGE[image.family];
  const isTool = (name: string): boolean => BUILD_TOOL_PACKAGES.has(name) || /^openjdk-\d+-jdk|^openjdk\d+/.test(name);
  const kept = keptPackages(view, isTool);
  if (!kept) return { code: 'unknown-effect', why: 'the packages are not fixed names' };
  const packages = [...new Set([...started.packages, ...data, ...kept])].filter((name) => !there.has(name));
  if (packages.length > 0 && (!image.same || image.family === 'amazon'))
    return {
      code: 'base-unknown',
      why: `${inWords(packages)} would be installed in ${image.text}, which is ${image.same ? 'no Debian' : 'another distribution'}`,
    };
  return packages;
}
