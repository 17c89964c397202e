/**
 * Image references: registry, path, tag, digest. Grammar and normalisation of distribution/reference
 * (github.com/distribution/reference: regexp.go, normalize.go).
 */
export interface ImageRef {
  /** 'docker.io' when none is written. */
  readonly registry: string;
  /** Without registry; 'library/node' for 'node'. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** A half-open range of offsets into the text of a reference. */
export type Range = readonly [start: number, end: number];

export interface ImageRefParts {
  /** Registry and path, as written. */
  readonly name: Range;
  /** Without the colon. */
  readonly tag?: Range;
  /** Without the at sign. */
  readonly digest?: Range;
}

const DEFAULT_REGISTRY = 'docker.io';
const DOMAIN_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const REGISTRY = new RegExp(String.raw`^(?:${DOMAIN_LABEL}(?:\.${DOMAIN_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$`);
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const IMAGE_ID = /^[a-f0-9]{64}$/;
const MAX_PATH = 255;

/**
 * Where name, tag and digest stand in the text of a reference. Looks at the separators only, so that a text with
 * variables (`node:${VERSION:-22}-alpine`) is split as well; whether the parts are valid is for `parseImageRef`.
 */
export function splitImageRef(text: string): ImageRefParts {
  let depth = 0;
  let colon = -1;
  let at = -1;
  for (let i = 0; i < text.length && at < 0; i++) {
    const c = text[i];
    if (c === '{' && text[i - 1] === '$') depth++;
    else if (c === '}' && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (c === '/') colon = -1;
    else if (c === ':') colon = i;
    else if (c === '@') at = i;
  }
  const end = at < 0 ? text.length : at;
  return {
    name: [0, colon < 0 ? end : colon],
    ...(colon < 0 ? {} : { tag: [colon + 1, end] as const }),
    ...(at < 0 ? {} : { digest: [at + 1, text.length] as const }),
  };
}

/** The registry and the path of a name. The first segment is a registry when it cannot be the name of an account. */
function splitRegistry(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  const isRegistry = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = isRegistry && first !== 'index.docker.io' ? first : DEFAULT_REGISTRY;
  const path = isRegistry ? name.slice(slash + 1) : name;
  return { registry, path: registry === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path };
}

/** Reads a reference; undefined when it is none: upper case in the path, a variable, an image id, a wrong digest. */
export function parseImageRef(text: string): ImageRef | undefined {
  const parts = splitImageRef(text);
  const name = text.slice(...parts.name);
  const tag = parts.tag && text.slice(...parts.tag);
  const digest = parts.digest && text.slice(...parts.digest);
  const { registry, path } = splitRegistry(name);
  if (IMAGE_ID.test(name) || path.length > MAX_PATH || !REGISTRY.test(registry) || !PATH.test(path)) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  return { registry, path, tag, digest };
}

/** The short name people write: 'node', 'bitnami/redis', 'gcr.io/distroless/base'. Reads back as the same image. */
export function familiarName(ref: Pick<ImageRef, 'registry' | 'path'>): string {
  const full = `${ref.registry}/${ref.path}`;
  if (ref.registry !== DEFAULT_REGISTRY) return full;
  // `docker.io/foo.bar/x` must keep its registry: `foo.bar/x` would be an image of the registry foo.bar.
  for (const short of [ref.path.replace(/^library\//, ''), ref.path]) {
    const back = splitRegistry(short);
    if (back.registry === ref.registry && back.path === ref.path) return short;
  }
  return full;
}

/** Writes a reference in its short form; the inverse of `parseImageRef`. */
export function formatImageRef(ref: ImageRef): string {
  const tag = ref.tag === undefined ? '' : `:${ref.tag}`;
  const digest = ref.digest === undefined ? '' : `@${ref.digest}`;
  return `${familiarName(ref)}${tag}${digest}`;
}

/** `22-bookworm-slim` -> version '22', variant ['bookworm', 'slim']; `lts-alpine` has no version. */
export function splitTag(tag: string): { readonly version?: string; readonly variant: readonly string[] } {
  const [first = '', ...rest] = tag.split('-');
  return /^v?\d/.test(first) ? { version: first, variant: rest } : { variant: [first, ...rest] };
}
