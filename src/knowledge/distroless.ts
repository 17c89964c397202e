/** Images of distroless: which there are, what they start, and what they have. Data only. */

export interface DistrolessRow {
  /** Repositories of the images that it stands in for. */
  readonly for: RegExp;
  /** The number in the tag of those images that it belongs to; undefined: any. */
  readonly release?: string;
  readonly image: string;
  /** The program as a start command must name it. */
  readonly program: string;
  /** The words of its ENTRYPOINT; [] where it has none. */
  readonly entrypoint: readonly string[];
  readonly source: string;
  readonly date: string;
}

const SOURCE = 'GoogleContainerTools/distroless: README.md, nodejs/nodejs.bzl, java/java.bzl';
const DATE = '2026-08';

const node = (release: string): DistrolessRow => ({
  for: /^node$/,
  release,
  image: `gcr.io/distroless/nodejs${release}-debian13`,
  program: '/nodejs/bin/node',
  entrypoint: ['/nodejs/bin/node'],
  source: SOURCE,
  date: DATE,
});
const java = (release: string): DistrolessRow => ({
  for: /^(?:eclipse-temurin|amazoncorretto|openjdk)$/,
  release,
  image: `gcr.io/distroless/java${release}-debian13`,
  program: 'java',
  entrypoint: ['/usr/bin/java', '-jar'],
  source: SOURCE,
  date: DATE,
});

/** Images of a language. The Python one has one release only, at another path than the builders: it is left out. */
export const DISTROLESS_LANGUAGES: readonly DistrolessRow[] = [
  ...['22', '24', '26'].map(node),
  ...['17', '21', '25'].map(java),
];

/** For programs that need nothing, or the C library alone. */
export const DISTROLESS_PROGRAMS = {
  static: { image: 'gcr.io/distroless/static-debian13', source: SOURCE, date: DATE },
  cc: { image: 'gcr.io/distroless/cc-debian13', source: SOURCE, date: DATE },
} as const;

/** Systems under a program that is copied in. */
export const PLAIN_SYSTEMS = /^(?:debian|ubuntu|alpine|busybox)$/;

/** Packages that the images have: certificates and time zones. */
export const DISTROLESS_HAS: ReadonlySet<string> = new Set(['ca-certificates', 'tzdata', 'netbase']);

/** Accounts of the images. Source: common/variables.bzl. */
export const DISTROLESS_USERS = /^(?:root|nobody|nonroot|\d+)$/;

/** Crates that link to a library of the system. Source: their build scripts. */
export const LINKING_CRATES =
  /^name = "(openssl-sys|pq-sys|mysqlclient-sys|rdkafka-sys|libz-sys|curl-sys|libgit2-sys|libssh2-sys|libdbus-sys|alsa-sys|libudev-sys|gdal-sys|opencv|libsqlite3-sys)"/m;
