/** Commands of Debian that create users and groups, as busybox has them. */
import type { Command } from '../../../src/shell/command.ts';

const USER_VALUES = [
  ...['-u', '--uid', '-g', '--gid', '-G', '--groups', '-d', '--home-dir', '--home', '-s', '--shell', '-c', '--comment'],
  ...['--gecos', '--ingroup'],
];
const GROUP_VALUES = ['-g', '--gid'];
const FLAGS: Readonly<Record<string, ReadonlySet<string>>> = {
  groupadd: new Set(['-r', '--system', '-g', '--gid', '-f', '--force']),
  addgroup: new Set(['--system', '--gid', '--quiet', '-q']),
  useradd: new Set([
    ...['-r', '--system', '-m', '--create-home', '-M', '--no-create-home', '-d', '--home-dir', '--home', '-u', '--uid'],
    ...['-g', '--gid', '-s', '--shell', '-c', '--comment', '-l', '--no-log-init', '-U', '--user-group'],
  ]),
  adduser: new Set([
    ...[
      '--system',
      '--group',
      '--ingroup',
      '--disabled-password',
      '--disabled-login',
      '--gecos',
      '--comment',
      '--home',
    ],
    ...['--no-create-home', '--uid', '--gid', '--shell', '--quiet', '-q', '-u', '--allow-bad-names'],
  ]),
};

/** Names of groups by their numbers, as the commands so far created them. */
export type Groups = Map<string, string>;

export const isAccountCommand = ({ program = '' }: Command): boolean =>
  Object.hasOwn(FLAGS, program) || program === 'usermod';

/**
 * `groupadd -r app` becomes `addgroup -S app`, `useradd -r -g app app` becomes `adduser -S -D -H -G app app`.
 * `groups` is read and filled. undefined: a flag has no counterpart.
 */
export function busyboxAccount(command: Command, groups: Groups): string | undefined {
  const { program = '', args } = command;
  if (program === 'usermod') return joinsGroup(command);
  const known = FLAGS[program];
  if (!known || args.some(({ literal }) => literal === undefined)) return undefined;
  // -rm is -r -m
  const flags = args.flatMap(({ literal = '' }) => (literal.startsWith('-') ? [literal.replace(/=.*/s, '')] : []));
  const single = flags.flatMap((flag) =>
    /^-[A-Za-z]{2,}$/.test(flag) ? [...flag.slice(1)].map((letter) => `-${letter}`) : [flag],
  );
  const values = program.includes('group') ? GROUP_VALUES : USER_VALUES;
  if (single.some((flag) => !known.has(flag))) return undefined;
  // -rg app: which letter the value belongs to
  if (
    flags.some((flag) => /^-[A-Za-z]{2,}$/.test(flag) && [...flag.slice(1, -1)].some((it) => values.includes(`-${it}`)))
  )
    return undefined;
  const bundled = flags.find((flag) => /^-[A-Za-z]{2,}$/.test(flag) && values.includes(`-${flag.at(-1)}`));
  if (bundled !== undefined) return undefined;
  const operands = command.operands(values);
  return program.includes('group')
    ? groupOf(command, operands, groups)
    : userOf(command, operands, groups, new Set(single));
}

type Operands = ReturnType<Command['operands']>;

function groupOf(command: Command, operands: Operands, groups: Groups): string | undefined {
  const name = operands[0]?.literal;
  if (name === undefined || operands.length !== 1) return undefined;
  const gid = command.value(...GROUP_VALUES);
  if (gid !== undefined) groups.set(gid, name);
  const words = [
    'addgroup',
    ...(command.has('-r', '--system') ? ['-S'] : []),
    ...(gid === undefined ? [] : ['-g', gid]),
  ];
  return [...words, name].join(' ');
}

function userOf(command: Command, operands: Operands, groups: Groups, flags: ReadonlySet<string>): string | undefined {
  const isUseradd = command.program === 'useradd';
  const name = operands[isUseradd ? operands.length - 1 : 0]?.literal;
  // adduser USER GROUP
  if (!isUseradd && operands.length === 2 && flags.size === 0) return `addgroup ${name} ${operands[1]?.literal}`;
  if (name === undefined || operands.length !== 1) return undefined;
  const isSystem = flags.has('-r') || flags.has('--system');
  const home = command.value('-d', '--home-dir', '--home');
  const hasHome = isUseradd
    ? (flags.has('-m') || flags.has('--create-home')) && !flags.has('-M')
    : !flags.has('--no-create-home');
  const uid = command.value('-u', '--uid');
  const given = isUseradd ? command.value('-g', '--gid') : (command.value('--ingroup') ?? command.value('--gid'));
  const group = given !== undefined && /^\d+$/.test(given) ? groups.get(given) : given;
  if (given !== undefined && group === undefined) return undefined;
  // a system user of busybox has no group of its own, an ordinary one has
  const needsGroup = isSystem && group === undefined && (isUseradd || flags.has('--group'));
  const shell = command.value('-s', '--shell')?.replace('/usr/sbin/nologin', '/sbin/nologin');
  const comment = command.value('-c', '--comment', '--gecos');
  const words = [
    'adduser',
    isSystem ? '-S' : '-D',
    ...(hasHome ? [] : ['-H']),
    ...(home === undefined ? [] : ['-h', home]),
    ...(uid === undefined ? [] : ['-u', uid]),
    ...(group === undefined ? (needsGroup ? ['-G', name] : []) : ['-G', group]),
    ...(shell === undefined ? [] : ['-s', shell]),
    ...(comment === undefined || /^[, ]*$/.test(comment) ? [] : ['-g', `"${comment}"`]),
    name,
  ];
  return `${needsGroup ? `addgroup -S ${name} && ` : ''}${words.join(' ')}`;
}

/** `usermod -aG docker app` is `addgroup app docker`. */
function joinsGroup(command: Command): string | undefined {
  const words = command.args.map(({ literal }) => literal);
  const [flag, group, user] = words;
  const isJoin = words.length === 3 && (flag === '-aG' || flag === '-G');
  return isJoin && group !== undefined && user !== undefined && !group.includes(',')
    ? `addgroup ${user} ${group}`
    : undefined;
}
