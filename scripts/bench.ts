/**
 * `npm run bench`: how much a preview costs over reading and parsing alone, the start-up over an empty Node, and the
 * memory at 100, 1,000 and 10,000 files. Each figure is the least of several runs, in a process of its own.
 *
 * A preview is the diff command itself, in one process, with the threads that users get, from finding the files to the
 * patch and its explanation. `rewriteOverParse` is that of all transforms at the default level, many of which read the
 * sources and manifests of the project; `rewriteOverParseOfDockerfiles` that of the transforms in DOCKERFILE_ONLY, which
 * read little more than the Dockerfile; `...InOneThread` the same with `--jobs 1`. All are over the same reading and
 * parsing in one thread, with the command's settings of V8: find the files, read each, scan it, ask the second parser, read the shell script of every RUN.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import picocolors from 'picocolors';
import { diff } from '../src/commands/diff.ts';
import type { Io } from '../src/commands/io.ts';
import { Document, discover, Tree, transforms } from '../src/index.ts';
import { v8Flags } from '../src/v8-flags.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'dist', 'redock.mjs');
const self = fileURLToPath(import.meta.url);
const SIZES = [100, 1000, 10_000] as const;
/** Transforms that change lines by what the lines say. */
const DOCKERFILE_ONLY = ['modernize', 'pin-base', 'copy-manifests-first', 'tidy-packages', 'add-cache-mounts'];

/** What is measured, and how. */
const PASSES = {
  parse,
  all: (folder: string) => preview(folder, undefined, undefined),
  allInOneThread: (folder: string) => preview(folder, undefined, 1),
  dockerfiles: (folder: string) => preview(folder, DOCKERFILE_ONLY, undefined),
  dockerfilesInOneThread: (folder: string) => preview(folder, DOCKERFILE_ONLY, 1),
} as const;
type Pass = keyof typeof PASSES;

const LICENCE = [
  'Copyright 2026 The Shop Authors',
  '',
  'Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted,',
  'provided that the above copyright notice and this permission notice appear in all copies.',
  '',
  'THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHORS DISCLAIM ALL WARRANTIES WITH REGARD TO THIS SOFTWARE.',
]
  .map((line) => `# ${line}`.trimEnd())
  .join('\n');

/** The tail of files that somebody keeps: labels, settings, folders, health, each explained. */
const KEPT = `
# what the registry shows
LABEL org.opencontainers.image.title="shop" \\
      org.opencontainers.image.vendor="The Shop Authors" \\
      org.opencontainers.image.licenses="ISC"

# settings that the charts overwrite
ENV LOG_LEVEL=info \\
    LOG_FORMAT=json \\
    METRICS_PORT=9100

# the process writes here and nowhere else
RUN mkdir -p /var/lib/shop/data /var/lib/shop/cache \\
    && chown -R 10001:10001 /var/lib/shop
VOLUME /var/lib/shop/data

HEALTHCHECK --interval=30s --timeout=3s --retries=3 \\
    CMD ["/usr/local/bin/probe", "--port", "9100"]
EXPOSE 9100
USER 10001:10001
`;

const WELL = `FROM debian:13-slim AS base
WORKDIR /srv

FROM base AS assets
COPY --chmod=0755 entrypoint.sh /usr/local/bin/entrypoint.sh
RUN install -d /srv/static \\
    && find /srv/static -name '*.map' -delete

FROM base
COPY --from=assets /usr/local/bin/entrypoint.sh /usr/local/bin/
`;

const ORDINARY = `FROM python:3.12-slim as app
WORKDIR /srv
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libpq5 curl \\
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
`;

/**
 * A monorepo of `count` Dockerfiles. Like the 1,650 of forty public repositories that were measured: about 45 lines,
 * comments among them, and six of ten change; one of five is a service of the demo as its hurried team wrote it.
 */
function monorepo(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'redock-bench-'));
  const shop = join(root, 'fixtures', 'shop');
  const services = discover(new Tree(shop), ['.'], { exclude: [] }).dockerfiles.map((path) => dirname(path));
  mkdirSync(join(folder, '.git'));
  for (let i = 0; i < count; i++) {
    const to = join(folder, `team-${i % 97}`, `service-${i}`);
    cpSync(join(shop, services[i % services.length] as string), to, { recursive: true });
    const own = readFileSync(join(to, 'Dockerfile'), 'utf8');
    const kind = i % 5;
    const text = kind < 2 ? WELL + KEPT : kind < 4 ? ORDINARY + KEPT : own;
    writeFileSync(join(to, 'Dockerfile'), `${LICENCE}\n\n${text}`);
  }
  return folder;
}

function parse(folder: string): void {
  const tree = new Tree(folder);
  let commands = 0;
  for (const path of discover(tree, ['.'], { exclude: [] }).dockerfiles) {
    const read = tree.readForRewrite(path);
    if ('error' in read) throw new Error(read.error);
    const document = Document.read(path, read.text);
    if (!(document instanceof Document)) throw new Error(`${path}: ${document.message}`);
    if (document.secondOpinion()) throw new Error(`${path}: two parsers differ`);
    for (const { script } of document.runs()) commands += script.commands.length;
  }
  if (commands === 0) throw new Error('nothing was done');
}

/** `redock diff` in this process; what it prints is counted and thrown away. */
async function preview(folder: string, only: readonly string[] | undefined, jobs: number | undefined): Promise<void> {
  let printed = 0;
  const sink = {
    closed: false,
    write(text: string | Uint8Array): void {
      printed += text.length;
    },
  };
  const plain = picocolors.createColors(false);
  const io: Io = {
    cwd: folder,
    version: '',
    env: {},
    processors: availableParallelism(),
    program: pathToFileURL(bin),
    now: Date.now,
    out: sink,
    err: sink,
    paintOut: undefined,
    plain,
    paintErr: plain,
    stdin: async () => new Uint8Array(),
    ask: undefined,
    breathe: () => new Promise((done) => setImmediate(done)),
    stopped: () => false,
    signal: new AbortController().signal,
    terminal: false,
    progress: () => {},
  };
  const request = {
    paths: [],
    transforms,
    flags: { only },
    exclude: [],
    changed: undefined,
    context: undefined,
    configFile: undefined,
    noConfig: false,
    online: false,
    foreign: false,
    jobs,
    commands: [],
  };
  const code = await diff(request, { format: 'patch', check: false, quiet: false, verbose: false }, io);
  if (code !== 0 || printed === 0) throw new Error(`the preview ended with ${code}`);
}

/** Milliseconds for one pass over the folder. */
async function timed(pass: Pass, folder: string): Promise<number> {
  const started = performance.now();
  await PASSES[pass](folder);
  return performance.now() - started;
}

function least(runs: number, measure: () => number): number {
  return Math.min(...Array.from({ length: runs }, measure));
}

/** Milliseconds from start to end of a process. */
function startup(args: readonly string[], cwd: string): number {
  const started = performance.now();
  const run = spawnSync(process.execPath, args, { cwd, stdio: 'ignore' });
  if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${run.status}`);
  return performance.now() - started;
}

/** Peak resident memory in MB of a preview over the folder, by the process's own count. */
function peakMemory(folder: string): number {
  const code = `process.argv.splice(1, 0, 'x'); process.on('exit', () => process.stderr.write('\\nRSS ' + process.resourceUsage().maxRSS)); await import(${JSON.stringify(bin)});`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code, '--', 'diff', '-q', '.'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const match = /RSS (\d+)/.exec(run.stderr);
  if (!match) throw new Error(`no memory figure: ${run.stderr.slice(0, 200)}`);
  return Math.round(Number(match[1]) / 1024);
}

async function main(): Promise<void> {
  const [pass, folder] = process.argv.slice(2);
  if (pass !== undefined && pass in PASSES && folder) {
    console.log(await timed(pass as Pass, folder));
    return;
  }
  const folders = SIZES.map(monorepo);
  try {
    const ms = { parse: 0, all: 0, allInOneThread: 0, dockerfiles: 0, dockerfilesInOneThread: 0 };
    for (const what of Object.keys(ms) as Pass[]) {
      ms[what] = least(3, () => {
        const run = spawnSync(process.execPath, [...v8Flags(process.versions.v8), self, what, folders[1] as string], {
          encoding: 'utf8',
        });
        if (run.status !== 0) throw new Error(run.stderr);
        return Number(run.stdout);
      });
    }
    const overParse = (what: Pass): number => Number((ms[what] / ms.parse).toFixed(2));
    const one = mkdtempSync(join(tmpdir(), 'redock-bench-'));
    writeFileSync(join(one, 'Dockerfile'), 'FROM scratch\n');
    const empty = least(9, () => startup(['-e', '0'], one));
    const own = least(9, () => startup([bin, 'diff'], one));
    rmSync(one, { recursive: true });
    const report = {
      rewriteOverParse: overParse('all'),
      rewriteOverParseInOneThread: overParse('allInOneThread'),
      rewriteOverParseOfDockerfiles: overParse('dockerfiles'),
      rewriteOverParseOfDockerfilesInOneThread: overParse('dockerfilesInOneThread'),
      processors: availableParallelism(),
      startupMsOverNode: Math.round(own - empty),
      filesPerSecond: Math.round(1000 / (ms.all / 1000)),
      rssMb: Object.fromEntries(SIZES.map((size, i) => [String(size), peakMemory(folders[i] as string)])),
    };
    if (process.argv.includes('--json')) console.log(JSON.stringify(report));
    else {
      const line = (label: string, text: string) => console.log(`${label.padEnd(40)}${text}`);
      line('reading and parsing 1,000 Dockerfiles', `${ms.parse.toFixed(0)} ms`);
      const cost = (what: Pass) => `${ms[what].toFixed(0)} ms, ${overParse(what)} times that`;
      line(`preview, ${report.processors} processors`, cost('all'));
      line('  in one thread', cost('allInOneThread'));
      line(`preview of ${DOCKERFILE_ONLY.length} transforms (see source)`, cost('dockerfiles'));
      line('  in one thread', cost('dockerfilesInOneThread'));
      line('files per second', String(report.filesPerSecond));
      line('start-up over node -e 0', `${report.startupMsOverNode} ms`);
      for (const [size, mb] of Object.entries(report.rssMb)) line(`memory at ${size} files`, `${mb} MB`);
    }
  } finally {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  }
}

await main();
