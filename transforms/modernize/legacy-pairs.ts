/** `ENV name value` becomes `ENV name=value`, LABEL likewise. The value stays byte for byte what the builder computes. */
import { expandWord } from '../../src/document/expand.ts';
import { readPairs } from '../../src/document/words.ts';
import type { Document, Instruction, Pair } from '../../src/document.ts';
import type { Change, Decline, Edit, Span } from '../../src/edit.ts';
import { lineOf, linuxStages, type Rewrite } from './rewrite.ts';

/** Files with another escape character are left alone. */
const ESCAPE = '\\';
/** Blanks as the builder splits words. */
const BLANK = /[\s\u0085]/;

export const legacyPairs: Rewrite = {
  option: 'legacy-pairs',
  help: 'ENV name value and LABEL name value become name=value',
  declines: {
    'legacy-comment-in-between': 'a comment stands between the name and its value',
    'legacy-looks-like-several': 'the lines below look like more variables, yet they are all one value',
    'legacy-value-unclear': 'the quotes or escapes of the value cannot be carried over for sure',
  },
  *plan(document) {
    for (const stage of linuxStages(document)) {
      for (const instruction of stage.instructions) {
        const [pair] = instruction.pairs;
        if ((instruction.keyword !== 'ENV' && instruction.keyword !== 'LABEL') || !pair?.legacy) continue;
        yield rewritten(document, instruction, pair);
      }
    }
  },
};

function rewritten(document: Document, instruction: Instruction, pair: Pair): Change | Decline {
  const { keyword } = instruction;
  const at = { start: instruction.start, end: instruction.headEnd };
  const raw = pair.raw ?? '';
  const value = pair.valueSpan as Span;
  const gap = { start: pair.nameSpan.end, end: value.start };
  const text = document.text.slice(value.start, value.end);
  if (instruction.comments.some((comment) => comment.start >= gap.start && comment.end <= gap.end)) {
    return { code: 'legacy-comment-in-between', why: `a comment stands between ${pair.name} and its value`, at };
  }
  // ENV A 1 \⏎    B=2
  if (/\n[ \t]*[A-Za-z_]\w*=/.test(text)) {
    const why = `${pair.name} takes the lines below as part of its value, though they look like variables of their own`;
    return { code: 'legacy-looks-like-several', why, at };
  }
  const edits = quoting(raw, text, value);
  if (!edits || !/^(?:[^"'\\$]+|"[^"\\$]+")$/.test(pair.name)) {
    return {
      code: 'legacy-value-unclear',
      why: `the quotes and escapes of ${pair.name} cannot be carried over for sure`,
      at,
    };
  }
  return {
    title: `${keyword} ${pair.name} in the name=value form`,
    why: `${keyword} name value is the legacy form, in which the rest of the line is the value; the value stays the same.`,
    evidence: [lineOf(document, instruction, `${keyword} ${pair.name} ${raw}`)],
    level: 'safe',
    at,
    edits: [{ ...gap, text: '=' }, ...edits].filter((edit) => edit.start < edit.end || edit.text !== ''),
  };
}

/** Edits that make one word of a value; undefined where that cannot be shown to give the same text. */
function quoting(raw: string, text: string, value: Span): readonly Edit[] | undefined {
  // without blanks it is one word in both forms, processed alike
  if (!BLANK.test(raw) || oneWord(raw)) return [];
  const wrapped = `"${raw}"`;
  if (!/["']/.test(raw.replace(/\\./g, '')) && same(raw, wrapped)) {
    return [
      { start: value.start, end: value.start, text: '"' },
      { start: value.end, end: value.end, text: '"' },
    ];
  }
  // with continuations inside there is no single text to replace
  if (text !== raw) return undefined;
  const rebuilt = requoted(raw);
  return rebuilt !== undefined && same(raw, rebuilt) ? [{ ...value, text: rebuilt }] : undefined;
}

/** Whether `name=text` is read as one pair with this text as it stands. */
function oneWord(text: string): boolean {
  const source = { text: `x=${text}`, offsets: Array.from({ length: text.length + 2 }, (_, i) => i), file: '', at: 0 };
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/gs, '');
  return readPairs(source, ESCAPE, 'ENV')?.length === 1 && !BLANK.test(bare) && !/["'\\]/.test(bare);
}

/** Whether two writings give the same value, whatever their variables hold. */
function same(before: string, after: string): boolean {
  const marked = (text: string, value: string) => expandWord(text, (name) => value && `\0${name}\0`, ESCAPE);
  return (
    ['x', ''].every((value) => {
      const wanted = marked(before, value);
      return wanted !== undefined && wanted === marked(after, value);
    }) && oneWord(after)
  );
}

/** The value as one text in double quotes: `a "b c" 'd$'` becomes `"a b c d\$"`. */
function requoted(raw: string): string | undefined {
  const plain = (text: string) => text.replace(/["$\\]/g, '\\$&');
  let out = '';
  for (let i = 0; i < raw.length; i++) {
    const ch = raw[i] as string;
    if (ch === "'") {
      const close = raw.indexOf("'", i + 1);
      if (close === -1) return undefined;
      out += plain(raw.slice(i + 1, close));
      i = close;
    } else if (ch === '"') {
      const quoted = /^"(?:[^"\\]|\\.)*"/s.exec(raw.slice(i))?.[0];
      if (quoted === undefined) return undefined;
      out += quoted.slice(1, -1);
      i += quoted.length - 1;
    } else if (ch === ESCAPE) {
      const next = raw[++i];
      if (next === undefined) return undefined;
      out += plain(next);
    } else {
      out += ch;
    }
  }
  return `"${out}"`;
}
