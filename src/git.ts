/** Questions to git: where a repository starts, and which files have work in them that nobody committed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** The nearest folder at or above `dir` that holds `.git` (a folder, or the file of a worktree or submodule); undefined: none. */
export function repositoryOf(dir: string): string | undefined {
  for (let at = dir; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

interface GitAnswer {
  readonly ok: boolean;
  readonly out: string;
  /** First line of what git said; undefined: there is no git on this machine. */
  readonly said: string | undefined;
}

/** Runs git without locks, hooks of the file monitor or translated messages. */
function git(folder: string, args: readonly string[]): GitAnswer {
  const run = spawnSync('git', ['--no-optional-locks', '--literal-pathspecs', '-c', 'core.fsmonitor=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
    windowsHide: true,
  });
  if (run.error && (run.error as NodeJS.ErrnoException).code === 'ENOENT')
    return { ok: false, out: '', said: undefined };
  const said = run.error?.message ?? run.stderr.trim().split('\n')[0] ?? '';
  return { ok: run.status === 0, out: run.stdout ?? '', said };
}

/** Command lines have a limit (32 KB on Windows): names are passed in portions. */
function* portions(names: readonly string[]): Generator<string[]> {
  let portion: string[] = [];
  let length = 0;
  for (const name of names) {
    if (length + name.length > 20_000) {
      yield portion;
      portion = [];
      length = 0;
    }
    portion.push(name);
    length += name.length + 1;
  }
  if (portion.length > 0) yield portion;
}

export interface DirtyFile {
  /** Absolute path. */
  readonly path: string;
  readonly state: 'uncommitted changes' | 'untracked' | 'ignored by git';
}

/**
 * Which of these files (absolute real paths) git could not bring back: changed, staged, untracked or ignored ones.
 * Files outside of every work tree, or all files where there is no git, are never dirty: nobody can tell.
 * @throws Error with one line when git is there but cannot answer (foreign owner, broken index).
 */
export function dirtyFiles(files: readonly string[]): DirtyFile[] {
  const byRepository = new Map<string, string[]>();
  for (const file of files) {
    const repository = repositoryOf(dirname(file));
    if (repository === undefined) continue;
    byRepository.set(repository, [...(byRepository.get(repository) ?? []), file]);
  }
  return [...byRepository].flatMap(([repository, own]) => dirtyIn(repository, own));
}

function dirtyIn(repository: string, files: readonly string[]): DirtyFile[] {
  const inside = git(repository, ['rev-parse', '--is-inside-work-tree']);
  if (inside.said === undefined) return [];
  if (!inside.ok && /not a git repository/i.test(inside.said)) return [];
  if (!inside.ok) throw new Error(`git cannot read ${repository}: ${inside.said}`);
  if (inside.out.trim() !== 'true') return [];
  const dirty: DirtyFile[] = [];
  for (const portion of portions(files)) {
    const names = new Map(portion.map((file) => [relative(repository, file).split(sep).join('/'), file]));
    const status = git(repository, [
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--untracked-files=all',
      '--ignored=matching',
      '--',
      ...names.keys(),
    ]);
    if (!status.ok) throw new Error(`git cannot tell the state of ${repository}: ${status.said}`);
    for (const entry of status.out.split('\0')) {
      // `XY path`; an ignored or untracked folder ends in a slash and stands for everything below it.
      const code = entry.slice(0, 2);
      const path = entry.slice(3);
      if (path === '') continue;
      const state = code === '!!' ? 'ignored by git' : code === '??' ? 'untracked' : 'uncommitted changes';
      for (const [name, file] of names) {
        if (name === path || (path.endsWith('/') && name.startsWith(path))) dirty.push({ path: file, state });
      }
    }
  }
  return dirty;
}

/**
 * Files that differ from a commit (default HEAD): changed, staged and untracked ones, relative to `root`, deleted ones left out.
 * @throws Error with one line: no git, no repository, an unknown reference.
 */
export function changedFiles(root: string, reference: string): string[] {
  const commit = reference === '' ? 'HEAD' : reference;
  // A name that starts with a dash would be read as an option.
  if (commit.startsWith('-')) throw new Error(`not a commit: ${commit}`);
  const differing = git(root, [
    'diff',
    '--name-only',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--relative',
    '--diff-filter=d',
    commit,
    '--',
  ]);
  if (differing.said === undefined) throw new Error('--changed needs git, and there is none');
  if (!differing.ok) throw new Error(`git cannot compare with ${commit}: ${differing.said}`);
  const untracked = git(root, ['ls-files', '-z', '--others', '--exclude-standard']);
  if (!untracked.ok) throw new Error(`git cannot list new files: ${untracked.said}`);
  return [...new Set([...differing.out.split('\0'), ...untracked.out.split('\0')])]
    .filter((path) => path !== '')
    .sort();
}
