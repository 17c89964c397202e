/**
 * `npm run lab:report [-- readme | NAME..]`: `redock verify --run`, with all transforms, on the fixtures of
 * fixtures/lab.yaml, one after the other: all, those of the README, or some by name. Each row is written as soon as it is
 * measured, into fixtures/LAB.md and README.md; rows that are not measured stay as they are. Exit 1: there is no engine, or
 * something does not build or run; 130: it was stopped.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, tmpdir, totalmem } from 'node:os';
import { delimiter, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { bytesText, secondsText } from '../src/report/verify-text.ts';
import type { SideRun } from '../src/verify/run.ts';
import type { Verdict } from '../src/verify/subject.ts';
import { fillPart } from './readme-part.ts';

/** A verdict as verify's JSON has it. */
type Image = Omit<Verdict, 'name'> & { readonly path: string };

export const COLUMNS = [
  'fixture',
  'size',
  'cold build',
  'rebuild after a source change',
  'uid',
  'healthy after',
  'same answer',
  'stopped after',
] as const;

const pair = <T>(before: T | undefined, after: T | undefined, text: (value: T) => string): string =>
  before === undefined && after === undefined
    ? '-'
    : `${before === undefined ? '-' : text(before)} → ${after === undefined ? '-' : text(after)}`;

const stopText = ({ stop, killed }: SideRun): string =>
  stop === undefined ? '-' : `${secondsText(stop)}${killed ? ' (killed)' : ''}`;

/** fixtures/lab.yaml: folders that are taken as a repository, and Dockerfiles in them. */
export interface Wanted {
  /** What README.md shows. */
  readonly readme: Readonly<Record<string, readonly string[]>>;
  /** What fixtures/LAB.md shows beside it. */
  readonly more: Readonly<Record<string, readonly string[]>>;
  /** Fixtures that were built and run once, before and after, with what was seen: shown until they have a row. */
  readonly once: Readonly<Record<string, string>>;
  /** Why fixtures cannot be built in the lab, with those that would stand for something. */
  readonly without: readonly { readonly why: string; readonly fixtures: readonly string[] }[];
  /** What the figures do not tell, each a paragraph under both tables. */
  readonly notes: readonly string[];
}

interface Entry {
  readonly repository: string;
  readonly dockerfile: string;
  /** The first cell of its row. */
  readonly name: string;
}

export const entriesOf = (part: Wanted['readme']): Entry[] =>
  Object.entries(part).flatMap(([repository, dockerfiles]) =>
    dockerfiles.map((dockerfile) => {
      const name = posix.dirname(posix.join(repository, dockerfile));
      return { repository, dockerfile, name: `\`${name}\`` };
    }),
  );

/** The rows of a table of ours, by their first cell. */
export const rowsOf = (markdown: string): Map<string, string[]> =>
  new Map(
    [...markdown.matchAll(/^\| (`.*) \|$/gm)]
      .map(([, row = '']) => row.split(/ (?<!\\)\| /))
      .map((cells) => [cells[0] as string, cells]),
  );

/** Cells in the order of COLUMNS. */
function cells(name: string, { status, why, before, after, run }: Image): string[] {
  if (!after) return [name, `${status}: ${why}`, '-', '-', '-', '-', '-', '-'];
  const answer = run?.answers.length ? `yes, ${run.answers[0]?.request}` : `yes: ${run?.why}`;
  return [
    name,
    pair(before?.size, after.size, bytesText),
    pair(before?.cold, after.cold, secondsText),
    pair(before?.source, after.source, secondsText),
    pair(run?.before?.uid, run?.after?.uid, String),
    pair(run?.before?.healthy, run?.after?.healthy, secondsText),
    run?.verdict === 'same' ? answer : (run?.why ?? '-'),
    run?.before && run.after ? `${stopText(run.before)} → ${stopText(run.after)}` : '-',
  ].map((cell) => cell.replaceAll('|', '\\|'));
}

/** The table as Markdown. */
export const table = (rows: readonly (readonly string[])[]): string =>
  [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function run(command: string, args: readonly string[], cwd: string, env = process.env): { code: number; out: string } {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { code: status ?? 1, out: stdout };
}

/** Names of images of the engine that no registry gave: those that stand in for the ones of the same name. */
function standIns(root: string, env: NodeJS.ProcessEnv): string[] {
  const list = readFileSync(join(root, 'test/e2e/images/list.txt'), 'utf8').matchAll(/^([^#\s]\S*)/gm);
  const made = [...list]
    .map(([, image = '']) => [image, image.replace(/:[^:]*$/, '')] as const)
    .filter(([image, name]) => {
      const format = ['image', 'inspect', '--format', '{{json .RepoDigests}}', image];
      return !run('docker', format, root, env).out.includes(`"${name}@`);
    });
  return [...new Set(made.map(([, name]) => `\`${name}\``))];
}

/** What verify ends with when the user stops it. */
const INTERRUPTED = 130;

/**
 * Verifies one Dockerfile in a copy of its repository. Whatever goes wrong, there is a row that says so.
 * @returns undefined when the user stopped it
 */
function measure(root: string, entry: Entry, passed: readonly string[], env: NodeJS.ProcessEnv) {
  const from = join(root, 'fixtures', entry.repository);
  const copy = mkdtempSync(join(tmpdir(), 'redock-lab-'));
  try {
    const ours = [join(from, 'expected'), join(from, 'case.yaml')];
    cpSync(from, copy, { recursive: true, filter: (source) => !ours.includes(source) });
    run('git', ['init', '-q'], copy);
    const args = ['verify', entry.dockerfile, '--run', '--no-config', '--format', 'json', ...passed];
    const { code, out } = run(process.execPath, [join(root, 'dist/redock.mjs'), ...args], copy, env);
    const told = out === '' ? undefined : (JSON.parse(out) as { engine: string; images: readonly Image[] });
    if (code === INTERRUPTED) return undefined;
    const [image] = told?.images ?? [];
    if (image) return { ok: code === 0, engine: told?.engine, row: cells(entry.name, image) };
    const why = code === 0 ? 'nothing would change' : `verify ended with exit code ${code}`;
    return { ok: false, engine: told?.engine, row: [entry.name, why, '-', '-', '-', '-', '-', '-'] };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What stands under the tables. `busy`: others used the machine before the first build. */
function captionOf(engine: string, instead: readonly string[], busy: boolean): string {
  const [cpu] = cpus();
  const machine = `${platform()} ${arch()}, ${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB`;
  const lines = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with ${engine} on ${machine}; repeat it with \`npm run lab:report\`.`,
    'Base images were there; caches of layers and packages were empty before each cold build. Each cell: before → after.',
    ...(busy ? ['The machine was busy with other work: sizes, users and answers hold, times are rough.'] : []),
  ];
  if (instead.length > 0) {
    lines.push(
      `No registry was within reach: images made of Debian's packages and the machine's own toolchains stand in for`,
      `${instead.join(', ')};`,
      'sizes are near the real ones, contents and versions are not identical.',
    );
  }
  return lines.join('\n');
}

/** Writes both tables with what is known of each row. */
function write(root: string, wanted: Wanted, rows: ReadonlyMap<string, readonly string[]>, caption: string): void {
  const tableOf = (entries: readonly Entry[]): string =>
    table(entries.flatMap(({ name }) => (rows.has(name) ? [rows.get(name) as string[]] : [])));
  const readme = entriesOf(wanted.readme);
  const page = join(root, 'README.md');
  const under = [caption, ...wanted.notes.map((it) => it.trim())];
  writeFileSync(page, fillPart(readFileSync(page, 'utf8'), 'lab', [tableOf(readme), ...under].join('\n\n')));
  const without = wanted.without.map(
    ({ why, fixtures }) => `- ${why}: ${fixtures.map((name) => `\`${name}\``).join(', ')}`,
  );
  const once = Object.entries(wanted.once)
    .filter(([name]) => !rows.has(`\`${name}\``))
    .map(([name, seen]) => `- \`${name}\`: ${seen}`);
  const parts = [
    '# What the container lab measured',
    'Every fixture of `lab.yaml` built and run as it is and with all transforms on (`npm run lab:report`).',
    tableOf([...readme, ...entriesOf(wanted.more)]),
    ...under,
    `Built and run once, before and after, with the same bytes as answer of both; times were not measured:\n\n${once.join('\n')}`,
    `Not built here:\n\n${without.join('\n')}`,
  ];
  writeFileSync(join(root, 'fixtures/LAB.md'), `${parts.join('\n\n')}\n`);
}

function main(root: string, names: readonly string[]): number {
  const wanted = parse(readFileSync(join(root, 'fixtures/lab.yaml'), 'utf8')) as Wanted;
  const readme = entriesOf(wanted.readme);
  const all = [...readme, ...entriesOf(wanted.more)];
  const chosen =
    names.length === 0
      ? all
      : names[0] === 'readme'
        ? readme
        : all.filter(({ name }) => names.includes(name.slice(1, -1)));
  if (chosen.length === 0) {
    console.error(`fixtures/lab.yaml has none of ${names.join(', ')}`);
    return 1;
  }
  const lab = run(join(root, 'test/e2e/lab.sh'), [], root, { ...process.env, REDOCK_E2E: 'all' });
  if (lab.code !== 0) return 1;
  const env = { ...process.env, PATH: lab.out.trim() + delimiter + process.env.PATH };
  const options = (process.env.REDOCK_E2E_BUILD_OPTIONS ?? '--network=host').split(' ').filter(Boolean);
  const passed = options.flatMap((option) => [`--build-option=${option}`, `--run-option=${option}`]);
  const instead = standIns(root, env);
  const known = join(root, 'fixtures/LAB.md');
  const rows = rowsOf(existsSync(known) ? readFileSync(known, 'utf8') : '');
  const busy = (loadavg()[0] ?? 0) > cpus().length / 2;
  let failed = false;
  for (const entry of chosen) {
    const started = Date.now();
    const measured = measure(root, entry, passed, env);
    if (!measured) return INTERRUPTED;
    const { ok, engine, row } = measured;
    if (!ok) failed = true;
    rows.set(entry.name, row);
    if (engine !== undefined) write(root, wanted, rows, captionOf(engine, instead, busy));
    console.error(`${row.join('  ')}  (${Math.round((Date.now() - started) / 1000)} s)`);
  }
  return failed ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(dirname(dirname(fileURLToPath(import.meta.url))), process.argv.slice(2));
}
