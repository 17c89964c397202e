/** Programs of a full image that something starts at run time: a smaller image must install them. */
import type { Evidence } from '../edit.ts';
import { BUILT_IN, COMPILERS, FULL_IMAGE_PROGRAMS, LISTED, ORDINARY } from '../knowledge/full-image.ts';
import { UNNAMED_PROGRAMS } from '../knowledge/run-time.ts';
import { lineAt } from '../project/calls.ts';
import type { ProgramUse } from '../project/runtime.ts';
import type { StageView, Task } from './view.ts';

/** A system package that the runtime stage needs. */
export interface Need {
  readonly package: string;
  readonly evidence: Evidence;
}

/** Whether a use is a call for sure enough: `["git", ..]` and `"git clone .."` in source code; in a configuration ordinary words only with their folder. */
export function isCall({ by, program, path, says }: ProgramUse): boolean {
  if (by === 'start') return !BUILT_IN.has(program);
  if (LISTED.has(program)) return by === 'code' && /^\[.*,$/.test(says);
  return !ORDINARY.has(program) || (by === 'config' ? path.startsWith('/') : /^\[.*,$|[ ]$/.test(says));
}

/** The package of a program that the full image has and the slim one lacks; `name`: without its folder. */
export const fullImagePackage = (name: string): string | undefined =>
  Object.hasOwn(FULL_IMAGE_PROGRAMS, name) ? FULL_IMAGE_PROGRAMS[name] : undefined;

/** Programs of the full image that start commands, scripts, the code or commands of the runtime stage start. */
export function programNeeds({ runtime, document }: StageView, runs: readonly Task[]): Need[] {
  const needs: Need[] = [];
  for (const use of runtime.programs) {
    const library = fullImagePackage(use.program);
    if (library === undefined || !isCall(use)) continue;
    const { file, line, program } = use;
    needs.push({
      package: library,
      evidence: { file, ...(line !== undefined && { line }), says: `starts ${program}` },
    });
  }
  for (const { command } of runs) {
    const program = command.program ?? '';
    const library = fullImagePackage(program);
    if (library === undefined || BUILT_IN.has(program)) continue;
    const line = document.originLine(command.start);
    needs.push({ package: library, evidence: { file: document.path, line, says: `starts ${program}` } });
  }
  return needs;
}

/** The first compiler or build tool that is started at run time. */
export function compilerAtRunTime({ runtime }: StageView): ProgramUse | undefined {
  return runtime.programs.find(
    (use) => COMPILERS.has(use.program) && isCall(use) && (use.by !== 'code' || /^\[|[ ]$/.test(use.says)),
  );
}

/** Files that are searched for calls. */
const FILE_LIMIT = 3000;

/** The first call that starts whatever a variable names, and not a literal of the same file: such a program may need anything. */
export function unnamedProgram({ runtime, project }: StageView): Evidence | undefined {
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    const row = UNNAMED_PROGRAMS.find(({ files }) => files.test(path));
    const text = row && project.read(path);
    if (!row || text === undefined || !row.needs.test(text)) continue;
    for (const match of text.matchAll(row.call)) {
      const name = (match[1] as string).replaceAll('.', '\\.');
      if (new RegExp(`\\b${name}\\s*(?::[^=\\n]+)?=\\s*(?:\\(?\\s*)?(?:\\[|[rf]*["'\`])`).test(text)) continue;
      return { file: project.rootPath(path), line: lineAt(text, match.index), says: match[0] };
    }
  }
  return unnamedInScript(runtime);
}

/** `eval ${STARTUP}`, `exec $SERVER` in a start script that does not say what the variable holds. */
function unnamedInScript({ scripts }: StageView['runtime']): Evidence | undefined {
  for (const { path, text, commands = [] } of scripts) {
    for (const { program, nameWord, args, start } of commands) {
      const word = program === 'eval' ? args[0] : program === undefined ? nameWord : undefined;
      const name = /^["']?\$\{?([A-Za-z_]\w*)\}?["']?$/.exec(word?.raw ?? '')?.[1];
      if (word === undefined || name === undefined) continue;
      const values = Array.from(text.matchAll(new RegExp(`\\b${name}=(.*)`, 'g')), ([, value]) => value as string);
      if (values.length > 0 && !values.some((value) => /[$`]/.test(value))) continue;
      return { file: path, line: lineAt(text, start), says: text.slice(start).split('\n', 1)[0]?.trim() ?? '' };
    }
  }
  return undefined;
}
