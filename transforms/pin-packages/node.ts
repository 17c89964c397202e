/** npm, yarn, pnpm and bun: the lock file is taken as it is where it holds what package.json asks for. */
import { posix } from 'node:path';
import type { Document } from '../../src/document.ts';
import type { Change, Edit } from '../../src/edit.ts';
import { within } from '../../src/project/manifests.ts';
import { type NodeFacts, nodeFacts } from '../../src/project/node.ts';
import { bunLock, type LockVerdict, npmLock, pnpmLock, yarnLock } from '../../src/project/node-locks.ts';
import type { Project } from '../../src/project/project.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { addLock } from './add-lock.ts';
import { type Install, optionalLock } from './find.ts';
import { bunFits, type Fitness, npmFits, pnpmFits, yarnFits } from './versions.ts';

type NodeManager = 'npm' | 'yarn' | 'pnpm' | 'bun';

export interface Reason {
  readonly code: string;
  readonly why: string;
}

const LOCKS: Readonly<Record<NodeManager, readonly string[]>> = {
  npm: ['npm-shrinkwrap.json', 'package-lock.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
};
/** Already exact, or not to be on purpose. */
const DECIDED = ['--frozen-lockfile', '--immutable', '--no-frozen-lockfile', '--no-immutable', '--pure-lockfile'];
const LOCK_OFF = /^\s*(?:package-lock|shrinkwrap)\s*=\s*false|^--?\s*install\.(?:no-lockfile|pure-lockfile)\s+true/m;

const VERBS: Readonly<Record<NodeManager, readonly string[]>> = {
  npm: ['install', 'i'],
  yarn: ['install', ''],
  pnpm: ['install', 'i'],
  bun: ['install', 'i'],
};

const isNode = (manager: string): manager is NodeManager => Object.hasOwn(VERBS, manager);

/** `npm install`, `yarn install` and `pnpm install` without packages behind it. */
export function isNodeInstall({ manager, verb, operands, action, global }: Invocation): boolean {
  if (!isNode(manager) || action !== 'install' || global || !VERBS[manager].includes(verb)) return false;
  return operands.length === 0;
}

export function nodePlan(document: Document, project: Project, install: Install): Change | Reason | undefined {
  const { call, folder, files } = install;
  const manager = call.manager as NodeManager;
  const { command } = call;
  if (command.has(...DECIDED)) return undefined;
  // both refuse to change the lock file then
  if (manager !== 'npm' && install.instruction.state.env.has('CI')) return undefined;
  const manifest = folder === undefined ? undefined : files.toContext(`${folder}/package.json`);
  if (manifest === undefined)
    return { code: 'manifest-unknown', why: 'its package.json does not come from the build context' };
  const dir = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
  const root = nodeFacts(project, dir);
  const lock = LOCKS[manager].map((name) => within(dir, name) as string).find((path) => project.kind(path) === 'file');
  if (!root || root === 'broken' || lock === undefined) return undefined;
  const missing = files.toContext(`${folder}/${posix.basename(lock)}`) === undefined;
  const addition = missing ? addLock(document, project, install, manifest, lock) : undefined;
  if (addition && 'code' in addition) return addition;
  const verdict =
    manager === 'npm'
      ? npmLock(project, root, lock, !isLegacy(project, install, root))
      : VERDICTS[manager](project, root, lock);
  const reason = obstacle(project, install, root, lock) ?? lockReason(verdict);
  if (reason || verdict.kind !== 'agrees') return reason;
  const away = verdict.packages.find(
    (path) => !install.files.sources.some(({ source }) => covers(source, within(path, 'package.json') as string)),
  );
  if (away !== undefined)
    return {
      code: 'lock-unclear',
      why: `${within(away, 'package.json')} belongs to the workspace and is not copied before the install`,
    };
  const fitness = FITNESS[manager](install, project, root, verdict.format);
  if (fitness && 'no' in fitness) return { code: 'version-unfit', why: fitness.no };
  const doubt = fitness?.doubt ?? optionalLock(document, project, install, lock, manifest);
  return changeOf(project, install, { root, lock, format: verdict.format, doubt, addition });
}

/** Peers are left alone: by the flag, the environment, or an .npmrc that reaches the image. */
function isLegacy(project: Project, { call, instruction, folder, files }: Install, { dir }: NodeFacts): boolean {
  const settings = files.toContext(`${folder}/.npmrc`) === undefined ? '' : project.read(within(dir, '.npmrc') ?? '');
  return (
    call.command.has('--legacy-peer-deps') ||
    ['npm_config_legacy_peer_deps', 'NPM_CONFIG_LEGACY_PEER_DEPS'].some(
      (name) => instruction.state.env.get(name) === 'true',
    ) ||
    /^\s*legacy-peer-deps\s*=\s*true\s*$/m.test(settings ?? '')
  );
}

const covers = (source: string, path: string): boolean =>
  source === '' || source === path || path.startsWith(`${source}/`);

const VERDICTS: Readonly<
  Record<Exclude<NodeManager, 'npm'>, (project: Project, root: NodeFacts, lock: string) => LockVerdict>
> = {
  yarn: yarnLock,
  pnpm: pnpmLock,
  bun: bunLock,
};

const FITNESS: Readonly<
  Record<NodeManager, (install: Install, project: Project, root: NodeFacts, format: string) => Fitness>
> = {
  npm: (install, _project, _root, format) => npmFits(install, format),
  yarn: yarnFits,
  pnpm: (install, _project, root, format) => pnpmFits(install, root, format),
  bun: bunFits,
};

function lockReason(verdict: LockVerdict): Reason | undefined {
  if (verdict.kind === 'agrees') return undefined;
  return { code: verdict.kind === 'differs' ? 'lock-differs' : 'lock-unclear', why: verdict.why };
}

/** What happens in the image before the install, and around it. */
function obstacle(project: Project, install: Install, { dir }: NodeFacts, lock: string): Reason | undefined {
  const { call, instruction, before, unread, stage } = install;
  const settings = ['.npmrc', '.yarnrc'].map((name) => project.read(within(dir, name) ?? '') ?? '').join('\n');
  if (
    LOCK_OFF.test(settings) ||
    call.command.has(
      '--no-package-lock',
      '--no-lockfile',
      '--no-save',
      '--package-lock=false',
      '--no-shrinkwrap',
      '--no-lock',
    )
  ) {
    return { code: 'lock-ignored', why: `${lock} is there, and the install is told to leave it alone` };
  }
  const hidden = unread.find(({ start, end, args }) =>
    /package\.json|npm|yarn|pnpm|bun/.test(args.file.slice(start, end)),
  );
  if (hidden) return { code: 'manifest-changed', why: `line ${hidden.line} cannot be read, and speaks of packages` };
  for (const command of before) {
    if (
      command.args.some(({ raw }) => /package(?:-lock)?\.json|npm-shrinkwrap|yarn\.lock|pnpm-lock|bun\.lock/.test(raw))
    ) {
      return { code: 'manifest-changed', why: `\`${command.program}\` before it names package.json or the lock file` };
    }
    const earlier = invocation(command);
    const changes = earlier && !earlier.global && /^(?:npm|yarn|pnpm|bun)$/.test(earlier.manager);
    if (
      changes &&
      ['install', 'upgrade', 'remove'].includes(earlier.action) &&
      (earlier.operands.length > 0 || earlier.action !== 'install')
    ) {
      return {
        code: 'earlier-install',
        why: `\`${earlier.program} ${earlier.verb}\` before it changes what is installed`,
      };
    }
  }
  const mounted = instruction.flags.some(({ name, value }) => name === 'mount' && value.includes('node_modules'));
  const isVolume = stage.instructions.some((it) => it.keyword === 'VOLUME' && it.args.text.includes('node_modules'));
  if (call.manager === 'npm' && (mounted || isVolume))
    return { code: 'modules-mounted', why: 'npm ci removes node_modules first, which is mounted here' };
  return undefined;
}

interface Findings {
  readonly root: NodeFacts;
  readonly lock: string;
  readonly format: string;
  readonly doubt: string | undefined;
  readonly addition: Edit | undefined;
}

function changeOf(project: Project, install: Install, found: Findings): Change | undefined {
  const { call, at } = install;
  const { manager } = call;
  const { lock, root, format, addition } = found;
  const { command, verb } = call;
  const word = command.args.find(({ literal }) => verb !== '' && literal === verb);
  const flag = manager === 'yarn' && format === 'berry' ? '--immutable' : '--frozen-lockfile';
  if (manager === 'npm' && !word) return undefined;
  const own: Edit =
    manager === 'npm' && word ? { start: word.start, end: word.end, text: 'ci' } : command.insertWords(flag, word);
  // they say where `npm install x` notes x down
  const idle =
    manager === 'npm' ? command.args.filter(({ literal }) => /^(?:--save(?:-\w+)?|-[SDEPO])$/.test(literal ?? '')) : [];
  const dropped = idle.length > 0 ? (command.removeWords(idle) ?? []) : [];
  const name = posix.basename(lock);
  const written = manager === 'npm' ? 'npm ci' : `${call.program} ${verb === '' ? '' : `${verb} `}${flag}`;
  const along = addition ? `${name} is copied along with package.json. ` : '';
  const doubt = found.doubt === undefined ? '' : ` ${found.doubt}`;
  return {
    title: `${call.program}${verb === '' ? '' : ` ${verb}`} becomes ${written}`,
    why: `${along}The versions are those of ${name}, which holds what package.json asks for; where the two disagree one day, the build stops.${doubt}`,
    evidence: [
      { file: project.rootPath(root.manifest), says: `${root.dependencies.length} dependencies` },
      { file: project.rootPath(lock), says: `holds every one of them (version ${format})` },
    ],
    level: found.doubt === undefined ? 'review' : 'risky',
    at,
    edits: addition ? [addition, own, ...dropped] : [own, ...dropped],
  };
}
