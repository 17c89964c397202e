/** Who else needs what a mount would keep out of the image. */

import { joinPath } from '../../src/document/state.ts';
import type { Instruction, Stage } from '../../src/document.ts';
import { BUILD_TOOLS } from '../../src/knowledge/package-managers.ts';
import type { Command } from '../../src/shell/command.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import { areRelated, isIn, mentions, spellings } from './paths.ts';
import { type Run, rowOf, type Use } from './run.ts';
import { chain, earlier, family, isProduct, later, readers } from './stages.ts';

/** Programs that name a folder without needing what is in it. */
const HARMLESS: ReadonlySet<string> = new Set(
  'rm find ls du mkdir rmdir chown chmod chgrp test [ echo touch export cd set stat'.split(' '),
);
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
    for (const other of earlier(run.instruction, run.stage)) {
      if (other.keyword === 'RUN' && isReadBy(other, names)) {
        stop(
          'path-used',
          `line ${run.document.originLine(other.start)} puts something into ${target}, which a mount would hide`,
        );
      }
    }
    for (const other of later(run.document, run.instruction, run.stage)) {
      const isUsed =
        other.keyword === 'RUN'
          ? isReadBy(other, names)
          : /^(?:CMD|ENTRYPOINT|ENV|HEALTHCHECK)$/.test(other.keyword) && mentions(other.args.text, names);
      if (isUsed)
        stop('path-used', `line ${run.document.originLine(other.start)} uses ${target}: it has to be in the image`);
    }
  }
  checkStart(use);
  checkTools(use);
}

/** Without a mount of its own a later step fetches again what the layer had: worse than before, or a failure. */
function checkTools(use: Use): void {
  const { run } = use;
  if (!rowOf(use.cache).runs || isTool(use)) return;
  for (const other of later(run.document, run.instruction, run.stage)) {
    if (other.keyword !== 'RUN' || other.json) continue;
    const tool = (other.script?.commands ?? []).find(
      ({ name, program }) => BUILD_TOOLS.has(program ?? '') || name?.endsWith('.sh'),
    );
    if (tool)
      stop(
        'path-used',
        `line ${run.document.originLine(other.start)} runs ${tool.name}, which may need the packages that this RUN fetches`,
      );
  }
}

/** The commands of the RUN itself, as they will be. */
export function checkOwnCommands(commands: readonly Command[], names: readonly string[], target: string): void {
  const user = commands.find((command) => !isHarmless(command) && command.args.some(({ raw }) => mentions(raw, names)));
  if (user) stop('path-used', `\`${user.program}\` in this RUN uses ${target}`);
}

const isHarmless = (command: Command): boolean =>
  (command.program !== undefined && HARMLESS.has(command.program) && command.program !== 'find') ||
  invocation(command) !== undefined;

function isReadBy(instruction: Instruction, names: readonly string[]): boolean {
  if (!mentions(instruction.args.text, names)) return false;
  const { script } = instruction;
  if (!script || script.opaque !== undefined) return true;
  return script.commands.some(
    (command) =>
      !HARMLESS.has(command.program ?? '') &&
      !invocation(command) &&
      command.args.some(({ raw }) => mentions(raw, names)),
  );
}

function checkVolumes(use: Use, target: string): void {
  const { run } = use;
  const declared = earlier(run.instruction, run.stage)
    .filter(({ keyword }) => keyword === 'VOLUME')
    .flatMap(({ words, state }) => words.map((word) => run.document.expand(word.value, state) ?? ''));
  // in the official image of gradle the volume is the home of gradle: the mount goes below it
  const inBase = use.cache === 'gradle' ? [] : (run.stage.base?.volumes ?? []);
  const volume = [...declared, ...inBase].find((path) => path !== '' && isIn(target, path));
  if (volume !== undefined) stop('volume', `${volume} is a volume, and the cache is below it`);
}

/** COPY and ADD of this stage and its parents that fill the folder. */
function checkCopies({ document, instruction, stage }: Run, target: string): void {
  for (const copy of earlier(instruction, stage)) {
    if (copy.keyword !== 'COPY' && copy.keyword !== 'ADD') continue;
    const words = copy.words.map((word) => document.expand(word.value, copy.state) ?? word.value);
    const to = words.pop();
    const dir = joinPath(copy.state.workdir, to);
    if (dir === undefined || dir === '/') continue;
    const isFile = words.every((source) => /\.\w+$/.test(source.split('/').pop() ?? ''));
    const isHome = dir === stage.end.user?.home || dir === '/root';
    if (isIn(dir, target) || (isIn(target, dir) && !isFile && !isHome && /\/\.|pkg|registry|cache/.test(dir))) {
      stop('path-copied', `line ${document.originLine(copy.start)} copies into ${target}, which a mount would hide`);
    }
  }
}

/** COPY --from and mounts of other stages that take the folder out of this one. */
function checkReads(use: Use, target: string): void {
  const { document, stage } = use.run;
  const own = family(document, stage);
  for (const { instruction: other, from } of readers(document)) {
    if (!from.some((stage) => own.includes(stage))) continue;
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
      if (isAbove && !rowOf(use.cache).runs && !path.endsWith('/.cache')) continue;
      stop(
        'path-used',
        `line ${document.originLine(other.start)} copies ${path} out of this stage: what a mount holds would be missing`,
      );
    }
  }
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
    const start = startOf(product);
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

/** ENTRYPOINT and CMD in force, as written. */
function startOf(stage: Stage): string | undefined {
  const last = (keyword: string): string | undefined =>
    chain(stage)
      .map(({ instructions }) => instructions.findLast((instruction) => instruction.keyword === keyword)?.args.text)
      .find((text) => text !== undefined);
  const parts = [last('ENTRYPOINT'), last('CMD')].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}
