/** Which change breaks a build: bisection over the changes in the order in which they are taken. */

/** One change that was taken: the n-th that its run was asked about. */
export interface Culprit {
  /** How many changes are taken before it. */
  readonly index: number;
  /** It fails without any of the others; false: only on top of those before it. */
  readonly alone: boolean;
  /** Everything else works without it. */
  readonly restWorks: boolean;
}

/**
 * Which of the changes a rewrite takes, by their number in the order in which the rewrite asks for them. A later change
 * may only come about because of an earlier one, so that numbers mean the same only as long as all before are taken;
 * `only` and `without` therefore name the change itself.
 */
export type Choice =
  | { readonly kind: 'first'; readonly count: number }
  | { readonly kind: 'only'; readonly index: number }
  | { readonly kind: 'without'; readonly index: number };

/** Finds the first change with which it fails, given that it works with none of them and fails with all `count` (one or more). */
export async function findCulprit(count: number, works: (choice: Choice) => Promise<boolean>): Promise<Culprit> {
  let good = 0;
  let bad = count;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await works({ kind: 'first', count: middle })) good = middle;
    else bad = middle;
  }
  const index = bad - 1;
  return {
    index,
    alone: index === 0 || !(await works({ kind: 'only', index })),
    restWorks: count === 1 || (await works({ kind: 'without', index })),
  };
}
