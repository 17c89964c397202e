/** Whether a Dockerfile makes by itself what its copy would bring along, and whether packages come into being in a folder. */

import { posix } from 'node:path';
import { type Broad, type ContextUse, calls, related } from '../../src/context-use.ts';
import type { LeftoverMaker } from '../../src/knowledge/context-leftovers.ts';
import type { ManagerName } from '../../src/knowledge/package-managers.ts';
import { upwards, within } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import type { Invocation } from '../../src/shell/invocation.ts';

const NODE: ReadonlySet<ManagerName> = new Set(['npm', 'yarn', 'pnpm', 'bun']);
const PYTHON: ReadonlySet<ManagerName> = new Set([
  'pip',
  'pipenv',
  'poetry',
  'uv',
  'pdm',
  'conda',
  'mamba',
  'micromamba',
]);
const BUILDS = /build|generate|export|compile|bundle|dist\b/;
/** Programs that write a site or a compiled project. */
const BUILDERS =
  /^(?:tsc|next|vite|ng|nest|nuxt|nuxi|astro|webpack|gatsby|react-scripts|vue-cli-service|turbo|nx|rollup|esbuild|tsup|parcel|docusaurus)$/;

type Call = (call: Invocation | undefined, words: readonly string[]) => boolean;

const of =
  (manager: ManagerName, ...actions: readonly Invocation['action'][]): Call =>
  (call) =>
    call?.manager === manager && actions.includes(call.action);

const CALLS: Readonly<Record<LeftoverMaker, Call>> = {
  'node-install': (call) => call !== undefined && NODE.has(call.manager) && call.action === 'install' && !call.global,
  'node-build': (call, words) =>
    (call !== undefined &&
      NODE.has(call.manager) &&
      /^(?:run|build)$/.test(call.action) &&
      BUILDS.test(words.join(' '))) ||
    (BUILDERS.test(words[0] ?? '') && (words[0] === 'tsc' || BUILDS.test(words.join(' ')))),
  'python-venv': (call, words) =>
    (call !== undefined && PYTHON.has(call.manager) && call.action === 'install') ||
    words.some((word) => /^(?:virtual|v)env$/.test(word)),
  maven: of('maven', 'build', 'install'),
  gradle: of('gradle', 'build', 'install'),
  cargo: of('cargo', 'build', 'install'),
  dotnet: of('nuget', 'build', 'install'),
  composer: of('composer', 'install'),
  bundler: of('bundler', 'install'),
  mix: (_, words) => words[0] === 'mix',
  nobody: () => true,
};

const known = new WeakMap<Broad, Map<LeftoverMaker, boolean>>();

/** Whether the stages of a copy, or those that they copy from, make it. */
export function makes(use: ContextUse, broad: Broad, maker: LeftoverMaker): boolean {
  if (maker === 'nobody') return true;
  const answers = known.get(broad) ?? new Map<LeftoverMaker, boolean>();
  known.set(broad, answers);
  const answer = answers.get(maker) ?? calls(use, broad, CALLS[maker]);
  answers.set(maker, answer);
  return answer;
}

/** Whether the stages of a copy may run what was installed on the host: they know Node and install nothing. */
export function mayRunNode({ document }: ContextUse, { stage }: Broad): boolean {
  return [...related(document, stage)].some(
    (one) =>
      /node|bun|deno/.test(one.image?.path ?? one.fromWord.value) ||
      one.instructions.some((it) => /\b(?:node|np[mx]|yarn|pnpm|bun|pm2)\b/.test(it.args.text)),
  );
}

const LOCKS = /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/;

/** Whether somebody installs in a folder: it is copied by itself, has a lock file, is a member, or git knows what comes of it. */
export function isInstalled(
  project: Project,
  survey: Survey,
  wanting: readonly ContextUse[],
  dir: string,
  names: readonly string[],
): boolean {
  if (names.some((name) => LOCKS.test(name)) || survey.gitIgnored(within(dir, 'node_modules') as string, true))
    return true;
  if (wanting.some(({ broad }) => broad.some(({ top }) => top === dir))) return true;
  return upwards(dir).some(
    (above) =>
      above !== dir &&
      (project.kind(posix.join(above, 'pnpm-workspace.yaml')) === 'file' ||
        /"workspaces"/.test(project.read(posix.join(above, 'package.json')) ?? '')),
  );
}
