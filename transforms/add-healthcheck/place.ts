/** Where the HEALTHCHECK is written, and how its lines look: in the manner of the file. */
import { beforeStart } from '../../src/document/start-place.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { Probe } from './probe.ts';

export interface Timing {
  readonly interval: string;
  readonly timeout: string;
  readonly startPeriod: string;
  readonly retries: string;
}

/** In front of the CMD or ENTRYPOINT that ends the stage, else behind its last instruction. */
export const healthcheckEdit = (document: Document, stage: Stage, probe: Probe, timing: Timing): Edit =>
  beforeStart(document, stage, lines(document, stage, probe, timing));

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
