/** requirements files, pyproject.toml, Pipfile and conda environments. */
import { posix } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { isRecord, lineOf, textList, within } from './manifests.ts';
import type { Project } from './project.ts';

/** What an entry of a requirements file points at that lies in the file system. */
export interface LocalRequirement {
  /** include: -r; constraint: -c; editable: -e; links: --find-links; package: a folder or an archive. */
  readonly kind: 'include' | 'constraint' | 'editable' | 'links' | 'package';
  /** As written. */
  readonly path: string;
  readonly line: number;
}

const isRemote = (text: string): boolean =>
  /^(?:[a-z][a-z0-9+.-]*:\/\/|git\+|hg\+|svn\+|bzr\+)/i.test(text) && !/^file:/i.test(text);

/**
 * The local things that a requirements or constraints file names, in order (pypa/pip: docs/reference/requirements-file-format).
 * Names with versions and addresses are not among them.
 */
export function requirementsFacts(text: string): readonly LocalRequirement[] {
  const found: LocalRequirement[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let entry = lines[i] as string;
    while (entry.endsWith('\\') && i + 1 < lines.length) entry = entry.slice(0, -1) + lines[++i];
    entry = entry.replace(/(?:^|\s)#.*$/, '').trim();
    if (entry === '') continue;
    const option =
      /^(-r|--requirement|-c|--constraint|-e|--editable|-f|--find-links)(?:\s*=\s*|\s+|(?<=^-[rcef]))(.+)$/.exec(entry);
    if (option) {
      const path = (option[2] as string).trim().replace(/^(['"])(.*)\1$/, '$2');
      if (!isRemote(path)) found.push({ kind: KINDS[option[1] as keyof typeof KINDS], path, line });
    } else if (!entry.startsWith('-')) {
      const path = localPath(entry);
      if (path !== undefined) found.push({ kind: 'package', path, line });
    }
  }
  return found;
}

const KINDS = {
  '-r': 'include',
  '--requirement': 'include',
  '-c': 'constraint',
  '--constraint': 'constraint',
  '-e': 'editable',
  '--editable': 'editable',
  '-f': 'links',
  '--find-links': 'links',
} as const;

/** The path of a requirement that is one: `./lib[extra]`, `x.whl`, `name @ file:///x`, `.`; undefined: a name or an address. */
export function localPath(requirement: string): string | undefined {
  const text = requirement
    .replace(/\s*;.*$/, '')
    .replace(/\s+--\S.*$/, '')
    .trim();
  const direct = /^[\w.-]+(?:\[[^\]]*\])?\s*@\s*(\S+)$/.exec(text)?.[1] ?? text;
  if (isRemote(direct)) return undefined;
  if (/^file:/i.test(direct)) return direct.replace(/^file:(?:\/\/)?/i, '').replace(/[#?].*$/, '');
  const path = direct.replace(/\[[^\]]*\]$/, '');
  const isPath = path.startsWith('.') || path.includes('/') || /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)$/.test(path);
  return isPath ? path : undefined;
}

export interface PyprojectFacts {
  readonly manifest: string;
  readonly text: string;
  /** `[project] dynamic` */
  readonly dynamic: readonly string[];
  readonly buildBackend: string | undefined;
  /** `[tool.poetry] package-mode = false` */
  readonly isPackageMode: boolean;
  /** Dependencies and sources that lie in the file system, and workspaces: what says so. */
  readonly local: readonly { readonly says: string; readonly line: number | undefined }[];
  readonly hasTool: (name: string) => boolean;
}

/** Bytes of a requirements file that are read, where it is not UTF-8. */
const BYTES = 1_000_000;

/** The text of a requirements file; pip takes UTF-16 with its mark, which PowerShell's `pip freeze >` writes. */
export function requirementsText(project: Project, path: string): string | undefined {
  const text = project.read(path);
  if (text !== undefined) return text;
  const bytes = project.head(path, BYTES);
  return bytes?.[0] === 0xff && bytes[1] === 0xfe ? new TextDecoder('utf-16le').decode(bytes) : undefined;
}

/** Requirements, and names of packages, in the tables of pyproject.toml; undefined: it is no TOML. */
export function pyprojectNames(text: string): readonly string[] | undefined {
  let root: unknown;
  try {
    root = parseToml(text);
  } catch {
    return undefined;
  }
  const table = (of: unknown, ...keys: readonly string[]): Record<string, unknown> => {
    const found = keys.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), of);
    return isRecord(found) ? found : {};
  };
  const project = table(root, 'project');
  const poetry = table(root, 'tool', 'poetry');
  const lists = [
    project.dependencies,
    table(root, 'build-system').requires,
    ...Object.values(table(project, 'optional-dependencies')),
    ...Object.values(table(root, 'dependency-groups')),
    ...Object.values(table(root, 'tool', 'pdm', 'dev-dependencies')),
    table(root, 'tool', 'uv')['dev-dependencies'],
  ];
  const groups = Object.values(table(poetry, 'group')).map((group) => table(group, 'dependencies'));
  return [
    ...lists.flatMap((list) => textList(list)),
    ...[table(poetry, 'dependencies'), table(poetry, 'dev-dependencies'), ...groups]
      .flatMap((it) => Object.keys(it))
      .filter((it) => it !== 'python'),
  ];
}

/** Reads pyproject.toml of a folder; undefined: there is none; `broken`: it is no TOML. */
export function pyprojectFacts(project: Project, dir: string): PyprojectFacts | 'broken' | undefined {
  return readToml(project, dir, 'pyproject.toml', (root, text, manifest) => {
    const tool = isRecord(root.tool) ? root.tool : {};
    const metadata = isRecord(root.project) ? root.project : {};
    const build = isRecord(root['build-system']) ? root['build-system'] : {};
    const poetry = isRecord(tool.poetry) ? tool.poetry : {};
    return {
      manifest,
      text,
      dynamic: textList(metadata.dynamic),
      buildBackend: typeof build['build-backend'] === 'string' ? build['build-backend'] : undefined,
      isPackageMode: poetry['package-mode'] !== false,
      local: localTables(root, text),
      hasTool: (name) => tool[name] !== undefined,
    };
  });
}

export interface PipfileFacts {
  readonly manifest: string;
  readonly text: string;
  readonly local: PyprojectFacts['local'];
}

/** Reads the Pipfile of a folder. */
export function pipfileFacts(project: Project, dir: string): PipfileFacts | 'broken' | undefined {
  return readToml(project, dir, 'Pipfile', (root, text, manifest) => ({
    manifest,
    text,
    local: localTables(root, text),
  }));
}

function readToml<T>(
  project: Project,
  dir: string,
  name: string,
  read: (root: Record<string, unknown>, text: string, manifest: string) => T,
): T | 'broken' | undefined {
  const manifest = within(dir, name);
  const text = manifest === undefined ? undefined : project.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  try {
    return read(parseToml(text), text, manifest);
  } catch {
    return 'broken';
  }
}

/** Every dependency at any depth that names a path: `{ path = ".." }`, `{ workspace = true }`, `x @ file:..`. */
function localTables(root: Record<string, unknown>, text: string): { says: string; line: number | undefined }[] {
  const found: { says: string; line: number | undefined }[] = [];
  const search = (value: unknown, key: string, isDependency: boolean): void => {
    if (typeof value === 'string') {
      if (isDependency && /@\s*(?:file:|\.)/.test(value)) found.push({ says: value, line: lineOf(text, value) });
    } else if (Array.isArray(value)) {
      for (const item of value) search(item, key, isDependency);
    } else if (isRecord(value)) {
      for (const field of ['path', 'file', 'workspace']) {
        const at = value[field];
        if (isDependency && ((typeof at === 'string' && !isRemote(at)) || at === true)) {
          found.push({ says: `${key} = { ${field} = ${JSON.stringify(at)} }`, line: lineOf(text, key) });
        }
      }
      for (const [name, child] of Object.entries(value)) {
        search(child, name, isDependency || /(?:dependencies|packages|sources|groups?)$/.test(name));
      }
    }
  };
  search(root, '', false);
  const uv = isRecord(root.tool) && isRecord(root.tool.uv) ? root.tool.uv : undefined;
  if (uv?.workspace !== undefined)
    found.push({ says: '[tool.uv.workspace]', line: lineOf(text, '[tool.uv.workspace]') });
  return found;
}

/** Lines of the pip section of a conda environment file that hold an option or a path: `-r requirements.txt`, `-e .`. */
export function condaPipEntries(text: string): { readonly entry: string; readonly line: number }[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const entry = /^\s*-\s+["']?((?:-[re]\b|-c\b|--?[a-z]|\.|file:|\/).*?)["']?\s*$/.exec(line)?.[1];
    return entry === undefined ? [] : [{ entry, line: index + 1 }];
  });
}

/** Where a path that stands in `file` points to, relative to the context; undefined: it leaves it. */
export const besides = (file: string, path: string): string | undefined => within(posix.dirname(file), path);
