/** What no reader of Dockerfiles agrees about, looked for before anything is read. */
import { physicalLine } from './document/lines.ts';
import type { Problem } from './scan.ts';

/** BuildKit reads lines with a buffer of this many bytes and refuses longer ones. */
const MAX_LINE_BYTES = 65_535;

/** What most files hold none of, in one quick look. */
const UNUSUAL = /[\r\v\f\0\u0085\u00a0\u2028\u2029]/;

/** Characters over which parsers disagree, and lines that BuildKit refuses. */
export function oddCharacter(text: string): Problem | undefined {
  if (text.length < MAX_LINE_BYTES / 4 && !UNUSUAL.test(text)) return undefined;
  for (let at = 0; at < text.length; ) {
    const line = physicalLine(text, at);
    if (
      line.next - line.start > MAX_LINE_BYTES / 4 &&
      Buffer.byteLength(text.slice(line.start, line.next)) > MAX_LINE_BYTES
    ) {
      return {
        code: 'line-too-long',
        message: `the line is longer than the ${MAX_LINE_BYTES} bytes that BuildKit reads`,
        at: line.start,
      };
    }
    at = line.next;
  }
  const cr = /\r(?!\r*\n|\r*$)/.exec(text);
  if (cr)
    return {
      code: 'lone-cr',
      message: 'a carriage return stands inside of a line, not before a line feed',
      at: cr.index,
    };
  // behind the first word of the arguments too: a rewrite may set that on a line of its own
  const blank = /^[ \t]*[\v\f\u0085\u00a0\u2028\u2029]|^[ \t]*(?:[A-Za-z]+[ \t]+)?[\w.-]+[\v\f\u00a0]|\0/m.exec(text);
  if (blank)
    return {
      code: 'odd-character',
      message: 'a control character or unusual blank stands where parsers disagree about it',
      at: blank.index,
    };
  return undefined;
}
