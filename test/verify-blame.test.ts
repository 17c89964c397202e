import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../src/edit.ts';
import type { Result } from '../src/rewrite.ts';
import { type Choice, findCulprit } from '../src/verify/blame.ts';
import { Choices } from '../src/verify/choices.ts';

/** A build that fails when all changes of one of the sets are in. */
function buildOf(count: number, bad: readonly (readonly number[])[]) {
  const asked: Choice[] = [];
  const works = async (choice: Choice): Promise<boolean> => {
    asked.push(choice);
    const taken = Array.from({ length: count }, (_, i) => i).filter((i) =>
      choice.kind === 'first' ? i < choice.count : (i === choice.index) === (choice.kind === 'only'),
    );
    return !bad.some((set) => set.every((i) => taken.includes(i)));
  };
  return { asked, works };
}

describe('the change that breaks a build', () => {
  test('any single one is found, in few builds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 200 })
          .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count - 1 }))),
        async ([count, culprit]) => {
          const { asked, works } = buildOf(count, [[culprit]]);
          expect(await findCulprit(count, works)).toEqual({ index: culprit, alone: true, restWorks: true });
          expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)) + 2);
        },
      ),
    );
  });

  test('two that only fail together: the later one, and that it is not alone', async () => {
    expect(await findCulprit(6, buildOf(6, [[1, 4]]).works)).toEqual({ index: 4, alone: false, restWorks: true });
  });

  test('two that each fail: one of them, and that the rest does not work', async () => {
    expect(await findCulprit(6, buildOf(6, [[1], [4]]).works)).toEqual({ index: 1, alone: true, restWorks: false });
  });
});

describe('rewrites with only some changes', () => {
  const change = (title: string): Change => ({
    title,
    why: '',
    evidence: [],
    level: 'safe',
    at: { start: 0, end: 0 },
    edits: [],
  });
  /** Offers four changes, the last one only when the second was taken; tells what was taken. */
  const again = async (accept: (transform: string, change: Change, line: number) => boolean): Promise<Result> => {
    const taken: string[] = [];
    const offer = (transform: string, title: string, line: number): boolean => {
      const yes = accept(transform, change(title), line);
      if (yes) taken.push(`${transform} ${title} ${line}`);
      return yes;
    };
    offer('a', 'x', 1);
    const second = offer('a', 'x', 1);
    offer('b', 'y', 2);
    if (second) offer('c', 'z', 3);
    return { after: taken.join(', ') } as Result;
  };

  test('the first ones, one alone, all but one', async () => {
    const choices = new Choices(again);
    const list = await choices.list();
    const of = async (choice?: Choice) => (await choices.rewrite(list, choice)).after;
    expect(await of()).toBe('a x 1, a x 1, b y 2, c z 3');
    expect(await of({ kind: 'first', count: 0 })).toBe('');
    expect(await of({ kind: 'first', count: 3 })).toBe('a x 1, a x 1, b y 2');
    expect(await of({ kind: 'only', index: 2 })).toBe('b y 2');
    // Equal changes are told apart by their order.
    expect(await of({ kind: 'without', index: 0 })).toBe('a x 1, b y 2, c z 3');
    expect(await of({ kind: 'without', index: 1 })).toBe('a x 1, b y 2');
  });

  test('what is left out stays out', async () => {
    const choices = new Choices(again);
    const list = await choices.list();
    choices.leaveOut(list[2] as (typeof list)[number]);
    const rest = await choices.list();
    expect(rest.map(({ transform }) => transform)).toEqual(['a', 'a', 'c']);
    expect((await choices.rewrite(rest)).after).toBe('a x 1, a x 1, c z 3');
    expect((await choices.rewrite(rest, { kind: 'first', count: 2 })).after).toBe('a x 1, a x 1');
  });
});
