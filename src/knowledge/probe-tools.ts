/** Which programs an image has that can ask a port, and which images have a health check of their own. Data only. */
import type { ImageRef } from '../image.ts';
import { type ImageFacts, repositoryName } from './images.ts';

/** busybox: its wget and nc. node-http: a node without fetch. bash: with /dev/tcp. */
export type ProbeTool = 'busybox' | 'curl' | 'wget' | 'node' | 'node-http' | 'bun' | 'python' | 'ruby' | 'bash';

export interface ProbeToolRow {
  /** Short name, as in images.ts; `*` at the end stands for any text. */
  readonly repository: string;
  /** The tags that the row is about; absent: all. Python 2 and its images are left out: they have no urllib.request. */
  readonly tag?: RegExp;
  readonly tool: ProbeTool;
  /** The program, where it is not the tool's own name. */
  readonly program?: string;
  readonly source: string;
  readonly date: string;
}

const row = (repository: string, tool: ProbeTool, source: string, tag?: RegExp, program?: string): ProbeToolRow => ({
  repository,
  tool,
  source,
  date: '2026-11',
  ...(tag && { tag }),
  ...(program && { program }),
});

const OLD_NODE = /^(?:0|4|5|6|7|8|9|1[0-7])(?:[.-]|$)|^(?:argon|boron|carbon|dubnium|erbium|fermium|gallium)/;

/** What images have besides what their distribution brings; the first that fits is taken. */
export const PROBE_TOOLS: readonly ProbeToolRow[] = [
  row('node', 'node-http', 'nodejs/node:doc/changelogs (fetch is there from 18 on)', OLD_NODE),
  row('node', 'node', 'nodejs/docker-node'),
  row('gcr.io/distroless/nodejs*', 'node', 'GoogleContainerTools/distroless:nodejs', undefined, '/nodejs/bin/node'),
  row('gcr.io/distroless/python3*', 'python', 'GoogleContainerTools/distroless:python3', undefined, '/usr/bin/python3'),
  row('oven/bun', 'bun', 'oven-sh/bun:dockerhub'),
  row('python', 'python', 'docker-library/python', /^(?!2(?:[.-]|$))/),
  row('pypy', 'python', 'docker-library/pypy', undefined, 'pypy3'),
  row('ghcr.io/astral-sh/uv', 'python', 'astral-sh/uv:docs/guides/integration/docker.md', /python/),
  row('tiangolo/*', 'python', 'tiangolo/uvicorn-gunicorn-docker'),
  row('continuumio/*', 'python', 'ContinuumIO/docker-images'),
  row('condaforge/*', 'python', 'conda-forge/miniforge-images'),
  row('pytorch/pytorch', 'python', 'pytorch/pytorch:Dockerfile'),
  row('tensorflow/tensorflow', 'python', 'tensorflow/tensorflow:tensorflow/tools/dockerfiles', /^(?![01]\.)/),
  row('jupyter/*', 'python', 'jupyter/docker-stacks'),
  row('quay.io/jupyter/*', 'python', 'jupyter/docker-stacks'),
  row('registry.access.redhat.com/ubi8/python-*', 'python', 'sclorg/s2i-python-container'),
  row('registry.access.redhat.com/ubi9/python-*', 'python', 'sclorg/s2i-python-container'),
  row('registry.access.redhat.com/ubi9/nodejs-*', 'node', 'sclorg/s2i-nodejs-container'),
  row('ruby', 'ruby', 'docker-library/ruby'),
  row('php', 'curl', 'docker-library/php (curl stays in every variant)'),
  row('wordpress', 'curl', 'docker-library/wordpress'),
  // curl came to the Debian variant with 1.19
  row('nginx', 'bash', 'nginx/docker-nginx', /^1\.(?:\d|1[0-8])(?:[.-]|$)(?!.*alpine)/),
  row('nginx', 'curl', 'nginx/docker-nginx', /^(?!.*slim)/),
  row('nginxinc/nginx-unprivileged', 'curl', 'nginx/docker-nginx-unprivileged', /^(?!.*slim)/),
  row('eclipse-temurin', 'curl', 'adoptium/containers (Ubuntu)', /^(?!.*(?:alpine|ubi|windows|nanoserver))/),
  row('maven', 'curl', 'carlossg/docker-maven', /temurin|^(?:latest|3)$/),
  row('gradle', 'curl', 'keeganwitt/docker-gradle', /^(?!.*(?:alpine|ubi|corretto|graal))/),
  row('tomcat', 'curl', 'docker-library/tomcat', /temurin|^(?:latest|9|10|11)/),
  row('mcr.microsoft.com/dotnet/sdk', 'curl', 'dotnet/dotnet-docker', /^(?!.*(?:alpine|chiseled))/),
  row('golang', 'curl', 'docker-library/golang', /^(?!.*alpine)/),
  row('rust', 'curl', 'rust-lang/docker-rust', /^(?!.*(?:alpine|slim))/),
  row('buildpack-deps', 'curl', 'docker-library/buildpack-deps'),
];

/** What the packages of a distribution are called that bring a tool. */
export const PROBE_PACKAGES: readonly { readonly name: RegExp; readonly tool: ProbeTool; readonly program?: string }[] =
  [
    { name: /^curl(?:=|$)/, tool: 'curl' },
    { name: /^wget(?:=|$)/, tool: 'wget' },
    { name: /^python3(?:\.\d+)?(?:-pip|-minimal)?(?:=|$)/, tool: 'python', program: 'python3' },
    { name: /^nodejs(?:-current)?(?:=|$)/, tool: 'node-http' },
    { name: /^ruby(?:=|$)/, tool: 'ruby' },
  ];

/** What every image of a family has. */
export const FAMILY_TOOLS: Partial<Readonly<Record<ImageFacts['family'], ProbeTool>>> = {
  alpine: 'busybox',
  busybox: 'busybox',
  debian: 'bash',
  ubuntu: 'bash',
  rhel: 'bash',
  amazonlinux: 'bash',
  suse: 'bash',
  arch: 'bash',
};

/** Images whose HEALTHCHECK is inherited. */
export const CHECKED_IMAGES: readonly {
  readonly repository: string;
  readonly source: string;
  readonly date: string;
}[] = [
  'dunglas/frankenphp',
  'gitlab/gitlab-ce',
  'gitlab/gitlab-ee',
  'netdata/netdata',
  'pihole/pihole',
  'syncthing/syncthing',
  'vaultwarden/server',
  'itzg/minecraft-server',
  'louislam/uptime-kuma',
  'jupyter/*',
  'quay.io/jupyter/*',
  'n8nio/n8n',
  'selenium/*',
  'prom/pushgateway',
  'portainer/portainer',
].map((repository) => ({ repository, source: 'the Dockerfile of the image', date: '2026-11' }));

/** Images that a platform starts and asks in its own way. */
export const FUNCTION_IMAGES: readonly {
  readonly repository: string;
  readonly source: string;
  readonly date: string;
}[] = [
  { repository: 'public.ecr.aws/lambda/*', source: 'aws/aws-lambda-base-images', date: '2026-11' },
  { repository: 'amazon/aws-lambda-*', source: 'aws/aws-lambda-base-images', date: '2026-11' },
  { repository: 'mcr.microsoft.com/azure-functions/*', source: 'Azure/azure-functions-docker', date: '2026-11' },
  { repository: 'openwhisk/*', source: 'apache/openwhisk', date: '2026-11' },
];

/** Images to write code in. */
export const DEVELOPMENT_IMAGES: readonly {
  readonly repository: string;
  readonly source: string;
  readonly date: string;
}[] = [
  { repository: 'mcr.microsoft.com/devcontainers/*', source: 'devcontainers/images', date: '2026-11' },
  { repository: 'mcr.microsoft.com/vscode/devcontainers/*', source: 'devcontainers/images', date: '2026-11' },
  { repository: 'gitpod/*', source: 'gitpod-io/workspace-images', date: '2026-11' },
  { repository: 'cimg/*', source: 'CircleCI-Public', date: '2026-11' },
];

const named = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

/** Whether an image is one of a list. */
export const isListed = (ref: ImageRef, list: readonly { readonly repository: string }[]): boolean =>
  list.some(({ repository }) => named(repository, repositoryName(ref)));

/** The tool that an image brings besides those of its family; undefined: none is known. */
export function imageTool(ref: ImageRef): ProbeToolRow | undefined {
  const name = repositoryName(ref);
  return PROBE_TOOLS.find((it) => named(it.repository, name) && (!it.tag || it.tag.test(ref.tag ?? 'latest')));
}
