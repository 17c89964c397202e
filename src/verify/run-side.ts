/** One side of a run: starts the service with what it depends on, waits, measures, asks, stops, and removes all of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample } from './answers.ts';
import { type ContainerFacts, EngineError } from './engine.ts';
import { type Answer, ask, isSafe, type Request } from './requests.ts';
import { listeningOf, memoryOf, uidOf } from './run-measure.ts';
import type { SideInput, SideRun } from './run-result.ts';
import { hasCheck, lastLines, SideServices, type Started } from './run-services.ts';
import { type Door, openAt, type Waited, waitFor } from './run-wait.ts';

/** Answers of a server that is not up yet. */
const NOT_YET: readonly number[] = [502, 503, 504];
/** How long such a server is asked again, in milliseconds, and the pause between. */
const ASK_AGAIN = 10_000;
const PAUSE = 250;
/** Exit code of a process that was killed: 128 and SIGKILL. */
const KILLED = 137;

/** Runs one side. What the engine refuses is an outcome. @throws when the session is aborted; everything is removed then too */
export async function runSide(input: SideInput): Promise<SideRun> {
  const services = new SideServices(input);
  try {
    const from = Date.now();
    const started = await services.up();
    if (typeof started === 'string') return { outcome: 'hindered', why: started, samples: [] };
    return await observe(input, started, services.network === 'host', from);
  } catch (error) {
    input.session.signal.throwIfAborted();
    if (!(error instanceof EngineError)) throw error;
    return { outcome: 'not started', why: error.message, samples: [] };
  } finally {
    await services.down();
  }
}

async function observe(input: SideInput, { id, doors }: Started, onHost: boolean, from: number): Promise<SideRun> {
  const { containers, session, plan, limits, ports, facts } = input;
  const known = doors.filter(({ containerPort }) => ports.includes(containerPort));
  const waited = await waitFor(containers, id, {
    doors: known,
    checked: hasCheck(plan.app, facts),
    limit: limits.ready,
    alive: limits.alive,
    signal: session.signal,
  });
  const { health, healthLog } = waited.facts;
  const seen = {
    ...optional('opened', waited.opened),
    ...optional('healthy', waited.healthy),
    ...optional('health', health),
    ...(health === 'healthy' ? {} : optional('healthLog', healthLog)),
  };
  if (waited.ended) {
    return { ...seen, ...ended(waited.facts), logs: await lastLines(containers, id), samples: [] };
  }
  const uid = optional('uid', await uidOf(containers, session, id));
  if (waited.door === undefined && waited.healthy === undefined && !waited.lived) {
    return {
      ...seen,
      ...uid,
      outcome: 'not ready',
      why: notReady(waited, known, limits.ready),
      logs: await lastLines(containers, id),
      samples: [],
      // the machine's own network shows what everybody listens on
      listening: onHost ? [] : await listeningOf(containers, session, id),
    };
  }
  const samples = await askAll(input, doors, waited, onHost ? undefined : id, from);
  // Behind the requests, when the start is over.
  const memory = optional('memory', await memoryOf(session, id, health !== undefined));
  const now = await containers.inspect(id);
  if (now.status !== 'running') {
    const why = 'it ended while it was asked';
    return {
      ...seen,
      ...uid,
      ...memory,
      ...ended(now),
      outcome: 'exited',
      why,
      logs: await lastLines(containers, id),
      samples,
    };
  }
  const logs = health !== undefined && waited.healthy === undefined ? { logs: await lastLines(containers, id) } : {};
  const stop = await containers.stop(id, Math.ceil(plan.app.grace));
  const { exitCode } = await containers.inspect(id);
  const stopped = { stop, killed: exitCode === KILLED, ...optional('exitCode', exitCode) };
  return { ...seen, ...uid, ...memory, ...logs, ...stopped, outcome: 'ready', samples };
}

/** What it says to each request, or why it says nothing. `named`: the container, where it has a name and address of its own. */
async function askAll(
  input: SideInput,
  doors: readonly Door[],
  waited: Waited,
  named: string | undefined,
  from: number,
): Promise<(Sample | string)[]> {
  const own = named === undefined ? {} : ownNames(named, waited.facts);
  const samples: (Sample | string)[] = [];
  for (const request of input.requests) {
    const door = request.port === undefined ? waited.door?.door : doors.find((d) => d.containerPort === request.port);
    samples.push(door ? await sample(input, request, door, own, from) : 'no port of it is known');
  }
  return samples;
}

/** Asks until there is an answer, and once more where that changes nothing. */
async function sample(
  { limits, session: { signal } }: SideInput,
  request: Request,
  door: Door,
  own: Readonly<Record<string, string>>,
  from: number,
): Promise<Sample | string> {
  const host = (await openAt(door)) ?? (door.hosts[0] as string);
  const once = (): Promise<Answer | string> =>
    ask(request, { ...door, host }, { timeLimit: limits.answer * 1000, signal });
  const safe = isSafe(request);
  const until = Date.now() + ASK_AGAIN;
  let first = await once();
  while (safe && (typeof first === 'string' || NOT_YET.includes(first.status)) && Date.now() < until) {
    await sleep(PAUSE, undefined, { signal });
    first = await once();
  }
  if (typeof first === 'string') return first;
  const second = safe ? await once() : undefined;
  const answers = second === undefined || typeof second === 'string' ? [first] : [first, second];
  return { answers, own, from, to: Date.now() };
}

/** What only this container answers with; Docker gives it the head of its id as host name. */
function ownNames(id: string, { addresses, ports }: ContainerFacts): Record<string, string> {
  const own: Record<string, string> = { [id.slice(0, 12)]: 'the host name' };
  for (const address of Object.values(addresses)) own[address] = 'the address of the container';
  for (const port of Object.values(ports)) if (port) own[`:${port.port}`] = 'the published port';
  return own;
}

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

function ended({ exitCode, oomKilled }: ContainerFacts): Pick<SideRun, 'outcome' | 'why' | 'exitCode' | 'outOfMemory'> {
  if (exitCode === 0) return { outcome: 'finished', exitCode };
  const why = oomKilled ? 'it ran out of memory' : `it ended with exit code ${exitCode ?? 'unknown'}`;
  return { outcome: 'exited', why, ...optional('exitCode', exitCode), outOfMemory: oomKilled };
}

function notReady({ facts }: Waited, doors: readonly Door[], limit: number): string {
  const health = `its health check did not pass within ${limit} s`;
  if (doors.length === 0) return health;
  const ports = doors.map(({ containerPort }) => containerPort).join(', ');
  return `port ${ports} did not open within ${limit} s${facts.health === undefined ? '' : `, ${health}`}`;
}
