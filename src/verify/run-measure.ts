/** What is measured on a running container. Each answer is undefined where it cannot be known. */
import type { Containers } from './engine.ts';
import { succeeded } from './process.ts';
import type { Session } from './session.ts';

/** Milliseconds for one question. */
const LIMIT = 15_000;

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** `15.35MiB / 23.54GiB`, as `stats` prints memory, in bytes: the part before the slash. */
export function readMemory(text: string): number | undefined {
  const match = /^\s*([\d.]+)\s*([kmg]?i?b)\b/i.exec(text);
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ''];
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : undefined;
}

/** Looks at the memory of a container with a health check: the programs that check come and go, the least is its own. */
const CHECKED_LOOKS = 3;

/** Bytes of memory that a container uses. `checked`: the engine asks a health check in it. */
export async function memoryOf({ engine, signal }: Session, id: string, checked: boolean): Promise<number | undefined> {
  const looks: number[] = [];
  for (let i = 0; i < (checked ? CHECKED_LOOKS : 1); i++) {
    const stats = await engine.call(['stats', '--no-stream', '--format', '{{.MemUsage}}', id], {
      timeLimit: LIMIT,
      signal,
    });
    const memory = readMemory(stats.stdout);
    if (memory !== undefined) looks.push(memory);
  }
  return looks.length === 0 ? undefined : Math.min(...looks);
}

/**
 * The user id of process 1. Its own view where the image has `cat`, else the machine's (`top`), which is another one
 * where user namespaces are remapped.
 */
export async function uidOf(
  containers: Containers,
  { engine, signal }: Session,
  id: string,
): Promise<number | undefined> {
  const status = await containers.exec(id, ['cat', '/proc/1/status'], { timeLimit: LIMIT, signal });
  // Uid: real, effective, saved, file system
  const own = /^Uid:\s+\d+\s+(\d+)/m.exec(status.stdout)?.[1];
  if (succeeded(status) && own !== undefined) return Number(own);
  if (engine.name === 'podman') {
    // Its `top` knows names only, for those that the image gives a name.
    const top = await engine.call(['top', id, 'pid', 'user'], { timeLimit: LIMIT, signal });
    const user = /^1\s+(\S+)\s*$/m.exec(top.stdout)?.[1] ?? '';
    return user === 'root' ? 0 : /^\d+$/.test(user) ? Number(user) : undefined;
  }
  const { pid } = await containers.inspect(id);
  const top = await engine.call(['top', id, '-eo', 'pid,uid'], { timeLimit: LIMIT, signal });
  const seen = new RegExp(`^\\s*${pid}\\s+(\\d+)\\s*$`, 'm').exec(top.stdout)?.[1];
  return seen === undefined ? undefined : Number(seen);
}

/** A socket that waits for connections. */
export interface Listening {
  readonly port: number;
  /** It takes connections from inside of the container only. */
  readonly inside: boolean;
}

/** Reads /proc/net/tcp and tcp6: `sl local_address rem_address st`, state 0A listens. */
export function readListening(text: string): Listening[] {
  const found = new Map<number, boolean>();
  for (const [, address, port] of text.matchAll(/^\s*\d+:\s+([0-9A-F]{8,32}):([0-9A-F]{4})\s+[0-9A-F:]+\s+0A\s/gm)) {
    // 127.0.0.1 and ::1, 32-bit words with the low byte first
    const inside = /^(?:.{6}7F|0{24}01000000)$/.test(address as string);
    const number = Number.parseInt(port as string, 16);
    found.set(number, inside && (found.get(number) ?? true));
  }
  return [...found].map(([port, inside]) => ({ port, inside }));
}

/** What a container with a network of its own listens on. */
export async function listeningOf(containers: Containers, { signal }: Session, id: string): Promise<Listening[]> {
  const table = await containers.exec(id, ['cat', '/proc/net/tcp', '/proc/net/tcp6'], { timeLimit: LIMIT, signal });
  // Docker's own name server (127.0.0.11) is no service of the image's.
  return readListening(table.stdout.replace(/^.*\b0B00007F:.*$/gm, ''));
}
