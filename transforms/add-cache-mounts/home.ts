/** Folders that the RUN itself makes or gives to somebody: a mount below them is there first, and is changed along. */
import { posix } from 'node:path';
import { ACCOUNT_PROGRAMS, FOLDER_PROGRAMS } from '../../src/knowledge/package-managers.ts';
import type { Command } from '../../src/shell/command.ts';
import { stop } from './declines.ts';
import { resolved } from './kills.ts';
import { hit, isIn } from './paths.ts';
import type { Run } from './run.ts';

/** @throws Stop where a command of the RUN makes or re-owns a folder that a mount is in */
export function checkFolders(run: Run, targets: readonly string[], home: string | undefined): void {
  for (const command of run.commands) {
    const program = command.program ?? '';
    if (!ACCOUNT_PROGRAMS.has(program) && !FOLDER_PROGRAMS.has(program)) continue;
    const target = targets.find((it) => makesHome(command, run, it, home) || changes(command, run, it, home));
    if (target === undefined) continue;
    const text = run.document.text.slice(command.start, command.end).replace(/\s+/g, ' ').slice(0, 60);
    stop('home-made-here', `\`${text}\` in this RUN makes or changes a folder that the mount at ${target} would be in`);
  }
}

const isInHome = (target: string, home: string | undefined): boolean =>
  isIn(target, '/home') || (home !== undefined && home !== '/root' && home !== '/' && isIn(target, home));

/** `useradd -m app`: a home folder that is there already gets neither skeleton nor owner. */
function makesHome(command: Command, run: Run, target: string, home: string | undefined): boolean {
  const row = ACCOUNT_PROGRAMS.get(command.program ?? '');
  if (!row || (row.only && !command.args.some(({ raw }) => row.only?.test(raw)))) return false;
  if (isInHome(target, home)) return true;
  const named = command.args.map((word) => resolved(word, run, home).replace(/^--[\w-]+=/, ''));
  return named.some((path) => path !== '/root' && /^(?:inside|above)$/.test(hit(path, target)));
}

/** `chown -R app /home/app`, `mkdir -p "$HOME"`, `install -d -o app /home/app`. */
function changes(command: Command, run: Run, target: string, home: string | undefined): boolean {
  const row = FOLDER_PROGRAMS.get(command.program ?? '');
  if (!row || (row.only && !command.args.some(({ raw }) => row.only?.test(raw)))) return false;
  return command.operands(row.valued).some((word) => {
    const path = absolute(resolved(word, run, home), command, run, home);
    if (path.includes('$')) return mayHold(path, target, home);
    const kind = hit(path, target);
    return kind === 'inside' ? row.recursive || path.replace(/\/+$/, '') === target : kind !== 'none';
  });
}

/** Whether a path with a variable that is not known may be a folder above the target. */
function mayHold(path: string, target: string, home: string | undefined): boolean {
  const known = path.slice(0, path.indexOf('$'));
  if (known !== '' && known !== '/') return target.startsWith(known);
  return isInHome(target, home) || hit(path, target) === 'unknown';
}

/** `cd /home/app && chown -R app .`, and the same below WORKDIR. */
function absolute(path: string, command: Command, run: Run, home: string | undefined): string {
  if (path.startsWith('/') || path.startsWith('$')) return path;
  let dir = run.instruction.state.workdir ?? '/';
  for (const { program, start, args } of run.commands) {
    const to = program === 'cd' && start < command.start ? args[0] : undefined;
    if (!to) continue;
    const folder = resolved(to, run, home);
    dir = /^[/$]/.test(folder) ? folder : posix.join(dir, folder);
  }
  return posix.join(dir, path);
}
