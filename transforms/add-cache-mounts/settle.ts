/** Decides on every use, then on what several RUNs have to agree on. */
import type { Document } from '../../src/document.ts';
import type { Edit, Level } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { mayKeepPackages, removesLists } from './apt.ts';
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
  readonly why: string[];
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

/** The edit of a RUN for the slots of it that are taken. @throws Stop */
export function edited(run: Run, slots: readonly Slot[], apt: AptChoice = choiceOf(slots)): Edit | undefined {
  return compose(
    run,
    slots.filter(isTaken).map(({ taken }) => taken),
    apt,
  );
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

export function byRun(slots: readonly Slot[]): ReadonlyMap<Run, readonly Slot[]> {
  const found = new Map<Run, Slot[]>();
  for (const slot of slots) {
    const own = found.get(slot.use.run);
    if (own) own.push(slot);
    else found.set(slot.use.run, [slot]);
  }
  return found;
}

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
    why: [],
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
  if (!slot.why.includes(why)) slot.why.push(why);
}

/** apt: both folders in stages whose image nobody gets, only the lists elsewhere. */
function keepPackages(document: Document, project: Project, slots: readonly Slot[]): void {
  const apt = slots.filter(isTaken).filter(({ use }) => use.cache === 'apt');
  const wanted = apt.map(({ use }) => use);
  const able = apt.filter((slot) => {
    if (!mayKeepPackages(document, project, slot.use, wanted)) return false;
    const own = slots.filter((other) => other.use.run === slot.use.run && isTaken(other));
    return unlessStopped(
      () => {
        edited(slot.use.run, own, { packages: true, cleans: true });
        return true;
      },
      () => false,
    );
  });
  const uses = able.map(({ use }) => use);
  for (const slot of apt) {
    slot.keepsPackages = able.includes(slot) && mayKeepPackages(document, project, slot.use, uses);
    const stages = chain(slot.use.run.stage);
    const others = apt.filter((other) => other.keepsPackages && other !== slot && stages.includes(other.use.run.stage));
    if (slot.keepsPackages) {
      slot.cleans = others.every((other) => other.use.run.instruction.index > slot.use.run.instruction.index);
      slot.ties.add(others[0] ? ([...others[0].ties][0] as string) : `apt ${slot.use.run.instruction.index}`);
      raise(
        slot,
        'review',
        'docker-clean, which deletes every package after its installation, goes from this stage; nobody gets its image.',
      );
    } else if (removesLists(slot.use.run)) {
      slot.why.push('Only the lists: docker-clean of the image empties the folder with the packages.');
    } else {
      raise(
        slot,
        'review',
        'The lists, which were left in the layer, are no longer in the image. docker-clean of the image empties the folder with the packages.',
      );
    }
  }
}

/** ENV that turns a cache off goes only when every RUN in its reach that could fill the cache gets a mount. */
function tieEnvironment(document: Document, slots: readonly Slot[]): void {
  const found = new Map<Disabled['pair'], Disabled>();
  for (const slot of slots.filter(isTaken)) for (const it of slot.taken.disabled) found.set(it.pair, it);
  for (const disabled of found.values()) {
    const { instruction, pair } = disabled;
    const key = `env ${pair.nameSpan.start}`;
    const reach = instruction.stage ? later(document, instruction, instruction.stage) : [];
    const concerned = slots.filter(
      ({ use }) => rowOf(use.cache).off.env.includes(pair.name) && reach.includes(use.run.instruction),
    );
    const program = pair.name.startsWith('UV') ? /\buvx?\s/ : /\bpip(?:3(?:\.\d+)?|env)?\s/;
    const isSilent = reach.every(
      (other) =>
        other.keyword !== 'RUN' ||
        !program.test(document.text.slice(other.start, other.end)) ||
        other.flags.some(({ name }) => name === 'mount') ||
        concerned.some(({ use }) => use.run.instruction === other) ||
        !/\b(?:install|sync|wheel)\b/.test(document.text.slice(other.start, other.end)),
    );
    const isAlone = [...found.values()].filter((other) => other.instruction === instruction).length === 1;
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
  for (const slot of slots) {
    const { cache, run } = slot.use;
    const root = chain(run.stage).at(-1);
    const group = slots.filter((other) => other.use.cache === cache && chain(other.use.run.stage).at(-1) === root);
    // a mount would hide what a RUN without one has put into the layer
    if (rowOf(cache).runs && !isTool(slot.use)) slot.fates.add(`${cache} ${root?.index}`);
    const isInstalled =
      cache === 'maven' &&
      slot !== group.at(-1) &&
      slot.use.calls.some(({ operands }) => operands.some(({ raw }) => /^install(?::install-file)?$/.test(raw)));
    // only one of them may ask private servers
    const isTrusted = rowOf(cache).runs !== undefined && hasSecret(slot) && !group.every(hasSecret);
    if (!isOffline(slot.use) && !isInstalled && !isTrusted) continue;
    const line = run.document.originLine(run.instruction.start);
    const what = isOffline(slot.use)
      ? `Line ${line} fetches nothing itself: it `
      : `What line ${line} puts into the cache is needed later: that `;
    for (const other of group) {
      other.ties.add(`offline ${cache} ${root?.index}`);
      raise(other, 'risky', `${what}${EMPTY_MOUNT}.`);
      other.level = 'risky';
    }
  }
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
  for (let changed = true; changed; ) {
    changed = false;
    for (const slot of slots.filter(isTaken)) {
      const other = slots.find((it) => it.stop && (overlap(it.ties, slot.ties) || overlap(it.fates, slot.fates)));
      if (!other) continue;
      const { document, instruction } = other.use.run;
      const line = document.originLine(instruction.start);
      slot.stop = new Stop(
        'not-all-runs',
        `line ${line} would need the same change and does not get it (${other.stop?.code})`,
      );
      changed = true;
    }
  }
}

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((key) => b.has(key));
