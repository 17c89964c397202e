/** Programs that source code starts, as the texts of its calls name them, and those of configurations. */

import { CALLING_CODE, NAMED_IN_CODE, NAMED_IN_CONFIG } from '../knowledge/run-time.ts';
import { commandLine, furtherPrograms, lineAt } from './calls.ts';
import type { ProgramUse } from './runtime.ts';

/** Functions of one file that others are looked through for. */
const RUNNER_LIMIT = 20;

/** The programs that a file names where it starts some; [] where it starts none. `file` as facts have it. */
export function codePrograms(file: string, text: string): ProgramUse[] {
  if (!CALLING_CODE.test(text)) return [];
  return [...text.matchAll(NAMED_IN_CODE)].flatMap((match) => {
    const [says, path = '', program = ''] = match;
    const at = { file, line: lineAt(text, match.index) };
    return named(at, says, path, program, commandLine(text, match.index + says.search(/["'`]/)));
  });
}

/** The programs that a configuration of a process manager names. */
export function configPrograms(file: string, text: string): ProgramUse[] {
  return [...text.matchAll(NAMED_IN_CONFIG)].map((match) => {
    const [says, path = '', program = ''] = match;
    return { file, line: lineAt(text, match.index), says: says.trim(), program, path, by: 'config' };
  });
}

/** Names of the functions that a file in JavaScript hands out, where it starts programs: `export const run = promisify(exec)`. */
export function runnersOf(file: string, text: string): readonly string[] {
  if (!/\.[cm]?[jt]s$/.test(file) || !/\bchild_process\b|['"]execa['"]/.test(text)) return [];
  const found = text.matchAll(
    /\bexport\s+(?:default\s+)?(?:async\s+)?(?:const|let|function)\s+(\w{3,})|\bexports\.(\w{3,})\s*=|\bmodule\.exports\s*=\s*(?:async\s+)?(?:function\s+)?(\w{3,})/g,
  );
  return [...found]
    .map(([, first, second, third]) => first ?? second ?? third ?? '')
    .filter((name) => !/^(?:default|async|function|require|main|app)$/.test(name))
    .slice(0, RUNNER_LIMIT);
}

/** The programs in calls of such functions, in a file that starts none itself. */
export function handedOn(file: string, text: string, runners: ReadonlySet<string>): ProgramUse[] {
  if (runners.size === 0 || !/\.[cm]?[jt]sx?$/.test(file) || CALLING_CODE.test(text)) return [];
  const calls = text.matchAll(new RegExp(`\\b(?:${[...runners].join('|')})\\(\\s*["'\`]`, 'g'));
  return [...calls].flatMap((match) => {
    const line = commandLine(text, match.index + match[0].length - 1);
    const [path = '', program = ''] = /^(?:\/(?:[\w-]+\/)*)?([a-z][\w.+-]*)(?=\s|$)/.exec(line) ?? [];
    return program === ''
      ? []
      : named({ file, line: lineAt(text, match.index) }, `${match[0]}${program} `, path, program, line);
  });
}

function named(
  at: { readonly file: string; readonly line: number },
  says: string,
  path: string,
  program: string,
  line: string,
): ProgramUse[] {
  return [
    { ...at, says, program, path, by: 'code', commandLine: line },
    ...furtherPrograms(line).map((it): ProgramUse => {
      const name = it.program;
      return { ...at, says: it.isCertain ? `${name} ` : name, program: name, path: name, by: 'code' };
    }),
  ];
}
