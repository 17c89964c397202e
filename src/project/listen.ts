/** On which port the source code of a program listens. */
import type { Evidence } from '../edit.ts';
import { type Language, LISTENERS, type ListenerRow } from '../knowledge/listeners.ts';
import { callArguments, codeOf, definitionOf, keyed, lineAt } from './calls.ts';
import { type PortValue, readPort } from './port.ts';
import type { Project } from './project.ts';
import type { SourceFile } from './reachable.ts';

/** A call that opens a port. `value` is undefined where its argument is more than can be read. */
export interface Listener {
  readonly value: PortValue | undefined;
  readonly speaks: 'http' | 'tcp';
  readonly tls: boolean;
  /** Whether no port is written, so that it is the one of the library. */
  readonly isDefault: boolean;
  readonly evidence: Evidence;
}

/** Every call that opens a port, in order of the files. */
export function listeners(project: Project, language: Language, files: readonly SourceFile[]): Listener[] {
  const rows = LISTENERS.filter((row) => row.language === language);
  return files.flatMap((file) => {
    const code = codeOf(file, language === 'python' || language === 'ruby' ? 'hash' : 'c');
    const taken = new Set<number>();
    return rows.flatMap((row) =>
      row.needs && !row.needs.test(code)
        ? []
        : calls(row, code, taken).map((it) => ({
            ...it,
            evidence: { ...it.evidence, file: project.rootPath(file.path) },
          })),
    );
  });
}

function calls(row: ListenerRow, code: string, taken: Set<number>): Listener[] {
  const found: Listener[] = [];
  for (const match of code.matchAll(row.call)) {
    const open = match.index + match[0].length - 1;
    // the first row that knows a call speaks for it
    if (taken.has(open)) continue;
    const parts = callArguments(code, open) ?? [];
    const written = argumentOf(row, code, parts);
    if (written === 'none') continue;
    taken.add(open);
    const line = lineAt(code, match.index);
    const says = (code.split('\n')[line - 1] as string).trim().slice(0, 120);
    // what stands before the call decides, then all of the file
    const lookup = (name: string) => definitionOf(code.slice(0, match.index), name) ?? definitionOf(code, name);
    // app.run(**options), serve({ ...options })
    const isSpread = parts.some((part) => /^\*\*|^\.\.\.|[{,]\s*\.\.\./.test(part));
    const value = written !== undefined ? readPort(written, lookup) : isSpread ? undefined : preset(row);
    const host = hostOf(row, parts, lookup);
    found.push({
      value: value && { ...value, host: host ?? value.host },
      speaks: row.speaks,
      isDefault: written === undefined,
      tls: row.tls === true || /https\.createServer|http2\.createSecureServer|ssl_context|ssl_certfile/.test(code),
      evidence: { file: '', line, says },
    });
  }
  return found;
}

const preset = (row: ListenerRow): PortValue | undefined =>
  row.port === undefined ? undefined : { number: row.port, variable: row.variable, host: undefined };

/** The text of the port; undefined: it is not written; `none`: this is no call that opens a port. */
function argumentOf(row: ListenerRow, code: string, parts: readonly string[]): string | undefined | 'none' {
  const [key] = row.keys ?? [];
  if (key?.startsWith('set ')) return new RegExp(`${key}\\s*([^\\n]+)`).exec(code)?.[1];
  const named = row.keys && keyed(parts, row.keys);
  if (named !== undefined) return named;
  if (row.argument === undefined) return row.port === undefined ? 'none' : undefined;
  const at = parts[row.argument];
  // app.run(debug=True, host='0.0.0.0')
  if (at !== undefined && /^\w+\s*=[^=]/.test(at)) return undefined;
  if (at === undefined) return row.port === undefined ? 'none' : undefined;
  // server.listen({ path }), emitter.listen('event', ..), (host, port)
  if (at.startsWith('{') || /=>|^function\b|^async\b/.test(at)) return row.port === undefined ? 'none' : undefined;
  const pair = /^\(([\s\S]*)\)$/.exec(at) ?? /^\(\[?([\s\S]*)\]?\)$/.exec(at);
  if (pair) return callArguments(`(${pair[1]})`, 0)?.at(-1);
  if (/^['"`][A-Za-z/]/.test(at) && !/:/.test(at)) return 'none';
  return at;
}

function hostOf(
  row: ListenerRow,
  parts: readonly string[],
  lookup: (name: string) => string | undefined,
): string | undefined {
  const [first] = parts;
  const pair = first?.startsWith('(') ? callArguments(first, 0)?.[0] : undefined;
  const second = row.argument === 0 && /^['"`]/.test(parts[1] ?? '') ? parts[1] : undefined;
  const text = (row.hosts && keyed(parts, row.hosts)) ?? pair ?? second;
  if (text === undefined) return undefined;
  const known = /^[A-Za-z_]\w*$/.test(text) ? (lookup(text) ?? text) : text;
  const preset = /['"`](\d{1,3}(?:\.\d{1,3}){3}|::|localhost|)['"`]/.exec(known)?.[1];
  return preset ?? known.replace(/^['"`]|['"`]$/g, '');
}
