/** C libraries of Rust programs: crates that bind to one, and what of the system they need when the program runs. Data only. */
import type { LibraryRow } from './libraries.ts';

type Row = Omit<LibraryRow, 'dev'> & { readonly crate: string; readonly source: string; readonly date: string };

/** Bindings that take the library of the system. */
export const SYSTEM_CRATES: readonly Row[] = [
  { crate: 'openssl-sys', any: ['libssl3'], source: 'sfackler/rust-openssl:openssl-sys/build', date: '2026-11' },
  { crate: 'pq-sys', any: ['libpq5'], source: 'sgrif/pq-sys:build.rs', date: '2026-11' },
  // without its feature `bundled`
  {
    crate: 'libsqlite3-sys',
    any: ['libsqlite3-0'],
    source: 'rusqlite/rusqlite:libsqlite3-sys/build.rs',
    date: '2026-11',
  },
  { crate: 'mysqlclient-sys', any: ['libmariadb3'], source: 'sgrif/mysqlclient-sys:build.rs', date: '2026-11' },
];

/** What Cargo.toml says about them where no lock file does: dependencies that bind to the library of the system. */
export const MANIFEST_HINTS = [
  {
    says: /^diesel\w*\b.*"postgres"/m,
    package: 'libpq5',
    source: 'diesel-rs/diesel:diesel/Cargo.toml',
    date: '2026-11',
  },
  {
    says: /^diesel\w*\b.*"mysql"/m,
    package: 'libmariadb3',
    source: 'diesel-rs/diesel:diesel/Cargo.toml',
    date: '2026-11',
  },
  {
    says: /^diesel\w*\b.*"sqlite"/m,
    package: 'libsqlite3-0',
    source: 'diesel-rs/diesel:diesel/Cargo.toml',
    date: '2026-11',
  },
  {
    says: /^(?:openssl|native-tls|postgres-openssl|postgres-native-tls|reqwest(?!.*default-features = false))\b/m,
    package: 'libssl3',
    source: 'sfackler/rust-openssl; seanmonstar/reqwest:Cargo.toml',
    date: '2026-11',
  },
  // sqlx = { features = ["runtime-tokio-native-tls"] }
  {
    says: /^[\w-]+\s*=.*\bnative-tls(?!-vendored)\b/m,
    package: 'libssl3',
    source: 'sfackler/rust-native-tls:Cargo.toml; launchbadge/sqlx:Cargo.toml',
    date: '2026-11',
  },
] as const;

/** Bindings that bring their library along, or take one that every slim Debian has, or are for other systems. */
export const HARMLESS_CRATES =
  /^(?:linux-raw|clang|js|web|windows|winapi|core-foundation|security-framework|system-configuration|libsqlite3|zstd|lz4|lzma|liblzma|bzip2|libbz2-rs|jemalloc|tikv-jemalloc|libmimalloc|mimalloc|snmalloc|aws-lc|aws-lc-fips|libz|libz-ng|libz-rs|libgit2|libssh2|libnghttp2|onig|inotify|fsevent|kqueue|io-uring|renderdoc|dirs|android_log|android-activity|ndk|jni|objc|objc2|block|wasi|hermit|wasm-bindgen|sqlite-wasm|redox|lmdb|lmdb-rkv|lmdb-master|librocksdb|zookeeper|khronos|foreign-types|openssl|mach|mach2|fuchsia-zircon|iana-time-zone|errno-dragonfly|ittapi|secp256k1|blst|sha3|rav1e)-sys$/;

/** Debian under the tags of the image that name no suite; a program for an older C library runs on a newer one. */
export const RUST_DEBIAN = { suite: 'trixie', source: 'rust-lang/docker-rust:stable', date: '2026-11' } as const;

/** Programs that watch the source and build it again. */
export const RUST_WATCHERS: ReadonlySet<string> = new Set(['cargo-watch', 'bacon', 'watchexec', 'systemfd']);

/** Bindings that build with gcc alone, from sources that they bring along, or build nothing on Linux. Source: build.rs of each, November 2026. */
export const BUILDS_WITH_CC =
  /^(?:linux-raw|js|web|windows|winapi|core-foundation|security-framework|system-configuration|zstd|lz4|lzma|bzip2|libz|libmimalloc|inotify|fsevent|kqueue|io-uring|dirs|android|jni|objc|objc2|wasi|redox|lmdb|secp256k1|blst|sha3|iana-time-zone|errno-dragonfly|mach2|hermit|windows-[\w-]+|objc2-[\w-]+)-sys$/;

/** Crates whose build asks for libraries of the system, or for make, cmake, perl or clang, which slim images of Rust lack. Source: build.rs of each, November 2026. */
export const NEEDS_MORE_THAN_CC =
  /^(?:openssl-sys|openssl-src|pq-sys|mysqlclient-sys|libmariadb-sys|jemalloc-sys|tikv-jemalloc-sys|rdkafka-sys|librocksdb-sys|cmake|bindgen|clang-sys|aws-lc-sys|aws-lc-fips-sys|autotools|libdbus-sys|alsa-sys|libudev-sys|curl-sys|libssh2-sys|libgit2-sys|protobuf-src|sasl2-sys|krb5-src|libsodium-sys|grpcio-sys|snmalloc-sys|libz-ng-sys|gdk-sys|gtk-sys|glib-sys|cairo-sys-rs)$/;
