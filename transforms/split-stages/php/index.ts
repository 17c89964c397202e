/** PHP: extensions are built in the builder; everything else stays in its order, on the same image, without the -dev packages. */
import type { Instruction } from '../../../src/document.ts';
import { splitTag } from '../../../src/image.ts';
import { FRONT_END_TOOLS } from '../../../src/knowledge/front-end-tools.ts';
import { listedTag } from '../../../src/knowledge/image-releases.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { INSTALL_TOOLS, PHP_LAST_SUITES } from '../../../src/knowledge/php-builds.ts';
import { type AroundInstall, aroundInstall } from '../around-install.ts';
import { nodeSetUp } from '../front-end.ts';
import {
  installsForBuilding,
  installsPackages,
  inWords,
  type PackageFate,
  packageFates,
  preloadedPackages,
  removedPackages,
  taskText,
} from '../packages.ts';
import {
  type Addition,
  isObstacle,
  type Obstacle,
  type Placement,
  type Plan,
  type Recipe,
  type Task,
  type View,
} from '../types.ts';
import { actsTooEarly, type WholeFolder, withFolder } from '../whole-folder.ts';
import { spareTools, vendorOf } from './vendor.ts';

/** Where the image keeps extensions and what loads them. Source: docker-library/php. */
const FOLDERS = ['/usr/local/lib/php/extensions', '/usr/local/etc/php/conf.d'];
const BUILDS = /^(?:docker-php-ext-(?:install|configure|enable)|docker-php-source|pecl)$/;
/** They build nothing themselves: beside install-php-extensions, which cleans up behind itself, there is nothing to leave behind. */
const ONLY_TENDS = /^docker-php-(?:source|ext-enable)$/;

export const php: Recipe = {
  name: 'php',
  plan(view) {
    const { image: reference, fromWord } = view.stage;
    if (!reference || repositoryName(reference) !== 'php') return undefined;
    const tasks = view.steps.flatMap((step) => step.tasks);
    const builds = tasks.some((task) => buildsExtension(view, task) && !ONLY_TENDS.test(task.command.program ?? ''));
    if (!builds && !tasks.some(({ call }) => call?.manager === 'composer')) return undefined;
    const vague = builds ? unresolved(view) : undefined;
    const named = vague && withRelease(view);
    const unnamed = named ? unresolved(named.view) : vague;
    if (unnamed) return releaseUnknown(named?.view ?? view, unnamed);
    const own = named?.view ?? view;
    const vendor = vendorOf(own, builds ? FOLDERS : []);
    const hasPackages = builds && installsForBuilding(own);
    if (vendor && isObstacle(vendor) && !hasPackages) return vendor;
    if (!vendor && !hasPackages) {
      const why = `${fromWord.value} has its compiler by design, and nothing else is installed for building extensions`;
      return { code: 'already-minimal', why };
    }
    const plan = planOf(own, vendor && isObstacle(vendor) ? undefined : vendor, builds);
    if (isObstacle(plan) || !named) return plan;
    const why = `${plan.why} ${fromWord.value} is on Debian ${named.suite}: both stages name it, as the libraries are called differently in each release.`;
    return { ...plan, why, image: named.image, builderImage: named.image };
  },
};

interface Named {
  readonly view: View;
  readonly image: string;
  readonly suite: string;
}

/** The stage on the release of Debian that its tag stands for today, which both stages will name; undefined: it is not known. */
function withRelease(view: View): Named | undefined {
  const { system, stage } = view;
  const { tag, digest } = stage.image ?? {};
  const written = stage.fromWord.value;
  const isPlain = tag !== undefined && digest === undefined && written.endsWith(`:${tag}`);
  if (!stage.image || !isPlain || system.family !== 'debian' || system.release !== undefined) return undefined;
  const named = listedTag(stage.image)?.same.find(
    (it) => DEBIAN.includes(it.slice(tag.length + 1)) && it.startsWith(`${tag}-`),
  );
  const last = PHP_LAST_SUITES.find(({ versions }) => versions.test(splitTag(tag).version ?? ''));
  const suite = named?.slice(tag.length + 1) ?? last?.suite;
  if (suite === undefined) return undefined;
  const known: View = Object.create(view, { system: { value: { ...system, release: suite } } });
  return { view: known, image: `${written}-${suite}`, suite };
}

const DEBIAN: readonly string[] = ['bullseye', 'bookworm', 'trixie'];

/** docker-php-ext-install, pecl install, and what puts sources where they look for them. */
function buildsExtension(view: View, { command }: Task): boolean {
  if (BUILDS.test(command.program ?? '')) return true;
  return view.document.text.slice(command.start, command.end).includes('/usr/src/php');
}

function planOf(view: View, vendor: WholeFolder | undefined, builds: boolean): Plan | Obstacle {
  const atStart = installsAtStart(view);
  if (atStart) return atStart;
  const spare = vendor ? spareTools(view, vendor) : new Set<string>();
  const setUp = vendor ? nodeSetUp(view) : new Set<Task>();
  const isNodeSpare = FRONT_END_TOOLS.some(({ packages }) => packages.some((name) => spare.has(name)));
  const cut = aroundInstall(view, {
    isInstall: (task) =>
      buildsExtension(view, task) ||
      feedsExtension(view, task) ||
      setsExtension(view, task) ||
      vendor?.installs.has(task) === true,
    isManifest: () => false,
    isTool: (it) => vendor !== undefined && bringsComposer(it),
    isPreparation: (task) => isNodeSpare && setUp.has(task),
    isBoth: (task) => setsSource(task) || setUp.has(task) || (vendor !== undefined && isForBoth(view, task)),
    // the runtime stage has the same image: everything runs there as before
    isRun: ({ effect, call }) => !TENDS.has(effect) || (effect === 'none' && call !== undefined),
    spare,
    starts: [...(vendor ? INSTALL_TOOLS.flatMap(({ packages }) => packages) : []), ...preloadedPackages(view)],
    needs: () => new Map(),
  });
  if (!cut) return { code: 'unknown-effect', why: 'no extension is built' };
  if (isObstacle(cut)) return cut;
  const early = vendor && actsTooEarly(view, vendor, cut.runs);
  if (early) return early;
  const lost = [
    ...(vendor ? ['Composer'] : []),
    ...new Set(cut.packages.filter(({ kind }) => kind === 'build' || kind === 'library').map(({ name }) => name)),
  ];
  const taken = [
    ...(builds ? ['the built extensions'] : []),
    ...(vendor ? [`${vendor.folder} with its packages`] : []),
  ];
  return {
    title: titleOf(vendor, builds),
    why: `The runtime stage takes over ${inWords(taken)}, and leaves behind what only ${vendor ? 'the build' : 'their compilation'} needs: ${inWords(lost)}.${builds ? ' The compiler of the image itself stays: it has no smaller variant.' : ''}`,
    evidence: [view.fact(cut.first.instruction)],
    doubts: [...cut.doubts, ...view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`)],
    image: view.stage.fromWord.value,
    placements: vendor ? withVendor(view, cut, vendor) : withoutSource(view, cut.placements),
    additions: additionsOf(view, cut, vendor, builds),
  };
}

function titleOf(vendor: WholeFolder | undefined, builds: boolean): string {
  if (!vendor) return 'Build the PHP extensions in a stage of their own';
  return builds
    ? 'Build the PHP extensions and install the Composer packages in a stage of their own'
    : 'Install the Composer packages in a stage of their own';
}

/** `COPY --from=composer:2 /usr/bin/composer /usr/bin/composer`. */
const bringsComposer = ({ flags, words }: Instruction): boolean =>
  flags.some(({ name, value }) => name === 'from' && /(?:^|\/)composer(?:[:@]|$)/.test(value)) ||
  words.some(({ value }) => /\/composer(?:\.phar)?$/.test(value));

/** `curl .. | bash -`, `add-apt-repository ..`, `dpkg --add-architecture ..`: where later commands find packages. */
const setsSource = ({ effect, command, call }: Task): boolean =>
  effect === 'system' &&
  (call !== undefined || command.piped || /^(?:add-apt-repository|apt-key|dpkg)$/.test(command.program ?? ''));

/** Accounts that files are given to, settings that Composer reads, and commands of which nobody knows what they leave. */
function isForBoth(view: View, task: Task): boolean {
  const { effect, command } = task;
  if (effect === 'accounts' || effect === 'unknown') return true;
  if (effect === 'files' && SETTINGS.test(taskText(view, task))) return true;
  return /^(?:chown|chgrp|chmod|install-php-extensions)$/.test(command.program ?? '');
}

const SETTINGS = /\/usr\/local\/etc\/php\b|\$\{?PHP_INI_DIR\b/;

/** Commands that go wherever the packages or their neighbours go, and builds whose result nobody knows. */
const TENDS: ReadonlySet<Task['effect']> = new Set([
  ...(['packages', 'index', 'clean', 'none', 'shell', 'tool'] as const),
  // the builder may need what is fetched as well
  'fetch',
]);

/** `curl -o /tmp/redis.tgz ..` for `pecl install /tmp/redis.tgz`: the same path in both. */
function feedsExtension(view: View, { command }: Task): boolean {
  const paths = command.args.flatMap(({ literal }) => (literal?.startsWith('/tmp/') ? [literal] : []));
  return view.steps
    .flatMap(({ tasks }) => tasks)
    .some((task) => buildsExtension(view, task) && paths.some((path) => taskText(view, task).includes(path)));
}

const INTO_CONF = />\s*["']?(?:\/usr\/local\/etc\/php|\$\{?PHP_INI_DIR\}?)\/conf\.d\//;

/** `pecl install xdebug && echo "xdebug.mode=debug" >> .. /conf.d/xdebug.ini`: the file comes with its folder. */
function setsExtension(view: View, task: Task): boolean {
  if (task.effect !== 'files' || !INTO_CONF.test(taskText(view, task))) return false;
  return view.steps.some(({ tasks }) => tasks.includes(task) && tasks.some((it) => buildsExtension(view, it)));
}

/** A -dev package that stays in the image, and whose run-time library nobody can name. */
function unresolved({ steps, system }: View): PackageFate | undefined {
  return steps
    .flatMap((step) =>
      step.tasks.filter(installsPackages).flatMap((task) => packageFates(task, system, removedPackages([step])) ?? []),
    )
    .find(({ kind }) => kind === 'unknown');
}

function releaseUnknown({ system, stage }: View, { name, word }: PackageFate): Obstacle {
  const why =
    system.release === undefined
      ? `which run-time library belongs to ${name} depends on the release of the distribution, which ${stage.fromWord.value} does not name`
      : `which run-time library belongs to ${name} is not known`;
  return { code: 'base-unknown', why, at: word };
}

/** An entrypoint that builds extensions needs the -dev packages. */
function installsAtStart({ runtime }: View): Obstacle | undefined {
  for (const { path, commands } of runtime.scripts) {
    const command = commands?.find(({ program }) => BUILDS.test(program ?? ''));
    if (command) return { code: 'installs-at-start', why: `${path} runs ${command.program}` };
  }
  return undefined;
}

/** The builder needs no source: only a copy that one of its commands names stays there. */
function withoutSource(view: View, placements: AroundInstall['placements']): AroundInstall['placements'] {
  const stays = (it: Instruction) => it.keyword === 'RUN' && placements.get(it)?.place !== 'runtime';
  const commands = view.stage.instructions.filter(stays).map(({ args }) => args.text);
  const isNamed = ({ words }: Instruction) =>
    words.some(({ value }) => {
      const name = value.replace(/\/$/, '').split('/').at(-1) ?? '';
      return name.length > 1 && commands.some((text) => text.includes(name));
    });
  const moved = (it: Instruction, placement: Placement): Placement =>
    (it.keyword === 'COPY' || it.keyword === 'ADD') && placement.place === 'both' && !isNamed(it)
      ? { place: 'runtime' }
      : placement;
  return new Map([...placements].map(([it, placement]) => [it, moved(it, placement)]));
}

/** The application comes with its folder; what else is copied goes where it is needed. */
function withVendor(view: View, { placements }: AroundInstall, vendor: WholeFolder): AroundInstall['placements'] {
  const moved = withoutSource(view, placements);
  return withFolder(view, placements, vendor, (it, placement) =>
    SETTINGS.test(it.args.text) ? { place: 'both' } : (moved.get(it) ?? placement),
  );
}

function additionsOf(
  view: View,
  { takeOver, after }: AroundInstall,
  vendor: WholeFolder | undefined,
  builds: boolean,
): Plan['additions'] {
  const copy = (folder: string): string => `${view.keyword('COPY')} --from=${view.builder} ${folder} ${folder}`;
  const additions: Addition[] = [];
  if (builds) additions.push({ stage: 'runtime', before: takeOver, text: FOLDERS.map(copy).join('\n') });
  if (vendor) {
    const before = vendor.isFollowed ? vendor.last.instruction : after;
    additions.push({ stage: 'runtime', before, text: copy(vendor.folder) });
  }
  return additions;
}
