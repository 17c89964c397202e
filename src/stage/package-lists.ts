/** Whether the package lists of the distribution are there when a command installs. */
import { lineage } from '../document/lineage.ts';
import { Document, type Instruction, type Stage } from '../document.ts';
import { LISTS_FETCHERS } from '../knowledge/system-packages.ts';
import type { Heir } from '../project/heirs.ts';
import type { Project } from '../project/project.ts';
import type { Command } from '../shell/command.ts';

const SCRIPTS = LISTS_FETCHERS.map(({ text }) => text.replaceAll('.', '\\.')).join('|');
const UPDATE = new RegExp(`\\b(?:apt|apt-get|aptitude|apk)\\s+(?:-\\S+\\s+)*update\\b|${SCRIPTS}`);
const INSTALL = /\b(?:apt|apt-get|aptitude)\s+(?:-\S+\s+)*install\b/;
/** What takes the lists away again, or keeps them out of the image. */
const NO_LISTS = /\/var\/lib\/apt\b|\/var\/cache\/apk\b/;

/** Whether a RUN asks the mirrors for their package lists. */
export const updatesLists = ({ keyword, start, end, args: { file } }: Instruction): boolean =>
  keyword === 'RUN' && UPDATE.test(file.slice(start, end));

/**
 * Whether an install of apt or apk finds a package that the image lacks: the lists are fetched before it in the same RUN,
 * or by an earlier one that leaves them. Without lists it goes well only where the image has everything that it names.
 */
export function findsLists(stage: Stage, instruction: Instruction, command: Command): boolean {
  if (command.has('--no-cache', '-U', '--update', '--update-cache')) return true;
  const before = instruction.args.file.slice(instruction.start, command.start);
  if (UPDATE.test(before)) return true;
  const earlier = lineage(stage)
    .flatMap(({ instructions }) => instructions)
    .filter(({ index }) => index < instruction.index);
  return earlier.some((it) => updatesLists(it) && !NO_LISTS.test(it.args.file.slice(it.start, it.end)));
}

/** A Dockerfile that starts from the image of a stage, and whose first install of apt expects its package lists there. */
export function heirOfLists(document: Document, project: Project, stage: Stage): Heir | undefined {
  const products = document.stages.filter(({ isFinal, name }) => isFinal || project.targets.includes(name ?? ''));
  if (!products.some((product) => lineage(product).includes(stage))) return undefined;
  return project.heirs.find((heir) => {
    const text = project.root.read(heir.path);
    const own = text === undefined ? undefined : Document.read(heir.path, text);
    const start = own instanceof Document && own.stages.find(({ from }) => from.line === heir.line);
    const first = start
      ? start.instructions.find((it) => updatesLists(it) || (it.keyword === 'RUN' && installs(it)))
      : undefined;
    return first && installs(first) && !updatesFirst(first);
  });
}

const textOf = ({ start, end, args: { file } }: Instruction): string => file.slice(start, end);
const installs = (it: Instruction): boolean => INSTALL.test(textOf(it));
const updatesFirst = (it: Instruction): boolean =>
  textOf(it).search(UPDATE) >= 0 && textOf(it).search(UPDATE) < textOf(it).search(INSTALL);
