/** Stages whose layers nobody gets: others take files from them, and that is all they are for. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Project } from '../../src/project/project.ts';

/** Every stage that another one copies from or mounts, and that is in no image: not the last one, no target, no base of these. */
export function servingStages(document: Document, project: Project): ReadonlySet<Stage> {
  if (document.stages.length < 2) return new Set();
  const named = project.targets.flatMap((name) => document.stageNamed(name) ?? []);
  const sources = sourcesIn(document);
  // a stage from which nobody takes anything is there to be built by its name
  const ends = document.stages.filter((stage) => !sources.has(stage) && !hasChild(document, stage));
  const kept = new Set([...named, ...ends].flatMap((stage) => lineage(stage)));
  return new Set(document.stages.filter((stage) => !kept.has(stage)));
}

const hasChild = ({ stages }: Document, stage: Stage): boolean => stages.some(({ parent }) => parent === stage);

function sourcesIn(document: Document): ReadonlySet<Stage> {
  const found = new Set<Stage>();
  for (const { flags, stage } of document.instructions) {
    for (const { name, value } of flags) {
      const from = name === 'from' ? value : name === 'mount' ? /(?:^|,)from=([^,]+)/.exec(value)?.[1] : undefined;
      const source = from === undefined ? undefined : document.stageNamed(from, stage);
      if (source) found.add(source);
    }
  }
  return found;
}
