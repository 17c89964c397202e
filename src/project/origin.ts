/** Where in the build context a file of an image comes from, through the stages that it is copied from. */
import { posix } from 'node:path';
import { onceIn } from '../document/once.ts';
import { joinPath } from '../document/state.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import { imageFiles } from './image-files.ts';
import type { Project } from './project.ts';

/** Stages behind each other that are followed. */
const DEPTH = 10;

/** A COPY --from of another stage: a path there, and where it comes to stand here. */
export interface Handed {
  readonly stage: Stage;
  readonly source: string;
  readonly target: string;
  /** `/app/package*.json`: only files of the folder `source` with such a name, which lie in the folder `target` then. */
  readonly names?: RegExp;
}

/** The path in the context of an absolute path in the image; undefined: it was made in the build, or comes from elsewhere. */
export function originOf(
  document: Document,
  project: Project,
  stage: Stage,
  imagePath: string,
  depth = 0,
): string | undefined {
  const own = imageFiles(document, project, stage).toContext(imagePath);
  if (own !== undefined) return own;
  if (depth > DEPTH) return undefined;
  for (const { stage: other, source, target, names } of lastFirst(document, stage)) {
    if (names && !(posix.dirname(imagePath) === target && names.test(posix.basename(imagePath)))) continue;
    if (imagePath !== target && !imagePath.startsWith(target === '/' ? '/' : `${target}/`)) continue;
    const path = imagePath === target ? source : posix.join(source, imagePath.slice(target.length));
    const found = originOf(document, project, other, path, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Folders and files of the context that a stage and the stages that it copies from hold; '' is all of the context. */
export function sourcesOf(document: Document, project: Project, stage: Stage, depth = 0): readonly string[] {
  const own = imageFiles(document, project, stage).sources.map(({ source }) => source);
  if (depth > DEPTH) return own;
  const stages = new Set(handedTo(document, stage).map((it) => it.stage));
  const others = [...stages].flatMap((other) => sourcesOf(document, project, other, depth + 1));
  return [...new Set([...own, ...others])];
}

const handed = onceIn<readonly Handed[]>();
const reversed = onceIn<readonly Handed[]>();

/** What a stage, and the one that it starts from, copies from others. */
export const handedTo = (document: Document, stage: Stage): readonly Handed[] =>
  handed(document, String(stage.index), () => copiesOf(document, stage));

const lastFirst = (document: Document, stage: Stage): readonly Handed[] =>
  reversed(document, String(stage.index), () => [...handedTo(document, stage)].reverse());

function copiesOf(document: Document, stage: Stage): readonly Handed[] {
  const chain: Instruction[] = stage.parent ? [...stage.parent.instructions] : [];
  const found: Handed[] = [];
  for (const it of [...chain, ...stage.instructions]) {
    if (it.keyword !== 'COPY') continue;
    const from = it.flags.find(({ name }) => name === 'from')?.value;
    const name = from === undefined ? undefined : document.expand(from, it.state);
    const other = name === undefined ? undefined : document.stageNamed(name, stage);
    if (!other) continue;
    const words = it.words.map(({ value }) => document.expand(value, it.state));
    const to = words.pop();
    const target = joinPath(it.state.workdir, to);
    if (to === undefined || target === undefined) continue;
    for (const word of words) {
      const [, folder, name] = /^((?:[^*]*\/)?)([^/*]+\*[^/]*)$/.exec(word ?? '') ?? [];
      const source = word === undefined ? undefined : joinPath('/', folder ?? word.replace(/\*.*$/, ''));
      if (source === undefined) continue;
      if (name !== undefined) {
        found.push({ stage: other, source, target, names: globbed(name) });
        continue;
      }
      // a file that goes into a folder keeps its name; whether it is one is not known, so both are tried
      found.push({ stage: other, source, target });
      if (/\/$|^\.$/.test(to)) found.push({ stage: other, source, target: posix.join(target, posix.basename(source)) });
    }
  }
  return found;
}

/** `package*.json` */
const globbed = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[^\w-]/g, '\\$&'))
      .join('.*')}$`,
  );
