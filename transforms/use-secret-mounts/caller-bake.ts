/** A target of a bake file in HCL or JSON: an entry of `args` becomes one of `secret`. */
import { posix } from 'node:path';
import type { Edit } from '../../src/edit.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import { eolOf, indentOf, type Line, linesOf } from './lines.ts';
import type { BuildSecret } from './secret.ts';

/** The edits; undefined where the target is written in a form that no line joins. */
export function inBake(
  project: Project,
  { file = '', line = 0, dir }: ContextSource,
  secrets: readonly BuildSecret[],
): Edit[] | undefined {
  const text = project.root.read(file);
  if (text === undefined) return undefined;
  const isJson = file.endsWith('.json');
  const lines = linesOf(text);
  const block = blockAt(lines, line - 1);
  const named = (name: string) => new RegExp(`^\\s*"?${name}"?\\s*[=:]`);
  const own = block.filter((i) => i !== line - 1);
  if (block.length < 3 || own.some((i) => named('(?:secret|ssh)').test(lines[i]?.text ?? ''))) return undefined;
  const eol = eolOf(text);
  const edits: Edit[] = [];
  const entries: Line[] = [];
  const key = own.find((i) => /^\s*"?args"?\s*[=:]\s*\{\s*$/.test(lines[i]?.text ?? ''));
  const args = key === undefined ? [] : blockAt(lines, key).slice(1, -1);
  const items: string[] = [];
  for (const secret of secrets) {
    const place = posix.join(posix.relative(posix.dirname(file), dir) || '.', secret.path);
    if (secret.kind !== 'env')
      items.push(secret.kind === 'ssh' ? `${secret.id}=${place}` : `id=${secret.id},src=${place}`);
    else {
      const entry = args.map((i) => lines[i] as Line).find((it) => named(secret.name).test(it.text));
      // a variable of the file takes its value from the environment: one of the same name
      const variable = /[=:]\s*(?:"\$\{(\w+)\}"|([A-Za-z_]\w*))\s*,?\s*$/.exec(entry?.text ?? '');
      if (!entry || !variable || !isFromOutside(text, (variable[1] ?? variable[2]) as string, isJson)) return undefined;
      entries.push(entry);
      items.push(`id=${secret.id},env=${variable[1] ?? variable[2]}`);
    }
  }
  const isSsh = (i: number) => secrets[i]?.kind === 'ssh';
  const indent = ' '.repeat(indentOf(lines[own[0] as number]));
  const list = (name: string, values: readonly string[]): string[] => {
    if (values.length === 0) return [];
    const all = `[${values.map((it) => JSON.stringify(it)).join(', ')}]`;
    return [isJson ? `${indent}"${name}": ${all},${eol}` : `${indent}${name} = ${all}${eol}`];
  };
  const added = [
    ...list(
      'secret',
      items.filter((_, i) => !isSsh(i)),
    ),
    ...list(
      'ssh',
      items.filter((_, i) => isSsh(i)),
    ),
  ].join('');
  if (key === undefined || entries.length === 0) {
    const at = (lines[own[0] as number] as Line).start;
    return [{ file, start: at, end: at, text: added }];
  }
  const head = lines[key] as Line;
  if (entries.length === args.length) {
    const foot = lines[blockAt(lines, key).at(-1) as number] as Line;
    const isLast = isJson && !/,\s*$/.test(foot.text);
    edits.push({ file, start: head.start, end: foot.end, text: isLast ? added.replace(/,(\r?\n)$/, '$1') : added });
    return edits;
  }
  edits.push({ file, start: head.start, end: head.start, text: added });
  for (const entry of entries) edits.push({ file, start: entry.start, end: entry.end, text: '' });
  // JSON has no comma behind its last entry
  const rest = args.map((i) => lines[i] as Line).filter((it) => !entries.includes(it));
  const comma = rest.at(-1);
  if (isJson && comma && /,\s*$/.test(comma.text)) {
    const at = comma.start + comma.text.lastIndexOf(',');
    edits.push({ file, start: at, end: at + 1, text: '' });
  }
  return edits;
}

/** The lines from one with an opening brace at its end to the one that closes it. */
function blockAt(lines: readonly Line[], first: number): number[] {
  const found: number[] = [];
  let depth = 0;
  for (let i = first; i < lines.length; i++) {
    const code = (lines[i] as Line).text.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/(?:#|\/\/).*$/, '');
    depth += (code.match(/[{[]/g) ?? []).length - (code.match(/[}\]]/g) ?? []).length;
    found.push(i);
    if (depth <= 0) break;
  }
  return found;
}

/** Whether a variable of the file has no value of its own: it comes from the environment then. */
function isFromOutside(text: string, name: string, isJson: boolean): boolean {
  const body = isJson
    ? new RegExp(`"${name}"\\s*:\\s*\\{([^}]*)\\}`).exec(text)?.[1]
    : new RegExp(`variable\\s+"${name}"\\s*\\{([^}]*)\\}`).exec(text)?.[1];
  return body !== undefined && !/default"?\s*[=:]\s*(?!"")\S/.test(body);
}
