import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { type Result, rewrite } from '../src/rewrite.ts';
import { findCases } from '../src/testing.ts';
import { Tree } from '../src/tree.ts';
import { copyManifestsFirst } from '../transforms/copy-manifests-first/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Rewrites the named Dockerfiles of a folder with these files, one after the other. */
async function run(files: Record<string, string>, paths: readonly string[] = ['Dockerfile']): Promise<Result[]> {
  const root = mkdtempSync(join(tmpdir(), 'redock-manifests-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const tree = new Tree(root);
  await prepareProjects(tree);
  return paths.map((path) =>
    rewrite({
      path,
      text: files[path] as string,
      tree,
      project: openProject(tree, path),
      transforms: [copyManifestsFirst],
      settings: { skip: [], level: 'review', options: {} },
    }),
  );
}

const NODE = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\n';
const PACKAGE = '{ "name": "app" }\n';

describe('copy-manifests-first', () => {
  it('does what its documentation shows', async () => {
    const { before, after, files } = copyManifestsFirst.docs.example;
    const [result] = await run({ ...files, Dockerfile: before });
    expect(result?.after).toBe(after);
    expect(result?.files).toEqual([]);
  });

  it('leaves node_modules alone that git knows', async () => {
    const [result] = await run({ Dockerfile: NODE, 'package.json': PACKAGE, 'node_modules/a/index.js': '//\n' });
    expect(result?.declined.map(({ code }) => code)).toEqual(['generated-in-context']);
    expect(result?.after).toBe(NODE);
  });

  it('leaves node_modules out of the copy that git ignores', async () => {
    const [result] = await run({
      Dockerfile: NODE,
      'package.json': PACKAGE,
      'node_modules/a/index.js': '//\n',
      '.gitignore': '/node_modules/\n',
    });
    expect(result?.declined).toEqual([]);
    expect(result?.files).toEqual([{ path: '.dockerignore', before: undefined, after: '**/node_modules\n' }]);
  });

  it('completes one .dockerignore once for two Dockerfiles', async () => {
    const [first, second] = await run({ Dockerfile: NODE, 'Dockerfile.dev': NODE, 'package.json': PACKAGE }, [
      'Dockerfile',
      'Dockerfile.dev',
    ]);
    expect(first?.files.map(({ path }) => path)).toEqual(['.dockerignore']);
    expect(second?.after).toBe(first?.after);
    expect(second?.files).toEqual([]);
    expect(second?.faults).toEqual([]);
  });

  it('leaves a Dockerfile its node_modules that runs those of the host', async () => {
    const host = 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n';
    const [result] = await run({ Dockerfile: NODE, 'Dockerfile.prebuilt': host, 'package.json': PACKAGE });
    expect(result?.files.map(({ path, after }) => [path, after])).toEqual([
      ['Dockerfile.dockerignore', '**/node_modules\n'],
    ]);
  });

  it('counts a byte order mark of .dockerignore', async () => {
    const [result] = await run({ Dockerfile: NODE, 'package.json': PACKAGE, '.dockerignore': '\uFEFF.git\n' });
    expect(result?.files[0]?.after).toBe('\uFEFF.git\n**/node_modules\n');
  });

  it('does not follow settings of npm that name other files', async () => {
    const [result] = await run({
      Dockerfile: NODE,
      'package.json': PACKAGE,
      '.dockerignore': '**/node_modules\n',
      '.npmrc': 'cafile=./certs/ca.pem\n',
    });
    expect(result?.declined.map(({ code, why }) => [code, why])).toEqual([
      ['reads-more', '.npmrc, line 1, says cafile=./certs/ca.pem.'],
    ]);
  });

  it('has a fixture for every code that it declines with', () => {
    const cases = findCases(join(import.meta.dirname, '../fixtures/copy-manifests-first'));
    const specs = cases.map(
      (folder) => parse(readFileSync(join(folder, 'case.yaml'), 'utf8')) as { declines?: string[] },
    );
    const codes = specs.flatMap(({ declines }) => declines?.map((line) => line.split(' ')[1]) ?? []);
    expect([...new Set(codes)].sort()).toEqual(Object.keys(copyManifestsFirst.declines).sort());
  });
});
