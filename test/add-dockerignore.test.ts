/** A context has one .dockerignore, whichever of its Dockerfiles is looked at first. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { type Result, rewrite } from '../src/rewrite.ts';
import { Tree } from '../src/tree.ts';
import { transforms } from '../transforms/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const NODE = 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n';
const PYTHON = 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n';
const HOST = 'FROM node:22\nWORKDIR /app\nCOPY node_modules ./node_modules\nCOPY server.js ./\n';
const FILES = { 'package.json': '{"name": "shop"}\n', 'package-lock.json': '{}\n', 'requirements.txt': 'flask\n' };

/** Runs the Dockerfiles one after the other in one tree, twice; gives what is planned after each round. */
async function rounds(files: Record<string, string>, order: readonly string[], only = ['add-dockerignore']) {
  const folder = mkdtempSync(join(tmpdir(), 'redock-ignore-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const tree = new Tree(folder);
  await prepareProjects(tree);
  const settings = { only, skip: [], level: 'review' as const, options: {} };
  const round = (): Result[] =>
    order.map((path) => {
      const text = tree.read(path) as string;
      const result = rewrite({ path, text, tree, project: openProject(tree, path, {}), transforms, settings });
      if (result.after !== text) tree.plan(path, result.after);
      return result;
    });
  const planned = () => Object.fromEntries([...tree.planned()].map(([path, { after }]) => [path, after]).sort());
  const first = round();
  const once = planned();
  const second = round();
  return { once, twice: planned(), first, second };
}

describe('add-dockerignore', () => {
  it.each([
    ['two ecosystems', { Dockerfile: NODE, 'Dockerfile.api': PYTHON }],
    ['one that takes what the other makes', { Dockerfile: NODE, 'Dockerfile.host': HOST }],
    ['three that differ', { Dockerfile: NODE, 'Dockerfile.api': PYTHON, 'Dockerfile.host': HOST }],
  ])('gives the same files in any order: %s', async (_, dockerfiles) => {
    const files = { ...FILES, ...dockerfiles };
    const order = Object.keys(dockerfiles);
    const forward = await rounds(files, order);
    const backward = await rounds(files, [...order].reverse());
    expect(Object.keys(forward.once).length).toBeGreaterThan(0);
    expect(backward.once).toEqual(forward.once);
    expect(forward.twice).toEqual(forward.once);
    expect(backward.twice).toEqual(backward.once);
    for (const { faults } of [...forward.first, ...forward.second, ...backward.first]) expect(faults).toEqual([]);
  });

  it('writes the list of the context once, for the first of its Dockerfiles', async () => {
    const { first } = await rounds({ ...FILES, Dockerfile: NODE, 'Dockerfile.api': PYTHON }, [
      'Dockerfile',
      'Dockerfile.api',
    ]);
    expect(first.map(({ files }) => files.map(({ path }) => path))).toEqual([['.dockerignore'], []]);
  });

  it('goes on from the line that copy-manifests-first wrote before it', async () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    const both = ['copy-manifests-first', 'add-dockerignore'];
    const { once, twice, first } = await rounds(
      { 'package.json': '{}\n', 'package-lock.json': '{}\n', Dockerfile: text },
      ['Dockerfile'],
      both,
    );
    expect(once['.dockerignore']).toBe('.git\n**/node_modules\nDockerfile\n.dockerignore\n');
    expect(first[0]?.files).toEqual([
      { path: '.dockerignore', before: undefined, after: '.git\n**/node_modules\nDockerfile\n.dockerignore\n' },
    ]);
    expect(twice).toEqual(once);
  });

  it('counts a byte order mark of the file that it completes', async () => {
    const files = { ...FILES, Dockerfile: NODE, '.dockerignore': '\uFEFF# ours\n.git\n' };
    const { once } = await rounds(files, ['Dockerfile']);
    expect(once['.dockerignore']).toBe('\uFEFF# ours\n.git\n**/node_modules\n');
  });
});
