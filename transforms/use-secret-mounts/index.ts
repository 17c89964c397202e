/** Build arguments that hold a secret become secret mounts; secrets that stay in the image are told. */
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Decline, Edit } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import { defineTransform } from '../../src/transform.ts';
import { type SecretArgument, secretArguments } from './arguments.ts';
import { callersOf } from './callers.ts';
import { told } from './told.ts';

export const useSecretMounts = defineTransform({
  name: 'use-secret-mounts',
  summary: 'Hands secrets of the build to the RUN that needs them as secret mounts; tells those that stay in the image',
  docs: {
    what: 'An ARG that holds a token, and that only RUN instructions use, becomes RUN --mount=type=secret,env=.. where it is used. The build must be called otherwise then (docker build --secret in place of --build-arg), so that the change is of level review only where every caller that was found, compose services and steps of docker/build-push-action, is changed with it; else it is risky. Credentials that are copied, written into ENV or a URL, or kept in a file of a layer are told with the next step. Values are in no message; only the lines of a patch are as they are in the file, because a patch must apply.',
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
  mayChange: [],
  declines: {
    'builder-without-secrets': 'the builder that the CI files name has no secret mounts',
    'frontend-too-old':
      'the syntax directive pins a Dockerfile frontend that cannot set variables from secrets (1.10 can)',
  },
  *plan(document, { project }) {
    if (document.escape !== '\\' || document.stages.some(({ base }) => base?.family === 'windows')) return;
    for (const secret of secretArguments(document, project)) yield forArgument(document, project, secret);
    yield* told(document, project);
  },
});

function forArgument(document: Document, project: Project, secret: SecretArgument): Change | Decline {
  const { name, declared, obstacle, readBy, isOptional } = secret;
  const first = declared.find(({ stage }) => stage) ?? (declared[0] as Instruction);
  const at = { start: first.start, end: first.headEnd };
  const lineOf = (it: Instruction) => document.originLine(it.start);
  const declaration = { file: document.path, line: lineOf(first), says: `ARG ${name}` };
  if (obstacle !== undefined) {
    const why = `Build arguments stand in the history and the provenance of the image. ${obstacle}`;
    return {
      title: `The build argument ${name} is no place for a secret`,
      why,
      evidence: [declaration],
      level: 'manual',
      at,
      edits: [],
    };
  }
  const problem = builderProblem(document, project);
  if (problem) return { ...problem, at };
  const callers = callersOf(project, name, isOptional);
  const isWhole = callers.doubts.length === 0;
  const edits = [
    ...declared.map((it) => withoutLine(document, it)),
    ...secret.runs.map((it) => mount(document, it, secret)),
    ...callers.edits,
  ];
  const id = name.toLowerCase();
  const lines = secret.runs.map((it) => lineOf(it)).join(', ');
  const call = `From now on: docker build --secret id=${id},env=${name} (Docker 27 or BuildKit 0.16 and later)${isOptional ? '' : '; without it the build ends at once'}.`;
  return {
    title: `${name} as a secret of the build`,
    why: [
      `The build argument stands in the history and the provenance of the image; the secret is there only while line ${lines} runs.`,
      call,
      ...callers.doubts,
    ].join(' '),
    evidence: [
      declaration,
      ...secret.runs.map((it) => ({ file: document.path, line: lineOf(it), says: `RUN that needs ${name}` })),
      ...readBy,
      ...callers.evidence,
    ],
    level: isWhole ? 'review' : 'risky',
    at,
    edits,
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

/** An ARG with its line; of two empty lines around it one stays. */
function withoutLine({ text }: Document, it: Instruction): Edit {
  const start = text.lastIndexOf('\n', it.start - 1) + 1;
  const next = text.indexOf('\n', it.end);
  let end = next < 0 ? text.length : next + 1;
  const isApart = start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(0, start));
  const blank = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (isApart && blank) end += blank[0].length;
  return { start, end, text: '' };
}

/** The mount in front of all that the RUN has, on a line of its own. */
function mount(document: Document, it: Instruction, { name, isOptional }: SecretArgument): Edit {
  const start = it.keywordSpan.end + (/^[ \t]*/.exec(document.text.slice(it.keywordSpan.end))?.[0].length ?? 0);
  const indent = /\\[ \t]*\r?\n([ \t]{2,8})\S/.exec(document.text.slice(it.start, it.end))?.[1] ?? '    ';
  const flag = `--mount=type=secret,id=${name.toLowerCase()},env=${name}${isOptional ? '' : ',required=true'}`;
  return { start, end: start, text: `${flag} \\${document.eol}${indent}` };
}
