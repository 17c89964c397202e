/** What speaks against moving Python packages into a virtual environment of another stage. */
import { COMPILES_AT_RUN_TIME } from '../../../src/knowledge/python-libraries.ts';
import { placeText } from '../../../src/project/manifests.ts';
import { invocation } from '../../../src/shell/invocation.ts';
import { compilerAtRunTime } from '../programs.ts';
import type { Obstacle, Task, View } from '../types.ts';
import type { Dependencies } from './dependencies.ts';

/** The first obstacle; undefined: none was found. */
export function obstacleOf(view: View, { names }: Dependencies, runs: readonly Task[]): Obstacle | undefined {
  return installsElsewhere(view) ?? compiles(view, names) ?? startsInstalls(view) ?? fixedPaths(view, runs);
}

/** --user, --target, --prefix and --root put packages where the environment is not. */
function installsElsewhere({ steps, stage, document }: View): Obstacle | undefined {
  for (const instruction of stage.instructions) {
    const moved =
      instruction.keyword === 'ENV' &&
      instruction.pairs.find(({ name }) => /^PIP_(?:USER|TARGET|PREFIX|ROOT)$/.test(name));
    if (moved)
      return {
        code: 'user-install',
        why: `${moved.name} in line ${document.originLine(instruction.start)} tells pip where to install`,
        at: instruction,
      };
  }
  for (const { tasks } of steps) {
    for (const { call, command } of tasks) {
      if (call?.manager !== 'pip' || call.action !== 'install') continue;
      const flag = command.args.find(({ raw }) => /^(?:--user|--target|-t|--prefix|--root|--python)(?:=|$)/.test(raw));
      if (flag) return { code: 'user-install', why: `pip is told ${flag.raw}`, at: command };
    }
    const conda = tasks.find(({ call }) => call && /^(?:conda|mamba|micromamba)$/.test(call.manager));
    if (conda) return { code: 'outside-packages', why: 'conda installs packages as well', at: conda.command };
  }
  return undefined;
}

/** Compilers at run time: started by name, or by a package that compiles what it is given. */
function compiles(view: View, names: Dependencies['names']): Obstacle | undefined {
  const started = compilerAtRunTime(view);
  if (started) return { code: 'builds-at-run-time', why: `${placeText(started)} starts ${started.program}` };
  const name = [...names.keys()].find((it) => COMPILES_AT_RUN_TIME.has(it));
  if (name !== undefined) return { code: 'builds-at-run-time', why: `${name} compiles code when it runs` };
  const code = view.runtime.find(/\bpyximport\b|\bffi\.verify\(|\bcpp_extension\b|\btorch\.compile\(/);
  return code && { code: 'builds-at-run-time', why: `${placeText(code)} compiles code when it runs: ${code.says}` };
}

/** An entrypoint that installs: it would do so in a stage without compilers. */
function startsInstalls({ runtime }: View): Obstacle | undefined {
  for (const { path, commands } of runtime.scripts) {
    const call = commands?.map(invocation).find((it) => it?.action === 'install' || it?.action === 'build');
    if (call) return { code: 'installs-at-start', why: `${path} runs ${call.program} ${call.verb}` };
  }
  const start = runtime.starts.find(({ text }) => /\b(?:pip3?|poetry|pipenv|uv) (?:install|sync)\b/.test(text));
  return start && { code: 'installs-at-start', why: `${placeText(start)} installs packages` };
}

/** Paths of the interpreter that has no packages any more, and programs that do not see PATH. */
function fixedPaths(view: View, runs: readonly Task[]): Obstacle | undefined {
  const { runtime, stage, document } = view;
  for (const use of runtime.programs) {
    const isOld = /^\/usr\/local\/bin\/|^\/usr\/bin\/python/.test(use.path) && !isPutThere(view, use.path);
    if (isOld) return { code: 'fixed-paths', why: `${placeText(use)} names ${use.path}` };
  }
  const path = runtime.find(/\/usr\/local\/lib\/python3?[\d.]*\/(?:site|dist)-packages/);
  if (path) return { code: 'fixed-paths', why: `${placeText(path)} names ${path.says}` };
  const cron =
    runtime.programs.find(({ by, file }) => by === 'config' && /cron/.test(file)) ??
    runtime.uses('cron') ??
    runtime.uses('crond');
  if (cron)
    return { code: 'fixed-paths', why: `${placeText(cron)}: cron starts programs without the PATH of the image` };
  const login = runs.find(({ command }) => command.program === 'su' || command.wrappers.includes('sudo'));
  if (login)
    return { code: 'fixed-paths', why: 'sudo and su start programs without the PATH of the image', at: login.command };
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== 'ENV') continue;
    for (const { name, raw = '' } of instruction.pairs) {
      const fixed =
        (name === 'PATH' && !/\$\{?PATH\b/.test(raw)) || name === 'PYTHONHOME' || name === 'UV_SYSTEM_PYTHON';
      if (fixed || (name === 'PYTHONPATH' && /\/(?:usr|lib)\b/.test(raw))) {
        return {
          code: 'fixed-paths',
          why: `ENV ${name} in line ${document.originLine(instruction.start)} decides where programs or packages are found`,
          at: instruction,
        };
      }
    }
  }
  return undefined;
}

/** Whether a file at this path comes from a COPY or is written by a RUN, and not from a package. */
function isPutThere({ runtime, stage }: View, path: string): boolean {
  if (runtime.files.toContext(path) !== undefined) return true;
  return stage.instructions.some(
    ({ keyword, args }) => (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD') && args.text.includes(path),
  );
}
