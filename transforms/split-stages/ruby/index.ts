/** Ruby: the runtime stage takes over the folder of the gems. */
import { joinPath } from '../../../src/document/state.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { type AroundInstall, aroundInstall } from '../around-install.ts';
import { nodeSetUp } from '../front-end.ts';
import { installRun, installsForBuilding, inWords, preloadedPackages } from '../packages.ts';
import { programNeeds } from '../programs.ts';
import { type SlimImage, slimImage } from '../slim-image.ts';
import { type Addition, isObstacle, type Obstacle, type Plan, type Recipe, type Task, type View } from '../types.ts';
import { actsTooEarly, isBelow, type WholeFolder, withFolder } from '../whole-folder.ts';
import { assetsOf, spareNode } from './assets.ts';
import { gemFolders, keepsLocally } from './folders.ts';
import { type Bundle, type Gems, gemsOf, installsBundle, isForLinux, lockPath } from './gems.ts';
import { calledPrograms, gemNeeds } from './needs.ts';
import { obstacleOf } from './obstacles.ts';

const NOTHING: ReadonlySet<string> = new Set();
const NOTHING_DONE: ReadonlySet<Task> = new Set();
/** Bundler fetches gems with it. */
const GIT: ReadonlySet<string> = new Set(['git', 'git-core']);

const fills = (task: Task): boolean =>
  installsBundle(task) || (task.call?.manager === 'gem' && task.call.action === 'install');

export const ruby: Recipe = {
  name: 'ruby',
  plan(view) {
    const { image: reference, parent, fromWord } = view.stage;
    if (!view.steps.some(({ tasks }) => tasks.some(fills))) return undefined;
    if (!parent && reference && repositoryName(reference) !== 'ruby') return undefined;
    if (parent) return { code: 'starts-from-stage', why: `the stage starts from ${fromWord.value}` };
    const image = slimImage(view.stage);
    if (isObstacle(image)) return image;
    if (!image.smaller && !installsForBuilding(view))
      return { code: 'already-minimal', why: `${fromWord.value} has no compiler, and none is installed` };
    return planOf(view, image);
  },
};

function planOf(view: View, image: SlimImage): Plan | Obstacle {
  const gems = gemsOf(view);
  const obstacle = obstacleOf(view, gems);
  if (obstacle) return obstacle;
  const folders = gemFolders(view, gems.bundles);
  if (isObstacle(folders)) return folders;
  const gemInstalls = new Set(
    view.steps.flatMap((step) =>
      step.tasks.filter((task) => fills(task) || keepsLocally(view, step, task) || tidies(task, folders)),
    ),
  );
  const assets = assetsOf(view, gems, folders, gemInstalls);
  const installs = assets?.installs ?? gemInstalls;
  const node = assets ? spareNode(view, gems) : NOTHING;
  const setUp = node.size === 0 ? NOTHING_DONE : nodeSetUp(view);
  const libraries = gemNeeds(view, gems);
  const called = calledPrograms(view);
  const usesGit = [...libraries.needs, ...programNeeds(view, []), ...called].some((it) => it.package === 'git');
  const cut = aroundInstall(view, {
    isInstall: (task) => installs.has(task),
    isPreparation: (task) => setUp.has(task),
    // files of the folder that is taken over belong to them
    isBoth: ({ effect, command }) =>
      assets !== undefined && (effect === 'accounts' || /^ch(?:own|grp|mod)$/.test(command.program ?? '')),
    // bundler reads the Gemfile at every start
    isManifest: () => false,
    isTool: () => false,
    starts: [...(gems.fromGit ? ['git'] : []), ...preloadedPackages(view)],
    spare: new Set([...(usesGit ? NOTHING : GIT), ...node]),
    needs: (runs) =>
      new Map(
        image.smaller
          ? [...libraries.needs, ...programNeeds(view, runs), ...called].map((it) => [it.package, it.evidence])
          : [],
      ),
  });
  if (!cut) return { code: 'unknown-effect', why: 'nothing is installed' };
  if (isObstacle(cut)) return cut;
  const early = assets && actsTooEarly(view, assets, cut.runs);
  if (early) return early;
  const lost = cut.packages.filter(({ kind }) => kind === 'build' || kind === 'library').map(({ name }) => name);
  const gone = [...(image.smaller ? ['the compilers and header files of the full image'] : []), ...new Set(lost)];
  return {
    title: `Split into a builder and a runtime stage on ${image.text}`,
    why: `The runtime stage takes over ${assets ? `the installed gems and ${assets.folder} with what is built in it` : 'the installed gems'}, and leaves behind what only their installation needs: ${inWords(gone)}.${foreignLock(gems)}`,
    evidence: [view.fact(cut.first.instruction), ...cut.missing.values(), ...cut.added.values()],
    doubts: [
      ...cut.doubts,
      ...doubtsOf(view, image, gems),
      ...(image.smaller ? libraries.unnamed : []).map(
        (name) => `the library that ${name} needs is called differently in each release of Debian`,
      ),
    ],
    image: image.text,
    placements: assets ? withFolder(view, cut.placements, assets, (_, placement) => placement) : cut.placements,
    additions: additionsOf(view, cut, folders, gems.bundles, assets),
  };
}

/** A lock that was written on a Mac. */
function foreignLock({ bundles }: Gems): string {
  const isForeign = bundles.some(({ lock }) => lock !== undefined && !isForLinux(lock));
  return isForeign
    ? ' The lock file names no platform of Linux: bundler resolves the gems again when it installs, as before.'
    : '';
}

/** rm -rf of what the install leaves in the folders that are taken over, and in the home folder of the builder. */
function tidies({ command, effect, cwd }: Task, folders: readonly string[]): boolean {
  if (command.program !== 'rm' || effect !== 'files') return false;
  const paths = command.operands().map(({ raw }) => raw.replace(/["']/g, ''));
  const isBelow = (path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
  return paths.every(
    (path) =>
      /^(?:~|\/root)\/\.(?:bundle|gem)\b|^\$\{?(?:GEM_HOME|BUNDLE_PATH)\b/.test(path) ||
      isBelow(path) ||
      isBelow(joinPath(cwd, path) ?? ''),
  );
}

function doubtsOf({ runtime }: View, { smaller }: SlimImage, { names, bundles }: Gems): string[] {
  const unread = runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  const alone = bundles.length === 0 && [...names.keys()].some((name) => name !== 'bundler');
  const unlocked = alone || bundles.some(({ lock }) => lock === undefined);
  return [
    ...(runtime.starts.some(({ by }) => by !== 'HEALTHCHECK') ? [] : ['no file says what starts in the container']),
    ...(smaller && unlocked ? ['no lock file says which gems others bring along, and which libraries those need'] : []),
    ...unread,
  ];
}

/** The gems, the lock file that the install makes or mends, and the packages that the runtime stage lacks. */
function additionsOf(
  view: View,
  cut: AroundInstall,
  folders: readonly string[],
  bundles: readonly Bundle[],
  assets: WholeFolder | undefined,
): Addition[] {
  const { before, takeOver, after, missing, firstRun } = cut;
  const copy = (from: string) => `${view.keyword('COPY')} --from=${view.builder} ${from} ${from}`;
  const additions: Addition[] = [];
  if (missing.size > 0) {
    // a RUN before may start one of the programs
    const at = firstRun !== undefined && firstRun.index < before.index ? firstRun : before;
    additions.push({ stage: 'runtime', before: at, text: installRun(view, [...missing.keys()]) });
  }
  const apart = folders.filter((folder) => !isBelow(folder, assets?.folder ?? '/dev/null'));
  if (apart.length > 0) additions.push({ stage: 'runtime', before: takeOver, text: apart.map(copy).join('\n') });
  if (assets) {
    const at = assets.isFollowed ? assets.last.instruction : after;
    additions.push({ stage: 'runtime', before: at, text: copy(assets.folder) });
    return additions;
  }
  const locks = bundles.flatMap(({ gemfile, lock }) =>
    gemfile === undefined || (lock !== undefined && isForLinux(lock)) ? [] : [lockPath(gemfile)],
  );
  if (locks.length > 0)
    additions.push({ stage: 'runtime', before: after, text: [...new Set(locks)].map(copy).join('\n') });
  return additions;
}
