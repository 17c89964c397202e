/** From one Dockerfile of a tree to its verdict: in this thread, or in a worker's. */
import { openProject } from '../project/open.ts';
import type { RemoteFacts } from '../project/remote.ts';
import { type Accept, type Result, rewrite } from '../rewrite.ts';
import type { Settings } from '../settings.ts';
import type { Transform } from '../transform.ts';
import type { Tree } from '../tree.ts';

export interface Rewriting {
  readonly transforms: readonly Transform[];
  /** Asked before a change is taken; `name` is that of the file. */
  readonly accept?: (name: string, ...asked: Parameters<Accept>) => boolean;
}

/** A verdict without a rewrite: the file could not be read, or a transform or we ourselves failed on it. */
export function failed(path: string, code: string, message: string): Result {
  return {
    path,
    before: '',
    after: '',
    changes: [],
    declined: [],
    warnings: [],
    files: [],
    faults: [],
    error: { line: 1, code, message, leftAlone: false },
  };
}

/** Rewrites one Dockerfile (path relative to the root) on a prepared tree. Never throws for any input. */
export function rewriteFile(
  { transforms, accept }: Rewriting,
  tree: Tree,
  path: string,
  name: string,
  settings: Settings,
  remote: RemoteFacts,
): Result {
  const read = tree.readForRewrite(path);
  if ('error' in read) return failed(path, 'unreadable', read.error);
  try {
    const project = openProject(tree, path, { context: settings.context, remote });
    const input = { path, text: read.text, tree, project, transforms, settings };
    return rewrite(accept ? { ...input, accept: (...asked) => accept(name, ...asked) } : input);
  } catch (error) {
    // A defect that one file brings to light must not stop the run.
    return failed(
      path,
      'crash',
      `internal error, please report it: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
