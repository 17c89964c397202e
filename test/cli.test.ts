import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../src/commands/apply.ts';
import { loadTransforms } from '../src/commands/use.ts';
import { ioFor } from './io.ts';
import { builtBefore, commitAll, exec, folders, MOVE, PROGRAM, redock, text } from './spawn.ts';

builtBefore();
const folder = folders();

const OLD = 'FROM alpine:3.20\nWORKDIR /a\n';
const NEW = 'FROM alpine:3.20\nWORKDIR /b\n';
const patchOf = (name: string): string =>
  `--- a/${name}\n+++ b/${name}\n@@ -1,2 +1,2 @@\n FROM alpine:3.20\n-WORKDIR /a\n+WORKDIR /b\n`;

/** The transform of the tests, alone. */
let use: string[];
beforeEach(() => {
  use ??= ['--use', join(folder({ 'move.mjs': MOVE }), 'move.mjs'), '--only', 'move-workdir'];
});

describe('the command line', () => {
  it('shows help and version', () => {
    const { code, out, err } = redock('/', '--help');
    expect([code, err]).toEqual([0, '']);
    for (const word of ['diff', 'apply', 'list', 'explain', '--level', '--changed', 'Exit codes'])
      expect(out).toContain(word);
    expect(redock('/', 'apply', '-h').out).toContain('--allow-dirty');
    // the bundle measures its lines by their characters
    for (const command of ['diff', 'verify', 'lock'])
      expect(redock('/', command, '-h').out).toMatch(/^[\n\x20-\x7e]+$/);
    expect(redock('/', '--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['--chek'], 'unknown option or argument chek; did you mean --check?'],
    [['apply', '--check'], 'unknown option or argument check'],
    [['aply'], 'no such file or folder: aply; did you mean "apply"?'],
    [['nowhere/Dockerfile'], 'no such file or folder: nowhere/Dockerfile'],
    [['--level', 'riski'], '--level riski: did you mean risky?'],
    [['--level', 'safe', '--level', 'risky'], '--level is given more than once'],
    [['--only'], '--only needs a value'],
    [['--only', 'move-workdirs'], 'did you mean "move-workdir"?'],
    [['--set', 'move-workdir.taget=/x'], 'did you mean "target"?'],
    [['--config', 'none.yaml'], 'none.yaml'],
    [['--config', 'a', '--no-config'], 'exclude each other'],
    [['--context', 'nowhere'], '--context nowhere: no such folder'],
    [['--changed'], 'git cannot compare with HEAD'],
    [['explain'], 'explain needs the name of a transform'],
    [['apply', '-i'], 'stdin is not a terminal'],
    [['-', 'Dockerfile'], '- stands alone'],
    [['empty'], 'no Dockerfile found in empty'],
    [['-o', 'nowhere/x'], '-o'],
  ])('%j: one clear line and exit code 2', (args, message) => {
    const root = folder({ Dockerfile: OLD, 'empty/x': '' });
    const own = args[0] === 'explain' ? use.slice(0, 2) : args.includes('--only') ? use.slice(0, 2) : use;
    const { code, out, err } = redock(root, ...args, ...own);
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect([code, out]).toEqual([2, '']);
    expect(text(root, 'Dockerfile')).toBe(OLD);
    expect(readdirSync(root).sort()).toEqual(['Dockerfile', 'empty']);
  });

  it.each([
    ['cannot be loaded: Error: broken', 'throw new Error("broken")'],
    ['has no default export that is a transform', 'export default 3'],
    ['kebab-case', 'export default { name: "No Kebab" }'],
    ['may change `wordkir`', MOVE.replace("['workdir']", "['wordkir']")],
    ['needs a `plan` function', MOVE.replace('*plan(', '*plans(')],
  ])('--use is refused: %s', (message, module) => {
    const root = folder({ 'mine.mjs': module });
    const { code, err } = redock(root, 'list', '--use', './mine.mjs');
    expect(err).toContain(`--use ./mine.mjs: `);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(redock(root, 'list', '--use', './gone.mjs').err).toContain('no such module');
  });

  it('lists and explains', () => {
    const listed = redock('/', 'list', ...use.slice(0, 2));
    expect(listed.out).toContain('move-workdir');
    expect(listed.out).toContain('--set move-workdir.target=/b  where to');
    const explained = redock('/', 'explain', 'move-workdir', ...use.slice(0, 2));
    expect(explained.code).toBe(0);
    for (const part of [
      '-WORKDIR /a\n+WORKDIR /b\n',
      'root: the working directory is the root',
      'default: /b',
      'workdir',
    ]) {
      expect(explained.out).toContain(part);
    }
    const unknown = redock('/', 'explain', 'move-workdri', ...use.slice(0, 2));
    expect([unknown.code, unknown.err]).toEqual([
      2,
      'redock: unknown transform "move-workdri"; did you mean "move-workdir"?\n',
    ]);
  });

  it('colours on demand only', () => {
    const root = folder({ Dockerfile: OLD });
    const colored = (args: string[], env: Record<string, string>): boolean =>
      exec(root, 'redock', [...args, ...use], undefined, env).out.includes('\u001b[');
    expect(colored([], {})).toBe(false);
    expect(colored([], { FORCE_COLOR: '1' })).toBe(true);
    expect(colored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(colored(['--color=always'], { NO_COLOR: '1' })).toBe(true);
    expect(colored(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
  });
});

describe('diff', () => {
  it('is the default, writes the patch on stdout, the reasons on stderr, and nothing else', () => {
    const root = folder({ Dockerfile: OLD, 'api/Dockerfile': `${OLD}WORKDIR /\nWORKDIR /risky\n` });
    const { code, out, err } = redock(root, ...use, '-v');
    expect(code).toBe(0);
    expect(out.startsWith(patchOf('Dockerfile'))).toBe(true);
    for (const part of [
      'line 2',
      'move to /b',
      'b is better',
      'why.md:7: so',
      '[review]',
      '[risky] held',
      'declines (root): it is the root here',
    ]) {
      expect(err).toContain(part);
    }
    expect(err).toContain(
      '2 files: 2 would change, 0 unchanged, 0 failed; changes: move-workdir 2; 1 more change at --level risky.',
    );
    expect(text(root, 'Dockerfile')).toBe(OLD);
    expect(redock(root, 'diff', ...use, '-q').err).toBe('');
    expect(redock(root, ...use, '--level', 'risky', '--set', 'move-workdir.target=/c', 'api').out).toContain(
      '+WORKDIR /c\n WORKDIR /\n-WORKDIR /risky\n+WORKDIR /c\n',
    );
    expect(redock(root, ...use, '--level=safe').out).toBe('');
  });

  it('--check fails only when something would change', () => {
    const root = folder({ 'a/Dockerfile': OLD, 'b/Dockerfile': NEW });
    expect(redock(root, 'diff', '--check', ...use).code).toBe(1);
    expect(redock(root, 'diff', '--check', 'b', ...use).code).toBe(0);
    expect(redock(root, '--check', '--exclude', 'a', ...use).code).toBe(0);
  });

  it.each(['git apply', 'patch -p1 --binary'])(
    '%s of the patch gives what apply writes, also in a sub-folder',
    (command) => {
      const files = {
        'sub/Dockerfile': OLD,
        'sub/with space/Dockerfile': `${OLD}# ignore-file\n`,
        'sub/crlf/Dockerfile': OLD.replaceAll('\n', '\r\n'),
        'sub/open/Dockerfile': OLD.trimEnd(),
        'sub/bom/Dockerfile': `\ufeff${OLD}`,
        'sub/ünï"/Dockerfile': OLD,
      };
      const state = (root: string): string[] =>
        exec(root, 'git', ['ls-files', '-z', '--cached', '--others'])
          .out.split('\0')
          .filter(Boolean)
          .sort()
          .map((path) => `${path}: ${text(root, path)}`);
      const applied = folder(files);
      commitAll(applied);
      expect(redock(applied, 'apply', ...use).code).toBe(0);
      expect(state(applied)).toHaveLength(7);
      for (const from of ['', 'sub']) {
        const root = folder(files);
        commitAll(root);
        const { out } = redock(join(root, from), ...use);
        const [program, ...args] = command.split(' ') as [string, ...string[]];
        expect(exec(join(root, from), program, args, out).code).toBe(0);
        expect(state(root)).toEqual(state(applied));
        expect(redock(root, ...use).out).toBe('');
      }
    },
  );

  it('puts files beside the Dockerfiles last, each once, and names those that a sub-folder cannot reach', () => {
    const root = folder({
      'a/Dockerfile': `${OLD}# compose\n`,
      'b/Dockerfile': `${OLD}# compose\n`,
      'compose.yaml': '# start\n# end\n',
    });
    mkdirSync(join(root, '.git'));
    const { out } = redock(root, ...use);
    expect(
      out.endsWith(
        '--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,2 +1,4 @@\n # start\n+# a/Dockerfile\n+# b/Dockerfile\n # end\n',
      ),
    ).toBe(true);
    const below = redock(join(root, 'a'), ...use, '-q');
    expect(below.out).not.toContain('compose.yaml');
    expect(below.err).toBe(`error: ../compose.yaml lies above this folder and is not in the patch: run from ${root}\n`);
  });

  it('shows other folders relative to their own root', () => {
    const root = folder({ 'x/Dockerfile': OLD });
    const { out, err } = redock(folder(), ...use, root);
    expect(out).toBe(patchOf('x/Dockerfile'));
    expect(err).toContain(`the patch is relative to ${root}`);
  });

  it('writes JSON, text and files', () => {
    const root = folder({
      Dockerfile: `${OLD}WORKDIR /\n`,
      'a/Dockerfile': NEW,
      'b/Dockerfile': 'NO x\n',
      'c/Dockerfile': 'FROM {{ x }}\n',
      'n/Dockerfile': `${OLD}# ignore-file\n`,
    });
    const report = JSON.parse(redock(root, '--format', 'json', ...use).out);
    expect(report.schema).toBe(1);
    expect(report.files.map(({ path, status }: { path: string; status: string }) => `${path} ${status}`)).toEqual([
      'Dockerfile changed',
      'a/Dockerfile unchanged',
      'b/Dockerfile failed',
      'c/Dockerfile left-alone',
      'n/Dockerfile changed',
    ]);
    expect(report.files[0].changes[0]).toMatchObject({
      transform: 'move-workdir',
      status: 'applied',
      level: 'review',
      line: 2,
      why: 'b is better',
    });
    expect(report.files[0].declines[0]).toMatchObject({ transform: 'move-workdir', code: 'root', line: 3 });
    expect(report.files[0].patch).toContain('+WORKDIR /b');
    expect(report.files[2].error.line).toBe(1);
    expect(report.neighbours).toEqual([
      { path: 'n/.dockerignore', status: 'created', patch: expect.stringContaining('/dev/null') },
    ]);
    expect(report.summary).toMatchObject({
      files: 5,
      changed: 2,
      unchanged: 1,
      failed: 1,
      leftAlone: 1,
      applied: { 'move-workdir': 2 },
    });
    const explained = redock(root, '--format=text', ...use, 'a', 'n');
    expect(explained.out).toContain('move to /b');
    expect(explained.err).toBe('');
    const filed = redock(root, ...use, 'n', '-o', 'out.patch', '-q');
    expect([filed.code, filed.out, filed.err]).toEqual([0, '', '']);
    expect(text(root, 'out.patch')).toContain('+WORKDIR /b');
    expect(readdirSync(root).sort()).toEqual(['Dockerfile', 'a', 'b', 'c', 'n', 'out.patch']);
  });

  it('--changed keeps what differs from a commit', () => {
    const root = folder({ 'a/Dockerfile': OLD, 'b/Dockerfile': OLD });
    commitAll(root);
    expect(redock(root, '--changed', ...use).out).toBe('');
    writeFileSync(join(root, 'b/Dockerfile'), `${OLD}# x\n`);
    writeFileSync(join(root, 'Dockerfile'), OLD);
    const { out } = redock(root, '--changed=HEAD', ...use, '-q');
    expect(out.match(/^--- .*$/gm)).toEqual(['--- a/Dockerfile', '--- a/b/Dockerfile']);
  });

  it('ends quietly when nobody reads on', () => {
    const root = folder(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`d${index}/Dockerfile`, OLD])));
    const run = exec(root, 'bash', [
      '-c',
      `"${process.execPath}" "${PROGRAM}" -q --use "${use[1]}" --only move-workdir | head -1`,
    ]);
    expect(run.err).toBe('');
    expect(run.out).toBe('--- a/d0/Dockerfile\n');
  });

  it.runIf(existsSync('/dev/full'))('says so when the report cannot be written', () => {
    const root = folder({ Dockerfile: OLD });
    const run = exec(root, 'bash', ['-c', `"${process.execPath}" "${PROGRAM}" -q --use "${use[1]}" > /dev/full`]);
    expect([run.code, run.err]).toEqual([3, 'redock: stdout cannot be written: ENOSPC\n']);
  });
});

describe('apply', () => {
  it('refuses files that git could not bring back, and writes none of the others', () => {
    const root = folder({ 'a/Dockerfile': OLD, 'b/Dockerfile': OLD, 'c/Dockerfile': NEW });
    commitAll(root);
    writeFileSync(join(root, 'b/Dockerfile'), `${OLD}# mine\n`);
    writeFileSync(join(root, 'c/Dockerfile'), `${NEW}# not concerned\n`);
    writeFileSync(join(root, 'Dockerfile'), OLD);
    const { code, err } = redock(root, 'apply', ...use);
    expect(code).toBe(2);
    expect(err).toContain('--allow-dirty\n  Dockerfile: untracked\n  b/Dockerfile: uncommitted changes\n');
    expect(text(root, 'a/Dockerfile')).toBe(OLD);
    expect(redock(root, 'apply', '--allow-dirty', ...use).code).toBe(0);
    expect(text(root, 'b/Dockerfile')).toBe(`${NEW}# mine\n`);
    expect(text(root, 'Dockerfile')).toBe(NEW);
  });

  it('writes, keeps modes and links, and has nothing to do the second time', () => {
    const root = folder({ 'common/Dockerfile': OLD, 'x/Dockerfile': `${OLD}# ignore-file\n` });
    chmodSync(join(root, 'common/Dockerfile'), 0o755);
    symlinkSync('common/Dockerfile', join(root, 'Dockerfile'));
    const { code, out, err } = redock(root, 'apply', ...use);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('2 files: 2 changed, 0 unchanged, 0 failed; 1 more file changed with them');
    expect(text(root, 'common/Dockerfile')).toBe(NEW);
    expect(lstatSync(join(root, 'Dockerfile')).isSymbolicLink()).toBe(true);
    expect(statSync(join(root, 'common/Dockerfile')).mode & 0o777).toBe(0o755);
    expect(text(root, 'x/.dockerignore')).toBe('node_modules\n');
    expect(readdirSync(join(root, 'x')).sort()).toEqual(['.dockerignore', 'Dockerfile']);
    expect(redock(root, ...use).out).toBe('');
    expect(redock(root, 'apply', ...use).err).toContain('0 changed, 2 unchanged');
  });

  it('reports what it wrote', () => {
    const root = folder({ Dockerfile: OLD });
    expect(redock(root, 'apply', '--format', 'patch', '-q', ...use).out).toBe(patchOf('Dockerfile'));
    expect(text(root, 'Dockerfile')).toBe(NEW);
  });

  it('ends on a signal with nothing written while it still computes', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`d${index}/Dockerfile`, `${OLD}# slow\n`]),
    );
    const root = folder(files);
    const child = spawn(process.execPath, [PROGRAM, 'apply', ...use], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const end = new Promise<number | null>((done) => child.on('exit', done));
    let said = '';
    child.stderr.on('data', (data) => {
      if (said === '') child.kill('SIGINT');
      said += data;
    });
    expect(await end).toBe(130);
    expect(said).toContain('interrupted before anything was written');
    for (const path of Object.keys(files)) expect(text(root, path)).toBe(files[path]);
  }, 30_000);

  it('stops between two files while it writes', async () => {
    const root = folder({ 'a/Dockerfile': OLD, 'b/Dockerfile': OLD, 'c/Dockerfile': OLD });
    const transforms = await loadTransforms([use[1] as string], root);
    let asked = 0;
    // Asked once for each file while computing, and again before each is written.
    const { io, said } = ioFor(root, { stopped: () => ++asked > 5 });
    const request = {
      paths: [],
      transforms,
      flags: { only: ['move-workdir'] },
      exclude: [],
      changed: undefined,
      context: undefined,
      configFile: undefined,
      noConfig: false,
      online: false,
      foreign: false,
      jobs: undefined,
      commands: [],
    };
    const options = { format: undefined, allowDirty: true, interactive: false, quiet: false, verbose: false };
    expect(await apply(request, options, io)).toBe(130);
    expect(['a', 'b', 'c'].map((name) => text(root, name, 'Dockerfile'))).toEqual([NEW, NEW, OLD]);
    expect(said.out + said.err).toContain(
      '2 files: 2 changed, 0 unchanged, 0 failed; changes: move-workdir 2. Interrupted: the rest was left alone.',
    );

    asked = -100;
    const answers = ['y', '?', 'n', 'q'];
    const asking = { ...io, ask: () => answers.shift() ?? 'a' };
    writeFileSync(join(root, 'a/Dockerfile'), OLD);
    writeFileSync(join(root, 'b/Dockerfile'), OLD);
    expect(await apply(request, { ...options, interactive: true }, asking)).toBe(0);
    expect(['a', 'b', 'c'].map((name) => text(root, name, 'Dockerfile'))).toEqual([NEW, OLD, OLD]);
    expect(answers).toEqual([]);
    // what is asked about is shown
    expect(said.out + said.err).toMatch(/\n@@ -1,\d \+1,\d @@\n(?: .*\n)*[-+]/);
  });
});

describe('stdin', () => {
  const filter = (root: string, args: string[], input: string | Buffer) =>
    exec(root, 'redock', [...args, ...use], input);

  it.each([[['-']], [['diff', '-']], [['apply', '-']]])('%j writes the result on stdout', (args) => {
    const root = folder({ Dockerfile: 'untouched' });
    const { code, out, err } = filter(root, args, `\ufeff${OLD.replaceAll('\n', '\r\n')}RUN x`);
    expect([code, out]).toEqual([0, `\ufeff${NEW.replaceAll('\n', '\r\n')}RUN x`]);
    expect(err).toContain('move to /b');
    expect(text(root, 'Dockerfile')).toBe('untouched');
  });

  it('copies what it cannot rewrite', () => {
    for (const input of [Buffer.from('hello x\n'), Buffer.from([0x46, 0xff, 0x00]), Buffer.from('')]) {
      const root = folder();
      const { code, err } = filter(root, ['-', '-q'], input);
      expect(code).toBe(3);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
      const copy = join(root, 'copy');
      exec(root, 'bash', ['-c', `"${process.execPath}" "${PROGRAM}" - -q > copy`], input);
      expect(text(copy)).toBe(input.toString('utf8'));
    }
  });

  it('takes the context from --context, leaves other files alone, and knows --check', () => {
    const root = folder({ 'app/x': '' });
    const { out, err } = filter(root, ['-', '--context', 'app'], `${OLD}# ignore-file\n`);
    expect(out).toBe(`${OLD}# ignore-file\n`);
    expect(err).toContain('1 more change(s) would change other files');
    expect(filter(root, ['-', '--check'], OLD).code).toBe(1);
    expect(readdirSync(join(root, 'app'))).toEqual(['x']);
  });
});

describe('bad input', () => {
  it('gets one clear line per file, and every other file is done', () => {
    const root = folder({
      'binary/Dockerfile': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]),
      'latin1/Dockerfile': Buffer.from('FROM alpine\nLABEL a="\xe4"\n', 'latin1'),
      'template/Dockerfile': 'FROM {{ base }}\n{% if x %}\nRUN y\n{% endif %}\n',
      'empty/Dockerfile': '',
      'long/Dockerfile': `FROM alpine\nRUN ${'x'.repeat(5_000_000)}\n`,
      'folder/Dockerfile/x': '',
      'fault/Dockerfile': `${OLD}# fault\n`,
      'good/Dockerfile': OLD,
      'readonly/Dockerfile': OLD,
      'node_modules/x/Dockerfile': OLD,
    });
    const outside = folder({ Dockerfile: OLD });
    symlinkSync('nowhere', join(root, 'Dockerfile.broken'));
    symlinkSync(join(outside, 'Dockerfile'), join(root, 'Dockerfile.away'));
    chmodSync(join(root, 'readonly/Dockerfile'), 0o444);
    const { code, err } = redock(root, 'apply', '-q', ...use);
    const lines = err.trimEnd().split('\n');
    for (const [name, why] of [
      ['binary/Dockerfile', 'binary'],
      ['latin1/Dockerfile', 'not UTF-8'],
      ['empty/Dockerfile', ''],
      ['long/Dockerfile', 'larger than'],
      ['fault/Dockerfile', 'does not work'],
      ['readonly/Dockerfile', 'read-only'],
      ['Dockerfile.broken', 'broken link'],
      ['Dockerfile.away', 'out of the root'],
    ] as const) {
      const own = lines.filter((line) => line.startsWith(`error: ${name}`));
      expect(own, name).toHaveLength(1);
      expect(own[0]).toContain(why);
    }
    expect(lines).toHaveLength(8);
    // a template is all right and not for us to edit: no error
    expect(redock(root, '--format=text', ...use, 'template')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/left alone: template\/Dockerfile:1: .*template/),
    });
    expect(code).toBe(3);
    expect(text(root, 'good/Dockerfile')).toBe(NEW);
    expect(text(root, 'readonly/Dockerfile')).toBe(OLD);
    expect(text(outside, 'Dockerfile')).toBe(OLD);
    expect(text(root, 'node_modules/x/Dockerfile')).toBe(OLD);
  });

  it('a wrong configuration anywhere stops before anything is written', () => {
    const root = folder({ 'a/Dockerfile': OLD, 'b/Dockerfile': OLD, 'b/redock.yaml': 'levl: safe\n' });
    const { code, out, err } = redock(root, 'apply', ...use);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('b/redock.yaml:1: unknown key "levl"; did you mean "level"?');
    expect(text(root, 'a/Dockerfile')).toBe(OLD);
    expect(redock(root, 'apply', '--no-config', ...use).code).toBe(0);
  });

  it('configuration files exclude and set', () => {
    const root = folder({
      'a/Dockerfile': OLD,
      'a/redock.yaml': 'set:\n  move-workdir:\n    target: /c\n',
      'b/Dockerfile': OLD,
      'b/redock.yaml': 'exclude: ["*"]\n',
    });
    const { out } = redock(root, ...use);
    expect(out).toContain('+WORKDIR /c');
    expect(out).not.toContain('b/Dockerfile');
  });

  it('a folder that cannot be used as working folder is no reason to crash', () => {
    const root = folder({ 'gone/Dockerfile': OLD });
    rmSync(join(root, 'gone/Dockerfile'));
    expect(redock(join(root, 'gone'), ...use).code).toBe(2);
  });
});
