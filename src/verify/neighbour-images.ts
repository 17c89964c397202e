/** Images of the services that a run depends on and that the repository builds itself: as they are, for both sides the same. */
import { join } from 'node:path';
import { buildOf } from '../project/context.ts';
import type { Tree } from '../tree.ts';
import { planBuild, type VariablesOf } from './plan.ts';
import type { Session } from './session.ts';
import { Snapshot } from './snapshot.ts';

export interface NeighbourOptions {
  /** Options of the user for every build. */
  readonly options: readonly string[];
  /** Milliseconds for each build. */
  readonly timeLimit: number;
  /** What compose fills in. */
  readonly variablesOf: VariablesOf;
}

/** Nothing of the rewrite goes into them, and no flag of the user: those speak about the Dockerfile under test. */
const NO_FLAGS = { target: undefined, args: [], secrets: [], ssh: [] };

export class NeighbourImages {
  private readonly session: Session;
  private readonly tree: Tree;
  private readonly root: string;
  private readonly options: NeighbourOptions;
  private readonly images = new Map<string, Promise<string | undefined>>();

  /** @param tree as it is on the disk, prepared. @param root its absolute path */
  constructor(session: Session, tree: Tree, root: string, options: NeighbourOptions) {
    this.session = session;
    this.tree = tree;
    this.root = root;
    this.options = options;
  }

  /** The image of a service, built once; undefined: it is not built from here, or does not build. @throws when the session is aborted */
  of(file: string, service: string): Promise<string | undefined> {
    const key = `${file}\0${service}`;
    const known = this.images.get(key) ?? this.build(file, service);
    this.images.set(key, known);
    return known;
  }

  private async build(file: string, service: string): Promise<string | undefined> {
    const { session, root, options } = this;
    const use = buildOf(this.tree, file, service);
    if (!use) return undefined;
    const plan = planBuild(use, root, NO_FLAGS, options.variablesOf);
    const folder = session.makeFolder('neighbour');
    try {
      const { folder: copy } = await Snapshot.take(root, folder, plan, new Map(), session.signal);
      const tag = session.name(service);
      const { context, dockerfile, ...inputs } = plan;
      const { ok } = await session.engine.build({
        ...inputs,
        context: join(copy, context),
        dockerfile: join(copy, dockerfile),
        tag,
        session: session.id,
        options: [...plan.options, ...options.options],
        timeLimit: options.timeLimit,
        signal: session.signal,
      });
      session.signal.throwIfAborted();
      return ok ? tag : undefined;
    } finally {
      session.removeFolder(folder);
    }
  }
}
