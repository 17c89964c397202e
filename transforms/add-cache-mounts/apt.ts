/** apt: the lists and the packages are two folders, the image empties one of them itself, and later steps may rely on the other. */
import { once } from '../../src/document/once.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { THIRD_PARTY_SOURCE } from '../../src/knowledge/package-managers.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { heirOfLists } from '../../src/stage/package-lists.ts';
import { stop } from './declines.ts';
import { type Run, type Use, variable } from './run.ts';
import { firstAfter, marksOf, withKeyword } from './stages.ts';

export const LISTS = '/var/lib/apt/lists';
export const PACKAGES = '/var/cache/apt';
/** The configuration of the Debian and Ubuntu images that deletes every package after it was installed. */
export const DOCKER_CLEAN = 'rm -f /etc/apt/apt.conf.d/docker-clean';

const aptCalls = (run: Pick<Run, 'calls'>): readonly Invocation[] =>
  run.calls.filter(({ manager }) => manager === 'apt');
const updates = ({ action, flags }: Invocation): boolean =>
  action === 'update-index' || flags.some(({ raw }) => raw === '--update');

/** Whether the image is known to delete every package after its installation. */
export const hasDockerClean = ({ base }: Stage): boolean => base?.family === 'debian' || base?.family === 'ubuntu';

/** Why the packages get no mount. */
export const onlyLists = (stage: Stage): string =>
  hasDockerClean(stage)
    ? 'docker-clean of the image empties the folder with the packages'
    : 'whether the image keeps the packages after their installation is not known';

/** @throws Stop where the lists cannot be a mount in this RUN */
export function checkApt(use: Use): void {
  const { run } = use;
  const { family: distribution } = run.stage.base ?? {};
  if (distribution !== undefined && !/^(?:debian|ubuntu|other)$/.test(distribution)) {
    stop('unknown-base', `the base image is ${distribution}, where apt is not at home`);
  }
  const calls = aptCalls(run);
  if (calls.some(({ action }) => action === 'upgrade')) {
    stop('apt-upgrade', 'an upgrade in a build takes whatever is newest: it should go before it is made faster');
  }
  if (calls.some(({ action }) => action === 'remove') || run.commands.some(({ program }) => program === 'apt-mark')) {
    stop('apt-remove', 'packages are removed or marked in the same RUN');
  }
  if (
    calls.some(({ flags }) => flags.some(({ raw }) => /Dir::/.test(raw))) ||
    variable(run, calls[0]?.command ?? (run.commands[0] as never), 'APT_CONFIG')
  ) {
    stop('cache-moved', 'options of apt put its folders elsewhere');
  }
  const first = use.calls[0] as Invocation;
  const update = calls.find(
    (call) => updates(call) && call.command.certain && call.command.start <= first.command.start,
  );
  if (!update)
    stop('apt-no-update', 'it does not run apt-get update itself: a mount would hide the lists it relies on');
  const lastInstall = use.calls.at(-1) as Invocation;
  const between = run.document.text.slice(update.command.start, lastInstall.command.start);
  if (THIRD_PARTY_SOURCE.test(between)) {
    stop('apt-third-party-source', 'a package source is set up between apt-get update and the last install');
  }
  checkLater(run);
}

/** Whether the RUN takes the lists away itself, so that nothing behind it can rely on them. */
export function removesLists({ commands }: Pick<Run, 'commands'>): boolean {
  return commands.some(({ program, args }) => program === 'rm' && args.some(({ raw }) => raw.includes(LISTS)));
}

/** A later RUN that installs without an update of its own needs the lists of this layer. */
function checkLater({ document, project, instruction, stage, ...run }: Run): void {
  if (removesLists(run)) return;
  const other = firstAfter(listSteps(document), document, instruction, stage);
  if (other && listStep(other) === 'relies') {
    stop(
      'apt-lists-needed-later',
      `line ${document.originLine(other.start)} relies on the lists that this RUN leaves behind`,
    );
  }
  const heir = other ? undefined : heirOfLists(document, project, stage);
  if (heir) {
    const why = `${heir.path}:${heir.line} starts from ${heir.image}, which may be this image, and relies on its lists`;
    stop('apt-lists-needed-later', why);
  }
}

const listSteps = once((document: Document) =>
  marksOf(withKeyword(document, 'RUN').filter((other) => listStep(other) !== undefined)),
);

/** What a RUN does with the lists of earlier layers: relies on them, or only replaces them by its own. */
function listStep({ args, script }: Instruction): 'relies' | 'replaces' | undefined {
  if (!/\bapt/.test(args.text)) return undefined;
  const calls = (script?.commands ?? [])
    .flatMap((command) => invocation(command) ?? [])
    .filter(({ manager }) => manager === 'apt');
  const needs = calls.findIndex(
    (call) =>
      call.action === 'install' ||
      call.action === 'upgrade' ||
      /^(?:source|download|show|policy|search|list)$/.test(call.verb),
  );
  const own = calls.findIndex(updates);
  // a RUN that only updates leaves its own lists
  if (own >= 0 && needs < 0) return 'replaces';
  const isOpaque = script === undefined || script.opaque !== undefined;
  return isOpaque || (needs >= 0 && (own < 0 || own > needs)) ? 'relies' : undefined;
}
