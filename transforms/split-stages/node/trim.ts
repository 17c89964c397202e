/** A last stage that takes node_modules over from the stage that builds: the devDependencies are taken away there. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Flag, Instruction, Stage } from '../../../src/document.ts';
import type { Effect } from '../../../src/knowledge/effects.ts';
import type { ImageFiles } from '../../../src/project/image-files.ts';
import { runtimeWith } from '../../../src/project/runtime.ts';
import { feedersOf } from '../feeders.ts';
import { isObstacle, type Obstacle, type Trim, type View } from '../types.ts';
import { runtimeImage } from './image.ts';
import { type Install, installsOf } from './project.ts';
import { isProduction, pruning } from './prune.ts';
import { developmentImage, installsAtStart, isFrontEnd, startTexts } from './starts.ts';

/** Commands that install, or start something of the packages. */
const USES: ReadonlySet<Effect> = new Set(['install', 'build', 'tool', 'test', 'app', 'unknown'] as const);

export function trim(view: View): Trim | Obstacle | undefined {
  const { stage, document, project, keyword } = view;
  // npx prisma generate in the last stage may need what would be taken away
  if (stage.parent || view.steps.some(({ tasks }) => tasks.some(({ effect }) => USES.has(effect)))) return undefined;
  const found = packagesTaken(view);
  if (!found) return undefined;
  const { feeder, installs } = found;
  if (isTrimmed(feeder, installs)) return undefined;
  const runtime = runtimeWith(document, project, stage, filesOf([view, ...feedersOf(view)]));
  const texts = startTexts({ ...view, runtime });
  const packages = installs.flatMap(({ facts }) => facts ?? []);
  if (texts.length === 0 || isFrontEnd(view, texts, packages)) return undefined;
  const development = developmentImage({ ...view, runtime }, texts, []) ?? installsAtStart(view, texts);
  if (development) return development;
  const other = otherUser(view, feeder.stage);
  // deps of `FROM deps AS build`: the packages are taken from behind the build
  const behind = other === undefined ? feeder : buildsWith(view, found, other);
  const image = runtimeImage(feeder.stage);
  const last = (behind ?? feeder).stage.instructions.findLast(({ keyword: it }) => /^(?:RUN|COPY|ADD)$/.test(it));
  if (isObstacle(image) || !last) return undefined;
  const next = last.stage?.instructions.find(({ index }) => index > last.index);
  const prune = pruning({ ...(behind ?? feeder), runtime }, installs, texts, image.major)(next);
  if (prune.kind === 'none') return undefined;
  if (prune.kind === 'keep')
    return { code: 'already-minimal', why: `the devDependencies that it takes over stay: ${prune.why}` };
  if (other && !behind)
    return {
      code: 'stage-is-shared',
      why: `line ${document.originLine(other.start)} uses the stage with the devDependencies as well`,
      at: other,
    };
  const name = last.stage?.name ?? String(last.stage?.index);
  const eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  const { from } = found;
  return {
    title: 'Leave the devDependencies out of the packages that the last stage takes over',
    why: `The stage ${name} needs them for its build alone. They are taken away behind it, so that the last stage copies what runs.`,
    evidence: prune.evidence,
    doubts: runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`),
    edits: [
      { start: last.end, end: last.end, text: `${eol}${keyword('RUN')} ${prune.command}` },
      ...(other ? [{ start: from.end - from.value.length, end: from.end, text: name }] : []),
    ],
  };
}

/** The one stage that builds with the packages of another one, if the last stage takes what it built. */
function buildsWith(view: View, { feeder, modules }: Taken, { stage }: Instruction): View | undefined {
  if (!stage || !modules || !takesFrom(view, view.stage, stage) || otherUser(view, stage)) return undefined;
  const users = view.document.stages.filter((it) => it.parent === feeder.stage || takesFrom(view, it, feeder.stage));
  if (users.some((it) => it !== stage && it !== view.stage)) return undefined;
  const holds = stage.parent === feeder.stage || packagesIn(view.of(stage), feeder.stage)?.target === modules;
  return holds && view.of(stage).runtime.files.toContext(posix.join(posix.dirname(modules), 'package.json'))
    ? view.of(stage)
    : undefined;
}

const takesFrom = ({ document }: View, stage: Stage, from: Stage): boolean =>
  stage.instructions.some(({ flags }) =>
    flags.some(({ name, value }) => name === 'from' && document.stageNamed(value, stage) === from),
  );

/** The files of the stage over those of the stages that it takes from, which stand at the same places. */
function filesOf(views: readonly View[]): ImageFiles {
  const all = views.map(({ runtime }) => runtime.files);
  return {
    sources: all.flatMap(({ sources }) => sources).reverse(),
    toContext: (path) => {
      for (const files of all) {
        const found = files.toContext(path);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    *walk(limit) {
      for (const files of all) yield* files.walk(limit);
    },
  };
}

/** `npm prune --omit=dev` behind the build, or `npm ci --omit=dev` once more. */
function isTrimmed({ steps }: View, installs: readonly Install[]): boolean {
  const last = installs.at(-1);
  const prunes = steps.some(({ tasks }) => tasks.some(({ command }) => command.args[0]?.literal === 'prune'));
  return prunes || (last !== undefined && isProduction(last));
}

interface Taken {
  readonly feeder: View;
  readonly installs: readonly Install[];
  /** The flag of the COPY. */
  readonly from: Flag;
  /** Its target, where it brings node_modules alone. */
  readonly modules: string | undefined;
}

/** The stage whose installed packages are copied to the same place. */
function packagesTaken(view: View): Taken | undefined {
  for (const stage of new Set(feedersOf(view).map((it) => it.stage))) {
    const feeder = view.of(stage);
    const installs = installsOf(feeder) ?? [];
    const taken = installs.length === 0 ? undefined : packagesIn(view, stage);
    const isOurs = (dir: string): boolean => taken?.target === dir || taken?.target === posix.join(dir, 'node_modules');
    if (taken && installs.some(({ dir }) => isOurs(dir))) {
      const modules = taken.target.endsWith('/node_modules') ? taken.target : undefined;
      return { feeder, installs, from: taken.from, modules };
    }
  }
  return undefined;
}

/** A COPY from a stage of one folder to the same place. */
function packagesIn({ stage, document }: View, feeder: Stage): { target: string; from: Flag } | undefined {
  for (const { keyword, words, flags, state } of stage.instructions) {
    const from = flags.find((it) => it.name === 'from');
    if (keyword !== 'COPY' || !from || document.stageNamed(from.value, stage) !== feeder) continue;
    const target = joinPath(state.workdir, document.expand(words.at(-1)?.value ?? '', state));
    const sources = words.slice(0, -1).map(({ value }) => joinPath('/', document.expand(value, state)));
    if (target !== undefined && sources.includes(target)) return { target, from };
  }
  return undefined;
}

/** An instruction besides those of the stage that copies from, or starts from, the stage that is trimmed. */
function otherUser({ document, stage, project }: View, feeder: Stage): Instruction | undefined {
  if (project.contexts.some(({ target }) => target !== undefined && document.stageNamed(target) === feeder))
    return feeder.from;
  const child = document.stages.find((it) => it.parent === feeder);
  return (
    child?.from ??
    document.instructions.find(
      (it) =>
        it.stage !== undefined &&
        it.stage !== stage &&
        it.flags.some(({ name, value }) => name === 'from' && document.stageNamed(value, it.stage) === feeder),
    )
  );
}
