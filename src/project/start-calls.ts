/** The programs that run when a container starts, with their words, and where each is written. */
import { posix } from 'node:path';
import type { Evidence } from '../edit.ts';
import type { Command } from '../shell/command.ts';
import { parseScript } from '../shell/script.ts';
import { wholeText } from '../source.ts';
import { nodeFacts } from './node.ts';
import type { Project } from './project.ts';
import type { RuntimeFacts, Start } from './runtime.ts';

export interface Call {
  /** Last segment of its path. */
  readonly program: string;
  /** The words behind it, joined by a blank. */
  readonly words: string;
  readonly at: Evidence;
  readonly wrappers: readonly string[];
}

/** Every program that a start command or a script of the context reaches. */
export function startCalls(project: Project, runtime: RuntimeFacts): readonly Call[] {
  const scripts = new Set(runtime.scripts.map(({ path }) => project.rootPath(path)));
  const calls: Call[] = [];
  const ignored = argumentsOnly(runtime);
  // sh -c "python manage.py migrate && python manage.py runserver": each use has words of its own
  const searched = new Map<string, number>();
  for (const { program, says, file, line, by } of runtime.programs) {
    if (by !== 'start' || (scripts.has(file) && line === undefined)) continue;
    if (ignored && ignored.file === file && ignored.line === line && ignored.text === says) continue;
    // "start": "next start -p 3000" and CMD next start -p 3000
    const text = says.replace(/^"[^"]*":\s*"(.*)"$/, '$1');
    const use = `${file}:${line}:${program}:${text}`;
    const at = placeOf(program, text, searched.get(use) ?? 0);
    searched.set(use, at + 1 + program.length);
    const words =
      at < 0
        ? ''
        : text
            .slice(at + 1)
            .slice(program.length)
            .replace(/["',\]]/g, ' ')
            .split(/&&|;|\|/)[0];
    calls.push({
      program,
      words: `${words ?? ''} ${ignored && isEntrypoint(runtime, file, line) ? ignored.text : ''}`
        .trim()
        .replace(/\s+/g, ' '),
      at: { file, ...(line !== undefined && { line }), says: text },
      wrappers: [],
    });
  }
  for (const { path, text, commands } of runtime.scripts) {
    const functions = new Set(
      [...text.matchAll(/^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)/gm)].map(([, name]) => name),
    );
    for (const command of commands ?? []) {
      const call = functions.has(command.program) ? undefined : callOf(project, path, text, command);
      if (call) calls.push(call);
    }
  }
  return [...calls, ...builtPackage(project, calls)].flatMap((call) => [call, ...executed(call)]);
}

/** `npx --yes prisma generate`, `pnpm exec prisma generate`: the program of node_modules that it starts. */
function executed(call: Call): readonly Call[] {
  const words = call.words.split(' ');
  if (/^(?:npm|pnpm|yarn|bun)$/.test(call.program)) {
    if (!/^(?:exec|dlx|x)$/.test(words.shift() ?? '')) return [];
  } else if (!/^(?:npx|bunx)$/.test(call.program)) return [];
  while (words[0]?.startsWith('-')) {
    const flag = words.shift();
    if (flag === '-p' || flag === '--package') words.shift();
  }
  const [program = '', ...rest] = words;
  // a script or a program that has a version: prisma@6
  const name = program.replace(/(?<=.)@[^/]*$/, '');
  return /^[\w@./-]+$/.test(name) ? [{ ...call, program: name, words: rest.join(' ') }] : [];
}

/** A command of a script of the context; undefined: it names no program. */
function callOf(project: Project, path: string, text: string, command: Command): Call | undefined {
  const { program, args, start, end, wrappers } = command;
  if (program === undefined) return undefined;
  return {
    program,
    words: args.map(({ literal, raw }) => literal ?? raw).join(' '),
    at: {
      file: project.rootPath(path),
      line: text.slice(0, start).split('\n').length,
      says: text.slice(start, end).replace(/\s+/g, ' ').slice(0, 100),
    },
    wrappers,
  };
}

/** Programs that start a script with the shell, and what stands between its commands. */
const SHELL = /^(?:ba|da|a|z|k)?sh$/;
const BETWEEN = /&&|\|\|?|;/;

/** What the code of the project starts by itself: command lines, and the commands of the shell scripts that they name. */
export function codeCalls(project: Project, runtime: RuntimeFacts): readonly Call[] {
  const lines = runtime.programs.filter(({ by, commandLine }) => by === 'code' && commandLine !== undefined);
  return lines.flatMap(({ commandLine = '', file, line, says }) => {
    const at = { file, ...(line !== undefined && { line }), says: says.trim() };
    return commandLine.split(BETWEEN).flatMap((piece): Call[] => {
      const [path = '', ...rest] = piece.trim().split(/\s+/);
      const program = posix.basename(path);
      const script = SHELL.test(program) ? rest.find((word) => !word.startsWith('-')) : path;
      return [{ program, words: rest.join(' '), at, wrappers: [] }, ...scriptCalls(project, runtime, script)];
    });
  });
}

/** The commands of a shell script of the context. */
function scriptCalls(project: Project, { files, locate }: RuntimeFacts, word: string | undefined): Call[] {
  const place = word?.endsWith('.sh') ? locate(word.includes('/') ? word : `./${word}`) : undefined;
  const path = place === undefined ? undefined : files.toContext(place);
  const text = path === undefined ? undefined : project.read(path);
  if (path === undefined || text === undefined) return [];
  const { opaque, commands } = parseScript(wholeText(text.replaceAll('\r\n', '\n')), { escape: '\\', bash: true });
  return opaque === undefined ? commands.flatMap((it) => callOf(project, path, text, it) ?? []) : [];
}

/** Where a program stands in a command line from an offset on, else where it stands first; -1: nowhere. */
function placeOf(program: string, text: string, from: number): number {
  const pattern = new RegExp(`(?:^|[\\s/"'])${program.replace(/[^\w]/g, '\\$&')}(?:$|[\\s"'])`);
  const at = from > 0 ? text.slice(from).search(pattern) : -1;
  return at < 0 ? text.search(pattern) : from + at;
}

/** CMD where it is no command of its own: ENTRYPOINT ["streamlit"] and CMD ["run", "app.py"]. */
function argumentsOnly({ starts }: RuntimeFacts): Start | undefined {
  const entrypoint = starts.find(({ by }) => by === 'ENTRYPOINT');
  const [program = ''] = entrypoint?.words ?? [];
  const isWrapper =
    /(?:\.sh|entrypoint[\w.-]*|\/(?:start|run|init))$|(?:^|\/)(?:tini|dumb-init|env|exec|sh|bash|ash|dash)$/.test(
      program,
    );
  return program === '' || isWrapper ? undefined : starts.find(({ by }) => by === 'CMD');
}

const isEntrypoint = ({ starts }: RuntimeFacts, file: string, line: number | undefined): boolean =>
  starts.some((it) => it.by === 'ENTRYPOINT' && it.file === file && it.line === line);

const PACKAGE_MANAGER = /^(?:npm|yarn|pnpm|bun)$/;
/** Scripts that call each other. */
const DEPTH = 4;

/**
 * `npm start` in an image whose package.json comes from another stage: the scripts of the one at the root of the
 * context, where nothing of a package.json was found otherwise.
 */
function builtPackage(project: Project, calls: readonly Call[]): Call[] {
  const isRead = calls.some(({ at }) => /(?:^|\/)package\.json$/.test(at.file));
  const facts = isRead ? undefined : nodeFacts(project, '');
  if (!facts || facts === 'broken') return [];
  const found: Call[] = [];
  let open = calls.filter(({ program }) => PACKAGE_MANAGER.test(program));
  for (let depth = 0; depth < DEPTH && open.length > 0; depth++) {
    open = open.flatMap(({ words }) => {
      const name = words
        .split(' ')
        .find((word) => word !== '' && !word.startsWith('-') && !/^run(?:-script)?$/.test(word));
      const body = name === undefined ? undefined : facts.scripts.get(name);
      if (name === undefined || body === undefined) return [];
      const at = { ...facts.script(name), file: project.rootPath(facts.manifest) };
      const { commands } = parseScript(wholeText(body), { escape: '\\', bash: true });
      return commands.flatMap(({ program, args, wrappers }) =>
        program === undefined
          ? []
          : [{ program, words: args.map(({ literal, raw }) => literal ?? raw).join(' '), at, wrappers }],
      );
    });
    found.push(...open);
  }
  return found;
}
