import { describe, expect, it } from 'vitest';
import { parseScript } from '../src/shell/script.ts';
import { wholeText } from '../src/source.ts';
import { busyboxAccount } from '../transforms/swap-base/alpine/accounts.ts';

/** Every command of a script, translated one after the other. */
function translated(script: string): (string | undefined)[] {
  const groups = new Map<string, string>();
  return parseScript(wholeText(script), { escape: '\\', bash: false }).commands.map((it) => busyboxAccount(it, groups));
}

describe('accounts of Debian for busybox', () => {
  it.each([
    ['groupadd -r app', ['addgroup -S app']],
    ['groupadd --gid 1001 app', ['addgroup -g 1001 app']],
    ['useradd -m app', ['adduser -D app']],
    ['useradd app', ['adduser -D -H app']],
    ['useradd -rm app', ['addgroup -S app && adduser -S -G app app']],
    ['useradd --create-home --shell /bin/bash app', ['adduser -D -s /bin/bash app']],
    ['useradd -u 1001 -d /srv -s /usr/sbin/nologin app', ['adduser -D -H -h /srv -u 1001 -s /sbin/nologin app']],
    [
      'groupadd -g 1001 app && useradd -u 1001 -g 1001 app',
      ['addgroup -g 1001 app', 'adduser -D -H -u 1001 -G app app'],
    ],
    ['adduser --disabled-password --gecos "" app', ['adduser -D app']],
    ['adduser --system --group app', ['addgroup -S app && adduser -S -G app app']],
    ['adduser --system --no-create-home --uid 999 app', ['adduser -S -H -u 999 app']],
    ['addgroup --system app && adduser --system --ingroup app app', ['addgroup -S app', 'adduser -S -G app app']],
    ['adduser app audio', ['addgroup app audio']],
    ['usermod -aG audio app', ['addgroup app audio']],
  ])('%s', (script, expected) => {
    expect(translated(script)).toEqual(expected);
  });

  it.each([
    'useradd -p secret app',
    'useradd -G audio,video app',
    'useradd -g 33 app',
    'useradd "$NAME"',
    'useradd -rg app app',
    'usermod -u 1000 www-data',
    'adduser --system --firstuid 500 app',
  ])('%s has no counterpart', (script) => {
    expect(translated(script)).toEqual([undefined]);
  });
});
