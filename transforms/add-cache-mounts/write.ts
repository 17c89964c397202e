/** The RUN as it will be: variables, words and clean-up steps first, the `--mount` flags last, one a line. */

import { columnOf, leadOf } from '../../src/document/style.ts';
import type { Document } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import { DOCKER_CLEAN, LISTS, PACKAGES } from './apt.ts';
import type { Taken } from './decide.ts';
import { stop } from './declines.ts';
import { disablingWords } from './disabled.ts';
import { Draft } from './draft.ts';
import { dropKills } from './kills.ts';
import { checkOwnCommands } from './needs.ts';
import { spellings } from './paths.ts';
import type { Run } from './run.ts';
import type { Mount } from './target.ts';

/** The mounts of a decision on apt: where docker-clean stays only the lists are worth it. */
export const mountsOf = (taken: Taken, keepsPackages: boolean): readonly Mount[] =>
  taken.use.cache === 'apt' && !keepsPackages ? taken.mounts.filter(({ target }) => target === LISTS) : taken.mounts;

/** What is settled for apt in a RUN. */
export interface AptChoice {
  /** The packages are kept as well as the lists. */
  readonly packages: boolean;
  /** docker-clean is taken away here. */
  readonly cleans: boolean;
}

/** The RUN with everything that was decided for it; undefined where nothing changes. @throws Stop */
export function compose(run: Run, all: readonly Taken[], apt: AptChoice): Edit | undefined {
  const draft = new Draft(run.document, run.instruction);
  const words = all.flatMap(wordEdits);
  const mounts = [
    ...new Map(all.flatMap((taken) => mountsOf(taken, apt.packages)).map((it) => [it.target, it])).values(),
  ];
  const home = all.find((taken) => taken.home !== undefined)?.home;
  const managers = new Set(all.map(({ use }) => use.manager));
  const commands = dropKills(draft, run, { mounts, managers, home }, words);
  for (const taken of all) {
    for (const { target } of mountsOf(taken, apt.packages)) {
      checkOwnCommands(commands, spellings(target, taken.home, taken.tables.get(target) ?? target), target);
    }
  }
  if (apt.cleans && mounts.some(({ target }) => target === PACKAGES)) {
    const first = draft.commands.find(({ program }) => program === 'apt-get');
    const edit = first?.prepend(DOCKER_CLEAN);
    if (!edit) stop('kill-step', 'docker-clean empties the cache and cannot be taken away before the first apt-get');
    draft.apply([edit]);
  }
  draft.apply([mountEdit(draft, mounts, run.document)]);
  return draft.edit();
}

/** Variables in front of the calls, words that turn the cache off taken out, words that turn it on put in. */
function wordEdits({ use, fit: special, assign }: Taken): readonly Edit[] {
  return use.calls.flatMap((call) => {
    const { command } = call;
    const words = assign.get(call) ?? [];
    const { start } = command;
    const gone = disablingWords(use, special, command);
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

/** Continuation lines that are indented further are aligned to something; the flags are not. */
const DEEPEST = 8;
const DEFAULT_INDENT = '    ';

function flagOf({ target, sharing, id, uid, gid }: Mount): string {
  const options = [
    'type=cache',
    ...(id === undefined ? [] : [`id=${id}`]),
    `target=${target}`,
    ...(sharing === 'shared' ? [] : [`sharing=${sharing}`]),
    ...(uid === undefined ? [] : [`uid=${uid}`]),
    ...(gid === undefined ? [] : [`gid=${gid}`]),
  ];
  return `--mount=${options.join(',')}`;
}

/** The indentation of the continuation lines: that of the least indented one. `lead`: that of the instruction. */
function indentOf(draft: Draft, lead: string): string {
  const { original, start, source } = draft;
  // behind the head of a heredoc the lines belong to the script
  const end = original.heredocs.length > 0 ? start + (original.headEnd - original.start) : draft.end;
  let least: string | undefined;
  for (const line of source.slice(start, end).split('\n').slice(1)) {
    if (/^\s*(?:#|\r?$)/.test(line)) continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (least === undefined || indent.length < least.length) least = indent;
  }
  // one blank is how ` && cmd` is aligned below RUN, not an indentation
  if (least === undefined) return lead + DEFAULT_INDENT;
  const isShallow = least === '' || least === ' ' || (lead !== '' && least.length <= lead.length);
  return isShallow || least.length > DEEPEST + lead.length ? lead + DEFAULT_INDENT : least;
}

/** Adds the flags behind those that are there; what follows them begins on a line of its own, save a bare heredoc. */
export function mountEdit(draft: Draft, mounts: readonly Mount[], document: Document): Edit {
  const { original, source, start } = draft;
  const last = original.flags.at(-1);
  const at = (last ?? original.keywordSpan).end - original.start + start;
  const rest = source.slice(at);
  const blanks = /^[ \t]*/.exec(rest)?.[0] ?? '';
  const column = columnOf(document, original);
  const line = ` ${document.escape}${document.eol}${column ?? indentOf(draft, leadOf(document, original))}`;
  const text = (last ? line : column === undefined ? ' ' : blanks) + mounts.map(flagOf).join(line);
  // `RUN <<EOF`: the lines below belong to the script, so that it begins where the flags end
  if (/^<<-?["']?\w+["']?[ \t]*\r?\n/.test(rest.slice(blanks.length))) {
    return { start: at, end: at + blanks.length, text: `${text} ` };
  }
  // `RUN \⏎    # why⏎    pip install x`
  if (rest[blanks.length] === document.escape && /^[ \t]*\r?\n/.test(rest.slice(blanks.length + 1))) {
    return { start: at, end: at + blanks.length, text: `${text} ` };
  }
  return { start: at, end: at + blanks.length, text: text + line };
}
