/** apt: where the packages get a mount as well as the lists. docker-clean, which would empty it, goes from the stage. */
import { family, lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';
import { hasDockerClean, onlyLists, removesLists } from './apt.ts';
import { unlessStopped } from './declines.ts';
import type { Run, Use } from './run.ts';
import { byRun, edited, isTaken, raise, type Slot } from './slots.ts';
import { isProduct } from './stages.ts';

/** Both folders in stages whose image nobody gets, only the lists elsewhere. */
export function keepPackages(document: Document, project: Project, slots: readonly Slot[]): void {
  const apt = slots.filter(isTaken).filter(({ use }) => use.cache === 'apt');
  if (apt.length === 0) return;
  const runs = byRun(slots.filter(isTaken));
  const isWanted = keepers(
    document,
    project,
    apt.map(({ use }) => use),
  );
  const able = new Set(
    apt.filter(({ use: { run } }) => isWanted(run.stage) && canKeepPackages(run, runs.get(run) ?? [])),
  );
  const isKeeper = keepers(
    document,
    project,
    [...able].map(({ use }) => use),
  );
  const cleaners = new Map<Stage, string>();
  for (const slot of apt) {
    const { stage, instruction } = slot.use.run;
    slot.keepsPackages = able.has(slot) && isKeeper(stage);
    if (slot.keepsPackages) {
      const cleaner = lineage(stage).findLast((above) => cleaners.has(above));
      slot.cleans = cleaner === undefined;
      const tie = (cleaner && cleaners.get(cleaner)) ?? `apt ${instruction.index}`;
      if (!cleaners.has(stage)) cleaners.set(stage, tie);
      slot.ties.add(tie);
      raise(
        slot,
        'review',
        `docker-clean, which deletes every package after its installation${hasDockerClean(stage) ? '' : ' where the image has it'}, goes from this stage; nobody gets its image.`,
      );
    } else if (removesLists(slot.use.run)) {
      slot.why.add(`Only the lists: ${onlyLists(stage)}.`);
    } else {
      raise(
        slot,
        'review',
        `The lists, which were left in the layer, are no longer in the image. Only the lists: ${onlyLists(stage)}.`,
      );
    }
  }
}

const canKeepPackages = (run: Run, slots: readonly Slot[]): boolean =>
  unlessStopped(
    () => {
      edited(run, slots, { packages: true, cleans: true });
      return true;
    },
    () => false,
  );

/**
 * Whether the packages can be kept as well in a stage: only where docker-clean may go, which is where nobody gets the
 * image, and where every RUN with apt is among `uses`, in the stages on top of it as well.
 */
function keepers(document: Document, project: Project, uses: readonly Use[]): (stage: Stage) => boolean {
  const inner = document.stages.filter((stage) => !isProduct(document, project, stage));
  if (inner.length === 0) return () => false;
  const plain = new Set(uses.filter(isPlain).map(({ run }) => run.instruction));
  const able = new Set(
    inner.filter(({ instructions }) =>
      instructions.every((it) => !(it.keyword === 'RUN' && APT.test(it.args.text)) || plain.has(it)),
    ),
  );
  return (stage) => family(document, stage).every((other) => able.has(other));
}

/** What installs, removes or marks packages. */
const APT = /\b(?:apt|apt-get|aptitude|dpkg)\b/;

const isPlain = ({ calls }: Use): boolean =>
  calls.every(({ program, command }) => program === 'apt-get' && command.wrappers.length === 0);
