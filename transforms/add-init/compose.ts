/** `init: true` for the compose services that build the image, in place of an init of its own. */
import type { Edit, Evidence } from '../../src/edit.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import type { Refusal } from './declines.ts';

export interface ComposeInit {
  readonly edits: readonly Edit[];
  readonly names: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A line behind the `build` of each service; every other byte of the file stays. */
export function composeInit(project: Project): ComposeInit | Refusal {
  const uses = project.contexts.filter(({ service }) => service !== undefined);
  if (uses.length === 0) return { code: 'no-compose-service', why: 'No compose service builds this Dockerfile.' };
  const edits: Edit[] = [];
  for (const use of uses) {
    const edit = serviceEdit(project, use);
    if (!edit)
      return { code: 'compose-style', why: `${use.file} writes the service ${use.name} in a form that no line joins.` };
    edits.push(edit);
  }
  const evidence = uses.map(({ file = '', line, name }) => ({
    file,
    ...(line !== undefined && { line }),
    says: `the service ${name} builds it`,
  }));
  return { edits, names: uses.map(({ name = '' }) => name), evidence };
}

function serviceEdit(project: Project, { service, file }: ContextSource): Edit | undefined {
  const text = file === undefined ? undefined : project.root.read(file);
  if (file === undefined || text === undefined || !service) return undefined;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineText = (line: number): string => text.slice(starts[line - 1], starts[line]);
  const keys = Object.keys(service.fields)
    .map((key) => ({ key, line: service.lineOf(key) }))
    .filter(({ key, line }) => new RegExp(`^[ ]+${key}:`).test(lineText(line)))
    .sort((a, b) => a.line - b.line);
  const build = keys.findIndex(({ key }) => key === 'build');
  const [own, next] = [keys[build], keys[build + 1]];
  if (!own) return undefined;
  const indent = /^ +/.exec(lineText(own.line))?.[0] ?? '';
  // fields that a merge brings stand at another depth
  const place = next && lineText(next.line).startsWith(`${indent}${next.key}:`) ? next.line : own.line;
  const eol = /\r\n/.test(lineText(own.line)) ? '\r\n' : '\n';
  let line = place;
  // comments above a key belong to it
  while (line - 1 > own.line && /^\s*(?:#.*)?\r?\n$/.test(lineText(line - 1))) line--;
  const at = starts[line - 1] as number;
  return { file, start: at, end: at, text: `${indent}init: true${eol}` };
}
