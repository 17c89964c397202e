/** What a build gets beside its context and arguments: secrets, ssh and further contexts, as compose and bake files write them. */

import { posix } from 'node:path';
import { isRecord } from './manifests.ts';
import type { ContextSource } from './project.ts';
import { isRemote } from './use.ts';

/** A secret of a build: from a file (relative to the root, or absolute as written) or from a variable of the environment. */
export type BuildSecret =
  | { readonly id: string; readonly file: string }
  | { readonly id: string; readonly variable: string };

/** The part of a source that this file reads. */
export type BuildInputs = Pick<ContextSource, 'secrets' | 'ssh' | 'contexts' | 'contextNames' | 'network'>;

/** A path of a build description, whose folder is relative to the root, as one that is relative to the root; absolute ones stay. */
const placed = (folder: string, path: string): string => (/^[/~]/.test(path) ? path : posix.join(folder, path));

/** A text without a variable of bake, whose value is not looked up here. */
const plain = (value: unknown): value is string => typeof value === 'string' && !value.includes('${');

/** Only what is there. */
const present = (inputs: { [K in keyof BuildInputs]: BuildInputs[K] | undefined }): BuildInputs =>
  Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== undefined && Object.keys(value).length > 0),
  ) as BuildInputs;

/** A list of `key=value` or a map; entries without a value get ''. */
function entriesOf(value: unknown): [string, string][] {
  if (isRecord(value)) return Object.entries(value).map(([key, entry]) => [key, String(entry ?? '')]);
  if (!Array.isArray(value)) return [];
  return value.map((entry) => {
    const [key, ...rest] = String(entry).split('=');
    return [key as string, rest.join('=')];
  });
}

const sshOf = (folder: string, value: unknown): string[] =>
  entriesOf(value).map(([key, path]) => (path === '' ? key : `${key}=${placed(folder, path)}`));

function contextsOf(folder: string, entries: readonly [string, string][]): Record<string, string> {
  return Object.fromEntries(
    entries.map(([name, path]) => [name, isRemote(path) || /^\w+:/.test(path) ? path : placed(folder, path)]),
  );
}

/** The names of contexts; `alpine = "docker-image://alpine:3.22@sha256:.."` is still that image. */
const namesOf = (entries: readonly (readonly [string, string])[]): string[] =>
  entries.flatMap(([name, value]) =>
    value.startsWith(`docker-image://${name}:`) || value.startsWith(`docker-image://${name}@`) ? [] : [name],
  );

/**
 * `build:` of a compose service with the file's top-level `secrets:`. `expand` replaces variables; a secret whose file
 * is not known is left out: a build that needs it fails and says its name.
 */
export function composeInputs(
  folder: string,
  build: Readonly<Record<string, unknown>>,
  known: unknown,
  expand: (text: string) => string | undefined,
): BuildInputs {
  const secrets: BuildSecret[] = [];
  for (const entry of Array.isArray(build.secrets) ? build.secrets : []) {
    const source = String(isRecord(entry) ? entry.source : entry);
    const id = isRecord(entry) && typeof entry.target === 'string' ? entry.target : source;
    const definition = isRecord(known) && isRecord(known[source]) ? known[source] : {};
    const file = typeof definition.file === 'string' ? expand(definition.file) : undefined;
    if (file !== undefined) secrets.push({ id, file: placed(folder, file) });
    else if (typeof definition.environment === 'string') secrets.push({ id, variable: definition.environment });
  }
  const contexts = entriesOf(build.additional_contexts)
    .map(([name, path]) => [name, expand(path)] as const)
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  return present({
    secrets,
    ssh: sshOf(folder, build.ssh),
    contexts: contextsOf(folder, contexts as [string, string][]),
    contextNames: namesOf(entriesOf(build.additional_contexts)),
    network: typeof build.network === 'string' ? expand(build.network) : undefined,
  });
}

/**
 * `secret`, `ssh`, `contexts` and `network` of a bake target; secrets are texts like `type=file,id=npm,src=.npmrc`, or
 * maps. What holds a variable is left out.
 */
export function bakeInputs(folder: string, fields: Readonly<Record<string, unknown>>): BuildInputs {
  const secrets: BuildSecret[] = [];
  for (const entry of Array.isArray(fields.secret) ? fields.secret : []) {
    const parts = isRecord(entry) ? entry : plain(entry) ? Object.fromEntries(entriesOf(entry.split(','))) : {};
    const file = parts.src ?? parts.source;
    if (!plain(parts.id)) continue;
    if (plain(file)) secrets.push({ id: parts.id, file: placed(folder, file) });
    else if (file === undefined) secrets.push({ id: parts.id, variable: plain(parts.env) ? parts.env : parts.id });
  }
  const contexts = isRecord(fields.contexts)
    ? Object.entries(fields.contexts).filter((entry): entry is [string, string] => plain(entry[1]))
    : [];
  return present({
    secrets,
    ssh: sshOf(folder, Array.isArray(fields.ssh) ? fields.ssh.filter(plain) : undefined),
    contexts: contextsOf(folder, contexts),
    contextNames: isRecord(fields.contexts)
      ? namesOf(Object.entries(fields.contexts).map(([name, value]) => [name, plain(value) ? value : '']))
      : fields.contexts === undefined
        ? []
        : ['*'],
    network: plain(fields.network) ? fields.network : undefined,
  });
}
