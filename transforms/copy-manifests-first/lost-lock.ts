/** A lock file that is not in the repository, but that the machine which builds has. */
import { MANAGERS } from '../../src/knowledge/package-managers.ts';
import { within } from '../../src/project/manifests.ts';
import { type Call, isObstacle, obstacle, type Verdict } from './types.ts';

/** `npm ci`, `pnpm install --frozen-lockfile`, `uv sync --locked`: nothing goes without a lock file. */
const NEEDS_LOCK = /^(?:ci|clean-install|--frozen-lockfile|--immutable|--frozen|--locked|--deploy|--deployment)$/;

/**
 * The verdict, or why the lock file cannot be named: `COPY . .` brings one that git ignores or that somebody makes before
 * the build; a COPY of what the repository holds does not, and then the install fails, or takes other versions.
 */
export function withLock(call: Call, verdict: Verdict): Verdict {
  const { project, dir, invocation } = call;
  const { manager, verb, flags } = invocation;
  if (verdict === undefined || isObstacle(verdict)) return verdict;
  const locks = MANAGERS[manager].locks.map((name) => within(dir, name) ?? name);
  const isThere = (path: string): boolean => verdict.files.includes(path) || project.kind(path) === 'file';
  const [lock] = locks;
  if (lock === undefined || locks.some(isThere)) return verdict;
  const ignored = locks.find((path) => project.survey()?.gitIgnored(path, false));
  if (ignored !== undefined)
    return obstacle('manifest-missing', `git ignores ${ignored}: the machine that builds may have one`);
  return [verb, ...flags.map(({ raw }) => raw)].some((word) => NEEDS_LOCK.test(word))
    ? obstacle('manifest-missing', `${manager} ${verb} needs ${lock}, which is not in the repository`)
    : verdict;
}
