/** go: the modules are fetched by `go mod download` from go.mod and go.sum alone. */
import type { Instruction } from '../../src/document.ts';
import { type GoFacts, goFacts } from '../../src/project/go.ts';
import { type Fact, presentIn, within } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import type { Command } from '../../src/shell/command.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { type Call, missing, type Obstacle, obstacle, placed, type Verdict } from './types.ts';

/** Variables of the go command that decide where modules come from; `go mod download` would miss them. */
const MODULE_VARIABLES =
  /^GO(?:PROXY|PRIVATE|NOPROXY|SUMDB|NOSUMDB|NOSUMCHECK|INSECURE|FLAGS|VCS|AUTH|PATH|MODCACHE|WORK|111MODULE|TOOLCHAIN)?$|^GO111MODULE$/;

export function goNeeds(call: Call): Verdict {
  const { invocation, project, dir } = call;
  const { verb, operands, command } = invocation;
  if (/^(?:install|get|run)$/.test(verb) && operands.length > 0 && operands.every((word) => /@/.test(word.raw))) {
    return verb === 'get' ? obstacle('adds-packages', `go get ${operands[0]?.raw} changes go.mod`) : undefined;
  }
  const facts = goFacts(project, dir);
  const isDownload = verb === 'mod download';
  if (!facts) {
    // without a module the old GOPATH mode, or a failing build: nothing to move
    return isDownload ? missing(call, within(dir, 'go.mod') as string) : undefined;
  }
  if (verb === 'mod tidy' || verb === 'mod vendor' || verb === 'get' || verb === 'work sync') {
    return obstacle('reads-more', `go ${verb} reads the imports of the source`);
  }
  if (!isDownload) {
    const isBuild = /^(?:build|install|test|vet|run|list)$/.test(verb);
    if (
      !isBuild ||
      !facts.requires ||
      facts.isVendored ||
      command.value('-mod') === 'vendor' ||
      project.ignored(facts.manifest)
    )
      return undefined;
  } else if (operands.length > 0) {
    return obstacle('reads-more', `go mod download ${operands[0]?.raw} fetches only a part`);
  }
  const absent = missing(call, facts.manifest);
  if (absent) return absent;
  const variable = command.assignments.find(({ name }) => MODULE_VARIABLES.test(name));
  if (!isDownload && variable)
    return obstacle('build-only', `go ${verb} is called with ${variable.name}, which decides where modules come from`);
  const files = [facts.manifest, ...presentIn(project, dir, ['go.sum'])];
  const evidence: Fact[] = [{ file: facts.manifest, says: 'the modules that go mod download fetches' }];
  const problem = neighbours(call, facts, files, evidence);
  if (problem) return problem;
  return { files, folders: [], evidence, generated: [], ...(!isDownload && { warm: 'go mod download' }) };
}

/** Whether go.mod came into the stage on its own before: whatever fetched the modules then, they are there. */
export function hadModules(run: Instruction): boolean {
  return (run.stage?.instructions ?? []).some(
    (it) =>
      it.index < run.index &&
      /^(?:COPY|ADD)$/.test(it.keyword) &&
      it.words.some(({ value }) => /(?:^|\/)go\.(?:mod|sum)$/.test(value)),
  );
}

/** `make build` in a golang image whose Makefile calls go: read as `go build`. */
export function goByMake(
  project: Project,
  run: Instruction,
  dir: string | undefined,
  command: Command,
): Invocation | undefined {
  if (command.program !== 'make' || dir === undefined || !/(?:^|\/)golang$/.test(run.stage?.image?.path ?? ''))
    return undefined;
  if (command.has('-C', '--directory', '-f', '--file')) return undefined;
  const makefile = presentIn(project, dir, ['GNUmakefile', 'makefile', 'Makefile'])[0];
  const text = makefile === undefined ? '' : (project.read(makefile) ?? '');
  if (!/^\t.*\bgo (?:build|install)\b/m.test(text) || /-mod[= ]vendor/.test(text)) return undefined;
  return {
    ...{ manager: 'go', program: 'go', verb: 'build', action: 'build', operands: [], flags: [], requirementFiles: [] },
    ...{ global: false, cwd: undefined, cwdUnknown: false, command },
  };
}

/** Replaced modules and those of the workspace: only their go.mod is read. */
function neighbours(call: Call, facts: GoFacts, files: string[], evidence: Fact[]): Obstacle | undefined {
  const { project, top } = call;
  const add = (dir: string | undefined, says: string): Obstacle | undefined => {
    const path = dir === undefined ? undefined : within(dir, 'go.mod');
    const isCopied = dir !== undefined && (top === '' || dir === top || dir.startsWith(`${top}/`));
    if (path === undefined || !isCopied || presentIn(project, dir, ['go.mod']).length === 0) {
      return obstacle('local-dependency', `${says}, whose go.mod is not a part of what is copied`);
    }
    files.push(...presentIn(project, dir, ['go.mod', 'go.sum']).filter((file) => !files.includes(file)));
    return undefined;
  };
  for (const { path, dir, line } of facts.replaced) {
    const problem = add(dir, `${placed(facts.manifest, line)} replaces a module by ${path}`);
    if (problem) return problem;
    evidence.push({ file: facts.manifest, line, says: `replaced by ${path}` });
  }
  const { work } = facts;
  if (!work) return undefined;
  const folder = within(work.file, '..') as string;
  if (top !== '' && folder !== top && !folder.startsWith(`${top}/`)) return undefined;
  files.push(...presentIn(project, folder, ['go.work', 'go.work.sum']));
  evidence.push({ file: work.file, says: `uses ${work.uses.length} modules` });
  for (const dir of work.uses) {
    const problem = add(dir, `${work.file} uses ${dir ?? 'a folder outside of the context'}`);
    if (problem) return problem;
  }
  return undefined;
}
