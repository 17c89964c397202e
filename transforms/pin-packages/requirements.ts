/** pip install -r: says which packages of a requirements file have no version of their own. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Change } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import type { Install } from './find.ts';
import { list } from './named.ts';

/** `pip install -r requirements.txt`, without a file that decides on the versions. */
export const isRequirementsInstall = ({ manager, verb, requirementFiles, command }: Invocation): boolean =>
  ((manager === 'pip' && verb === 'install') || (manager === 'uv' && verb === 'pip install')) &&
  requirementFiles.length > 0 &&
  !command.has('-c', '--constraint', '--constraints');

/** Advice about the installs of requirements files, once for each file. */
export function* requirementsAdvice(project: Project, installs: readonly Install[]): Iterable<Change> {
  const seen = new Set<string>();
  for (const { call, folder, files, at } of installs) {
    for (const file of call.requirementFiles) {
      const place = file === undefined ? undefined : joinPath(folder, file);
      const path = place === undefined ? undefined : files.toContext(place);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const text = project.read(path) ?? '';
      const told = open(path, text) ?? unhashed(project, path, text);
      if (!told) continue;
      const { title, why, line, says } = told;
      const evidence = [{ file: project.rootPath(path), line, says }];
      yield { title, why, evidence, level: 'manual', at, edits: [] };
    }
  }
}

interface Told {
  readonly title: string;
  readonly why: string;
  readonly line: number;
  readonly says: string;
}

function open(path: string, text: string): Told | undefined {
  const missing = openRequirements(text);
  const [first] = missing;
  if (!first) return undefined;
  return {
    title: `${path} names no version of ${list(missing.map(({ name }) => name))}`,
    why: 'Every build takes the newest ones that fit. Next step: `pip-compile` of pip-tools, or `uv pip compile`, writes a file with the version of every package that is installed, with hashes where they are asked for.',
    line: first.line,
    says: first.says,
  };
}

/** What writes a requirements file with hashes from the lock file beside it. */
const EXPORTS = [
  ['uv.lock', 'uv export --no-emit-project -o'],
  ['poetry.lock', 'poetry export -o'],
  ['pdm.lock', 'pdm export -o'],
  ['Pipfile.lock', 'pipenv requirements --hash >'],
] as const;

/** A version is a name: with hashes pip takes the file that was looked at and no other, and misses nothing that is needed. */
function unhashed(project: Project, path: string, text: string): Told | undefined {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => /^[A-Za-z0-9][\w.-]*.*==/.test(line));
  if (first < 0 || /(?:^|\s)--(?:hash|require-hashes)\b/.test(text)) return undefined;
  const dir = posix.dirname(path);
  const known = EXPORTS.find(([lock]) => project.kind(posix.join(dir, lock)) === 'file');
  const step = known
    ? `\`${known[1]} ${posix.basename(path)}\` writes the file with the hashes of ${known[0]}`
    : '`pip-compile --generate-hashes` of pip-tools, or `uv pip compile --generate-hashes`, writes the file with every package that is needed';
  return {
    title: `${path} has no hashes`,
    why: `A version alone decides neither on the file that is taken nor on what the packages need themselves. Next step: ${step}; pip then takes nothing else, and \`--require-hashes\` says that all of them have to have one.`,
    line: first + 1,
    says: (lines[first] as string).trim(),
  };
}

interface OpenRequirement {
  readonly name: string;
  readonly says: string;
  readonly line: number;
}

/** Names with a range, or with nothing. What comes from a path or an address has no version to be named. */
function openRequirements(text: string): OpenRequirement[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const says = raw.replace(/(?:^|\s)#.*$/, '').trim();
    const match = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)/.exec(says);
    const isPath = /^[\w.-]+\/|\.(?:whl|zip|gz)$/.test(says);
    if (!match || isPath || /===?\s*[^\s*,]+(?:\s|$|\\)|@/.test(`${match[2]} `)) return [];
    return [{ name: match[1] as string, says, line: index + 1 }];
  });
}
