/** uv, pdm and pipenv: the install stops where the lock file is not the manifest's. (Poetry does so by itself.) */
import { pdmLock, pipfileLock, uvLock } from '../../src/project/python-locks.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import type { Install } from './find.ts';
import type { Exact, LockedRow } from './locked.ts';

const flagged = ({ call: { command, verb } }: Install, flag: string): Exact | undefined => {
  const word = command.args.find(({ literal }) => literal === verb);
  return (
    word && {
      edit: command.insertWords(flag, word),
      title: `${command.program} ${verb} becomes ${command.program} ${verb} ${flag}`,
    }
  );
};

const does = (
  command: Parameters<LockedRow['isChanging']>[0],
  manager: Invocation['manager'],
  verbs: RegExp,
): boolean => {
  const call = invocation(command);
  return call?.manager === manager && verbs.test(call.verb);
};

export const UV: LockedRow = {
  isInstall: ({ manager, verb, operands }) => manager === 'uv' && verb === 'sync' && operands.length === 0,
  manifest: 'pyproject.toml',
  lock: 'uv.lock',
  isDecided: ({ call, instruction }) =>
    call.command.has(
      '--locked',
      '--frozen',
      '--upgrade',
      '-U',
      '--upgrade-package',
      '-P',
      '--resolution',
      '--prerelease',
    ) ||
    ['UV_LOCKED', 'UV_FROZEN'].some((name) => instruction.state.env.has(name)) ||
    call.command.assignments.some(({ name }) => name === 'UV_LOCKED' || name === 'UV_FROZEN'),
  isChanging: (command) => does(command, 'uv', /^(?:add|remove|lock|init|version)$/),
  verdict: uvLock,
  exact: (install) => flagged(install, '--locked'),
};

/** `pdm sync` takes the lock file as it is, `pdm install` may write it anew. */
export const PDM: LockedRow = {
  isInstall: ({ manager, verb, operands }) => manager === 'pdm' && verb === 'install' && operands.length === 0,
  manifest: 'pyproject.toml',
  lock: 'pdm.lock',
  isDecided: ({ call, instruction }) =>
    call.command.has('--check', '--frozen-lockfile', '--no-lock', '-L', '--lockfile', '--plugins') ||
    ['PDM_FROZEN_LOCKFILE', 'PDM_NO_LOCK', 'PDM_LOCKFILE'].some((name) => instruction.state.env.has(name)),
  isChanging: (command) => does(command, 'pdm', /^(?:add|remove|update|lock|init|import|config)$/),
  verdict: pdmLock,
  exact: (install) => flagged(install, '--check'),
};

export const PIPENV: LockedRow = {
  isInstall: ({ manager, verb, operands }) => manager === 'pipenv' && verb === 'install' && operands.length === 0,
  manifest: 'Pipfile',
  lock: 'Pipfile.lock',
  isDecided: ({ call, instruction }) =>
    call.command.has('--deploy', '--ignore-pipfile', '--skip-lock', '--pre', '-r', '--requirements') ||
    instruction.state.env.has('PIPENV_PIPFILE'),
  isChanging: (command) =>
    does(command, 'pipenv', /^(?:install|update|upgrade|uninstall|lock)$/) && !command.has('--deploy'),
  verdict: pipfileLock,
  exact: (install) => flagged(install, '--deploy'),
};
