/** The proof of one Dockerfile: builds it as it was read and as it would be written, measures, compares, blames. */
import { Document } from '../document.ts';
import type { Result } from '../rewrite.ts';
import { type Choice, findCulprit } from './blame.ts';
import { type BuildOptions, ImageBuilder } from './builder.ts';
import { type ChangeName, Choices, filesOf } from './choices.ts';
import { FEATURE_TITLES, type Features } from './features.ts';
import { SizeComparison, type SizeDifference } from './file-sizes.ts';
import { useTitle } from './plan.ts';
import type { RunComparison } from './run.ts';
import type { Session } from './session.ts';
import { Snapshot } from './snapshot.ts';
import type { Blame, Subject, Touched, Verdict } from './subject.ts';
import { chooseManifest, chooseSource } from './touch.ts';
import { judge, type Measures } from './verdict.ts';

/** Lines of the largest differences between two images. */
const DIFFERENCES = 12;

export interface VerifyOptions extends BuildOptions {
  /** Verifies what is left when a change was blamed. */
  readonly keepGoing: boolean;
  /** Runs two images and compares them; absent: they are only built. */
  readonly run?: (before: Images, after: string, onStep: (step: string) => void) => Promise<RunComparison>;
}

/** Names of the images of the version before: built cold, and built again where a source file could be touched. */
export interface Images {
  readonly cold: string;
  readonly again: string | undefined;
}

/** What one session shares between its subjects. */
export interface Shared {
  readonly session: Session;
  readonly features: Features;
  /** Base images that were fetched already. */
  readonly fetched: Set<string>;
}

/** A verdict, and the rewrite that it speaks about: less than the whole one when something was blamed and left out. */
export interface Verified {
  readonly verdict: Verdict;
  readonly result: Result;
}

type Findings = Partial<Omit<Verdict, 'name' | 'use' | 'context' | 'target' | 'notes'>> &
  Pick<Verdict, 'status' | 'why'>;

/** @throws Stopped when the user stopped it, EngineError when the engine does not answer any more */
export async function verifyImage(subject: Subject, shared: Shared, options: VerifyOptions): Promise<Verified> {
  const proof = new Proof(subject, shared, options);
  try {
    return await proof.run();
  } finally {
    await proof.close();
  }
}

class Proof {
  private readonly subject: Subject;
  private readonly shared: Shared;
  private readonly options: VerifyOptions;
  private readonly notes: string[];
  private readonly blamed: Blame[] = [];
  private readonly choices: Choices;
  private readonly folder: string;
  private result: Result;
  private snapshot!: Snapshot;
  private builder!: ImageBuilder;

  constructor(subject: Subject, shared: Shared, options: VerifyOptions) {
    this.subject = subject;
    this.shared = shared;
    this.options = options;
    this.notes = [...subject.plan.notes];
    this.result = subject.result;
    this.choices = new Choices(subject.again);
    this.folder = shared.session.makeFolder('tree');
  }

  async run(): Promise<Verified> {
    const findings = await this.find();
    const { name, plan } = this.subject;
    const verdict: Verdict = {
      name,
      use: useTitle(plan.use),
      context: plan.context,
      target: plan.target,
      before: undefined,
      after: undefined,
      touched: { source: undefined, manifest: undefined },
      differences: [],
      failure: undefined,
      run: undefined,
      ...findings,
      blame: this.blamed,
      notes: this.notes,
    };
    return { verdict, result: this.result };
  }

  async close(): Promise<void> {
    await this.builder?.clear();
    this.shared.session.removeFolder(this.folder);
  }

  private async find(): Promise<Findings> {
    const { subject, shared, options, notes } = this;
    const { before, after } = subject.result;
    const { session } = shared;
    const lacking = await this.lacking(before);
    if (lacking !== undefined) return { status: 'not-comparable', why: lacking };
    options.onStep('copy of the tree', undefined);
    this.snapshot = await Snapshot.take(subject.root, this.folder, subject.plan, subject.files, session.signal);
    this.builder = new ImageBuilder(session, subject, this.snapshot, options);
    for (const text of [before, after]) await this.builder.fetchBases(text, shared.fetched);

    const touched = this.touched();
    const cold = await this.builder.cold('before', before);
    if ('side' in cold) return { status: 'not-comparable', why: 'it does not build as it is', failure: cold };
    const was = await this.builder.measure('before', cold, touched);
    notes.push(...was.notes);
    const known = { before: was.measures, touched };
    const images = { cold: cold.tag, again: was.again };
    let retried = false;
    for (;;) {
      const found = await this.after(images, was.measures, touched);
      if (found.status !== 'failed') return { ...known, ...found };
      const cause = await this.blame(found, images);
      if (cause === 'chance' && !retried) retried = true;
      else if (typeof cause === 'object' && options.keepGoing && (await this.leaveOut(cause))) continue;
      else return { ...known, ...found };
    }
  }

  /** Goes on without a change; false: nothing is left to verify. */
  private async leaveOut(change: ChangeName): Promise<boolean> {
    this.choices.leaveOut(change);
    this.result = await this.choices.rewrite(await this.choices.list());
    return filesOf(this.result).size > 0;
  }

  /** Builds, measures and runs the version after. */
  private async after(before: Images, was: Measures, touched: Touched): Promise<Findings> {
    const { options, notes, subject } = this;
    const lacking = await this.lacking(this.result.after);
    if (lacking !== undefined) return { status: 'failed', why: `after it ${lacking}` };
    this.snapshot.set(this.filesAfter());
    const cold = await this.builder.cold('after', this.result.after);
    if ('side' in cold) return { status: 'failed', why: 'it does not build after the rewrite', failure: cold };
    const is = await this.builder.measure('after', cold, touched);
    notes.push(...is.notes);
    const found = {
      after: is.measures,
      ...judge(was, is.measures),
      differences: await this.differences(before.cold, cold.tag),
    };
    if (!options.run) return found;
    const run = await options.run(before, cold.tag, (step) => options.onStep(step, undefined));
    notes.push(...run.notes.map((note) => `${subject.plan.use.name ?? 'run'}: ${note}`));
    if (run.verdict === 'failed' || run.verdict === 'differs') return { ...found, run, status: 'failed', why: run.why };
    if (run.verdict === 'not comparable') notes.push(`not proved by running: ${run.why}`);
    return { ...found, run };
  }

  /** The whole plan of the run while nothing is left out, so that the verdict speaks about what `apply` writes. */
  private filesAfter(): ReadonlyMap<string, string> {
    return this.result === this.subject.result ? this.subject.files : filesOf(this.result);
  }

  private touched(): Touched {
    const { subject } = this;
    const { path, before } = subject.result;
    const document = Document.read(path, before);
    if (!(document instanceof Document)) return { source: undefined, manifest: undefined };
    const inside = subject.touch
      .map((file) => within(subject.plan.context, file))
      .find((file) => file !== undefined && subject.projects.every((project) => !project.ignored(file)));
    return {
      source: inside ?? chooseSource(document, subject.projects),
      manifest: chooseManifest(document, subject.projects),
    };
  }

  /** What of a Dockerfile the engine cannot build; undefined: nothing that is known. */
  private async lacking(text: string): Promise<string | undefined> {
    const { features, session } = this.shared;
    const document = Document.read(this.subject.result.path, text);
    if (!(document instanceof Document)) return undefined;
    const [first] = await features.missing(document);
    if (!first) return undefined;
    return `has ${FEATURE_TITLES[first.feature]} in line ${first.line}, which ${session.engine.title} cannot build`;
  }

  private async differences(before: string, after: string): Promise<readonly SizeDifference[]> {
    const { session } = this.shared;
    const comparison = new SizeComparison();
    this.options.onStep('comparing the files', undefined);
    try {
      for (const [side, image] of [
        ['before', before],
        ['after', after],
      ] as const) {
        await session.engine.files(image, session.id, (file) => comparison.add(side, file), session.signal);
      }
    } catch (error) {
      if (session.signal.aborted) throw error;
      this.notes.push(`the files of the images could not be compared: ${(error as Error).message}`);
      return [];
    }
    return comparison.largest(DIFFERENCES);
  }

  /** Finds the change that a failure comes from; `chance`: the same thing works now. */
  private async blame(found: Findings, before: Images): Promise<ChangeName | 'chance' | undefined> {
    const list = await this.choices.list();
    if (list.length === 0) return undefined;
    const holds = !found.failure && found.run ? this.runsLike(before) : this.buildsLike();
    const works = async (result: Result, files: ReadonlyMap<string, string>): Promise<boolean> => {
      if ((await this.lacking(result.after)) !== undefined) return false;
      this.snapshot.set(files);
      return holds();
    };
    const worksWith = async (choice: Choice): Promise<boolean> => {
      const result = await this.choices.rewrite(list, choice);
      return works(result, filesOf(result));
    };
    if (await works(this.result, this.filesAfter())) {
      this.notes.push('it failed once and worked when it was tried again: look at the network first');
      return 'chance';
    }
    if (await worksWith({ kind: 'first', count: list.length })) {
      this.notes.push('its own changes work: it fails with what other Dockerfiles of this run change in shared files');
      return undefined;
    }
    const culprit = await findCulprit(list.length, worksWith);
    const name = list[culprit.index] as ChangeName;
    const { transform, title, why, line } = name;
    this.blamed.push({ transform, title, why, line, alone: culprit.alone, restWorks: culprit.restWorks });
    return name;
  }

  private buildsLike(): () => Promise<boolean> {
    return async () => (await this.builder.works('search for the cause')) !== undefined;
  }

  private runsLike(before: Images): () => Promise<boolean> {
    return async () => {
      const tag = await this.builder.works('search for the cause');
      if (tag === undefined) return false;
      const run = await this.options.run?.(before, tag, (step) => this.options.onStep(step, undefined));
      return run?.verdict !== 'failed' && run?.verdict !== 'differs';
    };
  }
}

/** A path relative to the root as one relative to the context; undefined: outside of it. */
function within(context: string, path: string): string | undefined {
  if (context === '') return path;
  return path.startsWith(`${context}/`) ? path.slice(context.length + 1) : undefined;
}
