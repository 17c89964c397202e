import { describe, expect, test } from 'vitest';
import { betterIn, judge, type Measures, verifyExitCode, worseIn } from '../src/verify/verdict.ts';

const before: Measures = { size: 500_000_000, layers: 9, cold: 60, source: 30, manifest: 40 };

describe('as good or better', () => {
  test('what is smaller or quicker is better', () => {
    expect(judge(before, { ...before, size: 200_000_000 }).status).toBe('better');
    expect(judge(before, { ...before, source: 2 }).status).toBe('better');
    expect(betterIn(before, { ...before, manifest: 10, cold: 59 })).toEqual(['manifest']);
  });

  test('noise is neither', () => {
    const noisy = { size: 501_000_000, layers: 12, cold: 66, source: 31, manifest: 45 };
    expect(judge(before, noisy)).toEqual({ status: 'same', why: 'no difference beyond noise' });
    const quick = { ...before, source: 0.8, manifest: 0.9 };
    expect(judge(quick, { ...quick, source: 0.5, manifest: 0.4 }).status).toBe('same');
    expect(judge(quick, { ...quick, source: 2.5 }).status).toBe('same');
  });

  test('what is plainly larger or slower is worse, whatever got better', () => {
    expect(worseIn(before, { ...before, size: 520_000_000 })).toEqual(['size']);
    expect(worseIn(before, { ...before, source: 45 })).toEqual(['source']);
    expect(worseIn(before, { ...before, cold: 120 })).toEqual(['cold']);
    expect(judge(before, { ...before, size: 600_000_000, source: 1 })).toEqual({
      status: 'worse',
      why: 'the image is 20 % larger',
    });
    expect(judge(before, { ...before, source: 90, cold: 600 }).why).toBe(
      'the rebuild after a source change is 200 % slower, the cold build is 900 % slower',
    );
  });

  test('what was not measured is not judged', () => {
    const unknown = { ...before, source: undefined, manifest: undefined };
    expect(judge(unknown, { ...before, source: 900 }).status).toBe('same');
  });
});

describe('exit codes', () => {
  test.each([
    [0, ['better', 'same'], 0, false],
    [0, [], 0, false],
    [0, ['better', 'not-comparable'], 0, false],
    [3, ['not-comparable'], 0, false],
    [3, ['better', 'failed'], 0, false],
    [3, ['better', 'worse'], 0, false],
    [3, ['better'], 1, false],
    [130, ['failed'], 0, true],
  ] as const)('%i for %j', (code, statuses, others, interrupted) => {
    expect(verifyExitCode(statuses, others, interrupted)).toBe(code);
  });
});
