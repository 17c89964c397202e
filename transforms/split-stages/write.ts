/** A plan as edits: the builder keeps its place, the end of the file becomes the end of the runtime stage. */
import { lineStart } from '../../src/document/lines.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Comment, Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import { defaultPlacement } from './defaults.ts';
import { countsFromHome } from './home-folder.ts';
import type { Addition, Placement, Plan, Step, View } from './types.ts';

/** A line group of the runtime stage. */
interface Entry {
  readonly text: string;
  /** Whether an empty line stands before it. */
  readonly apart: boolean;
  /** The instruction that stands there unchanged and can stay where it is. */
  readonly kept: Instruction | undefined;
}

/** Where each instruction goes, the recipe's word before the default. */
export function placementsOf(view: View, plan: Plan): ReadonlyMap<Instruction, Placement> {
  const decided = new Map(plan.placements);
  for (const instruction of [...view.stage.instructions].reverse()) {
    if (!decided.has(instruction)) decided.set(instruction, defaultPlacement(view, instruction, decided));
  }
  // WORKDIR app of an image whose folder is /go
  const old = countsFromHome(view, plan.image, (it) => /^(?:runtime|both)$/.test(decided.get(it)?.place ?? ''));
  const placement = old && decided.get(old.first);
  if (old && placement && old.first.keyword === 'WORKDIR' && placement.text === undefined)
    decided.set(old.first, {
      ...placement,
      text: `${view.keyword('WORKDIR')} ${joinPath(old.home, old.first.args.text)}`,
    });
  for (const step of view.steps) if (isIdle(view, step, decided)) decided.set(step.instruction, { place: 'nowhere' });
  return decided;
}

/** `RUN apt-get update` in the builder, from where everything that was installed moved away. */
function isIdle(view: View, step: Step, placements: ReadonlyMap<Instruction, Placement>): boolean {
  const { instruction, tasks, opaque } = step;
  const stays = (it: Step): boolean => placements.get(it.instruction)?.place !== 'runtime';
  if (tasks.length === 0 || opaque !== undefined || !tasks.every(({ effect }) => effect === 'index')) return false;
  if (!stays(step) || attached(view.document, view.stage, instruction).length > 0) return false;
  const behind = view.steps.slice(view.steps.indexOf(step) + 1);
  const moved = behind.some((it) => !stays(it) && it.tasks.some(({ effect }) => effect === 'packages'));
  const needs = (it: Step): boolean =>
    it.opaque !== undefined || it.tasks.some(({ effect }) => effect === 'packages' || effect === 'unknown');
  return moved && !behind.some((it) => stays(it) && needs(it));
}

/** The edits that turn the stage into two. */
export function splitEdits(view: View, plan: Plan): Edit[] {
  const { document, stage } = view;
  const placements = placementsOf(view, plan);
  const { instructions } = stage;
  const place = (it: Instruction): Placement => placements.get(it) as Placement;
  const stays = (it: Instruction): boolean =>
    place(it).place === 'runtime' && (place(it).text === undefined || place(it).edits !== undefined);
  let tail = instructions.length;
  while (tail > 0 && stays(instructions[tail - 1] as Instruction)) tail--;

  const edits: Edit[] = nameEdits(view, plan);
  const head = instructions.slice(0, tail);
  const leaves = (it: Instruction): boolean => place(it).place === 'runtime' || place(it).place === 'nowhere';
  const isInGroup = (before: Instruction | undefined, it: Instruction): boolean =>
    before !== undefined && leaves(before) && isNext(document, stage, before, it);
  for (const [index, instruction] of head.entries()) {
    const { edits: own } = place(instruction);
    if (!leaves(instruction)) edits.push(...(own ?? []));
    else if (!isInGroup(head[index - 1], instruction)) {
      edits.push(removal(document, stage, groupFrom(document, stage, head.slice(index), leaves)));
    }
  }
  for (const instruction of instructions.slice(tail)) edits.push(...(place(instruction).edits ?? []));
  for (const addition of plan.additions) {
    const at = addition.before === undefined ? instructions.length : instructions.indexOf(addition.before);
    if (addition.stage === 'builder' && at < tail)
      edits.push(insertBefore(document, stage, addition.before as Instruction, addition));
    else if (addition.stage === 'runtime' && at >= tail && at > 0 && at < instructions.length && at !== tail) {
      edits.push(insertBefore(document, stage, addition.before as Instruction, addition));
    }
  }
  edits.push(header(view, plan, placements, tail));
  return merged(edits);
}

/** The FROM of the runtime stage and what is repeated or new in it, put before the instructions that stay at the end. */
function header(view: View, plan: Plan, placements: ReadonlyMap<Instruction, Placement>, tail: number): Edit {
  const { document, stage } = view;
  const { instructions } = stage;
  const entries: Entry[] = [];
  const builderEnd: Addition[] = [];
  for (let at = 0; at <= instructions.length; at++) {
    const instruction = instructions[at];
    for (const addition of plan.additions) {
      const index = addition.before === undefined ? instructions.length : instructions.indexOf(addition.before);
      if (index !== at) continue;
      if (addition.stage === 'builder' && at >= tail) builderEnd.push(addition);
      if (addition.stage === 'runtime' && (at <= tail || at === instructions.length)) {
        entries.push({ text: addition.text, apart: spaced(document, stage), kept: undefined });
      }
    }
    if (!instruction || at >= tail) continue;
    const placement = placements.get(instruction) as Placement;
    if (placement.place === 'builder' || placement.place === 'nowhere') continue;
    const moved = placement.place === 'runtime' ? attached(document, stage, instruction) : [];
    const text = placement.text ?? document.text.slice(instruction.start, instruction.end).replaceAll('\r\n', '\n');
    entries.push({
      text: [...moved.map((comment) => comment.text), text].join('\n'),
      apart: isApart(document, stage, instruction),
      kept: undefined,
    });
  }
  const as = stage.from.words[1]?.value ?? view.keyword('AS');
  const name = stage.name === undefined ? '' : ` ${as} ${stage.name}`;
  const platform = stage.platform === undefined ? '' : `--platform=${stage.platform} `;
  const lines = [`${view.keyword('FROM')} ${platform}${plan.image}${name}`];
  const old = countsFromHome(view, plan.image, (it) => /^(?:runtime|both)$/.test(placements.get(it)?.place ?? ''));
  if (old && placements.get(old.first)?.text === undefined) lines.push(`${view.keyword('WORKDIR')} ${old.home}`);
  for (const [i, entry] of entries.entries()) lines.push(entry.apart && i > 0 ? `\n${entry.text}` : entry.text);
  const body = lines.join('\n');
  const first = instructions[tail];
  const end = builderEnd.map(({ text, opens }, i) => (opens && i > 0 ? `\n${text}\n` : `${text}\n`)).join('');
  const opens = builderEnd[0]?.opens === true;
  if (first) {
    const start = topOf(document, stage, first);
    // what moves away from here leaves the empty line behind that stood before it
    let left = tail;
    while (left > 0 && placements.get(instructions[left - 1] as Instruction)?.place === 'runtime') left--;
    const tops = [start, topOf(document, stage, instructions[left] as Instruction)];
    const isFree = tops.some((top) => /\n[ \t]*\r?\n$/.test(document.text.slice(0, top)));
    const gap = isFree && end === '' ? '' : '\n';
    const before = opens && !isFree ? '\n' : '';
    // what was apart from the builder stays apart from what is new
    const after = isApart(document, stage, first) && spaced(document, stage) ? '\n\n' : '\n';
    return { start, end: start, text: asFile(document, `${before}${end}${gap}${body}${after}`) };
  }
  const last = instructions.at(-1) ?? stage.from;
  return { start: last.end, end: last.end, text: asFile(document, `\n${opens ? '\n' : ''}${end}\n${body}`) };
}

const asFile = (document: Document, text: string): string =>
  document.eol === '\r\n' ? text.replaceAll(/\r?\n/g, '\r\n') : text;

/** ` AS builder` behind the image, or in the place of the name that the runtime stage takes over. */
function nameEdits({ stage, builder, keyword }: View, { builderImage, first = builder }: Plan): Edit[] {
  const { start, end } = stage.fromWord;
  const word = stage.from.words[2];
  const name = word
    ? { start: word.start, end: word.end, text: first }
    : { start: end, end, text: ` ${keyword('AS')} ${first}` };
  return builderImage === undefined ? [name] : [{ start, end, text: builderImage }, name];
}

/** Comment lines right above an instruction, without an empty line between. */
function attached(document: Document, stage: Stage, instruction: Instruction): readonly Comment[] {
  const own: Comment[] = [];
  let top = lineStart(document.text, instruction.start);
  const floor = previous(stage, instruction).end;
  const { comments } = document;
  for (let i = comments.length - 1; i >= 0; i--) {
    const comment = comments[i] as Comment;
    if (comment.start < floor) break;
    if (comment.start >= top) continue;
    if (document.text.slice(comment.end, top).replace(/\r?\n/, '') !== '') break;
    own.unshift(comment);
    top = lineStart(document.text, comment.start);
  }
  return own;
}

const topOf = (document: Document, stage: Stage, instruction: Instruction): number =>
  lineStart(document.text, attached(document, stage, instruction)[0]?.start ?? instruction.start);
const previous = (stage: Stage, instruction: Instruction): Instruction => {
  const at = stage.instructions.indexOf(instruction);
  return at <= 0 ? stage.from : (stage.instructions[at - 1] as Instruction);
};
const isApart = (document: Document, stage: Stage, instruction: Instruction): boolean =>
  /\n[ \t]*\r?\n$/.test(document.text.slice(previous(stage, instruction).end, topOf(document, stage, instruction)));

/** Whether the file sets most instructions apart by empty lines. */
function spaced(document: Document, stage: Stage): boolean {
  const apart = stage.instructions.filter((it) => isApart(document, stage, it)).length;
  return apart * 2 > stage.instructions.length;
}

/** Instructions that leave together, with nothing but blanks between them. */
function groupFrom(
  document: Document,
  stage: Stage,
  following: readonly Instruction[],
  leaves: (it: Instruction) => boolean,
): readonly Instruction[] {
  const end = following.findIndex(
    (it, i) => i > 0 && !(leaves(it) && isNext(document, stage, following[i - 1] as Instruction, it)),
  );
  return end < 0 ? following : following.slice(0, end);
}

/** Whether only blanks stand between two instructions and the comments of the second. */
const isNext = (document: Document, stage: Stage, a: Instruction, b: Instruction): boolean =>
  document.text.slice(a.end, topOf(document, stage, b)).trim() === '';

/** Takes instructions out with their comments, their line ends and, where they stood apart on both sides, one empty line. */
function removal(document: Document, stage: Stage, group: readonly Instruction[]): Edit {
  const [first] = group as readonly [Instruction];
  const start = topOf(document, stage, first);
  let { end } = group.at(-1) as Instruction;
  end += /^[ \t]*\r?\n?/.exec(document.text.slice(end))?.[0].length ?? 0;
  if (isApart(document, stage, first)) end += /^[ \t]*\r?\n/.exec(document.text.slice(end))?.[0].length ?? 0;
  return { start, end, text: '' };
}

function insertBefore(document: Document, stage: Stage, instruction: Instruction, { text, opens }: Addition): Edit {
  const start = topOf(document, stage, instruction);
  if (opens) {
    const before = isApart(document, stage, instruction) ? '' : '\n';
    return { start, end: start, text: asFile(document, `${before}${text}\n`) };
  }
  const gap = spaced(document, stage) || isApart(document, stage, instruction) ? '\n\n' : '\n';
  return { start, end: start, text: asFile(document, `${text}${gap}`) };
}

/** Insertions at one place become one, in order; an insertion where a removal begins becomes a part of it. */
function merged(edits: readonly Edit[]): Edit[] {
  const out: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = out.at(-1);
    const meets =
      last !== undefined && (last.start === edit.start || last.end === edit.start) && last.end <= edit.start;
    if (last && meets) out[out.length - 1] = { start: last.start, end: edit.end, text: last.text + edit.text };
    else out.push(edit);
  }
  return out;
}
