/** Why a RUN stays without a mount: every code, what it means, and the way out of a decision. */
export const DECLINES = {
  'unknown-user': 'the account that runs the command, or its number, is not known',
  'non-root-cache': 'the cache cannot be given to a user that is not root without changing folders above it',
  'unknown-base': 'the base image is not known, and it decides where the cache is or what is in it',
  'unknown-cache-path': 'where the cache is in this image is not known',
  'cache-moved': 'a variable, a flag or a file of the project puts the cache elsewhere',
  'cache-disabled-by-env': 'a variable turns the cache off and cannot be taken away',
  'kill-step': 'the RUN empties the cache in a way that cannot be taken out cleanly',
  'path-used': 'another step needs what the mount would keep out of the image',
  'path-copied': 'a COPY or ADD fills the folder that the mount would hide',
  'home-made-here': 'the RUN itself makes or re-owns a folder that the cache is in',
  volume: 'the cache is below a volume',
  'needed-at-run-time': 'the image may need the downloaded packages when it runs',
  'not-all-runs': 'another RUN would need the same mount and does not get it',
  'wrapped-command': 'a variable would have to pass another program',
  'unreadable-script': 'the script cannot be read with certainty',
  'hidden-call': 'the package manager is called through another program',
  'exec-form': 'the RUN is in exec form',
  windows: 'Windows images have no cache mounts',
  'old-syntax': 'the syntax directive names a version without cache mounts',
  'not-wanted': 'a comment says that a cache mount is not wanted',
  'builder-without-mounts': 'a CI file names a builder that knows no cache mounts',
  'nothing-kept': 'the command keeps nothing that a mount could keep',
  'apt-no-update': 'the RUN relies on package lists of an earlier layer',
  'apt-upgrade': 'the RUN upgrades the image',
  'apt-remove': 'the RUN removes or marks packages',
  'apt-third-party-source': 'the RUN sets up a package source between update and install',
  'apt-lists-needed-later': 'a later RUN relies on the package lists that this one leaves behind',
  'apk-no-cache': 'apk --no-cache is clean already',
  'apk-kept': 'what apk fetches is small',
  'microdnf-keeps-nothing': 'microdnf cannot keep what it downloaded',
  'pnpm-global': 'programs that pnpm installs globally may be links into its store',
  'yarn-pnp': 'yarn runs the packages from its cache',
  'yarn-local-cache': 'yarn keeps its cache in the project',
} as const;

export type DeclineCode = keyof typeof DECLINES;

/** The way out of a decision: the RUN stays without a mount, for this reason. No Error: to note the way to each is dear. */
export class Stop {
  readonly code: DeclineCode;
  readonly message: string;

  constructor(code: DeclineCode, why: string) {
    this.code = code;
    this.message = why;
  }
}

/** @throws Stop */
export function stop(code: DeclineCode, why: string): never {
  throw new Stop(code, why);
}

/** What `action` gives; what `stopped` makes of the reason where it stops. */
export function unlessStopped<T, S>(action: () => T, stopped: (reason: Stop) => S): T | S {
  try {
    return action();
  } catch (error) {
    if (error instanceof Stop) return stopped(error);
    throw error;
  }
}
