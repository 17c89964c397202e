/** Why the start of a container is left as it is. */
export const DECLINES = {
  'handles-signals': 'the process gets SIGTERM and ends by itself',
  'signals-unknown': 'what the process does with SIGTERM is not known',
  'package-manager': 'a package manager stays in front of the process: an init would change nothing',
  'not-a-service': 'the process ends by itself, or is for the time of writing code',
  'start-unknown': 'the start command cannot be followed to one process',
  'several-processes': 'the start script leaves several processes',
  supervisor: 's6, supervisord, systemd and their like are an init',
  'compose-init': 'a compose file gives the container an init',
  'compose-stop-signal': 'a compose file says by which signal the container is stopped',
  'compose-command': 'a compose service starts something else with the image, which another stop signal would reach',
  'no-compose-service': 'no compose service that builds the image was found',
  'compose-style': 'the compose file is written so that no line can be added for sure',
  'exec-not-possible': 'an exec in front of the last command would not start the same',
  'entrypoint-shell-form': 'the ENTRYPOINT is a text for the shell',
  'entrypoint-unknown': 'which ENTRYPOINT the base image has is not known',
  'entrypoint-fixed': 'the ENTRYPOINT of the base image looks at the words of CMD',
  'base-unknown': 'the base image is not known: it may have an init',
  'no-package': 'the distribution of the image has no package with an init, or the image has no package manager',
  'release-ended': 'the packages of the distribution release have moved to its archive',
  'not-root': 'an account that cannot install packages is in force',
  'stage-is-a-base': 'other stages start from this one',
  'dev-container': 'it is a place to work in',
  windows: 'Windows images have neither signals nor an init',
} as const;

export type Code = keyof typeof DECLINES;

/** Why a place is left alone. */
export interface Refusal {
  readonly code: Code;
  readonly why: string;
}
