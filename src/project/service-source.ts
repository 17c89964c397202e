/** Services whose program is the project's own: a script, or a binary that the build makes. */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Language } from '../knowledge/listeners.ts';
import { ROUTE_GUARDS } from '../knowledge/route-guards.ts';
import type { Startup } from '../knowledge/servers.ts';
import { djangoObstacle } from './django.ts';
import { goProgram } from './go-program.ts';
import { healthPath, obstacleIn, type PathAnswer } from './health-path.ts';
import { type Listener, listeners } from './listen.ts';
import { originOf, sourcesOf } from './origin.ts';
import { reachable, resolvePython, type SourceFile } from './reachable.ts';
import { nodeRoutes } from './routes-node.ts';
import { goRoutes, rustRoutes, sinatraRoutes } from './routes-others.ts';
import { pythonRoutes } from './routes-python.ts';
import { exposedPorts, type Found, type NoService, none, type Surroundings } from './service.ts';
import { dotnetProgram } from './service-dotnet.ts';
import { javaProgram } from './service-java.ts';
import { nodeFramework } from './service-node.ts';

const LANGUAGES: Readonly<Record<string, Language>> = {
  node: 'node',
  nodejs: 'node',
  'ts-node': 'node',
  'ts-node-esm': 'node',
  'babel-node': 'node',
  tsx: 'node',
  bun: 'node',
  deno: 'node',
  python: 'python',
  'python -m': 'python',
  ruby: 'ruby',
};

/** Reads a program of the project; a program that nobody knows counts as one that may listen where EXPOSE says. */
export function programOf(around: Surroundings): Found | NoService {
  const { process } = around;
  if (process.program === 'java') return javaProgram(around);
  if (process.program === 'dotnet' || /\.dll$/.test(process.program)) return dotnetProgram(around);
  const language = process.interpreter === undefined ? undefined : LANGUAGES[process.interpreter];
  if (language === undefined)
    return compiled(around) ?? opaque(around, 'what it listens on is not written where it can be read');
  const framework = language === 'node' ? nodeFramework(around) : undefined;
  if (framework) return framework;
  const program = programFiles(around, language);
  if (!program) return opaque(around, `the source of ${process.path} is not among the files at hand`);
  return listening(around, language, program.files, program.roots);
}

/** Files of a program and the folders that its absolute imports start from. */
interface Program {
  readonly files: readonly SourceFile[];
  readonly roots: readonly string[];
}

function programFiles(around: Surroundings, language: Language): Program | undefined {
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

const folder = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));

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

/** The path of the application that gunicorn, uvicorn, flask, manage.py or nest is given. */
export function applicationPath(around: Surroundings): PathAnswer {
  const { process } = around;
  if (process.program === 'nest') {
    const files = programFiles(
      { ...around, process: { ...process, path: 'dist/main.js', interpreter: 'node' } },
      'node',
    );
    return files ? answer(around, 'node', files.files, files.roots) : NO_PATH;
  }
  const program = applicationFiles(around);
  return program ? answer(around, 'python', program.files, program.roots) : NO_PATH;
}

const NO_PATH: PathAnswer = { path: undefined, pathDoubt: undefined };

function applicationFiles(around: Surroundings): Program | undefined {
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

/** The health path among the routes of a program. */
function answer(
  { project }: Surroundings,
  language: Language,
  files: readonly SourceFile[],
  roots: readonly string[],
): PathAnswer {
  if (language === 'node') return healthPath(nodeRoutes(project, files, roots), obstacleIn(files, ROUTE_GUARDS.node));
  if (language === 'python') {
    const obstacle = obstacleIn(files, ROUTE_GUARDS.python) ?? djangoObstacle(files);
    return healthPath(pythonRoutes(project, files, roots), obstacle);
  }
  if (language === 'go') return healthPath(goRoutes(project, files), obstacleIn(files, ROUTE_GUARDS.go));
  if (language === 'rust') return healthPath(rustRoutes(project, files), obstacleIn(files, ROUTE_GUARDS.rust));
  return healthPath(sinatraRoutes(project, files), obstacleIn(files, ROUTE_GUARDS.ruby));
}

const STARTUPS: Readonly<Record<Language, Startup>> = {
  node: 'quick',
  go: 'quick',
  rust: 'quick',
  python: 'interpreted',
  ruby: 'interpreted',
};
/** Libraries whose models are loaded before the first answer. */
const MODELS =
  /^\s*(?:import|from)\s+(?:torch|tensorflow|transformers|keras|sentence_transformers|diffusers|vllm|onnxruntime|whisper|llama_cpp|fastai)\b/m;

/** What the files of a program listen on. */
function listening(
  around: Surroundings,
  language: Language,
  files: readonly SourceFile[],
  roots: readonly string[],
): Found | NoService {
  const { document, project, stage, process } = around;
  const name = [process.interpreter?.replace(' -m', ''), process.path].filter((it) => it !== undefined).join(' ');
  const first = files[0];
  const own = first ? listeners(project, language, [first]) : [];
  const all = own.length > 0 && language !== 'go' ? own : listeners(project, language, files);
  if (all.length === 0) return opaque(around, `no call that opens a port was found in what ${process.path} reaches`);
  const chosen = choose(
    all,
    exposedPorts(document, stage).map(({ number }) => number),
  );
  if (!chosen) {
    const ports = [
      ...new Set(all.map(({ value }) => value?.number ?? value?.variable ?? 'one that cannot be read')),
    ].join(', ');
    return none('port-conflict', `${name} opens several ports: ${ports}`);
  }
  const { value, speaks, tls, evidence } = chosen;
  const isHttp = speaks === 'http' && !tls;
  const path = isHttp
    ? answer(around, language, files, roots)
    : tls
      ? { path: undefined, pathDoubt: 'it speaks TLS' }
      : NO_PATH;
  const isModel = files.some(({ text }) => MODELS.test(text));
  const startup = language === 'python' && isModel ? 'model' : STARTUPS[language];
  return {
    name,
    speaks: isHttp ? 'http' : 'tcp',
    value,
    from: 'source',
    startup,
    ...path,
    evidence: [...process.evidence, evidence],
  };
}

/** The one port; with several, the one that EXPOSE names alone, HTTP before others. */
function choose(all: readonly Listener[], exposed: readonly number[]): Listener | undefined {
  const differing = (list: readonly Listener[]) =>
    new Set(list.map(({ value }) => `${value?.number} ${value?.variable}`)).size;
  if (differing(all) === 1) return all[0];
  const named = all.filter(({ value }) => value?.number !== undefined && exposed.includes(value.number));
  if (named.length > 0 && differing(named) === 1) return named[0];
  const http = all.filter(({ speaks }) => speaks === 'http');
  return http.length > 0 && http.length < all.length && differing(http) === 1 ? http[0] : undefined;
}

/** A binary that a RUN of one of the stages builds from Go or Rust. */
function compiled(around: Surroundings): Found | NoService | undefined {
  const { document, project, stage } = around;
  const builds = (pattern: RegExp) =>
    document.stages.some((it) =>
      it.instructions.some(({ keyword, args }) => keyword === 'RUN' && pattern.test(args.text)),
    );
  const roots = (name: string) =>
    [
      ...new Set(sourcesOf(document, project, stage).map((it) => (posix.basename(it) === name ? folder(it) : it))),
    ].filter((it) => project.kind(it === '' ? name : `${it}/${name}`) === 'file');
  if (builds(/\bgo\s+(?:build|install)\b/)) {
    const [root, ...others] = roots('go.mod');
    const files = root === undefined || others.length > 0 ? undefined : goProgram(around, root);
    return files && listening(around, 'go', files, []);
  }
  if (builds(/\bcargo\s+(?:\S+\s+)?(?:build|install)\b/)) {
    const [root, ...others] = roots('Cargo.toml');
    if (
      root === undefined ||
      others.length > 0 ||
      /^\[workspace\]/m.test(project.read(root === '' ? 'Cargo.toml' : `${root}/Cargo.toml`) ?? '')
    )
      return undefined;
    return listening(
      around,
      'rust',
      reachable(project, 'rust', root === '' ? 'src/main.rs' : `${root}/src/main.rs`, []),
      [],
    );
  }
  return undefined;
}

/** A program that may listen: EXPOSE decides, and the level says that nothing else does. */
function opaque({ process }: Surroundings, why: string): Found {
  const { program, evidence } = process;
  return {
    name: program,
    speaks: 'tcp',
    value: undefined,
    from: 'expose',
    startup: 'interpreted',
    path: undefined,
    pathDoubt: why,
    evidence,
  };
}
