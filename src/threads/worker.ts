/** A worker thread: rewrites the Dockerfiles that it is sent, in order, each with one answer. */
import threads from 'node:worker_threads';
import { transforms } from '../../transforms/index.ts';
import { rewriteFile } from '../commands/rewrite-file.ts';
import { prepareProjects } from '../project/open.ts';
import { type Missed, RemoteFacts } from '../project/remote.ts';
import type { Result } from '../rewrite.ts';
import type { Settings } from '../settings.ts';
import { Tree } from '../tree.ts';

/** The argument of a program that is a worker thread: nobody can type it. (To ask Node would load a part of it at every start.) */
export const THREAD = '\0thread';

/** Dockerfiles that are rewritten one after the other. */
export interface Task {
  readonly files: readonly TaskFile[];
  /** What Dockerfiles before them have planned and they may read: paths relative to the root. */
  readonly plans: readonly { readonly path: string; readonly text: string }[];
}

export interface TaskFile {
  /** Relative to the root. */
  readonly path: string;
  /** As people are told it. */
  readonly name: string;
  readonly settings: Settings;
}

/** The verdict on one file of a task. */
export interface Answer {
  readonly result: Result;
  readonly missed: Missed;
}

interface Opened {
  readonly tree: Tree;
  readonly remote: RemoteFacts;
}

async function open(root: string): Promise<Opened> {
  const tree = new Tree(root);
  await prepareProjects(tree);
  return { tree, remote: new RemoteFacts(tree) };
}

function carryOut({ files, plans }: Task, { tree, remote }: Opened, tell: (answer: Answer) => void): void {
  for (const { path, text } of plans) tree.plan(path, text);
  for (const { path, name, settings } of files) {
    const result = rewriteFile({ transforms }, tree, path, name, settings, remote);
    tell({ result, missed: remote.missed() });
  }
  // what holds of the plans comes with the next task
  tree.unplanAll();
}

/** Serves the thread that started this one, until it ends it: below the root that is its data. */
export function serve(): void {
  const { parentPort: port, workerData } = threads;
  if (!port) throw new Error('this is no worker thread');
  const opened = open(workerData as string);
  port.on('message', async (task: Task) => carryOut(task, await opened, (answer) => port.postMessage(answer)));
}
