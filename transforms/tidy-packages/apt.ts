/** apt-get: answers, the right program, lists that do not stay in the layer. */
import type { Edit } from '../../src/edit.ts';
import { APT_GET_VERBS, APT_UNASKED } from '../../src/knowledge/system-packages.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import type { Lists } from './lists.ts';
import { addFlag, appendLast, isMounted, likeWrapped, lineOf, noEnd, type Plan, type Run, said } from './run.ts';

const LISTS = '/var/lib/apt/lists';

/** The calls of apt and apt-get; aptitude is another program. */
export const aptCalls = ({ calls }: Run): readonly Invocation[] =>
  calls.filter(({ program }) => program === 'apt' || program === 'apt-get');

/** `apt install` becomes `apt-get install`; `apt list` has no counterpart. */
export function* aptToAptGet(run: Run): Plan {
  const edits: Edit[] = [];
  let first: Invocation | undefined;
  for (const call of aptCalls(run)) {
    const { command, verb } = call;
    const { nameWord } = command;
    if (nameWord?.raw !== 'apt' || !(APT_GET_VERBS.verbs as readonly string[]).includes(verb)) continue;
    if (nameWord.end - nameWord.start !== 'apt'.length) continue;
    first ??= call;
    edits.push({ start: nameWord.start, end: nameWord.end, text: 'apt-get' });
    if (verb === 'upgrade' && !command.has('--with-new-pkgs')) {
      edits.push(addFlag(call, '--with-new-pkgs'));
    }
  }
  if (!first || said.aptSettings(run.document)) return;
  yield {
    title: 'apt-get instead of apt',
    why: 'apt is made for people at a terminal: it warns in scripts and its command line may change between releases; apt-get does the same and is stable.',
    evidence: [lineOf(run, first.command)],
    level: 'safe',
    at: first.command,
    edits,
  };
}

/** `-qq`, `-q -q` and `-q=2` imply `-y`. */
function isVeryQuiet(flags: readonly ShellWord[]): boolean {
  let level = 0;
  for (const { literal } of flags) {
    const set = /^(?:-q|--quiet)=(\d+)$/.exec(literal ?? '');
    if (set) level = Math.max(level, Number(set[1]));
    else if (literal === '--quiet') level++;
    else if (/^-[A-Za-z]+$/.test(literal ?? '')) level += (literal as string).split('q').length - 1;
  }
  return level >= 2;
}

/** An install that would ask, in a build where nobody answers. */
export function* aptYes(run: Run): Plan {
  const asking = aptCalls(run).filter(
    ({ action, command, flags }) =>
      action === 'install' && !command.piped && !command.has(...APT_UNASKED.flags) && !isVeryQuiet(flags),
  );
  const first = asking[0];
  if (!first || said.assumeYes(run.document)) return;
  yield {
    title: `-y for ${first.program === 'apt' ? 'apt-get' : first.program} ${first.verb}`,
    why: 'It asks before it installs more than what is named, and a build has nobody who answers: it aborts.',
    evidence: [lineOf(run, first.command)],
    level: 'safe',
    at: first.command,
    edits: asking.map((call) => addFlag(call, '-y')),
  };
}

/** Takes the lists out of the layer that fetched them. `joined`: the update comes from the RUN before, joined to this one by that text. */
export function* aptClean(run: Run, lists: Lists, joined: string | undefined): Plan {
  const { document, instruction, text } = run;
  const calls = aptCalls(run);
  const install = calls.findLast(({ action }) => action === 'install' || action === 'upgrade');
  const updates =
    joined !== undefined || calls.some(({ action, operands }) => action === 'update-index' && operands.length === 0);
  // `rm -rf /var/lib/apt/lists/*`, `find /var/lib/apt -delete`, `rm -rf /var/lib/{apt,dpkg}`
  if (!install || !updates || /\/var\/lib\/(?:apt|\{|\*)|dist-?clean/.test(text) || isMounted(run, LISTS)) return;
  const needed = lists.neededAfter(instruction);
  if (needed) {
    const line = document.originLine(needed.start);
    yield {
      code: 'lists-used-later',
      why: `line ${line} may need the package lists that this RUN leaves`,
      at: instruction,
    };
    return;
  }
  const heir = lists.neededByHeir(instruction);
  if (heir) {
    const why = `${heir.path}:${heir.line} starts from ${heir.image}, which may be this image, and needs the package lists of it`;
    yield { code: 'lists-used-later', why, at: instruction };
    return;
  }
  const command = likeWrapped(run, `rm -rf ${LISTS}/*`);
  const edit = appendLast(run, command);
  if (!edit) {
    yield noEnd(run);
    return;
  }
  yield {
    title: 'package lists removed in the layer that fetched them',
    why: 'The lists of apt-get update take tens of megabytes, are of no use in the image, and nothing that is built on this layer installs without an update of its own.',
    evidence: [lineOf(run, install.command)],
    level: 'safe',
    at: instruction,
    // in one style with the join
    edits: [joined?.includes('\n') ? { ...edit, text: joined + command } : edit],
  };
}
