/** The text of a .dockerignore that is made anew. */
import { GROUPS, type Line } from './lines.ts';

const HEADINGS: Readonly<Record<(typeof GROUPS)[number], string | undefined>> = {
  git: undefined,
  made: '# Installed, built and cached: the image makes its own',
  env: '# Settings of one machine',
  outside: '# Not part of the application',
};
/** Lines up to which a file is one block. */
const SHORT = 5;

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
