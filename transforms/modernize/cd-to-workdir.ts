/** `RUN cd /x && make` becomes `WORKDIR /x` and `RUN make`, where nothing behind it notices the WORKDIR. */

import { lineage } from '../../src/document/lineage.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Change, Decline, Edit } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import { likeKeyword, lineOf, linuxStages, type Rewrite } from './rewrite.ts';

/** Instructions that no working directory reaches. */
const INDIFFERENT: ReadonlySet<string> = new Set(
  'ARG ENV EXPOSE FROM LABEL MAINTAINER ONBUILD SHELL STOPSIGNAL USER VOLUME'.split(' '),
);

export const cdToWorkdir: Rewrite = {
  option: 'cd-to-workdir',
  help: 'cd at the head of a RUN becomes WORKDIR, where it does not leak',
  declines: {
    'workdir-would-leak': 'a WORKDIR holds for everything behind it, which now runs elsewhere',
    'cd-folder-unknown': 'cd fails where the folder is missing and WORKDIR makes it; that it is there is not known',
    'cd-not-plain': 'the rest of the script or a mount depends on how the folder was entered',
  },
  *plan(document, project) {
    for (const stage of linuxStages(document)) {
      let open: Entered | undefined;
      for (const instruction of stage.instructions) {
        const folder = headCd(instruction);
        if (folder === undefined || folder === instruction.state.workdir) continue;
        const plan = rewritten(document, project, stage, instruction, folder);
        if ('code' in plan) {
          yield plan;
        } else if (open?.folder === folder && followsAtOnce(document, open.last, instruction)) {
          open = { ...open, last: instruction, change: sharing(open.change, plan) };
        } else {
          if (open) yield open.change;
          open = { folder, last: instruction, change: plan };
        }
      }
      if (open) yield open.change;
    }
  },
};

/** RUNs one behind the other that enter the same folder: one WORKDIR is enough for them. */
interface Entered {
  readonly folder: string;
  readonly last: Instruction;
  readonly change: Change;
}

/** Whether the WORKDIR of one RUN still holds at the next, which no comment lets a user take out of the change. */
function followsAtOnce(document: Document, last: Instruction, next: Instruction): boolean {
  const between = document.instructions.slice(last.index + 1, next.index);
  return (
    between.every(({ keyword }) => INDIFFERENT.has(keyword)) &&
    !document.text.slice(last.end, next.start).includes('redock')
  );
}

/** `first` with the RUN of `second`, whose own WORKDIR is the first of its edits. */
const sharing = (first: Change, second: Change): Change => ({
  ...first,
  edits: [...first.edits, ...second.edits.slice(1)],
});

/** The folder of `cd folder && ...` at the head of a RUN; undefined where there is no such head. */
function headCd(instruction: Instruction): string | undefined {
  if (instruction.keyword !== 'RUN' || instruction.heredocs.length > 0 || !/^cd\s/.test(instruction.args.text))
    return undefined;
  const [cd, next] = instruction.script?.commands ?? [];
  const path = cd?.args[0]?.literal;
  if (cd?.name !== 'cd' || cd.args.length !== 1 || path === undefined || path === '' || path === '-') return undefined;
  const plain = cd.certain && !cd.piped && !cd.redirected && cd.assignments.length === 0 && cd.wrappers.length === 0;
  if (!plain || !next || next.list !== cd.list) return undefined;
  const between = instruction.args.file.slice(cd.end, next.start);
  return between.includes('&&') ? joinPath(instruction.state.workdir, path) : undefined;
}

function rewritten(
  document: Document,
  project: Project,
  stage: Stage,
  instruction: Instruction,
  folder: string,
): Change | Decline {
  const at = { start: instruction.start, end: instruction.headEnd };
  const leak = leaksInto(document, stage, instruction);
  if (leak !== undefined) {
    return { code: 'workdir-would-leak', why: `WORKDIR ${folder} would hold for ${leak} as well`, at };
  }
  const maker = madeBy(project, stage, instruction, folder);
  if (!maker) return { code: 'cd-folder-unknown', why: `whether ${folder} is there before this line is not known`, at };
  const { text } = instruction.args;
  const [cd, next] = instruction.script?.commands ?? [];
  const removed = cd?.remove();
  const mounts = instruction.flags.some((flag) => /(?:^|,)(?:target|dst|destination)=(?!\/)/.test(flag.value));
  if (!removed || next?.program === 'cd' || mounts || /\$\{?OLDPWD|\bcd\s+-(?:\s|$)|\bpopd\b/.test(text)) {
    return { code: 'cd-not-plain', why: `the rest of this RUN depends on how ${folder} was entered`, at };
  }
  const line = document.text.lastIndexOf('\n', instruction.start) + 1;
  const indent = document.text.slice(line, instruction.start);
  const workdir = `${likeKeyword(document, instruction, 'WORKDIR')} ${folder}${document.eol}${/^[ \t]*$/.test(indent) ? indent : ''}`;
  return {
    title: `WORKDIR ${folder} in place of cd`,
    why: 'WORKDIR says where the command runs; the next WORKDIR follows before anything else could notice.',
    evidence: [lineOf(document, maker, `makes ${folder}`)],
    level: 'safe',
    at,
    edits: [
      { start: instruction.start, end: instruction.start, text: workdir },
      removed,
      ...movedUp(document, instruction, folder),
    ],
  };
}

/** `RUN cd /x && make` right above `WORKDIR /x`: that WORKDIR moves up and does not stand there twice. */
function movedUp(document: Document, instruction: Instruction, folder: string): readonly Edit[] {
  const next = document.instructions[instruction.index + 1];
  if (next?.keyword !== 'WORKDIR' || next.comments.length > 0) return [];
  if (joinPath(instruction.state.workdir, document.expand(next.args.text, next.state)) !== folder) return [];
  const between = document.text.slice(instruction.end, next.start);
  return between.trim() === '' ? [{ start: instruction.end, end: next.end, text: '' }] : [];
}

/** What would run in the new folder; undefined when an absolute WORKDIR comes first. */
function leaksInto(document: Document, stage: Stage, instruction: Instruction): string | undefined {
  for (const later of stage.instructions) {
    if (later.index <= instruction.index || INDIFFERENT.has(later.keyword)) continue;
    if (later.keyword === 'WORKDIR' && /^["']?\//.test(later.args.text)) return undefined;
    if ((later.keyword === 'COPY' || later.keyword === 'ADD') && later.words.at(-1)?.value.startsWith('/')) continue;
    // RUN cd /y && make: goes where it wants
    if (headCd(later) !== undefined && /^cd\s+\//.test(later.args.text)) continue;
    return `line ${document.originLine(later.start)} (${later.keyword})`;
  }
  return 'the containers of the image';
}

/** The WORKDIR or COPY that makes the folder before the instruction. */
function madeBy(project: Project, stage: Stage, instruction: Instruction, folder: string): Instruction | undefined {
  const holds = (path: string | undefined) => path !== undefined && `${path}/`.startsWith(`${folder}/`);
  return lineage(stage)
    .flatMap((it) => it.instructions)
    .find((earlier) => {
      if (earlier.index >= instruction.index) return false;
      const target = earlier.words.at(-1)?.value ?? '';
      if (/["'$\\]/.test(target)) return false;
      const path = joinPath(earlier.state.workdir, target);
      if (earlier.keyword === 'WORKDIR') return holds(path);
      if ((earlier.keyword !== 'COPY' && earlier.keyword !== 'ADD') || !holds(path)) return false;
      // COPY . /app: a folder comes out where a folder goes in
      const [source] = earlier.words;
      const local = earlier.words.length === 2 && !earlier.flags.some((flag) => flag.name === 'from');
      return (
        target.endsWith('/') ||
        (local && !/[$*?[]/.test(source?.value ?? '$') && project.kind(source?.value ?? '') === 'dir')
      );
    });
}
