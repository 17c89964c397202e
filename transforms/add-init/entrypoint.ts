/** The ENTRYPOINT that begins with the init: what was started so far is restated behind it, and so is a CMD that it would reset. */
import { lineage } from '../../src/document/lineage.ts';
import { lineStart } from '../../src/document/lines.ts';
import { likeKeyword } from '../../src/document/style.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import { entrypointOf, entrypointWords } from '../../src/knowledge/entrypoints.ts';
import type { Refusal } from './declines.ts';
import { startsOf } from './starts.ts';

/** The edit that puts `init --` in front of what a stage starts. */
export function entrypointEdit(document: Document, stage: Stage, init: string): Edit | Refusal {
  const { entrypoint, command } = startsOf(stage);
  if (entrypoint && !entrypoint.json) {
    const why = `Line ${document.originLine(entrypoint.start)} is a text for the shell, which ignores CMD.`;
    return { code: 'entrypoint-shell-form', why };
  }
  const own = entrypoint?.words ?? [];
  if (entrypoint && entrypoint.stage === stage && own[0]) {
    const [first, second] = own;
    const between = second ? document.text.slice(first.end, second.start) : ', ';
    const glue = /^,[ \t]*$/.test(between) ? between : ', ';
    return { start: first.start, end: first.start, text: `"${init}"${glue}"--"${glue}` };
  }
  const inherited = entrypoint ? own.map(({ value }) => value) : baseWords(stage);
  if ('code' in inherited) return inherited;
  if (!command) return { code: 'start-unknown', why: 'What it starts is the CMD of the base image.' };
  const words = [init, '--', ...inherited];
  const line = `${keyword(document, stage, 'ENTRYPOINT')} [${words.map((it) => JSON.stringify(it)).join(', ')}]`;
  return placed(document, stage, entrypoint, command, line);
}

const keyword = (document: Document, stage: Stage, word: string): string => likeKeyword(document, stage.from, word);

function placed(
  document: Document,
  stage: Stage,
  entrypoint: Instruction | undefined,
  command: Instruction,
  line: string,
): Edit | Refusal {
  const { eol, text } = document;
  // ENTRYPOINT []
  if (entrypoint && entrypoint.stage === stage) {
    return { start: entrypoint.start, end: entrypoint.headEnd, text: line };
  }
  if (command.stage === stage) {
    const start = lineStart(text, command.start);
    return { start, end: start, text: `${text.slice(start, command.start)}${line}${eol}` };
  }
  const last = stage.instructions.at(-1) ?? stage.from;
  const restated = `${keyword(document, stage, 'CMD')} ${command.args.text}`;
  return { start: last.end, end: last.end, text: `${eol}${line}${eol}${restated}` };
}

function baseWords(stage: Stage): readonly string[] | Refusal {
  const root = lineage(stage).at(-1) as Stage;
  const name = root.fromWord.value;
  const words = root.image && entrypointWords(root.image);
  if (words) return words;
  return root.image && entrypointOf(root.image) === 'fixed'
    ? { code: 'entrypoint-fixed', why: `The ENTRYPOINT of ${name} looks at the words of CMD.` }
    : {
        code: 'entrypoint-unknown',
        why: `Which ENTRYPOINT ${name} has is not known, and another one would replace it.`,
      };
}
