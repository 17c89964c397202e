/** Which variables and values are secrets. */
import { NO_SECRET_NAME, PLACEHOLDER, PUBLIC_PREFIX, SECRET_NAME } from '../knowledge/secrets.ts';

/** Whether a variable of that name holds a secret, going by the name alone. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name) && !PUBLIC_PREFIX.test(name);
}

/** Whether a value, quotes taken off, is written out and kept secret by somebody: no variable, no placeholder. */
export function isSecretValue(raw: string | undefined): boolean {
  const value = raw?.replace(/^(["'])(.*)\1$/, '$2') ?? '';
  return !value.includes('$') && !PLACEHOLDER.test(value);
}
