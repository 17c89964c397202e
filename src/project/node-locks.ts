/**
 * Whether the lock file of a Node package holds what its package.json asks for: the question that `npm ci`,
 * `yarn --frozen-lockfile`, `yarn --immutable` and `pnpm --frozen-lockfile` ask before they install.
 */
import { isRecord, lineOf, parseRecord, recordIn, textEntries, textList, within } from './manifests.ts';
import { type NodeFacts, nodeFacts } from './node.ts';
import type { Project } from './project.ts';

export type LockVerdict =
  /** `format`: lockfileVersion of npm and pnpm, 'v1' or 'berry' of yarn. `packages`: folders of the packages that were compared. */
  | { readonly kind: 'agrees'; readonly format: string; readonly packages: readonly string[] }
  /** unclear: it cannot be compared. */
  | { readonly kind: 'differs' | 'unclear'; readonly why: string; readonly line?: number | undefined };

const unclear = (why: string): LockVerdict => ({ kind: 'unclear', why });
const differs = (why: string, line?: number): LockVerdict => ({ kind: 'differs', why, line });

/** The groups that an install of the package itself reads. */
const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

type Group = Readonly<Record<string, string>>;

function groupsOf(manifest: Record<string, unknown>): Readonly<Record<string, Group>> {
  const groups = Object.fromEntries(
    [...GROUPS, 'peerDependencies'].map((group) => [group, Object.fromEntries(textEntries(manifest[group]))]),
  ) as Record<(typeof GROUPS)[number] | 'peerDependencies', Record<string, string>>;
  // npm reads an optional dependency that stands in both groups as optional
  for (const name of Object.keys(groups.optionalDependencies)) delete groups.dependencies[name];
  return groups;
}

/** The first dependency that two manifests name differently. */
function difference(manifest: Record<string, unknown>, locked: Record<string, unknown>): string | undefined {
  const [a, b] = [groupsOf(manifest), groupsOf(locked)];
  for (const group of Object.keys(a)) {
    const [own, other] = [a[group] as Group, b[group] as Group];
    for (const name of new Set([...Object.keys(own), ...Object.keys(other)])) {
      if (own[name] !== other[name])
        return `${name} is ${own[name] ?? 'absent'} there and ${other[name] ?? 'absent'} in the lock file`;
    }
  }
  return undefined;
}

/** The root package and the members of its workspace, by folder; undefined: a pattern or a manifest that cannot be read. */
function membersOf(project: Project, root: NodeFacts): readonly NodeFacts[] | undefined {
  const members = [root];
  for (const pattern of root.workspaces) {
    const place = within(root.dir, pattern.replace(/\/$/, ''));
    if (place === undefined || /^!|\*\*|[{}]/.test(pattern)) return undefined;
    for (const dir of project.glob(place)) {
      if (dir === root.dir || project.kind(within(dir, 'package.json') ?? '') !== 'file') continue;
      const facts = nodeFacts(project, dir);
      if (!facts || facts === 'broken') return undefined;
      members.push(facts);
    }
  }
  return members;
}

/** package-lock.json and npm-shrinkwrap.json (`lock`: its path in the context). `peers`: whether npm installs them by itself. */
export function npmLock(project: Project, root: NodeFacts, lock: string, peers = true): LockVerdict {
  const file = recordIn(project, lock);
  if (!file) return unclear(`${lock} cannot be read`);
  const { lockfileVersion, packages } = file;
  if ((lockfileVersion !== 2 && lockfileVersion !== 3) || !isRecord(packages)) {
    return unclear(`${lock} is of version ${lockfileVersion}, which does not hold what it was made from`);
  }
  const members = membersOf(project, root);
  if (!members) return unclear(`the workspaces of ${root.manifest} cannot be followed`);
  for (const { dir, manifest, text, dependencies } of members) {
    const local = dependencies.find(({ spec }) => /^(?:file|link):|^(?:~|\.{0,2})\//.test(spec));
    // it has dependencies of its own, which the lock file has to hold as well
    if (local) return unclear(`${manifest} takes ${local.name} from the folder ${local.spec}`);
    const own = recordIn(project, manifest) as Record<string, unknown>;
    // npm compares what they lead to
    if (own.overrides !== undefined) return unclear(`${manifest} has overrides`);
    const locked = packages[dir === root.dir ? '' : dir.slice(root.dir === '' ? 0 : root.dir.length + 1)];
    if (!isRecord(locked)) return differs(`${lock} does not know ${manifest}`);
    const other = difference(own, locked);
    if (other) return differs(`${manifest}: ${other}`, lineOf(text, `"${other.split(' ')[0]}"`));
  }
  const missing = missingPackage(packages, members.length > 1, peers);
  if (missing) return differs(`${lock} ${missing}`);
  return { kind: 'agrees', format: String(lockfileVersion), packages: members.map(({ dir }) => dir) };
}

/** A dependency that the lock names and does not hold. Peers are missing where it was made with --legacy-peer-deps. */
function missingPackage(
  packages: Record<string, unknown>,
  isWorkspace: boolean,
  withPeers: boolean,
): string | undefined {
  const entries = Object.entries(packages);
  const names = new Set(entries.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const missing = (group: unknown, isAsked: (name: string) => boolean): string | undefined => {
    if (!isRecord(group)) return undefined;
    for (const name in group) if (!names.has(name) && typeof group[name] === 'string' && isAsked(name)) return name;
    return undefined;
  };
  for (const [path, entry] of entries) {
    if (!isRecord(entry)) return 'is damaged';
    // they come inside of the package: @emnapi/core of @tailwindcss/oxide-wasm32-wasi
    const bundled = textList(entry.bundleDependencies);
    const isLoose = (name: string): boolean => !bundled.includes(name);
    const dev = path === '' || isWorkspace ? entry.devDependencies : undefined;
    // optional ones for other platforms are named as well, unless npm lost them (npm/cli#4828)
    const { optionalDependencies } = entry;
    const isOptional = (name: string) =>
      isRecord(optionalDependencies) && typeof optionalDependencies[name] === 'string';
    const name =
      missing(entry.dependencies, (it) => isLoose(it) && !isOptional(it)) ??
      missing(optionalDependencies, isLoose) ??
      missing(dev, isLoose);
    if (name !== undefined) return `does not hold ${name}`;
    const optional = isRecord(entry.peerDependenciesMeta) ? entry.peerDependenciesMeta : {};
    const isNeeded = (name: string): boolean => {
      const meta = optional[name];
      return !(isRecord(meta) && meta.optional === true);
    };
    const peer = withPeers ? missing(entry.peerDependencies, isNeeded) : undefined;
    if (peer !== undefined) return `does not hold ${peer}, the peer of ${path}: it was made with --legacy-peer-deps`;
  }
  return undefined;
}

/** yarn.lock of either generation (`lock`: its path in the context). */
export function yarnLock(project: Project, root: NodeFacts, lock: string): LockVerdict {
  const text = project.read(lock);
  if (text === undefined) return unclear(`${lock} cannot be read`);
  const format = /^__metadata:/m.test(text) ? 'berry' : /^# yarn lockfile v1\s*$/m.test(text) ? 'v1' : undefined;
  if (format === undefined) return unclear(`${lock} is in no form that yarn writes`);
  const members = membersOf(project, root);
  if (!members) return unclear(`the workspaces of ${root.manifest} cannot be followed`);
  const keys = new Set<string>();
  // "@babel/core@^7.0.0", "@babel/core@^7.1.0":
  for (const [, line] of text.matchAll(/^([^\s#][^\r\n]*):[ \t]*\r?$/gm)) {
    for (const key of (line as string).split(', ')) keys.add(key.replace(/^"|"$/g, ''));
  }
  const own = new Set(members.map(({ name }) => name));
  for (const { manifest, dependencies } of members) {
    const content = recordIn(project, manifest) as Record<string, unknown>;
    if (content.resolutions !== undefined) return unclear(`${manifest} has resolutions`);
    const peers = groupsOf(content).peerDependencies as Group;
    for (const { name, spec, line } of dependencies) {
      if (peers[name] === spec || own.has(name) || /^(?:link|portal):/.test(spec)) continue;
      if (/^(?:patch|file):/.test(spec)) return unclear(`${manifest} takes ${name} from ${spec}`);
      const written = format === 'v1' ? [`${name}@${spec}`] : [`${name}@npm:${spec}`, `${name}@${spec}`];
      if (!written.some((key) => keys.has(key))) return differs(`${lock} does not hold ${name}@${spec}`, line);
    }
  }
  return { kind: 'agrees', format, packages: members.map(({ dir }) => dir) };
}

/** bun.lock: JSON with commas at the end of lists (`lock`: its path in the context). bun.lockb cannot be read. */
export function bunLock(project: Project, root: NodeFacts, lock: string): LockVerdict {
  if (lock.endsWith('.lockb')) return unclear(`${lock} is no text`);
  const file = parseRecord(project.read(lock)?.replace(/,(\s*[}\]])/g, '$1'));
  const members = membersOf(project, root);
  if (!file || !isRecord(file.workspaces)) return unclear(`${lock} cannot be read`);
  if (!members) return unclear(`the workspaces of ${root.manifest} cannot be followed`);
  for (const { dir, manifest, text } of members) {
    const own = recordIn(project, manifest) as Record<string, unknown>;
    if (own.overrides !== undefined || own.resolutions !== undefined || own.catalog !== undefined) {
      return unclear(`${manifest} has overrides`);
    }
    const locked = file.workspaces[dir === root.dir ? '' : dir.slice(root.dir === '' ? 0 : root.dir.length + 1)];
    if (!isRecord(locked)) return differs(`${lock} does not know ${manifest}`);
    const other = difference(own, locked);
    if (other) return differs(`${manifest}: ${other}`, lineOf(text, `"${other.split(' ')[0]}"`));
  }
  return { kind: 'agrees', format: String(file.lockfileVersion), packages: members.map(({ dir }) => dir) };
}

/** pnpm-lock.yaml from version 6 on (`lock`: its path in the context). */
export function pnpmLock(project: Project, root: NodeFacts, lock: string): LockVerdict {
  const text = project.read(lock) ?? '';
  const format = /^lockfileVersion:\s*['"]?([\d.]+)/m.exec(text)?.[1];
  if (format === undefined || Number(format) < 6) return unclear(`${lock} has no form that can be compared`);
  const members = membersOf(project, root);
  if (!members) return unclear(`the workspaces of ${root.manifest} cannot be followed`);
  const importers = importersOf(text);
  for (const { dir, manifest, dependencies } of members) {
    const content = recordIn(project, manifest) as Record<string, unknown>;
    if (
      content.pnpm !== undefined ||
      /^(?:overrides|catalogs?):/m.test(project.read(within(root.dir, 'pnpm-workspace.yaml') ?? '') ?? '')
    ) {
      return unclear(`the settings of pnpm change what ${manifest} asks for`);
    }
    const locked = importers.get(dir === root.dir ? '.' : dir.slice(root.dir === '' ? 0 : root.dir.length + 1));
    const groups = groupsOf(content);
    const wanted = dependencies.filter(({ name, spec }) => (groups.peerDependencies as Group)[name] !== spec);
    if (!locked && wanted.length > 0) return differs(`${lock} does not know ${manifest}`);
    const other = wanted.find(({ name, spec }) => locked?.get(name) !== spec);
    if (other)
      return differs(
        `${manifest}: ${other.name} is ${other.spec} there and ${locked?.get(other.name) ?? 'absent'} in the lock file`,
        other.line,
      );
    const names = new Set(wanted.map(({ name }) => name));
    const extra = [...(locked?.keys() ?? [])].find((name) => !names.has(name));
    if (extra !== undefined && !(extra in (groups.peerDependencies as Group)))
      return differs(`${lock} holds ${extra}, which ${manifest} does not name`);
  }
  return { kind: 'agrees', format, packages: members.map(({ dir }) => dir) };
}

/**
 * The specifiers by importer and package, from the block form that pnpm writes:
 * `importers:` / `  .:` / `    dependencies:` / `      express:` / `        specifier: ^4.18.0`. One package alone has no importers.
 */
function importersOf(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const importers = new Map<string, Map<string, string>>();
  const plain = (word: string): string => word.replace(/^(['"])(.*)\1$/, '$2');
  let top = '';
  let importer = '';
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    const [, indent = '', key = '', value = ''] = /^( *)((?:'[^']*'|[^:\s]+)):(?: (.*))?$/.exec(line) ?? [];
    if (key === '') continue;
    const depth = indent.length / 2;
    if (depth === 0) top = key;
    const shift = top === 'importers' ? 2 : 0;
    const isGroup = /^(?:dependencies|devDependencies|optionalDependencies)$/.test(top);
    if (top !== 'importers' && !isGroup) continue;
    if (shift === 2 && depth === 1) importer = plain(key);
    if (shift === 0) importer = '.';
    if (depth === shift + 1) name = plain(key);
    if (depth === shift + 2 && key === 'specifier') {
      const known = importers.get(importer) ?? new Map<string, string>();
      importers.set(importer, known.set(name, plain(value.trim())));
    }
  }
  return importers;
}
