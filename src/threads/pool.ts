/** Worker threads that take tasks. They run the file that the program itself is. */
import threads, { type Worker } from 'node:worker_threads';
import { failed } from '../commands/rewrite-file.ts';
import { type Answer, type Task, THREAD } from './worker.ts';

/** An answer that is still to come; undefined: the thread ended before the file's turn. */
export type Promised = Promise<Answer | undefined>;

interface Waiting {
  readonly path: string;
  readonly answer: (answer: Answer | undefined) => void;
}

/**
 * Megabytes for young objects: a thread left alone takes 50 and is no faster (measured: the peak of two threads 212 MB
 * instead of 284).
 */
const YOUNG = 8;

class Thread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #isAlive = true;

  constructor(program: URL, root: string) {
    this.#worker = new threads.Worker(program, {
      workerData: root,
      execArgv: [],
      argv: [THREAD],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    });
    this.#worker.on('message', (answer: Answer) => this.#waiting.shift()?.answer(answer));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', (code) => this.#end(`exit code ${code}`));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Files that were sent and are not answered. */
  get load(): number {
    return this.#waiting.length;
  }

  send(task: Task): readonly Promised[] {
    const promised = task.files.map(
      ({ path }) => new Promise<Answer | undefined>((answer) => this.#waiting.push({ path, answer })),
    );
    this.#worker.postMessage(task);
    return promised;
  }

  /** The file that was at work fails, what waited behind it is somebody else's. */
  #end(why: string): void {
    this.#isAlive = false;
    const [first, ...rest] = this.#waiting.splice(0);
    first?.answer({
      result: failed(first.path, 'crash', `the thread that rewrote it ended: ${why}; please report it`),
      missed: { questions: [], unreadable: undefined },
    });
    for (const { answer } of rest) answer(undefined);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

export class Pool {
  readonly #threads: readonly Thread[];

  /** `root`: absolute path of the folder that the tasks are about. */
  constructor(program: URL, root: string, count: number) {
    this.#threads = Array.from({ length: count }, () => new Thread(program, root));
  }

  get size(): number {
    return this.#threads.length;
  }

  /** Whether a thread has no more than `load` files to do. */
  takes(load: number): boolean {
    return this.#threads.some((thread) => thread.isAlive && thread.load <= load);
  }

  /** Sends a task to the thread that has the least to do. Where all have ended, nothing is answered. */
  send(task: Task): readonly Promised[] {
    const [idlest] = this.#threads.filter(({ isAlive }) => isAlive).sort((a, b) => a.load - b.load);
    return idlest?.send(task) ?? task.files.map(() => Promise.resolve(undefined));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
