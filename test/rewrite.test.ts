import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRACT_KEYS } from '../src/contract.ts';
import type { Document } from '../src/document.ts';
import { applyEdits, type Change, type Decline, type Edit, EditMap, OverlapError } from '../src/edit.ts';
import type { Project } from '../src/project/project.ts';
import { type Policy, rewrite } from '../src/rewrite.ts';
import { defineTransform, type Transform } from '../src/transform.ts';

const project = { contexts: [] } as unknown as Project;
const policy: Policy = { skip: [], level: 'review', options: {} };

/** A transform made of a function from the document to changes. */
function transform(plan: (document: Document) => Iterable<Change | Decline>, more: Partial<Transform> = {}): Transform {
  return {
    ...defineTransform({
      name: 'test',
      summary: 's',
      docs: { what: 'w', why: 'w', example: { before: '', after: '' } },
      options: {},
      mayChange: [],
      declines: { no: 'never' },
      plan,
    }),
    ...more,
  };
}

const change = (edits: readonly Edit[], more: Partial<Change> = {}): Change => ({
  title: 't',
  why: 'w',
  evidence: [],
  level: 'safe',
  at: edits[0] ?? { start: 0, end: 0 },
  edits,
  ...more,
});

/** Replaces the first occurrence of a text. */
const replace = (from: string, to: string, more: Partial<Transform> = {}, extra: Partial<Change> = {}) =>
  transform(function* ({ text }) {
    const start = text.indexOf(from);
    if (start !== -1) yield change([{ start, end: start + from.length, text: to }], extra);
  }, more);

function run(
  text: string,
  transforms: readonly Transform[],
  settings: Partial<Policy> = {},
  files: Record<string, string> = {},
) {
  const planned = new Map(Object.entries(files));
  const tree = {
    read: (path: string) => planned.get(path),
    plan: (path: string, after: string) => void planned.set(path, after),
  };
  return rewrite({ path: 'Dockerfile', text, tree, project, transforms, settings: { ...policy, ...settings } });
}

describe('the engine', () => {
  it('applies what the level allows and holds the rest', () => {
    const risky = replace('RUN b', 'RUN c', { name: 'risky' }, { level: 'risky' });
    const result = run('FROM a\nRUN b\n', [risky]);
    expect(result.after).toBe('FROM a\nRUN b\n');
    expect(result.changes.map(({ status, line }) => [status, line])).toEqual([['held', 2]]);
    expect(run('FROM a\nRUN b\n', [risky], { level: 'risky' }).after).toBe('FROM a\nRUN c\n');
  });

  it('never takes advice, whatever the level', () => {
    const advice = replace('RUN b', 'RUN c', {}, { level: 'manual' });
    expect(run('FROM a\nRUN b\n', [advice], { level: 'manual' }).changes[0]?.status).toBe('held');
  });

  it('leaves out what is refused when it asks', () => {
    const asked: unknown[] = [];
    const accept = (...what: unknown[]): boolean => asked.push(what[0], what[2]) === 0;
    const tree = { read: () => undefined, plan: () => undefined };
    const transforms = [replace('RUN b', 'RUN c')];
    const result = rewrite({
      path: 'Dockerfile',
      text: 'FROM a\nRUN b\n',
      tree,
      project,
      transforms,
      settings: policy,
      accept,
    });
    expect([result.after, result.changes[0]?.status, asked]).toEqual(['FROM a\nRUN b\n', 'refused', ['test', 2]]);
  });

  it('a held change never happened for later transforms', () => {
    const seen: string[] = [];
    const look = transform(function* ({ text }) {
      seen.push(text);
    });
    run('FROM a\nRUN b\n', [replace('b', 'c', {}, { level: 'risky' }), replace('RUN b', 'RUN d'), look]);
    expect(seen).toEqual(['FROM a\nRUN d\n']);
  });

  it('only and skip choose transforms', () => {
    const two = [replace('b', 'c', { name: 'one' }), replace('RUN', 'run', { name: 'two' })];
    expect(run('FROM a\nRUN b\n', two, { only: ['one'] }).after).toBe('FROM a\nRUN c\n');
    expect(run('FROM a\nRUN b\n', two, { skip: ['one'] }).after).toBe('FROM a\nrun b\n');
  });

  it('tells lines of the file as it was', () => {
    const result = run('FROM a\nRUN b\nRUN c\n', [replace('RUN b', 'RUN b\nRUN x\nRUN y'), replace('RUN c', 'RUN d')]);
    expect(result.changes.map(({ line }) => line)).toEqual([2, 3]);
    expect(result.changes[1]?.touches).toEqual([[3, 3]]);
  });

  it('a transform that fails is a fault and the others go on', () => {
    const broken = transform(function* () {
      throw new Error('boom');
    });
    const result = run('FROM a\nRUN b\n', [broken, replace('RUN b', 'RUN c')]);
    expect(result.faults).toEqual([{ transform: 'test', message: 'boom' }]);
    expect(result.after).toBe('FROM a\nRUN c\n');
  });

  it.each([
    [
      'overlapping edits',
      [
        { start: 7, end: 12, text: 'x' },
        { start: 11, end: 12, text: 'y' },
      ],
    ],
    ['an unreadable result', [{ start: 7, end: 10, text: 'BOGUS' }]],
    ['a change of the contract', [{ start: 7, end: 12, text: 'USER b' }]],
    ['an edit outside of the text', [{ start: 7, end: 99, text: '' }]],
  ])('%s is a fault and changes nothing', (_, edits) => {
    const result = run('FROM a\nRUN b\n', [transform(() => [change(edits)])]);
    expect(result.after).toBe('FROM a\nRUN b\n');
    expect(result.faults).toHaveLength(1);
    expect(result.changes).toEqual([]);
  });

  it('a lost comment is a fault', () => {
    expect(run('FROM a\n# why\nRUN b\n', [replace('# why\n', '')]).faults[0]?.message).toMatch(
      /lose the comment # why/,
    );
    expect(run('FROM a\nRUN b \\\n  # why\n  c\n', [replace('  # why\n', '')]).faults[0]?.message).toMatch(/# why/);
  });

  it('a comment that stands there twice may not be lost once', () => {
    const result = run('FROM a\n# why\nRUN b\n# why\nRUN c\n', [replace('# why\n', '')]);
    expect(result.faults[0]?.message).toMatch(/lose the comment # why/);
  });

  it('no neighbour is planned by changes that are discarded', () => {
    const edits = [
      { start: 7, end: 12, text: 'USER b' },
      { start: 0, end: 1, text: 'X', file: 'compose.yaml' },
    ];
    const seen: (string | undefined)[] = [];
    const files = new Map([['compose.yaml', 'abc']]);
    const tree = { read: (path: string) => files.get(path), plan: (path: string) => void seen.push(path) };
    const transforms = [transform(() => [change(edits)])];
    const result = rewrite({
      path: 'Dockerfile',
      text: 'FROM a\nRUN b\n',
      tree,
      project,
      transforms,
      settings: policy,
    });
    expect(result.faults).toHaveLength(1);
    expect([seen, result.files]).toEqual([[], []]);
  });

  it('an edit of a neighbour that is not there is a fault, and so are two files of one name', () => {
    const gone = transform(() => [change([{ start: 0, end: 0, text: 'X', file: 'gone.yaml' }])]);
    expect(run('FROM a\n', [gone]).faults[0]?.message).toMatch(/edits gone\.yaml, which cannot be read/);
    const made = change([], { creates: [{ file: 'nginx.conf', text: 'n' }] });
    expect(run('FROM a\n', [transform(() => [made, made])]).faults[0]?.message).toMatch(/would make nginx\.conf/);
  });

  it('a decline with an unknown code is a fault', () => {
    const result = run('FROM a\n', [transform(() => [{ code: 'other', why: 'w', at: { start: 0, end: 1 } }])]);
    expect(result.faults[0]?.message).toMatch(/unknown code other/);
  });

  it('a later transform that takes an insertion away supersedes it', () => {
    const insert = transform(function* ({ text }) {
      if (!text.includes('--x')) yield change([{ start: text.length - 1, end: text.length - 1, text: ' --x' }]);
    });
    const result = run('FROM a\nRUN b\n', [insert, replace(' --x', '', { name: 'late' })]);
    expect(result.changes.map(({ status }) => status)).toEqual(['superseded', 'applied']);
    expect(result.after).toBe('FROM a\nRUN b\n');
  });

  it('carries neighbours: edits and new files, all or nothing', () => {
    const both = transform(({ text }) => [
      change(
        [
          { start: 7, end: text.length - 1, text: 'RUN c' },
          { start: 0, end: 1, text: 'X', file: 'compose.yaml' },
        ],
        {
          creates: [{ file: 'nginx.conf', text: 'n' }],
        },
      ),
    ]);
    const result = run('FROM a\nRUN b\n', [both], {}, { 'compose.yaml': 'abc' });
    expect(result.files).toEqual([
      { path: 'compose.yaml', before: 'abc', after: 'Xbc' },
      { path: 'nginx.conf', before: undefined, after: 'n' },
    ]);
    const there = run('FROM a\nRUN b\n', [both], {}, { 'compose.yaml': 'abc', 'nginx.conf': 'old' });
    expect(there.after).toBe('FROM a\nRUN b\n');
    expect(there.files).toEqual([]);
    expect(there.faults[0]?.message).toMatch(/nginx.conf/);
  });

  it('completes a neighbour that an earlier transform made', () => {
    const creates = transform(() => [change([], { creates: [{ file: '.dockerignore', text: 'a\n' }] })]);
    const completes = transform(() => [change([{ start: 2, end: 2, text: 'b\n', file: '.dockerignore' }])], {
      name: 'second',
    });
    const result = run('FROM a\n', [creates, completes]);
    expect(result.faults).toEqual([]);
    expect(result.files).toEqual([{ path: '.dockerignore', before: undefined, after: 'a\nb\n' }]);
    const there = run('FROM a\n', [completes], {}, { '.dockerignore': 'x\n' });
    expect(there.files).toEqual([{ path: '.dockerignore', before: 'x\n', after: 'x\nb\n' }]);
  });

  it('edits nothing where two parsers read the file differently', () => {
    const text = 'FROM a\nRUN echo " <<EOF "\nRUN b\n';
    const result = run(text, [replace('RUN b', 'RUN c')]);
    expect(result.error).toMatchObject({ code: 'parser-disagreement', leftAlone: false });
    expect([result.after, result.changes]).toEqual([text, []]);
    expect(run(text, [replace('nothing', 'x')]).error).toBeUndefined();
  });

  it('reports what is not a Dockerfile and keeps its bytes', () => {
    const result = run('nonsense here\n', [replace('nonsense', 'x')]);
    expect(result.error).toMatchObject({ code: 'unknown-instruction', line: 1 });
    expect(result.after).toBe('nonsense here\n');
  });
});

describe('ignore comments', () => {
  const edit = replace('RUN b', 'RUN c', { name: 'test' });
  const outcome = (text: string) => {
    const result = run(text, [edit]);
    return [result.changes[0]?.status, result.warnings.map((warning) => warning.text)];
  };
  it.each([
    ['above the instruction', 'FROM a\n# redock ignore=test\nRUN b\n'],
    ['with others and a reason', 'FROM a\n# redock ignore=test reason=we know\nRUN b\n'],
    ['with comments between', 'FROM a\n# redock ignore=test\n# more\nRUN b\n'],
    ['inside of the instruction', 'FROM a\nRUN b \\\n # redock ignore=test\n c\n'],
    ['for the stage', '# redock stage ignore=test\nFROM a\nRUN x\nRUN b\n'],
    ['for the file', 'FROM a\nRUN b\nFROM b\n# redock global ignore=test\n'],
  ])('%s keep the change back', (_, text) => {
    expect(outcome(text)).toEqual(['ignored', []]);
  });

  it.each([
    ['above another instruction', 'FROM a\n# redock ignore=test\nRUN x\nRUN b\n'],
    ['with a blank line between', 'FROM a\n# redock ignore=test\n\nRUN b\n'],
    ['for another stage', 'FROM a\nRUN b\n# redock stage ignore=test\nFROM x\n'],
  ])('%s are unused', (_, text) => {
    const [status, warnings] = outcome(text);
    expect(status).toBe('applied');
    expect(warnings).toEqual([expect.stringMatching(/unused/)]);
  });

  it('an unknown name is a warning with the nearest one', () => {
    expect(run('FROM a\n# redock ignore=tst\nRUN b\n', [edit]).warnings[0]).toEqual({
      line: 2,
      text: 'there is no transform tst to ignore; did you mean test?',
    });
  });

  it('what cannot be read is a warning', () => {
    expect(run('FROM a\n# redock ignroe=test\nRUN b\n', [edit]).warnings[0]?.text).toMatch(/not understood/);
  });
});

describe('the contract check catches', () => {
  const base = 'FROM node:22 AS build\nRUN a\nFROM node:22\n';
  it.each([
    ['base', 'FROM node:22\nRUN a\n', 'FROM node:22-slim\nRUN a\n'],
    ['user', `${base}USER node\n`, base],
    ['workdir', `${base}WORKDIR /a\n`, `${base}WORKDIR /b\n`],
    ['env', `${base}ENV A=1\n`, `${base}ENV A=2\n`],
    ['entrypoint', `${base}ENTRYPOINT ["a"]\n`, `${base}ENTRYPOINT a\n`],
    ['cmd', `${base}CMD ["a"]\n`, base],
    ['ports', `${base}EXPOSE 80\n`, `${base}EXPOSE 81\n`],
    ['volumes', `${base}VOLUME /a\n`, base],
    ['labels', `${base}LABEL a=b\n`, `${base}LABEL a=c\n`],
    ['stopsignal', `${base}STOPSIGNAL SIGINT\n`, base],
    ['healthcheck', `${base}HEALTHCHECK CMD a\n`, `${base}HEALTHCHECK --interval=5s CMD a\n`],
    ['onbuild', `${base}ONBUILD RUN a\n`, base],
    ['shell', `${base}SHELL ["/bin/bash", "-c"]\n`, base],
    ['copies', `${base}COPY --from=build /a /b\n`, `${base}COPY --from=build /a /c\n`],
    ['author', `${base}MAINTAINER me\n`, base],
    ['stages', base, 'FROM node:22 AS other\nRUN a\nFROM node:22\n'],
  ] as const)('%s', (key, before, after) => {
    const whole = (mayChange: Transform['mayChange']) =>
      run(before, [transform(({ text }) => [change([{ start: 0, end: text.length, text: after }])], { mayChange })]);
    expect(whole([]).faults[0]?.message).toContain(key);
    expect(whole([]).after).toBe(before);
    expect(whole([key]).after).toBe(after);
  });

  it('an option narrows what a transform may change', () => {
    const narrow = (allowed: Transform['mayChange']) =>
      run('FROM a\n', [
        transform(({ text }) => [change([{ start: 0, end: text.length, text: 'FROM b\nUSER 1\n' }])], {
          mayChange: ['base', 'user'],
          mayChangeWith: () => allowed,
        }),
      ]);
    expect(narrow(['base']).faults[0]?.message).toContain('user');
    expect(narrow(['base', 'user']).after).toBe('FROM b\nUSER 1\n');
  });

  it.each([
    ['base', 'a default that FROM fills in', 'ARG V=22\nFROM node:$V\n', 'ARG V=24\nFROM node:$V\n'],
    ['base', 'the platform', 'FROM node:22\n', 'FROM --platform=linux/amd64 node:22\n'],
    ['base', 'the base of a stage that nobody names', 'FROM a AS x\nFROM b\n', 'FROM c AS x\nFROM b\n'],
    ['base', 'the base of a stage without a name', 'FROM a\nFROM b\n', 'FROM c\nFROM b\n'],
    ['base', 'the base behind a stage', 'FROM a AS x\nFROM x\n', 'FROM b AS x\nFROM x\n'],
    [
      'user',
      'an account of another number',
      `${base}RUN useradd -u 10 x\nUSER x\n`,
      `${base}RUN useradd -u 11 x\nUSER x\n`,
    ],
    ['user', 'a group', `${base}USER 10:10\n`, `${base}USER 10:11\n`],
    ['user', 'the user of the parent', 'FROM a AS x\nUSER 10\nFROM x\n', 'FROM a AS x\nUSER 10\nFROM x\nUSER 11\n'],
    ['workdir', 'the folder of the parent', 'FROM a AS x\nWORKDIR /a\nFROM x\n', 'FROM a AS x\nWORKDIR /b\nFROM x\n'],
    ['workdir', 'a relative folder that is lost', 'FROM a\nWORKDIR a\nWORKDIR b\n', 'FROM a\nWORKDIR b\n'],
    ['env', 'a variable that is new', base, `${base}ENV A=1\n`],
    ['env', 'a variable that is lost', `${base}ENV A=1 B=2\n`, `${base}ENV B=2\n`],
    ['env', 'what a backslash means', '# escape=`\nFROM a\nENV A=a\\b\n', 'FROM a\nENV A=a\\b\n'],
    ['env', 'a default that ENV fills in', `${base}ARG V=1\nENV A=$V\n`, `${base}ARG V=2\nENV A=$V\n`],
    ['env', 'an argument that is not declared any more', `${base}ARG V=1\nENV A=$V\n`, `${base}ENV A=$V\n`],
    ['entrypoint', 'an entrypoint that is new', `${base}CMD ["a"]\n`, `${base}ENTRYPOINT ["tini", "--"]\nCMD ["a"]\n`],
    ['cmd', 'a command without its shell', `${base}CMD a b\n`, `${base}CMD ["a", "b"]\n`],
    ['cmd', 'a word of a command', `${base}CMD ["a", "b c"]\n`, `${base}CMD ["a", "b", "c"]\n`],
    ['ports', 'the protocol', `${base}EXPOSE 53/udp\n`, `${base}EXPOSE 53\n`],
    ['ports', 'a port that is lost', `${base}EXPOSE 80 81\n`, `${base}EXPOSE 80\n`],
    ['volumes', 'another folder', `${base}VOLUME ["/a", "/b"]\n`, `${base}VOLUME ["/a"]\n`],
    ['labels', 'a label that is new', base, `${base}LABEL a=b\n`],
    ['stopsignal', 'another signal', `${base}STOPSIGNAL SIGINT\n`, `${base}STOPSIGNAL SIGQUIT\n`],
    ['healthcheck', 'a check that is switched off', `${base}HEALTHCHECK CMD a\n`, `${base}HEALTHCHECK NONE\n`],
    ['healthcheck', 'the form of the command', `${base}HEALTHCHECK CMD a\n`, `${base}HEALTHCHECK CMD ["a"]\n`],
    [
      'onbuild',
      'the order of triggers',
      `${base}ONBUILD RUN a\nONBUILD RUN b\n`,
      `${base}ONBUILD RUN b\nONBUILD RUN a\n`,
    ],
    ['shell', 'the shell of the parent', 'FROM a AS x\nSHELL ["b"]\nFROM x\n', 'FROM a AS x\nSHELL ["c"]\nFROM x\n'],
    ['copies', 'the owner', `${base}COPY a /b\n`, `${base}COPY --chown=10 a /b\n`],
    ['copies', 'the mode', `${base}COPY --chmod=755 a /b\n`, `${base}COPY a /b\n`],
    ['copies', 'what is left out', `${base}COPY --exclude=*.md a /b\n`, `${base}COPY a /b\n`],
    ['copies', 'the checksum', `${base}ADD --checksum=sha256:0 https://x/y /b\n`, `${base}ADD https://x/y /b\n`],
    ['copies', 'a folder for a file', `${base}COPY a /b\n`, `${base}COPY a /b/\n`],
    [
      'copies',
      'the folder that a relative target is in',
      `${base}WORKDIR /a\nCOPY x .\n`,
      `${base}COPY x .\nWORKDIR /a\n`,
    ],
    ['copies', 'the text that the file holds itself', `${base}COPY <<E /a\nb\nE\n`, `${base}COPY <<E /a\nc\nE\n`],
    [
      'copies',
      'another stage of the same number',
      'FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=x /a /a\n',
      'FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=y /a /a\n',
    ],
    ['copies', 'the order, in which the later wins', `${base}COPY a /x\nCOPY b /x\n`, `${base}COPY b /x\nCOPY a /x\n`],
    ['copies', 'what the parent brings', 'FROM a AS x\nCOPY a /a\nFROM x\n', 'FROM a AS x\nFROM x\n'],
    ['author', 'another author', `${base}MAINTAINER me\n`, `${base}MAINTAINER you\n`],
    [
      'labels',
      'a name that an argument fills in',
      'FROM a\nARG V=1\nLABEL x.$V=b\n',
      'FROM a\nARG V=2\nLABEL x.$V=b\n',
    ],
    ['labels', 'a default that LABEL fills in', 'FROM a\nARG V=1\nLABEL a=$V\n', 'FROM a\nARG V=2\nLABEL a=$V\n'],
    ['ports', 'a default that EXPOSE fills in', 'FROM a\nARG V=1\nEXPOSE $V\n', 'FROM a\nARG V=2\nEXPOSE $V\n'],
    ['volumes', 'a default that VOLUME fills in', 'FROM a\nARG V=/1\nVOLUME $V\n', 'FROM a\nARG V=/2\nVOLUME $V\n'],
    [
      'stopsignal',
      'a default that STOPSIGNAL fills in',
      'FROM a\nARG V=SIGINT\nSTOPSIGNAL $V\n',
      'FROM a\nARG V=SIGQUIT\nSTOPSIGNAL $V\n',
    ],
    [
      'copies',
      'a default that a flag fills in',
      'FROM a\nARG V=1\nCOPY --chown=$V a /b\n',
      'FROM a\nARG V=2\nCOPY --chown=$V a /b\n',
    ],
    ['env', 'a variable behind another that is set', 'FROM a\nENV B=1\nENV A=$B\n', 'FROM a\nENV B=1\nENV A=$C\n'],
    [
      'env',
      'what hides an argument of its name',
      'FROM a\nARG V=1\nENV V=2\nENV A=$V\n',
      'FROM a\nENV V=1\nARG V=2\nENV V=2\nENV A=1\n',
    ],
    [
      'ports',
      'another variable without a value',
      'FROM a\nARG V\nARG W\nEXPOSE $V\n',
      'FROM a\nARG V\nARG W\nEXPOSE $W\n',
    ],
    ['user', 'a user that only the build knows', 'FROM a\nARG V\nARG W\nUSER $V\n', 'FROM a\nARG V\nARG W\nUSER $W\n'],
    [
      'workdir',
      'the folder of the parent that a relative one counts from',
      'FROM a AS x\nWORKDIR b\nFROM x\nWORKDIR c\n',
      'FROM a AS x\nWORKDIR b\nFROM a\nWORKDIR c\n',
    ],
    // a stage that starts from the image of its parent, and not from the parent any more
    ...(
      [
        ['user', 'USER 10'],
        ['workdir', 'WORKDIR /a'],
        ['env', 'ENV A=1'],
        ['entrypoint', 'ENTRYPOINT ["a"]'],
        ['cmd', 'CMD ["a"]'],
        ['ports', 'EXPOSE 80'],
        ['volumes', 'VOLUME /a'],
        ['labels', 'LABEL a=b'],
        ['stopsignal', 'STOPSIGNAL SIGINT'],
        ['healthcheck', 'HEALTHCHECK CMD a'],
        ['onbuild', 'ONBUILD RUN a'],
        ['shell', 'SHELL ["b"]'],
        ['copies', 'COPY a /a'],
        ['author', 'MAINTAINER me'],
      ] as const
    ).map(
      ([key, line]) =>
        [key, 'what the parent had', `FROM a AS x\n${line}\nFROM x\n`, `FROM a AS x\n${line}\nFROM a\n`] as const,
    ),
    ['stages', 'a stage that is new', base, 'FROM alpine AS z\nRUN a\nFROM node:22 AS build\nRUN a\nFROM node:22\n'],
    ['stages', 'a stage that is lost', base, 'FROM node:22\n'],
    ['stages', 'a name that is new', base, `${base.trimEnd()} AS final\n`],
    ['stages', 'the order of stages', 'FROM a AS x\nFROM a AS y\n', 'FROM a AS y\nFROM a AS x\n'],
  ] as const)('%s: %s', (key, _, before, after) => {
    const others = CONTRACT_KEYS.filter((it) => it !== key);
    const whole = (mayChange: Transform['mayChange']) =>
      run(before, [transform(({ text }) => [change([{ start: 0, end: text.length, text: after }])], { mayChange })]);
    expect(whole(others).faults[0]?.message).toContain(key);
    expect(whole(others).after).toBe(before);
    expect(whole(CONTRACT_KEYS).after).toBe(after);
  });

  it.each([
    ['ENV written in another form', 'FROM a\nENV A b c\n', 'FROM a\nENV A="b c"\n'],
    ['ADD for COPY', 'FROM a\nADD x /y\n', 'FROM a\nCOPY x /y\n'],
    ['the letter case of a stage', 'FROM a AS X\nFROM X\n', 'FROM a AS x\nFROM x\n'],
    ['the order of ports and volumes', 'FROM a\nEXPOSE 80 81\nVOLUME /a /b\n', 'FROM a\nEXPOSE 81 80\nVOLUME /b /a\n'],
    ['the protocol that is meant anyway', 'FROM a\nEXPOSE 80\n', 'FROM a\nEXPOSE 80/tcp\n'],
    ['a CMD before an ENTRYPOINT of the same stage', 'FROM a\nCMD b\nENTRYPOINT c\n', 'FROM a\nENTRYPOINT c\nCMD b\n'],
    [
      'the order of flags',
      'FROM a\nHEALTHCHECK --retries=1 --timeout=2s CMD b\nCOPY --chown=1 --chmod=644 a /b\n',
      'FROM a\nHEALTHCHECK --timeout=2s --retries=1 CMD b\nCOPY --chmod=644 --chown=1 a /b\n',
    ],
    ['a layer of its own', 'FROM a\nCOPY a /b\n', 'FROM a\nCOPY --link a /b\n'],
    [
      'a stage by its number',
      'FROM a AS x\nFROM b\nCOPY --from=x /a /a\n',
      'FROM a AS x\nFROM b\nCOPY --from=0 /a /a\n',
    ],
    [
      'a value instead of its argument',
      'FROM a\nARG V=1\nENV V=2\nLABEL a=$V\n',
      'FROM a\nARG V=1\nENV V=2\nLABEL a=2\n',
    ],
    ['a value instead of its variable', 'FROM a\nENV V=/b\nCOPY a $V\n', 'FROM a\nENV V=/b\nCOPY a /b\n'],
    ['the order of labels', 'FROM a\nLABEL a=1 b=2\n', 'FROM a\nLABEL b=2 a=1\n'],
    [
      'a relative WORKDIR made absolute',
      'FROM alpine:3\nWORKDIR /a\nWORKDIR b\n',
      'FROM alpine:3\nWORKDIR /a\nWORKDIR /a/b\n',
    ],
    ['an ARG in an ENV', 'FROM a\nARG V=1\nENV A=$V\n', 'FROM a\nARG V=1\nENV A=${V}\n'],
  ])('but not %s', (_, before, after) => {
    const result = run(before, [transform(({ text }) => [change([{ start: 0, end: text.length, text: after }])])]);
    expect(result.faults).toEqual([]);
    expect(result.after).toBe(after);
  });

  it('a stage of the same name where another is put before it', () => {
    const before = 'FROM a AS x\nFROM b\n';
    const whole = (after: string) =>
      run(before, [
        transform(({ text }) => [change([{ start: 0, end: text.length, text: after }])], { mayChange: ['stages'] }),
      ]);
    expect(whole('FROM c AS y\nFROM a AS x\nFROM b\n').faults).toEqual([]);
    expect(whole('FROM c AS y\nFROM d AS x\nFROM b\n').faults[0]?.message).toContain('base');
  });

  it('a CMD that a new ENTRYPOINT takes away', () => {
    const before = 'FROM a AS x\nCMD ["b"]\nFROM x\n';
    const result = run(before, [
      transform(({ text }) => [change([{ start: text.length, end: text.length, text: 'ENTRYPOINT ["e"]\n' }])], {
        mayChange: ['entrypoint'],
      }),
    ]);
    expect(result.faults[0]?.message).toContain('cmd');
  });
});

describe('edits', () => {
  it('refuse to touch the same text twice', () => {
    const twice = [
      { start: 1, end: 3, text: 'x' },
      { start: 1, end: 3, text: 'y' },
    ];
    expect(() => applyEdits('abcdef', twice)).toThrow(OverlapError);
    expect(() =>
      applyEdits('abcdef', [
        { start: 0, end: 4, text: '' },
        { start: 2, end: 2, text: 'i' },
      ]),
    ).toThrow(OverlapError);
    expect(
      applyEdits('abcdef', [
        { start: 3, end: 3, text: 'i' },
        { start: 0, end: 3, text: '' },
      ]),
    ).toBe('idef');
  });

  const spans = fc
    .tuple(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(40), fc.nat(5), fc.string({ maxLength: 4 })), { maxLength: 5 }),
    )
    .map(([text, raw]) => {
      const edits: Edit[] = [];
      let from = 0;
      for (const [gap, length, insert] of raw) {
        const start = from + (gap % 7);
        const end = start + length;
        if (end > text.length) break;
        edits.push({ start, end, text: insert });
        from = end + 1;
      }
      return { text, edits };
    });

  it('equal cutting and pasting by hand', () => {
    fc.assert(
      fc.property(spans, ({ text, edits }) => {
        const pieces = [...edits].reverse().reduce((out, e) => out.slice(0, e.start) + e.text + out.slice(e.end), text);
        expect(applyEdits(text, edits)).toBe(pieces);
      }),
    );
  });

  it('every kept character is carried there and back', () => {
    fc.assert(
      fc.property(spans, ({ text, edits }) => {
        const after = applyEdits(text, edits);
        const map = new EditMap(edits);
        for (const edit of edits) {
          const { start, end } = map.inserted(edit);
          expect(after.slice(start, end)).toBe(edit.text);
        }
        for (let i = 0; i < text.length; i++) {
          if (edits.some((e) => e.start <= i && i < e.end)) continue;
          const now = map.carry({ start: i, end: i + 1 });
          expect(now && after.slice(now.start, now.end)).toBe(text[i]);
          expect(now && map.origin(now.start)).toBe(i);
        }
      }),
    );
  });
});
