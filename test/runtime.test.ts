/** What runs in a container, read from where it is written. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Document, type Stage } from '../src/document.ts';
import { serviceFacts } from '../src/project/compose-service.ts';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { type RuntimeFacts, runtimeFacts } from '../src/project/runtime.ts';
import { Tree } from '../src/tree.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'redock-runtime-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function facts(dockerfile: string, files: Readonly<Record<string, string>> = {}): Promise<RuntimeFacts> {
  for (const [path, text] of Object.entries({ Dockerfile: dockerfile, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const tree = new Tree(root);
  await prepareProjects(tree);
  const document = Document.read('Dockerfile', dockerfile) as Document;
  return runtimeFacts(openProject(tree, 'Dockerfile', {}), document.stages.at(-1) as Stage, document);
}
const names = ({ programs }: RuntimeFacts, by?: string) =>
  programs.filter((use) => by === undefined || use.by === by).map(({ program }) => program);

describe('start commands', () => {
  test('CMD, ENTRYPOINT and HEALTHCHECK, the last of each, those of parent stages included', async () => {
    const { starts } = await facts(
      'FROM a AS base\nENTRYPOINT ["tini", "--"]\nCMD a\nFROM base\nCMD ["b", "c d"]\nHEALTHCHECK --interval=5s CMD curl x\n',
    );
    expect(starts.map(({ by, text, words, line }) => [by, text, words, line])).toEqual([
      ['ENTRYPOINT', 'tini --', ['tini', '--'], 2],
      ['CMD', 'b c d', ['b', 'c d'], 5],
      ['HEALTHCHECK', 'curl x', undefined, 6],
    ]);
  });

  test('command, entrypoint and healthcheck of the compose service, with their lines', async () => {
    const { starts } = await facts('FROM a\n', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    command: sh -c "sleep 1 && run"\n    healthcheck:\n      test: ["CMD", "pg_isready"]\n',
    });
    expect(starts.map(({ by, file, line, text }) => [by, file, line, text])).toEqual([
      ['compose', 'compose.yaml', 4, 'sh -c "sleep 1 && run"'],
      ['compose', 'compose.yaml', 5, 'pg_isready'],
    ]);
  });

  test('Procfile', async () => {
    const { starts } = await facts('FROM a\n', { Procfile: 'web: gunicorn a:b\n# no\nworker: celery -A a\n' });
    expect(starts.map(({ text, line }) => [text, line])).toEqual([
      ['gunicorn a:b', 1],
      ['celery -A a', 3],
    ]);
  });
});

describe('programs', () => {
  test('behind a shell, a wrapper and in a script that is called by another', async () => {
    const it = await facts('FROM a\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["tini", "--", "./start.sh"]\n', {
      'start.sh': '#!/bin/bash\nset -e\n. ./lib/wait.sh\nexec "$@"\n',
      'lib/wait.sh': 'until pg_isready; do sleep 1; done\n',
    });
    expect(names(it, 'start')).toEqual(expect.arrayContaining(['tini', 'start.sh', 'bash', 'pg_isready']));
    expect(it.scripts.map(({ path }) => path)).toEqual(['start.sh', 'lib/wait.sh']);
    expect(it.unread).toEqual([]);
  });

  test('scripts of package.json, those before and behind included', async () => {
    const it = await facts('FROM a\nWORKDIR /app\nCOPY . /app\nCMD ["npm", "run", "start:prod"]\n', {
      'package.json': JSON.stringify({
        scripts: { 'prestart:prod': 'prisma migrate deploy', 'start:prod': 'node dist/main' },
      }),
    });
    expect(names(it)).toEqual(['npm', 'prisma', 'node']);
  });

  test('named in code that starts programs, and in no other code', async () => {
    const it = await facts('FROM a\nCOPY . /app\n', {
      'a.py': 'import subprocess\nsubprocess.run(["ffmpeg", "-i", x])\nos.system("git pull")\n',
      'b.py': 'tool = "convert"\n',
    });
    expect(names(it, 'code')).toEqual(['ffmpeg', 'git']);
    expect(it.uses('ffmpeg')).toMatchObject({ file: 'a.py', line: 2 });
  });

  test('of a supervisor configuration with their paths', async () => {
    const it = await facts('FROM a\nCOPY supervisord.conf /etc/\n', {
      'supervisord.conf': '[program:web]\ncommand=/usr/local/bin/gunicorn a:b\n',
    });
    expect(it.uses('gunicorn')).toMatchObject({ path: '/usr/local/bin/gunicorn', by: 'config', line: 2 });
  });

  test('of a script that PATH finds, and not of one that only stands in the working folder', async () => {
    const dockerfile =
      'FROM a\nWORKDIR /app\nCOPY . .\nCOPY ops/start /usr/local/bin/\nENTRYPOINT ["start"]\nCMD ["web"]\n';
    const it = await facts(dockerfile, {
      'ops/start': '#!/bin/sh\nnc -z db 5432\nexec "$@"\n',
      web: '#!/bin/sh\ncurl x\n',
    });
    expect(it.scripts.map(({ path }) => path)).toEqual(['ops/start']);
    expect(names(it)).toContain('nc');
    expect(names(it)).not.toContain('curl');
    expect([it.locate('start'), it.locate('web'), it.locate('./web')]).toEqual([
      '/usr/local/bin/start',
      undefined,
      '/app/web',
    ]);
    const path = await facts(dockerfile.replace('FROM a', 'FROM a\nENV PATH=/app:/bin'));
    expect(names(path)).toContain('curl');
  });

  test('what cannot be followed is said', async () => {
    const it = await facts('FROM a\nWORKDIR /app\nCOPY . .\nCMD ["./run.sh"]\n', {
      'run.sh': '#!/bin/sh\nif true; then\n',
    });
    expect(it.unread.map(({ file }) => file)).toEqual(['run.sh']);
    const other = await facts('FROM a\nCMD $PROGRAM --serve\n');
    expect(other.unread.map(({ says }) => says)).toEqual(['$PROGRAM']);
  });

  test('a script that calls itself ends', async () => {
    const it = await facts('FROM a\nWORKDIR /app\nCOPY . .\nCMD ["./a.sh"]\n', { 'a.sh': '#!/bin/sh\n./a.sh\n' });
    expect(it.scripts).toHaveLength(1);
  });
});

describe('files of the image', () => {
  test('the later copy wins, files go into folders, ignored ones nowhere', async () => {
    const { files } = await facts('FROM a\nWORKDIR /app\nCOPY src/main.py ./\nCOPY conf /etc/app\nCOPY . /app\n', {
      'src/main.py': '',
      'conf/a.ini': '',
      'secret.env': '',
      '.dockerignore': '*.env\n',
    });
    expect(files.toContext('/app/main.py')).toBe('src/main.py');
    expect(files.toContext('/etc/app/a.ini')).toBe('conf/a.ini');
    expect(files.toContext('/app/src/main.py')).toBe('src/main.py');
    expect(files.toContext('/app/secret.env')).toBeUndefined();
    expect(files.toContext('/usr/bin/x')).toBeUndefined();
    expect([...files.walk(100)]).toEqual(expect.arrayContaining(['src/main.py', 'conf/a.ini']));
    expect([...files.walk(100)]).not.toContain('secret.env');
  });
});

describe('a compose service', () => {
  test('volumes, ports and start commands in every form', () => {
    const service = serviceFacts({
      command: ['a', 1],
      healthcheck: { test: ['CMD-SHELL', 'x || y'] },
      volumes: [
        './src:/app:ro',
        'data:/data',
        '/cache',
        '${HOME:-~}/x:/x',
        { type: 'bind', source: '.', target: '/y' },
      ],
      ports: ['127.0.0.1:8080:80/tcp', 3000, { target: 9000 }],
      expose: ['5000'],
    });
    expect(service.command).toEqual(['a', '1']);
    expect(service.healthcheck).toBe('x || y');
    expect(service.volumes).toEqual([
      { source: './src', target: '/app' },
      { source: 'data', target: '/data' },
      { source: undefined, target: '/cache' },
      { source: '${HOME:-~}/x', target: '/x' },
      { source: '.', target: '/y' },
    ]);
    expect(service.ports).toEqual(['80', '3000', '9000', '5000']);
  });
});
