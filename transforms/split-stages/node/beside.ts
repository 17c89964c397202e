/** A project among the files of the system: its files come from the build context once more, and from the builder what it wrote beside them. */

import { posix } from 'node:path';
import type { Instruction } from '../../../src/document.ts';
import { LIFECYCLE } from '../../../src/knowledge/install-inputs.ts';
import { taskText } from '../packages.ts';
import { isObstacle, type Obstacle, type View } from '../types.ts';
import { inside } from './files.ts';
import { type Install, namesOf, wordsOf } from './project.ts';
import { isSystemFolder } from './roots.ts';
import { writtenBy } from './written.ts';

export interface Beside {
  /** The folder of the image that holds the project: `/`. */
  readonly dir: string;
  /** What the builder writes there, node_modules first. */
  readonly folders: readonly string[];
  /** The same in the context, where a build outside of the image may have left them too. */
  readonly written: readonly string[];
  /** Whether a RUN changes what is installed. */
  readonly changesPackages: boolean;
  /** What a RUN puts into node_modules beside the packages: the client of Prisma. */
  readonly generated: readonly string[];
  /** COPY instructions that a later one of the whole context contains. */
  readonly covered: ReadonlySet<Instruction>;
}

/** A project in a folder of the system: every command that writes there is known by its paths; else an obstacle. */
export function besideSystem(view: View, installs: readonly Install[]): Beside | Obstacle {
  const dir = installs[0]?.dir ?? '/';
  const place = `the project stands in ${dir}, among the files of the system`;
  if (!isSystemFolder(dir)) return { code: 'unknown-effect', why: place };
  const own = ownFiles(view, installs);
  return isObstacle(own) ? { ...own, why: `${place}, and ${own.why}` } : own;
}

/** What the builder writes below the folder of a package; an obstacle where one command of it is not known. */
export function ownFiles(view: View, installs: readonly Install[]): Beside | Obstacle {
  const [install] = installs;
  const unknown = (why: string, at?: Obstacle['at']): Obstacle => ({ code: 'unknown-effect', why, ...(at && { at }) });
  const { facts, dir } = install ?? {};
  if (!install || !facts || dir === undefined || installs.some((it) => it.dir !== dir))
    return unknown('packages are installed in more than one folder');
  if (!isRoots(install.instruction)) return unknown('another account than root installs there');
  if (facts.workspaces.length > 0) return unknown('its packages are installed for a workspace');
  // npm puts a link to the folder into node_modules, and what it depends on into the folder
  if (facts.dependencies.some(({ spec }) => /^(?:file|link|portal|workspace):|^\.{0,2}\//.test(spec)))
    return unknown('one of its dependencies is a folder of the project');
  // without a dependency there may be no node_modules to copy
  if (namesOf(facts, 'dependencies').length === 0) return unknown('it has no dependencies');
  const written = new Set<string>();
  for (const { task, instruction } of installs) {
    if (task.command.has('--ignore-scripts')) continue;
    for (const script of LIFECYCLE.filter((name) => facts.scripts.has(name))) {
      const own = writtenBy(view.project, facts, ['npm', 'run', script]);
      if (!own) return unknown(`what its script ${script} writes is not known`, instruction);
      for (const path of own) written.add(path);
    }
  }
  const packages = posix.join(facts.dir, 'node_modules');
  const inPackages = new Set<string>();
  for (const { tasks } of view.steps) {
    for (const task of tasks.filter(({ effect }) => effect === 'app' || effect === 'tool' || effect === 'build')) {
      const own = task.cwd === dir ? writtenBy(view.project, facts, wordsOf(task)) : undefined;
      if (!own) return unknown(`what ${taskText(view, task)} writes is not known`, task.command);
      for (const path of own) (inside([packages], path) ? inPackages : written).add(path);
    }
  }
  const inImage = (path: string): string => posix.join(dir, posix.relative(facts.dir || '.', path));
  const folders = [...written].filter((path) => !inside([packages], path)).map(inImage);
  const system = folders.find(isSystemFolder);
  if (system !== undefined) return unknown(`the build writes to ${system}, a folder of the system`);
  const outer = folders.filter((it) => !folders.some((other) => other !== it && it.startsWith(`${other}/`))).sort();
  return {
    dir,
    folders: [posix.join(dir, 'node_modules'), ...outer],
    written: [packages, ...written],
    changesPackages: inPackages.has(packages),
    generated: [...inPackages].map(inImage),
    covered: coveredCopies(view),
  };
}

/** Whether root is in force. */
export const isRoots = ({ state: { user } }: Instruction): boolean =>
  user === undefined || user.uid === 0 || user.name === 'root';

/** `COPY package.json ./` before `COPY . .`: the second brings the same file to the same place. */
function coveredCopies({ runtime, stage }: View): ReadonlySet<Instruction> {
  const { sources } = runtime.files;
  const flags = (it: Instruction) => it.flags.map(({ name, value }) => `${name}=${value}`).join(' ');
  const covered = new Set<Instruction>();
  for (const instruction of stage.instructions) {
    const own = sources.filter((it) => it.instruction === instruction);
    const later = sources.filter(
      (it) =>
        it.kind === 'dir' && it.instruction.index > instruction.index && flags(it.instruction) === flags(instruction),
    );
    const isCovered = own.every(({ source, target }) =>
      later.some(
        (whole) =>
          (whole.source === '' || source.startsWith(`${whole.source}/`)) &&
          target === posix.join(whole.target, posix.relative(whole.source || '.', source || '.')),
      ),
    );
    if (own.length > 0 && isCovered) covered.add(instruction);
  }
  return covered;
}
