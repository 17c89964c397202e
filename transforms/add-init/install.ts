/** How tini gets into the image: it is there, it joins a list of packages that is installed anyway, or it gets a RUN. */
import { lineage } from '../../src/document/lineage.ts';
import { apartBehind, likeKeyword, runLines } from '../../src/document/style.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit, Evidence } from '../../src/edit.ts';
import type { ImageRef } from '../../src/image.ts';
import { hasArchivedPackages } from '../../src/knowledge/ended-images.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { INIT_PACKAGES, type InitPackageRow, WITHOUT_TINI } from '../../src/knowledge/init-packages.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { findsLists } from '../../src/stage/package-lists.ts';
import type { Refusal } from './declines.ts';

export interface Install {
  /** Absolute path of the init. */
  readonly path: string;
  readonly edits: readonly Edit[];
  /** Half a sentence. */
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

export function installOf(document: Document, stage: Stage): Install | Refusal {
  const root = lineage(stage).at(-1) as Stage;
  const { base } = stage;
  const name = root.fromWord.value;
  if (!base || !root.image) return { code: 'base-unknown', why: `${name} is not a known image.` };
  const row = INIT_PACKAGES.find(({ families }) => (families as readonly string[]).includes(base.family));
  if (!row) return { code: 'no-package', why: `${name} has no package of tini (${base.family}).` };
  const present = presentInit(document, stage, row);
  if (present) return present;
  if (hasArchivedPackages(root.image))
    return { code: 'release-ended', why: `${name} is built on a release whose packages have moved.` };
  if (lacksTini(root.image)) return { code: 'no-package', why: `the release under ${name} has no package of tini.` };
  const joined = joinedInstall(document, stage, row);
  if (joined) return joined;
  return ownRun(document, stage, row);
}

const lacksTini = (image: ImageRef): boolean =>
  WITHOUT_TINI.some(({ repositories, tag }) => repositories.test(repositoryName(image)) && tag.test(image.tag ?? ''));

/** Installs of packages in a stage, the operands of each. */
function installs(instruction: Instruction, row: InitPackageRow) {
  if (instruction.keyword !== 'RUN') return [];
  return (instruction.script?.commands ?? []).flatMap((command) => {
    const call = invocation(command);
    return call?.manager === row.manager && call.action === 'install' && command.certain ? [call] : [];
  });
}

/** tini or dumb-init of a package that is installed and not used. */
function presentInit(document: Document, stage: Stage, row: InitPackageRow): Install | undefined {
  for (const instruction of lineage(stage).flatMap(({ instructions }) => instructions)) {
    for (const { operands } of installs(instruction, row)) {
      const found = operands.map(({ literal }) =>
        row.programs.find(({ name }) => name === literal?.replace(/[=~<>].*/, '')),
      );
      const program = found.find((it) => it !== undefined);
      if (!program) continue;
      const line = document.originLine(instruction.start);
      const evidence = [{ file: document.path, line, says: `RUN installs ${program.name}` }];
      return {
        path: program.path,
        edits: [],
        says: `${program.name}, which the image has and nothing used,`,
        evidence,
      };
    }
  }
  return undefined;
}

const PLAIN = /^[a-z0-9][a-z0-9.+:=~_-]*$/i;

/** `apt-get install -y curl` takes `tini` along, in the order and the layout of its list. */
function joinedInstall(document: Document, stage: Stage, row: InitPackageRow): Install | undefined {
  for (const instruction of stage.instructions) {
    if (instruction.state.user?.uid !== 0) continue;
    for (const { operands, command } of installs(instruction, row)) {
      const isPlain = operands.every(
        (it) =>
          it.literal === it.raw && PLAIN.test(it.raw) && !it.raw.endsWith('-') && it.end - it.start === it.raw.length,
      );
      if (operands.length === 0 || !isPlain || command.has('--virtual', '-t', '--repository', '-X', '--download-only'))
        continue;
      if (!findsLists(stage, instruction, command)) continue;
      const line = document.originLine(instruction.start);
      const evidence = [
        {
          file: document.path,
          line,
          says: `${row.manager} installs ${operands.length === 1 ? operands[0]?.raw : `${operands.length} packages`}`,
        },
      ];
      const [{ path }] = row.programs;
      return {
        path,
        edits: [listEdit(document, operands, [...command.args])],
        says: `tini joins the packages of line ${line} and`,
        evidence,
      };
    }
  }
  return undefined;
}

/** Where the word goes: its place in the alphabet if the list keeps one, else the end. */
function listEdit({ text }: Document, operands: readonly ShellWord[], args: readonly ShellWord[]): Edit {
  const isSorted = operands.every((it, i) => i === 0 || (operands[i - 1] as ShellWord).raw <= it.raw);
  const next = isSorted ? operands.findIndex(({ raw }) => raw > 'tini') : -1;
  const gap = (right: ShellWord): string => {
    const left = args[args.indexOf(right) - 1];
    const between = left ? text.slice(left.end, right.start) : ' ';
    return /^(?:[ \t]|[\\`]\r?\n)+$/.test(between) ? between : ' ';
  };
  if (next >= 0) {
    const right = operands[next] as ShellWord;
    const second = operands[next + 1];
    return { start: right.start, end: right.start, text: `tini${gap(next > 0 || !second ? right : second)}` };
  }
  const last = operands.at(-1) as ShellWord;
  return { start: last.end, end: last.end, text: `${gap(last)}tini` };
}

const SETTINGS = new Set(['ARG', 'ENV', 'LABEL', 'MAINTAINER', 'SHELL', 'WORKDIR', 'EXPOSE']);

/** A RUN above everything that changes often. */
function ownRun(document: Document, stage: Stage, row: InitPackageRow): Install | Refusal {
  const { eol } = document;
  const behind = stage.instructions.findIndex(({ keyword }) => !SETTINGS.has(keyword));
  const next = stage.instructions[behind];
  const anchor = (behind > 0 ? stage.instructions[behind - 1] : stage.from) ?? stage.from;
  const user = (next?.state ?? stage.end).user;
  if (user?.uid !== 0)
    return { code: 'not-root', why: `The stage does not begin as root, who alone can install tini.` };
  const shell = next?.state.shell ?? stage.end.shell;
  if (shell === 'opaque') return { code: 'no-package', why: `${stage.fromWord.value} has no shell.` };
  const isApart = apartBehind(document, stage, anchor);
  const line =
    row.commands.length === 1
      ? `${likeKeyword(document, stage.from, 'RUN')} ${row.commands[0]}`
      : runLines(document, stage, row.commands);
  const edit = { start: anchor.end, end: anchor.end, text: (isApart ? eol + eol : eol) + line };
  const [{ path }] = row.programs;
  return { path, edits: [edit], says: 'tini is installed and', evidence: [] };
}
