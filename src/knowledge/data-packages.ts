/** What a program needs of its image beside itself: data, and the programs that every small image has. Data only. */

/** Packages that hold data which a program reads, by their Debian and Alpine names. */
export const DATA_PACKAGES: ReadonlySet<string> = new Set([
  ...['ca-certificates', 'tzdata', 'mailcap', 'mime-support', 'media-types', 'shared-mime-info', 'locales'],
  ...['fontconfig', 'fonts-dejavu', 'fonts-dejavu-core', 'ttf-dejavu', 'font-dejavu', 'ttf-freefont', 'musl-locales'],
]);

/** Programs that both an Alpine image (BusyBox) and a slim Debian image have. Source: BusyBox 1.36 applets; Debian's required packages. */
export const SMALL_IMAGE_PROGRAMS: ReadonlySet<string> = new Set([
  ...['sh', 'ash', 'echo', 'printf', 'test', '[', 'cd', 'exec', 'export', 'set', 'eval', 'exit', 'true', 'false', ':'],
  ...['cat', 'cp', 'mv', 'rm', 'mkdir', 'ls', 'ln', 'touch', 'chmod', 'chown', 'sleep', 'date', 'env', 'id', 'whoami'],
  ...['grep', 'sed', 'awk', 'cut', 'tr', 'head', 'tail', 'sort', 'wc', 'find', 'xargs', 'hostname', 'uname', 'tar'],
  ...['trap', 'wait', 'shift', 'read', 'return', 'local', 'source', '.', 'ulimit', 'umask', 'unset', 'basename'],
  ...['getent', 'nproc', 'expr', 'seq', 'dirname', 'tee', 'stat', 'nohup', 'kill', 'uniq'],
]);

/** Programs that an install brings, by the package of the same name in Debian and Alpine. */
export const SMALL_IMAGE_PACKAGES: ReadonlySet<string> = new Set(['bash', 'curl', 'tini', 'dumb-init', 'su-exec']);

/** Packages that only builds need, besides those of libraries.ts. */
export const BUILD_TOOL_PACKAGES: ReadonlySet<string> = new Set([
  ...['maven', 'gradle', 'sbt', 'ant', 'git', 'unzip', 'zip', 'wget', 'gnupg', 'gnupg2', 'dos2unix', 'nodejs', 'npm'],
  ...['yarn', 'default-jdk', 'default-jdk-headless', 'apt-transport-https', 'lsb-release'],
  ...['software-properties-common', 'libatomic1', 'binutils'],
  ...['vim', 'nano', 'less', 'findutils', 'sed', 'tar', 'gzip', 'make'],
]);
