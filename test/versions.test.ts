/** Versions as projects write them, and what the release tables make of a tag. */
import { describe, expect, it } from 'vitest';
import { parseImageRef } from '../src/image.ts';
import { IMAGE_RELEASES, type ImageReleases, imageReleases } from '../src/knowledge/image-releases.ts';
import { LANGUAGE_IMAGES, VERSION_EVIDENCE } from '../src/knowledge/version-evidence.ts';
import { evidenceFiles, languageOf, readConstraint } from '../src/project/versions.ts';
import { isEnded, nextRelease, tagMeaning, tagOf } from '../src/releases.ts';

const releasesOf = (name: string): ImageReleases => {
  const ref = parseImageRef(name);
  const releases = ref && imageReleases(ref);
  if (!releases) throw new Error(name);
  return releases;
};

describe('readConstraint', () => {
  it.each([
    ['v22.1.0', 1, '22', true],
    ['22', 1, '22', true],
    ['22.x', 1, '22', true],
    ['lts/jod', 1, '22', true],
    ['^22.1', 1, '22', true],
    ['~22.1', 1, '22', true],
    ['>=22', 1, '22', false],
    ['>= 22.1.0 < 23', 1, '22', true],
    ['>=22 <25', 1, '22', false],
    ['3.12.4', 2, '3.12', true],
    ['==3.12.*', 2, '3.12', true],
    ['^3.12', 2, '3.12', false],
    ['~=3.12', 2, '3.12', false],
    ['~=3.12.1', 2, '3.12', true],
    ['~> 3.4.0', 2, '3.4', true],
    ['~> 3.4', 2, '3.4', false],
    ['>=3.12,<3.13', 2, '3.12', true],
    ['>=3.12,<4', 2, '3.12', false],
    ['8.4.* || 8.4.1', 2, '8.4', true],
  ] as const)('reads %s with %i numbers as %s', (text, precision, version, exact) => {
    expect(readConstraint(text, precision, 'node')).toEqual({ version, exact });
  });

  it.each([
    ['20 || 22', 1],
    ['3', 2],
    ['^8', 2],
    ['<22', 1],
    ['>=18 !=19', 1],
    ['pypy3.10-7.3', 2],
  ] as const)('finds no single version in %s', (text, precision) => {
    expect(readConstraint(text, precision, 'node')).toEqual({ version: undefined, exact: false });
  });

  it.each(['lts/*', 'node', 'stable', '*', 'system', ''])('finds nothing in %j', (text) => {
    expect(readConstraint(text, 1, 'node')).toBeUndefined();
  });

  it('takes Java 1.8 for Java 8', () => {
    expect(readConstraint('1.8', 1, 'java')).toEqual({ version: '8', exact: true });
    expect(readConstraint('17.0.8+7', 1, 'java')).toEqual({ version: '17', exact: true });
  });
});

describe('tags', () => {
  it('tell a release from a variant and from a moving tag', () => {
    const node = releasesOf('node');
    expect(tagMeaning(node, undefined)).toEqual({ kind: 'none', variant: '' });
    expect(tagMeaning(node, 'alpine')).toEqual({ kind: 'none', variant: 'alpine' });
    expect(tagMeaning(node, 'lts-slim')).toEqual({ kind: 'moving' });
    expect(tagMeaning(node, '24.1.0-slim')).toMatchObject({ kind: 'release', release: { version: '24' } });
    expect(tagMeaning(node, '99')).toEqual({ kind: 'unknown' });
    expect(tagMeaning(releasesOf('debian'), 'bookworm-slim')).toMatchObject({ release: { version: 'bookworm' } });
    expect(tagMeaning(releasesOf('debian'), 'wheezy')).toEqual({ kind: 'unknown' });
  });

  it('are written in the forms that exist', () => {
    const python = releasesOf('python');
    const release = { version: '3.13' };
    expect(tagOf(python, release, '')).toBe('3.13');
    expect(tagOf(python, release, 'slim-bookworm')).toBe('3.13-slim-bookworm');
    expect(tagOf(python, release, 'bookworm-slim')).toBeUndefined();
    expect(tagOf(releasesOf('golang'), { version: '1.27' }, 'slim')).toBeUndefined();
    expect(tagOf(releasesOf('maven'), { version: '3.9' }, '')).toBeUndefined();
    expect(tagOf(releasesOf('golang'), { version: '1.20', ended: true }, 'trixie')).toBeUndefined();
  });

  it('end by the date of their table', () => {
    const node = releasesOf('node');
    expect(isEnded(node, { version: '20', eol: '2026-04-30' })).toBe(true);
    expect(isEnded(node, { version: '22', eol: '2027-04-30' })).toBe(false);
    expect(nextRelease(node, { version: '14' })?.version).toBe('22');
    expect(nextRelease(releasesOf('debian'), { version: 'buster' })?.version).toBe('bookworm');
    expect(nextRelease(node, { version: '26' })).toBeUndefined();
  });
});

describe('the tables', () => {
  it('name images that have releases, and a file for each language', () => {
    const listed = IMAGE_RELEASES.map((row) => row.repository as string);
    for (const { language, repositories } of LANGUAGE_IMAGES) {
      for (const repository of repositories) {
        expect(listed).toContain(repository);
        expect(languageOf(repository)).toBe(language);
        expect(evidenceFiles(repository).length).toBeGreaterThan(0);
      }
    }
  });

  it('say how each file is read', () => {
    for (const row of VERSION_EVIDENCE)
      expect([row.file, Boolean(row.json) !== Boolean(row.pattern)]).toEqual([row.file, true]);
  });
});
