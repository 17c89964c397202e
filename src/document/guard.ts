/**
 * The second opinion: dockerfile-ast reads the same text, and where it sees other instructions, stages or names than
 * the scanner, nobody edits the file. The only importer of dockerfile-ast.
 *
 * dockerfile-ast 0.7.1 is known to misread tokens in places (JSON strings, heredoc words, flags beside quotes or `--`,
 * references with ports, comments with backslashes); those tokens are read by our own lexers and are not compared.
 */
import {
  type Arg,
  type Instruction as AstInstruction,
  DockerfileParser,
  type Env,
  type From,
  type Label,
} from 'dockerfile-ast';
import type { Problem } from '../scan.ts';
import { lineStarts } from './lines.ts';
import type { Instruction, Stage } from './model.ts';

/** Gives the first difference between the two readings, or undefined where they agree. */
export function disagreement(
  text: string,
  instructions: readonly Instruction[],
  stages: readonly Stage[],
): Problem | undefined {
  const differ = (at: number, what: string): Problem => ({
    code: 'parser-disagreement',
    message: `two parsers read this place differently (${what}); it is left alone`,
    at,
  });
  let theirs: AstInstruction[];
  try {
    theirs = DockerfileParser.parse(text).getInstructions();
  } catch {
    return differ(0, 'one of them fails');
  }
  const starts = lineStarts(text);
  const offset = (position: { line: number; character: number }) =>
    (starts[position.line] ?? text.length) + position.character;

  const count = Math.max(theirs.length, instructions.length);
  let stage = 0;
  for (let i = 0; i < count; i++) {
    const ours = instructions[i];
    const other = theirs[i];
    if (!ours) return differ(offset((other as AstInstruction).getRange().start), 'an instruction that only one sees');
    if (!other) return differ(ours.start, 'an instruction that only one sees');
    const range = other.getRange();
    if (other.getKeyword() !== ours.keyword) return differ(ours.start, 'the keyword');
    if (offset(range.start) !== ours.start) return differ(ours.start, 'where the instruction starts');
    // the range of dockerfile-ast takes trailing blanks along
    const end = offset(range.end);
    // `COPY a ./\\` ends there for BuildKit, and goes on for dockerfile-ast as soon as a line follows
    const isDoubtful = /(?:\\\\|``)[ \t]*$/.test(text.slice(ours.start, ours.end));
    if (isDoubtful || text.slice(Math.min(end, ours.end), Math.max(end, ours.end)).trim() !== '') {
      return differ(ours.start, 'where the instruction ends');
    }
    if (ours.keyword === 'FROM') {
      const difference = stageDiffers(other as From, stages[stage++] as Stage);
      if (difference) return differ(ours.start, difference);
    } else if (ours.keyword === 'ENV' || ours.keyword === 'LABEL' || ours.keyword === 'ARG') {
      const names = (other as Env | Label | Arg)
        .getProperties()
        .map((property) => offset(property.getNameRange().start));
      const own = ours.pairs.map((pair) => pair.nameSpan.start);
      // of `ARG TARGETOS TARGETARCH` dockerfile-ast sees the first name only
      const seen = ours.keyword === 'ARG' ? own.slice(0, names.length) : own;
      if (names.length !== seen.length || names.some((at, k) => at !== seen[k]))
        return differ(ours.start, 'the names that it sets');
    }
  }
  return undefined;
}

function stageDiffers(theirs: From, ours: Stage): string | undefined {
  if ((theirs.getBuildStage() ?? undefined) !== ours.name) return 'the name of the stage';
  const image = theirs.getImage();
  return image !== null && image !== ours.fromWord.value ? 'the base image' : undefined;
}
