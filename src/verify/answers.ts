/**
 * Whether two services answered alike. Exact bytes first. What differs then counts as alike only where it is proved to
 * be different every time: a time within that side's run, the container's own name, what changed between two answers of
 * the same side, and what changed between two builds of the version before. The verdict names each of these.
 */
import { isUtf8 } from 'node:buffer';
import type { Answer } from './requests.ts';

/** What one side said to one request. */
export interface Sample {
  /** One answer, or two to the same question where asking again is safe. */
  readonly answers: readonly Answer[];
  /** Names that only this container has: its host name, its published addresses; with what they stand for. */
  readonly own: Readonly<Record<string, string>>;
  /** When the container ran, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

export interface Likeness {
  readonly alike: boolean;
  /** What was left out of account (`the time`), in order; empty: the bytes are equal. */
  readonly but: readonly string[];
  /** What differs, one line; undefined: nothing. */
  readonly difference: string | undefined;
  /** Worth telling and no failure: another content type. */
  readonly remark: string | undefined;
}

/** Clocks of the engine's machine and ours may differ by this much. */
const SLACK = 5000;
const EXCERPT = 60;

const ISO_TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g;
/** RFC 9110, 5.6.7 */
const HTTP_TIME = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g;
/** Seconds, milliseconds, microseconds or nanoseconds since 1970. */
const UNIX_TIME = /(?<![\w.])\d{10}(?:\.\d+|\d{3}(?:\.\d+)?|\d{6}|\d{9})?(?!\w)/g;

/** Compares what both sides said to one request. @param again what another build of the version before said to it */
export function compareAnswers(before: Sample, after: Sample, again?: Sample): Likeness {
  const [was] = before.answers;
  const [is] = after.answers;
  if (!was || !is) return { alike: false, but: [], difference: 'no answer', remark: undefined };
  const remark = was.type === is.type ? undefined : `content type ${was.type || 'none'} became ${is.type || 'none'}`;
  const differ = (difference: string): Likeness => ({ alike: false, but: [], difference, remark });
  if (was.status !== is.status) return differ(`status ${was.status} became ${is.status}`);
  const places = [was.location, is.location].map((location, i) =>
    normalise(location ?? '', [before, after][i] as Sample, new Set()),
  );
  if (places[0] !== places[1]) return differ(`the redirect to ${was.location} leads to ${is.location}`);
  const but = new Set<string>(was.cut && is.cut ? ['what follows the first MB'] : []);
  if (was.cut !== is.cut) return differ('one of the bodies is longer than 1 MB');
  if (Buffer.compare(was.body, is.body) === 0) return { alike: true, but: [...but], difference: undefined, remark };
  if (!isUtf8(was.body) || !isUtf8(is.body)) {
    return differ(`the body has other bytes (${was.body.length} before, ${is.body.length} after)`);
  }
  const textsOf = (sample: Sample): string[] =>
    sample.answers.map(({ body }) => normalise(Buffer.from(body).toString('utf8'), sample, but));
  const [first = '', ...firstLater] = textsOf(before);
  const [second = '', ...secondLater] = textsOf(after);
  const alike = (...more: string[]): Likeness => ({
    alike: true,
    but: [...but, ...more],
    difference: undefined,
    remark,
  });
  if (first === second) return alike();
  if (sameJson(first, second)) return alike('the order of keys and blanks of the JSON');
  const asked = [[first, ...firstLater] as const, [second, ...secondLater] as const];
  if (sameButChanging(first, second, asked)) return alike('what changes from one answer to the next');
  const built = [first, ...(again ? textsOf(again).slice(0, 1) : [])] as const;
  if (again && sameButChanging(first, second, [...asked, built]))
    return alike('what changes from one build to the next');
  return differ(firstDifference(first, second));
}

/** The text with times of the run and the container's own names replaced by what they are; `but` learns which. */
function normalise(text: string, { own, from, to }: Sample, but: Set<string>): string {
  let result = text;
  for (const [name, meaning] of Object.entries(own)) {
    if (name === '' || !result.includes(name)) continue;
    result = result.replaceAll(name, `<${meaning}>`);
    but.add(meaning);
  }
  const during = (time: number): boolean => time >= from - SLACK && time <= to + SLACK;
  const replace = (read: (found: string) => number) => (found: string) => {
    if (!during(read(found))) return found;
    but.add('the time');
    return '<the time>';
  };
  return result
    .replace(ISO_TIME, replace(readIso))
    .replace(HTTP_TIME, replace(Date.parse))
    .replace(UNIX_TIME, replace(readUnix));
}

/** Without a zone it is read as UTC, which containers use unless told otherwise. */
function readIso(text: string): number {
  const [, day, time, fraction, zone] = /^(\S{10})[T ](\S{8})(?:[.,](\d+))?(.*)$/.exec(text) ?? [];
  return Date.parse(`${day}T${time}.${(fraction ?? '0').slice(0, 3)}${zone || 'Z'}`);
}

function readUnix(text: string): number {
  const whole = text.split('.')[0] as string;
  return Number(text) * 10 ** (13 - whole.length);
}

function sameJson(a: string | undefined, b: string | undefined): boolean {
  try {
    return canonical(JSON.parse(a ?? '')) === canonical(JSON.parse(b ?? ''));
  } catch {
    return false;
  }
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const words = (text: string): string[] => text.split(/([\w.-]+)/);

/**
 * Whether two texts are equal but for words that differ within a group of texts: the answers of one side to the same
 * question, or those of two builds of it.
 */
function sameButChanging(before: string, after: string, told: readonly (readonly string[])[]): boolean {
  const [was, is] = [words(before), words(after)];
  const groups = told.map((texts) => texts.map(words));
  if ([is, ...groups.flat()].some(({ length }) => length !== was.length)) return false;
  const changing = (i: number): boolean =>
    groups.some(([one, ...others]) => others.some((text) => text[i] !== one?.[i]));
  return was.every((word, i) => word === is[i] || changing(i));
}

/** `line 3: "a" became "b"`, cut to what fits on a line around the first other character. */
function firstDifference(before: string, after: string): string {
  if (before === '') return `the body was empty and is ${excerpt(after, 0)}`;
  if (after === '') return `the body ${excerpt(before, 0)} became empty`;
  let at = 0;
  while (before[at] === after[at]) at++;
  const line = before.slice(0, at).split('\n').length;
  return `${line === 1 && !before.includes('\n') ? 'the body' : `line ${line} of the body`}: ${excerpt(before, at)} became ${excerpt(after, at)}`;
}

function excerpt(text: string, at: number): string {
  const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - EXCERPT / 2);
  const end = text.indexOf('\n', at);
  const line = text.slice(start, end === -1 ? undefined : end);
  return JSON.stringify(line.length > EXCERPT ? `${line.slice(0, EXCERPT)}..` : line);
}
