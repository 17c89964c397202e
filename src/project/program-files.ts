/** The source files of the program that a process is: its script, what the script imports, and Django's settings. */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Language } from '../knowledge/listeners.ts';
import { originOf, sourcesOf } from './origin.ts';
import { reachable, resolvePython, type SourceFile } from './reachable.ts';
import type { Surroundings } from './service.ts';

/** Files of a program and the folders that its absolute imports start from. */
export interface Program {
  readonly files: readonly SourceFile[];
  readonly roots: readonly string[];
}

export function programFiles(around: Surroundings, language: Language): Program | undefined {
  const { document, project, stage, process } = around;
  if (process.interpreter === 'python -m') return pythonModule(around, process.path);
  const path = joinPath(process.cwd, process.path);
  const entry =
    (path === undefined ? undefined : fileAt(around, path, language)) ??
    (language === 'node' ? compiledFrom(around) : undefined);
  if (entry === undefined) return undefined;
  const home = packageFolder(around);
  const roots = language === 'node' && home !== undefined ? [home] : [folder(entry)];
  const packages = process.cwd === undefined ? undefined : originOf(document, project, stage, process.cwd);
  const all = [...new Set([...roots, ...(language === 'python' && packages !== undefined ? [packages] : [])])];
  return { files: reachable(project, language, entry, all), roots: all };
}

export const folder = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));

/** The file of the context behind a path of the image; a name without its ending counts for node. */
function fileAt({ document, project, stage }: Surroundings, path: string, language: Language): string | undefined {
  for (const ending of language === 'node' ? ['', '.js', '.mjs', '.cjs', '.ts', '/index.js', '/index.ts'] : ['']) {
    const file = originOf(document, project, stage, path + ending);
    if (file !== undefined && project.kind(file) === 'file') return file;
  }
  return undefined;
}

/** The folder of package.json of the program. */
function packageFolder({ document, project, stage, process }: Surroundings): string | undefined {
  const manifest =
    process.cwd === undefined ? undefined : originOf(document, project, stage, `${process.cwd}/package.json`);
  if (manifest !== undefined) return folder(manifest);
  const found = sourcesOf(document, project, stage)
    .map((source) =>
      source === '' ? 'package.json' : source.endsWith('package.json') ? source : `${source}/package.json`,
    )
    .filter((it) => project.kind(it) === 'file');
  return new Set(found).size === 1 ? folder(found[0] as string) : undefined;
}

/** dist/main.js is made of src/main.ts. */
function compiledFrom(around: Surroundings): string | undefined {
  const { project, process } = around;
  const home = packageFolder(around);
  if (home === undefined) return undefined;
  const stem = process.path
    .replace(/^\.?\//, '')
    .replace(/\.[cm]?js$/, '')
    .replace(/^.*?(?:dist|build|out|lib|output)\//, '');
  const names = [
    `src/${stem}`,
    stem,
    `${stem.replace(/^(?:apps|packages)\/([^/]+)\//, 'apps/$1/src/')}`,
    `src/${posix.basename(stem)}`,
    `${stem}/index`,
    `src/${stem}/index`,
  ];
  for (const name of names) {
    for (const ending of ['.ts', '.js', '.mts', '.mjs', '.tsx']) {
      const path = home === '' ? name + ending : `${home}/${name}${ending}`;
      if (project.kind(path) === 'file') return path;
    }
  }
  return undefined;
}

/** `pkg.main` below the working directory. */
function pythonModule({ document, project, stage, process }: Surroundings, name: string): Program | undefined {
  const stem = name.replaceAll('.', '/');
  const dirs = [
    process.cwd,
    flag(process.args, '--chdir'),
    flag(process.args, '--app-dir'),
    flag(process.args, '--pythonpath'),
    stage.end.env.get('PYTHONPATH'),
  ].flatMap((it) => {
    const path = it === undefined ? undefined : joinPath(process.cwd, it.split(':')[0]);
    return path === undefined ? [] : [path];
  });
  for (const dir of dirs) {
    for (const ending of ['.py', '/__init__.py', '/__main__.py']) {
      const file = originOf(document, project, stage, `${dir === '/' ? '' : dir}/${stem}${ending}`);
      if (file === undefined || project.kind(file) !== 'file') continue;
      const root = file.endsWith(`${stem}${ending}`)
        ? file.slice(0, -`${stem}${ending}`.length).replace(/\/$/, '')
        : folder(file);
      return { files: reachable(project, 'python', file, [root]), roots: [root] };
    }
  }
  return undefined;
}

const flag = (args: readonly string[], name: string): string | undefined => {
  const at = args.indexOf(name);
  return at >= 0 ? args[at + 1] : args.find((it) => it.startsWith(`${name}=`))?.slice(name.length + 1);
};

/** The files of the application that gunicorn, uvicorn, flask or manage.py is given. */
export function applicationFiles(around: Surroundings): Program | undefined {
  const { document, project, stage, process } = around;
  if (process.program === 'manage.py') {
    const path = joinPath(process.cwd, process.path);
    const file = path === undefined ? undefined : originOf(document, project, stage, path);
    return file === undefined
      ? undefined
      : withSettings(around, { files: reachable(project, 'python', file, [folder(file)]), roots: [folder(file)] });
  }
  const env = (name: string) => process.assignments.get(name) ?? stage.end.env.get(name);
  const named =
    process.program === 'flask'
      ? (flag(process.args, '--app') ?? flag(process.args, '-A') ?? env('FLASK_APP') ?? 'app')
      : process.program === 'fastapi'
        ? process.args.find((it) => /\.py$/.test(it))
        : process.args.find((it) => /^[\w.]+:[\w.()]+$|^[A-Za-z_]\w*(?:\.\w+)+$/.test(it) && !/^\d/.test(it));
  if (named === undefined) return undefined;
  const module = named.replace(/:.*$/, '').replace(/\.py$/, '').replaceAll('/', '.').replace(/^\.+/, '');
  const program =
    pythonModule(around, module) ?? (process.program === 'flask' ? pythonModule(around, 'wsgi') : undefined);
  return program && withSettings(around, program);
}

/** Django finds its settings by name, not by an import. */
function withSettings({ project, process, stage }: Surroundings, program: Program): Program {
  const text = program.files.map((it) => it.text).join('\n');
  const name =
    process.assignments.get('DJANGO_SETTINGS_MODULE') ??
    stage.end.env.get('DJANGO_SETTINGS_MODULE') ??
    /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(text)?.[1];
  const file = name === undefined ? undefined : resolvePython(project, '', name, program.roots)?.[0];
  if (file === undefined) return program;
  return { files: [...program.files, ...reachable(project, 'python', file, program.roots)], roots: program.roots };
}
