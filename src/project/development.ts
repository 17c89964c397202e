/** Images and set-ups that are for the time of writing code. */
import { posix } from 'node:path';
import { lineage } from '../document/lineage.ts';
import type { Document, Stage } from '../document.ts';
import type { Evidence } from '../edit.ts';
import { DEVELOPMENT_IMAGES, isListed } from '../knowledge/probe-tools.ts';
import { serviceFacts } from './compose-service.ts';
import type { ContextSource, Project } from './project.ts';

/** What says that an image is for writing or testing code: its base, the name of its stage or of its file; undefined: nothing does. */
export function developmentImage(document: Document, stage: Stage): string | undefined {
  const root = lineage(stage).at(-1) as Stage;
  const isIt =
    (root.image && isListed(root.image, DEVELOPMENT_IMAGES)) ||
    /(?:^|[-_])(?:dev|devs|development|devcontainer|debug|tests?|testing|lint|ci)(?:[-_]|$)/i.test(stage.name ?? '') ||
    /(?:^|\/)\.devcontainer\//.test(document.path) ||
    /(?:^|[./_-])(?:dev|development|devel|test|tests|ci)(?:[./_-]|$)/i.test(posix.basename(document.path));
  return isIt ? (stage.name ?? document.path) : undefined;
}

/** The uses of a stage by compose services, those that name no target included when it is the last one. */
export function servicesOf(project: Project, stage: Stage): readonly ContextSource[] {
  return project.contexts.filter(
    ({ service, target }) =>
      service && (target === undefined ? stage.isFinal : target.toLowerCase() === stage.name?.toLowerCase()),
  );
}

const CODE = /\.(?:py|[cm]?[jt]sx?|rb|php|go|vue|svelte|cs|java|kt)$/;

/** Where a compose service lays its source code over a folder of the image, or has it watched; undefined: it does not. */
export function codeMount(project: Project, use: ContextSource, folder: string | undefined): Evidence | undefined {
  const { service, file = '' } = use;
  if (!service) return undefined;
  if (service.fields.develop !== undefined) return { file, line: service.lineOf('develop'), says: 'develop' };
  for (const [i, { source, target }] of serviceFacts(service.fields).volumes.entries()) {
    if (source === undefined || !/^[.~/$]/.test(source)) continue;
    const covers = folder === undefined || folder === target.replace(/\/$/, '') || folder.startsWith(`${target}/`);
    const place = posix.normalize(posix.join(posix.dirname(file), source.replace(/^\$\{?PWD\}?/, '.')));
    if (covers || hasCode(project, place)) {
      return { file, line: service.lineOf('volumes', i), says: `${source}:${target}` };
    }
  }
  return undefined;
}

/** Whether a folder of the repository, or one right below it, holds source code. */
function hasCode({ root }: Project, folder: string): boolean {
  if (folder.startsWith('..') || folder.startsWith('/')) return false;
  const names = root.list(folder);
  if (CODE.test(folder) && root.kind(folder) === 'file') return true;
  return names.some(
    (name) => CODE.test(name) || (!name.startsWith('.') && root.list(`${folder}/${name}`).some((it) => CODE.test(it))),
  );
}

/** Where Skaffold or Tilt put changed files into running containers of this image; undefined: they do not. */
export function skaffoldSync(project: Project): Evidence | undefined {
  for (const file of ['skaffold.yaml', 'skaffold.yml']) {
    const found = syncedArtifact(project, file);
    if (found) return found;
  }
  const lines = project.root.read('Tiltfile')?.split('\n') ?? [];
  const at = lines.findIndex((line) => /^\s*sync\(/.test(line));
  return at < 0 ? undefined : { file: 'Tiltfile', line: at + 1, says: (lines[at] as string).trim() };
}

/** The `sync:` of the artifact that is built in the context of the project; an artifact that names none is built at the root. */
function syncedArtifact({ root, context }: Project, file: string): Evidence | undefined {
  let folder: string | undefined;
  let sync: Evidence | undefined;
  const isOurs = (): boolean =>
    context === undefined || posix.normalize(folder ?? '.').replace(/\/$/, '') === (context || '.');
  for (const [i, line] of (root.read(file)?.split('\n') ?? []).entries()) {
    if (/^\s*-\s+(?:image|context):/.test(line)) {
      if (sync && isOurs()) return sync;
      folder = undefined;
      sync = undefined;
    }
    folder ??= /^[\s-]+context:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
    if (/^\s+sync:/.test(line)) sync ??= { file, line: i + 1, says: line.trim() };
  }
  return sync && isOurs() ? sync : undefined;
}

/** Where something puts changed files into the running container, as the container's own account: Skaffold, Tilt, compose watch. */
export function filesSynced(project: Project): Evidence | undefined {
  for (const { service, file = '' } of project.contexts) {
    const watch = (service?.fields.develop as { watch?: unknown } | undefined)?.watch;
    const isSynced = Array.isArray(watch) && watch.some((it) => /^sync/.test(String(it?.action)));
    if (service && isSynced) return { file, line: service.lineOf('develop'), says: 'develop' };
  }
  return skaffoldSync(project);
}
