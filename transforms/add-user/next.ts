/** The folder that a server of Next fills while it runs, whoever starts it. */
import { posix } from 'node:path';
import type { Document, Instruction } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { targetOf } from './copies.ts';

/** `COPY --from=builder /app/.next/standalone ./`: the server, with .next in it. */
const STANDALONE = /(?:^|\/)\.next\/standalone\/?$/;
const STATIC = /(?:^|\/)\.next\/static\/?$/;
const WHOLE = /(?:^|\/)\.next\/?$/;

/**
 * Where COPY puts .next: the cache of pages and images below it is written to by `next start`, by programs that start
 * Next themselves, and by the server of `output: 'standalone'`. Source: vercel/next.js:examples/with-docker/Dockerfile,
 * packages/next/src/server/lib/incremental-cache/file-system-cache.ts, November 2026.
 */
export function* nextFolders(
  document: Document,
  copies: readonly Instruction[],
): Iterable<{ readonly folder: string; readonly fact: Evidence }> {
  const from = (pattern: RegExp) => copies.filter((copy) => brings(copy, pattern));
  const fact = (copy: Instruction): Evidence => ({
    file: document.path,
    line: document.originLine(copy.start),
    says: 'Next keeps pages and images in .next',
  });
  for (const copy of from(WHOLE)) {
    const folder = targetOf(document, copy);
    if (folder?.endsWith('/.next')) yield { folder, fact: fact(copy) };
  }
  for (const copy of from(STANDALONE)) {
    const [assets] = from(STATIC);
    // in a monorepo the server lies deeper: ./apps/web/.next/static
    const beside = assets && targetOf(document, assets)?.replace(/\/static$/, '');
    const target = targetOf(document, copy);
    const folder = beside?.endsWith('/.next') ? beside : target && posix.join(target, '.next');
    if (folder !== undefined && target !== undefined) yield { folder, fact: fact(copy) };
  }
}

/** Whether a COPY brings a folder .next within the server of Next. */
export function bringsNext(document: Document, copy: Instruction, folder: string): boolean {
  const target = targetOf(document, copy);
  return (
    folder.endsWith('/.next') && brings(copy, STANDALONE) && folder.startsWith(target === '/' ? '/' : `${target}/`)
  );
}

const brings = ({ words }: Instruction, pattern: RegExp): boolean =>
  words.slice(0, -1).some(({ value }) => pattern.test(value));
