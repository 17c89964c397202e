import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHcl, UNKNOWN } from '../src/project/hcl.ts';
import { openProject, type Project, prepareProjects } from '../src/project/project.ts';
import { Tree } from '../src/tree.ts';

let root: string;
const put = (path: string, text: string | Uint8Array = ''): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const open = async (dockerfile = 'Dockerfile', context?: string): Promise<Project> => {
  const tree = new Tree(root);
  await prepareProjects(tree);
  return openProject(tree, dockerfile, { context });
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'redock-project-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('reading the context', () => {
  test('paths are those of the context, evidence those of the root', async () => {
    put('svc/Dockerfile');
    put('svc/package.json', '\uFEFF{}');
    put('svc/src/a');
    put('svc/logo', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]));
    put('top.txt', '\uFEFFtop');
    const project = await open('svc/Dockerfile');
    expect(project.context).toBe('svc');
    expect(project.contexts).toEqual([{ dir: 'svc', by: 'default' }]);
    expect(project.read('package.json')).toBe('{}');
    expect(project.read('/package.json')).toBe('{}');
    expect(project.read('../top.txt')).toBeUndefined();
    expect(project.read('logo')).toBeUndefined();
    expect(project.head('logo', 4)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    expect([project.kind('src'), project.kind('src/a'), project.kind('.'), project.kind('x')]).toEqual([
      'dir',
      'file',
      'dir',
      undefined,
    ]);
    expect(project.list('.')).toEqual(['Dockerfile', 'logo', 'package.json', 'src']);
    expect(project.rootPath('src/../package.json')).toBe('svc/package.json');
    expect(project.root.read('top.txt')).toBe('top');
    expect([project.root.kind('svc'), project.root.list('svc/src')]).toEqual(['dir', ['a']]);
    expect([project.dockerfile, project.targets, project.builder]).toEqual(['svc/Dockerfile', [], { kind: 'unknown' }]);
  });

  test('a planned file is part of the context', async () => {
    put('Dockerfile');
    const tree = new Tree(root);
    tree.plan('.dockerignore', 'secret\n');
    const project = openProject(tree, 'Dockerfile', {});
    expect([project.read('.dockerignore'), project.ignored('secret')]).toEqual(['secret\n', true]);
    tree.plan('.dockerignore', 'secret\nother\n');
    expect(project.ignored('other')).toBe(true);
  });
});

describe('.dockerignore', () => {
  test('holds for folders and what is in them', async () => {
    put('Dockerfile');
    put('.dockerignore', 'dist\n**/*.log\n!dist/keep\n');
    const project = await open();
    const paths = ['dist', 'dist/x', 'dist/keep', 'a/b.log', 'src', '/dist/x', './dist'];
    expect(paths.filter((path) => project.ignored(path))).toEqual(['dist', 'dist/x', 'a/b.log', '/dist/x', './dist']);
    expect(project.read('.dockerignore')).toContain('dist');
  });

  test('the one beside the Dockerfile wins as a whole', async () => {
    put('docker/api.Dockerfile');
    put('docker/api.Dockerfile.dockerignore', 'b\n');
    put('docker/other.Dockerfile');
    put('.dockerignore', 'a\n');
    const [own, shared] = [await open('docker/api.Dockerfile', ''), await open('docker/other.Dockerfile', '.')];
    expect([own.ignored('a'), own.ignored('b')]).toEqual([false, true]);
    expect([shared.ignored('a'), shared.ignored('b')]).toEqual([true, false]);
  });

  test('only the one at the context root is read', async () => {
    put('Dockerfile');
    put('sub/.dockerignore', 'x\n');
    const project = await open();
    expect([project.ignored('x'), project.ignored('sub/x')]).toEqual([false, false]);
  });
});

describe('glob', () => {
  beforeEach(() => {
    for (const path of [
      'package.json',
      'package-lock.json',
      'src/a.ts',
      'src/b.tsx',
      'src/deep/a.ts',
      'lib/a.ts',
      'dist/out.js',
      '.env',
      'a[1]',
    ])
      put(path);
  });
  test.each<[string, string[]]>([
    ['package*.json', ['package-lock.json', 'package.json']],
    ['./package.json', ['package.json']],
    ['/package.json', ['package.json']],
    ['nope.json', []],
    ['*/a.ts', ['lib/a.ts', 'src/a.ts']],
    ['src/', ['src']],
    ['src/*.ts', ['src/a.ts']],
    ['s?c', ['src']],
    ['[l-s]*', ['lib', 'package-lock.json', 'package.json', 'src']],
    ['.e*', ['.env']],
    ['**/a.ts', ['lib/a.ts', 'src/a.ts']],
    ['a\\[1]', ['a[1]']],
    ['a[[]1]', ['a[1]']],
    ['[', []],
    ['.', ['.']],
    ['', ['.']],
    ['../x', []],
    ['src/../lib', ['lib']],
  ])('%s', async (pattern, expected) => {
    expect((await open()).glob(pattern)).toEqual(expected);
  });

  test('.dockerignore lets through what it takes back', async () => {
    put('.dockerignore', '*\n!src/deep\n!package.json\n');
    const project = await open();
    expect(project.glob('*')).toEqual(['package.json', 'src']);
    expect(project.glob('src/*')).toEqual(['src/deep']);
    expect(project.glob('lib')).toEqual([]);
  });
});

describe('compose', () => {
  test('.env beside the file gives the variables of paths', async () => {
    put('.env', "# where\nDIR=src\nexport FILE=./${DIR}/api/Dockerfile # note\nNAME='run'\nSECRET=hunter2\n");
    put('src/api/Dockerfile');
    put(
      'compose.yaml',
      'services:\n  api:\n    build: {context: ./, dockerfile: "${FILE}", target: "$NAME", args: {S: "${SECRET}"}}\n',
    );
    const { contexts, context } = await open('src/api/Dockerfile');
    expect(context).toBe('');
    // values of arguments are not looked up: they may be secrets and are nobody's business here
    expect(contexts).toMatchObject([
      { dir: '', by: 'compose', file: 'compose.yaml', line: 3, name: 'api', target: 'run', args: { S: undefined } },
    ]);
  });

  test('the service is there with its fields and their lines', async () => {
    put('Dockerfile');
    put('compose.yaml', 'services:\n  api:\n    build: .\n    user: "1000"\n    volumes:\n      - data:/data\n');
    const [use] = (await open()).contexts;
    expect(use?.service?.fields).toEqual({ build: '.', user: '1000', volumes: ['data:/data'] });
    expect([use?.service?.lineOf('user'), use?.service?.lineOf('volumes', 0)]).toEqual([4, 6]);
  });

  test('build as a string and as a map, with file and line', async () => {
    put('api/Dockerfile');
    put('web/docker/Dockerfile.prod');
    put(
      'deploy/docker-compose.dev.yml',
      [
        'services:',
        '  db: {image: postgres}',
        '  api:',
        '    build: ../api',
        '  web:',
        '    build:',
        '      context: ../web/',
        '      dockerfile: docker/Dockerfile.prod',
        '      target: run',
        '      args: [A=1, B, "C=${X:-3.10}", "D=$NOPE"]',
        '',
      ].join('\n'),
    );
    const file = 'deploy/docker-compose.dev.yml';
    expect((await open('api/Dockerfile')).contexts).toMatchObject([
      { dir: 'api', by: 'compose', file, line: 4, name: 'api' },
    ]);
    const web = await open('web/docker/Dockerfile.prod');
    expect(web.context).toBe('web');
    expect(web.contexts).toMatchObject([
      {
        dir: 'web',
        by: 'compose',
        file,
        line: 6,
        name: 'web',
        target: 'run',
        args: { A: '1', B: undefined, C: '3.10', D: undefined },
      },
    ]);
    expect(web.targets).toEqual(['run']);
  });

  test('args as a map, anchors, merges, defaults', async () => {
    put('a/Dockerfile');
    put(
      'compose.yaml',
      [
        'x-base: &base',
        '  build: &build',
        '    context: ${DIR:-a}',
        '    args: {V: 20, EMPTY: , "ON": true, P: "$${X}", Q: "${A:-${B:-c}}"}',
        'services:',
        '  one:',
        '    <<: *base',
        '  two:',
        '    build:',
        '      <<: *build',
        '      target: dev',
        '',
      ].join('\n'),
    );
    const args = { V: '20', EMPTY: undefined, ON: 'true', P: '${X}', Q: undefined };
    const project = await open('a/Dockerfile');
    expect(project.contexts).toMatchObject([
      { dir: 'a', line: 6, name: 'one', args },
      { dir: 'a', line: 9, name: 'two', target: 'dev', args },
    ]);
    expect(project.context).toBe('a');
  });

  test('a file laid over another takes the context from it', async () => {
    put('svc/Dockerfile');
    put('compose.yaml', 'services:\n  a:\n    build: {context: svc}\n');
    put('compose.override.yaml', 'services:\n  a:\n    build: {target: dev}\n');
    expect((await open('svc/Dockerfile')).targets).toEqual(['dev']);
  });

  test('what names no folder below the root is no use', async () => {
    put('Dockerfile');
    put('sub/Dockerfile');
    put(
      'sub/compose.yml',
      [
        'services:',
        '  a: {build: https://example.com/x.git}',
        '  b: {build: git@example.com:x.git}',
        '  c: {build: "${DIR}"}',
        '  d: {build: ../..}',
        '  e: {build: /abs}',
        '  f: {build: {context: ., dockerfile: nope}}',
        '  g: {build: {context: ., dockerfile_inline: FROM x}}',
        '  h: {build: {context: .., dockerfile: sub/Dockerfile}}',
        '  i: {build: [..]}',
        '  j:',
        '',
      ].join('\n'),
    );
    expect((await open('sub/Dockerfile')).contexts).toMatchObject([
      { dir: '', by: 'compose', file: 'sub/compose.yml', line: 9, name: 'h' },
    ]);
    expect((await open('Dockerfile')).contexts).toEqual([{ dir: '', by: 'default' }]);
  });

  test.each([
    // a lock file that nobody committed is no sign of another folder
    ['COPY package.json package-lock.json ./', 'web'],
    ['COPY package-lock.json ./', ''],
    // the workspace has the lock file
    ['COPY . .\nRUN npm ci', ''],
    ['COPY --chown=node:node ./ /app/\nRUN npm ci', ''],
    ['COPY --from=build . .\nRUN npm ci', 'web'],
    ['COPY . .\nRUN npm install', 'web'],
    ['COPY . .\nRUN uv sync --frozen', 'web'],
    ['COPY src ./src\nRUN npm ci', 'web'],
  ])('%j is built with the folder that has the lock file', async (lines, dir) => {
    put('web/Dockerfile', `FROM node:22\n${lines}\n`);
    put('web/src/index.js');
    put('web/package.json', '{}');
    put('package.json', '{ "workspaces": ["web"] }');
    put('package-lock.json', '{}');
    expect((await open('web/Dockerfile')).context).toEqual(dir);
  });

  test.each([
    ['COPY . .\nRUN go build ./cmd/shop', ''],
    ['COPY . .\nRUN cd /src && go mod download', ''],
    ['COPY .. .\nRUN go build -o /shop .', ''],
    ['ADD . /src\nRUN go build .', ''],
    ['COPY . .\nRUN go install example.com/tool@latest', 'build/package'],
    ['RUN git clone https://example.com/shop .\nCOPY . .\nRUN go build .', 'build/package'],
    ['COPY . .\nRUN go mod init shop && go build .', 'build/package'],
    // two folders above have one, and it stands below
    ['COPY . .\nRUN pip install -r requirements.txt', 'build/package'],
    ['COPY . .\nRUN bundle install', 'build/package'],
    ['COPY . .\nRUN composer install', 'build/package'],
  ])('%j is built with the folder that has the manifest', async (lines, dir) => {
    put('build/package/Dockerfile', `FROM golang:1.26\n${lines}\n`);
    put('build/package/site/Gemfile');
    put('go.mod');
    put('Gemfile');
    put('requirements.txt');
    put('build/requirements.txt');
    expect((await open('build/package/Dockerfile')).context).toEqual(dir);
  });

  test('a lock file above that is not of a workspace is another one', async () => {
    put('api/Dockerfile', 'FROM node:22\nCOPY . .\nRUN npm ci\n');
    put('api/package.json', '{}');
    put('package.json', '{}');
    put('package-lock.json', '{}');
    expect((await open('api/Dockerfile')).contexts).toEqual([{ dir: 'api', by: 'default' }]);
  });

  test('broken files and files in ignored folders are passed over', async () => {
    put('a/Dockerfile');
    put('compose.yaml', 'services: [\n  build');
    put('b/compose.yaml', 'services: {x: {build: *nope}}\n');
    put('node_modules/x/compose.yaml', 'services: {x: {build: ../../a}}\n');
    put('out/compose.yaml', 'services: {x: {build: ../a}}\n');
    put('.gitignore', 'out/\n');
    put('c/compose.yaml', Buffer.from('services: {x: {build: ../a}}\0'));
    put('d/compose.yaml', '- build\n');
    expect((await open('a/Dockerfile')).contexts).toEqual([{ dir: 'a', by: 'default' }]);
  });

  test('a Dockerfile that copies what stands in one folder above it is built from there', async () => {
    put(
      'docker/prod/Dockerfile',
      'FROM scratch\nCOPY docker/prod/run.sh /\nCOPY --chown=1:1 app ./lib/ \\\n  /srv/\nCOPY . .\n',
    );
    put('docker/prod/run.sh');
    put('app/x');
    put('lib/x');
    expect((await open('docker/prod/Dockerfile')).contexts).toEqual([{ dir: '', by: 'sources', line: 2 }]);
    put('compose.yaml', 'services: {a: {build: docker/prod}}\n');
    expect((await open('docker/prod/Dockerfile')).contexts).toMatchObject([{ dir: 'docker/prod', by: 'compose' }]);
  });

  test.each([
    ['all of it beside the Dockerfile', 'COPY own.sh /'],
    ['in two folders above it', 'COPY package.json /'],
    ['part of it nowhere', 'COPY app dist /srv/'],
    ['by a pattern', 'COPY app* /srv/'],
    ['what only the build knows', 'ARG DIR\nCOPY $DIR /srv/'],
    ['from a stage and from the network', 'COPY --from=0 /app /srv/\nADD https://example.com/app /srv/'],
    ['from a heredoc', 'COPY <<app /srv/\napp\napp'],
    ['in a comment', '# COPY app /srv/'],
    ['out of the context', 'COPY ../app /srv/'],
  ])('the folder of the Dockerfile stays the context when it copies: %s', async (_, lines) => {
    put('deploy/docker/Dockerfile', `FROM scratch\n${lines}\n`);
    put('deploy/docker/own.sh');
    put('deploy/package.json');
    put('package.json');
    put('app/x');
    expect((await open('deploy/docker/Dockerfile')).contexts).toEqual([{ dir: 'deploy/docker', by: 'default' }]);
  });

  test.each([
    ['an argument with a default', 'ARG DIR=app\nCOPY ${DIR} /srv/'],
    ['JSON', 'COPY ["app", "/srv/"]'],
    ['continuations', 'COPY own.sh \\\n  app \\\n  /srv/'],
    ['a bind mount', 'RUN --mount=type=bind,source=app,target=/app make -C /app'],
    ['ADD', 'add /app/x /srv/'],
  ])('sources in %s tell the context', async (_, lines) => {
    put('docker/Dockerfile', `FROM scratch\n${lines}\n`);
    put('docker/app-of-docker');
    put('own.sh');
    put('app/x');
    expect((await open('docker/Dockerfile')).contexts).toMatchObject([{ dir: '', by: 'sources' }]);
  });

  test.each([
    'pip install -r requirements.txt',
    'pip install --no-cache-dir -r requirements.txt',
    'pip install \\\n    --upgrade -r requirements.txt',
  ])('how an install is written does not change where the context is: %s', async (install) => {
    put('app/Dockerfile', `FROM python:3.13\nCOPY . .\nRUN ${install}\n`);
    put('requirements.txt', 'flask==3.1.2\n');
    expect((await open('app/Dockerfile')).contexts).toMatchObject([{ dir: '', by: 'sources' }]);
  });

  test('uses that disagree leave no context, but the flag decides', async () => {
    put('a/Dockerfile');
    put('a/x');
    put('compose.yaml', 'services:\n  one: {build: a}\n  two: {build: {context: ., dockerfile: a/Dockerfile}}\n');
    const project = await open('a/Dockerfile');
    expect(project.context).toBeUndefined();
    expect(project.contexts.map((source) => source.dir)).toEqual(['a', '']);
    expect([project.read('x'), project.kind('x'), project.list('.'), project.glob('*'), project.rootPath('x')]).toEqual(
      [undefined, undefined, [], [], 'x'],
    );
    const told = await open('a/Dockerfile', './a/');
    expect(told.context).toBe('a');
    expect(told.contexts.map((source) => source.by)).toEqual(['flag', 'compose', 'compose']);
    expect(told.kind('x')).toBe('file');
  });

  test('a link to the Dockerfile counts for the Dockerfile', async () => {
    put('common/base.Dockerfile');
    put('svc/x');
    symlinkSync('../common/base.Dockerfile', join(root, 'svc/Dockerfile'));
    put('compose.yaml', 'services: {a: {build: svc}}\n');
    expect((await open('common/base.Dockerfile')).context).toBe('svc');
  });
});

describe('bake', () => {
  test('targets, inheritance, variables, overrides', async () => {
    put('api/Dockerfile');
    put('web/Dockerfile.prod');
    put(
      'docker-bake.hcl',
      [
        'variable "NODE" { default = "20" }',
        'variable "TAG" {',
        '  type = string',
        '  default = "x"',
        '}',
        'group "default" { targets = ["api", "web"] }',
        'target "_common" {',
        '  args = { NODE = NODE, KEEP = "1" }',
        '  platforms = ["linux/amd64"] # both',
        '}',
        'target "api" {',
        '  inherits = ["_common"]',
        '  context = "./api"',
        '  target = "run"',
        '  args = {',
        '    V = "${NODE}-slim",',
        '    W = "${UNKNOWN}"',
        '    F = upper("x")',
        '  }',
        '}',
        '// the front end',
        'target "web" {',
        '  context    = "web"',
        '  dockerfile = "Dockerfile.${KIND}"',
        '}',
        'target "many" {',
        '  matrix = { v = ["1", "2"] }',
        '  context = "api"',
        '}',
        '',
      ].join('\n'),
    );
    put(
      'docker-bake.override.json',
      '{\n  "variable": {"KIND": {"default": "prod"}},\n  "target": {"web": {"target": "nginx"}}\n}\n',
    );
    expect((await open('api/Dockerfile')).contexts).toEqual([
      {
        dir: 'api',
        by: 'bake',
        file: 'docker-bake.hcl',
        line: 11,
        name: 'api',
        target: 'run',
        args: { NODE: '20', KEEP: '1', V: '20-slim', W: undefined, F: undefined },
      },
    ]);
    expect((await open('web/Dockerfile.prod')).contexts).toEqual([
      { dir: 'web', by: 'bake', file: 'docker-bake.hcl', line: 22, name: 'web', target: 'nginx' },
    ]);
  });

  test('json, and a file that is run from the root', async () => {
    put('app/Dockerfile');
    put(
      'ci/docker-bake.json',
      '{\n  "target": {\n    "app": {"context": "app", "args": {"A": "1", "B": null}},\n    "loop": {"inherits": ["loop"], "context": "app"}\n  }\n}\n',
    );
    expect((await open('app/Dockerfile')).contexts).toEqual([
      { dir: 'app', by: 'bake', file: 'ci/docker-bake.json', line: 3, name: 'app', args: { A: '1', B: undefined } },
    ]);
  });

  test('broken files', async () => {
    put('Dockerfile');
    put('docker-bake.json', '{"target": ');
    put('docker-bake.hcl', 'target "a" {\n context = \n "x');
    expect((await open()).contexts).toEqual([{ dir: '', by: 'default' }]);
    put('docker-bake.hcl', `target "a" { context = ${'['.repeat(100_000)}`);
    expect((await open()).contexts).toEqual([{ dir: '', by: 'default' }]);
  });

  test('expressions that are no plain values', () => {
    const { targets, variables } = readHcl(
      [
        'version = "1.2"',
        'function "f" { params = [x] result = "${x}" }',
        'target "a" {',
        '  a = equal("x", V) ? "1" : "2"',
        '  b = "x${V == "" ? "-a" : "}"}"',
        '  c = [for x in ["1"] : "t-${x}"]',
        '  d = <<EOT',
        '}',
        'EOT',
        '  e = "kept" /* } */',
        '  f = V',
        '  g = { "k-1" = "v", x : 2, y = -1 }',
        '  h = [',
        '    "1", # one',
        '    true,',
        '  ]',
        '  i = null',
        '  attest { type = "sbom" }',
        '  j = "a\\"b"',
        '}',
      ].join('\n'),
    );
    expect(variables).toEqual(new Map([['version', '1.2']]));
    expect(targets).toEqual([
      {
        name: 'a',
        line: 3,
        fields: {
          a: UNKNOWN,
          b: UNKNOWN,
          c: [UNKNOWN],
          d: UNKNOWN,
          e: 'kept',
          f: '${V}',
          g: { 'k-1': 'v', x: 2, y: UNKNOWN },
          h: ['1', true],
          i: null,
          j: 'a"b',
        },
      },
    ]);
  });
});

describe('workflows', () => {
  const workflow = (...inputs: string[]): string =>
    [
      'jobs:',
      '  image:',
      '    steps:',
      '      - uses: actions/checkout@v4',
      '      - name: build',
      '        uses: docker/build-push-action@v6',
      '        with:',
      ...inputs.map((line) => `          ${line}`),
      '',
    ].join('\n');

  test('context, file, target and arguments', async () => {
    put('svc/docker/Dockerfile');
    put(
      '.github/workflows/ci.yml',
      workflow(
        'context: ./svc',
        'file: svc/docker/Dockerfile',
        'target: run',
        'build-args: |',
        '  A=1',
        '  B=${{ github.sha }}',
        '  C',
      ),
    );
    const project = await open('svc/docker/Dockerfile');
    expect(project.context).toBe('svc');
    expect(project.contexts).toEqual([
      {
        dir: 'svc',
        by: 'workflow',
        file: '.github/workflows/ci.yml',
        line: 6,
        name: 'image',
        target: 'run',
        args: { A: '1', B: undefined, C: undefined },
      },
    ]);
    expect(project.builder).toEqual({ kind: 'buildkit', file: '.github/workflows/ci.yml', line: 6 });
  });

  test('the defaults are the root and its Dockerfile', async () => {
    put('Dockerfile');
    put('a/Dockerfile');
    put('.github/workflows/one.yaml', workflow('push: true'));
    put('.github/workflows/two.yaml', workflow('file: ./a/Dockerfile'));
    put('.github/workflows/three.yaml', workflow('context: "{{defaultContext}}:a"'));
    expect((await open('Dockerfile')).contexts).toMatchObject([{ dir: '', by: 'workflow' }]);
    expect((await open('a/Dockerfile')).contexts).toMatchObject([{ dir: 'a' }, { dir: '' }]);
  });

  test('expressions and remote contexts are left out', async () => {
    put('a/Dockerfile');
    put('.github/workflows/one.yaml', workflow('context: ${{ matrix.dir }}'));
    put('.github/workflows/two.yaml', workflow('context: a', 'file: ${{ matrix.file }}'));
    put('.github/workflows/three.yaml', workflow('context: https://github.com/x/y.git', 'file: a/Dockerfile'));
    put('.github/workflows/four.yaml', 'jobs: docker/build-push-action@v6\n');
    expect((await open('a/Dockerfile')).contexts).toEqual([{ dir: 'a', by: 'default' }]);
  });
});

describe('builder', () => {
  test.each<[string, string, string, number]>([
    ['.gitlab-ci.yml', 'build:\n  image: gcr.io/kaniko-project/executor:debug\n', 'kaniko', 2],
    ['.gitlab/build.yml', 'script:\n  - /kaniko/executor --context .\n', 'kaniko', 2],
    ['.github/workflows/a.yml', '- uses: aevea/action-kaniko@v1\n- uses: int128/kaniko-action@v1\n', 'kaniko', 2],
    ['skaffold.yaml', 'build:\n  artifacts:\n    - image: x\n      kaniko: {}\n', 'kaniko', 4],
    ['cloudbuild.yaml', "steps:\n- name: 'gcr.io/kaniko-project/executor'\n", 'kaniko', 2],
    ['ci/build.yaml', 'env:\n  DOCKER_BUILDKIT: 0\n', 'legacy', 2],
    ['Jenkinsfile', 'sh "DOCKER_BUILDKIT=0 docker build ."\n', 'legacy', 1],
    ['.gitlab-ci.yml', 'x: DOCKER_BUILDKIT=1 docker build\n', 'buildkit', 1],
    ['Jenkinsfile', '// kaniko-project/executor was here\nsh "docker buildx build ."\n', 'buildkit', 2],
  ])('%s: %j', async (file, text, kind, line) => {
    put('Dockerfile');
    put(file, text);
    expect((await open()).builder).toEqual({ kind, file, line });
  });

  test('the builder that cannot do cache mounts wins; other files do not count', async () => {
    put('Dockerfile');
    put('docs/ci.yml', '/kaniko/executor\n');
    put('.gitlab-ci.yml', '# /kaniko/executor\nimage: docker\n');
    expect((await open()).builder).toEqual({ kind: 'unknown' });
    put('Makefile', 'x:\n\tdocker buildx build .\n');
    put('.github/workflows/z.yml', 'env: {DOCKER_BUILDKIT: "0"}\n');
    expect((await open()).builder).toEqual({ kind: 'legacy', file: '.github/workflows/z.yml', line: 1 });
  });
});

describe('what a build gets beside its context', () => {
  const sources = async (dockerfile: string) =>
    (await open(dockerfile)).contexts.map(({ secrets, ssh, contexts, network }) => ({
      secrets,
      ssh,
      contexts,
      network,
    }));

  test('compose: secrets, ssh, further contexts and the network', async () => {
    put('app/Dockerfile', 'FROM alpine');
    put('app/.env', 'LIBS=../libs');
    put(
      'app/compose.yaml',
      `
services:
  web:
    build:
      context: .
      network: host
      ssh: [default, deploy=keys/id]
      secrets: [npmrc, { source: token, target: TOKEN }, lost]
      additional_contexts:
        libs: $LIBS
        base: docker-image://alpine
secrets:
  npmrc: { file: ./.npmrc }
  token: { environment: CI_TOKEN }
`,
    );
    expect(await sources('app/Dockerfile')).toEqual([
      {
        secrets: [
          { id: 'npmrc', file: 'app/.npmrc' },
          { id: 'TOKEN', variable: 'CI_TOKEN' },
        ],
        ssh: ['default', 'deploy=app/keys/id'],
        contexts: { libs: 'libs', base: 'docker-image://alpine' },
        network: 'host',
      },
    ]);
  });

  test('bake: the same, and what holds a variable is left out', async () => {
    put('Dockerfile', 'FROM alpine');
    put(
      'docker-bake.hcl',
      `
target "web" {
  context = "."
  secret = ["type=file,id=npmrc,src=.npmrc", "id=TOKEN,env=CI_TOKEN", "id=PLAIN", "id=x,src=\${HOME}/x"]
  ssh = ["default"]
  contexts = { libs = "libs", base = "target:base" }
}
`,
    );
    expect(await sources('Dockerfile')).toEqual([
      {
        secrets: [
          { id: 'npmrc', file: '.npmrc' },
          { id: 'TOKEN', variable: 'CI_TOKEN' },
          { id: 'PLAIN', variable: 'PLAIN' },
        ],
        ssh: ['default'],
        contexts: { libs: 'libs', base: 'target:base' },
        network: undefined,
      },
    ]);
  });

  test('most builds get nothing more', async () => {
    put('Dockerfile', 'FROM alpine');
    put('compose.yaml', 'services: { web: { build: . } }');
    const [source] = (await open('Dockerfile')).contexts;
    expect(Object.keys(source as object).sort()).toEqual(['by', 'dir', 'file', 'line', 'name', 'service']);
  });
});
