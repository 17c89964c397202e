/** The explanation for people: what changes and why, what is held or declined, the totals. */
import type { Level } from '../edit.ts';
import type { Declined, Proposal } from '../rewrite.ts';
import type { FileReport, Reporter, Tally } from './report.ts';

/** Colours, or plain text: see picocolors' createColors. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>>;

export interface TextOptions {
  readonly write: (text: string) => void;
  /** Where failures go: they are told even when the rest is not. */
  readonly writeError: (text: string) => void;
  readonly paint: Paint;
  /** quiet: failures only. totals: and the last paragraph. normal: and every change. verbose: and what was held and declined. */
  readonly detail: 'quiet' | 'totals' | 'normal' | 'verbose';
  /** A patch is written, so that it matters what it cannot hold. */
  readonly patch: boolean;
  /** What was done to the files: `would change` or `changed`. */
  readonly verb: string;
}

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** Text from a file or a foreign transform must not move the cursor or split a line. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  return text.replace(/\s*[\r\n]+\s*|\t+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

const LEVEL_COLOR = { safe: 'green', review: 'cyan', risky: 'yellow', manual: 'dim' } as const;

function levelMark(level: Level, paint: Paint): string {
  return paint[LEVEL_COLOR[level]](`[${level}]`);
}

function changeText({ transform, change, line }: Proposal, paint: Paint): string {
  let text = `  line ${line}  ${paint.bold(transform)}: ${oneLine(change.title)} ${levelMark(change.level, paint)}\n`;
  text += `      ${oneLine(change.why)}\n`;
  for (const { file, line: at, says } of change.evidence) {
    text += paint.dim(`      ${oneLine(at === undefined ? file : `${file}:${at}`)}: ${oneLine(says)}`);
    text += '\n';
  }
  return text;
}

function untakenText({ transform, change, line, status, why }: Proposal, paint: Paint): string {
  const reason = why === undefined ? '' : `: ${oneLine(why)}`;
  // advice is nothing without its next step
  const advice = change.level === 'manual' ? `      ${oneLine(change.why)}\n` : '';
  return `  line ${line}  ${transform}: ${oneLine(change.title)} ${levelMark(change.level, paint)} ${status}${reason}\n${advice}`;
}

function declineText({ transform, code, why, line }: Declined): string {
  return `  line ${line}  ${transform} declines (${code}): ${oneLine(why)}\n`;
}

/** One file's changes, and with `verbose` what was held, ignored and declined. '' when there is nothing to say. */
export function fileText({ name, result }: FileReport, paint: Paint, verbose: boolean): string {
  const byLine = <T extends { readonly line: number }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => a.line - b.line);
  const taken = byLine(result.changes.filter(({ status }) => status === 'applied'));
  const untaken = verbose ? byLine(result.changes.filter(({ status }) => status !== 'applied')) : [];
  const declined = verbose ? byLine(result.declined) : [];
  const warnings = result.warnings.map(
    ({ line, text }) => `  line ${line}  ${paint.yellow('warning')}: ${oneLine(text)}\n`,
  );
  if (taken.length + untaken.length + declined.length + warnings.length === 0) return '';
  const head = taken.length > 0 ? `: ${count(taken.length, 'change')}` : '';
  return [
    `${paint.bold(oneLine(name))}${head}\n`,
    ...taken.map((change) => changeText(change, paint)),
    ...untaken.map((change) => paint.dim(untakenText(change, paint))),
    ...declined.map((decline) => paint.dim(declineText(decline))),
    ...warnings,
  ].join('');
}

/** The last paragraph. */
export function totalsText(tally: Tally, verb: string): string {
  const parts = [
    `${count(tally.files, 'file')}: ${tally.changed} ${verb}, ${tally.unchanged} unchanged, ${tally.failed} failed`,
  ];
  if (tally.leftAlone > 0) parts.push(`${tally.leftAlone} left alone`);
  if (tally.skipped > 0) parts.push(`${count(tally.skipped, 'path')} could not be used`);
  if (tally.neighbours > 0) parts.push(`${count(tally.neighbours, 'more file')} ${verb} with them`);
  const applied = [...tally.applied].sort(([, a], [, b]) => b - a).map(([name, number]) => `${name} ${number}`);
  if (applied.length > 0) parts.push(`changes: ${applied.join(', ')}`);
  for (const level of ['review', 'risky'] as const) {
    const held = (tally.held.get(level) ?? 0) + (level === 'risky' ? 0 : (tally.held.get('safe') ?? 0));
    if (held > 0) parts.push(`${count(held, 'more change')} at --level ${level}`);
  }
  const advice = tally.held.get('manual') ?? 0;
  if (advice > 0) parts.push(`${count(advice, 'piece')} of advice with -v`);
  return `${parts.join('; ')}.${tally.interrupted ? ' Interrupted: the rest was left alone.' : ''}\n`;
}

/** Explains a run. */
export function textReporter({ write, writeError, paint, detail, patch, verb }: TextOptions): Reporter {
  const talks = detail === 'normal' || detail === 'verbose';
  const fail = (text: string): void => writeError(`${paint.red('error')}: ${text}\n`);
  return {
    file(report) {
      const { name, result, failure, remark } = report;
      if (talks) {
        const text = fileText(report, paint, detail === 'verbose');
        if (text !== '') write(text);
      }
      if (result.error) {
        const { line, message, code, leftAlone } = result.error;
        // what cannot be read has no lines
        const place = code === 'unreadable' ? '' : `:${line}`;
        const said = `${oneLine(name)}${place}: ${oneLine(message)} (${code})`;
        if (!leftAlone) fail(said);
        else if (talks) write(`${paint.yellow('left alone')}: ${said}\n`);
      }
      for (const { transform, message } of result.faults) {
        fail(`${oneLine(name)}: ${transform} failed and its changes are left out: ${oneLine(message)}`);
      }
      if (failure !== undefined) fail(`${oneLine(name)}: not written: ${oneLine(failure)}`);
      if (remark !== undefined && talks) write(`${oneLine(name)}: ${oneLine(remark)}\n`);
    },
    neighbour({ name, before, failure, patchName, root }) {
      if (failure !== undefined) fail(`${oneLine(name)}: not written: ${oneLine(failure)}`);
      else if (patch && patchName === undefined)
        fail(`${oneLine(name)} lies above this folder and is not in the patch: run from ${root}`);
      else if (talks)
        write(`${paint.bold(oneLine(name))}: ${before === undefined ? 'new file' : 'changed with the above'}\n`);
    },
    skipped({ name, why }) {
      fail(`${oneLine(name)}: ${oneLine(why)}`);
    },
    note(text) {
      if (talks) write(`${oneLine(text)}\n`);
    },
    end(tally) {
      if (detail !== 'quiet') write(totalsText(tally, verb));
    },
  };
}
