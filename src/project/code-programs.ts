/** Programs that source code starts, as the texts of its calls name them, and those of configurations. */

import { posix } from 'node:path';
import { CALLING_CODE, NAMED_IN_CODE, NAMED_IN_CONFIG, RUN_TIME_CONFIGS, SOURCE_NAME } from '../knowledge/run-time.ts';
import { commandLine, furtherPrograms, lineAt } from './calls.ts';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';
import type { ProgramUse } from './runtime.ts';

/** Functions of one file that others are looked through for. */
const RUNNER_LIMIT = 20;
/** Characters of a file that are looked at. */
const TEXT_LIMIT = 200_000;

interface FilePrograms {
  readonly text: string;
  readonly programs: readonly ProgramUse[];
  readonly runners: readonly string[];
}

/** What a file of the context names, in whichever stage it comes; undefined: it can hold no call. */
export const programsIn = remembered((project: Project, path: string): FilePrograms | undefined => {
  const name = posix.basename(path);
  const config = RUN_TIME_CONFIGS.some(({ names }) => names.test(name));
  if (!config && !SOURCE_NAME.test(name)) return undefined;
  const text = project.read(path)?.slice(0, TEXT_LIMIT);
  if (text === undefined) return undefined;
  const file = project.rootPath(path);
  if (config) return { text, programs: configPrograms(file, text), runners: [] };
  return { text, programs: codePrograms(file, text), runners: runnersOf(path, text) };
});

/** The programs that a file names where it starts some; [] where it starts none. `file` as facts have it. */
function codePrograms(file: string, text: string): ProgramUse[] {
  if (!CALLING_CODE.test(text)) return [];
  return [...text.matchAll(NAMED_IN_CODE)].flatMap((match) => {
    const [says, path = '', program = ''] = match;
    const at = { file, line: lineAt(text, match.index) };
    return named(at, says, path, program, commandLine(text, match.index + says.search(/["'`]/)));
  });
}

/** The programs that a configuration of a process manager names. */
function configPrograms(file: string, text: string): ProgramUse[] {
  return [...text.matchAll(NAMED_IN_CONFIG)].map((match) => {
    const [says, path = '', program = ''] = match;
    return { file, line: lineAt(text, match.index), says: says.trim(), program, path, by: 'config' };
  });
}

/** Names of the functions that a file in JavaScript hands out, where it starts programs: `export const run = promisify(exec)`. */
function runnersOf(file: string, text: string): readonly string[] {
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
