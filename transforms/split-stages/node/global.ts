/** Tools beside the project: global packages, and the package managers that corepack fetches. */
import { GLOBAL_BUILD_TOOLS } from '../../../src/knowledge/node-packages.ts';
import type { Obstacle, Task, View } from '../types.ts';
import { type StartText, startOf } from './starts.ts';

/** Corepack fetches yarn and pnpm when they are called first, and would do so again at every start. */
export function needsCorepack({ steps, stage, document }: View, texts: readonly StartText[]): boolean {
  const step = steps.find(({ tasks }) => tasks.some(({ command }) => command.program === 'corepack'));
  const user = step?.instruction.state.user;
  const isRoots = user === undefined || user.uid === 0 || user.name === 'root';
  const isMoved = stage.end.env.has('COREPACK_HOME') || /\/root\/\.cache\b/.test(document.text);
  return step !== undefined && isRoots && !isMoved && startsManager(texts);
}

/** Whether a start command begins with yarn or pnpm, which corepack or a global install brought. */
export const startsManager = (texts: readonly StartText[]): boolean =>
  texts.some(({ text }) => /(?:^|[\s"';&|])(?:yarn|pnpm|pnpx|corepack)(?=\s|$)/.test(text));

/** A global package goes along when a start command names one of its programs, or when nobody knows them. */
export function sideOfGlobal(texts: readonly StartText[], { call, command }: Task): 'builder' | 'run' | Obstacle {
  const names = call?.operands.map(({ literal }) => literal) ?? [];
  if (names.includes(undefined))
    return { code: 'unknown-effect', why: 'which packages are installed globally is not fixed', at: command };
  const isUsed = names.some((name) => {
    const plain = (name ?? '').replace(/(.)@[^/]*$/, '$1');
    return (
      startOf(texts, plain) !== undefined ||
      !(GLOBAL_BUILD_TOOLS.has(plain) || plain === 'nodemon' || plain === 'ts-node')
    );
  });
  return isUsed ? 'run' : 'builder';
}
