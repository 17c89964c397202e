/** The engine that the tests run against, and images that they make in it. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Containers, Engine, Made } from '../../src/verify/engine.ts';
import { findEngine } from '../../src/verify/engines/find.ts';
import { succeeded } from '../../src/verify/process.ts';
import { Session } from '../../src/verify/session.ts';
import { folders } from '../spawn.ts';
import { BUILD_OPTIONS, ENGINE } from './sample.ts';

const PULL_LIMIT = 300_000;

export interface Bench {
  readonly engine: Engine;
  readonly containers: Containers;
  /** Owns the images of `build`; closed behind the last test. */
  readonly session: Session;
  /** Builds a Dockerfile's text with files beside it; gives the name of the image. */
  build(about: string, dockerfile: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** A session of its own for one test, and a check that it leaves nothing. */
  open(signal?: AbortSignal): Promise<Session>;
}

/** Opens the engine before the tests of a file; `images`: what they build on, fetched when it is not there. */
export function bench(images: readonly string[]): Bench {
  const folder = folders();
  const state: { engine?: Engine; session?: Session } = {};
  const opened: Session[] = [];
  beforeAll(async () => {
    const engine = await findEngine(ENGINE, undefined);
    if (!engine.containers) throw new Error(`these tests run containers; ${engine.title} only builds`);
    for (const image of images) {
      if (await engine.image(image)) continue;
      const pulled = await engine.call(['pull', image], { timeLimit: PULL_LIMIT });
      if (!succeeded(pulled))
        throw new Error(`these tests need the image ${image}; it is not here and cannot be fetched`);
    }
    state.engine = engine;
    state.session = await Session.open(engine, new AbortController().signal);
  });
  afterAll(async () => {
    for (const session of opened) expect(await state.engine?.made(session.id)).toEqual([]);
    expect(await state.session?.close()).toEqual([]);
  });
  const engine = (): Engine => state.engine as Engine;
  return {
    get engine() {
      return engine();
    },
    get containers() {
      return engine().containers as Containers;
    },
    get session() {
      return state.session as Session;
    },
    async build(about, dockerfile, files = {}) {
      const session = state.session as Session;
      const context = folder({ Dockerfile: dockerfile, ...files });
      const tag = session.name(about);
      const built = await engine().build({
        context,
        dockerfile: join(context, 'Dockerfile'),
        tag,
        session: session.id,
        options: BUILD_OPTIONS,
      });
      if (!built.ok) throw new Error(built.log);
      return tag;
    },
    async open(signal = new AbortController().signal) {
      const session = await Session.open(engine(), signal);
      opened.push(session);
      return session;
    },
  };
}

/** What redock left in an engine: things of processes that have ended. */
export async function leftOvers(engine: Engine): Promise<readonly Made[]> {
  // host_pid_start_random
  const ended = ({ session }: Made): boolean => {
    try {
      process.kill(Number(session.split('_').at(-3)), 0);
      return false;
    } catch {
      return true;
    }
  };
  return (await engine.made()).filter(ended);
}
