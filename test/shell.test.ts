import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit } from '../src/edit.ts';
import { scan } from '../src/scan.ts';
import type { Command } from '../src/shell/command.ts';
import { parseScript, type Script } from '../src/shell/script.ts';
import { sliceSource } from '../src/source.ts';

const HEAD = 'FROM x\n';

/** The script of the first RUN of `FROM x` and the text; for `RUN <<EOF` that of the body. */
function read(text: string): { readonly file: string; readonly script: Script; readonly after: readonly string[] } {
  const file = text.startsWith('# escape') ? text : HEAD + text;
  const result = scan(file);
  const at = result.instructions.findIndex((it) => it.logical.text.startsWith('RUN'));
  const run = result.instructions[at];
  if (!run) throw new Error('no RUN');
  const [heredoc] = run.heredocs;
  const source = heredoc
    ? {
        text: file.slice(heredoc.body.start, heredoc.body.end),
        offsets: Array.from({ length: heredoc.body.end - heredoc.body.start }, (_, i) => heredoc.body.start + i),
        file,
        at: heredoc.body.start,
      }
    : sliceSource(run.logical, 3 + (/^RUN([ \t]*)/.exec(run.logical.text)?.[1]?.length ?? 0));
  const after = result.instructions.slice(at + 1).map((it) => it.logical.text);
  return { file, script: parseScript(source, { escape: result.escape }), after };
}

function commands(text: string): readonly Command[] {
  const { script } = read(text);
  expect(script.opaque).toBeUndefined();
  return script.commands;
}

function find(text: string, name: string): Command {
  const found = commands(text).find((command) => command.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

/** The text after the edits that `act` asks for, without `FROM x`; undefined where it declines. */
function edited(
  text: string,
  act: (all: readonly Command[]) => Edit | readonly Edit[] | undefined,
): string | undefined {
  const { file, script } = read(text);
  expect(script.opaque).toBeUndefined();
  const edits = act(script.commands);
  if (!edits) return undefined;
  const result = applyEdits(file, 'start' in edits ? [edits] : edits);
  return file.startsWith(HEAD) ? result.slice(HEAD.length) : result;
}

const named = (all: readonly Command[], name: string): Command => {
  const found = all.find((command) => command.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

const removed = (text: string, name = 'b') => edited(text, (all) => named(all, name).remove());
const appended = (text: string, name = 'b') => edited(text, (all) => named(all, name).append('new x'));
const prepended = (text: string, name = 'b') => edited(text, (all) => named(all, name).prepend('new x'));
const withoutWords = (text: string, words: readonly string[], name = 'apt') =>
  edited(text, (all) => {
    const command = named(all, name);
    return command.removeWords(command.args.filter((word) => words.includes(word.raw)));
  });

describe('remove', () => {
  const table: [string, string, string | undefined][] = [
    ['first, one line', 'RUN b && c\n', 'RUN c\n'],
    ['middle, one line', 'RUN a && b && c\n', 'RUN a && c\n'],
    ['last, one line', 'RUN a && b\n', 'RUN a\n'],
    ['no final newline', 'RUN a && b', 'RUN a'],
    ['only one', 'RUN b\n', undefined],
    ['operator first', 'RUN a \\\n    && b -x \\\n    && c\n', 'RUN a \\\n    && c\n'],
    ['operator first, last link', 'RUN a \\\n    && b\nCMD x\n', 'RUN a\nCMD x\n'],
    ['operator first, first link', 'RUN b \\\n    && c\n', 'RUN c\n'],
    ['operator last', 'RUN a && \\\n    b && \\\n    c\n', 'RUN a && \\\n    c\n'],
    ['operator last, last link', 'RUN a && \\\n    b\nCMD x\n', 'RUN a\nCMD x\n'],
    ['tabs', 'RUN a \\\n\t&& b \\\n\t&& c\n', 'RUN a \\\n\t&& c\n'],
    ['comment before it', 'RUN a \\\n    # b\n    && b \\\n    && c\n', 'RUN a \\\n    # b\n    && c\n'],
    ['comment behind it', 'RUN a \\\n    && b \\\n    # c\n    && c\n', 'RUN a \\\n    # c\n    && c\n'],
    [
      'comments on both sides, styles mixed',
      'RUN a && \\\n    # b\n    b \\\n    # c\n    && c\n',
      'RUN a && \\\n    # b\n    # c\n    c\n',
    ],
    ['comment, operator last', 'RUN a && \\\n  # b\n  b && \\\n  # c\n  c\n', 'RUN a && \\\n  # b\n  # c\n  c\n'],
    ['comment before the last', 'RUN a \\\n    # b\n    && b\nCMD x\n', 'RUN a\n    # b\nCMD x\n'],
    ['comment before the last, operator last', 'RUN a && \\\n\n  # b\n\n  b\nCMD x\n', 'RUN a\n  # b\nCMD x\n'],
    ['comment before the last, at the end', 'RUN a \\\n    # b\n    && b', 'RUN a\n    # b'],
    ['comment behind the first', 'RUN b \\\n    # c\n    && c\n', 'RUN \\\n    # c\n    c\n'],
    ['first on its own line', 'RUN \\\n    b \\\n    # c\n    && c\n', 'RUN \\\n    # c\n    c\n'],
    ['blank lines', 'RUN a \\\n\n    && b \\\n\n    && c\n', 'RUN a \\\n\n    && c\n'],
    ['comment inside', 'RUN a \\\n  && b \\\n  # x\n  y && c\n', undefined],
    [
      'package list before it',
      'RUN apt-get install \\\n      curl \\\n      git \\\n    && b\nCMD x\n',
      'RUN apt-get install \\\n      curl \\\n      git\nCMD x\n',
    ],
    ['itself long', 'RUN a \\\n && b \\\n   x \\\n   y \\\n && c\n', 'RUN a \\\n && c\n'],
    ['CRLF', 'RUN a \\\r\n    # b\r\n    && b\r\nCMD x\r\n', 'RUN a\r\n    # b\r\nCMD x\r\n'],
    ['CRLF, first', 'RUN b \\\r\n    # c\r\n    && c\r\n', 'RUN \\\r\n    # c\r\n    c\r\n'],
    ['group', 'RUN a && { b; c; } && d\n', 'RUN a && { c; } && d\n'],
    ['group, last link', 'RUN { c && b; } && d\n', 'RUN { c; } && d\n'],
    ['group, last link behind a comment', 'RUN { c \\\n  # b\n  && b; }\n', 'RUN { c \\\n  # b\n  ; }\n'],
    [
      'group, comment and continuation',
      'RUN { c && \\\n  # b\n  b \\\n  ; } && d\n',
      'RUN { c \\\n  # b\n  ; } && d\n',
    ],
    ['group with a redirection', 'RUN { b; c; } > log\n', undefined],
    ['whole group stays', 'RUN { b; } && c\n', undefined],
    ['subshell', 'RUN (b && c) && d\n', 'RUN (c) && d\n'],
    ['if body', 'RUN if a; then b && c; fi\n', 'RUN if a; then c; fi\n'],
    ['if condition', 'RUN if b && c; then d; fi\n', undefined],
    ['or', 'RUN a && b || c\n', undefined],
    ['group in or', 'RUN { a; b && c; } || d\n', undefined],
    ['pipe', 'RUN a | b && c\n', undefined],
    ['negated', 'RUN ! b && c\n', undefined],
    ['background', 'RUN b & c\n', undefined],
    ['beside the background', 'RUN a & b; c\n', undefined],
    ['substituted', 'RUN a $(b && c)\n', undefined],
    ['semicolon', 'RUN a; b; c\n', 'RUN a; c\n'],
    ['semicolon, first', 'RUN b; c\n', 'RUN c\n'],
    ['semicolon, last: a failure of a would count', 'RUN a; b\n', undefined],
    ['semicolon, last, set -e', 'RUN set -ex; a; b\n', 'RUN set -ex; a\n'],
    ['semicolon, last, trailing', 'RUN set -eux; \\\n  a; \\\n  b;\nCMD x\n', 'RUN set -eux; \\\n  a;\nCMD x\n'],
    ['semicolon, last, set +e', 'RUN set -e; set +e; a; b\n', undefined],
    ['chain behind a statement', 'RUN a; b && c\n', 'RUN a; c\n'],
    ['chain before a statement', 'RUN a && b; c\n', 'RUN a; c\n'],
    ['chain before a statement, set -e', 'RUN set -e; a && b; c\n', undefined],
    ['chain behind a statement, comment', 'RUN a; b \\\n  # c\n  && c\n', 'RUN a \\\n  # c\n  ; c\n'],
    ['chain before a statement, comment', 'RUN a \\\n  # b\n  && b; c\n', 'RUN a \\\n  # b\n  ; c\n'],
    ['shell comment behind it', 'RUN a && b # why\n', undefined],
    ['heredoc body', 'RUN <<EOF\na\nb\n\nc\nEOF\n', 'RUN <<EOF\na\nc\nEOF\n'],
    ['heredoc body, first', 'RUN <<EOF\nb\nc\nEOF\nCMD x\n', 'RUN <<EOF\nc\nEOF\nCMD x\n'],
    ['heredoc body, last, set -e', 'RUN <<EOF\nset -e\na\nb\nEOF\n', 'RUN <<EOF\nset -e\na\nEOF\n'],
    ['heredoc body, continued', 'RUN <<EOF\na && \\\n  b && \\\n  c\nEOF\n', 'RUN <<EOF\na && \\\n  c\nEOF\n'],
    ['heredoc body, comment in the way', 'RUN <<EOF\na\n# why\nb\nc\nEOF\n', undefined],
    ['wrapped', 'RUN sudo -E b x && c\n', 'RUN c\n'],
    ['env prefix', 'RUN a && X=1 b\n', 'RUN a\n'],
    ['time', 'RUN a && time b\n', 'RUN a\n'],
  ];
  it.each(table)('%s', (_, before, after) => expect(removed(before)).toBe(after));

  it('writes the escape of the file', () => {
    const text = '# escape=`\nFROM x\nRUN b `\n  # c\n  && c\n';
    expect(removed(text)).toBe('# escape=`\nFROM x\nRUN `\n  # c\n  c\n');
    expect(removed(text, 'c')).toBe('# escape=`\nFROM x\nRUN b\n  # c\n');
  });
});

describe('append', () => {
  const table: [string, string, string | undefined][] = [
    ['alone', 'RUN b\n', 'RUN b && new x\n'],
    ['no final newline', 'RUN b', 'RUN b && new x'],
    ['one line', 'RUN a && b && c\n', 'RUN a && b && new x && c\n'],
    ['operator first', 'RUN a \\\n    && b\n', 'RUN a \\\n    && b \\\n    && new x\n'],
    ['operator last', 'RUN a && \\\n\tb\n', 'RUN a && \\\n\tb && \\\n\tnew x\n'],
    ['aligned backslashes', 'RUN a      \\\n && b\n', 'RUN a      \\\n && b \\\n && new x\n'],
    [
      'comments are not copied',
      'RUN a \\\n\n    # b\n    && b \\\n    # c\n    && c\n',
      'RUN a \\\n\n    # b\n    && b \\\n    && new x \\\n    # c\n    && c\n',
    ],
    [
      'package list alone',
      'RUN b install \\\n    # tools\n    curl \\\n    git\nCMD x\n',
      'RUN b install \\\n    # tools\n    curl \\\n    git \\\n    && new x\nCMD x\n',
    ],
    [
      'package list behind an inline operator',
      'RUN a && b install \\\n    curl\n',
      'RUN a && b install \\\n    curl \\\n    && new x\n',
    ],
    ['CRLF', 'RUN a \\\r\n && b\r\n', 'RUN a \\\r\n && b \\\r\n && new x\r\n'],
    ['group', 'RUN { b; }\n', 'RUN { b && new x; }\n'],
    ['if', 'RUN if a; then b; fi\n', 'RUN if a; then b && new x; fi\n'],
    ['or', 'RUN a && b || c\n', undefined],
    ['pipe', 'RUN a | b\n', undefined],
    ['substituted', 'RUN a `b`\n', undefined],
    ['semicolon', 'RUN a; b; c\n', 'RUN a; b; new x; c\n'],
    ['semicolon, last', 'RUN a; b\n', 'RUN a; b && new x\n'],
    ['semicolon, last, lines', 'RUN a; \\\n  b\n', 'RUN a; \\\n  b && \\\n  new x\n'],
    ['semicolon, set -e', 'RUN set -ex; \\\n  b; \\\n  c\n', 'RUN set -ex; \\\n  b; \\\n  new x; \\\n  c\n'],
    ['semicolon, set -e, last', 'RUN set -ex; b\n', 'RUN set -ex; b; new x\n'],
    ['chain under set -e in the middle', 'RUN set -e; a && b; c\n', undefined],
    ['chain under set -e at the end', 'RUN set -e; a && b\n', 'RUN set -e; a && b && new x\n'],
    ['trailing semicolon', 'RUN set -e; \\\n  b;\n', 'RUN set -e; \\\n  b; \\\n  new x;\n'],
    ['heredoc body', 'RUN <<EOF\n  b\n  c\nEOF\n', 'RUN <<EOF\n  b\n  new x\n  c\nEOF\n'],
    ['heredoc body, last', 'RUN <<EOF\na\nb\nEOF\n', 'RUN <<EOF\na\nb && new x\nEOF\n'],
    ['heredoc body, set -e, last', 'RUN <<EOF\nset -e\nb\nEOF\n', 'RUN <<EOF\nset -e\nb\nnew x\nEOF\n'],
    ['heredoc body, same line', 'RUN <<EOF\nb; a\nc\nEOF\n', 'RUN <<EOF\nb; new x; a\nc\nEOF\n'],
    ['shell comment behind', 'RUN b # why\n', 'RUN b && new x # why\n'],
    ['redirection', 'RUN b > log\n', 'RUN b > log && new x\n'],
  ];
  it.each(table)('%s', (_, before, after) => expect(appended(before)).toBe(after));

  it('takes one line only', () => expect(find('RUN b\n', 'b').append('x\ny')).toBeUndefined());
});

describe('prepend', () => {
  const table: [string, string, string | undefined][] = [
    ['alone', 'RUN b\n', 'RUN new x && b\n'],
    ['operator first', 'RUN a \\\n    && b\n', 'RUN a \\\n    && new x \\\n    && b\n'],
    ['operator first, first', 'RUN b \\\n    && c\n', 'RUN new x \\\n    && b \\\n    && c\n'],
    ['operator last', 'RUN a && \\\n  b\n', 'RUN a && \\\n  new x && \\\n  b\n'],
    ['semicolon', 'RUN a; b\n', 'RUN a; new x && b\n'],
    ['set -e', 'RUN set -e; b\n', 'RUN set -e; new x; b\n'],
    ['heredoc body', 'RUN <<EOF\n  a\n  b\nEOF\n', 'RUN <<EOF\n  a\n  new x\n  b\nEOF\n'],
    ['wrapped', 'RUN sudo b\n', 'RUN new x && sudo b\n'],
    ['or', 'RUN b || c\n', undefined],
  ];
  it.each(table)('%s', (_, before, after) => expect(prepended(before)).toBe(after));
});

describe('words', () => {
  const table: [string, string, string[], string | undefined][] = [
    ['one line', 'RUN apt install -y x\n', ['-y'], 'RUN apt install x\n'],
    ['neighbours', 'RUN apt -q -y install x\n', ['-q', '-y'], 'RUN apt install x\n'],
    ['around a word that stays', 'RUN apt -q install -y x\n', ['-q', '-y'], 'RUN apt install x\n'],
    ['last', 'RUN apt install x y && b\n', ['y'], 'RUN apt install x && b\n'],
    ['line of its own', 'RUN apt i \\\n    x \\\n    y \\\n && b\n', ['x'], 'RUN apt i \\\n    y \\\n && b\n'],
    ['last line', 'RUN apt i \\\n    x \\\n    y\nCMD z\n', ['y'], 'RUN apt i \\\n    x\nCMD z\n'],
    ['before a break', 'RUN apt i -y \\\n    x\n', ['-y'], 'RUN apt i \\\n    x\n'],
    ['start of a line', 'RUN apt i \\\n    x y \\\n    z\n', ['x'], 'RUN apt i \\\n    y \\\n    z\n'],
    ['comment before', 'RUN apt i \\\n    # x\n    x \\\n    y\n', ['x'], 'RUN apt i \\\n    # x\n    y\n'],
    [
      'comments around',
      'RUN apt i \\\n    # x\n    x \\\n    # y\n    y \\\n    # z\n    z\n',
      ['x', 'y'],
      'RUN apt i \\\n    # x\n    # y\n    # z\n    z\n',
    ],
    ['comment, at the end', 'RUN apt i \\\n  a \\\n  # x\n  x\nCMD z\n', ['x'], 'RUN apt i \\\n  a\n  # x\nCMD z\n'],
    ['comment, list goes on', 'RUN apt i \\\n  # x\n  x \\\n && b\n', ['x'], 'RUN apt i \\\n  # x\n && b\n'],
    ['comment, same line goes on', 'RUN apt i \\\n  # x\n  x && b\n', ['x'], 'RUN apt i \\\n  # x\n  && b\n'],
    ['CRLF', 'RUN apt i \\\r\n  # x\r\n  x\r\nCMD z\r\n', ['x'], 'RUN apt i\r\n  # x\r\nCMD z\r\n'],
    ['redirection behind', 'RUN apt i x > log\n', ['x'], 'RUN apt i > log\n'],
    ['glued', 'RUN apt --no-\\\ncache x\n', ['--no-cache'], undefined],
    ['heredoc body', 'RUN <<EOF\napt i \\\n  x \\\n  y\nEOF\n', ['x'], 'RUN <<EOF\napt i \\\n  y\nEOF\n'],
    ['quotes', 'RUN apt i "x" y\n', ['"x"'], 'RUN apt i y\n'],
    ['in a substitution', 'RUN b $(apt i x)\n', ['x'], 'RUN b $(apt i)\n'],
  ];
  it.each(table)('removes: %s', (_, before, words, after) => expect(withoutWords(before, words)).toBe(after));

  it('refuses words of another command', () => {
    const [a, b] = commands('RUN apt x && b y\n');
    expect(a?.removeWords(b?.args ?? [])).toBeUndefined();
  });

  it('inserts behind the program or a word', () => {
    const text = 'RUN sudo -E apt install \\\n  x\n';
    expect(edited(text, (all) => all[0]?.insertWords('-q'))).toBe('RUN sudo -E apt -q install \\\n  x\n');
    expect(edited(text, (all) => all[0]?.insertWords('-y -q', all[0]?.args[0]))).toBe(
      'RUN sudo -E apt install -y -q \\\n  x\n',
    );
  });
});

describe('what a command says', () => {
  it('looks behind wrappers', () => {
    const table: [string, string | undefined, string[]][] = [
      ['sudo -E -H -u app -- pip x', 'pip', ['sudo']],
      ['sudo -uapp A=b pip', 'pip', ['sudo']],
      ['sudo --user=app pip', 'pip', ['sudo']],
      ['sudo --user app pip', 'pip', ['sudo']],
      ['sudo --strange x pip', undefined, ['sudo']],
      ['sudo $FLAGS pip', undefined, ['sudo']],
      ['/usr/bin/env -i A=b C=$D pip', 'pip', ['env']],
      ['sudo nice -n 10 env A=b pip', 'pip', ['sudo', 'nice', 'env']],
      ['nice -10 pip', 'pip', ['nice']],
      ['time -p pip', 'pip', ['time']],
      ['exec pip', 'pip', ['exec']],
      ['stdbuf -oL nohup eatmydata pip', 'pip', ['stdbuf', 'nohup', 'eatmydata']],
      ['command pip', 'pip', ['command']],
      ['command -v pip', 'command', []],
      ['env', 'env', []],
      ['xargs pip', 'xargs', []],
      ['sh -c "pip x"', 'sh', []],
      ['$PIP x', undefined, []],
      ['A=b', undefined, []],
      ['"pip" x', 'pip', []],
    ];
    for (const [text, name, wrappers] of table) {
      const [command] = commands(`RUN ${text}\n`);
      expect([text, command?.name, command?.wrappers]).toEqual([text, name, wrappers]);
    }
  });

  it('knows the last segment and the assignments', () => {
    const command = find('RUN A=b X="$Y" /opt/venv/bin/pip i\n', '/opt/venv/bin/pip');
    expect(command.program).toBe('pip');
    expect(command.assignments.map(({ name, value }) => [name, value])).toEqual([
      ['A', 'b'],
      ['X', undefined],
    ]);
    expect(find('RUN sudo env A=b C=$D pip\n', 'pip').assignments.map(({ value }) => value)).toEqual(['b', undefined]);
  });

  it('finds flags, values and operands', () => {
    const pip = find('RUN pip install -qqU -r a.txt --index-url=$X --target "/x y" -- --odd z\n', 'pip');
    expect(pip.has('-q')).toBe(true);
    expect(pip.has('-U', '--upgrade')).toBe(true);
    expect(pip.has('-y')).toBe(false);
    expect(pip.has('--index-url')).toBe(true);
    expect(pip.has('--odd')).toBe(false);
    expect(pip.value('-r', '--requirement')).toBe('a.txt');
    expect(pip.value('--target')).toBe('/x y');
    expect(pip.value('--index-url')).toBeUndefined();
    expect(pip.operands(['-r', '--target']).map((word) => word.raw)).toEqual(['install', '--odd', 'z']);
    expect(find('RUN pip i -ra.txt -rb.txt\n', 'pip').value('-r')).toBe('b.txt');
    expect(
      find('RUN a --x=1 -\n', 'a')
        .operands()
        .map((word) => word.raw),
    ).toEqual(['-']);
  });

  it('gives fixed text only where it is fixed', () => {
    const words = commands(`RUN a 'x y' "z" p\\ q $X "a$X" *.c ~/d a{1,2} $(b) x[y]\n`)[0]?.args;
    const none = undefined;
    expect(words?.map((word) => word.literal)).toEqual(['x y', 'z', 'p q', none, none, none, none, none, none, none]);
  });

  it('points into the file, over continuations', () => {
    const text = `${HEAD}RUN a \\\n # c\n  --no-\\\ncache\n`;
    const [word] = commands(text.slice(HEAD.length))[0]?.args ?? [];
    expect(word?.raw).toBe('--no-cache');
    expect(text.slice(word?.start, word?.end)).toBe('--no-\\\ncache');
  });
});

describe('where a command stands', () => {
  const certain = (text: string) =>
    commands(`RUN ${text}`)
      .filter((command) => command.certain)
      .map((command) => command.name);

  it('is certain only when it always runs', () => {
    const table: [string, string[]][] = [
      ['a && b', ['a', 'b']],
      ['a; b', ['a', 'b']],
      ['set -e; a; b', ['set', 'a', 'b']],
      // set does not fail
      ['set -eux && a; b', ['set', 'a', 'b']],
      // a may fail and c still succeed
      ['a && b; c', ['a', 'c']],
      ['{ a && b; } && c', ['a', 'b', 'c']],
      ['a || true; b', ['b']],
      ['a | b && ! c && d', ['d']],
      ['a & b', ['b']],
      ['if a; then b; fi; c', ['c']],
      ['for i in x; do a; done && b', ['b']],
      ['case x in y) a;; esac; b', ['b']],
      ['f() { a; }; b $(c)', ['b']],
      ['(a) && b', ['b']],
      ['if a; then exit 0; fi; b', []],
      ['a || exit 1; b', ['b']],
      ['exec a; b', ['a']],
    ];
    for (const [text, names] of table) expect([text, certain(`${text}\n`)]).toEqual([text, names]);
  });

  it('walks everything', () => {
    const text = `RUN a <(b) && if c; then d; elif e; then f; else g; fi; while h; do i "$(j \`k\`)"; done | (l) && x=$(m) n \${V:-$(o)} $((1+$(p)))\n`;
    expect(commands(text).map((command) => command.name)).toEqual([...'abcdefghijkl', 'n', 'm', 'o', 'p']);
    const by = new Map(commands(text).map((command) => [command.name, command]));
    expect([...'bjkmop'].every((name) => by.get(name)?.substituted)).toBe(true);
    expect(by.get('i')?.piped).toBe(true);
    expect(by.get('a')?.substituted).toBe(false);
  });

  it('tells lists apart', () => {
    const [a, b, c, d] = commands('RUN a && { b; c; }; d\n').map((command) => command.list);
    expect(a).toBe(d);
    expect(b).toBe(c);
    expect(a).not.toBe(b);
  });

  it('reads no heredoc of the script as commands', () => {
    const file = 'RUN cat <<E > f && b\n$(c)\nd\nE\n';
    const text = file.slice(4);
    const source = { text, offsets: Array.from(text, (_, i) => i + 4), file, at: 4 };
    const script = parseScript(source, { escape: '\\' });
    expect(script.commands.map((command) => command.name)).toEqual(['cat', 'b']);
    expect(script.commands.map((command) => command.redirected)).toEqual([true, false]);
    const edit = script.commands[1]?.append('new x');
    expect(edit && applyEdits(file, [edit])).toBe('RUN cat <<E > f && b && new x\n$(c)\nd\nE\n');
    expect(script.commands[0]?.remove()).toBeUndefined();
  });

  it('is opaque where it cannot be read', () => {
    for (const text of ['a && && b', 'if a; then b', 'a "x', 'a $(b', 'echo $(if x)', 'a )', 'a ;; b', 'cat <<E']) {
      const source = { text, offsets: Array.from(text, (_, i) => i), file: text, at: 0 };
      const script = parseScript(source, { escape: '\\' });
      expect([text, typeof script.opaque, script.commands]).toEqual([text, 'string', []]);
    }
    const deep = '$('.repeat(50_000);
    const source = { text: deep, offsets: Array.from(deep, (_, i) => i), file: deep, at: 0 };
    expect(typeof parseScript(source, { escape: '\\' }).opaque).toBe('string');
  });
});

describe('lists of any layout', () => {
  const comment = fc.constantFrom('# note', '# a \\', '#x && y', '# "open');
  const indent = fc.constantFrom('', '  ', '    ', '\t');
  const filler = fc.array(fc.oneof(comment, fc.constant('')), { maxLength: 3 });
  const gapKind = fc.record({ style: fc.constantFrom('line', 'first', 'last'), filler, indent });
  const command = fc.record({
    words: fc.array(fc.constantFrom('x', '-y', '"p q"', "'#'", '$Z', 'a=b', '$(sub && out)'), { maxLength: 3 }),
    broken: fc.boolean(),
  });
  const list = fc.record({
    links: fc.array(fc.tuple(command, gapKind), { minLength: 2, maxLength: 5 }),
    operator: fc.constantFrom('&&', ';'),
    crlf: fc.boolean(),
    start: fc.constantFrom('RUN ', 'RUN \\\n  ', 'RUN --mount=type=tmpfs,target=/t '),
    end: fc.constantFrom('\nCMD z\n', '', '\n'),
  });
  type Layout = typeof list extends fc.Arbitrary<infer T> ? T : never;

  function write({ links, operator, crlf, start, end }: Layout): {
    text: string;
    expected: string[];
    comments: string[];
  } {
    const expected = links.map(([{ words }], at) => [`c${at}`, ...words].join(' '));
    const comments: string[] = [];
    let body = operator === ';' ? 'set -e; ' : '';
    links.forEach(([{ broken }, gap], at) => {
      if (at > 0) {
        const lines = gap.filler.map((line, i) => (line === '' ? '' : `${gap.indent}${line} ${at}.${i}`));
        const filled = lines.map((line) => `${line}\n`).join('');
        if (gap.style !== 'line') comments.push(...lines.filter((line) => line !== ''));
        if (gap.style === 'line') body += operator === ';' ? '; ' : ' && ';
        else if (gap.style === 'first') body += ` \\\n${filled}${gap.indent}${operator} `;
        else body += `${operator === ';' ? ';' : ' &&'} \\\n${filled}${gap.indent}`;
      }
      const text = expected[at] as string;
      body += broken ? text.replace(' ', ' \\\n      ') : text;
    });
    const text = `${start}${body}${end}`;
    return { text: crlf ? text.replaceAll('\n', '\r\n') : text, expected, comments };
  }

  /** The commands of the list, as text with single blanks. */
  function links(text: string): string[] {
    const { file, script, after } = read(text.replace('--mount=type=tmpfs,target=/t ', ''));
    expect(script.opaque).toBeUndefined();
    expect(after).toEqual(text.includes('CMD') ? ['CMD z'] : []);
    expect(file.includes('\r\n') && /[^\r]\n/.test(file.slice(HEAD.length))).toBe(false);
    return script.commands
      .filter((it) => it.certain && it.name !== 'set')
      .map((it) => [it.name, ...it.args.map((word) => word.raw)].join(' '));
  }

  const commentLines = (text: string): string[] =>
    text.split(/\r?\n/).filter((line) => /^[ \t]*#/.test(line) && !line.startsWith('# escape'));

  it('removes, appends and prepends any link and keeps every comment', () => {
    fc.assert(
      fc.property(list, fc.nat(), (layout, pick) => {
        const { text, expected, comments } = write(layout);
        expect(links(text)).toEqual(expected);
        const at = pick % expected.length;
        const own = expected[at] as string;
        const of = (all: readonly Command[]) => named(all, `c${at}`);
        const clean = text.replace('--mount=type=tmpfs,target=/t ', '');

        const without = edited(clean, (all) => of(all).remove());
        if (without === undefined) throw new Error('not removed');
        expect(links(without)).toEqual(expected.filter((_, i) => i !== at));
        expect(commentLines(without)).toEqual(comments);

        const more = edited(clean, (all) => of(all).append('new x'));
        expect(more && links(more)).toEqual([...expected.slice(0, at), own, 'new x', ...expected.slice(at + 1)]);
        expect(more && commentLines(more)).toEqual(comments);

        const before = edited(clean, (all) => of(all).prepend('new x'));
        expect(before && links(before)).toEqual([...expected.slice(0, at), 'new x', own, ...expected.slice(at + 1)]);
        expect(before && commentLines(before)).toEqual(comments);
      }),
      { numRuns: 400 },
    );
  });

  it('removes any words and keeps every comment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('x', '-y', '"p q"'), fc.boolean(), filler, fc.boolean()), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom('', ' && c', ' \\\n  && c', '; c'),
        (words, rest) => {
          let text = 'RUN apt';
          const comments: string[] = [];
          words.forEach(([word, , lines, inline], at) => {
            const own = lines.map((line, i) => (line === '' ? '' : `  ${line} ${at}.${i}`));
            if (!inline) comments.push(...own.filter((line) => line !== ''));
            text += inline ? ` ${word}` : ` \\\n${own.map((line) => `${line}\n`).join('')}    ${word}`;
          });
          text += `${rest}\nCMD z\n`;
          const result = edited(text, (all) => {
            const apt = named(all, 'apt');
            return apt.removeWords(apt.args.filter((_, i) => words[i]?.[1]));
          });
          if (result === undefined) throw new Error('not removed');
          const left = words.filter(([, gone]) => !gone).map(([word]) => word);
          expect(links(result)).toEqual([['apt', ...left].join(' '), ...(rest === '' ? [] : ['c'])]);
          expect(commentLines(result)).toEqual(comments);
        },
      ),
      { numRuns: 400 },
    );
  });
});
