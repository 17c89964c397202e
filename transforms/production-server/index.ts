/** Servers for the time of writing code as the start command: replaced where all that is needed is there, else told. */
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline } from '../../src/edit.ts';
import { serviceFacts } from '../../src/project/compose-service.ts';
import { codeMount, developmentImage, servicesOf, skaffoldSync } from '../../src/project/development.ts';
import { processOf } from '../../src/project/process.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import type { Surroundings } from '../../src/project/service.ts';
import { defineTransform } from '../../src/transform.ts';
import { djangoGunicorn } from './django.ts';
import { developmentServer, type Found } from './find.ts';
import { plainNode } from './node.ts';
import { fastapiRun, flaskGunicorn, type Replacement, withoutReload } from './python.ts';

export const productionServer = defineTransform({
  name: 'production-server',
  summary: 'Reports development servers as the start command, and replaces them by a server that is installed already',
  docs: {
    what: 'Where the image starts a server for the time of writing code (flask run, manage.py runserver, uvicorn --reload, nodemon, next dev, vite, rails server in development, artisan serve, app.run() of Flask), that is told with the next step. It is replaced only where the other server is among the packages that the image installs and the application object is found: gunicorn on the same address with threads like before, uvicorn without --reload, node for nodemon. Images and compose services that are meant for writing code are left alone.',
    why: 'Development servers watch files, reload, show their errors to every visitor and answer few requests at a time; their own manuals keep them off production.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["flask", "run", "--host=0.0.0.0", "--port=8080"]\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:8080", "--threads", "8", "app:app"]\n',
      files: {
        'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
        'requirements.txt': 'flask==3.1.2\ngunicorn==23.0.0\n',
      },
    },
  },
  options: {},
  mayChange: ['cmd', 'entrypoint'],
  declines: {
    development: 'the image is for writing or testing code, by its base, its stage or its name',
    'code-mounted': 'a compose service lays the source code over the image, or watches it: a set-up for writing code',
    'compose-command': 'every compose service of the image starts something else',
  },
  *plan(document, { project }) {
    for (const stage of wanted(document, project)) {
      const process = processOf(document, project, stage);
      if ('code' in process) continue;
      const around = { document, project, stage, process };
      const found = developmentServer(around);
      if (!found) continue;
      const command =
        stage.instructions.filter(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword)).at(-1) ?? stage.from;
      const at = { start: command.start, end: command.headEnd };
      const obstacle = obstacleOf(around);
      yield obstacle ? { ...obstacle, at } : { ...changeOf(around, found), at };
    }
  },
});

/** The stages that become containers: the last one, and those that somebody builds by name. */
function wanted(document: Document, project: Project): readonly Stage[] {
  const targets = project.targets.flatMap((name) => document.stageNamed(name) ?? []);
  const last = document.stages.at(-1);
  const all = [...new Set([...targets, ...(last ? [last] : [])])].sort((a, b) => a.index - b.index);
  return all.filter((stage) => stage.instructions.some(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword)));
}

function obstacleOf({ document, project, stage, process }: Surroundings): Omit<Decline, 'at'> | undefined {
  const development = developmentImage(document, stage);
  if (development !== undefined)
    return { code: 'development', why: `The image is for the time of writing or testing code: ${development}.` };
  const synced = skaffoldSync(project);
  if (synced)
    return {
      code: 'code-mounted',
      why: `${synced.file}:${synced.line} (${synced.says}): files are changed while the container runs.`,
    };
  const uses = servicesOf(project, stage);
  const others = uses.filter(startsOther);
  if (uses.length > 0 && others.length === uses.length) {
    const [{ file, name }] = others as [ContextSource];
    return { code: 'compose-command', why: `${file} starts another command for ${name}.` };
  }
  for (const use of uses) {
    const mount = startsOther(use) ? undefined : codeMount(project, use, process.cwd);
    if (mount)
      return {
        code: 'code-mounted',
        why: `${mount.file}:${mount.line} (${mount.says}): the code is changed while it runs.`,
      };
  }
  return undefined;
}

function startsOther({ service }: ContextSource): boolean {
  const { command, entrypoint } = serviceFacts(service?.fields ?? {});
  return command !== undefined || entrypoint !== undefined;
}

/** By what each kind is replaced. */
const REPLACEMENTS: Partial<Record<Found['kind'], (around: Surroundings) => Replacement>> = {
  reload: withoutReload,
  fastapi: fastapiRun,
  flask: flaskGunicorn,
  django: djangoGunicorn,
  nodemon: plainNode,
};

function changeOf(around: Surroundings, found: Found): Omit<Change, 'at'> {
  const { name, does, next, kind, evidence } = found;
  const replacement = REPLACEMENTS[kind]?.(around);
  if (!replacement || 'obstacle' in replacement) {
    const why = [`It ${does}.`, replacement?.obstacle, next].filter((it) => it !== undefined).join(' ');
    return { title: `${name} is for development`, why, evidence, level: 'manual', edits: [] };
  }
  const doubts = [...replacement.doubts, ...readOnlyDoubt(around, replacement.by)];
  return {
    title: kind === 'reload' ? replacement.by : `${replacement.by} instead of ${name}`,
    why: [`${name} ${does}.`, replacement.why, ...doubts].join(' '),
    evidence: replacement.evidence,
    level: doubts.length > 0 ? 'risky' : 'review',
    edits: replacement.edits,
  };
}

/** gunicorn keeps the signs of life of its workers in files. */
function readOnlyDoubt({ project, stage }: Surroundings, by: string): string[] {
  const use =
    by === 'gunicorn'
      ? servicesOf(project, stage).find(({ service }) => service?.fields.read_only === true)
      : undefined;
  return use
    ? [`${use.file} makes the file system of ${use.name} read-only: gunicorn needs a folder such as /tmp to write to.`]
    : [];
}
