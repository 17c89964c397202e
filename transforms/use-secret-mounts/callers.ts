/** Who builds the image with the argument, and how those files look when the secret is handed on instead. */
import type { Edit, Evidence } from '../../src/edit.ts';
import { lineAt } from '../../src/project/calls.ts';
import { CI_FILES, CI_FOLDERS } from '../../src/project/places.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';

export interface Callers {
  readonly edits: readonly Edit[];
  readonly evidence: readonly Evidence[];
  /** What keeps the change from being whole. */
  readonly doubts: readonly string[];
}

/** Reads every use of the Dockerfile that was found, and the places where builds are written without being understood. */
export function callersOf(project: Project, name: string, isOptional: boolean): Callers {
  const id = name.toLowerCase();
  const edits: Edit[] = [];
  const evidence: Evidence[] = [];
  const doubts: string[] = [];
  const known = project.contexts.filter(({ by }) => by === 'compose' || by === 'workflow' || by === 'bake');
  for (const use of known) {
    const place = `${use.file}:${use.line}`;
    if (use.args === undefined || !(name in use.args)) {
      if (!isOptional) doubts.push(`${place} builds without ${name}, which a required secret would end.`);
      continue;
    }
    const made =
      use.by === 'compose'
        ? inCompose(project, use, name, id)
        : use.by === 'workflow'
          ? inWorkflow(project, use, name, id)
          : undefined;
    if (!made)
      doubts.push(`${place} gives ${name} in a form that is not written anew here: it must hand on the secret ${id}.`);
    else {
      if (isOptional && use.by === 'compose')
        doubts.push(
          `${place}: compose ends where the variable of a secret is not set, and the build went on without it so far.`,
        );
      edits.push(...made);
      evidence.push({
        file: use.file ?? '',
        ...(use.line !== undefined && { line: use.line }),
        says: `${use.name ?? use.by} builds with ${name}`,
      });
    }
  }
  const files = new Set(known.map(({ file }) => file));
  for (const { file, line } of otherPlaces(project, name)) {
    if (!files.has(file))
      doubts.push(`${file}:${line} names ${name}, too: if it builds the image, it must hand on the secret.`);
  }
  if (known.length === 0)
    doubts.push(
      `Who builds the image is not among the files: docker build takes --secret id=${id},env=${name} in place of --build-arg ${name}.`,
    );
  return { edits: merged(edits), evidence, doubts };
}

/** Two services of one file share the secret at its top. */
const merged = (edits: readonly Edit[]): readonly Edit[] =>
  edits.filter(
    (edit, i) => edits.findIndex((it) => it.file === edit.file && it.start === edit.start && it.end === edit.end) === i,
  );

interface Line {
  readonly start: number;
  /** Behind the line end. */
  readonly end: number;
  readonly text: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at + 1;
    lines.push({ start, end, text: text.slice(start, end).replace(/\r?\n$/, '') });
    start = end;
  }
  return lines;
}

const indentOf = (line: Line | undefined): number => /^ */.exec(line?.text ?? '')?.[0].length ?? 0;
const isBlank = ({ text }: Line): boolean => /^\s*(?:#.*)?$/.test(text);

/** The lines that belong to a key, those below it that are indented further; a list may stand at its own indentation. */
function bodyOf(lines: readonly Line[], key: number): number[] {
  const body: number[] = [];
  for (let i = key + 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (isBlank(line)) continue;
    const isItem = indentOf(line) === indentOf(lines[key]) && /^\s*-\s/.test(line.text);
    if (indentOf(line) <= indentOf(lines[key]) && !isItem) break;
    body.push(i);
  }
  return body;
}

/** `args:` of a service's `build:` becomes `secrets:`, with the definition at the end of the file. */
function inCompose(
  project: Project,
  { service, file = '' }: ContextSource,
  name: string,
  id: string,
): Edit[] | undefined {
  const text = project.root.read(file);
  const build = service?.fields.build;
  if (text === undefined || !service || typeof build !== 'object' || build === null || 'secrets' in build)
    return undefined;
  const lines = linesOf(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const args = service.lineOf('build', 'args') - 1;
  if (!/^\s+args:\s*(?:#.*)?$/.test(lines[args]?.text ?? '') || /^secrets:/m.test(text) || /[&*]\w|<<:/.test(text))
    return undefined;
  const body = bodyOf(lines, args);
  const entry = body.find((i) =>
    new RegExp(`^\\s+(?:- *["']?${name}(?:=|["']?\\s*$)|["']?${name}["']?:)`).test(lines[i]?.text ?? ''),
  );
  const own = entry === undefined ? undefined : lines[entry];
  const value = own?.text
    .replace(/^\s+(?:- *)?/, '')
    .replace(/^["']?\w+["']?[:=]?\s*/, '')
    .replace(/["']\s*$/, '')
    .replace(/^["']/, '')
    .trim();
  const variable = value === '' || value === undefined ? name : /^\$\{?(\w+)(?::?\?[^}]*)?\}?$/.exec(value)?.[1];
  if (!own || variable === undefined) return undefined;
  const indent = ' '.repeat(indentOf(lines[args]));
  const step = Math.max(2, indentOf(own) - indent.length);
  const block = `${indent}secrets:${eol}${indent}${' '.repeat(step)}- ${id}${eol}`;
  const head = lines[args] as Line;
  const last = text.endsWith('\n') ? '' : eol;
  const top = `${last}${eol}secrets:${eol}  ${id}:${eol}    environment: ${variable}${eol}`;
  const place: Edit[] =
    body.length === 1
      ? [
          {
            file,
            start: head.start,
            end: own.end,
            text: own.end === text.length && last !== '' ? block.slice(0, -eol.length) : block,
          },
        ]
      : [
          { file, start: head.start, end: head.start, text: block },
          { file, start: own.start, end: own.end, text: '' },
        ];
  return [...place, { file, start: text.length, end: text.length, text: top }];
}

/** A line of `build-args` of docker/build-push-action becomes one of `secrets`. */
function inWorkflow(
  project: Project,
  { file = '', line = 0 }: ContextSource,
  name: string,
  id: string,
): Edit[] | undefined {
  const text = project.root.read(file);
  if (text === undefined) return undefined;
  const lines = linesOf(text);
  const step = stepAt(lines, line - 1);
  const key = step.find((i) => /^\s+build-args:/.test(lines[i]?.text ?? ''));
  if (key === undefined || step.some((i) => /^\s+secrets:/.test(lines[i]?.text ?? ''))) return undefined;
  const head = lines[key] as Line;
  const single = new RegExp(`^(\\s+)build-args: ${name}=(\\$\\{\\{[^}]*\\}\\})\\s*$`).exec(head.text);
  if (single) {
    const start = head.start + (single[1] as string).length;
    return [{ file, start, end: head.start + head.text.length, text: `secrets: ${id}=${single[2]}` }];
  }
  if (!/^\s+build-args: [|>]-?\s*$/.test(head.text) || head.text.includes('>')) return undefined;
  const body = bodyOf(lines, key);
  const own = body
    .map((i) => lines[i] as Line)
    .find((it) => new RegExp(`^\\s+${name}=\\$\\{\\{[^}]*\\}\\}\\s*$`).test(it.text));
  if (!own) return undefined;
  const start = own.start + indentOf(own);
  if (body.length === 1) {
    const word = head.start + indentOf(head);
    return [
      { file, start: word, end: word + 'build-args'.length, text: 'secrets' },
      { file, start, end: start + name.length, text: id },
    ];
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = `${' '.repeat(indentOf(head))}secrets: |${eol}${' '.repeat(indentOf(own))}${id}${own.text.trim().slice(name.length)}${eol}`;
  return [
    { file, start: head.start, end: head.start, text: block },
    { file, start: own.start, end: own.end, text: '' },
  ];
}

/** The lines of the step that holds a line. */
function stepAt(lines: readonly Line[], at: number): number[] {
  let first = at;
  while (first > 0 && !/^\s*-\s/.test(lines[first]?.text ?? '')) first--;
  const found = [first];
  for (let i = first + 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (!isBlank(line) && indentOf(line) <= indentOf(lines[first])) break;
    found.push(i);
  }
  return found;
}

const OTHER_FILES = [
  ...CI_FILES,
  'justfile',
  'Taskfile.yml',
  'package.json',
  'README.md',
  'docker-bake.hcl',
  'docker-bake.json',
  'build.sh',
  'deploy.sh',
  'fly.toml',
  'captain-definition',
];
const OTHER_FOLDERS = ['', ...CI_FOLDERS, 'scripts', 'bin', 'hack', 'deploy', 'docker'];

/** A file without any of these builds no image: most workflows name GITHUB_TOKEN. */
const BUILDS = /docker|buildx|podman|buildah|kaniko|\bbake\b/i;

/** Places where builds are written and the name stands. */
function* otherPlaces(project: Project, name: string): Iterable<{ file: string; line: number }> {
  const pattern = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  const seen = new Set<string>();
  const inFolders = OTHER_FOLDERS.flatMap((folder) =>
    project.root
      .list(folder)
      .filter((it) => /\.(?:sh|ya?ml|mk|hcl)$|^Makefile/.test(it))
      .map((it) => (folder === '' ? it : `${folder}/${it}`)),
  );
  for (const file of [...OTHER_FILES, ...inFolders]) {
    if (seen.has(file) || project.root.kind(file) !== 'file') continue;
    seen.add(file);
    const text = project.root.read(file) ?? '';
    const at = BUILDS.test(text) ? text.search(pattern) : -1;
    if (at >= 0) yield { file, line: lineAt(text, at) };
  }
}
