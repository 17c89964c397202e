/** What a compose service mounts: volumes, folders and files of the repository, tmpfs, secrets and configs. */

import { posix } from 'node:path';
import { normalisePath } from '../normalise-path.ts';
import type { Environment } from '../project/compose.ts';
import { isRecord } from '../project/manifests.ts';
import type { Tree } from '../tree.ts';
import type { Mount } from './run-plan.ts';

export interface ComposeFile {
  readonly tree: Tree;
  /** Folder of the file, relative to the root. */
  readonly folder: string;
  readonly environment: Environment;
  /** The whole file, variables replaced. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly notes: Set<string>;
}

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** Path relative to the root; undefined: outside of it, or absent. */
function place({ tree, folder }: ComposeFile, path: string): string | undefined {
  if (/^(?:\/|~|[A-Za-z]:)/.test(path)) return undefined;
  const clean = normalisePath(posix.join(folder, path));
  return clean !== undefined && tree.kind(clean) !== undefined ? clean : undefined;
}

/** `volumes` of a service, and the options of its tmpfs entries. */
export function readVolumes(
  file: ComposeFile,
  service: string,
  entries: unknown,
): { mounts: Mount[]; options: string[] } {
  const mounts: Mount[] = [];
  const options: string[] = [];
  for (const entry of listOf(entries)) {
    const { type, source, target, readOnly } = isRecord(entry) ? longForm(entry) : shortForm(String(entry));
    if (target === undefined || type === 'npipe' || type === 'cluster' || type === 'image') {
      file.notes.add(`${service}: a ${type} mount is left out`);
    } else if (type === 'tmpfs') options.push('--tmpfs', target);
    else if (type === 'volume') {
      mounts.push({ kind: 'volume', key: source ?? `${service}:${target}`, target, readOnly });
    } else {
      const path = place(file, source ?? '');
      if (path === undefined) {
        file.notes.add(`${service}: ${source} is not mounted: it is no file or folder of the repository`);
      } else {
        const kind = file.tree.kind(path) === 'dir' ? 'folder' : 'file';
        mounts.push({ kind, source: path, target, readOnly });
      }
    }
  }
  return { mounts, options };
}

interface Entry {
  readonly type: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly readOnly: boolean;
}

const longForm = (entry: Record<string, unknown>): Entry => ({
  type: String(entry.type ?? 'volume'),
  source: entry.source === undefined ? undefined : String(entry.source),
  target: entry.target === undefined ? undefined : String(entry.target),
  readOnly: entry.read_only === true,
});

/** `[source:]target[:mode]`: a source with a slash or dot at its head is a path, another one a volume's name. */
function shortForm(text: string): Entry {
  const parts = text.split(/:(?![\\/][^:/]*\\)/);
  const [source, target, mode] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const type = source !== undefined && /^[./~]|^[A-Za-z]:|[/\\]/.test(source) ? 'bind' : 'volume';
  return { type, source, target, readOnly: mode?.split(',').includes('ro') ?? false };
}

/** `secrets` (below /run/secrets) or `configs` (below /) of a service: copies of their files, or their text. */
export function readFiles(file: ComposeFile, service: string, kind: 'secrets' | 'configs', entries: unknown): Mount[] {
  const known = isRecord(file.value[kind]) ? file.value[kind] : {};
  const mounts: Mount[] = [];
  for (const entry of listOf(entries)) {
    const name = String(isRecord(entry) ? entry.source : entry);
    const wanted = isRecord(entry) && entry.target !== undefined ? String(entry.target) : name;
    const target = posix.resolve(kind === 'secrets' ? '/run/secrets' : '/', wanted);
    const definition = isRecord(known[name]) ? known[name] : {};
    const text =
      typeof definition.content === 'string'
        ? definition.content
        : file.environment.get(String(definition.environment ?? ''));
    const source = typeof definition.file === 'string' ? place(file, definition.file) : undefined;
    if (text !== undefined) mounts.push({ kind: 'text', text, target });
    else if (source !== undefined) mounts.push({ kind: 'file', source, target, readOnly: true });
    else file.notes.add(`${service}: no value of ${kind === 'secrets' ? 'the secret' : 'the config'} ${name} is here`);
  }
  return mounts;
}
