/** The packages of a stage: where its installs run, and what package.json says there. */
import { posix } from 'node:path';
import type { Instruction } from '../document.ts';
import { within } from '../project/manifests.ts';
import { type NodeFacts, nodeFacts } from '../project/node.ts';
import type { StageView, Task } from './view.ts';

export interface Install {
  readonly instruction: Instruction;
  readonly task: Task;
  /** Folder in the image. */
  readonly dir: string;
  /** package.json of that folder in the context; undefined: it is not there, or no JSON. */
  readonly facts: NodeFacts | undefined;
}

const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm']);

/** `npm ci`, `yarn`, `pnpm install`: packages of the project, none of the account's. */
export const isInstall = ({ call, effect }: Task): boolean =>
  call !== undefined && MANAGERS.has(call.manager) && !call.global && effect === 'install';

/** `npm install -g pm2`, `yarn global add pm2`. */
export const isGlobal = ({ call, effect }: Task): boolean =>
  call !== undefined && MANAGERS.has(call.manager) && call.global && effect === 'install';

/** Every install of the stage; undefined: the folder of one is not known. */
export function installsOf(view: StageView): readonly Install[] | undefined {
  const found: Install[] = [];
  for (const { instruction, tasks } of view.steps) {
    for (const task of tasks.filter(isInstall)) {
      const { call, cwd } = task;
      if (call?.cwdUnknown || cwd === undefined) return undefined;
      const dir = posix.resolve(cwd, call?.cwd ?? '.');
      found.push({ instruction, task, dir, facts: factsAt(view, dir) });
    }
  }
  return found;
}

/** The package of a folder of the image. */
export function factsAt({ runtime, project }: StageView, dir: string): NodeFacts | undefined {
  const manifest = runtime.files.toContext(posix.join(dir, 'package.json'));
  if (manifest === undefined) return undefined;
  const facts = nodeFacts(project, within('', posix.dirname(manifest)) ?? '');
  return facts === 'broken' ? undefined : facts;
}

/** Names of a group of dependencies. */
export const namesOf = (facts: NodeFacts, ...groups: readonly NodeFacts['dependencies'][number]['group'][]): string[] =>
  facts.dependencies.filter(({ group }) => groups.includes(group)).map(({ name }) => name);

/** The words of a command: fixed text where it is, else as written. */
export const wordsOf = ({ command }: Task): readonly string[] => [
  command.program ?? '',
  ...command.args.map(({ literal, raw }) => literal ?? raw),
];
