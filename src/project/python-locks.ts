/** Whether uv.lock, pdm.lock and Pipfile.lock were made from the manifest beside them: what `--locked`, `--check` and `--deploy` ask. */
import { createHash } from 'node:crypto';
import { parse } from 'smol-toml';
import { normalName } from './locked-python.ts';
import { isRecord, parseRecord, textList, within } from './manifests.ts';
import type { LockVerdict } from './node-locks.ts';
import type { Project } from './project.ts';

const unclear = (why: string): LockVerdict => ({ kind: 'unclear', why });
const differs = (why: string): LockVerdict => ({ kind: 'differs', why });

function table(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return text === undefined ? undefined : parse(text);
  } catch {
    return undefined;
  }
}

/** Compares pyproject.toml of one project without a workspace with the uv.lock beside it. */
export function uvLock(project: Project, dir: string): LockVerdict {
  const manifest = table(project.read(within(dir, 'pyproject.toml') ?? ''));
  const lock = table(project.read(within(dir, 'uv.lock') ?? ''));
  const metadata = manifest?.project;
  if (!lock || !isRecord(metadata)) return unclear('pyproject.toml or uv.lock cannot be read');
  const uv = isRecord(manifest?.tool) && isRecord(manifest.tool.uv) ? manifest.tool.uv : {};
  // all of them change what is looked for, and where
  const odd = Object.keys(uv).find(
    (key) => !/^(?:package|dev-dependencies|required-version|default-groups)$/.test(key),
  );
  if (odd !== undefined) return unclear(`pyproject.toml has [tool.uv] ${odd}`);
  const packages = (Array.isArray(lock.package) ? lock.package : []).filter(isRecord);
  const own = packages.find(({ source }) => isRecord(source) && (source.virtual === '.' || source.editable === '.'));
  if (!own || !isRecord(own.metadata)) return differs('uv.lock does not know the project');
  if (
    lock['requires-python'] !== undefined &&
    compact(lock['requires-python']) !== compact(metadata['requires-python'])
  ) {
    return differs(
      `requires-python is ${metadata['requires-python']} in pyproject.toml and ${lock['requires-python']} in uv.lock`,
    );
  }
  const groups = { ...recordOf(manifest?.['dependency-groups']), ...oldGroup(uv) };
  const pairs: readonly (readonly [unknown, unknown, string])[] = [
    [metadata.dependencies, required(own.metadata['requires-dist'], undefined), 'dependencies'],
    ...Object.entries(recordOf(metadata['optional-dependencies'])).map(
      ([extra, list]) =>
        [list, required((own.metadata as Record<string, unknown>)['requires-dist'], extra), extra] as const,
    ),
    ...Object.entries(groups).map(
      ([group, list]) =>
        [list, recordOf((own.metadata as Record<string, unknown>)['requires-dev'])[group], group] as const,
    ),
  ];
  for (const [wanted, held, name] of pairs) {
    const verdict = compareLists(wanted, held, name);
    if (verdict) return verdict;
  }
  return { kind: 'agrees', format: String(lock.version), packages: [dir] };
}

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const oldGroup = (uv: Record<string, unknown>): Record<string, unknown> =>
  uv['dev-dependencies'] === undefined ? {} : { dev: uv['dev-dependencies'] };

/** The entries of requires-dist that belong to an extra; undefined: to none. */
function required(list: unknown, extra: string | undefined): unknown[] {
  return (Array.isArray(list) ? list : []).filter((it) => {
    const named = /\bextra == '([^']+)'/.exec(isRecord(it) && typeof it.marker === 'string' ? it.marker : '')?.[1];
    return named === extra;
  });
}

/** A list of requirements (`flask[async]>=3,<4`) against entries `{ name, extras, specifier }`. */
function compareLists(wanted: unknown, held: unknown, group: string): LockVerdict | undefined {
  const names = Array.isArray(wanted) ? wanted : [];
  if (names.some((it) => typeof it !== 'string' || /[;@]/.test(it)))
    return unclear(`${group} has a marker or an address`);
  const own = textList(names).map(requirementKey);
  const locked = (Array.isArray(held) ? held : []).filter(isRecord).map(({ name, extras, specifier, ...rest }) =>
    // index, url, git, editable: another source
    Object.keys(rest).some((key) => key !== 'marker')
      ? undefined
      : keyOf(String(name), textList(extras), typeof specifier === 'string' ? specifier : ''),
  );
  if (own.includes(undefined) || locked.includes(undefined))
    return unclear(`${group} has an entry that is not read here`);
  const other = own.find((it) => !locked.includes(it)) ?? locked.find((it) => !own.includes(it));
  return other === undefined ? undefined : differs(`${group}: uv.lock and pyproject.toml differ in ${other}`);
}

function requirementKey(text: string): string | undefined {
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*\(?([^()]*)\)?\s*$/.exec(text);
  return match ? keyOf(match[1] as string, (match[2] ?? '').split(','), match[3] as string) : undefined;
}

const compact = (text: unknown): string => (typeof text === 'string' ? parts(text) : '');
const parts = (specifier: string): string => specifier.replace(/\s+/g, '').split(',').filter(Boolean).sort().join(',');
function keyOf(name: string, extras: readonly string[], specifier: string): string {
  const own = extras.map((it) => normalName(it.trim())).filter(Boolean);
  return `${normalName(name)}${own.length > 0 ? `[${own.sort().join(',')}]` : ''}${parts(specifier)}`;
}

/**
 * Compares the Pipfile with the hash that Pipfile.lock keeps of it: of its sources, requirements and packages as JSON with
 * sorted keys. Source: sarugaku/plette src/plette/pipfiles.py, get_hash.
 */
export function pipfileLock(project: Project, dir: string): LockVerdict {
  const manifest = table(project.read(within(dir, 'Pipfile') ?? ''));
  const lock = parseRecord(project.read(within(dir, 'Pipfile.lock') ?? ''));
  const meta = recordOf(lock?._meta);
  const hash = recordOf(meta.hash).sha256;
  if (!manifest || typeof hash !== 'string') return unclear('Pipfile or Pipfile.lock cannot be read');
  const known = ['source', 'requires', 'packages', 'dev-packages', 'pipenv', 'scripts'];
  const odd = Object.keys(manifest).find((key) => !known.includes(key));
  if (odd !== undefined || manifest.pipenv !== undefined) return unclear(`Pipfile has a table [${odd ?? 'pipenv'}]`);
  const content = {
    _meta: { requires: manifest.requires ?? {}, sources: manifest.source ?? [] },
    default: manifest.packages ?? {},
    develop: manifest['dev-packages'] ?? {},
  };
  const own = createHash('sha256').update(sortedJson(content)).digest('hex');
  return own === hash
    ? { kind: 'agrees', format: hash, packages: [dir] }
    : differs('the Pipfile has changed since Pipfile.lock was made');
}

/**
 * Compares pyproject.toml with the hash that pdm.lock keeps of what it asks for, as JSON with sorted keys. Source: pdm-project/pdm
 * src/pdm/project/project_file.py, content_hash; put to pdm 2.29: it accepts the hash with all of `resolution` (lock files from 4.4.2
 * on), not that with `overrides` alone (4.0 to 4.4.1).
 */
export function pdmLock(project: Project, dir: string): LockVerdict {
  const manifest = table(project.read(within(dir, 'pyproject.toml') ?? ''));
  const metadata = recordOf(table(project.read(within(dir, 'pdm.lock') ?? ''))?.metadata);
  const hash = metadata.content_hash;
  const own = manifest?.project;
  if (!isRecord(own) || typeof hash !== 'string') return unclear('pyproject.toml or pdm.lock cannot be read');
  const pdm = recordOf(recordOf(manifest?.tool).pdm);
  const resolution = recordOf(pdm.resolution);
  const content = {
    sources: pdm.source ?? [],
    dependencies: own.dependencies ?? [],
    'optional-dependencies': own['optional-dependencies'] ?? {},
    'requires-python': own['requires-python'] ?? '',
    'dev-dependencies': { ...recordOf(manifest?.['dependency-groups']), ...recordOf(pdm['dev-dependencies']) },
  };
  const isMadeFrom = (form: object): boolean =>
    `sha256:${createHash('sha256').update(sortedJson(form, ' ')).digest('hex')}` === hash;
  if (isMadeFrom({ ...content, resolution })) {
    return { kind: 'agrees', format: String(metadata.lock_version), packages: [dir] };
  }
  // a pdm of today does not accept that hash
  if (isMadeFrom({ ...content, overrides: resolution.overrides ?? pdm.overrides ?? {} })) {
    return unclear(
      `pdm.lock is of version ${metadata.lock_version}, and which pdm runs here decides whether it is accepted`,
    );
  }
  return differs('pyproject.toml has changed since pdm.lock was made');
}

/** As Python's json.dumps writes it with sort_keys, `blank` behind commas and colons: everything beyond ASCII escaped. */
function sortedJson(value: unknown, blank = ''): string {
  const text = (it: unknown): string => {
    if (Array.isArray(it)) return `[${it.map(text).join(`,${blank}`)}]`;
    if (!isRecord(it)) return JSON.stringify(it);
    const fields = Object.keys(it).sort();
    return `{${fields.map((key) => `${JSON.stringify(key)}:${blank}${text(it[key])}`).join(`,${blank}`)}}`;
  };
  return text(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
