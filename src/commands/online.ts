/** What `--online` and `redock lock` share: the registries, asked as this machine's Docker is configured. */
import type { RemoteFacts } from '../project/remote.ts';
import { Cache, cacheFolder } from '../registry/cache.ts';
import { DockerConfig } from '../registry/docker-config.ts';
import { type Failure, gather } from '../registry/gather.ts';
import { mirrorsOf } from '../registry/mirrors.ts';
import { Registry } from '../registry/registry.ts';
import type { Io } from './io.ts';

/** How long an answer from the disk counts, in milliseconds. */
const MAX_AGE = 60 * 60 * 1000;
/** What a pin decides may lead to another question, and seldom to a third. */
const ROUNDS = 4;

/** `fresh`: answers from the disk do not count. */
export function openRegistry({ env, now, signal }: Io, fresh: boolean): Registry {
  const config = new DockerConfig(env);
  return new Registry({
    env,
    credentials: (host) => config.of(host),
    mirrors: mirrorsOf(env),
    cache: new Cache(cacheFolder(env), { now, maxAge: fresh ? 0 : MAX_AGE }),
    now,
    signal,
  });
}

/** YYYY-MM-DD */
export const today = ({ now }: Io): string => new Date(now()).toISOString().slice(0, 10);

/** One line for each reason: without a network all fail alike. */
export function failureLines(failures: readonly Failure[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of failures) byReason.set(why, [...(byReason.get(why) ?? []), what]);
  return [...byReason].map(([why, what]) => `${what.join(', ')}: ${why}`);
}

/** Runs the transforms for their questions only, asks, and runs them again until nothing new is asked. @returns what got no answer */
export async function learn(facts: RemoteFacts, io: Io, rehearse: () => Promise<void>): Promise<readonly Failure[]> {
  const registry = openRegistry(io, false);
  const failures: Failure[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await rehearse();
    io.progress('asking registries');
    const failed = await gather(facts, registry, today(io));
    if (failed === undefined) break;
    failures.push(...failed);
  }
  return failures;
}
