/** Compose services that listen on another port than the image: what it is asked for, nobody answers there. */
import type { Document, Stage } from '../../src/document.ts';
import { environmentOf } from '../../src/project/compose-service.ts';
import { servicesOf } from '../../src/project/development.ts';
import type { Project } from '../../src/project/project.ts';
import { type Service, serviceOf } from '../../src/project/service.ts';
import { givenCommand } from './compose-command.ts';
import type { Obstacle } from './obstacles.ts';

/** uvicorn --port 8000, rails server -p 3001, runserver 0.0.0.0:8000 */
const WRITTEN = /(?:--port[= ]|(?:^|\s)-p[= ]?|(?:0\.0\.0\.0|\[::\]|\s):)(\d{2,5})(?![\w.:])/g;
/** Variables that move the port of a framework whatever the image says. Sources: learn.microsoft.com (Kestrel endpoints), docs.spring.io (server.port), quarkus.io (quarkus.http.port), 2026-11. */
const MOVES = [
  { service: /^dotnet /, variable: /^(?:ASPNETCORE_URLS|DOTNET_URLS|URLS)$/, port: /:(\d{2,5})(?!\d)/g },
  { service: /^dotnet /, variable: /^(?:ASPNETCORE|DOTNET)_HTTP_PORTS$/, port: /(\d{2,5})/g },
  { service: /java|Spring|Quarkus/, variable: /^(?:SERVER_PORT|QUARKUS_HTTP_PORT)$/, port: /^(\d{2,5})$/g },
] as const;

/** The first service that listens elsewhere, and has no health check of its own. */
export function otherPort(document: Document, project: Project, stage: Stage, asked: Service): Obstacle | undefined {
  const { number, variable } = asked.port;
  for (const use of servicesOf(project, stage)) {
    if (use.service?.fields.healthcheck !== undefined) continue;
    const set = environmentOf(use.service?.fields ?? {});
    if (variable !== undefined && (set.has(variable) || use.service?.fields.env_file !== undefined)) continue;
    const given = givenCommand(use);
    const ports = given ? portsOf(serviceOf(document, project, stage, given), given.text) : movedPorts(set, asked);
    if (ports.length === 0 || ports.includes(number)) continue;
    const where = given?.evidence ?? { file: use.file ?? '', line: use.service?.lineOf('environment') };
    const why = `${where.file}:${where.line} runs ${given?.text ?? asked.name} as ${use.name} with this image, which listens on ${ports[0]} and not on ${number}: it would never be healthy.`;
    return { code: 'compose-has-worker', why };
  }
  return undefined;
}

function portsOf(other: ReturnType<typeof serviceOf>, text: string): readonly number[] {
  if (other.kind !== 'service') return numbersIn(text, WRITTEN);
  return other.isKnown && other.port.variable === undefined ? [other.port.number] : [];
}

function movedPorts(set: ReadonlyMap<string, string>, { name }: Service): readonly number[] {
  return MOVES.filter(({ service }) => service.test(name)).flatMap(({ variable, port }) =>
    [...set].flatMap(([key, value]) => (variable.test(key) ? numbersIn(value, port) : [])),
  );
}

const numbersIn = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map(([, number]) => Number(number));
