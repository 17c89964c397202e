/**
 * What lies outside of the repository: the digests of images and the checksums of files on the web. It is read from
 * redock.lock, or was asked for beforehand because the user wished it; nothing here asks. What is wished for and not known
 * is noted down, so that whoever runs the transforms can ask and run them again.
 */
import type { Evidence } from '../edit.ts';
import { familiarName, type ImageRef } from '../image.ts';
import { LOCK_NAME, type LockedManager, lockEntry, parseLock } from '../lock-file.ts';
import type { Tree } from '../tree.ts';

/** What a tag stands for. */
export interface Pin {
  /** Of the index where the image is for several platforms. */
  readonly digest: string;
  /** The most precise tag of the same digest; undefined: there is none. */
  readonly patch: string | undefined;
  /** Digests that are known to be older than this one. */
  readonly replaces?: readonly string[];
  readonly evidence: Evidence;
}

export interface Checksum {
  /** `sha256:...` */
  readonly digest: string;
  readonly evidence: Evidence;
}

/** Why something is not known: nobody asked, or the answer was no use. */
export interface Unknown {
  readonly code: 'not-asked' | 'no-answer';
  /** A sentence without a full stop. */
  readonly why: string;
  /** The registry answered that there is no such tag. */
  readonly absent?: true;
}

export interface Remote {
  /** What a tag stands for (`latest` when none is written). `patch`: its most precise tag is wished for as well. */
  image(ref: ImageRef, wish: 'digest' | 'patch'): Pin | Unknown;
  /** What says that a tag exists, or `absent` where the registry has none; undefined: nobody asked. Nobody needs to know it. */
  exists(ref: ImageRef): Evidence | 'absent' | undefined;
  /** What the tag beside a digest stands for; undefined where nothing says, and nobody misses it. */
  renewed(ref: ImageRef): Pin | undefined;
  /** The checksum of what a URL leads to. */
  checksum(url: string): Checksum | Unknown;
  /** The version of a package that redock.lock names; `release`: of the distribution, for apt and apk. */
  version(manager: LockedManager, name: string, release?: string): PackageVersion | undefined;
}

export interface PackageVersion {
  readonly version: string;
  readonly evidence: Evidence;
}

/** A question: an image with the wish, or the URL of a file. `idle`: asked only where a registry is asked anyway. */
export type Question =
  | { readonly kind: 'image'; readonly ref: ImageRef; readonly wish: 'digest' | 'patch'; readonly idle?: true }
  | { readonly kind: 'file'; readonly url: string };

/** What was wished for and is not known: plain data. */
export interface Missed {
  readonly questions: readonly Question[];
  /** Why redock.lock, which was needed, cannot be read. */
  readonly unreadable: string | undefined;
}

export const imageName = (ref: ImageRef): string => `${familiarName(ref)}:${ref.tag ?? 'latest'}`;

const keyOf = (question: Question): string =>
  question.kind === 'file' ? `file ${question.url}` : `${question.wish} ${imageName(question.ref)}`;

export class RemoteFacts implements Remote {
  private readonly lock: ReturnType<typeof parseLock> | undefined;
  private readonly answers = new Map<string, Pin | Checksum | Unknown>();
  private unreadable: string | undefined;
  private readonly open = new Map<string, Question>();

  /** `tree`: the redock.lock in its root is read. */
  constructor(tree: Pick<Tree, 'read'>) {
    const text = tree.read(LOCK_NAME);
    this.lock = text === undefined ? undefined : parseLock(text);
  }

  image(ref: ImageRef, wish: 'digest' | 'patch'): Pin | Unknown {
    const question: Question = { kind: 'image', ref, wish };
    const known = this.locked(ref, wish) ?? (this.answers.get(keyOf(question)) as Pin | Unknown | undefined);
    if (known) return known;
    this.open.set(keyOf(question), question);
    const lock = this.lock ? `${LOCK_NAME} does not say` : `there is no ${LOCK_NAME} that says`;
    const what = wish === 'patch' ? `the patch release of ${imageName(ref)}` : `the digest of ${imageName(ref)}`;
    return { code: 'not-asked', why: `${lock} ${what}; \`redock lock\` or --online asks the registry` };
  }

  exists(ref: ImageRef): Evidence | 'absent' | undefined {
    const known = this.idle(ref);
    if (!known) return undefined;
    return 'why' in known ? known.absent && 'absent' : known.evidence;
  }

  renewed(ref: ImageRef): Pin | undefined {
    const known = this.idle(ref);
    return known && 'digest' in known ? known : undefined;
  }

  /** What a tag stands for, asked only where a registry is asked anyway. */
  private idle(ref: ImageRef): Pin | Unknown | undefined {
    const question: Question = { kind: 'image', ref, wish: 'digest', idle: true };
    const known = this.locked(ref, 'digest') ?? (this.answers.get(keyOf(question)) as Pin | Unknown | undefined);
    if (!known && !this.open.has(keyOf(question))) this.open.set(keyOf(question), question);
    return known;
  }

  checksum(url: string): Checksum | Unknown {
    const question: Question = { kind: 'file', url };
    const known = this.answers.get(keyOf(question)) as Checksum | Unknown | undefined;
    if (known) return known;
    this.open.set(keyOf(question), question);
    return { code: 'not-asked', why: `the checksum of ${url} is not known; --online fetches the file` };
  }

  version(manager: LockedManager, name: string, release?: string): PackageVersion | undefined {
    if (!this.lock) return undefined;
    if ('error' in this.lock) {
      this.unreadable = this.lock.error;
      return undefined;
    }
    const found = this.lock.packages.find(
      (it) => it.manager === manager && it.name === name && (it.release === undefined || it.release === release),
    );
    if (!found) return undefined;
    const says = `${found.name} ${found.version}${found.release === undefined ? '' : ` in ${found.release}`}`;
    return { version: found.version, evidence: { file: LOCK_NAME, line: found.line, says } };
  }

  private locked(ref: ImageRef, wish: 'digest' | 'patch'): Pin | Unknown | undefined {
    if (!this.lock) return undefined;
    if ('error' in this.lock) {
      this.unreadable = this.lock.error;
      return { code: 'no-answer', why: `${LOCK_NAME} cannot be read: ${this.lock.error}` };
    }
    const entry = lockEntry(this.lock.entries, ref);
    if (!entry || (wish === 'patch' && entry.patch === undefined)) return undefined;
    const { name, tag, digest, patch, replaces, date, line } = entry;
    const says = `${name}:${tag} was ${wish === 'patch' ? patch : digest} on ${date}`;
    return { digest, patch, ...(replaces && { replaces }), evidence: { file: LOCK_NAME, line, says } };
  }

  /** What the user should know after a run: what was wished for and is not known for a reason that one command mends. */
  remark(): string | undefined {
    if (this.unreadable) return `${LOCK_NAME} cannot be read: ${this.unreadable}`;
    const wished = [...this.open.values()].filter((it) => it.kind === 'file' || !it.idle).length;
    if (wished === 0) return undefined;
    return `${wished === 1 ? 'one pin is' : `${wished} pins are`} wished for and not known: \`redock lock\` asks the registries about images and keeps the answers, --online asks for this run`;
  }

  /** Takes the questions that nothing answers yet. */
  questions(): readonly Question[] {
    const questions = [...this.open.values()];
    this.open.clear();
    return questions;
  }

  /** Takes what was missed since it was asked last. */
  missed(): Missed {
    return { questions: this.questions(), unreadable: this.unreadable };
  }

  /** Notes down what another one has missed. */
  miss({ questions, unreadable }: Missed): void {
    this.unreadable ??= unreadable;
    for (const question of questions) {
      const key = keyOf(question);
      if (question.kind === 'file' || !question.idle || !this.open.has(key)) this.open.set(key, question);
    }
  }

  /** Keeps the answer to a question. */
  learn(question: Question, answer: Pin | Checksum | Unknown): void {
    this.answers.set(keyOf(question), answer);
  }
}
