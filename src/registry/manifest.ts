/** What a registry says an image is: an index of platforms, or one platform. OCI image-spec and Docker schema 2. */
import { createHash } from 'node:crypto';
import { RegistryError } from './error.ts';
import type { Answer } from './http.ts';

const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;
const SINGLE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** The Accept header: without the index types a registry gives the manifest of one platform. */
export const ACCEPT = [...INDEX_TYPES, ...SINGLE_TYPES].join(', ');

const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

export const isDigest = (text: unknown): text is string => typeof text === 'string' && DIGEST.test(text);

/** An index knows its platforms; of a single manifest the configuration tells (`config`: its digest). */
export type Manifest =
  | { readonly digest: string; readonly platforms: readonly string[] }
  | { readonly digest: string; readonly config: string };

/**
 * The digest of a body, checked against the one that is claimed.
 * @throws RegistryError wrong-digest
 */
export function digestOf(body: Buffer, claimed: string | undefined, host: string): string {
  const algorithm = isDigest(claimed) ? (claimed.split(':')[0] as string) : 'sha256';
  const digest = `${algorithm}:${createHash(algorithm).update(body).digest('hex')}`;
  if (claimed !== undefined && claimed !== digest) {
    throw new RegistryError('wrong-digest', `${host} gives ${claimed} as the digest of something else`);
  }
  return digest;
}

/** Reads the answer to a manifest request. @throws RegistryError: wrong-digest, bad-answer */
export function readManifest({ body, headers }: Answer, host: string): Manifest {
  const claimed = headers['docker-content-digest'];
  const type = headers['content-type']?.split(';')[0]?.trim() ?? '';
  // its digest is not that of its bytes
  if (type.includes('manifest.v1')) {
    throw new RegistryError('bad-answer', `${host} has this image in a format that engines no longer read (schema 1)`);
  }
  const digest = digestOf(body, typeof claimed === 'string' ? claimed : undefined, host);
  const wrong = new RegistryError('bad-answer', `${host} answers with something that is no image manifest`);
  const parsed = parseObject(body);
  if (!parsed) throw wrong;
  const { mediaType, manifests, config } = parsed;
  const known = typeof mediaType === 'string' && mediaType !== '' ? mediaType : type;
  if (includes(INDEX_TYPES, known) && Array.isArray(manifests)) {
    const platforms = manifests.map(platformOf).filter((platform) => platform !== undefined);
    if (platforms.length > 0) return { digest, platforms: [...new Set(platforms)].sort() };
  }
  const own = typeof config === 'object' && config !== null ? (config as { digest?: unknown }).digest : undefined;
  if (includes(SINGLE_TYPES, known) && isDigest(own)) return { digest, config: own };
  throw wrong;
}

/** The platform that the configuration of an image names: `linux/amd64`. @throws RegistryError bad-answer, wrong-digest */
export function readConfig({ body }: Answer, digest: string, host: string): string {
  digestOf(body, digest, host);
  const platform = nameOf(parseObject(body));
  if (platform === undefined) throw new RegistryError('bad-answer', `${host} does not say for which platform this is`);
  return platform;
}

const includes = (list: readonly string[], text: string): boolean => list.includes(text);

export function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** undefined for what is no image: BuildKit lists attestations as unknown/unknown. */
function platformOf(entry: unknown): string | undefined {
  const platform = (entry as { platform?: unknown } | null)?.platform;
  return typeof platform === 'object' && platform !== null ? nameOf(platform as Record<string, unknown>) : undefined;
}

function nameOf(platform: Record<string, unknown> | undefined): string | undefined {
  const { os, architecture, variant } = platform ?? {};
  const parts = [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])];
  if (os === 'unknown' || !parts.every((part) => typeof part === 'string' && /^[\w.-]+$/.test(part))) return undefined;
  return parts.join('/');
}
