import { describe, expect, it } from 'vitest';
import { scan } from '../src/scan.ts';

/** Logical lines as BuildKit joins them. */
const logical = (text: string) => scan(text).instructions.map((i) => i.logical.text);
const slices = (text: string) => scan(text).instructions.map((i) => text.slice(i.start, i.end));

describe('boundaries', () => {
  it.each([
    ['a plain line', 'FROM a\nRUN b\n', ['FROM a', 'RUN b']],
    ['no final newline', 'FROM a', ['FROM a']],
    ['CRLF', 'FROM a\r\nRUN b \\\r\n c\r\n', ['FROM a', 'RUN b  c']],
    ['a BOM', '\uFEFFFROM a\n', ['FROM a']],
    ['tabs and indentation', '\tFROM a\n  RUN\tb', ['FROM a', 'RUN\tb']],
    ['blanks behind the continuation', 'RUN a \\ \t\n b', ['RUN a  b']],
    ['a comment line inside', 'RUN a \\\n  # note \\\n b', ['RUN a  b']],
    ['a blank line inside', 'RUN a \\\n\n b', ['RUN a  b']],
    ['a comment with a backslash path inside (D2)', 'RUN a \\\n# c:\\foo bar\n && b c', ['RUN a  && b c']],
    ['an escaped backslash at the end does not continue (D17)', 'RUN echo a \\\\\nRUN x', ['RUN echo a \\\\', 'RUN x']],
    ['a backslash pair before the continuation (D18)', 'VOLUME C:\\\\ \\\n b', ['VOLUME C:\\\\  b']],
    ['a line of escape pairs (D19)', 'RUN a \\\n \\\\ a\\ b\nUSER x', ['RUN a  \\\\ a\\ b', 'USER x']],
    ['a keyword split by a continuation', 'RU\\\nN a', ['RUN a']],
    ['a continuation on the first line alone', 'RUN \\\n  # why\n  a', ['RUN   a']],
    ['the backtick escape', '# escape=`\nCOPY a\\ b\\\nRUN c `\n d', ['COPY a\\ b\\', 'RUN c  d']],
    ['a directive behind a comment is a comment', '# hi\n# escape=`\nRUN a \\\n b', ['RUN a  b']],
    ['any x=y comment ends the directives (D25)', '# foo=bar\n# escape=`\nRUN a \\\n b', ['RUN a  b']],
    ['empty lines before FROM', '\n\n# c\n\nFROM a', ['FROM a']],
  ])('%s', (_, text, expected) => {
    expect(logical(text)).toEqual(expected);
  });

  it('knows the offset of every character of a logical line', () => {
    const text = 'FROM a\nRUN one \\\r\n  # note\r\n\t two\n';
    const run = scan(text).instructions[1];
    expect(run && Array.from(run.logical.offsets, (at) => text[at]).join('')).toBe(run?.logical.text);
    expect(run?.comments.map((span) => text.slice(span.start, span.end))).toEqual(['# note']);
  });
});

describe('directives', () => {
  it('reads syntax, escape and check in any case and order', () => {
    const { directives, escape } = scan('# Syntax = docker/dockerfile:1\n#escape=`\n#check=skip=all\nFROM a');
    expect(directives.map(({ name, value }) => [name, value])).toEqual([
      ['syntax', 'docker/dockerfile:1'],
      ['escape', '`'],
      ['check', 'skip=all'],
    ]);
    expect(escape).toBe('`');
  });

  it.each([
    ['# escape=x\nFROM a', 'bad-escape'],
    ['# escape=`\n# escape=`\nFROM a', 'repeated-directive'],
    ['FROM a\nRUN b \\\n', 'dangling-continuation'],
    ['FROM a\nRUN b \\\n# c\n', 'dangling-continuation'],
    ['FROM a\nRUN <<EOF\nb\n', 'unterminated-heredoc'],
    ['FROM a\nRUN b\rRUN c\n', 'lone-cr'],
    ['FROM\fa\n', 'odd-character'],
    ['FROM a\nRUN \0\n', 'odd-character'],
    ['FROM a\nRUN set\v-eux && b\n', 'odd-character'],
    [`FROM a\nRUN ${'x'.repeat(70_000)}\n`, 'line-too-long'],
  ])('%j is a problem', (text, code) => {
    expect(scan(text).problem?.code).toBe(code);
  });
});

describe('heredocs', () => {
  const docs = (text: string) =>
    scan(text).instructions.flatMap((i) =>
      i.heredocs.map((h) => [h.name, text.slice(h.body.start, h.body.end), h.quoted, h.chomp] as const),
    );

  it.each([
    ['one', 'RUN <<EOF\nFROM b\nEOF\nUSER x', [['EOF', 'FROM b\n', false, false]], 2],
    ['quoted', "COPY <<'EOF' /x\n$a\nEOF\nUSER x", [['EOF', '$a\n', true, false]], 2],
    ['quoted in part (D23)', 'COPY <<E"O"F /x\na\nEOF', [['EOF', 'a\n', true, false]], 1],
    ['with tabs', 'RUN <<-EOF\n\ta\n\tEOF\n', [['EOF', '\ta\n', false, true]], 1],
    [
      'several, each its own chomp (D21)',
      'COPY <<-A <<B /x/\n1\n\tA\n\tB\nB\n',
      [
        ['A', '1\n', false, true],
        ['B', '\tB\n', false, false],
      ],
      1,
    ],
    ['with a file descriptor (D23)', 'RUN cat 3<<EOF\na\nEOF\n', [['EOF', 'a\n', false, false]], 1],
    ['with a blank behind << (D20)', 'RUN cat << EOF\na\nEOF\n', [['EOF', 'a\n', false, false]], 1],
    ['a body that ends in a backslash (D4)', 'RUN <<EOF\na \\;\nEOF\nUSER x', [['EOF', 'a \\;\n', false, false]], 2],
    ['behind ONBUILD', 'ONBUILD RUN <<EOF\na\nEOF\n', [['EOF', 'a\n', false, false]], 1],
    ['none in quotes (D22)', 'RUN echo " <<EOF "\nUSER x', [], 2],
    ['none in JSON form', 'RUN ["<<EOF"]\nUSER x', [], 2],
    ['none for CMD (D23)', 'CMD <<EOF\nUSER x', [], 2],
    ['no here-string', 'RUN cat <<<EOF\nUSER x', [], 2],
    ['CRLF', 'RUN <<EOF\r\na\r\nEOF\r\nUSER x', [['EOF', 'a\r\n', false, false]], 2],
  ])('%s', (_, text, expected, count) => {
    expect(docs(text)).toEqual(expected);
    expect(scan(text).instructions).toHaveLength(count);
  });

  it('ends the instruction behind the terminator', () => {
    expect(slices('RUN <<EOF\na\nEOF\nUSER x\n')).toEqual(['RUN <<EOF\na\nEOF', 'USER x']);
  });
});
