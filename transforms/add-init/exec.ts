/** `CMD python manage.py migrate && gunicorn ..` becomes `.. && exec gunicorn ..`: the server takes the place of the shell. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit, Evidence, Span } from '../../src/edit.ts';
import { SHELL_BUILTINS } from '../../src/knowledge/shell-words.ts';
import { originOf } from '../../src/project/origin.ts';
import type { Project } from '../../src/project/project.ts';
import { runsBeside, staying } from '../../src/project/start-script.ts';
import type { Command } from '../../src/shell/command.ts';
import { parseScript, type Script } from '../../src/shell/script.ts';
import { wholeText } from '../../src/source.ts';
import { type Starts, startsOf } from './starts.ts';

const SHELL = /^(?:ba|da|a)?sh$/;
/** Words in front of a program that are carried out by the shell, or start another one in front of it. */
const IN_THE_WAY = new Set(['time', 'command', 'sudo']);

export interface Exec {
  readonly edit: Edit;
  /** The instruction that it is about. */
  readonly at: Span;
  /** As written: `gunicorn app:app`. */
  readonly command: string;
  readonly evidence: Evidence;
}

/** The edit for the shell that stays in front of the process; a text says why there is none. */
export function execOf(document: Document, project: Project, stage: Stage): Exec | string {
  const starts = startsOf(stage);
  for (const instruction of [starts.entrypoint, starts.command]) {
    if (!instruction) continue;
    const found = ofInstruction(document, project, stage, starts, instruction);
    if (found !== undefined) return found;
  }
  return 'the shell that stays is not one of this Dockerfile or of a script beside it';
}

function ofInstruction(
  document: Document,
  project: Project,
  stage: Stage,
  { entrypoint, command }: Starts,
  instruction: Instruction,
): Exec | string | undefined {
  // a shell-form ENTRYPOINT ignores CMD
  if (instruction === command && entrypoint && !entrypoint.json) return undefined;
  if (instruction.stage !== stage) return undefined;
  const at = { start: instruction.start, end: instruction.headEnd };
  const line = document.originLine(instruction.start);
  const done = (edit: Edit, text: string): Exec => ({
    edit,
    at,
    command: text,
    evidence: { file: document.path, line, says: `${instruction.keyword} ${instruction.args.text}` },
  });
  if (!instruction.json) {
    const { script, args } = instruction;
    if (!script) return undefined;
    const place = execPlace(script, args.text);
    return place && (typeof place === 'string' ? place : done(insertion(place.start), place.text));
  }
  const words = instruction.words;
  const shell = words.findIndex(({ value }) => SHELL.test(posix.basename(value)));
  const behind = words[shell + 1]?.value ?? '';
  if (shell >= 0 && /^-\w*c$/.test(behind)) {
    const word = words[shell + 2];
    if (!word) return undefined;
    const place = execPlace(parsed(word.value), word.value);
    if (place === undefined || typeof place === 'string') return place;
    const raw = document.text.slice(word.start, word.end);
    // "sh -c" texts without escapes: an offset in the text is one in the file
    if (raw.slice(1, -1) !== word.value) return 'the text for the shell is escaped in the JSON';
    return done(insertion(word.start + 1 + place.start), place.text);
  }
  return inScript(document, project, stage, shell >= 0 ? behind : (words.at(0)?.value ?? ''), done);
}

const insertion = (start: number): Edit => ({ start, end: start, text: 'exec ' });
const parsed = (text: string): Script => parseScript(wholeText(text), { escape: '\\', bash: true });

/** A script of the context that the instruction starts. */
function inScript(
  document: Document,
  project: Project,
  stage: Stage,
  name: string,
  done: (edit: Edit, text: string) => Exec,
): Exec | string | undefined {
  const path = name.includes('/') || /\.sh$/.test(name) ? joinPath(stage.end.workdir, name) : `/usr/local/bin/${name}`;
  const file = path === undefined ? undefined : originOf(document, project, stage, path);
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || text === undefined || !/^#!.*\b(?:ba|da|a)?sh\b|^(?!#!)/.test(text)) return undefined;
  const place = execPlace(parsed(text), text);
  if (place === undefined || typeof place === 'string') return place;
  return done({ ...insertion(place.start), file: project.rootPath(file) }, place.text);
}

/** Where `exec` goes in front of the last command; undefined: it is there already, a text: why it cannot. */
function execPlace(script: Script, text: string): { start: number; text: string } | string | undefined {
  if (script.opaque !== undefined) return `the shell text cannot be read: ${script.opaque}`;
  const last = staying(script);
  if (!last) return 'which command stays depends on conditions';
  if (last.wrappers.includes('exec')) return undefined;
  if (runsBeside(text)) return 'another process goes on beside it';
  if (script.commands.some(({ program }) => program === 'trap')) return 'the shell has a trap, which an exec would end';
  if (!last.certain || last.piped || text.includes('<<')) return 'the last command is not one of the list itself';
  const shown = last.args.at(-1)?.raw ?? last.nameWord?.raw ?? '';
  const rest = text.slice(text.lastIndexOf(shown) + shown.length).replace(/#[^\n]*/g, '');
  if (!/^\s*$/.test(rest) || last.redirected) return 'something stands behind the last command';
  return placeIn(last, text);
}

function placeIn(last: Command, text: string): { start: number; text: string } | string {
  const { nameWord, program, wrappers, assignments, start } = last;
  if (!nameWord) return 'the last command names no program';
  const isGiven = /^"?\$(?:@|\{@\})"?$/.test(nameWord.raw);
  if (program === undefined ? !isGiven : SHELL_BUILTINS.has(program))
    return `${nameWord.raw} is not a program for sure`;
  if (new RegExp(`^\\s*(?:function\\s+)?${(program ?? '').replace(/\W/g, '\\$&')}\\s*\\(\\)`, 'm').test(text))
    return `${nameWord.raw} is a function of the script`;
  if (wrappers.some((it) => IN_THE_WAY.has(it))) return `${wrappers.join(' ')} stands in front of it`;
  if (assignments.length > 0 && wrappers.length > 0) return 'an assignment and a wrapper stand in front of it';
  const words = [nameWord, ...last.args].map(({ raw }) => raw).join(' ');
  return {
    start: wrappers.length === 0 ? nameWord.start : start,
    text: words.length > 50 ? `${words.slice(0, 50)}...` : words,
  };
}
