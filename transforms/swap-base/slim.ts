/** The stage that is run starts from the slim variant of its image, where nothing needs what the full one has. */
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline, Evidence } from '../../src/edit.ts';
import { splitTag } from '../../src/image.ts';
import { DEBIAN_LIBRARIES } from '../../src/knowledge/libraries.ts';
import type { Project } from '../../src/project/project.ts';
import { inWords } from '../../src/stage/install-run.ts';
import { runTimeNames } from '../../src/stage/system.ts';
import type { StageView } from '../../src/stage/view.ts';
import { type SlimImage, slimImage } from './image.ts';
import { installEdits } from './install.ts';
import { nodeFindings } from './node.ts';
import { pythonFindings } from './python.ts';
import { runTimeFindings } from './run-time.ts';
import { runFindings } from './runs.ts';
import { rustFindings } from './rust.ts';
import { copiedStages, isDevelopment, viewOf } from './stages.ts';
import { DECLINES, type Findings, isObstacle, type Need, type Obstacle } from './types.ts';

/** undefined: there is no full image that is known. */
export function toSlim(document: Document, project: Project, stage: Stage): Change | Decline | undefined {
  let root = stage;
  while (root.parent) root = root.parent;
  const at = { start: root.from.start, end: root.from.headEnd };
  const image = slimImage(document, project, root);
  if (!image) return undefined;
  const answer = isObstacle(image)
    ? image
    : (commonObstacle(document, project, stage) ?? changeOf(document, project, stage, image));
  return isObstacle(answer) ? { code: answer.code, why: answer.why, at: answer.at ?? at } : answer;
}

function commonObstacle(document: Document, project: Project, stage: Stage): Obstacle | undefined {
  if (stage.parent) {
    const why = `the stage starts from ${stage.fromWord.value}, which other stages may need as it is`;
    return { code: 'stage-is-shared', why };
  }
  const user = document.stages.find(
    (it) => it.parent === stage || (it !== stage && copiedStages(document, it).has(stage)),
  );
  if (user)
    return {
      code: 'stage-is-shared',
      why: `the stage in line ${user.from.line} starts from this one or copies from it`,
    };
  const [heir] = project.heirs;
  if (heir) {
    const why = `${heir.path}:${heir.line} starts from ${heir.image}, which may be this image, and may need what it has`;
    return { code: 'stage-is-shared', why };
  }
  const name = isDevelopment(document, stage);
  if (name !== undefined) return { code: 'development', why: `${name} says that people work in this image` };
  const trigger = stage.instructions.find(({ keyword }) => keyword === 'ONBUILD');
  return trigger && { code: 'onbuild', why: DECLINES.onbuild, at: trigger };
}

function changeOf(document: Document, project: Project, stage: Stage, image: SlimImage): Change | Obstacle {
  const { repository } = image.row;
  const view = viewOf(document, project, stage);
  const found = repository === 'debian' ? debianFindings(view) : findingsOf(view, stage, repository);
  if (isObstacle(found)) return found;
  const { needs, before } = found;
  const missing = [...needs.keys()];
  if (!image.isLive && missing.length > 0)
    return {
      code: 'version-too-old',
      why: `${repository}:${image.tag} lacks ${inWords(missing)}, and Debian has archived the packages of its release`,
    };
  const name = `${repository}:${image.tag}`;
  const more =
    missing.length === 0
      ? 'Nothing of the build and of the program uses what the full image has beyond it.'
      : `${inWords(missing)}, which the full image has, ${missing.length === 1 ? 'is' : 'are'} installed by name.`;
  const doubts = found.doubts.length === 0 ? '' : ` Not established: ${found.doubts.join('; ')}.`;
  const line = document.originLine(stage.from.start);
  return {
    title: `Start from ${name}`,
    why: `The same version on the same distribution, without ${repository === 'debian' ? 'manuals and translations' : 'compilers, header files and their libraries'}. ${more}${doubts}`,
    evidence: [
      { file: document.path, line, says: stage.fromWord.value },
      ...image.proof,
      ...found.evidence,
      ...needs.values(),
    ],
    level: found.doubts.length === 0 ? 'review' : 'risky',
    at: { start: stage.from.start, end: stage.from.headEnd },
    edits: [image.edit, ...installEdits(view, missing, before)],
  };
}

interface Found {
  /** Packages that the slim image lacks, and what asks for each. */
  readonly needs: ReadonlyMap<string, Evidence>;
  /** Where the first command stands that needs one. */
  readonly before: number;
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
}

function findingsOf(view: StageView, stage: Stage, repository: string): Found | Obstacle {
  const { document, project } = view;
  const version = splitTag(stage.image?.tag ?? '').version ?? '';
  if (repository === 'python' && /^2(?:\.|$)/.test(version))
    return {
      code: 'version-too-old',
      why: `python ${version} has ended, and so have the packages that it can install`,
    };
  const runs = runFindings(view);
  if (isObstacle(runs)) return runs;
  const copied = copiedStages(document, stage);
  const all: Findings[] = [];
  const views = [view, ...[...copied].map((it) => viewOf(document, project, it))];
  const checks = [
    () => runTimeFindings(view, copied),
    () => (repository === 'rust' ? rustFindings(view) : undefined),
    ...views.map((it) => () => pythonFindings(it, it === view)),
    ...views.map((it) => () => nodeFindings(it, it === view)),
  ];
  for (const check of checks) {
    const found = check();
    if (found && isObstacle(found)) return found;
    if (found) all.push(found);
  }
  const gems = views
    .slice(1)
    .some(({ steps }) =>
      steps.some(({ tasks }) => tasks.some(({ call }) => call?.manager === 'bundler' || call?.manager === 'gem')),
    );
  const needs: Need[] = [...all.flatMap((it) => it.needs), ...runs.needs];
  const installed = installedPackages(view);
  const missing = new Map<string, Evidence>();
  for (const need of certified(needs, repository)) {
    if (!installed.has(need.package) && !view.system.holds.has(need.package) && !missing.has(need.package))
      missing.set(need.package, need.evidence);
  }
  const doubts = [
    ...runs.doubts,
    ...all.flatMap((it) => it.doubts),
    ...(gems ? ['which libraries the gems need is not known'] : []),
  ];
  return {
    needs: missing,
    before: Math.min(...firstUses(view, missing, runs.needs)),
    doubts: [...new Set(doubts)],
    evidence: all.flatMap((it) => it.evidence),
  };
}

/** In the image of Node only the full one has certificates. */
function certified(needs: readonly Need[], repository: string): readonly Need[] {
  const speaks = needs.find((it) => /^(?:curl|wget|git)$/.test(it.package));
  return repository === 'node' && speaks ? [...needs, { ...speaks, package: 'ca-certificates' }] : needs;
}

/** Where RUN lines need a package that is missing; an install of npm or pip may start git. */
function firstUses(
  { steps }: StageView,
  missing: ReadonlyMap<string, Evidence>,
  runs: readonly (Need & { readonly before: number })[],
): number[] {
  const installs = steps
    .flatMap(({ tasks }) => tasks)
    .filter(({ effect }) => effect === 'install' || effect === 'build' || effect === 'app');
  const uses = runs.filter((it) => missing.has(it.package)).map((it) => it.before);
  return [...uses, ...(missing.size > 0 ? installs.map(({ command }) => command.start) : [])];
}

/** What apt-get installs in the stage, with the run-time libraries of -dev packages. */
function installedPackages({ steps, system }: StageView): ReadonlySet<string> {
  const names = steps.flatMap(({ tasks }) =>
    tasks.flatMap(({ call }) =>
      call?.manager === 'apt' && call.action === 'install'
        ? call.operands.flatMap(({ literal }) => literal?.replace(/=.*/, '') ?? [])
        : [],
    ),
  );
  const libraries = DEBIAN_LIBRARIES.filter(({ dev }) => dev.some((it) => names.includes(it))).flatMap(
    (row) => runTimeNames(row, system) ?? [],
  );
  return new Set([...names, ...libraries]);
}

/** debian:X-slim has the packages of debian:X, without their manuals and translations. */
function debianFindings(view: StageView): Found | Obstacle {
  const { document, stage } = view;
  const text = document.text.slice(stage.from.start, stage.instructions.at(-1)?.end);
  const doubts: string[] = [];
  if (/\/usr\/share\/(?:doc|man|locale|info)\b|\bman-db\b/.test(text))
    doubts.push('a line names manuals or translations, which slim images leave out');
  if (
    /\b(?:bullseye|buster)\b|debian:1[01]\b/.test(stage.fromWord.value) &&
    /jre-headless|postgresql-client|openjdk/.test(text)
  )
    doubts.push('packages of this release fail to install where the folders of manuals are missing');
  const locale = ['LANG', 'LC_ALL', 'LANGUAGE']
    .map((name) => stage.end.env.get(name))
    .find((it) => it !== undefined && !/^(?:C|POSIX|en)\b/i.test(it));
  if (locale !== undefined) doubts.push(`messages in the language of ${locale} are left out of slim images`);
  return { needs: new Map(), before: Infinity, doubts, evidence: [] };
}
