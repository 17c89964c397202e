import { describe, expect, it } from 'vitest';
import { Document } from '../src/document.ts';
import type { Project } from '../src/project/project.ts';
import { type RewriteInput, rewrite } from '../src/rewrite.ts';
import { defineTransform } from '../src/transform.ts';
import { tidyPackages } from '../transforms/tidy-packages/index.ts';

const project = { read: () => undefined, targets: [], contexts: [], heirs: [] } as unknown as Project;

function run(text: string, more: Partial<RewriteInput> = {}) {
  return rewrite({
    path: 'Dockerfile',
    text,
    tree: { read: () => undefined, plan: () => undefined },
    project,
    transforms: [tidyPackages],
    settings: { skip: [], level: 'review', options: {} },
    ...more,
  });
}

describe('the links of a script', () => {
  const links = (text: string) => {
    const document = Document.read('Dockerfile', `FROM x\n${text}`) as Document;
    const chain = document.instructions[1]?.script?.chain;
    return chain?.map(({ start, end }) => document.text.slice(start, end));
  };
  it.each([
    ['RUN a', ['a']],
    ['RUN a && (b; c) && d | e && { f; }', ['a', '(b; c)', 'd | e', '{ f; }']],
    ['RUN a \\\n  # why\n  && b c;', ['a', 'b c']],
    ['RUN <<EOF\na && b\nEOF\n', ['a', 'b']],
    ['RUN a; b', undefined],
    ['RUN a || b', undefined],
    ['RUN a && b &', undefined],
    ['RUN a "', undefined],
  ])('%s', (text, expected) => expect(links(text)).toEqual(expected));
});

describe('tidy-packages', () => {
  it('shows a true example', () => {
    const { before, after } = tidyPackages.docs.example;
    expect(run(before).after).toBe(after);
  });

  it('steps back where a later transform takes its insertions out again', () => {
    const undo = defineTransform({
      ...tidyPackages,
      name: 'undo',
      options: {},
      *plan(document) {
        for (const text of [' --no-cache-dir', ' && rm -rf /var/lib/apt/lists/*']) {
          const start = document.text.indexOf(text);
          const at = { start, end: start + text.length };
          yield { title: text, why: '', evidence: [], level: 'safe', at, edits: [{ ...at, text: '' }] };
        }
      },
    });
    const text = 'FROM python:3.13\nRUN apt-get update && apt-get install -y -qq git\nRUN pip install flask\n';
    const result = run(text, { transforms: [tidyPackages, undo] });
    expect(result.after).toBe(text);
    const own = result.changes.filter(
      ({ transform, change }) => transform === tidyPackages.name && change.level === 'safe',
    );
    expect(own.map(({ status }) => status)).toEqual(['superseded', 'superseded']);
  });

  it('leaves text that builds when only some of its changes are taken', () => {
    const text = 'FROM debian:bookworm\nRUN apt update\nRUN apt install curl\n';
    const accept: RewriteInput['accept'] = (_, change) => !/one layer|instead/.test(change.title);
    expect(run(text, { accept }).after).toBe(
      'FROM debian:bookworm\nRUN apt update\nRUN apt install -y curl && rm -rf /var/lib/apt/lists/*\n',
    );
  });

  it('names every command that it is about in the evidence', () => {
    const { changes } = run('FROM python:3.13\nRUN pip install a && \\\n  pip install b\n');
    expect(changes[0]?.change.evidence).toEqual([
      { file: 'Dockerfile', line: 2, says: 'pip install a' },
      { file: 'Dockerfile', line: 3, says: 'pip install b' },
    ]);
  });
});
