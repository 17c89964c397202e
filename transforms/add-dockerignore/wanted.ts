/** Which lines the .dockerignore of a context wants. */
import type { ContextUse } from '../../src/context-use.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { envLines } from './env.ts';
import { gitLine } from './git.ts';
import { leftoverLines } from './leftovers.ts';
import type { Asked, Line, Objection, Wanted } from './lines.ts';

/** What the Dockerfiles in `wanting` have in common for lines; `asked` tells who needs what these leave out. */
export function wantedLines(project: Project, survey: Survey, wanting: readonly ContextUse[], asked: Asked): Wanted {
  const lines: Line[] = [];
  const objections: Objection[] = [];
  for (const find of [gitLine, leftoverLines, envLines]) {
    for (const candidate of find(project, survey, wanting)) {
      const { line, held } = candidate;
      const found: Objection[] = asked(candidate).map((it) => ({ line, ...it }));
      if (held !== undefined) found.push({ line, by: undefined, why: held });
      if (found.length > 0) objections.push(...found);
      else lines.push(line);
    }
  }
  return { lines, objections };
}
