/** What the reviewer reads. */
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Edit, Evidence } from '../../src/edit.ts';
import type { Writes } from '../../src/project/writes.ts';
import type { Chosen } from './account.ts';
import type { LowPort } from './doubts.ts';
import type { Ownership } from './folders.ts';
import { anchorOf } from './write.ts';

interface Parts {
  readonly document: Document;
  readonly stage: Stage;
  readonly account: Chosen;
  readonly owned: Ownership;
  readonly writes: Writes;
  readonly port: LowPort | undefined;
  readonly doubts: readonly string[];
  readonly edits: readonly Edit[];
}

const EVIDENCE_LIMIT = 6;

export function describe({ document, stage, account, owned, writes, port, doubts, edits }: Parts): Change {
  const anchor = anchorOf(document, stage);
  const evidence: Evidence[] = [...account.evidence, ...owned.evidence.slice(0, EVIDENCE_LIMIT)];
  if (port) evidence.push(port.evidence);
  return {
    title: `Run as ${account.user}`,
    why: [
      `The process would be root: who breaks into it could change its code and everything that is mounted. It runs as ${account.says}.`,
      ownershipText(owned, writes),
      ...(port ? [`Docker from 20.10 on lets everybody listen on port ${port.port}.`] : []),
      ...doubts,
    ].join(' '),
    evidence,
    level: doubts.length > 0 ? 'risky' : 'review',
    at: { start: anchor.start, end: anchor.headEnd },
    edits,
  };
}

const place = ({ file, line }: Evidence): string => (line === undefined ? file : `${file}:${line}`);

function ownershipText(
  { workdir, folders, copies, bringsMore, built, evidence }: Ownership,
  { filesRead }: Writes,
): string {
  const [first] = evidence;
  const where = first ? ` (${place(first)})` : '';
  const named = [...folders, ...built.map(({ folder }) => folder)];
  if (workdir !== undefined) {
    const also = named.length > 0 ? ` and ${named.join(', ')}` : '';
    return `It writes to ${workdir} or below it, as far as can be told${where}, so that ${workdir}${also} and what is copied there belong to it.`;
  }
  if (named.length > 0 || copies.length > 0) {
    const also = bringsMore ? ', with all that the same COPY brings' : '';
    return `${named.length > 0 ? named.join(', ') : 'What it writes to'} belongs to it${where}${also}; everything else stays root's and read-only.`;
  }
  const read = filesRead === 1 ? 'The source file' : `None of ${filesRead} source files`;
  return filesRead > 0
    ? `${read} writes ${filesRead === 1 ? 'no' : 'a'} file, so that the code stays root's and read-only.`
    : "The code stays root's and read-only.";
}
