/** The folders that bundler and gem fill, by variables, settings and flags. */
import { posix } from 'node:path';
import { splitTag } from '../../../src/image.ts';
import type { Obstacle, Step, Task, View } from '../types.ts';
import { type Bundle, installsBundle } from './gems.ts';

/** GEM_HOME and BUNDLE_APP_CONFIG of the image. Source: docker-library/ruby. */
const GEM_HOME = '/usr/local/bundle';

/** Absolute paths of the folders that hold gems and settings. */
export function gemFolders(view: View, bundles: readonly Bundle[]): readonly string[] | Obstacle {
  const folders = new Set<string>();
  for (const step of view.steps) {
    for (const task of step.tasks) {
      const found = folderOf(view, step, task, bundles);
      if (found !== undefined && typeof found !== 'string') return found;
      if (found !== undefined) folders.add(found);
      // bundle install --without writes a setting, bundle config another
      const remembers = task.command.has('--without', '--with', '--path', '--deployment', '--frozen');
      if (keepsLocally(view, step, task) || (installsBundle(task) && remembers)) {
        const config = step.instruction.state.env.get('BUNDLE_APP_CONFIG') ?? GEM_HOME;
        if (!config.startsWith('/')) return { code: 'user-install', why: `settings of bundler go to ${config}` };
        folders.add(config);
      }
    }
  }
  return [...folders].filter((it) => ![...folders].some((other) => it.startsWith(`${other}/`)));
}

function folderOf(view: View, step: Step, task: Task, bundles: readonly Bundle[]): string | Obstacle | undefined {
  const { env } = step.instruction.state;
  const { command, call } = task;
  const home = env.get('GEM_HOME') ?? GEM_HOME;
  if (call?.manager === 'gem' && call.action === 'install') {
    const flag = command.args.find(({ raw }) =>
      /^(?:--user-install|--install-dir|-i|--bindir|-n|--build-root)(?:=|$)/.test(raw),
    );
    return flag ? { code: 'user-install', why: `gem is told ${flag.raw}`, at: command } : home;
  }
  if (!installsBundle(task)) return undefined;
  const bin = env.get('BUNDLE_BIN');
  if (command.has('--binstubs', '--standalone') || (bin !== undefined && !isBelow(bin, env.get('BUNDLE_PATH') ?? home)))
    return { code: 'user-install', why: 'bundler puts programs into a folder of their own', at: command };
  const gemfile = bundles.find((it) => it.task === task)?.gemfile;
  const written = command.value('--path') ?? setting(view, 'path') ?? env.get('BUNDLE_PATH');
  const deploys =
    command.has('--deployment') || isOn(setting(view, 'deployment')) || isOn(env.get('BUNDLE_DEPLOYMENT'));
  const path = written ?? (deploys ? 'vendor/bundle' : home);
  if (path.startsWith('/')) return posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (gemfile === undefined || /^[~$]/.test(path))
    return { code: 'user-install', why: `where the gems go is not known: ${path}`, at: command };
  return posix.join(posix.dirname(gemfile), path);
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
const isOn = (value: string | undefined): boolean => value !== undefined && !/^(?:false|0|f|no|n|)$/i.test(value);

/** The value of `bundle config [set] [--local] path vendor/bundle`. */
function setting({ steps }: View, name: string): string | undefined {
  for (const { tasks } of steps) {
    for (const { call, command } of tasks) {
      if (call?.manager !== 'bundler' || call.verb !== 'config') continue;
      const words = command.operands().map(({ literal, raw }) => literal ?? raw);
      const at = words.indexOf(name);
      if (at > 0 && at <= 2 && words[at + 1] !== undefined) return words[at + 1];
    }
  }
  return undefined;
}

/** `bundle config` that writes into the folder of the gems, and not into the home folder of the account. */
export function keepsLocally(view: View, { instruction }: Step, { call, command, cwd }: Task): boolean {
  if (call?.manager !== 'bundler' || call.verb !== 'config') return false;
  if (command.has('--global')) return false;
  if (command.has('--local')) return true;
  // bundler 2.2 and later: local where a Gemfile is
  const { image } = view.stage;
  const major = Number(/^\d+/.exec(splitTag(image?.tag ?? '').version ?? '')?.[0] ?? 99);
  return (
    major >= 3 &&
    cwd !== undefined &&
    view.runtime.files.sources.some(
      (it) =>
        it.instruction.index < instruction.index &&
        (it.target === posix.join(cwd, 'Gemfile') ||
          (it.kind === 'dir' && it.target === cwd && view.project.kind(posix.join(it.source, 'Gemfile')) === 'file')),
    )
  );
}
