/** Who builds the image, and how those files look when its secrets are handed on instead. */
import type { Edit, Evidence } from '../../src/edit.ts';
import { lineAt } from '../../src/project/calls.ts';
import { CI_FILES, CI_FOLDERS } from '../../src/project/places.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import { inBake } from './caller-bake.ts';
import { inCompose } from './caller-compose.ts';
import { inWorkflow } from './caller-workflow.ts';
import { argumentOf, type BuildSecret } from './secret.ts';

export interface Callers {
  readonly edits: readonly Edit[];
  readonly evidence: readonly Evidence[];
  /** What keeps the change from being whole. */
  readonly doubts: readonly string[];
}

const WRITERS = { compose: inCompose, workflow: inWorkflow, bake: inBake };

/** Reads every use of the Dockerfile that was found, and the places where builds are written without being understood. */
export function callersOf(project: Project, secrets: readonly BuildSecret[]): Callers {
  const edits: Edit[] = [];
  const evidence: Evidence[] = [];
  const doubts: string[] = [];
  // services of one file share the definitions at its end
  const handedBy = new Map<string | undefined, string>();
  const known = project.contexts.filter(({ by }) => by in WRITERS);
  for (const use of known) {
    const place = `${use.file}:${use.line}`;
    const handed = secrets.filter((it) => it.kind !== 'env' || (use.args !== undefined && it.name in use.args));
    for (const { name, isOptional } of secrets.filter((it) => !handed.includes(it))) {
      if (!isOptional) doubts.push(`${place} builds without ${name}, which a required secret would end.`);
    }
    if (handed.length === 0) continue;
    const names = handed.map(({ name }) => name).join(' and ');
    const key = handed.map(({ id }) => id).join();
    if (use.by === 'compose' && (handedBy.get(use.file) ?? key) !== key) {
      doubts.push(`${place} hands on other secrets than the services beside it: the file is not written anew here.`);
      continue;
    }
    handedBy.set(use.file, key);
    const made = WRITERS[use.by as keyof typeof WRITERS](project, use, handed);
    if (!made) {
      const ids = handed.map(({ id }) => id).join(' and ');
      doubts.push(
        `${place} gives ${names} in a form that is not written anew here: it must hand on the ${handed.length === 1 ? 'secret' : 'secrets'} ${ids}.`,
      );
      continue;
    }
    for (const { name } of use.by === 'compose' ? handed.filter((it) => it.kind === 'env' && it.isOptional) : [])
      doubts.push(
        `${place}: compose ends where the variable of a secret is not set, and the build went on without ${name} so far.`,
      );
    edits.push(...made);
    evidence.push({
      file: use.file ?? '',
      ...(use.line !== undefined && { line: use.line }),
      says: `${use.name ?? use.by} builds with ${names}`,
    });
  }
  doubts.push(...otherBuilders(project, secrets, known));
  return { edits: merged(edits), evidence, doubts };
}

/** Builds that are written where nobody reads them for sure. */
function otherBuilders(
  project: Project,
  secrets: readonly BuildSecret[],
  known: readonly ContextSource[],
): readonly string[] {
  const files = new Set(known.map(({ file }) => file));
  const doubts = secrets.flatMap(({ name }) =>
    [...otherPlaces(project, name)]
      .filter(({ file }) => !files.has(file))
      .map(
        ({ file, line }) => `${file}:${line} names ${name}, too: if it builds the image, it must hand on the secret.`,
      ),
  );
  if (known.length > 0) return doubts;
  const old = secrets.flatMap(({ kind, name }) => (kind === 'env' ? [`--build-arg ${name}`] : []));
  const instead = old.length > 0 ? ` in place of ${old.join(' ')}` : '';
  const call = secrets.map(argumentOf).join(' ');
  return [...doubts, `Who builds the image is not among the files: docker build takes ${call}${instead}.`];
}

/** Two services of one file share the secrets at its top; what is added at one place stands behind each other. */
function merged(edits: readonly Edit[]): readonly Edit[] {
  const found: Edit[] = [];
  for (const edit of edits) {
    const same = found.findIndex((it) => it.file === edit.file && it.start === edit.start && it.end === edit.end);
    const other = found[same];
    if (!other) found.push(edit);
    else if (other.text !== edit.text) found[same] = { ...other, text: other.text + edit.text };
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
  const pattern = new RegExp(`(?<!\\w)${name.replace(/\./g, '\\.')}(?!\\w)`);
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
