/** What the reviewer reads: title, reason and evidence; and changes that share a neighbour as one. */
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Edit } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import type { Neighbour } from './ignore-file.ts';
import type { Move } from './layout.ts';
import type { Role } from './steps.ts';
import type { Needs } from './types.ts';

type Install = Extract<Role, { kind: 'install' }>;

export const unique = (paths: readonly string[]): string[] => [...new Set(paths)];

const QUOTED = 60;

/** An instruction as a sentence names it: flags included, on one line, the end of a long one left out. */
export function quoted(document: Document, { keyword, flags, args }: Instruction): string {
  const words = [keyword, ...flags.map(({ start, end }) => document.text.slice(start, end)), args.text];
  const text = words.join(' ').replace(/\s+/g, ' ');
  return text.length > QUOTED ? `${text.slice(0, QUOTED).trimEnd()}...` : text;
}

/** The change of one move. */
export function describe(
  document: Document,
  project: Project,
  move: Move,
  needs: readonly Needs[],
  installs: readonly Install[],
  edits: readonly Edit[],
  neighbour: Neighbour | undefined,
): Change {
  const names = [...move.files, ...move.folders].map((path) => path.split('/').at(-1) as string);
  const more = names.length - 2;
  const list = names.length === 2 ? names.join(' and ') : more > 0 ? `${names[0]} and ${more + 1} more` : names[0];
  const calls = unique(
    installs.map(({ invocation: it, needs: { warm } }) =>
      warm === undefined || it.manager !== 'go' ? `${it.program} ${it.verb}`.trim() : 'go mod download',
    ),
  ).join(' and ');
  // RUN make build: what fetches is a line that is not there yet
  const moved = move.warm === undefined ? calls : quoted(document, move.firstRun);
  const line = document.originLine(move.copy.start);
  const copyText = document.text.slice(move.copy.start, move.copy.end).split('\n')[0] as string;
  return {
    title: list === undefined ? `Run ${calls} before the source is copied` : `Copy ${list} before the source`,
    why: `What ${calls} fetches depends on these files alone, but every edit of the source makes it run again.${
      neighbour
        ? ` ${neighbour.patterns.join(' and ')} in .dockerignore: the copy, now behind the install, would lay the host's folder over the installed one.`
        : ''
    }`,
    evidence: [
      {
        file: document.path,
        line,
        says: `${copyText} stands before ${moved} (line ${document.originLine(move.firstRun.start)})`,
      },
      ...needs.flatMap((it) => it.evidence.map((fact) => ({ ...fact, file: project.rootPath(fact.file) }))),
      ...(neighbour
        ? [
            {
              file: neighbour.file,
              says:
                neighbour.creates.length > 0 ? 'does not exist' : `does not leave out ${neighbour.patterns.join(', ')}`,
            },
          ]
        : []),
    ],
    level: 'review',
    at: { start: move.copy.start, end: move.copy.end },
    edits: [...edits, ...(neighbour?.edits ?? [])],
    ...(neighbour && neighbour.creates.length > 0 && { creates: neighbour.creates }),
  };
}

/** Changes that complete the same .dockerignore are one change: it can be completed once only. */
export function* withoutRepeats(changes: readonly Change[]): Iterable<Change> {
  const byFile = new Map<string, Change>();
  const order: string[] = [];
  for (const [i, change] of changes.entries()) {
    const file = change.creates?.[0]?.file ?? change.edits.find((edit) => edit.file !== undefined)?.file ?? `\0${i}`;
    const known = byFile.get(file);
    if (!known) {
      byFile.set(file, change);
      order.push(file);
      continue;
    }
    byFile.set(file, merge(known, change, file));
  }
  for (const file of order) yield byFile.get(file) as Change;
}

function merge(a: Change, b: Change, file: string): Change {
  const patterns = [a, b].flatMap((it) =>
    [...(it.creates ?? []), ...it.edits.filter((edit) => edit.file === file)].flatMap(({ text }) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ),
  );
  const own = (it: Change) => it.edits.filter((edit) => edit.file === undefined);
  const lead = a.edits.find((edit) => edit.file === file);
  const eol = lead?.text.includes('\r\n') ? '\r\n' : '\n';
  const text = unique(patterns)
    .map((pattern) => pattern + eol)
    .join('');
  return {
    ...a,
    title: `${a.title}, in two places`,
    evidence: [...a.evidence, ...b.evidence],
    edits: [...own(a), ...own(b), ...(lead ? [{ ...lead, text: /^\r?\n/.test(lead.text) ? eol + text : text }] : [])],
    ...(a.creates && { creates: [{ file, text }] }),
  };
}
