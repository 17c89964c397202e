import { describe, expect, it } from 'vitest';
import type { Level } from '../src/edit.ts';
import type { Project } from '../src/project/project.ts';
import { RemoteFacts } from '../src/project/remote.ts';
import { rewrite } from '../src/rewrite.ts';
import { addCacheMounts } from '../transforms/add-cache-mounts/index.ts';
import { hit } from '../transforms/add-cache-mounts/paths.ts';

/** A project without files. */
const project: Project = {
  dockerfile: 'Dockerfile',
  context: '',
  contexts: [{ dir: '', by: 'default' }],
  targets: [],
  siblings: [],
  heirs: [],
  survey: () => undefined,
  read: () => undefined,
  readDisk: () => undefined,
  head: () => undefined,
  kind: () => undefined,
  list: () => [],
  ignored: () => false,
  glob: () => [],
  root: { read: () => undefined, kind: () => undefined, list: () => [] },
  rootPath: (path) => path,
  builder: { kind: 'unknown' },
  revision: 0,
  answers: undefined,
  remote: new RemoteFacts({ read: () => undefined }),
};

function run(text: string, level: Level = 'review') {
  return rewrite({
    path: 'Dockerfile',
    text,
    tree: { read: () => undefined, plan: () => {} },
    project,
    transforms: [addCacheMounts],
    settings: { skip: [], level, options: {} },
  });
}

describe('add-cache-mounts', () => {
  it('does what its documentation shows', () => {
    const { before, after } = addCacheMounts.docs.example;
    expect(run(before).after).toBe(after);
  });

  it('says why, and where that was read', () => {
    const { changes } = run(
      'FROM registry.example.com/base\nRUN apt-get update && apt-get install -y curl\nRUN pip install flask\n',
    );
    expect(changes.map(({ change }) => change.why)).toEqual([
      expect.stringMatching(/^\/var\/lib\/apt\/lists outlives the layer.*no longer in the image/),
      expect.stringMatching(/^\/root\/\.cache\/pip outlives the layer/),
    ]);
    expect(changes[1]?.change.evidence).toEqual([
      { file: 'Dockerfile', line: 3, says: 'pip install, run as root' },
      { file: 'Dockerfile', line: 2, says: 'it can only work as root' },
    ]);
  });

  it('names the manager and the reason when it declines', () => {
    const { declined } = run('FROM node:22\nUSER someone\nRUN npm ci\n');
    expect(declined).toEqual([
      { transform: 'add-cache-mounts', code: 'unknown-user', line: 3, why: expect.stringMatching(/^npm: .*someone/) },
    ]);
  });

  it('takes what belongs together as one change', () => {
    const text =
      'FROM debian:12 AS b\nRUN apt-get update && apt-get install -y gcc\nRUN apt-get update && apt-get install -y make\n\nFROM scratch\nCOPY --from=b /app /app\n';
    const { changes, after } = run(text);
    expect(changes.map(({ change }) => change.edits.length)).toEqual([2]);
    expect(after.match(/docker-clean/g)).toHaveLength(1);
  });
});

describe('hit', () => {
  it.each([
    ['/root/.cache/pip', '/root/.cache/pip', 'inside'],
    ['/root/.cache/pip/*', '/root/.cache/pip', 'inside'],
    ['/root/.cache/pip/http', '/root/.cache/pip', 'inside'],
    ['/root/.cache/', '/root/.cache/pip', 'above'],
    ['/root/.cache/*', '/root/.cache/pip', 'above'],
    ['/root/.c*', '/root/.cache/pip', 'above'],
    ['/root/.n*', '/root/.cache/pip', 'none'],
    ['/root/.cache/pipenv', '/root/.cache/pip', 'none'],
    ['/tmp/*.deb', '/tmp/pip-cache', 'none'],
    ['/tmp/*', '/tmp/pip-cache', 'above'],
    ['/var/lib/{apt,dpkg}', '/var/lib/apt/lists', 'unknown'],
    ['$CACHE_DIR', '/root/.cache/pip', 'unknown'],
    ['$GNUPGHOME', '/root/.cache/pip', 'none'],
    ['$BUILD', '/root/.cache/pip', 'none'],
    ['build', '/root/.cache/pip', 'none'],
  ] as const)('rm %s against a mount at %s: %s', (operand, folder, expected) => {
    expect(hit(operand, folder)).toBe(expected);
  });
});
