/** A compose service that builds the image: `args:` become `secrets:`, with their definitions at the end of the file. */
import { posix } from 'node:path';
import type { Edit } from '../../src/edit.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import { bodyOf, eolOf, indentOf, type Line, linesOf } from './lines.ts';
import type { BuildSecret } from './secret.ts';

/** The edits; undefined where the file is written in a form that no line joins. */
export function inCompose(
  project: Project,
  { service, file = '', dir }: ContextSource,
  secrets: readonly BuildSecret[],
): Edit[] | undefined {
  const text = project.root.read(file);
  const build = service?.fields.build;
  if (text === undefined || !service || /[&*]\w|<<:/.test(text)) return undefined;
  const lines = linesOf(text);
  const eol = eolOf(text);
  const head = service.lineOf('build') - 1;
  const definitions = new Map<string, string>();
  const folder = posix.dirname(file);
  const pathOf = ({ path }: BuildSecret): string => {
    const from = posix.relative(folder, posix.join(dir, path));
    return from.startsWith('..') ? from : `./${from}`;
  };
  for (const it of secrets) if (it.kind === 'file') definitions.set(it.id, `file: ${pathOf(it)}`);
  const inBuild = (indent: string, step: string): string => {
    const list = (key: string, items: readonly string[]) =>
      items.length === 0 ? [] : [`${indent}${key}:`, ...items.map((it) => `${indent}${step}- ${it}`)];
    const mounted = secrets.filter(({ kind }) => kind !== 'ssh').map(({ id }) => id);
    const keys = secrets.filter(({ kind }) => kind === 'ssh').map((it) => `${it.id}=${pathOf(it)}`);
    return [...list('secrets', mounted), ...list('ssh', keys)].map((line) => line + eol).join('');
  };
  const edits =
    typeof build === 'string'
      ? fromShort(lines, head, build, inBuild, eol)
      : typeof build === 'object' && build !== null && !('secrets' in build) && !('ssh' in build)
        ? fromMapping(text, lines, head, 'args' in build ? service.lineOf('build', 'args') - 1 : undefined)
        : undefined;
  if (!edits) return undefined;
  const top = definitionEdit();
  return top && [...edits, ...top];

  /** The definitions join those that the file has, or follow at its end; undefined: one has another meaning there. */
  function definitionEdit(): Edit[] | undefined {
    const at = lines.findIndex((line) => /^secrets:/.test(line.text));
    const sorted = secrets.flatMap(({ id }) => [...definitions].filter(([key]) => key === id));
    const block = (indent: string, all: typeof sorted) =>
      all.map(([id, what]) => `${indent}${id}:${eol}${indent}${indent}${what}${eol}`).join('');
    const close = text?.endsWith('\n') ? '' : eol;
    const end = text?.length ?? 0;
    if (sorted.length === 0) return [];
    if (at < 0) return [{ file, start: end, end, text: `${close}${eol}secrets:${eol}${block('  ', sorted)}` }];
    const body = bodyOf(lines, at);
    const first = lines[body[0] ?? -1];
    if (!first || !/^secrets:\s*$/.test(lines[at]?.text ?? '')) return undefined;
    const indent = ' '.repeat(indentOf(first));
    const known = new Map(
      body.flatMap((i) => {
        const id = new RegExp(`^${indent}([\\w-]+):\\s*$`).exec(lines[i]?.text ?? '')?.[1];
        return id === undefined ? [] : [[id, (lines[i + 1]?.text ?? '').trim()]];
      }),
    );
    if (sorted.some(([id, what]) => known.has(id) && known.get(id) !== what)) return undefined;
    const added = sorted.filter(([id]) => !known.has(id));
    const last = lines[body.at(-1) as number] as Line;
    const isOpen = last.end === end && close !== '';
    if (added.length === 0) return [];
    const more = block(indent, added);
    return [{ file, start: last.end, end: last.end, text: isOpen ? eol + more.slice(0, -eol.length) : more }];
  }

  /** `build: ./web` gets a mapping. */
  function fromShort(
    all: readonly Line[],
    at: number,
    context: string,
    block: (indent: string, step: string) => string,
    lineEnd: string,
  ): Edit[] | undefined {
    const line = all[at];
    const found = /^( +)build: *("[^"]*"|'[^']*'|[^\s#]+) *$/.exec(line?.text ?? '');
    if (!line || !found || found[2]?.replace(/^["']|["']$/g, '') !== context) return undefined;
    // only files and keys: a build in short form hands on no argument
    const indent = `${found[1]}  `;
    const mapping = `${found[1]}build:${lineEnd}${indent}context: ${found[2]}${lineEnd}${block(indent, '  ')}`;
    const isLast = line.end === line.start + line.text.length;
    return [{ file, start: line.start, end: line.end, text: isLast ? mapping.slice(0, -lineEnd.length) : mapping }];
  }

  function fromMapping(all: string, rows: readonly Line[], at: number, args: number | undefined): Edit[] | undefined {
    const asked = secrets.filter(({ kind }) => kind === 'env');
    const body = args === undefined ? [] : bodyOf(rows, args);
    if (asked.length > 0 && (args === undefined || !/^\s+args:\s*(?:#.*)?$/.test(rows[args]?.text ?? '')))
      return undefined;
    const own: Line[] = [];
    for (const { name, id } of asked) {
      const entry = argumentLine(rows, body, name);
      const variable = entry && variableOf(entry, name);
      if (!entry || variable === undefined) return undefined;
      own.push(entry);
      definitions.set(id, `environment: ${variable}`);
    }
    const keys = bodyOf(rows, at);
    const first = rows[keys[0] ?? -1];
    if (!first || !/^\s+[\w-]+:/.test(first.text)) return undefined;
    const indent = ' '.repeat(indentOf(args === undefined ? first : rows[args]));
    const model = own[0] ?? rows[keys.find((i) => indentOf(rows[i]) > indent.length) ?? -1];
    const step = ' '.repeat(Math.max(2, model ? indentOf(model) - indent.length : 2));
    const block = inBuild(indent, step);
    const cut = (line: Line): Edit => ({ file, start: line.start, end: line.end, text: '' });
    if (args !== undefined && own.length > 0) {
      const line = rows[args] as Line;
      if (own.length < body.length) {
        return [{ file, start: line.start, end: line.start, text: block }, ...own.map(cut)];
      }
      const end = Math.max(...own.map((it) => it.end));
      const isLast = end === all.length && !all.endsWith('\n');
      return [{ file, start: line.start, end, text: isLast ? block.slice(0, -eol.length) : block }];
    }
    const behind = rows[keys.at(-1) as number] as Line;
    const isOpen = behind.end === all.length && !all.endsWith('\n');
    return [{ file, start: behind.end, end: behind.end, text: isOpen ? eol + block.slice(0, -eol.length) : block }];
  }
}

const argumentLine = (lines: readonly Line[], body: readonly number[], name: string): Line | undefined => {
  const entry = body.find((i) =>
    new RegExp(`^\\s+(?:- *["']?${name}(?:=|["']?\\s*$)|["']?${name}["']?:)`).test(lines[i]?.text ?? ''),
  );
  return entry === undefined ? undefined : lines[entry];
};

/** The variable of the host that the argument is filled from: `NPM_TOKEN: ${TOKEN}`, `- NPM_TOKEN`. */
function variableOf({ text }: Line, name: string): string | undefined {
  const value = text
    .replace(/^\s+(?:- *)?/, '')
    .replace(/^["']?\w+["']?[:=]?\s*/, '')
    .replace(/["']\s*$/, '')
    .replace(/^["']/, '')
    .trim();
  return value === '' ? name : /^\$\{?(\w+)(?::?\?[^}]*)?\}?$/.exec(value)?.[1];
}
