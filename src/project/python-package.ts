/** Whether an image is sure to have a Python package, as far as its RUN instructions and manifests tell. */

import { parse as parseToml } from 'smol-toml';
import { lineage } from '../document/lineage.ts';
import { joinPath } from '../document/state.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import type { Evidence } from '../edit.ts';
import type { Command } from '../shell/command.ts';
import { type Invocation, invocation } from '../shell/invocation.ts';
import { lineAt } from './calls.ts';
import { isRecord, textList, within } from './manifests.ts';
import { originOf } from './origin.ts';
import type { Project } from './project.ts';
import { besides, requirementsFacts } from './python.ts';

/**
 * The place that brings a package into a stage: a word of pip, a line of a requirements file, or the manifest that
 * poetry, uv, pipenv or pdm install. Only installs that are certain to run count, and no optional groups; locks add
 * nothing to what the manifest asks for. undefined: not for sure.
 */
export function pythonPackage(document: Document, project: Project, stage: Stage, name: string): Evidence | undefined {
  const pattern = new RegExp(`^${name.replaceAll('-', '[-_.]')}(?=\\s*(?:[[=<>!~;@#(\\s]|$))`, 'i');
  for (const source of builtFrom(document, stage)) {
    for (const instruction of source.instructions) {
      for (const command of instruction.keyword === 'RUN' ? (instruction.script?.commands ?? []) : []) {
        const call = command.certain ? invocation(command) : undefined;
        if (call?.action !== 'install' || call.global) continue;
        const found = inCall({ document, project, stage: source, instruction, command, call, pattern });
        if (found) return found;
      }
    }
  }
  return undefined;
}

/** The stage, those it starts from, and those it copies from. */
function builtFrom(document: Document, stage: Stage): Set<Stage> {
  const found = new Set<Stage>();
  const open = [stage];
  for (let it = open.pop(); it; it = open.pop()) {
    if (found.has(it)) continue;
    found.add(it);
    open.push(...lineage(it));
    for (const { keyword, flags, state } of it.instructions) {
      const from = keyword === 'COPY' ? flags.find((flag) => flag.name === 'from')?.value : undefined;
      const other = from === undefined ? undefined : document.stageNamed(document.expand(from, state) ?? '', it);
      if (other) open.push(other);
    }
  }
  return found;
}

interface Install {
  readonly document: Document;
  readonly project: Project;
  readonly stage: Stage;
  readonly instruction: Instruction;
  readonly command: Command;
  readonly call: Invocation;
  readonly pattern: RegExp;
}

function inCall(install: Install): Evidence | undefined {
  const { document, command, call, pattern } = install;
  const word = /^(?:pip|uv|pipenv|pdm|poetry)$/.test(call.manager)
    ? call.operands.find(({ literal }) => literal !== undefined && pattern.test(literal))
    : undefined;
  if (word) return { file: document.path, line: document.originLine(command.start), says: `installs ${word.literal}` };
  if (call.manager === 'pip' || (call.manager === 'uv' && call.verb.startsWith('pip'))) {
    return inRequirements(install) ?? (installsProject(call) ? inManifest(install, 'pyproject.toml') : undefined);
  }
  if (/^(?:poetry|uv|pdm)$/.test(call.manager)) return inManifest(install, 'pyproject.toml');
  return call.manager === 'pipenv' ? inManifest(install, 'Pipfile') : undefined;
}

/** `pip install .` */
const installsProject = (call: Invocation): boolean =>
  call.operands.some(({ literal }) => literal !== undefined && /^\.\/?(?:\[.*\])?$/.test(literal));

/** The path in the context of a file that a command of an instruction names. */
function contextPath({ document, project, stage, instruction }: Install, name: string): string | undefined {
  const path = joinPath(instruction.state.workdir, name);
  return path === undefined ? undefined : originOf(document, project, stage, path);
}

/** The files of `-r` and those that they include; constraints install nothing. */
function inRequirements(install: Install): Evidence | undefined {
  const { project, command, call, pattern } = install;
  const constraints = [command.value('-c', '--constraint')];
  const open = call.requirementFiles
    .filter((name) => name !== undefined && !constraints.includes(name))
    .flatMap((name) => contextPath(install, name as string) ?? []);
  const seen = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = seen.has(path) ? undefined : project.read(path);
    seen.add(path);
    if (text === undefined) continue;
    const lines = text.split(/\r?\n/);
    // a marker may leave it out: gunicorn; sys_platform != "win32" does not
    const at = lines.findIndex(
      (line) => pattern.test(line.trim()) && !/;(?!\s*sys_platform\s*!=\s*['"]win32)/.test(line),
    );
    if (at >= 0) return { file: project.rootPath(path), line: at + 1, says: (lines[at] as string).trim() };
    for (const it of requirementsFacts(text)) {
      const below = it.kind === 'include' ? besides(path, it.path) : undefined;
      if (below !== undefined) open.push(below);
    }
  }
  return undefined;
}

/** The dependencies of a manifest that every install takes: no extras, no groups. */
function inManifest(install: Install, name: string): Evidence | undefined {
  const { project, call, pattern } = install;
  if (call.cwdUnknown || call.flags.some(({ raw }) => /^--(?:only|only-group|no-install-\w+)/.test(raw)))
    return undefined;
  const file = contextPath(install, call.cwd === undefined ? name : (within(call.cwd, name) ?? name));
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || text === undefined) return undefined;
  let root: Record<string, unknown>;
  try {
    root = parseToml(text);
  } catch {
    return undefined;
  }
  const tool = isRecord(root.tool) && isRecord(root.tool.poetry) ? root.tool.poetry : {};
  const tables = [root.packages, tool.dependencies].flatMap((it) => (isRecord(it) ? Object.entries(it) : []));
  const named = [
    ...(isRecord(root.project) ? textList(root.project.dependencies) : []),
    ...tables.flatMap(([key, value]) => (isRecord(value) && value.optional === true ? [] : [key])),
  ];
  const says = named.find((it) => pattern.test(it));
  if (says === undefined) return undefined;
  return { file: project.rootPath(file), line: lineAt(text, text.indexOf(says)), says };
}
