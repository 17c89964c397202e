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
const JBOSS = account('default', 185, 0, '/home/default');
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
  ...(['ubi8', 'ubi9', 'ubi10'] as const).map((ubi) => ({
    repository: `registry.access.redhat.com/${ubi}/openjdk-*`,
    // before 1.14 the account was jboss
    tag: /^(?:latest|1\.(?:1[4-9]|[2-9]\d)(?:[.-]|$))/,
    family: 'rhel' as const,
    user: JBOSS,
    accounts: [JBOSS],
    env: { HOME: '/home/default' },
    workdir: '/home/default',
    source: 'rh-openjdk/redhat-openjdk-containers:modules/user',
  })),
  { repository: 'quay.io/quarkus/*quarkus-micro-image', family: 'rhel', source: 'quarkusio/quarkus-images' },

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
  { repository: 'bellsoft/liberica-openjre-alpine', family: 'alpine', source: 'bell-sw/Liberica' },
  { repository: 'bellsoft/liberica-openjre-debian', family: 'debian', source: 'bell-sw/Liberica' },
  { repository: 'adoptopenjdk/openjdk*', tag: ALPINE, family: 'alpine', source: 'AdoptOpenJDK/openjdk-docker' },
  {
    repository: 'adoptopenjdk/openjdk*',
    tag: /^(?!.*(?:alpine|centos|clefos|debian|leap|tumbleweed|ubi|windows|nanoserver|rhel))/,
    family: 'ubuntu',
    source: 'AdoptOpenJDK/openjdk-docker',
  },
  { repository: 'maven', tag: ALPINE, family: 'alpine', ...MAVEN },
  { repository: 'maven', tag: /ubi/, family: 'rhel', ...MAVEN },
  { repository: 'maven', tag: /slim|-debian|-(?:jdk|openjdk)-(?:7|8|11)$/, family: 'debian', ...MAVEN },
  { repository: 'maven', tag: /corretto/, family: 'amazonlinux', ...MAVEN },
  { repository: 'maven', tag: /-openjdk-1[2-9]$/, family: 'rhel', ...MAVEN },
  {
    // they are built anew on eclipse-temurin:21-jdk and the like
    repository: 'maven',
    tag: /^3(?:\.9)?-eclipse-temurin-(?:8|11|17|21|25)(?:-(?:noble|resolute))?$/,
    family: 'ubuntu',
    accounts: UBUNTU_USER,
    ...MAVEN,
  },
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
  {
    repository: 'perl',
    tag: /^(?:latest|slim|threaded|stable|5(?:\.(?:3[68]|4\d))?(?:\.\d+)?)(?:-|$)/,
    family: 'debian',
    workdir: '/usr/src/app',
    source: 'Perl/docker-perl',
  },
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
  ...['amd64', 'arm64v8', 'arm32v7', 'arm32v6', 'i386', 'ppc64le', 's390x', 'riscv64'].map((name) => ({
    prefix: `${name}/`,
    source: 'docker-library/official-images: architectures other than amd64',
    date: '2026-11',
  })),
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
