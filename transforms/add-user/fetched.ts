/** Programs that a RUN fetches into the folder that the container starts in: their source is not in the build context. */
import { lineage } from '../../src/document/lineage.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { handedTo } from '../../src/project/origin.ts';
import { folderAt } from '../../src/project/start-script.ts';
import type { Command } from '../../src/shell/command.ts';

/** A sentence for the first such RUN: of this stage, or of one whose folder is copied to the same place. */
export function fetchedDoubt(document: Document, stage: Stage): readonly string[] {
  const { workdir } = stage.end;
  if (workdir === undefined || workdir === '/') return [];
  const places = [
    { of: stage, folder: workdir },
    ...handedTo(document, stage)
      .filter(({ target }) => trimmed(target) === workdir)
      .map(({ stage: of, source }) => ({ of, folder: trimmed(source) })),
  ];
  for (const { of, folder } of places) {
    const run = unpackedInto(of, folder);
    if (!run) continue;
    const line = document.originLine(run.start);
    return [`What line ${line} fetches into ${folder} is not in the build context: what it writes is not known.`];
  }
  return [];
}

const trimmed = (path: string): string => path.replace(/(?<=.)\/+\.?$/, '');

function unpackedInto(stage: Stage, folder: string): Instruction | undefined {
  const runs = lineage(stage).flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === 'RUN'));
  const isFetched = runs.some(({ script }) =>
    script?.commands.some(({ program }) => /^(?:curl|wget)$/.test(program ?? '')),
  );
  return runs.find(({ script, state }) =>
    script?.commands.some((command) => {
      const target = isFetched || command.program === 'git' ? targetOf(command) : undefined;
      return (
        target !== undefined && trimmed(joinPath(folderAt(script, command, state.workdir), target) ?? '') === folder
      );
    }),
  );
}

/** The folder that becomes what is unpacked: `git clone URL DIR`, `tar -C DIR --strip-components=1`, `mv app-1.0/* .` */
function targetOf(command: Command): string | undefined {
  const { args } = command;
  switch (command.program) {
    case 'git': {
      const [verb, , folder] = command
        .operands(['-b', '--branch', '--depth', '-C', '-c'])
        .map(({ literal }) => literal);
      return verb === 'clone' ? folder : undefined;
    }
    case 'tar':
      return args.some(({ raw }) => raw.startsWith('--strip'))
        ? (command.value('-C', '--directory') ?? '.')
        : undefined;
    case 'mv':
      return args.some(({ raw }) => raw.endsWith('/*')) ? args.at(-1)?.literal : undefined;
    default:
      return undefined;
  }
}
