/** What the registries of the tests hold: an index, images of one platform, and a repository with many tags. */
import { createHash } from 'node:crypto';

export interface Stored {
  readonly type: string;
  readonly body: Buffer;
}

export interface Repository {
  readonly name: string;
  readonly blobs: readonly Buffer[];
  /** Manifests without a tag are those of an index. */
  readonly manifests: readonly (Stored & { readonly tags: readonly string[] })[];
}

export const digestOf = (body: Buffer): string => `sha256:${createHash('sha256').update(body).digest('hex')}`;

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const OCI = 'application/vnd.oci.image';
const DOCKER = 'application/vnd.docker.distribution.manifest';

const layer = json({});

function single(platform: object, type: string, config: string): { readonly config: Buffer; readonly stored: Stored } {
  const blob = json({ ...platform, rootfs: { type: 'layers', diff_ids: [] } });
  const body = json({
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: config, digest: digestOf(blob), size: blob.length },
    layers: [{ mediaType: `${OCI}.layer.v1.tar`, digest: digestOf(layer), size: layer.length }],
  });
  return { config: blob, stored: { type, body } };
}

const oci = (platform: object) => single(platform, `${OCI}.manifest.v1+json`, `${OCI}.config.v1+json`);
const amd64 = oci({ os: 'linux', architecture: 'amd64' });
const arm = oci({ os: 'linux', architecture: 'arm', variant: 'v7' });
const attestation = oci({ os: 'linux', architecture: 'amd64', comment: 'attestation' });
const old = single(
  { os: 'linux', architecture: 'amd64' },
  `${DOCKER}.v2+json`,
  'application/vnd.docker.container.image.v1+json',
);

function index(type: string, platforms: readonly (readonly [object, Stored])[]): Stored {
  const manifests = platforms.map(([platform, { type: mediaType, body }]) => ({
    mediaType,
    digest: digestOf(body),
    size: body.length,
    platform,
  }));
  return { type, body: json({ schemaVersion: 2, mediaType: type, manifests }) };
}

const multi = index(`${OCI}.index.v1+json`, [
  [{ os: 'linux', architecture: 'arm', variant: 'v7' }, arm.stored],
  [{ os: 'linux', architecture: 'amd64' }, amd64.stored],
  [{ os: 'unknown', architecture: 'unknown' }, attestation.stored],
]);
const list = index(`${DOCKER}.list.v2+json`, [[{ os: 'linux', architecture: 'amd64' }, old.stored]]);

/** t001 ... t250 */
export const MANY = Array.from({ length: 250 }, (_, i) => `t${String(i + 1).padStart(3, '0')}`);

export const CONTENT: readonly Repository[] = [
  {
    name: 'library/node',
    blobs: [layer, amd64.config, arm.config, attestation.config],
    manifests: [
      { ...amd64.stored, tags: ['22.20.0-slim'] },
      { ...arm.stored, tags: [] },
      { ...attestation.stored, tags: [] },
      { ...multi, tags: ['22-slim', '22.21-slim', '22.21.1-slim', 'slim'] },
    ],
  },
  {
    name: 'library/old',
    blobs: [layer, old.config],
    manifests: [
      { ...old.stored, tags: ['single', 'latest'] },
      { ...list, tags: ['list'] },
    ],
  },
  { name: 'team/many', blobs: [layer, amd64.config], manifests: [{ ...amd64.stored, tags: MANY }] },
];

export const NODE_INDEX = digestOf(multi.body);
export const NODE_AMD64 = digestOf(amd64.stored.body);
export const OLD_SINGLE = digestOf(old.stored.body);
export const OLD_LIST = digestOf(list.body);
