/** Writes `--mount` flags into a RUN, one a line, laid out like the instruction. */
import type { Document } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { Draft } from './draft.ts';

export interface Mount {
  readonly target: string;
  readonly sharing: 'shared' | 'locked';
  readonly id?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Continuation lines that are indented further are aligned to something; the flags are not. */
const DEEPEST = 8;
const DEFAULT_INDENT = '    ';

function flagOf({ target, sharing, id, uid, gid }: Mount): string {
  const options = [
    'type=cache',
    ...(id === undefined ? [] : [`id=${id}`]),
    `target=${target}`,
    ...(sharing === 'shared' ? [] : [`sharing=${sharing}`]),
    ...(uid === undefined ? [] : [`uid=${uid}`]),
    ...(gid === undefined ? [] : [`gid=${gid}`]),
  ];
  return `--mount=${options.join(',')}`;
}

/** The indentation of the continuation lines: that of the least indented one. */
function indentOf(draft: Draft): string {
  const { original, start, source } = draft;
  // behind the head of a heredoc the lines belong to the script
  const end = original.heredocs.length > 0 ? start + (original.headEnd - original.start) : draft.end;
  const lines = source.slice(start, end).split('\n').slice(1);
  const indents = lines.filter((line) => !/^\s*(?:#|\r?$)/.test(line)).map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  const least = indents.sort((a, b) => a.length - b.length)[0] ?? '';
  return least === '' || least.length > DEEPEST ? DEFAULT_INDENT : least;
}

/** Adds the flags behind those that are there; what follows them begins on a line of its own. */
export function mountEdit(draft: Draft, mounts: readonly Mount[], document: Document): Edit {
  const { original, source, start } = draft;
  const last = original.flags.at(-1);
  const at = (last ?? original.keywordSpan).end - original.start + start;
  const rest = source.slice(at);
  const blanks = /^[ \t]*/.exec(rest)?.[0] ?? '';
  const line = ` ${document.escape}${document.eol}${indentOf(draft)}`;
  const text = (last ? line : ' ') + mounts.map(flagOf).join(line);
  // `RUN \⏎    # why⏎    pip install x`
  if (rest[blanks.length] === document.escape && /^[ \t]*\r?\n/.test(rest.slice(blanks.length + 1))) {
    return { start: at, end: at + blanks.length, text: `${text} ` };
  }
  return { start: at, end: at + blanks.length, text: text + line };
}
