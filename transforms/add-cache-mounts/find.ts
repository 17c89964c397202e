/** Which RUNs are about packages, and which of them no mount can be given whatever they do. */
import type { Document, Stage } from '../../src/document.ts';
import type { Decline } from '../../src/edit.ts';
import {
  type Action,
  MANAGERS,
  type ManagerName,
  type ManagerRow,
  RPM_CACHES,
  RUNNERS,
} from '../../src/knowledge/package-managers.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { unlessStopped } from './declines.ts';
import { cacheOf } from './managers.ts';
import { areRelated } from './paths.ts';
import { type Run, readRun, rowOf, type Use } from './run.ts';
import { targetsOf } from './target.ts';

const ROWS = Object.entries(MANAGERS) as [ManagerName, ManagerRow][];
const PROGRAMS = ROWS.map(([, row]) => row.programs.source.replace(/^\^|\$$/g, '')).join('|');
/** Cheap test before a script is read. */
const ANY = new RegExp(`(?:^|[\\s/;&|("'=])(?:${PROGRAMS})(?=[\\s"'@;&|)]|$)|setup\\.py`);
const FILLING: ReadonlySet<Action> = new Set(['install', 'upgrade', 'build']);

export interface Candidates {
  readonly uses: readonly Use[];
  readonly declines: readonly Decline[];
}

/** Every use of a package manager that has no mount yet, and the reasons for the RUNs that cannot have one. */
export function candidates(document: Document, project: Project): Candidates {
  const uses: Use[] = [];
  const declines: Decline[] = [];
  for (const instruction of document.instructions) {
    const { stage, keyword } = instruction;
    if (keyword !== 'RUN' || !stage || !ANY.test(document.text.slice(instruction.start, instruction.end))) continue;
    const decline = (code: string, why: string) => declines.push({ code, why, at: instruction });
    const run = readRun(document, project, instruction, stage);
    const own = usesOf(run).filter((use) => !hasMount(use));
    const hidden = hiddenCall(run);
    if (own.length === 0 && hidden === undefined) continue;
    const refusal = fileRefusal(document, project, stage);
    if (refusal) decline(...refusal);
    else {
      if (hidden) decline(...hidden);
      uses.push(...own);
    }
  }
  return { uses, declines };
}

function usesOf(run: Run): readonly Use[] {
  const managers = new Set(run.calls.map(({ manager }) => manager));
  return [...managers].flatMap((manager) => {
    const all = run.calls.filter((call) => call.manager === manager);
    const cache = cacheOf(run, manager, all);
    const calls = all.filter(({ action }) => rowOf(cache).uses.includes(action));
    return calls.length === 0 ? [] : [{ run, manager, cache, calls }];
  });
}

/** Whether a mount of the RUN is about the cache already, however it is written. */
function hasMount(use: Use): boolean {
  const { document, instruction } = use.run;
  const mounts = instruction.flags.filter(
    ({ name, value }) => name === 'mount' && !/(?:^|,)type=(?:secret|ssh)/.test(value),
  );
  if (mounts.length === 0) return false;
  const resolved = targetsIfKnown(use);
  return mounts.some(({ value }) => {
    const raw = /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(value)?.[1] ?? '';
    const target = (document.expand(raw, instruction.state) ?? raw).replace(/\/+$/, '');
    if (/[$~]/.test(target)) return /type=cache/.test(value);
    const { paths, mounted, vars } = rowOf(use.cache);
    const tails = paths.map(({ path }) => path.replace(/^(?:~|\$[A-Z_]+)/, ''));
    if (/type=cache/.test(value) && (mounted?.test(target) || tails.some((tail) => target.endsWith(tail)))) return true;
    // /root/.gradle, of which ~/.gradle/caches is a part whatever the home folder is
    const folder = /\/\.[\w-]+$/.exec(target)?.[0];
    const usual = paths.map(({ path }) => path.replace(/^\$([A-Z_]+)/, (whole, name) => vars?.[name] ?? whole));
    if (folder !== undefined && /type=cache/.test(value) && usual.some((path) => path.startsWith(`~${folder}/`)))
      return true;
    return resolved.some((path) => areRelated(path, target));
  });
}

function targetsIfKnown(use: Use): readonly string[] {
  const { paths } = rowOf(use.cache);
  // dnf and yum share names, not folders: a mount of any of them is about their packages
  const shared = use.manager === 'dnf' || use.manager === 'yum' ? RPM_CACHES.map(({ path }) => path) : [];
  const direct = [...paths.map(({ path }) => path).filter((path) => path.startsWith('/')), ...shared];
  return unlessStopped(
    () => [...direct, ...use.calls.flatMap((call) => targetsOf(use, call, paths).map(({ mount }) => mount.target))],
    () => direct,
  );
}

/** Why no RUN of the stage can have a mount. */
function fileRefusal(document: Document, project: Project, stage: Stage): [code: string, why: string] | undefined {
  if (stage.base?.family === 'windows' || document.escape === '`') {
    return ['windows', 'cache mounts fail in Windows containers'];
  }
  const syntax = document.directives.find(({ name }) => name === 'syntax');
  if (syntax && /:1\.[01](?:\.\d+)?(?:@|$)/.test(syntax.value)) {
    return ['old-syntax', `${syntax.value} knows no cache mounts: they came with version 1.2`];
  }
  const { kind, file, line } = project.builder;
  if (kind === 'kaniko' || kind === 'legacy') {
    const name = kind === 'kaniko' ? 'kaniko' : 'the builder without BuildKit';
    return ['builder-without-mounts', `${file}:${line} builds with ${name}, which fails at RUN --mount`];
  }
  const comment = NOT_WANTED.exec(document.text);
  if (comment) {
    const line = document.originLine(comment.index);
    return ['not-wanted', `line ${line} says: ${comment[0].replace(/^[ \t#]+/, '')}`];
  }
  return undefined;
}

/** `# Into a real folder, NOT a cache mount: the cache of the CI exports layers only.` */
const NOT_WANTED =
  /^[ \t]*#.*\b(?:not?|never|without|instead of|rather than|avoid)\b[^.\n]{0,30}\bcache[- ]mounts?\b/im;

/** A package manager in words that are not read: exec form, a script that cannot be parsed, `su -c`, xargs. */
function hiddenCall({ instruction, commands, calls }: Run): [code: string, why: string] | undefined {
  if (instruction.json) {
    const text = instruction.words.map(({ value }) => value).join(' ');
    return calledIn(text) ? ['exec-form', 'the RUN is in exec form: its words are left as they are'] : undefined;
  }
  const { script } = instruction;
  if (script?.opaque !== undefined) {
    const bodies = instruction.heredocs.map(({ body }) => instruction.args.file.slice(body.start, body.end));
    return calledIn([instruction.args.text, ...bodies].join('\n'))
      ? ['unreadable-script', `${script.opaque}`]
      : undefined;
  }
  const command = commands.find(
    (it) =>
      RUNNERS.has(it.program ?? '') &&
      !calls.some((call) => call.command === it && isFilling(call)) &&
      calledIn(it.args.map(({ raw }) => raw.replace(/["']/g, ' ')).join(' ')),
  );
  return command && ['hidden-call', `a package manager is called through ${command.program}, which is not looked into`];
}

const isFilling = ({ manager, action }: Invocation): boolean =>
  manager === 'yarn' ? FILLING.has(action) : rowOf(manager).uses.includes(action);

/** Whether a text has a program of the table in front of one of its verbs that install. */
function calledIn(text: string): boolean {
  const words = text.split(/[\s;&|()"']+/);
  return words.some((word, at) => {
    const program = word.slice(word.lastIndexOf('/') + 1);
    const row = ROWS.find(([, { programs }]) => programs.test(program))?.[1];
    if (!row) return false;
    const rest = words.slice(at + 1).filter((it) => it !== '' && !it.startsWith('-'));
    return [1, 2].some((count) => FILLING.has(row.verbs[rest.slice(0, count).join(' ')] ?? 'other'));
  });
}
