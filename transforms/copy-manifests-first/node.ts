/** npm, yarn, pnpm and bun: what an install in the folder of a package reads. */
import { posix } from 'node:path';
import { LIFECYCLE } from '../../src/knowledge/install-inputs.ts';
import { presentIn, upwards, within } from '../../src/project/manifests.ts';
import { type NodeFacts, nodeFacts } from '../../src/project/node.ts';
import { type Found, scriptsOf } from './node-scripts.ts';
import { type Call, counted, isObstacle, missing, type Obstacle, obstacle, placed, type Verdict } from './types.ts';

/** Members of a workspace that are still named one by one. */
const MEMBER_LIMIT = 10;
/** Settings whose value is a file or folder. Source: npm/cli:docs config, yarnpkg/berry: yarnrc.yml, yarnpkg/yarn: yarnrc. */
const NAMES_FILE =
  /^\s*-?\s*"?(yarn-path|yarnPath|path|cafile|httpsCaFilePath|yarn-offline-mirror|cacheFolder|pnpmfile|injectEnvironmentFiles)"?\s*(?:=|:|\s)\s*["']?([^"'\s]*)/;
/** `npm install-test` and the like run the tests as well. */
const TESTS = /^(?:it|cit|install-test|install-ci-test|clean-install-test)$/;

export function nodeNeeds(call: Call): Verdict {
  const { invocation, project, dir } = call;
  const { manager, verb, operands } = invocation;
  if (TESTS.test(verb)) return obstacle('reads-more', `${manager} ${verb} runs the tests as well`);
  if (
    operands.length > 0 ||
    /^(?:add|require|deploy|workspaces focus)$/.test(verb) ||
    invocation.action === 'upgrade'
  ) {
    return obstacle(
      'adds-packages',
      `${[manager, verb, ...operands.map(({ raw }) => raw)].join(' ')} changes package.json`,
    );
  }
  const root = packageAt(call, dir);
  if (isObstacle(root)) return root;
  const above = upwards(dir)
    .slice(1)
    .filter((folder) => inTop(call, folder));
  for (const folder of above) {
    const outer = nodeFacts(project, folder);
    if (
      (outer && outer !== 'broken' && outer.workspaces.length > 0) ||
      presentIn(project, folder, ['pnpm-workspace.yaml']).length > 0
    ) {
      return obstacle(
        'workspaces',
        `${dir}/package.json may be a member of the workspace of ${folder === '' ? 'the context root' : folder}`,
      );
    }
  }
  const found: Found = { files: [], folders: [], evidence: [], generated: [] };
  const packages = [root];
  const members = membersOf(call, root);
  if (isObstacle(members)) return members;
  packages.push(...members);
  const isSilent =
    invocation.flags.some((flag) => flag.literal === '--ignore-scripts') ||
    /^ignore-scripts\s*=\s*true/m.test(project.read(within(dir, '.npmrc') ?? '') ?? '');
  for (const facts of packages) {
    found.files.push(facts.manifest);
    if (facts === root) {
      const problem = settingsOf(call, root) ?? locksOf(call, root, found);
      if (problem) return problem;
    }
    const problem =
      dependenciesOf(call, facts, found) ?? (isSilent ? undefined : scriptsOf(call, facts, found, new Set()));
    if (problem) return problem;
  }
  found.evidence.unshift({ file: root.manifest, says: summary(root, members, isSilent) });
  const { files, folders, evidence } = found;
  const modules = packages.map((it) => ({ pattern: '**/node_modules', at: within(it.dir, 'node_modules') as string }));
  return { files, folders, evidence, generated: [...modules, ...found.generated] };
}

const inTop = ({ top }: Call, folder: string): boolean => top === '' || folder === top || folder.startsWith(`${top}/`);

function summary(root: NodeFacts, members: readonly NodeFacts[], isSilent: boolean): string {
  const workspace = members.length > 0 ? `, ${members.length} workspace members` : '';
  const scripts = LIFECYCLE.some((name) => root.scripts.has(name));
  return `${counted(root.dependencies.length, 'dependency', 'dependencies')}, none from the source${workspace}; ${
    scripts && !isSilent ? 'its install scripts read only what is copied' : 'no script of it reads the source'
  }`;
}

function packageAt(call: Call, dir: string): NodeFacts | Obstacle {
  const path = within(dir, 'package.json') ?? 'package.json';
  const absent = missing(call, path);
  if (absent) return absent;
  const facts = nodeFacts(call.project, dir);
  if (facts === undefined || facts === 'broken') return obstacle('manifest-unreadable', `${path} is not a JSON object`);
  return facts;
}

/** The packages of a workspace, in order. */
function membersOf(call: Call, root: NodeFacts): readonly NodeFacts[] | Obstacle {
  const members = new Map<string, NodeFacts>();
  for (const pattern of root.workspaces) {
    const place = within(root.dir, pattern.replace(/\/$/, ''));
    if (place === undefined || /^!|\*\*|[{}]/.test(pattern)) {
      return obstacle('workspaces', `${root.manifest} names its workspace members with the pattern ${pattern}`);
    }
    for (const dir of call.project.glob(place)) {
      if (dir === root.dir || call.project.kind(within(dir, 'package.json') ?? '') !== 'file') continue;
      const facts = packageAt(call, dir);
      if (isObstacle(facts)) return facts;
      // the link to a program is made by the install, and only where the program is there
      if (facts.hasBin) return obstacle('workspaces', `${facts.manifest} has programs (bin) that the install links to`);
      members.set(dir, facts);
    }
  }
  if (members.size > MEMBER_LIMIT)
    return obstacle('too-many-manifests', `the workspace of ${root.manifest} has ${members.size} members`);
  return [...members.values()];
}

/** Lock files and settings, in the order in which they are looked for. */
function locksOf(call: Call, root: NodeFacts, found: Found): Obstacle | undefined {
  const { project, dir, invocation } = call;
  const add = (...names: string[]) => found.files.push(...presentIn(project, dir, names));
  const npmLock = ['npm-shrinkwrap.json', 'package-lock.json'].find((name) => root.has(name));
  const addFolder = (name: string) => {
    const path = within(dir, name);
    if (path !== undefined && project.kind(path) === 'dir' && !project.ignored(path)) found.folders.push(path);
  };
  switch (invocation.manager) {
    case 'npm':
      add(npmLock ?? 'yarn.lock', '.npmrc');
      break;
    case 'bun':
      add(
        ...(root.has('bun.lock') || root.has('bun.lockb') ? ['bun.lock', 'bun.lockb'] : [npmLock ?? 'yarn.lock']),
        'bunfig.toml',
        '.npmrc',
      );
      break;
    case 'pnpm': {
      add('pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs', 'pnpmfile.js');
      const hook = ['.pnpmfile.cjs', 'pnpmfile.js'].find((name) =>
        /\brequire\(\s*['"]\.|\bimport\b/.test(project.read(within(dir, name) ?? '') ?? ''),
      );
      if (hook) return obstacle('reads-more', `${hook} loads other files`);
      break;
    }
    default: {
      add('yarn.lock', '.yarnrc', '.yarnrc.yml', '.npmrc');
      for (const name of ['.yarn/releases', '.yarn/plugins', '.yarn/patches', '.yarn/cache']) addFolder(name);
      const settings = project.read(within(dir, '.yarnrc.yml') ?? '') ?? '';
      const isBerry = settings !== '' || /^yarn@(?:[2-9]|\d\d)/.test(root.packageManager ?? '');
      if (isBerry && !/^nodeLinker:\s*["']?node-modules/m.test(settings)) {
        return obstacle(
          'writes-into-source',
          'yarn writes .pnp.cjs beside package.json (nodeLinker is not node-modules), where the copy would overwrite it',
        );
      }
    }
  }
  for (const path of root.patches) {
    if (project.kind(path) !== 'file')
      return obstacle('reads-more', `${root.manifest} names the patch ${path}, which does not exist`);
    const folder = posix.dirname(path);
    if (folder === '.' || folder === dir) found.files.push(path);
    else if (!found.folders.includes(folder)) found.folders.push(folder);
  }
  const patch = /"patch:[^"]*#(?!~?(?:builtin<|\.\/?\.yarn\/patches|\.yarn\/patches))[^"]*"/.exec(root.text)?.[0];
  return patch ? obstacle('local-dependency', `${root.manifest} uses a patch from the source: ${patch}`) : undefined;
}

/** Settings that name files of the project beside those that are copied: certificates, mirrors, hooks. */
function settingsOf(call: Call, root: NodeFacts): Obstacle | undefined {
  for (const name of ['.npmrc', '.yarnrc', '.yarnrc.yml', 'bunfig.toml', 'pnpm-workspace.yaml']) {
    const path = within(call.dir, name) as string;
    for (const [index, line] of (root.has(name) ? (call.project.read(path) ?? '') : '').split(/\r?\n/).entries()) {
      const [, key, value = ''] = NAMES_FILE.exec(line) ?? [];
      if (key !== undefined && !/^(?:\/|(?:\.\/)?\.yarn\/(?:releases|plugins|patches|cache)\b)/.test(value)) {
        return obstacle('reads-more', `${path}, line ${index + 1}, says ${line.trim()}`);
      }
      if (/^\s*inject-?workspace-?packages\s*[=:]\s*true/i.test(line))
        return obstacle('workspaces', `${path}, line ${index + 1}, copies workspace members at install`);
    }
  }
  return /"injected"\s*:\s*true/.test(root.text)
    ? obstacle('workspaces', `${root.manifest} copies workspace members at install (injected)`)
    : undefined;
}

/** `file:`, `link:`, `portal:` and plain paths. */
function dependenciesOf(call: Call, facts: NodeFacts, found: Found): Obstacle | undefined {
  const { project } = call;
  for (const { name, spec, line } of facts.dependencies) {
    const path =
      /^(?:file|link|portal):(.*)$/.exec(spec)?.[1] ?? (/^(?:\.{1,2}(?:\/|$)|\/|~\/)/.test(spec) ? spec : undefined);
    if (path === undefined) continue;
    const place = path.startsWith('/') || path.startsWith('~') ? undefined : within(facts.dir, path);
    const says = `${placed(facts.manifest, line)} depends on ${name} at ${spec}`;
    if (
      place === undefined ||
      place === '' ||
      !inTop(call, place) ||
      call.dir.startsWith(`${place}/`) ||
      call.dir === place
    ) {
      return obstacle('local-dependency', `${says}, which is not a part of what is copied`);
    }
    if (project.kind(place) === 'file' && !project.ignored(place)) {
      found.files.push(place);
    } else {
      const inner = nodeFacts(project, place);
      if (inner === undefined || inner === 'broken' || project.ignored(place))
        return obstacle('local-dependency', `${says}, which cannot be read`);
      const script = LIFECYCLE.find((it) => inner.scripts.has(it));
      if (script) return obstacle('local-dependency', `${says}, which has the install script ${script}`);
      const nested = inner.dependencies.find((it) => /^(?:file|link|portal):|^\.{1,2}\//.test(it.spec));
      if (nested) return obstacle('local-dependency', `${says}, which depends on ${nested.spec} itself`);
      found.folders.push(place);
    }
    found.evidence.push({ file: facts.manifest, ...(line !== undefined && { line }), says: `"${name}": "${spec}"` });
  }
  return undefined;
}
