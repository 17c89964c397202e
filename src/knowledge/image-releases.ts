/** Which releases and tags of images exist. The official images are in the generated catalogue, the rest stands here. */
import type { ImageRef } from '../image.ts';
import { CATALOGUE, CATALOGUE_DATE, CATALOGUE_READ } from './catalogue.ts';
import { repositoryName } from './images.ts';
import { VENDOR_RELEASES } from './vendor-releases.ts';

/** A release line of an image: `eol` is the day on which its maintenance ends; `ended` where only that is known. */
export interface ImageRelease {
  readonly version: string;
  readonly eol?: string;
  readonly ended?: true;
  /** The tags it has, those of one image together; undefined where they were not read. */
  readonly tags?: readonly (readonly string[])[];
}

/** Which tags of a repository exist. */
export interface ImageReleases {
  /** Short name, as in IMAGES. */
  readonly repository: string;
  /** The release that `latest` and a missing tag mean at `date`; undefined where it was not established. */
  readonly latest?: string;
  /** Release lines that have (or had) tags, newest first. */
  readonly releases: readonly ImageRelease[];
  /** Tag forms that every maintained release has, `{v}` is the version; the first one is the plain one. */
  readonly forms: readonly string[];
  /** How many numbers of a version the releases above have: node 1 (`22`), python 2 (`3.12`). */
  readonly precision: 1 | 2;
  readonly source: string;
  /** The month of the sources, YYYY-MM. */
  readonly date: string;
  /** The month up to which an announced end of life counts as past, YYYY-MM. */
  readonly read: string;
}

const OFFICIAL = {
  source: 'docker-library/official-images, dotnet/dotnet-docker, endoflife-date/endoflife.date',
  date: CATALOGUE_DATE.slice(0, 7),
  read: CATALOGUE_READ.slice(0, 7),
};

/** Images that the two sources of the catalogue do not tell about. */
const OTHER_RELEASES = [
  {
    repository: 'openjdk',
    precision: 1,
    releases: ['18', '17', '16', '15', '14', '13', '12', '11', '8'].map((version) => ({
      version,
      ended: true as const,
    })),
    forms: ['{v}', '{v}-jdk', '{v}-jdk-slim'],
    source: 'docker-library/openjdk (deprecated; the general tags are frozen)',
    date: '2026-11',
    read: '2026-11',
  },
  {
    repository: 'centos',
    precision: 1,
    releases: [
      { version: '8', eol: '2021-12-31' },
      { version: '7', eol: '2024-06-30' },
      { version: '6', eol: '2020-11-30' },
    ],
    forms: ['{v}'],
    source: 'endoflife-date/endoflife.date',
    date: '2026-11',
    read: '2026-11',
  },
] as const satisfies readonly ImageReleases[];

export const IMAGE_RELEASES: readonly ImageReleases[] = [
  ...CATALOGUE.map((row) => ({ ...row, ...OFFICIAL })),
  ...OTHER_RELEASES,
  ...VENDOR_RELEASES,
];

/** Repositories whose name has the release (the first group), whatever the tag. */
export const RELEASES_IN_NAMES = [
  {
    repository: /^gcr\.io\/distroless\/[\w-]+-debian(\d+)$/,
    releases: [
      { version: '13' },
      { version: '12', eol: '2026-09-30' },
      { version: '11', ended: true },
      { version: '10', ended: true },
      { version: '9', ended: true },
    ],
    source: 'GoogleContainerTools/distroless:SUPPORT_POLICY.md',
    date: '2026-08',
    read: '2026-11',
  },
  {
    repository: /^registry\.access\.redhat\.com\/ubi(\d+)(?:[/-]|$)/,
    releases: [
      { version: '10', eol: '2035-05-31' },
      { version: '9', eol: '2032-05-31' },
      { version: '8', eol: '2029-05-31' },
      { version: '7', eol: '2024-06-30' },
    ],
    source: 'endoflife-date/endoflife.date:products/rhel.md',
    date: '2026-08',
    read: '2026-11',
  },
] as const satisfies readonly (Pick<ImageReleases, 'releases' | 'source' | 'date' | 'read'> & {
  readonly repository: RegExp;
})[];

/** The releases of the repository of an image (mirrors included); undefined when it is not listed. */
export function imageReleases(ref: ImageRef): ImageReleases | undefined {
  const name = repositoryName(ref);
  return IMAGE_RELEASES.find((row) => row.repository === name);
}

/** A tag that the catalogue lists: the release it is of now, and every tag that is the same image (it included). */
export interface ListedTag {
  readonly release: ImageRelease;
  readonly same: readonly string[];
  /** The day of the sources, YYYY-MM-DD. */
  readonly date: string;
}

/** What the catalogue knows about the tag of an image (`latest` when none is written); undefined: the tag is not listed. */
export function listedTag(ref: ImageRef): ListedTag | undefined {
  const tag = ref.tag ?? 'latest';
  for (const release of imageReleases(ref)?.releases ?? []) {
    const same = release.tags?.find((group) => group.includes(tag));
    if (same) return { release, same, date: CATALOGUE_DATE };
  }
  return undefined;
}
