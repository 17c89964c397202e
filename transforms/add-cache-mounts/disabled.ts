/** Variables that turn a cache off, and how they are taken out of ENV. */
import { lineStart } from '../../src/document/lines.ts';
import { onceIn } from '../../src/document/once.ts';
import type { Document, Instruction, Pair } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { Command, ShellWord } from '../../src/shell/command.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import type { Fit } from './managers.ts';
import { rowOf, type Use, variable } from './run.ts';
import { before, type Marks, marksOf, withKeyword } from './stages.ts';

/** A pair of an ENV instruction that turns a cache off. */
export interface Disabled {
  readonly instruction: Instruction;
  readonly pair: Pair;
}

/** The words of a command that turn the cache off. */
export const disablingWords = ({ cache }: Use, { drop = [] }: Fit, { args }: Command): readonly ShellWord[] => {
  const flags = [...rowOf(cache).off.flags, ...drop];
  return args.filter(({ raw }) =>
    flags.some((flag) => raw.startsWith(flag) && (raw.length === flag.length || raw[flag.length] === '=')),
  );
};

/** What turns the cache of a call off by ENV. @throws Stop where that cannot be taken away */
export function disabledBy(use: Use, call: Invocation): readonly Disabled[] {
  const { off } = rowOf(use.cache);
  return off.env.flatMap((name) => {
    const set = variable(use.run, call.command, name);
    if (!set || (off.falsy && set.value !== undefined && off.falsy.test(set.value))) return [];
    if (set.by !== 'ENV') return stop('cache-disabled-by-env', `${name} turns the cache off in this RUN`);
    const envs = settingBefore(use, name);
    if (envs.length !== 1)
      return stop(
        'cache-disabled-by-env',
        `${name} turns the cache off, and it is set in more than one place or in the base image`,
      );
    return envs;
  });
}

const settings = onceIn<Marks>();

/** The pairs of ENV that set a variable before a RUN; no more than two instructions are looked at. */
function settingBefore({ run: { document, instruction, stage } }: Use, name: string): readonly Disabled[] {
  const marks = settings(document, name, () =>
    marksOf(withKeyword(document, 'ENV').filter(({ pairs }) => pairs.some((pair) => pair.name === name))),
  );
  const found: Disabled[] = [];
  for (const env of before(marks, instruction, stage)) {
    for (const pair of env.pairs) if (pair.name === name) found.push({ instruction: env, pair });
    if (found.length > 1) break;
  }
  return found;
}

const references = onceIn<boolean>();

/** Whether the value of a variable is needed anywhere in the file. */
const isReferenced = (document: Document, name: string): boolean =>
  references(document, name, () => new RegExp(`\\$\\{?${name}\\b`).test(document.text));

/** Takes the pair out of its ENV; undefined where a comment would lose what it is about, or the text is needed. */
export function removePair(document: Document, { instruction, pair }: Disabled): Edit | undefined {
  const { text } = document;
  if (isReferenced(document, pair.name)) return undefined;
  const pairEnd = pair.valueSpan?.end ?? pair.nameSpan.end;
  const at = instruction.pairs.indexOf(pair);
  const next = instruction.pairs[at + 1];
  const previous = instruction.pairs[at - 1];
  const isCommented = (offset: number): boolean => {
    const start = lineStart(text, offset);
    return start > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, start - 1), start));
  };
  if (!next && !previous) {
    if (isCommented(instruction.start)) return undefined;
    const end = text.indexOf('\n', instruction.end);
    return { start: lineStart(text, instruction.start), end: end < 0 ? text.length : end + 1, text: '' };
  }
  const start = next ? pair.nameSpan.start : (previous?.valueSpan?.end ?? 0);
  const end = next ? next.nameSpan.start : pairEnd;
  const gone = text.slice(start, end);
  if (
    gone.includes('#') ||
    (isCommented(pair.nameSpan.start) && lineStart(text, pair.nameSpan.start) > instruction.start)
  )
    return undefined;
  return { start, end, text: '' };
}
