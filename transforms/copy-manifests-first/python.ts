/** pip, pipenv, poetry, uv, pdm and conda: what an install reads. */
import { type Fact, presentIn, sends, within } from '../../src/project/manifests.ts';
import {
  besides,
  condaPipEntries,
  localPath,
  pipfileFacts,
  pyprojectFacts,
  requirementsFacts,
} from '../../src/project/python.ts';
import { type Call, missing, type Obstacle, obstacle, placed, type Verdict } from './types.ts';

/** Flags of pip with a folder that is written. */
const TARGETS = ['-t', '--target', '--prefix', '--root', '--src', '-d', '--dest', '-w', '--wheel-dir'];
const FILE_LIMIT = 20;

interface Found {
  readonly files: string[];
  readonly folders: string[];
  readonly evidence: Fact[];
}

export function pipNeeds(call: Call): Verdict {
  const { invocation, dir } = call;
  const { command, operands, requirementFiles, verb } = invocation;
  const found: Found = { files: [], folders: [], evidence: [] };
  if (invocation.flags.some((flag) => flag.literal === '--group'))
    return obstacle('reads-more', 'pip --group reads pyproject.toml');
  if (/^(?:develop|install)$/.test(verb) && invocation.program.endsWith('setup.py')) {
    return obstacle('reads-more', `setup.py ${verb} builds the project from its source`);
  }
  if (invocation.program !== 'pip-sync') {
    for (const word of operands) {
      if (word.literal === undefined && /^["']?[$.]|\//.test(word.raw))
        return obstacle('not-fixed', `what pip installs depends on ${word.raw}`);
      const path = localPath(word.literal ?? word.raw);
      const place = path === undefined ? undefined : call.resolve(path);
      if (place === undefined) continue;
      if (!/\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)$/.test(place) || !sends(call.project, place)) {
        return obstacle('reads-more', `pip ${verb} ${word.raw} builds the project from its source`);
      }
      found.files.push(place);
    }
  }
  const editable = command.value('-e', '--editable');
  if (
    (editable === undefined && command.has('-e', '--editable')) ||
    (editable !== undefined && call.resolve(localPath(editable) ?? '/') !== undefined)
  ) {
    return obstacle('reads-more', `pip install -e ${editable ?? ''} links to the source`.replace('  ', ' '));
  }
  for (const file of requirementFiles) {
    if (file === undefined) return obstacle('not-fixed', 'the name of the requirements file depends on a variable');
    const place = /^[a-z]+:\/\//.test(file) ? undefined : call.resolve(file);
    const problem = place === undefined ? undefined : requirementsOf(call, place, found);
    if (problem) return problem;
  }
  if (found.files.length === 0) return undefined;
  for (const flag of TARGETS) {
    const value = command.value(flag);
    if (value !== undefined && call.resolve(value) !== undefined) {
      return obstacle('writes-into-source', `pip installs into ${value}, where the copy would be laid over it`);
    }
    if (value === undefined && command.has(flag))
      return obstacle('not-fixed', `the folder of ${flag} depends on a variable`);
  }
  if (/^(?:wheel|download)$/.test(verb) && !TARGETS.slice(-4).some((flag) => command.has(flag))) {
    return obstacle(
      'writes-into-source',
      `pip ${verb} writes its packages into ${dir === '' ? 'the folder' : dir} that is copied`,
    );
  }
  return { ...found, generated: [] };
}

/** A requirements file and what it includes. */
function requirementsOf(call: Call, path: string, found: Found): Obstacle | undefined {
  if (found.files.includes(path)) return undefined;
  const absent = missing(call, path);
  if (absent) return absent;
  const text = call.project.read(path);
  if (text === undefined) return obstacle('manifest-unreadable', `${path} cannot be read`);
  if (found.files.length >= FILE_LIMIT)
    return obstacle('too-many-manifests', `${path} is one of more than ${FILE_LIMIT} files`);
  found.files.push(path);
  const entries = requirementsFacts(text);
  found.evidence.push({
    file: path,
    says:
      entries.length === 0
        ? 'only packages from an index'
        : 'packages from an index, and the files that are copied with it',
  });
  for (const { kind, path: written, line } of entries) {
    const says = `${placed(path, line)} names ${written}`;
    if (/[$]/.test(written)) return obstacle('not-fixed', `${says}, which depends on a variable`);
    // -r and -c are seen from the file, everything else from the folder that pip works in
    const isInclude = kind === 'include' || kind === 'constraint';
    const place = isInclude && !written.startsWith('/') ? besides(path, written) : call.resolve(written);
    if (place === undefined || !isCopied(call, place))
      return obstacle('local-dependency', `${says}, which is not a part of what is copied`);
    if (isInclude) {
      const problem = requirementsOf(call, place, found);
      if (problem) return problem;
    } else if (kind === 'editable') {
      return obstacle('reads-more', `${says} as editable: it stays linked to the source`);
    } else if (sends(call.project, place)) {
      found.files.push(place);
    } else if (place === '' || place === call.top || place === call.dir) {
      return obstacle('reads-more', `${says}, the project itself`);
    } else if (call.project.kind(place) === 'dir' && !call.project.ignored(place)) {
      found.folders.push(place);
    } else {
      return obstacle('local-dependency', `${says}, which does not exist in the build context`);
    }
  }
  return undefined;
}

const isCopied = ({ top }: Call, place: string): boolean => top === '' || place === top || place.startsWith(`${top}/`);

export function condaNeeds(call: Call): Verdict {
  const found: Found = { files: [], folders: [], evidence: [] };
  for (const file of call.invocation.requirementFiles) {
    if (file === undefined) return obstacle('not-fixed', 'the name of the environment file depends on a variable');
    const place = call.resolve(file);
    if (place === undefined) continue;
    const absent = missing(call, place);
    if (absent) return absent;
    found.files.push(place);
    const entries = condaPipEntries(call.project.read(place) ?? '');
    for (const { entry, line } of entries) {
      const included = /^(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)$/.exec(entry)?.[1];
      const at = included === undefined ? undefined : besides(place, included);
      if (at === undefined) return obstacle('reads-more', `${placed(place, line)} has the entry ${entry}`);
      const problem = requirementsOf(call, at, found);
      if (problem) return problem;
    }
    found.evidence.unshift({ file: place, says: 'an environment of packages from channels and an index' });
  }
  if (found.files.length === 0 && /^env /.test(call.invocation.verb)) {
    return obstacle('not-fixed', `${call.invocation.manager} ${call.invocation.verb} names no environment file`);
  }
  return found.files.length === 0 ? undefined : { ...found, generated: [] };
}

const venv = (dir: string) => ({ pattern: '**/.venv', at: within(dir, '.venv') as string });

export function pipenvNeeds(call: Call): Verdict {
  const { invocation, project, dir, env } = call;
  if (invocation.operands.length > 0)
    return obstacle('adds-packages', `pipenv ${invocation.verb} ${invocation.operands[0]?.raw} changes Pipfile`);
  if (invocation.requirementFiles.length > 0) return obstacle('adds-packages', 'pipenv install -r changes Pipfile');
  const path = within(dir, 'Pipfile') as string;
  const absent = missing(call, path);
  if (absent) return absent;
  const facts = pipfileFacts(project, dir);
  if (facts === undefined || facts === 'broken') return obstacle('manifest-unreadable', `${path} is not valid TOML`);
  const [local] = facts.local;
  if (local) return obstacle('local-dependency', `${placed(path, local.line)} says ${local.says}`);
  return {
    files: [path, ...presentIn(project, dir, ['Pipfile.lock'])],
    folders: [],
    evidence: [{ file: path, says: 'only packages from an index' }],
    generated: env.has('PIPENV_VENV_IN_PROJECT') ? [venv(dir)] : [],
  };
}

/** How each manager fetches the dependencies and leaves the project itself for later. */
const WITHOUT_PROJECT = { poetry: '--no-root', uv: '--no-install-project', pdm: '--no-self' } as const;
const LOCKS = {
  poetry: ['poetry.lock', 'poetry.toml'],
  uv: ['uv.lock', 'uv.toml'],
  pdm: ['pdm.lock', 'pdm.toml'],
} as const;

/** poetry install, uv sync, pdm install: the dependencies first, the project itself behind the copy. */
export function projectNeeds(call: Call): Verdict {
  const { invocation, project, dir, env } = call;
  const { command, verb } = invocation;
  const manager = invocation.manager as keyof typeof WITHOUT_PROJECT;
  if (manager === 'uv' && verb.startsWith('pip ')) return pipNeeds(call);
  if (!/^(?:install|sync)$/.test(verb)) return obstacle('adds-packages', `${manager} ${verb} changes pyproject.toml`);
  const path = within(dir, 'pyproject.toml') as string;
  const absent = missing(call, path);
  if (absent) return absent;
  const facts = pyprojectFacts(project, dir);
  if (facts === undefined || facts === 'broken') return obstacle('manifest-unreadable', `${path} is not valid TOML`);
  const [local] = facts.local;
  if (local) return obstacle('local-dependency', `${placed(path, local.line)} says ${local.says}`);
  // uv and pdm may build the project to learn what is not written down
  const computed = facts.dynamic.find((field) => manager !== 'poetry' || /dependencies/.test(field));
  if (computed) return obstacle('reads-more', `${path} computes its ${computed} from the source`);
  if (facts.hasTool('poetry-dynamic-versioning')) return obstacle('reads-more', `${path} takes its version from git`);
  const flag = WITHOUT_PROJECT[manager];
  const isWithout = command.has(flag) || (manager === 'poetry' && !facts.isPackageMode);
  const warm = isWithout ? undefined : plainCall(call, flag);
  if (typeof warm === 'object') return warm;
  const noVenv =
    /\bcreate\s*=\s*false/.test(project.read(within(dir, 'poetry.toml') ?? '') ?? '') ||
    env.get('POETRY_VIRTUALENVS_CREATE') === 'false';
  return {
    files: [path, ...presentIn(project, dir, [...LOCKS[manager], '.python-version'])],
    folders: [],
    evidence: [{ file: path, says: 'only packages from an index' }],
    generated: manager === 'poetry' && noVenv ? [] : [venv(dir)],
    ...(warm !== undefined && { warm }),
  };
}

/** The command as written with one flag more; an obstacle where it spans lines or is redirected. */
export function plainCall({ invocation }: Call, ...flags: string[]): string | Obstacle {
  const { command, manager, verb } = invocation;
  const words = [command.nameWord, ...command.args].map((word) => word?.raw);
  if (command.redirected || command.piped || command.wrappers.length > 0 || words.includes(undefined)) {
    return obstacle('install-mixed-with-build', `${manager} ${verb} is not called plainly`);
  }
  const assigned = command.assignments.map(({ name, value }) => `${name}=${value}`);
  if (command.assignments.some(({ value }) => value === undefined || !/^[\w./:@-]*$/.test(value))) {
    return obstacle('install-mixed-with-build', `${manager} ${verb} is called with variables that are not fixed`);
  }
  return [...assigned, ...words, ...flags].join(' ');
}
