/** Where `cargo build` and `cargo install` put their programs. */
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import { copiedFrom } from '../file-tasks.ts';
import type { Task, View } from '../types.ts';

export interface CargoBuild {
  readonly task: Task;
  readonly instruction: Instruction;
  /** Folder in which it runs, or of the manifest that it names. */
  readonly folder: string;
  /** Folder of the programs. */
  readonly output: string;
}

/** Every build of the stage whose output can be told. Source: the Cargo book, Build Cache, cargo install. */
export function cargoBuilds({ steps }: View): readonly CargoBuild[] {
  return steps.flatMap(({ instruction, tasks }) => tasks.flatMap((task) => cargoBuild(task, instruction)));
}

/** The build of one command; `instruction`: the place with the variables in force. [] for other commands. */
export function cargoBuild(task: Task, instruction: Instruction): readonly CargoBuild[] {
  const { call, command, cwd } = task;
  if (call?.manager !== 'cargo' || cwd === undefined) return [];
  const { env } = instruction.state;
  const set = (name: string): string | undefined =>
    command.assignments.find((it) => it.name === name)?.value ?? env.get(name);
  const manifest = command.value('--manifest-path');
  const folder = manifest === undefined ? cwd : joinPath(cwd, manifest.replace(/\/?Cargo\.toml$/, '') || '.');
  if (folder === undefined) return [];
  if (call.verb === 'install') {
    const root = command.value('--root') ?? set('CARGO_INSTALL_ROOT') ?? set('CARGO_HOME') ?? '/usr/local/cargo';
    const output = joinPath(cwd, `${root}/bin`);
    return command.has('--path') && output !== undefined
      ? [{ task, instruction, folder: joinPath(cwd, command.value('--path')) ?? cwd, output }]
      : [];
  }
  if (!/^(?:build|b|rustc)$/.test(call.verb)) return [];
  const profile = command.value('--profile') ?? (command.has('--release', '-r') ? 'release' : 'dev');
  const target = joinPath(folder, command.value('--target-dir') ?? set('CARGO_TARGET_DIR') ?? 'target');
  const triple = command.value('--target') ?? set('CARGO_BUILD_TARGET');
  if (target === undefined) return [];
  const output = `${target}${triple === undefined ? '' : `/${triple}`}/${profile === 'dev' ? 'debug' : profile}`;
  return [{ task, instruction, folder, output }];
}

/** Whether a path is that of a program which a build makes: its name is that of a binary of the project. */
export function outputAt({ runtime, project }: View, builds: readonly CargoBuild[], path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const inOutput = builds.filter(({ output }) => path === `${output}/${name}`);
  if (inOutput.length === 0) return false;
  // every manifest that reaches the image: those of a workspace, too
  for (const file of runtime.files.walk(4000)) {
    if (
      /(?:^|\/)src\/bin\//.test(file) &&
      new RegExp(`/src/bin/${name.replace(/\W/g, '\\$&')}(?:\\.rs|/main\\.rs)$`).test(`/${file}`)
    )
      return true;
    if (!/(?:^|\/)Cargo\.toml$/.test(file)) continue;
    const text = project.read(file) ?? '';
    if ([...text.matchAll(/^\s*name\s*=\s*["']([^"']+)["']/gm)].some(([, it]) => it === name)) return true;
  }
  return false;
}

/** Whether a program was copied from where cargo puts it. */
export function comesFrom(view: View, builds: readonly CargoBuild[], path: string): boolean {
  const from = copiedFrom(view, path);
  return from !== undefined && outputAt(view, builds, from);
}
