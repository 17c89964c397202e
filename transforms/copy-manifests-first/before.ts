/** What was installed before the copy: manifests first as it should be, or in a stage below. */
import { posix } from 'node:path';
import type { Instruction, Stage } from '../../src/document.ts';
import type { ManagerName } from '../../src/knowledge/package-managers.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';

/** Managers that install into the folder of the manifest; the others know one place for all. */
const BY_FOLDER: ReadonlySet<ManagerName> = new Set(['npm', 'yarn', 'pnpm', 'bun', 'composer']);

/** What an install is about: the manager, and the folder or the requirements files where these make a difference. */
function keyOf(call: Invocation, run: Instruction): string {
  if (call.manager === 'pip')
    return `pip ${call.requirementFiles.map((file) => posix.basename(file ?? '')).join(' ')}`.trim();
  return BY_FOLDER.has(call.manager) ? `${call.manager} ${run.state.workdir} ${call.cwd ?? ''}` : call.manager;
}

/** Whether an install only completes one that ran before the copy: `pip install .` behind `pip install -r`, `poetry install` twice. */
export function isRepeated(before: ReadonlySet<string> | undefined, call: Invocation, run: Instruction): boolean {
  return before?.has(keyOf(call, run)) ?? false;
}

/** Folders in which packages lie, as `COPY --from=` brings them from another stage. */
const PACKAGE_FOLDERS: readonly (readonly [manager: string, folder: RegExp])[] = [
  ['go', /^\/go(?:\/pkg(?:\/mod)?)?\/?$/],
  ['maven', /\/\.m2(?:\/repository)?\/?$/],
  ['cargo', /^\/usr\/local\/cargo/],
];

/** Managers that install the project's packages before the copy, in the stage or those that it is built on. */
export function installsBefore(stage: Stage, copy: Instruction): ReadonlySet<string> {
  const managers = new Set<string>();
  for (let at: Stage | undefined = stage; at; at = at.parent) {
    for (const run of at.instructions) {
      const { keyword, script, flags, words } = run;
      if (at === stage && run.index >= copy.index) break;
      if (keyword === 'COPY' && flags.some((flag) => flag.name === 'from')) {
        const to = words.at(-1)?.value ?? '';
        for (const [manager, folder] of PACKAGE_FOLDERS) if (folder.test(to)) managers.add(manager);
      }
      if (keyword !== 'RUN') continue;
      for (const command of script?.commands ?? []) {
        const call = invocation(command);
        if (!call || call.global || (call.action !== 'install' && call.action !== 'build')) continue;
        const isNamed = call.operands.length > 0 && !/^(?:maven|gradle|nuget)$/.test(call.manager);
        if (call.requirementFiles.length === 0 && isNamed) continue;
        managers.add(keyOf(call, run));
        // the project itself, installed behind its requirements
        if (call.manager === 'pip') managers.add('pip');
      }
    }
  }
  return managers;
}
