/**
 * One run of verify and what it makes: things in the engine (by label) and folders for temporary files (by name). Both
 * hold the session's id, which tells whether the process that made them still lives; what a dead one left is removed by the next.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Made, MadeKind } from './engine.ts';
import { run } from './process.ts';

/** Begins the names of our temporary folders; the id follows. */
const FOLDER = 'redock-verify-';
/** What holds others goes first: a network with containers, a volume or image in use cannot be removed. */
const ORDER: readonly MadeKind[] = ['container', 'network', 'volume', 'image'];

/** Who made something: the machine (host name and process namespace), the process and when that began. */
interface Maker {
  readonly host: string;
  readonly pid: number;
  /** Boot id and clock ticks on Linux, seconds elsewhere; '' where it cannot be known. */
  readonly start: string;
}

/** `host_pid_start_random`; none of the parts holds an underscore. */
const ID = /^([^_]+)_(\d+)_([^_]*)_[0-9a-f]+$/;

/** Reads a session's id; undefined: it is none of ours. */
export function readId(id: string): Maker | undefined {
  const match = ID.exec(id);
  return match ? { host: match[1] as string, pid: Number(match[2]), start: match[3] as string } : undefined;
}

/** The name of this machine as processes see it: two containers may share a host name, but not the namespace of their ids. */
function thisHost(): string {
  const name = hostname().replace(/[^A-Za-z0-9.-]/g, '-') || 'localhost';
  try {
    // pid:[4026531836]
    return `${name}-${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'}`;
  } catch {
    return name;
  }
}

/** When a process of this machine began, in a form that only serves for comparison; undefined: there is no such process. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Field 22 of proc(5); the second one, the name in parentheses, may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie has ended, only nobody has asked for its exit code yet.
      return fields[0] === 'Z' ? undefined : `${boot}-${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  if (process.platform === 'win32') return '';
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C', TZ: 'UTC' } });
  return stdout.trim() === '' ? undefined : String(Date.parse(`${stdout.trim()} UTC`) / 1000);
}

/** Whether what a session made is left over: its process was on this machine and is gone. Unknown ids are never dead. */
export async function isDead(id: string): Promise<boolean> {
  const maker = readId(id);
  if (!maker || maker.host !== thisHost()) return false;
  return (await startOf(maker.pid)) !== maker.start;
}

/** Removes a folder, also one that holds folders which nobody may write to (a copy keeps the modes of what it copies). */
function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    openUp(path);
    rmSync(path, { recursive: true, force: true });
  }
}

function openUp(folder: string): void {
  if (!lstatSync(folder).isDirectory()) return;
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openUp(join(folder, entry.name));
  }
}

/** Removes things in the order in which they let go of each other; gives those that the engine would not remove. */
async function removeAll(engine: Engine, made: readonly Made[]): Promise<Made[]> {
  const left: Made[] = [];
  for (const kind of ORDER) {
    for (const one of made.filter((candidate) => candidate.kind === kind)) {
      try {
        await engine.remove(one);
      } catch {
        left.push(one);
      }
    }
  }
  return left;
}

/** One run. Make it with `Session.open`, and close it in `finally`. */
export class Session {
  readonly id: string;
  readonly engine: Engine;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  private readonly folder: string;
  private opened = false;
  private count = 0;

  private constructor(engine: Engine, signal: AbortSignal, id: string) {
    this.engine = engine;
    this.signal = signal;
    this.id = id;
    this.folder = join(tmpdir(), FOLDER + id);
  }

  static async open(engine: Engine, signal: AbortSignal): Promise<Session> {
    const start = (await startOf(process.pid)) ?? '';
    return new Session(engine, signal, [thisHost(), process.pid, start, randomBytes(4).toString('hex')].join('_'));
  }

  /** A name for an image, container, network or volume that nothing else has: `redock-verify-1f2e3d4c-web-3`. */
  name(about: string): string {
    const clean = about
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40);
    return `redock-verify-${this.id.slice(-8)}-${clean || 'x'}-${++this.count}`;
  }

  /** A new empty folder for temporary files that only this user can read. */
  makeFolder(about: string): string {
    if (!this.opened) mkdirSync(this.folder, { mode: 0o700 });
    this.opened = true;
    const path = join(this.folder, `${++this.count}-${about.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 40)}`);
    mkdirSync(path);
    return path;
  }

  /** Removes a folder of `makeFolder` before the end. */
  removeFolder(path: string): void {
    if (path.startsWith(this.folder)) removeTree(path);
  }

  /** Removes everything that this session made; gives what could not be removed, for people. Works after an abort too. */
  async close(): Promise<string[]> {
    if (this.opened) removeTree(this.folder);
    const left = await removeAll(this.engine, await this.engine.made(this.id));
    return left.map(({ kind, id }) => `${kind} ${id}`);
  }

  /** Removes what dead sessions left; gives how many things and folders those were. */
  async sweep(): Promise<number> {
    let removed = 0;
    for (const name of readdirSync(tmpdir())) {
      if (!name.startsWith(FOLDER) || !(await isDead(name.slice(FOLDER.length)))) continue;
      try {
        removeTree(join(tmpdir(), name));
        removed++;
      } catch {
        // Another user's: theirs to remove.
      }
    }
    const dead: Made[] = [];
    for (const made of await this.engine.made()) if (await isDead(made.session)) dead.push(made);
    const left = await removeAll(this.engine, dead);
    return removed + dead.length - left.length;
  }
}
