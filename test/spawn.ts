/** Runs the built command in temporary folders. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const PROGRAM = join(root, 'dist', 'redock.mjs');

/** Builds what is older than its sources, before the tests of a file that spawns the command. */
export function builtBefore(): void {
  beforeAll(() => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'ready.mjs')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }, 120_000);
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A temporary folder with files in it, removed at the end. */
export function folders(): (files?: Readonly<Record<string, string | Buffer>>) => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return (files = {}) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'redock-test-')));
    made.push(folder);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  };
}

const ENV = {
  ...process.env,
  NO_COLOR: '',
  FORCE_COLOR: '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

/** Runs any program; `redock` is the built command. */
export function exec(
  cwd: string,
  command: string,
  args: readonly string[],
  input?: string | Buffer,
  env: Record<string, string> = {},
): Ran {
  const own = command === 'redock';
  const run = spawnSync(own ? process.execPath : command, own ? [PROGRAM, ...args] : args, {
    cwd,
    env: { ...ENV, ...env },
    ...(input === undefined ? {} : { input }),
    maxBuffer: 1 << 28,
  });
  return { code: run.status, out: run.stdout.toString('utf8'), err: run.stderr.toString('utf8') };
}

export const redock = (cwd: string, ...args: string[]): Ran => exec(cwd, 'redock', args);

/** Makes the folder a repository with everything committed. */
export function commitAll(folder: string): void {
  for (const args of [
    ['init', '-q'],
    ['config', 'core.autocrlf', 'false'],
    ['add', '-A'],
    ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '--allow-empty', '-m', 'x'],
  ]) {
    const { code, err } = exec(folder, 'git', args);
    if (code !== 0) throw new Error(err);
  }
}

export const text = (...path: string[]): string => readFileSync(join(...path), 'utf8');

/**
 * A transform of the tests: `WORKDIR /a` becomes `/b` (review), `/risky` too (risky), `/` is declined. A comment
 * `# ignore-file` makes it create .dockerignore beside the Dockerfile, `# compose` edit compose.yaml of the root,
 * `# slow` wait, `# fault` throw.
 */
export const MOVE = `
export default {
  name: 'move-workdir',
  summary: 'Moves the working directory',
  docs: { what: 'Moves it.', why: 'Tests need it.', example: { before: 'FROM alpine\\nWORKDIR /a\\n', after: 'FROM alpine\\nWORKDIR /b\\n' } },
  options: { target: { kind: 'string', default: '/b', help: 'where to' } },
  mayChange: ['workdir'],
  declines: { root: 'the working directory is the root' },
  *plan(document, { project, options }) {
    if (document.text.includes('# fault')) throw new Error('does not work');
    if (document.text.includes('# slow')) process.stderr.write('slow\\n');
    if (document.text.includes('# slow')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    for (const instruction of document.instructions) {
      if (instruction.keyword !== 'WORKDIR') continue;
      const at = { start: instruction.start, end: instruction.end };
      const word = instruction.words[0];
      if (word.value === '/') yield { code: 'root', why: 'it is the root here', at };
      if (word.value !== '/a' && word.value !== '/risky') continue;
      const edits = [{ start: word.start, end: word.end, text: options.target }];
      const change = { title: 'move to ' + options.target, why: 'b is better', evidence: [{ file: 'why.md', line: 7, says: 'so' }], level: word.value === '/a' ? 'review' : 'risky', at, edits };
      const beside = project.dockerfile.split('/').slice(0, -1).concat('.dockerignore').join('/');
      if (document.text.includes('# ignore-file') && project.root.read(beside) === undefined) change.creates = [{ file: beside, text: 'node_modules\\n' }];
      const compose = project.root.read('compose.yaml');
      if (document.text.includes('# compose') && compose !== undefined) {
        const end = compose.indexOf('# end');
        edits.push({ file: 'compose.yaml', start: end, end, text: '# ' + project.dockerfile + '\\n' });
      }
      yield change;
    }
  },
};
`;
