/** Decides on every use, then on what several RUNs have to agree on. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { keepPackages } from './apt-packages.ts';
import { decide } from './decide.ts';
import { Stop } from './declines.ts';
import { type Disabled, removePair } from './disabled.ts';
import { isTool } from './needs.ts';
import { isOffline, rowOf, type Use } from './run.ts';
import { attempt, byRun, edited, grouped, isTaken, raise, type Slot } from './slots.ts';
import { later } from './stages.ts';

/** `git+ssh://...`, `https://user:secret@...`, `https://$TOKEN@...`. */
const PRIVATE_SOURCE = /git\+ssh:|(?<![\w.-])git@|:\/\/[^\s/@]*[:$][^\s/@]*@/;
const PRIVATE_NOTE = 'It fetches from a private place: whatever is built on the same builder can read the cache.';
const fetchesPrivately = ({ command }: Invocation): boolean => command.args.some(({ raw }) => PRIVATE_SOURCE.test(raw));

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

/** ENV that turns a cache off goes only when every RUN in its reach that could fill the cache gets a mount. */
function tieEnvironment(document: Document, slots: readonly Slot[]): void {
  const found = new Map<Disabled['pair'], Disabled>();
  for (const slot of slots.filter(isTaken)) for (const it of slot.taken.disabled) found.set(it.pair, it);
  if (found.size === 0) return;
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
  const keyOf = ({ cache, run }: Use): string => `${cache} ${lineage(run.stage).at(-1)?.index}`;
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
  for (let changed = stopped.size > 0; changed; ) {
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
