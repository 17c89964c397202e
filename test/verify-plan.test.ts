import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Document } from '../src/document.ts';
import { composeVariables } from '../src/project/compose.ts';
import { openProject, type Project, prepareProjects } from '../src/project/project.ts';
import { Tree } from '../src/tree.ts';
import { baseProbes } from '../src/verify/builder.ts';
import { locate } from '../src/verify/failure.ts';
import { featuresOf } from '../src/verify/features.ts';
import { SizeComparison } from '../src/verify/file-sizes.ts';
import { planBuild, useTitle } from '../src/verify/plan.ts';
import { chooseManifest, chooseSource } from '../src/verify/touch.ts';
import { folders } from './spawn.ts';

const folder = folders();
const NO_FLAGS = { target: undefined, args: [], secrets: [], ssh: [] };
const read = (text: string): Document => {
  const document = Document.read('Dockerfile', text);
  if (!(document instanceof Document)) throw new Error(document.message);
  return document;
};

async function open(files: Record<string, string>, dockerfile = 'Dockerfile', context?: string) {
  const root = folder(files);
  const tree = new Tree(root);
  await prepareProjects(tree);
  return { root, project: openProject(tree, dockerfile, { context }) };
}

describe('how an image is built', () => {
  test('as compose says, with what the flags add', async () => {
    const { root, project } = await open(
      {
        'web/Dockerfile': 'FROM alpine',
        'compose.yaml': `
services:
  web:
    build:
      context: web
      target: prod
      network: host
      args: { A: "1", B: }
      secrets: [npmrc, token]
      additional_contexts: { libs: ./libs, other: "service:db" }
secrets: { npmrc: { file: .npmrc }, token: { environment: TOKEN } }
`,
      },
      'web/Dockerfile',
    );
    const plan = planBuild(project, root, { ...NO_FLAGS, args: ['A=2=3', 'C'], secrets: ['id=npmrc,src=/mine'] });
    expect(plan).toMatchObject({
      dockerfile: 'web/Dockerfile',
      context: 'web',
      target: 'prod',
      args: { A: '2=3', B: undefined, C: undefined },
      secrets: ['id=token,env=TOKEN', 'id=npmrc,src=/mine'],
      contexts: { libs: join(root, 'libs') },
      options: ['--network=host'],
    });
    expect(useTitle(plan.use)).toBe('compose.yaml:4 (web)');
    expect(plan.notes).toEqual([
      'the context other is another build (service:db) and is not given',
      'the build argument B has no value here',
    ]);
  });

  test('build arguments get what compose fills in: .env, and the variables of the user before it', async () => {
    const { root, project } = await open({
      Dockerfile: 'FROM alpine',
      'compose.yaml': `
services:
  web:
    build:
      context: .
      args: { URL: "http://\${HOST}/", HOST: "\${HOST:-x}", MODE: , PORT: "\${PORT}", LOST: "\${NOWHERE}" }
`,
      '.env': 'HOST=example.com\nMODE=full\nPORT=1\n',
    });
    const { args, notes } = planBuild(project, root, NO_FLAGS, (file) =>
      composeVariables(new Tree(root), file, new Map([['PORT', '2']])),
    );
    expect(args).toEqual({
      URL: 'http://example.com/',
      HOST: 'example.com',
      MODE: 'full',
      PORT: '2',
      LOST: undefined,
    });
    expect(notes).toEqual(['the build argument LOST has no value here']);
    // What differs from machine to machine is no fact for the transforms.
    expect(project.contexts[0]?.args).toMatchObject({ URL: undefined, PORT: undefined });
  });

  test('the main composition comes before what is laid over it; other stages are named', async () => {
    const { root, project } = await open({
      Dockerfile: 'FROM alpine AS dev\nFROM alpine',
      'compose.dev.yaml': 'services: { web: { build: { context: ., target: dev } } }',
      'compose.yaml': 'services: { web: { build: . } }',
    });
    const plan = planBuild(project, root, NO_FLAGS);
    expect(plan.target).toBeUndefined();
    expect(plan.notes).toEqual(['compose.dev.yaml:1 (web) builds the stage dev, which is not looked at (--target)']);
    expect(planBuild(project, root, { ...NO_FLAGS, target: 'dev' })).toMatchObject({ target: 'dev', notes: [] });
  });

  test('--context takes only what is built from there', async () => {
    const files = {
      'web/Dockerfile': 'FROM alpine',
      'compose.yaml': 'services: { web: { build: { context: web, args: { A: 1 } } } }',
    };
    const { root, project } = await open(files, 'web/Dockerfile', '');
    const plan = planBuild(project, root, NO_FLAGS);
    expect([plan.context, plan.args, useTitle(plan.use)]).toEqual(['', {}, '--context .']);
  });
});

describe('what is touched', () => {
  const choose = (dockerfile: string, projects: Project[]) => [
    chooseSource(read(dockerfile), projects),
    chooseManifest(read(dockerfile), projects),
  ];

  test('the entry of the code and the manifest of what the last COPY brings', async () => {
    const dockerfile = 'FROM node\nCOPY package.json ./\nCOPY . .\n';
    const { project } = await open({
      Dockerfile: dockerfile,
      'package.json': '{}',
      'jest.config.js': '',
      'a.md': '',
      'src/index.ts': '',
      'src/about.ts': '',
      'src/index.test.ts': '',
      'test/app.ts': '',
      'node_modules/x/index.js': '',
    });
    expect(choose(dockerfile, [project])).toEqual(['src/index.ts', 'package.json']);
  });

  test('without an entry the first file, nearest first; what either version ignores is not taken', async () => {
    const dockerfile = 'FROM python\nWORKDIR /a\nADD service /a\n';
    const files = { Dockerfile: dockerfile, 'service/requirements.txt': '', 'service/b.py': '', 'service/x/a.py': '' };
    const { project, root } = await open(files);
    expect(choose(dockerfile, [project])).toEqual(['service/b.py', 'service/requirements.txt']);
    writeFileSync(join(root, '.dockerignore'), 'service/b.py\n**/requirements.txt\n');
    const after = openProject(new Tree(root), 'Dockerfile');
    expect(choose(dockerfile, [project, after])).toEqual(['service/x/a.py', undefined]);
  });

  test('a Java package of an example is code', async () => {
    const main = 'src/main/java/com/example/shop/Application.java';
    const { project } = await open({ Dockerfile: '', [main]: '', 'examples/a.java': '', 'pom.xml': '' });
    expect(choose('FROM maven\nADD . /build\n', [project])).toEqual([main, 'pom.xml']);
  });

  test('nothing is found where nothing of the context is copied', async () => {
    const dockerfile =
      'FROM a AS b\nCOPY <<EOF /x\nhi\nEOF\nCOPY --from=b /x /main.js\nADD https://example.org/main.js /\n';
    const { project } = await open({ Dockerfile: dockerfile, 'main.js': '', 'package.json': '{}' });
    expect(choose(dockerfile, [project])).toEqual([undefined, undefined]);
  });
});

describe('the step that failed', () => {
  const document = read(`# comment
FROM node:20 AS builder
WORKDIR /a
ENV A=1
COPY . .
RUN npm ci \\
    && npm run build
FROM nginx
COPY --from=builder /a /b
RUN nginx -t
`);
  const of = (failure: object) => {
    const { line, instruction } = locate({ message: '', output: [], ...failure }, document);
    return [line, instruction];
  };

  test.each([
    [{ line: 7 }, [6, 'RUN npm ci \\']],
    [{ step: '[builder 1/4] FROM docker.io/library/node:20' }, [2, 'FROM node:20 AS builder']],
    [{ step: '[builder 4/4] RUN npm ci     && npm run build' }, [6, 'RUN npm ci \\']],
    [{ step: '[stage-1 3/3] RUN nginx -t' }, [10, 'RUN nginx -t']],
    [{ step: '[linux/arm64 builder 2/4] WORKDIR /a' }, [3, 'WORKDIR /a']],
    [{ step: 'STEP 4/5: COPY . .' }, [5, 'COPY . .']],
    [{ step: '[1/2] STEP 5/5: RUN npm ci     && npm run build' }, [6, 'RUN npm ci \\']],
    [{ step: '[other 2/4] RUN x' }, [undefined, undefined]],
    [{}, [undefined, undefined]],
  ])('%j', (failure, expected) => expect(of(failure)).toEqual(expected));
});

describe('what a Dockerfile asks of its builder', () => {
  test('features and their first lines', () => {
    const text =
      'FROM a\nRUN <<EOF\nx\nEOF\nCOPY --link a b\nRUN --mount=type=cache,target=/x y\nRUN --mount=type=cache,target=/x z\nHEALTHCHECK --start-interval=1s CMD x\n';
    expect([...featuresOf(read(text))]).toEqual([
      ['heredoc', 2],
      ['link', 5],
      ['mount', 6],
      ['start-interval', 8],
    ]);
    expect([...featuresOf(read('FROM a\nCOPY a b\nHEALTHCHECK CMD x\n'))]).toEqual([]);
  });

  test('base images, resolved as in the build itself', () => {
    const text =
      '# syntax=docker/dockerfile:1\nARG V=20\nFROM --platform=$BUILDPLATFORM node:$V AS a\nFROM a AS b\nCOPY --from=composer:2 /x /y\nCOPY --from=a /x /y\nFROM scratch\n';
    expect(baseProbes(text)).toEqual([
      {
        dockerfile: '# syntax=docker/dockerfile:1\nARG V=20\nFROM --platform=$BUILDPLATFORM node:$V AS base-0\n',
        target: 'base-0',
      },
      { dockerfile: '# syntax=docker/dockerfile:1\nARG V=20\nFROM composer:2 AS base-1\n', target: 'base-1' },
    ]);
    expect(baseProbes('nonsense')).toEqual([]);
  });
});

describe('where the bytes differ', () => {
  test('by folder and by package, largest first, none inside of another', () => {
    const sizes = new SizeComparison();
    const mega = 1_000_000;
    const add = (side: 'before' | 'after', path: string, size: number): void => sizes.add(side, { path, size });
    for (const side of ['before', 'after'] as const) add(side, 'bin/sh', 5 * mega);
    add('before', 'usr/lib/gcc/x86_64-linux-gnu/12/cc1', 30 * mega);
    add('before', 'usr/lib/gcc/x86_64-linux-gnu/12/cc1plus', 32 * mega);
    add('before', 'usr/include/a.h', 9 * mega);
    add('before', 'app/node_modules/typescript/lib/tsc.js', 20 * mega);
    add('before', 'app/node_modules/@types/node/index.d.ts', 2 * mega);
    add('after', 'app/node_modules/express/index.js', 3 * mega);
    add('after', 'etc/small', 50);
    expect(sizes.largest(3)).toEqual([
      { path: 'usr/lib/gcc/x86_64-linux-gnu/12', before: 62 * mega, after: 0 },
      { path: 'app/node_modules/typescript', before: 20 * mega, after: 0 },
      { path: 'usr/include', before: 9 * mega, after: 0 },
    ]);
  });

  test('equal images differ nowhere', () => {
    const sizes = new SizeComparison();
    for (const side of ['before', 'after'] as const) sizes.add(side, { path: 'a/b', size: 9e9 });
    expect(sizes.largest(5)).toEqual([]);
  });
});
