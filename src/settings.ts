/**
 * Settings of one Dockerfile: the closest configuration file above it, taken whole, with the flags on top.
 * A configuration file is `redock.yaml`, `redock.yml` or `redock.json`.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Document, LineCounter, Node, YAMLMap } from 'yaml';
import { anchorPattern } from './discover.ts';
import { LEVELS } from './edit.ts';
import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { OptionSpec, Transform } from './transform.ts';
import { normalisePath, type Tree } from './tree.ts';

export type SettingsLevel = 'safe' | 'review' | 'risky';

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
const LEVEL_NAMES: readonly string[] = LEVELS.filter((level) => level !== 'manual');
const KEYS = ['only', 'skip', 'level', 'exclude', 'set', 'context'] as const;

/** One option of one transform that was set. */
export interface SetOption {
  readonly transform: string;
  readonly key: string;
  readonly value: string | boolean;
}

/** What a configuration file says. */
interface Config {
  only?: string[];
  skip: string[];
  level?: SettingsLevel;
  exclude: string[];
  set: SetOption[];
  context?: string;
}

function checkName(name: string, transforms: readonly Transform[]): Transform {
  const found = transforms.find((transform) => transform.name === name);
  if (found) return found;
  throw new UsageError(
    `unknown transform "${name}"${didYouMean(
      name,
      transforms.map((transform) => transform.name),
    )}`,
  );
}

function checkLevel(value: string): SettingsLevel {
  if (LEVEL_NAMES.includes(value)) return value as SettingsLevel;
  throw new UsageError(
    `unknown level "${value}"${didYouMean(value, LEVEL_NAMES) || `; it is one of ${LEVEL_NAMES.join(', ')}`}`,
  );
}

function checkValue(name: string, spec: OptionSpec, value: string): string | boolean {
  if (spec.kind === 'string') return value;
  if (spec.kind === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true';
    throw new UsageError(`${name} is true or false, not "${value}"`);
  }
  if (spec.choices.includes(value)) return value;
  throw new UsageError(
    `${name} cannot be "${value}"${didYouMean(value, spec.choices) || `; it is one of ${spec.choices.join(', ')}`}`,
  );
}

function checkOption(transform: string, key: string, value: string, transforms: readonly Transform[]): SetOption {
  const { options } = checkName(transform, transforms);
  const spec = Object.hasOwn(options, key) ? options[key] : undefined;
  if (spec) return { transform, key, value: checkValue(`${transform}.${key}`, spec, value) };
  const keys = Object.keys(options);
  const tail = keys.length === 0 ? '; it has none' : didYouMean(key, keys) || `; it has ${keys.join(', ')}`;
  throw new UsageError(`${transform} has no option "${key}"${tail}`);
}

/**
 * Reads `transform.key=value`; `transform.key` alone sets a boolean option to true.
 * @throws UsageError: another form, an unknown name, a value that the option does not take.
 */
export function parseSet(text: string, transforms: readonly Transform[]): SetOption {
  const parts = /^([^.=]+)\.([^.=]+)(?:=([\s\S]*))?$/.exec(text);
  if (!parts) throw new UsageError(`"${text}" is not of the form transform.key=value`);
  return checkOption(parts[1] as string, parts[2] as string, parts[3] ?? 'true', transforms);
}

/** Reads a configuration file's text. `name` is its path for messages. */
async function parseConfig(name: string, text: string, transforms: readonly Transform[]): Promise<Config> {
  const yaml = await import('yaml');
  const lines: LineCounter = new yaml.LineCounter();
  const documents = yaml.parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const config: Config = { skip: [], exclude: [], set: [] };
  if (!Array.isArray(documents) || documents.length === 0) return config;
  const fail = (node: { range?: readonly number[] | null | undefined } | undefined, message: string): never => {
    throw new UsageError(`${name}:${lines.linePos(node?.range?.[0] ?? 0).line}: ${message}`);
  };
  const document = documents[0] as Document.Parsed;
  const [error] = document.errors;
  if (error) throw new UsageError(`${name}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  if (documents[1]) fail(documents[1].contents as Node, 'holds more than one document');

  const resolve = (node: unknown): Node => (yaml.isAlias(node) ? (node.resolve(document) ?? node) : node) as Node;
  const at = <T>(node: Node, check: () => T): T => {
    try {
      return check();
    } catch (problem) {
      return problem instanceof UsageError ? fail(node, problem.message) : fail(node, String(problem));
    }
  };
  const word = (node: unknown, what: string): string => {
    const scalar = resolve(node);
    if (yaml.isScalar(scalar) && scalar.value !== null)
      return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
    return fail((node as Node) ?? document.contents, `${what} is not a single value`);
  };
  const words = (node: unknown, what: string): { text: string; node: Node }[] => {
    const list = resolve(node);
    if (!yaml.isSeq(list)) return fail((node as Node) ?? document.contents, `${what} is not a list`);
    return list.items.map((item) => ({ text: word(item, `an entry of ${what}`), node: item as Node }));
  };
  const names = (node: unknown, what: string): string[] =>
    words(node, what).map((entry) => at(entry.node, () => checkName(entry.text, transforms).name));

  const readSet = (node: unknown, prefix: string): void => {
    const map = resolve(node);
    if (!yaml.isMap(map)) fail((node as Node) ?? document.contents, `${prefix || 'set'} is not a map`);
    for (const { key, value } of (map as YAMLMap).items) {
      const path = prefix === '' ? word(key, 'a key') : `${prefix}.${word(key, 'a key')}`;
      if (yaml.isMap(resolve(value))) {
        if (prefix !== '') fail(key as Node, `${path} is not a single value`);
        at(key as Node, () => checkName(path, transforms));
        readSet(value, path);
      } else config.set.push(at(key as Node, () => parseSet(`${path}=${word(value, path)}`, transforms)));
    }
  };

  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && contents.value === null)) return config;
  if (!yaml.isMap(contents)) return fail(contents as Node, 'is not a map of settings');
  for (const { key, value } of contents.items) {
    const setting = word(key, 'a key');
    switch (setting) {
      case 'only':
        config.only = names(value, setting);
        break;
      case 'skip':
        config.skip = names(value, setting);
        break;
      case 'exclude':
        config.exclude = words(value, setting).map((entry) => entry.text);
        break;
      case 'level':
        config.level = at(value as Node, () => checkLevel(word(value, setting)));
        break;
      case 'context':
        config.context = word(value, setting);
        break;
      case 'set':
        readSet(value, '');
        break;
      default:
        fail(
          key as Node,
          `unknown key "${setting}"${didYouMean(setting, KEYS) || `; the keys are ${KEYS.join(', ')}`}`,
        );
    }
  }
  return config;
}

/** What was found and parsed, by folder and by path: 10,000 Dockerfiles share a handful of configuration files. */
interface Known {
  readonly closest: Map<string, string | undefined>;
  readonly configs: Map<string, Promise<Config>>;
}
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
): Promise<Config> {
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
      const found = await parseConfig(name, text.replace(/^\uFEFF/, ''), transforms);
      // A file that was named may lie anywhere: it speaks about the root. The others speak about their own folder.
      const folder = file === undefined ? folderOf(name) : '';
      found.exclude = found.exclude.map((pattern) => anchorPattern(pattern, folder));
      if (found.context !== undefined) found.context = checkContext(tree, below(folder, found.context), `${name}: `);
      return found;
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

/**
 * The settings for one Dockerfile (`path` relative to the root; a folder's settings: `folder/.`).
 * `only`, `level`, `context` and single options of a flag replace those of the file; `skip` and `exclude` add to them,
 * but a transform that `--only` names runs although the file skips it.
 * `configFile`: take this file (a path for the file system) instead of the closest one; `noConfig`: take none.
 * @throws UsageError with file and line
 */
export async function resolveSettings(request: {
  readonly tree: Tree;
  readonly path: string;
  readonly flags: SettingsFlags;
  readonly noConfig?: boolean | undefined;
  readonly configFile?: string | undefined;
  readonly transforms: readonly Transform[];
}): Promise<Settings> {
  const { tree, path, flags, transforms } = request;
  const named = request.noConfig ? undefined : request.configFile;
  const closest = request.noConfig || named !== undefined ? undefined : findConfig(tree, folderOf(path));
  const config = await loadConfig(tree, closest, named, transforms);

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
