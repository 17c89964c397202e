/** What the full image has and the runtime stage must install: libraries of Python packages, programs that are started. */
import type { Evidence } from '../../../src/edit.ts';
import { FULL_IMAGE_PROGRAMS } from '../../../src/knowledge/libraries.ts';
import { PYTHON_LIBRARIES } from '../../../src/knowledge/python-libraries.ts';
import type { ProgramUse } from '../../../src/project/runtime.ts';
import { runTimeNames } from '../packages.ts';
import type { Task, View } from '../types.ts';
import type { Dependencies } from './dependencies.ts';

export interface Need {
  readonly package: string;
  readonly evidence: Evidence;
}

/** Libraries that the installed Python packages link to, open or start. */
export function libraryNeeds({ system }: View, names: Dependencies['names']): Need[] {
  return PYTHON_LIBRARIES.flatMap(({ packages, debian, ...releases }) => {
    const name = packages.find((it) => names.has(it));
    const at = name === undefined ? undefined : names.get(name);
    if (!at) return [];
    const libraries = debian ?? runTimeNames(releases, system) ?? [];
    return libraries.map((library) => ({
      package: library,
      evidence: { file: at.file, line: at.line, says: `${name} needs ${library} when it runs` },
    }));
  });
}

/** Words that are program names and ordinary words as well: they count only where a command line begins with them. */
const ORDINARY: ReadonlySet<string> = new Set([
  'file',
  'patch',
  'convert',
  'identify',
  'composite',
  'watch',
  'top',
  'free',
  'uptime',
]);

/** Whether a use in source code is a call for sure enough: `["git", ..]`, `"git clone .."`. */
export const isCall = ({ by, program, says }: ProgramUse): boolean =>
  by !== 'code' || !ORDINARY.has(program) || /^\[.*,$|[ ]$/.test(says);

/** Programs of the full image that start commands, scripts, the code or commands of the runtime stage start. */
export function programNeeds({ runtime, document }: View, runs: readonly Task[]): Need[] {
  const needs: Need[] = [];
  for (const use of runtime.programs) {
    const library = Object.hasOwn(FULL_IMAGE_PROGRAMS, use.program) ? FULL_IMAGE_PROGRAMS[use.program] : undefined;
    if (library === undefined || !isCall(use)) continue;
    const { file, line, program } = use;
    needs.push({
      package: library,
      evidence: { file, ...(line !== undefined && { line }), says: `starts ${program}` },
    });
  }
  for (const { command } of runs) {
    const program = command.program ?? '';
    const library = Object.hasOwn(FULL_IMAGE_PROGRAMS, program) ? FULL_IMAGE_PROGRAMS[program] : undefined;
    if (library === undefined) continue;
    const line = document.originLine(command.start);
    needs.push({ package: library, evidence: { file: document.path, line, says: `starts ${program}` } });
  }
  return needs;
}
