/** `--no-install-recommends`, with the recommended packages that are known to be needed written out. */
import type { Edit } from '../../src/edit.ts';
import {
  BRINGS as ALWAYS,
  RECOMMENDS,
  RECOMMENDS_IRRELEVANT,
  RECOMMENDS_UNCLEAR,
} from '../../src/knowledge/system-packages.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { aptCalls } from './apt.ts';
import { lineOf, type Plan, type Run, said, verbWord } from './run.ts';

const FLAG = '--no-install-recommends';
const ADDS = new Map<string, readonly string[]>(RECOMMENDS.map((row) => [row.package, row.add]));
const UNCLEAR = new Map<string, string>(RECOMMENDS_UNCLEAR.map((row) => [row.package, row.loses]));
const BRINGS = new Map<string, readonly string[]>(ALWAYS.map((row) => [row.package, row.brings]));
const HARMLESS = new Set<string>(RECOMMENDS_IRRELEVANT.packages);

/** One change for every install that takes recommended packages along. */
export function* noRecommends(run: Run, sort: boolean): Plan {
  for (const call of aptCalls(run)) {
    if (call.verb !== 'install' || call.operands.length === 0 || call.command.has(FLAG)) continue;
    if (said.recommends(run.document)) return;
    yield* one(run, call, sort);
  }
}

/** `curl=7.88.1-10`, `curl:arm64`, `curl/bookworm`, `"curl"`, `curl=7.*` */
const nameOf = ({ raw }: ShellWord): string | undefined =>
  /^["']?([a-z0-9][a-z0-9+.-]*)(?:["']?$|[=:/])/.exec(raw)?.[1];

/** What has to be named beside the packages, for their sake and for one another's. */
function neededBeside(names: readonly string[]): readonly string[] {
  const present = new Set(names);
  for (const name of present) for (const other of BRINGS.get(name) ?? []) present.add(other);
  const extra: string[] = [];
  const queue = [...names];
  for (const name of queue) {
    for (const other of ADDS.get(name) ?? []) {
      if (present.has(other)) continue;
      present.add(other);
      extra.push(other);
      queue.push(other);
    }
  }
  // `npm` asks for git, and `git` for what comes with it
  return extra.filter((name) => !extra.some((other) => BRINGS.get(other)?.includes(name))).sort();
}

function* one(run: Run, call: Invocation, sort: boolean): Plan {
  const at = call.command;
  const names = call.operands.map(nameOf);
  const unclear = names.find((name) => name !== undefined && UNCLEAR.has(name));
  if (unclear !== undefined) {
    yield {
      code: 'recommends-unclear',
      why: `without recommended packages ${unclear} loses ${UNCLEAR.get(unclear)}`,
      at,
    };
    return;
  }
  const known = names.filter((name) => name !== undefined && ADDS.has(name)) as string[];
  const extra = neededBeside(names.filter((name) => name !== undefined));
  if (sort && extra.length > 0) {
    yield {
      code: 'recommends-and-sort',
      why: `${extra.join(', ')} would have to be named, in a list that is sorted`,
      at,
    };
    return;
  }
  const edits = editsOf(run, call, extra);
  if (!edits) return;
  const unknown = call.operands
    .filter((_, i) => !ADDS.has(names[i] ?? '') && !HARMLESS.has(names[i] ?? ''))
    .map(({ raw }) => raw);
  const some = `${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}`;
  yield {
    title: 'install without recommended packages',
    why: [
      'Recommended packages make the image larger than what is named.',
      ...(extra.length > 0 ? [`${known.join(', ')} would fail without ${extra.join(', ')}, now named.`] : []),
      unknown.length > 0
        ? `Whether something here needs what ${some} recommend is not known.`
        : 'Whether something else relied on the packages that no longer come along is not known.',
    ].join(' '),
    evidence: [lineOf(run, at)],
    level: 'risky',
    at,
    edits,
  };
}

/** The flag behind the flags that follow the verb, and the packages; undefined where the words are glued to a continuation. */
function editsOf({ document }: Run, call: Invocation, extra: readonly string[]): Edit[] | undefined {
  const { text } = document;
  const { args } = call.command;
  const verb = verbWord(call);
  if (!verb) return undefined;
  let last = verb;
  for (let i = args.indexOf(verb) + 1; call.flags.includes(args[i] as ShellWord); i++) {
    // `-t bookworm-backports`: its value is neither flag nor operand
    const next = args[i + 1];
    if (next && !call.flags.includes(next) && !call.operands.includes(next)) break;
    last = args[i] as ShellWord;
  }
  const inserts = new Map<number, string>();
  if (last !== verb) inserts.set(last.end, ` ${FLAG}`);
  // ` -y` goes to the end of the verb
  else if (text[verb.end] === ' ') inserts.set(verb.end + 1, `${FLAG} `);
  else return undefined;
  const { operands } = call;
  const raws = operands.map(({ raw }) => raw);
  const isSorted = raws.every((raw, i) => i === 0 || (raws[i - 1] as string) <= raw);
  const behind: string[] = [];
  for (const name of extra) {
    const at = isSorted ? raws.findIndex((raw) => raw > name) : 0;
    const place = operands[at];
    if (!place) {
      behind.push(name);
      continue;
    }
    const next = `${name}${breakBefore(call, place, document) ?? ' '}`;
    inserts.set(place.start, (inserts.get(place.start) ?? '') + next);
  }
  const edits = [...inserts].map(([at, written]) => ({ start: at, end: at, text: written }));
  const end = operands.at(-1) as ShellWord;
  if (behind.length > 0) {
    const glue = breakBefore(call, end, document) ?? ' ';
    edits.push({ start: end.start, end: end.end, text: [text.slice(end.start, end.end), ...behind].join(glue) });
  }
  return edits;
}

/** The line break before a word, ready to carry another one; undefined when it stands behind its neighbour. */
function breakBefore(call: Invocation, word: ShellWord, { text, escape, eol }: Run['document']): string | undefined {
  const { args } = call.command;
  const before = args[args.indexOf(word) - 1];
  const gap = before && text.slice(before.end, word.start);
  return gap?.includes('\n') ? ` ${escape}${eol}${gap.slice(gap.lastIndexOf('\n') + 1)}` : undefined;
}
