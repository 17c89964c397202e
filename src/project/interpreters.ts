/** Which scripts of the context an image has no interpreter for, so that they do not run in it. */
import { lineage } from '../document/lineage.ts';
import type { Document, Instruction, Stage } from '../document.ts';
import { repositoryName } from '../knowledge/images.ts';
import { SCRIPT_LANGUAGES, type ScriptLanguageRow } from '../knowledge/script-languages.ts';
import type { Project } from './project.ts';

/** Instructions that bring programs or start them. */
const TELLING = new Set(['RUN', 'COPY', 'ADD', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ENV']);

/** Whether a file is a script for which the image of a stage surely has no interpreter. */
export function notRunnable(document: Document, project: Project, stage: Stage): (path: string) => boolean {
  const absent = SCRIPT_LANGUAGES.filter(
    (row) => !has(document, stage, row) && !project.contexts.some(({ service }) => starts(service?.fields, row)),
  );
  return (path) => absent.some(({ files }) => files.test(path));
}

/** A command of a compose service that calls the interpreter: it has to be there. */
const starts = (fields: Readonly<Record<string, unknown>> | undefined, { programs }: ScriptLanguageRow): boolean =>
  programs.test(JSON.stringify([fields?.command, fields?.entrypoint, fields?.healthcheck]));

/** Images that are no language's own: a plain tag of theirs is not built on buildpack-deps. */
const PLAIN = /^(?:alpine|busybox|debian|ubuntu|nginx|httpd|caddy|gcr\.io\/distroless\/.*)$/;
/** Folders of the system, where whole interpreters are copied to. */
const SYSTEM = /^\/(?:(?:usr|opt|root|bin|lib)(?:\/.*)?)?$/;

function has(document: Document, stage: Stage, row: ScriptLanguageRow): boolean {
  const chain = lineage(stage);
  const { base, image } = chain.at(-1) as Stage;
  if (!base || !image) return true;
  const name = repositoryName(image);
  if (row.images.test(name)) return true;
  if (row.inFullImages && !PLAIN.test(name) && !/slim|alpine/.test(image.tag ?? '')) return true;
  return chain.some(({ instructions }) =>
    instructions.some(
      (it) => TELLING.has(it.keyword) && (row.programs.test(it.args.text) || brings(document, stage, it, row)),
    ),
  );
}

/** `COPY --from=tools /usr/local /usr/local` of a stage or an image that has the interpreter. */
function brings(document: Document, stage: Stage, copy: Instruction, row: ScriptLanguageRow): boolean {
  const from = copy.keyword === 'COPY' ? copy.flags.find(({ name }) => name === 'from')?.value : undefined;
  if (from === undefined) return false;
  const source = document.stageNamed(from, copy.stage);
  if (!source) return row.images.test(from);
  const isWhole = copy.words.slice(0, -1).some(({ value }) => SYSTEM.test(value));
  return isWhole && source.index < stage.index && has(document, source, row);
}
