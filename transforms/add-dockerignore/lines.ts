/** Which lines the .dockerignore of a context wants, and who needs what they would leave out. */
import { posix } from 'node:path';
import { type Broad, type ContextUse, takes } from '../../src/context-use.ts';
import { parseDockerignore } from '../../src/dockerignore.ts';
import { once, onceIn } from '../../src/document/once.ts';
import { LEFTOVERS, type LeftoverRow } from '../../src/knowledge/context-leftovers.ts';
import { PARENTS_WITHOUT_GIT } from '../../src/knowledge/context-readers.ts';
import { mavenFacts } from '../../src/project/java.ts';
import { type Fact, within } from '../../src/project/manifests.ts';
import { mentions } from '../../src/project/mentions.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { isInstalled, makes, mayRunNode } from './makers.ts';

/** The part of the file that a line stands in, in this order. */
export const GROUPS = ['git', 'made', 'env', 'outside'] as const;

export interface Line {
  readonly group: (typeof GROUPS)[number];
  /** As it stands in the file; `keeps`: lines with an exclamation mark that belong to it. */
  readonly pattern: string;
  readonly keeps: readonly string[];
  /** Paths that it is about: it is there already when every one of them is left out. */
  readonly probes: readonly string[];
  /** Worth a file of its own. */
  readonly strong: boolean;
  /** Worth being added to a file that is there. */
  readonly essential: boolean;
  /** What says that it is not needed, for the reviewer. */
  readonly because: readonly Fact[];
}

/** Something that needs what a line would leave out. */
export interface Objection {
  readonly line: Line;
  /** The Dockerfile that takes it; undefined: the files of the context do. */
  readonly by: ContextUse | undefined;
  readonly why: string;
}

export interface Wanted {
  readonly lines: readonly Line[];
  readonly objections: readonly Objection[];
}

/** A leftover and the folders in which it comes into being. */
interface Leftover {
  readonly row: LeftoverRow;
  readonly dirs: readonly string[];
}

const isBelow = (dir: string, top: string): boolean => top === '' || dir === top || dir.startsWith(`${top}/`);
const isIn = (file: string, dir: string): boolean => posix.dirname(file) === (dir === '' ? '.' : dir);
const covers = (use: ContextUse, dir: string): readonly Broad[] => use.broad.filter(({ top }) => isBelow(dir, top));

/** What the Dockerfiles in `wanting` have in common for lines; `all` are asked whether they need what these leave out. */
export function wantedLines(
  project: Project,
  survey: Survey,
  wanting: readonly ContextUse[],
  all: readonly ContextUse[],
): Wanted {
  const lines: Line[] = [];
  const objections: Objection[] = [];
  const consider = (line: Line, needs: (use: ContextUse) => string | undefined, held?: string): void => {
    const found = all.flatMap((by): Objection[] => {
      const taken = takes(by, line.pattern);
      const why = taken ? `${quoted(taken, by)} takes it` : needs(by);
      return why === undefined ? [] : [{ line, by, why }];
    });
    if (held !== undefined) found.push({ line, by: undefined, why: held });
    if (found.length > 0) objections.push(...found);
    else lines.push(line);
  };
  gitLine(project, survey, wanting, consider);
  for (const { row, dirs } of leftovers(project, survey, wanting)) {
    const pattern = row.everywhere ? `**/${row.name}` : patternFor(row.name, dirs);
    const probes = dirs.map((dir) => posix.join(dir, row.name));
    const because = because_(survey, row, dirs, wanting);
    // an environment of the host may bear any name: only where this one is known of
    const isKnown = row.maker !== 'python-venv' || probes.some((it) => project.kind(it) || survey.gitIgnored(it, true));
    const line: Line = {
      group: 'made',
      pattern,
      keeps: [],
      probes,
      strong: row.strong,
      essential: row.essential && isKnown,
      because,
    };
    consider(line, (use) => needsLeftover(use, row, dirs), committed(survey, pattern));
  }
  envLines(project, survey, wanting, consider);
  return { lines, objections };
}

type Consider = (line: Line, needs: (use: ContextUse) => string | undefined, held?: string) => void;

const quoted = (at: ContextUse['broad'][number]['at'], use: ContextUse): string =>
  `${posix.basename(use.path)} line ${use.document.originLine(at.start)}`;

const placed = ({ file, line, says }: Fact): string => `${line === undefined ? file : `${file}:${line}`} has ${says}`;

/** A name in one folder, or in several. */
function patternFor(name: string, dirs: readonly string[]): string {
  return dirs.length === 1 ? posix.join(dirs[0] as string, name) : `**/${name}`;
}

/** The first path of a fresh clone that a pattern would leave out. */
const committed = (survey: Survey, pattern: string): string | undefined =>
  found(survey, pattern, () => searchedFor(survey, pattern));
const found = onceIn<string | undefined>();

function searchedFor(survey: Survey, pattern: string): string | undefined {
  if (!survey.complete) return 'the context holds more files than were looked at';
  const rules = parseDockerignore(pattern);
  const hit = [...survey.folders, ...survey.files].find((path) => rules.ignores(path));
  return hit === undefined ? undefined : `${hit} is there and git does not ignore it`;
}

/** `.git`, where the context is the root of the repository and copied whole. */
function gitLine(project: Project, survey: Survey, wanting: readonly ContextUse[], consider: Consider): void {
  if (project.context !== '' && project.kind('.git') === undefined) return;
  if (!wanting.some((use) => covers(use, '').length > 0)) return;
  const said = mentions(project);
  const reader = said?.first.get('git');
  const makefile = said?.first.get('git-in-makefile');
  const line: Line = {
    group: 'git',
    pattern: '.git',
    keeps: [],
    probes: ['.git'],
    strong: true,
    essential: true,
    because: [],
  };
  const held = reader ? placed(reader) : said?.complete ? undefined : 'not every file could be searched for git';
  consider(
    line,
    (use) => {
      if (covers(use, '').length === 0) return undefined;
      if (makefile && /\bmake\b/.test(use.text)) return placed(makefile);
      const parent = /\bmvnw?\b/.test(use.text) ? unknownParent(project, survey) : undefined;
      if (parent !== undefined) return parent;
      return gitInText(use.text);
    },
    held,
  );
}

/** A parent pom that is not at hand may run a plugin that asks git for the commit. */
function unknownParent(project: Project, survey: Survey): string | undefined {
  for (const file of survey.files.filter((it) => posix.basename(it) === 'pom.xml')) {
    const name = mavenFacts(project, file)?.inherits;
    if (name !== undefined && !PARENTS_WITHOUT_GIT.has(name))
      return `${file} inherits from ${name}, which is not at hand`;
  }
  return undefined;
}

/** Subcommands that need no repository in the context. */
const GIT_WITHOUT_CONTEXT = /^(?:clone|config|init|lfs|version|credential)$/;

function gitInText(text: string): string | undefined {
  for (const [, verb] of text.matchAll(/\bgit\s+(?:-[cC]\s+\S+\s+|--?[\w-]+(?:=\S+)?\s+)*([a-z][a-z-]+)\b/g)) {
    // `apt-get install git curl`: no subcommand
    if (
      /^(?:rev-|describe|log|ls-|show|status|diff|symbolic|name-rev|branch|shortlog|for-each|submodule|blame|cat-file|archive|checkout|fetch|reset|pull|clean|apply|add|commit|tag|remote|worktree)/.test(
        verb ?? '',
      ) &&
      !GIT_WITHOUT_CONTEXT.test(verb ?? '')
    )
      return `it runs git ${verb}`;
  }
  return /(?:^|[\s"'=/])\.git(?:[\s"'/]|$)/m.test(text) ? 'it names .git' : undefined;
}

/** Files that name the tools of a project. */
const IS_MANIFEST =
  /^(?:package\.json|requirements.*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|tox\.ini|noxfile\.py)$/;

/** The folders that hold a manifest of a row, with the names of their files. */
const manifestFolders = once(
  (survey: Survey): ReadonlyMap<LeftoverRow, readonly (readonly [string, readonly string[]])[]> => {
    const folders = new Map<string, string[]>();
    for (const file of survey.files) {
      const dir = posix.dirname(file) === '.' ? '' : posix.dirname(file);
      const names = folders.get(dir);
      if (names) names.push(posix.basename(file));
      else folders.set(dir, [posix.basename(file)]);
    }
    const all = [...folders];
    return new Map(
      LEFTOVERS.map((row) => [row, all.filter(([, names]) => names.some((name) => row.manifest.test(name)))]),
    );
  },
);

/** Leftovers of every manifest that some copy brings along, by row. */
function leftovers(project: Project, survey: Survey, wanting: readonly ContextUse[]): Leftover[] {
  const textOf = (path: string): string => project.read(path) ?? '';
  const manifests = manifestFolders(survey);
  return LEFTOVERS.flatMap((row) => {
    const dirs = (manifests.get(row) ?? [])
      .filter(([dir, names]) => {
        // a package.json deep in what is copied may be anybody's
        const isPlace = row.maker !== 'node-install' || isInstalled(project, survey, wanting, dir, names);
        if (!isPlace) return false;
        if (row.onlyIgnored && !survey.gitIgnored(within(dir, row.name) as string, true)) return false;
        if (
          row.named &&
          !names.some((name) => IS_MANIFEST.test(name) && row.named?.test(textOf(posix.join(dir, name))))
        )
          return false;
        return wanting.some((use) => covers(use, dir).some((broad) => makes(use, broad, row.maker)));
      })
      .map(([dir]) => dir);
    const places = row.topmost
      ? dirs.filter((dir) => !dirs.some((above) => above !== dir && isBelow(dir, above)))
      : dirs;
    return places.length > 0 ? [{ row, dirs: places }] : [];
  });
}

/** Why a Dockerfile needs what a leftover holds. */
function needsLeftover(use: ContextUse, row: LeftoverRow, dirs: readonly string[]): string | undefined {
  if (row.maker === 'nobody') return undefined;
  for (const broad of use.broad) {
    if (makes(use, broad, row.maker) || !dirs.some((dir) => isBelow(dir, broad.top))) continue;
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

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const names = (text: string, name: string): boolean =>
  new RegExp(`(?:^|[\\s"'=/:])${escaped(name)}(?:[/\\s"':]|$)`, 'm').test(text);

function because_(survey: Survey, row: LeftoverRow, dirs: readonly string[], wanting: readonly ContextUse[]): Fact[] {
  if (row.maker === 'nobody') return [];
  const use = wanting.find((one) => dirs.some((dir) => covers(one, dir).some((broad) => makes(one, broad, row.maker))));
  const ignored = dirs.every((dir) => survey.gitIgnored(within(dir, row.name) as string, true));
  const says = `${row.name} is made in the build${ignored ? ' and ignored by git' : ' and not in the repository'}`;
  return use ? [{ file: use.path, says }] : [];
}

/** `.env` and its variants beside it, where nothing reads them. */
function envLines(project: Project, survey: Survey, wanting: readonly ContextUse[], consider: Consider): void {
  const tops = [...new Set(wanting.flatMap(({ broad }) => broad.map(({ top }) => top)))].sort();
  const said = mentions(project);
  const reader = said?.first.get('env');
  const held = reader ? placed(reader) : said?.complete ? undefined : 'not every file could be searched for .env';
  for (const top of tops) {
    const isProject = survey.files.some(
      (file) => isIn(file, top) && LEFTOVERS.some(({ manifest }) => manifest.test(posix.basename(file))),
    );
    // `.env` in .gitignore holds for every folder: only where a project begins it comes into being
    if (!isProject && !survey.files.some((file) => isIn(file, top) && /(?:^|\/)\.env(?:[._-]\w+)*$/.test(file)))
      continue;
    const isThere = (name: string) => {
      const path = posix.join(top, name);
      return project.kind(path) === 'file' || survey.gitIgnored(path, false);
    };
    const names = survey.files.filter((file) => isIn(file, top)).map((file) => posix.basename(file));
    const samples = names.filter((name) => /^\.env[._-](?:example|sample|template|dist|defaults?)$/.test(name));
    const variants = [
      '.env.local',
      '.env.production',
      ...names.filter((it) => /^\.env\.\w/.test(it) && !samples.includes(it)),
    ];
    const needs = (use: ContextUse) =>
      covers(use, top).length > 0 && /(?:^|[\s"'=/])\.env\b/m.test(use.text) ? 'it names .env' : undefined;
    const line = (pattern: string, keeps: readonly string[], probes: readonly string[]): Line => ({
      ...{ group: 'env', pattern: posix.join(top, pattern), keeps: keeps.map((it) => `!${posix.join(top, it)}`) },
      ...{ probes: probes.map((it) => posix.join(top, it)), strong: true, essential: true, because: [] },
    });
    const others = variants.filter(isThere);
    if (isThere('.env') || samples.length + others.length > 0) consider(line('.env', [], ['.env']), needs, held);
    if (others.length > 0) consider(line('.env.*', samples, others), needs, held);
  }
}
