/** What becomes of SIGTERM: whether the process that stays has a handler for it, and what stands in front of it. */
import type { Evidence } from '../edit.ts';
import {
  BROWSERS,
  DOUBTED,
  ENDING_INTERPRETERS,
  ENDING_SCRIPT,
  FORWARDING,
  GOES_ON,
  HANDLERS,
  type HandlerRow,
  INITS,
  SIGNALS,
} from '../knowledge/signals.ts';
import { codeOf, lineAt } from './calls.ts';
import { compiledProgram } from './compiled-program.ts';
import type { Process } from './process.ts';
import { applicationFiles, programFiles } from './program-files.ts';
import type { SourceFile } from './reachable.ts';
import type { Surroundings } from './service.ts';

export interface Signals {
  /** undefined: nothing that was read tells. */
  readonly handles: boolean | undefined;
  /** Half a sentence: `gunicorn ends on SIGTERM`. */
  readonly says: string;
  readonly evidence: readonly Evidence[];
  /** Whether its code goes on until somebody stops it; undefined: not read. */
  readonly goesOn: boolean | undefined;
}

type Language = HandlerRow['language'];

const NODE = /^(?:node|nodejs|bun|deno|ts-node|ts-node-esm|babel-node)$/;

/** Reads the tables, and the source of the program where they do not have it. */
export function signalsOf(around: Surroundings): Signals {
  const { process } = around;
  const { program, interpreter } = process;
  const words = process.args.join(' ');
  const isScript = interpreter !== undefined && /\.\w+$/.test(program) && program !== 'manage.py';
  const row = isScript
    ? undefined
    : SIGNALS.find((it) => it.programs.includes(program) && (it.when?.test(words) ?? true));
  const { env } = around.stage.end;
  const debug = ['FLASK_DEBUG', 'FLASK_ENV'].find((it) => env.has(it) || process.assignments.has(it));
  if (program === 'flask' && debug !== undefined) {
    return {
      handles: undefined,
      says: `${debug} decides whether flask has a handler`,
      evidence: process.evidence,
      goesOn: true,
    };
  }
  if (row) {
    const says = row.handles ? `${program} ends by itself on SIGTERM` : `${program} has no handler for SIGTERM`;
    return { handles: row.handles, says, evidence: process.evidence, goesOn: true };
  }
  const ending = ENDING_INTERPRETERS.find(({ name }) => name === interpreter);
  if (ending) {
    return {
      handles: true,
      says: `${ending.name} ends by itself on SIGTERM`,
      evidence: process.evidence,
      goesOn: true,
    };
  }
  const language = languageOf(interpreter);
  const files = language && programFiles(around, language)?.files;
  if (language && files && files.length > 0 && program !== 'manage.py') return ofSource(around, language, files);
  const crate = interpreter === undefined ? compiledProgram(around) : undefined;
  if (crate?.language === 'rust' && crate.files.length > 0) return ofSource(around, 'rust', crate.files);
  if (isGo(around)) {
    return {
      handles: true,
      says: `${program} is a Go program, which ends on SIGTERM`,
      evidence: process.evidence,
      goesOn: true,
    };
  }
  const says = `the source of ${program} is not at hand`;
  return { handles: undefined, says, evidence: process.evidence, goesOn: undefined };
}

const languageOf = (interpreter: string | undefined): Language | undefined =>
  interpreter === undefined
    ? undefined
    : NODE.test(interpreter)
      ? 'node'
      : /^python/.test(interpreter)
        ? 'python'
        : undefined;

function ofSource({ project, process }: Surroundings, language: Language, files: readonly SourceFile[]): Signals {
  const found = search(files, language, HANDLERS);
  const name = [process.interpreter?.replace(' -m', ''), process.path].filter((it) => it !== undefined).join(' ');
  const { calls, loops } = GOES_ON[language];
  const goesOn =
    !ENDING_SCRIPT.test(process.path) &&
    files.some((file, i) => [calls, ...(i === 0 ? [loops] : [])].some((it) => it.test(bare(file, language))));
  if (found) {
    const evidence = { ...found, file: project.rootPath(found.file) };
    return {
      handles: true,
      says: `${name} has a handler for SIGTERM`,
      evidence: [...process.evidence, evidence],
      goesOn,
    };
  }
  const doubt = language === 'python' ? undefined : doubtOf(process, files);
  if (doubt !== undefined) return { handles: undefined, says: doubt, evidence: process.evidence, goesOn };
  const [first] = files as readonly [SourceFile];
  const others = files.length - 1;
  const count = others === 0 ? '' : ` or the ${others === 1 ? 'file' : `${others} files`} that it imports`;
  const fact = { file: project.rootPath(first.path), says: `no handler for SIGTERM in it${count}` };
  return { handles: false, says: `${name} has no handler for SIGTERM`, evidence: [...process.evidence, fact], goesOn };
}

/** Code beside the program that may set a handler. */
function doubtOf({ evidence }: Process, files: readonly SourceFile[]): string | undefined {
  if (evidence.some(({ says }) => /\s["']?(?:-r|--require|--import)\b/.test(says))) {
    return 'what is loaded in front of the program may have a handler for SIGTERM';
  }
  const found = DOUBTED.find(({ pattern }) => files.some(({ text }) => pattern.test(text)));
  return found && `${found.name} may have a handler for SIGTERM`;
}

const bare = (file: SourceFile, language: Language): string => codeOf(file, language === 'python' ? 'hash' : 'c');

/** The first place in the files that one of the rows matches. `file` is relative to the context. */
function search(files: readonly SourceFile[], language: Language, rows: readonly HandlerRow[]): Evidence | undefined {
  for (const file of files) {
    const code = bare(file, language);
    for (const { pattern } of rows.filter((it) => it.language === language)) {
      const match = pattern.exec(code);
      if (match) return { file: file.path, line: lineAt(code, match.index), says: match[0].trim() };
    }
  }
  return undefined;
}

/** Where the code of the program, or of the application that a server is given, starts a browser. */
export function browserOf(around: Surroundings): Evidence | undefined {
  const { process, project } = around;
  const language = languageOf(process.interpreter) ?? 'python';
  const files = (programFiles(around, language) ?? applicationFiles(around))?.files ?? [];
  const found = search(files, language, BROWSERS);
  return found && { ...found, file: project.rootPath(found.file) };
}

/** The first program in front of the process of which nobody knows whether it hands signals on. */
export const strangeParent = (parents: readonly string[]): string | undefined =>
  parents.find((it) => it !== 'sh' && !INITS.has(it) && !FORWARDING.some(({ programs }) => programs.includes(it)));

/** Whether an init stands in front of the process. */
export const hasInit = (parents: readonly string[]): boolean => parents.some((it) => INITS.has(it));

/** A program that no interpreter carries out, in a Dockerfile whose only compiler is that of Go. */
function isGo({ document, process }: Surroundings): boolean {
  const compilers = document.stages.flatMap(({ image }) => {
    const name = image?.path.split('/').at(-1) ?? '';
    return /^(?:golang|rust|gcc|swift|haskell)$/.test(name) ? [name] : [];
  });
  return process.interpreter === undefined && compilers.length > 0 && compilers.every((it) => it === 'golang');
}
