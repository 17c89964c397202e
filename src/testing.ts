/**
 * Fixtures: small real projects with the files that must come out. For our transforms and for those of others.
 *
 *     <case>/Dockerfile and the files beside it
 *     <case>/expected/    the files that must come out; no such folder: nothing may change
 *     <case>/case.yaml    description, changes and declines expected, options
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import type { Level } from './edit.ts';
import { parseImageRef } from './image.ts';
import { openProject, prepareProjects } from './project/project.ts';
import { RemoteFacts } from './project/remote.ts';
import { type Result, type RewriteInput, rewrite } from './rewrite.ts';
import type { Transform } from './transform.ts';
import { Tree } from './tree.ts';

/** What case.yaml says. */
export interface CaseSpec {
  /** What the case shows, one sentence. */
  readonly description: string;
  /** Path of the Dockerfile; default `Dockerfile`. */
  readonly dockerfile?: string;
  /** `--level`; default review. */
  readonly level?: Level;
  /** Names of the transforms that run; default: the one that the parent folder names. `all`: every one. */
  readonly only?: readonly string[] | 'all';
  /** `--set` values: transform.key: value. */
  readonly set?: Readonly<Record<string, string | boolean>>;
  /** What --online would have found: a URL and its checksum, an image and its digest (and its patch tag), or why nothing. */
  readonly online?: Readonly<Record<string, string>>;
  /** The code with which the file is left alone; no other field is looked at then. */
  readonly error?: string;
  /** Applied and held changes in order: `LINE LEVEL title`, held ones with ` (held)` behind. */
  readonly changes?: readonly string[];
  /** Declines in order: `LINE code`. */
  readonly declines?: readonly string[];
}

export interface CaseRun {
  readonly spec: CaseSpec;
  readonly input: RewriteInput;
  readonly result: Result;
  /** Files that came out different from what went in: path and text. */
  readonly actual: ReadonlyMap<string, string>;
  /** Files of `expected/`. */
  readonly expected: ReadonlyMap<string, string>;
  /** In the form of CaseSpec. */
  readonly changes: readonly string[];
  readonly declines: readonly string[];
}

/** Every folder below `root` that holds a case.yaml, sorted. */
export function findCases(root: string): string[] {
  const cases: string[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(root, entry.name);
    if (!entry.isDirectory()) continue;
    if (existsSync(join(path, 'case.yaml'))) cases.push(path);
    else cases.push(...findCases(path));
  }
  return cases;
}

/** Runs one case in a copy of its folder. `use` may look at the copy before it is removed. @throws on a bad case.yaml */
export async function runCase<T>(
  folder: string,
  transforms: readonly Transform[],
  use: (run: CaseRun) => T | Promise<T>,
): Promise<T> {
  const spec = parse(readFileSync(join(folder, 'case.yaml'), 'utf8')) as CaseSpec;
  const copy = mkdtempSync(join(tmpdir(), 'redock-case-'));
  try {
    const ours = [join(folder, 'expected'), join(folder, 'case.yaml')];
    cpSync(folder, copy, { recursive: true, filter: (source) => !ours.includes(source) });
    const tree = new Tree(copy);
    const path = spec.dockerfile ?? 'Dockerfile';
    await prepareProjects(tree);
    const options: Record<string, Record<string, string | boolean>> = {};
    for (const [key, value] of Object.entries(spec.set ?? {})) {
      const [transform, option] = key.split('.') as [string, string];
      options[transform] = { ...options[transform], [option]: value };
    }
    const only = spec.only ?? [relative(join(folder, '../..'), folder).split(/[\\/]/)[0] as string];
    const text = readFileSync(join(copy, path), 'utf8');
    const input: RewriteInput = {
      path,
      text,
      tree,
      project: openProject(tree, path, { remote: remoteOf(tree, spec.online ?? {}) }),
      transforms,
      settings: { ...(only !== 'all' && { only }), skip: [], level: spec.level ?? 'review', options },
    };
    const result = rewrite(input);
    const actual = new Map(result.files.map((file) => [file.path, file.after]));
    if (result.after !== result.before) actual.set(path, result.after);
    return await use({
      spec,
      input,
      result,
      actual,
      expected: readAll(join(folder, 'expected')),
      changes: result.changes
        .filter(({ status }) => status === 'applied' || status === 'held')
        .map(
          ({ line, change, status }) => `${line} ${change.level} ${change.title}${status === 'held' ? ' (held)' : ''}`,
        ),
      declines: result.declined.map(({ line, code }) => `${line} ${code}`),
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function remoteOf(tree: Tree, online: Readonly<Record<string, string>>): RemoteFacts {
  const facts = new RemoteFacts(tree);
  for (const [what, answer] of Object.entries(online)) {
    const [digest = '', patch] = answer.split(' ');
    const known = { digest, patch, evidence: { file: 'online', says: `${what} was ${patch ?? digest}` } };
    const reply = digest.startsWith('sha256:')
      ? known
      : {
          code: 'no-answer' as const,
          why: answer,
          ...(answer.includes('not found') && { absent: true as const }),
        };
    const ref = parseImageRef(what);
    if (!ref) facts.learn({ kind: 'file', url: what }, reply);
    else for (const wish of ['digest', 'patch'] as const) facts.learn({ kind: 'image', ref, wish }, reply);
  }
  return facts;
}

function readAll(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(name.replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  }
  return files;
}
