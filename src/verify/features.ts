/** What a Dockerfile asks of a builder that not every builder has, and whether this one has it: found out by building. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from '../document.ts';
import type { BuildOutcome } from './engine.ts';
import type { Session } from './session.ts';

export const FEATURES = ['heredoc', 'link', 'start-interval', 'mount'] as const;
export type Feature = (typeof FEATURES)[number];

/** A Dockerfile of an empty image that a builder without the feature refuses. Nothing is run and nothing is downloaded. */
const PROBES: Readonly<Record<Feature, string>> = {
  heredoc: 'FROM scratch\nCOPY <<EOF /probe\nx\nEOF\n',
  link: 'FROM scratch\nCOPY --link Dockerfile /probe\n',
  'start-interval': 'FROM scratch\nCOPY Dockerfile /probe\nHEALTHCHECK --start-interval=1s CMD ["/probe"]\n',
  // The stage is read and, as nothing needs it, not built.
  mount: 'FROM scratch AS unused\nRUN --mount=type=cache,target=/c ["/probe"]\nFROM scratch\nCOPY Dockerfile /probe\n',
};

/** What every builder takes: one that refuses this too says nothing about a feature. */
const PLAIN = 'FROM scratch\nCOPY Dockerfile /probe\n';

/** How people call them. */
export const FEATURE_TITLES: Readonly<Record<Feature, string>> = {
  heredoc: 'here-documents',
  link: 'COPY --link',
  'start-interval': 'HEALTHCHECK --start-interval',
  mount: 'RUN --mount',
};

const hasFlag = (flags: readonly { readonly name: string }[], name: string): boolean =>
  flags.some((flag) => flag.name === name);

/** Each feature that a Dockerfile uses, with the line where it does so first. */
export function featuresOf({ instructions }: Document): Map<Feature, number> {
  const used = new Map<Feature, number>();
  const note = (feature: Feature, line: number): void => {
    if (!used.has(feature)) used.set(feature, line);
  };
  for (const { keyword, flags, heredocs, line } of instructions) {
    if (heredocs.length > 0) note('heredoc', line);
    if ((keyword === 'COPY' || keyword === 'ADD') && hasFlag(flags, 'link')) note('link', line);
    if (keyword === 'HEALTHCHECK' && hasFlag(flags, 'start-interval')) note('start-interval', line);
    if (keyword === 'RUN' && hasFlag(flags, 'mount')) note('mount', line);
  }
  return used;
}

/** Asks the engine of a session, each question once. */
export class Features {
  private readonly session: Session;
  private readonly options: readonly string[];
  private readonly answers = new Map<string, Promise<boolean>>();
  private plain: Promise<BuildOutcome> | undefined;

  /** `options`: those of the user for every build. */
  constructor(session: Session, options: readonly string[]) {
    this.session = session;
    this.options = options;
  }

  /** Whether its builds take the feature. `syntax`: the frontend that the Dockerfile names, which then decides. */
  has(feature: Feature, syntax: string | undefined): Promise<boolean> {
    const key = `${feature} ${syntax ?? ''}`;
    const known = this.answers.get(key) ?? this.probe(feature, syntax);
    this.answers.set(key, known);
    return known;
  }

  /** The features of a Dockerfile that the engine refuses. */
  async missing(document: Document): Promise<{ readonly feature: Feature; readonly line: number }[]> {
    const syntax = document.directives.find(({ name }) => name === 'syntax')?.value;
    const missing: { feature: Feature; line: number }[] = [];
    for (const [feature, line] of featuresOf(document)) {
      if (!(await this.has(feature, syntax))) missing.push({ feature, line });
    }
    return missing;
  }

  private async probe(feature: Feature, syntax: string | undefined): Promise<boolean> {
    const directive = syntax === undefined ? '' : `# syntax=${syntax}\n`;
    const { ok, log } = await this.build(feature, directive + PROBES[feature]);
    if (ok) return true;
    // A frontend that cannot be had is no answer, nor is an engine that builds nothing: the build itself will say so.
    if (syntax !== undefined) return !/unknown (?:flag|instruction)|parse error/i.test(log);
    this.plain ??= this.build('plain', PLAIN);
    return !(await this.plain).ok;
  }

  private async build(about: string, text: string): Promise<BuildOutcome> {
    const { signal, id, engine } = this.session;
    const context = this.session.makeFolder(`probe-${about}`);
    const dockerfile = join(context, 'Dockerfile');
    writeFileSync(dockerfile, text);
    const tag = this.session.name(`probe-${about}`);
    const outcome = await engine.build({ context, dockerfile, tag, session: id, signal, options: this.options });
    if (outcome.ok) await engine.remove({ kind: 'image', id: tag, session: id });
    return outcome;
  }
}
