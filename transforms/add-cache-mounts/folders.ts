/** Which instructions have to do with a folder: looked for once per file and folder, then asked for every RUN. */

import { once, onceIn } from '../../src/document/once.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction } from '../../src/document.ts';
import { HARMLESS } from '../../src/knowledge/package-managers.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { isIn, mentions } from './paths.ts';
import { type Marks, marksOf, withKeyword } from './stages.ts';

/** What of an image is read when it runs or by the steps behind. */
const IN_FORCE = /^(?:CMD|ENTRYPOINT|ENV|HEALTHCHECK)$/;

/** The arguments of all instructions in one text, and where those of each begin. */
export const argumentsOf = once(({ instructions }: Document) => {
  const starts: number[] = [];
  let length = 0;
  for (const { args } of instructions) {
    starts.push(length);
    length += args.text.length + 1;
  }
  return { text: instructions.map(({ args }) => args.text).join('\n'), starts };
});

/** Instructions whose arguments may name a folder: every look at each of them would take too long. */
function naming(document: Document, names: readonly string[]): ReadonlySet<Instruction> {
  const { text, starts } = argumentsOf(document);
  const found = new Set<Instruction>();
  for (const name of names) {
    let next = 0;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, starts[next] ?? text.length)) {
      while (next < starts.length && (starts[next] as number) <= at) next++;
      found.add(document.instructions[next - 1] as Instruction);
      if (next >= starts.length) break;
    }
  }
  return found;
}

const readBy = onceIn<{ readonly runs: Marks; readonly all: Marks }>();

/** The RUNs that need or fill a folder, and these with the instructions that tell the image where it is. */
export function usersOf(document: Document, names: readonly string[]): { readonly runs: Marks; readonly all: Marks } {
  return readBy(document, names.join('\n'), () => {
    const found = [...naming(document, names)];
    const runs = found.filter((other) => other.keyword === 'RUN' && isReadBy(other, names));
    const others = found.filter(({ keyword, args }) => IN_FORCE.test(keyword) && mentions(args.text, names));
    return { runs: marksOf(runs), all: marksOf([...runs, ...others]) };
  });
}

function isReadBy(instruction: Instruction, names: readonly string[]): boolean {
  if (!mentions(instruction.args.text, names)) return false;
  const { script } = instruction;
  if (!script || script.opaque !== undefined) return true;
  return script.commands.some(
    (command) =>
      !HARMLESS.has(command.program ?? '') &&
      !invocation(command) &&
      command.args.some(({ raw }) => mentions(raw, names)),
  );
}

const volumes = onceIn<Marks>();

/** The VOLUMEs that hold a folder. */
export const volumesOver = (document: Document, target: string): Marks =>
  volumes(document, target, () =>
    marksOf(withKeyword(document, 'VOLUME').filter((it) => volumeOver(document, it, target) !== undefined)),
  );

/** The path of a VOLUME that holds a folder. */
export const volumeOver = (document: Document, volume: Instruction, target: string): string | undefined =>
  volumePaths(document)
    .get(volume)
    ?.find((path) => path !== '' && isIn(target, path));

const volumePaths = once(
  (document: Document): ReadonlyMap<Instruction, readonly string[]> =>
    new Map(
      withKeyword(document, 'VOLUME').map((it) => [
        it,
        it.words.map((word) => document.expand(word.value, it.state) ?? ''),
      ]),
    ),
);

const copies = onceIn<Marks>();

/** COPY and ADD that fill a folder; `home` is that of the user the stage ends with. */
export const copiesInto = (document: Document, target: string, home: string | undefined): Marks =>
  copies(document, `${target}\n${home}`, () =>
    marksOf(
      deliveries(document)
        .filter((it) => fills(it, target, home))
        .map(({ copy }) => copy),
    ),
  );

interface Delivery {
  readonly copy: Instruction;
  readonly dir: string;
  readonly isFile: boolean;
}

/** COPY and ADD with the folder that they fill, where it is known. */
const deliveries = once((document: Document): readonly Delivery[] =>
  [...withKeyword(document, 'COPY'), ...withKeyword(document, 'ADD')].flatMap((copy) => {
    const words = copy.words.map((word) => document.expand(word.value, copy.state) ?? word.value);
    const dir = joinPath(copy.state.workdir, words.pop());
    if (dir === undefined || dir === '/') return [];
    return [{ copy, dir, isFile: words.every((source) => /\.\w+$/.test(source.split('/').pop() ?? '')) }];
  }),
);

function fills({ dir, isFile }: Delivery, target: string, home: string | undefined): boolean {
  const isHome = dir === home || dir === '/root';
  return isIn(dir, target) || (isIn(target, dir) && !isFile && !isHome && /\/\.|pkg|registry|cache/.test(dir));
}
