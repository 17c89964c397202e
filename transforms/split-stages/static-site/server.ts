/** What serves the front end now, and where it listens. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import {
  SITE_FRAMEWORKS,
  SITE_SERVERS,
  type SiteFrameworkRow,
  type SiteServerRow,
} from '../../../src/knowledge/static-sites.ts';
import { environmentOf, serviceFacts } from '../../../src/project/compose-service.ts';
import { imageFiles } from '../../../src/project/image-files.ts';
import { type NodeFacts, nodeFacts } from '../../../src/project/node.ts';
import { readPort } from '../../../src/project/port.ts';
import { type Process, processOf } from '../../../src/project/process.ts';
import { exposedPorts } from '../../../src/project/service.ts';
import { flagValues } from '../../../src/project/service-server.ts';
import type { Obstacle, View } from '../types.ts';
import { angularServe } from './angular.ts';
import { configsIn, inBlock } from './config.ts';
import { startCommands } from './scripts.ts';

export interface SiteServer {
  readonly row: SiteServerRow;
  readonly process: Process;
  /** The package that is built. */
  readonly facts: NodeFacts;
  /** Absolute folder of the package in the image. */
  readonly dir: string;
  readonly framework: SiteFrameworkRow | undefined;
  /** `files`: the absolute folder that is served. */
  readonly folder: string | undefined;
  /** What the container starts before it. */
  readonly before: readonly (readonly string[])[];
}

/** The server that the stage starts; undefined: it starts something else. */
export function siteServer(view: View): SiteServer | undefined {
  const { document, project, stage } = view;
  // no package.json comes from elsewhere
  if (imageFiles(document, project, stage).sources.length === 0) return undefined;
  const override = overrideOf(view);
  const found = processOf(document, project, stage, override);
  if ('code' in found || found.interpreter !== undefined || found.cwd === undefined) return undefined;
  const near = rowOf(found.program, found.args) ?? (/^(?:yarn|pnpm|bun)$/.test(found.program) ? 'runner' : undefined);
  const home = near && packageAround(view, found.cwd);
  if (!home) return undefined;
  const commands = startCommands(stage, home.facts, override?.text);
  const [program = '', ...args] = commands.at(-1) ?? [];
  const row = rowOf(program, args);
  if (!row) return undefined;
  const process = { ...found, program, args };
  const folder = row.kind === 'files' ? servedFolder(row, process) : undefined;
  const own = folder === undefined ? home : packageAround(view, folder);
  if (!own) return undefined;
  const names = new Set(own.facts.dependencies.map(({ name }) => name));
  const framework = SITE_FRAMEWORKS.find(({ packages }) => packages.some((name) => names.has(name)));
  return { row, process, ...own, framework, folder, before: commands.slice(0, -1) };
}

function rowOf(program: string, args: readonly string[]): SiteServerRow | undefined {
  const words = args.join(' ');
  return SITE_SERVERS.find((it) => it.programs.includes(program) && (it.when?.test(words) ?? true));
}

/** The command of a compose file, where the Dockerfile has none. */
function overrideOf({ project, stage }: View): Parameters<typeof processOf>[3] {
  if (stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')) return undefined;
  for (const { service, file = '' } of project.contexts) {
    const command = service?.fields.command;
    if (service === undefined || (typeof command !== 'string' && !Array.isArray(command))) continue;
    const words = Array.isArray(command) ? command.map(String) : undefined;
    const text = words ? words.join(' ') : String(command);
    return { by: 'command', words, text, evidence: { file, line: service.lineOf('command'), says: text } };
  }
  return undefined;
}

/** The operand of a server of files: the folder in force when there is none. */
function servedFolder(row: SiteServerRow, { args, cwd }: Process): string | undefined {
  const operand = args.find((word, i) => {
    const before = args[i - 1] ?? '';
    return !word.startsWith('-') && !row.ports.includes(before) && !/^(?:-[acdtT]|--(?:host|config|cwd))$/.test(before);
  });
  return joinPath(cwd, operand ?? '.');
}

/** The package.json in a folder of the image or above it. */
function packageAround({ runtime, project }: View, from: string): { dir: string; facts: NodeFacts } | undefined {
  for (let dir = from; ; dir = posix.dirname(dir)) {
    const file = runtime.files.toContext(posix.join(dir, 'package.json'));
    const facts =
      file === undefined ? undefined : nodeFacts(project, posix.dirname(file) === '.' ? '' : posix.dirname(file));
    if (facts === 'broken') return undefined;
    if (facts) return { dir, facts };
    if (dir === '/') return undefined;
  }
}

export interface SitePort {
  readonly number: number;
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly string[];
}

/** The port that the server listens on: start command, variables, configuration, default; EXPOSE where none of them can be read. */
export function sitePort(view: View, site: SiteServer): SitePort | Obstacle {
  const { document, project, stage } = view;
  const { row, process, facts } = site;
  const exposed = exposedPorts(document, stage);
  const start = process.evidence.at(-1) as Evidence;
  const settle = (number: number, evidence: Evidence): SitePort => {
    const names = exposed.map((it) => it.number);
    const published = project.contexts.flatMap(({ service }) => (service ? serviceFacts(service.fields).ports : []));
    const doubts: string[] = [];
    if (names.length > 0 && !names.includes(number))
      doubts.push(`EXPOSE names ${names.join(', ')}, and ${process.program} listens on ${number}`);
    if (published.length > 0 && !published.includes(String(number)))
      doubts.push(`compose publishes ${published.join(', ')}, and ${process.program} listens on ${number}`);
    return {
      number,
      evidence: [evidence, ...exposed.filter((it) => it.number === number).map((it) => it.evidence)],
      doubts,
    };
  };
  const written = flagValues(process.args, row.ports).at(-1);
  const port = written === undefined ? undefined : readPort(written);
  if (written !== undefined && port?.variable === undefined) {
    return port?.number === undefined ? unknown(written) : settle(port.number, start);
  }
  const name = port?.variable ?? row.variables?.find(() => true);
  if (name !== undefined) {
    const values = new Set(
      project.contexts.flatMap(({ service }) => (service ? (environmentOf(service.fields).get(name) ?? []) : [])),
    );
    const own =
      process.assignments.get(name) ??
      stage.end.env.get(name) ??
      (row.kind === 'development' ? dotenv(view, facts, name) : undefined);
    if (own !== undefined) values.add(own);
    const [value] = values;
    if (values.size > 1) return unknown(`${name} has several values`);
    if (value !== undefined) return /^\d+$/.test(value) ? settle(Number(value), start) : unknown(value);
    if (written !== undefined && port?.number === undefined) return unknown(written);
    if (port?.number !== undefined) return settle(port.number, start);
  }
  const configured = configuredPort(view, site);
  if (configured && configured.value !== undefined) return settle(configured.value, configured.evidence);
  if (configured) {
    const [only, ...more] = exposed;
    return only && more.length === 0
      ? {
          number: only.number,
          evidence: [only.evidence],
          doubts: [`${configured.evidence.says} could not be read, EXPOSE names ${only.number}`],
        }
      : unknown(configured.evidence.says);
  }
  return settle(row.port, { ...start, says: `${process.program} listens on ${row.port} without being told a port` });
}

const unknown = (what: string): Obstacle => ({ code: 'port-unknown', why: `the port cannot be read: ${what}` });

/** A variable of the .env file that lies beside package.json: `PORT=3006`. */
export function dotenv({ project }: View, { dir, has }: NodeFacts, name: string, file = '.env'): string | undefined {
  if (!has(file)) return undefined;
  const text = project.read(dir === '' ? file : `${dir}/${file}`) ?? '';
  return new RegExp(`^\\s*${name}\\s*=\\s*["']?([^\\s"'#]+)`, 'm').exec(text)?.[1];
}

/** The port of the configuration; `value` undefined: it says one that cannot be read. */
function configuredPort(
  { project }: View,
  { row, facts, framework }: SiteServer,
): { value: number | undefined; evidence: Evidence } | undefined {
  if (framework?.name === 'Angular') return angularServe(project, facts).port;
  const names = [...(framework?.configs ?? []), ...VITE_CONFIGS.filter(() => row.framework === 'Vite')];
  const found = row.block === undefined ? undefined : inBlock(configsIn(project, facts.dir, names), row.block, 'port');
  if (!found) return undefined;
  const { file, line, says, value } = found;
  const evidence = { file: project.rootPath(file), ...(line !== undefined && { line }), says };
  const number = /^\d{2,5}$/.test(value) ? Number(value) : undefined;
  return { value: number, evidence };
}

/** SvelteKit and others are served by Vite. */
export const VITE_CONFIGS: readonly string[] = SITE_FRAMEWORKS.find(({ name }) => name === 'Vite')?.configs ?? [];
