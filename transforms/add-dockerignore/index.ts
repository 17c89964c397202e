/** A build context gets the .dockerignore that its Dockerfiles can do with, or the lines that its own lacks. */

import { type ContextUse, missingSources, readUse, siblingUses } from '../../src/context-use.ts';
import { parseDockerignore } from '../../src/dockerignore.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Decline } from '../../src/edit.ts';
import { appended, isAllowList, isTakenBack, patternsOf, replaced } from '../../src/ignore-file.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { defineTransform } from '../../src/transform.ts';
import { asking, type Line, type Objection, type Wanted } from './lines.ts';
import { wishOf } from './makers.ts';
import { outsidePatterns } from './outside.ts';
import { wantedLines } from './wanted.ts';
import { fileText } from './write.ts';

export const addDockerignore = defineTransform({
  name: 'add-dockerignore',
  summary: 'Creates or completes the .dockerignore of the build context',
  docs: {
    what: 'Where a folder is copied whole, the .dockerignore of the build context leaves out what no Dockerfile of that context needs: .git, folders that the build makes itself, caches, .env files that nothing reads. It is created, or completed at its end. Where another Dockerfile of the context needs such a folder, the file is named after this Dockerfile.',
    why: 'What the host has lying about is sent to the builder, makes COPY miss its cache after changes that do not matter, lays folders of another platform over those of the image, and puts secrets and history into a layer.',
    example: {
      before: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      after: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      files: { 'package.json': '{"name": "shop"}\n', 'package-lock.json': '{}\n', 'server.js': '' },
      creates: { '.dockerignore': '.git\n**/node_modules\nDockerfile\n.dockerignore\n' },
    },
  },
  options: {},
  mayChange: [],
  declines: {
    'allow-list': 'the .dockerignore leaves everything out but for what it names',
    'context-unclear': 'which folder is the build context is not known for sure',
    'source-unknown': 'a source hangs on a build argument without a default',
    'sibling-unreadable': 'another Dockerfile of the same context cannot be read',
    'sibling-needs-it': 'another Dockerfile of the same context needs what this one could do without',
    needed: 'the build or the application may need what would be left out',
  },
  *plan(document, { project }) {
    if (document.escape !== '\\' || document.stages.some(({ base }) => base?.family === 'windows')) return;
    const use = readUse(project, document, project.context ?? '');
    const first = broadest(use);
    if (!first) return;
    const at = { start: first.start, end: first.end };
    const found = decide(project, document, use, first);
    if (!found) return;
    if ('code' in found) yield { ...found, at } satisfies Decline;
    else yield { ...found, at } satisfies Change;
  },
});

type Verdict = Omit<Decline, 'at'> | Omit<Change, 'at'> | undefined;

function decide(project: Project, document: Document, use: ContextUse, first: Instruction): Verdict {
  const survey = project.survey();
  if (!survey) {
    const dirs = project.contexts.map((it) => (it.dir === '' ? 'the root' : it.dir)).join(', ');
    return { code: 'context-unclear', why: `It is built with different contexts: ${dirs}.` };
  }
  const text = currentText(project, use);
  if (text !== undefined && isAllowList(text)) {
    const wants = wantedLines(project, survey, [use], asking([use])).lines.some(
      (line) => line.essential && !isCovered(text, line),
    );
    return wants
      ? {
          code: 'allow-list',
          why: "The .dockerignore names what is let through; what it lacks is its author's to say.",
        }
      : undefined;
  }
  const alone = wantedLines(project, survey, [use], asking([use]));
  if (alone.lines.every((line) => (text === undefined ? !line.strong : !line.essential || isCovered(text, line)))) {
    return text === undefined ? declineOf(alone.objections) : undefined;
  }
  const doubt = doubtful(project, survey, use);
  if (doubt) return doubt;
  if (use.isApart) return completed(project, survey, use, `${use.path}.dockerignore`, text ?? '', alone, [use]);
  const siblings = siblingUses(project, survey);
  if ('code' in siblings) return siblings;
  const all = [use, ...siblings.uses].filter(({ isApart }) => !isApart);
  const asked = asking(all);
  const wantedBy = (wanting: readonly ContextUse[]): Wanted =>
    // most contexts have one Dockerfile
    all.length === 1 && wanting.length === 1 ? alone : wantedLines(project, survey, wanting, asked);
  // many Dockerfiles of one context wish for the same
  const known = new Map<string, readonly Objection[]>();
  const blocked = (one: ContextUse) => {
    const wish = wishOf(one);
    const objections = known.get(wish) ?? wantedBy([one]).objections;
    known.set(wish, objections);
    return objections.filter(({ line, by }) => line.strong && by !== undefined && by !== one);
  };
  const against = blocked(use).filter(({ line }) => alone.lines.some(({ pattern }) => pattern === line.pattern));
  const mayBeApart = against.length > 0 && project.builder.kind !== 'legacy';
  const apart = () => created(project, document, survey, first, `${use.path}.dockerignore`, alone, all, against);
  if (text === undefined && mayBeApart) return apart();
  const sharers = all.filter((one) => one.broad.length > 0 && blocked(one).length === 0);
  const shared = wantedBy(sharers);
  // the file that the others have got from here
  if (mayBeApart && text === fileText(shared.lines, outsideOf(project, survey, all))) return apart();
  const wanted = against.length > 0 ? wantedBy([...sharers, use]) : shared;
  if (text === undefined)
    return created(project, document, survey, first, project.rootPath('.dockerignore'), wanted, all, []);
  return completed(project, survey, use, project.rootPath('.dockerignore'), text, wanted, all);
}

/** The copy of the whole context, else the first of a folder. */
const broadest = ({ broad }: ContextUse): Instruction | undefined =>
  (broad.find(({ top }) => top === '') ?? broad[0])?.at;

/** The text of the file that holds for a Dockerfile; undefined: there is none. */
function currentText(project: Project, use: ContextUse): string | undefined {
  return use.isApart ? project.root.read(`${use.path}.dockerignore`) : project.read('.dockerignore');
}

function isCovered(text: string, line: Line): boolean {
  const rules = parseDockerignore(text);
  // who leaves out venv knows where the environment is
  if (/(?:^|\/)\.venv$/.test(line.pattern) && ['venv', 'env'].some((name) => rules.ignores(name))) return true;
  return line.probes.every((path) => rules.ignores(path)) || isTakenBack(text, line);
}

/** Why nothing can be said about this Dockerfile. */
function doubtful(project: Project, survey: Survey, use: ContextUse): Verdict {
  if (use.unknown) {
    const line = use.document.originLine(use.unknown.start);
    return { code: 'source-unknown', why: `What line ${line} copies is known only when it is built.` };
  }
  const missing = missingSources(project, use, survey.dir).find(
    (path) => !survey.gitIgnored(path, false) && !survey.gitIgnored(path, true),
  );
  if (missing !== undefined && project.contexts.every(({ by }) => by === 'default')) {
    return {
      code: 'context-unclear',
      why: `${missing} is copied and not in the folder of the Dockerfile: another folder may be the context.`,
    };
  }
  return undefined;
}

/** What nobody needs at the root of the context, where that is copied. */
const outsideOf = (project: Project, survey: Survey, all: readonly ContextUse[]): readonly string[] =>
  all.some(({ broad }) => broad.some(({ top }) => top === '')) ? outsidePatterns(project, survey, all) : [];

function created(
  project: Project,
  document: Document,
  survey: Survey,
  first: Instruction,
  file: string,
  wanted: Wanted,
  all: readonly ContextUse[],
  against: readonly Objection[],
): Verdict {
  if (!wanted.lines.some(({ strong }) => strong)) return declineOf(wanted.objections);
  const outside = outsideOf(project, survey, all);
  const apart =
    against.length > 0
      ? ` It is a file of its own, because another build may need what it leaves out: ${said(against)}.`
      : '';
  return {
    ...describe(`Create ${file}`, document, first, all, wanted, apart),
    edits: [],
    creates: [{ file, text: fileText(wanted.lines, outside) }],
  };
}

function completed(
  project: Project,
  survey: Survey,
  use: ContextUse,
  file: string,
  text: string,
  wanted: Wanted,
  all: readonly ContextUse[],
): Verdict {
  const missing = wanted.lines.filter((line) => line.essential && !isCovered(text, line));
  const first = broadest(use) as Instruction;
  if (missing.length === 0) {
    const others = wanted.objections.filter(({ line, by }) => line.essential && by !== use && !isCovered(text, line));
    return others.length > 0 && others.every(({ by }) => by)
      ? { code: 'sibling-needs-it', why: `${said(others)}.` }
      : undefined;
  }
  const known = patternsOf(text);
  // a file of one or two lines that this list would begin with: write the whole list
  const isStub =
    known.length <= 2 && known.every((it) => wanted.lines.some(({ pattern }) => pattern === it)) && !text.includes('#');
  const lines = { ...wanted, lines: isStub ? wanted.lines : missing };
  const outside = isStub ? outsideOf(project, survey, all) : [];
  return {
    ...describe(`Complete ${file}`, use.document, first, all, lines, ''),
    edits: [
      isStub
        ? replaced(project, file, text, fileText(wanted.lines, outside))
        : appended(
            project,
            file,
            text,
            missing.flatMap(({ pattern, keeps }) => [pattern, ...keeps]),
          ),
    ],
  };
}

function describe(
  title: string,
  document: Document,
  first: Instruction,
  all: readonly ContextUse[],
  { lines, objections }: Wanted,
  more: string,
) {
  const strong = lines.filter((line) => line.strong).map(({ pattern }) => pattern);
  const list = strong.length > 1 ? `${strong.slice(0, -1).join(', ')} and ${strong.at(-1)}` : strong[0];
  const text = document.text.slice(first.start, first.end).split('\n')[0] as string;
  const kept = objections.filter(({ line }) => line.strong && !lines.includes(line));
  const top = all.flatMap(({ broad }) => broad).find(({ at }) => at === first)?.top ?? '';
  // **/node_modules is anywhere
  const isAlone = strong.every((it) => top === '' || it.startsWith('**/') || `${it}/`.startsWith(`${top}/`));
  const who = isAlone ? `${text.trim()} brings` : `${text.trim()} and the copies of other folders bring`;
  return {
    title,
    why: `${who} along what the image does not need: ${list}.${more}${kept.length > 0 ? ` Not left out: ${said(kept)}.` : ''}`,
    evidence: [
      { file: document.path, line: document.originLine(first.start), says: text.trim() },
      ...lines.flatMap(({ because }) => because),
    ],
    level: 'review' as const,
  };
}

/** Objections as half a sentence, one for each line. */
function said(objections: readonly Objection[]): string {
  const seen = new Map(
    objections.map(({ line, why, by }) => [line.pattern, `${line.pattern} (${by ? `${by.path}: ` : ''}${why})`]),
  );
  return [...seen.values()].join(', ');
}

function declineOf(objections: readonly Objection[]): Verdict {
  const strong = objections.filter(({ line }) => line.strong);
  return strong.length > 0 ? { code: 'needed', why: `What could be left out is needed: ${said(strong)}.` } : undefined;
}
