/** Package installs as they should be written: one layer, no questions, nothing left behind. */
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { ManagerName } from '../../src/knowledge/package-managers.ts';
import { RPM_MANAGERS } from '../../src/knowledge/system-packages.ts';
import { defineTransform } from '../../src/transform.ts';
import { type ApkUsers, apkNoCache, apkUpdateAlone, apkUsers } from './apk.ts';
import { aptClean, aptToAptGet, aptYes } from './apt.ts';
import { planJoins } from './join.ts';
import { Lists } from './lists.ts';
import { pipNoCache } from './pip.ts';
import { noRecommends } from './recommends.ts';
import { rpmClean, rpmYes } from './rpm.ts';
import { type Plan, type Run, readRun, textOf } from './run.ts';
import { servingStages } from './serving.ts';
import { sortPackages } from './sort.ts';

const INSTALLS = /\b(?:apt|apt-get|apk|dnf|yum|microdnf|zypper|pip3?)\s[^\n]{0,400}\b(?:install|add)\s/;

const MANAGERS = new Set<ManagerName>(['apt', 'apk', 'pip', ...(Object.keys(RPM_MANAGERS) as ManagerName[])]);

export const tidyPackages = defineTransform({
  name: 'tidy-packages',
  summary: 'Installs packages in one layer, without questions and without leftovers',
  docs: {
    what: 'Joins apt-get update with the install that needs it, adds -y, removes the package lists and caches in the layer that made them (apt, apk, dnf, yum, microdnf, zypper, pip), writes apt-get for apt, and with --level risky leaves recommended packages out.',
    why: 'An update in a layer of its own goes stale in the build cache, an install that asks aborts the build, and what a later layer removes still is in the image.',
    example: {
      before: 'FROM debian:bookworm-slim\nRUN apt update\nRUN apt install curl\nRUN pip install flask\n',
      after:
        'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nRUN pip install --no-cache-dir flask\n',
    },
  },
  options: {
    join: { kind: 'boolean', default: true, help: 'apt-get update and the installs behind it in one RUN' },
    clean: {
      kind: 'boolean',
      default: true,
      help: 'remove package lists and download caches in the layer that made them',
    },
    recommends: { kind: 'boolean', default: true, help: 'propose --no-install-recommends (risky)' },
    sort: { kind: 'boolean', default: false, help: 'package lists in the order of the alphabet' },
  },
  mayChange: [],
  declines: {
    opaque: 'the script cannot be read for sure',
    'flags-differ': 'apt-get update and install stand in RUNs with different flags',
    'unclear-list': 'apt-get update and install cannot be joined by &&',
    'not-adjacent': 'other instructions stand between apt-get update and the install that needs it',
    'comment-between': 'a comment for another tool would mean another instruction',
    'update-used-later': 'a later instruction needs the same update',
    'lists-used-later': 'a later instruction may need the package lists',
    'unclear-end': 'the script ends in something behind which no command can be written',
    'recommends-unclear': 'a package loses something without its recommended packages that has no short replacement',
    'recommends-and-sort': 'recommended packages would have to be added to a sorted list',
    'list-not-plain': 'a package list holds more than names',
    'other-root': 'packages are installed into another root folder',
    'old-pip': 'the pip of the base image does not know --no-cache-dir',
  },
  *plan(document, { project, options }) {
    // the escape character of Windows files
    if (document.escape === '`') return;
    const runs = new Map<Instruction, Run>();
    for (const instruction of document.instructions) {
      if (instruction.stage?.base?.family === 'windows') continue;
      const run = readRun(document, instruction);
      if (run) runs.set(instruction, run);
      else yield* unreadable(document, instruction);
    }
    if (![...runs.values()].some(isConcerned)) return;
    let users: ApkUsers | undefined;
    const lists = new Lists(document, project);
    const serving = servingStages(document, project);
    const joins = planJoins(options.join === true ? runs : new Map(), lists);
    for (const [instruction, run] of runs) {
      const join = joins.plans.get(instruction);
      if (join) yield join;
      if (!isConcerned(run)) continue;
      const isServing = serving.has(instruction.stage as Stage);
      yield* aptToAptGet(run);
      yield* aptYes(run);
      yield* rpmYes(run);
      if (options.recommends && !isServing) yield* noRecommends(run, options.sort === true);
      if (options.sort) yield* sortPackages(run);
      if (!options.clean || isServing) continue;
      if (!join) yield* aptClean(run, lists, joins.joined.get(instruction));
      yield* rpmClean(run);
      yield* apkUpdateAlone(run, () => (users ??= apkUsers(document, runs)));
      yield* apkNoCache(run);
      yield* pipNoCache(run);
    }
  },
});

/** Whether a RUN calls a package manager that is written about here. */
const isConcerned = ({ calls }: Run): boolean => calls.some(({ manager }) => MANAGERS.has(manager));

function* unreadable(document: Document, instruction: Instruction): Plan {
  const { keyword, script, state } = instruction;
  if (keyword !== 'RUN' || script?.opaque === undefined || state.shell === 'opaque') return;
  if (INSTALLS.test(textOf(document, instruction))) yield { code: 'opaque', why: script.opaque, at: instruction };
}
