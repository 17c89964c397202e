/** What a stage runs, where it listens, and on which path it says that it is well. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, type Stage } from '../src/document.ts';
import { callArguments, definitionOf, keyed } from '../src/project/calls.ts';
import { isLocal, readPort } from '../src/project/port.ts';
import { openProject } from '../src/project/project.ts';
import { type NoService, type Service, serviceOf } from '../src/project/service.ts';
import { Tree } from '../src/tree.ts';

function service(dockerfile: string, files: Readonly<Record<string, string>> = {}): Service | NoService {
  const folder = mkdtempSync(join(tmpdir(), 'redock-service-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const document = Document.read('Dockerfile', dockerfile);
    if (!(document instanceof Document)) throw new Error(document.message);
    const project = openProject(new Tree(folder), 'Dockerfile', {});
    return serviceOf(document, project, document.stages.at(-1) as Stage);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const told = (found: Service | NoService): unknown =>
  found.kind === 'none' ? found.code : [found.port.number, found.port.variable, found.path?.path];

const PYTHON = 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n';
const NODE = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\n';

describe('readPort', () => {
  it.each([
    ['3000', 3000, undefined],
    ["'8080'", 8080, undefined],
    ['":8080"', 8080, undefined],
    ['"0.0.0.0:9000"', 9000, undefined],
    ['process.env.PORT || 3000', 3000, 'PORT'],
    ['Number(process.env.PORT ?? 4000)', 4000, 'PORT'],
    ['parseInt(process.env.PORT, 10) || 5000', 5000, 'PORT'],
    ['+process.env["HTTP_PORT"] || 80', 80, 'HTTP_PORT'],
    ['int(os.environ.get("PORT", "8000"))', 8000, 'PORT'],
    ['os.environ["PORT"]', undefined, 'PORT'],
    ['$' + '{PORT:-8000}', 8000, 'PORT'],
    ['0.0.0.0:$PORT', undefined, 'PORT'],
    ['ENV.fetch("PORT") { 3000 }', 3000, 'PORT'],
    ['getEnv("PORT", "8081")', 8081, 'PORT'],
  ])('%s', (text, number, variable) => {
    expect(readPort(text)).toMatchObject({ number, variable });
  });

  it('reads no port where there is none', () => {
    for (const text of ['config.port', '70000', 'server', 'a + b', '']) expect(readPort(text)).toBeUndefined();
  });

  it('follows names of the file', () => {
    const names = new Map([
      ['port', 'process.env.PORT || fallback'],
      ['fallback', '4040'],
    ]);
    expect(readPort('":" + port', (name) => names.get(name))).toMatchObject({ number: 4040, variable: 'PORT' });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readPort(text, () => text);
        callArguments(text, 0);
        definitionOf(text, 'x');
      }),
    );
  });
});

describe('calls', () => {
  it('splits arguments at the commas of the call', () => {
    expect(callArguments('f(a, {b: 1, c: [2, 3]}, "x,y")', 1)).toEqual(['a', '{b: 1, c: [2, 3]}', '"x,y"']);
    expect(keyed(['app', 'port=8000'], ['port'])).toBe('8000');
    expect(keyed(['{ hostname, port: 80 }'], ['port'])).toBe('80');
  });

  it('knows which addresses 127.0.0.1 reaches', () => {
    for (const host of [undefined, '', '0.0.0.0', '::', '[::]', '*', 'localhost']) expect(isLocal(host)).toBe(true);
    for (const host of ['10.0.0.1', '[::1]', 'db', 'HOSTNAME']) expect(isLocal(host)).toBe(false);
  });
});

describe('the process', () => {
  it.each([
    ['CMD ["tini", "--", "gunicorn", "-b", ":80", "app:app"]', [80, undefined, undefined]],
    ['CMD poetry run uvicorn app:app --port 81', [81, undefined, undefined]],
    ['CMD ["python", "-m", "flask", "run", "-p", "82"]', [82, undefined, undefined]],
    ['CMD cd src && exec gunicorn --bind=0.0.0.0:83 app:app', [83, undefined, undefined]],
    ['ENTRYPOINT ["./start.sh"]\nCMD ["gunicorn", "-b", ":84", "app:app"]', [84, undefined, undefined]],
    ['ENV PORT=85\nCMD gunicorn -b 0.0.0.0:$PORT app:app', [85, 'PORT', undefined]],
    ['CMD ["celery", "-A", "app", "beat"]', 'scheduler'],
    ['CMD ["bash"]', 'command-line'],
    ['CMD python worker.py & gunicorn -b :80 app:app', 'several-processes'],
    ['CMD ["python", "-c", "print(1)"]', 'start-unknown'],
    ['CMD $COMMAND', 'start-unknown'],
  ])('%s', (start, expected) => {
    const script = '#!/bin/sh\nset -e\npython manage.py migrate\nexec "$@"\n';
    expect(told(service(`${PYTHON}${start}\n`, { 'start.sh': script }))).toEqual(expected);
  });

  it('takes what an ENTRYPOINT of a parent stage leaves of CMD', () => {
    const text =
      'FROM python:3.13 AS base\nENTRYPOINT ["python"]\nCMD ["a.py"]\nFROM base\nCMD ["-m", "http.server", "8088"]\n';
    expect(told(service(text))).toEqual([8088, undefined, undefined]);
  });
});

describe('the port of the source', () => {
  it('is the one of the call, by name and by place', () => {
    const files = { 'app.py': 'from flask import Flask\napp = Flask(__name__)\napp.run("0.0.0.0", 8099)\n' };
    expect(told(service(`${PYTHON}CMD ["python", "app.py"]\n`, files))).toEqual([8099, undefined, undefined]);
  });

  it('is not known where the arguments come from elsewhere', () => {
    const files = { 'app.py': 'import uvicorn\nfrom conf import options\nuvicorn.run("a:app", **options)\n' };
    expect(told(service(`${PYTHON}CMD ["python", "app.py"]\n`, files))).toBe('port-unknown');
  });

  it('is not the one of a comment', () => {
    const files = {
      'server.js': "const http = require('http');\n// server.listen(1234)\nhttp.createServer().listen(4321);\n",
    };
    expect(told(service(`${NODE}CMD ["node", "server.js"]\n`, files))).toEqual([4321, undefined, undefined]);
  });

  it('is none of a server that takes one request', () => {
    const files = { 'once.py': 'from http.server import HTTPServer\nHTTPServer(("", 8000), None).handle_request()\n' };
    expect(told(service(`${PYTHON}CMD ["python", "once.py"]\n`, files))).toBe('port-unknown');
  });
});

describe('the path', () => {
  const express = (body: string) => ({
    'server.js': `const express = require('express');\nconst app = express();\n${body}\napp.listen(3000);\n`,
  });
  const path = (body: string) => told(service(`${NODE}CMD ["node", "server.js"]\n`, express(body)));

  it('is the one that says that the process lives', () => {
    expect(
      path("app.get('/readyz', (req, res) => res.send('y'));\napp.get('/livez', (req, res) => res.send('y'));"),
    ).toEqual([3000, undefined, '/livez']);
  });

  it('is / only where the handler does nothing but answer', () => {
    expect(path("app.get('/', (req, res) => res.send('hello'));")).toEqual([3000, undefined, '/']);
    expect(
      path("app.get('/', (req, res) => { if (!x) return res.status(500).send(''); res.send('hello'); });"),
    ).toEqual([3000, undefined, undefined]);
    expect(path("app.get('/', (req, res) => res.redirect('/login'));")).toEqual([3000, undefined, undefined]);
  });

  it('is none behind a guard, with a parameter or of another thing', () => {
    expect(path("app.use(requireAuth);\napp.get('/health', (req, res) => res.send('ok'));")).toEqual([
      3000,
      undefined,
      undefined,
    ]);
    expect(path("app.get('/:id/health', (req, res) => res.send('ok'));")).toEqual([3000, undefined, undefined]);
    expect(path("app.get('/orders/status', (req, res) => res.send('ok'));")).toEqual([3000, undefined, undefined]);
  });
});
