import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { lastWords, run, succeeded } from '../src/verify/process.ts';

const node = (script: string, options = {}) => run(process.execPath, ['-e', script], options);

describe('running a program', () => {
  test('arguments reach it as they are, output and exit code come back', async () => {
    const { code, stdout, stderr, ended } = await run(process.execPath, [
      '-e',
      'console.log(process.argv[1]); console.error("no"); process.exitCode = 7',
      'a "b" $HOME *',
    ]);
    expect({ code, stdout, stderr, ended }).toEqual({
      code: 7,
      stdout: 'a "b" $HOME *\n',
      stderr: 'no\n',
      ended: 'exit',
    });
  });

  test('standard input and environment', async () => {
    const { stdout } = await node('process.stdin.pipe(process.stdout); process.stdout.write(process.env.X)', {
      stdin: 'typed',
      env: { X: 'given ' },
    });
    expect(stdout).toBe('given typed');
  });

  test('a program that does not read its input is no failure', async () => {
    expect((await node('', { stdin: 'x'.repeat(1 << 20) })).code).toBe(0);
  });

  test('lines are told whole, whatever the chunks', async () => {
    const lines: string[] = [];
    await node(
      `const w = (t) => new Promise((d) => process.stdout.write(t, () => setTimeout(d, 20)));
      (async () => { await w('on'); await w('e\\r'); await w('\\ntwo\\rtwice\\n'); await w('\\u00e9'); await w('!'); })()`,
      { onLine: (line: string) => lines.push(line) },
    );
    expect(lines).toEqual(['one', 'two', 'twice', 'é!']);
  });

  test('a time limit and an abort end it and all that it started', async () => {
    const slow = 'require("child_process").spawnSync("sleep", ["60"])';
    expect((await node(slow, { timeLimit: 200 })).ended).toBe('time-limit');
    const controller = new AbortController();
    const running = node(slow, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    expect((await running).ended).toBe('stopped');
    expect((await node('', { signal: controller.signal })).ended).toBe('stopped');
  });

  test('what was told to stop did not succeed, whatever its exit code (podman ends with 0)', async () => {
    const obedient = 'process.on("SIGTERM", () => process.exit(0)); setTimeout(() => {}, 60_000)';
    const outcome = await node(obedient, { timeLimit: 1000 });
    expect(outcome).toMatchObject({ code: 0, ended: 'time-limit' });
    expect(succeeded(outcome)).toBe(false);
    expect(succeeded(await node(''))).toBe(true);
  });

  test('a program that is not there', async () => {
    const outcome = await run('redock-no-such-program', []);
    expect(outcome.ended).toBe('missing');
    expect(lastWords(outcome)).toBe('there is no such program');
  });

  test('bytes go where they are sent, and its failure is ours', async () => {
    let bytes = 0;
    const count = new Writable({
      write(chunk, _, done) {
        bytes += chunk.length;
        done();
      },
    });
    const big = 'process.stdout.write(Buffer.alloc(3_000_000))';
    expect((await node(big, { into: count })).stdout).toBe('');
    expect(bytes).toBe(3_000_000);
    const broken = new Writable({ write: (_, __, done) => done(new Error('no tar')) });
    await expect(node(big, { into: broken })).rejects.toThrow('no tar');
  });
});
