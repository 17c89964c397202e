/** What Go programs need besides their own file: modules with C code, generators that write source, packages with data. Data only. */

/** A module that is a binding to C. `libc`: its C code comes along and needs the C library only; `c++`: that of C++ as well. */
interface CgoModule {
  readonly module: string;
  readonly needs: 'libc' | 'c++' | 'libraries';
  readonly source: string;
  readonly date: string;
}

const bindings = (needs: CgoModule['needs'], ...modules: string[]): CgoModule[] =>
  modules.map((module) => ({ module, needs, source: `import "C" in ${module}`, date: '2026-11' }));

/** A module is found by its text, so that it may be any host's; those that need more come first. */
export const CGO_MODULES: readonly CgoModule[] = [
  ...bindings(
    'libraries',
    ...[
      'confluentinc/confluent-kafka-go',
      'github.com/pebbe/zmq4',
      'github.com/pebbe/zmq3',
      'github.com/zeromq/goczmq',
    ],
    ...['gocv.io/x/gocv', 'github.com/h2non/bimg', 'github.com/davidbyttow/govips', 'gopkg.in/gographics/imagick'],
    ...['github.com/discord/lilliput', 'github.com/kolesa-team/go-webp', 'github.com/strukturag/libheif'],
    ...['github.com/otiai10/gosseract', 'github.com/Kagami/go-face', 'github.com/ungerik/go-cairo'],
    ...[
      'github.com/google/gopacket',
      'github.com/gopacket/gopacket',
      'github.com/google/gousb',
      'github.com/ebfe/scard',
    ],
    ...[
      'github.com/godror/godror',
      'github.com/mattn/go-oci8',
      'github.com/ibmdb/go_ibm_db',
      'github.com/alexbrainman/odbc',
    ],
    ...['github.com/ibm-messaging/mq-golang', 'github.com/coreos/go-systemd', 'github.com/NVIDIA/go-nvml'],
    ...['github.com/bytecodealliance/wasmtime-go', 'github.com/wasmerio/wasmer-go', 'github.com/CosmWasm/wasmvm'],
    ...[
      'github.com/miekg/pkcs11',
      'github.com/msteinert/pam',
      'github.com/proglottis/gpgme',
      'github.com/libp2p/go-openssl',
    ],
    ...[
      'github.com/libgit2/git2go',
      'github.com/linxGnu/grocksdb',
      'github.com/tecbot/gorocksdb',
      'github.com/jmhodges/levigo',
    ],
    ...['github.com/yalue/onnxruntime_go', 'github.com/tensorflow/tensorflow', 'github.com/wamuir/graft'],
    ...['github.com/daulet/tokenizers', 'github.com/ggerganov/whisper.cpp', 'github.com/go-skynet/go-llama.cpp'],
    ...[
      'github.com/lukeroth/gdal',
      'github.com/airbusgeo/godal',
      'github.com/twpayne/go-geos',
      'github.com/openvenues/gopostal',
    ],
    ...[
      'github.com/hraban/opus',
      'gopkg.in/hraban/opus',
      'github.com/gordonklaus/portaudio',
      'github.com/go-gst/go-gst',
    ],
    ...[
      'github.com/asticode/go-astiav',
      'github.com/giorgisio/goav',
      'github.com/veandco/go-sdl2',
      'github.com/go-gl/glfw',
    ],
    ...[
      'libvirt.org/go/libvirt',
      'github.com/libvirt/libvirt-go',
      'github.com/ceph/go-ceph',
      'github.com/aquasecurity/libbpfgo',
    ],
    ...[
      'github.com/hillu/go-yara',
      'github.com/flier/gohs',
      'github.com/lestrrat-go/libxml2',
      'github.com/seccomp/libseccomp-golang',
    ],
  ),
  ...bindings(
    'c++',
    ...[
      'github.com/marcboeker/go-duckdb',
      'github.com/duckdb/duckdb-go',
      'github.com/yanyiwu/gojieba',
      'rogchap.com/v8go',
    ],
    ...['github.com/herumi/bls-eth-go-binary', 'github.com/tursodatabase/go-libsql'],
  ),
  ...bindings(
    'libc',
    ...[
      'github.com/mattn/go-sqlite3',
      'mutecomm/go-sqlcipher',
      'crawshaw.io/sqlite',
      'github.com/pganalyze/pg_query_go',
    ],
    ...['github.com/uber/h3-go', 'github.com/chai2010/webp', 'github.com/smacker/go-tree-sitter'],
    ...['github.com/tree-sitter/go-tree-sitter', 'github.com/DataDog/zstd', 'github.com/valyala/gozstd'],
    ...['github.com/supranational/blst', 'github.com/bmatsuo/lmdb-go', 'github.com/PowerDNS/lmdb-go'],
    ...['github.com/erigontech/mdbx-go', 'github.com/buke/quickjs-go', 'layeh.com/gopus', 'github.com/gen2brain/malgo'],
  ),
];

/** Packages that compile C for cgo. Sources: packages.debian.org, pkgs.alpinelinux.org, 2026-11. */
export const C_COMPILERS: ReadonlySet<string> = new Set([
  ...['gcc', 'g++', 'clang', 'build-base', 'build-essential', 'alpine-sdk', 'musl-dev', 'libc-dev', 'libc6-dev'],
]);

/** Packages that compile C++ as well. Sources as above. */
export const CXX_COMPILERS: ReadonlySet<string> = new Set([
  'g++',
  'clang',
  'build-base',
  'build-essential',
  'alpine-sdk',
]);

/** Header files of the C library, and of SQLite, whose bindings bring it along: the program needs no other library for them. */
export const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  ...['musl-dev', 'libc-dev', 'libc6-dev', 'sqlite-dev', 'libsqlite3-dev'],
]);

/** Programs that write Go source for the build that follows, or only check it. */
export const GO_TOOLS: ReadonlySet<string> = new Set([
  ...['swag', 'wire', 'templ', 'sqlc', 'mockgen', 'mockery', 'stringer', 'gqlgen', 'oapi-codegen', 'ent', 'buf'],
  ...['protoc', 'go-bindata', 'packr', 'packr2', 'statik', 'rice', 'pkger', 'golint', 'staticcheck', 'govulncheck'],
]);

/** Programs that watch the source and build it again: the container is a workshop. */
export const GO_WATCHERS: ReadonlySet<string> = new Set([
  ...['air', 'reflex', 'realize', 'fresh', 'modd', 'CompileDaemon', 'gow', 'nodemon', 'wgo', 'dlv', 'gin'],
]);

/** Images for a program that is linked statically. */
export const STATIC_IMAGES = {
  alpine: { text: 'alpine:3.24', source: 'docker-library/official-images:library/alpine', date: '2026-11' },
  debian: { suite: 'trixie', source: 'docker-library/official-images:library/debian', date: '2026-11' },
} as const;

/** Environment variables that only the go command reads. Source: golang/go:src/cmd/go/alldocs.go, environment variables. */
export const GO_BUILD_ENV =
  /^(?:GO(?:111MODULE|PROXY|PRIVATE|NOSUMDB|NOPROXY|SUMDB|FLAGS|OS|ARCH|ARM|AMD64|CACHE|MODCACHE|BIN|PATH|TOOLCHAIN|WORK|INSECURE|EXPERIMENT)|CGO_(?:ENABLED|[A-Z]*FLAGS))$/;

/** Frameworks that read folders of the project by a convention of their own. */
export const FOLDER_FRAMEWORKS = [
  { module: 'github.com/goravel/framework', source: 'goravel/framework', date: '2026-11' },
  { module: 'github.com/beego/beego', source: 'beego/beego', date: '2026-11' },
  { module: 'github.com/astaxie/beego', source: 'beego/beego', date: '2026-11' },
  { module: 'github.com/revel/revel', source: 'revel/revel', date: '2026-11' },
  { module: 'github.com/gobuffalo/buffalo', source: 'gobuffalo/buffalo', date: '2026-11' },
  { module: 'github.com/gogf/gf', source: 'gogf/gf', date: '2026-11' },
] as const;
