/** A lock file that is not in the repository, but that the machine which builds has. */
import { MANAGERS } from '../../src/knowledge/package-managers.ts';
import { within } from '../../src/project/manifests.ts';
import { type Call, isObstacle, obstacle, type Verdict } from './types.ts';

/**
 * The verdict, or why the lock file cannot be named: `COPY . .` brings one that git ignores; a COPY of what the
 * repository holds does not, and then `npm ci` fails, and others take newer versions.
 */
export function withLock(call: Call, verdict: Verdict): Verdict {
  const { project, dir, invocation } = call;
  if (verdict === undefined || isObstacle(verdict)) return verdict;
  const locks = MANAGERS[invocation.manager].locks.map((name) => within(dir, name) ?? name);
  const isThere = (path: string): boolean => verdict.files.includes(path) || project.kind(path) === 'file';
  if (locks.some(isThere)) return verdict;
  const ignored = locks.find((path) => project.survey()?.gitIgnored(path, false));
  if (ignored !== undefined)
    return obstacle('manifest-missing', `git ignores ${ignored}: the machine that builds may have one`);
  return isStrict(call) ? obstacle('manifest-missing', `it fails without ${locks[0]}, which is not there`) : verdict;
}

/** `npm ci`, `pnpm install --frozen-lockfile`: no install without the lock file; Yarn 1 makes do without one. */
function isStrict({ invocation: { manager, verb, flags } }: Call): boolean {
  const has = (...names: string[]): boolean => flags.some(({ literal }) => names.includes(literal ?? ''));
  if (manager === 'npm') return /^(?:ci|clean-install|ic)$/.test(verb);
  return (
    (manager === 'pnpm' && has('--frozen-lockfile')) ||
    (manager === 'yarn' && has('--immutable')) ||
    (manager === 'uv' && has('--frozen', '--locked'))
  );
}
