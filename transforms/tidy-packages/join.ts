/** `RUN apt-get update` and the RUNs directly behind it that need it, in one RUN. */
import { columnOf, leadOf } from '../../src/document/style.ts';
import type { Instruction } from '../../src/document.ts';
import type { Change, Decline, Edit, Span } from '../../src/edit.ts';
import type { Lists } from './lists.ts';
import { lineOf, PRAGMA, type Run } from './run.ts';

/** RUNs that become one; the first holds the update. */
export type Group = readonly [Run, ...Run[]];

export interface Joins {
  readonly plans: ReadonlyMap<Instruction, Change | Decline>;
  /** The last RUN of every group, in whose layer the update will be, and what stands between the commands of the group. */
  readonly joined: ReadonlyMap<Instruction, string>;
}

/** A RUN of this length does not share its line. */
const LONG = 70;

/** Finds every RUN that leaves the lists to the RUNs behind it, and what becomes of it. */
export function planJoins(runs: ReadonlyMap<Instruction, Run>, lists: Lists): Joins {
  const plans = new Map<Instruction, Change | Decline>();
  const joined = new Map<Instruction, string>();
  for (const run of runs.values()) {
    if (!leavesLists(run)) continue;
    const group = groupOf(run, runs, lists);
    const plan = typeof group === 'string' ? decline(run, group, lists) : joinGroup(group, lists);
    if (!plan) continue;
    plans.set(run.instruction, plan);
    if (!('code' in plan) && typeof group !== 'string') joined.set((group.at(-1) as Run).instruction, glueOf(group));
  }
  return { plans, joined };
}

/** `RUN apt-get update`, `RUN apt-get update && apt-get install -y curl`: the lists stay for the RUNs behind it. */
function leavesLists({ script, calls, text }: Run): boolean {
  return (
    calls[0]?.action === 'update-index' &&
    // apt-get update || true
    calls.length === script.commands.filter(({ program }) => program !== 'true').length &&
    calls.every(({ manager, action, operands }) => {
      if (action === 'update-index') return manager === 'apt' && operands.length === 0;
      return manager === 'apt' && (action === 'upgrade' || action === 'install');
    }) &&
    !/\/var\/lib\/(?:apt|\{|\*)/.test(text)
  );
}

const flagsOf = ({ document, instruction }: Run): string =>
  instruction.flags.map(({ start, end }) => document.text.slice(start, end)).join(' ');

function groupOf(update: Run, runs: ReadonlyMap<Instruction, Run>, lists: Lists): Group | 'none' | 'flags' | 'list' {
  const { document } = update;
  const group: [Run, ...Run[]] = [update];
  for (let at = update.instruction.index + 1; at < document.instructions.length; at++) {
    const instruction = document.instructions[at] as Instruction;
    if (instruction.keyword !== 'RUN' || lists.use(instruction) !== 'relies') break;
    const run = runs.get(instruction);
    if (!run?.calls.some(({ manager }) => manager === 'apt')) break;
    if (flagsOf(run) !== flagsOf(update)) return 'flags';
    if (!canJoin(update) || !canJoin(run)) return 'list';
    group.push(run);
  }
  return group.length > 1 ? group : 'none';
}

/** One list of `&&`, nothing behind it: a shell comment would swallow what is joined to it. */
function canJoin({ document, instruction, script }: Run): boolean {
  const end = script.chain?.at(-1)?.end;
  if (end === undefined || instruction.heredocs.length > 0) return false;
  return document.text.slice(end, instruction.end).trim() === '';
}

function decline(run: Run, reason: 'none' | 'flags' | 'list', lists: Lists): Decline | undefined {
  const needed = lists.neededAfter(run.instruction);
  if (!needed) return undefined;
  // that its lists cannot be removed is said elsewhere
  if (reason === 'none' && run.calls.some(({ action }) => action === 'install')) return undefined;
  const line = run.document.originLine(needed.start);
  const at = run.instruction;
  if (reason === 'flags') return { code: 'flags-differ', why: 'the RUN behind it has other flags', at };
  if (reason === 'list')
    return { code: 'unclear-list', why: 'its neighbour is no plain list of commands joined by &&', at };
  return { code: 'not-adjacent', why: `what needs this update is in line ${line}, not directly behind it`, at };
}

function joinGroup(group: Group, lists: Lists): Change | Decline {
  const [update, ...rest] = group;
  const last = rest.at(-1) as Run;
  const needed = lists.neededAfter(last.instruction);
  if (needed) {
    const line = update.document.originLine(needed.start);
    return { code: 'update-used-later', why: `line ${line} needs this update too`, at: update.instruction };
  }
  const edits: Edit[] = [];
  const glue = glueOf(group);
  for (const [i, run] of rest.entries()) {
    const edit = joinEdit(group[i] as Run, run, glue);
    if (!edit) {
      const why = 'a comment for another tool stands between it and the RUN that needs it';
      return { code: 'comment-between', why, at: update.instruction };
    }
    edits.push(edit);
  }
  return {
    title: 'apt-get update and install in one layer',
    why: 'Package lists from another layer come from the build cache for ever: an install that changes later asks the mirrors for versions that are gone.',
    evidence: [
      lineOf(update, update.instruction, 'fetches the package lists'),
      ...rest.map((run) => lineOf(run, run.instruction, 'needs the lists of that layer')),
    ],
    level: 'safe',
    at: update.instruction,
    edits,
  };
}

/** Replaces what stands between two RUNs, comments kept as comment lines of the longer RUN. */
function joinEdit(left: Run, right: Run, glue: string): Edit | undefined {
  const gap = gapOf(left, right);
  if (gap.comments.some((line) => PRAGMA.test(line))) return undefined;
  // behind the continuation: the line end that the glue has, then the comments
  const at = glue.indexOf('\n') + 1;
  const comments = gap.comments.map((line) => line + left.document.eol).join('');
  return { start: gap.start, end: gap.end, text: glue.slice(0, at) + comments + glue.slice(at) };
}

function gapOf(left: Run, right: Run): Span & { readonly comments: readonly string[] } {
  const start = left.script.chain?.at(-1)?.end ?? left.instruction.end;
  const end = right.script.chain?.[0]?.start ?? right.instruction.start;
  const lines = left.document.text.slice(start, end).split(/\r?\n/);
  return { start, end, comments: lines.filter((line) => /^[ \t]*#/.test(line)) };
}

/** What stands between the commands: as the RUNs write `&&` themselves; on one line where two short ones do not break theirs. */
function glueOf(group: Group): string {
  const [{ document, instruction: first }] = group;
  const indent = columnOf(document, first) ?? `${leadOf(document, first)}    `;
  const broken = (indent: string): string => ` ${document.escape}${document.eol}${indent}&& `;
  for (const { instruction } of group) {
    const text = document.text.slice(instruction.start, instruction.end);
    const leading = /\n([ \t]*)&&/.exec(text);
    if (leading) return broken(leading[1] as string);
    const last = /&&[ \t]*[\\`][ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]*)/.exec(text);
    if (last) return ` && ${document.escape}${document.eol}${last[1]}`;
  }
  const isLong = group.some(({ instruction: { start, end } }) => {
    const text = document.text.slice(start, end);
    return !text.includes('\n') && text.length > LONG;
  });
  const isCommented = group.slice(1).some((run, i) => gapOf(group[i] as Run, run).comments.length > 0);
  return group.length > 2 || isLong || isCommented ? broken(indent) : ' && ';
}
