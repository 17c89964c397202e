/** What the files of a build context say about reading git's history, .env files and Docker's own files. */
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

const searches = onceIn<Search>();

/**
 * The first file, in the order of the survey, that reads what a topic is about; `file` is relative to the context.
 * Undefined: none does. 'unsearched': none of those that were searched, and not every one was.
 * The sources and manifests of the context are searched once, whoever asks, and no further than somebody needs to know.
 */
export function mention(project: Project, topic: Topic): Fact | 'unsearched' | undefined {
  const survey = project.survey();
  return survey ? searches(survey, '', () => new Search(survey)).find(project, topic) : 'unsearched';
}

class Search {
  private readonly first = new Map<Topic, Fact>();
  private readonly survey: Survey;
  /** Files of the survey that were passed, and those of them that were read. */
  private passed = 0;
  private read = 0;

  constructor(survey: Survey) {
    this.survey = survey;
  }

  find(project: Project, topic: Topic): Fact | 'unsearched' | undefined {
    const { files, complete } = this.survey;
    while (!this.first.has(topic) && this.passed < files.length && this.read <= FILE_LIMIT) {
      this.file(project, files[this.passed++] as string);
    }
    return this.first.get(topic) ?? (complete && this.read <= FILE_LIMIT ? undefined : 'unsearched');
  }

  private file(project: Project, file: string): void {
    if (NOT_SEARCHED.test(file)) return;
    const name = file.slice(file.lastIndexOf('/') + 1);
    // what Dockerfiles do is read from their instructions
    if (isDockerfileName(name)) return;
    const rows = READERS.filter((row) => !this.first.has(row.topic) && (row.files?.test(name) ?? hasText(name)));
    if (rows.length === 0 || ++this.read > FILE_LIMIT) return;
    const text = project.readDisk(file)?.slice(0, SIZE_LIMIT);
    if (text === undefined) return;
    for (const row of rows) {
      const fact = this.first.has(row.topic) ? undefined : match(row, file, text);
      if (fact) this.first.set(row.topic, fact);
    }
  }
}

/** Names without an ending, and endings of text. */
const hasText = (name: string): boolean =>
  !/\.(?:png|jpe?g|gif|ico|webp|woff2?|ttf|eot|otf|pdf|zip|t?gz|bz2|xz|jar|war|class|so|dll|exe|bin|dat|mp[34]|wav|ogg|parquet|npy|pt|onnx|h5|pkl|db|sqlite3?|pem|key|crt)$/i.test(
    name,
  );

function match({ pattern, hints }: ReaderRow, file: string, text: string): Fact | undefined {
  if (hints && !hints.some((hint) => text.includes(hint))) return undefined;
  const hit = pattern.exec(text)?.[0].trim().split('\n')[0];
  if (hit === undefined) return undefined;
  const line = lineOf(text, hit);
  return { file, ...(line !== undefined && { line }), says: hit.length > 40 ? `${hit.slice(0, 40)}...` : hit };
}
