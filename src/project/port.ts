/** A port as configuration and source code write it: a number, or a variable of the environment with its default. */

export interface PortValue {
  /** Where nothing else is set; undefined: only the variable tells. */
  readonly number: number | undefined;
  /** The variable of the environment that decides. */
  readonly variable: string | undefined;
  /** As written: `0.0.0.0`; undefined: none is written. */
  readonly host: string | undefined;
  /** Whether the variable holds an address, of which the port is only the end: `ADDR=":8080"`. */
  readonly isAddress?: boolean;
}

/** Names of variables that hold an address: `LISTEN_ADDR`, `BIND`. */
const ADDRESS_NAME = /(?:ADDR|ADDRESS|BIND|LISTEN|ENDPOINT)$/i;
/** An address behind a variable, as its default: `, ":8080")`, `|| "0.0.0.0:8080"`. */
const ADDRESS = /(?:^|["'`\s,(])(?:\[[\da-fA-F:]*\]|[\w.*]*):(\d{2,5})(?![\w.:])/;

/** The port of `0.0.0.0:8080`, `:8080` and `8080`; undefined: it is no address. */
export function portIn(address: string): number | undefined {
  const number = Number(/(?:^|:)(\d{1,5})$/.exec(address)?.[1]);
  return isPort(number) ? number : undefined;
}

/** Ways to read a variable of the environment; the one group that matches is its name. */
const READS = new RegExp(
  [
    // JavaScript
    String.raw`process\.env\.([A-Za-z_]\w*)`,
    String.raw`process\.env\[\s*['"]([A-Za-z_]\w*)['"]\s*\]`,
    String.raw`(?:Deno|Bun)\.env(?:\.get\(\s*['"]|\.)([A-Za-z_]\w*)`,
    // Python, Ruby, Go, Rust, PHP, Java and C#
    String.raw`os\.(?:environ\.get|getenv|environ\.setdefault)\(\s*['"]([A-Za-z_]\w*)['"]`,
    String.raw`os\.environ\[\s*['"]([A-Za-z_]\w*)['"]\s*\]`,
    String.raw`(?:getenv|env)\(\s*['"]([A-Za-z_]\w*)['"]`,
    String.raw`ENV(?:\.fetch\(|\[)\s*['"]([A-Za-z_]\w*)['"]`,
    String.raw`os\.(?:Getenv|LookupEnv)\(\s*"([A-Za-z_]\w*)"`,
    String.raw`(?:std::)?env::var(?:_os)?\(\s*"([A-Za-z_]\w*)"`,
    String.raw`System\.getenv\(\s*"([A-Za-z_]\w*)"`,
    String.raw`Environment\.GetEnvironmentVariable\(\s*"([A-Za-z_]\w*)"`,
    // getEnv("PORT", "8080"), envOr("PORT", "8080")
    String.raw`\b\w*[eE]nv\w*\(\s*"([A-Z][A-Z0-9_]*)"\s*,`,
    // the shell, Spring, nginx templates
    String.raw`\$\{([A-Za-z_]\w*)(?::?[-:]?[^}]*)?\}`,
    String.raw`\$([A-Za-z_]\w*)`,
  ].join('|'),
);

/** 1 to 65535. */
export const isPort = (number: number): boolean => Number.isInteger(number) && number >= 1 && number <= 65535;

/**
 * Reads an expression: `3000`, `":8080"`, `"0.0.0.0:" + port`, `process.env.PORT || 3000`, `${PORT:-8000}`.
 * `lookup` gives the text that a name of the same file stands for. Undefined: it is more than can be read.
 */
export function readPort(
  expression: string,
  lookup: (name: string) => string | undefined = () => undefined,
  depth = 0,
): PortValue | undefined {
  const text = stripped(expression);
  const variable = READS.exec(text);
  if (variable) {
    const name = variable.slice(1).find((it) => it !== undefined) as string;
    const before = text.slice(0, variable.index);
    const rest = before + text.slice(variable.index + variable[0].length);
    const address = before.includes(':') ? undefined : ADDRESS.exec(rest)?.[1];
    const isAddress = address !== undefined || (ADDRESS_NAME.test(name) && !before.includes(':'));
    const preset =
      address ??
      /\$\{[A-Za-z_]\w*:?[-:](\d+)\}/.exec(variable[0])?.[1] ??
      numberIn(rest) ??
      namedIn(rest, lookup, depth);
    const number = preset === undefined ? undefined : Number(preset);
    if (number !== undefined && !isPort(number)) return undefined;
    return { number, variable: name, host: hostIn(text), ...(isAddress && { isAddress }) };
  }
  const address = /^['"`]?(?:tcp:\/\/|http:\/\/)?(\[[\da-fA-F:]*\]|[\w.*+-]*):(\d{1,5})\/?['"`]?$/.exec(text);
  if (address) return fixed(Number(address[2]), address[1] ?? '');
  const number = /^['"`]?(\d{1,5})['"`]?$/.exec(text)?.[1];
  if (number !== undefined) return fixed(Number(number), undefined);
  if (depth >= 3) return undefined;
  // ":" + port, fmt.Sprintf(":%s", port), `0.0.0.0:${port}`, cfg.addr
  const composed =
    /^['"`](\[[\da-fA-F:]*\]|[\w.*]*):['"`]\s*\+\s*(.+)$/.exec(text) ??
    /^(?:fmt\.Sprintf|format!|String\.format)\(\s*"(\[[\da-fA-F:]*\]|[\w.*]*):(?:%[sdv]|\{\})"\s*,\s*(.+)\)$/.exec(
      text,
    ) ??
    /^f?['"`](\[[\da-fA-F:]*\]|[\w.*]*):\$?\{([^{}]+)\}['"`]$/.exec(text);
  const inner = composed ? (composed[2] as string).trim() : text;
  const known = /^[A-Za-z_][\w.]*$/.test(inner) ? lookup(inner) : composed ? inner : undefined;
  const value = known === undefined ? undefined : readPort(known, lookup, depth + 1);
  return value && (composed ? { ...value, host: composed[1], isAddress: false } : value);
}

function fixed(number: number, host: string | undefined): PortValue | undefined {
  return isPort(number) ? { number, variable: undefined, host } : undefined;
}

/** Conversions that keep the value: `Number(x)`, `parseInt(x, 10)`, `int(x)`, `+x`, `x as number`, `*x`, `x.to_string()`. */
function stripped(expression: string): string {
  let text = expression.trim().replace(/[;,]$/, '').trim();
  for (let i = 0; i < 6; i++) {
    const before = text;
    text = text
      .replace(/,\s*10\s*\)/g, ')')
      .replace(
        /^(?:Number|parseInt|Number\.parseInt|int|str|String|Integer|\+|\*|&)\s*\(((?:[^()]|\([^()]*\))*)\)(.*)$/,
        '$1$2',
      )
      .replace(/^[+*&](?=[A-Za-z_(])/, '')
      .replace(/\s+as\s+\w+$/, '')
      .replace(/!$/, '')
      .replace(/\.(?:to_string|toString|as_str|unwrap|to_owned|into)\(\)$/, '')
      .replace(/^\((.*)\)$/, '$1')
      .trim();
    if (text === before) return text;
  }
  return text;
}

/** The number that stands for the value that is not set: `|| 3000`, `, "8000")`, `{ 3000 }`. */
function numberIn(text: string): string | undefined {
  const found = [...text.matchAll(/(?<![\w.:])(\d{2,5})(?![\w.])/g)].map((match) => match[1] as string);
  const different = new Set(found);
  return different.size === 1 ? found[0] : undefined;
}

/** `process.env.PORT || port`, `getenv("PORT", DEFAULT_PORT)`: what the other name stands for. */
function namedIn(rest: string, lookup: (name: string) => string | undefined, depth: number): string | undefined {
  const name = /(?:\|\||\?\?|\bor\b|,)\s*([A-Za-z_]\w*)\s*\)*$/.exec(rest.trim())?.[1];
  const known = name === undefined || depth >= 3 ? undefined : lookup(name);
  return known === undefined ? undefined : readPort(known, lookup, depth + 1)?.number?.toString();
}

const hostIn = (text: string): string | undefined =>
  /(\d{1,3}(?:\.\d{1,3}){3}|\[::\]|localhost)['"`]?\s*:/.exec(text)?.[1];

/** Whether a server that is bound to `host` answers on 127.0.0.1. */
export function isLocal(host: string | undefined): boolean {
  return (
    host === undefined ||
    /^(?:|\[0, ?0, ?0, ?0\]|0\.0\.0\.0|127\.0\.0\.1|localhost|::|\[::\]|\*|\+|0)$/.test(
      host.replace(/^['"`]|['"`]$/g, ''),
    )
  );
}
