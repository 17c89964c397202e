/** Command lists: which of their links can be taken out or joined by another without changing what the rest does, and how that looks. */
import type { Edit } from '../edit.ts';
import {
  breakIn,
  dropHead,
  dropTail,
  endIn,
  type Gap,
  gapBetween,
  hasComments,
  joinGaps,
  model,
  type Part,
  type ShellText,
  startIn,
} from './layout.ts';

/** One statement of a list: links joined by `&&`. */
export interface Chain {
  readonly links: readonly Part[];
  /** A single simple command, not negated and not in the background. */
  readonly plain: boolean;
  /** Whether `set -e` is in force here for sure, or perhaps; where the shell ignores it (left of `&&`, conditions) it is not. */
  errexit: 'yes' | 'no' | 'perhaps';
}

/** Statements separated by `;` or line ends. */
export interface List {
  readonly id: number;
  readonly chains: Chain[];
  /** Whether its status becomes the status of the instruction. */
  readonly final: boolean;
}

/** Where a command is a link. */
export interface Place {
  readonly list: List;
  readonly chain: number;
  readonly link: number;
}

const CHAIN_GAP = /^(?:[ \t\n]|\\\n)*&&(?:[ \t\n]|\\\n)*$/;
const LIST_GAP = /^(?:[ \t]|\\\n)*[;\n](?:[ \t\n]|\\\n)*$/;

/** The gap between two neighbours; undefined where it holds more than an operator (`&`, a shell comment, a heredoc body). */
function gap(shell: ShellText, left: Part | undefined, right: Part | undefined, pattern: RegExp): Gap | undefined {
  if (!left || !right) return undefined;
  const between = shell.source.text.slice(left.end, right.start);
  return pattern.test(between) ? gapBetween(shell, left.end, right.start) : undefined;
}

function around(shell: ShellText, { list, chain: at, link }: Place) {
  const chain = list.chains[at] as Chain;
  const own = chain.links[link] as Part;
  const previous = list.chains[at - 1];
  const next = list.chains[at + 1];
  const first = link === 0;
  const last = link === chain.links.length - 1;
  const single = chain.links.length === 1;
  const before = first
    ? gap(shell, previous?.links.at(-1), own, LIST_GAP)
    : gap(shell, chain.links[link - 1], own, CHAIN_GAP);
  const after = last ? gap(shell, own, next?.links[0], LIST_GAP) : gap(shell, own, chain.links[link + 1], CHAIN_GAP);
  return { chain, own, previous, next, first, last, single, before, after };
}

const textOf = (shell: ShellText, part: Part): string => shell.source.text.slice(part.start, part.end);

/** Takes a link out together with one operator; undefined where the rest would behave differently or a comment would be lost. */
export function removeLink(shell: ShellText, place: Place): Edit | undefined {
  const { chain, own, previous, next, first, last, single, before, after } = around(shell, place);
  if (hasComments(shell, own) || textOf(shell, own).includes('<<')) return undefined;
  // a shell comment behind it is about it
  if (/^[ \t;]*#/.test(shell.source.text.slice(own.end))) return undefined;
  const hasLeft = !first || previous !== undefined;
  const hasRight = !last || next !== undefined;
  if (!hasLeft && !hasRight) return undefined;
  if ((hasLeft && !before) || (hasRight && !after)) return undefined;
  if (last && !single) {
    // `x && own; y` under set -e: a failing x does not end the script, as the last of the chain it would
    const final = place.list.final && !next;
    if (!final && chain.errexit !== 'no') return undefined;
  }
  if (single && !next && previous) {
    // `x; own`: the status of x was ignored, now it would be the status of the list
    if (!previous.plain || previous.errexit !== 'yes') return undefined;
  }
  if (before && after) {
    const keep = first === last ? 'any' : first ? 'left' : 'right';
    return joinGaps(shell, before, after, keep);
  }
  if (after) return dropHead(shell, own, after);
  return before && dropTail(shell, before, own.end);
}

/** `;` of a model made `&&`: ` \⏎    ; ` becomes ` \⏎    && `, `; \⏎    ` becomes ` && \⏎    `; undefined for a bare line end. */
function chained(text: string): string | undefined {
  const at = text.indexOf(';');
  if (at < 0) return undefined;
  const head = text.slice(0, at);
  const glue = head === '' || /\S$/.test(head) ? ' ' : '';
  return `${head}${glue}&&${text.slice(at + 1)}`;
}

/** What to write between a new command and its neighbour, like the list: `&&` of the chain, or the separator of the statements. */
function separator(shell: ShellText, place: Place, kind: 'and' | 'list'): string {
  const { chain, own, single, before, after } = around(shell, place);
  // the body of a heredoc starts at the next line end: keep to this line
  const heredoc = shell.source.text.includes('<<');
  let gaps = [before, after];
  if (!single) {
    gaps = chain.links.map((link, i) => gap(shell, chain.links[i - 1], link, CHAIN_GAP));
    gaps = [gaps[place.link], gaps[place.link + 1], ...gaps];
  }
  const models = gaps.filter((it) => it !== undefined).map(model);
  if (kind === 'list') {
    return (heredoc ? undefined : (models.find((it) => it.includes('\n')) ?? models[0])) ?? '; ';
  }
  const usable = models.map((it) => (it.includes('&&') ? it : chained(it))).filter((it) => it !== undefined);
  if (heredoc) return usable.find((it) => !it.includes('\n')) ?? ' && ';
  const lined = usable.find((it) => it.includes('\n'));
  if (lined !== undefined) return lined;
  const broken = breakIn(shell, own);
  return broken === undefined ? (usable[0] ?? ' && ') : `${broken}&& `;
}

const oneLine = (text: string): boolean => text.trim() !== '' && !/[\r\n]/.test(text);

/** Writes a command behind a link. It runs when the link succeeded; a failure of the link counts as much as before. */
export function appendTo(shell: ShellText, place: Place, text: string): Edit | undefined {
  if (!oneLine(text)) return undefined;
  const { chain, own, next, last, single } = around(shell, place);
  const { final } = place.list;
  const at = endIn(shell, own.end);
  const insert = (between: string): Edit => {
    // `own; y` or `own # why`: no line end of the script in between
    const ends = /[;&]/.test(between) || /^[ \t]*(?:\n|$)/.test(shell.source.text.slice(own.end));
    return { start: at, end: at, text: (ends ? between : '; ') + text };
  };
  // `a && b` would hide a failure of a from set -e, `a; b` does not; where statements are separated, keep to that
  if (single && (next || chain.errexit === 'yes')) return insert(separator(shell, place, 'list'));
  if (last && chain.errexit !== 'no' && !(final && !next)) return undefined;
  return insert(separator(shell, place, 'and'));
}

/** Writes a command before a link. */
export function prependTo(shell: ShellText, place: Place, text: string): Edit | undefined {
  if (!oneLine(text)) return undefined;
  const { chain, own, previous, next, single, before, after } = around(shell, place);
  const at = startIn(shell, own.start);
  const newline = [before, after].some((it) => it !== undefined && !/[;&]/.test(model(it)));
  const statements = single && (previous || next) && (newline || chain.errexit === 'yes');
  const between = separator(shell, place, statements ? 'list' : 'and');
  return { start: at, end: at, text: text + between };
}
