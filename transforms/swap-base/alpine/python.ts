/** Whether the Python packages of a stage can be installed on musl: lock files first, which name the wheels, then the tables. */
import type { Evidence } from '../../../src/edit.ts';
import { splitTag } from '../../../src/image.ts';
import {
  BRINGS_C,
  GLIBC_ONLY_PYTHON,
  MUSL_WHEELS,
  NOT_FROM_SOURCE,
  PURE_WITH_ALL,
  PURE_WITHOUT_COMPILER,
} from '../../../src/knowledge/musl.ts';
import { COMPILED_PACKAGES } from '../../../src/knowledge/wheels.ts';
import { inWords } from '../../../src/stage/install-run.ts';
import { dependencyNames } from '../../../src/stage/python-packages.ts';
import type { StageView } from '../../../src/stage/view.ts';
import { blockOf, isBefore, lockBeside, versionIn } from '../python.ts';
import { rootOf } from '../stages.ts';
import type { Findings, Obstacle } from '../types.ts';

const INSTALLERS = /^(?:pip|pipenv|poetry|uv|pdm)$/;

type Verdict = 'runs' | 'glibc' | 'compiled' | 'unknown';

export function pythonOnMusl(view: StageView): Findings | Obstacle | undefined {
  const installs = view.steps
    .flatMap(({ tasks }) => tasks)
    .filter(({ call, effect }) => call && INSTALLERS.test(call.manager) && effect === 'install');
  const [first] = installs;
  if (!first) return undefined;
  const { names, fromGit, absent } = dependencyNames(view);
  const unknown: string[] = [];
  const compiled: string[] = [];
  let locks = 0;
  for (const [name, at] of names) {
    const { verdict, locked } = verdictOf(view, name, at);
    if (locked) locks++;
    if (verdict === 'glibc')
      return {
        code: 'no-musl-build',
        why: `${at.file}:${at.line} names ${name}, of which there are wheels for glibc only`,
        at: first.command,
      };
    if (verdict === 'compiled') compiled.push(name);
    if (verdict === 'unknown') unknown.push(name);
  }
  const doubts = [
    ...(names.size === 0 && absent.length === 0 ? ['which Python packages are installed is not known'] : []),
    ...absent.map((path) => `${path}, which pip reads, is not in the build context`),
  ];
  const elsewhere = sourceElsewhere(view);
  if (elsewhere !== undefined) doubts.push(`what ${elsewhere} brings is not known`);
  if (compiled.length > 0) doubts.push(`${inWords(some(compiled))} will be compiled for musl, which nobody tried`);
  if (unknown.length > 0) doubts.push(`whether there are wheels for musl of ${inWords(some(unknown))} is not known`);
  if (/\bext_modules\b|\bcythonize\(/.test(view.project.read('setup.py') ?? ''))
    doubts.push('setup.py of the project compiles an extension');
  const line = view.document.originLine(first.command.start);
  const says =
    locks > 0 && locks === names.size
      ? `${locks} packages of the lock file have a wheel for musl, or for every system`
      : `${names.size} packages are pure, or have wheels for musl`;
  const evidence: Evidence = { file: view.document.path, line, says };
  const needs = fromGit ? [{ package: 'git', evidence: { ...evidence, says: 'a package is fetched with git' } }] : [];
  const psycopg = names.get('psycopg');
  if (psycopg && !names.has('psycopg-binary'))
    needs.push({ package: 'libpq', evidence: { file: psycopg.file, line: psycopg.line, says: 'psycopg opens libpq' } });
  return { needs, doubts, evidence: doubts.length === 0 ? [evidence] : [] };
}

/** A requirement that comes from another place than the index: `git+https://..`, `https://../main.zip`, `-e ../lib`. */
function sourceElsewhere({ runtime, project, steps }: StageView): string | undefined {
  const given = steps
    .flatMap(({ tasks }) => tasks)
    .filter(({ call }) => call && INSTALLERS.test(call.manager))
    .flatMap(({ call }) => call?.operands ?? [])
    .find(
      ({ literal }) => literal === undefined || /^(?:git\+|https?:|\.\.?\/.*\.(?:whl|zip|gz)$|.*\.whl$)/.test(literal),
    );
  if (given) return given.raw;
  for (const path of runtime.files.walk(400)) {
    if (!/(?:^|\/)[\w.-]*requirements?[\w.-]*\.(?:txt|in|pip)$/.test(path)) continue;
    const line = (project.read(path) ?? '')
      .split(/\r?\n/)
      .find((it) =>
        /^\s*(?:git\+|https?:|-e\s+(?!\.\s*$)|--editable|\.\.?\/|--index-url|--extra-index-url|-i\s)|\s@\s*(?:git\+|https?:|file:)/.test(
          it,
        ),
      );
    if (line !== undefined) return line.trim().slice(0, 60);
  }
  return undefined;
}

const some = (names: readonly string[]): readonly string[] =>
  names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;

function verdictOf(
  { project, document, stage }: StageView,
  name: string,
  at: { readonly file: string; readonly line: number; readonly text?: string },
): { readonly verdict: Verdict; readonly locked: boolean } {
  const lock = lockBeside(project, at.file);
  const block = lock === undefined ? undefined : blockOf(lock, name);
  const minor = Number(/^3\.(\d+)/.exec(splitTag(rootOf(stage).image?.tag ?? '').version ?? '')?.[1] ?? Number.NaN);
  // a key of pyproject.toml, or the project itself
  if (lock !== undefined && block === undefined && at.file !== document.path) return { verdict: 'runs', locked: true };
  if (block !== undefined && /\.whl/.test(block)) return { verdict: wheelIn(block, minor), locked: true };
  const line = at.file === document.path ? document.text : (at.text ?? '');
  return { verdict: fromTables(name, versionIn(name, line, block ?? ''), minor, line), locked: false };
}

/** What the names of the wheels say: `-py3-none-any`, `-cp312-cp312-musllinux_1_2_x86_64`, `-abi3-musllinux`. */
function wheelIn(block: string, minor: number): Verdict {
  if (/-none-any\.whl/.test(block)) return 'runs';
  const fits = new RegExp(`-(?:cp3${minor}-cp3${minor}|cp3\\d+-abi3|py3-none|py2\\.py3-none)-musllinux[\\w.]*\\.whl`);
  if (fits.test(block)) return 'runs';
  // a wheel for another system only: it is not installed here
  if (!/manylinux|linux_x86_64/.test(block)) return /\.tar\.gz/.test(block) ? 'compiled' : 'runs';
  const name =
    /^name = "([^"]+)"/m
      .exec(block)?.[1]
      ?.toLowerCase()
      .replace(/[-_.]+/g, '-') ?? '';
  if (PURE_WITHOUT_COMPILER.has(name)) return 'runs';
  return GLIBC_ONLY_PYTHON.has(name) || !/\.tar\.gz/.test(block) ? 'glibc' : 'compiled';
}

function fromTables(name: string, version: string | undefined, minor: number, line: string): Verdict {
  if (GLIBC_ONLY_PYTHON.has(name)) return 'glibc';
  if (COMPILED_PACKAGES.has(name)) return 'compiled';
  // passlib[bcrypt] brings more
  const hasExtras = new RegExp(`\\b${name.replaceAll('-', '[-_.]')}\\[`, 'i').test(line);
  if (PURE_WITH_ALL.has(name) && !hasExtras) return 'runs';
  if (version !== undefined && NOT_FROM_SOURCE[name]?.test(version) && !hasWheel(name, version, minor))
    return 'compiled';
  if (PURE_WITHOUT_COMPILER.has(name)) return 'runs';
  const extra = name === 'uvicorn' && /\[standard\]/.test(line) ? 'uvicorn-standard' : name;
  if (Object.hasOwn(BRINGS_C, extra)) {
    // what it brings is the newest that it allows: an old release of it may ask for an old one
    return (BRINGS_C[extra] ?? []).every((it) => hasWheel(it, undefined, minor)) ? 'runs' : 'unknown';
  }
  return hasWheel(name, version, minor) ? 'runs' : 'unknown';
}

/** `version`: undefined for the newest. */
function hasWheel(name: string, version: string | undefined, minor: number): boolean {
  if (PURE_WITHOUT_COMPILER.has(name) && !NOT_FROM_SOURCE[name]?.test(version ?? '')) return true;
  const rows = Object.hasOwn(MUSL_WHEELS, name) ? (MUSL_WHEELS[name] ?? []) : [];
  const row = rows.filter(({ from }) => version === undefined || !isBefore(version, from)).at(-1);
  return row !== undefined && minor >= row.first && minor <= row.last;
}
