/** apk: packages without an index in the layer. */
import { lineStart } from '../../src/document/lines.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Edit } from '../../src/edit.ts';
import { RPM_MANAGERS } from '../../src/knowledge/system-packages.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { addFlag, isMounted, lineOf, type Plan, PRAGMA, type Run, said, textOf } from './run.ts';

/** `--no-cache` fetches the index afresh as these do. */
const REFRESH = new Set(['-U', '--update', '--update-cache']);
/** Another cache, another root, no network: another job than an ordinary install. */
const ELSEWHERE = ['--cache-dir', '-p', '--root', '--no-network', '--repositories-file', '--initdb'];

const isOtherSystem = ({ manager }: Invocation): boolean => manager === 'apt' || Object.hasOwn(RPM_MANAGERS, manager);

const hasCache = (run: Run): boolean =>
  said.apkCache(run.document) || isMounted(run, '/var/cache/apk') || isMounted(run, '/etc/apk/cache');

/** `apk update && apk upgrade`: it reads an index of this very RUN, as --no-cache does. */
const isFreshUpgrade = ({ verb, flags, command }: Invocation, calls: readonly Invocation[]): boolean =>
  verb === 'upgrade' &&
  (flags.some(({ literal }) => REFRESH.has(literal ?? '')) ||
    calls.some((it) => it.action === 'update-index' && it.operands.length === 0 && it.command.start < command.start));

/** Adds --no-cache, and takes out the update and the clean-up that it makes pointless. */
export function* apkNoCache(run: Run): Plan {
  const calls = run.calls.filter(({ manager }) => manager === 'apk');
  const adds = calls.filter((call) => call.verb === 'add' || isFreshUpgrade(call, calls));
  const first = adds.find(({ verb }) => verb === 'add') ?? adds[0];
  if (!first || hasCache(run)) return;
  const elsewhere = adds.filter(({ command }) => command.has(...ELSEWHERE));
  const edits: Edit[] = [];
  for (const call of adds) {
    if (call.command.has('--no-cache') || elsewhere.includes(call)) continue;
    const refresh = call.flags.find(({ literal }) => REFRESH.has(literal ?? ''));
    if (refresh) edits.push({ start: refresh.start, end: refresh.end, text: '--no-cache' });
    else edits.push(addFlag(call, '--no-cache'));
  }
  // search, fetch and the like read the index; a script for several distributions cleans up in its own way
  const others =
    run.calls.some(isOtherSystem) ||
    calls.some((call) => !adds.includes(call) && call.action !== 'remove' && call.action !== 'update-index');
  const gone = elsewhere.length === 0 && !others ? pointless(run, calls, adds, edits) : [];
  edits.push(...gone);
  // the index of an update that stays is in the layer all the same
  if (edits.length === 0 || (gone.length === 0 && updatesBefore(calls, adds).length > 0)) return;
  yield {
    title: `apk ${first.verb} leaves no index in the layer`,
    why: 'With --no-cache apk reads the index from the network and writes none, so there is nothing to update before and nothing to remove behind it.',
    evidence: [lineOf(run, first.command)],
    level: 'safe',
    at: first.command,
    edits,
  };
}

const updatesBefore = (calls: readonly Invocation[], adds: readonly Invocation[]): readonly Invocation[] =>
  calls.filter(
    ({ action, command, operands }) =>
      action === 'update-index' && operands.length === 0 && adds.some((add) => add.command.start > command.start),
  );

/** `apk update &&` before the first add, `&& rm -rf /var/cache/apk/*` behind it. */
function pointless(
  run: Run,
  calls: readonly Invocation[],
  adds: readonly Invocation[],
  edits: readonly Edit[],
): Edit[] {
  const updates = updatesBefore(calls, adds);
  const removals = run.script.commands.filter((command) => {
    const paths = command.program === 'rm' ? command.operands() : [];
    return paths.length > 0 && paths.every(({ raw }) => /^\/var\/cache\/apk(?:\/\*?)?$/.test(raw));
  });
  // all or none: what is left must not become removable by what went
  const taken: Edit[] = [];
  for (const command of [...updates.map((call) => call.command), ...removals]) {
    const edit = command.remove();
    if (!edit || [...edits, ...taken].some((other) => other.start < edit.end && edit.start < other.end)) return [];
    taken.push(edit);
  }
  return taken;
}

/** Who reads an index, found once for a file. */
export interface ApkUsers {
  readonly all: readonly Instruction[];
  /** Those that may read what an earlier layer left. */
  readonly needy: readonly Instruction[];
}

export function apkUsers(document: Document, runs: ReadonlyMap<Instruction, Run>): ApkUsers {
  const all = document.instructions.filter((instruction) => /\bapk\b/.test(textOf(document, instruction)));
  const needy = all.filter((instruction) => {
    const run = runs.get(instruction);
    return !run || !readsItsOwn(run);
  });
  return { all, needy };
}

/** `RUN apk update` whose index nobody needs once every later add reads its own. */
export function* apkUpdateAlone(run: Run, readers: () => ApkUsers): Plan {
  const { document, instruction, calls, script } = run;
  const isAlone = calls.length > 0 && calls.length === script.commands.length && instruction.heredocs.length === 0;
  // `apk update \⏎ apk add git` is one command: a forgotten &&
  const updates = calls.every(
    ({ manager, action, operands }) => manager === 'apk' && action === 'update-index' && operands.length === 0,
  );
  if (!isAlone || !updates || instruction.comments.length > 0 || instruction.flags.length > 0 || hasCache(run)) return;
  const users = readers();
  const isLater = (other: Instruction): boolean => other.index > instruction.index;
  const user = users.all.findLast((other) => isLater(other) && other.stage === instruction.stage);
  const needy = users.needy.findLast(isLater);
  if (needy) {
    const why = `line ${document.originLine(needy.start)} may need this index`;
    yield { code: 'update-used-later', why, at: instruction };
  } else if (user) {
    const line = lineStart(document.text, instruction.start);
    const above = document.text.slice(document.text.lastIndexOf('\n', line - 2) + 1, line);
    if (/^\s*#/.test(above) && PRAGMA.test(above)) {
      const why = 'a comment for another tool stands above it and would mean the next instruction';
      yield { code: 'comment-between', why, at: instruction };
    } else yield removed(run, user);
  }
}

/** Every add of the RUN will have --no-cache, and nothing else in it reads the index before an update of its own. */
function readsItsOwn(run: Run): boolean {
  const calls = run.calls.filter(({ manager }) => manager === 'apk');
  const safe = calls.every(
    ({ verb, action, command }) =>
      action === 'remove' || action === 'update-index' || (verb === 'add' && !command.has(...ELSEWHERE)),
  );
  const mentions = run.text.match(/(?<![\w./-])apk(?=\s)/g)?.length ?? 0;
  return !hasCache(run) && mentions === calls.length && (safe || calls[0]?.action === 'update-index');
}

function removed(run: Run, user: Instruction): Change {
  const { document, instruction } = run;
  const start = lineStart(document.text, instruction.start);
  const end = document.text.indexOf('\n', instruction.end) + 1;
  return {
    title: 'no layer with an apk index alone',
    why: 'The index of apk update comes from the build cache for ever and takes place in the image; with --no-cache every apk add reads it afresh.',
    evidence: [
      lineOf(run, instruction, 'apk update in a layer of its own'),
      { file: document.path, line: document.originLine(user.start), says: 'reads the index itself' },
    ],
    level: 'safe',
    at: instruction,
    edits: [{ start, end, text: '' }],
  };
}
