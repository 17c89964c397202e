/** What Dockerfiles take from their build context: one by one, and all that share one. */
import { posix } from 'node:path';
import { globToRegExp, parseDockerignore } from './dockerignore.ts';
import { once, onceIn } from './document/once.ts';
import { Document, type Instruction, type Stage } from './document.ts';
import { within } from './project/manifests.ts';
import type { Project } from './project/project.ts';
import type { Survey } from './project/survey.ts';
import { type Invocation, invocation } from './shell/invocation.ts';

/** A folder of the context that is copied, or mounted, with everything in it. */
export interface Broad {
  readonly at: Instruction;
  readonly stage: Stage;
  /** Relative to the context, '' for all of it. */
  readonly top: string;
}

export interface ContextUse {
  /** Path of the Dockerfile, relative to the root. */
  readonly path: string;
  readonly document: Document;
  readonly broad: readonly Broad[];
  /** Every source as written, variables replaced: files, folders and patterns. */
  readonly sources: readonly { readonly path: string; readonly at: Instruction }[];
  /** The first instruction whose source is not known. */
  readonly unknown: Instruction | undefined;
  /** Whether a `<name>.dockerignore` stands beside it, so that the shared one is not read. */
  readonly isApart: boolean;
  /** What is run while it is built and started: RUN, CMD, ENTRYPOINT, HEALTHCHECK and their heredocs, without `rm`. */
  readonly text: string;
}

const isApart = (project: Project, path: string): boolean => project.root.kind(`${path}.dockerignore`) === 'file';

const RUNNING = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ENV']);

/** Reads a Dockerfile; sources are looked up in the context folder `dir` (relative to the root). */
export function readUse(project: Project, document: Document, dir: string): ContextUse {
  const broad: Broad[] = [];
  const sources: { path: string; at: Instruction }[] = [];
  let unknown: Instruction | undefined;
  for (const at of document.instructions) {
    if (!at.stage) continue;
    for (const source of sourcesOf(document, at)) {
      if (source === undefined) {
        unknown ??= at;
        continue;
      }
      const path = within('', source.replace(/^\/+/, '') || '.');
      if (path === undefined) continue;
      sources.push({ path, at });
      // COPY *, COPY src/*: as good as the folder
      const folder = path === '*' ? '' : path.replace(/\/\*$/, '');
      const isFolder = folder === '' || project.root.kind(posix.join(dir, folder)) === 'dir';
      if (isFolder) broad.push({ at, stage: at.stage, top: folder });
    }
  }
  const { path } = document;
  return {
    ...{ path, document, broad, sources, unknown, isApart: isApart(project, path) },
    get text() {
      return runningText(document);
    },
  };
}

const runningText = once((document: Document) =>
  document.instructions
    .filter(({ keyword }) => RUNNING.has(keyword))
    .map((it) => document.text.slice(it.start, it.end))
    .join('\n')
    .replace(/\\\r?\n/g, ' ')
    .replace(/^\s*#.*$/gm, '')
    .replace(/\brm\s+-[^&|;\n]*/g, ''),
);

/** The sources that an instruction takes from the context; undefined for one that is not known. */
function sourcesOf(document: Document, at: Instruction): (string | undefined)[] {
  if (at.keyword === 'RUN') {
    return at.flags
      .filter(({ name, value }) => name === 'mount' && /(?:^|,)type=bind\b/.test(value) && !/(?:^|,)from=/.test(value))
      .map(({ value }) => document.expand(/(?:^|,)(?:source|src)=([^,]*)/.exec(value)?.[1] ?? '.', at.state));
  }
  if ((at.keyword !== 'COPY' && at.keyword !== 'ADD') || at.flags.some(({ name }) => name === 'from')) return [];
  return at.words
    .slice(0, -1)
    .filter(({ value }) => !value.startsWith('<<'))
    .map(({ value }) => document.expand(value, at.state))
    .filter((source) => source === undefined || !/^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i.test(source));
}

/** Not the whole context, and not a pattern, which may match nothing. */
const isFixed = (path: string): boolean => path !== '' && !/[*?[\\]/.test(path);

/** What a Dockerfile takes from its context by a fixed name, variables replaced: a build without one of them fails. */
export function fixedSources(document: Document): ContextUse['sources'] {
  return document.instructions.flatMap((at) =>
    sourcesOf(document, at).flatMap((source) => {
      const path = source === undefined ? undefined : within('', source.replace(/^\/+/, '') || '.');
      return path !== undefined && isFixed(path) ? [{ path, at }] : [];
    }),
  );
}

/** A source that is fixed text, and not there: it is made before the build, or the context is another one. */
export function missingSources(project: Project, use: ContextUse, dir: string): readonly string[] {
  return use.sources
    .map(({ path }) => path)
    .filter((path) => isFixed(path) && project.root.kind(posix.join(dir, path)) === undefined);
}

/** Whether a source lies in what a pattern leaves out: `COPY target/*.jar` in `target`. */
export function takes(use: ContextUse, pattern: string): Instruction | undefined {
  if (use.sources.every(({ path }) => path === '')) return undefined;
  return taking(use.document, pattern, () => findTaking(use, pattern));
}

const taking = onceIn<Instruction | undefined>();

function findTaking(use: ContextUse, pattern: string): Instruction | undefined {
  const rules = parseDockerignore(pattern);
  const name = pattern.slice(pattern.lastIndexOf('/') + 1);
  return use.sources.find(({ path }) => {
    if (path === '') return false;
    if (rules.ignores(path)) return true;
    // COPY build*/app.jar: what the pattern matches is only known when it is there
    return (
      /[*?[]/.test(path) &&
      path
        .split('/')
        .some((segment) => /[*?[]/.test(segment) && /\w/.test(segment) && globToRegExp(segment)?.test(name))
    );
  })?.at;
}

/** The stages that a stage is built on and those that are built on it, itself among them. */
export function related(document: Document, stage: Stage): Set<Stage> {
  const all = new Set<Stage>([stage]);
  for (const other of document.stages) if (other.parent && all.has(other.parent)) all.add(other);
  for (let at = stage.parent; at; at = at.parent) all.add(at);
  return all;
}

/** A command of a RUN: as a call of a package manager, and its words. */
export interface ContextCall {
  readonly call: Invocation | undefined;
  readonly words: readonly string[];
}

const callsIn = onceIn<readonly ContextCall[]>();

/** What is called where a copy lands: in the stages related to its own, and in those from which these copy. */
export const callsAround = (document: Document, stage: Stage): readonly ContextCall[] =>
  callsIn(document, String(stage.index), () => {
    const stages = related(document, stage);
    for (const it of [...stages].flatMap((one) => one.instructions)) {
      const from = it.keyword === 'COPY' ? it.flags.find(({ name }) => name === 'from')?.value : undefined;
      const source = from === undefined ? undefined : document.stageNamed(from, it.stage);
      if (source) for (const one of related(document, source)) if (one.index <= source.index) stages.add(one);
    }
    return [...stages]
      .flatMap((one) => one.instructions)
      .flatMap((run) => (run.keyword === 'RUN' ? (run.script?.commands ?? []) : []))
      .map((command) => ({
        call: invocation(command),
        words: [command.program ?? '', ...command.args.map(({ raw }) => raw)],
      }));
  });

const opened = onceIn<ContextUse | undefined>();

/** Reads the Dockerfile at a path, once for each context; undefined: it cannot be read as one. */
export function openUse(project: Project, survey: Survey, path: string): ContextUse | undefined {
  const use = opened(survey, path, () => {
    const text = project.root.read(path);
    const document = text === undefined ? undefined : Document.read(path, text);
    return document instanceof Document ? readUse(project, document, survey.dir) : undefined;
  });
  // another transform run may have made the file beside it
  return use && use.isApart !== isApart(project, path) ? { ...use, isApart: !use.isApart } : use;
}

/**
 * The other Dockerfiles of the context, those that have an ignore file of their own among them; or why one of them cannot
 * be judged.
 */
export function siblingUses(
  project: Project,
  survey: Survey,
): { readonly uses: readonly ContextUse[] } | { readonly code: 'sibling-unreadable'; readonly why: string } {
  const uses: ContextUse[] = [];
  for (const { path, sure } of project.siblings) {
    const use = openUse(project, survey, path);
    if (!use || use.unknown) {
      if (!sure) continue;
      const why = use ? 'copies what is known only when it is built' : 'cannot be read';
      return { code: 'sibling-unreadable', why: `${path}, which has the same context, ${why}.` };
    }
    if (sure || belongsHere(project, use, survey.dir)) uses.push(use);
  }
  return { uses };
}

/** Whether a Dockerfile that nothing is known of is built with this context rather than with its own folder. */
function belongsHere(project: Project, use: ContextUse, dir: string): boolean {
  const own = use.path.includes('/') ? use.path.slice(0, use.path.lastIndexOf('/')) : '';
  const missing = missingSources(project, use, own);
  const here = new Set(missingSources(project, use, dir));
  return missing.some((path) => !here.has(path));
}
