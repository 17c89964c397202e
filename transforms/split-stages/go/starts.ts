/** What a container of a Go image starts: its own programs, scripts, and programs of a small image. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { SMALL_IMAGE_PACKAGES, SMALL_IMAGE_PROGRAMS } from '../../../src/knowledge/data-packages.ts';
import { GO_WATCHERS } from '../../../src/knowledge/go-modules.ts';
import { placeText } from '../../../src/project/manifests.ts';
import type { ProgramUse } from '../../../src/project/runtime.ts';
import type { Obstacle, View } from '../types.ts';
import type { Output } from './output.ts';
import type { GoRun } from './run.ts';

export interface Started {
  /** The programs of the stage that are started, each once. */
  readonly outputs: readonly Output[];
  /** Built programs that are started by their bare name, which only PATH finds. */
  readonly byName: ReadonlySet<Output>;
  /** Absolute paths of scripts of the context. */
  readonly scripts: readonly string[];
  /** Packages that bring programs which are started. */
  readonly packages: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Where each started program comes from; an obstacle when one cannot be placed. `builder`: the stage with the source, where it is another one. */
export function startedPrograms(
  view: View,
  outputs: readonly Output[],
  builder: View = view,
  run?: GoRun,
): Started | Obstacle {
  const { runtime } = view;
  const own = new Map<string, Output>();
  const byName = new Set<Output>();
  const scripts = new Set<string>();
  const packages = new Set<string>();
  const evidence: Evidence[] = [];
  // ENTRYPOINT ["rates"] makes CMD ["serve"] an argument
  const entry = runtime.starts.find(({ by }) => by === 'ENTRYPOINT')?.words?.[0];
  const rest = runtime.starts.filter(({ by }) => by === 'CMD' || by === 'compose');
  const takesAll = entry !== undefined && outputOf(view, outputs, entry) !== undefined;
  const isArgument = ({ file, line, says }: ProgramUse) =>
    takesAll && rest.some((it) => it.file === file && it.line === line && it.text === says);
  for (const use of runtime.programs) {
    if (use.by === 'code' || isArgument(use)) continue;
    const { program } = use;
    if (GO_WATCHERS.has(program)) {
      return {
        code: 'development',
        why: `${placeText(use)} starts ${program}, which builds the source again and again`,
      };
    }
    if (run?.start.isUse(program, use)) {
      evidence.push({ file: use.file, ...line(use), says: `starts ${use.says}, which builds the program each time` });
      own.set(run.output.path, run.output);
      continue;
    }
    const output = outputOf(view, outputs, use.path);
    const script = runtime.locate(use.path);
    if (output) {
      if (!own.has(output.path)) evidence.push({ file: use.file, ...line(use), says: `starts ${use.path}` });
      own.set(output.path, output);
      if (!use.path.includes('/')) byName.add(output);
    } else if (program === 'go') {
      return { code: 'builds-at-run-time', why: `${placeText(use)} starts ${use.says}` };
    } else if (script !== undefined) {
      scripts.add(script);
    } else if (SMALL_IMAGE_PACKAGES.has(program)) {
      packages.add(program);
    } else if (!SMALL_IMAGE_PROGRAMS.has(program)) {
      return {
        code: 'programs-unknown',
        why: `${placeText(use)} starts ${use.path}, and where it comes from is not known`,
      };
    }
  }
  const call = builder.runtime.find(
    /\bexec\.(?:Command\((?!os\.Args\[0\])|CommandContext\((?!\w+, os\.Args\[0\])|LookPath\()|\bsyscall\.Exec\(/,
  );
  if (call) return { code: 'programs-unknown', why: `${call.file}:${call.line} starts programs: ${call.says}` };
  const plugin = builder.runtime.find(/\bplugin\.Open\(/);
  if (plugin) return { code: 'programs-unknown', why: `${plugin.file}:${plugin.line} loads plugins` };
  if (own.size === 0) return { code: 'program-unknown', why: 'no start command names a program that the stage builds' };
  return { outputs: [...own.values()], byName, scripts: [...scripts], packages: [...packages], evidence };
}

const line = ({ line }: ProgramUse): { line?: number } => (line === undefined ? {} : { line });

/** The built program behind a path, or behind a name that PATH finds. The last one that is built there counts. */
function outputOf({ stage }: View, outputs: readonly Output[], path: string): Output | undefined {
  if (path.includes('/')) {
    const place = joinPath(stage.end.workdir, path);
    return outputs.findLast((it) => it.path === place);
  }
  const folders = (
    stage.end.env.get('PATH') ?? '/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  ).split(':');
  return outputs.findLast((it) => posix.basename(it.path) === path && folders.includes(posix.dirname(it.path)));
}
