/** Tests, documents and settings of developers' tools stay out of the image. Risky: who reads them at run time is not known. */
import { posix } from 'node:path';
import { type ContextUse, readUse, siblingUses, takes } from '../../src/context-use.ts';
import { parseDockerignore } from '../../src/dockerignore.ts';
import type { Change, Decline } from '../../src/edit.ts';
import { appended, isAllowList } from '../../src/ignore-file.ts';
import {
  COMPOSING_FILES,
  DEVELOPMENT_FILES,
  type DevelopmentRow,
  DOCUMENT_SITES,
  TEST_COMMANDS,
} from '../../src/knowledge/development-files.ts';
import { COMPOSE_FILE } from '../../src/project/places.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { defineTransform } from '../../src/transform.ts';

export const dropDevFiles = defineTransform({
  name: 'drop-dev-files',
  summary: "Keeps tests, documents and developers' settings out of the image",
  docs: {
    what: 'Where a folder is copied whole, tests, documents and the settings of linters and test runners at its top are added to .dockerignore. Always risky: that the application does not read them while it runs cannot be seen from the files.',
    why: 'They are of no use in the image, and every edit of a README builds all layers behind the copy anew.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n',
      files: { 'requirements.txt': 'gunicorn\n', 'README.md': '# Shop\n', 'tests/test_app.py': '' },
      creates: { '.dockerignore': 'tests\nREADME.md\n' },
    },
  },
  options: {},
  mayChange: [],
  declines: {
    'tests-run': 'a build or a service runs the tests',
    'named-elsewhere': 'a Dockerfile, or a file that says what the project is made of, names it',
    'document-site': 'the documents are the content of a site',
    'allow-list': 'the .dockerignore leaves everything out but for what it names',
    'sibling-unreadable': 'another Dockerfile of the same context cannot be read',
  },
  *plan(document, { project }) {
    if (document.escape !== '\\' || document.stages.some(({ base }) => base?.family === 'windows')) return;
    const use = readUse(project, document, project.context ?? '');
    const first = use.broad[0]?.at;
    // most Dockerfiles copy nothing whole: their context need not be walked
    const survey = first && !use.unknown ? project.survey() : undefined;
    if (!first || !survey) return;
    const at = { start: first.start, end: first.end };
    const file = use.isApart ? `${use.path}.dockerignore` : project.rootPath('.dockerignore');
    const text = project.root.read(file);
    const rules = parseDockerignore(text ?? '');
    const found = candidates(survey, use).filter(({ path }) => !rules.ignores(path));
    if (found.length === 0) return;
    if (text !== undefined && isAllowList(text)) {
      yield { code: 'allow-list', why: `${file} says what is let through, ${found[0]?.path} among it.`, at };
      return;
    }
    const siblings = use.isApart ? { uses: [] } : siblingUses(project, survey);
    if ('code' in siblings) {
      yield { ...siblings, at };
      return;
    }
    const all = [use, ...siblings.uses.filter(({ isApart }) => !isApart)];
    const free: string[] = [];
    const declined = new Map<string, Decline>();
    for (const candidate of found) {
      const reason = needed(project, survey, all, candidate);
      if (!reason) free.push(candidate.path);
      else if (!declined.has(reason.code)) declined.set(reason.code, { ...reason, at });
    }
    yield* declined.values();
    if (free.length === 0) return;
    const copy = document.text.slice(first.start, first.end).split('\n')[0] as string;
    const heading = text === undefined || text === '' ? [] : ['', '# For developers'];
    yield {
      title: `Leave ${free.length === 1 ? free[0] : `${free[0]} and ${free.length - 1} more`} out of the image`,
      why: `${copy.trim()} brings along what is for developers: ${free.join(', ')}. That the application reads none of it while it runs could not be established.`,
      evidence: [{ file: document.path, line: document.originLine(first.start), says: copy.trim() }],
      level: 'risky',
      at,
      edits: text === undefined ? [] : [appended(project, file, text, [...heading, ...free])],
      ...(text === undefined && { creates: [{ file, text: free.map((it) => `${it}\n`).join('') }] }),
    } satisfies Change;
  },
});

interface Candidate {
  readonly path: string;
  readonly kind: DevelopmentRow['kind'];
}

/** What lies at the top of a folder that is copied whole, by the order of the table. */
function candidates(survey: Survey, use: ContextUse): Candidate[] {
  const tops = new Set(use.broad.map(({ top }) => (top === '' ? '.' : top)));
  const paths = [...survey.folders, ...survey.files].filter((path) => tops.has(posix.dirname(path)));
  return DEVELOPMENT_FILES.flatMap(({ kind, name }) =>
    paths.filter((path) => name.test(posix.basename(path))).map((path) => ({ path, kind })),
  );
}

/** Why it stays; undefined: nothing at hand names it. */
function needed(
  project: Project,
  survey: Survey,
  all: readonly ContextUse[],
  { path, kind }: Candidate,
): { code: string; why: string } | undefined {
  if (kind !== 'documents') {
    const runner = all.find(({ text }) => TEST_COMMANDS.test(text));
    if (runner) return { code: 'tests-run', why: `${runner.path} runs tests, so that ${path} stays.` };
    const service = composeFiles(project, survey).find((file) => TEST_COMMANDS.test(project.root.read(file) ?? ''));
    if (service) return { code: 'tests-run', why: `${service} runs tests, so that ${path} stays.` };
  }
  if (kind === 'documents') {
    const site = [...survey.files, ...survey.folders].find((it) => DOCUMENT_SITES.test(posix.basename(it)));
    if (site !== undefined)
      return { code: 'document-site', why: `${site} makes a site of documents, so that ${path} stays.` };
  }
  const word = new RegExp(
    `(?:^|[\\s"'=/\\\\,[(])${posix.basename(path).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:[/\\\\\\s"',\\])]|$)`,
    'm',
  );
  const user = all.find((use) => word.test(use.text) || takes(use, path));
  if (user) return { code: 'named-elsewhere', why: `${user.path} names ${path}.` };
  const composing = survey.files.find(
    (file) => COMPOSING_FILES.test(posix.basename(file)) && word.test(project.read(file) ?? ''),
  );
  if (composing !== undefined) return { code: 'named-elsewhere', why: `${composing} names ${path}.` };
  return undefined;
}

/** Compose files that build this Dockerfile, and those at the root of the context. */
function composeFiles(project: Project, survey: Survey): string[] {
  const own = project.contexts.flatMap(({ by, file }) => (by === 'compose' && file !== undefined ? [file] : []));
  const beside = survey.files.filter((file) => COMPOSE_FILE.test(file)).map((file) => posix.join(survey.dir, file));
  return [...new Set([...own, ...beside])];
}
