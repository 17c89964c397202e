/** Values of legacy ENV lines: whatever stands there, the new form gives the same text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandWord } from '../src/document/expand.ts';
import { Document } from '../src/document.ts';
import type { Project } from '../src/project/project.ts';
import { modernize } from '../transforms/modernize/index.ts';

const nothing = { context: '', glob: () => [], kind: () => undefined, ignored: () => false } as unknown as Project;
const options = Object.fromEntries(Object.keys(modernize.options).map((name) => [name, true])) as never;

function rewritten(text: string): Document | undefined {
  const document = Document.read('Dockerfile', text);
  if (!(document instanceof Document)) return undefined;
  const plans = [...modernize.plan(document, { project: nothing, options })];
  const edits = plans.flatMap((plan) => ('edits' in plan ? plan.edits : []));
  return edits.length > 0 ? document.edit(edits) : undefined;
}

/** What the builder makes of the value of the first ENV or LABEL, with every variable set to a marked text. */
function valueIn(document: Document): string | undefined {
  const pair = document.instructions.find(({ keyword }) => keyword === 'ENV' || keyword === 'LABEL')?.pairs[0];
  return expandWord(pair?.raw ?? '', (name) => `<${name}  'x' "y">`);
}

describe('legacy ENV', () => {
  const piece = fc.constantFrom(
    'a',
    'b=c',
    ' ',
    '  ',
    '\t',
    "'",
    '"',
    '\\',
    '$',
    '$X',
    '${Y:-d e}',
    '#',
    '\\"',
    '\\$',
    "'q r'",
    '"s  t"',
    ' \\\n  ',
    '\u00a0',
  );

  it('keeps the value byte for byte', () => {
    let changed = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('ENV', 'LABEL'),
        (pieces, keyword) => {
          const text = `FROM alpine:3.23\n${keyword} NAME v${pieces.join('')}\n`;
          const before = Document.read('Dockerfile', text);
          const after = rewritten(text);
          if (!after || !(before instanceof Document)) return;
          changed++;
          expect(after.instructions[1]?.pairs).toHaveLength(1);
          expect(after.instructions[1]?.pairs[0]?.legacy).toBe(false);
          expect(valueIn(after)).toBe(valueIn(before));
        },
      ),
      { numRuns: 3000, seed: 7 },
    );
    expect(changed).toBeGreaterThan(500);
  });
});

describe('MAINTAINER', () => {
  it('becomes a label with the same text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), (name) => {
        const after = /^[^\s'"`]$|^[^\s'"`][^\r\n]*[^\s\\`]$/.test(name)
          ? rewritten(`FROM alpine:3.23\nMAINTAINER x${name}\n`)
          : undefined;
        if (after) expect(valueIn(after)).toBe(`x${name}`);
      }),
      { numRuns: 1000, seed: 7 },
    );
    expect(valueIn(rewritten('FROM alpine:3.23\nMAINTAINER a "b" $c \\d\n') as Document)).toBe('a "b" $c \\d');
  });
});
