/** Node services: the builder installs and builds, the runtime stage takes the folder of the project without what only development needs. */

import { posix } from 'node:path';
import { COMPILERS } from '../../../src/knowledge/full-image.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { INSTALLS_IN_HOME } from '../../../src/knowledge/node-packages.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import { isCall } from '../../../src/stage/programs.ts';
import { inWords } from '../packages.ts';
import { unnamedProgram } from '../programs.ts';
import { isObstacle, type Obstacle, type Plan, type Recipe, type View } from '../types.ts';
import { additionsOf } from './additions.ts';
import { type Beside, besideSystem } from './beside.ts';
import { mayBeProduction } from './environment.ts';
import { sideOfGlobal } from './global.ts';
import { type RuntimeImage, runtimeImage } from './image.ts';
import { slimNeeds, unknownNatives } from './needs.ts';
import { outputFolder } from './output.ts';
import { type Placed, placeSteps } from './place.ts';
import { factsAt, type Install, installsOf, isGlobal, isInstall } from './project.ts';
import { isBerry, omitting, type Prune, type Pruning, pruning } from './prune.ts';
import { rootsOf } from './roots.ts';
import { behindInstall, type Cut, cutBehindInstall, DEPENDENCIES } from './stages.ts';
import { developmentImage, installsAtStart, isFrontEnd, type StartText, startTexts } from './starts.ts';
import { trim } from './trim.ts';

export const node: Recipe = {
  name: 'node',
  rebase: trim,
  plan(view) {
    const { image: reference, parent, fromWord } = view.stage;
    if (
      parent ||
      (reference && repositoryName(reference) !== 'node') ||
      (!reference && !/(?:^|\/)node(?:[:@]|$)/.test(fromWord.value))
    )
      return undefined;
    const installs = installsOf(view);
    if (installs?.length === 0) return undefined;
    const texts = startTexts(view);
    const packages = packagesOf(view, installs ?? []);
    if (isFrontEnd(view, texts, packages)) return undefined;
    if (!installs) return { code: 'unknown-effect', why: 'the folder into which packages are installed is not known' };
    const missing = installs.find(({ facts }) => !facts);
    if (missing) {
      const why = `package.json of ${missing.dir} is not in the build context, or is no JSON`;
      const unknown: Obstacle = { code: 'unknown-effect', why, at: missing.instruction };
      return developmentImage(view, texts, []) ?? onlyInstalls(view, texts) ?? unknown;
    }
    const roots = rootsOf(view, installs);
    const beside = isObstacle(roots) ? besideSystem(view, installs) : undefined;
    const development = developmentImage(view, texts, isObstacle(roots) ? installs.map(({ dir }) => dir) : roots);
    if (development) return development;
    if (beside && isObstacle(beside)) return onlyInstalls(view, texts) ?? beside;
    return (
      installsAtStart(view, texts) ??
      startsCompilers(view) ??
      packagesElsewhere(view, installs, packages) ??
      planOf(view, { installs, texts, packages, roots: beside?.folders ?? (roots as readonly string[]), beside })
    );
  },
};

/** A small image in which packages are installed and nothing else is done. */
function onlyInstalls(view: View, texts: readonly StartText[]): Obstacle | undefined {
  const image = runtimeImage(view.stage);
  const isPlain = view.steps.every(
    ({ tasks, opaque }) =>
      opaque === undefined &&
      tasks.every(
        (task) =>
          isInstall(task) ||
          (isGlobal(task) && sideOfGlobal(texts, task) === 'run') ||
          task.effect === 'none' ||
          task.effect === 'clean',
      ),
  );
  if (isObstacle(image) || image.smaller || !isPlain) return undefined;
  return {
    code: 'already-minimal',
    why: `${view.stage.fromWord.value} is small, and nothing is built or compiled in it`,
  };
}

interface Parts {
  readonly installs: readonly Install[];
  readonly texts: readonly StartText[];
  readonly packages: readonly NodeFacts[];
  /** What the runtime stage takes over. */
  readonly roots: readonly string[];
  readonly beside: Beside | undefined;
}

/** The packages that are installed, and the one of the folder in force, each once. */
function packagesOf(view: View, installs: readonly Install[]): NodeFacts[] {
  const found = new Map<string, NodeFacts>();
  const home = view.stage.end.workdir === undefined ? undefined : factsAt(view, view.stage.end.workdir);
  for (const facts of [...installs.map((it) => it.facts), home]) if (facts) found.set(facts.manifest, facts);
  return [...found.values()];
}

/** make, gcc and the like: whoever starts one at run time needs the tool chain of the full image. */
function startsCompilers({ runtime }: View): Obstacle | undefined {
  const use = runtime.programs.find(
    (it) => COMPILERS.has(it.program) && isCall(it) && (it.by !== 'code' || / $|,$/.test(it.says)),
  );
  return (
    use && {
      code: 'builds-at-run-time',
      why: `${use.file}${use.line === undefined ? '' : `:${use.line}`} starts ${use.program}`,
    }
  );
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** Whether package-lock.json holds one of them: for each of them alone a long file would be read anew. */
const LOCKS_ONE = new RegExp(`node_modules/(?:${[...INSTALLS_IN_HOME.keys()].map(escaped).join('|')})": \\{`);

/** Whether package-lock.json brings a package along for more than development. */
function isLocked(lock: string, name: string): boolean {
  const entry = new RegExp(`"(?:[^"]*/)?node_modules/${escaped(name)}": \\{([^{}]*)`).exec(lock);
  return entry !== null && !/"dev(?:Optional)?": true/.test(entry[1] as string);
}

/** Packages outside of the folder: browsers in the home of an account, the global cache of yarn Plug'n'Play. */
function packagesElsewhere(
  view: View,
  installs: readonly Install[],
  packages: readonly NodeFacts[],
): Obstacle | undefined {
  for (const { dependencies, dir } of packages) {
    const own = dependencies.filter(({ group }) => group !== 'devDependencies').map(({ name }) => name);
    const lock = view.project.read(posix.join(dir, 'package-lock.json')) ?? '';
    const mayLock = LOCKS_ONE.test(lock);
    for (const [name, row] of INSTALLS_IN_HOME) {
      if (!own.includes(name) && !(mayLock && isLocked(lock, name))) continue;
      if (view.stage.end.env.names().some((it) => row.skip.test(it))) continue;
      return { code: 'outside-packages', why: `${name} puts ${row.what} into the cache folder of the account` };
    }
  }
  const berry = installs.find(({ task, facts }) => task.call?.manager === 'yarn' && facts && isBerry(view, facts));
  const settings =
    berry?.facts && view.project.read(`${berry.facts.dir === '' ? '' : `${berry.facts.dir}/`}.yarnrc.yml`);
  if (
    !berry ||
    /^nodeLinker:\s*["']?(?:node-modules|pnpm)/m.test(settings ?? '') ||
    /^enableGlobalCache:\s*false/m.test(settings ?? '')
  )
    return undefined;
  return {
    code: 'outside-packages',
    why: "yarn Plug'n'Play reads packages from its cache, which may be in the home of the account",
  };
}

function planOf(view: View, parts: Parts): Plan | Obstacle {
  const { installs, texts, packages, roots, beside } = parts;
  const image = runtimeImage(view.stage);
  if (isObstacle(image)) return image;
  const output = outputFolder(view, roots);
  const whole = placeSteps(view, roots, texts, image.smaller, beside);
  if (isObstacle(whole)) return whole;
  const prunes: Pruning = output === undefined ? pruning(view, installs, texts, image.major) : () => ({ kind: 'none' });
  const pruned = prunes(whole.after);
  const cut = output === undefined ? cutOf(view, parts, image, whole, prunes) : undefined;
  const placed = cut?.placed ?? whole;
  const behind = pruned.kind === 'prune' && !cut ? behindInstall(view, installs) : undefined;
  const sooner = behind && prunes(behind);
  const early = sooner?.kind === 'prune' ? behind : undefined;
  const prune = cut?.prune ?? (early && sooner) ?? pruned;
  const nothing = output === undefined ? nothingToLose(view, image, placed, prune) : nothingBuilt(view, image, output);
  if (nothing) return nothing;
  const needs = image.smaller ? slimNeeds(view, packages, placed.runs) : new Map<string, Plan['evidence'][number]>();
  const missing = [...needs].filter(([name]) => !placed.installed.has(name));
  if (missing.length > 0 && image.isOld)
    return {
      code: 'version-too-old',
      why: `${image.text} lacks ${inWords(missing.map(([name]) => name))}, and Debian has archived the packages of its release`,
    };
  const production = prune.kind !== 'keep' && mayBeProduction(view, texts, packages);
  const [first] = installs;
  return {
    title: `Split into a builder and a runtime stage on ${image.text}`,
    why: reasonOf(image, placed, prune, output ?? cut?.beside.folders ?? roots, production, beside ?? cut?.beside, cut),
    evidence: [
      ...(first ? [view.fact(first.instruction)] : []),
      ...(prune.kind === 'prune' ? prune.evidence : []),
      ...new Set(missing.map(([, evidence]) => evidence)),
    ],
    doubts: [...placed.doubts, ...doubtsOf(view, packages, image)],
    image: image.text,
    placements: placed.placements,
    additions: additionsOf(view, {
      placed,
      prune: prune.kind === 'prune' && !cut?.omits ? prune.command : undefined,
      pruneAt: early ?? placed.after,
      cut,
      roots: output === undefined ? roots : [output],
      missing: missing.map(([name]) => name),
      setsProduction: production,
    }),
    ...(cut?.builds && { first: DEPENDENCIES }),
    ...(production && { changes: ['env'] }),
  };
}

/** The cut behind the install, where it establishes as much as the folder taken whole. */
function cutOf(view: View, { installs, texts }: Parts, image: RuntimeImage, whole: Placed, prunes: Pruning) {
  const cut = cutBehindInstall(view, installs);
  if (!cut) return undefined;
  const placed = placeSteps(view, cut.beside.folders, texts, image.smaller, cut.beside);
  const pruned = prunes(whole.after);
  const prune = pruned.kind === 'prune' ? prunes(cut.at) : pruned;
  const isSame = !isObstacle(placed) && prune.kind === pruned.kind && placed.doubts.length <= whole.doubts.length;
  if (!isSame) return undefined;
  // where nothing is built, nothing but the install itself would have used the devDependencies
  const omits = prune.kind === 'prune' && !cut.builds ? omitting(installs, image.major) : undefined;
  const placements = new Map(placed.placements);
  for (const [instruction, edits] of omits ?? [])
    placements.set(instruction, { ...(placements.get(instruction) ?? { place: 'builder' }), edits });
  return { ...cut, placed: { ...placed, placements }, prune, omits: omits !== undefined };
}

const BUILDS: ReadonlySet<string> = new Set(['app', 'tool', 'build']);

/** What runs was built in another stage: a third one would carry out an install that nobody needs. */
function nothingBuilt({ steps }: View, { smaller }: RuntimeImage, output: string): Obstacle | undefined {
  if (smaller || steps.some(({ tasks }) => tasks.some(({ effect }) => BUILDS.has(effect)))) return undefined;
  const why = `${output} comes from another stage and holds all that runs: the install can go, and needs no stage of its own`;
  return { code: 'already-minimal', why };
}

/** On a small image a split is worth its lines only where a build, or packages of the system, leave something behind. */
function nothingToLose(view: View, { smaller }: RuntimeImage, { lost }: Placed, prune: Prune): Obstacle | undefined {
  if (smaller || lost.length > 0) return undefined;
  const { value } = view.stage.fromWord;
  const builds = view.steps.some(({ tasks }) => tasks.some(({ effect }) => BUILDS.has(effect)));
  if (prune.kind === 'prune' && builds) return undefined;
  const more =
    prune.kind === 'keep'
      ? `, and what is installed is needed at run time: ${prune.why}`
      : prune.kind === 'prune'
        ? '; an install with --omit=dev would leave the devDependencies out without a second stage'
        : '';
  return {
    code: 'already-minimal',
    why: `${value} is small, and nothing is built or compiled in it${builds ? ' that could stay behind' : ''}${more}`,
  };
}

function reasonOf(
  image: RuntimeImage,
  { lost }: Placed,
  prune: Prune,
  taken: string | readonly string[],
  production: boolean,
  beside: Beside | undefined,
  cutAt: Cut | undefined,
): string {
  const isOutput = typeof taken === 'string';
  const gone = [
    ...(isOutput ? ['the packages and the source'] : []),
    ...(image.smaller ? ['the compilers and header files of the full image'] : []),
    ...new Set(lost),
    ...(prune.kind === 'prune' ? ['the devDependencies'] : []),
  ];
  const kept = prune.kind === 'keep' ? ` The devDependencies stay: ${prune.why}.` : '';
  const env = production
    ? ' NODE_ENV=production is new: no code of the project asks for it, libraries such as Express hide stack traces and keep templates in memory.'
    : '';
  const cut = !cutAt
    ? ''
    : cutAt.builds
      ? ` What is installed has ${prune.kind === 'prune' ? 'stages' : 'a stage'} of its own: after a change of the source nothing is installed or taken away again.`
      : ' After a change of the source the packages are neither installed nor copied again.';
  return `The runtime stage takes over ${isOutput ? `${taken}, which holds all that it runs,` : beside ? `${inWords(taken)} as the build left ${taken.length === 1 ? 'it' : 'them'}, gets the other files from the build context again,` : `${inWords(taken)} as it was built,`} and leaves behind what only the build needs: ${inWords(gone)}.${cut}${kept}${env}`;
}

function doubtsOf(view: View, packages: readonly NodeFacts[], { smaller }: RuntimeImage): string[] {
  const { runtime } = view;
  const doubts = runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  if (!runtime.starts.some(({ by }) => by !== 'HEALTHCHECK'))
    doubts.unshift('no file says what starts in the container');
  const unnamed = unnamedProgram(view);
  if (unnamed) doubts.push(`what ${unnamed.file}:${unnamed.line} starts is named at run time (${unnamed.says})`);
  if (smaller) {
    const natives = unknownNatives(view, packages);
    if (natives.length > 0) doubts.push(`what the install script of ${inWords(natives)} links to is not known`);
  }
  return doubts;
}
