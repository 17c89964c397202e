/** Where the HEALTHCHECK is written, and how its lines look: in the manner of the file. */
import { lineStart } from '../../src/document/lines.ts';
import { apartBehind } from '../../src/document/style.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { Probe } from './probe.ts';

export interface Timing {
  readonly interval: string;
  readonly timeout: string;
  readonly startPeriod: string;
  readonly retries: string;
}

/** In front of the CMD or ENTRYPOINT that ends the stage, else behind its last instruction. */
export function healthcheckEdit(document: Document, stage: Stage, probe: Probe, timing: Timing): Edit {
  const text = lines(document, stage, probe, timing);
  const { eol } = document;
  const first = trailing(stage);
  if (first) {
    const at = above(document, first);
    const gap = blankBefore(document, at) ? eol : '';
    return { start: at, end: at, text: `${text}${eol}${gap}` };
  }
  const last = stage.instructions.at(-1) ?? stage.from;
  const gap = apartBehind(document, stage, last) ? eol : '';
  return { start: last.end, end: last.end, text: `${eol}${gap}${text}` };
}

/** The first of the CMD and ENTRYPOINT with which the stage ends. */
function trailing(stage: Stage): Instruction | undefined {
  let first: Instruction | undefined;
  for (const it of [...stage.instructions].reverse()) {
    if (it.keyword === 'CMD' || it.keyword === 'ENTRYPOINT') first = it;
    else if (first) break;
  }
  return first;
}

/** The start of the line of an instruction, or of the comment lines that stand right above it. */
function above({ text, comments }: Document, instruction: Instruction): number {
  let at = lineStart(text, instruction.start);
  for (const comment of [...comments].reverse()) {
    if (comment.end >= at || text.slice(comment.end, at).trim() !== '') continue;
    if ((text.slice(comment.end, at).match(/\n/g) ?? []).length !== 1) break;
    at = lineStart(text, comment.start);
  }
  return at;
}

/** Whether an empty line stands above an offset at the start of a line. */
const blankBefore = ({ text }: Document, at: number): boolean => /\n[ \t]*\r?\n$/.test(text.slice(0, at));

function lines(document: Document, stage: Stage, probe: Probe, timing: Timing): string {
  const lower =
    stage.from.keywordSpan.end > 0 &&
    document.text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end) === 'from';
  const keyword = lower ? 'healthcheck' : 'HEALTHCHECK';
  const cmd = lower ? 'cmd' : 'CMD';
  const flags = `--interval=${timing.interval} --timeout=${timing.timeout} --start-period=${timing.startPeriod} --retries=${timing.retries}`;
  const command = 'words' in probe ? `[${probe.words.map((word) => JSON.stringify(word)).join(', ')}]` : probe.shell;
  const indent = indentOf(document);
  return `${keyword} ${flags} ${document.escape}${document.eol}${indent}${cmd} ${command}`;
}

/** The blanks with which the file's continued lines begin; four where it has none. */
function indentOf({ text, escape }: Document): string {
  const pattern = escape === '\\' ? /\\[ \t]*\r?\n([ \t]+)\S/ : /`[ \t]*\r?\n([ \t]+)\S/;
  const indent = pattern.exec(text)?.[1] ?? '    ';
  return indent.length > 8 ? '    ' : indent;
}
