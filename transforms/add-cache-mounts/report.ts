/** Changes and declines as the reader gets them. */
import { once } from '../../src/document/once.ts';
import type { Document } from '../../src/document.ts';
import { type Change, type Decline, type Edit, type Evidence, LEVELS } from '../../src/edit.ts';
import { MANAGER_NAMES } from '../../src/knowledge/package-managers.ts';
import { type Disabled, removePair } from './disabled.ts';
import { attempt, byRun, edited, grouped, isTaken, type Slot } from './slots.ts';
import { mountsOf } from './write.ts';

/** One Change per group of slots that belong together, one Decline per slot that has none. */
export function* report(document: Document, slots: readonly Slot[]): Iterable<Change | Decline> {
  const changes = components(slots).flatMap((group) => change(document, group) ?? []);
  yield* slots.flatMap((slot): Decline[] =>
    slot.stop
      ? [{ code: slot.stop.code, why: `${slot.use.manager}: ${slot.stop.message}`, at: slot.use.run.instruction }]
      : [],
  );
  yield* changes;
}

/** Taken slots by RUN and tie, in the order of the file. */
function components(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const taken = slots.filter(isTaken);
  const above = new Map<Slot, Slot>();
  const head = (slot: Slot): Slot => {
    let top = slot;
    for (let next = above.get(top); next; next = above.get(top)) top = next;
    // the way is kept short for the next one who asks
    for (let at = slot; at !== top; ) {
      const next = above.get(at) as Slot;
      above.set(at, top);
      at = next;
    }
    return top;
  };
  const heads = new Map<unknown, Slot>();
  for (const slot of taken) {
    for (const key of [slot.use.run, ...slot.ties]) {
      const mine = head(slot);
      const other = head(heads.get(key) ?? slot);
      if (other !== mine) above.set(mine, other);
      heads.set(key, other);
    }
  }
  return [...grouped(taken, head).values()];
}

function change(document: Document, group: readonly Slot[]): Change | undefined {
  const edits: Edit[] = [];
  const isDone = attempt(group, () => {
    for (const [run, own] of byRun(group)) {
      const edit = edited(run, own);
      if (edit) edits.push(edit);
    }
  });
  const [first] = group;
  if (!isDone || !first) return undefined;
  const disabled = [
    ...new Map(group.flatMap(({ taken }) => taken?.disabled ?? []).map((it) => [it.pair, it])).values(),
  ];
  edits.push(...removals(document, disabled), ...declarations(document, group));
  const level = LEVELS[Math.max(...group.map((slot) => LEVELS.indexOf(slot.level)))] ?? 'review';
  return {
    title: title(group),
    why: why(group),
    evidence: evidence(document, group, disabled),
    level,
    at: first.use.run.instruction,
    edits,
  };
}

/** Pairs of one ENV that go together are taken out one by one, from places that do not touch. */
function removals(document: Document, disabled: readonly Disabled[]): readonly Edit[] {
  return disabled.flatMap((it) => removePair(document, it) ?? []);
}

/** `ARG TARGETARCH` at the head of the stages whose mounts need it. */
function declarations(document: Document, group: readonly Slot[]): readonly Edit[] {
  const found = new Map<number, Edit>();
  for (const { taken, use } of group) {
    const { stage, instruction } = use.run;
    const arg = taken?.fit.arg;
    if (arg === undefined || instruction.state.args.has(arg)) continue;
    const { keywordSpan, end } = stage.from;
    const isLower = document.text.slice(keywordSpan.start, keywordSpan.end) === 'from';
    found.set(end, { start: end, end, text: `${document.eol}${isLower ? 'arg' : 'ARG'} ${arg}` });
  }
  return [...found.values()];
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function title(group: readonly Slot[]): string {
  const names = [...new Set(group.map(({ use }) => MANAGER_NAMES[use.manager] ?? use.manager))];
  if (names.length > 1) return `${list(names)} keep their downloads in cache mounts`;
  if (onlyCompiles(group)) return `${names[0]} keeps what it compiled in a cache mount`;
  const isLists = group.every(({ use, keepsPackages }) => use.cache === 'apt' && !keepsPackages);
  return `${names[0]} keeps its ${isLists ? 'package lists' : 'downloads'} in a cache mount`;
}

const targetsOf = (group: readonly Slot[]): readonly string[] => {
  const mounts = group.flatMap(({ taken, keepsPackages }) => (taken ? mountsOf(taken, keepsPackages) : []));
  return [...new Set(mounts.map(({ target }) => target))];
};

/** A build from vendored modules: nothing is fetched. */
const onlyCompiles = (group: readonly Slot[]): boolean =>
  group.every(({ use }) => use.cache === 'go') && targetsOf(group).every((it) => it.endsWith('/go-build'));

function why(group: readonly Slot[]): string {
  const targets = targetsOf(group);
  const folders = list(targets);
  const notes = [...new Set(group.flatMap(({ why }) => [...why]))];
  return [
    `${folders} ${targets.length > 1 ? 'outlive' : 'outlives'} the layer: when it is built again, only what is new is ${onlyCompiles(group) ? 'compiled' : 'fetched'}, and none of it is in the image.`,
    ...notes,
  ].join(' ');
}

const byLine = once(({ instructions }: Document) => new Map(instructions.map((it) => [it.line, it])));

function evidence(document: Document, group: readonly Slot[], disabled: readonly Disabled[]): readonly Evidence[] {
  const file = document.path;
  const line = (offset: number): number => document.originLine(offset);
  const found: Evidence[] = group.flatMap(({ use }): Evidence[] => {
    const { user } = use.run.instruction.state;
    const proof = user?.provedAt === undefined ? undefined : byLine(document).get(user.provedAt);
    const [call] = use.calls;
    const byRoot = user?.uid === 0 || call?.command.wrappers.includes('sudo');
    const who = byRoot ? 'root' : (user?.name ?? `${user?.uid}`);
    return [
      {
        file,
        line: line(call?.command.start ?? use.run.instruction.start),
        says: `${[call?.program, call?.verb].filter(Boolean).join(' ')}, run as ${who}`,
      },
      ...(proof ? [{ file, line: line(proof.start), says: 'it can only work as root' }] : []),
    ];
  });
  const off = disabled.map(({ pair, instruction }) => ({
    file,
    line: line(pair.nameSpan.start ?? instruction.start),
    says: `${pair.name} turns the cache off`,
  }));
  if (found.length + off.length < 2) return [...found, ...off];
  const seen = new Set<string>();
  return [...found, ...off].filter((it) => !seen.has(JSON.stringify(it)) && seen.add(JSON.stringify(it)));
}
