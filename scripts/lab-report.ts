/**
 * `npm run lab:report`: `redock verify --run`, with all transforms, on the fixtures of fixtures/lab.yaml, one after the
 * other; writes the table and its caption into README.md. Exit 1: there is no engine, or something does not build or run.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os';
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

/** Images of the engine that no registry gave: those that stand in for the ones of the same name. */
function standIns(root: string, env: NodeJS.ProcessEnv): string[] {
  const list = readFileSync(join(root, 'test/e2e/images/list.txt'), 'utf8').matchAll(/^([^#\s]\S*)/gm);
  return [...list]
    .map(([, image = '']) => image)
    .filter((image) => {
      const format = ['image', 'inspect', '--format', '{{json .RepoDigests}}', image];
      return !run('docker', format, root, env).out.includes(`"${image.replace(/:[^:]*$/, '')}@`);
    });
}

async function main(root: string): Promise<number> {
  const lab = run(join(root, 'test/e2e/lab.sh'), [], root, { ...process.env, REDOCK_E2E: 'all' });
  if (lab.code !== 0) return 1;
  const env = { ...process.env, PATH: lab.out.trim() + delimiter + process.env.PATH };
  const options = (process.env.REDOCK_E2E_BUILD_OPTIONS ?? '--network=host').split(' ').filter(Boolean);
  const passed = options.flatMap((option) => [`--build-option=${option}`, `--run-option=${option}`]);
  const wanted = parse(readFileSync(join(root, 'fixtures/lab.yaml'), 'utf8')) as Record<string, readonly string[]>;
  const rows: string[][] = [];
  let engine = '';
  let failed = false;
  for (const [repository, dockerfiles] of Object.entries(wanted)) {
    const from = join(root, 'fixtures', repository);
    const copy = mkdtempSync(join(tmpdir(), 'redock-lab-'));
    try {
      const ours = [join(from, 'expected'), join(from, 'case.yaml')];
      cpSync(from, copy, { recursive: true, filter: (source) => !ours.includes(source) });
      run('git', ['init', '-q'], copy);
      for (const dockerfile of dockerfiles) {
        const args = ['verify', dockerfile, '--run', '--no-config', '--format', 'json', ...passed];
        const { code, out } = run(process.execPath, [join(root, 'dist/redock.mjs'), ...args], copy, env);
        const told = JSON.parse(out) as { engine: string; images: readonly Image[] };
        engine = told.engine;
        if (code !== 0) failed = true;
        const name = posix.dirname(posix.join(repository, dockerfile));
        rows.push(...told.images.map((image) => cells(`\`${name}\``, image)));
        console.error(rows.at(-1)?.join('  '));
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  const [cpu] = cpus();
  const machine = `${platform()} ${arch()}, ${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB`;
  const instead = standIns(root, env).map((image) => `\`${image}\``);
  const caption = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with ${engine} on ${machine}; repeat it with \`npm run lab:report\`.`,
    'Base images were there; caches of layers and packages were empty before each cold build. Each cell: before → after.',
    ...(instead.length === 0
      ? []
      : [
          `No registry was within reach: images made of Debian's packages and the machine's own toolchains stand in for`,
          `${instead.join(', ')}; sizes are near the real ones, contents are not identical.`,
        ]),
  ];
  const page = join(root, 'README.md');
  const part = `${table(rows)}\n\n${caption.join('\n')}`;
  writeFileSync(page, fillPart(readFileSync(page, 'utf8'), 'lab', part));
  return failed ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(dirname(dirname(fileURLToPath(import.meta.url))));
}
