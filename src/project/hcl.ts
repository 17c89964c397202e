/**
 * A tolerant reader of the part of HCL that names builds: the attributes of `target` blocks and the defaults of
 * `variable` blocks. An expression that is not a plain value becomes UNKNOWN; a text that makes no sense ends early.
 */

/** An expression whose value is not read: a function call, a condition, a reference that is part of more. */
export const UNKNOWN = Symbol('unknown');
export type BakeValue =
  | string
  | number
  | boolean
  | null
  | typeof UNKNOWN
  | readonly BakeValue[]
  | { readonly [key: string]: BakeValue };

export interface BakeBlocks {
  readonly targets: { readonly name: string; readonly line: number; readonly fields: Record<string, BakeValue> }[];
  readonly variables: Map<string, string>;
}

/** Brackets below this depth are passed over. */
const MAX_DEPTH = 50;

interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'punctuation' | 'newline';
  readonly text: string;
  readonly line: number;
}

/** What is left open (a comment, a string, a heredoc) ends with the line or the text, so that reading stays linear. */
const TOKEN =
  /(?<skip>[ \t\r]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<newline>\n)|<<-?(?<tag>[A-Za-z_]\w*)(?=\r?\n)[\s\S]*?(?:\n[ \t]*\k<tag>(?=\r?\n|$)|$)|(?<string>"(?:[^"\\\n$]|\\.|\$\{(?:[^{}"\n]|"(?:[^"\\\n]|\\.)*")*\}|\$)*"?)|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w-]*)|(?<punctuation>[^\s])/gy;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of text.matchAll(TOKEN)) {
    const groups = match.groups as Record<string, string | undefined>;
    const kind = (['newline', 'string', 'number', 'word', 'punctuation'] as const).find(
      (name) => groups[name] !== undefined,
    );
    if (kind) tokens.push({ kind, text: match[0], line });
    else if (groups.tag !== undefined) tokens.push({ kind: 'punctuation', text: '<<', line });
    line += match[0].split('\n').length - 1;
  }
  return tokens;
}

/** `"a\"b"` without its quotes; a string with quotes inside of `${..}` is an expression. */
function unquote(text: string): string | typeof UNKNOWN {
  try {
    return JSON.parse(text) as string;
  } catch {
    return UNKNOWN;
  }
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }
  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }
  is(text: string): boolean {
    const token = this.peek();
    return token !== undefined && token.kind !== 'string' && token.text === text;
  }
  newlines(): void {
    while (this.peek()?.kind === 'newline') this.#at++;
  }

  /** One expression up to the end of its line, `,` or the bracket that closes what is around it. */
  value(): BakeValue {
    const value = this.#single();
    if (this.#ended()) return value;
    // An operator, a call, an index, a heredoc: pass over the rest of the expression, brackets balanced.
    for (let depth = 0; this.peek() && (depth > 0 || !this.#ended()); ) {
      const { text, kind } = this.next() as Token;
      if (kind !== 'punctuation') continue;
      if ('([{'.includes(text)) depth++;
      else if (')]}'.includes(text)) depth--;
    }
    return UNKNOWN;
  }

  #ended(): boolean {
    const token = this.peek();
    return (
      !token || token.kind === 'newline' || (token.kind === 'punctuation' && [',', '}', ']', ')'].includes(token.text))
    );
  }

  #single(): BakeValue {
    const token = this.peek();
    if (!token || this.#ended()) return UNKNOWN;
    if ((token.text === '[' || token.text === '{') && this.#depth < MAX_DEPTH) {
      this.#depth++;
      const value = token.text === '[' ? this.#list() : this.fields();
      this.#depth--;
      return value;
    }
    if (token.kind === 'punctuation') return UNKNOWN; // an operator or a bracket: value() passes over it
    this.next();
    if (token.kind === 'string') return unquote(token.text);
    if (token.kind === 'number') return Number(token.text);
    if (token.text === 'true' || token.text === 'false') return token.text === 'true';
    if (token.text === 'null') return null;
    return `\${${token.text}}`; // a bare reference is the string that holds it alone
  }

  #list(): BakeValue[] {
    const items: BakeValue[] = [];
    this.next();
    for (this.newlines(); this.peek() && !this.is(']'); this.newlines()) {
      if (this.is(',')) this.next();
      else if (this.is('}') || this.is(')')) return [UNKNOWN];
      else items.push(this.value());
    }
    this.next();
    return items;
  }

  /** `{ key = value .. }` from its brace to the one behind it; nested blocks (labels or none) are passed over. */
  fields(): Record<string, BakeValue> {
    const fields: Record<string, BakeValue> = {};
    this.next();
    for (this.newlines(); this.peek() && !this.is('}'); this.newlines()) {
      const key = this.next() as Token;
      if (this.is('=') || this.is(':')) {
        this.next();
        const name = key.kind === 'string' ? unquote(key.text) : key.text;
        const value = this.value();
        if (typeof name === 'string') fields[name] = value;
      } else if (this.is('{')) this.value();
    }
    this.next();
    return fields;
  }
}

/** Reads a bake file in HCL. Never throws; what cannot be read is left out. */
export function readHcl(text: string): BakeBlocks {
  const reader = new Reader(tokenize(text));
  const blocks: BakeBlocks = { targets: [], variables: new Map() };
  for (reader.newlines(); reader.peek(); reader.newlines()) {
    const head = reader.next() as Token;
    const label = reader.peek();
    if (label?.kind === 'string') reader.next();
    if (!reader.is('{')) {
      if (reader.is('=')) {
        // a constant of the file: `version = "1.2"`
        reader.next();
        const value = reader.value();
        if (typeof value === 'string' && !value.includes('${')) blocks.variables.set(head.text, value);
      }
      continue;
    }
    const fields = reader.fields();
    const name = label ? unquote(label.text) : UNKNOWN;
    if (label?.kind !== 'string' || typeof name !== 'string') continue;
    if (head.text === 'target') blocks.targets.push({ name, line: head.line, fields });
    const preset = fields.default;
    if (head.text === 'variable' && (typeof preset === 'string' || typeof preset === 'number'))
      blocks.variables.set(name, String(preset));
  }
  return blocks;
}
