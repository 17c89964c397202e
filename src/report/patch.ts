/**
 * A unified diff that `git apply` and `patch -p1` take, from any folder. The only importer of diff.
 * There is no `diff --git` line: with one, git silently skips every file when it runs in a sub-folder.
 */
import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';

/** Beyond so many changed lines the search for the shortest diff takes seconds; one hunk says the same. */
const MAX_EDIT_LENGTH = 500;

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/** A file name as git writes it in a header: quoted, with octal bytes, when it holds quotes, backslashes, control or non-ASCII characters. */
export function quoteName(name: string): string {
  let quoted = '';
  for (const byte of Buffer.from(name, 'utf8')) {
    const escaped = ESCAPES[byte];
    if (escaped !== undefined) quoted += escaped;
    else if (byte < 32 || byte >= 127) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  return quoted === name ? name : `"${quoted}"`;
}

/** GNU patch ends an unquoted name at the first blank unless a tab follows the name. */
function headerName(name: string): string {
  const quoted = quoteName(name);
  return quoted === name && name.includes(' ') ? `${name}\t` : quoted;
}

/** The lines of a text without their LF, and whether the last one lacks it. */
function linesOf(text: string): { lines: string[]; open: boolean } {
  if (text === '') return { lines: [], open: false };
  const lines = text.split('\n');
  const open = lines.at(-1) !== '';
  if (!open) lines.pop();
  return { lines, open };
}

/** Everything out, everything in, but for the common head and tail: what is printed when the shortest diff is too dear. */
function singleHunk(before: string, after: string): string {
  const old = linesOf(before);
  const fresh = linesOf(after);
  const same = (a: number, b: number): boolean =>
    old.lines[a] === fresh.lines[b] &&
    (old.open && a === old.lines.length - 1) === (fresh.open && b === fresh.lines.length - 1);
  const shorter = Math.min(old.lines.length, fresh.lines.length);
  let head = 0;
  while (head < shorter && same(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && same(old.lines.length - 1 - tail, fresh.lines.length - 1 - tail)) tail++;
  const from = Math.max(0, head - 3);
  const below = Math.min(3, tail);
  const oldEnd = old.lines.length - tail + below;
  const freshEnd = fresh.lines.length - tail + below;
  const range = (count: number): string => `${count === 0 ? from : from + 1},${count}`;
  let hunk = `@@ -${range(oldEnd - from)} +${range(freshEnd - from)} @@\n`;
  const write = (
    sign: string,
    { lines, open }: { lines: string[]; open: boolean },
    start: number,
    end: number,
  ): void => {
    for (let index = start; index < end; index++) {
      hunk += `${sign}${lines[index]}\n`;
      if (open && index === lines.length - 1) hunk += '\\ No newline at end of file\n';
    }
  };
  write(' ', old, from, head);
  write('-', old, head, old.lines.length - tail);
  write('+', fresh, head, fresh.lines.length - tail);
  write(' ', old, old.lines.length - tail, oldEnd);
  return hunk;
}

/**
 * The patch of one file: `name` with forward slashes, relative to the folder where the patch is to be applied;
 * `before` undefined for a new file. '' when nothing changed.
 */
export function filePatch(name: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const oldName = before === undefined ? '/dev/null' : headerName(`a/${name}`);
  const newName = headerName(`b/${name}`);
  // The library's own headers quote every name with a blank, which is not what git writes.
  const hunks = createTwoFilesPatch('', '', before ?? '', after, undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDIT_LENGTH,
    headerOptions: OMIT_HEADERS,
  });
  return `--- ${oldName}\n+++ ${newName}\n${hunks ?? singleHunk(before ?? '', after)}`;
}
