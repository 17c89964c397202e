/** The whole proof with an engine that only pretends: what is built, what is concluded, what is left. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { summaryText, tableText, verdictText } from '../src/report/verify-text.ts';
import { type Result, rewrite } from '../src/rewrite.ts';
import { defineTransform, type Transform } from '../src/transform.ts';
import { Tree } from '../src/tree.ts';
import type { BuildOutcome, BuildRequest, Engine, ImageFacts, Made } from '../src/verify/engine.ts';
import { Features } from '../src/verify/features.ts';
import { planBuild } from '../src/verify/plan.ts';
import type { RunComparison } from '../src/verify/run.ts';
import { Session } from '../src/verify/session.ts';
import type { Subject } from '../src/verify/subject.ts';
import { verifyAll } from '../src/verify/verify-all.ts';
import type { Verified, VerifyOptions } from '../src/verify/verify-image.ts';
import { folders } from './spawn.ts';

const folder = folders();
const plain = new Proxy({}, { get: () => (text: string) => text }) as Parameters<typeof verdictText>[1];

/** Replaces a word in RUN, so that each line of a Dockerfile is a change of its own. */
function replacing(name: string, from: string, to: string): Transform {
  return defineTransform({
    name,
    summary: name,
    docs: { what: name, why: name, example: { before: '', after: '' } },
    options: {},
    mayChange: [],
    declines: {},
    *plan(document) {
      for (const { args, start, end } of document.instructions) {
        const at = document.text.indexOf(from, start);
        if (at < 0 || at >= end || !args.text.includes(from)) continue;
        const edits = [{ start: at, end: at + from.length, text: to }];
        yield {
          title: `${from} to ${to}`,
          why: `${to} is better`,
          evidence: [],
          level: 'safe',
          at: { start, end },
          edits,
        };
      }
    },
  });
}

/** Builds what does not hold the word `broken`; `big` makes the image larger, `slow` the rebuild slower. */
class FakeEngine implements Engine {
  readonly name = 'docker' as const;
  readonly version = '1.0';
  readonly title = 'pretence 1.0';
  readonly containers = undefined;
  readonly builds: { readonly text: string; readonly request: BuildRequest }[] = [];
  readonly images = new Map<string, { readonly text: string; readonly session: string }>();
  /** Fails so many builds that would work. */
  flaky = 0;
  refuses: string | undefined;

  async build(request: BuildRequest): Promise<BuildOutcome> {
    const text = readFileSync(request.dockerfile, 'utf8');
    this.builds.push({ text, request });
    const fail = (log: string): BuildOutcome => ({
      ok: false,
      seconds: 1,
      log,
      ended: 'exit',
      failure: { message: log, step: '[2/2] RUN', line: 2, output: ['no'] },
    });
    if (this.refuses !== undefined && text.includes(this.refuses)) return fail('unknown flag');
    if (/broken/.test(text)) return fail('broken');
    if (/good/.test(text) && this.flaky-- > 0) return fail('network');
    this.images.set(request.tag, { text, session: request.session });
    return { ok: true, seconds: request.noCache ? 20 : /slow/.test(text) ? 30 : 10, log: '', ended: 'exit' };
  }
  async image(name: string): Promise<ImageFacts | undefined> {
    const image = this.images.get(name);
    if (!image) return undefined;
    const size = /big/.test(image.text) ? 900_000_000 : /good/.test(image.text) ? 100_000_000 : 500_000_000;
    return { size, layers: 3, labels: {} } as ImageFacts;
  }
  async files(image: string, _: string, each: (file: { path: string; size: number }) => void): Promise<void> {
    each({ path: 'app/a', size: (await this.image(image))?.size ?? 0 });
  }
  async made(session?: string): Promise<readonly Made[]> {
    const all = [...this.images].map(([id, one]) => ({ kind: 'image' as const, id, session: one.session }));
    return all.filter((one) => session === undefined || one.session === session);
  }
  async remove({ id }: Made): Promise<void> {
    this.images.delete(id);
  }
  async call(): Promise<never> {
    throw new Error('not asked for');
  }
}

interface Setting {
  readonly files: Readonly<Record<string, string>>;
  readonly transforms: readonly Transform[];
  readonly engine?: FakeEngine;
  readonly options?: Partial<VerifyOptions>;
}

async function subjectOf(root: string, transforms: readonly Transform[]): Promise<Subject> {
  const again = async (accept?: Parameters<Subject['again']>[0]): Promise<{ result: Result; tree: Tree }> => {
    const tree = new Tree(root);
    await prepareProjects(tree);
    const project = openProject(tree, 'Dockerfile');
    const text = tree.read('Dockerfile') as string;
    const settings = { skip: [], level: 'review', options: {} } as const;
    const input = { path: 'Dockerfile', text, tree, project, transforms, settings };
    return { result: rewrite(accept ? { ...input, accept } : input), tree };
  };
  const { result, tree } = await again();
  const before = openProject(new Tree(root), 'Dockerfile');
  return {
    name: 'web/Dockerfile',
    root,
    plan: planBuild(before, root, { target: undefined, args: ['V=1'], secrets: [], ssh: [] }),
    result,
    files: new Map([['Dockerfile', result.after]]),
    projects: [before, openProject(tree, 'Dockerfile')],
    again: async (accept) => (await again(accept)).result,
    touch: [],
  };
}

async function prove({ files, transforms, engine = new FakeEngine(), options }: Setting) {
  const root = folder(files);
  const session = await Session.open(engine, new AbortController().signal);
  const subject = await subjectOf(root, transforms);
  const verified: Verified[] = [];
  await verifyAll(
    [subject],
    { session, features: new Features(session, []), fetched: new Set() },
    1,
    async () => ({
      options: ['--x'],
      timeLimit: 1000,
      logs: join(root, 'logs'),
      keepGoing: false,
      onStep: () => {},
      ...options,
    }),
    (one) => verified.push(one),
  );
  const [first] = verified;
  expect(await engine.made(session.id)).toEqual([]);
  expect(await session.close()).toEqual([]);
  for (const [path, text] of Object.entries(files)) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  return { ...(first as Verified), engine, root, text: verdictText((first as Verified).verdict, plain) };
}

const DOCKERFILE = 'FROM alpine\nCOPY package.json ./\nRUN a1 && x\nRUN b1\nRUN c1\nCOPY . .\n';
const FILES = { Dockerfile: DOCKERFILE, 'package.json': '{}', 'server.js': 'go' };
const good = replacing('make-good', 'a1', 'good');

describe('one image', () => {
  test('better: cold without cache, then a rebuild for the source and one for the manifest, on each side', async () => {
    const { verdict, engine, text } = await prove({ files: FILES, transforms: [good] });
    expect(verdict).toMatchObject({
      status: 'better',
      before: { size: 500_000_000, cold: 20, source: 10, manifest: 10 },
      after: { size: 100_000_000 },
      touched: { source: 'server.js', manifest: 'package.json' },
      differences: [{ path: 'app', before: 500_000_000, after: 100_000_000 }],
      blame: [],
    });
    const [base, ...builds] = engine.builds;
    expect(base?.text).toBe('FROM alpine AS base-0\n');
    expect(builds.map(({ request, text }) => [request.noCache, text.includes('good')])).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [true, true],
      [false, true],
      [false, true],
    ]);
    for (const { request } of builds) expect(request).toMatchObject({ args: { V: '1' }, options: ['--x'] });
    const spaces = new Set(builds.map(({ request }) => request.cacheNamespace));
    expect(spaces.size).toBe(2);
    expect(text).toContain('web/Dockerfile: better\n');
    expect(text).toMatch(/image +500 MB +100 MB +0\.20\n/);
    expect(text).toContain('files: -400 MB app');
  });

  test('a Dockerfile that does not build as it is: not comparable, and its log is kept', async () => {
    const files = { ...FILES, Dockerfile: `${DOCKERFILE}RUN broken\n` };
    const { verdict, root, text } = await prove({ files, transforms: [good] });
    expect(verdict).toMatchObject({ status: 'not-comparable', failure: { side: 'before', line: 2 }, blame: [] });
    expect(verdict.failure?.log.startsWith(join(root, 'logs'))).toBe(true);
    expect(existsSync(verdict.failure?.log as string)).toBe(true);
    expect(text).toContain('before, line 2: COPY package.json ./');
  });

  test('worse: the image grew', async () => {
    const { verdict } = await prove({ files: FILES, transforms: [replacing('grow', 'b1', 'big')] });
    expect([verdict.status, verdict.why]).toEqual(['worse', 'the image is 80 % larger']);
  });

  test('the change that breaks the build is named, with the way to leave it out', async () => {
    const transforms = [good, replacing('break', 'b1', 'broken'), replacing('third', 'c1', 'fine')];
    const { verdict, text } = await prove({ files: FILES, transforms });
    expect(verdict).toMatchObject({ status: 'failed', after: undefined });
    expect(verdict.blame).toEqual([
      { transform: 'break', title: 'b1 to broken', why: 'broken is better', line: 4, alone: true, restWorks: true },
    ]);
    expect(text).toContain('broken by break, line 4: b1 to broken');
    expect(text).toContain('--skip break');
    expect(text).toContain('# redock ignore=break');
  });

  test('--keep-going leaves it out and verifies the rest', async () => {
    const transforms = [
      replacing('one', 'a1', 'broken'),
      replacing('break', 'b1', 'broken'),
      replacing('third', 'c1', 'good'),
    ];
    const { verdict, result } = await prove({ files: FILES, transforms, options: { keepGoing: true } });
    expect(verdict.status).toBe('better');
    expect(verdict.blame.map(({ transform, restWorks }) => [transform, restWorks])).toEqual([
      ['one', false],
      ['break', true],
    ]);
    expect(result.after).toBe(DOCKERFILE.replace('c1', 'good'));
  });

  test("what works when it is tried again is nobody's fault", async () => {
    const engine = new FakeEngine();
    engine.flaky = 1;
    const { verdict } = await prove({ files: FILES, transforms: [good], engine });
    expect([verdict.status, verdict.blame]).toEqual(['better', []]);
    expect(verdict.notes).toEqual(['it failed once and worked when it was tried again: look at the network first']);
  });

  test('what the engine cannot build is said: before it is no measure, after it is the fault of a change', async () => {
    const refusing = () => Object.assign(new FakeEngine(), { refuses: '--link' });
    const files = { ...FILES, Dockerfile: `${DOCKERFILE}COPY --link server.js /\n` };
    const before = await prove({ files, transforms: [good], engine: refusing() });
    expect([before.verdict.status, before.verdict.why]).toEqual([
      'not-comparable',
      'has COPY --link in line 7, which pretence 1.0 cannot build',
    ]);
    const broken = Object.assign(new FakeEngine(), { refuses: 'COPY' });
    const nothing = await prove({ files, transforms: [good], engine: broken });
    expect([nothing.verdict.status, nothing.verdict.why]).toEqual(['not-comparable', 'it does not build as it is']);
    const link = replacing('link', 'COPY .', 'COPY --link .');
    const linking: Transform = {
      ...link,
      *plan(document) {
        for (const { keyword, start, end } of document.instructions) {
          if (keyword !== 'COPY' || !document.text.startsWith('COPY . ', start)) continue;
          yield {
            title: 'link',
            why: '',
            evidence: [],
            level: 'safe',
            at: { start, end },
            edits: [{ start: start + 4, end: start + 4, text: ' --link' }],
          };
        }
      },
    };
    const after = await prove({ files: FILES, transforms: [good, linking], engine: refusing() });
    expect(after.verdict).toMatchObject({ status: 'failed', blame: [{ transform: 'link', line: 6, restWorks: true }] });
  });

  test('a run that differs is a failure, and is blamed by running', async () => {
    const transforms = [replacing('first', 'a1', 'fine'), replacing('second', 'b1', 'sick')];
    const engine = new FakeEngine();
    const run: VerifyOptions['run'] = async ({ cold, again }, after) => ({
      service: 'web',
      source: undefined,
      verdict: engine.images.get(after)?.text.includes('sick') ? 'failed' : 'same',
      // the image of the rebuild after a change of the source is another one, of the same text
      why: cold !== again && again && engine.images.get(again)?.text.includes('a1') ? 'after is not healthy' : '',
      notes: [],
      before: undefined,
      after: undefined,
      answers: [],
    });
    const { verdict } = await prove({ files: FILES, transforms, engine, options: { run } });
    expect(verdict).toMatchObject({ status: 'failed', why: 'after is not healthy', blame: [{ transform: 'second' }] });
  });
});

describe('what ran', () => {
  const side = { outcome: 'ready', opened: 1, samples: [] } as const;
  const base = { service: 'web', source: undefined, notes: [], answers: [] };
  const text = async (run: RunComparison): Promise<string> =>
    (await prove({ files: FILES, transforms: [good], options: { run: async () => run } })).text;

  test('the last words of what does not run any more', async () => {
    const logs = 'starting\nError: EACCES: permission denied, open /data/log\nbye';
    const after = { ...side, outcome: 'exited', logs } as const;
    expect(await text({ ...base, verdict: 'failed', why: 'after does not run', before: side, after })).toContain(
      '  run: failed, after does not run\n      Error: EACCES: permission denied, open /data/log\n',
    );
  });

  test('every answer that differs', async () => {
    const answer = { but: [], remark: undefined, before: undefined, after: undefined };
    const answers = ['/a', '/b', '/c'].map((path, i) => {
      return {
        ...answer,
        request: `GET ${path}`,
        alike: i === 1,
        difference: i === 1 ? undefined : 'status 200 became 500',
      };
    });
    const why = 'GET /a: status 200 became 500';
    expect(await text({ ...base, verdict: 'differs', why, before: side, after: side, answers })).toContain(
      '  run: differs, GET /a: status 200 became 500\n      GET /c: status 200 became 500\n',
    );
  });

  test('user and stop in the table', async () => {
    const before = { ...side, uid: 0, stop: 10.2, killed: true };
    const after = { ...side, uid: 1000, stop: 0.3, killed: false };
    const run: RunComparison = { ...base, verdict: 'same', why: 'equal answers to GET /', before, after };
    const { verdict } = await prove({ files: FILES, transforms: [good], options: { run: async () => run } });
    expect(tableText([verdict, { ...verdict, run: undefined }], plain).split('\n')).toEqual([
      expect.stringMatching(/ run +uid +stop$/),
      expect.stringMatching(/ same +0 -> 1000 +killed -> 0\.3 s$/),
      expect.stringMatching(/ - +- +-$/),
      '',
    ]);
  });
});

describe('many images', () => {
  test('the table and the summary', async () => {
    const one = await prove({ files: FILES, transforms: [good] });
    const two = await prove({ files: FILES, transforms: [replacing('grow', 'b1', 'broken')] });
    const table = tableText([one.verdict, two.verdict], plain).split('\n');
    expect(table[0]).toMatch(/^image +size +cold build +rebuild, source +rebuild, manifest$/);
    expect(table[1]).toMatch(/^web\/Dockerfile {2}better +500 MB -> 100 MB +0\.20 +20\.0 s -> 20\.0 s +1\.00/);
    expect(table[2]).toMatch(/^web\/Dockerfile {2}failed +- +-/);
    expect(summaryText([one.verdict, two.verdict])).toBe(
      '2 images: 1 better, 1 failed.\n  web/Dockerfile: failed, it does not build after the rewrite\n',
    );
  });

  test('a defect of the engine fails one image and not the others', async () => {
    const engine = new FakeEngine();
    const session = await Session.open(engine, new AbortController().signal);
    const subject = await subjectOf(folder(FILES), [good]);
    const said: string[] = [];
    let count = 0;
    await verifyAll(
      [subject, subject, subject],
      { session, features: new Features(session, []), fetched: new Set() },
      2,
      async () => {
        if (++count === 1) throw new Error('no answer');
        return { options: [], timeLimit: 1000, logs: folder(), keepGoing: false, onStep: () => {} };
      },
      ({ verdict }) => said.push(`${verdict.status} ${verdict.why}`),
    );
    expect(said).toEqual(['failed it could not be verified: no answer', 'better ', 'better ']);
    await session.close();
  });

  test('when the user stops it nothing more is told', async () => {
    const engine = new FakeEngine();
    const controller = new AbortController();
    const session = await Session.open(engine, controller.signal);
    const subject = await subjectOf(folder(FILES), [good]);
    const options: VerifyOptions = {
      options: [],
      timeLimit: 1000,
      logs: folder(),
      keepGoing: false,
      onStep: (phase) => {
        if (phase.startsWith('after')) controller.abort();
      },
    };
    const told: unknown[] = [];
    const shared = { session, features: new Features(session, []), fetched: new Set<string>() };
    expect(
      await verifyAll(
        [subject, subject],
        shared,
        1,
        async () => options,
        (one) => told.push(one),
      ),
    ).toBe(false);
    expect(told).toEqual([]);
    expect(await session.close()).toEqual([]);
    expect(engine.images.size).toBe(0);
  });
});
