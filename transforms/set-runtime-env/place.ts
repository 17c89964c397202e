/** Where a variable is written, and how: behind the ENV that the stage has, in its manner, else on a line of its own. */
import { apartBehind, likeKeyword } from '../../src/document/style.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';

/** `late`: behind the last RUN and COPY, so that no install or build sees it. */
export function envEdit(document: Document, stage: Stage, pairs: readonly string[], late: boolean): Edit {
  const { instructions } = stage;
  const lastStep = instructions.findLastIndex(({ keyword }) => /^(?:RUN|COPY|ADD)$/.test(keyword));
  const first = late ? lastStep + 1 : 0;
  const behind = instructions.slice(first);
  const start = behind.findIndex(({ keyword }) => keyword === 'ENV');
  // the last of the ENV lines that stand together
  const more = behind.slice(Math.max(start, 0)).findIndex(({ keyword }) => keyword !== 'ENV');
  const own = start < 0 ? undefined : more < 0 ? behind.at(-1) : behind[start + more - 1];
  if (own) return joined(document, own, pairs);
  const at = late ? lastStep : leading(instructions);
  const anchor = instructions[at] ?? stage.from;
  const { eol } = document;
  const gap = apartBehind(document, stage, anchor) ? eol + eol : eol;
  return {
    start: anchor.end,
    end: anchor.end,
    text: `${gap}${likeKeyword(document, stage.from, 'ENV')} ${pairs.join(' ')}`,
  };
}

/** The last of the ARG, LABEL and WORKDIR with which a stage begins; -1: there are none. */
function leading(instructions: readonly Instruction[]): number {
  const next = instructions.findIndex(({ keyword }) => !/^(?:ARG|LABEL|MAINTAINER|SHELL|WORKDIR)$/.test(keyword));
  return (next < 0 ? instructions.length : next) - 1;
}

/** `ENV A=1 \⏎ B=2` and `ENV A=1 B=2` take a pair along; behind `ENV A=1` stands another ENV, as is the custom. */
function joined(document: Document, env: Instruction, pairs: readonly string[]): Edit {
  const { text, eol } = document;
  const all = env.pairs;
  const last = all.at(-1);
  const end = last?.valueSpan?.end;
  const isList = all.length > 1 && end !== undefined && all.every(({ legacy }) => !legacy) && env.comments.length === 0;
  if (isList) {
    const before = all.at(-2)?.valueSpan?.end ?? end;
    const gap = text.slice(before, last?.nameSpan.start ?? before);
    const glue = /^(?:[ \t]|[\\`]\r?\n)+$/.test(gap) ? gap.replace(/^[ \t]+(?=[\\`])/, ' ') : ' ';
    return { start: end, end, text: pairs.map((pair) => glue + pair).join('') };
  }
  const keyword = text.slice(env.keywordSpan.start, env.keywordSpan.end);
  return { start: env.end, end: env.end, text: `${eol}${keyword} ${pairs.join(' ')}` };
}
