/**
 * `verify --run`: starts the image before and the image after with the same surroundings, asks both the same and says
 * whether they behave alike. The sides run one after the other, each with containers, network and volumes of its own.
 */
import type { Environment } from '../project/compose.ts';
import type { ContextSource } from '../project/project.ts';
import type { Tree } from '../tree.ts';
import { compareAnswers, type Likeness, type Sample } from './answers.ts';
import { planComposeRun } from './compose-run.ts';
import type { ImageFacts } from './engine.ts';
import { succeeded } from './process.ts';
import { type Request, requestTitle } from './requests.ts';
import { networkOf, readRunOptions } from './run-network.ts';
import { PLAIN_PLAN, type RunPlan } from './run-plan.ts';
import { type KnownService, questionsOf } from './run-questions.ts';
import { DEFAULT_LIMITS, type RunLimits, type SideRun } from './run-result.ts';
import { runSide } from './run-side.ts';
import type { Session } from './session.ts';

export type { RunPlan } from './run-plan.ts';
export type { RunLimits, SideRun } from './run-result.ts';

/** Milliseconds that the download of a dependency's image may take. */
const PULL_LIMIT = 600_000;

/**
 * `same`: alike in everything that was asked. `differs`: both run, and answer differently. `failed`: before ran, after
 * does not. `not comparable`: before does not run here, which is nobody's fault.
 */
export type RunVerdict = 'same' | 'differs' | 'failed' | 'not comparable';

export interface AnswerComparison extends Likeness {
  /** `GET /health` */
  readonly request: string;
  readonly before: Sample | string | undefined;
  readonly after: Sample | string | undefined;
}

export interface RunComparison {
  /** Compose's name of the service, or `app`. */
  readonly service: string;
  /** Where it is described. */
  readonly source: { readonly file: string; readonly line: number } | undefined;
  readonly verdict: RunVerdict;
  /** Why it is not `same`, or what was seen, one line. */
  readonly why: string;
  /** What could not be done as compose says, and what should be known, one line each. */
  readonly notes: readonly string[];
  readonly before: SideRun | undefined;
  readonly after: SideRun | undefined;
  readonly answers: readonly AnswerComparison[];
}

export interface RunInput {
  readonly session: Session;
  readonly plan: RunPlan;
  /** Absolute path of the repository: what compose mounts is copied from there. */
  readonly root: string;
  /** Names of the two images. */
  readonly before: string;
  readonly after: string;
  /** The version before, built once more: what it answers otherwise than `before` does comes from no rewrite. */
  readonly again?: string | undefined;
  /** What the user wants asked; empty: the health check's request when it is known, else that the port opens. */
  readonly requests: readonly Request[];
  readonly known?: KnownService;
  /** Values of `--run-option`. */
  readonly runOptions: readonly string[];
  /** The image of another service that is built from this repository, when it can be had: the same for both sides. */
  readonly imageOf?: (service: string) => Promise<string | undefined>;
  readonly limits?: RunLimits;
  /** Told what happens: `before: web starts`. */
  readonly onStep?: (step: string) => void;
}

/** How a use of a Dockerfile is run: as its compose service, else from the image and the options alone. */
export async function planRun(tree: Tree, use: ContextSource, environment: Environment): Promise<RunPlan> {
  if (use.by !== 'compose' || use.file === undefined || use.name === undefined) return PLAIN_PLAN;
  return (await planComposeRun(tree, use.file, use.name, environment)) ?? PLAIN_PLAN;
}

/** Waits its turn on the machine's own network, where two runs would take each other's ports. */
let lastOnHost: Promise<unknown> = Promise.resolve();

/** Runs both sides and compares them. @throws when the session is aborted, or when an image is not there */
export async function compareRuns(input: RunInput): Promise<RunComparison> {
  if (networkOf(input.plan, readRunOptions(input.runOptions)) !== 'host') return compare(input);
  const turn = lastOnHost.then(() => compare(input));
  lastOnHost = turn.catch(() => {});
  return turn;
}

async function compare(input: RunInput): Promise<RunComparison> {
  const { session, plan, onStep } = input;
  const { containers } = session.engine;
  const notes = [...plan.notes];
  const base = { service: plan.app.name, source: plan.source, notes, answers: [] };
  const none = { ...base, before: undefined, after: undefined };
  if (!containers) {
    return { ...none, verdict: 'not comparable', why: `${session.engine.name} builds images and does not run them` };
  }
  const facts = { before: await factsOf(session, input.before), after: await factsOf(session, input.after) };
  const asked = questionsOf(plan, input.requests, input.known ?? {}, facts.before, facts.after);
  const hidden = plan.app.mounts.find(
    (mount) => mount.kind === 'folder' && `${facts.before.workdir || '/'}/`.startsWith(`${mount.target}/`),
  );
  if (hidden) notes.push(`the mount over ${hidden.target} hides what the image has there: little is compared`);
  const shared = {
    ...asked,
    session,
    containers,
    plan,
    root: input.root,
    user: readRunOptions(input.runOptions),
    images: await dependencyImages(input, notes),
    limits: input.limits ?? DEFAULT_LIMITS,
  };
  onStep?.(`before: ${plan.app.name} runs`);
  const before = await runSide({ ...shared, label: 'before', image: input.before, facts: facts.before });
  const unfit = whyNotComparable(before);
  if (unfit !== undefined) {
    return { ...base, before, after: undefined, verdict: 'not comparable', why: `before does not run here: ${unfit}` };
  }
  onStep?.(`after: ${plan.app.name} runs`);
  const after = await runSide({ ...shared, label: 'after', image: input.after, facts: facts.after });
  const all = asked.requests.map((request, i) => compareOne(request, before.samples[i], after.samples[i]));
  if (input.again !== undefined && all.some(isUnlike)) {
    onStep?.(`before, built again: ${plan.app.name} runs`);
    const { samples } = await runSide({ ...shared, label: 'before', image: input.again, facts: facts.before });
    for (const [i, request] of asked.requests.entries()) {
      if (isUnlike(all[i])) all[i] = compareOne(request, before.samples[i], after.samples[i], samples[i]);
    }
  }
  const [first, ...rest] = all;
  const answers = asked.firstIsNew ? (first?.alike ? [first] : rest) : all;
  if (first && answers === rest) notes.push(`${first.request} is a route of the new health check: ${first.difference}`);
  for (const { request, remark, before, alike } of answers) {
    if (remark !== undefined) notes.push(`${request}: ${remark}`);
    if (alike && isError(before)) notes.push(`${request} is an error of the server on both sides`);
  }
  if (before.uid !== after.uid && after.uid === 0) notes.push('process 1 runs as root now');
  if (!before.killed && after.killed)
    notes.push('it does not stop by itself any more: it is killed at the end of its grace');
  return { ...base, before, after, answers, ...judge(before, after, answers) };
}

async function factsOf({ engine }: Session, image: string): Promise<ImageFacts> {
  const facts = await engine.image(image);
  if (!facts) throw new Error(`there is no image ${image}`);
  return facts;
}

/** Images of the dependencies; what is neither here nor to be had is left out and noted. */
async function dependencyImages(
  { session, plan, imageOf, onStep }: RunInput,
  notes: string[],
): Promise<Map<string, { name: string; facts: ImageFacts }>> {
  const images = new Map<string, { name: string; facts: ImageFacts }>();
  for (const { name: service, image } of plan.dependencies) {
    if (image === undefined) onStep?.(`${service}, which it depends on, is built`);
    const name = image ?? (await imageOf?.(service));
    if (name === undefined) {
      notes.push(`${service} is built from this repository, does not build here, and is not started`);
      continue;
    }
    const facts = (await session.engine.image(name)) ?? (await pull(session, name));
    if (facts) images.set(service, { name, facts });
    else notes.push(`${service} is not started: its image ${name} cannot be had here`);
  }
  return images;
}

/** Downloads that failed are not tried again for every service. */
const pulls = new WeakMap<Session, Map<string, Promise<ImageFacts | undefined>>>();

async function pull(session: Session, image: string): Promise<ImageFacts | undefined> {
  const known = pulls.get(session) ?? new Map<string, Promise<ImageFacts | undefined>>();
  pulls.set(session, known);
  const load = async (): Promise<ImageFacts | undefined> => {
    const outcome = await session.engine.call(['pull', image], { timeLimit: PULL_LIMIT, signal: session.signal });
    session.signal.throwIfAborted();
    return succeeded(outcome) ? session.engine.image(image) : undefined;
  };
  const loading = known.get(image) ?? load();
  known.set(image, loading);
  return loading;
}

/** A status of 500 and above: equal ones say little about the service. */
const isError = (sample: Sample | string | undefined): boolean =>
  typeof sample === 'object' && (sample.answers[0]?.status ?? 0) >= 500;

const isUnhealthy = ({ health, healthy }: SideRun): boolean => health !== undefined && healthy === undefined;

/** Why a side is no measure for the other; undefined: it is one. */
function whyNotComparable(before: SideRun): string | undefined {
  if (before.outcome === 'finished') return undefined;
  if (before.outcome === 'ready') return isUnhealthy(before) ? 'its health check does not pass' : undefined;
  const heard = before.listening?.map(({ port, inside }) => `${port}${inside ? ' (from inside only)' : ''}`) ?? [];
  const hint = heard.length > 0 ? `; it listens on ${heard.join(', ')}` : '';
  return `${before.why ?? before.outcome}${hint}`;
}

/** Both answered, and otherwise. */
const isUnlike = (one: AnswerComparison | undefined): boolean =>
  one !== undefined && !one.alike && typeof one.before === 'object' && typeof one.after === 'object';

function compareOne(
  request: Request,
  before: Sample | string | undefined,
  after: Sample | string | undefined,
  again?: Sample | string,
): AnswerComparison {
  const both = { request: requestTitle(request), before, after };
  if (before !== undefined && after !== undefined && typeof before !== 'string' && typeof after !== 'string') {
    return { ...both, ...compareAnswers(before, after, typeof again === 'object' ? again : undefined) };
  }
  const silent = (sample: Sample | string | undefined): string => (typeof sample === 'string' ? sample : 'no answer');
  const alike = typeof before === 'string';
  const difference = alike ? undefined : silent(after);
  return { ...both, alike, but: [], difference, remark: alike ? `before gave no answer: ${before}` : undefined };
}

function judge(
  before: SideRun,
  after: SideRun,
  answers: readonly AnswerComparison[],
): { verdict: RunVerdict; why: string } {
  if (after.outcome === 'hindered') return { verdict: 'not comparable', why: `after cannot be run here: ${after.why}` };
  if (after.outcome !== before.outcome) {
    return {
      verdict: 'failed',
      why: `after does not run: ${after.why ?? (after.outcome === 'finished' ? 'it ends with exit code 0' : after.outcome)}`,
    };
  }
  if (before.outcome === 'finished') return { verdict: 'same', why: 'both end with exit code 0' };
  if (isUnhealthy(after)) {
    const said = after.healthLog?.split('\n').at(-1);
    return { verdict: 'failed', why: `after is not healthy${said ? `: ${said}` : ''}` };
  }
  const different = answers.find(({ alike }) => !alike);
  if (different) return { verdict: 'differs', why: `${different.request}: ${different.difference}` };
  const told = answers.filter((answer) => typeof answer.before !== 'string');
  if (answers.length > 0 && told.length === 0) return { verdict: 'not comparable', why: 'before answers no request' };
  if (told.length > 0 && told.every((answer) => isError(answer.before))) {
    return { verdict: 'not comparable', why: `before answers ${told[0]?.request} with an error` };
  }
  const but = [...new Set(told.flatMap((answer) => answer.but))];
  if (told.length > 0) {
    const exact = but.length === 0 ? 'equal answers' : `equal answers but for ${but.join(', ')}`;
    return {
      verdict: 'same',
      why: told.length === 1 ? `${exact} to ${told[0]?.request}` : `${exact} to ${told.length} requests`,
    };
  }
  if (before.opened !== undefined) return { verdict: 'same', why: 'the port opens on both' };
  return { verdict: 'same', why: before.healthy !== undefined ? 'both become healthy' : 'both stay alive' };
}
