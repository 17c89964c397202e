/** Building without cgo, so that the program is linked statically. */
import { GO_BUILD_ENV } from '../../../src/knowledge/go-modules.ts';
import type { Placement, View } from '../types.ts';
import type { Output } from './output.ts';

/** `CGO_ENABLED=0 go build ..`: unless it is off already. ENV that only the go command reads stays in the builder. */
export function withoutCgo(
  view: View,
  outputs: readonly Output[],
  placements: ReadonlyMap<Output['instruction'], Placement>,
  isStatic: boolean,
): ReadonlyMap<Output['instruction'], Placement> {
  const all = new Map(placements);
  for (const instruction of view.stage.instructions) {
    const { keyword, pairs } = instruction;
    if (keyword === 'ENV' && pairs.every(({ name }) => isForBuild(view, name)))
      all.set(instruction, { place: 'builder' });
  }
  if (!isStatic) return all;
  for (const { task, instruction } of outputs) {
    const set = task.command.assignments.find(({ name }) => name === 'CGO_ENABLED');
    if (set || instruction.state.env.get('CGO_ENABLED') === '0') continue;
    // it is no part of the file yet
    if (instruction.keyword !== 'RUN') continue;
    const at = task.command.start;
    const before = all.get(instruction);
    const edits = [...(before?.edits ?? []), { start: at, end: at, text: 'CGO_ENABLED=0 ' }];
    if (!before?.edits?.some(({ start }) => start === at)) all.set(instruction, { place: 'builder', ...before, edits });
  }
  return all;
}

function isForBuild({ runtime }: View, name: string): boolean {
  return GO_BUILD_ENV.test(name) && runtime.find(new RegExp(`["\`]${name}["\`]`)) === undefined;
}
