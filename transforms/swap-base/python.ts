/** Whether the Python packages of a stage can be installed in a slim image, and what they need there. */
import type { Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { splitTag } from '../../src/image.ts';
import { COMPILES_AT_RUN_TIME } from '../../src/knowledge/python-libraries.ts';
import {
  ANY_PYTHON,
  COMPILED_PACKAGES,
  FIRST_WHEELS,
  PURE_FAMILY,
  PURE_PACKAGES,
  WHEELS_ONLY,
} from '../../src/knowledge/wheels.ts';
import { inWords } from '../../src/stage/install-run.ts';
import { libraryNeeds } from '../../src/stage/python-needs.ts';
import { dependencyNames } from '../../src/stage/python-packages.ts';
import type { StageView } from '../../src/stage/view.ts';
import type { Findings, Need, Obstacle } from './types.ts';

/** The first Python of FIRST_WHEELS: 3.9. */
const FIRST_MINOR = 9;
const LAST_MINOR = 13;
const INSTALLERS = /^(?:pip|pipenv|poetry|uv|pdm)$/;

/** `isOwn`: the packages are installed in the stage itself, and not in one that it copies from. */
export function pythonFindings(view: StageView, isOwn: boolean): Findings | Obstacle | undefined {
  const installs = view.steps
    .flatMap(({ tasks }) => tasks)
    .filter(({ call, effect }) => call && INSTALLERS.test(call.manager) && effect === 'install');
  const [first] = installs;
  if (!first) return undefined;
  const { names, fromGit, absent } = dependencyNames(view);
  const compiling = [...names.keys()].find((it) => COMPILES_AT_RUN_TIME.has(it));
  if (compiling !== undefined) return { code: 'builds-at-run-time', why: `${compiling} compiles code when it runs` };
  const needs: Need[] = libraryNeeds(view, names);
  if (!isOwn) return { needs, doubts: [], evidence: [] };
  const unknown: string[] = [];
  for (const [name, at] of names) {
    const verdict = verdictOf(view, name, at);
    if (verdict === 'compiled')
      return {
        code: 'native-build',
        why: `${at.file}:${at.line} names ${name}, which pip compiles: its compilers belong into a stage of their own`,
        at: first.command,
      };
    if (verdict === 'unknown') unknown.push(name);
  }
  if (extensionIn(view))
    return { code: 'native-build', why: 'setup.py of the project compiles an extension', at: first.command };
  const line = view.document.originLine(first.command.start);
  const evidence: Evidence = { file: view.document.path, line, says: first.call?.program ?? 'pip' };
  if (fromGit) needs.push({ package: 'git', evidence: { ...evidence, says: 'a package is fetched with git' } });
  const doubts = [
    ...(names.size === 0 && absent.length === 0 ? ['which Python packages are installed is not known'] : []),
    ...absent.map((path) => `${path}, which pip reads, is not in the build context`),
  ];
  if (unknown.length > 0) {
    const some = unknown.length > 4 ? [...unknown.slice(0, 3), `${unknown.length - 3} more`] : unknown;
    doubts.push(`whether ${inWords(some)} can be installed without a compiler is not known`);
  }
  return { needs, doubts, evidence: [evidence] };
}

type Verdict = 'wheel' | 'compiled' | 'unknown';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly text?: string;
}

function verdictOf({ project, document, stage }: StageView, name: string, at: Place): Verdict {
  if (COMPILED_PACKAGES.has(name)) return 'compiled';
  if (PURE_PACKAGES.has(name) || PURE_FAMILY.test(name) || WHEELS_ONLY.has(name)) return 'wheel';
  const lock = lockBeside(project, at.file);
  const locked = lock === undefined ? undefined : blockOf(lock, name);
  // a key of pyproject.toml, or the project itself
  if (lock !== undefined && locked === undefined && at.file !== document.path) return 'wheel';
  const line = at.file === document.path ? document.text : (at.text ?? '');
  // uv.lock, poetry.lock and pdm.lock name the files
  if (locked !== undefined && /-py3-none-any\.whl/.test(locked)) return 'wheel';
  const minor = pythonMinor(stage);
  const wheel = new RegExp(`-(?:cp3${minor}-cp3${minor}|cp3\\d*-abi3)-manylinux[\\w.]*x86_64[\\w.]*\\.whl`);
  if (locked !== undefined && wheel.test(locked)) return 'wheel';
  const version = versionIn(name, line, locked ?? '');
  const first = Object.hasOwn(ANY_PYTHON, name) ? ANY_PYTHON[name] : firstWheel(name, minor);
  if (first === undefined) return 'unknown';
  return version === undefined || !isBefore(version, first) ? 'wheel' : 'unknown';
}

const LOCKS = ['uv.lock', 'poetry.lock', 'pdm.lock'];

/** The lock file beside a manifest (paths relative to the root), or the file itself. */
export function lockBeside(project: StageView['project'], file: string): string | undefined {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  for (const name of LOCKS) {
    const text = /(?:^|\/)(?:pyproject\.toml|(?:uv|poetry|pdm)\.lock)$/.test(file)
      ? project.root.read(folder + name)
      : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What a lock file says about one package. */
export function blockOf(lock: string, name: string): string | undefined {
  const blocks = lock.split(/^\[\[package\]\]/m).slice(1);
  return blocks.find(
    (block) =>
      /^name = "([^"]+)"/m
        .exec(block)?.[1]
        ?.toLowerCase()
        .replace(/[-_.]+/g, '-') === name,
  );
}

function firstWheel(name: string, minor: number | undefined): string | undefined {
  if (minor === undefined || minor < FIRST_MINOR || minor > LAST_MINOR || !Object.hasOwn(FIRST_WHEELS, name))
    return undefined;
  return FIRST_WHEELS[name]?.[minor - FIRST_MINOR];
}

const pythonMinor = ({ image }: Stage): number | undefined => {
  const found = /^3\.(\d+)/.exec(splitTag(image?.tag ?? '').version ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
};

/** The upper bound of what is installed: `numpy==1.26.4`, `numpy<2`, `version = "1.26.4"`; undefined: the newest. */
export function versionIn(name: string, line: string, block: string): string | undefined {
  const own = line.includes('\n')
    ? new RegExp(`\\b${name.replaceAll('-', '[-_.]')}\\b(?:\\[[^\\]]*\\])?([=<>~!][^\\s"']*)`, 'i').exec(line)?.[1]
    : line;
  const bound = /(?:==|~=|<=?|\^|=\s*"[~^]?)\s*([\d.]+)/.exec(own ?? '')?.[1];
  return (
    bound ?? /^version = "([\d.]+)/m.exec(block)?.[1] ?? /"version": "==([\d.]+)/.exec(block.split('}')[0] ?? '')?.[1]
  );
}

export function isBefore(version: string, first: string): boolean {
  const [a, b] = [version, first].map((it) => it.split('.').map(Number)) as [number[], number[]];
  const at = b.findIndex((n, i) => n !== (a[i] ?? 0));
  return at >= 0 && (a[at] ?? 0) < (b[at] as number);
}

/** ext_modules of the project's own setup.py. */
const extensionIn = ({ project }: StageView): boolean =>
  /\bext_modules\b|\bcythonize\(/.test(project.read('setup.py') ?? '');
