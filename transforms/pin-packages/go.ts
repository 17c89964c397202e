/** Go: the build reads go.mod and go.sum, and does not write them. */
import { goSum } from '../../src/project/go-sum.ts';
import { invocation } from '../../src/shell/invocation.ts';
import type { LockedRow } from './locked.ts';

const HERE = /^\.(?:\/\.\.\.)?$/;

export const GO: LockedRow = {
  // `go get` without a package brings what the module needs, and may change go.mod
  isInstall: ({ manager, verb, operands }) =>
    manager === 'go' &&
    (verb === 'mod tidy' || (verb === 'get' && operands.every(({ literal }) => HERE.test(literal ?? '')))),
  manifest: 'go.mod',
  lock: 'go.sum',
  isDecided: ({ call }) => call.command.has('-u', '-t', '-diff', '-e', '-go', '-compat'),
  isChanging: (command) => {
    const call = invocation(command);
    if (call?.manager !== 'go') return false;
    return (
      /^(?:get|mod tidy|mod vendor)$/.test(call.verb) || (call.verb === 'mod' && command.args[1]?.literal !== 'verify')
    );
  },
  verdict: goSum,
  exact: ({ call: { command, verb } }) => {
    const first = command.args[0];
    const last = command.args.at(-1);
    if (!first || !last) return undefined;
    return {
      edit: { start: first.start, end: last.end, text: 'mod download' },
      title: `go ${verb} becomes go mod download`,
      doubt:
        'That go.mod names everything that its modules need is for `go mod tidy -diff` to say: the build stops where it does not.',
    };
  },
};
