/** The gems that a stage installs, as far as files tell. */
import { joinPath } from '../../../src/document/state.ts';
import type { Step, Task, View } from '../types.ts';

export interface Gem {
  /** undefined: no lock names it. */
  readonly version: string | undefined;
  /** Relative to the root. */
  readonly file: string;
  readonly line: number;
}

export interface Gems {
  readonly names: ReadonlyMap<string, Gem>;
  /** Whether one of them is fetched with git. */
  readonly fromGit: boolean;
  readonly bundles: readonly Bundle[];
}

/** One Gemfile that is installed. */
export interface Bundle {
  readonly task: Task;
  /** Absolute path in the image; undefined: not known. */
  readonly gemfile: string | undefined;
  /** Text of its lock file; undefined: no lock is copied. */
  readonly lock: string | undefined;
}

/** Reads what RUN lines name themselves, and every Gemfile that is installed with its lock. */
export function gemsOf(view: View): Gems {
  const { steps, runtime, project, document } = view;
  const names = new Map<string, Gem>();
  const bundles: Bundle[] = [];
  let fromGit = false;
  const add = (name: string, gem: Gem) => {
    if (!names.has(name)) names.set(name, gem);
  };
  const read = (place: string | undefined) => {
    const path = place === undefined ? undefined : runtime.files.toContext(place);
    const text = path === undefined ? undefined : project.read(path);
    return path === undefined || text === undefined ? undefined : { file: project.rootPath(path), text };
  };
  for (const step of steps) {
    for (const task of step.tasks) {
      if (task.call?.manager === 'gem' && task.call.action === 'install') {
        for (const { literal } of task.call.operands) {
          const [name, version] = (literal ?? '').split(':');
          if (name) add(name, { version, file: document.path, line: document.originLine(task.command.start) });
        }
      }
      if (!installsBundle(task)) continue;
      const gemfile = gemfileOf(view, step, task);
      const own = read(gemfile);
      const beside = read(gemfile && lockPath(gemfile));
      // an empty one is there for COPY
      const lock = beside?.text.includes('specs:') ? beside : undefined;
      bundles.push({ task, gemfile, lock: lock?.text });
      for (const [at, line] of (lock?.text ?? '').split(/\r?\n/).entries()) {
        const [, name, version] = /^ {4}(\S+) \(([\d.]+)/.exec(line) ?? [];
        if (name !== undefined) add(name, { version, file: lock?.file ?? '', line: at + 1 });
      }
      for (const [at, line] of (own?.text ?? '').split(/\r?\n/).entries()) {
        const name = /^\s*gem[\s(]+["']([^"']+)["']/.exec(line)?.[1];
        if (name !== undefined) add(name, { version: undefined, file: own?.file ?? '', line: at + 1 });
      }
      fromGit ||= /^GIT$/m.test(lock?.text ?? '') || /^[^#\n]*\b(?:git|github)(?::| =>)/m.test(own?.text ?? '');
    }
  }
  return { names, fromGit, bundles };
}

/** `bundle install`, and what does the same. */
export const installsBundle = ({ call }: Task): boolean =>
  call?.manager === 'bundler' && (call.action === 'install' || call.action === 'upgrade');

/** Absolute path of the lock of a Gemfile. */
export const lockPath = (gemfile: string): string =>
  gemfile.endsWith('/gems.rb') ? gemfile.replace(/rb$/, 'locked') : `${gemfile}.lock`;

function gemfileOf({ runtime }: View, { instruction }: Step, { command, cwd }: Task): string | undefined {
  const set = command.assignments.find(({ name }) => name === 'BUNDLE_GEMFILE');
  const named = command.value('--gemfile') ?? (set ? set.value : instruction.state.env.get('BUNDLE_GEMFILE'));
  if (set && set.value === undefined) return undefined;
  if (named !== undefined) return joinPath(cwd, named);
  const both = ['Gemfile', 'gems.rb'].map((name) => joinPath(cwd, name));
  return both.find((place) => place !== undefined && runtime.files.toContext(place) !== undefined) ?? both[0];
}

/** Whether a lock names packages that run on Linux; bundler resolves others again and writes them into its copy of the lock. */
export function isForLinux(lock: string): boolean {
  const [, platforms] = /^PLATFORMS\r?\n((?: +.*\r?\n?)*)/m.exec(lock) ?? [];
  return platforms === undefined || /^ +(?:ruby|\S*linux\S*)\s*$/m.test(platforms);
}
