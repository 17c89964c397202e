/** Folders that installs, builds and caches leave behind, where the image makes its own. */
import { posix } from 'node:path';
import type { ContextUse } from '../../src/context-use.ts';
import { parseDockerignore } from '../../src/dockerignore.ts';
import { once, onceIn } from '../../src/document/once.ts';
import { LEFTOVERS, type LeftoverRow } from '../../src/knowledge/context-leftovers.ts';
import type { Fact } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import { remembered } from '../../src/project/remember.ts';
import type { Survey } from '../../src/project/survey.ts';
import { type Candidate, isBelow, quoted } from './lines.ts';
import { isInstalled, makes, mayRunNode } from './makers.ts';

/** Files that name the tools of a project. */
const IS_MANIFEST =
  /^(?:package\.json|requirements.*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|tox\.ini|noxfile\.py)$/;

/** A folder ('' is the root of the context) and the names of its files. */
type Folder = readonly [dir: string, names: readonly string[]];

/** The folders of a fresh clone that hold files, in the order of the survey. */
export const foldersOf = once((survey: Survey): ReadonlyMap<string, readonly string[]> => {
  const folders = new Map<string, string[]>();
  for (const file of survey.files) {
    const slash = file.lastIndexOf('/');
    const dir = file.slice(0, Math.max(slash, 0));
    const names = folders.get(dir);
    if (names) names.push(file.slice(slash + 1));
    else folders.set(dir, [file.slice(slash + 1)]);
  }
  return folders;
});

/** What tells the folders of a row; several rows share one. */
export const MANIFESTS: readonly RegExp[] = [...new Set(LEFTOVERS.map(({ manifest }) => manifest))];

/** The folders that hold a manifest. */
const manifestFolders = once((survey: Survey): ReadonlyMap<RegExp, readonly Folder[]> => {
  const found = new Map<RegExp, Folder[]>(MANIFESTS.map((manifest) => [manifest, []]));
  for (const folder of foldersOf(survey)) {
    for (const [manifest, folders] of found) {
      if (folder[1].some((name) => manifest.test(name))) folders.push(folder);
    }
  }
  return found;
});

const within = (dir: string, name: string): string => (dir === '' ? name : `${dir}/${name}`);

/** The folders in which a row's leftover comes into being, as far as git and the manifests say. */
const placesOf = remembered((project, row: LeftoverRow, survey: Survey): readonly Folder[] =>
  (manifestFolders(survey).get(row.manifest) ?? []).filter(
    ([dir, names]) =>
      (!row.onlyIgnored || survey.gitIgnored(within(dir, row.name), true)) &&
      (!row.named ||
        names.some((name) => IS_MANIFEST.test(name) && row.named?.test(project.read(within(dir, name)) ?? ''))),
  ),
);

/** Leftovers of every manifest that some copy brings along. */
export function leftoverLines(project: Project, survey: Survey, wanting: readonly ContextUse[]): readonly Candidate[] {
  return LEFTOVERS.flatMap((row): readonly Candidate[] => {
    const found = placesOf(project, row, survey)
      .filter(
        ([dir, names]) =>
          // a package.json deep in what is copied may be anybody's
          (row.maker !== 'node-install' || isInstalled(project, survey, wanting, dir, names)) &&
          wanting.some((use) => bringsIts(use, row, dir)),
      )
      .map(([dir]) => dir);
    const dirs = row.topmost
      ? found.filter((dir) => !found.some((above) => above !== dir && isBelow(dir, above)))
      : found;
    return dirs.length === 0 ? [] : [candidate(project, survey, wanting, row, dirs)];
  });
}

/** Whether a folder is copied to where its leftover is made anew. */
const bringsIts = (use: ContextUse, { maker }: LeftoverRow, dir: string): boolean =>
  use.broad.some((broad) => isBelow(dir, broad.top) && makes(use.document, broad, maker));

function candidate(
  project: Project,
  survey: Survey,
  wanting: readonly ContextUse[],
  row: LeftoverRow,
  dirs: readonly string[],
): Candidate {
  const { name, maker, strong } = row;
  const probes = dirs.map((dir) => within(dir, name));
  // a name in one folder, or in several
  const pattern = row.everywhere || dirs.length > 1 ? `**/${name}` : (probes[0] as string);
  // an environment of the host may bear any name: only where this one is known of
  const isKnown = maker !== 'python-venv' || probes.some((it) => project.kind(it) || survey.gitIgnored(it, true));
  return {
    line: {
      ...{ group: 'made', pattern, keeps: [], probes, strong },
      essential: row.essential && isKnown,
      because: because(survey, row, dirs, probes, wanting),
    },
    key: [maker, pattern, ...probes].join('\n'),
    needs: (use) => needsLeftover(use, row, dirs),
    held: committed(survey, pattern),
  };
}

function because(
  survey: Survey,
  row: LeftoverRow,
  dirs: readonly string[],
  probes: readonly string[],
  wanting: readonly ContextUse[],
): Fact[] {
  if (row.maker === 'nobody') return [];
  const use = wanting.find((one) => dirs.some((dir) => bringsIts(one, row, dir)));
  if (!use) return [];
  const ignored = probes.every((it) => survey.gitIgnored(it, true));
  const made =
    row.maker === 'python-venv' && !names(use.text, row.name)
      ? 'not named by it, which installs the packages itself,'
      : row.maker === 'node-build'
        ? 'what builds make'
        : 'made in the build';
  const says = `${row.name} is ${made}${ignored ? ' and ignored by git' : ' and not in the repository'}`;
  return [{ file: use.path, says }];
}

/** Why a Dockerfile needs what a leftover holds. */
function needsLeftover(use: ContextUse, row: LeftoverRow, dirs: readonly string[]): string | undefined {
  if (row.maker === 'nobody') return undefined;
  for (const broad of use.broad) {
    if (makes(use.document, broad, row.maker) || !dirs.some((dir) => isBelow(dir, broad.top))) continue;
    if (row.maker === 'node-install' && !mayRunNode(use, broad)) continue;
    if (row.maker === 'python-venv' && !names(use.text, row.name)) continue;
    return `${quoted(broad.at, use)} copies it and nothing there makes it`;
  }
  // CMD .venv/bin/python where only pip is called
  const made = /\b(?:virtualenv|venv|uv|poetry|pdm|pipenv)\b(?!\/)/;
  return row.maker === 'python-venv' && names(use.text, row.name) && !made.test(use.text)
    ? `it names ${row.name} and does not make it`
    : undefined;
}

/** Text as a regular expression that matches it. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const names = (text: string, name: string): boolean =>
  new RegExp(`(?:^|[\\s"'=/:])${escaped(name)}(?:[/\\s"':]|$)`, 'm').test(text);

const searched = onceIn<string | undefined>();

/** The first path of a fresh clone that a pattern would leave out. */
const committed = (survey: Survey, pattern: string): string | undefined =>
  searched(survey, pattern, () => {
    if (!survey.complete) return 'the context holds more files than were looked at';
    const isOut = leavesOut(pattern);
    const hit = survey.folders.find(isOut) ?? survey.files.find(isOut);
    return hit === undefined ? undefined : `${hit} is there and git does not ignore it`;
  });

/** Whether a pattern leaves out a path. Of a plain one, only what it names: what lies below comes later in a survey. */
function leavesOut(pattern: string): (path: string) => boolean {
  const name = pattern.replace(/^\*\*\//, '');
  const isPlain = posix.normalize(name) === name && name.trim() === name && !/[*?[\]\\!#\n]/.test(name);
  if (!isPlain) {
    const rules = parseDockerignore(pattern);
    return (path) => rules.ignores(path);
  }
  if (name === pattern) return (path) => path === name;
  const end = `/${name}`;
  return (path) => path.endsWith(end) || path === name;
}
