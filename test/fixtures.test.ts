/** Every fixture: the files that come out byte for byte, the changes and declines, and the laws. */
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildkitAccepts } from '../scripts/buildkit.ts';
import { checkLaws } from '../src/laws.ts';
import { findCases, runCase } from '../src/testing.ts';
import { transforms } from '../transforms/index.ts';

const root = join(import.meta.dirname, '../fixtures');
const cases = findCases(root);

describe('fixtures', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases.map((folder) => [relative(root, folder), folder]))('%s', async (_, folder) => {
    await runCase(folder, transforms, async (run) => {
      expect(run.result.error?.code).toBe(run.spec.error);
      expect(Object.fromEntries(run.actual)).toEqual(Object.fromEntries(run.expected));
      expect({ changes: run.changes, declines: run.declines }).toEqual({
        changes: run.spec.changes ?? [],
        declines: run.spec.declines ?? [],
      });
      expect(run.spec.description).toMatch(/\w/);
      expect(await checkLaws(run.input, run.result, buildkitAccepts)).toEqual([]);
    });
  });
});
