/** A YAML file as lines, for edits that keep every other byte. */

export interface Line {
  readonly start: number;
  /** Behind the line end. */
  readonly end: number;
  readonly text: string;
}

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at + 1;
    lines.push({ start, end, text: text.slice(start, end).replace(/\r?\n$/, '') });
    start = end;
  }
  return lines;
}

export const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
export const indentOf = (line: Line | undefined): number => /^ */.exec(line?.text ?? '')?.[0].length ?? 0;
export const isBlank = ({ text }: Line): boolean => /^\s*(?:#.*)?$/.test(text);

/** The lines that belong to a key, those below it that are indented further; a list may stand at its own indentation. */
export function bodyOf(lines: readonly Line[], key: number): number[] {
  const body: number[] = [];
  for (let i = key + 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (isBlank(line)) continue;
    const isItem = indentOf(line) === indentOf(lines[key]) && /^\s*-\s/.test(line.text);
    if (indentOf(line) <= indentOf(lines[key]) && !isItem) break;
    body.push(i);
  }
  return body;
}
