/**
 * What well-known images contain, and which releases of them exist. An image that is not here is unknown, which is a
 * legal answer: a wrong user or home folder breaks a build.
 */
import { familiarName, type ImageRef } from '../image.ts';

export interface ImageFacts {
  /** Distribution family of the image; 'other' when the tag does not tell. */
  readonly family:
    | 'debian'
    | 'ubuntu'
    | 'alpine'
    | 'rhel'
    | 'suse'
    | 'amazonlinux'
    | 'busybox'
    | 'distroless'
    | 'scratch'
    | 'windows'
    | 'wolfi'
    | 'arch'
    | 'other';
  /** Default user of the image. Windows accounts have no numbers: uid and gid are -1. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };
  readonly workdir: string;
  /** Environment that matters to rewriting: PATH-like and cache-moving variables, HOME, versions. */
  readonly env: Readonly<Record<string, string>>;
  /** Accounts that the image has besides root. */
  readonly accounts: readonly {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    readonly home: string;
  }[];
  /** Shell of the shell form; 'opaque' for Windows and for images without a shell. */
  readonly shell: 'sh' | 'bash' | 'opaque';
  /** VOLUME paths of the image. */
  readonly volumes: readonly string[];
  /** Where the fact was read, and when (YYYY-MM). */
  readonly source: string;
  readonly date: string;
}

/** What is not written is the default: root, '/', no environment, no account, sh, no volume, 2026-11. */
export interface ImageRow extends Partial<Omit<ImageFacts, 'family' | 'source'>> {
  /** Short name ('node', 'gcr.io/distroless/*'); `*` stands for any text. */
  readonly repository: string;
  /** The tags that the row is about ('latest' when none is written); without it every tag that no row above took. */
  readonly tag?: RegExp;
  readonly family: ImageFacts['family'];
  readonly source: string;
}

const ALPINE = /(?:^|-)alpine(?:[\d.-]|$)/;
const UBI = /(?:^|-)ubi\d*(?:-|$)|rhel|centos/;
/** Ubuntu releases whose image has the account `ubuntu` (from 23.04 on). */
const NEW_UBUNTU = /(?:^|-)(?:lunar|mantic|noble|oracular|plucky|questing|resolute)(?:-|$)/;
const NEW_UBUNTU_VERSION = /^(?:2[4-9]\.\d\d|23\.(?:04|10)|latest|rolling|devel)(?:-|$)/;

const account = <const N extends string>(name: N, uid: number, gid: number, home: string) => ({ name, uid, gid, home });
const NODE = { accounts: [account('node', 1000, 1000, '/home/node')], source: 'nodejs/docker-node' };
const UBUNTU_USER = [account('ubuntu', 1000, 1000, '/home/ubuntu')];
const GO = { env: { GOPATH: '/go' }, workdir: '/go', source: 'docker-library/golang' };
const RUST = {
  env: { CARGO_HOME: '/usr/local/cargo', RUSTUP_HOME: '/usr/local/rustup' },
  source: 'rust-lang/docker-rust',
};
const RUBY = {
  env: { GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle', BUNDLE_SILENCE_ROOT_WARNING: '1' },
  source: 'docker-library/ruby',
};
const PHP = 'docker-library/php';
const WWW_ALPINE = [account('www-data', 82, 82, '/home/www-data')];
const GRADLE = {
  env: { GRADLE_HOME: '/opt/gradle' },
  accounts: [account('gradle', 1000, 1000, '/home/gradle')],
  workdir: '/home/gradle',
  volumes: ['/home/gradle/.gradle'],
  source: 'keeganwitt/docker-gradle',
};
const MAVEN = { env: { MAVEN_CONFIG: '/root/.m2' }, source: 'carlossg/docker-maven' };
const DOTNET = 'dotnet/dotnet-docker';
const DOTNET_APP = account('app', 1654, 1654, '/home/app');
const DOTNET_8 = { env: { APP_UID: '1654' }, accounts: [DOTNET_APP], source: DOTNET };
const BUN = {
  accounts: [account('bun', 1000, 1000, '/home/bun')],
  workdir: '/home/bun/app',
  source: 'oven-sh/bun:dockerhub',
};
const DENO = { env: { DENO_DIR: '/deno-dir/', DENO_INSTALL_ROOT: '/usr/local' }, source: 'denoland/deno_docker' };
const MAMBA = {
  user: account('mambauser', 57439, 57439, '/home/mambauser'),
  env: { MAMBA_ROOT_PREFIX: '/opt/conda', MAMBA_USER: 'mambauser', MAMBA_USER_ID: '57439', MAMBA_USER_GID: '57439' },
  accounts: [account('mambauser', 57439, 57439, '/home/mambauser')],
  workdir: '/tmp',
  shell: 'bash',
  source: 'mamba-org/micromamba-docker',
} as const;
const JUPYTER = {
  family: 'ubuntu',
  user: account('jovyan', 1000, 100, '/home/jovyan'),
  accounts: [account('jovyan', 1000, 100, '/home/jovyan')],
  env: { HOME: '/home/jovyan', CONDA_DIR: '/opt/conda' },
  workdir: '/home/jovyan',
  shell: 'bash',
  source: 'jupyter/docker-stacks',
} as const;
const NGINX = 'nginx/docker-nginx';
const NGINX_DEBIAN = account('nginx', 101, 101, '/nonexistent');
const NGINX_ALPINE = account('nginx', 101, 101, '/var/cache/nginx');
const POSTGRES = account('postgres', 999, 999, '/var/lib/postgresql');
const POSTGRES_ALPINE = account('postgres', 70, 70, '/var/lib/postgresql');
const OLD_POSTGRES = /^(?:9\.\d+|1[0-7])(?:[.-]|$)/;
const OLD_POSTGRES_ALPINE = /^(?:9\.\d+|1[0-7])(?:\.\d+)?-alpine/;
const JENKINS = {
  user: account('jenkins', 1000, 1000, '/var/jenkins_home'),
  accounts: [account('jenkins', 1000, 1000, '/var/jenkins_home')],
  env: { JENKINS_HOME: '/var/jenkins_home' },
  volumes: ['/var/jenkins_home'],
  source: 'jenkinsci/docker',
};
const HAPROXY = {
  user: account('haproxy', 99, 99, '/var/lib/haproxy'),
  accounts: [account('haproxy', 99, 99, '/var/lib/haproxy')],
  workdir: '/var/lib/haproxy',
  source: 'docker-library/haproxy',
};
const MEMCACHED = {
  user: account('memcache', 11211, 11211, '/home/memcache'),
  accounts: [account('memcache', 11211, 11211, '/home/memcache')],
  source: 'docker-library/memcached',
};
const NONROOT = account('nonroot', 65532, 65532, '/home/nonroot');
const S2I = {
  family: 'rhel',
  user: account('default', 1001, 0, '/opt/app-root/src'),
  accounts: [account('default', 1001, 0, '/opt/app-root/src')],
  env: { HOME: '/opt/app-root/src' },
  workdir: '/opt/app-root/src',
  source: 'sclorg/s2i-base-container',
} as const;
const BITNAMI = { family: 'debian', user: account('1001', 1001, 0, '/'), source: 'bitnami/containers' } as const;
const CIRCLE = {
  family: 'ubuntu',
  user: account('circleci', 3434, 3434, '/home/circleci'),
  accounts: [account('circleci', 3434, 3434, '/home/circleci')],
  workdir: '/home/circleci/project',
  source: 'CircleCI-Public/cimg-base',
} as const;
const DEVCONTAINER = {
  accounts: [account('vscode', 1000, 1000, '/home/vscode')],
  source: 'devcontainers/images',
};
const OFFICIAL = 'docker-library/official-images';
const UBI_SOURCE = 'Red Hat Ecosystem Catalog';

/** The first row whose repository and tag match is the answer. */
export const IMAGES = [
  // Variants that exist for many repositories.
  {
    repository: '*',
    tag: /nanoserver/,
    family: 'windows',
    user: account('ContainerUser', -1, -1, 'C:\\Users\\ContainerUser'),
    workdir: 'C:\\',
    shell: 'opaque',
    source: 'MicrosoftDocs/Virtualization-Documentation',
  },
  {
    repository: '*',
    tag: /windowsservercore|(?:^|-)windows(?:-|$)/,
    family: 'windows',
    user: account('ContainerAdministrator', -1, -1, 'C:\\Users\\ContainerAdministrator'),
    workdir: 'C:\\',
    shell: 'opaque',
    source: 'MicrosoftDocs/Virtualization-Documentation',
  },
  {
    repository: 'mcr.microsoft.com/windows/nanoserver*',
    family: 'windows',
    user: account('ContainerUser', -1, -1, 'C:\\Users\\ContainerUser'),
    workdir: 'C:\\',
    shell: 'opaque',
    source: 'MicrosoftDocs/Virtualization-Documentation',
  },
  {
    repository: 'mcr.microsoft.com/windows*',
    family: 'windows',
    user: account('ContainerAdministrator', -1, -1, 'C:\\Users\\ContainerAdministrator'),
    workdir: 'C:\\',
    shell: 'opaque',
    source: 'MicrosoftDocs/Virtualization-Documentation',
  },
  {
    repository: 'mcr.microsoft.com/dotnet/framework/*',
    family: 'windows',
    user: account('ContainerAdministrator', -1, -1, 'C:\\Users\\ContainerAdministrator'),
    workdir: 'C:\\',
    shell: 'opaque',
    source: 'microsoft/dotnet-framework-docker',
  },

  // Distributions.
  { repository: 'scratch', family: 'scratch', shell: 'opaque', source: OFFICIAL },
  { repository: 'debian', family: 'debian', source: 'debuerreotype/debuerreotype' },
  { repository: 'ubuntu', tag: NEW_UBUNTU_VERSION, family: 'ubuntu', accounts: UBUNTU_USER, source: OFFICIAL },
  { repository: 'ubuntu', tag: NEW_UBUNTU, family: 'ubuntu', accounts: UBUNTU_USER, source: OFFICIAL },
  { repository: 'ubuntu', family: 'ubuntu', source: OFFICIAL },
  { repository: 'alpine', family: 'alpine', source: 'alpinelinux/docker-alpine' },
  { repository: 'busybox', family: 'busybox', source: 'docker-library/busybox' },
  { repository: 'archlinux', family: 'arch', source: OFFICIAL },
  { repository: 'archlinux/archlinux', family: 'arch', source: OFFICIAL },
  { repository: 'centos', family: 'rhel', source: OFFICIAL },
  { repository: 'quay.io/centos/centos', family: 'rhel', source: OFFICIAL },
  { repository: 'fedora', family: 'rhel', source: OFFICIAL },
  { repository: 'registry.fedoraproject.org/fedora', family: 'rhel', source: OFFICIAL },
  { repository: 'quay.io/fedora/fedora', family: 'rhel', source: OFFICIAL },
  { repository: 'rockylinux', family: 'rhel', source: OFFICIAL },
  { repository: 'rockylinux/rockylinux', family: 'rhel', source: OFFICIAL },
  { repository: 'almalinux', family: 'rhel', source: OFFICIAL },
  { repository: 'almalinux/*-*', family: 'rhel', source: OFFICIAL },
  { repository: 'oraclelinux', family: 'rhel', source: OFFICIAL },
  { repository: 'amazonlinux', family: 'amazonlinux', source: OFFICIAL },
  { repository: 'public.ecr.aws/amazonlinux/amazonlinux', family: 'amazonlinux', source: OFFICIAL },
  { repository: 'opensuse/*', family: 'suse', source: 'openSUSE/docker-containers-build' },
  { repository: 'registry.opensuse.org/opensuse/leap', family: 'suse', source: 'openSUSE/docker-containers-build' },
  {
    repository: 'registry.opensuse.org/opensuse/tumbleweed',
    family: 'suse',
    source: 'openSUSE/docker-containers-build',
  },
  { repository: 'registry.suse.com/bci/bci-base', family: 'suse', source: 'SUSE/BCI-dockerfile-generator' },
  { repository: 'buildpack-deps', tag: NEW_UBUNTU, family: 'ubuntu', accounts: UBUNTU_USER, source: OFFICIAL },
  { repository: 'buildpack-deps', tag: /jammy|focal|bionic|xenial|\d\d\.\d\d/, family: 'ubuntu', source: OFFICIAL },
  { repository: 'buildpack-deps', family: 'debian', source: 'docker-library/buildpack-deps' },
  { repository: 'phusion/baseimage', family: 'ubuntu', source: 'phusion/baseimage-docker' },

  // Red Hat.
  ...(['nodejs', 'python', 'php', 'ruby', 'perl', 'go-toolset'] as const).flatMap((name) =>
    (['ubi8', 'ubi9', 'ubi10'] as const).map((ubi) => ({
      ...S2I,
      repository: `registry.access.redhat.com/${ubi}/${name}${name === 'go-toolset' ? '' : '-*'}`,
    })),
  ),
  ...(['ubi7', 'ubi8', 'ubi9', 'ubi10'] as const).flatMap((ubi) =>
    ['', '-minimal', '-micro', '-init', '/ubi', '/ubi-minimal', '/ubi-micro', '/ubi-init'].map((rest) => ({
      repository: `registry.access.redhat.com/${ubi}${rest}`,
      family: 'rhel' as const,
      source: UBI_SOURCE,
    })),
  ),
  { repository: 'redhat/ubi*', family: 'rhel', source: UBI_SOURCE },

  // JavaScript.
  { repository: 'node', tag: ALPINE, family: 'alpine', ...NODE },
  { repository: 'node', tag: /^(?!(?:0|[1-5])(?:[.-]|$))/, family: 'debian', ...NODE },
  { repository: 'oven/bun', tag: ALPINE, family: 'alpine', ...BUN },
  { repository: 'oven/bun', tag: /^(?!.*distroless)/, family: 'debian', ...BUN },
  { repository: 'denoland/deno', tag: ALPINE, family: 'alpine', ...DENO },
  { repository: 'denoland/deno', tag: /^ubuntu/, family: 'ubuntu', ...DENO },
  { repository: 'denoland/deno', tag: /^(?:latest|debian|\d)/, family: 'debian', ...DENO },
  {
    repository: 'mcr.microsoft.com/playwright*',
    family: 'ubuntu',
    env: { PLAYWRIGHT_BROWSERS_PATH: '/ms-playwright' },
    source: 'microsoft/playwright:utils/docker',
  },
  { repository: 'cypress/base', family: 'debian', source: 'cypress-io/cypress-docker-images' },
  { repository: 'cypress/browsers', family: 'debian', source: 'cypress-io/cypress-docker-images' },

  // Python.
  { repository: 'python', tag: ALPINE, family: 'alpine', source: 'docker-library/python' },
  { repository: 'python', family: 'debian', source: 'docker-library/python' },
  { repository: 'pypy', family: 'debian', source: 'docker-library/pypy' },
  {
    repository: 'ghcr.io/astral-sh/uv',
    tag: ALPINE,
    family: 'alpine',
    env: { UV_TOOL_BIN_DIR: '/usr/local/bin' },
    source: 'astral-sh/uv:docs/guides/integration/docker.md',
  },
  {
    repository: 'ghcr.io/astral-sh/uv',
    tag: /debian|bookworm|trixie|bullseye/,
    family: 'debian',
    env: { UV_TOOL_BIN_DIR: '/usr/local/bin' },
    source: 'astral-sh/uv:docs/guides/integration/docker.md',
  },
  {
    repository: 'ghcr.io/astral-sh/uv',
    tag: /^(?:latest|\d+(?:\.\d+)*)$/,
    family: 'scratch',
    shell: 'opaque',
    workdir: '/io',
    source: 'astral-sh/uv:Dockerfile',
  },
  ...(['uvicorn-gunicorn', 'meinheld-gunicorn', 'uwsgi-nginx'] as const).flatMap((name) => [
    {
      repository: `tiangolo/${name}*`,
      tag: ALPINE,
      family: 'alpine' as const,
      workdir: '/app',
      source: `tiangolo/${name}-docker`,
    },
    { repository: `tiangolo/${name}*`, family: 'debian' as const, workdir: '/app', source: `tiangolo/${name}-docker` },
  ]),
  { repository: 'continuumio/miniconda3', tag: /^(?!.*alpine)/, family: 'debian', source: 'ContinuumIO/docker-images' },
  { repository: 'continuumio/anaconda3', tag: /^(?!.*alpine)/, family: 'debian', source: 'ContinuumIO/docker-images' },
  ...(['miniforge3', 'mambaforge', 'miniforge-pypy3', 'mambaforge-pypy3'] as const).map((name) => ({
    repository: `condaforge/${name}`,
    family: 'ubuntu' as const,
    env: { CONDA_DIR: '/opt/conda' },
    source: 'conda-forge/miniforge-images',
  })),
  { repository: 'mambaorg/micromamba', tag: /^(?:latest|2)(?:\.[\d.]+)?(?:-.*)?alpine/, family: 'alpine', ...MAMBA },
  {
    repository: 'mambaorg/micromamba',
    tag: /^2(?:\.[\d.]+)?-(?:.*ubuntu|jammy|noble|focal)/,
    family: 'ubuntu',
    ...MAMBA,
  },
  {
    repository: 'mambaorg/micromamba',
    tag: /^(?:latest|2(?:\.[\d.]+)?(?:-(?:debian|bookworm|bullseye|trixie).*)?)$/,
    family: 'debian',
    ...MAMBA,
  },
  ...(['jupyter', 'quay.io/jupyter'] as const).flatMap((owner) => [
    { ...JUPYTER, repository: `${owner}/*-notebook` },
    { ...JUPYTER, repository: `${owner}/docker-stacks-foundation` },
  ]),
  { repository: 'pytorch/pytorch', family: 'ubuntu', workdir: '/workspace', source: 'pytorch/pytorch:Dockerfile' },
  {
    repository: 'tensorflow/tensorflow',
    tag: /jupyter/,
    family: 'ubuntu',
    workdir: '/tf',
    source: 'tensorflow/tensorflow:tensorflow/tools/dockerfiles',
  },
  {
    repository: 'tensorflow/tensorflow',
    family: 'ubuntu',
    source: 'tensorflow/tensorflow:tensorflow/tools/dockerfiles',
  },
  ...(['nvidia/cuda', 'nvcr.io/nvidia/cuda'] as const).flatMap((repository) => [
    {
      repository,
      tag: /ubuntu2[4-9]\./,
      family: 'ubuntu' as const,
      accounts: UBUNTU_USER,
      source: 'gitlab.com/nvidia/container-images/cuda',
    },
    { repository, tag: /ubuntu/, family: 'ubuntu' as const, source: 'gitlab.com/nvidia/container-images/cuda' },
    {
      repository,
      tag: /ubi|rockylinux|centos|oraclelinux/,
      family: 'rhel' as const,
      source: 'gitlab.com/nvidia/container-images/cuda',
    },
  ]),

  // Go, Rust, C.
  { repository: 'golang', tag: ALPINE, family: 'alpine', ...GO },
  { repository: 'golang', family: 'debian', ...GO },
  { repository: 'rust', tag: ALPINE, family: 'alpine', ...RUST },
  { repository: 'rust', family: 'debian', ...RUST },
  { repository: 'gcc', family: 'debian', source: 'docker-library/gcc' },

  // JVM.
  { repository: 'eclipse-temurin', tag: ALPINE, family: 'alpine', source: 'adoptium/containers' },
  { repository: 'eclipse-temurin', tag: UBI, family: 'rhel', source: 'adoptium/containers' },
  {
    repository: 'eclipse-temurin',
    tag: NEW_UBUNTU,
    family: 'ubuntu',
    accounts: UBUNTU_USER,
    source: 'adoptium/containers',
  },
  {
    // The tags that move with every release are on Ubuntu 26.04; older patch tags are on 20.04 or 22.04.
    repository: 'eclipse-temurin',
    tag: /^(?:latest|(?:8|11|17|21|25|26)(?:-jdk|-jre)?)$/,
    family: 'ubuntu',
    accounts: UBUNTU_USER,
    source: 'adoptium/containers',
  },
  { repository: 'eclipse-temurin', family: 'ubuntu', source: 'adoptium/containers' },
  { repository: 'openjdk', tag: ALPINE, family: 'alpine', source: 'docker-library/openjdk' },
  {
    repository: 'openjdk',
    tag: /slim|stretch|buster|bullseye|bookworm|^(?:7|8|9|10|11)(?:[.u-]|$)/,
    family: 'debian',
    source: 'docker-library/openjdk',
  },
  { repository: 'openjdk', family: 'rhel', source: 'docker-library/openjdk' },
  { repository: 'amazoncorretto', tag: ALPINE, family: 'alpine', source: 'corretto/corretto-docker' },
  { repository: 'amazoncorretto', family: 'amazonlinux', source: 'corretto/corretto-docker' },
  { repository: 'sapmachine', tag: /^(?!.*(?:alpine|distroless|ubi))/, family: 'ubuntu', source: OFFICIAL },
  { repository: 'azul/zulu-openjdk', family: 'ubuntu', source: 'zulu-openjdk/zulu-openjdk' },
  { repository: 'azul/zulu-openjdk-alpine', family: 'alpine', source: 'zulu-openjdk/zulu-openjdk' },
  { repository: 'bellsoft/liberica-openjdk-alpine', family: 'alpine', source: 'bell-sw/Liberica' },
  { repository: 'bellsoft/liberica-openjdk-debian', family: 'debian', source: 'bell-sw/Liberica' },
  { repository: 'maven', tag: ALPINE, family: 'alpine', ...MAVEN },
  { repository: 'maven', tag: /ubi/, family: 'rhel', ...MAVEN },
  { repository: 'maven', tag: /slim|-debian|-(?:jdk|openjdk)-(?:7|8|11)$/, family: 'debian', ...MAVEN },
  { repository: 'maven', tag: /corretto/, family: 'amazonlinux', ...MAVEN },
  { repository: 'maven', tag: /-openjdk-1[2-9]$/, family: 'rhel', ...MAVEN },
  {
    repository: 'maven',
    tag: /temurin|semeru|sapmachine|^(?:latest|3|3\.9(?:\.\d+)?|4\.0\.0.*)$/,
    family: 'ubuntu',
    ...MAVEN,
  },
  { repository: 'maven', family: 'other', ...MAVEN },
  {
    repository: 'sbtscala/scala-sbt',
    tag: /^eclipse-temurin-(?!alpine)/,
    family: 'ubuntu',
    accounts: [account('sbtuser', 1001, 1001, '/home/sbtuser')],
    env: { HOME: '/home/sbtuser' },
    workdir: '/root',
    source: 'sbt/docker-sbt:eclipse-temurin/Dockerfile',
  },
  // Before 6 the image ran as gradle; those tags are left out.
  { repository: 'gradle', tag: /^(?:jdk.*-)?(?:(?:[6-9]|\d\d).*-)?alpine/, family: 'alpine', ...GRADLE },
  { repository: 'gradle', tag: /^(?:(?:[6-9]|\d\d)[.-]|jdk).*ubi/, family: 'rhel', ...GRADLE },
  { repository: 'gradle', tag: /^(?:(?:[6-9]|\d\d)[.-]|jdk).*corretto/, family: 'amazonlinux', ...GRADLE },
  { repository: 'gradle', tag: /^(?:(?:[6-9]|\d\d)[.-]|jdk).*graal/, family: 'other', ...GRADLE },
  {
    repository: 'gradle',
    tag: /^(?:(?:[6-9]|\d\d)(?:[.-]|$)|jdk(?:8|1[1-9]|2\d)|latest$|noble|jammy)/,
    family: 'ubuntu',
    ...GRADLE,
  },
  {
    repository: 'tomcat',
    tag: /corretto/,
    family: 'amazonlinux',
    workdir: '/usr/local/tomcat',
    env: { CATALINA_HOME: '/usr/local/tomcat' },
    source: 'docker-library/tomcat',
  },
  {
    repository: 'tomcat',
    tag: /temurin|^(?:latest|9|9\.0|9\.0\.1\d\d|1[01](?:\.\d+)*)(?:-j(?:dk|re)\d+)?$/,
    family: 'ubuntu',
    workdir: '/usr/local/tomcat',
    env: { CATALINA_HOME: '/usr/local/tomcat' },
    source: 'docker-library/tomcat',
  },
  { repository: 'mcr.microsoft.com/openjdk/jdk', tag: /ubuntu/, family: 'ubuntu', source: 'microsoft/openjdk-docker' },

  // .NET: app (1654) came with version 8; the chiselled variants run as it and have no shell.
  ...(
    ['sdk', 'aspnet', 'runtime', 'runtime-deps', 'nightly/sdk', 'nightly/aspnet', 'nightly/runtime'] as const
  ).flatMap((name) => {
    const repository = `mcr.microsoft.com/dotnet/${name}`;
    const modern = (pattern: string) => new RegExp(`^(?:[89]|1\\d)\\.\\d[^-]*${pattern}`);
    return [
      {
        repository,
        tag: modern('-.*(?:chiseled|distroless)'),
        family: 'distroless' as const,
        user: DOTNET_APP,
        shell: 'opaque' as const,
        ...DOTNET_8,
      },
      { repository, tag: modern('-alpine'), family: 'alpine' as const, ...DOTNET_8 },
      { repository, tag: modern('-(?:noble|jammy|resolute)'), family: 'ubuntu' as const, ...DOTNET_8 },
      { repository, tag: modern('-(?:bookworm|trixie)'), family: 'debian' as const, ...DOTNET_8 },
      { repository, tag: modern('-(?:azurelinux|cbl-mariner)'), family: 'other' as const, ...DOTNET_8 },
      { repository, tag: /^[89]\.0(?:\.\d+)?(?:-(?:amd64|arm64v8))?$/, family: 'debian' as const, ...DOTNET_8 },
      {
        repository,
        tag: /^(?:latest|10\.0(?:\.\d+)?)(?:-(?:amd64|arm64v8))?$/,
        family: 'ubuntu' as const,
        ...DOTNET_8,
      },
      { repository, tag: /^[1-7]\.\d[\d.]*-alpine/, family: 'alpine' as const, source: DOTNET },
      { repository, tag: /^[1-7]\.\d[\d.]*-(?:focal|jammy)$/, family: 'ubuntu' as const, source: DOTNET },
      {
        repository,
        tag: /^[1-7]\.\d[\d.]*(?:-(?:stretch|buster|bullseye|bookworm)(?:-slim)?)?$/,
        family: 'debian' as const,
        source: DOTNET,
      },
    ];
  }),
  { repository: 'mcr.microsoft.com/dotnet/core/*', tag: /alpine/, family: 'alpine', source: DOTNET },
  { repository: 'mcr.microsoft.com/dotnet/core/*', tag: /bionic|focal/, family: 'ubuntu', source: DOTNET },
  { repository: 'mcr.microsoft.com/dotnet/core/*', family: 'debian', source: DOTNET },

  // PHP.
  {
    repository: 'php',
    tag: /fpm.*alpine/,
    family: 'alpine',
    accounts: WWW_ALPINE,
    workdir: '/var/www/html',
    source: PHP,
  },
  { repository: 'php', tag: ALPINE, family: 'alpine', accounts: WWW_ALPINE, source: PHP },
  { repository: 'php', tag: /apache|fpm/, family: 'debian', workdir: '/var/www/html', source: PHP },
  { repository: 'php', family: 'debian', source: PHP },
  ...(['composer', 'composer/composer'] as const).map((repository) => ({
    repository,
    tag: /^(?:latest|lts|\d+(?:\.\d+)*)$/,
    family: 'alpine' as const,
    accounts: WWW_ALPINE,
    env: { COMPOSER_HOME: '/tmp', COMPOSER_ALLOW_SUPERUSER: '1' },
    workdir: '/app',
    source: 'composer/docker',
  })),
  {
    repository: 'wordpress',
    tag: /^(?!.*cli).*alpine/,
    family: 'alpine',
    accounts: WWW_ALPINE,
    workdir: '/var/www/html',
    volumes: ['/var/www/html'],
    source: 'docker-library/wordpress',
  },
  {
    repository: 'wordpress',
    tag: /^(?!.*cli)/,
    family: 'debian',
    workdir: '/var/www/html',
    volumes: ['/var/www/html'],
    source: 'docker-library/wordpress',
  },

  // Ruby and other languages.
  { repository: 'ruby', tag: ALPINE, family: 'alpine', ...RUBY },
  { repository: 'ruby', family: 'debian', ...RUBY },
  { repository: 'elixir', tag: ALPINE, family: 'alpine', source: 'erlef/docker-elixir' },
  { repository: 'elixir', family: 'debian', source: 'erlef/docker-elixir' },
  { repository: 'erlang', tag: ALPINE, family: 'alpine', source: 'erlang/docker-erlang-otp' },
  { repository: 'erlang', family: 'debian', source: 'erlang/docker-erlang-otp' },
  { repository: 'haskell', family: 'debian', source: 'haskell/docker-haskell' },
  { repository: 'swift', tag: /amazonlinux/, family: 'amazonlinux', source: 'swiftlang/swift-docker' },
  { repository: 'swift', tag: /rhel|centos|fedora|ubi/, family: 'rhel', source: 'swiftlang/swift-docker' },
  { repository: 'swift', tag: /bookworm|trixie/, family: 'debian', source: 'swiftlang/swift-docker' },
  { repository: 'swift', family: 'ubuntu', source: 'swiftlang/swift-docker' },
  { repository: 'julia', tag: ALPINE, family: 'alpine', source: 'docker-library/julia' },
  { repository: 'julia', family: 'debian', source: 'docker-library/julia' },
  { repository: 'r-base', family: 'debian', source: 'rocker-org/rocker' },
  { repository: 'rocker/r-base', family: 'debian', source: 'rocker-org/rocker' },
  ...(['r-ver', 'rstudio', 'tidyverse', 'verse', 'geospatial'] as const).map((name) => ({
    repository: `rocker/${name}`,
    family: 'ubuntu' as const,
    source: 'rocker-org/rocker-versioned2',
  })),
  { repository: 'dart', family: 'debian', workdir: '/root', source: 'dart-lang/dart-docker' },

  // Servers. Their entrypoints start as root and step down, unless a user is named.
  { repository: 'nginx', tag: ALPINE, family: 'alpine', accounts: [NGINX_ALPINE], source: NGINX },
  { repository: 'nginx', family: 'debian', accounts: [NGINX_DEBIAN], source: NGINX },
  {
    repository: 'nginxinc/nginx-unprivileged',
    tag: ALPINE,
    family: 'alpine',
    user: NGINX_ALPINE,
    accounts: [NGINX_ALPINE],
    source: 'nginx/docker-nginx-unprivileged',
  },
  {
    repository: 'nginxinc/nginx-unprivileged',
    family: 'debian',
    user: NGINX_DEBIAN,
    accounts: [NGINX_DEBIAN],
    source: 'nginx/docker-nginx-unprivileged',
  },
  {
    repository: 'httpd',
    tag: ALPINE,
    family: 'alpine',
    accounts: WWW_ALPINE,
    workdir: '/usr/local/apache2',
    source: 'docker-library/httpd',
  },
  { repository: 'httpd', family: 'debian', workdir: '/usr/local/apache2', source: 'docker-library/httpd' },
  { repository: 'haproxy', family: 'debian', ...HAPROXY, tag: /^(?:latest|lts|2\.[89]|3\.\d+)(?:\.\d+)?$/ },
  { repository: 'haproxy', family: 'alpine', ...HAPROXY, tag: /^(?:(?:lts|2\.[89]|3\.\d+)(?:\.\d+)?-)?alpine/ },
  {
    repository: 'traefik',
    tag: /^(?:latest|v?[23](?:\.\d+)*)$/,
    family: 'alpine',
    source: 'traefik/traefik-library-image',
  },
  {
    repository: 'caddy',
    tag: /^(?:latest|alpine|\d[\d.]*(?:-alpine)?)$/,
    family: 'alpine',
    workdir: '/srv',
    env: { XDG_CONFIG_HOME: '/config', XDG_DATA_HOME: '/data' },
    source: 'caddyserver/caddy-docker',
  },
  {
    repository: 'postgres',
    tag: OLD_POSTGRES_ALPINE,
    family: 'alpine',
    accounts: [POSTGRES_ALPINE],
    volumes: ['/var/lib/postgresql/data'],
    source: 'docker-library/postgres',
  },
  {
    repository: 'postgres',
    tag: OLD_POSTGRES,
    family: 'debian',
    accounts: [POSTGRES],
    volumes: ['/var/lib/postgresql/data'],
    source: 'docker-library/postgres',
  },
  {
    repository: 'postgres',
    tag: ALPINE,
    family: 'alpine',
    accounts: [POSTGRES_ALPINE],
    volumes: ['/var/lib/postgresql'],
    source: 'docker-library/postgres',
  },
  {
    repository: 'postgres',
    family: 'debian',
    accounts: [POSTGRES],
    volumes: ['/var/lib/postgresql'],
    source: 'docker-library/postgres',
  },
  {
    repository: 'mysql',
    tag: /debian|buster|bullseye|bookworm/,
    family: 'debian',
    volumes: ['/var/lib/mysql'],
    source: 'docker-library/mysql',
  },
  {
    repository: 'mysql',
    tag: /^(?:latest|lts|innovation|oracle|[89]|8\.\d|9\.\d)/,
    family: 'rhel',
    volumes: ['/var/lib/mysql'],
    source: 'docker-library/mysql',
  },
  {
    repository: 'mariadb',
    tag: UBI,
    family: 'rhel',
    volumes: ['/var/lib/mysql'],
    source: 'MariaDB/mariadb-docker',
  },
  { repository: 'mariadb', family: 'ubuntu', volumes: ['/var/lib/mysql'], source: 'MariaDB/mariadb-docker' },
  {
    repository: 'redis',
    tag: ALPINE,
    family: 'alpine',
    workdir: '/data',
    volumes: ['/data'],
    source: 'redis/docker-library-redis',
  },
  { repository: 'redis', family: 'debian', workdir: '/data', volumes: ['/data'], source: 'redis/docker-library-redis' },
  {
    repository: 'mongo',
    tag: /^(?:latest|[5-8])(?:[.-]|$)(?!.*ubi)/,
    family: 'ubuntu',
    env: { HOME: '/data/db' },
    volumes: ['/data/db', '/data/configdb'],
    source: 'docker-library/mongo',
  },
  {
    repository: 'rabbitmq',
    tag: /^(?:latest|management|[34])(?!.*alpine)/,
    family: 'ubuntu',
    accounts: [account('rabbitmq', 999, 999, '/var/lib/rabbitmq')],
    env: { HOME: '/var/lib/rabbitmq' },
    volumes: ['/var/lib/rabbitmq'],
    source: 'docker-library/rabbitmq',
  },
  {
    repository: 'rabbitmq',
    tag: ALPINE,
    family: 'alpine',
    env: { HOME: '/var/lib/rabbitmq' },
    volumes: ['/var/lib/rabbitmq'],
    source: 'docker-library/rabbitmq',
  },
  { repository: 'memcached', tag: ALPINE, family: 'alpine', ...MEMCACHED },
  { repository: 'memcached', family: 'debian', ...MEMCACHED },
  { repository: 'jenkins/jenkins', tag: ALPINE, family: 'alpine', ...JENKINS },
  { repository: 'jenkins/jenkins', tag: /rhel|ubi|centos|almalinux/, family: 'rhel', ...JENKINS },
  { repository: 'jenkins/jenkins', family: 'debian', ...JENKINS },
  {
    repository: 'docker',
    tag: /^(?!.*rootless)(?=.*dind)/,
    family: 'alpine',
    env: { DOCKER_TLS_CERTDIR: '/certs' },
    volumes: ['/var/lib/docker'],
    source: 'docker-library/docker',
  },
  {
    repository: 'docker',
    tag: /^(?!.*(?:rootless|dind))/,
    family: 'alpine',
    source: 'docker-library/docker',
  },
  ...(['bitnami', 'bitnamilegacy'] as const).flatMap((owner) =>
    (['redis', 'postgresql', 'mysql', 'mariadb', 'mongodb', 'rabbitmq', 'kafka', 'zookeeper'] as const).map((name) => ({
      ...BITNAMI,
      repository: `${owner}/${name}`,
    })),
  ),

  // Without a package manager or a shell.
  {
    repository: 'gcr.io/distroless/*',
    tag: /nonroot/,
    family: 'distroless',
    user: NONROOT,
    accounts: [NONROOT],
    workdir: '/home/nonroot',
    shell: 'opaque',
    source: 'GoogleContainerTools/distroless',
  },
  {
    repository: 'gcr.io/distroless/*',
    family: 'distroless',
    accounts: [NONROOT],
    shell: 'opaque',
    source: 'GoogleContainerTools/distroless',
  },
  {
    repository: 'cgr.dev/chainguard/static',
    family: 'wolfi',
    user: NONROOT,
    accounts: [NONROOT],
    shell: 'opaque',
    source: 'chainguard-images/images',
  },

  // Cloud and CI.
  {
    repository: 'public.ecr.aws/lambda/*',
    family: 'amazonlinux',
    workdir: '/var/task',
    env: { LAMBDA_TASK_ROOT: '/var/task' },
    source: 'aws/aws-lambda-base-images',
  },
  {
    repository: 'amazon/aws-lambda-*',
    family: 'amazonlinux',
    workdir: '/var/task',
    env: { LAMBDA_TASK_ROOT: '/var/task' },
    source: 'aws/aws-lambda-base-images',
  },
  { ...CIRCLE, repository: 'cimg/*' },
  { repository: 'google/cloud-sdk', tag: ALPINE, family: 'alpine', source: 'GoogleCloudPlatform/cloud-sdk-docker' },
  { repository: 'google/cloud-sdk', family: 'debian', source: 'GoogleCloudPlatform/cloud-sdk-docker' },
  ...(['javascript-node', 'typescript-node'] as const).map((name) => ({
    ...NODE,
    repository: `mcr.microsoft.com/devcontainers/${name}`,
    family: 'debian' as const,
    source: 'devcontainers/images',
  })),
  { repository: 'mcr.microsoft.com/devcontainers/base', tag: /alpine/, family: 'alpine', ...DEVCONTAINER },
  {
    repository: 'mcr.microsoft.com/devcontainers/*',
    tag: /ubuntu|noble|jammy|focal/,
    family: 'ubuntu',
    ...DEVCONTAINER,
  },
  { repository: 'mcr.microsoft.com/devcontainers/go', family: 'debian', ...DEVCONTAINER, env: { GOPATH: '/go' } },
  { repository: 'mcr.microsoft.com/devcontainers/rust', family: 'debian', ...DEVCONTAINER, env: RUST.env },
  { repository: 'mcr.microsoft.com/devcontainers/python', family: 'debian', ...DEVCONTAINER },
  { repository: 'mcr.microsoft.com/devcontainers/java', family: 'debian', ...DEVCONTAINER },
  { repository: 'mcr.microsoft.com/devcontainers/cpp', family: 'debian', ...DEVCONTAINER },
] as const satisfies readonly ImageRow[];

/** Accounts that every image of a family has. Source: base-passwd (Debian), alpine-baselayout. */
const FAMILY_ACCOUNTS: Partial<Record<ImageFacts['family'], ImageFacts['accounts']>> = {
  debian: [account('www-data', 33, 33, '/var/www'), account('nobody', 65534, 65534, '/nonexistent')],
  ubuntu: [account('www-data', 33, 33, '/var/www'), account('nobody', 65534, 65534, '/nonexistent')],
  alpine: [account('nobody', 65534, 65534, '/')],
};

/** Repositories that mirror the official images of Docker Hub. */
export const OFFICIAL_MIRRORS = [
  { prefix: 'public.ecr.aws/docker/library/', source: 'gallery.ecr.aws/docker', date: '2026-11' },
  { prefix: 'mirror.gcr.io/library/', source: 'cloud.google.com/artifact-registry', date: '2026-11' },
  { prefix: 'registry-1.docker.io/library/', source: 'distribution/reference', date: '2026-11' },
] as const;

const patterns = new Map<string, RegExp>();
function matches(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const known = patterns.get(pattern);
  const regex = known ?? new RegExp(`^${pattern.replace(/[.\\+?()[\]{}|^$]/g, '\\$&').replaceAll('*', '.*')}$`);
  if (!known) patterns.set(pattern, regex);
  return regex.test(name);
}

/** The short name under which an image is listed: mirrors of the official images are the official images. */
export function repositoryName(ref: ImageRef): string {
  const name = familiarName(ref);
  const mirror = OFFICIAL_MIRRORS.find(({ prefix }) => name.startsWith(prefix));
  return mirror ? name.slice(mirror.prefix.length) : name;
}

const ROOT = { name: 'root', uid: 0, gid: 0, home: '/root' };

function factsOf(row: ImageRow, family = row.family): ImageFacts {
  return {
    family,
    user: row.user ?? ROOT,
    workdir: row.workdir ?? '/',
    env: row.env ?? {},
    accounts: [...(row.accounts ?? []), ...(FAMILY_ACCOUNTS[family] ?? [])],
    shell: row.shell ?? 'sh',
    volumes: row.volumes ?? [],
    source: row.source,
    date: row.date ?? '2026-11',
  };
}

/**
 * What is known about an image; undefined when nothing is. A digest without a tag does not tell the variant: the
 * answer is then what all variants share, with family 'other', or undefined when they differ in more than the family.
 */
export function imageFacts(ref: ImageRef): ImageFacts | undefined {
  const name = repositoryName(ref);
  const rows: readonly ImageRow[] = IMAGES.filter((row) => matches(row.repository, name));
  const own = rows.filter((row) => row.repository !== '*');
  if (ref.tag === undefined && ref.digest !== undefined) {
    const [first, ...rest] = own;
    if (!first) return undefined;
    if (rest.length === 0 && !first.tag) return factsOf(first);
    const same = (row: ImageRow) => JSON.stringify({ ...factsOf(row, 'other'), source: '' });
    return rest.every((row) => same(row) === same(first)) ? factsOf(first, 'other') : undefined;
  }
  if (own.length === 0) return undefined;
  const tag = ref.tag ?? 'latest';
  const row = rows.find((candidate) => !candidate.tag || candidate.tag.test(tag));
  return row && factsOf(row);
}

/** A release line of an image: `eol` is the day on which its maintenance ends; `ended` where only that is known. */
export interface ImageRelease {
  readonly version: string;
  readonly eol?: string;
  readonly ended?: true;
}

/** Which tags of a repository exist. */
export interface ImageReleases {
  /** Short name, as in IMAGES. */
  readonly repository: string;
  /** The release that `latest` and a missing tag mean at `date`; undefined where it was not established. */
  readonly latest?: string;
  /** Release lines that have (or had) tags, newest first. */
  readonly releases: readonly ImageRelease[];
  /** Tag forms that exist for the maintained releases, `{v}` is the version; the first one is the plain one. */
  readonly forms: readonly string[];
  /** How many numbers of a version the releases above have: node 1 (`22`), python 2 (`3.12`). */
  readonly precision: 1 | 2;
  readonly source: string;
  readonly date: string;
}

const range = (major: number, from: number, to: number): readonly { readonly version: string }[] =>
  Array.from({ length: from - to + 1 }, (_, i) => ({ version: `${major}.${from - i}` }));
const DEBIAN_FORMS = ['{v}', '{v}-slim', '{v}-alpine', '{v}-bookworm', '{v}-trixie'] as const;
const SLIM_SUITE = ['{v}-slim-bookworm', '{v}-slim-trixie'] as const;
const SUITE_SLIM = ['{v}-bookworm-slim', '{v}-trixie-slim'] as const;
const JAVA_FORMS = [
  '{v}-jdk',
  '{v}-jre',
  '{v}',
  '{v}-jdk-alpine',
  '{v}-jre-alpine',
  '{v}-jdk-noble',
  '{v}-jre-noble',
] as const;
const DOTNET_RELEASES = [
  { version: '10.0', eol: '2028-11-14' },
  { version: '9.0', eol: '2026-11-10' },
  { version: '8.0', eol: '2026-11-10' },
  { version: '7.0', eol: '2024-05-14' },
  { version: '6.0', eol: '2024-11-12' },
] as const;
const EOL_SOURCE = 'docker-library/official-images, endoflife-date';

export const IMAGE_RELEASES = [
  {
    repository: 'node',
    latest: '26',
    precision: 1,
    releases: [
      { version: '26', eol: '2029-04-30' },
      { version: '25', eol: '2026-06-01' },
      { version: '24', eol: '2028-04-30' },
      { version: '23', eol: '2025-06-01' },
      { version: '22', eol: '2027-04-30' },
      { version: '21', eol: '2024-06-01' },
      { version: '20', eol: '2026-04-30' },
      { version: '19', eol: '2023-06-01' },
      { version: '18', eol: '2025-04-30' },
      { version: '17', eol: '2022-06-01' },
      { version: '16', eol: '2023-09-11' },
      { version: '15', eol: '2021-06-01' },
      { version: '14', eol: '2023-04-30' },
      { version: '12', eol: '2022-04-30' },
      { version: '10', eol: '2021-04-30' },
      { version: '8', eol: '2019-12-31' },
    ],
    forms: [...DEBIAN_FORMS, ...SUITE_SLIM],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'python',
    latest: '3.14',
    precision: 2,
    releases: [
      { version: '3.14', eol: '2030-10-31' },
      { version: '3.13', eol: '2029-10-31' },
      { version: '3.12', eol: '2028-10-31' },
      { version: '3.11', eol: '2027-10-31' },
      { version: '3.10', eol: '2026-10-31' },
      { version: '3.9', eol: '2025-10-31' },
      { version: '3.8', eol: '2024-10-07' },
      { version: '3.7', eol: '2023-06-27' },
      { version: '3.6', eol: '2021-12-23' },
      { version: '2.7', eol: '2020-01-01' },
    ],
    forms: [...DEBIAN_FORMS, ...SLIM_SUITE],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'golang',
    latest: '1.27',
    precision: 2,
    releases: [
      { version: '1.27' },
      { version: '1.26' },
      ...range(1, 25, 11).map(({ version }) => ({ version, ended: true as const })),
    ],
    forms: ['{v}', '{v}-alpine', '{v}-bookworm', '{v}-trixie'],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'rust',
    latest: '1.98',
    precision: 2,
    releases: [{ version: '1.98' }, ...range(1, 97, 40).map(({ version }) => ({ version, ended: true as const }))],
    forms: [...DEBIAN_FORMS, ...SLIM_SUITE],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'ruby',
    latest: '4.0',
    precision: 2,
    releases: [
      { version: '4.0', eol: '2029-03-31' },
      { version: '3.4', eol: '2028-03-31' },
      { version: '3.3', eol: '2027-03-31' },
      { version: '3.2', eol: '2026-03-31' },
      { version: '3.1', eol: '2025-03-26' },
      { version: '3.0', eol: '2024-04-23' },
      { version: '2.7', eol: '2023-03-31' },
      { version: '2.6', eol: '2022-04-12' },
    ],
    forms: [...DEBIAN_FORMS, ...SLIM_SUITE],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'php',
    latest: '8.5',
    precision: 2,
    releases: [
      { version: '8.5', eol: '2029-12-31' },
      { version: '8.4', eol: '2028-12-31' },
      { version: '8.3', eol: '2027-12-31' },
      { version: '8.2', eol: '2026-12-31' },
      { version: '8.1', eol: '2025-12-31' },
      { version: '8.0', eol: '2023-11-26' },
      { version: '7.4', eol: '2022-11-28' },
      { version: '7.3', eol: '2021-12-06' },
      { version: '7.2', eol: '2020-11-30' },
    ],
    forms: [
      '{v}',
      '{v}-cli',
      '{v}-apache',
      '{v}-fpm',
      '{v}-zts',
      '{v}-alpine',
      '{v}-cli-alpine',
      '{v}-fpm-alpine',
      '{v}-zts-alpine',
      '{v}-cli-bookworm',
      '{v}-apache-bookworm',
      '{v}-fpm-bookworm',
      '{v}-cli-trixie',
      '{v}-apache-trixie',
      '{v}-fpm-trixie',
    ],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'eclipse-temurin',
    precision: 1,
    releases: [
      { version: '26', ended: true },
      { version: '25' },
      { version: '21' },
      { version: '17' },
      { version: '11' },
      { version: '8' },
    ],
    forms: JAVA_FORMS,
    source: 'adoptium/containers, endoflife-date',
    date: '2026-11',
  },
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
  },
  {
    repository: 'amazoncorretto',
    precision: 1,
    releases: [{ version: '25' }, { version: '21' }, { version: '17' }, { version: '11' }, { version: '8' }],
    forms: ['{v}', '{v}-alpine'],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    // A maven tag has two versions: `{v}` is Maven's, `{java}` the one of the JDK (see eclipse-temurin).
    repository: 'maven',
    latest: '3.9',
    precision: 2,
    releases: [{ version: '3.9' }, { version: '3.8', ended: true }, { version: '3.6', ended: true }],
    forms: [
      '{v}-eclipse-temurin-{java}',
      '{v}-eclipse-temurin-{java}-alpine',
      '{v}-eclipse-temurin-{java}-noble',
      '{v}-amazoncorretto-{java}',
    ],
    source: 'docker-library/official-images',
    date: '2026-11',
  },
  {
    repository: 'gradle',
    latest: '9.7',
    precision: 2,
    releases: [{ version: '9.7' }, { version: '8.14' }, { version: '7.6' }],
    forms: ['{v}-jdk{java}', '{v}-jdk{java}-alpine', '{v}-jdk{java}-noble', '{v}-jdk{java}-jammy', '{v}-jdk{java}-ubi'],
    source: 'docker-library/official-images',
    date: '2026-11',
  },
  ...(['sdk', 'aspnet', 'runtime', 'runtime-deps'] as const).map((name) => ({
    repository: `mcr.microsoft.com/dotnet/${name}`,
    latest: '10.0',
    precision: 2 as const,
    releases: DOTNET_RELEASES,
    forms: ['{v}', '{v}-alpine', '{v}-noble'],
    source: 'dotnet/dotnet-docker, endoflife-date',
    date: '2026-11',
  })),
  {
    repository: 'nginx',
    latest: '1.31',
    precision: 2,
    releases: [
      { version: '1.31' },
      { version: '1.30' },
      ...range(1, 29, 20).map(({ version }) => ({ version, ended: true as const })),
    ],
    forms: ['{v}', '{v}-alpine', '{v}-alpine-slim', '{v}-perl', '{v}-otel', '{v}-trixie'],
    source: 'nginx/docker-nginx',
    date: '2026-11',
  },
  {
    repository: 'postgres',
    precision: 1,
    releases: [
      { version: '18', eol: '2030-11-14' },
      { version: '17', eol: '2029-11-08' },
      { version: '16', eol: '2028-11-09' },
      { version: '15', eol: '2027-11-11' },
      { version: '14', eol: '2026-11-12' },
      { version: '13', eol: '2025-11-13' },
      { version: '12', eol: '2024-11-21' },
      { version: '11', eol: '2023-11-09' },
    ],
    forms: ['{v}', '{v}-alpine', '{v}-bookworm', '{v}-trixie'],
    source: EOL_SOURCE,
    date: '2026-11',
  },
  {
    repository: 'debian',
    latest: '13',
    precision: 1,
    releases: [
      { version: '13', eol: '2030-06-30' },
      { version: 'trixie', eol: '2030-06-30' },
      { version: '12', eol: '2028-06-30' },
      { version: 'bookworm', eol: '2028-06-30' },
      { version: '11', eol: '2026-08-31' },
      { version: 'bullseye', eol: '2026-08-31' },
      { version: '10', eol: '2024-06-30' },
      { version: 'buster', eol: '2024-06-30' },
      { version: '9', eol: '2022-06-30' },
      { version: 'stretch', eol: '2022-06-30' },
    ],
    forms: ['{v}', '{v}-slim'],
    source: 'endoflife-date (end of long-term support)',
    date: '2026-11',
  },
  {
    repository: 'ubuntu',
    latest: '26.04',
    precision: 2,
    releases: [
      { version: '26.04' },
      { version: 'resolute' },
      { version: '24.04', eol: '2029-05-31' },
      { version: 'noble', eol: '2029-05-31' },
      { version: '22.04', eol: '2027-04-01' },
      { version: 'jammy', eol: '2027-04-01' },
      { version: '20.04', eol: '2025-05-31' },
      { version: 'focal', eol: '2025-05-31' },
      { version: '18.04', eol: '2023-05-31' },
      { version: 'bionic', eol: '2023-05-31' },
      { version: '16.04', eol: '2021-04-30' },
      { version: 'xenial', eol: '2021-04-30' },
    ],
    forms: ['{v}'],
    source: 'endoflife-date (end of standard support)',
    date: '2026-11',
  },
  {
    repository: 'alpine',
    latest: '3.24',
    precision: 2,
    releases: [
      { version: '3.24' },
      { version: '3.23', eol: '2027-11-01' },
      { version: '3.22', eol: '2027-05-01' },
      { version: '3.21', eol: '2026-11-01' },
      { version: '3.20', eol: '2026-04-01' },
      { version: '3.19', eol: '2025-11-01' },
      { version: '3.18', eol: '2025-05-09' },
      { version: '3.17', eol: '2024-11-22' },
      { version: '3.16', eol: '2024-05-23' },
      ...range(3, 15, 3).map(({ version }) => ({ version, ended: true as const })),
    ],
    forms: ['{v}'],
    source: EOL_SOURCE,
    date: '2026-11',
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
    source: EOL_SOURCE,
    date: '2026-11',
  },
] as const satisfies readonly ImageReleases[];

/** The releases of the repository of an image (mirrors included); undefined when it is not listed. */
export function imageReleases(ref: ImageRef): ImageReleases | undefined {
  const name = repositoryName(ref);
  return IMAGE_RELEASES.find((row) => row.repository === name);
}
