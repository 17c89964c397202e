/** A last stage that takes node_modules over from the stage that builds: the devDependencies are taken away there. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction, Stage } from '../../../src/document.ts';
import type { Effect } from '../../../src/knowledge/effects.ts';
import type { ImageFiles } from '../../../src/project/image-files.ts';
import { runtimeFacts } from '../../../src/project/runtime.ts';
import type { Obstacle, Trim, View } from '../types.ts';
import { isObstacle } from '../types.ts';
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
  const runtime = runtimeFacts(document, project, stage, filesOf(view, feeder));
  const texts = startTexts({ ...view, runtime });
  const packages = installs.flatMap(({ facts }) => facts ?? []);
  if (texts.length === 0 || isFrontEnd(view, texts, packages)) return undefined;
  const image = runtimeImage(feeder.stage);
  const last = feeder.stage.instructions.findLast(({ keyword: it }) => /^(?:RUN|COPY|ADD)$/.test(it));
  if (isObstacle(image) || !last) return undefined;
  const development = developmentImage({ ...view, runtime }, texts, []) ?? installsAtStart(texts);
  if (development) return development;
  const next = feeder.stage.instructions.find(({ index }) => index > last.index);
  const prune = pruning({ ...feeder, runtime }, installs, texts, next, image.major);
  if (prune.kind === 'none') return undefined;
  if (prune.kind === 'keep')
    return { code: 'already-minimal', why: `the devDependencies that it takes over stay: ${prune.why}` };
  const other = otherUser(view, feeder.stage);
  if (other)
    return {
      code: 'stage-is-shared',
      why: `line ${document.originLine(other.start)} uses the stage with the devDependencies as well`,
      at: other,
    };
  const name = feeder.stage.name ?? String(feeder.stage.index);
  const eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  return {
    title: 'Leave the devDependencies out of the packages that the last stage takes over',
    why: `The stage ${name} needs them for its build alone. They are taken away behind it, so that the last stage copies what runs.`,
    evidence: prune.evidence,
    doubts: runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`),
    edits: [{ start: last.end, end: last.end, text: `${eol}${keyword('RUN')} ${prune.command}` }],
  };
}

/** The files of the stage, and those of the stage that builds, which stand at the same places. */
function filesOf({ runtime: { files: own } }: View, { runtime: { files: built } }: View): ImageFiles {
  return {
    sources: [...built.sources, ...own.sources],
    toContext: (path) => own.toContext(path) ?? built.toContext(path),
    *walk(limit) {
      yield* own.walk(limit);
      yield* built.walk(limit);
    },
  };
}

/** `npm prune --omit=dev` behind the build, or `npm ci --omit=dev` once more. */
function isTrimmed({ steps }: View, installs: readonly Install[]): boolean {
  const last = installs.at(-1);
  const prunes = steps.some(({ tasks }) => tasks.some(({ command }) => command.args[0]?.literal === 'prune'));
  return prunes || (last !== undefined && isProduction(last));
}

/** The stage whose installed packages are copied to the same place. */
function packagesTaken(view: View): { readonly feeder: View; readonly installs: readonly Install[] } | undefined {
  const { stage, document } = view;
  for (const { keyword, words, flags, state } of stage.instructions) {
    const name = flags.find((it) => it.name === 'from')?.value;
    const other = keyword === 'COPY' && name !== undefined ? document.stageNamed(name, stage) : undefined;
    if (!other) continue;
    const feeder = view.of(other);
    const installs = installsOf(feeder);
    if (!installs || installs.length === 0) continue;
    const target = joinPath(state.workdir, document.expand(words.at(-1)?.value ?? '', state));
    const sources = words.slice(0, -1).map(({ value }) => joinPath('/', document.expand(value, state)));
    const isTaken = (path: string): boolean => target === path && sources.includes(path);
    if (installs.some(({ dir }) => isTaken(dir) || isTaken(posix.join(dir, 'node_modules'))))
      return { feeder, installs };
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
