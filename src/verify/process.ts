/**
 * Runs other programs: arguments as an array and never through a shell, with a time limit, an abort signal, lines as
 * they come and standard input. The only importer of node:child_process below src/verify.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';

/** How long a program that was told to stop may take before it is killed, in milliseconds. */
const GRACE = 10_000;
/** Characters that are kept of each stream: its end, where failures are. */
const KEPT = 4 * 1024 * 1024;

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of redock itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads; absent: nothing. */
  readonly stdin?: string | Uint8Array;
  /** Milliseconds; absent: as long as it takes. */
  readonly timeLimit?: number | undefined;
  /** Stops the program: first SIGTERM, after a while SIGKILL. */
  readonly signal?: AbortSignal | undefined;
  /** Each line as soon as it is complete, without its line end; a line that a carriage return overwrote is told too. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Takes standard output as bytes, at the speed of the reader; `stdout` of the outcome is then empty. */
  readonly into?: Writable;
}

export interface Outcome {
  /** The exit code; undefined: it did not start, or a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** How it came to its end. `missing`: there is no such program. */
  readonly ended: 'exit' | 'signal' | 'time-limit' | 'stopped' | 'missing';
  readonly seconds: number;
}

/** Whether a program did what it was asked for. Podman ends with 0 when it is told to stop: then it did not. */
export const succeeded = ({ code, ended }: Pick<Outcome, 'code' | 'ended'>): boolean => code === 0 && ended === 'exit';

/** The last lines that say why a program failed: its standard error, or else its output. */
export function lastWords({ stderr, stdout, ended, code }: Outcome, lines = 1): string {
  if (ended === 'missing') return 'there is no such program';
  if (ended === 'time-limit') return 'it took longer than the time limit';
  const said = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-lines).join('\n').trim();
  return said === '' ? `exit code ${code ?? 'none'}` : said;
}

/** The end of a text that grows, so that the output of a long build does not fill the memory. */
class Tail {
  private text = '';
  add(more: string): void {
    this.text += more;
    if (this.text.length > 2 * KEPT) this.text = this.text.slice(-KEPT);
  }
  get(): string {
    return this.text.length > KEPT ? this.text.slice(-KEPT) : this.text;
  }
}

/** Reads a stream as UTF-8: the tail is kept, whole lines are told. */
function listen(stream: Readable, tail: Tail, told: ((line: string) => void) | undefined): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    tail.add(text);
    if (!told) return;
    const lines = (rest + text).split(/\r\n|\n|\r(?=.)/);
    rest = lines.pop() as string;
    for (const line of lines) told(line.replace(/\r$/, ''));
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on('end', () => {
    take(decoder.end());
    if (rest !== '') told?.(rest);
  });
}

/** Signals the program and everything that it started; it leads a process group of its own (not on Windows). */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * Runs a program to its end. Never rejects for what the program does: a missing program, a failure, a time limit and
 * an abort are outcomes; it rejects only with what `into` failed with. The program has a process group of its own, so that Ctrl-C on the terminal reaches redock
 * alone, which then stops it.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { signal, timeLimit, onLine, into } = options;
  const started = performance.now();
  const stdout = new Tail();
  const stderr = new Tail();
  let ended: Outcome['ended'] = 'exit';
  const outcome = (code: number | undefined): Outcome => ({
    code,
    stdout: stdout.get(),
    stderr: stderr.get(),
    ended,
    seconds: (performance.now() - started) / 1000,
  });
  if (signal?.aborted) {
    ended = 'stopped';
    return outcome(undefined);
  }
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let killer: NodeJS.Timeout | undefined;
  const stop = (why: 'time-limit' | 'stopped'): void => {
    if (ended !== 'exit') return;
    ended = why;
    signalGroup(child, 'SIGTERM');
    killer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE);
  };
  const stopped = (): void => stop('stopped');
  signal?.addEventListener('abort', stopped, { once: true });
  const limit = timeLimit === undefined ? undefined : setTimeout(() => stop('time-limit'), timeLimit);

  // A program that does not read its input closes it early: that is no failure of ours.
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  listen(child.stderr, stderr, onLine && ((line) => onLine(line, 'stderr')));
  let piped: Promise<void> = Promise.resolve();
  let flaw: unknown;
  if (into) {
    piped = pipeline(child.stdout, into).catch((error: unknown) => {
      flaw = error;
      stop('stopped');
    });
  } else listen(child.stdout, stdout, onLine && ((line) => onLine(line, 'stdout')));

  try {
    const code = await new Promise<number | undefined>((done) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        ended = 'missing';
        stderr.add(error.message);
        done(undefined);
      });
      child.on('close', (exit) => {
        if (exit === null && ended === 'exit') ended = 'signal';
        done(exit ?? undefined);
      });
    });
    await piped;
    if (flaw !== undefined && !signal?.aborted) throw flaw;
    return outcome(code);
  } finally {
    clearTimeout(limit);
    clearTimeout(killer);
    signal?.removeEventListener('abort', stopped);
  }
}
