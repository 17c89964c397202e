/** BuildKit's own checks (`docker build --call=check`) find nothing in a rewritten file that they did not find before. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { Document } from '../../src/document.ts';
import type { Level } from '../../src/edit.ts';
import { openProject, prepareProjects } from '../../src/project/open.ts';
import { type RewriteInput, rewrite } from '../../src/rewrite.ts';
import { findCases, runCase } from '../../src/testing.ts';
import { Tree } from '../../src/tree.ts';
import { transforms } from '../../transforms/index.ts';
import { folders } from '../spawn.ts';

const root = join(import.meta.dirname, '../../fixtures');
const folder = folders();

/** Files for one call of the builder: most of its time goes into its start. */
const BATCH = 60;
/** Names of images that only the builder works out (from build arguments) are learned from its answers, one at a time. */
const TRIES = 8;

/** A Dockerfile and the .dockerignore in force. */
interface Checked {
  readonly text: string;
  readonly ignore: string | undefined;
}

interface Pair {
  readonly name: string;
  readonly before: Checked;
  readonly after: Checked;
}

/** What the builder says about one file. */
interface Answer {
  readonly warnings?: readonly { readonly ruleName: string; readonly detail: string }[] | null;
  readonly buildError?: { readonly message: string };
}

/** What a rewrite changes in the eyes of the builder; nothing when it leaves the file alone. */
function pairOf(name: string, input: RewriteInput): Pair[] {
  const { before, after, files, error } = rewrite(input);
  if (error || (before === after && files.length === 0)) return [];
  const context = input.project.contexts[0]?.dir ?? '';
  const place = context === '' ? '.dockerignore' : `${context}/.dockerignore`;
  const ignore = input.tree.read(place);
  const planned = files.find(({ path }) => path === place)?.after;
  return [{ name, before: { text: before, ignore }, after: { text: after, ignore: planned ?? ignore } }];
}

/** `REDOCK_E2E=all` looks at what is risky in every fixture too. */
const MORE: readonly Level[] = process.env.REDOCK_E2E === 'all' ? ['risky'] : [];

/** Every fixture, changed by the transform that it belongs to, and by all together. */
async function fixturePairs(): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const folder of findCases(root)) {
    await runCase(folder, transforms, ({ input }) => {
      const { only: _, ...settings } = input.settings;
      const name = relative(root, folder);
      pairs.push(...pairOf(name, input));
      for (const level of new Set([settings.level, ...MORE]))
        pairs.push(...pairOf(`${name}, all transforms, ${level}`, { ...input, settings: { ...settings, level } }));
    });
  }
  const shop = new Tree(join(root, 'shop'));
  await prepareProjects(shop);
  for (const service of shop.list('services') ?? []) {
    const path = `services/${service}/Dockerfile`;
    const settings = { skip: [], level: 'review' as const, options: {} };
    const read = { path, text: shop.read(path) ?? '', tree: shop, project: openProject(shop, path, {}) };
    pairs.push(...pairOf(path, { ...read, transforms, settings }));
  }
  return pairs;
}

/** The images that a file names, as far as they can be read off it. */
function imagesOf(text: string): string[] {
  const document = Document.read('Dockerfile', text);
  if (!(document instanceof Document)) return [];
  const stages = new Set(document.stages.map(({ name }) => name?.toLowerCase()));
  const named = [...text.matchAll(/(?:^from\s+(?:--platform=\S+\s+)?|--from=|[=,]from=)([^\s,]+)/gim)];
  return named
    .map(([, name = '']) => name)
    .filter((name) => !stages.has(name.toLowerCase()) && !/^\d+$|^scratch$|\$/i.test(name));
}

/**
 * Asks the builder about many files in one call. Images stand as an empty folder: the checks look at no image, and none
 * is fetched. A line that names another frontend is left out: fetching that is another matter.
 */
function check(files: readonly Checked[], images: readonly (readonly string[])[]): Answer[] {
  const empty = folder();
  const target = Object.fromEntries(
    files.map(({ text, ignore }, i) => {
      const lines = text.replace(/^#\s*syntax\s*=.*\r?\n/im, '');
      const context = folder({ Dockerfile: lines, ...(ignore === undefined ? {} : { '.dockerignore': ignore }) });
      return [`f${i}`, { context, contexts: Object.fromEntries((images[i] ?? []).map((name) => [name, empty])) }];
    }),
  );
  const plan = join(empty, '..', `${empty.split('/').at(-1)}.json`);
  writeFileSync(plan, JSON.stringify({ group: { default: { targets: Object.keys(target) } }, target }));
  const args = ['buildx', 'bake', '-f', plan, '--call=check,format=json', '--allow=fs.read=*'];
  const { stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const answers = stdout === '' ? {} : JSON.parse(stdout).target;
  return files.map((_, i) => {
    const answer = answers[`f${i}`]?.check as Answer | undefined;
    if (!answer) throw new Error(`the builder does not answer: ${stderr}`);
    return answer;
  });
}

/** Asks about all files, again where an image turned up that the text does not name. */
function checkAll(files: readonly Checked[]): Answer[] {
  const images = files.map(({ text }) => imagesOf(text));
  const answers: Answer[] = [];
  let open = files.map((_, i) => i);
  for (let attempt = 0; attempt < TRIES && open.length > 0; attempt++) {
    const again: number[] = [];
    for (let from = 0; from < open.length; from += BATCH) {
      const batch = open.slice(from, from + BATCH);
      const found = check(
        batch.map((i) => files[i] as Checked),
        batch.map((i) => images[i] as string[]),
      );
      for (const [at, answer] of found.entries()) {
        const index = batch[at] as number;
        answers[index] = answer;
        const [, unknown] = /^(\S+): failed to resolve source metadata/.exec(answer.buildError?.message ?? '') ?? [];
        if (unknown === undefined) continue;
        // a FROM with variables names it in full, and a context has the short name
        images[index]?.push(unknown, unknown.replace(/^docker\.io\/(?:library\/)?/, ''));
        again.push(index);
      }
    }
    open = again;
  }
  return answers;
}

/** Variables that images bring along (those of .NET since 8); the empty folder in their place brings none. */
const OF_IMAGES = /^UndefinedVar: Usage of undefined variable '\$APP_UID'$/;

/** Findings without their lines, which move, and without the keyword: an `add` in small letters is a `copy` later. */
const findings = ({ warnings }: Answer): string[] =>
  (warnings ?? [])
    .map(({ ruleName, detail }) => `${ruleName}: ${detail.replace(/^Command '\w+'/, 'Command')}`)
    .filter((finding) => !OF_IMAGES.test(finding));

it('no rewritten fixture has a finding after that it has not before', async () => {
  const pairs = await fixturePairs();
  const files = new Map<string, Checked>();
  const keyOf = (file: Checked): string => JSON.stringify(file);
  for (const { before, after } of pairs) for (const file of [before, after]) files.set(keyOf(file), file);
  const answers = checkAll([...files.values()]);
  const answerOf = new Map([...files.keys()].map((key, i) => [key, answers[i] as Answer]));
  const news: Record<string, readonly string[]> = {};
  let unread = 0;
  for (const { name, before, after } of pairs) {
    const [was, is] = [answerOf.get(keyOf(before)) as Answer, answerOf.get(keyOf(after)) as Answer];
    if (was.buildError) unread++;
    const known = new Set(findings(was));
    const fresh = findings(is).filter((finding) => !known.has(finding));
    // What the builder cannot plan before, it need not plan after.
    if (is.buildError && !was.buildError) fresh.push(is.buildError.message);
    if (fresh.length > 0) news[name] = fresh;
  }
  expect(news).toEqual({});
  // Few of them are beyond the builder for reasons of their own.
  expect(unread).toBeLessThan(pairs.length / 20);
});
