/** Compose services that start the same server on another port: what the image is asked for, nobody answers there. */
import type { Document, Stage } from '../../src/document.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import { type Service, serviceOf } from '../../src/project/service.ts';
import { givenCommand, usesOf } from './compose-command.ts';
import type { Obstacle } from './obstacles.ts';

/** uvicorn --port 8000, rails server -p 3001, runserver 0.0.0.0:8000 */
const WRITTEN = /(?:--port[= ]|(?:^|\s)-p[= ]?|(?:0\.0\.0\.0|\[::\]|\s):)(\d{2,5})(?![\w.:])/g;

/** The first service that listens elsewhere, and has no health check of its own. */
export function otherPort(document: Document, project: Project, stage: Stage, { port }: Service): Obstacle | undefined {
  for (const use of usesOf(project, stage)) {
    const given = use.service?.fields.healthcheck === undefined ? givenCommand(use) : undefined;
    if (!given || setsPort(use, port.variable)) continue;
    const other = serviceOf(document, project, stage, given);
    const ports =
      other.kind === 'service'
        ? other.isKnown && other.port.variable === undefined
          ? [other.port.number]
          : []
        : [...given.text.matchAll(WRITTEN)].map(([, number]) => Number(number));
    if (ports.length === 0 || ports.includes(port.number)) continue;
    const { file, line } = given.evidence;
    const why = `${file}:${line} runs ${given.text} as ${use.name} with this image, which listens on ${ports[0]} and not on ${port.number}: it would never be healthy.`;
    return { code: 'compose-has-worker', why };
  }
  return undefined;
}

/** Whether the service gives the variable that the probe reads a value. */
function setsPort({ service }: ContextSource, variable: string | undefined): boolean {
  if (variable === undefined) return false;
  return JSON.stringify([service?.fields.environment, service?.fields.env_file]).includes(variable);
}
