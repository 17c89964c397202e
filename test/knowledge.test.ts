import { describe, expect, it } from 'vitest';
import { parseImageRef } from '../src/image.ts';
import { imagePorts } from '../src/knowledge/image-ports.ts';
import { IMAGE_RELEASES, imageReleases } from '../src/knowledge/image-releases.ts';
import { IMAGES, imageFacts } from '../src/knowledge/images.ts';
import { CACHES, MANAGERS } from '../src/knowledge/package-managers.ts';
import { RECOMMENDS, RECOMMENDS_IRRELEVANT, RECOMMENDS_UNCLEAR } from '../src/knowledge/system-packages.ts';

const SHA = `sha256:${'a'.repeat(64)}`;
function facts(text: string) {
  const ref = parseImageRef(text);
  if (!ref) throw new Error(`no reference: ${text}`);
  return imageFacts(ref);
}

describe('imageFacts', () => {
  it.each([
    ['node', 'debian', 'root', '/'],
    ['node:22-alpine3.20', 'alpine', 'root', '/'],
    ['node:22-bookworm-slim', 'debian', 'root', '/'],
    ['public.ecr.aws/docker/library/node:22-alpine', 'alpine', 'root', '/'],
    ['mirror.gcr.io/library/node:22', 'debian', 'root', '/'],
    ['index.docker.io/library/node', 'debian', 'root', '/'],
    ['python:3.12-slim-bookworm', 'debian', 'root', '/'],
    ['golang:1.26-alpine', 'alpine', 'root', '/go'],
    ['eclipse-temurin:21-jre-alpine', 'alpine', 'root', '/'],
    ['eclipse-temurin:21-ubi9-minimal', 'rhel', 'root', '/'],
    ['openjdk:8-jdk', 'debian', 'root', '/'],
    ['openjdk:17', 'rhel', 'root', '/'],
    ['openjdk:17-jdk-slim', 'debian', 'root', '/'],
    ['maven:3.9-eclipse-temurin-21', 'ubuntu', 'root', '/'],
    ['maven:3.9-amazoncorretto-21', 'amazonlinux', 'root', '/'],
    ['gradle:8.14-jdk21', 'ubuntu', 'root', '/home/gradle'],
    ['gradle:jdk21-alpine', 'alpine', 'root', '/home/gradle'],
    ['mcr.microsoft.com/dotnet/sdk:8.0', 'debian', 'root', '/'],
    ['mcr.microsoft.com/dotnet/aspnet:10.0', 'ubuntu', 'root', '/'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled-extra', 'distroless', 'app', '/'],
    ['mcr.microsoft.com/dotnet/runtime:6.0-alpine3.18', 'alpine', 'root', '/'],
    ['php:8.3-fpm-alpine', 'alpine', 'root', '/var/www/html'],
    ['php:8.3', 'debian', 'root', '/'],
    ['composer:2', 'alpine', 'root', '/app'],
    ['nginxinc/nginx-unprivileged:1.30-alpine', 'alpine', 'nginx', '/'],
    ['gcr.io/distroless/static-debian12', 'distroless', 'root', '/'],
    ['gcr.io/distroless/nodejs22-debian12:nonroot', 'distroless', 'nonroot', '/home/nonroot'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.4', 'rhel', 'root', '/'],
    ['registry.access.redhat.com/ubi9/nodejs-20', 'rhel', 'default', '/opt/app-root/src'],
    ['nvidia/cuda:12.4.1-runtime-ubuntu22.04', 'ubuntu', 'root', '/'],
    ['mambaorg/micromamba:2.1.0-alpine3.20', 'alpine', 'mambauser', '/tmp'],
    ['jupyter/scipy-notebook', 'ubuntu', 'jovyan', '/home/jovyan'],
    ['quay.io/jupyter/base-notebook:2025-01-01', 'ubuntu', 'jovyan', '/home/jovyan'],
    ['public.ecr.aws/lambda/python:3.12', 'amazonlinux', 'root', '/var/task'],
    ['bitnami/redis:7.2', 'debian', '1001', '/'],
    ['haproxy:3.0-alpine', 'alpine', 'haproxy', '/var/lib/haproxy'],
    ['postgres:18-alpine', 'alpine', 'root', '/'],
    ['scratch', 'scratch', 'root', '/'],
    ['golang:1.26-windowsservercore-ltsc2022', 'windows', 'ContainerAdministrator', 'C:\\'],
    ['mcr.microsoft.com/windows/nanoserver:ltsc2022', 'windows', 'ContainerUser', 'C:\\'],
  ])('%s', (text, family, user, workdir) => {
    const found = facts(text);
    expect(found).toMatchObject({ family, workdir });
    expect(found?.user.name).toBe(user);
  });

  it.each([
    'example.com/team/app:1',
    'registry.example.com/library/node:22',
    'someone/node:22',
    'gradle:4.10-jdk8',
    'gradle:4.10-alpine',
    'mambaorg/micromamba:1.4.0',
    'oven/bun:distroless',
    'mcr.microsoft.com/dotnet/aspnet:7.0-jammy-chiseled',
    `php@${SHA}`,
  ])('does not guess: %s', (text) => {
    expect(facts(text)).toBeUndefined();
  });

  it('takes a digest without a tag for what all variants share', () => {
    expect(facts(`node@${SHA}`)).toMatchObject({ family: 'other', user: { uid: 0 } });
    expect(facts(`debian@${SHA}`)).toMatchObject({ family: 'debian' });
    expect(facts(`node:22-alpine@${SHA}`)).toMatchObject({ family: 'alpine' });
  });

  it('knows accounts and what moves caches', () => {
    const uid = (text: string, name: string) => facts(text)?.accounts.find((account) => account.name === name)?.uid;
    expect(uid('node:22', 'node')).toBe(1000);
    expect(uid('ubuntu:22.04', 'ubuntu')).toBeUndefined();
    expect(uid('ubuntu:24.04', 'ubuntu')).toBe(1000);
    expect(uid('ubuntu', 'ubuntu')).toBe(1000);
    expect(uid('ubuntu:jammy-20240101', 'ubuntu')).toBeUndefined();
    expect(uid('php:8.3-apache', 'www-data')).toBe(33);
    expect(uid('php:8.3-fpm-alpine', 'www-data')).toBe(82);
    expect(uid('mcr.microsoft.com/dotnet/sdk:8.0', 'app')).toBe(1654);
    expect(uid('mcr.microsoft.com/dotnet/sdk:6.0', 'app')).toBeUndefined();
    expect(facts('rust:1.98')?.env).toMatchObject({ CARGO_HOME: '/usr/local/cargo' });
    expect(facts('ruby:3.3')?.env).toMatchObject({ GEM_HOME: '/usr/local/bundle' });
    expect(facts('gradle:9.7')?.volumes).toEqual(['/home/gradle/.gradle']);
    expect(facts('scratch')?.shell).toBe('opaque');
  });

  it.each([
    ['nginxinc/nginx-unprivileged:1.30', [8080]],
    ['php:8.4-fpm-alpine', [9000]],
    ['php:8.4-apache', [80]],
    ['php:8.4-cli', undefined],
    ['rabbitmq:4-management', [5672, 5671, 4369, 15_691, 15_692, 25_672, 15_671, 15_672]],
    ['node:24', undefined],
  ])('knows the ports of %s', (text, ports) => {
    expect(imagePorts(parseImageRef(text) as never)).toEqual(ports);
  });

  it('has a row for every listed repository that it can reach', () => {
    for (const { repository } of IMAGE_RELEASES) {
      expect(
        IMAGES.some(({ repository: row }) =>
          row.endsWith('*') && row !== '*' ? repository.startsWith(row.slice(0, -1)) : row === repository,
        ),
        repository,
      ).toBe(true);
    }
  });

  it('has no row that another one hides', () => {
    const open = new Set<string>();
    for (const row of IMAGES) {
      expect(open.has(row.repository), row.repository).toBe(false);
      if (!('tag' in row)) open.add(row.repository);
    }
  });
});

describe('imageReleases', () => {
  it('finds releases and tag forms, mirrors included', () => {
    const node = imageReleases(parseImageRef('public.ecr.aws/docker/library/node:20') as never);
    expect(node?.releases.find(({ version }) => version === '20')?.eol).toBe('2026-04-30');
    expect(node?.forms).toContain('{v}-bookworm-slim');
    expect(imageReleases(parseImageRef('someone/node') as never)).toBeUndefined();
  });

  it('has no form that does not exist', () => {
    const forms = (name: string) => IMAGE_RELEASES.find((row) => row.repository === name)?.forms as readonly string[];
    expect(forms('golang')).not.toContain('{v}-slim');
    expect(forms('php')).not.toContain('{v}-slim');
    expect(forms('ubuntu')).not.toContain('{v}-slim');
    expect(forms('python')).not.toContain('{v}-bookworm-slim');
    expect(forms('node')).not.toContain('{v}-slim-bookworm');
  });

  it('writes versions and dates in one way', () => {
    for (const row of IMAGE_RELEASES) {
      const versions = row.releases.map(({ version }) => version);
      expect(new Set(versions).size, row.repository).toBe(versions.length);
      if ('latest' in row) expect(versions).toContain(row.latest);
      for (const release of row.releases) {
        if ('eol' in release) expect(release.eol).toMatch(/^20\d\d-\d\d-\d\d$/);
        if (/^\d/.test(release.version)) expect(release.version.split('.')).toHaveLength(row.precision);
      }
    }
  });
});

describe('package managers', () => {
  it('names every program once', () => {
    const programs =
      'pip pip3 pip3.11 pipenv poetry uv pdm conda mamba micromamba npm npx yarn pnpm bun bunx go cargo mvn mvnw gradle gradlew dotnet composer composer.phar bundle gem apt apt-get aptitude apk dnf yum microdnf zypper';
    for (const program of programs.split(' ')) {
      expect(
        Object.values(MANAGERS).filter((row) => row.programs.test(program)),
        program,
      ).toHaveLength(1);
    }
  });

  it('has literal cache folders: absolute, below HOME, or below a variable with a default', () => {
    for (const [name, row] of Object.entries(CACHES)) {
      for (const { path } of row.paths) {
        expect(path, name).toMatch(/^(?:\/|~\/|\$[A-Z_]+(?:\/|$))/);
        const variable = /^\$([A-Z_]+)/.exec(path)?.[1];
        if (variable) expect('vars' in row && Object.keys(row.vars), name).toContain(variable);
      }
    }
  });

  it('never mounts a folder that holds more than downloads', () => {
    const never = [
      '~/.cache',
      '~',
      '~/.m2',
      '~/.gradle',
      '/go',
      '/usr/local/cargo',
      '/opt/conda',
      '$GOPATH',
      '$CARGO_HOME',
      '$GEM_HOME',
    ];
    for (const row of Object.values(CACHES)) {
      for (const { path } of row.paths) expect(never).not.toContain(path);
    }
  });
});

it('tells a package with recommendations in one table only', () => {
  const names = [...RECOMMENDS, ...RECOMMENDS_UNCLEAR].map((row) => row.package);
  names.push(...(RECOMMENDS_IRRELEVANT.packages as readonly string[] as never[]));
  expect(new Set(names).size).toBe(names.length);
});
