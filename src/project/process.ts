/**
 * The process that stays when a container of a stage runs: CMD and ENTRYPOINT followed through shells, launchers,
 * scripts of the context and package.json. Nothing is executed; what cannot be followed is said.
 */

import { posix } from 'node:path';
import { lastOf, lineage } from '../document/lineage.ts';
import { joinPath } from '../document/state.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import type { Evidence } from '../edit.ts';
import { defaultCommand } from '../knowledge/default-commands.ts';
import { parseScript } from '../shell/script.ts';
import { wholeText } from '../source.ts';
import { commandWords } from './compose-service.ts';
import { interpreted } from './interpreter.ts';
import { launched } from './launch.ts';
import { nodeFacts } from './node.ts';
import { originOf } from './origin.ts';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';
import { runJava } from './run-java.ts';
import { folderAt, isBash, runsBeside, staying, unquoted } from './start-script.ts';

/** A program with its words as written (`--port $PORT`), launchers taken away. */
export interface Process {
  /** Last segment: `gunicorn`; of `python -m x` it is `x`, of `python manage.py` it is `manage.py`. */
  readonly program: string;
  /** The path or name as written. */
  readonly path: string;
  readonly args: readonly string[];
  /** The interpreter that carries a script out: `node` for `node server.js`; undefined for a program. */
  readonly interpreter: string | undefined;
  /** Absolute folder in the image in which it starts. */
  readonly cwd: string | undefined;
  /** Variables that the start sets for it: `PORT=80 node x`. */
  readonly assignments: ReadonlyMap<string, string | undefined>;
  /** What started it and stays as its parent, outermost first: `tini`, `sh` without an exec, `npm`. */
  readonly parents: readonly string[];
  /** Where it is written, outermost first. */
  readonly evidence: readonly Evidence[];
}

/** Why the process is not known. */
export interface UnknownProcess {
  readonly code: 'no-command' | 'start-unknown' | 'several-processes';
  readonly why: string;
}

/** Scripts and launchers inside of each other that are followed. */
const DEPTH = 12;
const SHELL = /^(?:ba|da|a)?sh$/;

/** What a compose service gives instead of CMD, or of ENTRYPOINT and CMD. */
export interface Override {
  readonly by: 'command' | 'entrypoint';
  /** undefined: `text` is for the shell. */
  readonly words: readonly string[] | undefined;
  readonly text: string;
  readonly evidence: Evidence;
}

/** Follows the start of a stage; `override` wins over what it says. */
export function processOf(
  document: Document,
  project: Project,
  stage: Stage,
  override?: Override,
): Process | UnknownProcess {
  return override ? followed(document, project, stage, override) : own(project, stage, document);
}

const own = remembered((project: Project, stage: Stage, document: Document) => followed(document, project, stage));

function followed(document: Document, project: Project, stage: Stage, override?: Override): Process | UnknownProcess {
  const walk = new Walk(document, project, stage);
  const chain = lineage(stage);
  const entrypoint = override?.by === 'entrypoint' ? undefined : lastOf(chain, 'ENTRYPOINT');
  // an ENTRYPOINT takes the CMD of the stages before it away
  const command = override ? undefined : lastOf(entrypoint ? sinceEntrypoint(chain) : chain, 'CMD');
  if (entrypoint && !entrypoint.json)
    return walk.shell(entrypoint.args.text, walk.start(entrypoint), 0, isBash('sh', stage));
  const given = override
    ? { words: override.words ?? commandWords(override.text, entrypoint !== undefined), evidence: [override.evidence] }
    : command && { words: wordsOf(command), evidence: walk.start(command).evidence };
  if (entrypoint && entrypoint.words.length > 0) {
    const { evidence } = walk.start(entrypoint);
    const words = [...wordsOf(entrypoint), ...(given?.words ?? [])];
    return walk.words(words, { ...walk.here, evidence: [...evidence, ...(given?.evidence ?? [])] }, 0);
  }
  if (given) return walk.words(given.words, { ...walk.here, evidence: given.evidence }, 0);
  return walk.inherited(chain.at(-1) as Stage);
}

/** The stages whose CMD still holds: the one with the ENTRYPOINT and those behind it. */
function sinceEntrypoint(chain: readonly Stage[]): readonly Stage[] {
  const at = chain.findIndex((stage) => stage.instructions.some(({ keyword }) => keyword === 'ENTRYPOINT'));
  return chain.slice(0, at + 1);
}

const wordsOf = (it: Instruction): readonly string[] =>
  it.json ? it.words.map(({ value }) => value) : ['sh', '-c', it.args.text];

/** What holds where a command stands. */
interface Place {
  readonly cwd: string | undefined;
  readonly assignments: ReadonlyMap<string, string | undefined>;
  readonly parents: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Words that the script got: `"$@"`. */
  readonly given?: readonly string[];
}

class Walk {
  private readonly document: Document;
  private readonly project: Project;
  private readonly stage: Stage;
  readonly here: Place;

  constructor(document: Document, project: Project, stage: Stage) {
    this.document = document;
    this.project = project;
    this.stage = stage;
    this.here = { cwd: stage.end.workdir, assignments: new Map(), parents: [], evidence: [] };
  }

  start(it: Instruction): Place {
    const evidence = {
      file: this.document.path,
      line: this.document.originLine(it.start),
      says: `${it.keyword} ${it.args.text}`,
    };
    return { ...this.here, evidence: [evidence] };
  }

  /** What the base image runs by itself. */
  inherited(root: Stage): Process | UnknownProcess {
    const row = root.image && defaultCommand(root.image);
    if (!row)
      return {
        code: 'no-command',
        why: 'neither CMD nor ENTRYPOINT is written, and what the base starts is not known',
      };
    const { document } = this;
    const line = document.originLine(root.from.start);
    const says = `${root.fromWord.value} runs ${row.words.join(' ')}`;
    return this.words(row.words, { ...this.here, evidence: [{ file: document.path, line, says }] }, 0);
  }

  words(words: readonly string[], place: Place, depth: number): Process | UnknownProcess {
    const [first, ...rest] = words;
    if (first === undefined || first === '') return unknown('the start command is empty');
    if (depth > DEPTH) return unknown('the start command calls itself, or scripts in scripts');
    if (/[$`]/.test(first)) return this.variable(words, place, depth);
    const name = posix.basename(first);
    if (SHELL.test(name)) return this.shellWords(words, place, depth);
    const behind = launched(name, rest);
    if (behind === 'nothing') return unknown(`what ${name} starts is not written`);
    if (behind) {
      const assignments = new Map([...place.assignments, ...behind.assignments]);
      const parents = behind.stays ? [...place.parents, name] : place.parents;
      return this.words(behind.words, { ...place, assignments, parents }, depth + 1);
    }
    if (/^(?:npm|yarn|pnpm|bun)$/.test(name)) return this.packageScript(words, place, depth);
    const java = runJava(name, this.stage.end.env);
    if (java) return this.words([...java, ...rest], place, depth + 1);
    const script = this.script(first, place);
    if (script) return this.scriptFile(script, rest, place, depth);
    return this.interpreted(words, place, depth);
  }

  /** `"$@"` and `$1` are the words that the script got; other variables are not known. */
  private variable(words: readonly string[], place: Place, depth: number): Process | UnknownProcess {
    const [first = '', ...rest] = words;
    if (/^\$(?:@|\*|\{@\}|\{\*\})$/.test(first) && place.given && place.given.length > 0) {
      const { given, ...outer } = place;
      return this.words([...given, ...rest], outer, depth + 1);
    }
    const value = this.document.expand(first, this.stage.end);
    if (value !== undefined && !/[$`\s]/.test(value)) return this.words([value, ...rest], place, depth + 1);
    return unknown(`the program is named by ${first}`);
  }

  private shellWords(words: readonly string[], place: Place, depth: number): Process | UnknownProcess {
    const [shell = 'sh', ...rest] = words;
    const at = rest.findIndex((word) => !word.startsWith('-') && !/^pipefail$/.test(word));
    const isText = rest.slice(0, Math.max(at, 0)).some((word) => /^-\w*c$/.test(word));
    if (at < 0) return this.done(words, undefined, place);
    if (isText) {
      const given = rest.slice(at + 2);
      return this.shell(rest[at] as string, { ...place, given }, depth + 1, isBash(shell, this.stage));
    }
    const script = this.script(rest[at] as string, place, true);
    if (script) return this.scriptFile(script, rest.slice(at + 1), place, depth);
    return unknown(`${shell} runs ${rest[at]}, which is not among the files at hand`);
  }

  /** The last command of a shell text is the one that stays, unless another one goes on beside it. */
  shell(text: string, place: Place, depth: number, isBashText = false): Process | UnknownProcess {
    const script = parseScript(wholeText(text.replaceAll('\r\n', '\n')), { escape: '\\', bash: true });
    if (script.opaque !== undefined) return unknown(`the start script cannot be read: ${script.opaque}`);
    if (depth > DEPTH) return unknown('scripts in scripts');
    const last = staying(script);
    if (!last) return unknown('which command of the start script stays depends on conditions');
    if (runsBeside(text))
      return { code: 'several-processes', why: 'the start script leaves one process in the background' };
    const cwd = folderAt(script, last, place.cwd);
    const assignments = new Map(place.assignments);
    for (const { name, value } of last.assignments) assignments.set(name, value);
    const words = [last.nameWord, ...last.args].map((word) => unquoted(word?.literal ?? word?.raw ?? ''));
    // bash -c "java -jar app.jar": a text of one command takes the place of bash by itself; dash and ash stay
    const isReplaced = last.wrappers.includes('exec') || (isBashText && script.commands.length === 1);
    const parents = isReplaced ? place.parents : [...place.parents, 'sh'];
    return this.words(words, { ...place, cwd, assignments, parents }, depth + 1);
  }

  /** The file of the context that a word names, when it is a shell script. */
  private script(word: string, place: Place, isShell = false): { file: string; text: string } | undefined {
    if (!word.includes('/') && !/\.(?:sh|bash)$/.test(word) && !isShell) return this.onPath(word);
    const path = joinPath(place.cwd, word);
    const file = path === undefined ? undefined : originOf(this.document, this.project, this.stage, path);
    return file === undefined ? undefined : this.shellFile(file, isShell);
  }

  /** `entrypoint.sh` without a folder, copied to where programs are looked for. */
  private onPath(word: string): { file: string; text: string } | undefined {
    for (const folder of ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin']) {
      const file = originOf(this.document, this.project, this.stage, `${folder}/${word}`);
      if (file !== undefined) return this.shellFile(file, false);
    }
    return undefined;
  }

  private shellFile(file: string, isShell: boolean): { file: string; text: string } | undefined {
    const text = this.project.read(file);
    if (text === undefined) return undefined;
    const isScript =
      isShell || /^#!.*\b(?:ba|da|a)?sh\b/.test(text) || (/\.(?:sh|bash)$/.test(file) && !text.startsWith('#!'));
    return isScript ? { file, text } : undefined;
  }

  private scriptFile(
    { file, text }: { file: string; text: string },
    given: readonly string[],
    place: Place,
    depth: number,
  ): Process | UnknownProcess {
    const evidence = [...place.evidence, { file: this.project.rootPath(file), says: 'the script that starts it' }];
    return this.shell(text, { ...place, given, evidence }, depth + 1);
  }

  /** `npm start`, `yarn run web`: the script of package.json, or `node server.js` where there is none. */
  private packageScript(words: readonly string[], place: Place, depth: number): Process | UnknownProcess {
    const [program = '', ...rest] = words;
    const options = rest.filter((word) => word.startsWith('-') && word !== '--');
    const prefix = /^(?:--prefix|-C|--dir|--cwd)$/.test(rest[0] ?? '') ? rest[1] : undefined;
    const operands = (prefix === undefined ? rest : rest.slice(2)).filter((word) => !word.startsWith('-'));
    if (operands[0] === 'run' || operands[0] === 'run-script') operands.shift();
    const [name, ...extra] = operands;
    if (options.some((it) => /^(?:-w|--workspace|--filter|-F)/.test(it)) || name === 'workspace') {
      return unknown(`${words.join(' ')} runs in a workspace`);
    }
    const cwd = prefix === undefined ? place.cwd : joinPath(place.cwd, prefix);
    const manifest =
      cwd === undefined ? undefined : originOf(this.document, this.project, this.stage, `${cwd}/package.json`);
    const dir = manifest === undefined ? undefined : posix.dirname(manifest);
    const facts = dir === undefined ? undefined : nodeFacts(this.project, dir === '.' ? '' : dir);
    if (name === undefined || !facts || facts === 'broken')
      return unknown(`the scripts behind ${words.join(' ')} are not among the files at hand`);
    const body = facts.scripts.get(name);
    if (body === undefined) {
      if (name === 'start' && program === 'npm')
        return this.done(['server.js'], 'node', { ...place, cwd, parents: [...place.parents, program] });
      // bun server.ts, bun run server.ts
      if (/\.[cm]?[jt]sx?$/.test(name)) return this.done([name, ...extra], program, { ...place, cwd });
      return this.interpreted(words, place, depth);
    }
    const { file, line, says } = facts.script(name);
    const fact = { file: this.project.rootPath(file), ...(line !== undefined && { line }), says };
    const text = extra.length > 0 ? `${body} ${extra.join(' ')}` : body;
    const parents = [...place.parents, program];
    return this.shell(text, { ...place, cwd, parents, evidence: [...place.evidence, fact] }, depth + 1);
  }

  private interpreted(words: readonly string[], place: Place, depth: number): Process | UnknownProcess {
    const found = interpreted(words);
    if (!found) return this.done(words, undefined, place);
    if (found.kind === 'unknown') return unknown(found.why);
    if (found.kind === 'program') return this.words(found.words, place, depth + 1);
    return this.done(found.words, found.interpreter, place);
  }

  private done(words: readonly string[], interpreter: string | undefined, place: Place): Process {
    const [path = '', ...args] = words;
    const { cwd, assignments, parents, evidence } = place;
    return { program: posix.basename(path), path, args, interpreter, cwd, assignments, parents, evidence };
  }
}

const unknown = (why: string): UnknownProcess => ({ code: 'start-unknown', why });
