/**
 * `npm run laws -- FOLDER`: every law over all Dockerfiles below a folder, through the public API, and what the
 * transforms did with them. A folder that holds several git repositories is taken repository by repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import yargs from 'yargs';
import { discover, openProject, prepareProjects, rewrite, Tree, transforms } from '../src/index.ts';
import { checkLaws, LAWS, type Law } from '../src/laws.ts';
import { parseSet } from '../src/options.ts';
import { filePatch } from '../src/report/patch.ts';
import type { Policy, Result } from '../src/rewrite.ts';
import { buildkitAccepts } from './buildkit.ts';

interface Counts {
  applied: number;
  held: number;
  declined: Record<string, number>;
}

interface Report {
  files: number;
  notDockerfiles: number;
  crashes: number;
  violations: Partial<Record<Law, number>>;
  transforms: Record<string, Counts>;
  filesPerSecond: number;
}

const argv = yargs(process.argv.slice(2))
  .locale('en')
  .scriptName('npm run laws --')
  .usage('$0 FOLDER [--json] [--level L] [--only a,b] [--skip a,b] [--set name.key=value]')
  .parserConfiguration({ 'greedy-arrays': false })
  .option('json', { type: 'boolean', default: false, describe: 'print one JSON object' })
  .option('level', { choices: ['safe', 'review', 'risky'] as const, default: 'review' as const })
  .option('only', { type: 'string', describe: 'transforms to run, with commas' })
  .option('skip', { type: 'string', describe: 'transforms to leave out, with commas' })
  .option('set', { type: 'string', describe: 'options of transforms: name.key=value, with commas' })
  .option('verbose', { type: 'boolean', default: false, describe: 'every violation and every file without a verdict' })
  .strict()
  .demandCommand(1, 1, 'name one folder')
  .parseSync();

const folder = resolve(String(argv._[0]));
const list = (text: string | undefined) => text?.split(',').filter((name) => name !== '');
const only = list(argv.only);
const options: Record<string, Record<string, string | boolean>> = {};
for (const text of list(argv.set) ?? []) {
  const { transform, key, value } = parseSet(text, transforms);
  options[transform] = { ...options[transform], [key]: value };
}
const settings: Policy = { ...(only && { only }), skip: list(argv.skip) ?? [], level: argv.level, options };

const report: Report = { files: 0, notDockerfiles: 0, crashes: 0, violations: {}, transforms: {}, filesPerSecond: 0 };
const names = transforms
  .map(({ name }) => name)
  .filter((name) => (only?.includes(name) ?? true) && !settings.skip.includes(name));
for (const name of names) report.transforms[name] = { applied: 0, held: 0, declined: {} };
const slowest: { path: string; ms: number }[] = [];
const notes: string[] = [];
let busy = 0;

function violated(law: Law, path: string, message: string): void {
  report.violations[law] = (report.violations[law] ?? 0) + 1;
  notes.push(`${law}: ${path}: ${message}`);
}

/** Roots: the folder itself, or the repositories in it. */
function rootsOf(path: string): string[] {
  if (existsSync(join(path, '.git'))) return [path];
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const repositories = below.map((entry) => join(path, entry.name)).filter((sub) => existsSync(join(sub, '.git')));
  return repositories.length > 0 ? repositories : [path];
}

function count(result: Result): void {
  for (const { transform, status } of result.changes) {
    const counts = report.transforms[transform];
    if (status === 'applied' || status === 'superseded') (counts as Counts).applied++;
    else if (status === 'held') (counts as Counts).held++;
  }
  for (const { transform, code } of result.declined) {
    const declined = (report.transforms[transform] as Counts).declined;
    declined[code] = (declined[code] ?? 0) + 1;
  }
}

/** Law 4 over one repository: the preview applied by git gives what apply writes. */
function checkPatch(
  root: string,
  changed: readonly { path: string; before: string | undefined; after: string }[],
): void {
  if (changed.length === 0) return;
  const copy = mkdtempSync(join(tmpdir(), 'redock-laws-'));
  try {
    for (const { path, before } of changed) {
      if (before === undefined) continue;
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), before);
    }
    const patch = changed.map(({ path, before, after }) => filePatch(path, before, after)).join('');
    // outside of any repository, so that neither attributes nor settings have a say
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(copy), GIT_CONFIG_GLOBAL: '/dev/null' };
    const run = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: copy,
      input: patch,
      encoding: 'utf8',
      env,
    });
    if (run.status !== 0) violated('patch', root, run.stderr.trim());
    else {
      for (const { path, after } of changed) {
        if (readFileSync(join(copy, path), 'utf8') !== after)
          violated('patch', join(root, path), 'the patched file differs');
      }
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

for (const root of rootsOf(folder)) {
  const tree = new Tree(root);
  await prepareProjects(tree);
  const changed: { path: string; before: string | undefined; after: string }[] = [];
  for (const path of discover(tree, ['.'], { exclude: [] }).dockerfiles) {
    const started = performance.now();
    const read = tree.readForRewrite(path);
    report.files++;
    if ('error' in read) {
      report.notDockerfiles++;
      notes.push(`unreadable: ${join(root, path)}: ${read.error}`);
      continue;
    }
    const input = { path, text: read.text, tree, project: openProject(tree, path, {}), transforms, settings };
    try {
      const result = rewrite(input);
      const ms = performance.now() - started;
      busy += ms;
      slowest.push({ path: join(root, path), ms });
      if (slowest.length > 200) slowest.sort((a, b) => b.ms - a.ms).length = 10;
      if (result.error) {
        report.notDockerfiles++;
        notes.push(`not a Dockerfile: ${join(root, path)}:${result.error.line}: ${result.error.message}`);
      }
      count(result);
      if (result.after !== result.before) changed.push(result);
      changed.push(...result.files);
      // a second run finds its surroundings by the new text
      if (result.after !== result.before) tree.plan(path, result.after);
      const again = { ...input, project: openProject(tree, path, {}) };
      for (const { law, message } of await checkLaws(again, result, buildkitAccepts))
        violated(law, join(root, path), message);
      report.crashes += result.faults.length;
    } catch (error) {
      report.crashes++;
      notes.push(`crash: ${join(root, path)}: ${error instanceof Error ? error.stack : error}`);
    } finally {
      tree.unplan(path);
    }
  }
  const last = new Map<string, (typeof changed)[number]>();
  for (const file of changed) last.set(file.path, { ...file, before: last.get(file.path)?.before ?? file.before });
  checkPatch(root, [...last.values()]);
}
report.filesPerSecond = Math.round(report.files / (busy / 1000));

if (argv.json) console.log(JSON.stringify(report));
else print();
const broken = report.crashes + Object.values(report.violations).reduce((sum, n) => sum + n, 0);
// the WebAssembly of the judge keeps the process alive
process.exit(broken > 0 ? 1 : 0);

function print(): void {
  const rows: [string, string | number][] = [
    ['files', report.files],
    ['not Dockerfiles, left alone', report.notDockerfiles],
    ['crashes', report.crashes],
    ...(Object.keys(LAWS) as Law[]).map((law): [string, number] => [
      `law ${law}: ${LAWS[law]}`,
      report.violations[law] ?? 0,
    ]),
    ['files per second', report.filesPerSecond],
  ];
  for (const [label, value] of rows) console.log(`${String(value).padStart(8)}  ${label}`);
  for (const [name, { applied, held, declined }] of Object.entries(report.transforms)) {
    console.log(
      `\n${name}: ${applied} applied, ${held} held, ${Object.values(declined).reduce((a, b) => a + b, 0)} declined`,
    );
    for (const [code, n] of Object.entries(declined).sort((a, b) => b[1] - a[1]))
      console.log(`${String(n).padStart(8)}  ${code}`);
  }
  console.log('\nslowest');
  for (const { path, ms } of slowest.sort((a, b) => b.ms - a.ms).slice(0, 10))
    console.log(`${ms.toFixed(1).padStart(8)} ms  ${path}`);
  const shown = argv.verbose ? notes : notes.filter((note) => !/^(?:not a Dockerfile|unreadable)/.test(note));
  if (shown.length > 0) console.log(`\n${shown.join('\n')}`);
}
