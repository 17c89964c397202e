/** Answers of registries on the disk, each with the time at which it was given. Losing it costs requests, nothing else. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './proxy.ts';

/** $XDG_CACHE_HOME/redock/registry, else below ~/.cache (XDG Base Directory: a relative path does not count). */
export function cacheFolder(env: Environment): string {
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(env.HOME || homedir(), '.cache'), 'redock', 'registry');
}

export class Cache {
  private readonly folder: string;
  private readonly now: () => number;
  private readonly maxAge: number;

  /** `maxAge`: milliseconds after which an entry is not looked at any more; 0: entries are written only. */
  constructor(folder: string, options: { readonly now: () => number; readonly maxAge: number }) {
    this.folder = folder;
    this.now = options.now;
    this.maxAge = options.maxAge;
  }

  /** The value of a key while it is young enough; undefined: none, too old, from the future, or not readable. */
  get(key: string): unknown {
    try {
      const entry = JSON.parse(readFileSync(this.path(key), 'utf8')) as {
        key?: unknown;
        at?: unknown;
        value?: unknown;
      };
      const age = this.now() - Number(entry.at);
      return entry.key === key && age >= 0 && age < this.maxAge ? entry.value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a value. A disk that cannot be written is no reason to fail. */
  set(key: string, value: unknown): void {
    const path = this.path(key);
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(draft, JSON.stringify({ key, at: this.now(), value }), { mode: 0o600 });
      renameSync(draft, path);
    } catch {
      discard(draft);
    }
  }

  private path(key: string): string {
    return join(this.folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // nothing was made
  }
}
