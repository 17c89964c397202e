/**
 * What happens when a container starts, read from where it is written: CMD and ENTRYPOINT, compose files, the scripts
 * that they call, scripts of package.json, Procfile, supervisor and cron configurations, programs that the code starts.
 * Nothing is executed. What could not be read is said, so that nobody takes silence for an answer.
 */

import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Document, Stage } from '../document.ts';
import { MANAGER_VERBS, STARTERS, STARTERS_OF_PROGRAMS } from '../knowledge/run-time.ts';
import type { Command } from '../shell/command.ts';
import { parseScript } from '../shell/script.ts';
import { wholeText } from '../source.ts';
import { handedOn, programsIn } from './code-programs.ts';
import { type ImageFiles, imageFiles } from './image-files.ts';
import { type Fact, recordIn, textEntries } from './manifests.ts';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';
import { composeStarts, instructionStarts, procfileStarts, type Start } from './starts.ts';

export type { Start } from './starts.ts';

/** A program that is started at run time, and where that is written. */
export interface ProgramUse extends Fact {
  /** Last segment of the path: `gunicorn`. */
  readonly program: string;
  /** As written: `/usr/local/bin/gunicorn`. */
  readonly path: string;
  /** start: reached from a start command; code: named in source code that starts programs; config: in a configuration file. */
  readonly by: 'start' | 'code' | 'config';
  /** The command line in code that names it first. */
  readonly commandLine?: string;
}

/** A script of the context that a start command reaches. */
export interface StartScript {
  /** Relative to the context. */
  readonly path: string;
  readonly text: string;
  /** Its simple commands; undefined: it cannot be read. */
  readonly commands: readonly Command[] | undefined;
}

export interface RuntimeFacts {
  readonly starts: readonly Start[];
  readonly scripts: readonly StartScript[];
  readonly programs: readonly ProgramUse[];
  /** Start commands and scripts that could not be followed: `file`, and what it says. */
  readonly unread: readonly Fact[];
  /** Files of the context that reach the image; stops at a few thousand. */
  readonly files: ImageFiles;
  /** The first place in the project's own files (code, configurations, start commands) that matches, but not in those whose path is like `except`. `file` is relative to the context. */
  find(pattern: RegExp, except?: RegExp): Fact | undefined;
  /** The absolute image path of a file of the context that is started under a word: a path, or a name that PATH finds. */
  locate(word: string): string | undefined;
  /** The first use of a program by its name. */
  uses(program: string): ProgramUse | undefined;
}

/** Files of the context that are looked at. */
const FILE_LIMIT = 4000;
const SCRIPT_DEPTH = 6;
/** PATH of an image that sets none. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Reads what runs in containers of a stage. Costs as much as reading the project's source once; the answer is kept.
 */
export const runtimeFacts: (project: Project, stage: Stage, document: Document) => RuntimeFacts = remembered(
  (project: Project, stage: Stage, document: Document) =>
    runtimeWith(document, project, stage, imageFiles(document, project, stage)),
);

/**
 * The same where the files are those of another stage, from which this one takes the program over at the same place. Who
 * asks where files stand alone has nothing read.
 */
export function runtimeWith(document: Document, project: Project, stage: Stage, files: ImageFiles): RuntimeFacts {
  let known: { readonly starts: readonly Start[]; readonly reader: Reader } | undefined;
  const all = () => {
    known ??= readAll(document, project, stage, files);
    return known;
  };
  return {
    files,
    get starts() {
      return all().starts;
    },
    get scripts() {
      return all().reader.scripts;
    },
    get programs() {
      return all().reader.programs;
    },
    get unread() {
      return all().reader.unread;
    },
    find: (pattern, except) => {
      const { starts, reader } = all();
      for (const start of starts) {
        if (pattern.test(start.text)) return { file: start.file, line: start.line, says: start.text };
      }
      for (const [file, text] of reader.texts) {
        if (except?.test(file)) continue;
        const match = pattern.exec(text);
        if (match) return { file, line: text.slice(0, match.index).split('\n').length, says: match[0].trim() };
      }
      return undefined;
    },
    locate: (word) => all().reader.locate(word)?.place,
    uses: (program) => all().reader.programs.find((use) => use.program === program),
  };
}

function readAll(document: Document, project: Project, stage: Stage, files: ImageFiles) {
  const starts = [...instructionStarts(document, stage), ...composeStarts(project), ...procfileStarts(project)];
  const path = stage.end.env.get('PATH') ?? PATH;
  const reader = new Reader(project, files, stage.end.workdir, path.split(':'));
  for (const start of starts) reader.start(start);
  for (const path of files.walk(FILE_LIMIT)) reader.source(path);
  reader.handedOn();
  return { starts, reader };
}

class Reader {
  readonly scripts: StartScript[] = [];
  readonly programs: ProgramUse[] = [];
  readonly unread: Fact[] = [];
  /** Files of the context that can hold a call, with their text. */
  readonly texts = new Map<string, string>();
  private readonly project: Project;
  private readonly files: ImageFiles;
  private readonly workdir: string | undefined;
  /** Folders in which a shell looks for a name. */
  private readonly path: readonly string[];
  private readonly followed = new Set<string>();
  /** Functions of the code that start what they are given. */
  private readonly runners = new Set<string>();

  constructor(project: Project, files: ImageFiles, workdir: string | undefined, path: readonly string[]) {
    this.project = project;
    this.files = files;
    this.workdir = workdir;
    this.path = path;
  }

  /** A file of the context that is started; `isOperand`: sh looks for its script in the working folder first. */
  locate(word: string, isOperand = word.includes('/')): { readonly place: string; readonly file: string } | undefined {
    const folders = word.includes('/') ? [] : this.path;
    for (const folder of [...(isOperand ? [this.workdir] : []), ...folders]) {
      const place = joinPath(folder, word);
      const file = place === undefined ? undefined : this.files.toContext(place);
      if (place !== undefined && file !== undefined && this.project.kind(file) === 'file') return { place, file };
    }
    return undefined;
  }

  start({ file, line, words, text }: Start): void {
    if (words) this.words(words, { file, line, says: text }, 0);
    else this.shell(text, { file, line, says: text }, 0);
  }

  /** `["sh", "-c", "x y"]`, `["python", "app.py"]`, `["./start.sh", "web"]`. */
  private words(words: readonly string[], fact: Fact, depth: number): void {
    const [first, ...rest] = words;
    if (first === undefined || first === '') return;
    if (/(?:^|\/)(?:sh|bash|ash|dash)$/.test(first) && rest[0]?.startsWith('-') && rest[0].includes('c')) {
      this.program(first, fact);
      this.shell(rest[1] ?? '', fact, depth);
      return;
    }
    this.program(first, fact);
    const at = STARTERS.test(posix.basename(first)) ? rest.find((word) => !word.startsWith('-')) : first;
    if (at !== undefined && at !== first && STARTERS_OF_PROGRAMS.test(posix.basename(first))) {
      this.words(rest.slice(rest.indexOf(at)), fact, depth);
      return;
    }
    if (at !== undefined) this.follow(at, at === first, fact, depth);
    // wait-for-it.sh db:5432 -- python app.py
    const handed = words[words.indexOf('--') + 1];
    if (words.includes('--') && handed !== undefined && !handed.startsWith('-'))
      this.words(words.slice(words.indexOf('--') + 1), fact, depth);
    this.packageScript(words, fact, depth);
  }

  private shell(text: string, fact: Fact, depth: number): void {
    const commands = commandsOf(text);
    if (!commands) this.unread.push(fact);
    else this.commands(commands, fact, depth);
  }

  private commands(commands: readonly Command[], fact: Fact, depth: number, text = ''): void {
    for (const command of commands) {
      if (command.name === undefined) {
        // exec "$@", or "${CLI[@]}" behind CLI=("$@"), hands on what the others name
        const raw = command.nameWord?.raw ?? '';
        const list = /^"?\$\{(\w+)\[[@*]\]\}"?$/.exec(raw)?.[1];
        if (list !== undefined && text.includes(`${list}=("$@")`)) continue;
        if (command.nameWord && !/\$[@*]|\$\{@/.test(raw)) this.unread.push({ ...fact, says: command.nameWord.raw });
        continue;
      }
      const words = [command.name, ...command.args.map(({ literal, raw }) => literal ?? raw)];
      this.words(words, fact, depth);
    }
  }

  /** A script of the context. A file that is not there comes from the image or from a mount. */
  private follow(path: string, isProgram: boolean, fact: Fact, depth: number): void {
    const { file } = this.locate(path, !isProgram || path.includes('/')) ?? {};
    if (file === undefined || this.followed.has(file)) return;
    this.followed.add(file);
    const text = this.project.read(file);
    if (text === undefined) {
      this.unread.push({ ...fact, says: path });
      return;
    }
    const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
    const isShell =
      /\.(?:sh|bash|ash|dash)$/.test(file) ||
      /(?:^|\/)(?:ba|da|a)?sh$/.test(shebang?.[1]?.endsWith('/env') ? (shebang[2] ?? '') : (shebang?.[1] ?? ''));
    if (shebang && isProgram)
      this.program(shebang[1]?.endsWith('/env') ? (shebang[2] ?? '') : (shebang[1] ?? ''), {
        file,
        line: 1,
        says: shebang[0],
      });
    if (!isShell) return;
    const commands = commandsOf(text.replaceAll('\r\n', '\n'));
    this.scripts.push({ path: file, text, commands });
    const here = { file: this.project.rootPath(file), says: file };
    if (!commands) this.unread.push(here);
    else if (depth < SCRIPT_DEPTH) this.commands(commands, here, depth + 1, text);
  }

  /** `npm start`, `yarn run web`: the script of package.json. */
  private packageScript(words: readonly string[], fact: Fact, depth: number): void {
    const [program, ...rest] = words;
    if (!/^(?:npm|yarn|pnpm|bun)$/.test(posix.basename(program ?? ''))) return;
    const names = rest.filter((word) => !word.startsWith('-') && word !== 'run' && word !== 'run-script');
    const place = this.workdir === undefined ? undefined : joinPath(this.workdir, 'package.json');
    const file = place === undefined ? undefined : this.files.toContext(place);
    const scripts = new Map(file === undefined ? [] : textEntries(recordIn(this.project, file)?.scripts));
    const name = names[0];
    if (name === undefined || depth >= SCRIPT_DEPTH) return;
    // `pnpm vite`, `yarn vite`, `npm exec vite`: a program of node_modules
    const isLauncher = /^(?:exec|dlx|x)$/.test(name);
    if (isLauncher || (program !== 'npm' && !scripts.has(name) && !MANAGER_VERBS.has(name))) {
      const launched = words.slice(words.indexOf(name) + (isLauncher ? 1 : 0));
      this.words(launched.slice(launched.findIndex((word) => !word.startsWith('-'))), fact, depth + 1);
      return;
    }
    for (const one of [`pre${name}`, name, `post${name}`]) {
      const body = scripts.get(one);
      const key = `${file}#${one}`;
      if (body === undefined || this.followed.has(key)) continue;
      this.followed.add(key);
      this.shell(
        body,
        {
          file: this.project.rootPath(file ?? ''),
          says: `"${one}": "${body}"`,
          ...(fact.line !== undefined && { line: 1 }),
        },
        depth + 1,
      );
    }
  }

  private program(path: string, fact: Fact, by: ProgramUse['by'] = 'start'): void {
    if (path !== '') this.programs.push({ ...fact, program: posix.basename(path), path, by });
  }

  /** Source code that starts programs, and configurations that name them. */
  source(path: string): void {
    const found = programsIn(this.project, path);
    if (!found) return;
    this.texts.set(path, found.text);
    this.programs.push(...found.programs);
    for (const runner of found.runners) this.runners.add(runner);
  }

  /** Programs in calls of functions that another file hands out. */
  handedOn(): void {
    for (const [path, text] of this.texts)
      this.programs.push(...handedOn(this.project.rootPath(path), text, this.runners));
  }
}

/** The simple commands of a shell text that stands for itself; undefined: it cannot be read. */
function commandsOf(text: string): readonly Command[] | undefined {
  const { opaque, commands } = parseScript(wholeText(text), { escape: '\\', bash: true });
  return opaque === undefined ? commands : undefined;
}
