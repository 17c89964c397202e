/** Build arguments that hold a secret become secret mounts; secrets that stay in the image are told. */
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Edit } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import { defineTransform } from '../../src/transform.ts';
import { type SecretArgument, secretArguments } from './arguments.ts';
import { callersOf } from './callers.ts';
import { secretFiles } from './files.ts';
import { withoutLines } from './lines-out.ts';
import { argumentOf, type BuildSecret } from './secret.ts';
import { told } from './told.ts';

export const useSecretMounts = defineTransform({
  name: 'use-secret-mounts',
  summary: 'Hands secrets of the build to the RUN that needs them as secret mounts; tells those that stay in the image',
  docs: {
    what: 'An ARG that holds a token, and that only RUN instructions use, becomes RUN --mount=type=secret,env=.. where it is used; a file with logins that is copied for an install (.npmrc, .netrc, settings.xml) is mounted at the same place, an SSH key becomes --mount=type=ssh. The build must be called otherwise then (docker build --secret in place of --build-arg), so that the change is of level review only where every caller that was found, compose services, bake targets and steps of docker/build-push-action, is changed with it; else it is risky. Credentials that the application may read when it runs, that are written into ENV or a URL, or that a command keeps in a file are told with the next step. Values are in no message; only the lines of a patch are as they are in the file, because a patch must apply.',
    why: 'Build arguments stand in the history of the image and in its provenance, files stay in the layer that brought them even when a later one removes them. A secret mount is there while the command runs, and nowhere afterwards.',
    example: {
      before:
        'FROM node:22-slim\nARG NPM_TOKEN\nWORKDIR /app\nCOPY package.json package-lock.json .npmrc ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      after:
        'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json .npmrc ./\nRUN --mount=type=secret,id=npm_token,env=NPM_TOKEN,required=true \\\n    npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      files: {
        '.npmrc': '//npm.example.com/:_authToken=${NPM_TOKEN}\n',
        'package.json': '{ "name": "desk" }\n',
      },
    },
  },
  options: {},
  mayChange: ['copies', 'env'],
  declines: {
    'builder-without-secrets': 'the builder that the CI files name has no secret mounts',
    'frontend-too-old':
      'the syntax directive pins a Dockerfile frontend that cannot set variables from secrets (1.10 can)',
  },
  *plan(document, { project }) {
    if (document.escape !== '\\' || document.stages.some(({ base }) => base?.family === 'windows')) return;
    const found = secretArguments(document, project);
    for (const it of found) if (it.obstacle !== undefined) yield obstacleOf(document, it, it.obstacle);
    const ready = found.filter(({ obstacle }) => obstacle === undefined);
    const problem = builderProblem(document, project);
    const files = problem ? [] : secretFiles(document, project);
    if (problem)
      for (const { declared } of ready.slice(0, 1)) yield { ...problem, at: placeOf(declared[0] as Instruction) };
    else if (ready.length + files.length > 0) yield handedOn(document, project, ready, files);
    yield* told(document, project, new Set(files.map(({ at }) => at)));
  },
});

const placeOf = (it: Instruction) => ({ start: it.start, end: it.headEnd });

function obstacleOf(document: Document, { name, declared }: SecretArgument, obstacle: string): Change {
  const first = firstOf(declared);
  return {
    title: `The build argument ${name} is no place for a secret`,
    why: `Build arguments stand in the history and the provenance of the image. ${obstacle}`,
    evidence: [{ file: document.path, line: document.originLine(first.start), says: `ARG ${name}` }],
    level: 'manual',
    at: placeOf(first),
    edits: [],
  };
}

const firstOf = (declared: readonly Instruction[]): Instruction =>
  declared.find(({ stage }) => stage) ?? (declared[0] as Instruction);

/** One change for all of them: one build command hands them on. */
function handedOn(
  document: Document,
  project: Project,
  found: readonly SecretArgument[],
  files: readonly BuildSecret[],
): Change {
  const secrets = [...found.map((it) => fromArgument(document, it)), ...files];
  const [first] = [...secrets].sort((a, b) => a.at.start - b.at.start) as [BuildSecret, ...BuildSecret[]];
  const callers = callersOf(project, secrets);
  const doubts = [...secrets.flatMap((it) => it.doubts), ...callers.doubts];
  const runs = [...new Set(secrets.flatMap((it) => it.runs))].sort((a, b) => a.start - b.start);
  const lines = runs.map((it) => document.originLine(it.start)).join(', ');
  const names = secrets.map(({ name }) => name);
  const hasEnvironment = secrets.some(({ kind }) => kind === 'env');
  const isRequired = secrets.some(({ kind, isOptional }) => kind !== 'ssh' && !isOptional);
  return {
    title:
      secrets.length === 1
        ? `${names[0]} as a secret of the build`
        : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} as secrets of the build`,
    why: [
      ...new Set(secrets.map(({ kind }) => LEAKS[kind])),
      `${secrets.length === 1 ? 'The secret is' : 'The secrets are'} there only while line ${lines} runs.`,
      `From now on: docker build ${secrets.map(argumentOf).join(' ')}${hasEnvironment ? ' (Docker 27 or BuildKit 0.16 and later)' : ''}${isRequired ? '; without it the build ends at once' : ''}.`,
      ...secrets.flatMap(({ notes }) => notes),
      ...doubts,
    ].join(' '),
    evidence: [...secrets.flatMap(({ evidence }) => evidence), ...callers.evidence],
    level: doubts.length === 0 ? 'review' : 'risky',
    at: placeOf(first.at),
    edits: [
      ...withoutLines(
        document,
        found.flatMap(({ declared, passedOn }) => [...declared, ...passedOn]),
      ),
      ...secrets.flatMap(({ edits }) => edits),
      ...runs.map((run) =>
        mounts(
          document,
          run,
          secrets.filter((it) => it.runs.includes(run)),
        ),
      ),
      ...callers.edits,
    ],
    ...(files.some(({ creates }) => creates.length > 0) && { creates: files.flatMap(({ creates }) => creates) }),
  };
}

const LEAKS: Readonly<Record<BuildSecret['kind'], string>> = {
  env: 'A build argument stands in the history and the provenance of the image.',
  file: 'A copied file stays in its layer, even where a later one removes it: whoever has the image has the file.',
  ssh: 'A copied key stays in its layer, even where a later one removes it: whoever has the image has the key. Replace it by a new one.',
};

function fromArgument(
  document: Document,
  { name, declared, runs, isOptional, readBy, doubts }: SecretArgument,
): BuildSecret {
  const id = name.toLowerCase();
  const lineOf = (it: Instruction) => document.originLine(it.start);
  const at = firstOf(declared);
  return {
    kind: 'env',
    name,
    id,
    path: '',
    isOptional,
    at,
    runs,
    flag: `--mount=type=secret,id=${id},env=${name}${isOptional ? '' : ',required=true'}`,
    edits: [],
    creates: [],
    evidence: [
      { file: document.path, line: lineOf(at), says: `ARG ${name}` },
      ...runs.map((it) => ({ file: document.path, line: lineOf(it), says: `RUN that needs ${name}` })),
      ...readBy,
    ],
    notes: [],
    doubts,
  };
}

function builderProblem({ directives }: Document, { builder }: Project): { code: string; why: string } | undefined {
  if (builder.kind === 'kaniko' || builder.kind === 'legacy')
    return {
      code: 'builder-without-secrets',
      why: `${builder.file}:${builder.line} builds with ${builder.kind === 'kaniko' ? 'kaniko' : 'the builder before BuildKit'}, which has no secret mounts.`,
    };
  const syntax = directives.find(({ name }) => name === 'syntax')?.value ?? '';
  const minor = /^docker\/dockerfile(?:-upstream)?:1\.(\d+)/.exec(syntax)?.[1];
  if ((minor !== undefined && Number(minor) < 10) || /:(?:experimental|1\.0-experimental)$/.test(syntax))
    return { code: 'frontend-too-old', why: `${syntax} cannot set a variable from a secret; 1.10 and later can.` };
  return undefined;
}

/** The mounts in front of all that the RUN has, each on a line of its own. */
function mounts(document: Document, it: Instruction, secrets: readonly BuildSecret[]): Edit {
  const start = it.keywordSpan.end + (/^[ \t]*/.exec(document.text.slice(it.keywordSpan.end))?.[0].length ?? 0);
  const indent = /\\[ \t]*\r?\n([ \t]{2,8})\S/.exec(document.text.slice(it.start, it.end))?.[1] ?? '    ';
  return { start, end: start, text: secrets.map(({ flag }) => `${flag} \\${document.eol}${indent}`).join('') };
}
