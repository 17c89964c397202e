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
 * @throws Stop where one cannot be taken out cleanly
 */
export function dropKills(draft: Draft, run: Run, kills: Kills, edits: readonly Edit[]): void {
  const [only, ...more] = draft.commands.filter((it) => kill(it, run, kills));
  const removal =
    only && more.length === 0 && run.instruction.comments.length === 0 && removalOf(draft, only, run, kills);
  if (removal && areApart([...edits, ...removal])) {
    draft.apply([...edits, ...removal]);
    return;
  }
  draft.apply(edits);
  for (let step = 0; only && step < MOST; step++) {
    const command = draft.commands.find((it) => kill(it, run, kills));
    if (!command) return;
    draft.apply(removalOf(draft, command, run, kills));
  }
  if (only) stop('kill-step', 'it has more clean-up steps than can be taken out');
}

function removalOf(draft: Draft, command: Command, run: Run, kills: Kills): readonly Edit[] {
  const words = doomed(command, run, kills);
  const partly = command.program === 'rm' && words.length < command.operands().length;
  const removal = command.remove();
  const edits = partly ? command.removeWords(words) : removal && [removal];
  if (edits) return edits;
  const text = draft.source.slice(command.start, command.end).replace(/\s+/g, ' ').slice(0, 60);
  return stop('kill-step', `\`${text}\` would empty the cache and cannot be taken out of this script cleanly`);
}

/** Whether none of the edits touches another. */
function areApart(edits: readonly Edit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  return sorted.every((edit, i) => i === 0 || (sorted[i - 1] as Edit).end < edit.start);
}

/** Whether a command is a clean-up of the mounted caches. @throws Stop where it reaches further */
const kill = (command: Command, run: Run, kills: Kills): boolean =>
  cleans(command, kills) || doomed(command, run, kills).length > 0;

/** Whether the RUN has a clean-up of the mounted caches that would be taken out. @throws Stop like `dropKills` */
export const hasKills = (run: Run, kills: Kills): boolean => run.commands.some((it) => kill(it, run, kills));

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
