/** Composer: `composer update` installs what composer.lock holds where that was made from this composer.json. */
import { composerLock } from '../../src/project/composer-lock.ts';
import { invocation } from '../../src/shell/invocation.ts';
import type { LockedRow } from './locked.ts';

/** They say how to look for other versions; `composer install` does not know them. */
const UPDATING = [
  ...['--with', '-w', '--with-dependencies', '--with-all-dependencies', '-W', '--lock', '--root-reqs', '--interactive'],
  ...['-i', '--prefer-stable', '--prefer-lowest', '--minimal-changes', '-m', '--patch-only', '--bump-after-update'],
];

export const COMPOSER: LockedRow = {
  isInstall: ({ manager, verb, operands }) =>
    manager === 'composer' && /^(?:update|u|upgrade)$/.test(verb) && operands.length === 0,
  manifest: 'composer.json',
  lock: 'composer.lock',
  isDecided: ({ call, instruction }) => call.command.has(...UPDATING) || instruction.state.env.has('COMPOSER'),
  isChanging: (command) => {
    const call = invocation(command);
    return (
      call?.manager === 'composer' && /^(?:require|remove|update|config|init|bump)$/.test(call.verb.split(' ')[0] ?? '')
    );
  },
  verdict: composerLock,
  exact: ({ call: { command, verb } }) => {
    const word = command.args.find(({ literal }) => literal === verb);
    if (!word) return undefined;
    const edit = { start: word.start, end: word.end, text: 'install' };
    return { edit, title: `composer ${verb} becomes composer install` };
  },
};
