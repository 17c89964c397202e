/** Accounts that a script creates, and whether it can only run as root. */
import type { Script } from './script.ts';

export interface Account {
  readonly name: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly home?: string;
}

/** Flags of useradd, adduser (Debian and busybox), groupadd and addgroup that take a value. */
const USER_VALUES = [
  '-u',
  '--uid',
  '-g',
  '--gid',
  '-G',
  '--groups',
  '-d',
  '--home-dir',
  '--home',
  '-h',
  '-s',
  '--shell',
  '-c',
  '--comment',
  '--gecos',
  '-k',
  '--ingroup',
  '-b',
  '--base-dir',
  '-p',
  '--password',
  '-K',
  '-e',
  '-f',
];
const GROUP_VALUES = ['-g', '--gid', '-K', '-p'];

/** `useradd -u 1001 -g app app`, `adduser -D -u 1001 app`, `adduser --uid 1001 --gecos "" app`: in the order of the script. */
export function createdAccounts(script: Script): readonly Account[] {
  const groups = new Map<string, number>();
  const accounts: Account[] = [];
  for (const command of script.commands) {
    const { program } = command;
    if (program === 'groupadd' || program === 'addgroup') {
      const name = command.operands(GROUP_VALUES)[0]?.literal;
      const gid = number(command.value('-g', '--gid'));
      if (name !== undefined && gid !== undefined) groups.set(name, gid);
    } else if (program === 'useradd' || program === 'adduser') {
      const operands = command.operands(USER_VALUES);
      const name = operands[program === 'useradd' ? operands.length - 1 : 0]?.literal;
      if (name === undefined) continue;
      const uid = number(command.value('-u', '--uid'));
      const group = program === 'useradd' ? command.value('-g', '--gid') : command.value('-G', '--ingroup', '--gid');
      const gid = group === undefined ? groups.get(name) : (number(group) ?? groups.get(group));
      const home =
        command.value('-d', '--home-dir', '--home') ?? (program === 'adduser' ? command.value('-h') : undefined);
      accounts.push({
        name,
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
        home: home ?? `/home/${name}`,
      });
    }
  }
  return accounts;
}

/** Whether a command of the script that surely runs needs root: a system package manager that installs, without sudo. */
export function needsRoot(script: Script): boolean {
  return script.commands.some(
    (command) =>
      command.certain &&
      !command.wrappers.includes('sudo') &&
      /^(?:apt|apt-get|apk|dnf|yum|microdnf|zypper)$/.test(command.program ?? '') &&
      command.args.some((word) => /^(?:install|add|update|in|upgrade)$/.test(word.literal ?? '')),
  );
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
