/** What builds a Dockerfile is read anew where a transform has planned another text for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { rewrite } from '../src/rewrite.ts';
import { Tree } from '../src/tree.ts';
import { transforms } from '../transforms/index.ts';

let folder = '';
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redock-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DOCKERFILE = 'FROM node:22-slim\nARG NPM_TOKEN\nWORKDIR /app\nCOPY . .\nRUN NPM_TOKEN=$NPM_TOKEN npm ci\n';
const service = (name: string) => `  ${name}:\n    build:\n      context: ${name}\n      args:\n        NPM_TOKEN:\n`;

it('follows the lines of a compose file, a plan that is taken back among them', async () => {
  write('web/Dockerfile', DOCKERFILE);
  write('compose.yaml', `services:\n${service('web')}`);
  const tree = new Tree(folder);
  await prepareProjects(tree);
  const project = openProject(tree, 'web/Dockerfile', {});
  const line = () => project.contexts[0]?.service?.lineOf('build');
  expect(line()).toBe(3);
  tree.plan('compose.yaml', `# the shop\n\nservices:\n${service('web')}`);
  expect(line()).toBe(5);
  tree.unplan('compose.yaml');
  expect(line()).toBe(3);
});

it('changes every service of one compose file in one run', async () => {
  const names = ['cart', 'mail', 'web'];
  for (const name of names) write(`${name}/Dockerfile`, DOCKERFILE);
  write('compose.yaml', `services:\n${names.map(service).join('')}`);
  const tree = new Tree(folder);
  await prepareProjects(tree);
  const settings = { only: ['use-secret-mounts'], skip: [], level: 'review' as const, options: {} };
  for (const name of names) {
    const path = `${name}/Dockerfile`;
    const result = rewrite({
      path,
      text: DOCKERFILE,
      tree,
      project: openProject(tree, path, {}),
      transforms,
      settings,
    });
    expect(result.changes.map(({ status }) => status)).toEqual(['applied']);
  }
  const built = (name: string) =>
    `  ${name}:\n    build:\n      context: ${name}\n      secrets:\n        - npm_token\n`;
  expect(tree.read('compose.yaml')).toBe(
    `services:\n${names.map(built).join('')}\nsecrets:\n  npm_token:\n    environment: NPM_TOKEN\n`,
  );
});
