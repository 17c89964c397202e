/** The world around a command, in memory: no terminal, nothing on standard input, nobody who stops it. */
import type { Io } from '../src/commands/io.ts';

/** An Io that collects what is said on either stream; `own` replaces what the test is about. */
export function ioFor(cwd: string, own: Partial<Io> = {}): { io: Io; said: { out: string; err: string } } {
  const said = { out: '', err: '' };
  const sink = (to: 'out' | 'err') => ({
    closed: false,
    write: (part: string | Uint8Array) => {
      said[to] += String(part);
    },
  });
  const plain = new Proxy({}, { get: () => (part: string) => part }) as Io['plain'];
  const io: Io = {
    cwd,
    version: '0',
    env: {},
    processors: 1,
    program: undefined,
    now: () => 0,
    out: sink('out'),
    err: sink('err'),
    plain,
    paintErr: plain,
    paintOut: undefined,
    stdin: async () => new Uint8Array(),
    ask: undefined,
    breathe: async () => {},
    stopped: () => false,
    signal: new AbortController().signal,
    terminal: false,
    progress: () => {},
    ...own,
  };
  return { io, said };
}
