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

/** Images of releases whose package lists are gone from the mirrors: an install of their own would fail. */
export const ENDED_RELEASES: readonly { repositories: RegExp; tag: RegExp; source: string; date: string }[] = [
  {
    repositories: /./,
    tag: /(?:^|-)(?:wheezy|jessie|stretch|buster|precise|trusty|zesty|artful|cosmic|disco|eoan|groovy|hirsute|impish|kinetic|lunar|mantic)(?:-|$)/,
    source: 'archive.debian.org, old-releases.ubuntu.com',
    date: '2026-11',
  },
  {
    repositories: /^node$/,
    tag: /^(?:[0-9]|1[0-5])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'nodejs/docker-node',
    date: '2026-11',
  },
  {
    repositories: /^python$/,
    tag: /^(?:2|3\.[0-6])(?:[.-](?!.*(?:alpine|bullseye|bookworm)).*)?$/,
    source: 'docker-library/python',
    date: '2026-11',
  },
];
