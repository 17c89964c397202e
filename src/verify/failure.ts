/** A failed build as people need it: the step, and the line of the Dockerfile that it came from. */
import type { Document, Instruction, Stage } from '../document.ts';
import type { BuildFailure } from './engine.ts';

/** Instructions that are a step of their own for BuildKit, beside FROM. */
const STEPS = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

export interface FailedStep extends BuildFailure {
  /** The first line of the instruction that failed, as it is written. */
  readonly instruction: string | undefined;
}

/** Completes what the engine told with what the Dockerfile shows. */
export function locate(failure: BuildFailure, document: Document): FailedStep {
  const found = instructionOf(failure, document);
  if (!found) return { ...failure, instruction: undefined };
  const text = document.text.slice(found.start, found.end).split(/\r?\n/)[0] as string;
  return { ...failure, line: found.line, instruction: text };
}

function instructionOf({ line, step }: BuildFailure, document: Document): Instruction | undefined {
  if (line !== undefined) return document.instructions.findLast((instruction) => instruction.line <= line);
  if (step === undefined) return undefined;
  // `[builder 3/5] RUN npm ci`, `[stage-1 2/4] ..`, `[2/4] ..`, with a platform `[linux/amd64 builder 3/5] ..`
  const counted = /^\[([^\]]*?)(\d+)\/\d+\] (?!STEP)/.exec(step);
  if (counted) {
    const word = (counted[1] as string).trim().split(' ').at(-1) as string;
    const stage = stageOf(word === '' || word.includes('/') ? undefined : word, document);
    const number = Number(counted[2]);
    if (!stage) return undefined;
    return number === 1 ? stage.from : stage.instructions.filter(({ keyword }) => STEPS.has(keyword))[number - 2];
  }
  // buildah: `STEP 3/5: RUN npm ci`
  const text = /STEP \d+\/\d+: (.*)$/.exec(step)?.[1];
  if (text === undefined) return undefined;
  const plain = (words: string): string => words.replace(/\s+/g, ' ').trim();
  return document.instructions.find(({ keyword, args }) => plain(text).startsWith(plain(`${keyword} ${args.text}`)));
}

function stageOf(name: string | undefined, document: Document): Stage | undefined {
  if (name === undefined) return document.stages.at(-1);
  const numbered = /^stage-(\d+)$/.exec(name)?.[1];
  return document.stageNamed(name) ?? (numbered === undefined ? undefined : document.stages[Number(numbered)]);
}
