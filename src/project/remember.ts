/** Answers about the files of a project that are worked out once. A plan may change any of them: then they are forgotten. */
import type { Project } from './project.ts';

/** What a project keeps: by the question, then by what it is about. */
export interface Answers {
  readonly revision: number;
  readonly by: Map<object, Map<unknown, unknown>>;
}

/**
 * Asks a question about a key of a project no more than once, until the next file is planned.
 * `rest` is what the question needs besides and the key decides: the document of a stage.
 */
export function remembered<K, R extends readonly unknown[], V>(
  find: (project: Project, key: K, ...rest: R) => V,
): (project: Project, key: K, ...rest: R) => V {
  return (project, key, ...rest) => {
    if (!project.answers || project.answers.revision !== project.revision)
      project.answers = { revision: project.revision, by: new Map() };
    const { by } = project.answers;
    let known = by.get(find);
    if (known === undefined) {
      known = new Map();
      by.set(find, known);
    }
    if (known.has(key)) return known.get(key) as V;
    const found = find(project, key, ...rest);
    known.set(key, found);
    return found;
  };
}
