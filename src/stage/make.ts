/** `RUN make build` as the commands that the Makefile has for it. */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Instruction } from '../document.ts';
import type { ImageFiles } from '../project/image-files.ts';
import { commandsOf, exportsOf, type MakeCall, readMakefile } from '../project/makefile.ts';
import type { Project } from '../project/project.ts';
import type { Command, ShellWord } from '../shell/command.ts';
import { invocation } from '../shell/invocation.ts';
import { parseScript } from '../shell/script.ts';
import { wholeText } from '../source.ts';
import { tasksOf } from './steps.ts';
import type { Step, Task } from './view.ts';

const DEPTH = 4;
const NAMES = ['GNUmakefile', 'makefile', 'Makefile'];

interface Place {
  readonly project: Project;
  readonly files: ImageFiles;
  readonly instruction: Instruction;
}

/** The steps with every `make` in them read; one whose rules are not known for sure stays as it is. `files` is asked for where a step calls make. */
export function withMakeTargets(steps: readonly Step[], project: Project, files: () => ImageFiles): readonly Step[] {
  return steps.map((step) => {
    if (!step.tasks.some(isMake)) return step;
    const place = { project, files: files(), instruction: step.instruction };
    const tasks = step.tasks.flatMap((task) => (isMake(task) ? (recipe(place, task, 0) ?? [task]) : [task]));
    return tasks.length === step.tasks.length && tasks.every((it, i) => it === step.tasks[i])
      ? step
      : // one command of the file stands for several: nothing can be taken out of it
        { ...step, tasks, divisible: false, links: undefined };
  });
}

const isMake = ({ command }: Task): boolean => command.program === 'make' || command.program === 'gmake';

/** The commands behind one `make`, each standing where make itself stands; undefined: they are not known for sure. */
function recipe(place: Place, { command, cwd }: Task, depth: number): readonly Task[] | undefined {
  const words = wordsOf(command);
  const folder = words && joinPath(cwd, words.folder);
  if (!words || folder === undefined || depth > DEPTH) return undefined;
  const { project, files, instruction } = place;
  const names = words.file === undefined ? NAMES : [words.file];
  const file = names.map((name) => files.toContext(posix.join(folder, name))).find((it) => it !== undefined);
  const makefile = file === undefined ? undefined : readMakefile(project.read(file) ?? '');
  if (file === undefined || !makefile) return undefined;
  const call: MakeCall = {
    ...words,
    env: (name) => command.assignments.findLast((it) => it.name === name)?.value ?? instruction.state.env.get(name),
    exists: (name) => files.toContext(posix.join(folder, name)) !== undefined,
  };
  const texts = commandsOf(makefile, call);
  const exported = exportsOf(makefile, call);
  if (!texts || !exported) return undefined;
  const tasks: Task[] = [];
  for (const text of texts) {
    const script = parseScript(wholeText(text), { escape: '\\' });
    if (script.opaque !== undefined) return undefined;
    const commands = script.commands.filter(({ substituted }) => !substituted);
    for (const task of tasksOf(text, commands, folder)) {
      const own = isMake(task) ? recipe(place, task, depth + 1) : [task];
      if (!own) return undefined;
      tasks.push(...own.map((it) => ({ makefile: file, ...standingAt(it, command, exported) })));
    }
  }
  return tasks;
}

interface MakeWords {
  readonly folder: string;
  readonly file: string | undefined;
  readonly targets: readonly string[];
  readonly given: ReadonlyMap<string, string>;
}

/** The words of a make command; undefined: one of them is not fixed, or a flag changes more than where and how loud it runs. */
function wordsOf(command: Command): MakeWords | undefined {
  const targets: string[] = [];
  const given = new Map<string, string>();
  for (const { literal } of command.operands(['-C', '--directory', '-f', '--file', '-j', '--jobs'])) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(literal ?? '') ?? [];
    if (literal === undefined) return undefined;
    if (name !== undefined && value !== undefined) given.set(name, value);
    else targets.push(literal);
  }
  const flags = command.args.filter(({ raw }) => raw.startsWith('-'));
  const isPlain =
    /^(?:-[CfjskBw]\S*|--(?:directory|file|jobs|silent|quiet|keep-going|always-make|no-print-directory)\b.*)$/;
  if (flags.some(({ raw }) => !isPlain.test(raw))) return undefined;
  return {
    folder: command.value('-C', '--directory') ?? '.',
    file: command.value('-f', '--file'),
    targets,
    given,
  };
}

/** A command of a Makefile in the place of the make that carries it out: it says the same, and cannot be edited. */
function standingAt(task: Task, make: Command, exported: ReadonlyMap<string, string>): Task {
  const at = { start: make.start, end: make.end };
  const moved = (word: ShellWord): ShellWord => ({ ...word, ...at });
  const { command } = task;
  const assignments = [...make.assignments, ...[...exported].map(([name, value]) => ({ name, value }))].map((it) => ({
    ...it,
    at,
  }));
  const own: Command = {
    ...at,
    name: command.name,
    program: command.program,
    args: command.args.map(moved),
    nameWord: command.nameWord && moved(command.nameWord),
    wrappers: command.wrappers,
    assignments: [...assignments, ...command.assignments.map((it) => ({ ...it, at }))],
    redirected: command.redirected,
    certain: command.certain && make.certain,
    substituted: make.substituted,
    piped: command.piped || make.piped,
    list: make.list,
    has: (...flags) => command.has(...flags),
    value: (...flags) => command.value(...flags),
    operands: (flags) => command.operands(flags).map(moved),
    remove: () => undefined,
    removeWords: () => undefined,
    // an empty edit: the text stands in another file
    insertWords: () => ({ start: make.end, end: make.end, text: '' }),
    append: () => undefined,
    prepend: () => undefined,
  };
  return { ...task, command: own, call: invocation(own) };
}
