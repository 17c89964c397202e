/** The instructions of a stage as steps: what each command of a RUN is for. */
import { joinPath } from '../document/state.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import { SYSTEM_MANAGERS } from '../knowledge/context-free.ts';
import { type Effect, effectOf } from '../knowledge/effects.ts';
import { LISTS_FETCHERS, PROGRAM_FETCHERS } from '../knowledge/system-packages.ts';
import type { Command } from '../shell/command.ts';
import { type Invocation, invocation } from '../shell/invocation.ts';
import type { Step, Task } from './view.ts';

/** Reads every instruction of a stage. */
export function readSteps(document: Document, stage: Stage): readonly Step[] {
  return stage.instructions.map((instruction) => readStep(document, instruction));
}

function readStep(document: Document, instruction: Instruction): Step {
  if (instruction.keyword !== 'RUN')
    return { instruction, tasks: [], divisible: false, links: undefined, opaque: undefined };
  const whole = { instruction, tasks: [], divisible: false, links: undefined };
  const { script } = instruction;
  if (!script) return { ...whole, opaque: 'it is in the exec form' };
  if (script.opaque !== undefined) return { ...whole, opaque: script.opaque };
  const commands = script.commands.filter(({ substituted }) => !substituted);
  const tasks = tasksOf(document.text, commands, instruction.state.workdir);
  const links = linksOf(document, instruction, tasks);
  return {
    instruction,
    tasks,
    divisible: links?.every(({ length }) => length === 1) === true,
    links,
    opaque: undefined,
  };
}

/** What each command of a script is for; `text` is the one that their places point into, `cwd` the folder of the first. */
export function tasksOf(text: string, commands: readonly Command[], cwd: string | undefined): Task[] {
  const tasks: Task[] = [];
  let folder = cwd;
  for (const command of commands) {
    const call = invocation(command);
    const before = tasks.at(-1)?.command;
    const fetched = before && command.piped && isShell(command) ? text.slice(before.start, before.end) : undefined;
    const names = (rows: readonly { readonly text: string }[]) => rows.some((it) => fetched?.includes(it.text));
    const known = names(LISTS_FETCHERS) ? 'system' : names(PROGRAM_FETCHERS) ? 'fetch' : undefined;
    tasks.push({ command, call, effect: known ?? taskEffect(text, command, call), cwd: folder });
    if (command.program === 'cd') {
      const to = command.args[0]?.literal;
      folder = command.certain && to !== undefined ? joinPath(folder, to) : undefined;
    }
  }
  return tasks;
}

/** `| bash -`, `| sh -s`. */
const isShell = ({ program, args }: Command): boolean =>
  /^(?:ba|da|a)?sh$/.test(program ?? '') && args.every(({ literal }) => /^-[sex]*$/.test(literal ?? ''));

function taskEffect(whole: string, command: Command, call: Invocation | undefined): Effect {
  const { program } = command;
  if (command.nameWord === undefined) return 'shell';
  if (program === undefined) return 'unknown';
  const args = command.args.map(({ literal, raw }) => literal ?? raw).join(' ');
  const known = effectOf(program, args);
  if (known === 'none' && command.redirected && writes(whole.slice(command.start, command.end))) return 'files';
  if (!call) return known ?? 'unknown';
  if (call.action === 'clean') return 'clean';
  if (call.action === 'update-index') return 'index';
  if (SYSTEM_MANAGERS.has(call.manager)) return call.action === 'other' ? 'system' : 'packages';
  if (call.action === 'install' || call.action === 'upgrade' || call.action === 'remove') return 'install';
  if (call.action === 'build') return 'build';
  if (call.action === 'run') return 'app';
  return known ?? 'none';
}

/** echo "deb .." > /etc/apt/sources.list.d/x.list */
const writes = (text: string): boolean => text.replace(/\d?>&\d|[&\d]?>>?\s*\/dev\/null/g, '').includes('>');

/** The links of one plain list: between two of them stands `&&` or `;`, between the commands of a pipeline `|`, and nothing else. */
function linksOf(
  document: Document,
  { args, heredocs }: Instruction,
  tasks: readonly Task[],
): readonly (readonly Task[])[] | undefined {
  const first = tasks[0]?.command;
  const last = tasks.at(-1)?.command;
  if (!first || !last || heredocs.length > 0) return undefined;
  if (args.offsets[0] !== first.start || (args.offsets[args.offsets.length - 1] as number) + 1 !== last.end)
    return undefined;
  const links: Task[][] = [];
  for (const [i, task] of tasks.entries()) {
    const before = tasks[i - 1]?.command;
    const between = before === undefined ? '&&' : joinedBy(document, before, task.command);
    const { certain, piped } = task.command;
    if (between === '|') links.at(-1)?.push(task);
    else if ((between === '&&' || between === ';') && (certain || piped)) links.push([task]);
    else return undefined;
  }
  return links;
}

/** What stands between two commands, without comments and line ends. */
const joinedBy = (document: Document, a: Command, b: Command): string =>
  document.text
    .slice(a.end, b.start)
    .replace(/^[ \t]*#.*$/gm, '')
    .replaceAll(document.escape, '')
    .trim();
