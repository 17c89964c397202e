/** composer.json. */
import { type Fact, isRecord, lineOf, textEntries, within } from './manifests.ts';
import type { Project } from './project.ts';

export interface PhpFacts {
  readonly manifest: string;
  readonly text: string;
  /** Names of what is required, for development too. */
  readonly requires: readonly string[];
  /** Plugins that may run. `all` for `allow-plugins: true`. */
  readonly plugins: readonly string[] | 'all';
  /** Repositories of the file system (`path`, `artifact`), patches, merged files: what says so. */
  readonly local: readonly Fact[];
}

/** Reads composer.json of a folder; undefined: there is none; `broken`: no JSON object. */
export function phpFacts(project: Project, dir: string): PhpFacts | 'broken' | undefined {
  const manifest = within(dir, 'composer.json');
  const text = manifest === undefined ? undefined : project.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return 'broken';
  }
  if (!isRecord(root)) return 'broken';
  const fact = (needle: string): Fact => {
    const line = lineOf(text, needle);
    return { file: manifest, ...(line !== undefined && { line }), says: needle };
  };
  const repositories = isRecord(root.repositories) ? Object.values(root.repositories) : root.repositories;
  const types = Array.isArray(repositories) ? repositories.map((it) => (isRecord(it) ? it.type : undefined)) : [];
  const extra = isRecord(root.extra) ? root.extra : {};
  const allowed = isRecord(root.config) ? root.config['allow-plugins'] : undefined;
  return {
    manifest,
    text,
    requires: [root.require, root['require-dev']].flatMap((group) => textEntries(group).map(([name]) => name)),
    plugins:
      allowed === true
        ? 'all'
        : isRecord(allowed)
          ? Object.entries(allowed).flatMap(([name, on]) => (on === false ? [] : [name]))
          : [],
    local: [
      ...(types.includes('path') || types.includes('artifact') ? [fact('"repositories"')] : []),
      ...['patches', 'patches-file', 'merge-plugin'].filter((key) => key in extra).map((key) => fact(`"${key}"`)),
    ],
  };
}
