/** Files of the context that a build stage has and the stage that becomes the container does not: they do not run in it. */
import { posix } from 'node:path';
import { lineage } from '../document/lineage.ts';
import { joinPath } from '../document/state.ts';
import type { Document, Stage } from '../document.ts';
import { imageFiles } from './image-files.ts';
import { nodeFacts } from './node.ts';
import type { Project } from './project.ts';

const FILE_LIMIT = 6000;
/** Helpers beside the source of a package: what a bundler makes of the program does not hold them. */
const HELPERS = /^(?:(?!src\/)[^/]+\/)*scripts\/.*\.(?:[cm]?[jt]sx?|py|rb|php)$/;
/** What stands at the root of a workspace for all of its packages. */
const SHARED = /^node_modules(?:\/|$)|^[^/]+\.(?:json|ya?ml|lock|lockb)$|^\.(?:npmrc|yarnrc\.yml)$/;

/**
 * For paths of the context. True for helpers, and for packages of a workspace that no package names from which something
 * is taken over, where the stage takes single folders of other stages over and none with that file. Always false where one
 * stage does everything, or takes over what the build made outside of the packages: nobody knows what went into that.
 */
export function leftBehind(document: Document, project: Project, stage: Stage): (path: string) => boolean {
  const taken = takenOver(document, stage);
  if (taken === undefined || taken.length === 0) return () => false;
  const own = new Set(imageFiles(document, project, stage).walk(FILE_LIMIT));
  const sources = document.stages.flatMap((it) => imageFiles(document, project, it).sources);
  const places = (path: string): string[] =>
    sources.flatMap(({ source, target, kind }) => {
      if (path === source) return [target];
      const isBelow = kind === 'dir' && (source === '' || path.startsWith(`${source}/`));
      return isBelow ? [posix.join(target, source === '' ? path : path.slice(source.length + 1))] : [];
    });
  const isKnown = (it: string): boolean => {
    const paths = sources.flatMap(({ source, target, kind }) =>
      kind === 'dir' && isWithin(it, target)
        ? [posix.join(source, posix.relative(target, it))]
        : it === target
          ? [source]
          : [],
    );
    return paths.some(
      (path) => SHARED.test(path) || project.kind(path) !== undefined || packageOf(project, path) !== '',
    );
  };
  if (!taken.every(isKnown)) return () => false;
  const isTaken = (path: string): boolean =>
    places(path).some((place) => taken.some((it) => isWithin(place, it) || isWithin(it, place)));
  const known = new Map<string, boolean>();
  return (path) => {
    if (own.has(path) || isTaken(path)) return false;
    if (HELPERS.test(path)) return true;
    const member = packageOf(project, path);
    if (member === '') return false;
    let answer = known.get(member);
    if (answer === undefined) {
      answer = !isTaken(member) && !isNamed(project, member, (it) => isTaken(it));
      known.set(member, answer);
    }
    return answer;
  };
}

/** What `COPY --from=stage` names, absolute; undefined: one of them is not known, or is everything. */
function takenOver(document: Document, stage: Stage): readonly string[] | undefined {
  const found: string[] = [];
  for (const copy of lineage(stage).flatMap(({ instructions }) => instructions)) {
    const from = copy.keyword === 'COPY' ? copy.flags.find(({ name }) => name === 'from')?.value : undefined;
    if (from === undefined || !document.stageNamed(from, copy.stage)) continue;
    for (const { value } of copy.words.slice(0, -1)) {
      const path = joinPath('/', document.expand(value, copy.state));
      if (path === undefined || path === '/' || /[*?[]/.test(path)) return undefined;
      found.push(path);
    }
  }
  return found;
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** The folder of the nearest package.json, '' for none below the root. */
function packageOf(project: Project, path: string): string {
  for (let dir = posix.dirname(path); dir !== '.'; dir = posix.dirname(dir)) {
    if (project.kind(`${dir}/package.json`) === 'file') return dir;
  }
  return '';
}

/** Whether a package of the workspace that is taken over, or the root, names this one. */
function isNamed(project: Project, member: string, isTaken: (dir: string) => boolean): boolean {
  const facts = nodeFacts(project, member);
  const root = nodeFacts(project, '');
  if (!facts || facts === 'broken' || facts.name === undefined || !root || root === 'broken') return true;
  if (root.workspaces.length === 0) return true;
  const members = root.workspaces.flatMap((pattern) => (/\*\*|[!{}]/.test(pattern) ? ['\0'] : project.glob(pattern)));
  if (members.includes('\0')) return true;
  return ['', ...members].some((dir) => {
    const other = dir === member ? undefined : nodeFacts(project, dir);
    if (!other || other === 'broken') return false;
    return (dir === '' || isTaken(dir)) && other.dependencies.some(({ name }) => name === facts.name);
  });
}
