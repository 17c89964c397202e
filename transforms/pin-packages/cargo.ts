/** cargo: --locked where Cargo.lock holds what Cargo.toml asks for. */
import { cargoLock } from '../../src/project/cargo-lock.ts';
import { invocation } from '../../src/shell/invocation.ts';
import type { LockedRow } from './locked.ts';

export const CARGO: LockedRow = {
  // `cargo install --path .` takes the newest versions otherwise, whatever the lock file says
  isInstall: ({ manager, program, verb, operands, command }) =>
    manager === 'cargo' &&
    program === 'cargo' &&
    operands.length === 0 &&
    (/^(?:b(?:uild)?|fetch)$/.test(verb) || (verb === 'install' && command.value('--path') === '.')),
  manifest: 'Cargo.toml',
  lock: 'Cargo.lock',
  isDecided: ({ call }) => call.command.has('--locked', '--frozen', '--manifest-path'),
  isChanging: (command) => {
    const call = invocation(command);
    return call?.manager === 'cargo' && /^(?:add|remove|rm|update|upgrade|init|new|generate-lockfile)$/.test(call.verb);
  },
  verdict: cargoLock,
  exact: ({ call: { command, verb } }) => {
    const word = command.args.find(({ literal }) => literal === verb);
    if (!word) return undefined;
    // cargo build --release --locked
    const after = command.args.find(({ literal }) => literal === '--release') ?? word;
    return { edit: command.insertWords('--locked', after), title: `cargo ${verb} becomes cargo ${verb} --locked` };
  },
};
