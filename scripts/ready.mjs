// Makes a fresh clone run: installs the dependencies when they are missing or others than the lock file says, builds when
// a source is newer than the build. Prints nothing on stdout, which belongs to the program that follows.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** Whether node_modules holds what the lock file names, by npm's own record of what it installed. */
function installed() {
  let wanted;
  let present;
  try {
    wanted = packagesOf(at('package-lock.json'));
    present = packagesOf(at('node_modules', '.package-lock.json'));
  } catch {
    return false;
  }
  return Object.entries(wanted).every(([path, { version, optional, integrity }]) => {
    if (path === '') return true;
    const found = present[path];
    // Optional packages are for other systems as often as not.
    if (!found) return optional === true;
    return (
      found.version === version &&
      (integrity === undefined || found.integrity === undefined || found.integrity === integrity)
    );
  });
}

/** The time of the newest file or folder; a folder changes when a file in it comes or goes. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

function built() {
  const sources = ['src', 'transforms', 'scripts', 'package.json', 'package-lock.json']
    .map((name) => at(name))
    .filter(existsSync);
  const time = Math.max(...sources.map(newest));
  const results = {
    'redock.mjs': 'src/cli.ts',
    'index.mjs': 'src/index.ts',
    'laws.mjs': 'scripts/laws.ts',
    'bench.mjs': 'scripts/bench.ts',
    'lab-report.mjs': 'scripts/lab-report.ts',
  };
  return Object.entries(results).every(([name, from]) => {
    if (!existsSync(at(from))) return true;
    const result = at('dist', name);
    return existsSync(result) && statSync(result).mtimeMs >= time;
  });
}

/** Runs a program with its output on stderr; ends this one when it fails. */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) {
    console.error(`redock cannot be made ready: ${[command, ...args].join(' ')} failed`);
    unlock();
    process.exit(status ?? 1);
  }
}

const lock = at('dist', '.ready.lock');
let mine = false;

function unlock() {
  if (mine) rmSync(lock, { recursive: true, force: true });
  mine = false;
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two installs at once would delete each other's files: one works, the others wait and look again. */
function takeLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      mine = true;
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    let holder = '';
    try {
      holder = readFileSync(join(lock, 'pid'), 'utf8');
    } catch {
      // Just made, or just gone.
    }
    if (holder === '' ? age > 10_000 : !alive(Number(holder))) rmSync(lock, { recursive: true, force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

if (!installed() || !built()) {
  takeLock();
  try {
    if (!installed()) {
      // `npm ci` as npm itself was started where that is known: on Windows `npm` is a script that needs a shell.
      const npm = process.env.npm_execpath;
      const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
      if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args]);
      else run('npm', args, { shell: process.platform === 'win32' });
    }
    if (!built()) run(process.execPath, [at('scripts', 'build.mjs')]);
  } finally {
    unlock();
  }
}
