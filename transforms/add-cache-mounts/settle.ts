/** Decides on every use, then on what several RUNs have to agree on. */
import type { Document, Stage } from '../../src/document.ts';
import type { Edit, Level } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { hasDockerClean, keepers, onlyLists, removesLists } from './apt.ts';
import { decide, type Taken } from './decide.ts';
import { Stop, unlessStopped } from './declines.ts';
import { type Disabled, removePair } from './disabled.ts';
import { isTool } from './needs.ts';
import { isOffline, type Run, rowOf, type Use } from './run.ts';
import { chain, later } from './stages.ts';
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
}

/** `git+ssh://...`, `https://user:secret@...`, `https://$TOKEN@...`. */
const PRIVATE_SOURCE = /git\+ssh:|\bgit@|:\/\/[^\s/@]*[:$][^\s/@]*@/;
const PRIVATE_NOTE = 'It fetches from a private place: whatever is built on the same builder can read the cache.';
const fetchesPrivately = ({ command }: Invocation): boolean => command.args.some(({ raw }) => PRIVATE_SOURCE.test(raw));

export const isTaken = (slot: Slot): slot is Slot & { taken: Taken } =>
  slot.taken !== undefined && slot.stop === undefined;

/** What was composed last for a RUN, and for what. */
interface Composed {
  readonly taken: readonly Taken[];
  readonly apt: AptChoice;
  readonly edit: Edit | undefined;
}
const composed = new WeakMap<Run, Composed>();

/** The edit of a RUN for the slots of it that are taken. Asked when it is decided and when it is reported. @throws Stop */
export function edited(run: Run, slots: readonly Slot[], apt: AptChoice = choiceOf(slots)): Edit | undefined {
  const taken = slots.filter(isTaken).map((slot) => slot.taken);
  const last = composed.get(run);
  const isSame = last?.taken.length === taken.length && taken.every((it, i) => it === last.taken[i]);
  if (last && isSame && last.apt.packages === apt.packages && last.apt.cleans === apt.cleans) return last.edit;
  const edit = compose(run, taken, apt);
  composed.set(run, { taken, apt, edit });
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

/** Decides on every use alone, then on what several of them have to agree on. */
export function settle(
  document: Document,
  project: Project,
  uses: readonly Use[],
  options: { readonly apk: string },
): readonly Slot[] {
  const slots = uses.map((use) => slotOf(use, options));
  for (const [run, own] of byRun(slots.filter(isTaken))) attempt(own, () => void edited(run, own));
  for (const slot of slots.filter(isTaken)) {
    if (!slot.taken.root) raise(slot, 'review', 'The mount belongs to the user in force.');
    if (slot.use.calls.some(fetchesPrivately)) raise(slot, 'review', PRIVATE_NOTE);
  }
  keepPackages(document, project, slots);
  tieEnvironment(document, slots);
  tieOffline(slots);
  tieArguments(slots);
  untie(slots);
  return slots;
}

function slotOf(use: Use, options: { readonly apk: string }): Slot {
  const slot: Slot = {
    use,
    ties: new Set(),
    fates: new Set(),
    level: 'safe',
    why: new Set(),
    keepsPackages: false,
    cleans: false,
  };
  attempt([slot], () => {
    slot.taken = decide(use, options);
  });
  return slot;
}

function raise(slot: Slot, level: Level, why: string): void {
  if (slot.level !== 'risky') slot.level = level;
  slot.why.add(why);
}

/** apt: both folders in stages whose image nobody gets, only the lists elsewhere. */
function keepPackages(document: Document, project: Project, slots: readonly Slot[]): void {
  const runs = byRun(slots.filter(isTaken));
  const apt = slots.filter(isTaken).filter(({ use }) => use.cache === 'apt');
  const isWanted = keepers(
    document,
    project,
    apt.map(({ use }) => use),
  );
  const able = new Set(
    apt.filter(({ use: { run } }) => isWanted(run.stage) && canKeepPackages(run, runs.get(run) ?? [])),
  );
  const isKeeper = keepers(
    document,
    project,
    [...able].map(({ use }) => use),
  );
  const cleaners = new Map<Stage, string>();
  for (const slot of apt) {
    const { stage, instruction } = slot.use.run;
    slot.keepsPackages = able.has(slot) && isKeeper(stage);
    if (slot.keepsPackages) {
      const cleaner = chain(stage).findLast((above) => cleaners.has(above));
      slot.cleans = cleaner === undefined;
      const tie = (cleaner && cleaners.get(cleaner)) ?? `apt ${instruction.index}`;
      if (!cleaners.has(stage)) cleaners.set(stage, tie);
      slot.ties.add(tie);
      raise(
        slot,
        'review',
        `docker-clean, which deletes every package after its installation${hasDockerClean(stage) ? '' : ' where the image has it'}, goes from this stage; nobody gets its image.`,
      );
    } else if (removesLists(slot.use.run)) {
      slot.why.add(`Only the lists: ${onlyLists(stage)}.`);
    } else {
      raise(
        slot,
        'review',
        `The lists, which were left in the layer, are no longer in the image. Only the lists: ${onlyLists(stage)}.`,
      );
    }
  }
}

const canKeepPackages = (run: Run, slots: readonly Slot[]): boolean =>
  unlessStopped(
    () => {
      edited(run, slots, { packages: true, cleans: true });
      return true;
    },
    () => false,
  );

/** ENV that turns a cache off goes only when every RUN in its reach that could fill the cache gets a mount. */
function tieEnvironment(document: Document, slots: readonly Slot[]): void {
  const found = new Map<Disabled['pair'], Disabled>();
  for (const slot of slots.filter(isTaken)) for (const it of slot.taken.disabled) found.set(it.pair, it);
  const slotsAt = grouped(slots, ({ use }) => use.run.instruction);
  const pairsAt = grouped([...found.values()], ({ instruction }) => instruction);
  for (const disabled of found.values()) {
    const { instruction, pair } = disabled;
    const key = `env ${pair.nameSpan.start}`;
    const reach = instruction.stage ? later(document, instruction, instruction.stage) : [];
    const concerned = reach
      .flatMap((other) => slotsAt.get(other) ?? [])
      .filter(({ use }) => rowOf(use.cache).off.env.includes(pair.name));
    const changed = new Set(concerned.map(({ use }) => use.run.instruction));
    const program = pair.name.startsWith('UV') ? /\buvx?\s/ : /\bpip(?:3(?:\.\d+)?|env)?\s/;
    const isSilent = reach.every(
      (other) =>
        other.keyword !== 'RUN' ||
        !program.test(document.text.slice(other.start, other.end)) ||
        other.flags.some(({ name }) => name === 'mount') ||
        changed.has(other) ||
        !/\b(?:install|sync|wheel)\b/.test(document.text.slice(other.start, other.end)),
    );
    const isAlone = pairsAt.get(instruction)?.length === 1;
    const why =
      !isSilent || concerned.some((slot) => !isTaken(slot))
        ? `${pair.name} turns the cache off, and not every RUN that it is in force for gets a mount`
        : !isAlone || removePair(document, disabled) === undefined
          ? `${pair.name} turns the cache off and cannot be taken out of ENV cleanly`
          : undefined;
    for (const slot of concerned) {
      slot.ties.add(key);
      if (why !== undefined) slot.stop ??= new Stop('cache-disabled-by-env', why);
      raise(slot, 'review', `${pair.name}, which turns the cache off, goes from the environment of the image.`);
    }
  }
}

const EMPTY_MOUNT =
  'fails when an earlier RUN comes from the layer cache and the mount is empty, as on a fresh CI machine';

/** Caches that later steps compile from: one RUN's packages are the next one's. */
function tieOffline(slots: readonly Slot[]): void {
  const keyOf = ({ cache, run }: Use): string => `${cache} ${chain(run.stage).at(-1)?.index}`;
  for (const [key, group] of grouped(slots, ({ use }) => keyOf(use))) {
    const notes = offlineNotes(group);
    // they are taken together or not at all: one that has the notes is enough
    for (const note of notes) group[0]?.why.add(note);
    for (const slot of group) {
      // a mount would hide what a RUN without one has put into the layer
      if (rowOf(slot.use.cache).runs && !isTool(slot.use)) slot.fates.add(key);
      if (notes.length === 0) continue;
      slot.ties.add(`offline ${key}`);
      slot.level = 'risky';
    }
  }
}

/** What in a group of slots with the same cache may fail where the mount is empty. */
function offlineNotes(group: readonly Slot[]): readonly string[] {
  const areSecret = group.every(hasSecret);
  const notes: string[] = [];
  for (const slot of group) {
    const { cache, run, calls } = slot.use;
    const isInstalled =
      cache === 'maven' &&
      slot !== group.at(-1) &&
      calls.some(({ operands }) => operands.some(({ raw }) => /^install(?::install-file)?$/.test(raw)));
    // only one of them may ask private servers
    const isTrusted = rowOf(cache).runs !== undefined && hasSecret(slot) && !areSecret;
    if (!isOffline(slot.use) && !isInstalled && !isTrusted) continue;
    const line = run.document.originLine(run.instruction.start);
    const what = isOffline(slot.use)
      ? `Line ${line} fetches nothing itself: it `
      : `What line ${line} puts into the cache is needed later: that `;
    notes.push(`${what}${EMPTY_MOUNT}.`);
  }
  return notes;
}

const hasSecret = ({ use }: Slot): boolean =>
  use.run.instruction.flags.some(({ name, value }) => name === 'mount' && /(?:^|,)type=(?:secret|ssh)\b/.test(value));

/** Mounts that need an ARG in their stage share the line that declares it. */
function tieArguments(slots: readonly Slot[]): void {
  for (const slot of slots.filter(isTaken)) {
    const { arg } = slot.taken.fit;
    if (arg !== undefined && !slot.use.run.instruction.state.args.has(arg))
      slot.ties.add(`arg ${slot.use.run.stage.index} ${arg}`);
  }
}

/** Where one of several that belong together has to stay as it is, all of them do. */
function untie(slots: readonly Slot[]): void {
  const places = new Map(slots.map((slot, place) => [slot, place]));
  const stopped = new Map<string, number>();
  const note = (slot: Slot): void => {
    const place = places.get(slot) as number;
    for (const key of bonds(slot)) stopped.set(key, Math.min(place, stopped.get(key) ?? place));
  };
  for (const slot of slots) if (slot.stop) note(slot);
  for (let changed = true; changed; ) {
    changed = false;
    for (const slot of slots.filter(isTaken)) {
      const other = slots[Math.min(...bonds(slot).map((key) => stopped.get(key) ?? slots.length))];
      if (!other) continue;
      const { document, instruction } = other.use.run;
      const line = document.originLine(instruction.start);
      slot.stop = new Stop(
        'not-all-runs',
        `line ${line} would need the same change and does not get it (${other.stop?.code})`,
      );
      note(slot);
      changed = true;
    }
  }
}

/** What a slot shares with others: ties and fates. */
const bonds = ({ ties, fates }: Slot): readonly string[] => [...ties, ...[...fates].map((fate) => `fate ${fate}`)];
