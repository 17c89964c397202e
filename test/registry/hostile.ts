/** What the tests of misbehaving registries share: servers that note who asks, a client without pauses. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterEach, expect } from 'vitest';
import { type ImageRef, parseImageRef } from '../../src/image.ts';
import { RegistryError } from '../../src/registry/error.ts';
import { Registry, type RegistryOptions } from '../../src/registry/registry.ts';
import { type Backend, serve } from './backend.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

/** Stopped after the test. */
export const opened = <T extends { stop(): Promise<void> }>(backend: T): T => {
  open.push(backend);
  return backend;
};

/** `slept`: the pauses that it would have made, in milliseconds. */
export function client(options: Partial<RegistryOptions> = {}): Registry & { readonly slept: number[] } {
  const slept: number[] = [];
  const registry = new Registry({
    env: {},
    now: () => Date.UTC(2026, 10, 21),
    credentials: async () => ({}),
    sleep: async (ms) => void slept.push(ms),
    timeout: 5000,
    ...options,
  });
  return Object.assign(registry, { slept });
}

export const ref = (host: string, name = 'library/node:22-slim'): ImageRef & { tag: string } =>
  parseImageRef(`${host}/${name}`) as ImageRef & { tag: string };

export async function failure(answer: Promise<unknown>): Promise<RegistryError> {
  const error = await answer;
  expect(error).toBeInstanceOf(RegistryError);
  expect((error as RegistryError).message).not.toMatch(/\n|undefined|\[object/);
  return error as RegistryError;
}

/** What a handler saw: path and credentials. */
export interface Seen {
  readonly url: string;
  readonly authorization: string | undefined;
}

export async function watched(handler: RequestListener): Promise<Backend & { readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const backend = await serve((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization });
    handler(request, response);
  });
  return opened({ ...backend, seen });
}

/** Answers with a body, which is JSON unless it is text. */
export const give =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
