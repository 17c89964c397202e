/** When an image after the rewrite is as good as the one before. */

/** What was measured of one version; seconds and bytes. undefined: not measured. */
export interface Measures {
  readonly size: number;
  readonly layers: number;
  readonly cold: number;
  readonly source: number | undefined;
  readonly manifest: number | undefined;
}

/** A quantity may grow by this factor, or by this much, whichever is more, before it counts as worse. */
interface Tolerance {
  readonly title: string;
  readonly factor: number;
  readonly plus: number;
}

/**
 * Size: a health check's tool or an init is worth some megabytes. Rebuild: what the developer waits for many times a
 * day; the start of a build alone takes a second or two. Cold build and rebuild after a new dependency: they download,
 * and the network is never twice the same, so that only what is plainly slower counts.
 */
export const TOLERANCES = {
  size: { title: 'the image', factor: 1.02, plus: 5_000_000 },
  source: { title: 'the rebuild after a source change', factor: 1.25, plus: 3 },
  manifest: { title: 'the rebuild after a manifest change', factor: 1.5, plus: 20 },
  cold: { title: 'the cold build', factor: 1.5, plus: 30 },
} as const satisfies Record<string, Tolerance>;
export type Quantity = keyof typeof TOLERANCES;
export const QUANTITIES = ['size', 'source', 'manifest', 'cold'] as const satisfies readonly Quantity[];

/** Seconds that the same build may take more or less the next time, whatever its length: the start of the builder alone. */
const NOISE = 1.5;
/** What is smaller than this share of the value before is an improvement worth its name. */
const BETTER = 0.9;

/** The quantities in which `after` is worse than the tolerance allows. */
export function worseIn(before: Measures, after: Measures): Quantity[] {
  return QUANTITIES.filter((quantity) => {
    const [was, is] = [before[quantity], after[quantity]];
    if (was === undefined || is === undefined) return false;
    const { factor, plus } = TOLERANCES[quantity];
    return is > Math.max(was * factor, was + plus);
  });
}

/** The quantities in which `after` is clearly better. */
export function betterIn(before: Measures, after: Measures): Quantity[] {
  return QUANTITIES.filter((quantity) => {
    const [was, is] = [before[quantity], after[quantity]];
    if (was === undefined || is === undefined) return false;
    return is < was * BETTER && (quantity === 'size' || was - is > NOISE);
  });
}

/** better, same: proved. worse: builds and runs, but costs more. failed: does not build or run. not-comparable: the state before is no measure. */
export type Status = 'better' | 'same' | 'worse' | 'failed' | 'not-comparable';

/** Whether a status lets the change be written and the run succeed. */
export const isProved = (status: Status): boolean => status === 'better' || status === 'same';

/** The verdict on two images that both build. */
export function judge(before: Measures, after: Measures): { readonly status: Status; readonly why: string } {
  const worse = worseIn(before, after);
  if (worse.length > 0) {
    const told = worse.map((quantity) => {
      const [was, is] = [before[quantity] as number, after[quantity] as number];
      const percent = was > 0 ? `${Math.round((is / was - 1) * 100)} % ` : '';
      return `${TOLERANCES[quantity].title} is ${percent}${quantity === 'size' ? 'larger' : 'slower'}`;
    });
    return { status: 'worse', why: told.join(', ') };
  }
  return betterIn(before, after).length > 0
    ? { status: 'better', why: '' }
    : { status: 'same', why: 'no difference beyond noise' };
}

/**
 * The exit code of a run: 130 interrupted; 3 when something failed or got worse, or when nothing at all could be
 * compared although something was to be proved; else 0.
 */
export function verifyExitCode(statuses: readonly Status[], otherFailures: number, interrupted: boolean): number {
  if (interrupted) return 130;
  if (otherFailures > 0 || statuses.some((status) => status === 'failed' || status === 'worse')) return 3;
  return statuses.length > 0 && !statuses.some(isProved) ? 3 : 0;
}
