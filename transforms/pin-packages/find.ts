/** Installs of Node packages, with the folder of the build context that each works in. */
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Span } from '../../src/edit.ts';
import { type ImageFiles, imageFiles } from '../../src/project/image-files.ts';
import type { Project } from '../../src/project/project.ts';
import type { Command } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';

export type NodeManager = 'npm' | 'yarn' | 'pnpm';

export interface Install {
  readonly manager: NodeManager;
  readonly call: Invocation;
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** Absolute folder in the image; undefined: not known. */
  readonly folder: string | undefined;
  /** What COPY brought before it. */
  readonly files: ImageFiles;
  /** The commands of the stage that ran before it, in order. */
  readonly before: readonly Command[];
  /** RUNs before it that cannot be read. */
  readonly unread: readonly Instruction[];
  readonly at: Span;
}

const VERBS: Readonly<Record<NodeManager, readonly string[]>> = {
  npm: ['install', 'i'],
  yarn: ['install', ''],
  pnpm: ['install', 'i'],
};

const isNode = (manager: string): manager is NodeManager => Object.hasOwn(VERBS, manager);

/** Every `npm install`, `yarn install` and `pnpm install` without packages behind it. */
export function* installs(document: Document, project: Project): Iterable<Install> {
  for (const stage of document.stages) {
    const before: Command[] = [];
    const unread: Instruction[] = [];
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      const { script } = instruction;
      if (!script || script.opaque !== undefined) {
        unread.push(instruction);
        continue;
      }
      let cwd = instruction.state.workdir;
      for (const command of script.commands) {
        const call = invocation(command);
        if (command.program === 'cd') cwd = command.certain ? joinPath(cwd, command.args[0]?.literal) : undefined;
        else if (call && isPlain(call)) {
          const folder = call.cwdUnknown ? undefined : call.cwd === undefined ? cwd : joinPath(cwd, call.cwd);
          const files = imageFiles(document, project, stage, instruction);
          const at = { start: command.start, end: command.end };
          yield {
            manager: call.manager as NodeManager,
            call,
            instruction,
            stage,
            folder,
            files,
            before: [...before],
            unread: [...unread],
            at,
          };
        }
        before.push(command);
      }
    }
  }
}

function isPlain({ manager, verb, operands, action, global, command }: Invocation): boolean {
  if (!isNode(manager) || action !== 'install' || global || !VERBS[manager].includes(verb)) return false;
  return operands.length === 0 && command.certain && !command.substituted;
}
