/** What the files of a build context say about reading git's history, .env files and Docker's own files. */
import { posix } from 'node:path';
import { isDockerfileName } from '../discover.ts';
import { onceIn } from '../document/once.ts';
import { NOT_SEARCHED, READERS, type ReaderRow, type Topic } from '../knowledge/context-readers.ts';
import { type Fact, lineOf } from './manifests.ts';
import type { Project } from './project.ts';
import type { Survey } from './survey.ts';

/** Files that are read before the search gives up: what was not read may say anything. */
const FILE_LIMIT = 6000;
/** Characters of a file that are searched: sources are shorter, data is longer. */
const SIZE_LIMIT = 400_000;

export interface Mentions {
  /** The first file, in the order of the survey, that reads it. `file` is relative to the context. */
  readonly first: ReadonlyMap<Topic, Fact>;
  /** false: not every file was searched. */
  readonly complete: boolean;
}

const searched = onceIn<Mentions>();

/** Searches the sources and manifests of the context once, whoever asks. Undefined while the context is not known. */
export function mentions(project: Project): Mentions | undefined {
  const survey = project.survey();
  if (!survey) return undefined;
  return searched(survey, '', () => search(project, survey));
}

function search(project: Project, survey: Survey): Mentions {
  const first = new Map<Topic, Fact>();
  let read = 0;
  for (const file of survey.files) {
    if (NOT_SEARCHED.test(file)) continue;
    const name = posix.basename(file);
    // what Dockerfiles do is read from their instructions
    if (isDockerfileName(name)) continue;
    const rows = READERS.filter((row) => !first.has(row.topic) && (row.files?.test(name) ?? hasText(name)));
    if (rows.length === 0) continue;
    if (++read > FILE_LIMIT) return { first, complete: false };
    const text = project.readDisk(file)?.slice(0, SIZE_LIMIT);
    if (text === undefined) continue;
    for (const row of rows) {
      const fact = match(row, file, text);
      if (fact && !first.has(row.topic)) first.set(row.topic, fact);
    }
  }
  return { first, complete: survey.complete };
}

/** Names without an ending, and endings of text. */
const hasText = (name: string): boolean =>
  !/\.(?:png|jpe?g|gif|ico|webp|woff2?|ttf|eot|otf|pdf|zip|t?gz|bz2|xz|jar|war|class|so|dll|exe|bin|dat|mp[34]|wav|ogg|parquet|npy|pt|onnx|h5|pkl|db|sqlite3?|pem|key|crt)$/i.test(
    name,
  );

function match({ pattern }: ReaderRow, file: string, text: string): Fact | undefined {
  const hit = pattern.exec(text)?.[0].trim().split('\n')[0];
  if (hit === undefined) return undefined;
  const line = lineOf(text, hit);
  return { file, ...(line !== undefined && { line }), says: hit.length > 40 ? `${hit.slice(0, 40)}...` : hit };
}
