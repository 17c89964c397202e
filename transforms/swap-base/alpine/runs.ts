/** RUN instructions of Debian as Alpine has them: packages, accounts, clean-up, cache mounts. */
import { linesOf } from '../../../src/document/lines.ts';
import type { Edit } from '../../../src/edit.ts';
import { ALPINE_PACKAGES, DEBIAN_ONLY_PROGRAMS, NO_COUNTERPART } from '../../../src/knowledge/alpine-packages.ts';
import type { Command } from '../../../src/shell/command.ts';
import type { Invocation } from '../../../src/shell/invocation.ts';
import type { StageView, Step } from '../../../src/stage/view.ts';
import type { Obstacle } from '../types.ts';
import { busyboxAccount, type Groups, isAccountCommand } from './accounts.ts';
import { cacheMounts } from './mounts.ts';

/** What `-y` and the like say goes without saying with apk. */
const PLAIN_FLAGS =
  /^(?:-[yq]+|--yes|--assume-yes|--quiet|-qq|-q=\d|--no-install-recommends|--no-install-suggests|--fix-missing|-f|--fix-broken|--allow-unauthenticated|-oDpkg::\S+|-oDebug::\S+)$/;
const APT_PATH =
  /^\/var\/(?:lib\/apt(?:\/lists)?|cache\/(?:apt|debconf)(?:\/archives)?|lib\/dpkg\/\S*-old|log\/(?:apt|dpkg\.log))(?:\/\S*)?$/;

/** The edits of one RUN, and where packages can be added to. */
export interface Translated {
  readonly edits: readonly Edit[];
  /** The last word of a list of packages, with the text that stands there in the end. */
  readonly list?: {
    readonly edit: Edit;
    readonly before: number;
    readonly names: readonly string[];
    readonly gap: string;
  };
}

const failed = (why: string, at: Obstacle['at']): Obstacle => ({
  code: 'no-alpine-counterpart',
  why,
  ...(at && { at }),
});

/** `groups`: filled over the stage. undefined: nothing to change. */
export function translateRun(view: StageView, step: Step, groups: Groups): Translated | Obstacle | undefined {
  const { instruction, tasks } = step;
  const { document } = view;
  const line = document.originLine(instruction.start);
  const mounts = cacheMounts(document, instruction);
  const edits: Edit[] = [...mounts.edits];
  const gone: Command[] = [];
  let list: Translated['list'];
  for (const { command, call } of tasks) {
    const { program = '' } = command;
    const isApt = call?.manager === 'apt';
    if (isApt || isAccountCommand(command)) {
      if (command.wrappers.some((it) => it !== 'env'))
        return failed(`line ${line}: ${command.wrappers[0]} ${program}`, command);
    }
    if (isApt) {
      const found = aptCommand(view, call, mounts.isCached);
      if (found === 'gone') gone.push(command);
      else if ('code' in found) return found;
      else {
        edits.push(...found.edits);
        list ??= found.list;
      }
    } else if (isAccountCommand(command)) {
      const text = busyboxAccount(command, groups);
      if (text === undefined || !command.certain || command.redirected)
        return failed(`line ${line}: ${program} with flags that busybox does not have`, command);
      edits.push({ start: command.start, end: command.end, text });
    } else if (DEBIAN_ONLY_PROGRAMS.has(program)) {
      return failed(`line ${line} starts ${program}, which Alpine does not have`, command);
    } else if (program === 'rm') {
      const words = command.operands();
      const apt = words.filter(({ raw }) => APT_PATH.test(raw));
      if (apt.length > 0 && apt.length === words.length) gone.push(command);
      else if (apt.length > 0) {
        const removed = command.removeWords(apt);
        if (!removed) return failed(`line ${line}: the paths of apt cannot be taken out`, command);
        edits.push(...removed);
      }
    } else if (/\/etc\/apt\b/.test(document.text.slice(command.start, command.end))) {
      if (/keep-cache|docker-clean|99\w*|apt\.conf\.d/.test(document.text.slice(command.start, command.end)))
        gone.push(command);
      else return failed(`line ${line} sets up a source of Debian packages`, command);
    }
  }
  if (gone.length > 0) {
    const { start, next } = linesOf(document.text, instruction);
    const removal =
      gone.length === tasks.length ? [{ start, end: next, text: '' }] : removals(document.text, step, gone);
    if (!removal || (gone.length === tasks.length && instruction.comments.length > 0))
      return failed(`line ${line}: the commands of apt cannot be taken out of the list`, instruction);
    if (gone.length === tasks.length) return { edits: removal };
    edits.push(...removal);
  }
  if (edits.length === 0) return undefined;
  return overlaps(edits)
    ? failed(`line ${line}: the commands of apt cannot be taken out of the list`, instruction)
    : { edits, ...(list && { list }) };
}

/** Takes commands out of the list, runs of neighbours as one; undefined: comments stand between, or it is no plain list. */
function removals(text: string, { tasks, divisible }: Step, gone: readonly Command[]): Edit[] | undefined {
  const commands = tasks.map(({ command }) => command);
  if (!divisible) {
    const edits = gone.map((it) => it.remove());
    return edits.every((it) => it !== undefined) ? edits : undefined;
  }
  const edits: Edit[] = [];
  for (let i = 0; i < commands.length; i++) {
    if (!gone.includes(commands[i] as Command)) continue;
    let last = i;
    while (gone.includes(commands[last + 1] as Command)) last++;
    const start = i === 0 ? (commands[0] as Command).start : (commands[i - 1] as Command).end;
    const end = i === 0 ? (commands[last + 1] as Command).start : (commands[last] as Command).end;
    if (/^[ \t]*#/m.test(text.slice(start, end))) return undefined;
    edits.push({ start, end, text: '' });
    i = last;
  }
  return edits;
}

const overlaps = (edits: readonly Edit[]): boolean =>
  [...edits].sort((a, b) => a.start - b.start).some((it, i, all) => i > 0 && it.start < (all[i - 1] as Edit).end);

type AptResult = 'gone' | Obstacle | { readonly edits: readonly Edit[]; readonly list?: Translated['list'] };

function aptCommand(view: StageView, call: Invocation, isCached: boolean): AptResult {
  const { document } = view;
  const { command, action, operands } = call;
  const line = document.originLine(command.start);
  const strange = call.flags.find(({ literal, raw }) => !PLAIN_FLAGS.test(literal ?? raw));
  const [first] = operands;
  if (action === 'update-index' || action === 'clean' || (action === 'remove' && !first)) return 'gone';
  if (strange && action !== 'remove') return failed(`line ${line}: ${call.program} ${strange.raw}`, command);
  if (command.redirected || !command.certain)
    return failed(`line ${line}: the install is part of a pipe or a condition`, command);
  const add = isCached ? 'apk add' : 'apk add --no-cache';
  const verb = action === 'install' ? add : action === 'remove' ? 'apk del' : 'apk upgrade --no-cache';
  if (action !== 'install' && action !== 'remove') {
    return action === 'upgrade' && !first
      ? { edits: [{ start: command.start, end: command.end, text: verb }] }
      : failed(`line ${line}: ${call.program} ${call.verb}`, command);
  }
  const last = operands.at(-1);
  if (!first || !last) return 'gone';
  const names = new Map<string, readonly string[]>();
  for (const { literal, raw } of operands) {
    const row = ALPINE_PACKAGES.find(({ debian }) => debian === literal);
    if (!row)
      return {
        ...failed(`line ${line} installs ${raw}: ${reasonAgainst(literal)}`, command),
        code: 'package-unknown',
      };
    names.set(raw, row.alpine);
  }
  // between the program and the packages, and between them, stand flags and line breaks alone
  const head = document.text.slice(command.start, first.start);
  const inner = document.text.slice(first.start, command.end);
  if (/#/.test(head) || (/#/.test(inner) && /^\s*#/m.test(inner)))
    return failed(`line ${line}: comments stand between the packages`, command);
  const behind = call.flags.filter(({ start }) => start > first.start);
  const taken = behind.length > 0 ? command.removeWords(behind) : [];
  if (!taken) return failed(`line ${line}: ${behind[0]?.raw} cannot be taken out`, command);
  const gap = /\s(?:\s|\\|`)*$/.exec(head)?.[0] ?? ' ';
  const edits: Edit[] = [{ start: command.start, end: first.start, text: verb + gap }, ...taken];
  const seen = new Set<string>();
  const unneeded: (typeof operands)[number][] = [];
  let tail: Edit | undefined;
  for (const word of operands) {
    const fresh = (names.get(word.raw) ?? []).filter((it) => !seen.has(it));
    for (const it of fresh) seen.add(it);
    if (fresh.length === 0) unneeded.push(word);
    else {
      tail = { start: word.start, end: word.end, text: fresh.join(' ') };
      edits.push(tail);
    }
  }
  if (!tail) return 'gone';
  if (unneeded.includes(first)) {
    // the first word carries the gap: what stands between it and the next one goes
    const next = operands.find((it) => !unneeded.includes(it)) as typeof first;
    edits[0] = { start: command.start, end: next.start, text: verb + gap };
  }
  const rest = unneeded.filter(({ start }) => start > (edits[0] as Edit).end);
  const removed = rest.length > 0 ? command.removeWords(rest) : [];
  if (!removed) return failed(`line ${line}: packages that Alpine needs not cannot be taken out`, command);
  const all = [...edits, ...removed];
  return {
    edits: all,
    ...(action === 'install' && {
      list: { edit: tail, before: command.start, names: [...seen], gap: gapOf(document.text, operands) },
    }),
  };
}

/** Why a package has no name in Alpine. */
function reasonAgainst(name: string | undefined): string {
  if (name === undefined) return 'which packages these are is not known';
  return Object.hasOwn(NO_COUNTERPART, name) ? (NO_COUNTERPART[name] as string) : 'its name in Alpine is not known';
}

/** What stands between two packages: a blank, or the end of a line and its indentation. */
function gapOf(text: string, operands: Invocation['operands']): string {
  const [a, b] = operands.slice(-2);
  const between = a && b ? text.slice(a.end, b.start) : ' ';
  return /^\s*(?:[\\`]\s*)?$/.test(between) ? between : ' ';
}
