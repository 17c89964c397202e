import { describe, expect, it } from 'vitest';
import { dotnetGroups } from '../scripts/catalogue/dotnet.ts';
import { CATALOGUE_IMAGES, type CatalogueImage } from '../scripts/catalogue/images.ts';
import { tagGroups } from '../scripts/catalogue/library.ts';
import { cyclesOf } from '../scripts/catalogue/products.ts';
import { rowOf } from '../scripts/catalogue/rows.ts';
import { catalogueText } from '../scripts/catalogue/text.ts';
import { parseImageRef } from '../src/image.ts';
import { CATALOGUE, CATALOGUE_DATE, CATALOGUE_READ } from '../src/knowledge/catalogue.ts';
import { endedImage } from '../src/knowledge/ended-images.ts';
import { listedTag } from '../src/knowledge/image-releases.ts';
import { VENDOR_RELEASES } from '../src/knowledge/vendor-releases.ts';

const LIBRARY = `# generated
Maintainers: A. Person <a@example.com> (@a),
             B. Person <b@example.com> (@b)
GitRepo: https://example.com/kettle.git

Tags: 3.2.1-trixie, 3.2-trixie, 3-trixie, trixie
SharedTags: 3.2.1, 3.2, 3, latest
Architectures: amd64, arm64v8
Directory: 3.2/trixie

Tags: 3.2.1-slim-trixie, 3.2-slim-trixie,
      3.2-slim, slim
Architectures: amd64

Tags: 3.2.1-windowsservercore-ltsc2025, 3.2-windowsservercore-ltsc2025
SharedTags: 3.2.1, 3.2, latest
Architectures: windows-amd64

# the next one is not out yet
Tags: 3.3.0rc1-trixie, 3.3-rc-trixie
Architectures: amd64

Tags: 3.1.9-bookworm, 3.1-bookworm, 3.1.9, 3.1
Architectures: amd64

Tags: 3.1.9-alpine3.24, 3.1-alpine3.24, 3.1-alpine
Architectures: amd64
`;
const PRODUCT = `---
title: Kettle
releases:
  - releaseCycle: "3.2"
    eol: false
  - releaseCycle: "3.1"
    eol: 2027-05-01
    eoes: 2029-05-01
  - releaseCycle: "3.0"
    eol: true
  - releaseCycle: "2.9"
    eol: 2020-01-01
---
Prose about kettles.
`;
const KETTLE: CatalogueImage = { repository: 'kettle', precision: 2, oldest: '3.0' };

describe('npm run catalogue', () => {
  it('reads which tags are one image, over continued lines, without those of Windows', () => {
    expect(tagGroups(LIBRARY)).toEqual([
      ['3.2.1-trixie', '3.2-trixie', '3-trixie', 'trixie', '3.2.1', '3.2', '3', 'latest'],
      ['3.2.1-slim-trixie', '3.2-slim-trixie', '3.2-slim', 'slim'],
      ['3.3.0rc1-trixie', '3.3-rc-trixie'],
      ['3.1.9-bookworm', '3.1-bookworm', '3.1.9', '3.1'],
      ['3.1.9-alpine3.24', '3.1-alpine3.24', '3.1-alpine'],
    ]);
    expect(tagGroups(LIBRARY.replaceAll('\n', '\r\n'))).toEqual(tagGroups(LIBRARY));
  });

  it('reads the tables of .NET: without previews and other platforms', () => {
    const table = (tags: string) => `Tags | Dockerfile | OS\n---- | --- | ---\n${tags} | [Dockerfile](x) | y\n`;
    const amd64 = `### Linux amd64 Tags\n\n${table('4.1.2-moss-amd64, 4.1-moss-amd64, 4.1.2-moss, 4.1-moss, 4.1')}`;
    const rest = `\n#### Preview Tags\n${table('5.0-preview')}\n### Linux arm64 Tags\n${table('4.1-fern')}`;
    expect(dotnetGroups(amd64 + rest)).toEqual([['4.1.2-moss', '4.1-moss', '4.1']]);
  });

  it('reads when maintenance ends', () => {
    expect(cyclesOf(PRODUCT, 'eol')).toEqual([
      { version: '3.2' },
      { version: '3.1', end: '2027-05-01' },
      { version: '3.0', end: true },
      { version: '2.9', end: '2020-01-01' },
    ]);
    expect(cyclesOf(PRODUCT, 'eoes')[1]).toEqual({ version: '3.1', end: '2029-05-01' });
    expect(() => cyclesOf('no front matter', 'eol')).toThrow('no list of releases');
  });

  it('puts both together: lasting tags by release, the forms that every release has', () => {
    expect(rowOf(KETTLE, tagGroups(LIBRARY), cyclesOf(PRODUCT, 'eol'))).toEqual({
      repository: 'kettle',
      latest: '3.2',
      precision: 2,
      releases: [
        {
          version: '3.2',
          tags: [
            ['3.2-trixie', '3-trixie', 'trixie', '3.2', '3', 'latest'],
            ['3.2-slim-trixie', '3.2-slim', 'slim'],
          ],
        },
        {
          version: '3.1',
          eol: '2027-05-01',
          tags: [
            ['3.1-bookworm', '3.1'],
            ['3.1-alpine3.24', '3.1-alpine'],
          ],
        },
        { version: '3.0', ended: true },
      ],
      forms: ['{v}'],
    });
  });

  it('takes the releases from the tags where no list of them is told', () => {
    const { releases } = rowOf(KETTLE, tagGroups(LIBRARY), []);
    expect(releases.map(({ version }) => version)).toEqual(['3.2', '3.1']);
  });

  it('has releases by number and by code name', () => {
    const product = '---\nreleases:\n  - releaseCycle: "13"\n    codename: Trixie\n    eol: 2028-08-09\n---\n';
    const image = { ...KETTLE, precision: 1, oldest: '1', codenames: true } as const;
    const groups = tagGroups('Tags: trixie, 13, latest, trixie-20260803\nArchitectures: amd64\n');
    const tags = [['trixie', '13', 'latest']];
    expect(rowOf(image, groups, cyclesOf(product, 'eol')).releases).toEqual([
      { version: '13', eol: '2028-08-09', tags },
      { version: 'trixie', eol: '2028-08-09', tags },
    ]);
  });

  it('writes the same text for the same rows', () => {
    const rows = [rowOf(KETTLE, tagGroups(LIBRARY), cyclesOf(PRODUCT, 'eol'))];
    const text = catalogueText(rows, '2026-08-21', '2026-11-21');
    expect(catalogueText(rows, '2026-08-21', '2026-11-21')).toBe(text);
    expect(text).toContain("      { version: '3.1', eol: '2027-05-01', tags: [['3.1-bookworm', '3.1'],");
    expect(text).toContain("CATALOGUE_DATE = '2026-08-21'");
  });
});

describe('the catalogue', () => {
  const tag = (text: string) => listedTag(parseImageRef(text) as never);

  it('is not older than a year', () => {
    const days = (Date.now() - Date.parse(CATALOGUE_DATE)) / 86_400_000;
    const advice = `the image catalogue is of ${CATALOGUE_DATE}: renew it with \`npm run catalogue\``;
    expect(days, advice).toBeLessThan(366);
    expect(CATALOGUE_READ >= CATALOGUE_DATE).toBe(true);
  });

  it('has rows of vendors that are not older than a year', () => {
    for (const { repository, date } of VENDOR_RELEASES) {
      const days = (Date.now() - Date.parse(`${date}-01`)) / 86_400_000;
      expect(days, `${repository} was read in ${date}: read its source again (vendor-releases.ts)`).toBeLessThan(366);
    }
  });

  it.each([
    ['nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04', '12.4'],
    ['nvcr.io/nvidia/cuda:11.8.0-base-ubuntu20.04', '11.8'],
    ['tiangolo/uwsgi-nginx-flask', 'python3.12'],
    ['tiangolo/uvicorn-gunicorn:python3.10-slim', 'python3.10'],
  ])('lists %s', (text, version) => expect(tag(text)?.release.version).toBe(version));

  it('has every image that the script asks for, each with tags', () => {
    expect(CATALOGUE.map(({ repository }) => repository)).toEqual(CATALOGUE_IMAGES.map(({ repository }) => repository));
    for (const { repository, releases } of CATALOGUE) {
      expect(
        releases.some((release) => 'tags' in release),
        repository,
      ).toBe(true);
    }
  });

  it('tells which release a tag is of, and what else is the same image', () => {
    expect(tag('python:3-slim')?.release.version).toBe(tag('python')?.release.version);
    expect(tag('node:lts')?.same).toContain('krypton');
    expect(tag('golang:1.27-alpine')?.same).toContain('1.27-alpine3.24');
    expect(tag('debian:bookworm-slim')?.release.version).toBe('12');
    expect(tag('public.ecr.aws/docker/library/php:8.4-fpm')?.same).toContain('8.4-fpm-trixie');
  });

  it.each([
    'nvidia/cuda:12.8.2-cudnn-runtime-ubuntu24.04',
    'nvidia/cuda',
    'golang:1.27-slim',
    'php:8.4-slim',
    'python:3.14-bookworm-slim',
    'node:24-slim-bookworm',
    'someone/node:24',
  ])('does not list %s', (text) => expect(tag(text)).toBeUndefined());
});

describe('images that ended', () => {
  it.each([
    ['bitnami/postgresql:16', 'absent'],
    ['bitnami/postgresql', undefined],
    ['bitnami/minideb:bookworm', undefined],
    ['docker.io/bitnamilegacy/postgresql:16', 'ended'],
    ['public.ecr.aws/bitnami/node:18', undefined],
    ['nvidia/cuda', 'absent'],
    ['nvidia/cuda:11.0-base', 'ended'],
    ['nvidia/cuda:10.2-devel-ubuntu18.04', 'ended'],
    ['nvidia/cuda:12.8.1-base-ubuntu24.04', 'ended'],
    ['nvidia/cuda:12.8.2-base-ubuntu24.04', undefined],
    ['nvidia/cuda:11.8.0-base-ubuntu22.04', undefined],
    ['nvidia/cuda:13.4.2-base-ubuntu24.04', undefined],
    [`nvidia/cuda@sha256:${'a'.repeat(64)}`, undefined],
    ['tiangolo/uvicorn-gunicorn-fastapi:python3.8-slim', 'ended'],
    ['tiangolo/uvicorn-gunicorn-starlette:python-3.8', 'ended'],
    ['tiangolo/uvicorn-gunicorn-fastapi:python3.11', 'deprecated'],
    ['tiangolo/meinheld-gunicorn-flask:python3.9', 'ended'],
    ['adoptopenjdk:11-jre-hotspot', 'ended'],
    ['adoptopenjdk/openjdk11:alpine', 'ended'],
    ['java:8', 'ended'],
    ['someone/java:8', undefined],
    ['mcr.microsoft.com/dotnet/core/sdk:3.1', 'ended'],
    ['k8s.gcr.io/pause:3.9', 'ended'],
    ['node:24', undefined],
  ])('%s: %s', (text, state) => expect(endedImage(parseImageRef(text) as never)?.state).toBe(state));
});
