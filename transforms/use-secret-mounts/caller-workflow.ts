/** A step of docker/build-push-action: lines of `build-args` become lines of `secrets`; files and keys get a line of their own. */
import { posix } from 'node:path';
import type { Edit } from '../../src/edit.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import { bodyOf, eolOf, indentOf, isBlank, type Line, linesOf } from './lines.ts';
import type { BuildSecret } from './secret.ts';

/** The edits; undefined where the step is written in a form that no line joins. */
export function inWorkflow(
  project: Project,
  { file = '', line = 0, dir }: ContextSource,
  secrets: readonly BuildSecret[],
): Edit[] | undefined {
  const text = project.root.read(file);
  if (text === undefined) return undefined;
  const lines = linesOf(text);
  const step = stepAt(lines, line - 1);
  const keyAt = (pattern: RegExp) => step.find((i) => pattern.test(lines[i]?.text ?? ''));
  if (keyAt(/^\s+(?:secrets|secret-files|ssh):/) !== undefined) return undefined;
  const eol = eolOf(text);
  const edits: Edit[] = [];
  const asked = secrets.filter(({ kind }) => kind === 'env');
  if (asked.length > 0) {
    const made = fromArguments(lines, keyAt(/^\s+build-args:/), asked, file, eol);
    if (!made) return undefined;
    edits.push(...made);
  }
  const others = secrets.filter(({ kind }) => kind !== 'env');
  if (others.length > 0) {
    const context = keyAt(/^\s+context: \S+\s*$/);
    if (context === undefined) return undefined;
    const indent = ' '.repeat(indentOf(lines[context]));
    const pathOf = ({ path }: BuildSecret) => posix.join(dir, path);
    const files = others.filter(({ kind }) => kind === 'file').map((it) => `${indent}  ${it.id}=${pathOf(it)}`);
    const keys = others.filter(({ kind }) => kind === 'ssh').map((it) => `${indent}ssh: ${it.id}=${pathOf(it)}`);
    const added = [...(files.length > 0 ? [`${indent}secret-files: |`, ...files] : []), ...keys];
    const at = (lines[context] as Line).end;
    edits.push({ file, start: at, end: at, text: added.map((it) => it + eol).join('') });
  }
  return edits;
}

function fromArguments(
  lines: readonly Line[],
  key: number | undefined,
  asked: readonly BuildSecret[],
  file: string,
  eol: string,
): Edit[] | undefined {
  if (key === undefined) return undefined;
  const head = lines[key] as Line;
  const [only] = asked as readonly [BuildSecret];
  const single = new RegExp(`^(\\s+)build-args: ${only.name}=(\\$\\{\\{[^}]*\\}\\})\\s*$`).exec(head.text);
  if (single && asked.length === 1) {
    const start = head.start + (single[1] as string).length;
    return [{ file, start, end: head.start + head.text.length, text: `secrets: ${only.id}=${single[2]}` }];
  }
  if (!/^\s+build-args: \|-?\s*$/.test(head.text)) return undefined;
  const body = bodyOf(lines, key).map((i) => lines[i] as Line);
  const own: { line: Line; secret: BuildSecret }[] = [];
  for (const secret of asked) {
    const line = body.find((it) => new RegExp(`^\\s+${secret.name}=.*\\$\\{\\{[^}]*\\}\\}.*$`).test(it.text));
    if (!line) return undefined;
    own.push({ line, secret });
  }
  const nameAt = ({ line, secret }: (typeof own)[number]): Edit => {
    const start = line.start + indentOf(line);
    return { file, start, end: start + secret.name.length, text: secret.id };
  };
  if (body.length === own.length) {
    const word = head.start + indentOf(head);
    return [{ file, start: word, end: word + 'build-args'.length, text: 'secrets' }, ...own.map(nameAt)];
  }
  const rows = own.map(
    ({ line, secret }) =>
      `${' '.repeat(indentOf(line))}${secret.id}${line.text.trim().slice(secret.name.length)}${eol}`,
  );
  const block = `${' '.repeat(indentOf(head))}secrets: |${eol}${rows.join('')}`;
  return [
    { file, start: head.start, end: head.start, text: block },
    ...own.map(({ line }) => ({ file, start: line.start, end: line.end, text: '' })),
  ];
}

/** The lines of the step that holds a line. */
function stepAt(lines: readonly Line[], at: number): number[] {
  let first = at;
  while (first > 0 && !/^\s*-\s/.test(lines[first]?.text ?? '')) first--;
  const found = [first];
  for (let i = first + 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (!isBlank(line) && indentOf(line) <= indentOf(lines[first])) break;
    found.push(i);
  }
  return found;
}
