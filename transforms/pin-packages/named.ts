/** Packages that a command installs by their name alone get the version that the project's files or redock.lock name. */
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline, Edit, Evidence, Span } from '../../src/edit.ts';
import type { LockedManager } from '../../src/lock-file.ts';
import { namedVersions } from '../../src/project/locked-packages.ts';
import { placeText } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { releaseNow } from '../../src/stage/system.ts';
import { adviceText, NAMED, type NamedRow } from './managers.ts';

export interface NamedOptions {
  readonly apt: boolean;
  readonly advice: boolean;
}

/** A call that installs packages by name. */
interface Call {
  readonly call: Invocation;
  readonly row: NamedRow;
  readonly stage: Stage;
  readonly at: Span;
}

/** What is known about one word of a call. */
type Found =
  | (Pinned & { readonly kind: 'pinned' })
  | { readonly kind: 'conflict'; readonly why: string }
  | { readonly kind: 'open'; readonly name: string };

interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly edit: Edit;
  readonly evidence: Evidence;
  /** What is not known about this version, as a sentence. */
  readonly doubt: string | undefined;
}

export function* namedPlans(document: Document, project: Project, options: NamedOptions): Iterable<Change | Decline> {
  const open = new Map<NamedRow, { readonly call: Call; readonly names: Set<string> }>();
  for (const call of callsOf(document)) {
    const { row, at } = call;
    if (row.onRequest && !options.apt) continue;
    const found = call.call.operands.flatMap((word) => foundOf(document, project, call, word) ?? []);
    for (const it of found) {
      if (it.kind === 'conflict') yield { code: 'versions-conflict', why: it.why, at };
      else if (it.kind === 'open') {
        const entry = open.get(row) ?? { call, names: new Set() };
        open.set(row, entry);
        entry.names.add(it.name);
      }
    }
    const pinned = found.filter((it) => it.kind === 'pinned');
    for (const sure of [true, false]) {
      const part = pinned.filter(({ doubt }) => (doubt === undefined) === sure);
      if (part.length > 0) yield change(row, part, at);
    }
  }
  for (const [row, { call, names }] of open) {
    const plan = remark(row, call, [...names]);
    if ('code' in plan || options.advice) yield plan;
  }
}

function* callsOf(document: Document): Iterable<Call> {
  for (const { instruction, script } of document.runs()) {
    const { stage } = instruction;
    for (const command of stage ? script.commands : []) {
      const call = invocation(command);
      const row = call && NAMED.find((it) => it.isInstall(call));
      if (call && row) yield { call, row, stage: stage as Stage, at: { start: command.start, end: command.end } };
    }
  }
}

/** Packages that nothing names a version of: advice, or the answer to a wish. `call`: the first one that installs any. */
function remark(row: NamedRow, { call, stage, at }: Call, names: readonly string[]): Change | Decline {
  if (row.onRequest) {
    const release = releaseNow(stage);
    const where = release === undefined ? '' : ` for ${release}`;
    return { code: 'version-unknown', why: `redock.lock names no version of ${list(names)}${where}`, at };
  }
  const title = `\`${call.program} ${call.verb}\` names no version of ${list(names)}`;
  return { title, why: adviceText(row, names), evidence: [], level: 'manual', at, edits: [] };
}

function foundOf(document: Document, project: Project, { call, row, stage }: Call, word: ShellWord): Found | undefined {
  const { literal } = word;
  const name = literal === undefined ? undefined : row.nameOf(literal);
  // `pip install wheel>=0.46` writes a file of that name
  if (literal === undefined || name === undefined || /[<>]/.test(document.text[word.end] ?? '')) return undefined;
  const [first, second] = versionsOf(project, row.manager, name, stage);
  // `pip install --upgrade pip setuptools`: the newest is what is wished for, whatever something else needs
  if (first?.path !== undefined && row.ownTools?.has(name) && call.command.has('-U', '--upgrade')) return undefined;
  if (!first) return row.ownTools?.has(name) ? undefined : { kind: 'open', name };
  if (second) {
    const [a, b] = [first, second].map(({ version, evidence }) => `${placeText(evidence)} names ${name} ${version}`);
    return { kind: 'conflict', why: `${a}, ${b}` };
  }
  const { version, evidence, path } = first;
  const edit = editOf(word, literal, row.written(literal, version, call.operands.length === 1));
  const doubt = path === undefined ? undefined : row.doubt?.({ document, project, stage, name, version, path });
  return edit && { kind: 'pinned', name, version, edit, evidence, doubt };
}

interface Version {
  readonly version: string;
  readonly evidence: Evidence;
  /** The file of the context that names it; undefined: somebody decided on it in redock.lock. */
  readonly path?: string;
}

function versionsOf(project: Project, manager: LockedManager, name: string, stage: Stage): readonly Version[] {
  const isSystem = manager === 'apt' || manager === 'apk';
  const decided = project.remote.version(manager, name, isSystem ? releaseNow(stage) : undefined);
  if (decided) return [decided];
  if (isSystem) return [];
  return namedVersions(project, manager, name).map(({ version, fact }) => ({
    version,
    evidence: { ...fact, file: project.rootPath(fact.file) },
    path: fact.file,
  }));
}

/** Writes what `literal` becomes; quotes around the word stay around it. */
function editOf(word: ShellWord, literal: string, text: string): Edit | undefined {
  const quotes = word.raw.length - literal.length;
  const isQuoted = quotes === 2 && /^(["']).*\1$/s.test(word.raw);
  if (word.end - word.start !== word.raw.length || (!isQuoted && word.raw !== literal)) return undefined;
  const shift = isQuoted ? 1 : 0;
  const same = commonStart(literal, text);
  return { start: word.start + shift + same, end: word.end - shift, text: text.slice(same) };
}

function commonStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function change(row: NamedRow, pinned: readonly Pinned[], at: Span): Change {
  const what = pinned.map(({ name, version }) => `${name} ${version}`);
  const files = [...new Set(pinned.map(({ evidence }) => evidence.file))];
  const drawback = row.onRequest
    ? ' Mirrors drop a version soon after the next one is there: the build then stops until redock.lock names that one.'
    : '';
  const [doubt] = pinned.flatMap((it) => it.doubt ?? []);
  return {
    title: `${list(what)} pinned`,
    why: `${list(files)} ${files.length === 1 ? 'names' : 'name'} ${what.length === 1 ? 'it' : 'them'}; without a version every build may take another.${drawback}${doubt === undefined ? '' : ` ${doubt}`}`,
    evidence: pinned.map(({ evidence }) => evidence),
    level: doubt === undefined ? 'review' : 'risky',
    at,
    edits: pinned.map(({ edit }) => edit),
  };
}

/** `a`, `a and b`, `a, b and c`; more than four are counted. */
export function list(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
