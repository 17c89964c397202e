/** `COPY . .` before the install becomes: the manifests, the install, everything else. */

import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Change, Decline } from '../../src/edit.ts';
import { within } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import { defineTransform } from '../../src/transform.ts';
import { installsBefore, isRepeated } from './before.ts';
import { describe, quoted, unique, withoutRepeats } from './describe.ts';
import { leaveOut } from './ignore-file.ts';
import { alreadyThere, type Move, manifestLines, moveEdits } from './layout.ts';
import { lastInstall } from './readers.ts';
import { type Copied, isSecond, type Role, type RunView, readRun, UNKNOWN_WORKDIR } from './steps.ts';
import { DECLINES, isObstacle, type Obstacle, obstacle } from './types.ts';

type Install = Extract<Role, { kind: 'install' }>;

/** Instructions that neither read the copied files nor make any. */
const PASSIVE = new Set(
  'ARG CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD SHELL STOPSIGNAL USER WORKDIR'.split(' '),
);
/** Passive instructions that change what a RUN behind them sees. */
const SETTLING = new Set(['ARG', 'ENV', 'SHELL', 'USER', 'WORKDIR']);
/** Instructions behind a copy that are looked at: an install further down is another matter. */
const REACH = 60;
const KEPT_FLAGS = new Set(['chown', 'chmod', 'link']);

export const copyManifestsFirst = defineTransform({
  name: 'copy-manifests-first',
  summary: 'Copies the manifests and installs before the source is copied',
  docs: {
    what: 'Where everything is copied before the packages are installed, the files that the install reads are copied first, and everything else behind it. Folders that the install makes are added to .dockerignore, so that the copy does not lay those of the host over them.',
    why: 'A layer is built anew when the files copied before it change. With the manifests alone in front of it, the install runs again only when they change, not after every edit of the source.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'requirements.txt': 'flask==3.1.2\n', 'app.py': '' },
    },
  },
  options: {},
  mayChange: ['copies'],
  declines: DECLINES,
  *plan(document, { project }) {
    const changes: Change[] = [];
    for (const stage of document.stages) {
      if (stage.base?.family === 'windows' || document.escape !== '\\') continue;
      let last: number | undefined;
      let after = -1;
      const seen = new Set<string>();
      for (const copy of stage.instructions) {
        if (copy.index <= after) continue;
        const copied = wholeCopy(document, project, copy);
        // the same copy stands above: what is moved in front of this one would still run behind that one
        const place = copied && `${copied.top}:${copied.dest}`;
        if (place === undefined || seen.has(place)) continue;
        seen.add(place);
        last ??= lastInstall(stage);
        if (copy.index > last) break;
        const found = copied && planCopy(document, project, stage, copy, copied);
        if (!found) continue;
        if ('change' in found) {
          after = found.last;
          changes.push(found.change);
        } else {
          yield { code: found.code, why: `${found.why}.`, at: { start: copy.start, end: copy.end } } satisfies Decline;
        }
      }
    }
    yield* withoutRepeats(changes);
  },
});

/** Which folder of the context an instruction copies whole; undefined: it does something else. */
function wholeCopy(document: Document, project: Project, copy: Instruction): Copied | undefined {
  if ((copy.keyword !== 'COPY' && copy.keyword !== 'ADD') || copy.heredocs.length > 0 || copy.words.length !== 2)
    return undefined;
  if (copy.flags.some((flag) => flag.name === 'from') || copy.state.shell === 'opaque') return undefined;
  const [source, to] = copy.words.map((word) => document.expand(word.value, copy.state));
  const dest = joinPath(copy.state.workdir ?? UNKNOWN_WORKDIR, to);
  if (source === undefined || dest === undefined || /[*?[\]\\]|:\/\/|^git@/.test(source)) return undefined;
  const top = within('', source.replace(/^\/+/, '') || '.');
  if (top === undefined) return undefined;
  const isFolder = project.context === undefined ? top === '' : top === '' || project.kind(top) === 'dir';
  return isFolder ? { top, dest } : undefined;
}

interface Planned {
  readonly change: Change;
  /** Index of the last instruction that it is about. */
  readonly last: number;
}

function planCopy(
  document: Document,
  project: Project,
  stage: Stage,
  copy: Instruction,
  copied: Copied,
): Planned | Obstacle | undefined {
  const installs: { readonly run: Instruction; readonly view: RunView; readonly roles: readonly Install[] }[] = [];
  let cut: Move['cut'];
  let lead: Move['lead'];
  let blocked: Obstacle | undefined;
  /** A RUN behind the installs that installs named packages: it may stay in front of the copy as well. */
  let trailing: Instruction | undefined;
  let isApart = false;
  const made: string[] = [];
  let isSettled = false;
  let before: ReadonlySet<string> | undefined;
  for (const run of stage.instructions) {
    if (run.index <= copy.index) continue;
    if (run.index > copy.index + REACH) break;
    if (run.keyword !== 'RUN') {
      if (SETTLING.has(run.keyword)) isSettled ||= installs.length === 0;
      if (!blocked && !PASSIVE.has(run.keyword) && !isElsewhere(document, run, copied)) {
        blocked = obstacle(
          'copy-between',
          `line ${document.originLine(run.start)}, ${quoted(document, run)}, stands between the copy and the install`,
        );
      }
      continue;
    }
    const view = readRun(document, project, run, copied);
    const calls = (view?.roles ?? []).filter((role) => role.kind === 'install' || role.kind === 'obstacle');
    if (calls.length > 0) before ??= installsBefore(stage, copy);
    const fresh = calls.filter(
      (role) =>
        !isRepeated(before, role.invocation, run) &&
        !isSecond(
          role,
          installs.flatMap((it) => it.roles),
        ),
    );
    if (fresh.length === 0) {
      const isNeutral = calls.length === 0 && view?.roles.every((role) => role.kind !== 'source');
      if (isNeutral) made.push(...(view?.made ?? []));
      if (isNeutral && installs.length === 0) isApart = true;
      else if (isNeutral && !blocked && view?.roles.some(({ kind }) => kind === 'system' || kind === 'package'))
        trailing = run;
      else if (isNeutral) continue;
      else if (installs.length > 0) break;
      else
        blocked ??= obstacle(
          'run-between',
          `line ${document.originLine(run.start)}, ${quoted(document, run)}, stands between the copy and the install and may read the source`,
        );
      continue;
    }
    if (!view || project.context === undefined) {
      return obstacle(
        'several-contexts',
        `it is built with different contexts: ${project.contexts.map((it) => (it.dir === '' ? 'the root' : it.dir)).join(', ')}`,
      );
    }
    const stale = fresh.length < calls.length;
    const why = `line ${document.originLine(run.start)}: a part of what the RUN installs was installed before the copy`;
    const problem = blocked ?? (stale ? obstacle('install-mixed-with-build', why) : separable(document, run, view));
    if (isObstacle(problem)) {
      if (installs.length > 0) break;
      return blocked && !worthBlocking(fresh) ? undefined : problem;
    }
    const roles = fresh.filter((role): role is Install => role.kind === 'install');
    installs.push({ run, view, roles });
    trailing = undefined;
    made.push(...view.made);
    cut = problem.cut;
    lead = problem.lead;
    if (cut || roles.some((role) => role.needs.warm !== undefined)) break;
  }
  const first = installs[0];
  const last = installs.at(-1);
  if (!first || !last) return undefined;
  const flag = copy.flags.find(({ name }) => !KEPT_FLAGS.has(name));
  if (flag) return obstacle('copy-flags', `the copy has the flag --${flag.name}`);
  const needs = installs.flatMap(({ roles }) => roles.map((role) => role.needs));
  const files = unique(needs.flatMap((it) => it.files));
  const folders = unique(needs.flatMap((it) => it.folders)).filter(
    (it, _, all) => !all.some((other) => it.startsWith(`${other}/`)),
  );
  const names = files.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
  const missed = installs
    .flatMap(({ view }) => view.entered)
    .find((dir) => dir !== copied.top && ![...names, ...folders].some((path) => path.startsWith(`${dir}/`)));
  if (missed !== undefined) return obstacle('reads-more', `the RUN enters ${missed}, of which it needs no manifest`);
  const there = alreadyThere(document, project, copy, copied);
  const warm = last.roles.find((role) => role.needs.warm !== undefined)?.needs.warm;
  const move: Move = {
    ...{ copy, copied, folders, isApart, isSettled, cut, lead, warm },
    files: names.filter((file) => !there.has(file)),
    firstRun: first.run,
    lastRun: trailing ?? last.run,
  };
  const lines = manifestLines(document, move);
  if ('code' in lines) return lines;
  const edits = moveEdits(document, move, lines);
  if ('code' in edits) return edits;
  const environments = made.map((at) => ({ pattern: at, at }));
  const neighbour = leaveOut(project, [...needs.flatMap((it) => it.generated), ...environments]);
  if (neighbour && 'code' in neighbour) return neighbour;
  return {
    last: move.lastRun.index,
    change: describe(
      document,
      project,
      move,
      needs,
      installs.flatMap(({ roles }) => roles),
      edits,
      neighbour,
    ),
  };
}

/** Commands that only would have been an opportunity are not worth a word when something else stands in the way. */
const worthBlocking = (roles: readonly Role[]): boolean =>
  roles.some((role) => role.kind === 'install' || (role.kind === 'obstacle' && role.obstacle.code !== 'build-only'));

/** A COPY or ADD whose target lies outside of what is moved. */
function isElsewhere(document: Document, instruction: Instruction, { dest }: Copied): boolean {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return false;
  const to = document.expand(instruction.words.at(-1)?.value ?? '', instruction.state);
  const target = joinPath(instruction.state.workdir ?? UNKNOWN_WORKDIR, to);
  if (target === undefined || dest === '/' || target === '/') return false;
  if (target.includes('\0') !== dest.includes('\0')) return false;
  return target !== dest && !target.startsWith(`${dest}/`) && !dest.startsWith(`${target}/`);
}

/** `mkdir -p bin && go generate && go build`: no fetching of packages needs what they do. */
const isApartFromFetching = ({ command: { program, args, redirected } }: Role): boolean =>
  !redirected &&
  (/^(?:make|mkdir|touch|rm|ls|pwd|true)$/.test(program ?? '') || (program === 'go' && args[0]?.literal !== 'env'));

/** Where a RUN is cut between the install and what reads the source; or why it cannot move. */
function separable(document: Document, run: Instruction, view: RunView): Pick<Move, 'cut' | 'lead'> | Obstacle {
  const { roles } = view;
  const stuck = roles.find((role) => role.kind === 'obstacle');
  if (stuck) return stuck.obstacle;
  const links = roles.filter((role) => !role.command.substituted);
  const last = links.findLastIndex((role) => role.kind === 'install');
  const install = links[last] as Install;
  const says = `line ${document.originLine(run.start)}: the RUN`;
  if (install.needs.warm !== undefined) {
    const earlier = links.slice(0, last).filter(({ command }) => command.program !== 'set');
    if (earlier.every(isApartFromFetching)) return { cut: undefined };
    // RUN pip install poetry && poetry install: what stands before it goes along
    const goesAlong = earlier.every(({ kind }) => kind === 'package' || kind === 'neutral');
    if (goesAlong && view.isPlain && last === links.length - 1) return { cut: undefined, lead: install.command.start };
    return obstacle('install-mixed-with-build', `${says} does more before it installs`);
  }
  if (roles.every((role) => role.kind !== 'source')) return { cut: undefined };
  let end = last;
  while (links[end + 1] && links[end + 1]?.kind !== 'source') end++;
  const head = links.slice(0, end + 1);
  const tail = links.slice(end + 1);
  if (!view.isPlain || head.some((role) => role.kind === 'source'))
    return obstacle(
      'install-mixed-with-build',
      `${says} also reads the source, and is no plain list of commands with the install first`,
    );
  if (roles.some((role) => role.command.substituted && role.kind === 'source'))
    return obstacle('install-mixed-with-build', `${says} uses the output of a command that may read the source`);
  if (head.some((role) => role.kind === 'shell'))
    return obstacle(
      'install-mixed-with-build',
      `${says} sets something (cd, set, export) that its later commands rely on`,
    );
  if (head.some((role) => role.kind === 'system') && tail.some((role) => role.kind === 'cleanup')) {
    return obstacle(
      'install-mixed-with-build',
      `${says} removes at its end what it installed at its beginning, in one layer`,
    );
  }
  const next = tail[0];
  return { cut: next && { end: (head.at(-1) as Role).command.end, start: next.command.start } };
}
