/** What empties a cache in the RUN that has just filled it, taken out: with a mount it would be in vain, or fail. */

import type { Edit } from '../../src/edit.ts';
import { type ManagerName, REMOVED_CACHES, SHARED_CACHES } from '../../src/knowledge/package-managers.ts';
import type { Command, ShellWord } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import type { Draft } from './draft.ts';
import { hit } from './paths.ts';
import type { Run } from './run.ts';
import type { Mount } from './target.ts';

/** Folders that hold more than caches: removing one of them is left, and no mount goes below it. */
const SCRATCH = ['/tmp', '/var/tmp'];
/** More clean-up steps than any RUN has. */
const MOST = 50;

export interface Kills {
  readonly mounts: readonly Mount[];
  readonly managers: ReadonlySet<ManagerName>;
  readonly home: string | undefined;
}

/**
 * Makes the edits of a draft that has none yet, and takes every clean-up of the mounted caches out of it.
 * Gives the commands that stay. @throws Stop where one cannot be taken out cleanly
 */
export function dropKills(draft: Draft, run: Run, kills: Kills, edits: readonly Edit[]): readonly Command[] {
  const first = firstKill(run.commands, run, kills);
  const all = first ? [...edits, ...removal(draft, first)] : edits;
  if (isPlain(run) && !first?.words && areApart(all)) {
    const others = first ? run.commands.filter((it) => it !== first.command) : run.commands;
    if (!first || !firstKill(others, run, kills)) {
      draft.apply(all);
      return others;
    }
  }
  draft.apply(edits);
  for (let step = 0; step < MOST; step++) {
    const found = first && firstKill(draft.commands, run, kills);
    if (!found) return draft.commands;
    draft.apply(removal(draft, found));
  }
  return stop('kill-step', 'it has more clean-up steps than can be taken out');
}

/** A list of `&&` without comments: what is left of it when words or one of its links go is such a list, too. */
const isPlain = ({ instruction }: Run): boolean =>
  instruction.script?.chain !== undefined && instruction.comments.length === 0 && instruction.heredocs.length === 0;

/** Whether none of the edits touches another. */
function areApart(edits: readonly Edit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  return sorted.every((edit, i) => i === 0 || (sorted[i - 1] as Edit).end < edit.start);
}

/** A command that is a clean-up of the mounted caches; `words`: only these operands of it are. */
interface Kill {
  readonly command: Command;
  readonly words: readonly ShellWord[] | undefined;
}

/** @throws Stop where the command removes more than caches */
function killIn(command: Command, run: Run, kills: Kills): Kill | undefined {
  if (cleans(command, kills)) return { command, words: undefined };
  const words = doomed(command, run, kills);
  if (words.length === 0) return undefined;
  return { command, words: words.length < command.operands().length ? words : undefined };
}

function firstKill(commands: readonly Command[], run: Run, kills: Kills): Kill | undefined {
  for (const command of commands) {
    const found = killIn(command, run, kills);
    if (found) return found;
  }
  return undefined;
}

function removal(draft: Draft, { command, words }: Kill): readonly Edit[] {
  const whole = words ? undefined : command.remove();
  const edits = words ? command.removeWords(words) : whole && [whole];
  if (edits) return edits;
  const text = draft.source.slice(command.start, command.end).replace(/\s+/g, ' ').slice(0, 60);
  return stop('kill-step', `\`${text}\` would empty the cache and cannot be taken out of this script cleanly`);
}

/** Whether the RUN has a clean-up of the mounted caches that would be taken out. @throws Stop like `dropKills` */
export const hasKills = (run: Run, kills: Kills): boolean => firstKill(run.commands, run, kills) !== undefined;

function cleans(command: Command, { managers, mounts }: Kills): boolean {
  const call = invocation(command);
  if (call?.action !== 'clean') return false;
  const has = (target: string): boolean => mounts.some((mount) => mount.target === target);
  const { manager, verb, operands, flags } = call;
  switch (manager) {
    case 'apt':
      return has(/dist/.test(verb) ? '/var/lib/apt/lists' : '/var/cache/apt');
    case 'go':
      return managers.has('go') && flags.some(({ raw }) => /^--?(?:mod)?cache$/.test(raw));
    case 'nuget':
      return managers.has('nuget') && operands.some(({ raw }) => raw === 'all' || raw === 'global-packages');
    case 'gem':
      return false;
    default: {
      const family = SHARED_CACHES.find((names) => names.has(manager));
      return [...managers].some((name) => name === manager || family?.has(name));
    }
  }
}

/** The operands of `rm` that are about a mounted folder. */
function doomed(command: Command, run: Run, { mounts, home }: Kills): readonly ShellWord[] {
  if (command.program !== 'rm') return [];
  return command.operands().filter((word) => {
    const path = resolved(word, run, home);
    return mounts.some(({ target }) => {
      const kind = hit(path, target);
      if (kind === 'none') return false;
      if (kind === 'inside') return true;
      const dir = path.replace(/\/\*$/, '').replace(/\/+$/, '');
      const folders = REMOVED_CACHES.map((folder) => (home === undefined ? folder : folder.replace(/^~/, home)));
      if (kind === 'above' && folders.includes(dir) && !SCRATCH.includes(dir)) return true;
      return stop('kill-step', `\`rm ${word.raw}\` would reach the mount at ${target} and fail`);
    });
  });
}

/** The path of an operand, quotes taken away and known variables replaced. */
export function resolved(word: ShellWord, run: Run, home: string | undefined): string {
  const { env, args } = run.instruction.state;
  const text = word.literal ?? word.raw.replace(/["']/g, '');
  return text.replace(/^~(?=\/|$)/, home ?? '$HOME').replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, bare) => {
    const name = (braced ?? bare) as string;
    return env.get(name) ?? args.get(name) ?? (name === 'HOME' ? home : undefined) ?? whole;
  });
}
