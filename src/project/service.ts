/**
 * Which service a stage's process is: whether it listens, on which port, and on which path it says that it is well.
 * Each answer carries the places that it was read from; what they do not settle is no service.
 */
import { lineage } from '../document/lineage.ts';
import type { Document, Stage } from '../document.ts';
import type { Evidence } from '../edit.ts';
import { NON_SERVICES, type NonServiceKind } from '../knowledge/non-services.ts';
import { SERVERS, type Startup } from '../knowledge/servers.ts';
import type { HealthPath } from './health-path.ts';
import { isLocal, type PortValue, portIn } from './port.ts';
import { type Override, type Process, processOf, type UnknownProcess } from './process.ts';
import type { Project } from './project.ts';
import { knownServer } from './service-server.ts';
import { programOf } from './service-source.ts';

/** How surely a port is known: by what starts or configures the process, by its default, or by EXPOSE alone. */
export type PortSource = 'start' | 'configuration' | 'source' | 'default' | 'expose';

/** A process that listens. */
export interface Service {
  readonly kind: 'service';
  /** How it is called in a sentence: `gunicorn`, `node server.js`. */
  readonly name: string;
  readonly speaks: 'http' | 'tcp';
  readonly port: Port;
  /** Whether something that was read says that it listens; false: EXPOSE alone does. */
  readonly isKnown: boolean;
  readonly startup: Startup;
  /** What carries the program out: `python`; undefined for a program that runs by itself. */
  readonly interpreter: string | undefined;
  /** undefined: no path is known for sure; then `pathDoubt` may say why not. */
  readonly path: HealthPath | undefined;
  readonly pathDoubt: string | undefined;
  /** A command of the program itself that asks whether it is well. */
  readonly own?: OwnCheck;
  readonly evidence: readonly Evidence[];
}

/** `quotes healthcheck` */
export interface OwnCheck {
  readonly words: readonly string[];
  readonly evidence: Evidence;
}

/** The port in force when nothing else is set from outside. */
export interface Port {
  readonly number: number;
  /** The variable that decides at run time; what asks for the port must read it too. */
  readonly variable: string | undefined;
  /** Whether the Dockerfile sets the variable, so that it always has a value. */
  readonly isSet: boolean;
  readonly from: PortSource;
  /** A contradiction that does not decide: EXPOSE names another port. */
  readonly doubt: string | undefined;
}

/** Why there is no service to ask. */
export interface NoService {
  readonly kind: 'none';
  readonly code:
    | NonServiceKind
    | UnknownProcess['code']
    | 'port-unknown'
    | 'port-conflict'
    | 'address-not-local'
    | 'socket';
  readonly why: string;
}

/** A service whose port has not been weighed against the Dockerfile yet. */
export interface Found {
  readonly name: string;
  readonly speaks: 'http' | 'tcp';
  /** undefined: it listens, but where cannot be read. */
  readonly value: PortValue | undefined;
  readonly from: PortSource;
  readonly startup: Startup;
  readonly path: HealthPath | undefined;
  readonly pathDoubt: string | undefined;
  readonly own?: OwnCheck;
  readonly evidence: readonly Evidence[];
}

/** What a reader of one kind of program is given. */
export interface Surroundings {
  readonly document: Document;
  readonly project: Project;
  readonly stage: Stage;
  readonly process: Process;
}

export const none = (code: NoService['code'], why: string): NoService => ({ kind: 'none', code, why });

/** Reads what a stage runs. `override`: the command that a compose service gives instead of CMD. */
export function serviceOf(
  document: Document,
  project: Project,
  stage: Stage,
  override?: Override,
): Service | NoService {
  const process = processOf(document, project, stage, override);
  if ('code' in process) return none(process.code, process.why);
  const idle = nonService(process);
  if (idle) return idle;
  const around = { document, project, stage, process };
  const found = knownServer(around) ?? programOf(around);
  if ('kind' in found) return found;
  return settled(around, found);
}

/** A program that is no service, by its name and words. */
function nonService({ program, args, interpreter }: Process): NoService | undefined {
  const words = args.join(' ');
  // `python celery` is no celery: a script of that name is a file of the project
  if (interpreter !== undefined && /\.\w+$/.test(program) && program !== 'manage.py') return undefined;
  const row = NON_SERVICES.find((it) => it.programs.includes(program) && (!it.when || it.when.test(words)));
  if (row) return none(row.kind, `${program}${words === '' ? '' : ` ${words}`} ${SAYS[row.kind]}`);
  const server = SERVERS.find(
    (it) => it.development && it.programs.includes(program) && (!it.when || it.when.test(words)),
  );
  return server && none('development', `${program} ${words} ${SAYS.development}`.replace(/ +/g, ' '));
}

const SAYS: Readonly<Record<NonServiceKind, string>> = {
  worker: 'takes work from a queue and listens on no port',
  job: 'does its work and ends',
  scheduler: 'starts jobs by the clock and listens on no port',
  'command-line': 'is a tool for the command line',
  'several-processes': 'starts several processes, of which one port tells little',
  development: 'is a server for the time of writing code',
};

/** The value in force: variables by ENV and by what the start sets, then the default. */
function settled({ document, project, stage, process }: Surroundings, found: Found): Service | NoService {
  const exposed = exposedPorts(document, stage);
  const { value } = found;
  const { interpreter } = process;
  if (value?.host !== undefined && !isLocal(value.host)) {
    return none(
      'address-not-local',
      `${found.name} listens on ${value.host}, which a probe inside of the container may not reach`,
    );
  }
  const named = readsVariable(project, stage, process, found) ? value?.variable : undefined;
  const env = named === undefined ? undefined : stage.end.env.get(named);
  const given = named === undefined ? undefined : process.assignments.get(named);
  const set = given ?? env;
  const known = (set === undefined ? undefined : portIn(set)) ?? value?.number;
  // a probe can fill in a port, but cannot take an address apart
  const variable = value?.isAddress ? undefined : named;
  const use = value?.isAddress ? composeUse(project, named) : undefined;
  if (use && use.port !== known)
    return none('port-unknown', `${found.name}: ${use.file}:${use.line} gives it another address in ${named}`);
  const { value: _, from, ...others } = found;
  const rest = { kind: 'service', ...others, isKnown: from !== 'expose', interpreter } as const;
  if (known === undefined) {
    const [only, ...more] = exposed;
    if (!only || more.length > 0) {
      const unread = (from === 'expose' ? found.pathDoubt : undefined) ?? 'its port cannot be read';
      const what = variable === undefined ? unread : `${variable} decides its port and is set nowhere`;
      return none('port-unknown', `${found.name}: ${what}, and EXPOSE names ${more.length > 0 ? 'several' : 'none'}`);
    }
    const port: Port = { number: only.number, variable, isSet: false, from: 'expose', doubt: undefined };
    return { ...rest, port, evidence: [...found.evidence, only.evidence] };
  }
  const agrees = exposed.find(({ number }) => number === known);
  const isOwn = from === 'start' || from === 'configuration';
  const other = exposed.map(({ number }) => number).join(', ');
  const doubt =
    exposed.length > 0 && !agrees && !isOwn && set === undefined ? `EXPOSE names ${other}, not ${known}` : undefined;
  const isSet = env !== undefined && given === undefined;
  const port: Port = { number: known, variable: given === undefined ? variable : undefined, isSet, from, doubt };
  const evidence = agrees && from !== 'start' ? [...found.evidence, agrees.evidence] : found.evidence;
  return { ...rest, port, evidence };
}

/** A variable of a default counts where somebody uses it: PORT is what platforms set, others where they are set here. */
function readsVariable(project: Project, stage: Stage, process: Process, { value, from }: Found): boolean {
  const name = value?.variable;
  if (name === undefined) return false;
  if (from !== 'default' || name === 'PORT' || stage.end.env.has(name) || process.assignments.has(name)) return true;
  return project.contexts.some(({ service }) => JSON.stringify(service?.fields.environment ?? '').includes(name));
}

/** A compose service that sets a variable, with the port at the end of its value. */
function composeUse(
  project: Project,
  name = '',
): { readonly file: string; readonly line: number; readonly port: number | undefined } | undefined {
  for (const { service, file } of project.contexts) {
    const text = JSON.stringify(service?.fields.environment ?? '');
    const value = new RegExp(`"${name}(?:=|":\\s*"?)([^"]*)"?`).exec(text)?.[1];
    if (service && file !== undefined && value !== undefined)
      return { file, line: service.lineOf('environment'), port: portIn(value) };
  }
  return undefined;
}

/** The TCP ports of EXPOSE, those of parent stages included. */
export function exposedPorts(
  document: Document,
  stage: Stage,
): { readonly number: number; readonly evidence: Evidence }[] {
  const found = lineage(stage).flatMap((it) =>
    it.instructions
      .filter(({ keyword }) => keyword === 'EXPOSE')
      .flatMap((instruction) =>
        instruction.words.flatMap(({ value }) => {
          const number = /^(\d+)(?:\/tcp)?$/i.exec(document.expand(value, instruction.state) ?? '')?.[1];
          const evidence = {
            file: document.path,
            line: document.originLine(instruction.start),
            says: `EXPOSE ${value}`,
          };
          return number === undefined ? [] : [{ number: Number(number), evidence }];
        }),
      ),
  );
  return found.filter(({ number }, i) => found.findIndex((it) => it.number === number) === i);
}
