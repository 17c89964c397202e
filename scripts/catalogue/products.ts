/** The files below products/ of endoflife-date/endoflife.date: YAML between two lines `---`, one entry per release line. */
import { parse } from 'yaml';

export interface Cycle {
  /** `3.12` */
  readonly version: string;
  /** The first word of its code name, in lower case: bookworm. */
  readonly codename?: string;
  /** YYYY-MM-DD; true: ended, the day is not told; undefined: maintained without an end. */
  readonly end?: string | true;
}

/** The release lines of a product, newest first as they stand there. `column`: which of its days is the end. */
export function cyclesOf(text: string, column: 'eol' | 'eoes'): readonly Cycle[] {
  const front = text.replaceAll('\r\n', '\n').split(/^---$/m)[1] ?? '';
  const { releases } = (parse(front) ?? {}) as { releases?: unknown };
  if (!Array.isArray(releases)) throw new Error('no list of releases stands in it');
  return releases.map((release: Record<string, unknown>) => {
    const codename = typeof release.codename === 'string' ? /^\w+/.exec(release.codename)?.[0] : undefined;
    const end = endOf(release[column] ?? release.eol);
    return {
      version: String(release.releaseCycle),
      ...(codename !== undefined && { codename: codename.toLowerCase() }),
      ...(end !== undefined && { end }),
    };
  });
}

/** A day, `true` or `false`. */
function endOf(value: unknown): string | true | undefined {
  if (value === true) return true;
  const day = value instanceof Date ? value.toISOString().slice(0, 10) : value;
  return typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) ? day : undefined;
}
