/** Uses of package managers on their way from a decision to an edit. */
import type { Edit, Level } from '../../src/edit.ts';
import type { Taken } from './decide.ts';
import { type Stop, unlessStopped } from './declines.ts';
import type { Run, Use } from './run.ts';
import { type AptChoice, compose } from './write.ts';

/** A use on its way: what was decided, or why not. */
export interface Slot {
  readonly use: Use;
  taken?: Taken;
  stop?: Stop;
  /** Slots with the same tie are taken together or not at all. */
  readonly ties: Set<string>;
  /** Slots with the same fate are all declined when one of them is. */
  readonly fates: Set<string>;
  level: Level;
  readonly why: Set<string>;
  /** apt: the packages are kept as well as the lists. */
  keepsPackages: boolean;
  /** apt: docker-clean is taken away in this RUN. */
  cleans: boolean;
  /** What was composed last with this one as the first of its RUN. */
  composed?: Composed;
}

/** What became of a RUN, and for what. */
interface Composed {
  readonly taken: readonly Taken[];
  readonly apt: AptChoice;
  readonly edit: Edit | undefined;
}

export const isTaken = (slot: Slot): slot is Slot & { taken: Taken } =>
  slot.taken !== undefined && slot.stop === undefined;

/** The edit of a RUN for the slots of it that are taken. Asked when it is decided and when it is reported. @throws Stop */
export function edited(run: Run, slots: readonly Slot[], apt: AptChoice = choiceOf(slots)): Edit | undefined {
  const [first] = slots;
  const taken = slots.filter(isTaken).map((slot) => slot.taken);
  const last = first?.composed;
  const isSame = last?.taken.length === taken.length && taken.every((it, i) => it === last.taken[i]);
  if (last && isSame && last.apt.packages === apt.packages && last.apt.cleans === apt.cleans) return last.edit;
  const edit = compose(run, taken, apt);
  if (first) first.composed = { taken, apt, edit };
  return edit;
}

const choiceOf = (slots: readonly Slot[]): AptChoice => ({
  packages: slots.some(({ keepsPackages }) => keepsPackages),
  cleans: slots.some(({ cleans }) => cleans),
});

/** Does something for slots; a Stop goes to all of them that have none. */
export function attempt(slots: readonly Slot[], action: () => void): boolean {
  return unlessStopped(
    () => {
      action();
      return true;
    },
    (reason) => {
      for (const slot of slots) slot.stop ??= reason;
      return false;
    },
  );
}

/** What has the same key, in order. */
export function grouped<K, T>(all: readonly T[], keyOf: (it: T) => K): ReadonlyMap<K, readonly T[]> {
  const found = new Map<K, T[]>();
  for (const it of all) {
    const key = keyOf(it);
    const own = found.get(key);
    if (own) own.push(it);
    else found.set(key, [it]);
  }
  return found;
}

export const byRun = (slots: readonly Slot[]): ReadonlyMap<Run, readonly Slot[]> =>
  grouped(slots, ({ use }) => use.run);

/** Needs a higher level, for a reason that the reader is told. */
export function raise(slot: Slot, level: Level, why: string): void {
  if (slot.level !== 'risky') slot.level = level;
  slot.why.add(why);
}
