/** Why no user is named. */
export const DECLINES = {
  'base-unknown': 'which account the base image runs as, and which it has, is not known',
  windows: 'accounts of Windows images are made otherwise',
  'no-start-command': 'nothing says what the container runs',
  'start-unreadable': 'a start command or script that the container runs cannot be read',
  'root-on-purpose': 'a USER instruction names root',
  'user-unknown': 'the last USER is a variable without a value',
  'steps-down': 'it starts as root and takes another account itself',
  'server-starts-as-root': 'the server starts as root and gives its workers another account',
  supervisor: 'a supervisor starts processes under accounts of their own',
  scheduler: 'cron runs its jobs under the account of each',
  'login-server': 'a server that logs users in has to be root',
  'docker-socket': 'it works with a container engine, whose socket belongs to root',
  'data-store': 'it keeps data in folders that belong to an account of its own',
  'runtime-chooses-user': 'the platform that runs the image chooses the account',
  'dev-container': 'it is a place to work in',
  'github-action': 'actions in containers have to run as root',
  'installs-at-start': 'packages are installed when the container starts',
  'builds-at-start': 'the program is built when the container starts',
  'needs-capabilities': 'it needs privileges of the kernel',
  'changes-accounts': 'accounts or owners are changed when the container starts',
  'compose-user': 'a compose file names the user',
  'base-for-others': 'other images or stages start from it',
  'root-home': 'what runs lies in the home folder of root, which nobody else may read',
  'unreadable-files': 'files are copied or made so that only root may read them',
  'writes-system-folder': 'it writes to folders of the system',
  'files-from-parent-stage': 'what has to be writable is copied in the stage that this one starts from',
  'workdir-unknown': 'the folder that it works in is not known, or is the root folder',
  'no-account-tools': 'the image has no program that makes accounts',
  'no-shell': 'a folder has to be made and the image has no shell',
  'name-taken': 'the image has another account with this name or number',
  'option-invalid': 'uid and gid are numbers from 1 to 59999, the name is one that useradd takes',
} as const;

export type DeclineCode = keyof typeof DECLINES;

/** Why a place is left alone. */
export interface Refusal {
  readonly code: DeclineCode;
  readonly why: string;
}

/** Thrown inside of the transform, and caught by it. */
export class Stop extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.why);
    this.refusal = refusal;
  }
}

export function stop(code: DeclineCode, why: string): never {
  throw new Stop({ code, why });
}
