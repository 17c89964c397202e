/** What is promised somewhere is there: docs, fixtures, codes, tables. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildkitAccepts } from '../scripts/buildkit.ts';
import { COLUMNS, entriesOf, rowsOf, table, type Wanted } from '../scripts/lab-report.ts';
import { renderReadme } from '../scripts/readme.ts';
import { Document } from '../src/document.ts';
import { checkLaws } from '../src/laws.ts';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { rewrite } from '../src/rewrite.ts';
import { findCases } from '../src/testing.ts';
import { Tree } from '../src/tree.ts';
import { transforms } from '../transforms/index.ts';

const root = join(import.meta.dirname, '..');
const cases = findCases(join(root, 'fixtures'));

describe.each(transforms.map((transform) => [transform.name, transform] as const))('%s', (name, transform) => {
  const own = cases.filter((folder) => basename(dirname(folder)) === name);
  const specs = own.map(
    (folder) => parse(readFileSync(join(folder, 'case.yaml'), 'utf8')) as { changes?: string[]; declines?: string[] },
  );

  it('has a name in kebab case, a summary of one line and docs', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(transform.summary).toMatch(/^[^\n]{10,160}$/);
    expect(transform.docs.what).toMatch(/\w{3}/);
    expect(transform.docs.why).toMatch(/\w{3}/);
  });

  it('has fixtures that change and fixtures that do not', () => {
    expect(specs.filter(({ changes }) => changes?.length).length).toBeGreaterThan(3);
    expect(specs.filter(({ changes }) => !changes?.length).length).toBeGreaterThan(3);
  });

  it('shows every code that it declines with in a fixture', () => {
    const shown = new Set(specs.flatMap(({ declines }) => (declines ?? []).map((line) => line.split(' ')[1])));
    expect(Object.keys(transform.declines).filter((code) => !shown.has(code))).toEqual([]);
  });

  it('does what its example says', async () => {
    const { before, after, files, creates = {} } = transform.docs.example;
    const folder = mkdtempSync(join(tmpdir(), 'redock-example-'));
    try {
      for (const [path, text] of Object.entries(files ?? {})) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const tree = new Tree(folder);
      await prepareProjects(tree);
      const project = openProject(tree, 'Dockerfile', {});
      const settings = { only: [name], skip: [], level: 'review' as const, options: {} };
      const reviewed = { path: 'Dockerfile', text: before, tree, project, transforms, settings };
      // a transform whose changes are all risky shows one
      const isRisky = rewrite({ ...reviewed, accept: () => false }).changes.every(({ status }) => status === 'held');
      const input = isRisky ? { ...reviewed, settings: { ...settings, level: 'risky' as const } } : reviewed;
      const result = rewrite(input);
      expect(result.after).toBe(after);
      expect(Object.fromEntries(result.files.map((file) => [file.path, file.after]))).toEqual(creates);
      expect(after !== before || Object.keys(creates).length > 0).toBe(true);
      expect(await checkLaws(input, result, buildkitAccepts)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the hazards of fixtures/hazards.yaml', () => {
  const known = Object.keys(parse(readFileSync(join(root, 'fixtures/hazards.yaml'), 'utf8')) as object);
  const claims = new Set(
    cases.flatMap((folder) => {
      const { description } = parse(readFileSync(join(folder, 'case.yaml'), 'utf8')) as { description: string };
      const [name = ''] = /^[a-z]\d\d(?=-)/.exec(basename(folder)) ?? [];
      return [name.toUpperCase(), ...(description.match(/\b[A-Z]\d\d\b/g) ?? [])];
    }),
  );

  it('are each met by a fixture that names it', () => {
    expect(known.filter((id) => !claims.has(id))).toEqual([]);
  });

  it('are all that fixtures name of their sections', () => {
    const sections = new Set(known.map((id) => id[0]));
    expect([...claims].filter((id) => sections.has(id[0]) && !known.includes(id))).toEqual([]);
  });
});

describe('the demo', () => {
  it('is a monorepo of eight services that are all Dockerfiles', () => {
    const tree = new Tree(join(root, 'fixtures', 'shop'));
    const services = tree.list('services').map((service) => `services/${service}/Dockerfile`);
    expect(services).toHaveLength(8);
    for (const path of services) expect(Document.read(path, tree.read(path) ?? '')).toBeInstanceOf(Document);
  });
});

describe('README', () => {
  it('holds what the code says (npm run readme)', async () => {
    const page = readFileSync(join(root, 'README.md'), 'utf8');
    expect(page).toBe(await renderReadme(page, root));
  });

  describe('shows what the container lab measured of fixtures/lab.yaml (npm run lab:report)', () => {
    const wanted = parse(readFileSync(join(root, 'fixtures/lab.yaml'), 'utf8')) as Wanted;
    const [, part = ''] =
      /<!-- lab -->\n(.*?)<!-- \/lab -->/s.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const readme = entriesOf(wanted.readme);
    const all = [...readme, ...entriesOf(wanted.more)];

    it('names what is there, once', () => {
      const places = all.map(({ repository, dockerfile }) => join(root, 'fixtures', repository, dockerfile));
      expect(new Set(places).size).toBe(places.length);
      const without = wanted.without.flatMap(({ fixtures }) => fixtures.map((name) => join(root, 'fixtures', name)));
      const once = Object.keys(wanted.once).map((name) => join(root, 'fixtures', name));
      expect([...places, ...once, ...without].filter((place) => !existsSync(place))).toEqual([]);
    });

    it.each([
      ['README.md', part, readme],
      ['fixtures/LAB.md', readFileSync(join(root, 'fixtures/LAB.md'), 'utf8'), all],
    ])('%s', (_, page, entries) => {
      expect(page).toContain(table([]));
      const rows = [...rowsOf(page).values()];
      const shown = rows.map(([name]) => name);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown).toEqual(entries.map(({ name }) => name).filter((name) => shown.includes(name)));
      for (const row of rows) {
        expect(row).toHaveLength(COLUMNS.length);
        if (!row[1]?.includes('→')) continue;
        expect(row[1]).toMatch(/^[\d.]+ MB → [\d.]+ MB$/);
        for (const time of row.slice(2, 4)) {
          expect(time).toMatch(/^(?:-|[\d.]+ (?:s|min \d+ s) → [\d.]+ (?:s|min \d+ s))$/);
        }
      }
      expect(page).toMatch(/^Measured on \d{4}-\d\d-\d\d with .+; repeat it with `npm run lab:report`\.$/m);
    });
  });
});
