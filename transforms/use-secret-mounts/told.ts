/** Secrets that are told only: files that are copied, values in ENV, logins in URLs. Values are named nowhere. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Change } from '../../src/edit.ts';
import { SECRET_FILES, type SecretFileRow } from '../../src/knowledge/secrets.ts';
import type { Project } from '../../src/project/project.ts';
import { isSecretName, isSecretValue } from '../../src/project/secret-names.ts';

const manual = (document: Document, at: Instruction, title: string, why: string, says: string): Change => ({
  title,
  why,
  evidence: [{ file: document.path, line: document.originLine(at.start), says }],
  level: 'manual',
  at: { start: at.start, end: at.headEnd },
  edits: [],
});

/** The stages that somebody gets: the last one, those built by name, and what these start from. */
export function shipped(document: Document, project: Project): ReadonlySet<Stage> {
  const last = document.stages.at(-1);
  const named = project.targets.flatMap((name) => document.stageNamed(name) ?? []);
  return new Set([...(last ? [last] : []), ...named].flatMap((stage) => lineage(stage)));
}

/** Everything in the stages that somebody gets; `handed`: the copies whose file becomes a mount instead. */
export function* told(document: Document, project: Project, handed: ReadonlySet<Instruction>): Iterable<Change> {
  const stages = shipped(document, project);
  for (const it of document.instructions) {
    if (!it.stage || !stages.has(it.stage)) continue;
    if ((it.keyword === 'COPY' || it.keyword === 'ADD') && !handed.has(it)) yield* copiedFile(document, project, it);
    if (it.keyword === 'ENV') yield* writtenValue(document, it);
    if (it.keyword === 'RUN') yield* loginInUrl(document, it);
  }
}

function* copiedFile(document: Document, project: Project, it: Instruction): Iterable<Change> {
  const isFromStage = it.flags.some(({ name }) => name === 'from');
  for (const { value } of it.words.slice(0, -1)) {
    const path = document.expand(value, it.state) ?? value;
    const name = posix.basename(path);
    const row = SECRET_FILES.find((file) => file.name.test(name));
    if (!row || !holds(project, row, path, isFromStage)) continue;
    const line = document.originLine(it.start);
    const gone = removal(document, it, name);
    const later =
      gone === undefined
        ? ''
        : ` The rm on line ${gone} hides it, and takes it out of no layer: whoever has the image has the file.`;
    const why = `${it.keyword} on line ${line} puts ${row.what} into a layer of the image.${later} ${nextStep(row, it, name)} What was pushed once counts as known: replace it by a new one.`;
    yield manual(document, it, `${name} stays in a layer of the image`, why, `${it.keyword} brings ${name}`);
  }
}

/** Whether the file is there and holds something secret, or is not there to be looked at. */
export function holds(project: Project, row: SecretFileRow, path: string, isFromStage: boolean): boolean {
  const file = path.replace(/^\.?\//, '');
  const text = isFromStage ? undefined : project.read(file);
  if (!isFromStage && project.ignored(file)) return false;
  if (text === undefined) return row.holds === undefined || !/\.(?:conf|json|xml|config|pem|key|yml)$/i.test(path);
  if (row.what === 'the variables of an environment') {
    return text.split(/\r?\n/).some((line) => {
      const [, name = '', value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return isSecretName(name) && isSecretValue(value);
    });
  }
  return row.holds?.test(text) ?? text.trim() !== '';
}

/** The line of a later rm of the file. */
function removal(document: Document, copy: Instruction, name: string): number | undefined {
  const run = copy.stage?.instructions.find(
    (it) =>
      it.index > copy.index &&
      (it.script?.commands ?? []).some(
        ({ program, args }) =>
          program === 'rm' && args.some(({ raw }) => posix.basename(raw.replace(/["']/g, '')) === name),
      ),
  );
  return run && document.originLine(run.start);
}

function nextStep({ kind, home }: SecretFileRow, it: Instruction, name: string): string {
  const id = name.replace(/^[._]/, '').replace(/\W/g, '_').toLowerCase();
  if (kind === 'ssh')
    return 'Take the COPY out, use RUN --mount=type=ssh for the command that connects (with openssh-client and the known_hosts of the server in the image), and build with docker build --ssh default.';
  if (kind === 'runtime')
    return `If the application reads it when it runs, give it then: docker run --env-file or -v, env_file: or secrets: of compose; and name it in .dockerignore.`;
  const uid = it.state.user?.uid;
  const owner = uid === undefined || uid === 0 ? '' : `,uid=${uid}`;
  return `If only the install reads it, take it out of ${it.keyword} and write RUN --mount=type=secret,id=${id},target=${home},required=true${owner} in front of the command that does; build with docker build --secret id=${id},src=${name}.`;
}

function* writtenValue(document: Document, it: Instruction): Iterable<Change> {
  for (const { name, raw } of it.pairs) {
    if (!isSecretName(name) || !isSecretValue(raw)) continue;
    const why = `Everybody who has the image reads ${name} with docker inspect. Give it when the container runs (docker run -e ${name}, environment: or secrets: of compose); where a command of the build wants some value, set it in front of that command only. Replace the secret by a new one.`;
    yield manual(document, it, `The value of ${name} stands in the image`, why, `ENV ${name}`);
  }
}

function* loginInUrl(document: Document, it: Instruction): Iterable<Change> {
  const text = document.text.slice(it.start, it.end);
  if (!/:\/\/[^\s/@:'"${}<>]+:[^\s/@'"${}<>]+@[\w.-]+/.test(text)) return;
  const line = document.originLine(it.start);
  const why = `The command on line ${line} holds a login, which docker history shows. Let the program read it from a file (.netrc, pip.conf, .npmrc) that RUN --mount=type=secret puts in place, build with docker build --secret, and replace the password by a new one.`;
  yield manual(document, it, 'A login stands in a URL of a RUN', why, 'RUN with a login in a URL');
}
