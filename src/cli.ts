/** argv -> command -> exit code; of a worker thread: its tasks. The only file that touches process.*; everything else gets an Io. */
import { closeSync, openSync, readSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import picocolors from 'picocolors';
import { type Arguments, readArguments } from './commands/argv.ts';
import { type FileSink, fileSink } from './commands/file-sink.ts';
import { type Io, OutputError, type Sink } from './commands/io.ts';
import { main } from './commands/main.ts';
import { UsageError } from './errors.ts';
import { serve, THREAD } from './threads/worker.ts';
import { v8Flags } from './v8-flags.ts';

/** Put in by the build from package.json. */
declare const REDOCK_VERSION: string;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const PROGRESS_AFTER = 1000;
const PROGRESS_EVERY = 100;

/** A standard stream: a reader that went away ends the output, not the program. */
function streamSink(stream: NodeJS.WriteStream, name: string): Sink & { drained(): Promise<void> } {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code === 'EPIPE' || name === 'stderr') return;
    process.stderr.write(`redock: ${name} cannot be written: ${error.code}\n`);
    process.exitCode = 3;
  });
  return {
    get closed() {
      return closed;
    },
    write(text) {
      if (!closed) stream.write(text);
    },
    async drained() {
      if (closed || !stream.writableNeedDrain) return;
      await new Promise<void>((done) => {
        stream.once('drain', done);
        stream.once('close', done);
        stream.once('error', () => done());
      });
    },
  };
}

/** https://no-color.org and https://force-color.org: an empty variable does not count. */
function wantsColor(choice: Arguments['color'], terminal: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return terminal && TERM !== 'dumb';
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Reads one line from the terminal and waits for it: the engine that asks is synchronous. */
function askTerminal(question: string): string {
  process.stderr.write(question);
  let handle = 0;
  try {
    handle = openSync('/dev/tty', 'r');
  } catch {
    // No such device: stdin is the terminal.
  }
  const line: number[] = [];
  const byte = Buffer.alloc(1);
  try {
    while (readSync(handle, byte, 0, 1, null) === 1 && byte[0] !== 10) line.push(byte[0] as number);
  } finally {
    if (handle !== 0) closeSync(handle);
  }
  // End of input: nobody answers any more.
  return line.length === 0 && byte[0] !== 10
    ? 'q'
    : Buffer.from(line).toString('utf8').trim().toLowerCase().slice(0, 1);
}

function progressLine(): (text: string) => void {
  if (!process.stderr.isTTY) return () => {};
  const start = Date.now();
  let last = 0;
  let visible = false;
  return (text) => {
    const now = Date.now();
    if (text === '') {
      if (visible) process.stderr.write('\r\u001b[K');
      visible = false;
    } else if (now - start > PROGRESS_AFTER && now - last > PROGRESS_EVERY) {
      process.stderr.write(`\r\u001b[K${text.slice(0, Math.max(10, (process.stderr.columns || 80) - 1))}`);
      visible = true;
      last = now;
    }
  };
}

async function cli(): Promise<number> {
  for (const flag of v8Flags(process.versions.v8)) setFlagsFromString(flag);
  const parsed = await readArguments(process.argv.slice(2), REDOCK_VERSION);
  const out = streamSink(process.stdout, 'stdout');
  const err = streamSink(process.stderr, 'stderr');
  if ('text' in parsed) {
    out.write(parsed.text);
    return 0;
  }
  const cwd = realpathSync(process.cwd());
  const file: FileSink | undefined =
    parsed.output === undefined ? undefined : fileSink(resolve(cwd, parsed.output), String(process.pid));
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  const colored = wantsColor(parsed.color, file === undefined && process.stdout.isTTY === true);
  const io: Io = {
    cwd,
    version: REDOCK_VERSION,
    env: process.env,
    processors: availableParallelism(),
    program: new URL(import.meta.url),
    now: Date.now,
    out: file ?? out,
    err,
    paintOut: colored && (file === undefined || parsed.color === 'always') ? picocolors.createColors(true) : undefined,
    plain: picocolors.createColors(false),
    paintErr: picocolors.createColors(wantsColor(parsed.color, process.stderr.isTTY === true)),
    stdin: readStdin,
    // to look at stdin is to open it
    ask:
      parsed.interactive && process.stdin.isTTY
        ? (question) => {
            // Waiting for the answer blocks every handler, and nothing is written yet: a signal may end the program at once.
            for (const signal of SIGNALS) process.removeListener(signal, stop);
            const answer = askTerminal(question);
            for (const signal of SIGNALS) process.on(signal, stop);
            return answer;
          }
        : undefined,
    breathe: async () => {
      await new Promise((done) => setImmediate(done));
      await out.drained();
      await err.drained();
    },
    stopped: () => stopping.signal.aborted,
    signal: stopping.signal,
    terminal: process.stderr.isTTY === true,
    progress: progressLine(),
  };
  let whole = false;
  try {
    const code = await main(parsed, io);
    whole = true;
    return code;
  } finally {
    io.progress('');
    file?.finish(whole);
  }
}

async function run(): Promise<void> {
  try {
    const code = await cli();
    // A stream that failed meanwhile has set its own.
    process.exitCode ??= code;
  } catch (error) {
    const told = error instanceof UsageError || error instanceof OutputError;
    const text = error instanceof Error ? (told ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`redock: ${told ? '' : 'internal error, please report it: '}${text}\n`);
    process.exitCode = error instanceof OutputError ? 3 : 2;
  }
}

// a worker thread runs the same file
if (process.argv[2] === THREAD) serve();
else await run();
