/** Variables that the interpreter or the framework of a service reads in a container: logs at once, production mode. */
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Evidence } from '../../src/edit.ts';
import {
  NODE_ENV_READERS,
  NODE_FRAMEWORKS,
  PYTHON_PROGRAMS,
  SETS_NODE_ENV,
} from '../../src/knowledge/runtime-variables.ts';
import { SERVERS } from '../../src/knowledge/servers.ts';
import { builtStage } from '../../src/project/built-stage.ts';
import { codeOf, lineAt } from '../../src/project/calls.ts';
import { readEnvironment } from '../../src/project/compose.ts';
import { mention } from '../../src/project/mentions.ts';
import { type NodeDependency, nodeFacts } from '../../src/project/node.ts';
import { originOf } from '../../src/project/origin.ts';
import { type Process, processOf } from '../../src/project/process.ts';
import { programFiles } from '../../src/project/program-files.ts';
import type { Project } from '../../src/project/project.ts';
import { defineTransform } from '../../src/transform.ts';
import { envEdit } from './place.ts';

const DECLINES = {
  'set-in-compose': 'a compose file sets the variable',
  'set-in-env-file': 'an .env file in the image sets the variable, and a variable of the image would win over it',
  'development-server': 'the start command is a server for the time of writing code',
  'builds-at-start': 'the start installs or builds, which production mode would change',
} as const;

export const setRuntimeEnv = defineTransform({
  name: 'set-runtime-env',
  summary: 'Sets PYTHONUNBUFFERED and NODE_ENV=production where the process that runs reads them',
  docs: {
    what: 'A Python process gets PYTHONUNBUFFERED=1. A Node process whose framework reads NODE_ENV gets NODE_ENV=production, behind everything that installs or builds. The pair joins the ENV that the stage has. Where the code itself decides by NODE_ENV, the change is risky and says where.',
    why: 'Without a terminal Python keeps what it prints in a buffer: the last lines before a crash never reach the log. Express compiles every view again for every request, and shows stack traces to everybody, unless it is told that this is production.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nENV PYTHONUNBUFFERED=1\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n',
    },
  },
  options: {
    bytecode: {
      kind: 'boolean',
      default: true,
      help: 'whether Python may write .pyc files; false sets PYTHONDONTWRITEBYTECODE, which makes starts slower where packages bring none (uv)',
    },
  },
  mayChange: ['env'],
  declines: DECLINES,
  *plan(document, { project, options }) {
    const stage = builtStage(document, project);
    if (!stage || document.escape === '`' || stage.base?.family === 'windows') return;
    const process = processOf(document, project, stage);
    if ('code' in process) return;
    const at = { start: stage.from.start, end: stage.from.headEnd };
    const planned = isPython(process)
      ? python(document, project, stage, process, options.bytecode === false)
      : node(document, project, stage, process);
    if (planned) yield 'code' in planned ? { ...planned, at } : { ...planned, at };
  },
});

type Planned = Omit<Change, 'at'> | { readonly code: keyof typeof DECLINES; readonly why: string } | undefined;

const isPython = ({ interpreter, program }: Process): boolean =>
  interpreter === undefined ? PYTHON_PROGRAMS.has(program) : /^python/.test(interpreter);

function python(document: Document, project: Project, stage: Stage, process: Process, noBytecode: boolean): Planned {
  const isUnbuffered = process.evidence.some(({ says }) => /\bpython[\d.]*["']?[,\s]\s*["']?-[a-zA-Z]*u\b/.test(says));
  const names = [
    ...(isUnbuffered ? [] : ['PYTHONUNBUFFERED']),
    ...(noBytecode ? ['PYTHONDONTWRITEBYTECODE'] : []),
  ].filter((name) => !stage.end.env.has(name) && !process.assignments.has(name));
  if (names.length === 0) return undefined;
  const held = names.map((name) => inCompose(project, name)).find((it) => it !== undefined);
  if (held) return held;
  const pairs = names.map((name) => `${name}=1`);
  return {
    title: pairs.join(' '),
    why: names.includes('PYTHONUNBUFFERED')
      ? 'What the process prints reaches the log at once, and not when a buffer is full or never.'
      : 'The process writes no .pyc files beside the code.',
    evidence: process.evidence,
    level: 'review',
    edits: [envEdit(document, stage, pairs, false)],
  };
}

const NODE = /^(?:node|nodejs|ts-node|tsx)$/;

function node(document: Document, project: Project, stage: Stage, process: Process): Planned {
  const { interpreter, program, assignments, cwd } = process;
  if (stage.end.env.has('NODE_ENV') || assignments.has('NODE_ENV') || SETS_NODE_ENV.has(program)) return undefined;
  const manifest = cwd === undefined ? undefined : originOf(document, project, stage, `${cwd}/package.json`);
  if (manifest === undefined) return undefined;
  const facts = nodeFacts(project, manifest.replace(/\/?package\.json$/, ''));
  if (!facts || facts === 'broken') return undefined;
  const row = NODE_FRAMEWORKS.find(({ name }) => facts.dependencies.some((it) => it.name === name));
  if (!row) return undefined;
  const words = process.args.join(' ');
  if (SERVERS.some((it) => it.development && it.programs.includes(program) && (it.when?.test(words) ?? true))) {
    return { code: 'development-server', why: `${program} is a server for the time of writing code.` };
  }
  if (interpreter === undefined || !NODE.test(interpreter)) return undefined;
  const doing = process.evidence.find(({ says }) => /\b(?:install|ci|build|tsc|webpack)\b/.test(says));
  if (doing) return { code: 'builds-at-start', why: `${doing.says} installs or builds when the container starts.` };
  const held = inCompose(project, 'NODE_ENV') ?? inEnvFile(document, project, stage, process);
  if (held) return held;
  const fact = ({ name, spec, line }: NodeDependency): Evidence => ({
    file: project.rootPath(facts.manifest),
    ...(line !== undefined && { line }),
    says: `${name} ${spec}`,
  });
  const source = readsNodeEnv(document, project, stage, process);
  if (source === undefined) return undefined;
  const reader = facts.dependencies.find(({ name }) => NODE_ENV_READERS.has(name));
  const read = source || (reader && fact(reader));
  const found = facts.dependencies.filter(({ name }) => name === row.name).map(fact);
  const who = source
    ? `${source.file} decides by it as well (line ${source.line})`
    : `${reader?.name} chooses a configuration by it`;
  const doubt = read ? ` ${who}: read what changes there.` : '';
  return {
    title: 'NODE_ENV=production',
    why: `${row.says}. It stands behind everything that installs or builds.${doubt}`,
    evidence: [...process.evidence, ...found, ...(read ? [read] : [])],
    level: read ? 'risky' : 'review',
    edits: [envEdit(document, stage, ['NODE_ENV=production'], true)],
  };
}

/** Where the program reads NODE_ENV; false: nowhere, undefined: its source is not at hand. */
function readsNodeEnv(
  document: Document,
  project: Project,
  stage: Stage,
  process: Process,
): Evidence | false | undefined {
  const files = programFiles({ document, project, stage, process }, 'node')?.files;
  if (!files || files.length === 0) return undefined;
  for (const file of files) {
    const code = codeOf(file, 'c');
    const match = /\bNODE_ENV\b|\bapp\.get\(\s*['"]env['"]\s*\)/.exec(code);
    if (match) return { file: project.rootPath(file.path), line: lineAt(code, match.index), says: match[0] };
  }
  return false;
}

/** `environment` of the compose services, as a mapping or a list. */
function inCompose(project: Project, name: string): (Planned & { readonly code: string }) | undefined {
  for (const { service, file } of project.contexts) {
    const value = service?.fields.environment;
    const names = Array.isArray(value)
      ? value.map((it) => String(it).replace(/=.*$/s, ''))
      : typeof value === 'object' && value !== null
        ? Object.keys(value)
        : [];
    if (names.includes(name)) {
      return { code: 'set-in-compose', why: `${file}:${service?.lineOf('environment')} sets ${name}.` };
    }
  }
  return undefined;
}

/** An .env file that reaches the image, unless nothing in the project reads one. */
function inEnvFile(
  document: Document,
  project: Project,
  stage: Stage,
  { cwd }: Process,
): (Planned & { readonly code: string }) | undefined {
  const path = cwd === undefined ? undefined : originOf(document, project, stage, `${cwd}/.env`);
  const text = path === undefined ? undefined : project.read(path);
  if (path === undefined || text === undefined || !readEnvironment(text).has('NODE_ENV')) return undefined;
  if (mention(project, 'env') === undefined) return undefined;
  return {
    code: 'set-in-env-file',
    why: `${project.rootPath(path)} sets NODE_ENV, over which a variable of the image wins.`,
  };
}
