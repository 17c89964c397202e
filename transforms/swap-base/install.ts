/** The edits that install packages in the slim image: into a list of apt-get that is there, or by a RUN of its own. */
import type { Edit } from '../../src/edit.ts';
import { installRun } from '../../src/stage/install-run.ts';
import type { StageView, Task } from '../../src/stage/view.ts';

/** `before`: where the first command stands that needs one of them; Infinity: only the container does. */
export function installEdits(view: StageView, packages: readonly string[], before: number): readonly Edit[] {
  if (packages.length === 0) return [];
  const names = [...packages].sort();
  const list = view.steps
    .flatMap(({ tasks }) => tasks)
    .find((task) => isPlainInstall(view, task) && task.command.end < before);
  return list ? listEdits(view, list, names) : [runEdit(view, names)];
}

function isPlainInstall({ document }: StageView, { call, command }: Task): boolean {
  if (call?.manager !== 'apt' || call.action !== 'install' || !command.certain || command.redirected) return false;
  const { operands } = call;
  if (operands.length === 0) return false;
  const from = operands[0]?.start ?? 0;
  const text = document.text.slice(from, operands.at(-1)?.end);
  return (
    operands.every(({ literal }) => literal !== undefined && /^[a-z0-9][\w.+:=~-]*$/.test(literal)) &&
    !/#|\s-/.test(text)
  );
}

/** Into the order of the alphabet where the list has it, else at its end; on lines of their own where the others are. */
function listEdits({ document }: StageView, { call }: Task, names: readonly string[]): readonly Edit[] {
  const operands = call?.operands ?? [];
  const words = operands.map(({ raw }) => raw);
  const first = operands[0];
  const last = operands.at(-1);
  if (!first || !last) return [];
  const [a, b] = operands.slice(-2);
  const between = a && b ? document.text.slice(a.end, b.start) : '';
  const lead = /\n([ \t]*)$/.exec(between || document.text.slice(0, first.start))?.[1];
  const isBroken = between === '' ? lead !== undefined : between.includes('\n');
  const gap = isBroken ? ` ${document.escape}\n${lead ?? '    '}` : ' ';
  const isSorted = words.every((word, i) => i === 0 || (words[i - 1] as string) <= word);
  const texts = new Map<number, string>();
  for (const name of names) {
    const at = isSorted ? operands.filter(({ raw }) => raw < name).at(-1) : last;
    const place = at ? at.end : first.start;
    texts.set(place, (texts.get(place) ?? '') + (at ? gap + name : name + gap));
  }
  return [...texts].map(([place, text]) => ({ start: place, end: place, text }));
}

/** Before the first instruction that needs files or programs, below the comment of none. */
function runEdit(view: StageView, names: readonly string[]): Edit {
  const { document, stage } = view;
  const { text } = document;
  const lower = text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end) === 'from';
  const keyword = (word: string): string => (lower ? word.toLowerCase() : word);
  const run = installRun({ document, system: view.system, keyword }, names);
  const next = stage.instructions.find((it) => /^(?:RUN|COPY|ADD|USER)$/.test(it.keyword)) ?? stage.instructions[0];
  const inFile = (lines: string): string => lines.replaceAll('\n', document.eol);
  if (!next) return { start: stage.from.end, end: stage.from.end, text: inFile(`\n${run}`) };
  let at = next.start;
  // a comment belongs to the instruction below it
  for (;;) {
    const previous = text.lastIndexOf('\n', at - 2) + 1;
    if (previous >= at || !/^[ \t]*#/.test(text.slice(previous, at)) || previous < stage.from.end) break;
    at = previous;
  }
  const isApart = /\n[ \t]*\r?\n$/.test(text.slice(0, at));
  return { start: at, end: at, text: inFile(`${run}\n${isApart ? '\n' : ''}`) };
}
