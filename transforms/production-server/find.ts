/** Whether what a stage starts is a server for the time of writing code. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Evidence } from '../../src/edit.ts';
import {
  DEVELOPMENT_SERVERS,
  type DevelopmentServerRow,
  OWN_SERVERS,
} from '../../src/knowledge/development-servers.ts';
import { callArguments, keyed, lineAt, withoutComments } from '../../src/project/calls.ts';
import { originOf } from '../../src/project/origin.ts';
import { programFiles } from '../../src/project/program-files.ts';
import { pythonPackage } from '../../src/project/python-package.ts';
import { type Surroundings, serviceOf } from '../../src/project/service.ts';

export interface Found {
  readonly kind: DevelopmentServerRow['kind'];
  readonly name: string;
  readonly does: string;
  readonly next: string;
  readonly evidence: readonly Evidence[];
}

/** Looks at the program, and at what a script of Python starts. */
export function developmentServer(around: Surroundings): Found | undefined {
  const { process } = around;
  const words = process.args.join(' ');
  const row = DEVELOPMENT_SERVERS.find(
    (it) => it.programs.includes(process.program) && (!it.when || it.when.test(words)),
  );
  // `python supervisor`: a script of the project
  const isScript =
    process.interpreter !== undefined && /\.\w+$/.test(process.program) && process.program !== 'manage.py';
  if (!row || isScript) return pythonScript(around);
  if (row.programs.includes('watch') && process.interpreter !== 'tsx') return undefined;
  if (row.kind === 'rails' && !isDevelopmentRails(around)) return undefined;
  if (process.program === 'artisan' && !isLaravel(around)) return undefined;
  return { ...row, evidence: process.evidence };
}

/** Other frameworks call their own server by the same words: Hypervel's is Swoole. */
function isLaravel({ document, project, stage, process }: Surroundings): boolean {
  const path = joinPath(process.cwd, 'composer.json');
  const file = path === undefined ? undefined : originOf(document, project, stage, path);
  const text = file === undefined ? undefined : project.read(file);
  return text === undefined || /"laravel\/(?:framework|lumen-framework)"/.test(text);
}

/** RAILS_ENV or RACK_ENV is set nowhere, or to development. */
function isDevelopmentRails({ project, stage, process }: Surroundings): boolean {
  const names = ['RAILS_ENV', 'RACK_ENV'];
  const argument = /(?:^|\s)(?:-e|--environment)[ =](\S+)/.exec(process.args.join(' '))?.[1];
  const value = argument ?? names.map((name) => process.assignments.get(name) ?? stage.end.env.get(name)).find(Boolean);
  if (value !== undefined) return value === 'development';
  // set to what is not known, or outside
  if (names.some((name) => stage.end.env.has(name) || process.assignments.has(name))) return false;
  return project.contexts.every(({ service }) => {
    const { environment, env_file: file } = service?.fields ?? {};
    return file === undefined && !/R(?:AILS|ACK)_ENV/.test(JSON.stringify(environment ?? ''));
  });
}

/** `python app.py` with app.run() of Flask, or uvicorn.run(.., reload=True). */
function pythonScript(around: Surroundings): Found | undefined {
  const { project, process } = around;
  if (process.interpreter !== 'python' && process.interpreter !== 'python -m') return undefined;
  const entry = programFiles(around, 'python')?.files[0];
  if (!entry) return undefined;
  const text = withoutComments(entry.text, 'hash');
  for (const match of text.matchAll(/\b(uvicorn|app|application|server)\.run\(/g)) {
    const parts = callArguments(text, match.index + match[0].length - 1) ?? [];
    const line = lineAt(text, match.index);
    const says = (text.split('\n')[line - 1] as string).trim().slice(0, 100);
    const evidence = [...process.evidence, { file: project.rootPath(entry.path), line, says }];
    if (match[1] === 'uvicorn') {
      if (keyed(parts, ['reload']) !== 'True') continue;
      const does = 'makes a second process that watches the files, and restarts the server whenever one changes';
      return { kind: 'advice', name: 'reload=True', does, next: `Take reload=True out of ${entry.path}.`, evidence };
    }
    const isFlask = /^\s*(?:from\s+flask\s+import\s.*\bFlask\b|import\s+flask\b)/m.test(text);
    if (!isFlask || OWN_SERVERS.test(text)) continue;
    return flaskScript(around, entry.path, parts, evidence, match[1] as string, text);
  }
  return undefined;
}

function flaskScript(
  { document, project, stage, process }: Surroundings,
  path: string,
  parts: readonly string[],
  evidence: readonly Evidence[],
  object: string,
  text: string,
): Found {
  const isDebug = keyed(parts, ['debug']) === 'True';
  const service = serviceOf(document, project, stage);
  const port = service.kind === 'service' ? service.port.number : 'PORT';
  const module = posix.basename(process.path, '.py');
  const folder = process.interpreter === 'python -m' ? '.' : posix.dirname(process.path);
  const place = folder === '.' || folder === process.cwd ? '' : ` --chdir ${folder}`;
  const installed = pythonPackage(document, project, stage, 'gunicorn') !== undefined;
  const call = wsgiObject(text, object);
  const steps = [
    ...(isAtImport(text)
      ? [`Put ${object}.run() behind if __name__ == "__main__", so that an import does not start it.`]
      : []),
    ...(call === undefined ? [`Make ${object} an object of the module.`] : []),
    `${installed ? 'gunicorn is installed: start' : 'Add gunicorn to the dependencies and start'} gunicorn --bind 0.0.0.0:${port} --threads 8${place} ${module}:${call ?? object}.`,
  ];
  const debugger_ = isDebug ? ' With debug=True visitors get a debugger that runs their code.' : '';
  return {
    kind: 'advice',
    name: `${object}.run() in ${path}`,
    does: `is the server of Werkzeug, which its authors made for development.${debugger_}`.replace(/\.$/, ''),
    next: steps.join(' '),
    evidence,
  };
}

/** `app`, where the module has it; `create_app()`, where only the main part of the script calls that. */
function wsgiObject(text: string, object: string): string | undefined {
  if (new RegExp(`^${object}\\s*(?::[^=\\n]+)?=`, 'm').test(text)) return object;
  const factory = new RegExp(`^\\s+${object}\\s*=\\s*(\\w+)\\(\\)`, 'm').exec(text)?.[1];
  return factory !== undefined && new RegExp(`^def\\s+${factory}\\(\\)`, 'm').test(text) ? `${factory}()` : undefined;
}

/** `app.run()` with nothing in front: whoever imports the module starts the server. */
export const isAtImport = (text: string): boolean => /^(?:app|application|server)\.run\(/m.test(text);
