/** What the configuration of a framework says, as far as it is written as fixed text. */
import { callArguments, keyed, lineAt, withoutComments } from '../../../src/project/calls.ts';
import { type Fact, presentIn } from '../../../src/project/manifests.ts';
import type { Project } from '../../../src/project/project.ts';

export interface SiteConfig {
  /** Relative to the context. */
  readonly file: string;
  /** Comments taken away. */
  readonly text: string;
}

/** The configuration files of the names given, in a folder of the context. */
export function configsIn(project: Project, dir: string, names: readonly string[]): readonly SiteConfig[] {
  return presentIn(project, dir, names).map((file) => ({
    file,
    text: withoutComments(project.read(file) ?? '', 'c'),
  }));
}

/** The value of a name, wherever it stands: its text, or 'unknown' when it is an expression or two values differ. */
export function valueOf(
  configs: readonly SiteConfig[],
  names: readonly string[],
): (Fact & { value: string | undefined }) | undefined {
  for (const { file, text } of configs) {
    for (const name of names) {
      const found = [...text.matchAll(new RegExp(`(?:^|[\\s{,(])['"]?${name}['"]?\\s*:\\s*([^\\n,}]+)`, 'g'))];
      const [first] = found;
      if (!first) continue;
      const values = found.map((it) => /^(['"`])([^'"`$]*)\1$/.exec((it[1] as string).trim())?.[2]);
      const fact = { file, line: lineAt(text, first.index + first[0].search(/\S/)), says: first[0].trim() };
      return { ...fact, value: new Set(values).size === 1 ? values[0] : undefined };
    }
  }
  return undefined;
}

/** Where a name is written. */
export function mention(configs: readonly SiteConfig[], pattern: RegExp): Fact | undefined {
  for (const { file, text } of configs) {
    const match = pattern.exec(text);
    if (match) return { file, line: lineAt(text, match.index + match[0].search(/\S/)), says: match[0].trim() };
  }
  return undefined;
}

/** An entry of an object of the configuration: `server: { port: 3000 }`. */
export function inBlock(
  configs: readonly SiteConfig[],
  block: string,
  key: string,
): (Fact & { value: string }) | undefined {
  for (const { file, text } of configs) {
    const open = new RegExp(`(?:^|[\\s{,(])${block}\\s*:\\s*\\{`).exec(text);
    if (!open) continue;
    const at = open.index + open[0].length - 1;
    const value = keyed(callArguments(text, at) ?? [], [key]);
    if (value !== undefined)
      return { file, line: lineAt(text, at), says: `${block}: { ${key}: ${value.split('\n')[0]} }`, value };
  }
  return undefined;
}
