/** Files at the root of the context that are for people, editors and other machines: only in a file that is made anew. */

import { posix } from 'node:path';
import { type ContextUse, takes } from '../../src/context-use.ts';
import { isDockerfileName } from '../../src/discover.ts';
import { OUTSIDE_THE_IMAGE } from '../../src/knowledge/context-leftovers.ts';
import type { Topic } from '../../src/knowledge/context-readers.ts';
import { mention } from '../../src/project/mentions.ts';
import { COMPOSE_FILE } from '../../src/project/places.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { escaped, foldersOf } from './leftovers.ts';

/** The patterns of those that are there, unless a Dockerfile names them or a source file opens them. */
export function outsidePatterns(project: Project, survey: Survey, all: readonly ContextUse[]): string[] {
  const own = all
    .filter(({ path }) => posix.dirname(path) === (survey.dir || '.'))
    .map(({ path }) => posix.basename(path));
  const files = [...new Set([...(foldersOf(survey).get('') ?? []), ...own])].sort();
  const top = [...files, ...survey.folders.filter((path) => !path.includes('/'))];
  const isOpened = (topic: Topic) => typeof mention(project, topic) === 'object';
  const found: string[] = OUTSIDE_THE_IMAGE.filter((name) => top.includes(name));
  const dockerfiles = files.filter(isDockerfileName);
  if (dockerfiles.length > 0 && !isOpened('dockerfile')) {
    const plain = dockerfiles.filter((name) => name.startsWith('D'));
    const others = dockerfiles.filter((name) => !name.startsWith('D'));
    found.push(...shortened(plain, top, 'Dockerfile'), ...shortened(others, top, '', '.dockerfile'));
  }
  // what is made here is a new file of the context: it is not copied either
  found.push('.dockerignore');
  const compose = files.filter((name) => COMPOSE_FILE.test(name));
  if (compose.length > 0 && !isOpened('compose')) {
    for (const start of ['docker-compose', 'compose']) {
      const names = compose.filter((name) => name.startsWith(start));
      found.push(...shortened(names, top, start));
    }
  }
  return found.filter((pattern) => !isNamed(all, pattern));
}

function isNamed(all: readonly ContextUse[], pattern: string): boolean {
  const name = pattern.replace(/\*.*$/, '');
  // most are named nowhere
  const naming = all.filter(({ text }) => text.includes(name));
  const isWord = (text: string) => new RegExp(`(?:^|[\\s"'=/])${escaped(name)}(?![a-z])`, 'm').test(text);
  return naming.some(({ text }) => isWord(text)) || all.some((use) => takes(use, pattern));
}

/** Several names with one beginning and one ending as one pattern, where it matches nothing else. */
function shortened(names: readonly string[], top: readonly string[], start: string, end?: string): string[] {
  if (names.length < 2) return [...names];
  const endings = new Set(names.map((name) => /\.ya?ml$/.exec(name)?.[0] ?? ''));
  const ending = end ?? (endings.size === 1 ? ([...endings][0] as string) : '');
  const matched = top.filter((name) => name.startsWith(start) && name.endsWith(ending));
  return matched.every((name) => names.includes(name) || name.endsWith('.dockerignore')) &&
    names.every((name) => matched.includes(name))
    ? [`${start}*${ending}`]
    : [...names];
}
