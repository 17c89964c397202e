/** `WORKDIR app` below `WORKDIR /srv` becomes `WORKDIR /srv/app`, where the folder in force is known. */

import { lineage } from '../../src/document/lineage.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { lineOf, linuxStages, type Rewrite } from './rewrite.ts';

export const absoluteWorkdir: Rewrite = {
  option: 'absolute-workdir',
  help: 'a relative WORKDIR is written as an absolute path',
  declines: {
    'workdir-unknown': 'the folder in force is not known: the base image or a variable decides it',
    'workdir-not-plain': 'the relative path has quotes, blanks or variables',
  },
  *plan(document) {
    for (const stage of linuxStages(document)) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'WORKDIR') continue;
        const { text } = instruction.args;
        // `$APP_HOME` is most often absolute
        if (/^["']?(?:[/$\\]|[A-Za-z]:)/.test(text)) continue;
        const at = { start: instruction.start, end: instruction.headEnd };
        const span = argsSpan(instruction);
        if (!/^[\w./@+-]+$/.test(text) || !span) {
          yield { code: 'workdir-not-plain', why: `WORKDIR ${text} is more than a plain path`, at };
          continue;
        }
        const base = knownFolder(document, stage, instruction);
        const target = base && joinPath(base.folder, text);
        if (!base || target === undefined) {
          yield { code: 'workdir-unknown', why: `the folder that WORKDIR ${text} starts from is not known`, at };
          continue;
        }
        yield {
          title: `WORKDIR ${target} in full`,
          why: 'A relative WORKDIR depends on the lines above it and on the base image; the full path says where it is.',
          evidence: [base.evidence],
          level: 'safe',
          at,
          edits: [{ ...span, text: target }],
        };
      }
    }
  },
};

function argsSpan(instruction: Instruction): { start: number; end: number } | undefined {
  const { offsets, text } = instruction.args;
  const start = offsets[0] as number;
  const end = (offsets[text.length - 1] as number) + 1;
  return end - start === text.length ? { start, end } : undefined;
}

/** The folder before an instruction, when only plain text decides it: no build argument can move it. */
function knownFolder(document: Document, stage: Stage, instruction: Instruction) {
  const folder = instruction.state.workdir;
  if (folder === undefined) return undefined;
  const earlier = lineage(stage)
    .flatMap((it) => [...it.instructions].reverse())
    .filter((it) => it.keyword === 'WORKDIR' && it.index < instruction.index);
  for (const it of earlier) {
    if (/["'$\\]/.test(it.args.text)) return undefined;
    if (it.args.text.startsWith('/')) return { folder, evidence: lineOf(document, it, `WORKDIR ${it.args.text}`) };
  }
  const root = lineage(stage).at(-1) as Stage;
  if (!root.base || root.fromWord.value.includes('$')) return undefined;
  return {
    folder,
    evidence: lineOf(document, root.from, `the working directory of ${root.fromWord.value} is ${root.base.workdir}`),
  };
}
