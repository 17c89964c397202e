/** Damaged Dockerfiles: whatever stands in a file, all transforms together crash nowhere and keep the laws. */
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildkitAccepts } from '../scripts/buildkit.ts';
import { Document } from '../src/document.ts';
import { checkLaws } from '../src/laws.ts';
import { rewrite } from '../src/rewrite.ts';
import { findCases, runCase } from '../src/testing.ts';
import { transforms } from '../transforms/index.ts';

const root = join(import.meta.dirname, '../fixtures');
/** Every so many-th fixture: enough kinds of files for a test of seconds. */
const EVERY = 37;
const cases = findCases(root).filter((_, i) => i % EVERY === 0);

/** What people and broken tools leave in files. */
const PIECES = [
  ...['\\', ' \\\n', '\\\n\n', '\\\n# c\n', '\\ \n', '\r\n', '\r', '\t', '`', '"', "'", '$(', '${', '$', '[', ']', '{'],
  ...['#', '# c\n', '\n\n', ' && ', ' || ', '; ', '| ', '& ', '<<EOF\n', '<<-"E"\n', 'EOF\n', '\0', '\v', '\u00a0'],
  ...['\u2028', '\ufeff', 'é', '😀', '\ud800', 'FROM a AS b\n', 'FROM scratch\n', 'ONBUILD ', 'RUN ', 'COPY . .\n'],
  ...['ENV A=\\\n', 'ENV a b\n', 'USER x\n', 'SHELL ["bash", "-c"]\n', '# escape=`\n', '--from=0 ', 'cd /x && '],
];

type Mutation = (text: string) => string;
const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const place = (text: string, where: number): number => Math.floor(where * (text.length + 1));
const lines = (change: (lines: string[], where: number) => void, where: number): Mutation => {
  return (text) => {
    const all = text.split('\n');
    change(all, Math.floor(where * all.length));
    return all.join('\n');
  };
};

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.constantFrom(...PIECES)).map(([where, piece]): Mutation => {
    return (text) => text.slice(0, place(text, where)) + piece + text.slice(place(text, where));
  }),
  fc.tuple(at, fc.integer({ min: 1, max: 30 })).map(([where, length]): Mutation => {
    return (text) => text.slice(0, place(text, where)) + text.slice(place(text, where) + length);
  }),
  at.map((where) => lines((all, i) => all.splice(i, 0, all[i] as string), where)),
  at.map((where) => lines((all, i) => all.splice(i, 2), where)),
  fc.tuple(at, fc.constantFrom(' \\', '\\\\', ' \\ ', '`', ' # x', ' \\\r')).map(([where, end]) =>
    lines((all, i) => {
      all[i] += end;
    }, where),
  ),
  fc.constant<Mutation>((text) => text.replaceAll('\n', '\r\n')),
);

describe('damaged Dockerfiles', () => {
  it.each(cases.map((folder) => [relative(root, folder), folder]))('%s', async (_, folder) => {
    await runCase(folder, transforms, async ({ input }) => {
      const settings = { skip: [], level: 'risky' as const, options: {} };
      const property = fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const text = mutations.reduce((before, mutate) => mutate(before), input.text);
        if (!(Document.read(input.path, text) instanceof Document)) return;
        const damaged = { ...input, text, settings };
        expect(await checkLaws(damaged, rewrite(damaged), buildkitAccepts)).toEqual([]);
      });
      await fc.assert(property, { numRuns: 12, seed: 20261121 });
    });
  });
});
