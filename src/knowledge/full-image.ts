/** What full images (built upon buildpack-deps) have and slim ones lack, besides libraries. Data only. */

/** `package: program program`, one package in a line. */
const programs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => {
        const [name = '', rest = ''] = line.split(': ');
        return rest.split(' ').map((program) => [program, name] as const);
      }),
  );

/**
 * Programs with the Debian package. `perl` and its programs are there, as slim images have a few of its modules only.
 * Source: docker-library/buildpack-deps, and the files of its packages beside those of debian:bookworm-slim, November 2026.
 */
export const FULL_IMAGE_PROGRAMS: Readonly<Record<string, string>> = programs(`
curl: curl
wget: wget
git: git
openssh-client: ssh scp sftp ssh-keygen ssh-keyscan ssh-agent ssh-add ssh-copy-id
subversion: svn svnadmin
mercurial: hg
gnupg: gpg gpgconf gpgsm apt-key
file: file
unzip: unzip funzip zipinfo
xz-utils: xz unxz xzcat lzma unlzma
bzip2: bzip2 bunzip2 bzcat
patch: patch
procps: ps pgrep pkill pidwait pmap top free uptime vmstat watch sysctl kill
imagemagick: convert identify mogrify composite montage compare conjure magick
openssl: openssl
perl: perl shasum json_pp prove pod2man pod2text
binutils: strings strip objdump objcopy readelf
fontconfig: fc-list fc-match fc-cache fc-scan
shared-mime-info: update-mime-database
dpkg-dev: dpkg-architecture dpkg-scanpackages
default-libmysqlclient-dev: mysql_config mariadb_config
libpq-dev: pg_config
libcurl4-openssl-dev: curl-config
libxml2-dev: xml2-config
libxslt1-dev: xslt-config
`);

/** mercurial brings the Python of Debian; images of Python have their own. */
export const SYSTEM_PYTHON = 'python3';

/** Words that are program names and ordinary words as well: they count only where a command line begins with them. */
export const ORDINARY: ReadonlySet<string> = new Set(
  'file patch convert identify composite watch top free uptime'.split(' '),
);

/** More of them, and what shells have built in: in code they count only as the first of a list, `["kill", "-9", ..]`. */
export const LISTED: ReadonlySet<string> = new Set('kill compare montage strings strip prove'.split(' '));

/** Programs that every shell has built in. */
export const BUILT_IN: ReadonlySet<string> = new Set(['kill']);

/** Programs that compile: whoever starts one at run time needs the whole tool chain. */
export const COMPILERS: ReadonlySet<string> = new Set(
  'gcc g++ cc c++ make cmake clang ld as ar ninja nvcc autoconf automake autoreconf libtoolize pkg-config'.split(' '),
);

/**
 * Packages of Debian whose program starts another one that they do not depend on, and that the full image has. Source:
 * their control files, November 2026.
 */
export const STARTED_BY_PACKAGES: Readonly<Record<string, string>> = { sshpass: 'ssh' };
