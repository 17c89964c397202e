/** Mirrors of Docker Hub, as the engine of this machine is configured. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './proxy.ts';

/**
 * `registry-mirrors` of the first daemon.json that has some: the rootless engine's, then the system's. They are for images
 * of Docker Hub only. Source: docs.docker.com/docker-hub/image-library/mirror, read 2026-11.
 */
export function mirrorsOf(env: Environment): readonly URL[] {
  const own = join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'docker', 'daemon.json');
  for (const path of [own, '/etc/docker/daemon.json']) {
    const mirrors = readMirrors(path);
    if (mirrors.length > 0) return mirrors;
  }
  return [];
}

function readMirrors(path: string): URL[] {
  try {
    const config = JSON.parse(readFileSync(path, 'utf8')) as { 'registry-mirrors'?: unknown } | null;
    const mirrors = config?.['registry-mirrors'];
    return Array.isArray(mirrors) ? mirrors.map(mirrorUrl).filter((url) => url !== undefined) : [];
  } catch {
    return [];
  }
}

/** `https://mirror.example`, `127.0.0.1:5000`; undefined: not the URL of a mirror. */
export function mirrorUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string') return undefined;
  const full = /^https?:\/\//.test(text) ? text : registryUrl(text);
  return URL.canParse(full) ? new URL(full) : undefined;
}

/** Plain HTTP is for loopback, as the engine has it for registries that nobody configured. */
export function registryUrl(host: string): string {
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i.test(host);
  return `${loopback ? 'http' : 'https'}://${host}`;
}
