/** Calls in source code: their arguments, and what a name of the same file stands for. Texts only, no parser of the language. */
import { once } from '../document/once.ts';
import type { SourceFile } from './reachable.ts';

/** Characters of one call that are looked at. */
const CALL_LIMIT = 4000;
const OPENING = '([{';
const CLOSING = ')]}';

/** The arguments of a call whose opening bracket stands at `open`, split at the commas between them; undefined: it has no end. */
export function callArguments(text: string, open: number): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = open + 1;
  const end = Math.min(text.length, open + CALL_LIMIT);
  for (let i = open; i < end; i++) {
    const c = text[i] as string;
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (OPENING.includes(c)) depth++;
    else if (CLOSING.includes(c)) {
      depth--;
      if (depth === 0) {
        const last = text.slice(from, i).trim();
        return last === '' ? parts : [...parts, last];
      }
    } else if (c === ',' && depth === 1) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return undefined;
}

/** The value of `port=..` or `port: ..` among arguments, or in the first of them that is an object. */
export function keyed(parts: readonly string[], keys: readonly string[]): string | undefined {
  for (const key of keys) {
    for (const part of parts) {
      const direct = new RegExp(`^['"]?${key}['"]?\\s*[=:]\\s*([\\s\\S]+)$`).exec(part)?.[1];
      if (direct !== undefined) return direct.trim();
      // the short form { port }
      if (part === key) return key;
      if (part.startsWith('{')) {
        const inner = callArguments(part, 0);
        const found = inner && keyed(inner, [key]);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

/** Comments taken away, so that nothing in them counts; the lines stay where they are. */
export function withoutComments(text: string, language: 'c' | 'hash'): string {
  const blank = (it: string) => it.replace(/[^\n]/g, ' ');
  if (language === 'hash')
    return text.replace(/(^|\s)#[^\n]*/g, (it, before: string) => before + blank(it.slice(before.length)));
  return text
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/g, (it, before: string) => before + blank(it.slice(before.length)));
}

const plain = {
  c: once((file: SourceFile) => withoutComments(file.text, 'c')),
  hash: once((file: SourceFile) => withoutComments(file.text, 'hash')),
};

/** The text of a source file without its comments, for all who read it. */
export const codeOf = (file: SourceFile, language: 'c' | 'hash'): string => plain[language](file);

/** What a name of the file stands for; undefined: nothing, or more than one thing. */
export function definitionOf(text: string, name: string): string | undefined {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new Set<string>();
  const pattern = new RegExp(
    `(?:^|[\\s;({,])(?:const|let|var|static|final|val)?\\s*(?:mut\\s+)?${plain}(?:\\s*:\\s*[\\w<>|& ]+)?\\s*(?::=|=(?![=>]))\\s*([^\\n;]+)`,
    'g',
  );
  for (const match of text.matchAll(pattern)) found.add((match[1] as string).trim().replace(/,$/, ''));
  const values = [...found].filter((it) => it !== '""' && it !== "''");
  if (values.length === 1) return values[0];
  // port := os.Getenv("PORT"); if port == "" { port = "8080" }
  const [read] = values.filter((it) => /env/i.test(it));
  const rest = values.filter((it) => it !== read && /^["'`:\d]+\d{2,5}["'`]?$/.test(it));
  return read !== undefined && values.length === 2 && rest.length === 1 ? `${read} || ${rest[0]}` : undefined;
}

/** 1-based line of an offset; one below 0 counts from the end. */
export function lineAt(text: string, offset: number): number {
  const end = offset < 0 ? text.length + offset : offset;
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Characters of a command line in code that are looked at. */
const LINE_LIMIT = 400;

/**
 * The command line in a call: `'npm run x'` as it is, `'npm', ['run', 'x']` with a blank between the words. `at`: offset of
 * the opening quote.
 */
export function commandLine(text: string, at: number): string {
  const quote = text[at] as string;
  let end = at + 1;
  const limit = Math.min(text.length, at + LINE_LIMIT);
  while (end < limit && text[end] !== quote && (quote === '`' || text[end] !== '\n')) end += text[end] === '\\' ? 2 : 1;
  const first = text.slice(at + 1, end);
  if (/\s/.test(first)) return first;
  const [rest = ''] = text.slice(end + 1, end + LINE_LIMIT).split(/[);]/, 1);
  return [first, ...[...rest.matchAll(/(["'`])([^"'`\n]*)\1/g)].map((match) => match[2])].join(' ');
}

/** Programs that start another one, which stands among their words. */
const WRAPPER = /^(?:sudo|env|nohup|nice|ionice|time|timeout|xargs|exec|stdbuf|setsid|sshpass|unbuffer|flock|watch)$/;

/** Programs of a command line behind its first: behind `&&`, `|` and `;`; `isCertain` is false for the words of `timeout 5 ssh host`. */
export function furtherPrograms(line: string): { readonly program: string; readonly isCertain: boolean }[] {
  const found: { program: string; isCertain: boolean }[] = [];
  const isName = (word: string | undefined): word is string => word !== undefined && /^[a-z][\w.+-]*$/.test(word);
  for (const [i, piece] of line.split(/&&|\|\|?|;/).entries()) {
    const words = piece.trim().split(/\s+/);
    if (i > 0 && isName(words[0])) found.push({ program: words[0], isCertain: true });
    if (WRAPPER.test(words[0] ?? ''))
      for (const word of words.slice(1, 6).filter(isName)) found.push({ program: word, isCertain: false });
  }
  return found;
}
