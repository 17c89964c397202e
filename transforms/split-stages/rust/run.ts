/** `CMD ["cargo", "run", "--release"]`: the container starts the program that the builder built. */
import { posix } from 'node:path';
import { parse } from 'smol-toml';
import { cargoLock } from '../../../src/project/cargo-lock.ts';
import { isRecord } from '../../../src/project/manifests.ts';
import { parseScript } from '../../../src/shell/script.ts';
import { wholeText } from '../../../src/source.ts';
import { tasksOf } from '../../../src/stage/steps.ts';
import { type BuildingStart, buildingStart, isCopiedBehind, leading } from '../building-start.ts';
import type { Placement, View } from '../types.ts';
import { type CargoBuild, cargoBuild } from './cargo.ts';

export interface CargoRun {
  readonly start: BuildingStart;
  readonly build: CargoBuild;
  /** Absolute path of the program. */
  readonly path: string;
  /** `cargo build --release`, where no RUN builds it behind the last copy. */
  readonly command: string | undefined;
  /** The start command with the path of the program. */
  readonly placement: Placement;
}

/** Flags that `cargo build` understands in the same way, and that change nothing but the profile. Source: the Cargo book, cargo run. */
const FLAG = /^(?:--(?:release|locked|offline|frozen|quiet|verbose)|-[rqv])$/;

/** The start command as a build; undefined: it is no `cargo run`, or its program cannot be told beforehand. */
export function cargoRun(view: View, builds: readonly CargoBuild[]): CargoRun | undefined {
  const start = buildingStart(view, 'cargo');
  const cwd = view.stage.end.workdir;
  if (!start || cwd === undefined) return undefined;
  const flags = leading(start.words, (word) => FLAG.test(word));
  const [first, second] = start.words.slice(flags.length);
  const bin = first === '--bin' ? second : undefined;
  const name = bin ?? programOf(view, cwd);
  const count = flags.length + (bin === undefined ? 0 : 2);
  const next = start.words[count];
  if (name === undefined || !/^[\w-]+$/.test(name) || (next !== '--' && next?.startsWith('-'))) return undefined;
  const exact = isLocked(view, cwd) && !flags.some((it) => /^--(?:locked|frozen)$/.test(it)) ? ['--locked'] : [];
  const command = ['cargo', 'build', ...flags, ...exact, ...(bin === undefined ? [] : ['--bin', bin])].join(' ');
  const [task] = tasksOf(command, parseScript(wholeText(command), { escape: '\\' }).commands, cwd);
  const [own] = task ? cargoBuild(task, start.instruction) : [];
  if (!own) return undefined;
  const done = builds.findLast(
    (it) =>
      it.output === own.output &&
      it.folder === cwd &&
      !isCopiedBehind(view, it.instruction) &&
      it.task.command.args.slice(1).every(({ literal }) => literal !== undefined && FLAG.test(literal)),
  );
  const path = posix.join(own.output, name);
  return {
    start,
    build: done ?? own,
    path,
    command: done ? undefined : command,
    placement: start.startWith(path, next === '--' ? count + 1 : count),
  };
}

/** Whether the lock file reaches the image and holds what the manifest asks for. */
function isLocked({ runtime, project }: View, folder: string): boolean {
  const manifest = runtime.files.toContext(posix.join(folder, 'Cargo.toml'));
  const lock = runtime.files.toContext(posix.join(folder, 'Cargo.lock'));
  if (manifest === undefined || lock === undefined || posix.dirname(manifest) !== posix.dirname(lock)) return false;
  return cargoLock(project, posix.dirname(manifest).replace(/^\.$/, '')).kind === 'agrees';
}

/** The program that `cargo run` takes when no flag names one: the default of the manifest, or the only one. */
function programOf({ runtime, project }: View, folder: string): string | undefined {
  const file = runtime.files.toContext(posix.join(folder, 'Cargo.toml'));
  const manifest = file === undefined ? undefined : tableOf(project.read(file));
  const name = isRecord(manifest?.package) ? manifest.package : {};
  const preset = name['default-run'];
  if (typeof preset === 'string') return preset;
  const has = (path: string): boolean => runtime.files.toContext(posix.join(folder, path)) !== undefined;
  // src/bin/ and [[bin]] make more than one
  if (manifest?.bin !== undefined || has('src/bin') || !has('src/main.rs')) return undefined;
  return typeof name.name === 'string' ? name.name : undefined;
}

function tableOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return text === undefined ? undefined : parse(text);
  } catch {
    return undefined;
  }
}
