/** apt: the lists and the packages are two folders, the image empties one of them itself, and later steps may rely on the other. */
import type { Document } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import { type Run, type Use, variable } from './run.ts';
import { family, isProduct, later } from './stages.ts';

export const LISTS = '/var/lib/apt/lists';
export const PACKAGES = '/var/cache/apt';
/** The configuration of the Debian and Ubuntu images that deletes every package after it was installed. */
export const DOCKER_CLEAN = 'rm -f /etc/apt/apt.conf.d/docker-clean';

const THIRD_PARTY =
  /\/etc\/apt\/|\b(?:add-apt-repository|apt-add-repository|apt-key)\b|\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:bash|sh)\b|nodesource|packagecloud/;

const aptCalls = (run: Pick<Run, 'calls'>): readonly Invocation[] =>
  run.calls.filter(({ manager }) => manager === 'apt');
const updates = ({ action, flags }: Invocation): boolean =>
  action === 'update-index' || flags.some(({ raw }) => raw === '--update');

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
  if (THIRD_PARTY.test(between)) {
    stop('apt-third-party-source', 'a package source is set up between apt-get update and the last install');
  }
  checkLater(run);
}

/** Whether the RUN takes the lists away itself, so that nothing behind it can rely on them. */
export function removesLists(run: Run): boolean {
  return run.commands.some(({ program, args }) => program === 'rm' && args.some(({ raw }) => raw.includes(LISTS)));
}

/** A later RUN that installs without an update of its own needs the lists of this layer. */
function checkLater(run: Run): void {
  if (removesLists(run)) return;
  for (const other of later(run.document, run.instruction, run.stage)) {
    if (other.keyword !== 'RUN' || !/\bapt/.test(other.args.text)) continue;
    const calls = (other.script?.commands ?? [])
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
    if (own >= 0 && needs < 0) return;
    const isOpaque = other.script === undefined || other.script.opaque !== undefined;
    if (isOpaque || (needs >= 0 && (own < 0 || own > needs))) {
      stop(
        'apt-lists-needed-later',
        `line ${run.document.originLine(other.start)} relies on the lists that this RUN leaves behind`,
      );
    }
  }
}

/**
 * Whether the packages can be kept as well in the stage of a RUN: only where docker-clean may go, which is where nobody
 * gets the image, and where every RUN with apt is among `uses`.
 */
export function mayKeepPackages(document: Document, project: Project, use: Use, uses: readonly Use[]): boolean {
  const stages = family(document, use.run.stage);
  if (stages.some((stage) => isProduct(document, project, stage))) return false;
  const taken = new Set(uses.map(({ run }) => run.instruction));
  return stages.every((stage) =>
    stage.instructions.every((instruction) => {
      if (instruction.keyword !== 'RUN' || !/\b(?:apt|apt-get|aptitude|dpkg)\b/.test(instruction.args.text))
        return true;
      const isPlain = uses
        .find(({ run }) => run.instruction === instruction)
        ?.calls.every(({ program, command }) => program === 'apt-get' && command.wrappers.length === 0);
      return taken.has(instruction) && isPlain === true;
    }),
  );
}
