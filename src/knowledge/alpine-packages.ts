/** Packages and programs of Debian in Alpine. Data only. What is not listed has no known counterpart. */

const SOURCE = 'alpinelinux/aports: APKBUILD of each package; Dockerfiles of docker-library for both systems';
const DATE = '2026-11';

export interface AlpinePackageRow {
  readonly debian: string;
  /** Empty: Alpine needs none. */
  readonly alpine: readonly string[];
  readonly source: string;
  readonly date: string;
}

const rows = (text: string): AlpinePackageRow[] =>
  text
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const [debian = '', alpine = ''] = line.split('|');
      return debian
        .trim()
        .split(' ')
        .map((name) => ({
          debian: name,
          alpine: alpine.trim() === '=' ? [name] : alpine.trim().split(' ').filter(Boolean),
          source: SOURCE,
          date: DATE,
        }));
    });

/** `=`: the same name. */
export const ALPINE_PACKAGES: readonly AlpinePackageRow[] = rows(`
autoconf automake libtool patch git curl wget bash jq less vim nano htop unzip zip tar gzip rsync sudo tini dumb-init logrotate | =
ca-certificates openssl gnupg openssh-client procps net-tools iproute2 tzdata cmake make bison flex m4 nasm yasm swig ffmpeg imagemagick | =
poppler-utils ghostscript graphviz gettext sqlite tree file ccache scons expect dialog socat tcpdump strace gdb sed grep coreutils findutils diffutils gawk perl libffi-dev libxml2-dev libxml2 libxslt-dev libpng-dev libwebp-dev libwebp libzip-dev libevent-dev libsodium-dev libmemcached-dev librdkafka-dev | =
unixodbc unixodbc-dev freetds-dev ruby-dev libpq-dev optipng jpegoptim pngquant gifsicle mariadb-client postgresql-client cargo bzip2 ncdu parallel pv | =
build-essential | build-base
gcc | gcc musl-dev
g++ | g++ musl-dev
libc6-dev libc-dev | musl-dev
linux-libc-dev | linux-headers
pkg-config pkgconf | pkgconf
ninja-build | ninja
xz-utils | xz
iputils-ping | iputils
dnsutils bind9-dnsutils | bind-tools
netcat netcat-openbsd netcat-traditional | netcat-openbsd
gettext-base | gettext-envsubst
python3 python3-venv | python3
python3-pip | py3-pip
python3-dev | =
libpq5 | libpq
default-libmysqlclient-dev libmariadb-dev libmariadb-dev-compat | mariadb-connector-c-dev
libmariadb3 | mariadb-connector-c
default-mysql-client | mariadb-client
libssl-dev | openssl-dev
libssl3 libssl3t64 | libssl3 libcrypto3
libffi8 | libffi
zlib1g-dev | zlib-dev
zlib1g | zlib
libbz2-dev | bzip2-dev
libbz2-1.0 | libbz2
liblzma-dev | xz-dev
liblzma5 | xz-libs
libzstd-dev | zstd-dev
libsqlite3-dev | sqlite-dev
libsqlite3-0 | sqlite-libs
sqlite3 | sqlite
libreadline-dev | readline-dev
libncurses-dev libncurses5-dev libncursesw5-dev | ncurses-dev
libexpat1-dev | expat-dev
libxslt1-dev | libxslt-dev
libxslt1.1 | libxslt
libyaml-dev | yaml-dev
libyaml-0-2 | yaml
libjpeg-dev libjpeg62-turbo-dev | libjpeg-turbo-dev
libjpeg62-turbo | libjpeg-turbo
libpng16-16 libpng16-16t64 | libpng
libwebp7 | libwebp
libtiff-dev | tiff-dev
libfreetype6-dev libfreetype-dev | freetype-dev
libfreetype6 | freetype
liblcms2-dev | lcms2-dev
libopenjp2-7-dev | openjpeg-dev
libcairo2-dev | cairo-dev
libcairo2 | cairo
libpango1.0-dev | pango-dev
libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 | pango
libgdk-pixbuf2.0-dev libgdk-pixbuf-2.0-dev | gdk-pixbuf-dev
libgdk-pixbuf-2.0-0 libgdk-pixbuf2.0-0 | gdk-pixbuf
libglib2.0-dev | glib-dev
libglib2.0-0 libglib2.0-0t64 | glib
libgif-dev | giflib-dev
libvips-dev | vips-dev
libmagickwand-dev libmagickcore-dev | imagemagick-dev
libcurl4-openssl-dev | curl-dev
libcurl4 libcurl4t64 | libcurl
libicu-dev | icu-dev
libicu72 libicu76 | icu-libs
libonig-dev | oniguruma-dev
libzip4 libzip5 | libzip
libldap-dev libldap2-dev | openldap-dev
libsasl2-dev | cyrus-sasl-dev
libkrb5-dev | krb5-dev
libgeos-dev | geos-dev
libproj-dev | proj-dev
libgdal-dev | gdal-dev
gdal-bin | gdal-tools
libhdf5-dev | hdf5-dev
libopenblas-dev | openblas-dev
liblapack-dev | lapack-dev
gfortran | gfortran
libgomp1 | libgomp
libstdc++6 | libstdc++
libgcc-s1 | libgcc
libatomic1 | libatomic
libmagic1 libmagic1t64 | libmagic
libmagic-dev | file-dev
librdkafka1 | librdkafka
libzmq3-dev | zeromq-dev
libgmp-dev | gmp-dev
libxmlsec1-dev | xmlsec-dev
protobuf-compiler | protoc
libprotobuf-dev | protobuf-dev
libuv1-dev | libuv-dev
libpcre3-dev | pcre-dev
libpcre2-dev | pcre2-dev
libsndfile1 | libsndfile
libmcrypt-dev | libmcrypt-dev
libjemalloc2 | jemalloc
libaio1 libaio1t64 | libaio
uuid-dev | util-linux-dev
fonts-dejavu fonts-dejavu-core ttf-dejavu | font-dejavu
fonts-liberation | font-liberation
fontconfig | fontconfig
tesseract-ocr | tesseract-ocr
tesseract-ocr-eng | tesseract-ocr-data-eng
golang-go | go
telnet | busybox-extras
redis-tools | redis
dirmngr | gnupg
apt-utils apt-transport-https | 
passwd login adduser | 
`);

/** Debian packages that must not be translated, and why. */
export const NO_COUNTERPART: Readonly<Record<string, string>> = {
  locales: 'musl has no locales but C.UTF-8',
  'locales-all': 'musl has no locales but C.UTF-8',
  'software-properties-common': 'it sets up further sources of packages',
  'lsb-release': 'something asks for the release of Debian',
  cron: 'the cron of busybox reads other files',
  systemd: 'Alpine has no systemd',
  gosu: 'su-exec does its work there, under its own name',
  supervisor: 'its configuration stands in other files',
  nginx: 'its configuration stands in other files',
  apache2: 'its configuration stands in other files',
  'openssh-server': 'its keys and its start are set up otherwise',
  wkhtmltopdf: 'Alpine has no such package',
  wkhtmltox: 'it comes for glibc only',
  msodbcsql17: 'the driver of Microsoft comes for glibc',
  msodbcsql18: 'the driver of Microsoft comes for glibc',
  'google-chrome-stable': 'Google builds it for glibc only',
};

/** Programs of Debian that have no counterpart, or one that works otherwise. Source: Debian and Alpine package contents. */
export const DEBIAN_ONLY_PROGRAMS: ReadonlySet<string> = new Set(
  (
    'dpkg dpkg-deb dpkg-query dpkg-reconfigure dpkg-divert debconf-set-selections debconf apt-key apt-mark apt-cache apt-config add-apt-repository gdebi ' +
    'locale-gen update-locale localedef update-alternatives update-rc.d invoke-rc.d service systemctl a2enmod a2dismod a2ensite a2enconf ' +
    'a2dissite lsb_release apt-file aptitude usermod groupmod userdel chage ldconfig.real deluser delgroup'
  ).split(' '),
);

/** Programs that Debian images have, or full ones of them, and Alpine has not: the package that brings them. Busybox has the others. */
export const ALPINE_PROGRAMS: Readonly<Record<string, string>> = {
  bash: 'bash',
  curl: 'curl',
  git: 'git',
  perl: 'perl',
  openssl: 'openssl',
  ssh: 'openssh-client',
  scp: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  svn: 'subversion',
  hg: 'mercurial',
  gpg: 'gnupg',
  file: 'file',
  make: 'make',
  rsync: 'rsync',
  envsubst: 'gettext-envsubst',
  setpriv: 'setpriv',
  runuser: 'runuser',
  convert: 'imagemagick',
  identify: 'imagemagick',
  mogrify: 'imagemagick',
};

/** Programs at another place. Source: contents of the packages of both systems. */
export const ALPINE_PATHS: Readonly<Record<string, string>> = {
  '/usr/bin/tini': '/sbin/tini',
  '/usr/bin/bash': '/bin/bash',
  '/usr/bin/sh': '/bin/sh',
};

export interface GnuOptionRow {
  readonly program: string;
  /** Matched against the words behind the program, joined by blanks. */
  readonly options: RegExp;
  /** The package with the GNU program. */
  readonly package: string;
  readonly source: string;
  readonly date: string;
}

const gnu = (program: string, options: RegExp, name: string): GnuOptionRow => ({
  program,
  options,
  package: name,
  source: 'busybox 1.37: usage text of the applet',
  date: DATE,
});

/** Options that the programs of busybox lack. */
export const GNU_OPTIONS: readonly GnuOptionRow[] = [
  gnu('grep', /(?:^| )(?:-\w*P|--perl-regexp|--include|--exclude)/, 'grep'),
  gnu('find', /(?:^| )-(?:printf|regextype|newermt|fprintf)\b/, 'findutils'),
  gnu('xargs', /(?:^| )(?:-d|--delimiter|--max-procs)/, 'findutils'),
  gnu('date', /(?:^| )(?:-d|--date)/, 'coreutils'),
  gnu('cp', /(?:^| )--(?:parents|backup|no-preserve|reflink)/, 'coreutils'),
  gnu('head', /(?:^| )(?:-n ?-\d|--lines=-)/, 'coreutils'),
  gnu('mktemp', /--suffix/, 'coreutils'),
  gnu('numfmt', /./, 'coreutils'),
  gnu('tar', /--(?:transform|xform|wildcards|sort|mtime|checkpoint)/, 'tar'),
  gnu('sed', /(?:^| )(?:-z|--null-data|--debug|--follow-symlinks)/, 'sed'),
  gnu('ps', /(?:^| )(?:-\w*[efp]|--\w+)/, 'procps'),
  gnu('pkill', /--/, 'procps'),
];

/** Accounts of Debian's /etc/passwd that Alpine lacks, or has with another number. Source: base-passwd; alpine-baselayout. */
export const DEBIAN_ACCOUNTS = /^(?:www-data|backup|list|irc|_apt|sys)$/;

/** Commands that bash understands and the shell of busybox does not. Source: busybox ash; POSIX.1-2024. */
export const BASH_ONLY =
  /(?:^|[\s;&|(])(?:\[\[\s|declare\s|mapfile\b|readarray\b|function\s+\w|shopt\b|select\s)|<<<|<\(|>\(|\$'|&>|\{\d+\.\.\d+\}|\$\{\w+(?:\^|,|\[|\/\/?)|\w\+?=\(|\bBASH_\w+|\bpushd\b|\bsource\s/;

/** Downloads that are static, or the same for every C library. Source: the projects' release pages. */
export const STATIC_DOWNLOADS =
  /kubectl|get\.helm\.sh|releases\.hashicorp\.com|dumb-init|tini-static|tini-muslc|install\.python-poetry\.org|astral\.sh\/uv|getcomposer\.org|wait-for-it|yq_linux|jq-linux|golang-migrate|alpine|musl/;
