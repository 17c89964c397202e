/** What holds for the commands at one place of a shell text: whether they run, and what their status means. */

/** What is known where a node stands. */
export interface Context {
  readonly certain: boolean;
  /** Its status becomes that of the instruction. */
  readonly final: boolean;
  /** `set -e` is ignored here: conditions, left of `&&`. */
  readonly tested: boolean;
  readonly editable: boolean;
  readonly piped: boolean;
  readonly substituted: boolean;
  readonly redirected: boolean;
}

export const TOP: Context = {
  certain: true,
  final: true,
  tested: false,
  editable: true,
  piped: false,
  substituted: false,
  redirected: false,
};
export const BODY = { certain: false, final: false } as const;
export const CONDITION = { ...BODY, tested: true, editable: false } as const;
export const SUBSTITUTION: Context = { ...TOP, ...CONDITION, substituted: true };
