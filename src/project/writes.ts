/** Where a program writes while it runs, as its source, its configuration and its start command say. Nothing is executed. */
import { joinPath } from '../document/state.ts';
import type { Document, Stage } from '../document.ts';
import { PRIVILEGED_CALLS } from '../knowledge/privileged-code.ts';
import {
  GIT_CALLS,
  NOT_RUN,
  PROGRAM_WRITES,
  READ_LANGUAGES,
  SOURCE_WRITES,
  type SourceWriteRow,
  TEMPORARY,
  WRITTEN_ARGUMENTS,
} from '../knowledge/source-writes.ts';
import { lineAt } from './calls.ts';
import { imageFiles } from './image-files.ts';
import { notRunnable } from './interpreters.ts';
import { leftBehind } from './left-behind.ts';
import type { Fact } from './manifests.ts';
import type { Project } from './project.ts';
import type { Call } from './start-calls.ts';

/** One place that is written to, and where that is said. Files are relative to the root. */
export interface WrittenPlace {
  /** A folder, absolute in the image; undefined: it is not written out, and below the working directory as far as anybody can tell. */
  readonly folder: string | undefined;
  readonly fact: Fact;
}

export interface Writes {
  readonly places: readonly WrittenPlace[];
  /** Source files that were read. */
  readonly filesRead: number;
  /** Whether some of them are of a language that is compiled. */
  readonly compiled: boolean;
  /** Whether there was more than is read at once, or a file that cannot be. */
  readonly isPartial: boolean;
  /** Where the source calls git. */
  readonly git: Fact | undefined;
  /** Where it does what only root may do, by a library. `says`: what that is. */
  readonly privileged: Fact | undefined;
}

/** Files of the context that are looked at, and characters of each and of all. */
const FILE_LIMIT = 6000;
const TEXT_LIMIT = 300_000;
const TOTAL_LIMIT = 20_000_000;
const COMPILED = /\.(?:go|rs|cs|fs|java|kt|scala|c|cc|cpp|cxx)$/;
/** Places that are told apart in one file. */
const PLACES_PER_FILE = 20;

/** Reads what the stages of a Dockerfile copy from the context, the programs that start, and those that its code starts. */
export function writesOf(
  document: Document,
  project: Project,
  stage: Stage,
  calls: readonly Call[],
  started: readonly Call[],
): Writes {
  const workdir = stage.end.workdir;
  const paths = new Set<string>();
  let isPartial = false;
  for (const each of document.stages) {
    let left = FILE_LIMIT;
    for (const path of imageFiles(document, project, each).walk(FILE_LIMIT)) {
      paths.add(path);
      left--;
    }
    if (left <= 0) isPartial = true;
  }
  const cannotRun = notRunnable(document, project, stage);
  const isAway = leftBehind(document, project, stage);
  const places: WrittenPlace[] = [];
  let filesRead = 0;
  let total = 0;
  let compiled = false;
  let git: Fact | undefined;
  let privileged: Fact | undefined;
  for (const path of paths) {
    const rows = SOURCE_WRITES.filter(({ files }) => files.test(path));
    const isCode = READ_LANGUAGES.test(path);
    if ((rows.length === 0 && !isCode) || NOT_RUN.test(path) || cannotRun(path) || isAway(path)) continue;
    const text = project.read(path);
    if (text === undefined || text.length > TEXT_LIMIT || total > TOTAL_LIMIT) {
      // a bundle of that size is no file that somebody wrote
      if (text !== undefined && !/\.min\.|bundle/.test(path)) isPartial = true;
      continue;
    }
    total += text.length;
    if (isCode) filesRead++;
    compiled ||= COMPILED.test(path);
    git ??= isCode ? gitIn(text, project.rootPath(path)) : undefined;
    privileged ??= isCode ? privilegedIn(path, text, project.rootPath(path)) : undefined;
    places.push(...placesIn(rows, text, project.rootPath(path), workdir));
  }
  for (const { program, words, at } of [...calls, ...started.filter((it) => !NOT_RUN.test(it.at.file))]) {
    const row = PROGRAM_WRITES.find((it) => it.program.test(program) && (it.words?.test(words) ?? true));
    for (const folder of row?.folders ?? []) {
      places.push({ folder: joinPath(workdir, folder), fact: { ...at, says: row?.what ?? '' } });
    }
  }
  for (const { words, at } of calls) {
    for (const [, path = ''] of words.matchAll(WRITTEN_ARGUMENTS)) {
      if (/^-|^\/(?:tmp|dev|proc)\/|\$/.test(path)) continue;
      places.push({
        folder: joinPath(workdir, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.'),
        fact: at,
      });
    }
  }
  return { places, filesRead, compiled, isPartial, git, privileged };
}

function gitIn(text: string, file: string): Fact | undefined {
  // most files name it nowhere
  const match = text.includes('git') ? GIT_CALLS.exec(text) : null;
  return match ? { file, line: lineAt(text, match.index + match[0].length - 1), says: match[0].trim() } : undefined;
}

function privilegedIn(path: string, text: string, file: string): Fact | undefined {
  for (const { files, needs, pattern, what } of PRIVILEGED_CALLS) {
    const match = files.test(path) && text.includes(needs) ? pattern.exec(text) : null;
    if (match) return { file, line: lineAt(text, match.index), says: what };
  }
  return undefined;
}

function placesIn(
  rows: readonly SourceWriteRow[],
  text: string,
  file: string,
  workdir: string | undefined,
): WrittenPlace[] {
  const found: WrittenPlace[] = [];
  let named: ReadonlyMap<string, string | undefined> | undefined;
  for (const { pattern } of rows) {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= PLACES_PER_FILE) return found;
      const at = match.index + match[0].length;
      const start = text.lastIndexOf('\n', match.index) + 1;
      const stop = text.indexOf('\n', at);
      const line = text.slice(start, stop < 0 ? undefined : stop);
      if (/^\s*(?:#|\/\/|\*|\/\*|--|<!--)/.test(line) || TEMPORARY.test(line)) continue;
      const fact = { file, line: lineAt(text, match.index), says: line.trim().slice(0, 100) };
      const behind = text.slice(at, at + 200);
      const folder = folderOf(match[0], behind, workdir);
      found.push({ folder, fact });
      const name = folder === undefined && match[0].endsWith('(') ? NAME.exec(behind)?.[1] : undefined;
      if (name === undefined) continue;
      named ??= namedPaths(text);
      const path = named.get(plain(name)) ?? named.get(`default${plain(name)}`);
      if (path !== undefined) found.push({ folder: folderOf(match[0], `"${path}")`, workdir), fact });
    }
  }
  return found;
}

/** `(bs.internalCodePath,`, `(DATA_DIR)`: a name of several words, which means the same in all of a file. */
const NAME = /^\s*(?:[A-Za-z_]\w{0,60}\.){0,3}([A-Za-z]\w{0,60}(?:_|[a-z](?=[A-Z]))\w{1,60})\s*[,)]/;
/** `DEFAULT_INTERNAL_CODE_PATH = "/bin/userfunc"`, `const dataDir: string = '/data'` */
const NAMED_PATH = /\b([A-Za-z]\w{1,120})(?:\s*:\s*string|\s+string)?\s*:?=\s*["'](\/[\w./-]{1,120})["']/g;
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Absolute paths that a file gives a name to; undefined: more than one for the same name. */
function namedPaths(text: string): ReadonlyMap<string, string | undefined> {
  const paths = new Map<string, string | undefined>();
  for (const [, name = '', path = ''] of text.matchAll(NAMED_PATH)) {
    const key = plain(name);
    paths.set(key, paths.has(key) && paths.get(key) !== path ? undefined : path);
  }
  return paths;
}

/** Calls whose path is a folder. */
const MAKES_FOLDER =
  /mkdirs?(?:Sync)?\($|MkdirAll\($|makedirs\($|ensureDir\w*\($|createDirector|Directory\.Create|create_dir|dest(?:ination)?:$|dirname:$|UPLOAD|MEDIA_ROOT|uploadDir|_(?:dir|folder)\s*=$/i;
/** Settings behind which a path stands without quotes of its own. */
const SETTING =
  /(?:sqlite\S*|jdbc:\S*|["'`]file|hsqldb:file|derby):$|<\w+>$|logging\.file\S*\s*[=:]$|(?:pidfile2?|logto2?|daemonize2?|master-fifo|socket)\s*=$|source=$|filename=$|\.File(?:Name)?\s*=$/i;

/** A path without quotes of its own, behind the slashes of an address. */
const ADDRESS = /^(?:\/\/\/?)?\s*([^"'`\s<>;?]{1,150})/;

/**
 * The folder of the literal behind a call or setting: `('data/x.db'`, `= "uploads"`, `sqlite:///data.db`,
 * `<file>logs/app.log`; undefined: it is put together at run time.
 */
function folderOf(call: string, behind: string, workdir: string | undefined): string | undefined {
  const quoted = /^\s*[rb]?(["'`])([^"'`\n]{1,150})\1\s*(?=[,);\]}\n]|$)/.exec(behind)?.[2];
  const path = quoted ?? (SETTING.test(call) ? ADDRESS.exec(behind)?.[1] : undefined);
  if (path === undefined || /[${}%*<>|\\]|^~|^\w+:\/\//.test(path)) return undefined;
  if (MAKES_FOLDER.test(call)) return joinPath(workdir, path);
  return joinPath(workdir, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.');
}
