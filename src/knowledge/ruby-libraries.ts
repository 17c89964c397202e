/** System packages that gems need when they run, which a full image has and a slim one lacks. Data only. */

export interface RubyLibraryRow {
  readonly gems: readonly string[];
  /** Debian packages; t64 packages of trixie provide the old names. */
  readonly any?: readonly string[];
  /** Where the name differs by release. */
  readonly bookworm?: readonly string[];
  readonly trixie?: readonly string[];
  /** From this version on the gem brings the library along. */
  readonly bundledFrom?: readonly [major: number, minor: number];
  /** linked: an extension links to it; loaded: opened by name; program: started. */
  readonly how: 'linked' | 'loaded' | 'program';
}

const row = (gems: string, how: RubyLibraryRow['how'], debian: string, trixie?: string): RubyLibraryRow => ({
  gems: gems.split(' '),
  how,
  ...(trixie === undefined ? { any: debian.split(' ') } : { bookworm: debian.split(' '), trixie: trixie.split(' ') }),
});

/**
 * Only what buildpack-deps holds and slim lacks: anything else the Dockerfile installs itself, or it never worked.
 * nokogiri, ffi, rugged, google-protobuf and grpc bring along what they link to. Source: the gems' own documentation, November 2026.
 */
export const RUBY_LIBRARIES: readonly RubyLibraryRow[] = [
  row('pg sequel_pg', 'linked', 'libpq5'),
  row('mysql2 do_mysql', 'linked', 'libmariadb3'),
  { ...row('sqlite3', 'linked', 'libsqlite3-0'), bundledFrom: [1, 5] },
  row('rmagick mini_magick', 'program', 'imagemagick'),
  row('curb patron typhoeus ethon', 'loaded', 'libcurl4'),
  row('charlock_holmes icu4r', 'linked', 'libicu72', 'libicu76'),
  row('libxml-ruby', 'linked', 'libxml2'),
  row('libxslt-ruby', 'linked', 'libxslt1.1'),
  row('curses ncurses-ruby ncursesw', 'linked', 'libncursesw6'),
  row('readline-ext', 'linked', 'libreadline8', 'libreadline8t64'),
  row('gdbm', 'linked', 'libgdbm6', 'libgdbm6t64'),
  row('maxmind-geoip2 hive_geoip2', 'loaded', 'libmaxminddb0'),
  row('glib2 gobject-introspection gio2', 'linked', 'libglib2.0-0', 'libglib2.0-0t64'),
  row('gssapi rkerberos', 'loaded', 'libgssapi-krb5-2'),
  row('wkhtmltopdf-binary wkhtmltopdf-binary-edge', 'program', 'libfontconfig1 libjpeg62-turbo libxext6 libxrender1'),
  row('git', 'program', 'git'),
  row('process-metrics', 'program', 'procps'),
  // file tells the type of every upload, identify and convert make the thumbnails
  row('paperclip kt-paperclip', 'program', 'file imagemagick'),
  // reads /usr/share/mime/packages when it is loaded
  row('mimemagic', 'loaded', 'shared-mime-info'),
];

/** Gems that compile when the program runs: the tool chain must stay. */
export const COMPILES_AT_RUN_TIME: ReadonlySet<string> = new Set(['RubyInline']);

/** Servers that compile a part of themselves when they start. Source: phusion/passenger, "Native extension". */
export const COMPILING_SERVERS: ReadonlySet<string> = new Set(['passenger']);
/** Servers that start commands name. */
export const RUBY_SERVER = /\b(?:puma|unicorn|pitchfork|iodine|falcon|thin|agoo|itsi|webrick|sidekiq|passenger)\b/;
