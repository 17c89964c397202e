/** A stage on the image of Rust that only runs what another stage built: a slim image is enough. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { SMALL_IMAGE_PACKAGES, SMALL_IMAGE_PROGRAMS } from '../../../src/knowledge/data-packages.ts';
import { STATIC_IMAGES } from '../../../src/knowledge/go-modules.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { RUST_DEBIAN } from '../../../src/knowledge/rust-crates.ts';
import { feedersOf, originOf } from '../feeders.ts';
import { runsInSmallImage } from '../go/rebase.ts';
import { installedByName, installRun, inWords } from '../packages.ts';
import { releaseOf } from '../release.ts';
import { callsOf } from '../start-words.ts';
import { isObstacle, type Obstacle, type Rebase, type View } from '../types.ts';
import { cargoBuilds, comesFrom, outputAt } from './cargo.ts';
import { librariesOf } from './crates.ts';
import { startsOthers } from './others.ts';

export function rebase(view: View): Rebase | Obstacle | undefined {
  const { stage } = view;
  if (!stage.image || stage.parent || repositoryName(stage.image) !== 'rust' || stage.base?.family === 'windows')
    return undefined;
  if (
    feedersOf(view).length === 0 ||
    view.steps.some(({ tasks }) => tasks.some(({ call }) => call?.manager === 'cargo'))
  )
    return undefined;
  const started = startedFrom(view);
  if (!started || isObstacle(started)) return started;
  const { builder } = started;
  const obstacle = startsOthers(builder);
  if (obstacle) return obstacle;
  const needsSystem = runsInSmallImage(view);
  if (typeof needsSystem !== 'boolean') return needsSystem;
  const libraries = librariesOf(builder, cargoBuilds(builder));
  if (isObstacle(libraries)) return libraries;
  const isAlpine = view.system.family === 'alpine';
  const minor = Number(/^1\.(\d+)/.exec(stage.image.tag ?? '')?.[1] ?? 'NaN');
  const release = releaseOf(view, isAlpine ? STATIC_IMAGES.alpine.text.replace('alpine:', '') : RUST_DEBIAN.suite);
  if (!release) return { code: 'base-unknown', why: `${stage.fromWord.value} does not tell the release of its system` };
  const isOld = release.name === 'bullseye' || release.name === 'buster' || minor < 71;
  if (libraries.packages.length > 0 && (isAlpine || isOld))
    return {
      code: 'links-to-c',
      why: `the program links to ${inWords(libraries.packages)}, which ${stage.fromWord.value} has under another name`,
    };
  const own = installedByName(view);
  const wanted = [...libraries.packages, ...started.packages, ...(isAlpine ? [] : ['ca-certificates'])];
  const packages = [...new Set(wanted)].filter((it) => !own.has(it));
  const from = builder.stage.fromWord;
  const isSame = from.value === stage.fromWord.value;
  const exact = release.builderImage;
  return {
    why: `The stage builds nothing, and the program needs neither the Rust toolchain nor its source.${release.note}`,
    evidence: [...started.evidence, ...libraries.evidence, ...release.evidence],
    doubts: [
      ...(exact !== undefined && !isSame ? [`which release of its system ${from.value} is on`] : []),
      ...libraries.doubts,
      ...view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`),
    ],
    image: isAlpine ? `alpine:${release.name}` : `debian:${release.name}-slim`,
    head: packages.length > 0 ? [installRun(view, packages)] : [],
    builds: exact !== undefined && isSame ? [{ start: from.start, end: from.end, text: exact }] : [],
  };
}

/** Folders of the PATH of the image that a slim one has, too. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The stage that builds what is started; an obstacle where a start is not understood, undefined where nothing comes from cargo. */
function startedFrom(
  view: View,
): { builder: View; packages: readonly string[]; evidence: readonly Evidence[] } | Obstacle | undefined {
  const packages: string[] = [];
  const evidence: Evidence[] = [];
  let builder: View | undefined;
  for (const call of callsOf(view)) {
    const [path = ''] = call.words;
    const program = posix.basename(path);
    const places = path.includes('/') ? [joinPath(call.cwd, path)] : FOLDERS.map((folder) => `${folder}/${path}`);
    const origin = places
      .flatMap((place) => (place === undefined ? [] : [originOf(view, place)]))
      .find((it) => it.view.stage !== view.stage);
    const builds = origin ? cargoBuilds(origin.view) : [];
    if (origin && (outputAt(origin.view, builds, origin.place) || comesFrom(origin.view, builds, origin.place))) {
      if (builder && builder.stage !== origin.view.stage) return undefined;
      builder = origin.view;
      evidence.push(call.evidence);
    } else if (SMALL_IMAGE_PACKAGES.has(program)) packages.push(program);
    else if (!SMALL_IMAGE_PROGRAMS.has(program) && view.runtime.locate(path) === undefined) {
      if (!builder) return undefined;
      const why = `${call.evidence.file} starts ${path}, and where it comes from is not known`;
      return { code: 'programs-unknown', why };
    }
  }
  return builder && { builder, packages, evidence };
}
