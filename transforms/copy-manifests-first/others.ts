/** composer, bundler, maven, gradle, dotnet and cargo: what an install reads. */
import { posix } from 'node:path';
import { HARMLESS_COMPOSER_PLUGINS } from '../../src/knowledge/install-inputs.ts';
import { dotnetDefault, dotnetFacts, dotnetSurroundings } from '../../src/project/dotnet.ts';
import { gradleFacts, mavenFacts } from '../../src/project/java.ts';
import { type Fact, presentIn, sends, within } from '../../src/project/manifests.ts';
import { phpFacts } from '../../src/project/php.ts';
import { rubyFacts } from '../../src/project/ruby.ts';
import { plainCall } from './python.ts';
import { type Call, counted, missing, obstacle, placed, type Verdict } from './types.ts';

const parentOf = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));
const unique = (paths: readonly string[]): string[] => [...new Set(paths)];
const isCopied = ({ top }: Call, path: string): boolean => top === '' || path.startsWith(`${top}/`);

/** The packages first, without scripts and autoloader; the install as written, behind the copy, finds them there. */
export function composerNeeds(call: Call): Verdict {
  const { invocation, project, dir } = call;
  const { command, verb } = invocation;
  if (invocation.action === 'upgrade')
    return obstacle('adds-packages', `composer ${verb} looks for newer packages and writes composer.lock`);
  if (!/^(?:install|i)$/.test(verb)) return obstacle('adds-packages', `composer ${verb} changes composer.json`);
  const path = within(dir, 'composer.json') as string;
  const absent = missing(call, path);
  if (absent) return absent;
  const facts = phpFacts(project, dir);
  if (facts === undefined || facts === 'broken') return obstacle('manifest-unreadable', `${path} is not a JSON object`);
  const [local] = facts.local;
  if (local)
    return obstacle(
      'local-dependency',
      `${placed(path, local.line)} has ${local.says}, which reads files of the project`,
    );
  const files = [path, ...presentIn(project, dir, ['composer.lock', 'auth.json', 'symfony.lock'])];
  if (facts.plugins === 'all') return obstacle('reads-more', `${path} lets every plugin run`);
  const plugin = facts.plugins.find(
    (name) =>
      !HARMLESS_COMPOSER_PLUGINS.has(name) ||
      (name === 'symfony/flex' && files.at(-1)?.endsWith('symfony.lock') !== true),
  );
  if (plugin)
    return obstacle('reads-more', `${path} allows the plugin ${plugin}, which may read and write files of the project`);
  const isBare = command.has('--no-scripts') && command.has('--no-autoloader');
  const flags = ['--no-scripts', '--no-autoloader'].filter((flag) => !command.has(flag));
  const warm = isBare ? undefined : plainCall(call, ...flags);
  if (typeof warm === 'object') return warm;
  return {
    files,
    folders: [],
    evidence: [{ file: path, says: `${counted(facts.requires.length, 'package', 'packages')}, none from the project` }],
    generated: [{ pattern: dir === '' ? 'vendor' : `${dir}/vendor`, at: within(dir, 'vendor') as string }],
    ...(warm !== undefined && { warm }),
  };
}

export function bundlerNeeds(call: Call): Verdict {
  const { invocation, project, dir, env } = call;
  const { verb, command } = invocation;
  if (!/^(?:install|i|)$/.test(verb)) return obstacle('reads-more', `bundle ${verb} does more than install`);
  const gemfile = within(dir, 'Gemfile') as string;
  const facts = rubyFacts(project, dir);
  if (!facts) return missing(call, gemfile);
  const absent = missing(call, facts.manifest);
  if (absent) return absent;
  if (invocation.requirementFiles.length > 0)
    return obstacle('reads-more', 'bundle install --gemfile reads another Gemfile');
  const [reach] = facts.reaches;
  if (reach)
    return obstacle(
      reach.kind === 'path' ? 'local-dependency' : 'reads-more',
      `${facts.manifest}, line ${reach.line}, says ${reach.says}`,
    );
  const settings = presentIn(project, dir, ['.bundle/config']);
  const isLocal =
    command.has('--deployment', '--path', '--standalone') ||
    [env.get('BUNDLE_PATH'), project.read(settings[0] ?? '')].some(
      (text) => text !== undefined && /vendor\/bundle/.test(text),
    ) ||
    env.has('BUNDLE_DEPLOYMENT');
  if (isLocal && settings.length > 0)
    return obstacle('writes-into-source', `${settings[0]} is copied, and the install may write it`);
  const cache = within(dir, 'vendor/cache') as string;
  return {
    files: [
      facts.manifest,
      ...(facts.lock === undefined ? [] : [facts.lock]),
      ...presentIn(project, dir, ['.ruby-version', '.tool-versions']).filter(() =>
        /^\s*ruby\s+file:/m.test(facts.text),
      ),
      ...settings,
    ],
    folders: project.kind(cache) === 'dir' && !project.ignored(cache) ? [cache] : [],
    evidence: [{ file: facts.manifest, says: 'only gems from a server' }],
    generated: isLocal ? [{ pattern: '**/vendor/bundle', at: within(dir, 'vendor/bundle') as string }] : [],
  };
}

const BUILD_ONLY = (manager: string, verb: string): Verdict =>
  obstacle('build-only', `${manager} ${verb} fetches the packages and compiles the source in one go`);

export function mavenNeeds(call: Call): Verdict {
  const { invocation, project, dir } = call;
  const { operands, command } = invocation;
  const path = call.resolve(invocation.requirementFiles.at(-1) ?? 'pom.xml');
  if (path === undefined) return undefined;
  if (project.kind(path) === undefined) {
    return invocation.action === 'install' ? missing(call, path) : undefined;
  }
  const goals = operands.map((word) => word.literal ?? '');
  if (
    goals.length === 0 ||
    !goals.every((goal) => /(?:^|:)(?:go-offline|resolve|resolve-plugins|resolve-dependencies)$/.test(goal))
  )
    return BUILD_ONLY('maven', goals.join(' '));
  const files: string[] = [];
  const open = [path];
  for (let pom = open.pop(); pom !== undefined; pom = open.pop()) {
    if (files.includes(pom)) continue;
    if (!isCopied(call, pom)) return obstacle('local-dependency', `${pom} is not a part of what is copied`);
    const absent = missing(call, pom);
    if (absent) return absent;
    const facts = mavenFacts(project, pom);
    if (!facts) return obstacle('manifest-unreadable', `${pom} cannot be read`);
    const [local] = facts.local;
    if (local) return obstacle('local-dependency', `${placed(pom, local.line)} says ${local.says}`);
    files.push(pom);
    for (const next of [facts.parent, ...facts.modules.toReversed()]) {
      if (next !== undefined) open.push(next);
      else if (next === undefined && facts.modules.includes(undefined))
        return obstacle('workspaces', `${pom} has a module outside of the context`);
    }
  }
  const settings = command.value('-s', '--settings');
  const given = settings === undefined ? undefined : call.resolve(settings);
  if (given !== undefined) files.push(given);
  const folder = within(dir, '.mvn') as string;
  return {
    files: [...files, ...wrapperOf(call, 'mvnw')],
    folders: project.kind(folder) === 'dir' && !project.ignored(folder) ? [folder] : [],
    evidence: files.map((file): Fact => ({ file, says: 'dependencies and plugins from repositories' })),
    generated: [],
  };
}

/** The wrapper where it is what is called: `./mvnw`, `sh gradlew`. */
function wrapperOf(call: Call, name: string): string[] {
  return call.invocation.program === name ? presentIn(call.project, call.dir, [name]) : [];
}

export function gradleNeeds(call: Call): Verdict {
  const { invocation, project, dir } = call;
  const facts = gradleFacts(project, dir);
  if (!facts) return invocation.action === 'install' ? missing(call, within(dir, 'build.gradle') as string) : undefined;
  const tasks = invocation.operands.map((word) => word.literal ?? '');
  if (tasks.length === 0 || !tasks.every((task) => /(?:^|:)(?:dependencies|buildEnvironment)$/.test(task)))
    return BUILD_ONLY('gradle', tasks.join(' '));
  if (facts.obstacle)
    return obstacle('reads-more', `${facts.obstacle.file}, line ${facts.obstacle.line}, says ${facts.obstacle.says}`);
  const files = [
    ...wrapperOf(call, 'gradlew'),
    ...(facts.settings ? [facts.settings] : []),
    ...facts.builds,
    ...presentIn(project, dir, ['gradle.properties']),
  ];
  const dirs = ['gradle', 'buildSrc']
    .map((name) => within(dir, name) as string)
    .filter((it) => project.kind(it) === 'dir' && !project.ignored(it));
  if (invocation.program === 'gradlew' && !sends(project, within(dir, 'gradle/wrapper/gradle-wrapper.jar') as string)) {
    return obstacle('manifest-missing', 'gradle/wrapper/gradle-wrapper.jar does not reach the build');
  }
  const generated = [{ pattern: '**/.gradle', at: within(dir, '.gradle') as string }];
  return {
    files,
    folders: dirs,
    evidence: facts.builds.map((file) => ({ file, says: 'dependencies from repositories' })),
    generated,
  };
}

export function dotnetNeeds(call: Call): Verdict {
  const { invocation, project } = call;
  const { verb, operands, command } = invocation;
  const operand = operands[0];
  const given = call.resolve(operand?.literal ?? '.');
  if (verb === 'tool restore') return obstacle('reads-more', 'dotnet tool restore reads .config/dotnet-tools.json');
  if (verb !== 'restore') {
    const fetches = /^(?:build|publish|pack|test)$/.test(verb) && !command.has('--no-restore');
    const isHere =
      given !== undefined &&
      (project.kind(given) === 'file' || project.list(given).some((name) => /(?:proj|\.slnx?)$/.test(name)));
    return fetches && isHere ? BUILD_ONLY('dotnet', verb) : undefined;
  }
  if (operand && operand.literal === undefined) {
    return obstacle('not-fixed', `what dotnet restore reads depends on ${operand.raw}`);
  }
  if (given === undefined) return undefined;
  const path = project.kind(given) === 'dir' || given === '' ? dotnetDefault(project, given) : given;
  if (path === undefined)
    return obstacle('manifest-missing', `there is no single project file in ${given === '' ? 'the context' : given}`);
  const files: string[] = [];
  const open = [path];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.includes(file)) continue;
    if (!isCopied(call, file)) return obstacle('local-dependency', `${file} is not a part of what is copied`);
    const absent = missing(call, file);
    if (absent) return absent;
    files.push(file);
    const facts = dotnetFacts(project, file);
    for (const { path: next, says, line } of facts?.references.toReversed() ?? []) {
      if (next === undefined) return obstacle('reads-more', `${placed(file, line)} says ${says}`);
      open.push(next);
    }
  }
  const extra: string[] = [];
  for (const folder of unique(files.map(parentOf))) {
    for (const near of [
      ...dotnetSurroundings(project, folder, call.top),
      ...presentIn(project, folder, ['packages.lock.json']),
    ]) {
      if (extra.includes(near) || project.ignored(near)) continue;
      const text = project.read(near) ?? '';
      const local = /<Import\s[^>]*>|System\.IO\.File[^<]*|<add\s[^>]*value="(?!https?:)[^"]*[\\/.][^"]*"[^>]*>/.exec(
        text,
      )?.[0];
      if (local) return obstacle('reads-more', `${near} says ${local}`);
      extra.push(near);
    }
  }
  const generated = unique(files.filter((file) => /proj$/.test(file)).map(parentOf)).map((folder) => ({
    pattern: '**/obj',
    at: within(folder, 'obj') as string,
  }));
  return {
    files: [...files, ...extra],
    folders: [],
    evidence: files.map((file) => ({
      file,
      says: 'packages from a feed; the projects that it refers to are copied too',
    })),
    generated,
  };
}

export function cargoNeeds(call: Call): Verdict {
  const { invocation, project, dir } = call;
  if (invocation.verb === 'install' && invocation.command.value('--path') === undefined) return undefined;
  if (/^(?:install|fetch|vendor|chef cook)$/.test(invocation.verb) || invocation.action === 'build') {
    const path = within(dir, 'Cargo.toml') as string;
    if (project.kind(path) !== 'file') return undefined;
    return obstacle(
      'build-only',
      `cargo ${invocation.verb} needs the source of every target to be there, even to fetch the crates of ${path}`,
    );
  }
  return undefined;
}
