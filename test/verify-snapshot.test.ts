import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BuildPlan } from '../src/verify/plan.ts';
import { Snapshot } from '../src/verify/snapshot.ts';
import { folders } from './spawn.ts';

const folder = folders();

it('a touched file has blanks at its end that no build has seen, and is itself again afterwards', async () => {
  const root = folder({ Dockerfile: 'FROM scratch\n', 'a.py': 'x = 1\n' });
  const copy = folder();
  const plan = { dockerfile: 'Dockerfile', context: '' } as BuildPlan;
  const snapshot = await Snapshot.take(root, copy, plan, new Map(), new AbortController().signal);
  const read = (): string => readFileSync(join(copy, 'a.py'), 'utf8');
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) seen.add(await snapshot.touched('a.py', async () => read()));
  expect(seen.size).toBe(20);
  for (const text of seen) expect(text).toMatch(/^x = 1\n\n[ \n]+\n$/);
  expect(read()).toBe('x = 1\n');
  expect(readFileSync(join(root, 'a.py'), 'utf8')).toBe('x = 1\n');
});
