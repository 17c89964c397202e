/** Instructions to stages: which image each starts from, and what is in force at each instruction. */
import { familiarName, type ImageRef, parseImageRef } from '../image.ts';
import { type ImageFacts, imageFacts } from '../knowledge/images.ts';
import { expandWord } from './expand.ts';
import type { RawInstruction } from './instruction.ts';
import type { Stage, State, Word } from './model.ts';
import { ANSWERS } from './once.ts';
import { EMPTY_SCOPE, INITIAL_STATE, lookupIn, type StageEnd, walkStage } from './state.ts';

/**
 * Builds the stages and tells every instruction its stage and state. `firstFrom` is the place of the first FROM,
 * `contexts` what stands for something else than an image.
 */
export function buildStages(
  raw: readonly RawInstruction[],
  firstFrom: number,
  escape: '\\' | '`',
  contexts: ReadonlySet<string>,
): Stage[] {
  const globalEnd = walkStage(
    raw.slice(0, firstFrom),
    undefined,
    undefined,
    EMPTY_SCOPE,
    escape,
    (instruction, state) => {
      (instruction as RawInstruction).state = state;
    },
  );
  const globals = globalEnd.state.args;
  const froms = raw.filter((instruction) => instruction.keyword === 'FROM');
  const stages: Stage[] = [];
  const ends: StageEnd[] = [];
  for (const [index, from] of froms.entries()) {
    from.state = { ...INITIAL_STATE, args: globals };
    const instructions = raw.slice(from.index + 1, froms[index + 1]?.index ?? raw.length);
    const fromWord = from.words[0] as Word;
    const target = expandWord(fromWord.value, lookupIn(from.state), escape);
    const parent = target === undefined ? undefined : findStage(stages, target, false);
    const reference = target === undefined || parent ? undefined : parseImageRef(target);
    const image: ImageRef | undefined = reference && isContext(reference, contexts) ? undefined : reference;
    const base: ImageFacts | undefined = parent ? parent.base : image && knownImage(target as string, image);
    const stage: Stage & { end: State; [ANSWERS]: undefined } = {
      index,
      name: from.words[2]?.value,
      from,
      fromWord,
      platform: from.flags.find((flag) => flag.name === 'platform')?.value,
      image,
      parent,
      base,
      instructions,
      end: INITIAL_STATE,
      isFinal: index === froms.length - 1,
      [ANSWERS]: undefined,
    };
    from.stage = stage;
    for (const instruction of instructions) instruction.stage = stage;
    stages.push(stage);
    const start = parent && ends[parent.index];
    const end = walkStage(instructions, start, base, globals, escape, (instruction, state) => {
      (instruction as RawInstruction).state = state;
    });
    stage.end = end.state;
    ends.push(end);
  }
  return stages;
}

/**
 * `FROM base` with a context of that name, the tag `latest` written or not.
 * Source: moby/buildkit:frontend/dockerui/namedcontext.go, 2026-11.
 */
function isContext(image: ImageRef, contexts: ReadonlySet<string>): boolean {
  if (contexts.size === 0 || image.digest !== undefined) return false;
  const tag = image.tag === undefined || image.tag === 'latest' ? '' : `:${image.tag}`;
  const name = `${familiarName(image)}${tag}`;
  // an expression of a bake file: names without a tag may be those of other targets
  return contexts.has(name) || (contexts.has('*') && /^[\w-]+$/.test(name));
}

/** The same few images stand in thousands of files, and each look-up goes through the whole table. */
const knownFacts = new Map<string, ImageFacts | undefined>();

/** What is known about the image that a reference names. */
export function knownImage(reference: string, image = parseImageRef(reference)): ImageFacts | undefined {
  if (image === undefined) return undefined;
  if (!knownFacts.has(reference)) {
    if (knownFacts.size >= 1000) knownFacts.clear();
    knownFacts.set(reference, imageFacts(image));
  }
  return knownFacts.get(reference);
}

/** The stage of a name, the last one of that name, without regard to case; by index where that is allowed. */
export function findStage(stages: readonly Stage[], name: string, byIndex = true): Stage | undefined {
  if (stages.length === 0) return undefined;
  const wanted = name.toLowerCase();
  const named = stages.findLast((stage) => stage.name?.toLowerCase() === wanted);
  return named ?? (byIndex && /^\d+$/.test(name) ? stages[Number(name)] : undefined);
}
