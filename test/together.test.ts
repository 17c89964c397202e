/** All transforms together, on every fixture, at the highest level: the order that they have keeps the laws. */
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildkitAccepts } from '../scripts/buildkit.ts';
import { checkLaws } from '../src/laws.ts';
import { rewrite } from '../src/rewrite.ts';
import { findCases, runCase } from '../src/testing.ts';
import { transforms } from '../transforms/index.ts';

const root = join(import.meta.dirname, '../fixtures');

describe('all transforms together', () => {
  it.each(findCases(root).map((folder) => [relative(root, folder), folder]))('%s', async (_, folder) => {
    await runCase(folder, transforms, async ({ input }) => {
      const together = { ...input, settings: { skip: [], level: 'risky' as const, options: {} } };
      expect(await checkLaws(together, rewrite(together), buildkitAccepts)).toEqual([]);
    });
  });
});
