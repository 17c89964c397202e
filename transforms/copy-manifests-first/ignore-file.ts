/** The line that .dockerignore needs, so that the copy behind the install does not lay the host's packages over it. */
import { posix } from 'node:path';
import type { Edit } from '../../src/edit.ts';
import { upwards } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import { type Generated, type Obstacle, obstacle } from './types.ts';

/** Folders that are looked into for other Dockerfiles of the same context. */
const FOLDER_LIMIT = 200;
const SKIPPED = /^(?:\..*|node_modules|vendor|target|dist|build)$/;

export interface Neighbour {
  readonly file: string;
  readonly patterns: readonly string[];
  readonly edits: readonly Edit[];
  readonly creates: readonly { readonly file: string; readonly text: string }[];
}

/**
 * What has to change so that none of the folders is copied from the host; undefined: nothing. An obstacle where a folder
 * is there on purpose (not ignored by git), or a Dockerfile of the same context copies it.
 */
export function leaveOut(project: Project, generated: readonly Generated[]): Neighbour | Obstacle | undefined {
  const open = generated.filter(({ at }) => !project.ignored(at));
  if (open.length === 0) return undefined;
  for (const { at } of open) {
    if (project.kind(at) !== undefined && !isGitIgnored(project, at)) {
      return obstacle(
        'generated-in-context',
        `${at} lies in the build context and git does not ignore it: it may be there on purpose, and the copy would lay it over what is installed`,
      );
    }
  }
  const patterns = [...new Set(open.map(({ pattern }) => pattern))];
  const own = `${project.dockerfile}.dockerignore`;
  const shared = project.rootPath('.dockerignore');
  let file = project.root.kind(own) === 'file' ? own : shared;
  const dockerfiles = dockerfilesOf(project);
  for (const pattern of patterns) {
    const name = posix.basename(pattern);
    const user = dockerfiles.find((path) => {
      const text = project.root.read(path) ?? '';
      return copies(text, name) || (path !== project.dockerfile && name === 'node_modules' && reliesOnHost(text));
    });
    if (user === project.dockerfile)
      return obstacle(
        'ignore-conflict',
        `${user} takes ${name} from the build context, so that .dockerignore cannot leave it out`,
      );
    // the other one keeps what it takes: this one gets a file of its own
    if (user !== undefined) file = own;
  }
  const existing = project.root.read(file);
  const text = existing ?? (file === own ? project.root.read(shared) : undefined) ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = patterns.map((pattern) => pattern + eol).join('');
  const added = text === '' || text.endsWith('\n') ? lines : eol + lines;
  if (existing === undefined) return { file, patterns, edits: [], creates: [{ file, text: text + added }] };
  const end = text.length + markLength(project, file, shared);
  return { file, patterns, creates: [], edits: [{ file, start: end, end, text: added }] };
}

/** Project takes a byte order mark away; edits count it. */
function markLength(project: Project, file: string, shared: string): number {
  const head = file === shared ? project.head('.dockerignore', 3) : undefined;
  return head?.[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 1 : 0;
}

/** By name, in the .gitignore files from its folder up to the root. */
function isGitIgnored(project: Project, at: string): boolean {
  const path = project.rootPath(at);
  const name = posix.basename(path);
  return upwards(posix.dirname(path) === '.' ? '' : posix.dirname(path)).some((folder) => {
    const below = folder === '' ? path : path.slice(folder.length + 1);
    const text = project.root.read(posix.join(folder, '.gitignore'));
    return text?.split(/\r?\n/).some((line) => {
      const pattern = line.trim().replace(/\/\*?$/, '');
      return [name, `**/${name}`, `/${below}`, below].includes(pattern);
    });
  });
}

/** `COPY node_modules ./node_modules`, but not from a stage. */
function copies(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  return text.split('\n').some(
    (line) =>
      /^\s*(?:COPY|ADD)\s/i.test(line) &&
      !/--from=/i.test(line) &&
      line
        .split(/[\s/"',[\]]+/)
        .slice(1, -1)
        .includes(name),
  );
}

/** Runs Node with what was copied and installs nothing: the packages come from the host. */
const reliesOnHost = (text: string): boolean =>
  /^\s*(?:COPY|ADD)\s+(?:--ch\S+\s+)*\.\/?\s/im.test(text) &&
  /^\s*(?:FROM|CMD|ENTRYPOINT)\s.*\bnode\b/im.test(text) &&
  !/\b(?:npm|yarn|pnpm|bun)\b/.test(text);

/** The Dockerfiles in the folder of this one, and a few folders deep in the context. */
function dockerfilesOf(project: Project): readonly string[] {
  const context = project.context ?? '';
  const found = new Set<string>([project.dockerfile]);
  let seen = 0;
  const look = (folder: string, depth: number): void => {
    if (++seen > FOLDER_LIMIT) return;
    for (const name of project.root.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (/dockerfile|containerfile/i.test(name) && project.root.kind(path) === 'file') found.add(path);
      else if (depth > 0 && !SKIPPED.test(name) && project.root.kind(path) === 'dir') look(path, depth - 1);
    }
  };
  look(posix.dirname(project.dockerfile) === '.' ? '' : posix.dirname(project.dockerfile), 0);
  look(context, 2);
  return [...found];
}
