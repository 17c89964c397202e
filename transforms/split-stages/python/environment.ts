/** The virtual environment of a stage: the one that it makes itself, the one beside the project, or a new one. */
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import type { Edit } from '../../../src/edit.ts';
import { INSTALLERS, PYTHON_TOOLS } from '../../../src/knowledge/python-tools.ts';
import type { Obstacle, Step, Task, View } from '../types.ts';

export interface Environment {
  /** Absolute path. */
  readonly folder: string;
  /** Whether the builder must be told to make it, and both stages to look into it. */
  readonly isNew: boolean;
  /** Words that installers must lose: `--system` of uv. */
  readonly edits: ReadonlyMap<Instruction, readonly Edit[]>;
}

const NEW = '/opt/venv';
const MANAGERS: ReadonlySet<string> = new Set(['pip', 'pipenv', 'poetry', 'uv', 'pdm']);

/** A command that makes the environment, fills it, or sets the installer up. */
export function isInstall(task: Task): boolean {
  const { effect, call } = task;
  if (madeFolder(task) !== undefined) return true;
  if (call && MANAGERS.has(call.manager)) return effect === 'install' || /^(?:sync|config|lock)\b/.test(call.verb);
  return false;
}

/** The folder of `python -m venv X`, `virtualenv X` and `uv venv X`, as written; '' for uv's default. */
function madeFolder({ command, call }: Task): string | undefined {
  const words = command.args.map(({ literal, raw }) => literal ?? raw);
  const operand = (list: readonly string[]) => list.find((word) => !word.startsWith('-'));
  if (command.program === 'virtualenv') return operand(words);
  if (call?.manager === 'uv' && words[0] === 'venv') return operand(words.slice(1)) ?? '';
  const module = /^python[\d.]*$/.test(command.program ?? '') ? words.indexOf('-m') : -1;
  return module >= 0 && /^(?:venv|virtualenv)$/.test(words[module + 1] ?? '')
    ? operand(words.slice(module + 2))
    : undefined;
}

/** Finds the one environment that all packages go into. */
export function environmentOf(view: View): Environment | Obstacle {
  const installs = view.steps.flatMap((step) => step.tasks.filter(isInstall).map((task) => ({ step, task })));
  const made = installs.flatMap(({ step, task }) => {
    const folder = madeFolder(task);
    return folder === undefined ? [] : [pathOf(view, step, task, folder === '' ? '.venv' : folder)];
  });
  const found = [...new Set([...made, ...installs.flatMap((it) => projectFolder(view, it) ?? [])])];
  const [folder, ...more] = found;
  if (more.length > 0)
    return {
      code: 'user-install',
      why: `packages go into ${found.map((it) => it ?? 'an unknown folder').join(' and ')}`,
    };
  if (found.length === 0) return newEnvironment(view, installs);
  if (folder === undefined) return { code: 'user-install', why: 'the folder of the virtual environment is not fixed' };
  const stray = installs.find(({ step, task }) => isStray(view, step, task, folder));
  if (stray)
    return {
      code: 'user-install',
      why: `${stray.task.command.program} installs beside the environment ${folder}`,
      at: stray.task.command,
    };
  const tool = toolAtRunTime(view, installs);
  return tool ?? { folder, isNew: false, edits: new Map() };
}

interface Install {
  readonly step: Step;
  readonly task: Task;
}

function pathOf({ document }: View, { instruction }: Step, { cwd }: Task, path: string): string | undefined {
  return joinPath(cwd, document.expand(path, instruction.state));
}

/** `.venv` beside the project, where the manager puts packages there; undefined: into the environment in force. */
function projectFolder(view: View, { step, task }: Install): string | undefined {
  const { call } = task;
  const row = PYTHON_TOOLS.find(({ manager }) => manager === call?.manager);
  const isProjects = call !== undefined && /^(?:install|sync|update)$/.test(call.verb);
  if (!row || !isProjects || keepsEnvironment(view, step, task)) return undefined;
  const { env } = step.instruction.state;
  const moved = row.manager === 'uv' ? env.get('UV_PROJECT_ENVIRONMENT') : undefined;
  const configured = view.steps.some(({ tasks }) =>
    tasks.some(
      ({ call: it }) =>
        it?.manager === row.manager && it.verb === 'config' && row.inProjectConfig?.test(wordsOf(it.operands)),
    ),
  );
  const inProject = row.isInProject || configured || row.inProject?.values.test(env.get(row.inProject.variable) ?? '');
  return inProject ? pathOf(view, step, task, moved ?? '.venv') : undefined;
}

const wordsOf = (words: readonly { readonly literal: string | undefined; readonly raw: string }[]): string =>
  words.map(({ literal, raw }) => literal ?? raw).join(' ');

/** Whether the manager is told to install into the environment in force. */
function keepsEnvironment({ steps }: View, { instruction }: Step, { call, command }: Task): boolean {
  const row = PYTHON_TOOLS.find(({ manager }) => manager === call?.manager);
  if (!row) return true;
  const value = row.inForce && instruction.state.env.get(row.inForce.variable);
  if (value !== undefined && row.inForce?.values.test(value)) return true;
  if (row.inForceFlag !== undefined && command.has(row.inForceFlag)) return true;
  return steps.some(({ tasks }) =>
    tasks.some(
      ({ call: it }) =>
        it?.manager === row.manager && it.verb === 'config' && row.inForceConfig?.test(wordsOf(it.operands)),
    ),
  );
}

/** Everything goes into a new environment, the installers as well. */
function newEnvironment(view: View, installs: readonly Install[]): Environment | Obstacle {
  const edits = new Map<Instruction, Edit[]>();
  for (const { step, task } of installs) {
    const { call, command } = task;
    if (command.name?.startsWith('/'))
      return { code: 'fixed-paths', why: `${command.name} installs for the interpreter of the image`, at: command };
    if (!call || call.manager === 'pip' || call.verb === 'config') continue;
    if (call.manager === 'uv') {
      const system = command.args.filter(({ literal }) => literal === '--system');
      const own = command.removeWords(system);
      if (!call.verb.startsWith('pip') || !own)
        return { code: 'user-install', why: `uv ${call.verb} chooses an environment of its own`, at: command };
      edits.set(step.instruction, [...(edits.get(step.instruction) ?? []), ...own]);
    } else if (!keepsEnvironment(view, step, task)) {
      return {
        code: 'user-install',
        why: `${call.manager} keeps its environment in the cache folder of one account`,
        at: command,
      };
    }
  }
  return { folder: NEW, isNew: true, edits };
}

/** An install into the interpreter beside an environment: harmless for tools that only install. */
function isStray({ document }: View, { instruction, tasks }: Step, task: Task, folder: string): boolean {
  const { call, command } = task;
  if (call?.manager !== 'pip' || call.action !== 'install') return false;
  if (command.name?.startsWith(`${folder}/bin/`)) return false;
  const path = instruction.state.env.get('PATH') ?? '';
  const active = tasks
    .slice(0, tasks.indexOf(task))
    .some(({ command: it }) => /^(?:\.|source)$/.test(it.program ?? '') && it.args[0]?.raw.endsWith('/activate'));
  if (active || path.split(':').includes(`${folder}/bin`) || namesPath(document.text, folder)) return false;
  const names = call.operands.map(({ literal }) => /^[\w.-]+/.exec(literal ?? '')?.[0]?.toLowerCase() ?? '');
  return call.requirementFiles.length > 0 || !names.every((name) => INSTALLERS.has(name));
}

/** `ENV PATH="$VIRTUAL_ENV/bin:$PATH"` with a PATH that the base image sets and nobody here knows. */
function namesPath(text: string, folder: string): boolean {
  const escaped = folder.replace(/[.]/g, '\\.');
  return new RegExp(`PATH=["']?(?:${escaped}|\\$\\{?(?:VIRTUAL_ENV|VENV\\w*)\\}?)/bin`).test(text);
}

/** `CMD ["poetry", "run", ..]` with a poetry that pip put into the interpreter of the builder. */
function toolAtRunTime({ runtime }: View, installs: readonly Install[]): Obstacle | undefined {
  const tools = new Set(
    installs.flatMap(({ task }) =>
      task.call?.manager === 'pip'
        ? task.call.operands.map(({ literal }) => /^[\w-]+/.exec(literal ?? '')?.[0] ?? '')
        : [],
    ),
  );
  const use = runtime.programs.find(
    ({ program, by }) => by !== 'code' && tools.has(program) && INSTALLERS.has(program),
  );
  return (
    use && {
      code: 'builds-at-run-time',
      why: `${use.file} starts ${use.program}, which is installed for building only`,
    }
  );
}
