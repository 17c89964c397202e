/** One decision per RUN and package manager: the mounts it gets, or why not. */

import type { Edit } from '../../src/edit.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { checkApt, DOCKER_CLEAN, LISTS, PACKAGES } from './apt.ts';
import { checkNeeds, checkOwnCommands } from './conditions.ts';
import { type Disabled, disabledBy } from './disabled.ts';
import { Draft } from './draft.ts';
import { type Mount, mountEdit } from './flags.ts';
import { dropKills } from './kills.ts';
import { type Fit, particulars } from './managers.ts';
import { spellings } from './paths.ts';
import { accountOf, homeOf, type Run, rowOf, type Use, variable } from './run.ts';
import { Stop, stop } from './stop.ts';
import { hasFlag, targetsOf } from './target.ts';

/** What a use gets. */
export interface Taken {
  readonly use: Use;
  readonly fit: Fit;
  readonly mounts: readonly Mount[];
  /** The folders as the table writes them, by target. */
  readonly tables: ReadonlyMap<string, string>;
  /** `NAME=value` in front of each call. */
  readonly assign: ReadonlyMap<Invocation, readonly string[]>;
  readonly home: string | undefined;
  readonly root: boolean;
  readonly disabled: readonly Disabled[];
}

/** @throws Stop where the RUN stays without a mount for this manager */
export function decide(use: Use, options: { readonly apk: string }): Taken {
  const row = rowOf(use.cache);
  const special = particulars(use, options);
  if (use.cache === 'apt') checkApt(use);
  const mounts = new Map<string, Mount>();
  const tables = new Map<string, string>();
  const assign = new Map<Invocation, readonly string[]>();
  let root = true;
  for (const call of use.calls) {
    const words: string[] = [];
    for (const [i, { mount, assign: word }] of targetsOf(use, call, special.paths).entries()) {
      mounts.set(mount.target, special.id === undefined ? mount : { ...mount, id: special.id });
      tables.set(mount.target, special.paths[i]?.path ?? mount.target);
      if (word !== undefined) words.push(word);
    }
    root &&= accountOf(use.run, call.command).root;
    for (const [name, value] of Object.entries(row.sets ?? {})) {
      const isSet = variable(use.run, call.command, name) || hasFlag(call, '--link-mode');
      if (!isSet && call.command.wrappers.length === 0) words.push(`${name}=${value}`);
    }
    assign.set(call, words);
  }
  if (!root && /^(?:apt|apk|dnf|yum|zypper)$/.test(use.cache))
    stop('unknown-user', `${use.manager} needs root, and another user is in force`);
  const home = homeIfKnown(use);
  checkNeeds(
    use,
    [...mounts.keys()].map((target) => ({ target, table: tables.get(target) ?? target })),
    home,
  );
  const disabled = [...new Map(use.calls.flatMap((call) => disabledBy(use, call)).map((it) => [it.pair, it])).values()];
  return { use, fit: special, mounts: [...mounts.values()], tables, assign, home, root, disabled };
}

function homeIfKnown(use: Use): string | undefined {
  try {
    return homeOf(use.run, (use.calls[0] as Invocation).command);
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}

/** The mounts of a decision on apt: where docker-clean stays only the lists are worth it. */
export const aptMounts = (taken: Taken, keepsPackages: boolean): readonly Mount[] =>
  taken.use.cache === 'apt' && !keepsPackages ? taken.mounts.filter(({ target }) => target === LISTS) : taken.mounts;

/** The RUN with everything that was decided for it. `clean`: docker-clean is taken away here. @throws Stop */
export function compose(run: Run, all: readonly Taken[], keepsPackages: boolean, clean: boolean): Edit | undefined {
  const draft = new Draft(run.document, run.instruction);
  draft.apply(all.flatMap((taken) => wordEdits(draft, run, taken)));
  const mounts = [
    ...new Map(all.flatMap((taken) => aptMounts(taken, keepsPackages)).map((it) => [it.target, it])).values(),
  ];
  const home = all.find((taken) => taken.home !== undefined)?.home;
  dropKills(draft, run, { mounts, managers: new Set(all.map(({ use }) => use.manager)), home });
  for (const taken of all) {
    for (const { target } of aptMounts(taken, keepsPackages)) {
      checkOwnCommands(draft.commands, spellings(target, taken.home, taken.tables.get(target) ?? target), target);
    }
  }
  if (clean && mounts.some(({ target }) => target === PACKAGES)) {
    const first = draft.commands.find(({ program }) => program === 'apt-get');
    const edit = first?.prepend(DOCKER_CLEAN);
    if (!edit) stop('kill-step', 'docker-clean empties the cache and cannot be taken away before the first apt-get');
    draft.apply([edit]);
  }
  draft.apply([mountEdit(draft, mounts, run.document)]);
  return draft.edit();
}

/** Variables in front of the calls, words that turn the cache off taken out, words that turn it on put in. */
function wordEdits(draft: Draft, run: Run, { use, fit: special, assign }: Taken): readonly Edit[] {
  const { off } = rowOf(use.cache);
  return use.calls.flatMap((call) => {
    const command = draft.commands[run.commands.indexOf(call.command)];
    if (!command) return stop('unreadable-script', 'what this RUN would become cannot be read with certainty');
    const words = assign.get(call) ?? [];
    const { start } = command;
    const gone = command.args.filter(({ raw }) =>
      [...off.flags, ...(special.drop ?? [])].some((flag) => raw === flag || raw.startsWith(`${flag}=`)),
    );
    const removal = gone.length === 0 ? [] : command.removeWords(gone);
    if (!removal) return stop('kill-step', `${gone[0]?.raw} cannot be taken out of this script cleanly`);
    const verb = command.args.find(({ literal }) => literal === call.verb.split(' ').at(-1));
    const isThere =
      special.insert === undefined || command.args.some(({ raw }) => /^--setopt=keepcache=(?:1|true|yes)$/i.test(raw));
    return [
      ...(words.length === 0 ? [] : [{ start, end: start, text: `${words.join(' ')} ` }]),
      ...removal,
      ...(isThere || special.insert === undefined ? [] : [command.insertWords(special.insert, verb)]),
    ];
  });
}

/** Whether a RUN counts on what an earlier step has fetched: it fetches nothing itself. */
export function isOffline(use: Use): boolean {
  const { offline } = rowOf(use.cache);
  const first = use.calls[0];
  return first !== undefined && offline.some((flag) => hasFlag(first, flag));
}
