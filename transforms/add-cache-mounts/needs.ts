/** Who else needs what a mount would keep out of the image. */

import { family, lineage } from '../../src/document/lineage.ts';
import { once, onceIn } from '../../src/document/once.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { BUILD_TOOLS, HARMLESS } from '../../src/knowledge/package-managers.ts';
import type { Command } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import { copiesInto, usersOf, volumeOver, volumesOver } from './folders.ts';
import { areRelated, isIn, mentions, spellings } from './paths.ts';
import { type Run, rowOf, type Use } from './run.ts';
import { firstAfter, firstBefore, isProduct, type Marks, marksOf, readers, withKeyword } from './stages.ts';

/** Start commands that may do anything. */
const SCRIPT = /\.sh\b|(?:^|[\s"'/])(?:make|just|task|overmind|foreman|honcho)(?=[\s"']|$)|entrypoint/;

/** @throws Stop where the image, another stage or a later step needs what the mount would hold */
export function checkNeeds(
  use: Use,
  targets: readonly { target: string; table: string }[],
  home: string | undefined,
): void {
  const { run } = use;
  for (const { target, table } of targets) {
    const names = spellings(target, home, table);
    checkVolumes(use, target);
    checkCopies(run, target);
    checkReads(use, target);
    const users = usersOf(run.document, names);
    const filler = firstBefore(users.runs, run.instruction, run.stage);
    if (filler) {
      const line = run.document.originLine(filler.start);
      stop('path-used', `line ${line} puts something into ${target}, which a mount would hide`);
    }
    const user = firstAfter(users.all, run.document, run.instruction, run.stage);
    if (user)
      stop('path-used', `line ${run.document.originLine(user.start)} uses ${target}: it has to be in the image`);
  }
  checkStart(use);
  checkTools(use);
}

/** Without a mount of its own a later step fetches again what the layer had: worse than before, or a failure. */
function checkTools(use: Use): void {
  const { run } = use;
  if (!rowOf(use.cache).runs || isTool(use)) return;
  const other = firstAfter(toolRuns(run.document), run.document, run.instruction, run.stage);
  if (!other) return;
  const line = run.document.originLine(other.start);
  stop('path-used', `line ${line} runs ${toolIn(other)?.name}, which may need the packages that this RUN fetches`);
}

const toolRuns = once((document: Document) =>
  marksOf(withKeyword(document, 'RUN').filter((other) => !other.json && toolIn(other) !== undefined)),
);

const toolIn = ({ script }: Instruction): Command | undefined =>
  script?.commands.find(({ name, program }) => BUILD_TOOLS.has(program ?? '') || name?.endsWith('.sh'));

/** The commands of the RUN itself, as they will be. */
export function checkOwnCommands(commands: readonly Command[], names: readonly string[], target: string): void {
  const user = commands.find((command) => command.args.some(({ raw }) => mentions(raw, names)) && !isHarmless(command));
  if (user) stop('path-used', `\`${user.program}\` in this RUN uses ${target}`);
}

const isHarmless = (command: Command): boolean =>
  (command.program !== undefined && HARMLESS.has(command.program) && command.program !== 'find') ||
  invocation(command) !== undefined;

function checkVolumes(use: Use, target: string): void {
  const { document, instruction, stage } = use.run;
  const declared = firstBefore(volumesOver(document, target), instruction, stage);
  // in the official image of gradle the volume is the home of gradle: the mount goes below it
  const inBase = use.cache === 'gradle' ? [] : (stage.base?.volumes ?? []);
  const volume = declared
    ? volumeOver(document, declared, target)
    : inBase.find((path) => path !== '' && isIn(target, path));
  if (volume !== undefined) stop('volume', `${volume} is a volume, and the cache is below it`);
}

/** COPY and ADD of this stage and its parents that fill the folder. */
function checkCopies({ document, instruction, stage }: Run, target: string): void {
  const copy = firstBefore(copiesInto(document, target, stage.end.user?.home), instruction, stage);
  if (copy)
    stop('path-copied', `line ${document.originLine(copy.start)} copies into ${target}, which a mount would hide`);
}

/** COPY --from and mounts of other stages that take the folder out of this one. */
function checkReads({ run: { document, stage }, cache }: Use, target: string): void {
  if (readers(document).length === 0) return;
  const isRun = rowOf(cache).runs !== undefined;
  const taken = takenOut(document, `${stage.index} ${isRun} ${target}`, () =>
    firstTaken(document, stage, target, isRun),
  );
  if (taken)
    stop(
      'path-used',
      `line ${document.originLine(taken.by.start)} copies ${taken.path} out of this stage: what a mount holds would be missing`,
    );
}

interface TakenOut {
  readonly by: Instruction;
  readonly path: string;
}

const takenOut = onceIn<TakenOut | undefined>();

/** `isRun`: programs are run from what the folder holds, so that it goes along with the folder above. */
function firstTaken(document: Document, stage: Stage, target: string, isRun: boolean): TakenOut | undefined {
  const own = new Set(family(document, stage));
  for (const { instruction: other, from } of readers(document)) {
    if (!from.some((stage) => own.has(stage))) continue;
    const sources = [
      ...(other.keyword === 'COPY'
        ? other.words.slice(0, -1).map((word) => document.expand(word.value, other.state) ?? word.value)
        : []),
      ...other.flags.flatMap(({ name, value }) =>
        name === 'mount' ? [/(?:^|,)source=([^,]+)/.exec(value)?.[1] ?? []].flat() : [],
      ),
    ];
    for (const source of sources) {
      const path = `/${source}`.replace(/\/+/g, '/').replace(/\/$/, '');
      if (path === '' || !areRelated(path, target)) continue;
      // the folder above holds what was installed: /usr/local/bundle, /opt/conda, /usr/local
      const isAbove = path !== target && isIn(target, path);
      if (isAbove && !isRun && !path.endsWith('/.cache')) continue;
      return { by: other, path };
    }
  }
  return undefined;
}

/** Caches that hold what programs are run from: an image that starts the manager needs it. */
function checkStart(use: Use): void {
  const { run } = use;
  const { runs } = rowOf(use.cache);
  if (!runs) return;
  if (!run.stage.base)
    stop('unknown-base', 'the base image is not known: it may bring packages that the mount would hide');
  if (isTool(use)) return;
  for (const product of family(run.document, run.stage)) {
    if (!isProduct(run.document, run.project, product)) continue;
    const start = startOf(run.document, product);
    if (start === undefined) {
      // a leaf stage without a command checks something; the last one is an image to work in
      if (product.isFinal || run.project.targets.some((name) => name === product.name)) {
        stop('needed-at-run-time', 'the image has no start command of its own: whoever runs it may need the packages');
      }
    } else if (runs.test(start) || SCRIPT.test(start)) {
      stop('needed-at-run-time', `the image starts with \`${start.slice(0, 60)}\`, which may need the packages`);
    }
  }
}

/** `go install x@v`, `cargo install x`: the program is built once and needs no packages any more. */
export function isTool({ cache, calls }: Use): boolean {
  return /^(?:go|cargo|nuget)$/.test(cache) && calls.every(({ verb }) => verb === 'install' || verb === 'tool install');
}

const entrypoints = once((document: Document) => marksOf(withKeyword(document, 'ENTRYPOINT')));
const startCommands = once((document: Document) => marksOf(withKeyword(document, 'CMD')));

/** ENTRYPOINT and CMD in force, as written. */
function startOf(document: Document, stage: Stage): string | undefined {
  const last = (marks: Marks): string | undefined =>
    lineage(stage)
      .map((above) => marks.get(above)?.at(-1)?.args.text)
      .find((text) => text !== undefined);
  const parts = [last(entrypoints(document)), last(startCommands(document))].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}
