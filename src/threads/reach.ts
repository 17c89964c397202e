/**
 * How far a planned file reaches: a Dockerfile is rewritten on the files as those before it will leave them, so that one
 * that may read a planned file has to know it.
 */
import { posix } from 'node:path';
import { contextsOf } from '../project/context.ts';
import { BAKE_FILES, COMPOSE_FILE, WORKFLOW_FOLDER } from '../project/places.ts';
import type { Tree } from '../tree.ts';

/** Stands for every folder. */
const EVERYWHERE = '*';

const folderOf = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));

/** Folders whose files, and those below them, a Dockerfile reads: its contexts and its own. `context`: the setting. */
export function readsFrom(tree: Tree, dockerfile: string, context: string | undefined): readonly string[] {
  const folders = new Set([folderOf(dockerfile)]);
  for (const { dir, contexts } of contextsOf(tree, dockerfile, context)) {
    folders.add(dir);
    for (const named of Object.values(contexts ?? {})) folders.add(named);
  }
  return [...folders];
}

/** Folders from which a file that a Dockerfile has planned is read; `folders`: those that the Dockerfile reads from. */
function reachOf(path: string, folders: readonly string[]): ReadonlySet<string> {
  const name = posix.basename(path);
  const isDescription =
    COMPOSE_FILE.test(name) || (BAKE_FILES as readonly string[]).includes(name) || path.startsWith(WORKFLOW_FOLDER);
  if (isDescription) return new Set([EVERYWHERE]);
  const reach = new Set(folders);
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    reach.add(folder);
    if (folder === '') return reach;
  }
}

/** The files that were planned, by the folders that they reach. */
export class Plans {
  readonly #made: { readonly path: string; readonly reach: ReadonlySet<string> }[] = [];
  readonly #byFolder = new Map<string, Set<string>>();

  /** Grows with every plan. */
  get count(): number {
    return this.#made.length;
  }

  add(path: string, folders: readonly string[]): void {
    const reach = reachOf(path, folders);
    this.#made.push({ path, reach });
    for (const folder of reach) this.#byFolder.set(folder, (this.#byFolder.get(folder) ?? new Set()).add(path));
  }

  /** The planned files that a Dockerfile may read. */
  readable(folders: readonly string[]): readonly string[] {
    return [EVERYWHERE, ...folders].flatMap((folder) => [...(this.#byFolder.get(folder) ?? [])]);
  }

  /** Whether a plan from number `from` up to `to` may be read by a Dockerfile. */
  concern(folders: readonly string[], from: number, to: number): boolean {
    return this.#made
      .slice(from, to)
      .some(({ reach }) => reach.has(EVERYWHERE) || folders.some((folder) => reach.has(folder)));
  }
}
