/** Whether a Dockerfile makes by itself what its copy would bring along, and whether packages come into being in a folder. */

import { posix } from 'node:path';
import { type Broad, type ContextUse, callsAround, related } from '../../src/context-use.ts';
import { onceIn } from '../../src/document/once.ts';
import type { Document } from '../../src/document.ts';
import type { LeftoverMaker } from '../../src/knowledge/context-leftovers.ts';
import type { ManagerName } from '../../src/knowledge/package-managers.ts';
import { upwards } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import { remembered } from '../../src/project/remember.ts';
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

const MAKERS = Object.keys(CALLS) as LeftoverMaker[];
const known = onceIn<boolean>();

/** Whether the stages of a copy, or those that they copy from, make it. */
export const makes = (document: Document, { stage }: Broad, maker: LeftoverMaker): boolean =>
  maker === 'nobody' ||
  known(document, `${stage.index} ${maker}`, () =>
    callsAround(document, stage).some(({ call, words }) => CALLS[maker](call, words)),
  );

const texts = onceIn<string>();

/** Tells Dockerfiles apart that want different lines: the folders that they copy, and what is made there. */
export const wishOf = ({ document, broad }: ContextUse): string =>
  texts(document, '', () =>
    broad
      .map((it) => {
        const made = MAKERS.filter((maker) => makes(document, it, maker));
        return `${it.top}\n${made.join(' ')}`;
      })
      .join('\n'),
  );

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
export const isInstalled = (
  project: Project,
  survey: Survey,
  wanting: readonly ContextUse[],
  dir: string,
  names: readonly string[],
): boolean =>
  isInstalledByFiles(project, dir, survey, names) || wanting.some(({ broad }) => broad.some(({ top }) => top === dir));

const isInstalledByFiles = remembered(
  (project, dir: string, survey: Survey, names: readonly string[]): boolean =>
    names.some((name) => LOCKS.test(name)) ||
    survey.gitIgnored(posix.join(dir, 'node_modules'), true) ||
    upwards(dir).some(
      (above) =>
        above !== dir &&
        (project.kind(posix.join(above, 'pnpm-workspace.yaml')) === 'file' ||
          /"workspaces"/.test(project.read(posix.join(above, 'package.json')) ?? '')),
    ),
);
