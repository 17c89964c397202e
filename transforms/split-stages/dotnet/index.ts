/** .NET: the publish folder moves to the image of the runtime; the SDK and the source stay behind. */
import { BUILD_TOOL_PACKAGES } from '../../../src/knowledge/data-packages.ts';
import { CONTENT_ROOT } from '../../../src/knowledge/dotnet-builds.ts';
import { placeSteps } from '../artefact.ts';
import { changesOnly, givesAway, isFilled, madeFolders } from '../file-tasks.ts';
import { installRun, inWords, keptPackages } from '../packages.ts';
import { type Addition, isObstacle, type Obstacle, type Plan, type Recipe, type View } from '../types.ts';
import { codeObstacle, filesRead, listenDoubt, mainSources } from './files.ts';
import { cultureOf, hasSdk, type RuntimeImage, runtimeImage } from './image.ts';
import { rebase } from './rebase.ts';
import { publishOf, type Started, startedBy } from './starts.ts';

export const dotnet: Recipe = {
  name: 'dotnet',
  rebase,
  plan(view) {
    if (!hasSdk(view)) return undefined;
    const started = startedBy(view, (place) => publishOf(view, place));
    if (isObstacle(started)) return started;
    const image = runtimeImage(view, started);
    return isObstacle(image) ? image : planOf(view, started, image);
  },
};

function planOf(view: View, started: Started, image: RuntimeImage): Plan | Obstacle {
  const { stage, keyword, builder, steps } = view;
  const { publish, folder } = started;
  const workdir = stage.end.workdir ?? '/';
  const sources = mainSources(view);
  const obstacle = codeObstacle(view, sources);
  if (obstacle) return obstacle;
  const read = filesRead(view, sources, started.words, workdir === folder ? undefined : CONTENT_ROOT);
  const { files } = read;
  const all = [folder, ...started.scripts, ...files.map(({ path }) => path)];
  const places = [...new Set(all)].filter((path) => path === folder || !path.startsWith(`${folder}/`));
  const roots = [...new Set([publish.folder, ...sourceFolders(view)])].filter((it) => it !== '/');
  const isOurs = (path: string): boolean => [...roots, folder].some((it) => path === it || path.startsWith(`${it}/`));
  const last = steps.findLastIndex(({ instruction }) => instruction === publish.instruction);
  const late = new Set(steps.slice(last + 1).flatMap(({ tasks }) => tasks));
  const made = steps.flatMap(({ tasks }) => tasks.flatMap((task) => (isFilled(view, task) ? [] : madeFolders(task))));
  const placed = placeSteps(view, {
    isBuild: (task) =>
      (task.call?.manager === 'nuget' && task.call.action !== 'run') ||
      changesOnly(task, isOurs) ||
      isFilled(view, task),
    isBuilt: isOurs,
    isRepeated: (task) => givesAway(task, late.has(task) ? [workdir, ...places, ...made] : made),
    folders: ['/root/.nuget', ...roots],
  });
  if (isObstacle(placed)) return placed;
  const kept = keptPackages(view, (name) => BUILD_TOOL_PACKAGES.has(name) || name === 'curl');
  if (!kept) return { code: 'unknown-effect', why: 'the packages are not fixed names' };
  const isAlpine = view.system.family === 'alpine';
  const culture = cultureOf(view, started);
  const packages = [
    ...new Set([
      ...started.packages.filter((it) => !isAlpine || it !== 'wget'),
      ...kept,
      ...placed.data,
      ...culture.packages,
    ]),
  ].filter((it) => isAlpine || it !== 'bash');
  const copies = places.filter((path) => !placed.kept.has(path));
  const lines = copies.map((path) => `${keyword('COPY')} --from=${builder} ${path} ${path}`);
  const head = [...culture.env, ...(packages.length > 0 ? [installRun(view, packages)] : [])];
  const additions: Addition[] = head.map((text) => ({ stage: 'runtime', before: stage.instructions[0], text }));
  additions.push({ stage: 'runtime', before: stage.instructions[last + 1], text: lines.join('\n') });
  const listen = image.text.includes('aspnet') ? listenDoubt(view, sources, started.words, image) : undefined;
  const patch = image.isPatch
    ? ` The number of the SDK is not that of a runtime: ${image.text} is the newest of its version.`
    : '';
  const unread = view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  return {
    title: `Split into a builder and a runtime stage on ${image.text}`,
    why: `What is published needs the runtime alone, which the image of the SDK is built on. The runtime stage takes ${inWords(copies)}.${patch}`,
    evidence: [...started.evidence, ...image.evidence, ...files.map((it) => it.evidence)],
    doubts: [...(listen === undefined ? [] : [listen]), ...unread, ...read.doubts],
    image: image.text,
    placements: placed.placements,
    additions,
    changes: ['env', 'workdir'],
  };
}

/** Folders of the image into which the source is copied. */
const sourceFolders = ({ runtime }: View): string[] =>
  runtime.files.sources.filter(({ kind, target }) => kind === 'dir' && target !== '/').map(({ target }) => target);
