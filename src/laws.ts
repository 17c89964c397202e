/**
 * The laws that every rewrite obeys, checked from outside through the public API: by the tests over every fixture, by
 * `npm run laws` over any folder. Law 4 (git apply equals apply) needs the file system and stands in scripts/laws.ts.
 */
import { contractDifferences } from './contract.ts';
import { Document } from './document.ts';
import { mayChange, type Result, type RewriteInput, rewrite } from './rewrite.ts';

/** The laws by the name they have in reports. */
export const LAWS = {
  idempotent: 'a second run changes nothing',
  identity: 'when nothing is taken the bytes are identical',
  untouched: 'lines that no edit touches are identical',
  patch: 'git apply of the preview equals apply',
  parses: "BuildKit's parser accepts the result whenever it accepted the input",
  contract: 'the image contract differs only where the transforms that ran may change it',
  comments: 'no comment is lost',
  format: 'line ends, byte order mark and final newline are kept',
  crash: 'no transform fails',
  references: 'every stage and COPY --from resolves',
} as const;
export type Law = keyof typeof LAWS;

export interface Violation {
  readonly law: Law;
  readonly message: string;
}

/** Tells whether BuildKit's parser accepts a Dockerfile. */
export type Judge = (text: string) => Promise<boolean>;

/** Checks the result of `rewrite(input)` against every law but `patch`. */
export async function checkLaws(input: RewriteInput, result: Result, judge: Judge): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const fail = (law: Law, message: string) => violations.push({ law, message });
  for (const fault of result.faults) fail('crash', `${fault.transform}: ${fault.message}`);
  const { before, after } = result;

  const untaken = rewrite({ ...input, accept: () => false });
  if (untaken.after !== before || untaken.files.length > 0) fail('identity', 'text differs though no change was taken');
  if (after === before && result.files.length === 0) return violations;

  const again = rewrite({ ...input, text: after });
  if (again.after !== after || again.files.some((file) => file.before !== file.after)) {
    const { transform, change } = again.changes.find((c) => c.status === 'applied') ?? {};
    fail('idempotent', `${transform}: ${change?.title}`);
  }
  const missing = lostLine(result);
  if (missing !== undefined) fail('untouched', `line ${missing} is gone`);
  if ((await judge(before)) && !(await judge(after))) fail('parses', 'the result is refused');

  const old = Document.read(result.path, before);
  const now = Document.read(result.path, after);
  if (!(old instanceof Document)) fail('crash', 'an unreadable file was changed');
  else if (!(now instanceof Document)) fail('parses', `line ${now.line}: ${now.message}`);
  else {
    const doubt = now.secondOpinion();
    if (doubt) fail('parses', `line ${doubt.line}: ${doubt.message}`);
    const ran = new Set(result.changes.filter((c) => c.status === 'applied').map((c) => c.transform));
    const allowed = new Set(
      input.transforms.filter((t) => ran.has(t.name)).flatMap((t) => mayChange(t, input.settings)),
    );
    const broken = [...contractDifferences(old, now)].filter((key) => !allowed.has(key));
    if (broken.length > 0) fail('contract', broken.join(', '));
    const lost = missingFrom(
      Array.from(old.allComments(), ({ text }) => text),
      Array.from(now.allComments(), ({ text }) => text),
    );
    if (lost !== undefined) fail('comments', lost);
    const dangling = danglingReference(old, now);
    if (dangling !== undefined) fail('references', dangling);
  }
  const format = formatDifference(before, after);
  if (format !== undefined) fail('format', format);
  return violations;
}

/** The first line that no edit touched and that the result does not hold in its order. */
function lostLine({ before, after, changes }: Result): number | undefined {
  const touched = new Set<number>();
  for (const { status, touches } of changes) {
    if (status !== 'applied' && status !== 'superseded') continue;
    for (const [from, to] of touches) for (let line = from; line <= to; line++) touched.add(line);
  }
  const left = after.split('\n');
  let at = 0;
  for (const [index, line] of before.split('\n').entries()) {
    if (touched.has(index + 1)) continue;
    const found = left.indexOf(line, at);
    if (found === -1) return index + 1;
    at = found + 1;
  }
  return undefined;
}

function missingFrom(wanted: readonly string[], present: readonly string[]): string | undefined {
  const left = [...present];
  for (const text of wanted) {
    const at = left.indexOf(text);
    if (at === -1) return text;
    left.splice(at, 1);
  }
  return undefined;
}

/** A --from that named a stage before and names none, or a later one, now. */
function danglingReference(before: Document, after: Document): string | undefined {
  const names = new Set(before.stages.flatMap(({ name }) => name?.toLowerCase() ?? []));
  // what stood on nothing before may go on doing so
  const known = new Set(Array.from(dangling(before, names), ({ value }) => value));
  for (const { line, value } of dangling(after, names)) if (!known.has(value)) return `line ${line}: --from=${value}`;
  return undefined;
}

/** Each --from that is a number or a name of a stage, and stands before that stage. */
function* dangling(document: Document, names: ReadonlySet<string>): Iterable<{ line: number; value: string }> {
  for (const { flags, stage, line } of document.instructions) {
    const value = flags.find(({ name }) => name === 'from')?.value;
    if (value === undefined || !stage) continue;
    const isThere = /^\d+$/.test(value)
      ? Number(value) < stage.index
      : !names.has(value.toLowerCase()) || document.stageNamed(value, stage) !== undefined;
    if (!isThere) yield { line, value };
  }
}

function formatDifference(before: string, after: string): string | undefined {
  if (before.startsWith('\uFEFF') !== after.startsWith('\uFEFF')) return 'byte order mark';
  if (/\n$/.test(before) !== /\n$/.test(after)) return 'final newline';
  const crlf = /\r\n/.test(before);
  const lf = /(?<!\r)\n/.test(before);
  if (!crlf && /\r\n/.test(after)) return 'CRLF in an LF file';
  if (!lf && crlf && /(?<!\r)\n/.test(after)) return 'LF in a CRLF file';
  return undefined;
}
