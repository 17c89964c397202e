/** Which files of the build context stand where in an image: the COPY and ADD lines of a stage, the later ones over the earlier. */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';

/** One source of a COPY: a file or folder of the context, and its absolute path in the image. */
export interface PlacedSource {
  readonly instruction: Instruction;
  /** Path relative to the context, '' for all of it. */
  readonly source: string;
  readonly target: string;
  readonly kind: 'file' | 'dir';
}

export interface ImageFiles {
  /** In order of the instructions, those of parent stages first. */
  readonly sources: readonly PlacedSource[];
  /** The path in the context of an absolute path in the image; undefined: it comes from elsewhere, or nobody can tell. */
  toContext(imagePath: string): string | undefined;
  /** Paths in the context of the files that reach the image, as far as `limit`, folders of other people's code left out. */
  walk(limit: number): Iterable<string>;
}

/** Folders with code that others wrote. */
const FOREIGN = new Set(['node_modules', 'vendor', '.git', '.venv', 'venv', '__pycache__', 'site-packages']);

/** Reads the COPY and ADD lines of a stage and of the stages that it starts from; `before`: those that stand before it. */
export function imageFiles(document: Document, project: Project, stage: Stage, before?: Instruction): ImageFiles {
  const all = placed(project, stage, document);
  const sources = before === undefined ? all : all.filter(({ instruction }) => instruction.index < before.index);
  const walks = new Map<number, { readonly revision: number; readonly paths: readonly string[] }>();
  const toContext = (imagePath: string): string | undefined => {
    for (let i = sources.length - 1; i >= 0; i--) {
      const { source, target, kind } = sources[i] as PlacedSource;
      if (imagePath === target) return source;
      const prefix = target === '/' ? '/' : `${target}/`;
      if (kind !== 'dir' || !imagePath.startsWith(prefix)) continue;
      const path = posix.join(source, imagePath.slice(prefix.length));
      if (project.kind(path) !== undefined && !project.ignored(path)) return path;
    }
    return undefined;
  };
  return {
    sources,
    toContext,
    walk(limit) {
      const known = walks.get(limit);
      if (known?.revision === project.revision) return known.paths;
      const below = sources.map(({ source }) => source);
      const paths = [...walkFolders(project, below, limit)];
      walks.set(limit, { revision: project.revision, paths });
      return paths;
    },
  };
}

/** Files of the context below some of its paths, folders of other people's code and what .dockerignore names left out. */
export function* walkFolders(project: Project, paths: readonly string[], limit: number): Iterable<string> {
  const seen = new Set<string>();
  const open = [...paths].reverse();
  let left = limit;
  for (let path = open.pop(); path !== undefined && left > 0; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    left--;
    if (project.kind(path) === 'dir') {
      const names = project.list(path);
      for (let i = names.length - 1; i >= 0; i--) {
        const name = names[i] as string;
        if (!FOREIGN.has(name)) open.push(path === '' ? name : `${path}/${name}`);
      }
    } else if (!project.ignored(path)) yield path;
  }
}

const placed: (project: Project, stage: Stage, document: Document) => readonly PlacedSource[] = remembered(
  (project: Project, stage: Stage, document: Document) => {
    const found = stage.parent ? [...placed(project, stage.parent, document)] : [];
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
      if (instruction.flags.some(({ name }) => name === 'from')) continue;
      const words = instruction.words.map(({ value }) => document.expand(value, instruction.state));
      const to = words.pop();
      const target = joinPath(instruction.state.workdir, to);
      if (to === undefined || target === undefined) continue;
      const matches = words.flatMap((word) => (word === undefined || /^\w+:\/\//.test(word) ? [] : project.glob(word)));
      for (const match of matches) {
        const kind = project.kind(match);
        if (kind === undefined) continue;
        const source = match === '.' ? '' : match;
        const intoFolder =
          kind === 'file' &&
          (/(?:\/|^\.|\/\.)$/.test(to) || matches.length > 1 || isFolder(stage, instruction, target, found));
        const at = intoFolder ? joinPath(target, posix.basename(match)) : target;
        if (at !== undefined) found.push({ instruction, source, target: at, kind });
      }
    }
    return found;
  },
);

/** Whether a folder stands at a path when a COPY comes to it: a file is put into it (`RUN mkdir /app`, `COPY go.mod /app`). */
function isFolder(stage: Stage, copy: Instruction, target: string, found: readonly PlacedSource[]): boolean {
  const holds = (path: string | undefined): boolean => path !== undefined && isWithin(path, target);
  if (holds(copy.state.workdir) || found.some((it) => it.kind === 'dir' && it.target === target)) return true;
  const made = new RegExp(`\\bmkdir\\b[^&|;]*\\s${target.replace(/\W/g, '\\$&')}(?:[\\s/;&]|$)`);
  return stage.instructions.some(
    ({ keyword, index, state, args }) =>
      index < copy.index && (holds(state.workdir) || (keyword === 'RUN' && made.test(args.text))),
  );
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
