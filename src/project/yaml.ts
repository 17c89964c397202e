/** YAML as plain values, with the lines of its keys. The library is handed in, because it is loaded only when it is needed. */
import type { Node, Pair } from 'yaml';

export type Yaml = typeof import('yaml');

/** Loads the library. In a bundle with split chunks a CommonJS package has only its `default`, elsewhere it has both. */
export async function loadYaml(): Promise<Yaml> {
  const module: Yaml & { readonly default?: Yaml } = await import('yaml');
  return module.default ?? module;
}

export interface YamlDocument {
  readonly value: unknown;
  /** The line (1-based) of the key at a path, or of the deepest key above it that is written out (aliases, merges). */
  lineOf(path: readonly (string | number)[]): number;
}

/** Every document of a text; [] when one of them is broken. */
export function parseYaml(yaml: Yaml, text: string): YamlDocument[] {
  const lines = new yaml.LineCounter();
  try {
    const documents = yaml.parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return [];
    return documents.map((document) => ({
      value: document.toJS(),
      lineOf(path) {
        let node: unknown = document.contents;
        let offset = document.contents?.range?.[0] ?? 0;
        for (const step of path) {
          if (yaml.isAlias(node)) node = node.resolve(document);
          let next: unknown;
          if (yaml.isMap(node)) {
            const pair = (node.items as Pair[]).find(
              ({ key }) => (yaml.isScalar(key) ? String(key.value) : key) === String(step),
            );
            if (!pair) break;
            offset = (pair.key as Node | undefined)?.range?.[0] ?? offset;
            next = pair.value;
          } else if (yaml.isSeq(node)) {
            next = node.items[Number(step)];
            offset = (next as Node | undefined)?.range?.[0] ?? offset;
          } else break;
          node = next;
        }
        return lines.linePos(offset).line;
      },
    }));
  } catch {
    return []; // an alias without its anchor, or aliases that unfold without end
  }
}
