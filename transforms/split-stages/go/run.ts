/** `CMD ["go", "run", "."]`: the builder builds the program once, and the container starts it. */
import { posix } from 'node:path';
import { parseScript } from '../../../src/shell/script.ts';
import { wholeText } from '../../../src/source.ts';
import { tasksOf } from '../../../src/stage/steps.ts';
import { type BuildingStart, buildingStart, isCopiedBehind, leading } from '../building-start.ts';
import type { Placement, View } from '../types.ts';
import { built, type Output, outputsOf, programOf } from './output.ts';

export interface GoRun {
  readonly start: BuildingStart;
  /** The program that `go run` would have built in a temporary folder. */
  readonly output: Output;
  /** `go build -o main main.go`; undefined: the stage builds it already. */
  readonly build: string | undefined;
  /** The start command with the path of the program. */
  readonly placement: Placement;
}

/** Flags that `go build` understands in the same way, with their values behind `=`. Source: `go help run`, `go help build`. */
const FLAG = /^-(?:(?:mod|tags|ldflags|gcflags|buildvcs)=|(?:trimpath|v)$)/;
/** Text that means itself to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The start command as a build; undefined: it is no `go run`, or its program cannot be told beforehand. */
export function goRun(view: View): GoRun | undefined {
  const start = buildingStart(view, 'go');
  const cwd = view.stage.end.workdir;
  if (!start || cwd === undefined) return undefined;
  const flags = leading(start.words, (word) => word.startsWith('-'));
  const rest = start.words.slice(flags.length);
  const sources = leading(rest, (word) => word.endsWith('.go'));
  const what = sources.length > 0 ? sources : rest.slice(0, 1);
  const [first] = what;
  if (first === undefined || ![...flags, ...what].every((word) => PLAIN.test(word))) return undefined;
  // a package of somebody else
  if (!flags.every((flag) => FLAG.test(flag)) || (sources.length === 0 && !/^\.{1,2}(?:\/|$)/.test(first)))
    return undefined;
  const count = flags.length + what.length;
  const program = programOf(view, cwd, first);
  const own = sources.length === 0 ? outputsOf(view).findLast(({ dir }) => dir === program?.dir) : undefined;
  if (own && program && !isCopiedBehind(view, own.instruction)) {
    return { start, output: own, build: undefined, placement: start.startWith(own.path, count) };
  }
  const name = [program?.name, 'main', 'server'].find(
    (it) => it !== undefined && PLAIN.test(it) && view.runtime.files.toContext(posix.join(cwd, it)) === undefined,
  );
  if (name === undefined) return undefined;
  const build = ['go', 'build', ...flags, '-o', name, ...what].join(' ');
  const [task] = tasksOf(build, parseScript(wholeText(build), { escape: '\\' }).commands, cwd);
  const [output] = task ? built(view, task) : [];
  if (!task || !output) return undefined;
  return {
    start,
    output: { ...output, task, instruction: start.instruction },
    build,
    placement: start.startWith(output.path, count),
  };
}
