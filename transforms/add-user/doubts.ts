/** What cannot be established from the files at hand: it makes the change a risky one. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { entrypointWords } from '../../src/knowledge/entrypoints.ts';
import { PRIVILEGED_PROGRAMS } from '../../src/knowledge/privileged-code.ts';
import { NOT_RUN, QUIET_PROGRAMS, READ_LANGUAGES } from '../../src/knowledge/source-writes.ts';
import { filesSynced } from '../../src/project/development.ts';
import { podPort } from '../../src/project/kubernetes.ts';
import type { Project } from '../../src/project/project.ts';
import type { RuntimeFacts } from '../../src/project/runtime.ts';
import { type NoService, type Service, serviceOf } from '../../src/project/service.ts';
import type { Call } from '../../src/project/start-calls.ts';
import type { Writes } from '../../src/project/writes.ts';
import { copiesOf } from './copies.ts';

/** Programs that nobody here has read, and source that was not seen. */
export function programDoubts(
  document: Document,
  project: Project,
  stage: Stage,
  runtime: RuntimeFacts,
  calls: readonly Call[],
  writes: Writes,
): readonly string[] {
  const image = (lineage(stage).at(-1) as Stage).image;
  const restated = (image && entrypointWords(image)) ?? [];
  const scripts = new Set([...runtime.scripts.map(({ path }) => path), ...restated].map((it) => posix.basename(it)));
  const doubts: string[] = [];
  if (writes.isPartial) doubts.push('There is more source than is read at once: what the rest writes is not known.');
  const unknown = calls.find(
    ({ program, at }) =>
      !QUIET_PROGRAMS.test(program) &&
      (isForeign(document, stage, program) || !isOwn(project, program, at, writes, scripts)),
  );
  if (unknown) doubts.push(`What ${unknown.program} writes is not known.`);
  else if (writes.filesRead === 0)
    doubts.push('The source of the program is not in the build context: what it writes is not known.');
  return doubts;
}

/** Git refuses a repository of somebody else: one that is copied, or cloned by a RUN, stays root's. */
export function gitDoubt(project: Project, stage: Stage, { git }: Writes): readonly string[] {
  const instructions = lineage(stage).flatMap((it) => it.instructions);
  const isCloned = instructions.some(({ keyword, args }) => keyword === 'RUN' && /\bgit\s+clone\b/.test(args.text));
  const isCopied =
    (project.context === '' || project.kind('.git') !== undefined) &&
    !project.ignored('.git') &&
    instructions.some(({ keyword, words }) => keyword === 'COPY' && /^\.\/?$/.test(words[0]?.value ?? ''));
  if (!git || !(isCloned || isCopied)) return [];
  return [
    `${git.file}:${git.line} calls git, which refuses a repository that belongs to root (safe.directory): set git config --system --add safe.directory for it.`,
  ];
}

/** What the code does that only root may do. `started`: the programs that it starts. */
export function privilegeDoubt({ privileged }: Writes, started: readonly Call[]): readonly string[] {
  const call = started.find((it) => rootOnly(it) !== undefined && !NOT_RUN.test(it.at.file));
  if (call)
    return [
      `${call.at.file}:${call.at.line} starts ${call.program}, which ${rootOnly(call)?.what}: only root may do that.`,
    ];
  if (privileged) return [`${privileged.file}:${privileged.line} ${privileged.says}: only root may do that.`];
  return [];
}

const rootOnly = ({ program, words }: Call) =>
  PRIVILEGED_PROGRAMS.find((it) => it.programs.test(program) && (it.words?.test(words) ?? true));

/** Files that are changed while the container runs are written by its own account. */
export function syncDoubt(project: Project): readonly string[] {
  const synced = filesSynced(project);
  if (!synced) return [];
  return [
    `${synced.file}:${synced.line} has changed files put into the running container: the new user may not replace files of root.`,
  ];
}

/** `COPY --from=flyio/litefs:0.5 /usr/local/bin/litefs /usr/local/bin/`: a program of another image. */
const isForeign = (document: Document, stage: Stage, program: string): boolean =>
  copiesOf(stage).some(({ flags, words, stage: at }) => {
    const from = flags.find(({ name }) => name === 'from')?.value;
    return (
      from !== undefined &&
      document.stageNamed(from, at) === undefined &&
      words.some(({ value }) => posix.basename(value) === program)
    );
  });

/** A program that is built from source that was read, or a script of the context. */
function isOwn(project: Project, program: string, at: Evidence, writes: Writes, scripts: ReadonlySet<string>): boolean {
  // a script that a package brings or a RUN writes was not read
  if (/\.sh$/.test(program)) return scripts.has(program);
  if (READ_LANGUAGES.test(program) || /\.(?:jar|dll|war)$/.test(program)) return writes.filesRead > 0;
  return writes.compiled && (at.file === project.dockerfile || /compose/.test(at.file));
}

export interface LowPort {
  readonly port: number;
  readonly evidence: Evidence;
  readonly doubt: readonly string[];
}

/** A port below 1024 that the process listens on: Docker from 20.10 on lets everybody, Kubernetes may not. */
export function lowPort(
  document: Document,
  project: Project,
  stage: Stage,
  runtime: RuntimeFacts,
): LowPort | undefined {
  const found =
    exposed(document, stage) ??
    listened(runtime) ??
    oldAspnet(document, stage) ??
    listensOn(serviceOf(document, project, stage));
  if (!found) return undefined;
  const host = project.contexts.find(({ service }) => service?.fields.network_mode === 'host');
  const isCompose = project.contexts.some(({ service }) => service !== undefined);
  const pod = host || !isCompose ? undefined : podPort(project, found.port);
  const doubt = host
    ? [`${host.file} runs it in the network of the host, where only root may listen on ${found.port}.`]
    : pod
      ? [
          `${pod.file}:${pod.line} has a pod listen on ${found.port}, which CRI-O, and containerd before 2.0, let only root do.`,
        ]
      : isCompose
        ? []
        : [`Where it runs is not known: Kubernetes and Podman may not let it listen on ${found.port}.`];
  return { ...found, doubt };
}

function exposed(document: Document, stage: Stage): Omit<LowPort, 'doubt'> | undefined {
  for (const instruction of lineage(stage).flatMap(({ instructions }) => instructions)) {
    if (instruction.keyword !== 'EXPOSE') continue;
    for (const { value } of instruction.words) {
      const port = Number.parseInt(document.expand(value, instruction.state) ?? '', 10);
      const line = document.originLine(instruction.start);
      if (port > 0 && port < 1024) return { port, evidence: { file: document.path, line, says: `EXPOSE ${value}` } };
    }
  }
  return undefined;
}

/** `--port 80`, `-b 0.0.0.0:80` */
function listened({ starts }: RuntimeFacts): Omit<LowPort, 'doubt'> | undefined {
  for (const { text, file, line } of starts) {
    const port = /(?:--port[= ]|-p[= ]?|0\.0\.0\.0:|\[::\]:|--bind[= ]:|-b[= ]:)(\d{1,5})\b/.exec(text)?.[1];
    if (port !== undefined && Number(port) > 0 && Number(port) < 1024) {
      return { port: Number(port), evidence: { file, line, says: text.slice(0, 100) } };
    }
  }
  return undefined;
}

/** `app.listen(process.env.PORT || 80)` */
function listensOn(service: Service | NoService): Omit<LowPort, 'doubt'> | undefined {
  if (service.kind === 'none' || service.port.number >= 1024) return undefined;
  const { number } = service.port;
  const named = service.evidence.find(({ says }) => new RegExp(`(?<!\\d)${number}(?!\\d)`).test(says));
  const evidence = named ?? service.evidence[0];
  return evidence && { port: number, evidence };
}

/** Before version 8 the ASP.NET images listen on port 80. */
function oldAspnet(document: Document, stage: Stage): Omit<LowPort, 'doubt'> | undefined {
  const root = lineage(stage).at(-1) as Stage;
  const isOld = /dotnet\/(?:core\/)?aspnet$/.test(root.image?.path ?? '') && /^[1-7]\./.test(root.image?.tag ?? '');
  const isMoved = ['ASPNETCORE_URLS', 'ASPNETCORE_HTTP_PORTS', 'PORT'].some((name) => stage.end.env.has(name));
  if (!isOld || isMoved) return undefined;
  const line = document.originLine(root.from.start);
  return { port: 80, evidence: { file: document.path, line, says: `${root.fromWord.value} listens on port 80` } };
}
