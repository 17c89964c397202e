/** Releases and tags of vendors' images that no list of the official images tells about. */
import type { ImageReleases } from './image-releases.ts';

const KINDS = ['base', 'runtime', 'devel'] as const;

/** One CUDA release: the tags of its newest update by system; `cudnn`: how the images with cuDNN are called there. */
const cuda = (update: string, systems: Readonly<Record<string, string | undefined>>) => ({
  version: update.replace(/\.\d+$/, ''),
  tags: Object.entries(systems).flatMap(([system, cudnn]) =>
    [...KINDS, ...(cudnn === undefined ? [] : [`${cudnn}-runtime`, `${cudnn}-devel`])].map((kind) => [
      `${update}-${kind}-${system}`,
    ]),
  ),
});

const CUDA = {
  precision: 2,
  releases: [
    // their tags were not read: seen in public Dockerfiles
    { version: '13.4' },
    { version: '13.3' },
    cuda('13.2.1', { 'ubuntu24.04': 'cudnn', 'ubuntu22.04': 'cudnn' }),
    cuda('13.1.2', { 'ubuntu24.04': 'cudnn', 'ubuntu22.04': 'cudnn' }),
    cuda('13.0.3', { 'ubuntu24.04': 'cudnn', 'ubuntu22.04': 'cudnn' }),
    cuda('12.9.1', { 'ubuntu24.04': 'cudnn', 'ubuntu22.04': 'cudnn', 'ubuntu20.04': 'cudnn' }),
    cuda('12.8.2', { 'ubuntu24.04': undefined, 'ubuntu22.04': undefined, 'ubuntu20.04': undefined }),
    cuda('12.6.3', { 'ubuntu24.04': 'cudnn', 'ubuntu22.04': 'cudnn', 'ubuntu20.04': 'cudnn' }),
    cuda('12.5.1', { 'ubuntu24.04': undefined, 'ubuntu22.04': 'cudnn', 'ubuntu20.04': 'cudnn' }),
    cuda('12.4.1', { 'ubuntu22.04': 'cudnn', 'ubuntu20.04': 'cudnn' }),
    cuda('12.3.2', { 'ubuntu22.04': 'cudnn9', 'ubuntu20.04': 'cudnn9' }),
    cuda('12.2.2', { 'ubuntu22.04': 'cudnn8', 'ubuntu20.04': 'cudnn8' }),
    cuda('12.1.1', { 'ubuntu22.04': 'cudnn8', 'ubuntu20.04': 'cudnn8' }),
    cuda('12.0.1', { 'ubuntu22.04': 'cudnn8', 'ubuntu20.04': 'cudnn8' }),
    cuda('11.8.0', { 'ubuntu22.04': 'cudnn8', 'ubuntu20.04': 'cudnn8' }),
    cuda('11.7.1', { 'ubuntu22.04': 'cudnn8', 'ubuntu20.04': 'cudnn8' }),
    cuda('11.6.2', { 'ubuntu20.04': 'cudnn8' }),
    cuda('11.5.2', { 'ubuntu20.04': 'cudnn8' }),
    cuda('11.4.3', { 'ubuntu20.04': 'cudnn8' }),
  ],
  // every tag names the update and the system
  forms: ['{v}.1-base-ubuntu22.04'],
  source: 'gitlab.com/nvidia/container-images/cuda:doc/supported-tags.md, Ubuntu only',
  date: '2026-04',
  read: '2026-11',
} as const;

export const VENDOR_RELEASES = [
  { repository: 'nvidia/cuda', ...CUDA },
  { repository: 'nvcr.io/nvidia/cuda', ...CUDA },
  {
    repository: 'pytorch/pytorch',
    latest: '2.14',
    precision: 2,
    releases: [
      '2.14',
      '2.13',
      '2.12',
      '2.11',
      '2.10',
      '2.9',
      '2.8',
      '2.7',
      '2.6',
      '2.5',
      '2.4',
      '2.3',
      '2.2',
      '2.1',
    ].map((version) => ({ version })),
    // tags name the patch release, CUDA and cuDNN; these are there for every line from 2.6 on
    forms: ['{v}.0-cuda12.6-cudnn9-runtime', '{v}.0-cuda12.6-cudnn9-devel'],
    source: 'pytorch/pytorch:RELEASE.md and .github/scripts/generate_docker_release_matrix.py',
    date: '2026-09',
    read: '2026-11',
  },
  ...(['uvicorn-gunicorn-fastapi', 'uvicorn-gunicorn', 'uvicorn-gunicorn-starlette'] as const).map((name) => ({
    repository: `tiangolo/${name}`,
    latest: 'python3.11',
    precision: 2 as const,
    releases: [
      { version: 'python3.11', tags: [['python3.11', 'latest'], ['python3.11-slim']] },
      { version: 'python3.10', tags: [['python3.10'], ['python3.10-slim']] },
    ],
    forms: ['{v}', '{v}-slim'],
    source: `tiangolo/${name}-docker:.github/workflows/deploy.yml`,
    date: '2026-06',
    read: '2026-11',
  })),
  ...(['uwsgi-nginx-flask', 'uwsgi-nginx'] as const).map((name) => ({
    repository: `tiangolo/${name}`,
    latest: 'python3.12',
    precision: 2 as const,
    releases: [
      { version: 'python3.12', tags: [['python3.12', 'latest']] },
      { version: 'python3.11', tags: [['python3.11']] },
      { version: 'python3.10', tags: [['python3.10']] },
    ],
    forms: ['{v}'],
    source: `tiangolo/${name}-docker:.github/workflows/deploy.yml`,
    date: '2026-06',
    read: '2026-11',
  })),
] as const satisfies readonly ImageReleases[];
