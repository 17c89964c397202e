/** A stage on the image of the SDK that only runs what another stage published: the image of the runtime is enough. */
import type { Effect } from '../../../src/knowledge/effects.ts';
import { feedersOf, originOf } from '../feeders.ts';
import { tellsVersion } from '../file-tasks.ts';
import { installedByName, installRun } from '../packages.ts';
import { isObstacle, type Obstacle, type Rebase, type View } from '../types.ts';
import { codeObstacle, listenDoubt, mainSources } from './files.ts';
import { cultureOf, hasSdk, runtimeImage } from './image.ts';
import { publishesOf } from './project.ts';
import { type Published, publishOf, startedBy } from './starts.ts';

export function rebase(view: View): Rebase | Obstacle | undefined {
  const feeders = hasSdk(view) ? feedersOf(view) : [];
  if (feeders.length === 0 || publishesOf(view).length > 0) return undefined;
  const started = startedBy(view, (place) => publishedAt(view, place));
  if (isObstacle(started)) return started;
  const image = runtimeImage(view, started);
  if (isObstacle(image)) return image;
  const sources = mainSources(started.by);
  const obstacle = codeObstacle(started.by, sources) ?? runObstacle(view);
  if (obstacle) return obstacle;
  const isAlpine = view.system.family === 'alpine';
  const culture = cultureOf(view, started);
  const own = installedByName(view);
  const packages = [...new Set([...started.packages, ...culture.packages])].filter(
    (it) => !own.has(it) && it !== (isAlpine ? 'wget' : 'bash'),
  );
  const listen = image.text.includes('aspnet') ? listenDoubt(view, sources, started.words, image) : undefined;
  const patch = image.isPatch
    ? ` The number of the SDK is not that of a runtime: ${image.text} is the newest of its version.`
    : '';
  const unread = view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  return {
    why: `The stage publishes nothing, and what it starts needs the runtime alone, which the image of the SDK is built on.${patch}`,
    evidence: [...started.evidence, ...image.evidence],
    doubts: [...(listen === undefined ? [] : [listen]), ...unread],
    image: image.text,
    head: [...culture.env, ...(packages.length > 0 ? [installRun(view, packages)] : [])],
  };
}

/** The publish that makes a file, which may stand in a stage that the other one starts from. */
function publishedAt(view: View, place: string): Published | undefined {
  const origin = originOf(view, place);
  for (let stage = origin.view.stage; ; stage = stage.parent) {
    const found = publishOf(view.of(stage), origin.place);
    if (found || !stage.parent) return found;
  }
}

/** What finds everything in the image of the runtime that it found in that of the SDK. */
const AT_HOME: ReadonlySet<Effect> = new Set([
  ...(['none', 'shell', 'files', 'index', 'clean', 'packages', 'system', 'accounts'] as const),
]);

function runObstacle({ steps }: View): Obstacle | undefined {
  for (const { tasks, opaque, instruction } of steps) {
    if (opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${opaque}`, at: instruction };
    const task = tasks.find((it) => !AT_HOME.has(it.effect) || tellsVersion(it));
    const name = task?.command.program ?? task?.command.nameWord?.raw ?? '';
    if (task)
      return {
        code: 'unknown-effect',
        why: `whether ${name} works without the SDK is not known`,
        at: task.command,
      };
  }
  return undefined;
}
