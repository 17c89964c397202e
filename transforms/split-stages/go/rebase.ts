/** A stage on the image of Go that only runs what another stage built: a small image is enough. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Effect } from '../../../src/knowledge/effects.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { feedersOf, originOf } from '../feeders.ts';
import { tellsVersion } from '../file-tasks.ts';
import { installedByName, installRun } from '../packages.ts';
import { isObstacle, type Obstacle, type Rebase, type View } from '../types.ts';
import { withoutCgo } from './cgo.ts';
import { runtimeImage } from './image.ts';
import { type Output, outputsOf } from './output.ts';
import { startedPrograms } from './starts.ts';

export function rebase(view: View): Rebase | Obstacle | undefined {
  const { stage, keyword } = view;
  if (!stage.image || stage.parent || repositoryName(stage.image) !== 'golang') return undefined;
  if (stage.base?.family === 'windows' || feedersOf(view).length === 0) return undefined;
  if (view.steps.some(({ tasks }) => tasks.some(({ call }) => call?.manager === 'go'))) return undefined;
  const found = outputsTaken(view);
  const [first] = found;
  if (!first || found.some(({ builder }) => builder.stage !== first.builder.stage)) return undefined;
  const { builder } = first;
  const outputs = found.map(({ output }) => output);
  const started = startedPrograms(view, outputs, builder);
  if (isObstacle(started)) return started;
  const inGo = [...started.byName].find(({ path }) => path.startsWith('/go/'));
  if (inGo && !stage.instructions.some((it) => it.pairs.some(({ name }) => name === 'PATH')))
    return { code: 'fixed-paths', why: `only PATH of the golang image finds ${inGo.path}` };
  const needsDebian = runsInSmallImage(view);
  if (typeof needsDebian !== 'boolean') return needsDebian;
  const image = runtimeImage(view, started.outputs, started, { data: [], needsDebian }, builder);
  if (isObstacle(image)) return image;
  const system = { ...view.system, family: image.family };
  const edits = withoutCgo(builder, started.outputs, new Map(), image.isStatic);
  const own = installedByName(view);
  const packages = image.packages.filter((it) => !own.has(it));
  const isSet = stage.instructions.some((it) => it.keyword === 'WORKDIR');
  return {
    why: `The stage builds nothing, and the program needs neither the Go toolchain nor its source${image.isStatic ? '; without cgo it is linked statically and runs on any image' : ''}.`,
    evidence: [...started.evidence, ...image.evidence],
    doubts: [...view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`), ...image.doubts],
    image: image.image,
    head: [
      ...(packages.length > 0 ? [installRun({ ...view, system }, packages)] : []),
      ...(isSet ? [] : [`${keyword('WORKDIR')} /go`]),
    ],
    builds: [...edits.values()].flatMap((it) => it.edits ?? []),
  };
}

/** The started programs that a copy brings, as if they had been built at that place. */
function outputsTaken(view: View): readonly { readonly output: Output; readonly builder: View }[] {
  const { env, workdir } = view.stage.end;
  const path = env.get('PATH') ?? '/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return view.runtime.programs.flatMap((use) => {
    const places = use.path.includes('/')
      ? [joinPath(workdir, use.path)]
      : path.split(':').map((folder) => posix.join(folder, use.path));
    for (const place of places) {
      const origin = place === undefined ? undefined : originOf(view, place);
      if (place === undefined || !origin || origin.view.stage === view.stage) continue;
      const output = outputsOf(origin.view).findLast((it) => it.path === origin.place);
      if (output) return [{ output: { ...output, path: place }, builder: origin.view }];
    }
    return [];
  });
}

const ANYWHERE: ReadonlySet<Effect> = new Set(['none', 'shell', 'files'] as const);
const ON_DEBIAN: ReadonlySet<Effect> = new Set(['index', 'clean', 'packages', 'accounts'] as const);

/** Whether the RUN lines of the stage ask for the system of its image; an obstacle where they ask for more than a slim one has. */
export function runsInSmallImage({ steps, system }: View): boolean | Obstacle {
  let isBound = false;
  for (const { tasks, opaque, instruction } of steps) {
    if (opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${opaque}`, at: instruction };
    for (const task of tasks) {
      const { effect, command } = task;
      if (ANYWHERE.has(effect) && !tellsVersion(task)) continue;
      const name = command.program ?? command.nameWord?.raw ?? '';
      if (!ON_DEBIAN.has(effect))
        return { code: 'unknown-effect', why: `whether ${name} works in a small image is not known`, at: command };
      isBound = true;
    }
  }
  return isBound && system.family !== 'alpine';
}
