/** How the start command of a stage is written anew: in exec form word by word, in a shell text in its place. */
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { Process } from '../../src/project/process.ts';

/** Where the words of a process stand in CMD or ENTRYPOINT. */
export interface Written {
  readonly instruction: Instruction;
  /** Whether a shell fills in variables there. */
  readonly isShell: boolean;
  /** The words in front of the process, exec form only: its interpreter, launchers. */
  readonly before: readonly string[];
  /** Writes other words in place of the process and of so many words before it. */
  replace(words: readonly string[], taken?: number): Edit;
}

/** Finds the words of a process in the stage's own CMD or ENTRYPOINT; undefined: they stand in a script, or not word for word. */
export function writtenIn(document: Document, stage: Stage, process: Process): Written | undefined {
  const own = [process.path, ...process.args];
  for (const keyword of ['CMD', 'ENTRYPOINT']) {
    const instruction = stage.instructions.filter((it) => it.keyword === keyword).at(-1);
    const found = instruction && (inWords(document, instruction, own) ?? inText(document, instruction, own));
    if (found) return found;
  }
  return undefined;
}

function inWords({ text }: Document, instruction: Instruction, own: readonly string[]): Written | undefined {
  const { words, json } = instruction;
  const from = words.length - own.length;
  if (!json || from < 0 || own.some((word, i) => words[from + i]?.value !== word)) return undefined;
  const [first, second] = words;
  const comma = first && second ? text.slice(first.end, second.start) : ', ';
  return {
    instruction,
    isShell: false,
    before: words.slice(0, from).map(({ value }) => value),
    replace: (others, taken = 0) => ({
      start: words[from - taken]?.start ?? instruction.start,
      end: words.at(-1)?.end ?? instruction.end,
      text: others.map((word) => JSON.stringify(word)).join(comma),
    }),
  };
}

/** `CMD flask run --port $PORT`, `CMD ["sh", "-c", "flask db upgrade && flask run"]`: once, and with plain words only. */
function inText({ text }: Document, instruction: Instruction, own: readonly string[]): Written | undefined {
  const needle = own.join(' ');
  const body = text.slice(instruction.start, instruction.headEnd);
  const at = body.indexOf(needle);
  if (!own.every((word) => PLAIN.test(word)) || at < 0 || body.indexOf(needle, at + 1) >= 0) return undefined;
  const before = /((?:[\w./-]+ )*)$/.exec(body.slice(0, at))?.[1]?.trim() ?? '';
  const words = before === '' ? [] : before.split(' ');
  if (!/[\s"']$/.test(body.slice(0, at)) || !/^(?:\s|["']|$)/.test(body.slice(at + needle.length))) return undefined;
  return {
    instruction,
    isShell: true,
    before: words,
    replace(others, taken = 0) {
      const lead = words.slice(words.length - taken).map((word) => word.length + 1);
      const start = instruction.start + at - lead.reduce((sum, length) => sum + length, 0);
      return { start, end: instruction.start + at + needle.length, text: others.map(quoted).join(' ') };
    },
  };
}

const PLAIN = /^[\w@%+=:,./${}*-]+$/;

/** Single quotes stand in JSON strings and in shell texts alike. */
const quoted = (word: string): string => (PLAIN.test(word) ? word : `'${word}'`);
