/** Why a question to a registry has no answer: a stable code and a sentence for people. */
export type RegistryErrorCode =
  | 'not-found'
  | 'unauthorized'
  | 'rate-limited'
  | 'timeout'
  | 'unreachable'
  | 'insecure'
  | 'server-error'
  | 'wrong-digest'
  | 'bad-answer';

/** Fails one reference, never the run. `passing`: asking again may help. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly passing: boolean;

  constructor(code: RegistryErrorCode, message: string, passing = false) {
    super(message);
    this.code = code;
    this.passing = passing;
  }
}
