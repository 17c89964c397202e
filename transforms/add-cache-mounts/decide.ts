/** What one package manager gets in one RUN: its mounts, or why none. What several RUNs have to agree on is in settle.ts. */
import type { Invocation } from '../../src/shell/invocation.ts';
import { checkApt } from './apt.ts';
import { stop, unlessStopped } from './declines.ts';
import { type Disabled, disabledBy, disablingWords } from './disabled.ts';
import { checkFolders } from './home.ts';
import { hasKills } from './kills.ts';
import { type Fit, particulars } from './managers.ts';
import { checkNeeds } from './needs.ts';
import { isIn } from './paths.ts';
import { accountOf, hasFlag, homeOf, rowOf, type Use, variable } from './run.ts';
import { type Mount, targetsOf } from './target.ts';

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
  const home = unlessStopped(
    () => homeOf(use.run, (use.calls[0] as Invocation).command),
    () => undefined,
  );
  checkNeeds(
    use,
    [...mounts.keys()].map((target) => ({ target, table: tables.get(target) ?? target })),
    home,
  );
  checkFolders(use.run, [...mounts.keys()], home);
  const disabled = [...new Map(use.calls.flatMap((call) => disabledBy(use, call)).map((it) => [it.pair, it])).values()];
  const atHome = [...mounts.values()].filter(
    ({ target }) => tables.get(target)?.startsWith('~/') && home !== undefined && isIn(target, home),
  );
  checkHome(use, special, atHome, home, disabled);
  return { use, fit: special, mounts: [...mounts.values()], tables, assign, home, root, disabled };
}

/** A mount elsewhere than the cache is of no use; with a cache that was off before, its content is in the image. */
function checkHome(
  use: Use,
  fit: Fit,
  mounts: readonly Mount[],
  home: string | undefined,
  disabled: readonly Disabled[],
): void {
  const { run, calls, manager } = use;
  if (run.stage.base || mounts.length === 0) return;
  if (calls.every(({ command }) => variable(run, command, 'HOME') !== undefined)) return;
  const isKeptOut =
    disabled.length > 0 ||
    calls.some(({ command }) => disablingWords(use, fit, command).length > 0) ||
    hasKills(run, { mounts, managers: new Set([manager]), home });
  if (isKeptOut)
    stop(
      'unknown-base',
      `whether HOME is ${home} in this base image is not known: elsewhere the cache, which the RUN keeps out of the image now, would be in it`,
    );
}
