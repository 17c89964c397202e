/** Node for the build of a front end, in images of other languages. */
import { FRONT_END_SOURCES } from '../../src/knowledge/front-end-tools.ts';
import { taskText } from './packages.ts';
import type { Step, Task, View } from './types.ts';
import { FRONT_END } from './whole-folder.ts';

/** The commands of a stage that only make Node and its package managers installable, or install the latter. */
export const nodeSetUp = (view: View): ReadonlySet<Task> =>
  new Set(view.steps.flatMap((step) => step.tasks.filter((task) => setsUpNode(view, step, task))));

/** `curl https://nodesource.com/setup_24.x | bash -`, `npm install -g yarn`, `corepack enable`. */
function setsUpNode(view: View, { tasks }: Step, task: Task): boolean {
  const { command, call } = task;
  if (command.program === 'corepack') return true;
  if (call && FRONT_END.has(call.manager) && call.global && call.action === 'install')
    return call.operands.every(({ literal }) => /^(?:npm|yarn|pnpm|corepack)(?:@|$)/.test(literal ?? ''));
  if (FRONT_END_SOURCES.test(taskText(view, task))) return true;
  const isPiped = /^(?:ba|da)?sh$|^apt-key$|^gpg$|^tee$/.test(command.program ?? '') && command.piped;
  return isPiped && tasks.some((it) => it.command.piped && FRONT_END_SOURCES.test(taskText(view, it)));
}
