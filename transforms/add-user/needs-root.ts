/** What says that the process has to start as root, or that somebody else decides who it is. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { ACCOUNT_SETTINGS, CHOSEN_ACCOUNT, ROOT_IMAGES, ROOT_PROGRAMS } from '../../src/knowledge/run-users.ts';
import { imageFiles } from '../../src/project/image-files.ts';
import type { ComposeService, Project } from '../../src/project/project.ts';
import type { RuntimeFacts } from '../../src/project/runtime.ts';
import type { Call } from '../../src/project/start-calls.ts';
import { stop } from './declines.ts';

/** Files of the image that are looked at for the configuration of its server. */
const SETTINGS_LIMIT = 2000;

/** Images that are known to start as root for a reason. @throws Stop */
export function checkImage(stage: Stage): void {
  const { image } = lineage(stage).at(-1) as Stage;
  if (!image) return;
  const name = repositoryName(image);
  const row = ROOT_IMAGES.find(
    ({ repositories, tag }) =>
      repositories.some((it) => (it.endsWith('*') ? name.startsWith(it.slice(0, -1)) : it === name)) &&
      (tag?.test(image.tag ?? 'latest') ?? true),
  );
  if (row) stop(row.code, `${name}: ${row.why}`);
}

/** Folders and files around the Dockerfile that tell who starts it. @throws Stop */
export function checkSurroundings(project: Project): void {
  const { dockerfile } = project;
  const folder = posix.dirname(dockerfile);
  if (/(?:^|\/)\.devcontainer(?:\/|$)/.test(folder) || project.root.kind(posix.join(folder, 'devcontainer.json'))) {
    stop('dev-container', 'it is the image of a dev container');
  }
  const [heir] = project.heirs;
  if (heir) stop('base-for-others', `${heir.path}:${heir.line} starts from ${heir.image}, which may be this image`);
  for (const place of new Set([folder, '.'])) {
    for (const name of ['action.yml', 'action.yaml']) {
      const path = posix.normalize(posix.join(place, name));
      const text = project.root.read(path);
      if (text !== undefined && /^\s*using:\s*["']?docker\b/m.test(text)) {
        stop('github-action', `${path} runs it as a GitHub action, and GitHub has those run as root`);
      }
    }
  }
}

/** What compose services say about the container. @throws Stop */
export function checkServices(project: Project): void {
  for (const { service, file, name } of project.contexts) {
    if (!service) continue;
    const where = (key: string) => `${file}:${service.lineOf(key)}`;
    const { fields } = service;
    if (fields.user !== undefined) {
      stop('compose-user', `${where('user')} runs the service ${name} as ${String(fields.user)}`);
    }
    if (fields.privileged === true) stop('needs-capabilities', `${where('privileged')} makes ${name} privileged`);
    for (const key of ['cap_add', 'devices', 'pid'] as const) {
      if (fields[key] !== undefined) stop('needs-capabilities', `${where(key)} gives the service ${name} ${key}`);
    }
    const hidden = volumes(service).find(({ target }) => target.startsWith('/root/'));
    if (hidden) {
      const what = `${hidden.source ?? 'a volume'} at ${hidden.target}`;
      stop('root-home', `${file}:${hidden.line} gives the service ${name} ${what}, where only root can go`);
    }
    if (volumes(service).some(({ source }) => /docker\.sock$/.test(source ?? ''))) {
      stop('docker-socket', `${where('volumes')} hands the socket of the engine to the service ${name}`);
    }
  }
}

/** A volume of a compose service; `source` is undefined for an anonymous one. */
export interface Volume {
  readonly source: string | undefined;
  readonly target: string;
  readonly isReadOnly: boolean;
  readonly line: number;
}

/** `data:/data:ro`, `/data`, `{ type: bind, source: ./x, target: /x, read_only: true }`; tmpfs is left out. */
export function volumes(service: ComposeService): readonly Volume[] {
  const list = Array.isArray(service.fields.volumes) ? service.fields.volumes : [];
  return list.flatMap((value: unknown, at): Volume[] => {
    const line = service.lineOf('volumes', at);
    if (typeof value === 'object' && value !== null) {
      const { type, source, target, read_only } = value as Record<string, unknown>;
      if (typeof target !== 'string' || type === 'tmpfs') return [];
      return [
        { source: typeof source === 'string' ? source : undefined, target, isReadOnly: read_only === true, line },
      ];
    }
    if (typeof value !== 'string') return [];
    // ${HOME:-~}/x:/y: a colon in braces separates nothing
    const parts = value.replace(/\$\{[^}]*\}/g, '$X').split(':');
    const [first = '', second, mode] = parts;
    if (second === undefined) return [{ source: undefined, target: first, isReadOnly: false, line }];
    return [{ source: first, target: second, isReadOnly: /(?:^|,)ro(?:,|$)/.test(mode ?? ''), line }];
  });
}

/** Servers that are told in a file to give their workers another account. @throws Stop */
export function checkSettings(document: Document, project: Project, stage: Stage, calls: readonly Call[]): void {
  const rows = ACCOUNT_SETTINGS.filter(({ program }) => calls.some((call) => program.test(call.program)));
  if (rows.length === 0) return;
  for (const path of imageFiles(document, project, stage).walk(SETTINGS_LIMIT)) {
    const row = rows.find(({ files }) => files.test(path));
    const line = row?.line.exec(project.read(path) ?? '')?.[0];
    if (line !== undefined)
      stop('steps-down', `${project.rootPath(path)}: ${line.trim()} gives the workers another account`);
  }
}

/** Programs and scripts that only root can run. @throws Stop */
export function checkCalls(document: Document, stage: Stage, runtime: RuntimeFacts, calls: readonly Call[]): void {
  for (const { program, words, at, wrappers } of calls) {
    const where = `${at.file}${at.line === undefined ? '' : `:${at.line}`}`;
    const stepping = wrappers.includes('sudo');
    const row = stepping
      ? ROOT_PROGRAMS[0]
      : ROOT_PROGRAMS.find((it) => it.programs.test(program) && (it.words?.test(words) ?? true));
    if (row) stop(row.code, `${where}: ${stepping ? 'sudo' : program} ${row.why}`);
    if (program.endsWith('.wasm')) stop('runtime-chooses-user', `${where}: ${program} runs in a WebAssembly runtime`);
    if (/^(?:\/etc\/init\.d|\/lib\/systemd)\//.test(at.says)) {
      stop('supervisor', `${where}: ${at.says} is a program of the system`);
    }
  }
  const unread = runtime.unread[0];
  if (unread) stop('start-unreadable', `${unread.file}: ${unread.says.slice(0, 60)} cannot be followed`);
  for (const { path, text } of runtime.scripts) {
    const chosen = CHOSEN_ACCOUNT.exec(text)?.[0];
    if (chosen !== undefined) stop('steps-down', `${path} takes its account from ${chosen}`);
  }
  // /init of s6-overlay, an entrypoint of which nothing is known
  for (const { keyword, words } of lineage(stage).flatMap((it) => it.instructions)) {
    if (keyword === 'ENTRYPOINT' && words[0]?.value === '/init') stop('supervisor', '/init is s6-overlay');
    if (keyword === 'ONBUILD') stop('base-for-others', 'ONBUILD is there for the images that start from this one');
  }
  const heir = document.stages.find((it) => it.parent === stage);
  if (heir) stop('base-for-others', `the stage ${heir.name ?? heir.index} starts from it`);
}
