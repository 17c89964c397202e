/** Variables that a build writes into the files of a front end: who reads them, and who sets them. */

import { SOURCE_NAME } from '../../../src/knowledge/run-time.ts';
import { lineAt } from '../../../src/project/calls.ts';
import { environmentOf } from '../../../src/project/compose-service.ts';
import type { Fact } from '../../../src/project/manifests.ts';
import type { View } from '../types.ts';
import { dotenv, type SiteServer } from './server.ts';

const FILE_LIMIT = 2000;
const SOURCE = /\.(?:vue|svelte|astro|html)$/;

/** The variables with the prefix of the framework that the source reads, and the first place of each. */
export function variablesRead({ runtime, project }: View, { framework }: SiteServer): ReadonlyMap<string, Fact> {
  const found = new Map<string, Fact>();
  if (!framework) return found;
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    if (!SOURCE_NAME.test(path) && !SOURCE.test(path)) continue;
    const text = project.read(path) ?? '';
    for (const match of text.matchAll(/\b(?:process\.env|import\.meta\.env)\.([A-Z][A-Z0-9_]*)\b/g)) {
      const name = match[1] as string;
      if (!framework.variables.test(name) || found.has(name)) continue;
      found.set(name, { file: project.rootPath(path), line: lineAt(text, match.index), says: match[0] });
    }
  }
  return found;
}

/** Those that no instruction and no .env file at hand gives to a build. */
export function variablesMissing(view: View, site: SiteServer): readonly (readonly [string, Fact])[] {
  const { env } = view.stage.end;
  const set = (name: string) =>
    env.has(name) ||
    view.stage.instructions.some(({ keyword, pairs }) => keyword === 'ARG' && pairs.some((it) => it.name === name)) ||
    ['.env', '.env.production'].some((file) => dotenv(view, site.facts, name, file) !== undefined);
  return [...variablesRead(view, site)].filter(([name]) => !set(name));
}

/** A variable of the build that a compose file gives to the container, where nothing reads it. */
export function givenTooLate({ project }: View, { framework }: SiteServer): string | undefined {
  for (const { service, file = '' } of project.contexts) {
    const name = service && [...environmentOf(service.fields).keys()].find((it) => framework?.variables.test(it));
    if (name !== undefined)
      return `${file}:${service?.lineOf('environment')} gives ${name} to the container, where nothing reads it`;
  }
  return undefined;
}
