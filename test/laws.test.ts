/** The judges must be able to say no: every law is shown a result that breaks it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildkitAccepts } from '../scripts/buildkit.ts';
import { checkLaws } from '../src/laws.ts';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { type Result, type RewriteInput, rewrite } from '../src/rewrite.ts';
import { Tree } from '../src/tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'redock-laws-'));
writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
const tree = new Tree(folder);
await prepareProjects(tree);
afterAll(() => rmSync(folder, { recursive: true }));

function input(text: string): RewriteInput {
  const settings = { skip: [], level: 'review' as const, options: {} };
  return { path: 'Dockerfile', text, tree, project: openProject(tree, 'Dockerfile', {}), transforms: [], settings };
}

const result = (before: string, after: string, more: Partial<Result> = {}): Result => ({
  ...rewrite(input(before)),
  after,
  ...more,
});
const laws = async (before: string, after: string, more: Partial<Result> = {}) =>
  (await checkLaws(input(before), result(before, after, more), buildkitAccepts)).map(({ law }) => law);

/** A change that says that it touched these lines. */
const touching = (...lines: number[]): Result['changes'] => [
  {
    transform: 'test',
    status: 'applied',
    line: lines[0] ?? 1,
    touches: lines.map((line) => [line, line] as const),
    change: { title: 't', why: 'w', evidence: [], level: 'safe', at: { start: 0, end: 0 }, edits: [] },
  },
];

describe('the law', () => {
  it('is silent when nothing is wrong', async () => {
    expect(await laws('FROM a\nRUN b\n', 'FROM a\nRUN b c\n', { changes: touching(2) })).toEqual([]);
  });

  it.each([
    ['untouched', 'FROM a\nRUN b\n', 'FROM a\nRUN c\n', []],
    ['untouched', 'FROM a\nRUN b\nRUN c\n', 'FROM a\nRUN c\nRUN b\n', []],
    ['untouched', 'FROM a\nRUN b\n', 'FROM a\nRUN c\n', touching(2).map((it) => ({ ...it, status: 'held' as const }))],
    ['parses', 'FROM a\nRUN b\n', 'FROM a\nENV x\n', touching(2)],
    ['parses', 'FROM a\nRUN b\n', 'FROM a\nRUN b \\\n', touching(2)],
    ['contract', 'FROM a\nUSER b\n', 'FROM a\nUSER c\n', touching(2)],
    ['comments', 'FROM a\n# why\nRUN b\n', 'FROM a\nRUN b\n', touching(2)],
    ['comments', 'FROM a\n# why\nRUN b\n# why\nRUN c\n', 'FROM a\n# why\nRUN b\nRUN c\n', touching(4)],
    ['crash', 'nonsense here\n', 'nonsense\n', touching(1)],
    ['format', 'FROM a\nRUN b\n', 'FROM a\nRUN b c\r\n', touching(2)],
    ['format', 'FROM a\r\nRUN b\r\n', 'FROM a\r\nRUN b\n', touching(2)],
    ['format', 'FROM a\nRUN b', 'FROM a\nRUN b\n', touching(2)],
    ['format', '\uFEFFFROM a\n', 'FROM a\n', touching(1)],
    ['references', 'FROM a AS x\nFROM b\nCOPY --from=x /a /b\n', 'FROM b\nCOPY --from=x /a  /b\n', touching(1, 3)],
  ] as const)('%s catches %j -> %j', async (law, before, after, changes) => {
    expect(await laws(before, after, { changes })).toContain(law);
  });

  it('parses asks BuildKit and the second parser, whatever the first one says', async () => {
    const refusing = async (text: string) => !text.includes('b c');
    const refused = result('FROM a\nRUN b\n', 'FROM a\nRUN b c\n', { changes: touching(2) });
    expect((await checkLaws(input('FROM a\nRUN b\n'), refused, refusing)).map(({ law }) => law)).toEqual(['parses']);
    const doubtful = result('FROM a\nRUN b\n', 'FROM a\nRUN echo " <<EOF "\nRUN b\n', { changes: touching(2) });
    const accepting = async () => true;
    expect((await checkLaws(input('FROM a\nRUN b\n'), doubtful, accepting)).map(({ law }) => law)).toContain('parses');
  });

  it('identity asks for the bytes of the input', async () => {
    const found = await checkLaws(input('FROM a\n'), result('FROM a \n', 'FROM a \n'), buildkitAccepts);
    expect(found.map(({ law }) => law)).toEqual(['identity']);
  });

  it('crash counts transforms that failed', async () => {
    expect(await laws('FROM a\n', 'FROM a\n', { faults: [{ transform: 'test', message: 'boom' }] })).toEqual(['crash']);
  });

  it('idempotent and identity run the engine again', async () => {
    const growing = {
      name: 'grow',
      summary: 'adds a command',
      docs: { what: 'w', why: 'w', example: { before: '', after: '' } },
      options: {},
      mayChange: [],
      declines: {},
      *plan({ text }: { text: string }) {
        yield {
          title: 't',
          why: 'w',
          evidence: [],
          level: 'safe' as const,
          at: { start: 0, end: 0 },
          edits: [{ start: text.length, end: text.length, text: 'RUN x\n' }],
        };
      },
    };
    const growingInput = { ...input('FROM a\n'), transforms: [growing] };
    const found = await checkLaws(growingInput, rewrite(growingInput), buildkitAccepts);
    expect(found.map(({ law }) => law)).toEqual(['idempotent']);
  });

  it('idempotent holds for the files beside a Dockerfile that stays as it is', async () => {
    const growing = {
      name: 'grow',
      summary: 'adds a line to a neighbour',
      docs: { what: 'w', why: 'w', example: { before: '', after: '' } },
      options: {},
      mayChange: [],
      declines: {},
      *plan() {
        yield {
          title: 't',
          why: 'w',
          evidence: [],
          level: 'safe' as const,
          at: { start: 0, end: 0 },
          edits: [{ start: 0, end: 0, text: 'x\n', file: 'grown' }],
        };
      },
    };
    tree.plan('grown', '');
    const growingInput = { ...input('FROM a\n'), transforms: [growing] };
    const found = await checkLaws(growingInput, rewrite(growingInput), buildkitAccepts);
    tree.unplan('grown');
    expect(found.map(({ law }) => law)).toEqual(['idempotent']);
  });
});
