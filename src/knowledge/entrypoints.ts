/**
 * What the ENTRYPOINT of an image does with the words of CMD. none: there is no ENTRYPOINT. pass-through: a script that
 * ends in `exec "$@"` and treats `/bin/sh -c "x y"` and `x y` alike. fixed: the words are arguments of a program, or the
 * script looks at the first of them (`if [ "$1" = postgres ]`). An image that is not here is unknown.
 */
import type { ImageRef } from '../image.ts';
import { repositoryName } from './images.ts';

export type Entrypoint = 'none' | 'pass-through' | 'fixed';

interface EntrypointRow {
  readonly entrypoint: Entrypoint;
  /** Short names, as in images.ts; `*` at the end stands for any text. */
  readonly repositories: readonly string[];
  /** The tags that the row is about; absent: all. */
  readonly tag?: RegExp;
  /** The words of a pass-through ENTRYPOINT, where all of the repositories have the same. */
  readonly words?: readonly string[];
  readonly source: string;
  readonly date: string;
}

export const ENTRYPOINTS: readonly EntrypointRow[] = [
  {
    entrypoint: 'none',
    repositories: [
      'debian',
      'ubuntu',
      'alpine',
      'busybox',
      'centos',
      'fedora',
      'rockylinux',
      'almalinux',
      'oraclelinux',
      'amazonlinux',
      'archlinux',
      'opensuse/*',
      'buildpack-deps',
      'python',
      'pypy',
      'golang',
      'rust',
      'gcc',
      'ruby',
      'perl',
      'erlang',
      'elixir',
      'haskell',
      'swift',
      'dart',
      'openjdk',
      'amazoncorretto',
      'gradle',
      'httpd',
      'tomcat',
    ],
    source: 'docker-library/official-images and the Dockerfiles it names',
    date: '2026-11',
  },
  {
    entrypoint: 'none',
    repositories: [
      'mcr.microsoft.com/dotnet/sdk',
      'mcr.microsoft.com/dotnet/aspnet',
      'mcr.microsoft.com/dotnet/runtime',
      'mcr.microsoft.com/dotnet/runtime-deps',
    ],
    source: 'dotnet/dotnet-docker',
    date: '2026-11',
  },
  {
    entrypoint: 'pass-through',
    repositories: ['node'],
    words: ['docker-entrypoint.sh'],
    source: 'nodejs/docker-node: docker-entrypoint.sh',
    date: '2026-11',
  },
  {
    entrypoint: 'pass-through',
    repositories: ['oven/bun'],
    words: ['/usr/local/bin/docker-entrypoint.sh'],
    source: 'oven-sh/bun:dockerhub',
    date: '2026-11',
  },
  {
    entrypoint: 'pass-through',
    repositories: ['php'],
    words: ['docker-php-entrypoint'],
    source: 'docker-library/php: docker-php-entrypoint of every variant',
    date: '2026-11',
  },
  {
    entrypoint: 'pass-through',
    repositories: ['maven'],
    words: ['/usr/local/bin/mvn-entrypoint.sh'],
    source: 'carlossg/docker-maven: all 119 Dockerfiles for Linux',
    date: '2026-11',
  },
  {
    entrypoint: 'pass-through',
    repositories: ['composer'],
    source: 'composer/docker: docker-entrypoint.sh',
    date: '2026-11',
  },
  {
    // releases from before August 2023 have none: only tags that move are sure to have it
    entrypoint: 'pass-through',
    repositories: ['eclipse-temurin'],
    tag: /^\d+(?:-|$)/,
    words: ['/__cacert_entrypoint.sh'],
    source: 'adoptium/containers: entrypoint.sh of every variant, commit of 2023-08-14',
    date: '2026-11',
  },
  {
    entrypoint: 'pass-through',
    repositories: ['eclipse-temurin'],
    source: 'adoptium/containers: __cacert_entrypoint.sh',
    date: '2026-11',
  },
  {
    entrypoint: 'fixed',
    repositories: [
      'nginx',
      'postgres',
      'mysql',
      'mariadb',
      'mongo',
      'redis',
      'memcached',
      'rabbitmq',
      'haproxy',
      'traefik',
      'caddy',
      'wordpress',
      'denoland/deno',
      'gcr.io/distroless/*',
      'public.ecr.aws/lambda/*',
      'jenkins/jenkins',
    ],
    source: 'the Dockerfiles and docker-entrypoint.sh of each',
    date: '2026-11',
  },
];

function rowOf(ref: ImageRef): EntrypointRow | undefined {
  const name = repositoryName(ref);
  const named = (row: EntrypointRow) =>
    row.repositories.some((it) => (it.endsWith('*') ? name.startsWith(it.slice(0, -1)) : it === name)) &&
    (row.tag?.test(ref.tag ?? 'latest') ?? true);
  return ENTRYPOINTS.find(named);
}

/** What the ENTRYPOINT of a known image does with CMD; undefined: not known. */
export const entrypointOf = (ref: ImageRef): Entrypoint | undefined => rowOf(ref)?.entrypoint;

/** The words of the ENTRYPOINT of a known image; [] where it has none, undefined: not known. */
export function entrypointWords(ref: ImageRef): readonly string[] | undefined {
  const row = rowOf(ref);
  return row?.entrypoint === 'none' ? [] : row?.words;
}
