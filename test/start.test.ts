/** What a start must not pay for. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { v8Flags } from '../src/v8-flags.ts';
import { builtBefore, folders, PROGRAM, text } from './spawn.ts';

builtBefore();
const folder = folders();

const RARE = ['assert', 'child_process', 'crypto', 'http', 'https', 'net', 'tls', 'worker_threads'];

/** The parts of Node that a program has loaded at its end. */
function loadedBy(cwd: string, ...program: string[]): string[] {
  const tell = `process.on('exit', () => process.getBuiltinModule('node:fs').writeFileSync('loaded', process.moduleLoadList.join('\\n')))`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, ...program];
  // files, not pipes: Node opens those with node:net
  expect(spawnSync(process.execPath, args, { cwd, stdio: 'ignore' }).status).toBe(0);
  return text(cwd, 'loaded').split('\n');
}

it('loads no part of Node that few runs need', () => {
  const cwd = folder({ Dockerfile: 'FROM scratch\n', 'empty.mjs': '' });
  const before = loadedBy(cwd, 'empty.mjs');
  const more = loadedBy(cwd, PROGRAM, 'diff').filter((name) => !before.includes(name));
  expect(RARE.filter((name) => more.includes(`NativeModule ${name}`))).toEqual([]);
});

it('imports no source late, because its text and that of all it imports would be parsed twice', () => {
  const root = join(import.meta.dirname, '..');
  const late = ['src', 'transforms'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter(
        (path) => path.endsWith('.ts') && /\bawait import\('\.\.?\//.test(readFileSync(join(root, top, path), 'utf8')),
      )
      .map((path) => join(top, path)),
  );
  expect(late).toEqual([]);
});

it('sets no flag that V8 does not know: it would say so at every run', () => {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const flag of v8Flags(process.versions.v8)) expect(stdout).toContain(`${flag.split('=')[0]} (`);
  expect(v8Flags('11.3.244.8-node.33')).toHaveLength(2);
  expect(v8Flags('12.4.254.21-node.21')).toEqual(['--heap-growing-percent=30']);
});
