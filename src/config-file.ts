/** The text of a configuration file, checked. */
import type { Document, LineCounter, Node, YAMLMap } from 'yaml';
import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import { checkLevel, checkName, parseSet, type SetOption, type SettingsLevel } from './options.ts';
import { loadYaml } from './project/yaml.ts';
import type { Transform } from './transform.ts';

const KEYS = ['only', 'skip', 'level', 'exclude', 'set', 'context'] as const;

/** What a configuration file says. */
export interface Config {
  only?: string[];
  skip: string[];
  level?: SettingsLevel;
  exclude: string[];
  set: SetOption[];
  context?: { readonly text: string; readonly line: number };
}

/**
 * Reads the text of a configuration file. `name` is its path for messages.
 * @throws UsageError with file and line
 */
export async function parseConfig(name: string, text: string, transforms: readonly Transform[]): Promise<Config> {
  const yaml = await loadYaml();
  const lines: LineCounter = new yaml.LineCounter();
  const documents = yaml.parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const config: Config = { skip: [], exclude: [], set: [] };
  if (!Array.isArray(documents) || documents.length === 0) return config;
  const lineOf = (node: { range?: readonly number[] | null | undefined } | null | undefined): number =>
    lines.linePos(node?.range?.[0] ?? 0).line;
  const fail = (node: Node | null | undefined, message: string): never => {
    throw new UsageError(`${name}:${lineOf(node)}: ${message}`);
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
      return fail(node, (problem as Error).message);
    }
  };
  const word = (node: unknown, what: string): string => {
    const scalar = resolve(node);
    if (yaml.isScalar(scalar) && scalar.value !== null) {
      // `3.10` is a number to YAML and a version to the user.
      return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
    }
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
      if (prefix === '' && yaml.isMap(resolve(value))) {
        at(key as Node, () => checkName(path, transforms));
        readSet(value, path);
      } else {
        const text = `${path}=${word(value, path)}`;
        config.set.push(at(key as Node, () => parseSet(text, transforms)));
      }
    }
  };

  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && contents.value === null)) return config;
  if (!yaml.isMap(contents)) return fail(contents as Node, 'is not a map of settings');
  let level = '';
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
        level = word(value, setting);
        config.level = at(value as Node, () => checkLevel(level));
        break;
      case 'context':
        config.context = { text: word(value, setting), line: lineOf(value as Node) };
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
