/** What is in force at each instruction: user, working directory, variables, shell. One pass forward, through stage aliases. */
import type { ImageFacts } from '../knowledge/images.ts';
import { type Account, createdAccounts, needsRoot } from '../shell/accounts.ts';
import { expandWord, UNKNOWN } from './expand.ts';
import type { Instruction, Scope, State, User } from './model.ts';

/** Values by name and the place from which they hold; a view of it at one place is a Scope. */
class History {
  private readonly entries = new Map<string, { from: number; value: string | undefined }[]>();

  set(name: string, from: number, value: string | undefined): void {
    const list = this.entries.get(name);
    if (list) list.push({ from, value });
    else this.entries.set(name, [{ from, value }]);
  }

  /** What was set last before instruction `at`. */
  find(name: string, at: number): { readonly value: string | undefined } | undefined {
    const list = this.entries.get(name);
    if (!list) return undefined;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle] as { from: number }).from < at) low = middle + 1;
      else high = middle;
    }
    return list[low - 1];
  }

  names(): readonly string[] {
    return [...this.entries.keys()];
  }
}

/** Everything set before instruction `at`. */
class View implements Scope {
  private readonly history: History;
  private readonly at: number;

  constructor(history: History, at: number) {
    this.history = history;
    this.at = at;
  }

  get(name: string): string | undefined {
    return this.history.find(name, this.at)?.value;
  }

  has(name: string): boolean {
    return this.history.find(name, this.at) !== undefined;
  }

  names(): readonly string[] {
    return this.history.names().filter((name) => this.has(name));
  }
}

export const EMPTY_SCOPE: Scope = { get: () => undefined, has: () => false, names: () => [] };

/** The state before the first instruction. */
export const INITIAL_STATE: State = {
  user: undefined,
  workdir: undefined,
  env: EMPTY_SCOPE,
  args: EMPTY_SCOPE,
  shell: 'sh',
  errexit: false,
};

/** Instructions behind which another state is in force. */
const SETTING = new Set(['ARG', 'ENV', 'SHELL', 'USER', 'WORKDIR']);

/** What a stage leaves behind for stages that start from it. */
export interface StageEnd {
  readonly state: State;
  readonly accounts: readonly Account[];
}

/** Looks a name up as the builder does at one place: ENV wins over ARG. @throws UNKNOWN */
export function lookupIn(state: State): (name: string) => string {
  return (name) => {
    const scope = state.env.has(name) ? state.env : state.args;
    const value = scope.get(name);
    if (value === undefined) throw UNKNOWN;
    return value;
  };
}

/**
 * Walks the instructions of one stage and tells `assign` the state before each.
 * `globals` are the ARGs before the first FROM, which `ARG NAME` brings into the stage.
 */
export function walkStage(
  instructions: readonly Instruction[],
  start: StageEnd | undefined,
  base: ImageFacts | undefined,
  globals: Scope,
  escape: string,
  assign: (instruction: Instruction, state: State) => void,
): StageEnd {
  const env = new History();
  const args = new History();
  if (start) for (const name of start.state.env.names()) env.set(name, -1, start.state.env.get(name));
  else for (const [name, value] of Object.entries(base?.env ?? {})) env.set(name, -1, value);

  const accounts: Account[] = [...(start?.accounts ?? base?.accounts ?? [])];
  let user: User | undefined = start ? start.state.user : base?.user;
  let workdir: string | undefined = start ? start.state.workdir : base ? base.workdir : undefined;
  let shell: State['shell'] = start ? start.state.shell : (base?.shell ?? 'sh');
  let errexit = start?.state.errexit ?? false;
  if (!user) user = provenRoot(instructions);

  const snapshot = (index: number): State => ({
    user,
    workdir,
    env: new View(env, index),
    args: new View(args, index),
    shell,
    errexit,
  });
  let state = snapshot(instructions[0]?.index ?? 0);
  let isFresh = true;
  for (const instruction of instructions) {
    const at = instruction.index;
    if (!isFresh) state = snapshot(at);
    isFresh = !SETTING.has(instruction.keyword);
    assign(instruction, state);
    const expand = (text: string) => expandWord(text, lookupIn(state), escape);
    switch (instruction.keyword) {
      case 'ENV':
        for (const pair of instruction.pairs) env.set(pair.name, at, expand(pair.raw ?? ''));
        break;
      case 'ARG':
        for (const pair of instruction.pairs) {
          args.set(pair.name, at, pair.raw === undefined ? globals.get(pair.name) : expand(pair.raw));
        }
        break;
      case 'USER':
        user = readUser(expand(instruction.args.text), accounts);
        break;
      case 'WORKDIR':
        workdir = plain(joinPath(workdir, expand(instruction.args.text)));
        break;
      case 'SHELL': {
        const words = instruction.words.map((word) => word.value);
        shell = shellOf(words);
        errexit = words.some((word) => /^-[a-z]*e/.test(word));
        break;
      }
      case 'RUN':
        if (
          /useradd|adduser/.test(instruction.args.file.slice(instruction.start, instruction.end)) &&
          instruction.script
        ) {
          accounts.push(...createdAccounts(instruction.script));
        }
        break;
    }
  }
  return { state: snapshot(Number.MAX_SAFE_INTEGER), accounts };
}

/** A folder whose name a shell or a COPY would read as more than a name (`/app$(x`) counts as not known. */
const plain = (path: string | undefined): string | undefined =>
  path !== undefined && /[\s"'`$;&|<>()*?[\]{}!#]/.test(path) ? undefined : path;

/** An absolute path without `.`, `..`, empty segments and names that begin with a dot. */
const STRAIGHT = /^(?:\/[^/.\\][^/\\]*)+$/;
/** An empty segment, `.` or `..`, or a slash at the end: most paths have none of it. */
const UNTIDY = /\/\.{0,2}(?:\/|$)/;

/** A path below `workdir`; undefined when either is not known. Windows paths stay unknown. */
export function joinPath(workdir: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  if (STRAIGHT.test(path)) return path;
  if (/^[a-zA-Z]:|\\/.test(path)) return undefined;
  if (!path.startsWith('/') && workdir === undefined) return undefined;
  const whole = path.startsWith('/') ? path : `${workdir === '/' ? '' : workdir}/${path}`;
  if (whole.startsWith('/') && !UNTIDY.test(whole)) return whole;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `USER name`, `USER 1000`, `USER name:group`, `USER 1000:1000`. */
function readUser(text: string | undefined, accounts: readonly Account[]): User | undefined {
  if (text === undefined || text === '') return undefined;
  const [who, group] = text.split(':') as [string, string | undefined];
  const numericGroup = group !== undefined && /^\d+$/.test(group) ? Number(group) : undefined;
  if (who === 'root' || who === '0') return { name: 'root', uid: 0, gid: numericGroup ?? 0, home: '/root' };
  const known = [...accounts].reverse().find((a) => (/^\d+$/.test(who) ? a.uid === Number(who) : a.name === who));
  const uid = known?.uid ?? (/^\d+$/.test(who) ? Number(who) : undefined);
  const gid = group === undefined ? known?.gid : numericGroup;
  return {
    ...((known?.name ?? (/^\d+$/.test(who) ? undefined : who)) !== undefined && { name: known?.name ?? who }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    ...(known?.home !== undefined && { home: known.home }),
  };
}

/** Below an unknown base image: a RUN before any USER that only works as root shows who runs. */
function provenRoot(instructions: readonly Instruction[]): User | undefined {
  for (const instruction of instructions) {
    if (instruction.keyword === 'USER') return undefined;
    if (instruction.keyword !== 'RUN') continue;
    if (!/\b(?:apt|apt-get|apk|dnf|yum|microdnf|zypper)\b/.test(instruction.args.text)) continue;
    if (instruction.script && needsRoot(instruction.script)) {
      return { name: 'root', uid: 0, gid: 0, home: '/root', provedAt: instruction.line };
    }
  }
  return undefined;
}

function shellOf(words: readonly string[]): State['shell'] {
  const program = words[0]?.split(/[\\/]/).pop();
  // only options that keep the meaning of a script: -c, -e, -x, -u, -o pipefail
  const plain = words.slice(1).every((word) => /^-[ecxul]+$|^-o$|^-eo$|^-euo$|^-exo$|^-ec$|^pipefail$/.test(word));
  if (!plain) return 'opaque';
  if (program === 'bash') return 'bash';
  return program === 'sh' || program === 'ash' || program === 'dash' ? 'sh' : 'opaque';
}
