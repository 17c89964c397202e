/** The text of the rewrite: where the manifests are copied, where the copy of everything goes. */

import { posix } from 'node:path';
import { lineStart } from '../../src/document/lines.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import { type Copied, joint, readRun, toContext } from './steps.ts';
import { type Obstacle, obstacle } from './types.ts';

const LINE_LIMIT = 12;
/** A comment above the copy that speaks of the install, or that marks a region of the file, stays where it is. */
const STAYING = /depend|install|require|package|module|manifest|restore|region|\[START|\[END|(?:^|\s)-{3,}/i;

/** What is moved and where to. */
export interface Move {
  readonly copy: Instruction;
  readonly copied: Copied;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly firstRun: Instruction;
  readonly lastRun: Instruction;
  /** A RUN that reads nothing stands between the copy and the first install. */
  readonly isApart: boolean;
  /** Something between the copy and the install changes what the install sees (WORKDIR, ENV, ...). */
  readonly isSettled: boolean;
  /** Offsets in lastRun where the part that reads the source begins, and where the part before it ends. */
  readonly cut: { readonly end: number; readonly start: number } | undefined;
  readonly warm: string | undefined;
  /** Offset of the install in lastRun where commands stand before it that `warm` needs. */
  readonly lead?: number | undefined;
}

/** The lines `COPY a b ./`, one for each folder; an obstacle for names that such a line cannot hold. */
export function manifestLines(document: Document, move: Move): readonly string[] | Obstacle {
  const { copy, copied } = move;
  const words = copy.words.map((word) => word.value);
  const dest = (words.at(-1) as string).replace(/\/\.?$/, '').replace(/^$/, '/');
  const groups = new Map<string, string[]>();
  const add = (path: string, folder: string) => groups.set(folder, [...(groups.get(folder) ?? []), path]);
  const below = (path: string): string => (copied.top === '' ? path : posix.relative(copied.top, path));
  for (const file of move.files) add(file, posix.dirname(below(file)));
  for (const folder of move.folders) add(folder, below(folder));
  if (groups.size > LINE_LIMIT)
    return obstacle('too-many-manifests', `the install reads files of ${groups.size} folders`);
  const odd = [...move.files, ...move.folders].find((path) => /[\s*?[\]\\$"'`]/.test(path));
  if (odd !== undefined) return obstacle('unusual-name', `${odd} has blanks or wildcards in its name`);
  const keyword =
    copy.keywordSpan && document.text.slice(copy.keywordSpan.start, copy.keywordSpan.end) === copy.keyword
      ? 'COPY'
      : 'copy';
  // COPY ./src /app, COPY /src /app: the sources are written in the same way
  const prefix = /^(?:\.\/|\/)(?=[^./])/.exec(words[0] as string)?.[0] ?? '';
  const flags = copy.flags.map((flag) => document.text.slice(flag.start, flag.end));
  return [...groups].map(([folder, paths]) => {
    const base = dest === '.' ? './' : dest === '/' ? '/' : `${dest}/`;
    const target = folder === '.' ? base : `${base}${folder}/`;
    const named = [...paths.map((path) => prefix + path), target];
    return [
      keyword,
      ...flags,
      ...(copy.json ? [`[${named.map((path) => JSON.stringify(path)).join(', ')}]`] : named),
    ].join(' ');
  });
}

/** Files that an earlier COPY has already brought to the same place. */
export function alreadyThere(
  document: Document,
  project: Project,
  copy: Instruction,
  copied: Copied,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const earlier of copy.stage?.instructions ?? []) {
    if (earlier.index >= copy.index) break;
    // it may have changed what was copied; what installs programs by name does not
    if (earlier.keyword === 'RUN' && !isApart(document, project, earlier, copied)) found.clear();
    if (
      !/^(?:COPY|ADD)$/.test(earlier.keyword) ||
      earlier.heredocs.length > 0 ||
      earlier.flags.some((flag) => flag.name === 'from')
    )
      continue;
    const words = earlier.words.map((word) => document.expand(word.value, earlier.state));
    const to = words.at(-1);
    const sources = words.slice(0, -1);
    if (to === undefined) continue;
    const target = joinPath(earlier.state.workdir ?? (copied.dest.includes('\0') ? '/\0' : undefined), to);
    const isFolder = /(?:^|\/)\.?$/.test(to);
    for (const source of sources) {
      for (const path of source === undefined ? [] : project.glob(source)) {
        // COPY pdm.lock /app/pdm.lock names the file itself
        const place = isFolder ? joinPath(target, posix.basename(path)) : target;
        if (project.kind(path) === 'file' && toContext(copied, place) === path) found.add(path);
      }
    }
  }
  return found;
}

/** `RUN npm install -g typescript`, `RUN apt-get update && apt-get install -y git` */
const isApart = (document: Document, project: Project, run: Instruction, copied: Copied): boolean =>
  readRun(document, project, run, copied)?.roles.every(({ kind }) =>
    /^(?:neutral|package|system|cleanup)$/.test(kind),
  ) ?? false;

/** The contiguous comment lines directly above an instruction: where they begin; its own start when there are none. */
function commentStart(document: Document, instruction: Instruction): number {
  const { text } = document;
  let start = lineStart(text, instruction.start);
  if (text.slice(start, instruction.start).trim() !== '') return instruction.start;
  let found = instruction.start;
  while (start > 0) {
    const previous = text.lastIndexOf('\n', start - 2) + 1;
    const comment = document.comments.find((it) => it.start >= previous && it.start < start);
    if (!comment) break;
    found = comment.start;
    start = previous;
  }
  return found;
}

/** The edits of a move. `lines` may be empty: the manifests are there already. */
export function moveEdits(document: Document, move: Move, lines: readonly string[]): readonly Edit[] | Obstacle {
  const { text, eol } = document;
  const { copy, firstRun, lastRun, cut, warm, lead } = move;
  const next = document.instructions[copy.index + 1] as Instruction;
  const isSpaced = /\n[ \t]*\r?\n/.test(text.slice(copy.end, next.start));
  const head = commentStart(document, copy);
  const isMovable = head < copy.start && !STAYING.test(text.slice(head, copy.start));
  const from = isMovable ? head : copy.start;
  const isAfterBlank = /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, from));
  const sep = isSpaced || (isMovable && isAfterBlank) ? eol + eol : eol;
  const keyword = text.slice(lastRun.keywordSpan.start, lastRun.keywordSpan.end);
  const mounts = lastRun.flags.map((flag) => `${text.slice(flag.start, flag.end)} `).join('');
  const warmLine = warm === undefined || lead !== undefined ? undefined : `${keyword} ${mounts}${warm}`;

  // nothing has to move: the two lines go in front of the copy
  if (warmLine !== undefined && firstRun === lastRun && !move.isApart && !move.isSettled) {
    return [{ start: from, end: from, text: `${[...lines, warmLine].join(eol)}${sep}` }];
  }

  const moved = movedCopy(document, move, from);
  if (typeof moved === 'object') return moved;
  const edits: Edit[] = [];
  const isInPlace = !move.isApart || (head < copy.start && !isMovable) || move.isSettled;
  if (isInPlace && lines.length > 0) {
    edits.push({ start: from, end: copy.end, text: lines.join(eol) });
  } else {
    const begin = lineStart(text, from);
    const lineEnd = text.indexOf('\n', copy.end) + 1;
    // of the blank lines on both sides one remains
    const blank = /^[ \t]*\r?\n/.exec(text.slice(lineEnd))?.[0].length ?? 0;
    const isBlankBefore = /(?:^|\n)[ \t]*\r?\n$/.test(text.slice(0, begin));
    edits.push({ start: begin, end: lineEnd + (isBlankBefore ? blank : 0), text: '' });
    // a RUN that is put in front needs them before it
    const at = warmLine !== undefined && firstRun === lastRun ? commentStart(document, firstRun) : firstRun.start;
    if (lines.length > 0) edits.push({ start: at, end: at, text: lines.join(eol) + eol });
  }
  if (lead !== undefined) {
    edits.push({ start: lead, end: lead, text: `${warm}${sep}${moved}${sep}${keyword} ${mounts}` });
  } else if (warmLine !== undefined) {
    const at = commentStart(document, lastRun);
    const both = edits.findIndex((edit) => edit.start === at && edit.end === at);
    const before = both < 0 ? '' : (edits.splice(both, 1)[0] as Edit).text;
    edits.push({ start: at, end: at, text: `${before}${warmLine}${sep}${moved}${sep}` });
  } else if (cut) {
    if (joint(document, cut.end, cut.start).trim() !== '&&' || /^[ \t]*#/m.test(text.slice(cut.end, cut.start))) {
      return obstacle(
        'install-mixed-with-build',
        `a comment stands where the RUN of line ${lastRun.line} would be cut`,
      );
    }
    edits.push({ start: cut.end, end: cut.start, text: `${sep}${moved}${sep}${keyword} ${mounts}` });
  } else {
    edits.push({ start: lastRun.end, end: lastRun.end, text: sep + moved });
  }
  return edits;
}

/** The copy with its comment as it stands behind the install; absolute where the working directory is another one there. */
function movedCopy(document: Document, { copy, lastRun }: Move, from: number): string | Obstacle {
  const { text } = document;
  const between = document.instructions.slice(copy.index + 1, lastRun.index);
  const raw = text.slice(copy.start, copy.end);
  const variable = between
    .filter((it) => it.keyword === 'ENV' || it.keyword === 'ARG')
    .flatMap((it) => it.pairs.map((pair) => pair.name))
    .find((name) => raw.includes(`$${name}`) || raw.includes(`\${${name}`));
  if (variable !== undefined)
    return obstacle('not-fixed', `the copy uses ${variable}, which is set between it and the install`);
  const dest = copy.words.at(-1);
  // COPY . ${APP_HOME} with ENV APP_HOME=/app
  const to = document.expand(dest?.value ?? '', copy.state);
  if (!dest || to?.startsWith('/') || copy.state.workdir === lastRun.state.workdir) {
    const moved =
      between.some((it) => it.keyword === 'WORKDIR') && copy.state.workdir === undefined && !to?.startsWith('/');
    return moved
      ? obstacle('workdir-unknown', 'the working directory changes between the copy and the install')
      : text.slice(from, copy.end);
  }
  const absolute = joinPath(copy.state.workdir, to);
  if (absolute === undefined || copy.json)
    return obstacle('workdir-unknown', 'the working directory of the copy is not known');
  return `${text.slice(from, dest.start)}${absolute}${absolute === '/' ? '' : '/'}${text.slice(dest.end, copy.end)}`;
}
