/** `.env` and its variants beside it, where nothing reads them. */
import { posix } from 'node:path';
import type { ContextUse } from '../../src/context-use.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { foldersOf, MANIFESTS } from './leftovers.ts';
import { type Candidate, isBelow, mentioned } from './lines.ts';

export function envLines(project: Project, survey: Survey, wanting: readonly ContextUse[]): readonly Candidate[] {
  const tops = [...new Set(wanting.flatMap(({ broad }) => broad.map(({ top }) => top)))].sort();
  return tops.flatMap((top) => linesIn(project, survey, top));
}

function linesIn(project: Project, survey: Survey, top: string): readonly Candidate[] {
  const names = foldersOf(survey).get(top) ?? [];
  // `.env` in .gitignore holds for every folder: only where a project begins it comes into being
  const isPlace = names.some(
    (name) => MANIFESTS.some((manifest) => manifest.test(name)) || /^\.env(?:[._-]\w+)*$/.test(name),
  );
  if (!isPlace) return [];
  const isThere = (name: string) => {
    const path = posix.join(top, name);
    return project.kind(path) === 'file' || survey.gitIgnored(path, false);
  };
  const samples = names.filter((name) => /^\.env[._-](?:example|sample|template|dist|defaults?)$/.test(name));
  const variants = [
    '.env.local',
    '.env.production',
    ...names.filter((it) => /^\.env\.\w/.test(it) && !samples.includes(it)),
  ];
  const others = variants.filter(isThere);
  const found: Candidate[] = [];
  if (isThere('.env') || samples.length + others.length > 0) found.push(candidate(project, top, '.env', [], ['.env']));
  if (others.length > 0) found.push(candidate(project, top, '.env.*', samples, others));
  return found;
}

function candidate(
  project: Project,
  top: string,
  name: string,
  keeps: readonly string[],
  probes: readonly string[],
): Candidate {
  const pattern = posix.join(top, name);
  return {
    line: {
      ...{ group: 'env', pattern, keeps: keeps.map((it) => `!${posix.join(top, it)}`) },
      ...{ probes: probes.map((it) => posix.join(top, it)), strong: true, essential: true, because: [] },
    },
    key: pattern,
    needs: (use) =>
      use.broad.some((broad) => isBelow(top, broad.top)) && /(?:^|[\s"'=/])\.env\b/m.test(use.text)
        ? 'it names .env'
        : undefined,
    held: mentioned(project, 'env', '.env'),
  };
}
