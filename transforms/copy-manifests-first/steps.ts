/** What the commands of a RUN do with the files that were copied before: nothing, install from manifests, or more. */

import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction } from '../../src/document.ts';
import { CONTEXT_FREE, SYSTEM_MANAGERS } from '../../src/knowledge/context-free.ts';
import { REDIRECTING_VARIABLES } from '../../src/knowledge/install-inputs.ts';
import type { ManagerName } from '../../src/knowledge/package-managers.ts';
import type { Project } from '../../src/project/project.ts';
import type { Command } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { goByMake, hadModules } from './go.ts';
import { withLock } from './lost-lock.ts';
import { READERS } from './readers.ts';
import { type Call, isObstacle, type Needs, type Obstacle, obstacle, type Verdict } from './types.ts';

/** Managers whose compile commands fetch as well. */
const FETCHES_ON_BUILD: ReadonlySet<ManagerName> = new Set(['go', 'cargo', 'maven', 'gradle', 'nuget']);
/** Managers that are told by a path what to read; all others look into their folder. */
const BY_PATH: ReadonlySet<ManagerName> = new Set(['pip', 'conda', 'mamba', 'micromamba', 'nuget', 'maven']);
/** Stands for the working directory of a base image that is not known. */
export const UNKNOWN_WORKDIR = '/\0';

/** A folder of the context in the image. */
export interface Copied {
  /** Folder relative to the context, '' for all of it. */
  readonly top: string;
  /** Absolute path in the image. */
  readonly dest: string;
}

/** neutral: reads nothing of it. package, system: installs by name. cleanup: belongs into one layer with those. shell: changes what follows. */
export type Role =
  | { readonly kind: 'neutral' | 'package' | 'system' | 'cleanup' | 'shell' | 'source'; readonly command: Command }
  | { readonly kind: 'install'; readonly command: Command; readonly invocation: Invocation; readonly needs: Needs }
  | {
      readonly kind: 'obstacle';
      readonly command: Command;
      readonly invocation: Invocation;
      readonly obstacle: Obstacle;
    };

export interface RunView {
  readonly roles: readonly Role[];
  /** A plain list: every command but those in `$( )` joined by `&&`, nothing around them. */
  readonly isPlain: boolean;
  /** Folders of the context that are entered. */
  readonly entered: readonly string[];
  /** Folders of the context in which virtual environments are made. */
  readonly made: readonly string[];
}

/** A path of the image as a path of the context; undefined: not below what was copied. */
export function toContext({ top, dest }: Copied, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (path === dest) return top;
  const prefix = dest === '/' ? '/' : `${dest}/`;
  if (!path.startsWith(prefix) || (dest === '/' && path.startsWith(UNKNOWN_WORKDIR))) return undefined;
  const rest = path.slice(prefix.length);
  return top === '' ? rest : `${top}/${rest}`;
}

/** Reads a RUN; undefined: nobody can tell what it does. */
export function readRun(document: Document, project: Project, run: Instruction, copied: Copied): RunView | undefined {
  const { script } = run;
  if (!script || script.opaque !== undefined) return undefined;
  // a bind mount brings files of its own
  if (run.flags.some(({ name, value }) => name === 'mount' && !/type=(?:cache|secret|ssh|tmpfs)/.test(value)))
    return undefined;
  if (run.flags.some(({ name }) => name === 'network')) return undefined;
  const roles: Role[] = [];
  const entered: string[] = [];
  const made: string[] = [];
  let cwd: string | undefined = run.state.workdir ?? UNKNOWN_WORKDIR;
  for (const command of script.commands) {
    if (command.program === 'cd' || command.program === 'pushd' || command.program === 'popd') {
      const [to, ...more] = command.args;
      cwd = command.program === 'cd' && command.certain && more.length === 0 ? joinPath(cwd, to?.literal) : undefined;
      const folder = toContext(copied, cwd);
      if (folder !== undefined) entered.push(folder);
      roles.push({ kind: 'shell', command });
    } else {
      const role = roleOf(document, project, run, copied, command, cwd);
      roles.push(isSecond(role, roles) ? { kind: 'source', command } : role);
      const folder = venvOf(command);
      const venv =
        folder === undefined ? undefined : toContext(copied, joinPath(cwd, document.expand(folder, run.state)));
      if (venv !== undefined) made.push(venv);
    }
  }
  return { roles, isPlain: isPlainList(document, run, script.commands), entered, made };
}

/** A compile command behind an install of the same manager: the packages are there, it only reads the source. */
export function isSecond(role: Role, earlier: readonly Role[]): boolean {
  if (role.kind !== 'install' && role.kind !== 'obstacle') return false;
  const compiles = role.kind === 'install' ? role.needs.warm !== undefined : role.obstacle.code === 'build-only';
  return compiles && earlier.some((it) => it.kind === 'install' && it.invocation.manager === role.invocation.manager);
}

function roleOf(
  document: Document,
  project: Project,
  run: Instruction,
  copied: Copied,
  command: Command,
  cwd: string | undefined,
): Role {
  const call = invocation(command) ?? goByMake(project, run, toContext(copied, cwd), command);
  if (call && SYSTEM_MANAGERS.has(call.manager)) {
    const isNamed = call.operands.every(({ raw }) => !/\/|\.(?:deb|rpm|apk)$/.test(raw));
    if (!isNamed || !isQuiet(document, command, copied)) return { kind: 'source', command };
    return { kind: call.action === 'clean' || call.action === 'remove' ? 'cleanup' : 'system', command };
  }
  const reader = call && READERS[call.manager];
  const isInstall = call !== undefined && (call.action === 'install' || call.action === 'upgrade');
  if (call && isInstall && (call.global || call.manager === 'gem')) {
    const isNamed =
      call.operands.length > 0 &&
      call.operands.every(({ raw }) => !/^\.|^\/|\.(?:tgz|gem)$/.test(raw)) &&
      call.requirementFiles.length === 0;
    return { kind: isNamed && isQuiet(document, command, copied) ? 'package' : 'source', command };
  }
  if (call?.action === 'clean') return { kind: 'cleanup', command };
  // pip install pipenv && pipenv install --system && pip uninstall -y pipenv
  if (call?.action === 'remove' && call.manager === 'pip' && isQuiet(document, command, copied)) {
    const isNamed = call.operands.length > 0 && call.operands.every(({ raw }) => !raw.includes('/'));
    return { kind: isNamed && call.requirementFiles.length === 0 ? 'cleanup' : 'source', command };
  }
  if (call && reader && (isInstall || (call.action === 'build' && FETCHES_ON_BUILD.has(call.manager)))) {
    const verdict = verdictOf(project, run, copied, call, reader, cwd);
    if (isObstacle(verdict)) return { kind: 'obstacle', command, invocation: call, obstacle: verdict };
    if (verdict) {
      if (command.substituted || command.piped) {
        const why = `${call.manager} ${call.verb} is a part of a larger command`;
        return { kind: 'obstacle', command, invocation: call, obstacle: obstacle('install-mixed-with-build', why) };
      }
      return { kind: 'install', command, invocation: call, needs: verdict };
    }
    return { kind: isInstall && isQuiet(document, command, copied) ? 'package' : 'source', command };
  }
  return { kind: plainRole(document, project, run, command, copied, cwd), command };
}

function verdictOf(
  project: Project,
  run: Instruction,
  copied: Copied,
  call: Invocation,
  reader: (call: Call) => Verdict,
  cwd: string | undefined,
): Verdict {
  const at = call.cwd === undefined ? cwd : joinPath(cwd, call.cwd);
  if (at === undefined || call.cwdUnknown)
    return obstacle('workdir-unknown', `the folder that ${call.manager} ${call.verb} works in is not known`);
  const dir = toContext(copied, at);
  if (dir === undefined && !BY_PATH.has(call.manager)) return undefined;
  if (dir !== undefined && dir !== '' && project.context !== undefined && project.kind(dir) !== 'dir') return undefined;
  const { env } = run.state;
  const names = REDIRECTING_VARIABLES[call.manager] ?? [];
  if (call.manager === 'go' && call.action === 'build' && hadModules(run)) return undefined;
  // modules in a cache mount are not fetched again either
  if (
    call.manager === 'go' &&
    call.action === 'build' &&
    run.flags.some(({ name, value }) => name === 'mount' && /\/pkg\/mod/.test(value))
  )
    return undefined;
  const variable = names.find((name) => env.has(name) || call.command.assignments.some((it) => it.name === name));
  const resolve = (path: string) => toContext(copied, joinPath(at, path));
  const asked: Call = { invocation: call, project, dir: dir ?? copied.top, top: copied.top, env, resolve };
  const verdict = withLock(asked, reader(asked));
  const unnamed =
    verdict && !isObstacle(verdict) && verdict.warm === undefined
      ? namedButUnknown(project, copied, call, at, verdict)
      : undefined;
  if (unnamed !== undefined) return obstacle('reads-more', `${call.manager} ${call.verb} is told to use ${unnamed}`);
  if (variable !== undefined && verdict && !isObstacle(verdict))
    return obstacle('not-fixed', `the variable ${variable} tells ${call.manager} where to look`);
  return verdict;
}

/** A file of the copied tree that the command names (certificates, settings, wheels) and that is not among its needs. */
function namedButUnknown(
  project: Project,
  copied: Copied,
  call: Invocation,
  at: string,
  needs: Needs,
): string | undefined {
  for (const { raw, literal } of call.command.args) {
    const value = (literal ?? raw).replace(/^-[\w-]*=/, '');
    if (!/[./]/.test(value) || /^-/.test(value)) continue;
    const place = toContext(copied, joinPath(at, value));
    const kind = place === undefined || place === '' ? undefined : project.kind(place);
    const isFolder = kind === 'dir' && value.includes('/') && !needs.files.some((file) => file.startsWith(`${place}/`));
    const isKnown = [...needs.files, ...needs.folders].some((path) => path === place || place?.startsWith(`${path}/`));
    if ((kind === 'file' || isFolder) && !isKnown) return value;
  }
  return undefined;
}

/** The role of a command that is no call of a package manager. */
function plainRole(
  document: Document,
  project: Project,
  run: Instruction,
  command: Command,
  copied: Copied,
  cwd: string | undefined,
): 'neutral' | 'cleanup' | 'shell' | 'source' {
  const { program } = command;
  if (command.nameWord === undefined) return 'shell';
  if (program === undefined || !isQuiet(document, command, copied)) return 'source';
  if (program === 'set' || program === 'export' || program === 'umask') return 'shell';
  const [first] = command.args;
  if (program === '.' || program === 'source') {
    const path = first?.literal === undefined ? undefined : joinPath(cwd, first.literal);
    const place = toContext(copied, path);
    return path !== undefined && (place === undefined || project.kind(place) === undefined) ? 'shell' : 'source';
  }
  const text = command.args.map(({ raw }) => raw).join(' ');
  const venv = venvOf(command);
  if (venv !== undefined) {
    const path = joinPath(cwd, document.expand(venv, run.state));
    const place = toContext(copied, path);
    return path !== undefined && (place === undefined || project.kind(place) === undefined) ? 'neutral' : 'source';
  }
  const row = Object.hasOwn(CONTEXT_FREE, program) ? CONTEXT_FREE[program] : undefined;
  if (!row || (row.args && !row.args.test(text))) return 'source';
  return program === 'rm' ? 'cleanup' : 'neutral';
}

/** The folder of `python -m venv /opt/venv`. */
function venvOf({ program = '', args }: Command): string | undefined {
  if (program !== 'virtualenv' && !/^python[\d.]*$/.test(program)) return undefined;
  const text = args.map(({ raw }) => raw).join(' ');
  return program === 'virtualenv'
    ? /^(?:--\S+ )*([^-\s]\S*)$/.exec(text)?.[1]
    : /^-m (?:venv|virtualenv) (?:--\S+ )*(\S+)$/.exec(text)?.[1];
}

/** Not redirected, or only to places outside of what was copied. */
function isQuiet(document: Document, command: Command, { dest }: Copied): boolean {
  if (!command.redirected) return true;
  const text = document.text.slice(command.start, command.end);
  const targets = [...text.matchAll(/(\d*>>?|<+|&>)\s*(\S+)/g)];
  return (
    targets.length > 0 &&
    targets.every(([, operator = '', target = '']) => {
      if (target.startsWith('&')) return true;
      return operator.includes('>') && target.startsWith('/') && dest !== '/' && !target.startsWith(`${dest}/`);
    })
  );
}

function isPlainList(document: Document, run: Instruction, commands: readonly Command[]): boolean {
  const { args } = run;
  const links = commands.filter((command) => !command.substituted);
  const first = links[0];
  const last = links.at(-1);
  if (!first || !last || run.heredocs.length > 0 || args.offsets[0] !== first.start) return false;
  if ((args.offsets[args.offsets.length - 1] as number) + 1 !== last.end) return false;
  return links.every((link, i) => {
    const next = links[i + 1];
    return !next || joint(document, link.end, next.start).trim() === '&&';
  });
}

/** What stands between two commands, continuations and comment lines taken away. */
export function joint(document: Document, start: number, end: number): string {
  return document.text
    .slice(start, end)
    .replace(/^[ \t]*#.*$/gm, '')
    .replaceAll(document.escape, '');
}
