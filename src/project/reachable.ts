/** The source files of the context that a program reaches from where it starts, by its imports. */
import { posix } from 'node:path';
import { ANSWERS } from '../document/once.ts';
import type { Language } from '../knowledge/listeners.ts';
import { within } from './manifests.ts';
import type { Project } from './project.ts';
import { remembered } from './remember.ts';

/** One file of the program. */
export interface SourceFile {
  /** Relative to the context. */
  readonly path: string;
  readonly text: string;
  [ANSWERS]?: Map<object, unknown> | undefined;
}

/** Files and characters of each that are read for one program. */
const FILE_LIMIT = 300;
const TEXT_LIMIT = 200_000;
const NODE_ENDINGS = ['', '.js', '.ts', '.mjs', '.cjs', '.tsx', '.jsx', '.mts', '/index.js', '/index.ts', '/index.mjs'];
const TEST =
  /(?:^|\/)(?:tests?|__tests__|spec|specs|e2e|examples?|docs?|fixtures|mocks?|testdata|node_modules|vendor|dist|build|target)(?:\/|$)|[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]*\.py$/;

/** Reads the file that a program starts with and what it imports from the same project. `roots`: folders that absolute imports start from. */
export const reachable = (
  project: Project,
  language: Language,
  entry: string,
  roots: readonly string[],
): readonly SourceFile[] => followed(project, [language, entry, ...roots].join('\n'), language, entry, roots);

const followed = remembered(reach);

function reach(
  project: Project,
  _key: string,
  language: Language,
  entry: string,
  roots: readonly string[],
): readonly SourceFile[] {
  if (language === 'go')
    return folderFiles(project, goModule(project, entry) ?? posix.dirname(entry), /(?<!_test)\.go$/);
  if (language === 'rust') return folderFiles(project, dirOf(entry), /\.rs$/);
  const found: SourceFile[] = [];
  const seen = new Set<string>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined && found.length < FILE_LIMIT; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = project.read(path)?.slice(0, TEXT_LIMIT);
    if (text === undefined) continue;
    found.push(sourceFile(path, text));
    const targets =
      language === 'python' ? pythonImports(project, path, text, roots) : nodeImports(project, path, text, roots);
    open.push(...targets.reverse());
  }
  return found;
}

const dirOf = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));

/** Every file of a kind below a folder, tests and other people's code left out. */
export const folderFiles = (project: Project, dir: string, names: RegExp): readonly SourceFile[] =>
  listed(project, `${dir}\n${names.source}`, dir, names);

const listed = remembered((project, _key: string, dir: string, names: RegExp): readonly SourceFile[] => {
  const found: SourceFile[] = [];
  const open = [dir === '.' ? '' : dir];
  let looked = 0;
  for (let folder = open.shift(); folder !== undefined && found.length < FILE_LIMIT; folder = open.shift()) {
    for (const name of project.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (++looked > 5000) return found;
      if (name.startsWith('.') || TEST.test(dir === '' ? path : path.slice(dir.length))) continue;
      if (project.kind(path) === 'dir') open.push(path);
      else if (names.test(name) && !project.ignored(path)) {
        const text = project.read(path)?.slice(0, TEXT_LIMIT);
        if (text !== undefined) found.push(sourceFile(path, text));
      }
    }
  }
  return found;
});

const sourceFile = (path: string, text: string): SourceFile => ({ path, text, [ANSWERS]: undefined });

/** The folder of go.mod at or above a file. */
function goModule(project: Project, entry: string): string | undefined {
  for (let dir = dirOf(entry); ; dir = dirOf(dir)) {
    if (project.kind(dir === '' ? 'go.mod' : `${dir}/go.mod`) === 'file') return dir;
    if (dir === '') return undefined;
  }
}

function nodeImports(project: Project, path: string, text: string, roots: readonly string[]): string[] {
  const names = [...text.matchAll(/(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(?\s*)['"`]([^'"`\n]+)['"`]/g)].map(
    (it) => it[1] as string,
  );
  return names.flatMap((name) => resolveNode(project, path, name, roots) ?? []);
}

/** The file that an import of JavaScript or TypeScript names; undefined: a package, or it is not there. */
export function resolveNode(
  project: Project,
  path: string,
  name: string,
  roots: readonly string[],
): string | undefined {
  const bases = name.startsWith('.')
    ? [within(dirOf(path), name)]
    : /^(?:@\/|~\/|src\/|#)/.test(name)
      ? roots.flatMap((root) => [
          within(root, name.replace(/^(?:@\/|~\/|#)/, 'src/')),
          within(root, name.replace(/^(?:@\/|~\/|#)/, '')),
        ])
      : [];
  for (const base of bases) {
    if (base === undefined) continue;
    // TypeScript names the file that will be: ./app.js is app.ts
    for (const stem of [base, base.replace(/\.[cm]?js$/, '')]) {
      const hit = NODE_ENDINGS.map((ending) => stem + ending).find(
        (it) => /\.\w+$/.test(it) && project.kind(it) === 'file',
      );
      if (hit !== undefined) return hit;
    }
  }
  return undefined;
}

function pythonImports(project: Project, path: string, text: string, roots: readonly string[]): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(
    /^[ \t]*(?:from\s+([.\w]+)\s+import\s+(\([^)]*\)|[^\n#]+)|import\s+([\w., \t]+))/gm,
  )) {
    const [, from, names, plain] = match;
    if (from !== undefined) {
      const members = (names ?? '')
        .replace(/[()]/g, '')
        .split(',')
        .map((it) => it.trim().split(/\s+/)[0] ?? '');
      found.push(...(resolvePython(project, path, from, roots) ?? []));
      for (const it of members)
        if (/^\w+$/.test(it))
          found.push(...(resolvePython(project, path, from.endsWith('.') ? from + it : `${from}.${it}`, roots) ?? []));
    } else {
      for (const it of (plain ?? '').split(','))
        found.push(...(resolvePython(project, path, it.trim().split(/\s+/)[0] ?? '', roots) ?? []));
    }
  }
  return found;
}

/** The files that a module name means: the module and the packages above it. */
export function resolvePython(
  project: Project,
  path: string,
  name: string,
  roots: readonly string[],
): string[] | undefined {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  const parts = name
    .slice(dots)
    .split('.')
    .filter((it) => it !== '');
  const bases = dots > 0 ? [within(dirOf(path), '../'.repeat(dots - 1) || '.')] : [...roots, dirOf(path)];
  for (const base of bases) {
    if (base === undefined) continue;
    const stem = [base, ...parts].filter((it) => it !== '').join('/');
    const hits = [`${stem}.py`, `${stem}/__init__.py`].filter((it) => project.kind(it) === 'file');
    if (hits.length > 0) return hits;
  }
  return undefined;
}

export { TEST as TEST_PATH };
