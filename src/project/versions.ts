/** Which version of a language the files around a Dockerfile name. */

import { posix } from 'node:path';
import {
  type EvidenceRow,
  LANGUAGE_IMAGES,
  type Language,
  NODE_CODENAMES,
  VERSION_EVIDENCE,
} from '../knowledge/version-evidence.ts';
import { lineAt } from './calls.ts';
import type { Project } from './project.ts';

/** What one file says. */
export interface VersionEvidence {
  /** Path relative to the root. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** As written: `>=3.11,<4`. */
  readonly says: string;
  /** With as many numbers as the tags of the image have; undefined where the file names none or several. */
  readonly version: string | undefined;
  /** Whether it is the only version that will do; else it is the lowest one. */
  readonly exact: boolean;
  /** Whether a newer version will do as well, though this one is named. */
  readonly atLeast: boolean;
  /** What the source needs at least, not what somebody builds with. */
  readonly least: boolean;
  /** In a folder above the build context, in a file that is about its own folder. */
  readonly outside: boolean;
}

/** The language of an image by its short name; undefined where no file tells about it. */
export function languageOf(repository: string): Language | undefined {
  return LANGUAGE_IMAGES.find(({ repositories }) => repositories.includes(repository))?.language;
}

/** The files that would tell, for advice. */
export function evidenceFiles(repository: string): readonly string[] {
  const language = languageOf(repository);
  return [...new Set(rowsOf(language, repository).map((row) => row.file))];
}

function rowsOf(language: Language | undefined, repository: string): readonly EvidenceRow[] {
  return VERSION_EVIDENCE.filter((row) => row.language === language && (row.images?.test(repository) ?? true));
}

/**
 * What the nearest folder with evidence says: the Dockerfile's, the build context's, then those above.
 * `precision` is how many numbers the tags of the image have. Empty where nothing is said.
 */
export function versionEvidence(project: Project, repository: string, precision: 1 | 2): readonly VersionEvidence[] {
  const language = languageOf(repository);
  if (!language) return [];
  const rows = rowsOf(language, repository);
  const folder = posix.dirname(project.dockerfile);
  const own = folder === '.' ? '' : folder;
  const near = [own, ...(project.context === undefined ? [] : [project.context])];
  const above = own.split('/').map((_, i, all) => all.slice(0, all.length - 1 - i).join('/'));
  for (const dir of new Set([...near, ...above])) {
    const found = inFolder(project, dir, rows, precision, !near.includes(dir));
    if (found.length > 0) return found;
  }
  return [];
}

function inFolder(
  project: Project,
  dir: string,
  rows: readonly EvidenceRow[],
  precision: 1 | 2,
  above: boolean,
): VersionEvidence[] {
  const found: VersionEvidence[] = [];
  const names = project.root.list(dir);
  for (const row of rows) {
    const files = names.filter(
      row.file.startsWith('*') ? (it) => it.endsWith(row.file.slice(1)) : (it) => it === row.file,
    );
    for (const name of files) {
      const file = dir === '' ? name : `${dir}/${name}`;
      if (project.root.kind(file) === undefined || found.some((it) => it.file === file)) continue;
      const hit = read(project.root.read(file) ?? '', row);
      if (!hit) continue;
      const constraint = readConstraint(hit.says, precision, row.language);
      const plain = row.kind === 'exact' || row.kind === 'atLeast';
      // `lts/*`, `stable`: nothing is named
      if (!constraint) continue;
      found.push({
        file,
        line: hit.line,
        says: hit.says,
        version: constraint.version,
        exact: row.kind !== 'minimum' && (plain || constraint.exact),
        atLeast: row.kind === 'atLeast' || row.kind === 'minimum' || (row.kind === 'constraint' && !constraint.exact),
        least: row.least === true,
        outside: above && !row.inherited,
      });
    }
  }
  return found;
}

/** The text that a row finds in a file, and its line. */
function read(text: string, row: EvidenceRow): { says: string; line: number } | undefined {
  if (row.json) return readJson(text, row.json);
  const plain = row.file.endsWith('proj') || row.file.endsWith('.xml') ? withoutComments(text) : text;
  const from = row.section === undefined ? 0 : sectionStart(plain, row.section);
  if (from === undefined) return undefined;
  const rest = plain.slice(from);
  const end = row.section === undefined ? -1 : rest.search(/^[ \t]*\[/m);
  const match = row.pattern?.exec(end === -1 ? rest : rest.slice(0, end));
  const says = match?.slice(1).find((group) => group !== undefined);
  if (!match || says === undefined) return undefined;
  return { says, line: lineAt(plain, from + match.index + match[0].indexOf(says)) };
}

/** `<!-- ... -->` made blank, with its line ends. */
const withoutComments = (text: string): string =>
  text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));

/** Where the text below `[section]` begins. */
function sectionStart(text: string, section: string): number | undefined {
  const match = new RegExp(`^[ \\t]*\\[${section.replaceAll('.', '\\.')}\\][^\\n]*$`, 'm').exec(text);
  return match ? match.index + match[0].length : undefined;
}

function readJson(text: string, path: readonly string[]): { says: string; line: number } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  let at = 0;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = (value as Record<string, unknown>)[key];
    at = Math.max(at, text.indexOf(`"${key}"`, at));
  }
  return typeof value === 'string' ? { says: value, line: lineAt(text, at) } : undefined;
}

/** `>=3.11`, `^20.1`, `3.12.*`: operator and numbers. */
const COMPARATOR = /^(>=|<=|===|==|=|~=|~>|<|>|\^|~|!=)?v?(\d+(?:\.(?:\d+|[xX*]))*)(?:[-+]\S*)?$/;

/**
 * The version that a constraint names, cut to `precision` numbers: the only one that will do (`exact`), or the lowest.
 * version undefined: several, or fewer numbers than needed. Gives undefined where no version is named at all.
 */
export function readConstraint(
  text: string,
  precision: 1 | 2,
  language: Language,
): { readonly version: string | undefined; readonly exact: boolean } | undefined {
  const codename = language === 'node' ? NODE_CODENAMES[text.replace(/^lts\//, '')] : undefined;
  if (codename) return { version: codename, exact: true };
  const unclear = { version: undefined, exact: false };
  const alternatives = text.split(/\s*\|\|?\s*/).map((part) => readRange(part, precision, language));
  const [first] = alternatives;
  if (!first || alternatives.includes(undefined)) return /\d/.test(text) ? unclear : undefined;
  const same = alternatives.every((it) => it?.version === first.version);
  return same ? { version: first.version, exact: alternatives.every((it) => it?.exact) } : unclear;
}

function readRange(text: string, precision: 1 | 2, language: Language) {
  const parts = text
    .trim()
    .replace(/([<>=~^!])\s+/g, '$1')
    .split(/[\s,]+/)
    .map((part) => COMPARATOR.exec(part));
  let lower: { operator: string; numbers: number[] } | undefined;
  let upper: number[] | undefined;
  for (const part of parts) {
    if (!part) return undefined;
    const operator = part[1] ?? '';
    const numbers = (part[2] as string)
      .split('.')
      .filter((it) => /^\d/.test(it))
      .map(Number);
    if (operator === '<') upper = numbers;
    else if (operator === '<=' || operator === '!=' || operator === '>') return undefined;
    else if (lower) return undefined;
    else lower = { operator, numbers };
  }
  if (!lower) return undefined;
  // Java 1.8 is Java 8
  if (language === 'java' && lower.numbers[0] === 1 && lower.numbers.length > 1) lower.numbers.shift();
  const { operator, numbers } = lower;
  if (numbers.length < precision) return { version: undefined, exact: false };
  const line = numbers.slice(0, precision);
  return { version: line.join('.'), exact: oneLine(operator, numbers, precision, upper) };
}

/** Whether a range lets one release line through only. */
function oneLine(
  operator: string,
  numbers: readonly number[],
  precision: 1 | 2,
  upper: readonly number[] | undefined,
): boolean {
  if (operator === '' || operator.startsWith('=')) return true;
  if (operator === '^') return precision === 1 || numbers[0] === 0;
  // ~20 and ~20.1 stay below 21; ~3.12.1, ~=3.12.1 and ~>3.12.1 stay below 3.13
  if (operator === '~' && precision === 1) return true;
  if (operator === '~=' || operator === '~>') return numbers.length === precision + 1;
  if (operator === '~') return numbers.length > precision;
  // >=3.12,<3.13
  if (!upper || upper.slice(precision).some((n) => n > 0)) return false;
  const next = numbers.slice(0, precision);
  next[precision - 1] = (next[precision - 1] as number) + 1;
  return next.every((n, i) => n === (upper[i] ?? 0));
}
