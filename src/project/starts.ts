/** What starts processes in containers of an image: instructions, compose services, Procfile. */
import type { Document, Stage } from '../document.ts';
import { serviceFacts } from './compose-service.ts';
import type { Project } from './project.ts';

/** Something that starts a process in a container of the image. Files are relative to the root. */
export interface Start {
  readonly by: 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK' | 'compose' | 'procfile';
  readonly file: string;
  readonly line: number;
  /** Words of an exec form; undefined: a text for the shell. */
  readonly words: readonly string[] | undefined;
  readonly text: string;
}

/** CMD, ENTRYPOINT and HEALTHCHECK in force at the end of a stage, those of its parents included. */
export function instructionStarts(document: Document, stage: Stage): Start[] {
  const chain: Stage[] = [];
  for (let at: Stage | undefined = stage; at; at = at.parent) chain.unshift(at);
  const last = new Map<string, Start>();
  for (const instruction of chain.flatMap(({ instructions }) => instructions)) {
    const { keyword } = instruction;
    if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT' && keyword !== 'HEALTHCHECK') continue;
    const text = instruction.args.text;
    if (keyword === 'HEALTHCHECK' && !/^CMD\s/i.test(text)) continue;
    const body = keyword === 'HEALTHCHECK' ? text.replace(/^CMD\s+/i, '') : text;
    const words =
      keyword === 'HEALTHCHECK'
        ? jsonWords(body)
        : instruction.json
          ? instruction.words.map((w) => w.value)
          : undefined;
    last.set(keyword, {
      by: keyword,
      file: document.path,
      line: document.originLine(instruction.start),
      words,
      text: words ? words.join(' ') : body,
    });
  }
  return [...last.values()];
}

function jsonWords(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((it) => typeof it === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `command`, `entrypoint` and `healthcheck.test` of the services that build the Dockerfile. */
export function composeStarts(project: Project): Start[] {
  return project.contexts.flatMap(({ service, file = '' }) => {
    if (!service) return [];
    const { command, entrypoint, healthcheck } = serviceFacts(service.fields);
    return Object.entries({ command, entrypoint, healthcheck }).flatMap(([field, start]) => {
      if (start === undefined) return [];
      const isText = typeof start === 'string';
      return [
        {
          by: 'compose' as const,
          file,
          line: service.lineOf(field),
          words: isText ? undefined : start,
          text: isText ? start : start.join(' '),
        },
      ];
    });
  });
}

/** The lines of the Procfile of the context: `web: gunicorn app`. */
export function procfileStarts(project: Project): Start[] {
  return (project.read('Procfile') ?? '').split(/\r?\n/).flatMap((line, at) => {
    const text = /^[\w-]+:\s*(.+)$/.exec(line)?.[1];
    return text === undefined
      ? []
      : [{ by: 'procfile' as const, file: project.rootPath('Procfile'), line: at + 1, words: undefined, text }];
  });
}
