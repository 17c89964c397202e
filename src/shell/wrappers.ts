/** Programs that only start another one: which of their words belong to them, and where the program behind them begins. */
import type { ShellWord } from './command.ts';

interface Wrapper {
  /** Single-letter flags without a value, in one string. */
  readonly flags: string;
  /** Single-letter flags that take a value, attached or as the next word. */
  readonly valued: string;
  readonly longFlags: readonly string[];
  readonly longValued: readonly string[];
  /** Whether `NAME=value` words may stand before the program. */
  readonly assignments: boolean;
}

/** Options from the manual pages: sudo(8) 1.9, coreutils 9 (env, nice, nohup, stdbuf), POSIX (command, exec), GNU time 1.9. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries({
    sudo: {
      flags: 'ABbEHiKknPSs',
      valued: 'CDghpRrTtUu',
      longFlags: ['--preserve-env', '--set-home', '--login', '--non-interactive', '--stdin', '--shell', '--background'],
      longValued: [
        '--user',
        '--group',
        '--host',
        '--prompt',
        '--chdir',
        '--chroot',
        '--role',
        '--type',
        '--other-user',
      ],
      assignments: true,
    },
    env: {
      flags: 'iv',
      valued: 'uC',
      longFlags: ['-', '--ignore-environment', '--debug'],
      longValued: ['--unset', '--chdir'],
      assignments: true,
    },
    exec: { flags: 'cl', valued: 'a', longFlags: [], longValued: [], assignments: false },
    time: {
      flags: 'apqv',
      valued: 'fo',
      longFlags: ['--append', '--portability', '--quiet', '--verbose'],
      longValued: ['--format', '--output'],
      assignments: false,
    },
    nice: { flags: '', valued: 'n', longFlags: [], longValued: ['--adjustment'], assignments: false },
    nohup: { flags: '', valued: '', longFlags: [], longValued: [], assignments: false },
    command: { flags: 'p', valued: '', longFlags: [], longValued: [], assignments: false },
    stdbuf: {
      flags: '',
      valued: 'ioe',
      longFlags: [],
      longValued: ['--input', '--output', '--error'],
      assignments: false,
    },
    eatmydata: { flags: '', valued: '', longFlags: [], longValued: [], assignments: false },
  } satisfies Record<string, Wrapper>),
);

/** Last segment of a path: `/usr/bin/env` is `env`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What stands behind the wrappers. */
export interface Unwrapped {
  readonly wrappers: readonly string[];
  /** Index into the words of the one that names the program; -1 where it cannot be told (`sudo --strange x y`). */
  readonly program: number;
  /** Words of the form `NAME=value` that the wrappers take. */
  readonly assignments: readonly ShellWord[];
}

/** How many words an option of the wrapper takes: 1 or 2, 0 for a word that is none, undefined for an option that is not known. */
function optionLength(wrapper: Wrapper, word: string): number | undefined {
  if (!word.startsWith('-')) return 0;
  if (wrapper.longFlags.includes(word)) return 1;
  if (wrapper.longValued.includes(word)) return 2;
  if (word.startsWith('--')) {
    const name = word.slice(0, word.indexOf('='));
    return word.includes('=') && [...wrapper.longFlags, ...wrapper.longValued].includes(name) ? 1 : undefined;
  }
  // nice -10
  if (/^-\d+$/.test(word)) return 1;
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] as string;
    // `-u app` takes the next word, `-uapp` and `-oL` carry their value
    if (wrapper.valued.includes(letter)) return i === word.length - 1 ? 2 : 1;
    if (!wrapper.flags.includes(letter)) return undefined;
  }
  return word === '-' ? undefined : 1;
}

/** Finds the program behind sudo, env, exec, time, nice, nohup, command, stdbuf and eatmydata. A wrapper without a program is one itself. */
export function unwrap(words: readonly ShellWord[]): Unwrapped {
  const wrappers: string[] = [];
  const assignments: ShellWord[] = [];
  let program = 0;
  for (;;) {
    const literal = words[program]?.literal;
    const wrapper = literal === undefined ? undefined : WRAPPERS.get(baseName(literal));
    if (literal === undefined || !wrapper) return { wrappers, program, assignments };
    const taken: ShellWord[] = [];
    let at = program + 1;
    let ended = false;
    let word = words[at];
    for (; word; word = words[at]) {
      if (wrapper.assignments && /^[A-Za-z_]\w*=/.test(word.raw)) {
        taken.push(word);
        at++;
        continue;
      }
      if (ended || !word.raw.startsWith('-')) break;
      if (word.literal === '--') {
        ended = true;
        at++;
        continue;
      }
      // `command -v pip` asks for a path: it starts nothing
      const length = word.literal === undefined ? undefined : optionLength(wrapper, word.literal);
      if (length === undefined) {
        if (baseName(literal) === 'command') return { wrappers, program, assignments };
        return { wrappers: [...wrappers, baseName(literal)], program: -1, assignments };
      }
      at += length;
    }
    if (!word) return { wrappers, program, assignments };
    wrappers.push(baseName(literal));
    assignments.push(...taken);
    program = at;
  }
}
