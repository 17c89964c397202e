/** Why a stage that no recipe knows stays whole. */
import { SYSTEM_MANAGERS } from '../../src/knowledge/context-free.ts';
import { imageFacts } from '../../src/knowledge/images.ts';
import type { Obstacle, View } from './types.ts';

/** What speaks against splitting a stage that installs or builds, as `RUN npm install` does; undefined: it does neither. */
export function unrecognised({ stage, steps }: View): Obstacle | undefined {
  const step = steps.find(({ tasks }) => tasks.some(({ call, effect }) => call && isForProject(call.manager, effect)));
  if (!step) return undefined;
  const { fromWord, image, parent } = stage;
  if (parent)
    return { code: 'starts-from-stage', why: `the stage starts from ${fromWord.value}`, at: step.instruction };
  if (!image || !imageFacts(image))
    return { code: 'base-unknown', why: `what ${fromWord.value} holds is not known`, at: step.instruction };
  return {
    code: 'program-unknown',
    why: `how the application is built and started on ${fromWord.value} is not recognised`,
    at: step.instruction,
  };
}

const isForProject = (manager: string, effect: string): boolean =>
  !SYSTEM_MANAGERS.has(manager) && (effect === 'install' || effect === 'build');
