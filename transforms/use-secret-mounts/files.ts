/** Files with logins that are copied for a step of the build: whether a secret mount at the same place does the same. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import { appended } from '../../src/ignore-file.ts';
import { HARMLESS, LOGIN_LINES, SECRET_FILES, type SecretFileRow } from '../../src/knowledge/secrets.ts';
import { processOf } from '../../src/project/process.ts';
import type { Project } from '../../src/project/project.ts';
import type { Command } from '../../src/shell/command.ts';
import { withoutLine } from './lines-out.ts';
import type { BuildSecret } from './secret.ts';
import { holds, shipped } from './told.ts';

/** Every copied file that can be handed on as a mount instead. What is left out here is told. */
export function secretFiles(document: Document, project: Project): readonly BuildSecret[] {
  const stages = shipped(document, project);
  return document.instructions.flatMap((it) => {
    if (!it.stage || !stages.has(it.stage) || !/^(?:COPY|ADD)$/.test(it.keyword)) return [];
    const rows = it.words.slice(0, -1).map(({ value }) => ({ value, row: rowOf(value) }));
    const [found, ...more] = rows.filter(({ row }) => row !== undefined && row.kind !== 'runtime');
    if (!found?.row || more.length > 0 || it.stage === undefined) return [];
    return secretFile(document, project, it.stage, it, found.value, found.row) ?? [];
  });
}

const rowOf = (path: string): SecretFileRow | undefined =>
  SECRET_FILES.find(({ name }) => name.test(posix.basename(path)));

function secretFile(
  document: Document,
  project: Project,
  stage: Stage,
  copy: Instruction,
  source: string,
  row: SecretFileRow,
): BuildSecret | undefined {
  const path = posix.normalize(source.replace(/^\/+/, ''));
  const target = targetOf(document, copy, source);
  const isPlain =
    !copy.json && copy.heredocs.length === 0 && copy.flags.every(({ name }) => /^ch(?:own|mod)$/.test(name));
  if (!isPlain || target === undefined || /[$*?[\\]/.test(source) || !holds(project, row, path, false))
    return undefined;
  // what starts from the stage, or copies from it, may need the file as well
  if (document.stages.some((it) => it.parent === stage || copiesFrom(document, it, stage))) return undefined;
  const isKey = row.kind === 'ssh';
  if (isKey && !/\/\.ssh\/id_\w+$/.test(target)) return undefined;
  const after = stage.instructions.slice(stage.instructions.indexOf(copy) + 1);
  const back = broughtBack(document, project, stage, copy, path);
  const ignore =
    back === 'before' ? undefined : back === 'never' ? NOTHING : ignoreEdit(document, project, stage, path);
  if (!ignore) return undefined;
  const text = project.read(path);
  const logins = text !== undefined && row.lines !== undefined && onlyLogins(text, LOGIN_LINES[row.lines]);
  const steps = stepsOf(document, after, { name: posix.basename(path), target, row, logins });
  if (!steps) return undefined;
  const { runs, edits, isRemoved } = steps;
  const uid = uidOf(runs);
  if (runs.length === 0 || uid === undefined || (isKey && uid !== 0)) return undefined;
  const id = isKey ? 'default' : posix.basename(path).replace(/^[._]/, '').replace(/\W/g, '_').toLowerCase();
  const owner = uid === 0 ? '' : `,uid=${uid}`;
  const process = processOf(document, project, stage);
  const starts = 'code' in process ? [] : [process.program, process.interpreter ?? '', ...process.parents];
  const isRead = 'code' in process || isKey || starts.some((it) => row.readers?.test(it));
  return {
    kind: isKey ? 'ssh' : 'file',
    name: posix.basename(path),
    id,
    path,
    isOptional: false,
    at: copy,
    runs,
    flag: isKey ? '--mount=type=ssh' : `--mount=type=secret,id=${id},target=${target},required=true${owner}`,
    edits: [withoutSource(document, copy, source), ...edits, ...ignore.edits],
    creates: ignore.creates,
    evidence: [
      {
        file: document.path,
        line: document.originLine(copy.start),
        says: `${copy.keyword} brings ${posix.basename(path)}`,
      },
    ],
    notes: ignore.file === undefined ? [] : [`${ignore.file} keeps it out of the copies that follow.`],
    doubts:
      isRemoved || logins || !isRead
        ? []
        : [
            `It stayed in the image so far: whether the process reads ${posix.basename(path)} when it runs is not known.`,
          ],
  };
}

/** Where the file comes to stand; undefined: not for sure. */
function targetOf(document: Document, copy: Instruction, source: string): string | undefined {
  const to = document.expand(copy.words.at(-1)?.value ?? '', copy.state);
  const target = joinPath(copy.state.workdir, to);
  const name = posix.basename(source);
  if (to === undefined || target === undefined) return undefined;
  if (/(?:^|\/)\.{0,2}$/.test(to)) return posix.join(target, name);
  return copy.words.length === 2 && /\.\w+$|\/id_\w+$/.test(target) ? target : undefined;
}

const copiesFrom = (document: Document, other: Stage, stage: Stage): boolean =>
  other.instructions.some(({ flags }) => {
    const from = flags.find(({ name }) => name === 'from')?.value;
    return from !== undefined && document.stageNamed(from, other) === stage;
  });

/** Whether a copy of a whole folder brings the file as well. */
function broughtBack(
  document: Document,
  project: Project,
  stage: Stage,
  copy: Instruction,
  path: string,
): 'never' | 'after' | 'before' {
  const folders = document.instructions.filter(
    (it) =>
      it !== copy &&
      /^(?:COPY|ADD)$/.test(it.keyword) &&
      !it.flags.some(({ name }) => name === 'from') &&
      it.words.slice(0, -1).some(({ value }) => {
        const folder = posix.normalize(value.replace(/^\/+/, '')).replace(/\/$/, '');
        return (
          folder === '.' || folder === '' || path === folder || path.startsWith(`${folder}/`) || /[$*?[]/.test(value)
        );
      }),
  );
  if (folders.length === 0 || project.ignored(path)) return 'never';
  return folders.every((it) => it.stage === stage && it.index > copy.index) ? 'after' : 'before';
}

const NOTHING = { file: undefined, edits: [] as Edit[], creates: [] as { file: string; text: string }[] };

/** A line of .dockerignore that keeps the file out of those copies; undefined where somebody else may need it. */
function ignoreEdit(document: Document, project: Project, stage: Stage, path: string) {
  const isBound = stage.instructions.some(({ flags }) =>
    flags.some(({ name, value }) => name === 'mount' && /type=bind/.test(value ?? '')),
  );
  if (project.siblings.length > 0 || project.context === undefined || isBound) return undefined;
  const own = `${document.path}.dockerignore`;
  const file = project.root.kind(own) === 'file' ? own : project.rootPath('.dockerignore');
  const text = project.root.read(file);
  if (text === undefined) return { file, edits: [], creates: [{ file, text: `${path}\n` }] };
  if (/^\s*!/m.test(text)) return undefined;
  return { file, edits: [appended(project, file, text, [path])], creates: [] };
}

const onlyLogins = (text: string, line: RegExp): boolean =>
  text.split(/\r?\n/).every((it) => /^\s*(?:[#;].*)?$/.test(it) || line.test(it));

interface Wanted {
  readonly name: string;
  readonly target: string;
  readonly row: SecretFileRow;
  readonly logins: boolean;
}

interface Steps {
  readonly runs: readonly Instruction[];
  readonly edits: readonly Edit[];
  readonly isRemoved: boolean;
}

/** The RUN instructions behind the copy that need the file, until one takes it away; undefined: one of them does more with it. */
function stepsOf(document: Document, after: readonly Instruction[], wanted: Wanted): Steps | undefined {
  const { row } = wanted;
  const runs: Instruction[] = [];
  const edits: Edit[] = [];
  let isRemoved = false;
  for (const run of after) {
    if (run.keyword === 'ONBUILD') return undefined;
    if (run.keyword !== 'RUN' || isRemoved) continue;
    const commands = run.script?.commands;
    if (!commands || run.script?.opaque !== undefined || run.heredocs.length > 0) return undefined;
    const own = commands.filter((it) => handles(document, it, wanted));
    const cuts = own.map((it) => cut(document, run, it, wanted));
    if (cuts.some((it) => it === undefined)) return undefined;
    const gone = commands.find((it) => it.program === 'rm' && own.includes(it));
    const until = gone?.start ?? run.end;
    const rest = commands.filter((it) => it.start < until && !own.includes(it));
    const isReader = rest.some(({ program = '' }) =>
      row.readers && wanted.logins ? row.readers.test(program) : !isHarmless(program),
    );
    const isWhole = own.length === commands.length;
    if (isWhole && own.length > 1) return undefined;
    if (isReader) runs.push(run);
    edits.push(...(isWhole ? [withoutLine(document, run)] : cuts.flatMap((it) => it ?? [])));
    // a folder with a mount in it cannot be removed
    const above = commands.find((it) => removesAbove(it, wanted, run));
    if (above && isReader) return undefined;
    if (gone || above) isRemoved = true;
  }
  return { runs, edits, isRemoved };
}

const isHarmless = (program: string): boolean => HARMLESS.test(program) || /^ssh-key(?:scan|gen)$/.test(program);

/** A command that names the file. */
const handles = ({ text }: Document, command: Command, { name }: Wanted): boolean =>
  text.slice(command.start, command.end).includes(name);

/** Takes `rm FILE` or `chmod 600 FILE` out; undefined for whatever else is done with it. */
function cut(
  document: Document,
  run: Instruction,
  command: Command,
  { name, row }: Wanted,
): readonly Edit[] | undefined {
  const words = command.operands().filter(({ raw }) => posix.basename(raw.replace(/["']/g, '')) === name);
  const isTidy = command.program === 'rm' || (command.program === 'chmod' && row.kind === 'ssh');
  if (!isTidy || words.length !== 1 || !command.certain || command.redirected) return undefined;
  const others = command.operands().length - (command.program === 'chmod' ? 2 : 1);
  if (others > 0) return command.removeWords(words);
  if (run.script?.commands.length === 1) return [withoutLine(document, run)];
  const edit = command.remove();
  return edit && [edit];
}

/** `rm -rf /root/.ssh` */
function removesAbove(command: Command, { target }: Wanted, run: Instruction): boolean {
  return (
    command.program === 'rm' &&
    command.operands().some(({ raw }) => {
      const path = joinPath(run.state.workdir, raw.replace(/["']/g, '').replace(/^~(?=\/)|^\$HOME/, '/root'));
      return path !== undefined && target.startsWith(`${path}/`);
    })
  );
}

/** The account of all of them in numbers; undefined: not known, or several. */
function uidOf(runs: readonly Instruction[]): number | undefined {
  const all = new Set(runs.map(({ state }) => state.user?.uid));
  return all.size === 1 ? [...all][0] : undefined;
}

/** `COPY a .npmrc ./` without the file; the whole line where nothing else is copied. */
function withoutSource(document: Document, copy: Instruction, source: string): Edit {
  const at = copy.words.findIndex(({ value }) => value === source);
  if (copy.words.length === 2) return withoutLine(document, copy);
  const own = copy.words[at] as Instruction['words'][number];
  const left = at === 0 ? undefined : copy.words[at - 1];
  const right = copy.words[at + 1] as Instruction['words'][number];
  return left ? { start: left.end, end: own.end, text: '' } : { start: own.start, end: right.start, text: '' };
}
