/** What one package manager gets in one RUN: its mounts, or why none. What several RUNs have to agree on is in settle.ts. */
import type { Invocation } from '../../src/shell/invocation.ts';
import { checkApt } from './apt.ts';
import { stop, unlessStopped } from './declines.ts';
import { type Disabled, disabledBy } from './disabled.ts';
import { type Fit, particulars } from './managers.ts';
import { checkNeeds } from './needs.ts';
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
  const disabled = [...new Map(use.calls.flatMap((call) => disabledBy(use, call)).map((it) => [it.pair, it])).values()];
  return { use, fit: special, mounts: [...mounts.values()], tables, assign, home, root, disabled };
}
