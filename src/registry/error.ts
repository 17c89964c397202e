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

/** Fails one reference, never the run. `again`: milliseconds after which asking again may help; undefined: it does not. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly again: number | undefined;

  constructor(code: RegistryErrorCode, message: string, again?: number) {
    super(message);
    this.code = code;
    this.again = again;
  }
}
