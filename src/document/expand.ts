/** Variable substitution as the builder does it (frontend/dockerfile/shell/lex.go, read 2026-08). */

/** A variable that nothing here knows: it may be set by the base image or from outside. */
class Unknown extends Error {}

/** Thrown by look-ups; made once, because an error that notes its stack is dear. */
export const UNKNOWN = new Unknown('a variable is not known');

/** What is not taken as it is written, with either escape character; most words hold none of it. */
const SPECIAL = /[$'"\\`]/;

/** How a name is looked up: a value, '' for known to be unset; @throws UNKNOWN when nobody can tell. */
export type Lookup = (name: string) => string;

/**
 * Replaces `$x`, `${x}`, `${x:-d}`, `${x-d}`, `${x:+d}`, `${x+d}` and takes quotes and escapes away.
 * Gives undefined when a variable is unknown or a substitution is not one of these.
 */
export function expandWord(text: string, lookup: Lookup, escape = '\\'): string | undefined {
  if (!SPECIAL.test(text)) return text;
  try {
    return expand(text, lookup, escape);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

function expand(text: string, lookup: Lookup, escape: string): string {
  let out = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i] as string;
    if (ch === "'" && !quoted) {
      const close = text.indexOf("'", i + 1);
      if (close === -1) throw UNKNOWN;
      out += text.slice(i + 1, close);
      i = close;
    } else if (ch === '"') {
      quoted = !quoted;
    } else if (ch === escape) {
      const next = text[i + 1];
      if (next === undefined) break;
      // inside double quotes only these are escapes
      if (quoted && next !== '"' && next !== '$' && next !== escape) out += ch;
      out += next;
      i++;
    } else if (ch === '$') {
      const name = /^[a-zA-Z_][a-zA-Z0-9_]*|^[0-9@*#]/.exec(text.slice(i + 1))?.[0];
      if (text[i + 1] === '{') {
        const end = closingBrace(text, i + 1);
        out += substitution(text.slice(i + 2, end), lookup, escape);
        i = end;
      } else if (name === undefined) {
        out += ch;
      } else {
        out += lookup(name);
        i += name.length;
      }
    } else out += ch;
  }
  if (quoted) throw UNKNOWN;
  return out;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  throw UNKNOWN;
}

function substitution(inner: string, lookup: Lookup, escape: string): string {
  const match = /^([a-zA-Z_][a-zA-Z0-9_]*)(?:(:?[-+])([\s\S]*))?$/.exec(inner);
  if (!match) throw UNKNOWN;
  const [, name, operator, operand] = match as unknown as [string, string, string | undefined, string | undefined];
  if (operator === undefined) return lookup(name);
  let value: string | undefined;
  try {
    value = lookup(name);
  } catch (error) {
    if (!(error instanceof Unknown) || operator.endsWith('+')) throw error;
    // `${X:-default}`: nothing here sets X, so the default is what the builder takes
  }
  const present = value !== undefined && value !== '';
  if (operator.endsWith('-')) return present ? (value as string) : expand(operand ?? '', lookup, escape);
  return present ? expand(operand ?? '', lookup, escape) : '';
}
