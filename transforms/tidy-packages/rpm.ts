/** dnf, yum, microdnf and zypper: caches that do not stay in the layer, and answers. */
import { RPM_MANAGERS } from '../../src/knowledge/system-packages.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import {
  addFlag,
  appendLast,
  isMounted,
  likeWrapped,
  lineOf,
  noEnd,
  type Plan,
  type Run,
  said,
  verbWord,
} from './run.ts';

type Manager = keyof typeof RPM_MANAGERS;
interface Call extends Invocation {
  readonly manager: Manager;
}

const isRpm = (call: Invocation): call is Call => Object.hasOwn(RPM_MANAGERS, call.manager);
const installs = ({ action }: Invocation): boolean => action === 'install' || action === 'upgrade';

/** `-y` where the manager would ask. */
export function* rpmYes(run: Run): Plan {
  const asking = run.calls.filter((call): call is Call => {
    if (!isRpm(call) || !installs(call) || call.command.piped || verbWord(call) === undefined) return false;
    const { yes } = RPM_MANAGERS[call.manager];
    return (
      yes.length > 0 && !call.command.has(...yes, '--assumeno', '--downloadonly') && !/^s(?:i|ource-)/.test(call.verb)
    );
  });
  const first = asking[0];
  if (!first || said.rpmYes(run.document)) return;
  yield {
    title: `-y for ${first.program} ${first.verb}`,
    why: 'It asks before it installs, and a build has nobody who answers: it aborts.',
    evidence: [lineOf(run, first.command)],
    level: 'safe',
    at: first.command,
    edits: asking.map((call) => addFlag(call, '-y')),
  };
}

/** `clean all` behind the last command. */
export function* rpmClean(run: Run): Plan {
  const { instruction, text } = run;
  const calls = run.calls.filter(isRpm);
  const last = calls.findLast(installs);
  // a script for several distributions cleans up in its own way
  if (!last || run.calls.some(({ manager }) => manager === 'apt') || calls.some(({ action }) => action === 'clean'))
    return;
  const row = RPM_MANAGERS[last.manager];
  if (row.caches.some((folder) => isMounted(run, folder))) return;
  // `rm -rf /var/cache/yum`, `rm -rf /var/cache/*`, `rm -rf /var/cache`; `sh -c "dnf clean all"`
  if (/\/var\/cache(?:\/(?:\*|dnf|yum|libdnf5?|zypp|\{)|\/?(?=\s|$))|\bclean\b/.test(text)) return;
  if (/--installroot|--root\b|(?<=zypper[^;&|]{0,200}\s)-R\s/.test(text)) {
    yield { code: 'other-root', why: 'it installs into another root, whose cache lies elsewhere', at: instruction };
    return;
  }
  const edit = appendLast(run, likeWrapped(run, `${last.program} ${row.clean}`));
  if (!edit) {
    yield noEnd(run);
    return;
  }
  yield {
    title: `${last.program} cache emptied in the layer that filled it`,
    why: 'Metadata and packages that stay in the layer take up to hundreds of megabytes; a later install fetches them anew.',
    evidence: [lineOf(run, last.command)],
    level: 'safe',
    at: instruction,
    edits: [edit],
  };
}
