/** .NET: the publish folder moves to the image of the runtime; the SDK and the source stay behind. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { splitImageRef } from '../../../src/image.ts';
import { BUILD_TOOL_PACKAGES, SMALL_IMAGE_PROGRAMS } from '../../../src/knowledge/data-packages.ts';
import { ALPINE_DATA, CONTENT_ROOT, SDK_TAG } from '../../../src/knowledge/dotnet-builds.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { placeSteps } from '../artefact.ts';
import { changesOnly, givesAway, isFilled, madeFolders } from '../file-tasks.ts';
import { installRun, inWords, keptPackages } from '../packages.ts';
import { callsOf } from '../start-words.ts';
import { type Addition, isObstacle, type Obstacle, type Plan, type Recipe, type View } from '../types.ts';
import { codeObstacle, filesRead, listenDoubt, mainSources } from './files.ts';
import { frameworkOf, isInvariant, libraryName, ownRuntime, type Publish, publishesOf } from './project.ts';

export const dotnet: Recipe = {
  name: 'dotnet',
  plan(view) {
    const { image, parent, base } = view.stage;
    if (!image || parent || base?.family === 'windows') return undefined;
    if (!/^mcr\.microsoft\.com\/dotnet\/(?:core\/|nightly\/)?sdk$/.test(repositoryName(image))) return undefined;
    const started = startedBy(view, publishesOf(view));
    if (isObstacle(started)) return started;
    const written = view.stage.fromWord.value;
    const parts = splitImageRef(written);
    const tag = parts.tag ? written.slice(...parts.tag) : '';
    const groups = SDK_TAG.exec(tag)?.groups;
    if (!groups || image.digest !== undefined)
      return { code: 'base-unknown', why: `which image of the runtime belongs to ${written} is not known` };
    const { version = '', suite = '' } = groups;
    const own = ownRuntime(view, started.publish, Number(version.split('.')[0]));
    if (own) return own;
    const framework = frameworkOf(view, started.publish);
    const place = written.slice(0, (parts.tag as readonly [number, number])[0] - 1).replace(/sdk$/, framework.name);
    return planOf(view, started, {
      text: `${place}:${version}${suite}`,
      version,
      isPatch: /^\d+\.\d+\.\d/.test(tag),
      evidence: framework.evidence,
    });
  },
};

interface Started {
  readonly publish: Publish;
  /** The folder that is copied. */
  readonly folder: string;
  readonly scripts: readonly string[];
  readonly packages: readonly string[];
  readonly words: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** The library or program that is started, from a publish folder. */
function startedBy(view: View, publishes: readonly Publish[]): Started | Obstacle {
  const scripts = new Set<string>();
  const packages = new Set<string>();
  const words: string[] = [];
  const evidence: Evidence[] = [];
  let main: { publish: Publish; folder: string } | undefined;
  for (const call of callsOf(view)) {
    const [path = '', ...args] = call.words;
    const program = posix.basename(path);
    const where = `${call.evidence.file}${call.evidence.line === undefined ? '' : `:${call.evidence.line}`}`;
    words.push(...args);
    const library = program === 'dotnet' ? args.find((it) => /\.dll$/.test(it)) : undefined;
    const verb = program === 'dotnet' ? args.find((it) => !it.startsWith('-')) : undefined;
    if (library === undefined && (verb === 'run' || verb === 'watch'))
      return { code: 'development', why: `${where} starts dotnet ${args.join(' ')}` };
    if (program === 'dotnet' && library === undefined)
      return { code: 'builds-at-run-time', why: `${where} starts dotnet ${args.join(' ')}` };
    const named = library ?? path;
    const place = named.includes('/') || library !== undefined ? joinPath(call.cwd, named) : view.runtime.locate(named);
    const publish = place === undefined ? undefined : publishes.find((it) => isOutput(view, it, place));
    if (publish && place !== undefined) {
      main = { publish, folder: posix.dirname(place) };
      evidence.push(call.evidence);
    } else if (library !== undefined)
      return { code: 'program-unknown', why: `${where} starts ${library}, and no dotnet publish makes it` };
    else if (place !== undefined && view.runtime.files.toContext(place) !== undefined) scripts.add(place);
    else if (program === 'curl' || program === 'wget' || program === 'bash') packages.add(program);
    else if (!SMALL_IMAGE_PROGRAMS.has(program))
      return { code: 'programs-unknown', why: `${where} starts ${path}, and where it comes from is not known` };
  }
  if (!main) return { code: 'program-unknown', why: 'no start command names a program that is published' };
  return { ...main, scripts: [...scripts], packages: [...packages], words, evidence };
}

/** `out/Shop.dll` of `-o out`; below `bin/Release/net8.0/publish` without -o. */
function isOutput(view: View, publish: Publish, path: string): boolean {
  const name = libraryName(view, publish);
  const isNamed = name === undefined || posix.basename(path).replace(/\.dll$/, '') === name;
  const folder = posix.dirname(path);
  if (publish.output !== undefined) return isNamed && folder === publish.output;
  return (
    isNamed && folder.startsWith(`${publish.folder}/`) && /\/bin\/\w+\/[\w.-]+\/(?:[\w-]+\/)?publish$/.test(folder)
  );
}

function planOf(
  view: View,
  started: Started,
  image: {
    readonly text: string;
    readonly version: string;
    readonly isPatch: boolean;
    readonly evidence: readonly Evidence[];
  },
): Plan | Obstacle {
  const { stage, keyword, builder, steps } = view;
  const { publish, folder } = started;
  const workdir = stage.end.workdir ?? '/';
  const sources = mainSources(view);
  const obstacle = codeObstacle(view, sources);
  if (obstacle) return obstacle;
  const files = filesRead(view, sources, started.words, workdir === folder ? undefined : CONTENT_ROOT);
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
  const culture = isAlpine && !isInvariant(view, publish);
  const packages = [
    ...new Set([
      ...started.packages.filter((it) => !isAlpine || it !== 'wget'),
      ...kept,
      ...placed.data,
      ...(culture ? ALPINE_DATA : []),
    ]),
  ].filter((it) => isAlpine || it !== 'bash');
  const copies = places.filter((path) => !placed.kept.has(path));
  const lines = copies.map((path) => `${keyword('COPY')} --from=${builder} ${path} ${path}`);
  const variable = 'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT';
  const head = [
    ...(culture && !stage.end.env.has(variable) ? [`${keyword('ENV')} ${variable}=false`] : []),
    ...(packages.length > 0 ? [installRun(view, packages)] : []),
  ];
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
    doubts: [...(listen === undefined ? [] : [listen]), ...unread],
    image: image.text,
    placements: placed.placements,
    additions,
    changes: ['env', 'workdir'],
  };
}

/** Folders of the image into which the source is copied. */
const sourceFolders = ({ runtime }: View): string[] =>
  runtime.files.sources.filter(({ kind, target }) => kind === 'dir' && target !== '/').map(({ target }) => target);
