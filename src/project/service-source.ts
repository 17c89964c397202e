/** Services whose program is the project's own: a script, or a binary that the build makes. */
import type { Language } from '../knowledge/listeners.ts';
import { ROUTE_GUARDS } from '../knowledge/route-guards.ts';
import type { Startup } from '../knowledge/servers.ts';
import { lineAt } from './calls.ts';
import { compiledProgram } from './compiled-program.ts';
import { djangoObstacle } from './django.ts';
import { healthPath, obstacleIn, type PathAnswer } from './health-path.ts';
import { type Listener, listeners } from './listen.ts';
import { applicationFiles, programFiles } from './program-files.ts';
import type { SourceFile } from './reachable.ts';
import { nodeRoutes } from './routes-node.ts';
import { goRoutes, rustRoutes, sinatraRoutes } from './routes-others.ts';
import { pythonRoutes } from './routes-python.ts';
import { exposedPorts, type Found, type NoService, none, type OwnCheck, type Surroundings } from './service.ts';
import { dotnetProgram } from './service-dotnet.ts';
import { isNative, javaProgram } from './service-java.ts';
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
  if (process.program === 'java' || isNative(around)) return javaProgram(around);
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
  const entry = first ? listeners(project, language, [first]) : [];
  const all = entry.length > 0 && language !== 'go' ? entry : listeners(project, language, files);
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
  const { value, speaks, tls, isDefault, evidence } = chosen;
  const isHttp = speaks === 'http' && !tls;
  const path = isHttp
    ? answer(around, language, files, roots)
    : tls
      ? { path: undefined, pathDoubt: 'it speaks TLS' }
      : NO_PATH;
  const isModel = files.some(({ text }) => MODELS.test(text));
  const startup = language === 'python' && isModel ? 'model' : STARTUPS[language];
  const own = language === 'go' ? ownCheck(around, files) : undefined;
  return {
    name,
    speaks: isHttp ? 'http' : 'tcp',
    value,
    from: isDefault ? 'default' : 'source',
    startup,
    ...path,
    ...(own && { own }),
    evidence: [...process.evidence, evidence],
  };
}

/** A subcommand of a Go program by which it asks itself: `if os.Args[1] == "healthcheck"`, `Use: "healthcheck"`. */
function ownCheck({ project, process }: Surroundings, files: readonly SourceFile[]): OwnCheck | undefined {
  for (const { path, text } of files) {
    const match = /(?:os\.Args\[1\]\s*==\s*|\bcase\s+|\bUse:\s*)"(health-?check|healthz)"/.exec(text);
    if (!match || !text.includes('package main')) continue;
    const evidence = { file: project.rootPath(path), line: lineAt(text, match.index), says: match[0] };
    return { words: [process.path, match[1] as string], evidence };
  }
  return undefined;
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
  const program = compiledProgram(around);
  return program && listening(around, program.language, program.files, []);
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
