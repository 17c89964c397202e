/**
 * Shares the Dockerfiles of one root among threads. The answers are those of one thread: they are taken in order, and an
 * answer is of no use when a Dockerfile before it has planned a file meanwhile that it may have read.
 */
import type { RemoteFacts } from '../project/remote.ts';
import type { Result } from '../rewrite.ts';
import type { Tree } from '../tree.ts';
import type { Pool, Promised } from './pool.ts';
import { Plans, readsFrom } from './reach.ts';
import type { Answer, TaskFile } from './worker.ts';

/** Dockerfiles that go to one thread together: neighbours, which read the same files. */
const TOGETHER = 16;
/** Tasks that are on their way or wait for their turn, for each thread. */
const AHEAD = 4;

interface Sent {
  readonly answers: readonly Promised[];
  /** How many plans there were when it was sent. */
  readonly known: number;
  /** How many there were when the first of its files was taken: later ones are its own. */
  own: number | undefined;
  taken: number;
  isStale: boolean;
}

export class Share {
  readonly #pool: Pool;
  readonly #tree: Tree;
  readonly #remote: RemoteFacts;
  readonly #dockerfiles: readonly string[];
  readonly #fileOf: (path: string) => Promise<TaskFile>;
  readonly #plans = new Plans();
  readonly #sent: Sent[] = [];
  #next = 0;

  /** `dockerfiles`: all of the root in the order in which they are taken. */
  constructor(
    pool: Pool,
    tree: Tree,
    remote: RemoteFacts,
    dockerfiles: readonly string[],
    fileOf: (path: string) => Promise<TaskFile>,
  ) {
    this.#pool = pool;
    this.#tree = tree;
    this.#remote = remote;
    this.#dockerfiles = dockerfiles;
    this.#fileOf = fileOf;
  }

  /**
   * The verdict on the next Dockerfile. `here` rewrites it in this thread, on a tree that holds all plans of those before.
   */
  async take(file: TaskFile, here: () => Result): Promise<Result> {
    await this.#sendAhead();
    const sent = this.#sent[0];
    if (!sent) {
      this.#next++;
      return this.#keep(file, here());
    }
    sent.own ??= this.#plans.count;
    const answer = await sent.answers[sent.taken++];
    if (sent.taken === sent.answers.length) this.#sent.shift();
    if (answer && this.#isCurrent(sent, file)) return this.#believe(file, answer);
    // those behind it in its task have read what it has planned there
    sent.isStale = true;
    return this.#keep(file, here());
  }

  #isCurrent(sent: Sent, { path, settings }: TaskFile): boolean {
    if (sent.isStale) return false;
    return !this.#plans.concern(readsFrom(this.#tree, path, settings.context), sent.known, sent.own as number);
  }

  #believe(file: TaskFile, { result, missed }: Answer): Result {
    for (const { path, after } of result.files) this.#tree.plan(path, after);
    this.#remote.miss(missed);
    return this.#keep(file, result);
  }

  /** Remembers what was planned for those to come. */
  #keep({ path, settings }: TaskFile, result: Result): Result {
    if (result.files.length > 0) {
      const folders = readsFrom(this.#tree, path, settings.context);
      for (const planned of result.files) this.#plans.add(planned.path, folders);
    }
    return result;
  }

  async #sendAhead(): Promise<void> {
    while (this.#next < this.#dockerfiles.length && this.#sent.length < AHEAD * this.#pool.size) {
      if (!this.#pool.takes(TOGETHER)) return;
      const left = this.#dockerfiles.length - this.#next;
      const count = Math.min(TOGETHER, Math.ceil(left / (2 * this.#pool.size)));
      const paths = this.#dockerfiles.slice(this.#next, this.#next + count);
      this.#next += count;
      const files = await Promise.all(paths.map(this.#fileOf));
      const answers = this.#pool.send({ files, plans: this.#plansFor(files) });
      this.#sent.push({ answers, known: this.#plans.count, own: undefined, taken: 0, isStale: false });
    }
  }

  #plansFor(files: readonly TaskFile[]): readonly { readonly path: string; readonly text: string }[] {
    const paths = new Set(
      files.flatMap(({ path, settings }) => this.#plans.readable(readsFrom(this.#tree, path, settings.context))),
    );
    return [...paths].flatMap((path) => {
      const text = this.#tree.planned().get(path)?.after;
      return text === undefined ? [] : [{ path, text }];
    });
  }
}
