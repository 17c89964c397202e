/** Packages of distributions with an init for containers. Data only. */
import type { ImageFacts } from './images.ts';

export interface InitPackageRow {
  readonly families: readonly ImageFacts['family'][];
  readonly manager: 'apt' | 'apk';
  /** Packages and where their program is; the first is the one that is installed. */
  readonly programs: readonly [
    { readonly name: string; readonly path: string },
    ...{ readonly name: string; readonly path: string }[],
  ];
  readonly commands: readonly string[];
  readonly source: string;
  readonly date: string;
}

export const INIT_PACKAGES: readonly InitPackageRow[] = [
  {
    families: ['debian', 'ubuntu'],
    manager: 'apt',
    programs: [
      { name: 'tini', path: '/usr/bin/tini' },
      { name: 'dumb-init', path: '/usr/bin/dumb-init' },
    ],
    commands: ['apt-get update', 'apt-get install -y --no-install-recommends tini', 'rm -rf /var/lib/apt/lists/*'],
    source: 'packages.debian.org: tini, dumb-init; krallin/tini:README.md',
    date: '2026-11',
  },
  {
    families: ['alpine'],
    manager: 'apk',
    programs: [
      { name: 'tini', path: '/sbin/tini' },
      { name: 'dumb-init', path: '/usr/bin/dumb-init' },
    ],
    commands: ['apk add --no-cache tini'],
    source: 'pkgs.alpinelinux.org: tini, dumb-init; krallin/tini:README.md',
    date: '2026-11',
  },
];

/** Releases that are maintained and have no package of tini, by the tags of images on them. */
export const WITHOUT_TINI: readonly {
  readonly repositories: RegExp;
  readonly tag: RegExp;
  readonly source: string;
  readonly date: string;
}[] = [
  // Ubuntu has it since 20.04
  {
    repositories: /^ubuntu$/,
    tag: /^1[468]\.04/,
    source: 'jupyter/docker-stacks#1511; packages.ubuntu.com',
    date: '2026-11',
  },
  {
    repositories: /./,
    tag: /(?:^|-)(?:trusty|xenial|bionic|ubuntu1[468]\.04)(?:-|$)/,
    source: 'jupyter/docker-stacks#1511; packages.ubuntu.com',
    date: '2026-11',
  },
];
