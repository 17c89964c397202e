import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Engine, Made } from '../src/verify/engine.ts';
import { isDead, readId, Session } from '../src/verify/session.ts';

/** A folder for temporary files of its own: in the machine's there may be what other runs left. */
const temporary = mkdtempSync(join(tmpdir(), 'redock-test-'));
beforeAll(() => {
  vi.stubEnv('TMPDIR', temporary);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

/** An engine that only knows what was made. */
function storeOf(made: Made[]): Engine {
  const engine: Partial<Engine> = {
    made: async (session) => made.filter((one) => session === undefined || one.session === session),
    remove: async (one) => {
      if (one.id === 'stuck') throw new Error('in use');
      if (one.kind === 'network' && made.some(({ kind }) => kind === 'container')) throw new Error('has endpoints');
      made.splice(made.indexOf(one), 1);
    },
  };
  return engine as Engine;
}

const open = (engine: Engine): Promise<Session> => Session.open(engine, new AbortController().signal);

/** The id of a session whose process has ended: this machine's, with another process. */
async function deadId(): Promise<string> {
  const { id } = await open(storeOf([]));
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const [host, , start, random] = id.split('_');
  return [host, pid, start, random].join('_');
}

describe('sessions', () => {
  test('an id tells who made it', async () => {
    const { id } = await open(storeOf([]));
    expect(readId(id)?.pid).toBe(process.pid);
    expect(readId('somebody')).toBeUndefined();
    expect(await isDead(id)).toBe(false);
  });

  test('another process with the same number is another process; another machine is never judged', async () => {
    const { id } = await open(storeOf([]));
    const [host, pid, start, random] = id.split('_');
    expect(await isDead([host, pid, `${start}1`, random].join('_'))).toBe(true);
    expect(await isDead([`${host}x`, pid, `${start}1`, random].join('_'))).toBe(false);
    expect(await isDead('somebody')).toBe(false);
    expect(await isDead(await deadId())).toBe(true);
  });

  test('closing removes what it made, in an order that works, and nothing else', async () => {
    const made: Made[] = [];
    const session = await open(storeOf(made));
    const other = { kind: 'image', id: 'theirs', session: 'somebody' } as const;
    made.push(
      other,
      { kind: 'image', id: 'i', session: session.id },
      { kind: 'network', id: 'n', session: session.id },
      { kind: 'container', id: 'c', session: session.id },
      { kind: 'volume', id: 'stuck', session: session.id },
    );
    const folder = session.makeFolder('web');
    expect(await session.close()).toEqual(['volume stuck']);
    expect(made.map(({ id }) => id)).toEqual(['theirs', 'stuck']);
    expect(existsSync(folder)).toBe(false);
  });

  test('sweeping removes what dead sessions left', async () => {
    const dead = await deadId();
    const made: Made[] = [{ kind: 'image', id: 'old', session: dead }];
    const session = await open(storeOf(made));
    made.push({ kind: 'image', id: 'own', session: session.id });
    const folder = join(tmpdir(), `redock-verify-${dead}`);
    mkdirSync(join(folder, 'locked'), { recursive: true, mode: 0o500 });
    expect(await session.sweep()).toBe(2);
    expect(made.map(({ id }) => id)).toEqual(['own']);
    expect(existsSync(folder)).toBe(false);
  });

  test('names are fit for an engine', async () => {
    const session = await open(storeOf([]));
    expect(session.name('Services/Web_App')).toMatch(/^redock-verify-[0-9a-f]{8}-services-web-app-1$/);
    expect(session.name('...')).toMatch(/-x-2$/);
  });
});
