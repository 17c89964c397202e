/** System packages of a RUN: which of them the runtime stage needs, and the RUN that installs them there. */

import {
  ALPINE_LIBRARIES,
  BUILD_ONLY,
  BUILD_ONLY_NAME,
  DEBIAN_LIBRARIES,
  type LibraryRow,
} from '../../src/knowledge/libraries.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import { runTimeNames } from '../../src/stage/system.ts';
import type { Step, System, Task, View } from './types.ts';

export { installRun, inWords } from '../../src/stage/install-run.ts';
export { runTimeNames } from '../../src/stage/system.ts';

/** What becomes of one package in the runtime stage. */
export interface PackageFate {
  readonly word: ShellWord;
  /** As written, with its version. */
  readonly name: string;
  /** build: gone. library: its run-time packages take its place. run: a program or library that stays. unknown: stays, too. */
  readonly kind: 'build' | 'library' | 'run' | 'unknown';
  /** What is installed in its place. */
  readonly becomes: readonly string[];
}

/** Whether a task installs packages of the distribution by fixed names. */
export const installsPackages = ({ effect, call }: Task): boolean =>
  effect === 'packages' && call !== undefined && (call.action === 'install' || call.action === 'upgrade');

/** Whether it says which. */
export const namesPackages = (task: Task): boolean => installsPackages(task) && task.call?.operands.length !== 0;

/** `apt-get upgrade`: it names no package, and does nothing without package lists. */
export const upgradesSystem = (task: Task): boolean => installsPackages(task) && task.call?.operands.length === 0;

/** Packages that are removed again, by name and by the group of `apk add --virtual`; `whole`: with all that they brought along. */
export interface Removed {
  readonly names: ReadonlySet<string>;
  readonly whole: boolean;
}

/** What the commands of some steps remove. */
export function removedPackages(steps: readonly Step[]): Removed {
  const removals = steps
    .flatMap(({ tasks }) => tasks)
    .filter(({ effect, call }) => effect === 'packages' && call?.action === 'remove');
  return {
    names: new Set(removals.flatMap(({ call }) => call?.operands.flatMap(({ literal }) => literal ?? []) ?? [])),
    whole: removals.some(
      ({ call, command }) => call?.manager === 'apk' || command.has('--auto-remove', '--autoremove'),
    ),
  };
}

/** The fate of every package that a task installs; undefined: one of them is not fixed text, or a file. */
export function packageFates(task: Task, system: System, removed: Removed): readonly PackageFate[] | undefined {
  const fates: PackageFate[] = [];
  const group = task.command.value('--virtual', '-t');
  for (const word of task.call?.operands ?? []) {
    if (word.literal === undefined && COMPILER_VARIABLE.test(word.raw)) {
      fates.push({ word, name: word.raw, kind: 'build', becomes: [] });
      continue;
    }
    const name = word.literal;
    if (name === undefined || /[/*]|\.(?:deb|apk)$|-$/.test(name)) return undefined;
    const fate = fateOf(word, name, system);
    const isGone = removed.names.has(plainName(name)) || (group !== undefined && removed.names.has(group));
    fates.push(
      !isGone
        ? fate
        : { ...fate, kind: 'build', becomes: fate.kind === 'library' && !removed.whole ? fate.becomes : [] },
    );
  }
  return fates;
}

/** Whether a layer holds compilers or -dev packages, or packages whose names nobody can tell. */
export function installsForBuilding({ steps, system }: View): boolean {
  return steps.some((step) => {
    const installs = step.tasks.filter(installsPackages);
    if (installs.length === 0) return false;
    const { names, whole } = removedPackages([step]);
    // apt-mark auto '.*' and apt-get purge --auto-remove: what was not there before is gone again
    if (whole && step.tasks.some(({ command }) => command.program === 'apt-mark')) return false;
    return installs.some((task) => {
      const group = task.command.value('--virtual', '-t');
      const fates = packageFates(task, system, { names: new Set(), whole: false });
      if (!fates) return true;
      // what is removed in the layer that installs it is in no image
      const stays = fates.filter(({ name }) => !names.has(name) && !(group !== undefined && names.has(group)));
      // apt-utils quietens debconf and is no reason for a stage of its own
      return stays.some(({ kind, name }) => (kind === 'build' && name !== 'apt-utils') || kind === 'library');
    });
  });
}

/** The compilers of the php images. */
const COMPILER_VARIABLE = /^["']?\$\{?PHPIZE_DEPS\}?["']?$/;

const plainName = (name: string): string => name.replace(/[=~<>:].*$/, '');

function fateOf(word: ShellWord, name: string, system: System): PackageFate {
  const plain = plainName(name);
  const library = libraryRow(plain, system);
  if (library) {
    const becomes = runTimeNames(library, system);
    if (becomes === undefined) return { word, name, kind: 'unknown', becomes: [name] };
    return { word, name, kind: 'library', becomes: becomes.filter((it) => !system.holds.has(it)) };
  }
  if (BUILD_ONLY.has(plain) || BUILD_ONLY_NAME.test(plain)) return { word, name, kind: 'build', becomes: [] };
  return { word, name, kind: /-dev$|-devel$/.test(plain) ? 'unknown' : 'run', becomes: [name] };
}

function libraryRow(name: string, { family }: System): LibraryRow | undefined {
  const rows = family === 'alpine' ? ALPINE_LIBRARIES : family === 'debian' ? DEBIAN_LIBRARIES : [];
  return rows.find(({ dev }) => dev.includes(name));
}

/** A command of a RUN with the text that it has in the runtime stage. */
export interface Part {
  /** undefined: a command that the RUN does not have. */
  readonly task: Task | undefined;
  readonly text: string;
}

/** The text of a RUN with some of its commands; '' when none is left. What joins two neighbours joins them here, too. */
export function runText(view: View, { instruction, tasks }: Step, parts: readonly Part[]): string {
  if (parts.length === 0) return '';
  const { document } = view;
  const slice = (start: number, end: number) => document.text.slice(start, end).replaceAll('\r\n', '\n');
  const flags = instruction.flags.map(({ start, end }) => `${slice(start, end)} `).join('');
  const usual = joiner(document.escape, slice(instruction.start, instruction.end));
  let text = `${view.keyword('RUN')} ${flags}${parts[0]?.text}`;
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1];
    if (!next) break;
    const at = part.task ? tasks.indexOf(part.task) : -1;
    const adjacent = at >= 0 && tasks[at + 1] === next.task;
    text +=
      (adjacent && part.task && next.task
        ? uncommented(slice(part.task.command.end, next.task.command.start))
        : usual) + next.text;
  }
  return text;
}

/** How the RUN writes `&&` between two commands. */
function joiner(escape: string, raw: string): string {
  const leading = /\n([ \t]*)&&([ \t]*)/.exec(raw);
  if (leading) return ` ${escape}\n${leading[1]}&&${leading[2] || ' '}`;
  const trailing = /&&[ \t]*[\\`][ \t]*\n(?:[ \t]*#.*\n)*([ \t]*)/.exec(raw);
  if (trailing) return ` && ${escape}\n${trailing[1]}`;
  return ' && ';
}

/** Comment lines between continued lines stay in the builder, which has the whole. */
const uncommented = (text: string): string => text.replace(/\n[ \t]*#[^\n]*(?=\n)/g, '');

/** A command as it stands, continuations included. */
export function taskText(view: View, { command }: Task): string {
  return uncommented(view.document.text.slice(command.start, command.end).replaceAll('\r\n', '\n'));
}

/** An install command with other packages, laid out as the original: one a line, or all on one. */
export function installText(view: View, task: Task, packages: readonly string[]): string {
  const first = task.call?.operands[0];
  const text = taskText(view, task);
  if (!first) return text;
  const { start } = task.command;
  const head = view.document.text.slice(start, first.start).replaceAll('\r\n', '\n');
  const flagsBehind = (task.call?.flags ?? []).filter((flag) => flag.start > first.start).map(({ raw }) => ` ${raw}`);
  const gap =
    /[\\`][ \t]*\n(?:[ \t]*#.*\n)*([ \t]*)$/.exec(head)?.[1] ??
    /[\\`][ \t]*\n(?:[ \t]*#.*\n)*([ \t]*)\S/.exec(text)?.[1];
  const separator = gap === undefined ? ' ' : ` ${view.document.escape}\n${gap}`;
  const start_ = head
    // install \ and a comment line above the first package: the continuation in front of it goes, too
    .replace(/\n[ \t]*#.*$/gm, '')
    .trimEnd()
    .replace(/[ \t]*[\\`]$/, '')
    // a group that is there to be removed
    .replace(/[ \t]+(?:--virtual|-t)[ =]\S+/, '');
  return `${answered(task, start_)}${flagsBehind.join('')}${separator}${packages.join(separator)}`;
}

/**
 * apt-get asks before it installs more than it is told to: on a small image there is more to install, and a build has
 * nobody who answers. Source: apt-get(8), -y.
 */
function answered({ command, call }: Task, head: string): string {
  const isApt = call?.program === 'apt-get' || call?.program === 'apt';
  const says = command.args.some(({ raw }) =>
    /^-(?:[a-zA-Z]*y[a-zA-Z]*|[a-zA-Z]*q{2}[a-zA-Z]*|-yes|-assume-yes)$/.test(raw),
  );
  return isApt && !says ? head.replace(/\binstall\b/, 'install -y') : head;
}

/** Installed packages that a program may need when it runs: no compilers, no tools of the build; undefined: a name is not fixed text. */
export function keptPackages(
  { steps, system }: Pick<View, 'steps' | 'system'>,
  isTool: (name: string) => boolean,
): readonly string[] | undefined {
  const kept: string[] = [];
  for (const task of steps.flatMap(({ tasks }) => tasks).filter(installsPackages)) {
    const fates = packageFates(task, system, removedPackages(steps));
    if (!fates) return undefined;
    for (const { kind, name, becomes } of fates) if (kind !== 'build' && !isTool(name)) kept.push(...becomes);
  }
  return kept;
}

/** Packages that the stage installs by name. */
export function installedByName({ steps }: View): ReadonlySet<string> {
  const installs = steps.flatMap(({ tasks }) => tasks.filter(installsPackages));
  return new Set(installs.flatMap(({ call }) => call?.operands.flatMap(({ literal }) => literal ?? []) ?? []));
}

/** Packages of libraries that LD_PRELOAD loads into every command of the builder, too. */
export function preloadedPackages({ steps }: Pick<View, 'steps'>): string[] {
  return steps.some(({ instruction }) => /jemalloc/.test(instruction.state.env.get('LD_PRELOAD') ?? ''))
    ? ['libjemalloc2', 'libjemalloc1']
    : [];
}
