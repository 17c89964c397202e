/** What the commands of a stage ask of its image: programs of the full one, compilers, what nobody can tell. */
import { joinPath } from '../../src/document/state.ts';
import type { Evidence } from '../../src/edit.ts';
import { BUILT_IN, COMPILERS, SYSTEM_PYTHON } from '../../src/knowledge/full-image.ts';
import { DATA_DOWNLOADS, SETUP_SCRIPTS } from '../../src/knowledge/slim-images.ts';
import type { Command } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { parseScript } from '../../src/shell/script.ts';
import { wholeText } from '../../src/source.ts';
import { findsLists } from '../../src/stage/package-lists.ts';
import { fullImagePackage } from '../../src/stage/programs.ts';
import type { StageView, Task } from '../../src/stage/view.ts';
import { repositoryOf } from './stages.ts';
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
        const name = packageOf(view, command);
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
      const commands = typeof found === 'string' ? [task.command] : found;
      const inScript = commands.length > 1;
      for (const [i, command] of commands.entries()) {
        const next = inScript ? commands[i + 1] : tasks[tasks.indexOf(task) + 1]?.command;
        const fetched = fetchedDoubt(command, next, view.document.originLine(task.command.start));
        if (fetched !== undefined) doubts.add(fetched);
      }
      const { call, command } = task;
      if (call?.manager === 'apt' && call.action === 'install' && !findsLists(view.stage, instruction, command))
        doubts.add(
          `line ${line(command).line} installs without package lists, which only an image that has it all can do`,
        );
      const other = doubtOf(view, task);
      if (typeof other === 'string') doubts.add(other);
      else if (other) return other;
    }
  }
  return { needs, doubts: [...doubts] };
}

/** The package that the slim image lacks. `perl -pe ..` needs no module. */
function packageOf(view: StageView, { program = '', args }: Command): string | undefined {
  if (BUILT_IN.has(program)) return undefined;
  if (program === 'perl' && args[0]?.raw.match(/^-[pnlia0-9.]*[eE]$|^-[pnl]/)) return undefined;
  // images of Python have one of their own
  if (program === SYSTEM_PYTHON && repositoryOf(view.stage) !== 'python') return SYSTEM_PYTHON;
  return fullImagePackage(program);
}

/** A command with those of the script of the context, or of the text, that it starts; or why that cannot be told. */
export function startedScript(
  { runtime, project }: StageView,
  { command, effect, call, cwd }: Task,
): readonly Command[] | string {
  const isShell = /^(?:ba|da|a)?sh$/.test(command.program ?? '');
  if ((effect !== 'unknown' && !isShell) || call) return [command];
  const name = command.nameWord?.raw ?? 'a command';
  const flag = command.args.findIndex(({ raw }) => !raw.startsWith('-') || /^-\w*c/.test(raw));
  if (isShell && command.args[flag]?.raw.startsWith('-')) {
    const text = command.args[flag + 1]?.literal;
    return (text === undefined ? undefined : withScript(command, text)) ?? `what ${name} -c starts is not known`;
  }
  // curl .. | sh -s
  if (isShell && flag < 0 && (command.piped || command.args.length > 0)) return [command];
  const path = isShell ? command.args[flag]?.literal : command.name;
  const place = path === undefined ? undefined : joinPath(cwd, path);
  const file = place === undefined ? undefined : runtime.files.toContext(place);
  const text = file === undefined ? undefined : project.read(file);
  if (text === undefined) return `what ${name} starts is not known`;
  return withScript(command, text.replaceAll('\r\n', '\n')) ?? `${file} could not be read`;
}

/** undefined: it cannot be read. */
function withScript(command: Command, text: string): readonly Command[] | undefined {
  const { opaque, commands } = parseScript(wholeText(text), { escape: '\\', bash: true });
  return opaque === undefined ? [command, ...commands] : undefined;
}

/** What a download brings that may need libraries of the full image. `next`: the command behind it, which reads it in a pipe. */
function fetchedDoubt(command: Command, next: Command | undefined, line: number): string | undefined {
  if (command.program !== 'curl' && command.program !== 'wget') return undefined;
  const url = command.args.map(({ literal, raw }) => literal ?? raw).find((word) => /^["']?https?:/.test(word));
  if (url === undefined) return undefined;
  const plain = url.replace(/["']$/, '');
  const reader = command.piped && next?.piped ? (next.program ?? '') : undefined;
  if (reader !== undefined && /^(?:ba|da|a)?sh$/.test(reader))
    return SETUP_SCRIPTS.test(plain) ? undefined : `what the script that line ${line} fetches needs is not known`;
  const isText =
    reader !== undefined
      ? !/^(?:tar|bsdtar|unzip|gunzip|gzip|xz|bunzip2|cpio)$/.test(reader)
      : DATA_DOWNLOADS.test(plain);
  return isText ? undefined : `which libraries the download in line ${line} needs is not known`;
}

/** What a command installs or builds that may need libraries or compilers of the full image. */
function doubtOf(view: StageView, { command, call, effect }: Task): string | Obstacle | undefined {
  if (!call || (effect !== 'install' && effect !== 'build')) return undefined;
  const { manager } = call;
  if (/^(?:npm|yarn|pnpm|pip|pipenv|poetry|uv|pdm|bun)$/.test(manager)) return undefined;
  if (manager === 'cargo' && repositoryOf(view.stage) === 'rust') return undefined;
  if (manager === 'cargo' || manager === 'bundler' || manager === 'gem' || manager === 'go')
    return {
      code: 'native-build',
      why: `line ${view.document.originLine(command.start)}: ${call.program} ${call.verb} compiles, and compilers belong into a stage of their own`,
      at: command,
    };
  return `what ${call.program} ${call.verb} needs is not known`;
}
