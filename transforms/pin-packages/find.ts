/** Calls of package managers, with the folder of the build context that each works in. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Span } from '../../src/edit.ts';
import { type ImageFiles, imageFiles, type PlacedSource } from '../../src/project/image-files.ts';
import type { Project } from '../../src/project/project.ts';
import type { Command } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';

export interface Install {
  readonly call: Invocation;
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** Absolute folder in the image; undefined: not known. */
  readonly folder: string | undefined;
  /** What COPY brought before it. */
  readonly files: ImageFiles;
  /** The commands that ran before it, in order; good until the next one is asked for. */
  readonly before: readonly Command[];
  /** RUNs before it that cannot be read; good until the next one is asked for. */
  readonly unread: readonly Instruction[];
  readonly at: Span;
}

interface Past {
  readonly before: Command[];
  readonly unread: Instruction[];
}

/** Every call that is `wanted` and carried out for certain. */
export function* installs(
  document: Document,
  project: Project,
  wanted: (call: Invocation) => boolean,
): Iterable<Install> {
  const past = new Map<Stage | undefined, Past>();
  for (const stage of document.stages) {
    const base = past.get(stage.parent);
    const before = [...(base?.before ?? [])];
    const unread = [...(base?.unread ?? [])];
    past.set(stage, { before, unread });
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
        else if (call && command.certain && !command.substituted && wanted(call)) {
          const folder = call.cwdUnknown ? undefined : call.cwd === undefined ? cwd : joinPath(cwd, call.cwd);
          const files = imageFiles(document, project, stage, instruction);
          const at = { start: command.start, end: command.end };
          yield { call, instruction, stage, folder, files, before, unread, at };
        }
        before.push(command);
      }
    }
  }
}

/**
 * `COPY package.json yarn.lock* ./`: the build is meant to work without the lock file, or to write it; as a sentence. `manifest`:
 * a pattern that brings it as well is none of the lock file's own.
 */
export function optionalLock(
  document: Document,
  project: Project,
  { files }: Install,
  lock: string,
  manifest?: string,
): string | undefined {
  const placed = [...files.sources].reverse().find(({ source }) => source === lock);
  const patterns = placed?.instruction.words.slice(0, -1).filter(({ value }) => /[*?[]/.test(value)) ?? [];
  const optional = patterns.find(({ value }) => {
    const found = project.glob(document.expand(value, (placed as PlacedSource).instruction.state) ?? '');
    return found.includes(lock) && (manifest === undefined || !found.includes(manifest));
  });
  return optional && `${optional.value} lets the lock file be absent, so that a build may be meant to make it.`;
}

const LOCK_NAME = /^(?:go\.sum|[\w.-]*[.-](?:lock|lockb|lock\.json|lock\.yaml)|npm-shrinkwrap\.json)$/;

/** `FROM scratch AS export`, `COPY --from=update /app/composer.lock /`: the build is there to write a new lock file. */
export function handsOutLock(document: Document, stage: Stage): boolean {
  return document.stages.some(
    (other) =>
      other.fromWord.value === 'scratch' &&
      other.instructions.some(
        ({ keyword, flags, words }) =>
          keyword === 'COPY' &&
          words.slice(0, -1).some(({ value }) => LOCK_NAME.test(posix.basename(value))) &&
          flags.some(({ name, value }) => name === 'from' && document.stageNamed(value, other) === stage),
      ),
  );
}
