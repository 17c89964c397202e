/** Reads a shell command as a call of a package manager. What the managers look like is in knowledge/package-managers.ts. */
import { once } from '../document/once.ts';
import {
  type Action,
  MANAGERS,
  type ManagerName,
  type ManagerRow,
  PROGRAM_VERBS,
} from '../knowledge/package-managers.ts';
import { Recent } from '../recent.ts';
import type { Command, ShellWord } from './command.ts';

export interface Invocation {
  /** 'yarn' is any generation: the project files tell which. */
  readonly manager: ManagerName;
  /** The program that was called: 'apt-get', 'pip3.11', 'npx', 'mvnw'. */
  readonly program: string;
  /** As written, its words joined by a blank: 'install', 'mod download', 'cache clean'; '' when there is none. */
  readonly verb: string;
  readonly action: Action;
  /** Packages, files, goals: the words behind the verb that are neither flags nor their values. */
  readonly operands: readonly ShellWord[];
  /** The flags behind the program, as written, without their values. */
  readonly flags: readonly ShellWord[];
  /** Values of `-r`, `-f`, `--manifest-path` and the like; undefined for one that is not fixed text. */
  readonly requirementFiles: readonly (string | undefined)[];
  /** For all projects of the account: npm -g, yarn global, composer global, dotnet tool -g. */
  readonly global: boolean;
  /** Folder that a flag names (`--prefix`, `--cwd`, `-C`); undefined also when it is not fixed text, see `cwdUnknown`. */
  readonly cwd: string | undefined;
  readonly cwdUnknown: boolean;
  /** The command that was read: its assignments, flags and edits. */
  readonly command: Command;
}

const ROWS = Object.entries(MANAGERS) as [ManagerName, ManagerRow][];
/** The row of a program, by its name: a file calls the same few again and again. */
const known = new Recent<(typeof ROWS)[number] | undefined>(200);
const rowOf = (program: string) => known.get(program, () => ROWS.find(([, row]) => row.programs.test(program)));
/** How many words the longest verb of a row has. */
const LONGEST = new Map(
  ROWS.map(([, row]) => [row, Math.max(1, ...Object.keys(row.verbs).map((verb) => verb.split(' ').length))]),
);
const PYTHON = /^(?:python|pypy)(?:\d(?:\.\d+)?)?$/;
const SHELL = /^(?:sh|bash|ash|dash)$/;
const HELP = new Set(['--version', '-V', '-v', '--help', '-h', '-version']);
/** What several goals do together: the first of these that one of them does. */
const STRENGTH: readonly Action[] = ['run', 'build', 'install', 'upgrade', 'remove', 'clean', 'update-index', 'other'];

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const textOf = (word: ShellWord): string => word.literal ?? word.raw;

/** The program and its words, launchers taken off: `python3 -m pip x`, `corepack pnpm x`, `sh ./mvnw x`, `python setup.py x`. */
function launched(command: Command): { program: string; args: readonly ShellWord[] } | undefined {
  const { program, args } = command;
  if (program === undefined) return undefined;
  const first = args[0]?.literal;
  if (program === 'corepack' || SHELL.test(program)) {
    if (first === undefined) return undefined;
    const wrapper = fileName(first);
    const isKnown =
      program === 'corepack' ? /^(?:yarn|pnpm|npm)(?:@|$)/.test(first) : /^(?:mvnw|gradlew)$/.test(wrapper);
    return isKnown ? { program: wrapper.replace(/@.*/, ''), args: args.slice(1) } : undefined;
  }
  if (!PYTHON.test(program)) return { program, args };
  const module = args.findIndex((word) => textOf(word) === '-m' || !textOf(word).startsWith('-'));
  if (module < 0) return undefined;
  if (args[module]?.literal !== '-m') return { program: args[module]?.literal ?? '', args: args.slice(module + 1) };
  const name = args[module + 1]?.literal;
  return name === undefined ? undefined : { program: name, args: args.slice(module + 2) };
}

interface Words {
  readonly operands: readonly ShellWord[];
  readonly flags: readonly ShellWord[];
  /** Flag and value, undefined when the value is not fixed text. */
  readonly values: readonly (readonly [flag: string, value: string | undefined])[];
}

/** Tells flags, their values and operands apart. `stopAtOperand`: what follows the first operand belongs to another program. */
function sort(args: readonly ShellWord[], row: ManagerRow, stopAtOperand: boolean): Words {
  const operands: ShellWord[] = [];
  const flags: ShellWord[] = [];
  const values: [string, string | undefined][] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as ShellWord;
    const text = textOf(word);
    const isFlag = /^-./.test(text) || /^\/[A-Za-z]+:/.test(text);
    if (text === '--' || (stopAtOperand && operands.length > 0)) {
      operands.push(...args.slice(text === '--' ? i + 1 : i));
      break;
    }
    // `cargo +nightly build`
    if (!isFlag && !(text.startsWith('+') && operands.length === 0)) {
      operands.push(word);
      continue;
    }
    flags.push(word);
    const equals = text.indexOf('=');
    if (row.valueFlags.includes(text)) {
      values.push([text, args[++i]?.literal]);
    } else if (equals > 0 && text.startsWith('-')) {
      values.push([text.slice(0, equals), word.literal?.slice(equals + 1)]);
    } else if (/^-[A-Za-z][^-]/.test(text) && row.valueFlags.includes(text.slice(0, 2))) {
      // `-rrequirements.txt`
      values.push([text.slice(0, 2), word.literal?.slice(2)]);
    }
  }
  return { operands, flags, values };
}

/** The longest listed verb that the operands start with, else the first operand. */
function verbOf(operands: readonly ShellWord[], row: ManagerRow): { verb: string; words: number } {
  const fixed: string[] = [];
  for (let i = 0; i < (LONGEST.get(row) ?? 1); i++) {
    const literal = operands[i]?.literal;
    if (literal === undefined) break;
    fixed.push(literal);
  }
  for (; fixed.length > 0; fixed.pop()) {
    const verb = fixed.join(' ');
    if (Object.hasOwn(row.verbs, verb)) return { verb, words: fixed.length };
  }
  return operands[0] ? { verb: textOf(operands[0]), words: 1 } : { verb: '', words: 0 };
}

/** Verb and action of maven and gradle: `clean package` builds; a listed goal also with its group in front or its version behind. */
function goalsOf(operands: readonly ShellWord[], row: ManagerRow): { verb: string; action: Action } {
  const known = operands.map((word): { verb: string; action: Action } => {
    const verb = textOf(word);
    const short = verb
      .replace(/^.*:/, row.programs.test('gradle') ? '' : '$&')
      .replace(/^org\.apache\.maven\.plugins:maven-([a-z]+)-plugin(?::[\w.-]+)?:/, '$1:');
    return { verb, action: row.verbs[short] ?? row.otherVerbs };
  });
  const strongest = STRENGTH.find((action) => known.some((goal) => goal.action === action));
  return known.find((goal) => goal.action === strongest) ?? { verb: '', action: 'other' };
}

/**
 * Reads a command as a call of a package manager: `/opt/venv/bin/pip install x`, `python3 -m pip install x`,
 * `corepack pnpm i`, bare `yarn`. undefined when the program is not fixed text or no manager of the table.
 */
export const invocation: (command: Command) => Invocation | undefined = once((command) => {
  const start = launched(command);
  if (!start) return undefined;
  const { program, args } = start;
  const isSetup = fileName(program) === 'setup.py';
  const found = isSetup ? (['pip', MANAGERS.pip as ManagerRow] as const) : rowOf(program);
  if (!found) return undefined;
  const [manager, row] = found;
  const own = PROGRAM_VERBS[program.replace(/^easy_install.*/, 'easy_install')];
  const { operands, flags, values } = sort(args, row, own?.[1] === 'run');
  const base = read();
  const cwd = values.filter(([flag]) => row.cwdFlags.includes(flag)).at(-1);
  const files = values.filter(([flag]) => row.fileFlags.includes(flag)).map(([, value]) => value);
  return {
    manager,
    program,
    ...base,
    flags,
    requirementFiles: program === 'pip-sync' ? operands.map((word) => word.literal) : files,
    global: /^(?:global|tool install|tool update)\b/.test(base.verb)
      ? base.verb.startsWith('global') ||
        manager === 'uv' ||
        flags.some((word) => row.globalFlags.includes(textOf(word)))
      : flags.some((word) => row.globalFlags.includes(textOf(word))) ||
        values.some(([flag, value]) => row.globalFlags.includes(`${flag}=${value}`)),
    cwd: cwd?.[1],
    cwdUnknown: cwd !== undefined && cwd[1] === undefined,
    command,
  };

  function read(): { verb: string; action: Action; operands: readonly ShellWord[] } {
    if (own) return { verb: own[0], action: own[1], operands };
    if (isSetup) {
      const verb = operands[0]?.literal ?? '';
      const builds = /^(?:build|build_ext|build_clib|bdist|bdist_\w+)$/.test(verb);
      const action = /^(?:install|develop)$/.test(verb) ? 'install' : builds ? 'build' : 'other';
      return { verb, action, operands: operands.slice(1) };
    }
    if (row.goals) return { ...goalsOf(operands, row), operands };
    if (operands.length === 0) {
      const help = row.bare === undefined || flags.some((word) => HELP.has(textOf(word)));
      return { verb: '', action: help ? 'other' : (row.verbs[row.bare as string] ?? 'other'), operands };
    }
    const { verb, words } = verbOf(operands, row);
    // `$ACTION` may be anything.
    const fixed = operands[0]?.literal !== undefined;
    const isCleaning =
      verb === 'sources' && manager === 'gem' && flags.some((w) => /^(?:-c|--clear-all)$/.test(textOf(w)));
    const action = isCleaning ? 'clean' : fixed ? (row.verbs[verb] ?? row.otherVerbs) : 'other';
    return { verb, action, operands: operands.slice(words) };
  }
});
