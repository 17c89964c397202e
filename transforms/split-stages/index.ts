/** A single-stage build becomes a builder and a runtime stage. What is common to all ecosystems; the rest is in the recipes. */
import { contractDifferences, stageContract } from '../../src/contract.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline } from '../../src/edit.ts';
import { hasArchivedPackages } from '../../src/knowledge/ended-images.ts';
import { developmentImage } from '../../src/project/development.ts';
import type { Project } from '../../src/project/project.ts';
import { runtimeFacts } from '../../src/project/runtime.ts';
import { withMakeTargets } from '../../src/stage/make.ts';
import { updatesLists } from '../../src/stage/package-lists.ts';
import { defineTransform } from '../../src/transform.ts';
import { dotnet } from './dotnet/index.ts';
import { go } from './go/index.ts';
import { countsFromHome } from './home-folder.ts';
import { java } from './java/index.ts';
import { node } from './node/index.ts';
import { inWords } from './packages.ts';
import { php } from './php/index.ts';
import { python } from './python/index.ts';
import { ruby } from './ruby/index.ts';
import { rust } from './rust/index.ts';
import { staticSite } from './static-site/index.ts';
import { readSteps } from './steps.ts';
import { systemOf } from './system.ts';
import {
  DECLINES,
  isObstacle,
  type Obstacle,
  type Plan,
  type Rebase,
  type Recipe,
  type Trim,
  type View,
} from './types.ts';
import { unrecognised } from './unrecognised.ts';
import { splitEdits } from './write.ts';

/** In the order in which they are asked; the first that knows the stage answers. */
const RECIPES: readonly Recipe[] = [python, go, dotnet, rust, java, staticSite, node, ruby, php];

export const splitStages = defineTransform({
  name: 'split-stages',
  summary: 'Splits a single-stage build into a builder and a runtime stage without build tools',
  docs: {
    what: 'The stage keeps everything that builds and gets the name builder; a runtime stage behind it starts from the smaller variant of the same image, takes what was built, and keeps everything that a container sees. Run-time libraries take the place of -dev packages. A stage that builds nothing and has the tools all the same, as a jar on the image of a JDK, starts from the image without them. Where all that the build of a Node service writes is known, what is installed gets stages of its own, or is copied apart from the source.',
    why: 'Compilers, header files and package sources are most of the bytes of an image, and nothing of them runs: they are downloaded at every deployment and help whoever breaks in.',
    example: {
      before:
        'FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nEXPOSE 8000\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n',
      after:
        'FROM python:3.12 AS builder\nWORKDIR /app\nRUN python -m venv /opt/venv\nENV PATH="/opt/venv/bin:$PATH"\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n\nFROM python:3.12-slim\nWORKDIR /app\nCOPY --from=builder /opt/venv /opt/venv\nENV PATH="/opt/venv/bin:$PATH"\nCOPY . .\nEXPOSE 8000\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n',
      files: { 'requirements.txt': 'flask==3.1.0\ngunicorn==23.0.0\n', 'app.py': 'app = None\n' },
    },
  },
  options: {
    nginx: {
      kind: 'choice',
      choices: ['stock', 'unprivileged'],
      default: 'stock',
      help: 'the image that serves a static front end; unprivileged runs as another user than root, and is taken where the original did',
    },
    'nginx-config': {
      kind: 'choice',
      choices: ['file', 'heredoc'],
      default: 'file',
      help: 'where the configuration of nginx stands: in a file of its own or in the Dockerfile',
    },
  },
  mayChange: ['base', 'stages', 'copies', 'env', 'user', 'workdir', 'cmd', 'entrypoint', 'stopsignal'],
  declines: DECLINES,
  *plan(document, { project, options }) {
    const answer = split(document, project, options);
    if (answer) yield answer;
  },
});

function split(document: Document, project: Project, options: View['options']): Change | Decline | undefined {
  const [stage] = productStages(document, project) as readonly [Stage];
  const at = { start: stage.from.start, end: stage.from.headEnd };
  const view = viewOf(document, project, stage, options);
  for (const recipe of RECIPES) {
    const rebase = recipe.rebase?.(view);
    const plan = rebase ?? recipe.plan(view);
    if (!plan) continue;
    const isMinimal = isObstacle(plan) && plan.code === 'already-minimal';
    const answer = isMinimal ? plan : (commonObstacle(view) ?? (isObstacle(plan) ? plan : (workshop(view) ?? plan)));
    if (isObstacle(answer)) return { code: answer.code, why: answer.why, at: answer.at ?? at };
    if ('edits' in answer) return trimmed(answer, at);
    return 'head' in answer ? rebased(view, answer) : changeOf(view, answer);
  }
  const obstacle = unrecognised(view);
  return obstacle && { code: obstacle.code, why: obstacle.why, at: obstacle.at ?? at };
}

/** Stages that people work in: what runs in the end is another one. */
const WORKSHOP = /(?:^|[-_])(?:dev|devel|development|debug|test|tests|testing|ci|lint|local)(?:$|[-_])/i;

/** The stages that are run: every target that somebody builds, the last stage where no target is named. */
function productStages(document: Document, project: Project): readonly Stage[] {
  const last = document.stages.at(-1) as Stage;
  const built = project.contexts.map(({ target }) => (target === undefined ? last : document.stageNamed(target)));
  const products = built.filter((it) => it !== undefined && (it === last || !WORKSHOP.test(it.name ?? '')));
  return products.length > 0 ? ([...new Set(products)] as Stage[]) : [last];
}

function viewOf(document: Document, project: Project, stage: Stage, options: View['options']): View {
  const lower = document.text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end) === 'from';
  let facts: View['runtime'] | undefined;
  let builder: string | undefined;
  const runtime = (): View['runtime'] => {
    facts ??= runtimeFacts(project, stage, document);
    return facts;
  };
  return {
    document,
    project,
    stage,
    options,
    steps: withMakeTargets(readSteps(document, stage), project, () => runtime().files),
    system: systemOf(stage),
    get runtime() {
      return runtime();
    },
    get builder() {
      builder ??= freshName(document);
      return builder;
    },
    keyword: (word) => (lower ? word.toLowerCase() : word),
    of: (other) => viewOf(document, project, other, options),
    fact: (instruction, says = begun(instruction.args.text)) => ({
      file: document.path,
      line: document.originLine(instruction.start),
      says,
    }),
  };
}

/** A stage name that neither a stage nor an image of a `--from=` has. */
function freshName(document: Document): string {
  const taken = new Set([
    ...document.stages.flatMap(({ name, fromWord }) => [name?.toLowerCase(), fromWord.value.toLowerCase()]),
    ...document.instructions.flatMap(({ flags }) => flags.map(({ value }) => value.toLowerCase())),
  ]);
  const names = ['builder', 'build', 'build-stage'];
  return names.find((name) => !taken.has(name)) ?? `builder-${document.stages.length}`;
}

/** An image for writing or testing code has its tools on purpose. */
function workshop({ document, stage }: View): Obstacle | undefined {
  const name = developmentImage(document, stage);
  return name === undefined ? undefined : { code: 'development', why: `${name} is for writing or testing code` };
}

/** What speaks against splitting whatever the ecosystem. */
function commonObstacle({ document, project, stage }: View): Obstacle | undefined {
  const products = productStages(document, project);
  if (products.length > 1) {
    const named = products.map((it) => it.name ?? 'the last stage');
    return { code: 'several-targets', why: `built by somebody: ${inWords(named)}` };
  }
  if (stage.parent) return { code: 'starts-from-stage', why: `the stage starts from ${stage.fromWord.value}` };
  const child = document.stages.find((it) => it.parent === stage);
  if (child) return { code: 'stage-is-shared', why: `line ${child.from.line} starts from this stage`, at: child.from };
  const [heir] = project.heirs;
  if (heir) {
    const why = `${heir.path}:${heir.line} starts from ${heir.image}, which may be this image, and may need what it builds with`;
    return { code: 'stage-is-shared', why };
  }
  const copy = document.instructions.find(
    (it) =>
      it.stage !== stage &&
      it.flags.some(({ name, value }) => name === 'from' && document.stageNamed(value, it.stage) === stage),
  );
  if (copy) return { code: 'stage-is-shared', why: `line ${copy.line} copies from this stage`, at: copy };
  const trigger = stage.instructions.find(({ keyword }) => keyword === 'ONBUILD');
  if (trigger) return { code: 'onbuild', why: DECLINES.onbuild, at: trigger };
  return undefined;
}

/** Another image behind FROM. */
function rebased(view: View, { why, evidence, doubts, image, head, builds = [] }: Rebase): Change {
  const { document, stage } = view;
  const { from, fromWord } = stage;
  const old = head.some((it) => /^workdir /i.test(it)) ? undefined : countsFromHome(view, image, () => true);
  const eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = [...(old ? [`${view.keyword('WORKDIR')} ${old.home}`] : []), ...head]
    .map((text) => `${eol}${text.replaceAll('\n', eol)}`)
    .join('');
  return {
    title: `Start from ${image}`,
    why: `${why}${inDoubt(doubts)}`,
    evidence,
    level: doubts.length === 0 ? 'review' : 'risky',
    at: { start: from.start, end: from.headEnd },
    edits: [
      ...builds,
      { start: fromWord.start, end: fromWord.end, text: image },
      ...(lines === '' ? [] : [{ start: from.end, end: from.end, text: lines }]),
    ],
  };
}

const trimmed = ({ doubts, why, ...trim }: Trim, at: Change['at']): Change => ({
  ...trim,
  why: `${why}${inDoubt(doubts)}`,
  level: doubts.length === 0 ? 'review' : 'risky',
  at,
});

const inDoubt = (doubts: readonly string[]): string =>
  doubts.length === 0 ? '' : ` Not established: ${doubts.join('; ')}.`;

/** @throws Error when the image would not keep its contract: a bug of the recipe */
function changeOf(view: View, plan: Plan): Change | Decline {
  const { document, stage } = view;
  const at = { start: stage.from.start, end: stage.from.headEnd };
  const edits = splitEdits(view, plan);
  const allowed = new Set(['base', 'stages', 'copies', ...(plan.changes ?? [])]);
  const after = document.edit(edits);
  if (
    stage.image &&
    hasArchivedPackages(stage.image) &&
    !document.instructions.some(updatesLists) &&
    after.instructions.some(updatesLists)
  ) {
    const why = `${plan.image} needs packages of its own, and their release has moved to the archive of the distribution`;
    return { code: 'version-too-old', why, at };
  }
  const lost: string[] = [...contractDifferences(document, after)].filter((key) => !allowed.has(key));
  // another program has another environment
  const isOther = plan.changes?.some((key) => key === 'cmd' || key === 'entrypoint');
  const missing = isOther ? undefined : lostVariable(view, plan, after);
  if (missing !== undefined) lost.push(`ENV ${missing}`);
  if (lost.join() === 'user')
    return { code: 'base-unknown', why: `the number of its USER is another account in ${plan.image}`, at };
  if (lost.length > 0) throw new Error(`the image would lose or change: ${lost.join(', ')}`);
  return {
    title: plan.title,
    why: `${plan.why}${inDoubt(plan.doubts)}`,
    evidence: plan.evidence,
    level: plan.doubts.length === 0 ? 'review' : 'risky',
    at,
    edits,
    ...(plan.creates && { creates: plan.creates }),
  };
}

/**
 * The first variable of the stage that has another value in its runtime stage, or none: PATH alone may change, and what
 * the recipe itself keeps out of it.
 */
function lostVariable({ document, stage }: View, { placements }: Plan, after: Document): string | undefined {
  const next = stage.name === undefined ? after.stages.at(-1) : after.stageNamed(stage.name);
  const entries = (of: Document, it: Stage | undefined): [string, string][] =>
    it ? (JSON.parse(stageContract(of, it).env) as [string, string][]) : [];
  const kept = new Map(entries(after, next));
  const onPurpose = new Set(
    [...placements]
      .filter(([, { place, text }]) => place === 'builder' || text !== undefined)
      .flatMap(([{ pairs }]) => pairs.map(({ name }) => name)),
  );
  const lost = entries(document, stage).find(
    ([name, value]) => name !== 'PATH' && !onPurpose.has(name) && kept.get(name) !== value,
  );
  return lost?.[0];
}

/** The first words of a command that may go over many lines. */
function begun(text: string): string {
  const line = (text.split('\n')[0] ?? '').replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
