/** Go: the build reads go.mod and go.sum, and does not write them. */
import { goSum } from '../../src/project/go-sum.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import type { LockedRow } from './locked.ts';

const HERE = /^\.(?:\/\.\.\.)?$/;

const isBuild = ({ verb }: Invocation): boolean => /^(?:build|install)$/.test(verb);

export const GO: LockedRow = {
  // `go get` without a package brings what the module needs, and may change go.mod
  isInstall: (call) =>
    call.manager === 'go' &&
    (call.verb === 'mod tidy' ||
      (call.verb === 'get' && call.operands.every(({ literal }) => HERE.test(literal ?? ''))) ||
      (isBuild(call) && call.command.args.some(({ literal }) => literal === '-mod=mod'))),
  manifest: 'go.mod',
  lock: 'go.sum',
  isDecided: ({ call, folder, files }, project) =>
    isBuild(call)
      ? // a folder `vendor` would be built from instead
        project.kind(files.toContext(`${folder}/vendor`) ?? 'vendor') === 'dir'
      : call.command.has('-u', '-t', '-diff', '-e', '-go', '-compat'),
  isChanging: (command) => {
    const call = invocation(command);
    if (call?.manager !== 'go') return false;
    return (
      /^(?:get|mod tidy|mod vendor)$/.test(call.verb) || (call.verb === 'mod' && command.args[1]?.literal !== 'verify')
    );
  },
  verdict: goSum,
  exact: ({ call: { command, verb } }) => {
    const doubt =
      'That go.mod names everything that its modules need is for `go mod tidy -diff` to say: the build stops where it does not.';
    const mode = command.args.filter(({ literal }) => literal === '-mod=mod');
    if (mode.length > 0) {
      const [edit, ...more] = command.removeWords(mode) ?? [];
      return edit && more.length === 0 ? { edit, title: `go ${verb} leaves go.mod as it is`, doubt } : undefined;
    }
    const first = command.args[0];
    const last = command.args.at(-1);
    if (!first || !last) return undefined;
    return {
      edit: { start: first.start, end: last.end, text: 'mod download' },
      title: `go ${verb} becomes go mod download`,
      doubt,
    };
  },
};
