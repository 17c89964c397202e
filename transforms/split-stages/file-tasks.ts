/** What commands of a RUN that deal with files do to which paths. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Task, View } from './types.ts';

/** Names of folders that programs write to. */
const WRITTEN = /^(?:logs?|data|te?mp|uploads?|cache|work|run|storage|files|keys|var|db)$/;

/** `mkdir project`, into which a COPY goes, or which it brings: a layout for the build. */
export function isFilled({ runtime }: View, task: Task): boolean {
  const paths = madeFolders(task);
  const isSource = (path: string): boolean =>
    runtime.files.toContext(path) !== undefined ||
    runtime.files.sources.some(({ target }) => target.startsWith(`${path}/`));
  return paths.some(isSource) && paths.every((path) => isSource(path) || !WRITTEN.test(posix.basename(path)));
}

/** The folders of a `mkdir`. */
export const madeFolders = ({ command, cwd }: Task): readonly string[] =>
  command.program === 'mkdir'
    ? command.operands(['-m']).flatMap(({ literal, raw }) => joinPath(cwd, literal ?? raw) ?? [])
    : [];

/** Folders that stand when a command comes: those that WORKDIR or another command made. */
export function foldersBefore({ steps }: View, task: Task): readonly string[] {
  const before = steps.slice(0, steps.findIndex(({ tasks }) => tasks.includes(task)) + 1);
  const workdirs = before.flatMap(({ instruction: { state } }) => state.workdir ?? []);
  return [...workdirs, ...before.flatMap(({ tasks }) => tasks.flatMap(madeFolders))];
}

/** `chown -R app /app`: of what the runtime stage holds, or of a folder above it. */
export function givesAway({ command, cwd }: Task, held: readonly string[]): boolean {
  if (!/^ch(?:own|grp)$/.test(command.program ?? '')) return false;
  const [, ...paths] = command.operands().map(({ literal }) => joinPath(cwd, literal));
  const isHeld = (path: string): boolean =>
    held.includes(path) || (path !== '/' && held.some((it) => it.startsWith(`${path}/`)));
  return paths.length > 0 && paths.every((path) => path !== undefined && isHeld(path));
}

/** cp, mv, rm, sed and the like whose every path is one of those. */
export function changesOnly({ command, cwd, effect }: Task, isOurs: (path: string) => boolean): boolean {
  if (effect !== 'files' || command.program === 'mkdir' || /^ch(?:own|grp)$/.test(command.program ?? '')) return false;
  return command.args
    .filter(({ raw }) => !raw.startsWith('-') && !/^[ugoa]*[-+=][rwxXst]+$|^[0-7]{3,4}$|^['"]?s(.).*\1/.test(raw))
    .map(({ literal, raw }) => joinPath(cwd, literal ?? raw))
    .every((path) => path !== undefined && isOurs(path));
}

/** `cp target/app.jar /srv/app.jar`, `mv target/*.jar .`: where a path was copied from. */
export function copiedFrom({ steps, document }: View, path: string): string | undefined {
  const tasks = steps.flatMap(({ tasks, instruction: { state } }) => tasks.map((task) => ({ ...task, state })));
  for (const { command, cwd, state } of tasks) {
    if (!/^(?:cp|mv|ln|install)$/.test(command.program ?? '')) continue;
    const words = command
      .operands(['-m', '-o', '-g', '-t'])
      .map(({ literal, raw }) => joinPath(cwd, literal ?? document.expand(raw, state) ?? raw));
    const to = words.pop();
    const from = words.find((it) => it !== undefined);
    if (from === undefined || to === undefined) continue;
    if (to === path) return from;
    const inFolder = words.find((it) => it !== undefined && sameName(posix.basename(it), posix.basename(path)));
    if (to === posix.dirname(path) && inFolder !== undefined) return inFolder;
  }
  return undefined;
}

const sameName = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*') && name.endsWith(pattern.slice(1)));

/** `curl -o agent.jar ..`, `wget -O /otel.jar ..`, `wget https://..../agent.jar`. */
export function isDownload({ command, cwd }: Task, path: string): boolean {
  if (command.program !== 'curl' && command.program !== 'wget') return false;
  const named = command.program === 'curl' ? command.value('-o', '--output') : command.value('-O', '--output-document');
  if (named !== undefined) return joinPath(cwd, named) === path;
  return command.args.some(
    ({ literal }) =>
      literal !== undefined && /^https?:/.test(literal) && joinPath(cwd, posix.basename(literal)) === path,
  );
}

/** `make --version`: it leaves nothing behind, but the program has to be there. */
export const tellsVersion = ({ effect, command }: Task): boolean =>
  effect === 'none' && command.args.length === 1 && /^--?(?:[vV]|version|help)$/.test(command.args[0]?.literal ?? '');
