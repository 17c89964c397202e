import type { Document, Stage } from '../document.ts';
import type { Project } from './project.ts';

/** The stage that somebody builds: the last one, or the one that every build names. */
export function builtStage(document: Document, project: Project): Stage | undefined {
  const last = document.stages.at(-1);
  const [target, ...more] = project.targets;
  const isAlways = project.contexts.every((it) => it.target === target);
  const named = target !== undefined && more.length === 0 && isAlways ? document.stageNamed(target) : undefined;
  return named ?? last;
}
