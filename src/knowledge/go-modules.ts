/** What Go programs need besides their own file: modules with C code, generators that write source, packages with data. Data only. */

/** Modules that are bindings to C. `libc`: their C code comes along and needs the C library only. */
export const CGO_MODULES = [
  { module: 'github.com/mattn/go-sqlite3', needs: 'libc', source: 'mattn/go-sqlite3:README.md', date: '2026-11' },
  { module: 'github.com/marcboeker/go-duckdb', needs: 'libc', source: 'marcboeker/go-duckdb', date: '2026-11' },
  { module: 'github.com/uber/h3-go', needs: 'libc', source: 'uber/h3-go', date: '2026-11' },
  { module: 'github.com/chai2010/webp', needs: 'libc', source: 'chai2010/webp', date: '2026-11' },
  { module: 'github.com/smacker/go-tree-sitter', needs: 'libc', source: 'smacker/go-tree-sitter', date: '2026-11' },
  {
    module: 'github.com/confluentinc/confluent-kafka-go',
    needs: 'libraries',
    source: 'confluentinc/confluent-kafka-go:README.md',
    date: '2026-11',
  },
  { module: 'gocv.io/x/gocv', needs: 'libraries', source: 'hybridgroup/gocv', date: '2026-11' },
  { module: 'github.com/h2non/bimg', needs: 'libraries', source: 'h2non/bimg', date: '2026-11' },
  { module: 'github.com/davidbyttow/govips', needs: 'libraries', source: 'davidbyttow/govips', date: '2026-11' },
  { module: 'gopkg.in/gographics/imagick', needs: 'libraries', source: 'gographics/imagick', date: '2026-11' },
  { module: 'github.com/google/gopacket', needs: 'libraries', source: 'google/gopacket:pcap', date: '2026-11' },
  { module: 'github.com/godror/godror', needs: 'libraries', source: 'godror/godror', date: '2026-11' },
  {
    module: 'github.com/coreos/go-systemd',
    needs: 'libraries',
    source: 'coreos/go-systemd:sdjournal',
    date: '2026-11',
  },
  { module: 'github.com/NVIDIA/go-nvml', needs: 'libraries', source: 'NVIDIA/go-nvml', date: '2026-11' },
  { module: 'github.com/bytecodealliance/wasmtime-go', needs: 'libraries', source: 'wasmtime-go', date: '2026-11' },
  { module: 'github.com/wasmerio/wasmer-go', needs: 'libraries', source: 'wasmerio/wasmer-go', date: '2026-11' },
  { module: 'github.com/miekg/pkcs11', needs: 'libraries', source: 'miekg/pkcs11', date: '2026-11' },
  { module: 'github.com/libgit2/git2go', needs: 'libraries', source: 'libgit2/git2go', date: '2026-11' },
  { module: 'github.com/linxGnu/grocksdb', needs: 'libraries', source: 'linxGnu/grocksdb', date: '2026-11' },
] as const;

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
