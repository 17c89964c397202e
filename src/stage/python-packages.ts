/** Names of the Python packages that a stage installs, as far as files tell. */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import { EXTRA_PACKAGES } from '../knowledge/python-libraries.ts';
import { normalName } from '../project/locked-python.ts';
import { lineOf, within } from '../project/manifests.ts';
import { besides, pyprojectNames, requirementsFacts, requirementsText } from '../project/python.ts';
import type { StageView } from './view.ts';

export interface Dependencies {
  /** Normalised name, and the file (relative to the root) and line that names it, with its text where a manifest does. */
  readonly names: ReadonlyMap<string, { readonly file: string; readonly line: number; readonly text?: string }>;
  /** Requirements files that pip reads and the build context does not have. */
  readonly absent: readonly string[];
  /** Whether one of them is fetched with git. */
  readonly fromGit: boolean;
}

/** Files beside each other that name packages. Locks come first: they name those that others bring along, too. */
const FILES =
  /^(?:poetry\.lock|uv\.lock|pdm\.lock|Pipfile(?:\.lock)?|pyproject\.toml|setup\.(?:py|cfg)|[\w.-]*requirements?[\w.-]*\.(?:txt|in|pip))$/;

/** Reads what RUN lines name themselves and every manifest that is copied. */
export function dependencyNames({ steps, runtime, project, document }: StageView): Dependencies {
  const names = new Map<string, { file: string; line: number; text?: string }>();
  const absent: string[] = [];
  const unresolved: string[] = [];
  let fromGit = false;
  const add = (name: string, file: string, line: number, text?: string) => {
    const key = normalName(name);
    if (!names.has(key)) names.set(key, { file, line, ...(text !== undefined && { text }) });
  };
  for (const { tasks } of steps) {
    for (const { call, command } of tasks) {
      if (!call || !/^(?:pip|pipenv|poetry|uv|pdm)$/.test(call.manager)) continue;
      // poetry config virtualenvs.create false
      for (const { literal, raw } of call.action === 'install' ? call.operands : []) {
        // celery[redis], which a shell takes for a pattern
        const word = literal ?? (/^[\w.-]+\[[\w,-]+\](?:[=<>~!]=[\w.]+)?$/.test(raw) ? raw : '');
        if (/^git\+/.test(word)) fromGit = true;
        else for (const name of withExtras(word)) add(name, document.path, document.originLine(command.start));
      }
    }
  }
  const read = manifests();
  for (const path of read) {
    const text = requirementsText(project, path);
    if (text === undefined) {
      absent.push(path);
      continue;
    }
    if (/\bgit\+(?:https?|ssh)|^git = |\bgit = "|"git":/m.test(text)) fromGit = true;
    const tables = path.endsWith('pyproject.toml') ? pyprojectNames(text) : undefined;
    const lines = text.split(/\r?\n/);
    for (const requirement of tables ?? []) {
      const line = lineOf(text, requirement) ?? 1;
      for (const name of withExtras(requirement)) add(name, project.rootPath(path), line, lines[line - 1]);
    }
    for (const [index, line] of tables ? [] : lines.entries()) {
      for (const name of namesIn(path, line)) add(name, project.rootPath(path), index + 1, line);
    }
  }
  for (const file of unresolved)
    if (![...read].some((path) => posix.basename(path) === posix.basename(file))) absent.push(file);
  return { names, fromGit, absent: [...new Set(absent)] };

  /** The requirements files that installs name, and those that they include; undefined: one of them is not known. */
  function named(): Set<string> | undefined {
    const found = new Set<string>();
    const open: string[] = [];
    for (const { tasks } of steps) {
      for (const { call, cwd, command } of tasks) {
        if (call?.manager !== 'pip' && !(call?.manager === 'uv' && call.verb.startsWith('pip'))) {
          if (call && /^(?:pipenv|poetry|uv|pdm)$/.test(call.manager) && call.action === 'install') return undefined;
          continue;
        }
        if (call.operands.some(({ literal }) => literal === undefined || /^[./]/.test(literal))) return undefined;
        for (const file of call.requirementFiles) {
          const place = file === undefined ? undefined : joinPath(cwd, file);
          const path = place === undefined ? undefined : runtime.files.toContext(place);
          if (path === undefined && file !== undefined) unresolved.push(file);
          if (path === undefined || command.redirected) return undefined;
          open.push(path);
        }
      }
    }
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (found.has(path)) continue;
      found.add(path);
      for (const it of requirementsFacts(requirementsText(project, path) ?? '')) {
        const below = it.kind === 'include' ? besides(path, it.path) : undefined;
        if (below !== undefined) open.push(below);
        else if (it.kind === 'editable' || it.kind === 'package') return undefined;
      }
    }
    return found;
  }

  function manifests(): Set<string> {
    const exact = named();
    if (exact) return exact;
    const found = new Set<string>();
    for (const { source, kind } of runtime.files.sources) {
      if (kind === 'file' && FILES.test(source.split('/').at(-1) as string)) found.add(source);
      if (kind !== 'dir') continue;
      for (const folder of [source, ...project.list(source).map((name) => within(source, name) ?? '')]) {
        for (const name of project.list(folder)) {
          const path = within(folder, name);
          if (path !== undefined && FILES.test(name) && project.kind(path) === 'file') found.add(path);
        }
      }
    }
    return found;
  }
}

/** `psycopg[binary]==3.2`: psycopg, and what brings its library. */
function withExtras(requirement: string): string[] {
  const [, name, extras = ''] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(requirement) ?? [];
  if (name === undefined || /^[\w.-]+\//.test(requirement)) return [];
  const brought = extras.split(',').flatMap((extra) => EXTRA_PACKAGES[`${normalName(name)}[${extra.trim()}]`] ?? []);
  return [name, ...brought];
}

/** The packages that one line of a manifest or lock names. */
function namesIn(path: string, line: string): string[] {
  const file = path.split('/').at(-1) as string;
  if (/\.(?:txt|in|pip)$/.test(file))
    return /^\s*[A-Za-z0-9][\w.-]*\s*(?:[[=<>!~;@#]|$)/.test(line) ? withExtras(line.trim()) : [];
  if (/^(?:poetry|uv|pdm)\.lock$/.test(file)) return [/^name = "([^"]+)"/.exec(line)?.[1] ?? ''].filter(Boolean);
  const keyed = /^\s*"?([A-Za-z0-9][\w.-]*)"?\s*[=:]\s*["{]/.exec(line)?.[1];
  const quoted = [...line.matchAll(/["']([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:[=<>!~;@][^"']*)?["']/g)].map(
    (match) => match[1] as string,
  );
  return [...(keyed === undefined ? [] : [keyed]), ...quoted];
}
