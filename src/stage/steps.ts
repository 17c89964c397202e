/** The instructions of a stage as steps: what each command of a RUN is for. */
import { joinPath } from '../document/state.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import { SYSTEM_MANAGERS } from '../knowledge/context-free.ts';
import { type Effect, effectOf } from '../knowledge/effects.ts';
import type { Command } from '../shell/command.ts';
import { type Invocation, invocation } from '../shell/invocation.ts';
import type { Step, Task } from './view.ts';

/** Reads every instruction of a stage. */
export function readSteps(document: Document, stage: Stage): readonly Step[] {
  return stage.instructions.map((instruction) => readStep(document, instruction));
}

function readStep(document: Document, instruction: Instruction): Step {
  if (instruction.keyword !== 'RUN') return { instruction, tasks: [], divisible: false, opaque: undefined };
  const { script } = instruction;
  if (!script) return { instruction, tasks: [], divisible: false, opaque: 'it is in the exec form' };
  if (script.opaque !== undefined) return { instruction, tasks: [], divisible: false, opaque: script.opaque };
  const commands = script.commands.filter(({ substituted }) => !substituted);
  const tasks = tasksOf(document.text, commands, instruction.state.workdir);
  return { instruction, tasks, divisible: isList(document, instruction, commands), opaque: undefined };
}

/** What each command of a script is for; `text` is the one that their places point into, `cwd` the folder of the first. */
export function tasksOf(text: string, commands: readonly Command[], cwd: string | undefined): Task[] {
  const tasks: Task[] = [];
  let folder = cwd;
  for (const command of commands) {
    const call = invocation(command);
    tasks.push({ command, call, effect: taskEffect(text, command, call), cwd: folder });
    if (command.program === 'cd') {
      const to = command.args[0]?.literal;
      folder = command.certain && to !== undefined ? joinPath(folder, to) : undefined;
    }
  }
  return tasks;
}

function taskEffect(whole: string, command: Command, call: Invocation | undefined): Effect {
  const { program } = command;
  if (command.nameWord === undefined) return 'shell';
  if (program === undefined) return 'unknown';
  const args = command.args.map(({ literal, raw }) => literal ?? raw).join(' ');
  // echo "deb .." > /etc/apt/sources.list.d/x.list
  const text = whole.slice(command.start, command.end).replace(/\d?>&\d|[&\d]?>>?\s*\/dev\/null/g, '');
  const writes = command.redirected && text.includes('>');
  const known = effectOf(program, args);
  if (known === 'none' && writes) return 'files';
  if (known !== undefined && !call) return known;
  if (!call) return 'unknown';
  if (call.action === 'clean') return 'clean';
  if (call.action === 'update-index') return 'index';
  if (SYSTEM_MANAGERS.has(call.manager)) return call.action === 'other' ? 'system' : 'packages';
  if (call.action === 'install' || call.action === 'upgrade' || call.action === 'remove') return 'install';
  if (call.action === 'build') return 'build';
  if (call.action === 'run') return 'app';
  return effectOf(program, args) ?? 'none';
}

/** Every command is a link of one plain list: between two of them stands `&&` or `;`, and nothing else. */
function isList(document: Document, { args, heredocs }: Instruction, commands: readonly Command[]): boolean {
  const first = commands[0];
  const last = commands.at(-1);
  if (!first || !last || heredocs.length > 0 || !commands.every(({ certain, piped }) => certain && !piped))
    return false;
  if (args.offsets[0] !== first.start || (args.offsets[args.offsets.length - 1] as number) + 1 !== last.end)
    return false;
  return commands.every((command, i) => {
    const next = commands[i + 1];
    if (!next) return true;
    const between = document.text
      .slice(command.end, next.start)
      .replace(/^[ \t]*#.*$/gm, '')
      .replaceAll(document.escape, '');
    return between.trim() === '&&' || between.trim() === ';';
  });
}
