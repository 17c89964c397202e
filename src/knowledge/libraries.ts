/** System packages by what they are for: building only, and what of a -dev package a program needs when it runs. Data only. */

/** Needed only while something is compiled. Never needed by what was compiled. */
export const BUILD_ONLY: ReadonlySet<string> = new Set(
  (
    'build-essential gcc g++ cc clang llvm make cmake ninja-build autoconf automake libtool m4 bison flex pkg-config pkgconf ' +
    'dpkg-dev nasm yasm swig cargo rustc golang-go gfortran python3-dev python3-pip python-dev ruby-dev php-dev linux-libc-dev ' +
    'libc6-dev libc-dev apt-utils build-base musl-dev linux-headers libgcc-dev abuild cython cython3 python3-cython lld gcc-multilib ' +
    'g++-multilib ccache meson scons gettext-dev libffi-dev:native dh-make fakeroot'
  ).split(' '),
);
/** Names of compilers with a version: gcc-12, g++-11, clang-15, python3.11-dev. */
export const BUILD_ONLY_NAME =
  /^(?:gcc|g\+\+|clang|llvm|gfortran|cpp)-\d+$|^python[\d.]+-dev$|^ruby[\d.]+-dev$|^libstdc\+\+-\d+-dev$/;

/** Run-time libraries that every compiler of Debian and Ubuntu brings along, with the packages that do. Source: their metadata: libgcc-X-dev depends on libgomp1, November 2026. */
export const COMPILERS_BRING: { readonly compilers: RegExp; readonly libraries: ReadonlySet<string> } = {
  compilers: /^(?:build-essential|gcc|g\+\+|gfortran|clang|cc)(?:-\d+)?$/,
  libraries: new Set(['libgomp1']),
};

/** Run-time packages of a -dev package: by distribution release, `any` where the name is the same in all of them. */
export interface LibraryRow {
  readonly dev: readonly string[];
  readonly any?: readonly string[];
  readonly bullseye?: readonly string[];
  readonly bookworm?: readonly string[];
  readonly trixie?: readonly string[];
  /** trixie does not provide the old name. */
  readonly isRenamed?: true;
}

const names = (text: string): string[] => text.split(' ').filter(Boolean);
/** The same name in bookworm and trixie; t64 packages of trixie provide the old name. */
const same = (dev: string, any: string): LibraryRow => ({ dev: names(dev), any: names(any) });
const by = (dev: string, bookworm: string, trixie: string, bullseye?: string): LibraryRow => ({
  dev: names(dev),
  bookworm: names(bookworm),
  trixie: names(trixie),
  ...(bullseye !== undefined && { bullseye: names(bullseye) }),
});

/** Source: apt metadata of Debian bullseye, bookworm and trixie (amd64), November 2026: every name was looked up there. */
export const DEBIAN_LIBRARIES: readonly LibraryRow[] = [
  same('libpq-dev', 'libpq5'),
  { dev: ['libffi-dev'], bookworm: ['libffi8'], trixie: ['libffi8'], bullseye: ['libffi7'] },
  { dev: ['libssl-dev'], bookworm: ['libssl3'], trixie: ['libssl3t64'], bullseye: ['libssl1.1'] },
  same('zlib1g-dev', 'zlib1g'),
  same('libbz2-dev', 'libbz2-1.0'),
  same('liblzma-dev', 'liblzma5'),
  same('libzstd-dev', 'libzstd1'),
  same('libsqlite3-dev', 'libsqlite3-0'),
  by('libreadline-dev', 'libreadline8', 'libreadline8t64', 'libreadline8'),
  same('libncurses-dev libncurses5-dev libncursesw5-dev', 'libncurses6 libncursesw6'),
  same('libexpat1-dev', 'libexpat1'),
  same('libxml2-dev', 'libxml2'),
  same('libxslt1-dev libxslt-dev', 'libxslt1.1'),
  same('libyaml-dev', 'libyaml-0-2'),
  same('libjpeg-dev libjpeg62-turbo-dev', 'libjpeg62-turbo'),
  by('libpng-dev', 'libpng16-16', 'libpng16-16t64', 'libpng16-16'),
  { dev: ['libtiff-dev', 'libtiff5-dev'], bookworm: ['libtiff6'], trixie: ['libtiff6'], bullseye: ['libtiff5'] },
  by(
    'libwebp-dev',
    'libwebp7 libwebpmux3 libwebpdemux2',
    'libwebp7 libwebpmux3 libwebpdemux2',
    'libwebp6 libwebpmux3 libwebpdemux2',
  ),
  same('libfreetype-dev libfreetype6-dev', 'libfreetype6'),
  same('liblcms2-dev', 'liblcms2-2'),
  same('libopenjp2-7-dev', 'libopenjp2-7'),
  same('libfribidi-dev', 'libfribidi0'),
  same('libharfbuzz-dev', 'libharfbuzz0b'),
  same('libraqm-dev', 'libraqm0'),
  same('libgif-dev', 'libgif7'),
  same('libcairo2-dev', 'libcairo2 libcairo-gobject2'),
  same('libpango1.0-dev', 'libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0'),
  same('libgdk-pixbuf2.0-dev libgdk-pixbuf-2.0-dev', 'libgdk-pixbuf-2.0-0'),
  same('librsvg2-dev', 'librsvg2-2'),
  by('libglib2.0-dev', 'libglib2.0-0', 'libglib2.0-0t64', 'libglib2.0-0'),
  by('libcurl4-openssl-dev', 'libcurl4', 'libcurl4t64', 'libcurl4'),
  by('libcurl4-gnutls-dev', 'libcurl3-gnutls', 'libcurl3t64-gnutls', 'libcurl3-gnutls'),
  same('default-libmysqlclient-dev libmariadb-dev libmariadb-dev-compat', 'libmariadb3'),
  same('unixodbc-dev', 'unixodbc'),
  same('freetds-dev', 'libct4 libsybdb5'),
  by('libgeos-dev', 'libgeos-c1v5', 'libgeos-c1t64', 'libgeos-c1v5'),
  by('libproj-dev', 'libproj25', 'libproj25', 'libproj19'),
  by('libgdal-dev', 'libgdal32', 'libgdal36', 'libgdal28'),
  by('libspatialindex-dev', 'libspatialindex-c6', 'libspatialindex-c8', 'libspatialindex-c6'),
  by('libhdf5-dev', 'libhdf5-103-1 libhdf5-hl-100', 'libhdf5-310 libhdf5-hl-310', 'libhdf5-103-1 libhdf5-hl-100'),
  same('libopenblas-dev', 'libopenblas0'),
  same('liblapack-dev', 'liblapack3'),
  same('libblas-dev', 'libblas3'),
  same('gfortran', 'libgfortran5'),
  by('libldap-dev libldap2-dev', 'libldap-2.5-0', 'libldap2', 'libldap-2.4-2'),
  same('libsasl2-dev', 'libsasl2-2'),
  same('libkrb5-dev', 'libgssapi-krb5-2 libkrb5-3'),
  same('libsnappy-dev', 'libsnappy1v5'),
  same('liblz4-dev', 'liblz4-1'),
  same('libleveldb-dev', 'libleveldb1d'),
  same('libzmq3-dev', 'libzmq5'),
  by('libuv1-dev', 'libuv1', 'libuv1t64', 'libuv1'),
  by('libev-dev', 'libev4', 'libev4t64', 'libev4'),
  same('libgmp-dev', 'libgmp10'),
  same('libmpfr-dev', 'libmpfr6'),
  same('libmpc-dev', 'libmpc3'),
  same('libsodium-dev', 'libsodium23'),
  same('libargon2-dev', 'libargon2-1'),
  by(
    'libxmlsec1-dev',
    'libxmlsec1 libxmlsec1-openssl',
    'libxmlsec1t64 libxmlsec1t64-openssl',
    'libxmlsec1 libxmlsec1-openssl',
  ),
  same('librdkafka-dev', 'librdkafka1'),
  by('libmemcached-dev', 'libmemcached11', 'libmemcached11t64', 'libmemcached11'),
  by('libmagic-dev', 'libmagic1', 'libmagic1t64', 'libmagic1'),
  same('libmaxminddb-dev', 'libmaxminddb0'),
  same('libpcre2-dev', 'libpcre2-8-0'),
  { dev: ['libpcre3-dev'], bookworm: ['libpcre3'], bullseye: ['libpcre3'] },
  same('libonig-dev', 'libonig5'),
  by('libzip-dev', 'libzip4', 'libzip5', 'libzip4'),
  by('libicu-dev', 'libicu72', 'libicu76', 'libicu67'),
  by('libtidy-dev', 'libtidy5deb1', 'libtidy58', 'libtidy5deb1'),
  same('libgd-dev', 'libgd3'),
  same('libsndfile1-dev', 'libsndfile1'),
  same('portaudio19-dev', 'libportaudio2'),
  by('libasound2-dev', 'libasound2', 'libasound2t64', 'libasound2'),
  same('libgl1-mesa-dev libgl-dev', 'libgl1'),
  same('libdbus-1-dev', 'libdbus-1-3'),
  same('libudev-dev', 'libudev1'),
  same('libusb-1.0-0-dev', 'libusb-1.0-0'),
  same('libsystemd-dev', 'libsystemd0'),
  same('libseccomp-dev', 'libseccomp2'),
  same('libcap-dev', 'libcap2'),
  same('libsecret-1-dev', 'libsecret-1-0'),
  same('libx11-dev', 'libx11-6'),
  same('libxext-dev', 'libxext6'),
  same('libxrender-dev', 'libxrender1'),
  same('libsm-dev', 'libsm6'),
  by('libre2-dev', 'libre2-9', 'libre2-11', 'libre2-9'),
  same('libltdl-dev', 'libltdl7'),
  by('libssh2-1-dev', 'libssh2-1', 'libssh2-1t64', 'libssh2-1'),
  same('libssh-dev', 'libssh-4'),
  same('libxpm-dev', 'libxpm4'),
  same('librabbitmq-dev', 'librabbitmq4'),
  same('libmcrypt-dev', 'libmcrypt4'),
  same('libbrotli-dev', 'libbrotli1'),
  same('libpspell-dev', 'libaspell15'),
  by(
    'libevent-dev',
    'libevent-2.1-7 libevent-openssl-2.1-7 libevent-pthreads-2.1-7',
    'libevent-2.1-7t64 libevent-openssl-2.1-7t64 libevent-pthreads-2.1-7t64',
    'libevent-2.1-7 libevent-openssl-2.1-7 libevent-pthreads-2.1-7',
  ),
  by('libclang-dev', 'libclang1-14', 'libclang1-19', 'libclang1-11'),
  by('libgit2-dev', 'libgit2-1.5', 'libgit2-1.9', 'libgit2-1.1'),
  same('libjemalloc-dev', 'libjemalloc2'),
  same('uuid-dev', 'libuuid1'),
  by('libpcap-dev', 'libpcap0.8', 'libpcap0.8t64', 'libpcap0.8'),
  by('libvips-dev', 'libvips42', 'libvips42t64', 'libvips42'),
  by('libmagickwand-dev libmagickcore-dev', 'libmagickwand-6.q16-6', 'libmagickwand-7.q16-10', 'libmagickwand-6.q16-6'),
  { ...by('libaio-dev', 'libaio1', 'libaio1t64', 'libaio1'), isRenamed: true },
  same('libenchant-2-dev', 'libenchant-2-2'),
  by('libzbar-dev', 'libzbar0', 'libzbar0t64', 'libzbar0'),
  by('libfuse-dev', 'libfuse2', 'libfuse2t64', 'libfuse2'),
  by('libheif-dev', 'libheif1', 'libheif1', 'libheif1'),
  by('libavif-dev', 'libavif15', 'libavif16', 'libavif9'),
  by(
    'libgirepository1.0-dev',
    'libgirepository-1.0-1 gir1.2-glib-2.0',
    'libgirepository-1.0-1 gir1.2-glib-2.0',
    'libgirepository-1.0-1 gir1.2-glib-2.0',
  ),
];

/** Source: aports APKBUILDs, November 2026. */
export const ALPINE_LIBRARIES: readonly LibraryRow[] = [
  same('libpq-dev postgresql-dev', 'libpq'),
  same('mariadb-connector-c-dev mariadb-dev', 'mariadb-connector-c'),
  same('openssl-dev libressl-dev', 'libssl3 libcrypto3'),
  same('libffi-dev', 'libffi'),
  same('zlib-dev', 'zlib'),
  same('bzip2-dev', 'libbz2'),
  same('xz-dev', 'xz-libs'),
  same('zstd-dev', 'zstd-libs'),
  same('sqlite-dev', 'sqlite-libs'),
  same('readline-dev', 'readline'),
  same('ncurses-dev', 'ncurses-libs'),
  same('expat-dev', 'expat'),
  same('libxml2-dev', 'libxml2'),
  same('libxslt-dev', 'libxslt'),
  same('yaml-dev', 'yaml'),
  same('jpeg-dev libjpeg-turbo-dev', 'libjpeg-turbo'),
  same('libpng-dev', 'libpng'),
  same('tiff-dev', 'tiff'),
  same('libwebp-dev', 'libwebp'),
  same('freetype-dev', 'freetype'),
  same('lcms2-dev', 'lcms2'),
  same('openjpeg-dev', 'openjpeg'),
  same('harfbuzz-dev', 'harfbuzz'),
  same('fribidi-dev', 'fribidi'),
  same('giflib-dev', 'giflib'),
  same('cairo-dev', 'cairo'),
  same('pango-dev', 'pango'),
  same('gdk-pixbuf-dev', 'gdk-pixbuf'),
  same('glib-dev', 'glib'),
  same('curl-dev', 'libcurl'),
  same('icu-dev', 'icu-libs'),
  same('oniguruma-dev', 'oniguruma'),
  same('libzip-dev', 'libzip'),
  same('openldap-dev', 'libldap'),
  same('cyrus-sasl-dev', 'libsasl'),
  same('krb5-dev', 'krb5-libs'),
  same('unixodbc-dev', 'unixodbc'),
  same('freetds-dev', 'freetds'),
  same('geos-dev', 'geos'),
  same('proj-dev', 'proj'),
  same('gdal-dev', 'gdal'),
  same('openblas-dev', 'openblas'),
  same('lapack-dev', 'lapack'),
  same('gfortran', 'libgfortran'),
  same('g++ build-base', 'libstdc++'),
  same('file-dev', 'libmagic'),
  same('libmemcached-dev', 'libmemcached-libs'),
  same('librdkafka-dev', 'librdkafka'),
  same('zeromq-dev', 'libzmq'),
  same('libsodium-dev', 'libsodium'),
  same('gmp-dev', 'gmp'),
  same('xmlsec-dev', 'xmlsec'),
  same('libevent-dev', 'libevent'),
  same('pcre-dev', 'pcre'),
  same('pcre2-dev', 'pcre2'),
  same('libsndfile-dev', 'libsndfile'),
  same('portaudio-dev', 'portaudio'),
  same('imagemagick-dev', 'imagemagick-libs'),
  same('vips-dev', 'vips'),
  same('util-linux-dev', 'libuuid'),
];

/** What the images `python:X-slim` and `python:X-alpine` have, because the interpreter itself needs it. Source: docker-library/python, November 2026. */
export const IN_PYTHON_SLIM: ReadonlySet<string> = new Set(
  names(
    'libffi8 libffi7 libssl3 libssl3t64 libssl1.1 zlib1g libbz2-1.0 liblzma5 libsqlite3-0 libreadline8 libreadline8t64 libncurses6 libncursesw6 libuuid1 libexpat1 ' +
      'libgdbm6 libudev1 libsystemd0 libcap2 libseccomp2 libgmp10 liblz4-1 libzstd1 ca-certificates netbase tzdata ' +
      // python:X-alpine
      'libssl3 libcrypto3 libffi zlib libbz2 xz-libs sqlite-libs readline ncurses-libs libuuid expat',
  ),
);

/** What the images `ruby:X-slim` and `ruby:X-alpine` have, because the interpreter itself or the distribution needs it. Source: docker-library/ruby, Debian's required packages, November 2026. */
export const IN_RUBY_SLIM: ReadonlySet<string> = new Set(
  names(
    'libffi8 libffi7 libgmp10 libssl3 libssl3t64 libssl1.1 libyaml-0-2 zlib1g libbz2-1.0 liblzma5 libzstd1 liblz4-1 libuuid1 libudev1 libsystemd0 libcap2 libseccomp2 ca-certificates ' +
      // ruby:X-alpine
      'libssl3 libcrypto3 libffi gmp yaml zlib libgcc',
  ),
);

/** Libraries that the interpreter of the images `php:X` needs. Source: docker-library/php, November 2026. */
export const IN_PHP: ReadonlySet<string> = new Set(
  names(
    'libargon2-1 libcurl4 libcurl4t64 libonig5 libreadline8 libreadline8t64 libsodium23 libsqlite3-0 libssl3 libssl3t64 libssl1.1 libxml2 zlib1g libbz2-1.0 liblzma5 libzstd1 ' +
      // php:X-alpine
      'libssl3 libcrypto3 argon2-libs libcurl oniguruma readline libsodium sqlite-libs libxml2 zlib',
  ),
);
