/** Which RUN builds the front end, or how one that does reads. */
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import type { Evidence } from '../../../src/edit.ts';
import { within } from '../../../src/project/manifests.ts';
import type { Task, View } from '../types.ts';
import { commandsOf } from './scripts.ts';
import type { SiteServer } from './server.ts';

export interface SiteBuild {
  /** The words of the command that builds: `vite build --mode staging`. */
  readonly words: readonly string[];
  readonly evidence: Evidence;
  /** The RUN that does it; undefined: none does. */
  readonly instruction: Instruction | undefined;
}

/** The build that a RUN of the stage does. */
export function ownBuild(view: View, site: SiteServer): SiteBuild | undefined {
  for (const { instruction, tasks } of [...view.steps].reverse()) {
    for (const task of [...tasks].reverse()) {
      if (folderOf(task) !== site.dir) continue;
      const words = commandsOf(site.facts, wordsOf(task)).find((it) => builds(site, it));
      if (words) return { words, instruction, evidence: view.fact(instruction) };
    }
  }
  return undefined;
}

/** The build script of the package, which no RUN calls yet. */
export function scriptBuild(view: View, site: SiteServer): SiteBuild | undefined {
  const words = commandsOf(site.facts, ['npm', 'run', 'build']).find((it) => builds(site, it));
  if (!words || !site.facts.scripts.has('build')) return undefined;
  const { file, ...fact } = site.facts.script('build');
  return { words, instruction: undefined, evidence: { ...fact, file: view.project.rootPath(file) } };
}

const wordsOf = ({ command }: Task): readonly string[] => [
  command.program ?? '',
  ...command.args.map(({ literal, raw }) => literal ?? raw),
];

/** `npm --prefix client run build` builds elsewhere than it stands. */
function folderOf({ cwd, call }: Task): string | undefined {
  if (call?.cwdUnknown) return undefined;
  return call?.cwd === undefined ? cwd : joinPath(cwd, call.cwd);
}

function builds({ framework }: SiteServer, words: readonly string[]): boolean {
  return framework?.build.test(words.join(' ')) ?? false;
}

/** `RUN npm run build`, `RUN yarn build`: with the package manager that installs. */
export function buildCommand(view: View, site: SiteServer): string {
  const installs = view.steps.flatMap(({ tasks }) =>
    tasks.filter(({ call, effect }) => call && !call.global && effect === 'install').map(({ call }) => call?.manager),
  );
  const manager = installs.findLast((it) => it === 'npm' || it === 'yarn' || it === 'pnpm' || it === 'bun') ?? 'npm';
  const { workdir } = view.stage.end;
  const folder = workdir === site.dir ? '' : `cd ${site.dir} && `;
  const run = manager === 'npm' || manager === 'bun' ? `${manager} run` : manager;
  return `${view.keyword('RUN')} ${folder}${run} build`;
}

/** The path in the context of a file of the package. */
export const inPackage = ({ facts }: SiteServer, path: string): string => within(facts.dir, path) ?? path;
