/** gunicorn in place of `flask run`; servers without --reload. */
import { joinPath } from '../../src/document/state.ts';
import type { Edit, Evidence } from '../../src/edit.ts';
import { callArguments, lineAt, withoutComments } from '../../src/project/calls.ts';
import { originOf } from '../../src/project/origin.ts';
import { applicationFiles } from '../../src/project/program-files.ts';
import { pythonPackage } from '../../src/project/python-package.ts';
import type { Surroundings } from '../../src/project/service.ts';
import { type Written, writtenIn } from './edit.ts';
import { isAtImport } from './find.ts';

/** Another start command, or why there is none. `doubts`: what could not be established. */
export type Replacement =
  | {
      readonly edits: readonly Edit[];
      /** How the new server is called. */
      readonly by: string;
      readonly why: string;
      readonly evidence: readonly Evidence[];
      readonly doubts: readonly string[];
    }
  | { readonly obstacle: string };

export const obstacle = (text: string): Replacement => ({ obstacle: text });
export const ELSEWHERE = 'It stands in a script or in a form that is not written anew here.';
/** As many requests beside each other as the development server, which starts a thread for each, has in practice. */
export const THREADS = '8';
export const ONE_PROCESS =
  'Like before it is one process with threads; WEB_CONCURRENCY, which gunicorn reads itself, makes it several.';

/** Flags of reloading, and whether the next word is their value. */
const RELOAD_FLAGS: Readonly<Record<string, boolean>> = {
  '--reload': false,
  '--reload-dir': true,
  '--reload-include': true,
  '--reload-exclude': true,
  '--reload-delay': true,
  '--reload-engine': true,
  '--reload-extra-file': true,
  '--reload-paths': true,
};

/** `uvicorn main:app --reload` without what watches. */
export function withoutReload(around: Surroundings): Replacement {
  const { document, stage, process } = around;
  const written = writtenIn(document, stage, process);
  if (!written) return obstacle(ELSEWHERE);
  const kept: string[] = [];
  for (let i = 0; i < process.args.length; i++) {
    const word = process.args[i] as string;
    const valued = RELOAD_FLAGS[word.replace(/=.*/, '')];
    if (valued === undefined) kept.push(word);
    else if (valued && !word.includes('=')) i++;
  }
  const workers = kept.some((word) => /^--workers\b/.test(word)) || stage.end.env.has('WEB_CONCURRENCY');
  return {
    edits: [written.replace([process.path, ...kept])],
    by: `${process.program} without --reload`,
    why: 'Address, application and everything else stay as they are.',
    evidence: process.evidence,
    doubts:
      workers && process.program === 'uvicorn'
        ? ['The number of workers, which uvicorn ignores beside --reload, counts from now on.']
        : [],
  };
}

/** `fastapi run` for `fastapi dev`. */
export function fastapiRun(around: Surroundings): Replacement {
  const { document, stage, process } = around;
  const written = writtenIn(document, stage, process);
  if (!written) return obstacle(ELSEWHERE);
  const args = process.args.slice(1).filter((word) => word !== '--reload');
  if (!args.some((word) => /^--host(?:=|$)/.test(word)))
    return obstacle('fastapi dev listens on 127.0.0.1, which nobody outside of the container reaches.');
  return {
    edits: [written.replace([process.path, 'run', ...args])],
    by: 'fastapi run',
    why: 'The same program, address and application, and nothing watches the files.',
    evidence: process.evidence,
    doubts: [],
  };
}

/** gunicorn for `flask run`. */
export function flaskGunicorn(around: Surroundings): Replacement {
  const { document, project, stage, process } = around;
  const written = writtenIn(document, stage, process);
  if (!written) return obstacle(ELSEWHERE);
  const gunicorn = pythonPackage(document, project, stage, 'gunicorn');
  if (!gunicorn) return obstacle('gunicorn is not among the packages that the image installs for sure.');
  const env = (name: string) => process.assignments.get(name) ?? stage.end.env.get(name);
  const debug = /^(?:1|true|yes|on)$/i.test(env('FLASK_DEBUG') ?? '') || env('FLASK_ENV') === 'development';
  if (debug || process.args.includes('--debug'))
    return obstacle(
      'The debugger is on (FLASK_DEBUG, FLASK_ENV or --debug), which lets visitors run code: take it out first.',
    );
  const flags = flaskFlags(process.args);
  if (!flags) return obstacle('One of its flags has no counterpart that is known.');
  const host = flags.host ?? env('FLASK_RUN_HOST');
  const port = flags.port ?? env('FLASK_RUN_PORT') ?? '5000';
  const bind = address(host, port, written);
  if (bind === undefined)
    return obstacle(host === undefined ? LOOPBACK : `The address ${host}:${port} cannot be taken over as it is.`);
  const app = flaskApp(around, flags.app ?? env('FLASK_APP'));
  if ('obstacle' in app) return app;
  const files = applicationFiles(around)?.files ?? [];
  const started = files.find(({ text }) => isAtImport(text));
  if (started)
    return obstacle(
      `${project.rootPath(started.path)} calls run() when it is imported, which flask run passes over and gunicorn does not: put it behind if __name__ == "__main__".`,
    );
  const sockets = files.find(({ text }) => /\bSocketIO\s*\(/.test(text));
  if (sockets)
    return obstacle(`${project.rootPath(sockets.path)} uses Flask-SocketIO, which wants a worker of its own.`);
  return {
    edits: [written.replace(['gunicorn', '--bind', bind, '--threads', THREADS, app.target])],
    by: 'gunicorn',
    why: `It listens on ${bind} as before. ${ONE_PROCESS}`,
    evidence: [...process.evidence, gunicorn, app.evidence],
    doubts: dotenvDoubt(around),
  };
}

export const LOOPBACK = 'It listens on 127.0.0.1, which nobody outside of the container reaches.';

/** `host:port` for --bind; undefined: only the container itself reaches it, or it holds what nobody fills in. */
export function address(host: string | undefined, port: string, { isShell }: Written): string | undefined {
  if (host === undefined || /^(?:127\.|localhost$|::1$)/.test(host)) return undefined;
  const plain = isShell ? /^[\w.${}-]+$/ : /^[\w.-]+$/;
  const name = host === '0' ? '0.0.0.0' : host;
  return plain.test(name) && plain.test(port) ? `${name}:${port}` : undefined;
}

/** The flags of `flask [--app x] run [flags]`; undefined: one of them is another. */
function flaskFlags(args: readonly string[]): { app?: string; host?: string; port?: string } | undefined {
  const names = {
    '--app': 'app',
    '-A': 'app',
    '--host': 'host',
    '-h': 'host',
    '--port': 'port',
    '-p': 'port',
  } as const;
  const found: { app?: string; host?: string; port?: string } = {};
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (/^(?:run|--with-threads|--no-debug|--no-reload|--no-debugger)$/.test(word)) continue;
    const [flag = '', ...value] = word.split('=');
    const key = Object.hasOwn(names, flag) ? names[flag as keyof typeof names] : undefined;
    const text = value.length > 0 ? value.join('=') : args[++i];
    if (key === undefined || text === undefined) return undefined;
    found[key] = text;
  }
  return found;
}

type App = { readonly target: string; readonly evidence: Evidence } | { readonly obstacle: string };

/** The application object as Flask finds it, in gunicorn's words. Source: pallets/flask:src/flask/cli.py, find_best_app. */
function flaskApp({ document, project, stage, process }: Surroundings, named: string | undefined): App {
  const none = (why: string): App => ({ obstacle: why });
  const [place = '', attribute] = (named ?? '').split(/:(.*)/);
  const stems = named === undefined ? ['wsgi', 'app'] : [place.replace(/^\.\//, '').replace(/\.py$/, '')];
  if (stems.some((it) => !/^[A-Za-z_]\w*(?:\.\w+)*$/.test(it)))
    return none(`FLASK_APP=${named} names no module of the folder in which it starts.`);
  for (const stem of stems) {
    for (const ending of ['.py', '/__init__.py']) {
      const path = joinPath(process.cwd, `${stem.replaceAll('.', '/')}${ending}`);
      const file = path === undefined ? undefined : originOf(document, project, stage, path);
      const text = file === undefined ? undefined : project.read(file);
      if (file === undefined || text === undefined) continue;
      const found = appObject(text, attribute);
      if (!found) return none(`Which object of ${project.rootPath(file)} is the application could not be read.`);
      const evidence = { file: project.rootPath(file), line: lineAt(text, found.at), says: found.says };
      return { target: `${stem}:${found.target}`, evidence };
    }
  }
  return none(`The module ${stems.join(' or ')} is not among the files at hand.`);
}

interface AppObject {
  readonly target: string;
  readonly at: number;
  readonly says: string;
}

function appObject(source: string, attribute: string | undefined): AppObject | undefined {
  const text = withoutComments(source, 'hash');
  const factory = (name: string): AppObject | undefined => {
    const match = new RegExp(`^def\\s+${name}\\s*\\(`, 'm').exec(text);
    const parts = match && callArguments(text, match.index + match[0].length - 1);
    if (!match || !parts?.every((part) => /=|^\*/.test(part))) return undefined;
    return { target: `${name}()`, at: match.index, says: match[0].replace('(', '()').trim() };
  };
  const object = (name: string): AppObject | undefined => {
    const match = new RegExp(
      `^${name}\\s*(?::[^=\\n]+)?=\\s*(?:(?:flask\\.)?Flask|create_app|make_app)\\(|^from\\s+[\\w.]+\\s+import\\s+(?:[^\\n#]*,\\s*)?${name}\\s*(?:,|$)`,
      'm',
    ).exec(text);
    return match ? { target: name, at: match.index, says: match[0].split('\n')[0] as string } : undefined;
  };
  if (attribute !== undefined) {
    const name = attribute.replace(/\(\)$/, '');
    if (!/^[A-Za-z_]\w*$/.test(name)) return undefined;
    return attribute === name ? (object(name) ?? factory(name)) : factory(name);
  }
  const single = [...text.matchAll(/^(\w+)\s*(?::[^=\n]+)?=\s*(?:flask\.)?Flask\(/gm)];
  return (
    object('app') ??
    object('application') ??
    (single.length === 1 ? object(single[0]?.[1] as string) : undefined) ??
    factory('create_app') ??
    factory('make_app')
  );
}

/** flask reads .flaskenv and .env where python-dotenv is installed; gunicorn does not. */
function dotenvDoubt({ document, project, stage, process }: Surroundings): string[] {
  const file = ['.flaskenv', '.env']
    .map((name) => joinPath(process.cwd, name))
    .flatMap((path) => (path === undefined ? [] : (originOf(document, project, stage, path) ?? [])))
    .find((it) => project.kind(it) === 'file' && !project.ignored(it));
  if (file === undefined || !pythonPackage(document, project, stage, 'python-dotenv')) return [];
  return [`flask run sets the variables of ${project.rootPath(file)} by python-dotenv; gunicorn does not.`];
}
