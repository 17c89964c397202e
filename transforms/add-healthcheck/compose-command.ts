/** What compose services start in place of the command of an image. */
import type { Evidence } from '../../src/edit.ts';
import { serviceFacts } from '../../src/project/compose-service.ts';
import type { ContextSource } from '../../src/project/project.ts';

/** A `command:` or `entrypoint:` in the form that `serviceOf` takes. */
export interface GivenCommand {
  readonly by: 'command' | 'entrypoint';
  readonly words: readonly string[] | undefined;
  readonly text: string;
  readonly evidence: Evidence & { readonly line: number };
}

/** undefined: it starts what the image starts. An `entrypoint:` gets the words of a `command:` beside it, and so does `[]`. */
export function givenCommand({ service, file = '' }: ContextSource): GivenCommand | undefined {
  const { entrypoint, command } = serviceFacts(service?.fields ?? {});
  const given = [entrypoint ?? [], command ?? []].filter((it) => it.length > 0);
  if (given.length === 0 || !service) return undefined;
  const text = given
    .map((it) => (typeof it === 'string' ? it.trim() : it.join(' ')))
    .join(' ')
    .replaceAll('$$', '$');
  const by = entrypoint === undefined ? 'command' : 'entrypoint';
  const line = service.lineOf(entrypoint === undefined || entrypoint.length === 0 ? 'command' : 'entrypoint');
  const words = given.some((it) => typeof it === 'string') ? undefined : given.flat();
  return { by, words, text, evidence: { file, line, says: text } };
}
