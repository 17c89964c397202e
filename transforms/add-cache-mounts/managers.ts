/** What is particular to one package manager: which of its caches, which folders of it, when none. */
import { once } from '../../src/document/once.ts';
import type { Document } from '../../src/document.ts';
import { type CacheName, type CachePath, type ManagerName, RPM_CACHES } from '../../src/knowledge/package-managers.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import { copiedFile, hasFlag, imagePath, type Run, rowOf, type Use, variable } from './run.ts';

/** How a use differs from what its row says. */
export interface Fit {
  readonly paths: readonly CachePath[];
  readonly id?: string;
  /** Words for every call, written behind its verb. */
  readonly insert?: string;
  /** Flags that are taken out of every call. */
  readonly drop?: readonly string[];
  /** An ARG that the stage has to declare. */
  readonly arg?: string;
}

/** The cache that a manager uses here: version 1 of yarn and the later ones share nothing. */
export function cacheOf(run: Run, manager: ManagerName, calls: readonly Invocation[]): CacheName {
  return manager === 'yarn' ? yarnGeneration(run, calls) : manager;
}

function yarnGeneration(run: Run, calls: readonly Invocation[]): 'yarn1' | 'yarn-berry' {
  const read = (name: string): string => {
    const path = copiedFile(run, name, calls[0]?.cwd);
    return (path === undefined ? undefined : run.project.read(path)) ?? '';
  };
  if (calls.every((call) => call.verb.startsWith('global'))) return 'yarn1';
  if (calls.some((call) => call.verb === 'workspaces focus' || hasFlag(call, '--immutable'))) return 'yarn-berry';
  const chosen = /"packageManager"\s*:\s*"yarn@(\d+)/.exec(read('package.json'))?.[1];
  if (chosen !== undefined) return chosen === '1' ? 'yarn1' : 'yarn-berry';
  if (/^__metadata:/m.test(read('yarn.lock')) || read('.yarnrc.yml') !== '') return 'yarn-berry';
  return /yarn@(?:[2-9]|berry|stable)|set version (?!1|classic)/.test(run.instruction.args.text)
    ? 'yarn-berry'
    : 'yarn1';
}

/** @throws Stop where the manager keeps nothing that a mount could keep, or needs it in the image */
export function particulars(use: Use, options: { readonly apk: string }): Fit {
  const { paths } = rowOf(use.cache);
  const own = SPECIAL[use.cache];
  return own ? own(use, options) : { paths };
}

type Special = (use: Use, options: { readonly apk: string }) => Fit;

const SPECIAL: { readonly [C in CacheName]?: Special } = {
  pip(use) {
    for (const { verb, program, flags } of use.calls) {
      if (verb === 'download') stop('nothing-kept', 'pip download keeps the packages where it is told to');
      if (/easy_install|setup\.py/.test(program)) stop('nothing-kept', `${program} has no cache`);
      if (flags.some(({ raw }) => raw === '--no-index')) stop('nothing-kept', 'with --no-index pip fetches nothing');
    }
    if (use.calls.every((call) => areWheelsAtHand(use.run.document, call))) {
      stop('nothing-kept', 'the wheels were all made before, with those they need: nothing is fetched');
    }
    return { paths: rowOf('pip').paths };
  },
  poetry(use) {
    if (use.calls.every(({ verb }) => verb === 'build')) {
      stop('nothing-kept', 'poetry build packs what is there and fetches next to nothing');
    }
    return { paths: rowOf('poetry').paths };
  },
  uv(use) {
    if (use.calls.every((call) => call.verb === 'run' && hasFlag(call, '--no-sync'))) {
      stop('nothing-kept', 'with --no-sync uv run fetches nothing');
    }
    for (const call of use.calls) {
      const mode = call.command.value('--link-mode') ?? variable(use.run, call.command, 'UV_LINK_MODE')?.value;
      if (mode === 'symlink') stop('path-used', 'with the link mode symlink the environment points into the cache');
      if (call.verb === 'tool run')
        stop('needed-at-run-time', 'uvx runs programs from its cache: the image may rely on it');
    }
    return { paths: rowOf('uv').paths };
  },
  'yarn-berry'(use) {
    const path = copiedFile(use.run, '.yarnrc.yml', use.calls[0]?.cwd);
    const settings = (path === undefined ? undefined : use.run.project.read(path)) ?? '';
    const manifest = copiedFile(use.run, 'package.json', use.calls[0]?.cwd);
    const text = (manifest === undefined ? undefined : use.run.project.read(manifest)) ?? '';
    if (!/^nodeLinker:\s*["']?(?:node-modules|pnpm)\b/m.test(settings)) {
      stop('yarn-pnp', "yarn's Plug'n'Play runs the packages from its cache: the image needs it");
    }
    if (/^nodeLinker:\s*["']?pnpm/m.test(settings))
      stop('yarn-pnp', 'with nodeLinker: pnpm the packages are links into a store');
    const version = Number(
      /"packageManager"\s*:\s*"yarn@(\d+)/.exec(text)?.[1] ?? /yarn-(\d+)\.[\d.]+\.c?js/.exec(settings)?.[1],
    );
    if (!(version >= 4) && !/^enableGlobalCache:\s*true/m.test(settings)) {
      stop(
        'yarn-local-cache',
        'before version 4 yarn keeps the packages in the project unless enableGlobalCache says otherwise',
      );
    }
    return { paths: rowOf('yarn-berry').paths };
  },
  pnpm(use) {
    if (use.calls.some((call) => call.global)) {
      stop('pnpm-global', 'programs that pnpm installs globally may be links into its store: the image needs it');
    }
    return { paths: rowOf('pnpm').paths };
  },
  go(use) {
    const [modules, builds] = rowOf('go').paths as [CachePath, CachePath];
    const vendored = (call: Invocation): boolean => {
      const flags = variable(use.run, call.command, 'GOFLAGS')?.value ?? '';
      return call.command.value('-mod') === 'vendor' || /-mod=vendor/.test(flags);
    };
    return { paths: use.calls.every(vendored) ? [builds] : [modules, builds] };
  },
  maven(use) {
    for (const call of use.calls) {
      const isSet = ['-s', '--settings'].find((flag) => hasFlag(call, flag));
      const path = isSet && call.command.value(isSet);
      const text = path === undefined || path.startsWith('/') ? undefined : use.run.project.read(path);
      if (isSet && (text === undefined || text.includes('<localRepository>'))) {
        stop('cache-moved', `${path ?? 'the settings file'} may put the repository elsewhere`);
      }
    }
    return { paths: rowOf('maven').paths };
  },
  apk(use, options) {
    if (options.apk !== 'mount') {
      if (use.calls.every((call) => hasFlag(call, '--no-cache'))) {
        stop(
          'apk-no-cache',
          'apk --no-cache leaves nothing behind already, and a mount would save little (option apk)',
        );
      }
      stop('apk-kept', 'what apk fetches is small: a mount would save little (option apk)');
    }
    return { paths: rowOf('apk').paths, id: 'apk-$TARGETARCH', drop: ['--no-cache'], arg: 'TARGETARCH' };
  },
  dnf: rpm,
  yum: rpm,
  microdnf() {
    return stop('microdnf-keeps-nothing', 'microdnf has no setting to keep what it downloaded');
  },
  zypper(use) {
    const image = imagePath(use.run.stage);
    if (!image || !use.run.stage.base)
      stop('unknown-base', 'releases use the same names for their repositories: the cache has to be one per release');
    // repositories of all releases have the same names
    return { paths: rowOf('zypper').paths, id: `zypp-${`${image.path}-${image.tag}`.replace(/[^\w.-]+/g, '-')}` };
  },
};

/** `pip install /wheels/*` behind `pip wheel -w /wheels`, which makes the wheels of all dependencies. */
function areWheelsAtHand(document: Document, { verb, operands, command }: Invocation): boolean {
  if (verb !== 'install' || operands.length === 0 || command.has('-r', '--requirement')) return false;
  const folders = wheelFolders(document);
  return operands.every(({ raw }) => folders.has(/^(.+)\/\*(?:\.whl)?$/.exec(raw)?.[1] ?? ''));
}

/** Folders that a `pip wheel` of the file fills, with all dependencies. */
const wheelFolders = once((document: Document): ReadonlySet<string> => {
  const calls = [...document.runs()].flatMap(({ script }) => script.commands.flatMap((it) => invocation(it) ?? []));
  const wheels = calls.filter(
    ({ manager, verb, command }) => manager === 'pip' && verb === 'wheel' && !command.has('--no-deps'),
  );
  return new Set(wheels.flatMap(({ command }) => command.value('-w', '--wheel-dir')?.replace(/(?<=.)\/+$/, '') ?? []));
});

function rpm(use: Use): Fit {
  const image = imagePath(use.run.stage);
  const row = image && RPM_CACHES.find((it) => it.image.test(image.path) && it.tag.test(image.tag));
  if (!row)
    return stop(
      'unknown-base',
      `whether ${use.manager} of this image is yum, dnf 4 or dnf 5 is not known: each has another folder`,
    );
  return { paths: [{ path: row.path }], insert: '--setopt=keepcache=1', drop: ['--setopt=keepcache=0'] };
}
