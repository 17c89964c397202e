/**
 * Settings of one Dockerfile: the closest configuration file above it, taken whole, with the flags on top.
 * A configuration file is `redock.yaml`, `redock.yml` or `redock.json`.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { type Config, parseConfig } from './config-file.ts';
import { anchorPattern } from './discover.ts';
import { UsageError } from './errors.ts';
import { normalisePath } from './normalise-path.ts';
import { checkLevel, checkName, parseSet, type SettingsLevel } from './options.ts';
import type { Transform } from './transform.ts';
import type { Tree } from './tree.ts';

export { parseSet, type SetOption, type SettingsLevel } from './options.ts';

/** What holds for one Dockerfile. */
export interface Settings {
  /** Names of the transforms that run; absent: all. */
  only?: string[];
  skip: string[];
  level: SettingsLevel;
  /** By transform, every option of it: what was set, else its default. */
  options: Record<string, Record<string, string | boolean>>;
  /** Patterns in the grammar of .gitignore, relative to the root. */
  exclude: string[];
  /** The build context relative to the root, when it was said. */
  context?: string;
}

/** The flags as they were typed; `context` and `exclude` relative to the root. */
export interface SettingsFlags {
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly level?: string | undefined;
  /** `transform.key=value` */
  readonly set?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly context?: string | undefined;
}

export const CONFIG_NAMES = ['redock.yaml', 'redock.yml', 'redock.json'] as const;

/** What was found and parsed, by folder and by path: 10,000 Dockerfiles share a handful of configuration files. */
interface Known {
  readonly closest: Map<string, string | undefined>;
  readonly configs: Map<string, Promise<Loaded>>;
}

/** A configuration file with its paths relative to the root. */
type Loaded = Omit<Config, 'context'> & { readonly context?: string };

const knownOf = new WeakMap<Tree, Known>();

function knownIn(tree: Tree): Known {
  const known = knownOf.get(tree) ?? { closest: new Map(), configs: new Map() };
  knownOf.set(tree, known);
  return known;
}

/** The closest configuration file at or above a folder, up to the root. @throws UsageError: two in one folder. */
function findConfig(tree: Tree, folder: string): string | undefined {
  const { closest } = knownIn(tree);
  if (closest.has(folder)) return closest.get(folder);
  const here = tree.list(folder).filter((name) => (CONFIG_NAMES as readonly string[]).includes(name));
  const found = here.map((name) => posix.join(folder, name)).filter((path) => tree.kind(path) === 'file');
  if (found.length > 1)
    throw new UsageError(`${found.join(' and ')}: there can be only one configuration file in a folder`);
  const config = found[0] ?? (folder === '' ? undefined : findConfig(tree, folderOf(folder)));
  closest.set(folder, config);
  return config;
}

const folderOf = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));

async function loadConfig(
  tree: Tree,
  path: string | undefined,
  file: string | undefined,
  transforms: readonly Transform[],
): Promise<Loaded> {
  const name = file ?? path;
  if (name === undefined) return { skip: [], exclude: [], set: [] };
  const { configs } = knownIn(tree);
  let config = configs.get(name);
  if (!config) {
    config = (async () => {
      let text: string | undefined;
      try {
        text = file === undefined ? tree.read(name) : readFileSync(file, 'utf8');
      } catch (error) {
        throw new UsageError(`${name}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
      }
      if (text === undefined) throw new UsageError(`${name}: cannot be read as UTF-8 text`);
      const { context, ...found } = await parseConfig(name, text.replace(/^\uFEFF/, ''), transforms);
      // A file that was named may lie anywhere: it speaks about the root. The others speak about their own folder.
      const folder = file === undefined ? folderOf(name) : '';
      return {
        ...found,
        exclude: found.exclude.map((pattern) => anchorPattern(pattern, folder)),
        ...(context && { context: checkContext(tree, below(folder, context.text), `${name}:${context.line}: `) }),
      };
    })();
    configs.set(name, config);
  }
  return config;
}

const below = (folder: string, path: string): string => (path.startsWith('/') ? path : posix.join(folder, path));

function checkContext(tree: Tree, context: string, prefix: string): string {
  const path = normalisePath(context);
  if (path === undefined) throw new UsageError(`${prefix}the context ${context} lies outside of the root folder`);
  if (tree.kind(path) !== 'dir') throw new UsageError(`${prefix}the context ${context} is not a folder`);
  return path;
}

/** What settings are made of, but for the Dockerfile. */
export interface SettingsRequest {
  readonly tree: Tree;
  readonly flags: SettingsFlags;
  /** Take no configuration file. */
  readonly noConfig?: boolean | undefined;
  /** Take this file (a path for the file system) instead of the closest one. */
  readonly configFile?: string | undefined;
  readonly transforms: readonly Transform[];
}

/**
 * The settings of each Dockerfile (path relative to the root; of a folder: `folder/.`), put together once for each
 * configuration file. `only`, `level`, `context` and single options of a flag replace those of the file; `skip` and
 * `exclude` add to them, but a transform that `--only` names runs although the file skips it.
 * What is returned throws UsageError with file and line.
 */
export function settingsFor(request: SettingsRequest): (path: string) => Promise<Settings> {
  const { tree, noConfig, configFile, transforms } = request;
  const known = new Map<string | undefined, Promise<Settings>>();
  return async (path) => {
    const closest = noConfig || configFile !== undefined ? undefined : findConfig(tree, folderOf(path));
    let settings = known.get(closest);
    if (!settings) {
      const config = loadConfig(tree, closest, noConfig ? undefined : configFile, transforms);
      settings = config.then((loaded) => merge(loaded, request));
      known.set(closest, settings);
    }
    return settings;
  };
}

/** The settings of one Dockerfile: see `settingsFor`. */
export const resolveSettings = ({ path, ...request }: SettingsRequest & { readonly path: string }): Promise<Settings> =>
  settingsFor(request)(path);

function merge(config: Loaded, { tree, flags, transforms }: SettingsRequest): Settings {
  const only = flags.only?.map((name) => checkName(name, transforms).name);
  const skip = flags.skip?.map((name) => checkName(name, transforms).name) ?? [];
  const set = [...config.set, ...(flags.set ?? []).map((text) => parseSet(text, transforms))];
  const options: Settings['options'] = {};
  for (const { name, options: specs } of transforms) {
    options[name] = Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.default]));
  }
  for (const { transform, key, value } of set) (options[transform] as Record<string, string | boolean>)[key] = value;

  const context = flags.context === undefined ? config.context : checkContext(tree, flags.context, '');
  const taken = only ?? config.only;
  return {
    ...(taken === undefined ? {} : { only: [...taken] }),
    skip: [...new Set([...config.skip.filter((name) => !only?.includes(name)), ...skip])],
    level: flags.level === undefined ? (config.level ?? 'review') : checkLevel(flags.level),
    options,
    exclude: [...config.exclude, ...(flags.exclude ?? [])],
    ...(context === undefined ? {} : { context }),
  };
}
