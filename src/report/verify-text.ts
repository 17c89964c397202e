/** The verdicts for people: a table of all images, the details of few, and what to do about failures. */
import type { RunComparison, SideRun } from '../verify/run.ts';
import type { Blame, Failure, Verdict } from '../verify/subject.ts';
import { isProved, type Measures } from '../verify/verdict.ts';
import type { Paint } from './text.ts';

/** Up to so many images are told in detail without being asked. */
const IN_DETAIL = 3;
/** Lines of a failing step that are shown. */
const OUTPUT_SHOWN = 6;
/** Places where the images differ that are shown, and the share of the image that each must be worth. */
const DIFFERENCES_SHOWN = 5;
const DIFFERENCE_SHARE = 0.01;

const COLOR = { better: 'green', same: 'green', worse: 'yellow', failed: 'red', 'not-comparable': 'yellow' } as const;
const STATUS = {
  better: 'better',
  same: 'as good',
  worse: 'worse',
  failed: 'failed',
  'not-comparable': 'not comparable',
} as const satisfies Record<Verdict['status'], string>;

/** `1201 MB`, `2.9 MB` */
export function bytesText(bytes: number): string {
  const megabytes = bytes / 1e6;
  return Math.abs(megabytes) >= 10 ? `${Math.round(megabytes)} MB` : `${megabytes.toFixed(1)} MB`;
}

/** `0.4 s`, `75 s`, `3 min 20 s` */
export function secondsText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const ratioText = (before: number, after: number): string => (before > 0 ? (after / before).toFixed(2) : '');

/** Cells filled up to the width of their column; the first `left` columns begin at its left. */
function columns(rows: readonly (readonly string[])[], left: number): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, i) => (i < left ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
      .join('  ')
      .trimEnd(),
  );
}

type Row = readonly [title: string, before: string, after: string, ratio: string];

function row(
  title: string,
  before: number | undefined,
  after: number | undefined,
  text: (value: number) => string,
  ratio = true,
): Row[] {
  if (before === undefined && after === undefined) return [];
  const show = (value: number | undefined): string => (value === undefined ? '-' : text(value));
  const both = before !== undefined && after !== undefined && ratio;
  return [[title, show(before), show(after), both ? ratioText(before, after) : '']];
}

function measureRows({ before, after, touched, run }: Verdict): Row[] {
  const of = (key: keyof Measures): [number | undefined, number | undefined] => [before?.[key], after?.[key]];
  return [
    ...row('image', ...of('size'), bytesText),
    ...row('layers', ...of('layers'), String, false),
    ...row('cold build', ...of('cold'), secondsText),
    ...row(`rebuild after ${touched.source}`, ...of('source'), secondsText),
    ...row(`rebuild after ${touched.manifest}`, ...of('manifest'), secondsText),
    ...(run ? runRows(run) : []),
  ];
}

function runRows({ before, after }: RunComparison): Row[] {
  if (!before || !after) return [];
  const stop = (side: typeof before): string =>
    side.stop === undefined ? '-' : secondsText(side.stop) + (side.killed ? ', killed' : '');
  return [
    ...row('port open after', before.opened, after.opened, secondsText, false),
    ...row('healthy after', before.healthy, after.healthy, secondsText, false),
    ...row('uid of process 1', before.uid, after.uid, String, false),
    ...row('memory after start', before.memory, after.memory, bytesText),
    ['stopped after', stop(before), stop(after), ''],
  ];
}

/** What says most about why a step failed: its last lines that speak of an error, or else its last lines. */
function telling(output: readonly string[]): readonly string[] {
  const errors = output.filter((text) =>
    /\b(?:err(?:or)?s?|fail(?:ed|ure)?|fatal|cannot|denied|not found)\b|ERR!/i.test(text),
  );
  return (errors.length > 0 ? errors : output).slice(-OUTPUT_SHOWN);
}

function failureText({ side, line, instruction, step, output, message, log }: Failure): string[] {
  const place = line === undefined ? (step ?? 'no step of it was begun') : `line ${line}: ${instruction ?? step ?? ''}`;
  return [
    `  ${side}, ${place}`,
    ...telling(output).map((text) => `      ${text}`),
    `      ${message}`,
    `  the whole log: ${log}`,
  ];
}

function blameText({ transform, title, why, line, alone, restWorks }: Blame): string[] {
  const rest = restWorks ? 'all the rest works without it' : 'without it something else fails (--keep-going finds it)';
  return [
    `  broken by ${transform}, line ${line}: ${title}`,
    `      ${why}`,
    `      ${alone ? '' : 'It fails only on top of the changes before it. '}Leave it out: --skip ${transform}, or`,
    `      # redock ignore=${transform} reason=...   above line ${line}; ${rest}`,
  ];
}

function differencesText({ differences, ...sides }: Verdict): string[] {
  const least = (sides.before?.size ?? 0) * DIFFERENCE_SHARE;
  const large = differences.filter(({ before, after }) => Math.abs(after - before) >= least);
  if (large.length === 0) return [];
  const parts = large.slice(0, DIFFERENCES_SHOWN).map(({ path, before, after }) => {
    const change = after - before;
    return `${change < 0 ? '-' : '+'}${bytesText(Math.abs(change))} ${path}`;
  });
  return [`  files: ${parts.join(', ')}`];
}

/** What was seen when both ran: every request that is answered differently, and the last words of what did not run. */
function runText({ verdict, why, before, after, answers }: RunComparison): string[] {
  const spoken = verdict === 'failed' ? after : verdict === 'not comparable' ? (after ?? before) : undefined;
  const more = answers.filter(({ alike, request, difference }) => !alike && why !== `${request}: ${difference}`);
  return [
    `  run: ${verdict === 'same' ? '' : `${verdict}, `}${why}`,
    ...more.map(({ request, difference }) => `      ${request}: ${difference}`),
    ...telling(spoken?.logs?.split('\n') ?? []).map((text) => `      ${text}`),
  ];
}

/** Everything about one image. */
export function verdictText(verdict: Verdict, paint: Paint): string {
  const { name, status, why, use, context, target, failure, blame, run, notes } = verdict;
  const rows = measureRows(verdict);
  const lines = [
    `${paint.bold(name)}: ${paint[COLOR[status]](STATUS[status])}${why === '' ? '' : `, ${why}`}`,
    `  built as in ${use}, from ${context || 'the root'}${target === undefined ? '' : `, stage ${target}`}`,
  ];
  if (rows.length > 0) {
    const table = columns([['', 'before', 'after', 'ratio'], ...rows], 1);
    lines.push(...table.map((text, i) => `  ${i === 0 ? paint.dim(text) : text}`));
  }
  lines.push(...differencesText(verdict));
  if (run) lines.push(...runText(run));
  if (failure) lines.push(...failureText(failure));
  for (const one of blame) lines.push(...blameText(one));
  for (const note of notes) lines.push(paint.dim(`  note: ${note}`));
  return `${lines.join('\n')}\n`;
}

const RUN_HEAD = ['run', 'uid', 'stop'];

/** How both ran, in the columns of RUN_HEAD. */
function runCells(run: RunComparison | undefined): string[] {
  if (!run) return ['-', '-', '-'];
  const { before, after, verdict } = run;
  if (!before || !after) return [verdict, '-', '-'];
  const pair = (show: (side: SideRun) => string): string => `${show(before)} -> ${show(after)}`;
  return [
    verdict,
    pair(({ uid }) => String(uid ?? '?')),
    // A container that is killed took its whole grace.
    pair(({ stop, killed }) => (stop === undefined ? '?' : killed ? 'killed' : secondsText(stop))),
  ];
}

/** One line for each image. */
export function tableText(verdicts: readonly Verdict[], paint: Paint): string {
  const pair = (before: number | undefined, after: number | undefined, text: (value: number) => string): string =>
    before === undefined || after === undefined
      ? '-'
      : `${text(before)} -> ${text(after)}  ${ratioText(before, after).padStart(4)}`;
  const ran = verdicts.some(({ run }) => run);
  const rows = verdicts.map(({ name, status, before, after, run }) => [
    name,
    STATUS[status],
    pair(before?.size, after?.size, bytesText),
    pair(before?.cold, after?.cold, secondsText),
    pair(before?.source, after?.source, secondsText),
    ...(ran ? runCells(run) : [pair(before?.manifest, after?.manifest, secondsText)]),
  ]);
  const head = ['image', '', 'size', 'cold build', 'rebuild, source', ...(ran ? RUN_HEAD : ['rebuild, manifest'])];
  const [first, ...rest] = columns([head, ...rows], 2);
  const painted = rest.map((line, i) => {
    const { status } = verdicts[i] as Verdict;
    return line.replace(STATUS[status], paint[COLOR[status]](STATUS[status]));
  });
  return `${[paint.dim(first as string), ...painted].join('\n')}\n`;
}

/** What a reader must not take for proved, one line each. */
function openText(verdicts: readonly Verdict[]): string {
  return verdicts
    .flatMap(({ name, status, why, run }) => {
      if (!isProved(status)) return [`  ${name}: ${STATUS[status]}, ${why}\n`];
      return run?.verdict === 'not comparable' ? [`  ${name}: builds, not proved by running: ${run.why}\n`] : [];
    })
    .join('');
}

/** The last lines: how many of which kind, and what is not proved. */
export function summaryText(verdicts: readonly Verdict[]): string {
  const parts = (Object.keys(STATUS) as Verdict['status'][])
    .map((status) => [verdicts.filter((verdict) => verdict.status === status).length, STATUS[status]] as const)
    .filter(([count]) => count > 0)
    .map(([count, title]) => `${count} ${title}`);
  const broken = verdicts.filter(({ status, blame }) => status !== 'failed' && blame.length > 0).length;
  const left = broken === 0 ? '' : `; ${broken} of them without a change that breaks it`;
  return `${verdicts.length} image${verdicts.length === 1 ? '' : 's'}: ${parts.join(', ')}${left}.\n${verdicts.length > 1 ? openText(verdicts) : ''}`;
}

/** Whether an image is told in detail: few images, on demand, and whatever went wrong. */
export const inDetail = (verdict: Verdict, images: number, verbose: boolean): boolean =>
  verbose || images <= IN_DETAIL || !isProved(verdict.status) || verdict.blame.length > 0;
