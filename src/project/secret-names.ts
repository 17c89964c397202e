/** Which variables and values are secrets. */
import { NO_SECRET_NAME, NO_SECRET_PHRASE, PLACEHOLDER, PUBLIC_PREFIX, SECRET_NAME } from '../knowledge/secrets.ts';

/** Whether a variable of that name holds a secret, going by the name alone. */
export function isSecretName(name: string): boolean {
  const isPublic = NO_SECRET_NAME.test(name) || NO_SECRET_PHRASE.test(name) || PUBLIC_PREFIX.test(name);
  return SECRET_NAME.test(name) && !isPublic;
}

/** Whether a value, quotes taken off, is written out and kept secret by somebody: no variable, no placeholder. */
export function isSecretValue(raw: string | undefined): boolean {
  const value = raw?.replace(/^(["'])(.*)\1$/, '$2') ?? '';
  return !value.includes('$') && !PLACEHOLDER.test(value);
}
