/** A .dockerignore as a text that somebody wrote: what it says, and edits that add to it. */
import { parseDockerignore } from './dockerignore.ts';
import type { Edit } from './edit.ts';
import type { Project } from './project/project.ts';

/** The lines of a file that say something, cleaned. */
export const patternsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Whether everything is left out but for what is named: `*`, `**`, `./*` before any `!`. */
export const isAllowList = (text: string): boolean =>
  patternsOf(text).some((line) => /^(?:\.?\/)?\*\*?(?:\/\*\*?)*$/.test(line));

/** Whether the author takes back something that a line would leave out. */
export function isTakenBack(text: string, line: { readonly pattern: string }): boolean {
  const rules = parseDockerignore(line.pattern);
  const last = line.pattern.split('/').at(-1) as string;
  return patternsOf(text).some((it) => {
    if (!it.startsWith('!')) return false;
    const path = it.slice(1).trim().replace(/^\/+/, '');
    return rules.ignores(path) || path.split('/').includes(last);
  });
}

/** Adds lines behind the last one, in the line ends of the file. `offset`: what Project takes away in front. */
export function appended(project: Project, file: string, text: string, added: readonly string[]): Edit {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = added.map((it) => it + eol).join('');
  const end = text.length + markLength(project, file);
  return { file, start: end, end, text: text === '' || text.endsWith('\n') ? lines : eol + lines };
}

/** Puts a whole new text in place of one that says nothing else. */
export function replaced(project: Project, file: string, text: string, by: string): Edit {
  const start = markLength(project, file);
  return { file, start, end: start + text.length, text: text.includes('\r\n') ? by.replaceAll('\n', '\r\n') : by };
}

/** Project takes a byte order mark away; edits count it. */
function markLength(project: Project, file: string): number {
  const shared = file === project.rootPath('.dockerignore');
  const head = shared ? project.head('.dockerignore', 3) : undefined;
  return head?.[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 1 : 0;
}
