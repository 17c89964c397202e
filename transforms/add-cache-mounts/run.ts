/** What is asked about one RUN: the calls in it, the variables in force, the account it runs as, the files it finds. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import { once } from '../../src/document/once.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { CACHES, type CacheName, type CacheRow, type ManagerName } from '../../src/knowledge/package-managers.ts';
import type { Project } from '../../src/project/project.ts';
import { remembered } from '../../src/project/remember.ts';
import type { Command } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import { countUpTo, marksOf, withKeyword } from './stages.ts';

export interface Run {
  readonly document: Document;
  readonly project: Project;
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly commands: readonly Command[];
  readonly calls: readonly Invocation[];
  /** The commands that set variables for those behind them: `export A=b`, `A=b`. */
  readonly setters: readonly Command[];
}

/** One package manager in one RUN. */
export interface Use {
  readonly run: Run;
  readonly manager: ManagerName;
  readonly cache: CacheName;
  /** The calls that fill the cache, in order. */
  readonly calls: readonly Invocation[];
}

export const rowOf = (cache: CacheName): CacheRow => CACHES[cache];

export function readRun(document: Document, project: Project, instruction: Instruction, stage: Stage): Run {
  const commands = instruction.script?.commands ?? [];
  const calls = commands.map(invocation).filter((call) => call !== undefined);
  const setters = commands.filter(
    ({ program, nameWord, assignments }) =>
      program === 'export' || program === 'declare' || (nameWord === undefined && assignments.length > 0),
  );
  return { document, project, instruction, stage, commands, calls, setters };
}

export const hasFlag = (call: Invocation, flag: string): boolean =>
  call.flags.some(({ raw }) => raw.startsWith(flag) && (raw.length === flag.length || raw[flag.length] === '='));

/** A variable as one command sees it; undefined: it is not set. */
export interface Variable {
  /** undefined: set to something that is not known. */
  readonly value: string | undefined;
  readonly by: 'command' | 'script' | 'ENV' | 'ARG';
}

/** Reads a variable: set for the command, exported earlier in the script, ENV, ARG. */
export function variable(run: Run, command: Command, name: string): Variable | undefined {
  const own = command.assignments.findLast((assignment) => assignment.name === name);
  if (own) return { value: own.value, by: 'command' };
  for (let at = run.setters.length - 1; at >= 0; at--) {
    const before = run.setters[at] as Command;
    if (before.start >= command.start) continue;
    if (before.program === 'export' || before.program === 'declare') {
      const word = before.args.find(({ raw }) => raw.startsWith(`${name}=`));
      if (word) return { value: word.literal?.slice(name.length + 1), by: 'script' };
    }
    const bare = before.nameWord === undefined && before.assignments.find((it) => it.name === name);
    if (bare) return { value: bare.value, by: 'script' };
  }
  const { env, args } = run.instruction.state;
  if (env.has(name)) return { value: env.get(name), by: 'ENV' };
  return args.has(name) ? { value: args.get(name), by: 'ARG' } : undefined;
}

/** Whose numbers the files of a command have. */
export interface Account {
  readonly root: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

/** The account that a command runs as. @throws Stop where it is not known */
export function accountOf(run: Run, command: Command): Account {
  const { user } = run.instruction.state;
  if (command.wrappers.includes('sudo')) {
    const start = run.document.text.slice(command.start, command.nameWord?.start ?? command.end);
    if (/\s(?:-[A-Za-z]*u|--user)\b/.test(start)) stop('unknown-user', 'sudo runs the command as another account');
    return { root: true };
  }
  if (!user) {
    const why = 'the base image and its USER are not known here, so neither is the home folder that holds the cache';
    return stop('unknown-user', why);
  }
  if (user.uid === 0) return { root: true };
  if (user.uid === undefined || user.uid < 0) {
    return stop(
      'unknown-user',
      `the number of the user ${user.name ?? ''} is not known: a cache mount belongs to root without it`,
    );
  }
  return { root: false, uid: user.uid, ...(user.gid !== undefined && { gid: user.gid }) };
}

/** HOME as a command sees it. @throws Stop where it is not known */
export function homeOf(run: Run, command: Command): string {
  const set = variable(run, command, 'HOME');
  const { user } = run.instruction.state;
  // ENV HOME=/home/app does not reach what sudo starts: sudoers(5), env_reset
  if (command.wrappers.includes('sudo') && user?.uid !== 0)
    stop('unknown-user', 'which home folder sudo leaves in force depends on its settings');
  if (set) return set.value ?? stop('cache-moved', 'HOME is set to something that is not known before the build');
  return user?.home ?? stop('unknown-user', 'the home folder of the user in force is not known');
}

/** The path without registry of the image that a stage begins with, its parents followed. */
export const imagePath = once((stage: Stage): { readonly path: string; readonly tag: string } | undefined => {
  const { image } = lineage(stage).at(-1) as Stage;
  return image && { path: image.path.replace(/^library\//, ''), tag: image.tag ?? 'latest' };
});

/** COPY instructions that are looked at. */
const LIMIT = 20;

const contextCopies = once((document: Document) =>
  marksOf(
    [...withKeyword(document, 'COPY'), ...withKeyword(document, 'ADD')].filter(
      ({ flags }) => !flags.some((flag) => flag.name === 'from'),
    ),
  ),
);

/** What the instructions before a RUN copy from the build context: the outermost parent first, there the last first. */
function copiesBefore({ document, instruction, stage }: Run): readonly Instruction[] {
  const marks = contextCopies(document);
  const found: Instruction[] = [];
  for (const above of [...lineage(stage)].reverse()) {
    const own = marks.get(above) ?? [];
    for (let i = countUpTo(own, instruction.index) - 1; i >= 0 && found.length < LIMIT; i--) {
      found.push(own[i] as Instruction);
    }
  }
  return found;
}

/**
 * The path in the build context of the file `name` that the instructions before a RUN bring in, else of the one at the
 * root of the context; undefined where there is none. `folder` is one below the working directory (`npm --prefix client`).
 */
export function copiedFile(run: Run, name: string, folder?: string): string | undefined {
  const { project } = run;
  const isFile = (path: string): boolean => project.kind(path) === 'file';
  const wanted = folder !== undefined && !folder.startsWith('/') ? [posix.join(folder, name), name] : [name];
  const copies = copiesBefore(run);
  for (const file of wanted) {
    const base = posix.basename(file);
    for (const copy of copies) {
      for (const path of sourcesOf(project, copy, run.document)) {
        const kind = project.kind(path);
        if (kind === 'file' && posix.basename(path) === base) return path;
        const below = path === '.' ? file : posix.join(path, file);
        if (kind === 'dir' && isFile(below)) return below;
      }
    }
  }
  return wanted.find(isFile);
}

/** What a COPY or ADD brings from the build context, as far as that is known. */
const sourcesOf = remembered((project, copy: Instruction, document: Document): readonly string[] =>
  copy.words.slice(0, -1).flatMap(({ value }) => {
    const source = document.expand(value, copy.state);
    return source === undefined || /^\w+:\/\//.test(source) ? [] : project.glob(source);
  }),
);

/** Whether a RUN counts on what an earlier step has fetched: it fetches nothing itself. */
export function isOffline(use: Use): boolean {
  const { offline } = rowOf(use.cache);
  const first = use.calls[0];
  return first !== undefined && offline.some((flag) => hasFlag(first, flag));
}
