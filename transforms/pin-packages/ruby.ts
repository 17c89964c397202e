/** Bundler: BUNDLE_FROZEN for the install where Gemfile.lock holds what the Gemfile asks for. */
import { posix } from 'node:path';
import { gemLock } from '../../src/project/gem-lock.ts';
import type { Project } from '../../src/project/project.ts';
import { invocation } from '../../src/shell/invocation.ts';
import type { Install } from './find.ts';
import type { LockedRow } from './locked.ts';
import type { Reason } from './node.ts';

const SETTINGS = ['BUNDLE_FROZEN', 'BUNDLE_DEPLOYMENT'];

export const BUNDLER: LockedRow = {
  isInstall: ({ manager, verb, operands }) =>
    manager === 'bundler' && /^(?:install|i|)$/.test(verb) && operands.length === 0,
  manifest: 'Gemfile',
  lock: 'Gemfile.lock',
  isOptional: true,
  isDecided,
  folder: ({ call, instruction, folder }) => {
    const file = call.command.value('--gemfile') ?? instruction.state.env.get('BUNDLE_GEMFILE');
    return file === undefined ? folder : posix.dirname(file);
  },
  isChanging: (command) => {
    const call = invocation(command);
    return call?.manager === 'bundler' && /^(?:add|remove|update|lock|init|inject)$/.test(call.verb);
  },
  verdict: gemLock,
  exact: ({ call: { command, program, verb }, stage, instruction }, format) => {
    if (command.wrappers.length > 0 || instruction.json) return undefined;
    const fit = platforms(format.split(' ').filter(Boolean), stage.base?.family === 'alpine');
    if (fit && 'code' in fit) return fit;
    const edit = { start: command.start, end: command.start, text: 'BUNDLE_FROZEN=true ' };
    return { edit, title: `${program} ${verb}`.trim().concat(' becomes frozen'), doubt: fit?.says };
  },
};

/** Whether the install is frozen already, or is told not to be. */
function isDecided({ call, instruction, before, files, folder }: Install, project: Project): boolean {
  const { command } = call;
  if (command.has('--frozen', '--no-frozen', '--deployment', '--no-deployment')) return true;
  if (SETTINGS.some((name) => instruction.state.env.has(name))) return true;
  if (command.assignments.some(({ name }) => SETTINGS.includes(name))) return true;
  const configured = before.some((earlier) => {
    const args = invocation(earlier)?.manager === 'bundler' ? earlier.args.map(({ literal }) => literal) : [];
    return args[0] === 'config' && (args.includes('frozen') || args.includes('deployment'));
  });
  const config = files.toContext(`${folder}/.bundle/config`);
  return configured || /^BUNDLE_(?:FROZEN|DEPLOYMENT):/m.test(project.read(config ?? '') ?? '');
}

/** A frozen bundle installs for the platforms of the lock only; `ruby` stands for every one. */
function platforms(names: readonly string[], isMusl: boolean): Reason | { readonly says: string } | undefined {
  if (names.includes('ruby')) return undefined;
  const fitting = names.filter((it) => /linux/.test(it) && isMusl === it.endsWith('musl'));
  const all = names.join(', ');
  if (fitting.length === 0) return { code: 'version-unfit', why: `Gemfile.lock is for ${all || 'no platform'} only` };
  const both = ['x86_64', 'aarch64'].every((cpu) => fitting.some((it) => it.startsWith(cpu)));
  return both ? undefined : { says: `Gemfile.lock is for ${all}: the build stops on any other machine.` };
}
