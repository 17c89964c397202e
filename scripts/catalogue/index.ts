/**
 * `npm run catalogue`: writes src/knowledge/catalogue.ts anew from public data.
 *   --images DIR   a checkout of docker-library/official-images (else each file is fetched from GitHub)
 *   --dotnet DIR   a checkout of dotnet/dotnet-docker (else the same)
 *   --ends DIR     a checkout of endoflife-date/endoflife.date (else the same)
 *   --date DAY     the day of the checkouts; default: the day of the last commit of --images, or today
 *   --read DAY     the day up to which an announced end of life counts as past; default: today
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dotnetGroups } from './dotnet.ts';
import { CATALOGUE_IMAGES } from './images.ts';
import { tagGroups } from './library.ts';
import { cyclesOf } from './products.ts';
import { rowOf } from './rows.ts';
import { catalogueText } from './text.ts';

const TARGET = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'knowledge', 'catalogue.ts');
const RAW = 'https://raw.githubusercontent.com';

/** Reads one file of a source. */
type Read = (path: string) => Promise<string>;

function readerOf(folder: string | undefined, repository: string, branch: string): Read {
  if (folder !== undefined) return async (path) => readFileSync(join(folder, path), 'utf8');
  return async (path) => {
    const url = `${RAW}/${repository}/${branch}/${path}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
    if (!answer) throw new Error(`${url} cannot be reached: name a checkout (--images, --dotnet, --ends)`);
    if (!answer.ok) throw new Error(`${url} answers with the status ${answer.status}`);
    return await answer.text();
  };
}

const today = (): string => new Date().toISOString().slice(0, 10);

function dayOf(folder: string | undefined): string {
  if (folder === undefined) return today();
  try {
    return execFileSync('git', ['-C', folder, 'log', '-1', '--format=%cs'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    throw new Error(`of which day ${folder} is cannot be told: give --date YYYY-MM-DD`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: 'string' },
      dotnet: { type: 'string' },
      ends: { type: 'string' },
      date: { type: 'string' },
      read: { type: 'string' },
    },
  });
  const date = values.date ?? dayOf(values.images);
  const read = values.read ?? today();
  for (const day of [date, read]) {
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`${day} is no day (YYYY-MM-DD)`);
  }
  const library = readerOf(values.images, 'docker-library/official-images', 'master');
  const readmes = readerOf(values.dotnet, 'dotnet/dotnet-docker', 'main');
  const products = readerOf(values.ends, 'endoflife-date/endoflife.date', 'master');
  const rows = [];
  for (const image of CATALOGUE_IMAGES) {
    const groups = image.readme
      ? dotnetGroups(await readmes(image.readme))
      : tagGroups(await library(`library/${image.repository}`));
    const product = image.product === undefined ? undefined : await products(`products/${image.product}.md`);
    rows.push(rowOf(image, groups, product === undefined ? [] : cyclesOf(product, image.ends ?? 'eol')));
  }
  const text = catalogueText(rows, date, read);
  const changed = text !== readFileSync(TARGET, 'utf8');
  if (changed) writeFileSync(TARGET, text);
  console.log(`${rows.length} images as of ${date}: ${changed ? 'written' : 'nothing new'}`);
}

try {
  await main();
} catch (error) {
  console.error(String((error as Error).message));
  process.exitCode = 2;
}
