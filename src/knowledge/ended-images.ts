/**
 * Images that nobody builds any more, or that are not where they were. Which releases of an image have ended stands with its
 * releases; here are whole repositories, and tags that went away.
 */
import type { ImageRef } from '../image.ts';
import { repositoryName } from './images.ts';

export interface EndedImage {
  /** Short name; `*` at the end stands for any text. */
  readonly repository: string;
  /** Names that the pattern fits and that go on. */
  readonly except?: RegExp;
  /** The tags that it is about (`latest` when none is written); without it all of them. */
  readonly tag?: RegExp;
  /** ended: no more fixes. deprecated: still built, its authors ask to leave it. absent: it cannot be pulled. */
  readonly state: 'ended' | 'deprecated' | 'absent';
  /** What happened and when, as sentences. */
  readonly why: string;
  readonly source: string;
  /** The month of the source, YYYY-MM. */
  readonly date: string;
}

const TIANGOLO = [
  { name: 'uvicorn-gunicorn*', old: /^python-?(?:3\.[6789]|2\.7)/ },
  { name: 'uwsgi-nginx*', old: /^python-?(?:3\.[6789]|2\.7)/ },
  { name: 'meinheld-gunicorn*', old: /^/ },
] as const;
const CUDA_NAMES = ['nvidia/cuda', 'nvcr.io/nvidia/cuda'] as const;
const DOCS = 'docker-library/docs';

/** The first row that fits holds. */
export const ENDED_IMAGES = [
  {
    repository: 'bitnami/*',
    except: /^bitnami\/(?:minideb|sealed-secrets)/,
    tag: /^(?!latest$)/,
    state: 'absent',
    why: 'Docker Hub has had no tags with versions of it since 2025-09-29. bitnamilegacy has them, without updates and for the time of a move only (those on Debian 10 and older are gone).',
    source: 'bitnami/containers#83267, bitnami/containers#86251, bitnami/minideb#196',
    date: '2025-09',
  },
  {
    repository: 'bitnamilegacy/*',
    state: 'ended',
    why: 'It has had no updates since 2025-08-28 and is there for the time of a move only.',
    source: 'bitnami/containers#83267',
    date: '2025-09',
  },
  ...CUDA_NAMES.flatMap((repository) => [
    {
      repository,
      tag: /^latest$/,
      state: 'absent' as const,
      why: 'It has no tag latest: the build stops with "manifest unknown". Its tags name the update of CUDA, the kind and the system: 12.9.1-runtime-ubuntu24.04.',
      source: 'gitlab.com/nvidia/container-images/cuda:README.md',
      date: '2025-08',
    },
    {
      repository,
      // tags of two numbers, and the updates that a later one replaced
      tag: /^(?:\d+\.\d+(?:-|$)|[1-9]\.|10\.|11\.0\.[012]|11\.1\.0|11\.2\.[01]|11\.3\.0|11\.4\.[012]|11\.5\.[01]|11\.6\.[01]|11\.7\.0|12\.[0145]\.0|12\.2\.[01]|12\.3\.[01]|12\.6\.[012]|12\.8\.[01]|12\.9\.0|13\.0\.[012]|13\.1\.[01]|13\.2\.0)/,
      state: 'ended' as const,
      why: 'NVIDIA supports the newest update of each CUDA release only, and deletes the tags of others half a year later: the build stops then.',
      source: 'gitlab.com/nvidia/container-images/cuda:doc/support-policy.md, doc/supported-tags.md',
      date: '2026-04',
    },
  ]),
  ...TIANGOLO.flatMap(({ name, old }) => [
    {
      repository: `tiangolo/${name}`,
      tag: old,
      state: 'ended' as const,
      why: 'The tags of Python 3.9 were built for the last time on 2025-11-09, older ones before. The image is deprecated: uvicorn (with --workers) or gunicorn on the python image does the same.',
      source: `tiangolo/${name.replace('*', '')}-docker:README.md`,
      date: '2026-06',
    },
    {
      repository: `tiangolo/${name}`,
      state: 'deprecated' as const,
      why: 'Its author asks to leave it: uvicorn (with --workers) or gunicorn on the python image does the same.',
      source: `tiangolo/${name.replace('*', '')}-docker:README.md`,
      date: '2026-06',
    },
  ]),
  {
    repository: 'adoptopenjdk*',
    state: 'ended',
    why: 'It has had no updates since 2021-08-01. eclipse-temurin goes on with it.',
    source: DOCS,
    date: '2021-10',
  },
  {
    repository: 'java',
    state: 'ended',
    why: 'It has had no updates since 2016-12-31. eclipse-temurin has the JDKs of today.',
    source: DOCS,
    date: '2017-06',
  },
  {
    repository: 'jenkins',
    state: 'ended',
    why: 'It has had no updates since 2018. jenkins/jenkins goes on with it.',
    source: DOCS,
    date: '2018-08',
  },
  {
    repository: 'vault',
    state: 'ended',
    why: 'It ends with Vault 1.13. hashicorp/vault goes on with it.',
    source: DOCS,
    date: '2024-07',
  },
  {
    repository: 'consul',
    state: 'ended',
    why: 'It ends with Consul 1.15. hashicorp/consul goes on with it.',
    source: DOCS,
    date: '2024-07',
  },
  { repository: 'mono', state: 'ended', why: 'It has had no updates since 2022-06.', source: DOCS, date: '2025-08' },
  {
    repository: 'mongo-express',
    state: 'ended',
    why: 'It has had no updates since 2024-04.',
    source: DOCS,
    date: '2026-08',
  },
  { repository: 'unit', state: 'ended', why: 'NGINX Unit is archived since 2025-10.', source: DOCS, date: '2026-08' },
  { repository: 'clearlinux', state: 'ended', why: 'Clear Linux ended on 2025-07-18.', source: DOCS, date: '2026-08' },
  { repository: 'clefos', state: 'ended', why: 'It ended with CentOS 7 on 2024-06-30.', source: DOCS, date: '2026-08' },
  {
    repository: 'php-zendserver',
    state: 'ended',
    why: 'It has had no updates for years.',
    source: DOCS,
    date: '2026-08',
  },
  {
    repository: 'mcr.microsoft.com/dotnet/core/*',
    state: 'ended',
    why: 'Nothing is published there since the end of .NET Core 3.1 (2022-12-13). mcr.microsoft.com/dotnet/ without core has later releases.',
    source: 'dotnet/dotnet-docker#4755',
    date: '2023-07',
  },
  {
    repository: 'microsoft/dotnet*',
    state: 'ended',
    why: 'Microsoft left Docker Hub in 2021. mcr.microsoft.com/dotnet/ has its images.',
    source: 'dotnet/dotnet-docker#2848',
    date: '2021-05',
  },
  {
    repository: 'microsoft/aspnetcore*',
    state: 'ended',
    why: 'Microsoft left Docker Hub in 2021. mcr.microsoft.com/dotnet/ has its images.',
    source: 'dotnet/dotnet-docker#2848',
    date: '2021-05',
  },
  {
    repository: 'k8s.gcr.io/*',
    state: 'ended',
    why: 'It is frozen since 2023-04-03. registry.k8s.io has the same images and the later ones.',
    source: 'kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement',
    date: '2023-02',
  },
] as const satisfies readonly EndedImage[];

/** What is known about the end of an image; undefined: nothing. */
export function endedImage(ref: ImageRef): EndedImage | undefined {
  const name = repositoryName(ref);
  const tag = ref.tag ?? 'latest';
  const rows: readonly EndedImage[] = ENDED_IMAGES;
  return rows.find(
    ({ repository, except, tag: tags }) =>
      (repository.endsWith('*') ? name.startsWith(repository.slice(0, -1)) : name === repository) &&
      !except?.test(name) &&
      (!tags || (tags.test(tag) && !(ref.tag === undefined && ref.digest !== undefined))),
  );
}

/** Images of releases whose package lists are gone from the mirrors: an install of their own would fail. */
const ARCHIVED_RELEASES: readonly { repositories: RegExp; tag: RegExp; source: string; date: string }[] = [
  {
    repositories: /./,
    tag: /(?:^|-)(?:wheezy|jessie|stretch|buster|precise|trusty|zesty|artful|cosmic|disco|eoan|groovy|hirsute|impish|kinetic|lunar|mantic)(?:-|$)/,
    source: 'archive.debian.org, old-releases.ubuntu.com',
    date: '2026-11',
  },
  {
    repositories: /^node$/,
    tag: /^(?:[0-9]|1[0-6])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'docker-library/official-images:library/node',
    date: '2026-11',
  },
  {
    repositories: /^python$/,
    tag: /^(?:2|3\.[0-6]|3\.[78]\.(?:\d|10)|3\.9\.[0-5])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'docker-library/python',
    date: '2026-11',
  },
  // these were built for the last time before 2021-08-17, when Debian bullseye became the default of official images
  {
    repositories: /^ruby$/,
    tag: /^(?:1|2\.[0-5]|2\.6\.[0-7]|2\.7\.[0-3]|3\.0\.[01])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'docker-library/ruby',
    date: '2026-11',
  },
  {
    repositories: /^php$/,
    tag: /^(?:5|7\.[0-2]|7\.3\.[12]?\d|7\.4\.1?\d|7\.4\.2[01]|8\.0\.[0-8])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'docker-library/php',
    date: '2026-11',
  },
  {
    repositories: /^rust$/,
    tag: /^1\.(?:\d|[1-4]\d|5[0-3])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'rust-lang/docker-rust',
    date: '2026-11',
  },
  {
    repositories: /^golang$/,
    tag: /^1\.(?:\d|1[0-5]|16\.[0-6])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'docker-library/golang',
    date: '2026-11',
  },
];

/** Whether the release of the distribution below an image has moved to its archive, as the tag tells: nothing can be installed there any more. */
export function hasArchivedPackages(ref: ImageRef): boolean {
  const name = repositoryName(ref);
  return ARCHIVED_RELEASES.some(({ repositories, tag }) => repositories.test(name) && tag.test(ref.tag ?? ''));
}
