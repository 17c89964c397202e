/** A mistake in the command line or a configuration file: the message is one line for the user, nothing was written. */
export class UsageError extends Error {
  override name = 'UsageError';
}
