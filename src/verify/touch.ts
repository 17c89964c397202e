/** Which files of a build context are changed to measure a rebuild: one of the code, and a manifest. */
import { posix } from 'node:path';
import type { Document, Instruction } from '../document.ts';
import { ASIDE, CODE_ENDINGS, ENTRY_NAMES, MANIFESTS } from '../knowledge/source-files.ts';
import type { Project } from '../project/project.ts';

/** Entries of folders that the search looks at. */
const SEARCH_LIMIT = 20_000;

/** `COPY` and `ADD` from the build context: not from a stage, a URL or a heredoc. Its sources as they are to be matched. */
function sourcesOf(document: Document, instruction: Instruction): string[] {
  const { keyword, flags, heredocs, words, state } = instruction;
  if ((keyword !== 'COPY' && keyword !== 'ADD') || heredocs.length > 0) return [];
  if (flags.some(({ name }) => name === 'from')) return [];
  return words
    .slice(0, -1)
    .map(({ value }) => document.expand(value, state) ?? value)
    .filter((source) => !/^[a-z]+:\/\//i.test(source));
}

/** Files at or below a path of the context that reach the build, nearest first, by name within a folder. */
function* filesBelow(project: Project, path: string): Iterable<string> {
  const waiting = [path];
  let seen = 0;
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    if (++seen > SEARCH_LIMIT) return;
    const kind = project.kind(place);
    if (kind === 'file' && !project.ignored(place)) yield place;
    // Folders of tests and tools are not even opened: node_modules alone may hold a hundred thousand files.
    if (kind !== 'dir' || (place !== '.' && ASIDE.test(place))) continue;
    waiting.push(...project.list(place).map((name) => (place === '.' ? name : `${place}/${name}`)));
  }
}

/** How little a file looks like the one that a developer changes most: the product's entry, not far down. */
function rank(path: string): number {
  const { name, ext } = posix.parse(path);
  const entry = (ENTRY_NAMES as readonly string[]).indexOf(name);
  const code = (CODE_ENDINGS as readonly string[]).indexOf(ext);
  const last = ['.html', '.css', '.scss', '.sh', '.sql'].includes(ext) ? 1000 : 0;
  return last + (entry < 0 ? 100 : entry) + Math.min(code, 99) / 1000;
}

const isCode = (path: string): boolean =>
  (CODE_ENDINGS as readonly string[]).includes(posix.extname(path)) && !ASIDE.test(path);

/**
 * A file of the code that the last source `COPY` of the Dockerfile brings into the build: the one at which the program
 * starts, or else the first. Relative to the context; undefined: none is found. Whether a file is sent is asked of every
 * one of the projects: the build before and after.
 */
export function chooseSource(document: Document, projects: readonly Project[]): string | undefined {
  const [project, ...others] = projects as [Project, ...Project[]];
  for (const instruction of document.instructions.toReversed()) {
    const found = sourcesOf(document, instruction)
      .flatMap((source) => project.glob(source))
      .flatMap((path) => [...filesBelow(project, path)])
      .filter((path) => isCode(path) && others.every((other) => !other.ignored(path)));
    const [first] = found
      .map((path, i) => ({ path, i, rank: rank(path) }))
      .sort((a, b) => a.rank - b.rank || a.i - b.i);
    if (first) return first.path;
  }
  return undefined;
}

/** A manifest that some `COPY` brings into the build, the nearest to the root of what it copies. */
export function chooseManifest(document: Document, projects: readonly Project[]): string | undefined {
  const [project, ...others] = projects as [Project, ...Project[]];
  const known = MANIFESTS as readonly string[];
  for (const instruction of document.instructions) {
    for (const source of sourcesOf(document, instruction)) {
      for (const path of project.glob(source)) {
        const beside = project.kind(path) === 'dir' ? project.list(path).map((name) => posix.join(path, name)) : [path];
        const found = beside
          .filter((one) => known.includes(posix.basename(one)) && project.kind(one) === 'file')
          .filter((one) => [project, ...others].every((each) => !each.ignored(one)))
          .sort((a, b) => known.indexOf(posix.basename(a)) - known.indexOf(posix.basename(b)));
        if (found[0] !== undefined) return found[0];
      }
    }
  }
  return undefined;
}
