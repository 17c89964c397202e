/** Which stages are run in the end, and which stages they take files from. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import type { Project } from '../../src/project/project.ts';
import { runtimeFacts } from '../../src/project/runtime.ts';
import { readSteps } from '../../src/stage/steps.ts';
import { systemOf } from '../../src/stage/system.ts';
import type { StageView } from '../../src/stage/view.ts';

/** Every target that somebody builds, and the last stage where no target is named. */
export function productStages(document: Document, project: Project): readonly Stage[] {
  const last = document.stages.at(-1) as Stage;
  const built = project.contexts.map(({ target }) => (target === undefined ? last : document.stageNamed(target)));
  const products = [...new Set(built.filter((it) => it !== undefined))];
  return products.length > 0 ? products : [last];
}

/** The stage of the image that a stage stands on. */
export const rootOf = (stage: Stage): Stage => lineage(stage).at(-1) ?? stage;

/** The short name of the image that a stage stands on: `python`; '' where it is not known. */
export function repositoryOf(stage: Stage): string {
  const { image } = rootOf(stage);
  return image ? repositoryName(image) : '';
}

/** The stages that a stage copies from, and so on. */
export function copiedStages(document: Document, stage: Stage, found = new Set<Stage>()): ReadonlySet<Stage> {
  for (const { flags } of stage.instructions) {
    for (const { name, value } of flags) {
      const from = name === 'from' ? document.stageNamed(value, stage) : undefined;
      for (let at = from; at && !found.has(at); at = at.parent) {
        found.add(at);
        copiedStages(document, at, found);
      }
    }
  }
  return found;
}

export function viewOf(document: Document, project: Project, stage: Stage): StageView {
  let facts: StageView['runtime'] | undefined;
  return {
    document,
    project,
    stage,
    steps: readSteps(document, stage),
    system: systemOf(stage),
    get runtime() {
      facts ??= runtimeFacts(project, stage, document);
      return facts;
    },
  };
}

/** Dockerfiles and stages of those who develop. */
const DEVELOPMENT = /(?:^|[._-])(?:dev|devel|development|devcontainer|gitpod|test|tests|ci)(?:$|[._-])/i;

/** The name that says so, of the file or of the stage. */
export function isDevelopment(document: Document, stage: Stage): string | undefined {
  const file = document.path
    .split('/')
    .slice(-2)
    .find((it) => DEVELOPMENT.test(it) && (it.startsWith('.') || /dockerfile/i.test(it)));
  return file ?? (DEVELOPMENT.test(stage.name ?? '') ? stage.name : undefined);
}
