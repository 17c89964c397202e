/** Waiting for a container: until its port opens, its health check passes, it has lived for a while, or it has ended. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerFacts, Containers } from './engine.ts';

/** Between two looks, in milliseconds. */
const PAUSE = 100;
/** A proxy in front of a closed port accepts and hangs up at once: a port counts as open when it holds this long. */
const HOLD = 150;
/** How long a port may stay closed once the health check has passed, in milliseconds. */
const AFTER_HEALTHY = 5000;

/** Where a port of a container is reached. */
export interface Door {
  /** Loopback addresses, the first that answers counts. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly containerPort: number;
}

/** The address behind which a door is open; undefined: it is closed. */
export async function openAt(door: Door): Promise<string | undefined> {
  for (const host of door.hosts) if (await holds(host, door.port)) return host;
  return undefined;
}

function holds(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    let limit = setTimeout(() => end(false), 1000);
    const end = (open: boolean): void => {
      clearTimeout(limit);
      socket.destroy();
      done(open);
    };
    socket.on('connect', () => {
      clearTimeout(limit);
      limit = setTimeout(() => end(true), HOLD);
    });
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}

export interface Waiting {
  readonly doors: readonly Door[];
  /** Whether the engine asks a health check. */
  readonly checked: boolean;
  /** Longest wait, in seconds. */
  readonly limit: number;
  /** Without a port and a health check: seconds to live. */
  readonly alive: number;
  readonly signal: AbortSignal;
}

export interface Waited {
  readonly facts: ContainerFacts;
  /** It ended by itself. */
  readonly ended: boolean;
  /** Seconds until the first port was open. */
  readonly opened: number | undefined;
  /** The door that opened first. */
  readonly door: { readonly door: Door; readonly host: string } | undefined;
  /** Seconds until the health check passed. */
  readonly healthy: number | undefined;
  /** Neither port nor health check: it has lived long enough. */
  readonly lived: boolean;
}

/** Waits until a container that has just been started is ready, has ended or the limit is over. @throws when aborted */
export async function waitFor(containers: Containers, id: string, waiting: Waiting): Promise<Waited> {
  const { doors, checked, limit, alive, signal } = waiting;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  let opened: number | undefined;
  let healthy: number | undefined;
  let door: Waited['door'];
  for (;;) {
    signal.throwIfAborted();
    for (const one of door ? [] : doors) {
      const host = await openAt(one);
      if (host === undefined) continue;
      opened = seconds() - HOLD / 1000;
      door = { door: one, host };
      break;
    }
    const facts = await containers.inspect(id);
    const ended = facts.status === 'exited' || facts.status === 'dead';
    if (facts.health === 'healthy') healthy ??= seconds();
    const lived = doors.length === 0 && !checked && seconds() >= alive;
    const result = { facts, ended, opened, door, healthy, lived };
    if (ended || lived) return result;
    const open = doors.length === 0 || door !== undefined;
    if (doors.length > 0 || checked) {
      if (open && (!checked || healthy !== undefined)) return result;
      if (healthy !== undefined && seconds() - healthy > AFTER_HEALTHY / 1000) return result;
    }
    if (seconds() > limit) return result;
    await sleep(PAUSE, undefined, { signal });
  }
}
