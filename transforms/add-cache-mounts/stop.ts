/** The way out of a decision: the RUN stays without a mount, for this reason. */
export class Stop extends Error {
  readonly code: string;

  constructor(code: string, why: string) {
    super(why);
    this.code = code;
  }
}

/** @throws Stop */
export function stop(code: string, why: string): never {
  throw new Stop(code, why);
}
