import { describe, expect, it } from 'vitest';
import { Document } from '../src/document.ts';

function read(text: string): Document {
  const document = Document.read('Dockerfile', text);
  if (!(document instanceof Document)) throw new Error(`${document.line}: ${document.message}`);
  return document;
}
const refusal = (text: string) => {
  const document = Document.read('Dockerfile', text);
  return document instanceof Document ? undefined : [document.code, document.line];
};
const words = (text: string) =>
  read(text)
    .instructions.at(-1)
    ?.words.map((w) => w.value);
const flags = (text: string) =>
  read(text)
    .instructions.at(-1)
    ?.flags.map((f) => [f.name, f.value]);

describe('what is not a Dockerfile is left alone with a line and a reason', () => {
  it.each([
    ['', 'no-from', 1],
    ['RUN a\n', 'no-from', 1],
    ['# only a comment\n', 'no-from', 1],
    ['FROM a\nBOGUS x\n', 'unknown-instruction', 2],
    ['hello world\nthis is text\n', 'unknown-instruction', 1],
    ['FROM a\nRUN {% if x %}b{% endif %}\n', 'template', 2],
    ['FROM {{ base }}\n', 'template', 1],
    ['{% if x %}\nFROM a\n{% endif %}\n', 'template', 1],
    ['FROM a\nENV V %%VERSION%%\n', 'template', 2],
    ['FROM a\nRUN <%= cmd %>\n', 'template', 2],
    ['FROM a b c d\n', 'bad-from', 1],
    ['FROM a\nENV x\n', 'bad-pairs', 2],
    ['FROM a\nCOPY\n', 'no-arguments', 2],
    ['# syntax=other/frontend\nFROM a\n', 'other-frontend', 1],
  ])('%j', (text, code, line) => {
    expect(refusal(text)).toEqual([code, line]);
  });

  it('a Go template as an argument of a tool is no template', () => {
    expect(refusal("FROM a\nRUN docker inspect --format '{{.Id}}' x\n")).toBeUndefined();
  });
});

describe('tokens where dockerfile-ast is known to err', () => {
  it.each([
    ['JSON strings keep blanks and escapes (D1)', 'FROM a\nCMD ["a b", "a\\nb", "\\u0041"]', ['a b', 'a\nb', 'A']],
    ['heredoc bodies are no arguments (D3)', 'FROM a\nCOPY <<EOF /x\nFROM b\nEOF', ['<<EOF', '/x']],
    ['text behind an array makes it shell form (D6)', 'FROM a\nCMD ["a"] x', ['["a"]', 'x']],
    ['an array over lines with a comment is exec form (D6)', 'FROM a\nCMD ["a", \\\n# c\n "b"]', ['a', 'b']],
    ['single quotes are shell form', "FROM a\nCMD ['a','b']", ["['a','b']"]],
    ['a word with -- inside is a word (D7)', 'FROM a\nCOPY a--b --c d', ['a--b', '--c', 'd']],
    ['FROM quotes nothing, COPY neither', 'FROM a\nCOPY "a b" c', ['"a', 'b"', 'c']],
  ])('%s', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it.each([
    [
      'flags behind a comment with a backslash (D2)',
      'FROM a\nRUN --mount=type=cache,target=/x \\\n# x\\y\n --network=none b',
      [
        ['mount', 'type=cache,target=/x'],
        ['network', 'none'],
      ],
    ],
    [
      'quotes in flag values are taken away (D7)',
      'FROM a\nRUN --mount=type=cache,target="/x y" b',
      [['mount', 'type=cache,target=/x y']],
    ],
    [
      'two flags with --from (D12)',
      'FROM a AS x\nFROM b\nCOPY --from=x --chown=1 /a /b',
      [
        ['from', 'x'],
        ['chown', '1'],
      ],
    ],
    ['a bare -- ends the flags', 'FROM a\nRUN -- --x b', []],
  ])('%s', (_, text, expected) => {
    expect(flags(text)).toEqual(expected);
  });

  it('reads registries with ports, tags and digests (D11)', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const image = read(`FROM reg.io:5000/a/b:t@${digest}\n`).stages[0]?.image;
    expect(image).toMatchObject({ registry: 'reg.io:5000', path: 'a/b', tag: 't', digest });
    expect(read('FROM rocm/dev-ubuntu-22.04\n').stages[0]?.image).toMatchObject({
      registry: 'docker.io',
      path: 'rocm/dev-ubuntu-22.04',
    });
  });

  it('several names in one ARG (D13)', () => {
    const document = read('ARG A=1 B=2\nFROM x:$A.$B\n');
    expect(document.stages[0]?.image?.tag).toBe('1.2');
  });

  it('escaped Windows paths stay as written (D15)', () => {
    expect(words('FROM a\nCOPY C:\\\\x y')).toEqual(['C:\\\\x', 'y']);
  });
});

describe('where the two parsers differ nobody edits', () => {
  it.each([
    ['an escaped backslash at the line end (D17)', 'FROM a\nRUN echo a \\\\\nRUN x\n'],
    ['a heredoc in quotes (D22)', 'FROM a\nRUN echo " <<EOF "\nUSER x\n'],
    ['a heredoc with a blank (D20)', 'FROM a\nRUN cat << EOF\na\nEOF\n'],
    ['a directive behind an odd one (D25)', '# foo=bar\n# escape=`\nFROM a\nRUN a \\\n b\n'],
    ['a heredoc body that ends in a backslash (D4)', 'FROM a\nRUN <<EOF\na \\;\nEOF\nUSER x\n'],
  ])('%s: read or refused, never read wrong', (_, text) => {
    const document = Document.read('Dockerfile', text);
    if (document instanceof Document) expect(document.instructions.map((i) => i.keyword)).not.toContain('EOF');
    else expect(document.code).toBe('parser-disagreement');
  });

  it.each([
    ['a getter of dockerfile-ast that throws (D8)', 'FROM a\nRUN a \\\n \\\\ b\n'],
    ['one that never ends (D10)', 'FROM a AS b\nFROM b AS a\nWORKDIR x\n'],
    ['one that overflows (D9)', '  ARG B=$A\nFROM x\n'],
  ])('%s does not reach the user', (_, text) => {
    expect(() => Document.read('Dockerfile', text)).not.toThrow();
  });
});

describe('variables (D14)', () => {
  const image = (text: string) => read(text).stages.at(-1)?.image?.tag;
  it.each([
    ['ARG V=1\nFROM a:$V', '1'],
    ['ARG V=1\nFROM a:${V}', '1'],
    ['FROM a:${V:-2}', '2'],
    ['ARG V\nFROM a:${V:-2}', '2'],
    ['ARG V=1\nFROM a:${V:+3}', '3'],
    ['ARG A=1\nARG B=${A}.2\nFROM a:$B', '1.2'],
    ['ARG V="1"\nFROM a:$V', '1'],
  ])('%j', (text, tag) => {
    expect(image(text)).toBe(tag);
  });

  it('an ARG without default is not known', () => {
    expect(read('ARG V\nFROM a:$V').stages[0]?.image).toBeUndefined();
  });

  it('are inherited through stages as ENV, not as ARG', () => {
    const document = read('FROM alpine:3 AS a\nARG X=1\nENV Y=$X Z=/opt\nFROM a\nWORKDIR $Z/$X\nRUN b\n');
    const run = document.instructions.at(-1);
    expect(run?.state.env.get('Y')).toBe('1');
    expect(run?.state.args.has('X')).toBe(false);
    expect(run?.state.workdir).toBeUndefined();
  });

  it('a global ARG holds in a stage once it is declared there', () => {
    const document = read('ARG X=1\nFROM alpine:3\nRUN a\nARG X\nRUN b\n');
    const [, , first, , second] = document.instructions;
    expect(first?.state.args.has('X')).toBe(false);
    expect(second?.state.args.get('X')).toBe('1');
  });

  it('of one ENV do not see each other', () => {
    const document = read('FROM alpine:3\nENV A=1\nENV A=2 B=$A\nRUN x\n');
    expect(document.instructions.at(-1)?.state.env.get('B')).toBe('1');
  });
});

describe('state in force', () => {
  const last = (text: string) => read(text).instructions.at(-1)?.state;
  it.each([
    ['the default user of a known image', 'FROM node:22\nRUN a', { name: 'root', uid: 0 }],
    [
      'an account of the image',
      'FROM node:22\nUSER node\nRUN a',
      { name: 'node', uid: 1000, gid: 1000, home: '/home/node' },
    ],
    [
      'an account that a RUN made',
      'FROM debian:12\nRUN groupadd -g 2000 g && useradd -u 2001 -g g app\nUSER app\nRUN a',
      { name: 'app', uid: 2001, gid: 2000, home: '/home/app' },
    ],
    ['a busybox account', 'FROM alpine:3\nRUN adduser -D -u 3000 app\nUSER app\nRUN a', { name: 'app', uid: 3000 }],
    ['numbers', 'FROM x/y\nUSER 5:6\nRUN a', { uid: 5, gid: 6 }],
    ['a user of the parent stage', 'FROM node:22 AS base\nUSER node\nFROM base\nRUN a', { uid: 1000 }],
    ['root again', 'FROM node:22\nUSER node\nUSER root\nRUN a', { uid: 0 }],
    [
      'root proved by apt-get below an unknown base',
      'FROM x/y\nRUN a\nRUN apt-get install -y b\nRUN c',
      { uid: 0, provedAt: 3 },
    ],
  ])('%s', (_, text, user) => {
    expect(last(text)?.user).toMatchObject(user);
  });

  it('the user of an unknown base is not known, nor behind sudo', () => {
    expect(last('FROM x/y\nRUN a')?.user).toBeUndefined();
    expect(last('FROM x/y\nRUN sudo apt-get install -y b\nRUN c')?.user).toBeUndefined();
  });

  it('the working directory, relative and absolute', () => {
    expect(last('FROM alpine:3\nWORKDIR /a\nWORKDIR b/../c\nRUN x')?.workdir).toBe('/a/c');
    expect(last('FROM x/y\nWORKDIR a\nRUN x')?.workdir).toBeUndefined();
  });

  it('the shell', () => {
    expect(last('FROM alpine:3\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN x')?.shell).toBe('bash');
    expect(last('FROM alpine:3\nSHELL ["powershell", "-Command"]\nRUN x')?.shell).toBe('opaque');
  });
});

describe('scripts', () => {
  const script = (text: string) => read(text).instructions.at(-1)?.script;
  it('of a heredoc', () => {
    expect(script('FROM alpine:3\nRUN <<EOF\napk add a\nb c\nEOF\n')?.commands.map((c) => c.program)).toEqual([
      'apk',
      'b',
    ]);
  });
  it('of a command with a heredoc: the body is data', () => {
    expect(script('FROM alpine:3\nRUN cat <<EOF > /x && b\napk add a\nEOF\n')?.commands.map((c) => c.program)).toEqual([
      'cat',
      'b',
    ]);
  });
  it.each([
    ['a heredoc of another interpreter', 'FROM alpine:3\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n'],
    ['PowerShell', 'FROM alpine:3\nSHELL ["pwsh", "-c"]\nRUN a && b\n'],
    ['a syntax error', 'FROM alpine:3\nRUN if x; then\n'],
  ])('opaque: %s', (_, text) => {
    expect(script(text)?.opaque).toBeTypeOf('string');
  });
  it('the exec form has none', () => {
    expect(script('FROM alpine:3\nRUN ["a", "b"]\n')).toBeUndefined();
  });
});

describe('editing', () => {
  it('keeps every other byte and knows the lines of the file as it was', () => {
    const before = read('\uFEFFFROM a\r\nRUN b\r\nRUN c');
    const run = before.instructions[1];
    if (!run) throw new Error('no RUN');
    const after = before.edit([{ start: run.start, end: run.start, text: 'USER x\r\n' }]);
    expect(after.text).toBe('\uFEFFFROM a\r\nUSER x\r\nRUN b\r\nRUN c');
    expect(after.originLine(after.text.indexOf('RUN c'))).toBe(3);
    expect(after.lineAt(after.text.indexOf('RUN c'))).toBe(4);
  });
});

describe('stages', () => {
  it('are found by name in any case, by index, and only before', () => {
    const document = read('FROM a AS Build\nFROM build\nCOPY --from=0 a b\n');
    expect(document.stages[1]?.parent?.name).toBe('Build');
    expect(document.stageNamed('BUILD')?.index).toBe(0);
    expect(document.stageNamed('0', document.stages[1])?.index).toBe(0);
    expect(document.stageNamed('1', document.stages[1])).toBeUndefined();
  });
});
