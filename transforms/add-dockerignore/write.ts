/** The text of a .dockerignore: made anew, or completed at its end. */
import { parseDockerignore } from '../../src/dockerignore.ts';
import type { Edit } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import { GROUPS, type Line } from './lines.ts';

const HEADINGS: Readonly<Record<(typeof GROUPS)[number], string | undefined>> = {
  git: undefined,
  made: '# Installed, built and cached: the image makes its own',
  env: '# Settings of one machine',
  outside: '# Not part of the application',
};
/** Lines up to which a file is one block. */
const SHORT = 4;

/** A whole file: the groups apart, the reason above each where there are many lines. */
export function fileText(lines: readonly Line[], outside: readonly string[]): string {
  const blocks = GROUPS.flatMap((group) => {
    const own = lines.filter((line) => line.group === group).flatMap(({ pattern, keeps }) => [pattern, ...keeps]);
    const patterns = group === 'outside' ? outside : own;
    return patterns.length > 0 ? [{ group, patterns }] : [];
  });
  if (blocks.flatMap(({ patterns }) => patterns).length <= SHORT)
    return blocks.flatMap(({ patterns }) => patterns.map((it) => `${it}\n`)).join('');
  return blocks
    .map(({ group, patterns }) =>
      [HEADINGS[group], ...patterns]
        .filter((it) => it !== undefined)
        .map((it) => `${it}\n`)
        .join(''),
    )
    .join('\n');
}

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
export function isTakenBack(text: string, line: Line): boolean {
  const rules = parseDockerignore(line.pattern);
  const last = line.pattern.split('/').at(-1) as string;
  return patternsOf(text).some((it) => {
    if (!it.startsWith('!')) return false;
    const path = it.slice(1).trim().replace(/^\/+/, '');
    return rules.ignores(path) || path.split('/').includes(last);
  });
}

/** Adds lines behind the last one, in the line ends of the file. `offset`: what Project takes away in front. */
export function appended(project: Project, file: string, text: string, lines: readonly Line[]): Edit {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const added = lines.flatMap(({ pattern, keeps }) => [pattern, ...keeps].map((it) => it + eol)).join('');
  const end = text.length + markLength(project, file);
  return { file, start: end, end, text: text === '' || text.endsWith('\n') ? added : eol + added };
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
