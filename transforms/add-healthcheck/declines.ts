/** Every code that add-healthcheck declines with. */

export const DECLINES = {
  worker: 'the process takes work from a queue and listens on no port',
  job: 'the process does its work and ends',
  scheduler: 'the process starts jobs by the clock',
  'command-line': 'the image is a tool for the command line',
  'several-processes': 'the container runs several processes, of which one port tells little',
  development: 'the image is for the time of writing code',
  'no-command': 'no CMD or ENTRYPOINT is written, and what the base starts is not known',
  'start-unknown': 'the start command cannot be followed to a process',
  'port-unknown': 'where the process listens is not written where it can be read',
  'port-conflict': 'the process opens several ports',
  'address-not-local': 'the process listens on an address that 127.0.0.1 may not reach',
  socket: 'the process listens on a Unix socket',
  'no-probe-tool': 'no program of the image is known that could ask the port',
  'no-shell': 'the probe needs a shell, and the image has none that is known',
  'image-unknown': 'the base image is not known: it may have a health check, or another start',
  'image-has-one': 'the base image has a health check of its own',
  'switched-off': 'HEALTHCHECK NONE says that there shall be none',
  'compose-has-one': 'a compose file defines the health check of every service of this image',
  'compose-has-worker': 'a compose service runs another command with the same image',
  'stage-is-a-base': 'other stages start from this one and would inherit the health check',
  'function-image': 'a platform starts the image and asks it in its own way',
  'option-invalid': 'an option has a value that no HEALTHCHECK can have',
  windows: 'probes for Windows containers are not written',
} as const;

export type Code = keyof typeof DECLINES;
