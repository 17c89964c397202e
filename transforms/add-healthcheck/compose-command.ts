/** What compose services start in place of the command of an image. */
import type { Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { serviceFacts } from '../../src/project/compose-service.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';

/** A `command:` or `entrypoint:` in the form that `serviceOf` takes. */
export interface GivenCommand {
  readonly by: 'command' | 'entrypoint';
  readonly words: readonly string[] | undefined;
  readonly text: string;
  readonly evidence: Evidence & { readonly line: number };
}

/** The compose services that run a stage. */
export const usesOf = (project: Project, stage: Stage): readonly ContextSource[] =>
  project.contexts.filter(
    (it) => it.service && (it.target === undefined || it.target.toLowerCase() === stage.name?.toLowerCase()),
  );

/** undefined: it starts what the image starts. */
export function givenCommand({ service, file = '' }: ContextSource): GivenCommand | undefined {
  const { entrypoint, command } = serviceFacts(service?.fields ?? {});
  const given = entrypoint ?? command;
  if (given === undefined || !service) return undefined;
  const text = (typeof given === 'string' ? given.trim() : given.join(' ')).replaceAll('$$', '$');
  const by = entrypoint === undefined ? 'command' : 'entrypoint';
  const line = service.lineOf(by);
  return { by, words: typeof given === 'string' ? undefined : given, text, evidence: { file, line, says: text } };
}
