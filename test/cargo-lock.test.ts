import { expect, it } from 'vitest';
import { satisfies } from '../src/project/cargo-lock.ts';

it.each([
  ['1.2.3', '1', true],
  ['1.2.3', '1.2', true],
  ['1.2.3', '^1.2.4', false],
  ['2.0.0', '1', false],
  ['0.2.9', '0.2.3', true],
  ['0.3.0', '0.2.3', false],
  ['0.0.3', '0.0.3', true],
  ['0.0.4', '0.0.3', false],
  ['0.5.0', '0', true],
  ['1.0.0', '0', false],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.9.0', '~1', true],
  ['1.2.3', '=1.2.3', true],
  ['1.2.4', '=1.2', true],
  ['1.3.0', '=1.2', false],
  ['1.5.0', '1.*', true],
  ['2.5.0', '1.*', false],
  ['7.0.0', '*', true],
  ['1.5.0', '>=1.2, <1.6', true],
  ['1.6.0', '>=1.2, <1.6', false],
  ['1.2.9', '>1.2', false],
  ['1.3.0', '>1.2', true],
  ['1.2.9', '<=1.2', true],
  ['1.0.0+build.1', '1', true],
  ['1.0.0-rc.1', '1.0.0-rc.1', undefined],
  ['1.0.0', 'latest', undefined],
])('%s for %s: %s', (version, requirement, expected) => {
  expect(satisfies(version, requirement)).toBe(expected);
});
