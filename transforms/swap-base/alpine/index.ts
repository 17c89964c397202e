/** The stage that is run moves to Alpine, with all that was built for it: one change for the whole of it, or none. */
import { lineage } from '../../../src/document/lineage.ts';
import { likeKeyword } from '../../../src/document/style.ts';
import type { Document, Stage } from '../../../src/document.ts';
import type { Change, Decline, Edit, Evidence, Span } from '../../../src/edit.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { DATABASE_IMAGES } from '../../../src/knowledge/slim-images.ts';
import type { Project } from '../../../src/project/project.ts';
import { inWords } from '../../../src/stage/install-run.ts';
import type { StageView } from '../../../src/stage/view.ts';
import { alpineTag, type Variant } from '../../../src/variant-tags.ts';
import { tagEdit, tagProof } from '../image.ts';
import { isDevelopment, repositoryOf, rootOf, viewOf } from '../stages.ts';
import { type Findings, isObstacle, type Obstacle } from '../types.ts';
import type { Groups } from './accounts.ts';
import { nodeOnMusl } from './node.ts';
import { othersOnMusl } from './others.ts';
import { pathEdits } from './paths.ts';
import { elsewherePlatform } from './platforms.ts';
import { buildFindings, debianNames, runTimeNeeds } from './programs.ts';
import { pythonOnMusl } from './python.ts';
import { type Translated, translateRun } from './runs.ts';
import { shellEdits } from './shell.ts';
import { movingStages } from './stages.ts';

/** undefined: the stage is on Alpine already, or on an image that nothing is known about. */
export function toAlpine(
  document: Document,
  project: Project,
  product: Stage,
  products: readonly Stage[],
): Change | Decline | undefined {
  const root = rootOf(product);
  const at: Span = { start: root.from.start, end: root.from.headEnd };
  const { image } = root;
  if (!image || !/^(?:debian|ubuntu)$/.test(root.base?.family ?? '')) return undefined;
  const tag = alpineTag(image);
  // the first of several products on one base moves them all
  if (tag === 'small' || products.find((it) => rootOf(it) === root) !== product) return undefined;
  const answer = decide(document, project, product, tag, products);
  return isObstacle(answer) ? { code: answer.code, why: answer.why, at: answer.at ?? at } : answer;
}

function decide(
  document: Document,
  project: Project,
  product: Stage,
  tag: Exclude<Variant, 'small'>,
  products: readonly Stage[],
): Change | Obstacle {
  const root = rootOf(product);
  const { image, fromWord } = root;
  const name = image ? repositoryName(image) : '';
  if (DATABASE_IMAGES.test(name))
    return {
      code: 'data-format',
      why: `${name} on Alpine sorts text otherwise and runs as another user: what is on its volumes would be damaged`,
    };
  if (image?.digest !== undefined)
    return {
      code: 'digest-pinned',
      why: `${fromWord.value} is pinned by a digest, and that of its variant on Alpine is not known`,
    };
  if ('why' in tag) return { code: 'no-alpine-variant', why: tag.why };
  const development = isDevelopment(document, product);
  if (development !== undefined)
    return { code: 'development', why: `${development} says that people work in this image` };
  const moving = movingStages(document, product);
  if (isObstacle(moving)) return moving;
  const other = products.find((it) => rootOf(it) !== root && moving.roots.has(rootOf(it)));
  if (other)
    return { code: 'stage-is-shared', why: `the stage in line ${other.from.line} is run, too, and would move with it` };
  const edits: Edit[] = [];
  const evidence: Evidence[] = [];
  for (const it of moving.roots) {
    const own = it.image && alpineTag(it.image);
    if (own === undefined || own === 'small') continue;
    if ('why' in own) return { code: 'no-alpine-variant', why: own.why };
    const proof = tagProof(project, it.image as NonNullable<typeof it.image>, own);
    if (proof === undefined)
      return { code: 'no-alpine-variant', why: `whether ${repositoryOf(it)}:${own.tag} exists is not known` };
    evidence.push(...proof);
    if (it.image?.digest !== undefined)
      return { code: 'digest-pinned', why: `${it.fromWord.value} is pinned by a digest` };
    const edit = tagEdit(document, project, it, own.tag);
    if ('code' in edit) return edit;
    // two stages may take their tag from one build argument
    if (!edits.some(({ start, end }) => start === edit.start && end === edit.end)) edits.push(edit);
  }
  const platform = elsewherePlatform(project);
  const doubts: string[] = platform
    ? [`${platform} builds for systems for which there are fewer images and wheels of musl`]
    : [];
  const added = new Set<string>();
  const changes = new Map<Stage, StageChange>();
  for (const stage of moving.stages) {
    const above = lineage(stage).flatMap((it) => changes.get(it) ?? []);
    const found = stageChange(document, project, stage, products.includes(stage), above);
    if (isObstacle(found)) return found;
    changes.set(stage, found);
    edits.push(...found.edits);
    doubts.push(...found.doubts);
    evidence.push(...found.evidence);
    for (const it of found.added) added.add(it);
  }
  const others = moving.stages.length - 1;
  return {
    title: `Start from ${name}:${tag.tag}`,
    why: `${others === 0 ? 'The stage moves' : `The ${moving.stages.length} stages that share what they build move`} to Alpine with packages, accounts and shells. Its C library is musl: it looks up names, allocates memory and starts threads in other ways, which no build shows.${added.size === 0 ? '' : ` ${inWords([...added].sort())} ${added.size === 1 ? 'is' : 'are'} installed by name.`}${doubts.length === 0 ? '' : ` Not established: ${[...new Set(doubts)].join('; ')}.`}`,
    evidence: [
      { file: document.path, line: document.originLine(product.from.start), says: product.fromWord.value },
      ...evidence,
    ],
    level: doubts.length === 0 ? 'review' : 'risky',
    at: { start: root.from.start, end: root.from.headEnd },
    edits,
  };
}

interface StageChange {
  readonly edits: readonly Edit[];
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Packages, and instructions besides. */
  readonly added: readonly string[];
  readonly lines: readonly string[];
}

/** What one stage needs to stand on Alpine. `isProduct`: containers are made of it; `above`: what the stages that it starts from get. */
function stageChange(
  document: Document,
  project: Project,
  stage: Stage,
  isProduct: boolean,
  above: readonly StageChange[],
): StageChange | Obstacle {
  const view = viewOf(document, project, stage);
  const trigger = stage.instructions.find(({ keyword }) => keyword === 'ONBUILD');
  if (trigger) return { code: 'onbuild', why: 'an ONBUILD instruction would act in other builds', at: trigger };
  const checks: (() => Findings | Obstacle | undefined)[] = [
    () => debianNames(view),
    () => buildFindings(view),
    () => pythonOnMusl(view),
    () => nodeOnMusl(view),
    ...(isProduct ? [() => runTimeNeeds(view), () => othersOnMusl(view)] : []),
  ];
  const all: Findings[] = [];
  for (const check of checks) {
    const found = check();
    if (found && isObstacle(found)) return found;
    if (found) all.push(found);
  }
  const shells = shellEdits(view);
  if (isObstacle(shells)) return shells;
  const paths = pathEdits(view, isProduct);
  if (isObstacle(paths)) return paths;
  const translated = translateAll(view);
  if (isObstacle(translated)) return translated;
  const installed = new Set([
    ...translated.flatMap(({ list }) => list?.names ?? []),
    ...above.flatMap((it) => it.added),
  ]);
  const needs = all.flatMap((it) => it.needs).filter((it) => !installed.has(it.package));
  const names = [...new Set(needs.map((it) => it.package))].sort();
  const lines = all.flatMap((it) => it.lines ?? []).filter((line) => !above.some((it) => it.lines.includes(line)));
  return {
    edits: [...shells, ...paths, ...withPackages(view, translated, names, lines)],
    doubts: all.flatMap((it) => it.doubts),
    evidence: [...all.flatMap((it) => it.evidence), ...firstOf(needs)],
    added: names,
    lines,
  };
}

const firstOf = (needs: Findings['needs']): Evidence[] => [
  ...new Map([...needs].reverse().map((it) => [it.package, it.evidence])).values(),
];

function translateAll(view: StageView): readonly Translated[] | Obstacle {
  const groups: Groups = new Map();
  const all: Translated[] = [];
  for (const step of view.steps) {
    const found = step.instruction.keyword === 'RUN' ? translateRun(view, step, groups) : undefined;
    if (found && isObstacle(found)) return found;
    if (found) all.push(found);
  }
  return all;
}

/** The packages go into the first list that is there, else into a RUN of their own at the top of the stage. */
function withPackages(
  view: StageView,
  translated: readonly Translated[],
  names: readonly string[],
  lines: readonly string[],
): readonly Edit[] {
  const edits = translated.flatMap((it) => it.edits);
  const { document, stage } = view;
  const list = translated.find((it) => it.list)?.list;
  const isFirst = list && list.before <= firstUse(view);
  const rest = names.length > 0 && !isFirst ? [`RUN apk add --no-cache ${names.join(' ')}`] : [];
  const written = [...lines, ...rest].map((line) =>
    line.replace(/^\w+/, (word) => likeKeyword(document, stage.from, word)),
  );
  const extended =
    isFirst && names.length > 0
      ? edits.map((it) => (it === list.edit ? { ...it, text: [it.text, ...names].join(list.gap) } : it))
      : edits;
  return written.length === 0 ? extended : [...extended, top(view, written)];
}

/** Where the first command of the stage stands that is no install of packages. */
function firstUse({ steps }: StageView): number {
  const task = steps
    .flatMap(({ tasks }) => tasks)
    .find(({ effect }) => !/^(?:index|packages|clean|accounts|none|shell)$/.test(effect));
  return task?.command.start ?? Number.POSITIVE_INFINITY;
}

/** Before the first RUN, COPY, ADD or USER, above the comment that belongs to it. */
function top({ document, stage }: StageView, lines: readonly string[]): Edit {
  const { text, eol } = document;
  const next = stage.instructions.find((it) => /^(?:RUN|COPY|ADD|USER)$/.test(it.keyword)) ?? stage.instructions[0];
  if (!next) return { start: stage.from.end, end: stage.from.end, text: lines.map((line) => eol + line).join('') };
  let at = next.start;
  for (;;) {
    const previous = text.lastIndexOf('\n', at - 2) + 1;
    if (previous >= at || !/^[ \t]*#/.test(text.slice(previous, at)) || previous < stage.from.end) break;
    at = previous;
  }
  return { start: at, end: at, text: lines.map((line) => line + eol).join('') };
}
