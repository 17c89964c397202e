/** Whether Cargo.lock holds what Cargo.toml asks for: the question that `cargo build --locked` asks before it builds. */
import { parse } from 'smol-toml';
import { isRecord, textList, within } from './manifests.ts';
import type { LockVerdict } from './node-locks.ts';
import type { Project } from './project.ts';

const unclear = (why: string): LockVerdict => ({ kind: 'unclear', why });
const differs = (why: string): LockVerdict => ({ kind: 'differs', why });

/** A dependency as the manifest writes it: the name of the package and the version requirement, where there is one. */
interface Wanted {
  readonly name: string;
  readonly version: string;
}

/** What leads elsewhere: a folder or a repository has dependencies of its own, which the lock file has to hold as well. */
const ELSEWHERE = ['path', 'git', 'registry', 'registry-index', 'workspace'] as const;

function table(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return text === undefined ? undefined : parse(text);
  } catch {
    return undefined;
  }
}

/** Compares the lock file of one package without a workspace (`dir`: its folder in the context). */
export function cargoLock(project: Project, dir: string): LockVerdict {
  const manifest = table(project.read(within(dir, 'Cargo.toml') ?? ''));
  const lock = table(project.read(within(dir, 'Cargo.lock') ?? ''));
  if (!manifest || !lock) return unclear('Cargo.toml or Cargo.lock cannot be read');
  const odd = ['workspace', 'patch', 'replace'].find((key) => key in manifest);
  if (odd !== undefined || !isRecord(manifest.package)) return unclear(`Cargo.toml has a table [${odd ?? 'project'}]`);
  const { name, version = '0.0.0' } = manifest.package;
  const packages = (Array.isArray(lock.package) ? lock.package : []).filter(isRecord);
  const own = packages.find((it) => it.name === name && it.source === undefined);
  if (!own) return differs(`Cargo.lock does not know ${name}`);
  if (typeof version !== 'string') return unclear('the version of the package comes from a workspace');
  if (own.version !== version) return differs(`${name} is ${version} in Cargo.toml and ${own.version} in Cargo.lock`);
  const wanted = wantedOf(manifest);
  if (!wanted) return unclear('Cargo.toml has a dependency that does not come from crates.io alone');
  return (
    compare(wanted, textList(own.dependencies), packages) ?? {
      kind: 'agrees',
      format: String(lock.version ?? 1),
      packages: [dir],
    }
  );
}

const GROUPS = ['dependencies', 'dev-dependencies', 'build-dependencies', 'dev_dependencies', 'build_dependencies'];

function wantedOf(manifest: Record<string, unknown>): readonly Wanted[] | undefined {
  const targets = isRecord(manifest.target) ? Object.values(manifest.target) : [];
  const wanted: Wanted[] = [];
  for (const owner of [manifest, ...targets]) {
    for (const group of isRecord(owner) ? GROUPS.map((key) => owner[key]) : []) {
      for (const [key, value] of isRecord(group) ? Object.entries(group) : []) {
        const fields: Record<string, unknown> = isRecord(value) ? value : { version: value };
        const { version, package: name } = fields;
        if (typeof version !== 'string' || ELSEWHERE.some((it) => it in fields)) return undefined;
        wanted.push({ name: typeof name === 'string' ? name : key, version });
      }
    }
  }
  return wanted;
}

/** `locked`: `serde`, or `rand 0.8.5` where there are several versions. */
function compare(
  wanted: readonly Wanted[],
  locked: readonly string[],
  packages: readonly Record<string, unknown>[],
): LockVerdict | undefined {
  const versions = new Map<string, string[]>();
  for (const entry of locked) {
    const [name = '', version] = entry.split(' ');
    const known = version ?? String(packages.find((it) => it.name === name)?.version);
    versions.set(name, [...(versions.get(name) ?? []), known]);
  }
  const names = new Set(wanted.map(({ name }) => name));
  const extra = [...versions.keys()].find((name) => !names.has(name));
  if (extra !== undefined) return differs(`Cargo.lock has ${extra} for it, which Cargo.toml does not name`);
  for (const { name, version } of wanted) {
    const held = versions.get(name);
    if (!held) return differs(`Cargo.lock does not hold ${name}`);
    const fits = held.map((it) => satisfies(it, version));
    if (fits.every((it) => it === undefined)) return unclear(`${name} ${version} cannot be compared`);
    if (!fits.includes(true))
      return differs(`${name} is ${version} in Cargo.toml and ${held.join(', ')} in Cargo.lock`);
  }
  return undefined;
}

/**
 * Whether a version meets a requirement; undefined: a form that is not read here. `1.2`, `^1.2`, `~1.2`, `=1.2.3`, `1.*`,
 * `>=1, <2`. Source: doc.rust-lang.org/cargo/reference/specifying-dependencies.html
 */
export function satisfies(version: string, requirement: string): boolean | undefined {
  const own = /^(\d+)\.(\d+)\.(\d+)(?:\+.*)?$/.exec(version)?.slice(1).map(Number);
  if (!own) return undefined;
  let all = true;
  for (const part of requirement.split(',')) {
    const [, operator = '', text = ''] = /^\s*(\^|~|=|>=|<=|>|<)?\s*([\d.*]+)\s*$/.exec(part) ?? [];
    const numbers = text
      .replace(/\.?\*.*$/, '')
      .split('.')
      .filter((it) => it !== '')
      .map(Number);
    if (text === '' || numbers.some(Number.isNaN) || numbers.length > 3) return undefined;
    all &&= meets(own, text.includes('*') ? '~' : operator, numbers);
  }
  return all;
}

function meets(own: readonly number[], operator: string, wanted: readonly number[]): boolean {
  const order = own.map((n, i) => n - (wanted[i] ?? 0)).find((n) => n !== 0) ?? 0;
  const same = (count: number): boolean => wanted.slice(0, count).every((n, i) => n === own[i]);
  switch (operator) {
    case '=':
      return same(wanted.length);
    case '>=':
      return order >= 0;
    case '>':
      return order > 0 && !same(wanted.length);
    case '<':
      return order < 0;
    case '<=':
      return order <= 0 || same(wanted.length);
    case '~':
      return order >= 0 && same(Math.min(wanted.length, 2));
    default: {
      // ^0.2.3 keeps 0.2, ^0.0.3 keeps 0.0.3
      const first = wanted.findIndex((n) => n > 0);
      return order >= 0 && same(first < 0 ? wanted.length : first + 1);
    }
  }
}
