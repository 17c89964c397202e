/** Files at the root of the context that are for people, editors and other machines: only in a file that is made anew. */

import { posix } from 'node:path';
import { type ContextUse, takes } from '../../src/context-use.ts';
import { isDockerfileName } from '../../src/discover.ts';
import { OUTSIDE_THE_IMAGE } from '../../src/knowledge/context-leftovers.ts';
import { mentions } from '../../src/project/mentions.ts';
import { COMPOSE_FILE } from '../../src/project/places.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';

/** The patterns of those that are there, unless a Dockerfile names them or a source file opens them. */
export function outsidePatterns(project: Project, survey: Survey, all: readonly ContextUse[]): string[] {
  const own = all.map(({ path }) => posix.relative(survey.dir, path));
  const files = [...new Set([...survey.files, ...own])].filter((path) => !path.includes('/')).sort();
  const top = [...files, ...survey.folders.filter((path) => !path.includes('/'))];
  const said = mentions(project)?.first;
  const isFree = (pattern: string): boolean => {
    const named = new RegExp(`(?:^|[\\s"'=/])${pattern.replace(/\*.*$/, '').replaceAll('.', '\\.')}(?![a-z])`, 'm');
    return !all.some((use) => named.test(use.text) || takes(use, pattern));
  };
  const found: string[] = OUTSIDE_THE_IMAGE.filter((name) => top.includes(name));
  if (!said?.has('dockerfile')) {
    const dockerfiles = files.filter(isDockerfileName);
    found.push(
      ...shortened(
        dockerfiles.filter((name) => /^D/.test(name)),
        top,
        'Dockerfile',
      ),
    );
    found.push(
      ...shortened(
        dockerfiles.filter((name) => !/^D/.test(name)),
        top,
        '',
        '.dockerfile',
      ),
    );
  }
  // what is made here is a new file of the context: it is not copied either
  found.push('.dockerignore');
  if (!said?.has('compose')) {
    const compose = files.filter((name) => COMPOSE_FILE.test(name));
    found.push(
      ...shortened(
        compose.filter((name) => name.startsWith('docker-')),
        top,
        'docker-compose',
      ),
    );
    found.push(
      ...shortened(
        compose.filter((name) => name.startsWith('compose')),
        top,
        'compose',
      ),
    );
  }
  return found.filter(isFree);
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
