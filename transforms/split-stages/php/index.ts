/** PHP: extensions are built in the builder; everything else stays in its order, on the same image, without the -dev packages. */
import type { Instruction } from '../../../src/document.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { type AroundInstall, aroundInstall } from '../around-install.ts';
import {
  installsForBuilding,
  installsPackages,
  inWords,
  type PackageFate,
  packageFates,
  removedPackages,
  taskText,
} from '../packages.ts';
import { isObstacle, type Obstacle, type Placement, type Plan, type Recipe, type Task, type View } from '../types.ts';

/** Where the image keeps extensions and what loads them. Source: docker-library/php. */
const FOLDERS = ['/usr/local/lib/php/extensions', '/usr/local/etc/php/conf.d'];
const BUILDS = /^(?:docker-php-ext-(?:install|configure|enable)|docker-php-source|pecl)$/;

export const php: Recipe = {
  name: 'php',
  plan(view) {
    const { image: reference, fromWord } = view.stage;
    if (!reference || repositoryName(reference) !== 'php') return undefined;
    const tasks = view.steps.flatMap((step) => step.tasks);
    const builds = tasks.some((task) => buildsExtension(view, task));
    if (!builds && !tasks.some(({ call }) => call?.manager === 'composer')) return undefined;
    const vague = builds ? unresolved(view) : undefined;
    if (vague) return releaseUnknown(view, vague);
    if (!builds || !installsForBuilding(view)) {
      const why = `${fromWord.value} has its compiler by design, and nothing else is installed for building extensions`;
      return { code: 'already-minimal', why };
    }
    return planOf(view);
  },
};

/** docker-php-ext-install, pecl install, and what puts sources where they look for them. */
function buildsExtension(view: View, { command }: Task): boolean {
  if (BUILDS.test(command.program ?? '')) return true;
  return view.document.text.slice(command.start, command.end).includes('/usr/src/php');
}

function planOf(view: View): Plan | Obstacle {
  const atStart = installsAtStart(view);
  if (atStart) return atStart;
  const cut = aroundInstall(view, {
    isInstall: (task) => buildsExtension(view, task) || feedsExtension(view, task),
    isManifest: () => false,
    isTool: () => false,
    // the runtime stage has the same image: everything runs there as before
    isRun: ({ effect, call }) => !TENDS.has(effect) || (effect === 'none' && call !== undefined),
    starts: [],
    needs: () => new Map(),
  });
  if (!cut) return { code: 'unknown-effect', why: 'no extension is built' };
  if (isObstacle(cut)) return cut;
  const lost = cut.packages.filter(({ kind }) => kind === 'build' || kind === 'library').map(({ name }) => name);
  return {
    title: 'Build the PHP extensions in a stage of their own',
    why: `The runtime stage takes over the built extensions, and leaves behind what only their compilation needs: ${inWords([...new Set(lost)])}. The compiler of the image itself stays: it has no smaller variant.`,
    evidence: [view.fact(cut.first.instruction)],
    doubts: [...cut.doubts, ...view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`)],
    image: view.stage.fromWord.value,
    placements: withoutSource(view, cut.placements),
    additions: additionsOf(view, cut),
  };
}

/** Commands that go wherever the packages or their neighbours go, and builds whose result nobody knows. */
const TENDS: ReadonlySet<Task['effect']> = new Set(['packages', 'index', 'clean', 'none', 'shell', 'tool']);

/** `curl -o /tmp/redis.tgz ..` for `pecl install /tmp/redis.tgz`: the same path in both. */
function feedsExtension(view: View, { command }: Task): boolean {
  const paths = command.args.flatMap(({ literal }) => (literal?.startsWith('/tmp/') ? [literal] : []));
  return view.steps
    .flatMap(({ tasks }) => tasks)
    .some((task) => buildsExtension(view, task) && paths.some((path) => taskText(view, task).includes(path)));
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

function additionsOf(view: View, { takeOver }: AroundInstall): Plan['additions'] {
  const copies = FOLDERS.map((folder) => `${view.keyword('COPY')} --from=${view.builder} ${folder} ${folder}`);
  return [{ stage: 'runtime', before: takeOver, text: copies.join('\n') }];
}
