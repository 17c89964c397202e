/** The edits: the RUN that makes account and folders, --chown on copies, USER behind the last instruction of root. */

import { posix } from 'node:path';
import { lineStart } from '../../src/document/lines.ts';
import { apartBehind, likeKeyword, runLines } from '../../src/document/style.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import { quoted } from '../../src/shell/quote.ts';
import type { Chosen } from './account.ts';
import type { Ownership } from './folders.ts';

/** Instructions after which USER stands. */
const ROOTS = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);
const SETTINGS = new Set(['ARG', 'ENV', 'LABEL', 'MAINTAINER', 'SHELL', 'VOLUME']);

/** Where USER goes: behind this instruction. */
export function anchorOf(document: Document, stage: Stage): Instruction {
  const { instructions } = stage;
  let at = instructions.findLastIndex(({ keyword }) => ROOTS.has(keyword));
  // ENV and LABEL first, as everywhere
  if (at < 0) at = instructions.findIndex(({ keyword }) => !SETTINGS.has(keyword)) - 1;
  if (at < 0) return SETTINGS.has(instructions[0]?.keyword ?? '') ? (instructions.at(-1) ?? stage.from) : stage.from;
  // the lines of its paragraph that belong to it
  for (let next = instructions[at + 1]; next && SETTINGS.has(next.keyword); next = instructions[at + 1]) {
    const between = document.text.slice(instructions[at]?.end, next.start);
    if (/\n[ \t]*\r?\n/.test(between)) break;
    at++;
  }
  return instructions[at] ?? stage.from;
}

export function edits(document: Document, stage: Stage, account: Chosen, owned: Ownership): readonly Edit[] {
  const { eol } = document;
  const anchor = anchorOf(document, stage);
  const install = (folders: readonly string[]): string[] => {
    if (folders.length === 0) return [];
    const [user, group = user] = account.owner.split(':');
    return [`install -d -o ${user} -g ${group} ${folders.map(quoted).join(' ')}`];
  };
  const workdir = owned.workdir === undefined ? [] : [owned.workdir];
  const early = [...account.commands, ...install(owned.isLate ? workdir : [...workdir, ...owned.folders])];
  const late = owned.isLate ? install(owned.folders) : [];
  const copy = stage.instructions.find(({ keyword }) => keyword === 'COPY' || keyword === 'ADD');
  const isEarly = copy !== undefined && early.length > 0;
  const found: Edit[] = [];
  if (isEarly) found.push(before(document, copy, runLines(document, stage, early)));
  const behind = [isEarly ? late : [...early, ...late]].filter((commands) => commands.length > 0);
  const lines = [
    ...behind.map((commands) => runLines(document, stage, commands)),
    `${likeKeyword(document, stage.from, 'USER')} ${account.user}`,
  ];
  const isApart = apartBehind(document, stage, anchor);
  const user = (text: string): Edit => ({
    start: anchor.end,
    end: anchor.end,
    text: text + (isApart ? eol + eol : eol) + lines.join(eol),
  });
  found.push(user(''));
  for (const each of owned.copies) {
    const isLinked = each.flags.some(({ name }) => name === 'link');
    const at = (each.flags.at(-1) ?? each.keywordSpan).end;
    const owner = isLinked ? (account.numbers ?? account.owner) : account.owner;
    found.push({ start: at, end: at, text: ` --chown=${owner}` });
  }
  const built = builtEdits(account, owned);
  // USER stands behind the step that builds
  const same = built.find(({ start }) => start === anchor.end);
  if (!same) return [...found, ...built];
  return [...found.filter(({ start }) => start !== anchor.end), ...built.filter((it) => it !== same), user(same.text)];
}

/** `RUN npm run build && chown -R node:node .next`: in the layer that makes it, it costs nothing. */
function builtEdits({ owner }: Chosen, { built }: Ownership): readonly Edit[] {
  return built.flatMap(({ run: instruction, folder }) => {
    const { workdir } = instruction.state;
    const path = workdir === undefined ? folder : posix.relative(workdir, folder);
    return (
      instruction.script?.commands
        .filter(({ certain }) => certain)
        .at(-1)
        ?.append(`chown -R ${owner} ${quoted(path)}`) ?? []
    );
  });
}

/** Lines above an instruction, above its comments. */
function before(document: Document, instruction: Instruction, line: string): Edit {
  const { text, eol } = document;
  let start = lineStart(text, instruction.start);
  const above = () => text.slice(text.lastIndexOf('\n', start - 2) + 1, start);
  while (start > 0 && /^[ \t]*#/.test(above())) start -= above().length;
  const isApart = start > 0 && above().trim() === '';
  return { start, end: start, text: line + eol + (isApart ? eol : '') };
}
