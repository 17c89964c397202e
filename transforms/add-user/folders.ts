/** What the process has to be able to write, and how it comes to belong to its account. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { HOME_INSTALLS } from '../../src/knowledge/run-users.ts';
import { CACHE_VARIABLES } from '../../src/knowledge/source-writes.ts';
import { imageFiles } from '../../src/project/image-files.ts';
import type { Project } from '../../src/project/project.ts';
import type { Writes, WrittenPlace } from '../../src/project/writes.ts';
import { bringsAlong, copiesOf, targetOf } from './copies.ts';
import { stop } from './declines.ts';
import { between, madeFolders, runsMkdir } from './made-folders.ts';
import { volumes } from './needs-root.ts';
import { bringsNext, nextFolders } from './next.ts';

export interface Ownership {
  /** Folders that are made for the account; none of them is brought with files by a COPY. */
  readonly folders: readonly string[];
  /** COPY and ADD whose files become the account's. */
  readonly copies: readonly Instruction[];
  /** Whether one of them brings more than what has to be writable. */
  readonly bringsMore: boolean;
  /** The whole working directory is the account's. */
  readonly workdir: string | undefined;
  /** Folders that a build step of this stage makes: `chown` in the same RUN. */
  readonly built: readonly { readonly run: Instruction; readonly folder: string }[];
  /** Whether a COPY makes the folder anew, so that it has to be given away behind it. */
  readonly isLate: boolean;
  readonly evidence: readonly Evidence[];
  /** What could not be established, as sentences. */
  readonly doubts: readonly string[];
}

/** Folders that nobody but root writes to. */
const SYSTEM =
  /^\/(?:$|(?:bin|boot|dev|etc|lib|lib64|proc|root|sbin|sys|usr\/(?:bin|sbin|lib|include|local\/(?:bin|lib|share|etc)|share)|var\/(?:lib|log|run|cache|spool)|run|home|opt|srv|mnt|media|var|usr|usr\/local|usr\/src)$|etc\/|proc\/|sys\/|dev\/|usr\/(?:bin|lib|sbin|share)\/)/;
/** Everybody may write there. */
const FREE = /^\/(?:tmp|dev|var\/tmp)(?:\/|$)/;
const NOT_DATA = /\/(?:node_modules|vendor|\.venv|venv|\.git)(?:\/|$)/;

export function ownership(document: Document, project: Project, stage: Stage, writes: Writes): Ownership {
  const { workdir } = stage.end;
  const doubts: string[] = [];
  const wanted = new Map<string, Evidence>();
  const ask = (folder: string, fact: Evidence): void => {
    if (!FREE.test(folder) && !NOT_DATA.test(folder) && !wanted.has(folder)) wanted.set(folder, fact);
  };
  let whole: Evidence | undefined;
  for (const { folder, fact } of writes.places) {
    if (folder === undefined || folder === workdir) whole ??= fact;
    else ask(folder, fact);
  }
  for (const { folder, fact } of cacheFolders(document, stage, doubts)) {
    if (folder === workdir) whole ??= fact;
    else ask(folder, fact);
  }
  for (const { folder, fact } of nextFolders(document, copiesOf(stage))) ask(folder, fact);
  const files = imageFiles(document, project, stage);
  const made = new Set<string>();
  const copyTargets = copiesOf(stage).map((copy) => targetOf(document, copy) ?? '/');
  for (const { folder, fact } of madeFolders(document, stage)) {
    if (folder === workdir || workdir?.startsWith(`${folder}/`) || SYSTEM.test(folder)) continue;
    // a folder that is made and that nothing is copied to is there to be written to
    if (copyTargets.some((target) => target === folder || target.startsWith(`${folder}/`))) continue;
    for (const each of whole ? [...between(workdir, folder), folder] : [folder]) {
      // a copy of all brings it with its owner
      const place = whole && files.toContext(each);
      if (place !== undefined && project.kind(place) === 'dir') continue;
      made.add(each);
      ask(each, fact);
    }
  }
  // what lies below a folder that is given away whole is made by the process itself; volumes and what a RUN makes are not
  if (whole && workdir !== undefined) {
    for (const folder of [...wanted.keys()]) {
      if (folder.startsWith(`${workdir}/`) && !made.has(folder)) wanted.delete(folder);
    }
  }
  // a folder that is made or named by a variable says nothing about mounts that lie elsewhere
  const isWritten = (target: string): boolean =>
    writes.places.length > 0 ||
    [...wanted.keys()].some((it) => it === target || it.startsWith(`${target}/`) || target.startsWith(`${it}/`));
  for (const place of volumePlaces(document, project, stage, isWritten, doubts)) {
    if (place.folder === workdir) whole ??= place.fact;
    else if (place.folder !== undefined) ask(place.folder, place.fact);
  }
  const system = [...wanted].find(([folder]) => SYSTEM.test(folder));
  if (system) stop('writes-system-folder', `${system[1].file}:${system[1].line}: ${system[1].says} is in ${system[0]}`);
  if (whole && (workdir === undefined || SYSTEM.test(workdir))) {
    stop(
      'workdir-unknown',
      `${whole.file}:${whole.line} writes to the working directory, ${workdir ?? 'which is not known'}`,
    );
  }
  return arranged(document, project, stage, whole, wanted, made, doubts);
}

/** Who brings what is written to, and so where it gets its owner. */
function arranged(
  document: Document,
  project: Project,
  stage: Stage,
  whole: Evidence | undefined,
  wanted: ReadonlyMap<string, Evidence>,
  made: ReadonlySet<string>,
  doubts: string[],
): Ownership {
  const workdir = whole && stage.end.workdir;
  const isBelow = (path: string, folder: string): boolean =>
    path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
  // what lies in a folder that is given away whole needs no line of its own, but has to be there; what a RUN makes is root's
  const folders = [...wanted.keys()].filter(
    (folder) =>
      made.has(folder) ||
      ![...wanted.keys()].some((other) => other !== folder && isBelow(folder, other) && other !== stage.end.workdir),
  );
  const files = imageFiles(document, project, stage);
  const own: string[] = [];
  const copies = new Set<Instruction>();
  const built: { run: Instruction; folder: string }[] = [];
  let isLate = false;
  const copyLines = copiesOf(stage);
  let bringsMore = false;
  for (const folder of folders) {
    const into = copyLines.filter(
      (copy) => isBelow(targetOf(document, copy) ?? '', folder) || bringsNext(document, copy, folder),
    );
    const place = files.toContext(folder);
    const content = place === undefined || project.kind(place) !== 'dir' ? [] : project.list(place);
    const hasFiles = content.some((name) => !/^\.git(?:keep|ignore)$|^\.keep$|^README/i.test(name));
    const brought = hasFiles
      ? files.sources.filter(({ target }) => isBelow(folder, target)).map(({ instruction }) => instruction)
      : [];
    const build = folder.endsWith('/.next') && into.length === 0 ? buildStep(stage) : undefined;
    for (const copy of [...into, ...brought]) {
      copies.add(copy);
      if (!isBelow(targetOf(document, copy) ?? '', folder)) bringsMore = true;
    }
    if (build) built.push({ run: build, folder });
    else if (
      brought.length === 0 &&
      !into.some((copy) => targetOf(document, copy) === folder || bringsNext(document, copy, folder))
    )
      own.push(folder);
    if (content.length > 0 || runsMkdir(stage) || copyLines.some((it) => bringsAlong(document, project, it, folder)))
      isLate = true;
  }
  if (workdir !== undefined) {
    for (const copy of copyLines) {
      const target = targetOf(document, copy) ?? '/';
      if (isBelow(target, workdir)) copies.add(copy);
      else if (bringsAlong(document, project, copy, workdir)) {
        if (SYSTEM.test(target))
          stop('files-from-parent-stage', `line ${document.originLine(copy.start)} brings ${workdir} as root's`);
        copies.add(copy);
      }
    }
    const outputs = lineage(stage)
      .flatMap(({ instructions }) => instructions)
      .find(makesFiles);
    if (outputs && whole && !own.some((folder) => isBelow(folder, workdir) && !made.has(folder))) {
      doubts.push(
        `What ${outputs.args.text.replace(/\s+/g, ' ').slice(0, 40)} (line ${document.originLine(outputs.start)}) leaves in ${workdir} stays root's: if the process changes those files, they need another owner.`,
      );
    }
  }
  const elsewhere = [...copies].find((copy) => copy.stage !== stage);
  if (elsewhere) {
    stop('files-from-parent-stage', `line ${document.originLine(elsewhere.start)} copies what has to be writable`);
  }
  return {
    folders: workdir === undefined ? own : own.filter((folder) => folder !== workdir),
    copies: [...copies].filter((copy) => !copy.flags.some(({ name }) => name === 'chown')),
    bringsMore,
    workdir,
    built,
    isLate,
    evidence: [...(whole ? [whole] : []), ...wanted.values()],
    doubts,
  };
}

/** `RUN npm run build` */
const buildStep = (stage: Stage): Instruction | undefined =>
  stage.instructions.filter(({ keyword, args }) => keyword === 'RUN' && /\bbuild\b/.test(args.text)).at(-1);

/** A RUN that is more than an install, a build of the code or a look. */
function makesFiles({ keyword, args, script }: Instruction): boolean {
  if (keyword !== 'RUN') return false;
  return (
    script?.opaque !== undefined ||
    /\bmanage\.py\s+(?!collectstatic|compilemessages|check)|\b(?:migrate|seed|db:\w+|createdb|init_db|initdb)\b|\b(?:curl|wget)\b[^&|;]*\s-[oO]|\btouch\s+(?!\/(?:etc|var|usr|tmp|run)\/)|>\s*(?![/&])[\w./-]+\.(?:json|db|sqlite3?|csv|log)\b/.test(
      args.text,
    )
  );
}

/** `ENV HF_HOME=/models`, `ENV MPLCONFIGDIR=/app/.matplotlib`; what a RUN put there stays root's. */
function* cacheFolders(
  document: Document,
  stage: Stage,
  doubts: string[],
): Iterable<WrittenPlace & { folder: string }> {
  const instructions = lineage(stage).flatMap((it) => it.instructions);
  for (const instruction of instructions.filter(({ keyword }) => keyword === 'ENV')) {
    for (const { name } of instruction.pairs) {
      const folder = CACHE_VARIABLES.has(name) ? stage.end.env.get(name) : undefined;
      if (folder === undefined || !folder.startsWith('/') || FREE.test(folder)) continue;
      const line = document.originLine(instruction.start);
      const filled = instructions.find((it) => it.keyword === 'RUN' && fills(it, name, folder));
      if (filled) {
        doubts.push(
          `What line ${document.originLine(filled.start)} puts into ${folder} stays root's: the program may want to add to its folders.`,
        );
      }
      yield {
        folder: posix.normalize(folder).replace(/\/$/, ''),
        fact: { file: document.path, line, says: `ENV ${name}=${folder}` },
      };
    }
  }
}

/** A RUN that names the folder or its variable, or downloads models. */
const fills = ({ args: { text } }: Instruction, name: string, folder: string): boolean =>
  (text.includes(folder) ||
    text.includes(name) ||
    HOME_INSTALLS.some((it) => it.movedBy === name && it.pattern.test(text))) &&
  !/^\s*mkdir\s[^&|;]*$/.test(text);

/** Volumes of the Dockerfile, its base image and the compose services. What is in those that exist stays root's. */
function* volumePlaces(
  document: Document,
  project: Project,
  stage: Stage,
  isWritten: (target: string) => boolean,
  doubts: string[],
): Iterable<WrittenPlace> {
  for (const instruction of lineage(stage).flatMap(({ instructions }) => instructions)) {
    if (instruction.keyword !== 'VOLUME') continue;
    for (const { value } of instruction.words) {
      const folder = joinPath(instruction.state.workdir, document.expand(value, instruction.state));
      if (folder === undefined || FREE.test(folder)) continue;
      const line = document.originLine(instruction.start);
      doubts.push(
        `${folder} is a volume (line ${line}): what is in one that exists belongs to root and has to be given to the new user once.`,
      );
      yield { folder, fact: { file: document.path, line, says: `VOLUME ${value}` } };
    }
  }
  for (const { service, file = '', name } of project.contexts) {
    for (const { source, target, isReadOnly, line } of service ? volumes(service) : []) {
      if (
        isReadOnly ||
        source === undefined ||
        NOT_DATA.test(`${target}/`) ||
        !target.startsWith('/') ||
        FREE.test(target)
      )
        continue;
      const fact = { file, line, says: `${source}:${target}` };
      if (/^[./~$]/.test(source)) {
        const host = posix.normalize(posix.join(posix.dirname(file), source));
        const isFile = project.root.kind(host) === 'file' || /\.\w{1,5}$/.test(target);
        if (isFile || !isWritten(target.replace(/\/+$/, ''))) continue;
        doubts.push(
          `${name} mounts ${source} of the host at ${target} (${file}:${line}): the new user needs to be able to write there.`,
        );
      } else {
        doubts.push(
          `The volume ${source} of ${name} (${file}:${line}) is root's where it exists: give ${target} to the new user once (docker compose run --user root ${name} chown -R, or a new volume).`,
        );
        yield { folder: target.replace(/\/+$/, ''), fact };
      }
    }
  }
}
