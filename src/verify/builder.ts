/** Builds the versions of one image from its snapshot, and measures them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document } from '../document.ts';
import type { BuildOutcome } from './engine.ts';
import { locate } from './failure.ts';
import type { Session } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import type { Failure, Side, Subject, Touched } from './subject.ts';
import type { Measures } from './verdict.ts';

export interface BuildOptions {
  /** Options of the user for every build. */
  readonly options: readonly string[];
  /** Milliseconds for each build. */
  readonly timeLimit: number;
  /** The folder for logs of failed builds; made when it is needed. */
  readonly logs: string;
  /** Told what begins: a phase (`after: cold build`), or a step of one. */
  readonly onStep: (phase: string, step: string | undefined) => void;
}

/** The user stopped it: there is no verdict. */
export class Stopped extends Error {}

export interface Measured {
  readonly measures: Measures;
  /** The image of the rebuild after a change of the source that changes nothing but blanks. */
  readonly again: string | undefined;
  readonly notes: readonly string[];
}

export class ImageBuilder {
  private readonly session: Session;
  private readonly subject: Subject;
  private readonly snapshot: Snapshot;
  private readonly options: BuildOptions;
  private readonly tags: string[] = [];

  constructor(session: Session, subject: Subject, snapshot: Snapshot, options: BuildOptions) {
    this.session = session;
    this.subject = subject;
    this.snapshot = snapshot;
    this.options = options;
  }

  /** One build of what the snapshot holds. @throws Stopped */
  private async build(side: Side, phase: string, noCache: boolean): Promise<BuildOutcome & { readonly tag: string }> {
    const { session, subject, snapshot, options } = this;
    const { plan } = subject;
    const tag = session.name(subject.name);
    this.tags.push(tag);
    options.onStep(`${side}: ${phase}`, undefined);
    const outcome = await session.engine.build({
      context: join(snapshot.folder, plan.context),
      dockerfile: join(snapshot.folder, plan.dockerfile),
      tag,
      session: session.id,
      target: plan.target,
      args: plan.args,
      secrets: plan.secrets,
      ssh: plan.ssh,
      contexts: plan.contexts,
      options: [...plan.options, ...options.options],
      noCache,
      // Each side fills its own cache mounts: nobody starts with what the other one downloaded.
      cacheNamespace: `${this.tags[0]}-${side}`,
      timeLimit: options.timeLimit,
      signal: session.signal,
      onStep: (step) => options.onStep(`${side}: ${phase}`, step),
    });
    if (session.signal.aborted) throw new Stopped();
    return { ...outcome, tag };
  }

  /** Lets the engine fetch the base images of a Dockerfile, so that no build is charged with the download. */
  async fetchBases(text: string, fetched: Set<string>): Promise<void> {
    const { session, subject, options } = this;
    for (const { dockerfile, target } of baseProbes(text)) {
      const key = JSON.stringify([dockerfile, target, subject.plan.args]);
      if (fetched.has(key)) continue;
      fetched.add(key);
      options.onStep('base images', target);
      const context = session.makeFolder('bases');
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      const tag = session.name('base');
      await session.engine.build({
        context,
        dockerfile: join(context, 'Dockerfile'),
        tag,
        session: session.id,
        target,
        args: subject.plan.args,
        options: [...subject.plan.options, ...options.options],
        timeLimit: options.timeLimit,
        signal: session.signal,
      });
      if (session.signal.aborted) throw new Stopped();
      await session.engine.remove({ kind: 'image', id: tag, session: session.id });
    }
  }

  /** The cold build. @throws Stopped */
  async cold(side: Side, text: string): Promise<{ readonly tag: string; readonly seconds: number } | Failure> {
    const outcome = await this.build(side, 'cold build', true);
    return outcome.ok ? { tag: outcome.tag, seconds: outcome.seconds } : this.failure(outcome, side, text);
  }

  /** Whether what the snapshot holds builds; the caches are used. @throws Stopped */
  async works(phase: string): Promise<string | undefined> {
    const outcome = await this.build('after', phase, false);
    return outcome.ok ? outcome.tag : undefined;
  }

  /** The rebuilds and the image of a version whose cold build went well. @throws Stopped */
  async measure(
    side: Side,
    cold: { readonly tag: string; readonly seconds: number },
    touched: Touched,
  ): Promise<Measured> {
    const notes: string[] = [];
    const rebuild = async (
      phase: string,
      file: string | undefined,
    ): Promise<{ tag: string; seconds: number } | undefined> => {
      if (file === undefined) return undefined;
      const path = this.subject.plan.context === '' ? file : `${this.subject.plan.context}/${file}`;
      const outcome = await this.snapshot.touched(path, () => this.build(side, phase, false));
      if (outcome.ok) return outcome;
      notes.push(`${side} does not build with blanks at the end of ${file}: no rebuild is measured`);
      return undefined;
    };
    const source = await rebuild(`rebuild after ${touched.source}`, touched.source);
    const manifest = await rebuild(`rebuild after ${touched.manifest}`, touched.manifest);
    const image = await this.session.engine.image(cold.tag);
    if (!image) throw new Error(`the image of ${this.subject.name} is gone`);
    const seconds = { cold: cold.seconds, source: source?.seconds, manifest: manifest?.seconds };
    return { measures: { size: image.size, layers: image.layers, ...seconds }, again: source?.tag, notes };
  }

  private failure({ failure, log, ended }: BuildOutcome, side: Side, text: string): Failure {
    const { logs } = this.options;
    mkdirSync(logs, { recursive: true });
    const path = join(logs, `${this.subject.name.replace(/[^A-Za-z0-9.-]+/g, '-')}.${side}.log`);
    writeFileSync(path, log);
    const said = failure ?? { message: ended, output: [] };
    const document = Document.read(this.subject.plan.dockerfile, text);
    return {
      ...(document instanceof Document ? locate(said, document) : { ...said, instruction: undefined }),
      side,
      log: path,
    };
  }

  /** Removes the images that were built. */
  async clear(): Promise<void> {
    for (const id of this.tags.splice(0)) {
      await this.session.engine.remove({ kind: 'image', id, session: this.session.id }).catch(() => {});
    }
  }
}

/**
 * Dockerfiles that do nothing but name the base images of `text`, one target for each. They keep its frontend and its
 * global arguments, so that the engine resolves the names as it does in the real build.
 */
export function baseProbes(text: string): { readonly dockerfile: string; readonly target: string }[] {
  const document = Document.read('Dockerfile', text);
  if (!(document instanceof Document)) return [];
  const syntax = document.directives.find(({ name }) => name === 'syntax');
  const head = [
    ...(syntax ? [`# syntax=${syntax.value}`] : []),
    ...document.globalArgs.map(({ start, end }) => document.text.slice(start, end)),
  ];
  const bases = new Set<string>();
  for (const { parent, fromWord, platform, instructions } of document.stages) {
    if (!parent && fromWord.value !== 'scratch') {
      bases.add(platform === undefined ? fromWord.value : `--platform=${platform} ${fromWord.value}`);
    }
    for (const { flags } of instructions) {
      const from = flags.find(({ name }) => name === 'from')?.value;
      // `COPY --from=composer:2`; a name without a tag may be another context
      if (from?.includes(':') && !document.stageNamed(from)) bases.add(from);
    }
  }
  return [...bases].map((base, i) => {
    const target = `base-${i}`;
    return { dockerfile: `${[...head, `FROM ${base} AS ${target}`].join('\n')}\n`, target };
  });
}
