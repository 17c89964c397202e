/** A start command that builds the program before it runs it: `CMD ["go", "run", "."]`, `ENTRYPOINT cargo run --release`. */
import type { Instruction } from '../../src/document.ts';
import type { Evidence, Span } from '../../src/edit.ts';
import { serviceFacts } from '../../src/project/compose-service.ts';
import { givesAway } from './file-tasks.ts';
import type { Placement, View } from './types.ts';

export interface BuildingStart {
  /** CMD or ENTRYPOINT. */
  readonly instruction: Instruction;
  /** Its words behind `go run` or `cargo run`, fixed text all of them. */
  readonly words: readonly string[];
  /** Whether a program that is started somewhere is this one. */
  isUse(program: string, at: Pick<Evidence, 'file' | 'line'>): boolean;
  /** The instruction with a program in the place of the tool and the first `count` words behind `run`. */
  startWith(program: string, count: number): Placement;
}

interface Said extends Span {
  readonly value: string;
}

/**
 * The CMD or ENTRYPOINT of a stage that is `<tool> run ..`; undefined: there is none, or it cannot be told that the same
 * program starts when it is built beforehand: a mount over the source, another folder, another account that may not write.
 */
export function buildingStart(view: View, tool: 'go' | 'cargo'): BuildingStart | undefined {
  const { stage, document } = view;
  const { workdir, user } = stage.end;
  if (workdir === undefined) return undefined;
  const isRoot = user === undefined || user.uid === 0 || user.name === 'root';
  // another account can build only where the folder is its own
  const owns = view.steps.some(({ tasks }) => tasks.some((task) => givesAway(task, [workdir])));
  if (!isRoot && !owns) return undefined;
  if (isMountedOver(view, workdir)) return undefined;
  const starts = ['CMD', 'ENTRYPOINT'].flatMap(
    (keyword) => stage.instructions.findLast((it) => it.keyword === keyword) ?? [],
  );
  for (const instruction of starts) {
    const words = wordsOf(instruction);
    if (!words || words[0]?.value !== tool || words[1]?.value !== 'run') continue;
    const line = document.originLine(instruction.start);
    return {
      instruction,
      words: words.slice(2).map(({ value }) => value),
      isUse: (program, at) => program === tool && at.file === document.path && at.line === line,
      startWith(program, count) {
        const span = { start: (words[0] as Said).start, end: (words[count + 1] as Said).end };
        const text = instruction.json ? JSON.stringify(program) : program;
        const [before, after] = [
          document.text.slice(instruction.start, span.start),
          document.text.slice(span.end, instruction.end),
        ];
        return {
          place: 'runtime',
          text: `${before}${text}${after}`.replaceAll('\r\n', '\n'),
          edits: [{ ...span, text }],
        };
      },
    };
  }
  return undefined;
}

/** The words of an exec form, or of a shell form that is one plain command. */
function wordsOf({ json, words, script, args }: Instruction): readonly Said[] | undefined {
  if (json) return words;
  const [command, ...more] = script?.commands ?? [];
  if (!command || more.length > 0 || !command.certain || command.piped || command.redirected) return undefined;
  if (command.wrappers.length > 0 || command.assignments.length > 0 || command.start !== args.offsets[0])
    return undefined;
  const said = [command.nameWord, ...command.args].map((it) =>
    it?.literal === undefined ? undefined : { value: it.literal, start: it.start, end: it.end },
  );
  return said.every((it) => it !== undefined) ? said : undefined;
}

/** A compose file puts the source of the machine, or nothing, in the place of what is built, or starts it in another folder. */
function isMountedOver({ project }: View, workdir: string): boolean {
  const isNear = (target: string): boolean =>
    target === workdir || workdir.startsWith(`${target.replace(/\/$/, '')}/`) || target.startsWith(`${workdir}/`);
  return project.contexts.some(({ service }) => {
    if (!service) return false;
    const facts = serviceFacts(service.fields);
    return (
      facts.workdir !== undefined ||
      service.fields.develop !== undefined ||
      facts.volumes.some(({ source, target }) => isNear(target) && /^[./~$]/.test(source ?? ''))
    );
  });
}

/** The words before the first that is another. */
export function leading(words: readonly string[], isOne: (word: string) => boolean): readonly string[] {
  const end = words.findIndex((word) => !isOne(word));
  return end < 0 ? words : words.slice(0, end);
}

/** Source that comes behind a build is not in it. */
export const isCopiedBehind = ({ stage }: View, built: Instruction): boolean =>
  stage.instructions.some(({ keyword, index }) => /^(?:COPY|ADD)$/.test(keyword) && index > built.index);
