/** Who tells what an install of each manager reads, and where a stage has any. */
import type { Stage } from '../../src/document.ts';
import type { ManagerName } from '../../src/knowledge/package-managers.ts';
import type { Command } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { goNeeds } from './go.ts';
import { nodeNeeds } from './node.ts';
import { bundlerNeeds, cargoNeeds, composerNeeds, dotnetNeeds, gradleNeeds, mavenNeeds } from './others.ts';
import { condaNeeds, pipenvNeeds, pipNeeds, projectNeeds } from './python.ts';
import type { Call, Verdict } from './types.ts';

export const READERS: Partial<Record<ManagerName, (call: Call) => Verdict>> = {
  pip: pipNeeds,
  pipenv: pipenvNeeds,
  poetry: projectNeeds,
  uv: projectNeeds,
  pdm: projectNeeds,
  conda: condaNeeds,
  mamba: condaNeeds,
  micromamba: condaNeeds,
  npm: nodeNeeds,
  yarn: nodeNeeds,
  pnpm: nodeNeeds,
  bun: nodeNeeds,
  go: goNeeds,
  cargo: cargoNeeds,
  maven: mavenNeeds,
  gradle: gradleNeeds,
  nuget: dotnetNeeds,
  composer: composerNeeds,
  bundler: bundlerNeeds,
};

/** Whether a command may install what a manifest names; `make` may call go. */
function mayInstall(command: Command): boolean {
  const manager = invocation(command)?.manager;
  return manager === undefined ? command.program === 'make' : READERS[manager] !== undefined;
}

/** The place of the last RUN of a stage that may install what a manifest names; -1 where none does. */
export const lastInstall = ({ instructions }: Stage): number =>
  instructions.findLast(({ keyword, script }) => keyword === 'RUN' && script?.commands.some(mayInstall))?.index ?? -1;
