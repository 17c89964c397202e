/** What the commands of a stage ask of its image: programs of the full one, compilers, what nobody can tell. */
import { joinPath } from '../../src/document/state.ts';
import type { Evidence } from '../../src/edit.ts';
import { COMPILERS, FULL_IMAGE_PROGRAMS } from '../../src/knowledge/libraries.ts';
import { DATA_DOWNLOADS } from '../../src/knowledge/slim-images.ts';
import type { Command } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { parseScript } from '../../src/shell/script.ts';
import { wholeText } from '../../src/source.ts';
import type { StageView, Task } from '../../src/stage/view.ts';
import type { Need, Obstacle } from './types.ts';

/** A need of a RUN: `before` is the command that must find the package. */
export interface RunNeed extends Need {
  readonly before: number;
}

export interface RunFindings {
  readonly needs: readonly RunNeed[];
  readonly doubts: readonly string[];
}

/** Reads every RUN of the stage. */
export function runFindings(view: StageView): RunFindings | Obstacle {
  const needs: RunNeed[] = [];
  const doubts = new Set<string>();
  for (const { instruction, tasks, opaque } of view.steps) {
    if (opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${opaque}`, at: instruction };
    const line = (command: Command): Evidence => ({
      file: view.document.path,
      line: view.document.originLine(command.start),
      says: `starts ${command.program}`,
    });
    for (const task of tasks) {
      const found = startedScript(view, task);
      if (typeof found === 'string') doubts.add(found);
      for (const command of typeof found === 'string' ? [task.command] : found) {
        const program = command.program ?? '';
        const name = Object.hasOwn(FULL_IMAGE_PROGRAMS, program) ? FULL_IMAGE_PROGRAMS[program] : undefined;
        const isOwn = command === task.command;
        const evidence = isOwn
          ? line(command)
          : { ...line(task.command), says: `${task.command.program} starts ${program}` };
        if (COMPILERS.has(program) || name?.endsWith('-dev'))
          return {
            code: 'native-build',
            why: `line ${evidence.line} starts ${program}: compilers belong into a stage of their own`,
            at: task.command,
          };
        const call = isOwn ? undefined : invocation(command);
        if (call?.action === 'install' && call.manager !== 'apt')
          doubts.add(`what ${task.command.program} installs with ${call.program} is not known`);
        if (name !== undefined) needs.push({ package: name, evidence, before: task.command.start });
      }
      const other = doubtOf(view, task);
      if (typeof other === 'string') doubts.add(other);
      else if (other) return other;
    }
  }
  return { needs, doubts: [...doubts] };
}

/** A command with those of the script of the context that it starts; or why that cannot be told. */
export function startedScript(
  { runtime, project }: StageView,
  { command, effect, call, cwd }: Task,
): readonly Command[] | string {
  if (effect !== 'unknown' || call) return [command];
  const isShell = /^(?:ba|da|a)?sh$/.test(command.program ?? '');
  if (isShell && command.args[0]?.raw.startsWith('-')) return [command];
  const path = isShell ? command.args.find(({ raw }) => !raw.startsWith('-'))?.literal : command.name;
  const place = path === undefined ? undefined : joinPath(cwd, path);
  const file = place === undefined ? undefined : runtime.files.toContext(place);
  const text = file === undefined ? undefined : project.read(file);
  if (text === undefined) return `what ${command.nameWord?.raw ?? 'a command'} starts is not known`;
  const { opaque, commands } = parseScript(wholeText(text.replaceAll('\r\n', '\n')), { escape: '\\', bash: true });
  return opaque === undefined ? [command, ...commands] : `${file} could not be read`;
}

/** What a command brings that may need libraries of the full image. */
function doubtOf(view: StageView, { command, call, effect }: Task): string | Obstacle | undefined {
  const program = command.program ?? '';
  if (program === 'curl' || program === 'wget') {
    const url = command.args.map(({ literal, raw }) => literal ?? raw).find((word) => /^["']?https?:/.test(word));
    const isKept = url !== undefined && !DATA_DOWNLOADS.test(url.replace(/["']$/, '')) && !command.piped;
    return isKept
      ? `which libraries the download in line ${view.document.originLine(command.start)} needs is not known`
      : undefined;
  }
  if (!call || (effect !== 'install' && effect !== 'build')) return undefined;
  const { manager } = call;
  if (/^(?:npm|yarn|pnpm|pip|pipenv|poetry|uv|pdm|bun)$/.test(manager)) return undefined;
  if (manager === 'cargo' || manager === 'bundler' || manager === 'gem' || manager === 'go')
    return {
      code: 'native-build',
      why: `line ${view.document.originLine(command.start)}: ${call.program} ${call.verb} compiles, and compilers belong into a stage of their own`,
      at: command,
    };
  return `what ${call.program} ${call.verb} needs is not known`;
}
