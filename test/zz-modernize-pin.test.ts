import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLaws } from '../src/laws.ts';
import { findCases, runCase } from '../src/testing.ts';
import { buildkitAccepts } from '../scripts/buildkit.ts';
import { modernize } from '../transforms/modernize/index.ts';
import { pinBase } from '../transforms/pin-base.ts';
const root = join(import.meta.dirname, '../fixtures');
const cases = ['modernize', 'pin-base'].flatMap((n) => { try { return findCases(join(root, n)); } catch { return []; } });
describe('fixtures', () => {
  it.each(cases.map((f) => [relative(root, f), f]))('%s', async (_, folder) => {
    await runCase(folder, [modernize, pinBase], async (run) => {
      expect(run.result.error).toBeUndefined();
      expect(run.result.faults).toEqual([]);
      expect({ files: Object.fromEntries(run.actual), changes: run.changes, declines: run.declines }).toEqual({
        files: Object.fromEntries(run.expected), changes: run.spec.changes ?? [], declines: run.spec.declines ?? [] });
      expect(await checkLaws(run.input, run.result, buildkitAccepts)).toEqual([]);
    });
  });
});
