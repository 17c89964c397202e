/** cargo: --locked where Cargo.lock holds what Cargo.toml asks for. */
import { posix } from 'node:path';
import type { Change } from '../../src/edit.ts';
import { cargoLock } from '../../src/project/cargo-lock.ts';
import { within } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import type { Install } from './find.ts';
import type { Reason } from './node.ts';

/** `cargo build`, and `cargo install --path .`, which otherwise takes the newest versions whatever the lock file says. */
export function isCargoBuild({ manager, program, verb, operands, command }: Invocation): boolean {
  if (manager !== 'cargo' || program !== 'cargo' || operands.length > 0) return false;
  return /^b(?:uild)?$/.test(verb) || (verb === 'install' && command.value('--path') === '.');
}

export function cargoPlan(project: Project, install: Install): Change | Reason | undefined {
  const { call, folder, files, before, at } = install;
  const { command, verb } = call;
  if (command.has('--locked', '--frozen', '--manifest-path')) return undefined;
  const manifest = folder === undefined ? undefined : files.toContext(`${folder}/Cargo.toml`);
  if (manifest === undefined)
    return { code: 'manifest-unknown', why: 'its Cargo.toml does not come from the build context' };
  const dir = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
  const lock = within(dir, 'Cargo.lock') as string;
  if (project.kind(lock) !== 'file') return undefined;
  if (files.toContext(`${folder}/Cargo.lock`) !== lock) {
    return { code: 'lock-not-copied', why: `${lock} is not copied before the build` };
  }
  const changing = before.find((earlier) => changes(invocation(earlier)) || names(earlier.args));
  if (changing || install.unread.length > 0) {
    return { code: 'manifest-changed', why: 'a command before it may change Cargo.toml or Cargo.lock' };
  }
  const verdict = cargoLock(project, dir);
  if (verdict.kind !== 'agrees') {
    return { code: verdict.kind === 'differs' ? 'lock-differs' : 'lock-unclear', why: verdict.why };
  }
  const word = command.args.find(({ literal }) => literal === verb);
  if (!word) return undefined;
  return {
    title: `cargo ${verb} becomes cargo ${verb} --locked`,
    why: 'The versions are those of Cargo.lock, which holds what Cargo.toml asks for; where the two disagree one day, the build stops.',
    evidence: [{ file: project.rootPath(lock), says: `holds every dependency of ${project.rootPath(manifest)}` }],
    level: 'review',
    at,
    // cargo build --release --locked
    edits: [command.insertWords('--locked', command.args.find(({ literal }) => literal === '--release') ?? word)],
  };
}

const changes = (call: Invocation | undefined): boolean =>
  call?.manager === 'cargo' && /^(?:add|remove|rm|update|upgrade|init|new|generate-lockfile)$/.test(call.verb);

const names = (args: Install['call']['command']['args']): boolean =>
  args.some(({ raw }) => /Cargo\.(?:toml|lock)/.test(raw));
