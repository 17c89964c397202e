/**
 * Keys of a compose service and the option of `docker run` that does the same (podman has the same ones).
 * Sources: compose-spec's 05-services.md and the reference of `docker container run`, read 2026-11.
 */

/** Keys with one value. */
export const VALUE_OPTIONS = {
  user: '--user',
  working_dir: '--workdir',
  hostname: '--hostname',
  domainname: '--domainname',
  platform: '--platform',
  shm_size: '--shm-size',
  mem_limit: '--memory',
  mem_reservation: '--memory-reservation',
  cpus: '--cpus',
  pids_limit: '--pids-limit',
  stop_signal: '--stop-signal',
  runtime: '--runtime',
} as const satisfies Readonly<Record<string, string>>;

/** Keys that are true or false. */
export const SWITCH_OPTIONS = {
  init: '--init',
  read_only: '--read-only',
  tty: '--tty',
  stdin_open: '--interactive',
} as const satisfies Readonly<Record<string, string>>;

/** Keys with one value or a list of them. */
export const LIST_OPTIONS = {
  cap_add: '--cap-add',
  cap_drop: '--cap-drop',
  security_opt: '--security-opt',
  group_add: '--group-add',
  tmpfs: '--tmpfs',
  dns: '--dns',
  dns_search: '--dns-search',
  dns_opt: '--dns-option',
} as const satisfies Readonly<Record<string, string>>;

/** Keys with names and values, as a map or as a list of `name=value`. */
export const MAP_OPTIONS = {
  sysctls: { option: '--sysctl', between: '=' },
  extra_hosts: { option: '--add-host', between: ':' },
} as const satisfies Readonly<Record<string, { option: string; between: string }>>;

/** Keys that other code reads, and those that mean nothing for one run of one container. */
export const OTHER_KEYS = [
  'image',
  'build',
  'command',
  'entrypoint',
  'environment',
  'env_file',
  'ports',
  'expose',
  'volumes',
  'secrets',
  'configs',
  'depends_on',
  'healthcheck',
  'stop_grace_period',
  'ulimits',
  'networks',
  'network_mode',
  'container_name',
  'links',
  'extends',
  'annotations',
  'attach',
  'deploy',
  'develop',
  'labels',
  'logging',
  'profiles',
  'pull_policy',
  'restart',
  'scale',
] as const;
