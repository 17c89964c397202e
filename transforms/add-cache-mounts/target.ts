/** Where a call keeps its downloads, and the mount for that. */
import { lineage } from '../../src/document/lineage.ts';
import { once } from '../../src/document/once.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import {
  type CachePath,
  GRADLE_IMAGE,
  MANAGERS,
  type ManagerName,
  MOVING_CONFIG,
} from '../../src/knowledge/package-managers.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';
import { argumentsOf } from './folders.ts';
import { type Account, accountOf, copiedFile, hasFlag, homeOf, imagePath, rowOf, type Use, variable } from './run.ts';
import { firstBefore, type Marks, marksOf, withKeyword } from './stages.ts';

export interface Mount {
  readonly target: string;
  readonly sharing: 'shared' | 'locked';
  readonly id?: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Target {
  readonly mount: Mount;
  /** `NAME=value` that the command needs in front of it. */
  readonly assign?: string;
}

/** A path that means the same to the shell, to every version of the builder and to the reader. */
const PLAIN_PATH = /^(?:\/[\w.@+-]+)+$/;

function expand(use: Use, call: Invocation, path: string): string {
  const below = /^(?:~|\/usr\/local\/share)\/\.cache(\/.+)$/.exec(path)?.[1];
  const moved = below === undefined ? undefined : variable(use.run, call.command, 'XDG_CACHE_HOME');
  if (moved) return `${known(moved.value, 'XDG_CACHE_HOME')}${below}`;
  if (path.startsWith('~/')) return `${homeOf(use.run, call.command)}${path.slice(1)}`;
  const [, name, rest] = /^\$([A-Z_]+)(.*)$/.exec(path) ?? [];
  if (name === undefined) return path;
  const row = rowOf(use.cache);
  const set = variable(use.run, call.command, name);
  if (set) return `${known(set.value, name)}${rest}`;
  const image = imagePath(use.run.stage);
  if (name === 'GRADLE_USER_HOME' && image && GRADLE_IMAGE.image.test(image.path)) return `${GRADLE_IMAGE.home}${rest}`;
  if (row.varsFor && !(image && use.run.stage.base && row.varsFor.test(image.path))) {
    return stop('unknown-cache-path', `where ${name} is in this image is not known, and the cache is below it`);
  }
  if (!use.run.stage.base) return stop('unknown-base', `the base image may set ${name}, and the cache is below it`);
  return expand(use, call, `${row.vars?.[name]}${rest}`);
}

function known(value: string | undefined, name: string): string {
  return value ?? stop('cache-moved', `${name} is set to something that is not known before the build`);
}

/** The folder that a variable or a flag names outright. */
function named(
  use: Use,
  call: Invocation,
  path: CachePath,
): { readonly path: string; readonly by: string } | undefined {
  for (const flag of path.flags ?? []) {
    if (hasFlag(call, flag)) return { path: known(call.command.value(flag), flag), by: flag };
  }
  for (const name of path.env ?? []) {
    const set = variable(use.run, call.command, name);
    if (set) return { path: known(set.value, name), by: name };
  }
  return undefined;
}

function owner({ root, uid, gid }: Account): Pick<Mount, 'uid' | 'gid'> {
  return root ? {} : { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

/** The mounts of one call. @throws Stop where the folder is not known or cannot be given to the account */
export function targetsOf(use: Use, call: Invocation, paths: readonly CachePath[]): readonly Target[] {
  const row = rowOf(use.cache);
  checkMoved(use, call);
  const account = accountOf(use.run, call.command);
  const own = owner(account);
  const image = imagePath(use.run.stage);
  const isOwned = row.owned === true || (use.cache === 'gradle' && !!image && GRADLE_IMAGE.image.test(image.path));
  return paths
    .filter(({ user }) => user === undefined || (user === 'root') === account.root)
    .map((path): Target => {
      const { sharing } = row;
      const isMusl = row.compiles === true && isMuslStage(use.run.stage);
      const mount = (place: string): Mount => {
        const target = plain(place);
        const id = row.id ?? (isMusl ? muslId(target) : undefined);
        return { target, sharing, ...(id !== undefined && { id }), ...own };
      };
      const elsewhere = named(use, call, path);
      if (elsewhere) return { mount: mount(elsewhere.path) };
      const mustName = row.named === true || !account.root;
      if (mustName && path.outside !== undefined && path.env?.[0] !== undefined) {
        if (call.command.wrappers.length > 0) {
          stop('wrapped-command', `${path.env[0]} would have to pass ${call.command.wrappers.join(' ')}`);
        }
        return { mount: mount(path.outside), assign: `${path.env[0]}=${path.outside}` };
      }
      if (!account.root && !isOwned) {
        const why = 'the folders above the cache would belong to root while a user that is not root runs the command';
        stop('non-root-cache', why);
      }
      return { mount: mount(expand(use, call, path.path)) };
    });
}

/** Whether programs are linked against musl: Alpine, which the use of apk tells where the base image is not known. */
function isMuslStage(stage: Stage): boolean {
  return stage.base ? stage.base.family === 'alpine' : hasApk(stage);
}

const hasApk = once((stage: Stage): boolean =>
  lineage(stage).some(({ instructions }) =>
    instructions.some(({ script }) => script?.commands.some(({ program }) => program === 'apk')),
  ),
);

/** A cache of its own for what was compiled against musl: `/root/.cache/pip` is `pip-musl`. */
const muslId = (target: string): string =>
  `${target.replace(/^.*\/\.cache\/|^\/(?:tmp\/)?/, '').replaceAll('/', '-')}-musl`;

function plain(path: string): string {
  const clean = path.replace(/\/+/g, '/').replace(/\/$/, '');
  if (!PLAIN_PATH.test(clean) || /\/\.\.?(?:\/|$)/.test(clean)) {
    stop('cache-moved', `the cache is at ${path}, which is not a plain absolute path`);
  }
  return clean;
}

/** What may have put the cache to a place that is not followed. */
function checkMoved(use: Use, call: Invocation): void {
  const { run, manager } = use;
  const { moves } = rowOf(use.cache);
  const flag = moves.flags.find((name) => hasFlag(call, name));
  if (flag !== undefined) stop('cache-moved', `${flag} may put the cache elsewhere`);
  for (const name of moves.env) {
    const set = variable(run, call.command, name);
    if (!set) continue;
    // MAVEN_OPTS is about much more than the folder
    const isOptions = /_(?:OPTS|ARGS)$/.test(name);
    const properties = moves.flags.filter((flag) => flag.startsWith('-D')).map((flag) => flag.slice(2));
    if (!(isOptions && set.value !== undefined && !properties.some((it) => set.value?.includes(it)))) {
      stop('cache-moved', `${name} puts the cache elsewhere`);
    }
  }
  for (const { name, says } of moves.files) {
    const path = copiedFile(run, name, call.cwd);
    const text = path === undefined ? undefined : run.project.read(path);
    if (text !== undefined && says.test(text)) stop('cache-moved', `${path} has settings for the cache`);
  }
  const mover =
    firstBefore(movesOf(run.document, manager), run.instruction, run.stage) ??
    movers(run.document).find((it) => it === run.instruction && isMove(it, manager));
  if (mover) stop('cache-moved', `\`${movingConfig(mover).text.slice(0, 60)}\` changes where the cache is`);
}

/** The RUNs that tell some manager where its cache is. */
const movers = once((document: Document): readonly Instruction[] =>
  MOVING_CONFIG.test(argumentsOf(document).text)
    ? withKeyword(document, 'RUN').filter((it) => movingConfig(it).program !== undefined)
    : [],
);

/** Those that tell one manager. */
const movesOf = (document: Document, manager: ManagerName): Marks =>
  marksOf(movers(document).filter((it) => isMove(it, manager)));

function isMove(instruction: Instruction, manager: ManagerName): boolean {
  const { program } = movingConfig(instruction);
  return program !== undefined && MANAGERS[manager].programs.test(program);
}

/** `RUN npm config set cache /x`: the words and the program. */
const movingConfig = once(({ keyword, args }: Instruction): { text: string; program?: string | undefined } => {
  const [text = '', program] = (keyword === 'RUN' && MOVING_CONFIG.exec(args.text)) || [];
  return { text, program };
});
