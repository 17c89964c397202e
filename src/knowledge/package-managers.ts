/** Package managers: how they are called, where they keep what they downloaded, what moves, disables or empties that. Data only. */

export type ManagerName =
  | 'pip'
  | 'pipenv'
  | 'poetry'
  | 'uv'
  | 'pdm'
  | 'conda'
  | 'mamba'
  | 'micromamba'
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'bun'
  | 'go'
  | 'cargo'
  | 'maven'
  | 'gradle'
  | 'nuget'
  | 'composer'
  | 'bundler'
  | 'gem'
  | 'apt'
  | 'apk'
  | 'dnf'
  | 'yum'
  | 'microdnf'
  | 'zypper';

/** 'yarn' has two caches: that of version 1 and that of the later ones; the project files tell which. */
export type CacheName = Exclude<ManagerName, 'yarn'> | 'yarn1' | 'yarn-berry';

/**
 * install: fetches packages that the image lacks; upgrade: fetches newer ones, and what is missing; update-index: only
 * the list of what there is; clean: empties the cache; build: compiles, fetching what it needs; run: starts a program.
 */
export type Action = 'install' | 'update-index' | 'upgrade' | 'remove' | 'clean' | 'build' | 'run' | 'other';

export interface ManagerRow {
  /** What the last segment of the program looks like. */
  readonly programs: RegExp;
  /** Verbs of one to three words; the longest that the command starts with counts. */
  readonly verbs: Readonly<Record<string, Action>>;
  /** The verb of a command without any; absent: it shows help. */
  readonly bare?: string;
  /** What a verb means that is not listed. */
  readonly otherVerbs: Action;
  /** Every operand is a goal or task of its own (maven, gradle). */
  readonly goals?: true;
  /** Flags whose value is the next word. */
  readonly valueFlags: readonly string[];
  /** Flags with the folder that it works in. */
  readonly cwdFlags: readonly string[];
  /** Flags that name a file with the packages to install. */
  readonly fileFlags: readonly string[];
  readonly globalFlags: readonly string[];
  /** Files that say what to install. */
  readonly manifests: readonly string[];
  readonly locks: readonly string[];
  readonly source: string;
  readonly date: string;
}

const PIP_VALUES = [
  ...['-r', '--requirement', '-c', '--constraint', '-t', '--target', '-d', '--dest', '-w', '--wheel-dir'],
  ...['-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--cache-dir', '--prefix', '--root', '--src'],
  ...['--proxy', '--retries', '--timeout', '--trusted-host', '--cert', '--client-cert', '--log', '--platform'],
  ...['--python-version', '--implementation', '--abi', '--upgrade-strategy', '--no-binary', '--only-binary'],
  ...['--progress-bar', '--report', '--config-settings', '-C', '--global-option', '--install-option'],
  ...['--build-option', '--python', '--use-feature', '--use-deprecated', '--exists-action', '--root-user-action'],
  ...['--group', '--keyring-provider', '--resume-retries'],
] as const;
const CONDA_VERBS = {
  install: 'install',
  create: 'install',
  'env create': 'install',
  'env update': 'upgrade',
  update: 'upgrade',
  upgrade: 'upgrade',
  remove: 'remove',
  uninstall: 'remove',
  'env remove': 'remove',
  clean: 'clean',
  run: 'run',
} as const;
const CONDA = {
  verbs: CONDA_VERBS,
  otherVerbs: 'other',
  valueFlags: [
    ...['-n', '--name', '-p', '--prefix', '-c', '--channel', '-f', '--file', '--solver', '--repodata-fn'],
    ...['--platform', '--subdir', '-r', '--root-prefix', '--channel-priority', '--experimental-solver'],
  ],
  cwdFlags: [],
  fileFlags: ['-f', '--file'],
  globalFlags: [],
  manifests: ['environment.yml', 'environment.yaml', 'conda.yml', 'requirements.txt'],
  locks: ['conda-lock.yml', 'explicit.txt'],
  source: 'conda/conda:docs, mamba-org/mamba:docs',
  date: '2026-11',
} as const;
const DNF_VERBS = {
  install: 'install',
  localinstall: 'install',
  groupinstall: 'install',
  'group install': 'install',
  'module install': 'install',
  reinstall: 'install',
  swap: 'install',
  builddep: 'install',
  'build-dep': 'install',
  makecache: 'update-index',
  'check-update': 'update-index',
  update: 'upgrade',
  upgrade: 'upgrade',
  'distro-sync': 'upgrade',
  'update-minimal': 'upgrade',
  remove: 'remove',
  erase: 'remove',
  autoremove: 'remove',
  clean: 'clean',
} as const;
const DNF = {
  verbs: DNF_VERBS,
  otherVerbs: 'other',
  valueFlags: [
    ...['-c', '--config', '--enablerepo', '--disablerepo', '--repo', '--repoid', '--setopt', '-x', '--exclude'],
    ...['--excludepkgs', '--releasever', '--installroot', '--forcearch', '-d', '-e', '--advisory', '--color'],
    ...['--disableplugin', '--enableplugin', '--repofrompath', '--downloaddir', '--destdir', '--enable-repo'],
    ...['--disable-repo', '--comment', '--from-repo'],
  ],
  cwdFlags: [],
  fileFlags: [],
  globalFlags: [],
  manifests: [],
  locks: [],
  source: 'rpm-software-management/dnf:doc/command_ref.rst',
  date: '2026-11',
} as const;

/** How each manager is called. */
export const MANAGERS = {
  pip: {
    programs: /^(?:pip(?:\d(?:\.\d+)?)?|pip-sync|easy_install(?:-\d\.\d+)?)$/,
    verbs: {
      install: 'install',
      download: 'install',
      wheel: 'install',
      uninstall: 'remove',
      'cache purge': 'clean',
      'cache remove': 'clean',
    },
    otherVerbs: 'other',
    // Not -e: its value is what is installed, an operand.
    valueFlags: PIP_VALUES,
    cwdFlags: [],
    fileFlags: ['-r', '--requirement', '-c', '--constraint'],
    globalFlags: [],
    manifests: ['requirements.txt', 'constraints.txt', 'pyproject.toml', 'setup.py', 'setup.cfg', 'MANIFEST.in'],
    locks: ['pylock.toml'],
    source: 'pypa/pip:src/pip/_internal/cli/cmdoptions.py',
    date: '2026-11',
  },
  pipenv: {
    programs: /^pipenv$/,
    verbs: {
      install: 'install',
      sync: 'install',
      update: 'upgrade',
      upgrade: 'upgrade',
      uninstall: 'remove',
      run: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-r', '--requirements', '--python', '--pypi-mirror', '--categories', '-i', '--index'],
      ...['--extra-pip-args'],
    ],
    cwdFlags: [],
    fileFlags: ['-r', '--requirements'],
    globalFlags: [],
    manifests: ['Pipfile'],
    locks: ['Pipfile.lock'],
    source: 'pypa/pipenv:docs/docker.md',
    date: '2026-11',
  },
  poetry: {
    programs: /^poetry$/,
    verbs: {
      install: 'install',
      sync: 'install',
      add: 'install',
      'self add': 'install',
      update: 'upgrade',
      'self update': 'upgrade',
      remove: 'remove',
      'cache clear': 'clean',
      build: 'build',
      run: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-C', '--directory', '-P', '--project', '--only', '--with', '--without', '-E', '--extras', '--source'],
      ...['-G', '--group', '--python', '--platform'],
    ],
    cwdFlags: ['-C', '--directory', '-P', '--project'],
    fileFlags: [],
    globalFlags: [],
    manifests: ['pyproject.toml', 'poetry.toml'],
    locks: ['poetry.lock'],
    source: 'python-poetry/poetry:docs/cli.md',
    date: '2026-11',
  },
  uv: {
    programs: /^uvx?$/,
    verbs: {
      sync: 'install',
      add: 'install',
      'pip install': 'install',
      'pip sync': 'install',
      'pip uninstall': 'remove',
      'tool install': 'install',
      'tool upgrade': 'upgrade',
      'tool run': 'run',
      remove: 'remove',
      'cache clean': 'clean',
      'cache prune': 'clean',
      build: 'build',
      run: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['--directory', '--project', '-p', '--python', '-i', '--index-url', '--extra-index-url', '--index'],
      ...['--default-index', '-f', '--find-links', '--cache-dir', '--config-file', '--target', '--prefix'],
      ...['-r', '--requirement', '--requirements', '--with-requirements', '-c', '--constraint', '--constraints'],
      ...['--override', '--overrides', '-b', '--build-constraint', '--build-constraints', '--extra', '--no-extra'],
      ...['--group', '--no-group', '--only-group', '--package', '-P', '--upgrade-package', '--link-mode'],
      ...['--resolution', '--prerelease', '--index-strategy', '--keyring-provider', '--python-version'],
      ...['--python-platform', '--no-binary', '--only-binary', '--exclude-newer', '--refresh-package'],
      ...['--reinstall-package', '--no-install-package', '--with', '--with-editable', '--from', '-C'],
      ...['--config-setting', '--config-settings', '--color', '--torch-backend', '--allow-insecure-host'],
      ...['--no-binary-package', '--no-build-package', '--no-build-isolation-package', '--python-preference'],
      ...['--env-file', '--tag', '--branch', '--rev', '--optional'],
    ],
    cwdFlags: ['--directory', '--project'],
    fileFlags: ['-r', '--requirement', '--requirements', '-c', '--constraint', '--constraints'],
    globalFlags: [],
    manifests: ['pyproject.toml', 'uv.toml', '.python-version', 'requirements.txt'],
    locks: ['uv.lock'],
    source: 'astral-sh/uv:docs/guides/integration/docker.md, docs/reference/cli.md',
    date: '2026-11',
  },
  pdm: {
    programs: /^pdm$/,
    verbs: {
      install: 'install',
      sync: 'install',
      add: 'install',
      update: 'upgrade',
      remove: 'remove',
      'cache clear': 'clean',
      build: 'build',
      run: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-p', '--project', '-G', '--group', '--with', '--without', '-L', '--lockfile', '-c', '--config'],
      ...['-k', '--skip', '--venv', '--override', '-C', '--config-setting'],
    ],
    cwdFlags: ['-p', '--project'],
    fileFlags: [],
    globalFlags: [],
    manifests: ['pyproject.toml', 'pdm.toml'],
    locks: ['pdm.lock'],
    source: 'pdm-project/pdm:docs/usage/advanced.md',
    date: '2026-11',
  },
  conda: { programs: /^conda$/, ...CONDA },
  mamba: { programs: /^mamba$/, ...CONDA },
  micromamba: { programs: /^micromamba$/, ...CONDA },
  npm: {
    programs: /^np[mx]$/,
    verbs: {
      install: 'install',
      i: 'install',
      in: 'install',
      ins: 'install',
      inst: 'install',
      isntall: 'install',
      add: 'install',
      ci: 'install',
      ic: 'install',
      'clean-install': 'install',
      'install-clean': 'install',
      it: 'install',
      'install-test': 'install',
      cit: 'install',
      'install-ci-test': 'install',
      'clean-install-test': 'install',
      update: 'upgrade',
      up: 'upgrade',
      upgrade: 'upgrade',
      uninstall: 'remove',
      un: 'remove',
      rm: 'remove',
      remove: 'remove',
      r: 'remove',
      'cache clean': 'clean',
      'cache clear': 'clean',
      'cache rm': 'clean',
      rebuild: 'build',
      run: 'run',
      'run-script': 'run',
      start: 'run',
      test: 'run',
      t: 'run',
      exec: 'run',
      x: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['--prefix', '-C', '--registry', '--cache', '--loglevel', '--omit', '--include', '--only', '--userconfig'],
      ...['--globalconfig', '--tag', '-w', '--workspace', '--fetch-retries', '--fetch-timeout', '--maxsockets'],
      ...['--arch', '--platform', '--os', '--cpu', '--libc', '--location', '--install-strategy', '--script-shell'],
      ...['--before', '--otp', '--proxy', '--https-proxy', '--noproxy', '--cafile', '--fetch-retry-mintimeout'],
      ...['--fetch-retry-maxtimeout', '--network-timeout', '-p', '--package', '--python', '--target'],
    ],
    cwdFlags: ['--prefix', '-C'],
    fileFlags: [],
    globalFlags: ['-g', '--global', '--location=global'],
    manifests: ['package.json', '.npmrc'],
    locks: ['package-lock.json', 'npm-shrinkwrap.json'],
    source: 'npm/cli:docs/lib/content/commands, lib/utils/cmd-list.js',
    date: '2026-11',
  },
  yarn: {
    programs: /^yarn(?:pkg)?$/,
    verbs: {
      install: 'install',
      add: 'install',
      'global add': 'install',
      'workspaces focus': 'install',
      upgrade: 'upgrade',
      up: 'upgrade',
      'global upgrade': 'upgrade',
      remove: 'remove',
      'global remove': 'remove',
      'cache clean': 'clean',
      rebuild: 'build',
      config: 'other',
      set: 'other',
      plugin: 'other',
      import: 'other',
      audit: 'other',
      why: 'other',
      info: 'other',
      list: 'other',
      init: 'other',
      link: 'other',
      version: 'other',
      policies: 'other',
      pack: 'other',
      publish: 'other',
      'cache dir': 'other',
      'global bin': 'other',
      'global dir': 'other',
      'global list': 'other',
      help: 'other',
      login: 'other',
    },
    bare: 'install',
    // Any other word is a script of package.json.
    otherVerbs: 'run',
    valueFlags: [
      ...['--cwd', '--cache-folder', '--registry', '--network-timeout', '--network-concurrency', '--modules-folder'],
      ...['--mutex', '--prefix', '--global-folder', '--use-yarnrc', '--mode', '--proxy', '--https-proxy'],
      ...['--child-concurrency', '--preferred-cache-folder', '--otp'],
    ],
    cwdFlags: ['--cwd'],
    fileFlags: [],
    globalFlags: [],
    manifests: ['package.json', '.yarnrc', '.yarnrc.yml', '.npmrc'],
    locks: ['yarn.lock'],
    source: 'yarnpkg/yarn:src/cli/commands, yarnpkg/berry:packages/docusaurus',
    date: '2026-11',
  },
  pnpm: {
    programs: /^pnp[mx]$/,
    verbs: {
      install: 'install',
      i: 'install',
      ci: 'install',
      'clean-install': 'install',
      add: 'install',
      fetch: 'install',
      deploy: 'install',
      'install-test': 'install',
      it: 'install',
      'recursive install': 'install',
      'multi install': 'install',
      update: 'upgrade',
      up: 'upgrade',
      upgrade: 'upgrade',
      remove: 'remove',
      rm: 'remove',
      uninstall: 'remove',
      un: 'remove',
      'store prune': 'clean',
      'cache delete': 'clean',
      rebuild: 'build',
      rb: 'build',
      config: 'other',
      c: 'other',
      env: 'other',
      setup: 'other',
      store: 'other',
      prune: 'other',
      list: 'other',
      ls: 'other',
      why: 'other',
      audit: 'other',
      link: 'other',
      import: 'other',
      pack: 'other',
      publish: 'other',
      root: 'other',
      bin: 'other',
      'approve-builds': 'other',
      'self-update': 'other',
      help: 'other',
    },
    otherVerbs: 'run',
    valueFlags: [
      ...['-C', '--dir', '-F', '--filter', '--filter-prod', '--store-dir', '--prefix', '--registry', '--reporter'],
      ...['--loglevel', '--virtual-store-dir', '--lockfile-dir', '--network-concurrency', '--child-concurrency'],
      ...['--workspace-concurrency', '--global-dir', '--global-bin-dir', '--modules-dir', '--node-linker'],
      ...['--package-import-method', '--fetch-retries', '--fetch-timeout', '--cpu', '--os', '--libc', '--cache-dir'],
    ],
    cwdFlags: ['-C', '--dir', '--prefix'],
    fileFlags: [],
    globalFlags: ['-g', '--global'],
    manifests: ['package.json', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs', 'pnpmfile.js'],
    locks: ['pnpm-lock.yaml'],
    source: 'pnpm/pnpm.io:docs/cli, docs/docker.md',
    date: '2026-11',
  },
  bun: {
    programs: /^bunx?$/,
    verbs: {
      install: 'install',
      i: 'install',
      ci: 'install',
      add: 'install',
      a: 'install',
      update: 'upgrade',
      remove: 'remove',
      rm: 'remove',
      'pm cache rm': 'clean',
      build: 'build',
      pm: 'other',
      init: 'other',
      upgrade: 'other',
      link: 'other',
      outdated: 'other',
      publish: 'other',
    },
    otherVerbs: 'run',
    valueFlags: [
      ...['--cwd', '-c', '--config', '--registry', '--backend', '--cache-dir', '--omit', '-F', '--filter'],
      ...['--concurrent-scripts', '--network-concurrency', '--ca', '--cafile', '--linker', '--os', '--cpu'],
      ...['--outdir', '--outfile', '--target', '--env-file', '-r', '--preload', '--minimum-release-age'],
    ],
    cwdFlags: ['--cwd'],
    fileFlags: [],
    globalFlags: ['-g', '--global'],
    manifests: ['package.json', 'bunfig.toml', '.npmrc'],
    locks: ['bun.lock', 'bun.lockb'],
    source: 'oven-sh/bun:docs/cli',
    date: '2026-11',
  },
  go: {
    programs: /^go(?:1\.\d+(?:\.\d+)?)?$/,
    verbs: {
      'mod download': 'install',
      'mod tidy': 'install',
      'mod vendor': 'install',
      'work sync': 'install',
      get: 'install',
      install: 'install',
      build: 'build',
      test: 'build',
      vet: 'build',
      generate: 'build',
      list: 'build',
      run: 'run',
      tool: 'run',
      clean: 'clean',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-C', '-mod', '-modfile', '-ldflags', '-gcflags', '-asmflags', '-tags', '-o', '-p', '-buildmode', '-exec'],
      ...['-run', '-skip', '-timeout', '-coverprofile', '-covermode', '-coverpkg', '-count', '-parallel', '-pkgdir'],
      ...['-overlay', '-toolexec', '-compiler', '-installsuffix', '-bench', '-benchtime', '-cpu', '-vet', '-pgo'],
      ...['-f', '--ldflags', '--tags'],
    ],
    cwdFlags: ['-C'],
    fileFlags: ['-modfile'],
    globalFlags: [],
    manifests: ['go.mod', 'go.work'],
    locks: ['go.sum', 'go.work.sum'],
    source: 'golang/go:src/cmd/go/alldocs.go',
    date: '2026-11',
  },
  cargo: {
    programs: /^cargo(?:-chef)?$/,
    verbs: {
      fetch: 'install',
      vendor: 'install',
      install: 'install',
      binstall: 'install',
      add: 'other',
      build: 'build',
      b: 'build',
      check: 'build',
      c: 'build',
      test: 'build',
      t: 'build',
      bench: 'build',
      doc: 'build',
      rustc: 'build',
      clippy: 'build',
      zigbuild: 'build',
      leptos: 'build',
      'chef cook': 'build',
      run: 'run',
      r: 'run',
      uninstall: 'remove',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['--manifest-path', '--target', '--target-dir', '-F', '--features', '-p', '--package', '--bin', '--example'],
      ...['--test', '--bench', '--exclude', '--profile', '-j', '--jobs', '--color', '--config', '-Z', '-C', '--root'],
      ...['--version', '--vers', '--git', '--branch', '--tag', '--rev', '--path', '--index', '--registry'],
      ...['--recipe-path', '--message-format', '--out-dir', '--artifact-dir', '--lockfile-path'],
    ],
    cwdFlags: ['-C'],
    fileFlags: ['--manifest-path'],
    globalFlags: [],
    manifests: ['Cargo.toml', 'rust-toolchain', 'rust-toolchain.toml', '.cargo/config.toml', '.cargo/config'],
    locks: ['Cargo.lock'],
    source: 'rust-lang/cargo:src/doc/man',
    date: '2026-11',
  },
  maven: {
    programs: /^mvn(?:w|d)?$/,
    verbs: {
      'dependency:go-offline': 'install',
      'dependency:resolve': 'install',
      'dependency:resolve-plugins': 'install',
      'dependency:copy-dependencies': 'install',
      'dependency:get': 'install',
      'dependency:tree': 'install',
      'de.qaware.maven:go-offline-maven-plugin:resolve-dependencies': 'install',
      clean: 'other',
      'spring-boot:run': 'run',
      'exec:java': 'run',
      'quarkus:dev': 'run',
      'jetty:run': 'run',
    },
    otherVerbs: 'build',
    goals: true,
    valueFlags: [
      ...['-f', '--file', '-s', '--settings', '-gs', '--global-settings', '-t', '--toolchains', '-P'],
      ...['--activate-profiles', '-pl', '--projects', '-rf', '--resume-from', '-T', '--threads', '-D', '--define'],
      ...['-b', '--builder', '-l', '--log-file'],
    ],
    cwdFlags: [],
    fileFlags: ['-f', '--file'],
    globalFlags: [],
    manifests: ['pom.xml', 'mvnw', '.mvn'],
    locks: [],
    source: 'apache/maven:MavenCli options, apache/maven-dependency-plugin',
    date: '2026-11',
  },
  gradle: {
    programs: /^gradlew?$/,
    verbs: {
      dependencies: 'install',
      resolveDependencies: 'install',
      downloadDependencies: 'install',
      clean: 'other',
      wrapper: 'other',
      tasks: 'other',
      help: 'other',
      projects: 'other',
      properties: 'other',
      run: 'run',
      bootRun: 'run',
    },
    otherVerbs: 'build',
    goals: true,
    valueFlags: [
      ...['-p', '--project-dir', '-b', '--build-file', '-c', '--settings-file', '-g', '--gradle-user-home'],
      ...['-I', '--init-script', '-x', '--exclude-task', '--console', '--max-workers', '--warning-mode'],
      ...['--configuration', '--tests', '--priority', '--project-cache-dir', '--include-build', '-F'],
      ...['--dependency-verification', '-M', '--write-verification-metadata', '-D', '-P'],
    ],
    cwdFlags: ['-p', '--project-dir'],
    fileFlags: ['-b', '--build-file'],
    globalFlags: [],
    manifests: [
      ...['settings.gradle', 'settings.gradle.kts', 'build.gradle', 'build.gradle.kts', 'gradle.properties'],
      ...['gradlew', 'gradle', 'buildSrc'],
    ],
    locks: ['gradle.lockfile'],
    source: 'gradle/gradle:platforms/documentation (command line interface)',
    date: '2026-11',
  },
  nuget: {
    programs: /^dotnet$/,
    verbs: {
      restore: 'install',
      'add package': 'install',
      'tool install': 'install',
      'tool update': 'upgrade',
      'tool restore': 'install',
      'nuget locals': 'clean',
      build: 'build',
      publish: 'build',
      test: 'build',
      pack: 'build',
      msbuild: 'build',
      ef: 'build',
      run: 'run',
      watch: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-c', '--configuration', '-o', '--output', '-r', '--runtime', '-f', '--framework', '-v', '--verbosity'],
      ...['-a', '--arch', '--os', '-s', '--source', '--configfile', '--packages', '--version-suffix', '-p'],
      ...['--property', '--project', '--tool-path', '--version', '--add-source', '-l', '--logger', '--filter'],
      ...['--settings', '--results-directory', '--collect', '--launch-profile', '--lock-file-path', '--artifacts-path'],
    ],
    cwdFlags: [],
    fileFlags: ['--project'],
    globalFlags: ['-g', '--global'],
    manifests: [
      ...['*.sln', '*.slnx', '*.csproj', '*.fsproj', '*.vbproj', 'Directory.Build.props', 'Directory.Build.targets'],
      ...['Directory.Packages.props', 'nuget.config', 'NuGet.Config', 'global.json'],
    ],
    locks: ['packages.lock.json'],
    source: 'dotnet/docs:docs/core/tools',
    date: '2026-11',
  },
  composer: {
    programs: /^composer(?:\.phar)?$/,
    verbs: {
      install: 'install',
      i: 'install',
      require: 'install',
      r: 'install',
      'create-project': 'install',
      'global require': 'install',
      'global install': 'install',
      update: 'upgrade',
      u: 'upgrade',
      upgrade: 'upgrade',
      'global update': 'upgrade',
      remove: 'remove',
      'clear-cache': 'clean',
      clearcache: 'clean',
      cc: 'clean',
      'run-script': 'run',
      run: 'run',
      exec: 'run',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-d', '--working-dir', '--prefer-install', '--ignore-platform-req', '--repository', '--repository-url'],
      ...['--apcu-autoloader-prefix', '-s', '--stability', '--format'],
    ],
    cwdFlags: ['-d', '--working-dir'],
    fileFlags: [],
    globalFlags: [],
    manifests: ['composer.json', 'auth.json', 'symfony.lock'],
    locks: ['composer.lock'],
    source: 'composer/composer:doc/03-cli.md',
    date: '2026-11',
  },
  bundler: {
    programs: /^bundler?$/,
    verbs: {
      install: 'install',
      i: 'install',
      add: 'install',
      package: 'install',
      cache: 'install',
      pack: 'install',
      update: 'upgrade',
      remove: 'remove',
      exec: 'run',
      e: 'run',
    },
    bare: 'install',
    otherVerbs: 'other',
    valueFlags: ['-j', '--jobs', '--gemfile', '--path', '--without', '--with', '--retry', '--trust-policy'],
    cwdFlags: [],
    fileFlags: ['--gemfile'],
    globalFlags: [],
    manifests: ['Gemfile', 'gems.rb', '.ruby-version', '.bundle/config', '*.gemspec'],
    locks: ['Gemfile.lock', 'gems.locked'],
    source: 'rubygems/rubygems:bundler/lib/bundler/man',
    date: '2026-11',
  },
  gem: {
    programs: /^gem$/,
    verbs: {
      install: 'install',
      i: 'install',
      update: 'upgrade',
      uninstall: 'remove',
      fetch: 'install',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-P', '--trust-policy', '-s', '--source'],
      ...['--platform', '--document', '-g', '--file', '-B', '--build-root', '-p', '--http-proxy', '--without'],
    ],
    cwdFlags: [],
    fileFlags: ['-g', '--file'],
    globalFlags: [],
    manifests: [],
    locks: [],
    source: 'rubygems/rubygems:lib/rubygems/commands',
    date: '2026-11',
  },
  apt: {
    programs: /^(?:apt|apt-get|aptitude)$/,
    verbs: {
      install: 'install',
      reinstall: 'install',
      'build-dep': 'install',
      update: 'update-index',
      upgrade: 'upgrade',
      'dist-upgrade': 'upgrade',
      'full-upgrade': 'upgrade',
      'safe-upgrade': 'upgrade',
      remove: 'remove',
      purge: 'remove',
      autoremove: 'remove',
      autopurge: 'remove',
      'auto-remove': 'remove',
      clean: 'clean',
      autoclean: 'clean',
      'auto-clean': 'clean',
      'dist-clean': 'clean',
      distclean: 'clean',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-o', '--option', '-c', '--config-file', '-t', '--target-release', '--default-release', '-a'],
      ...['--host-architecture', '-P', '--build-profiles'],
    ],
    cwdFlags: [],
    fileFlags: [],
    globalFlags: [],
    manifests: [],
    locks: [],
    source: 'manpages.debian.org apt-get(8)',
    date: '2026-11',
  },
  apk: {
    programs: /^apk$/,
    verbs: {
      add: 'install',
      fix: 'install',
      update: 'update-index',
      upgrade: 'upgrade',
      del: 'remove',
      'cache clean': 'clean',
      'cache purge': 'clean',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-t', '--virtual', '-X', '--repository', '-p', '--root', '--keys-dir', '--repositories-file', '--wait'],
      ...['--arch', '--cache-dir', '--cache-max-age', '--progress-fd', '--timeout'],
    ],
    cwdFlags: [],
    fileFlags: [],
    globalFlags: [],
    manifests: [],
    locks: [],
    source: 'alpinelinux/apk-tools:doc/apk.8.scd',
    date: '2026-11',
  },
  dnf: { programs: /^dnf5?$/, ...DNF },
  yum: { programs: /^yum$/, ...DNF },
  microdnf: { programs: /^microdnf$/, ...DNF },
  zypper: {
    programs: /^zypper$/,
    verbs: {
      install: 'install',
      in: 'install',
      'source-install': 'install',
      si: 'install',
      refresh: 'update-index',
      ref: 'update-index',
      update: 'upgrade',
      up: 'upgrade',
      'dist-upgrade': 'upgrade',
      dup: 'upgrade',
      patch: 'upgrade',
      remove: 'remove',
      rm: 'remove',
      clean: 'clean',
      cc: 'clean',
    },
    otherVerbs: 'other',
    valueFlags: [
      ...['-c', '--config', '-R', '--root', '--installroot', '-r', '--repo', '--from', '-t', '--type', '-p'],
      ...['--plus-repo', '--plus-content', '-D', '--reposd-dir', '-C', '--cache-dir', '--releasever'],
    ],
    cwdFlags: [],
    fileFlags: [],
    globalFlags: [],
    manifests: [],
    locks: [],
    source: 'openSUSE/zypper:doc/zypper.8.txt',
    date: '2026-11',
  },
} as const satisfies Record<ManagerName, ManagerRow>;

/** Programs that run a package's command, or install, without a verb. */
export const PROGRAM_VERBS: Readonly<Record<string, readonly [verb: string, action: Action]>> = {
  npx: ['exec', 'run'],
  pnpx: ['dlx', 'run'],
  bunx: ['x', 'run'],
  uvx: ['tool run', 'run'],
  easy_install: ['install', 'install'],
  'pip-sync': ['sync', 'install'],
};

export interface CachePath {
  /** `~` is HOME, a leading `$NAME` the variable, or `vars[NAME]` where it is not set. `.cache` below HOME is XDG_CACHE_HOME. */
  readonly path: string;
  readonly user?: 'root' | 'other';
  /** Variables that name this very folder; the first one is the usual spelling. */
  readonly env?: readonly string[];
  /** Flags that name this very folder. */
  readonly flags?: readonly string[];
  /** A folder that accounts other than root can be given: no folder above it has to be theirs. */
  readonly outside?: string;
}

export interface CacheRow {
  /** Folders to mount. */
  readonly paths: readonly CachePath[];
  readonly vars?: Readonly<Record<string, string>>;
  /** Images whose layout `vars` is, by path without registry; absent: every image. */
  readonly varsFor?: RegExp;
  /** How two builds may share it. */
  readonly sharing: 'shared' | 'locked';
  /** The id of the mount where the folder alone does not tell caches apart. */
  readonly id?: string;
  /** Holds what was compiled here under a name that does not tell glibc from musl. */
  readonly compiles?: true;
  /** What fills it. */
  readonly uses: readonly Action[];
  /** What puts it elsewhere in a way that has to be understood case by case. */
  readonly moves: {
    readonly env: readonly string[];
    readonly flags: readonly string[];
    /** Files of the project that may say so, and what that looks like. */
    readonly files: readonly { readonly name: string; readonly says: RegExp }[];
  };
  /** What turns it off. Any value of a variable counts, but for those that `falsy` matches. */
  readonly off: { readonly env: readonly string[]; readonly flags: readonly string[]; readonly falsy?: RegExp };
  /** Flags with which nothing is fetched: what is missing makes the command fail. */
  readonly offline: readonly string[];
  /** Commands that empty it. */
  readonly empties: readonly string[];
  /** Variables for commands that use it as a mount. */
  readonly sets?: Readonly<Record<string, string>>;
  /** The folder is named on every command (`env` of its path), whoever runs it. */
  readonly named?: true;
  /** Folders of other mounts that are about it. */
  readonly mounted?: RegExp;
  /** Accounts other than root own what is above the folder in the images that have it. */
  readonly owned?: true;
  /** It holds packages that programs are run from. Start commands that do so; images that are not known may bring some. */
  readonly runs?: RegExp;
  readonly source: string;
  readonly date: string;
}

/** A program as the first word of a start command or behind a blank, a quote, a slash. */
const started = (names: string): RegExp => new RegExp(`(?:^|[\\s"'/])(?:${names})(?=[\\s"']|$)`);
const FETCHES = ['install', 'upgrade'] as const;
const BUILDS = ['install', 'upgrade', 'build'] as const;

const NO_FILES = { files: [] } as const;
const CONDA_CACHE = {
  paths: [{ path: '$CONDA_DIR/pkgs', env: ['CONDA_PKGS_DIRS'] }],
  vars: { CONDA_DIR: '/opt/conda' },
  sharing: 'locked',
  varsFor: /^(?:continuumio|condaforge)\//,
  uses: FETCHES,
  offline: ['--offline'],
  owned: true,
  moves: {
    env: ['MAMBA_ROOT_PREFIX'],
    flags: ['-r', '--root-prefix'],
    files: [{ name: '.condarc', says: /pkgs_dirs|always_softlink/ }],
  },
  off: { env: [], flags: [] },
  source: 'conda/conda:docs, mamba-org/micromamba-docker',
  date: '2026-11',
} as const;

/** Where each manager keeps its downloads. */
export const CACHES = {
  pip: {
    paths: [{ path: '~/.cache/pip', env: ['PIP_CACHE_DIR'], flags: ['--cache-dir'], outside: '/tmp/pip-cache' }],
    sharing: 'shared',
    compiles: true,
    uses: FETCHES,
    offline: [],
    moves: { env: [], flags: [], files: [{ name: 'pip.conf', says: /^\s*(?:no-)?cache-dir\s*=/m }] },
    off: { env: ['PIP_NO_CACHE_DIR'], flags: ['--no-cache-dir', '--no-cache'] },
    empties: ['pip cache purge'],
    source: 'pypa/pip:src/pip/_internal/cli/cmdoptions.py, utils/filesystem.py',
    date: '2026-11',
  },
  pipenv: {
    paths: [
      { path: '~/.cache/pipenv', env: ['PIPENV_CACHE_DIR'], outside: '/tmp/pipenv-cache' },
      { path: '~/.cache/pip', env: ['PIP_CACHE_DIR'], outside: '/tmp/pip-cache' },
    ],
    sharing: 'shared',
    compiles: true,
    uses: FETCHES,
    offline: [],
    moves: { env: [], flags: [], ...NO_FILES },
    off: { env: ['PIP_NO_CACHE_DIR'], flags: [] },
    empties: ['pipenv --clear'],
    source: 'pypa/pipenv:docs/docker.md',
    date: '2026-11',
  },
  poetry: {
    // The virtual environments lie in ~/.cache/pypoetry too, unless they are in the project or switched off.
    paths: [{ path: '$POETRY_CACHE_DIR/cache' }, { path: '$POETRY_CACHE_DIR/artifacts' }],
    vars: { POETRY_CACHE_DIR: '~/.cache/pypoetry' },
    sharing: 'shared',
    compiles: true,
    uses: BUILDS,
    offline: [],
    moves: { env: [], flags: [], files: [{ name: 'poetry.toml', says: /^\s*cache-dir\s*=/m }] },
    off: { env: [], flags: ['--no-cache'] },
    empties: ['poetry cache clear'],
    source: 'python-poetry/poetry:docs/configuration.md',
    date: '2026-11',
  },
  uv: {
    paths: [{ path: '~/.cache/uv', env: ['UV_CACHE_DIR'], flags: ['--cache-dir'], outside: '/tmp/uv-cache' }],
    // The cache is another file system: without it every package is a warning that it cannot be linked.
    sets: { UV_LINK_MODE: 'copy' },
    sharing: 'shared',
    compiles: true,
    uses: ['install', 'upgrade', 'build', 'run'],
    offline: ['--offline'],
    moves: {
      env: [],
      flags: [],
      files: [
        { name: 'uv.toml', says: /^\s*(?:cache-dir|no-cache|link-mode)\s*=/m },
        { name: 'pyproject.toml', says: /^\s*(?:cache-dir|no-cache|link-mode)\s*=/m },
      ],
    },
    off: { env: ['UV_NO_CACHE'], flags: ['--no-cache', '--no-cache-dir', '-n'], falsy: /^(?:0|false|no|off|n|f|)$/i },
    empties: ['uv cache clean', 'uv cache prune'],
    source: 'astral-sh/uv:docs/guides/integration/docker.md',
    date: '2026-11',
  },
  pdm: {
    paths: [{ path: '~/.cache/pdm', env: ['PDM_CACHE_DIR'], outside: '/tmp/pdm-cache' }],
    sharing: 'shared',
    compiles: true,
    uses: BUILDS,
    offline: [],
    moves: { env: [], flags: [], files: [{ name: 'pdm.toml', says: /cache_dir|use_cache/ }] },
    off: { env: ['PDM_NO_CACHE'], flags: ['--no-cache'] },
    empties: ['pdm cache clear'],
    source: 'pdm-project/pdm:docs/usage/advanced.md',
    date: '2026-11',
  },
  conda: { ...CONDA_CACHE, empties: ['conda clean'] },
  mamba: { ...CONDA_CACHE, empties: ['mamba clean', 'conda clean'] },
  micromamba: {
    ...CONDA_CACHE,
    paths: [{ path: '$MAMBA_ROOT_PREFIX/pkgs', env: ['CONDA_PKGS_DIRS'] }],
    vars: { MAMBA_ROOT_PREFIX: '/opt/conda' },
    varsFor: /^mambaorg\/micromamba$/,
    moves: { ...CONDA_CACHE.moves, env: [] },
    empties: ['micromamba clean'],
  },
  npm: {
    paths: [
      { path: '~/.npm', env: ['npm_config_cache', 'NPM_CONFIG_CACHE'], flags: ['--cache'], outside: '/tmp/npm-cache' },
    ],
    sharing: 'shared',
    uses: FETCHES,
    offline: ['--offline'],
    moves: { env: [], flags: [], files: [{ name: '.npmrc', says: /^\s*cache\s*=/m }] },
    off: { env: [], flags: [] },
    empties: ['npm cache clean', 'npm cache clear', 'npm cache rm'],
    source: 'npm/cli:docs/lib/content/using-npm/config.md',
    date: '2026-11',
  },
  yarn1: {
    paths: [
      { path: '/usr/local/share/.cache/yarn', user: 'root', env: ['YARN_CACHE_FOLDER'], flags: ['--cache-folder'] },
      {
        path: '~/.cache/yarn',
        user: 'other',
        env: ['YARN_CACHE_FOLDER'],
        flags: ['--cache-folder'],
        outside: '/tmp/yarn-cache',
      },
    ],
    sharing: 'locked',
    uses: FETCHES,
    offline: ['--offline'],
    moves: {
      env: ['yarn_cache_folder', 'npm_config_cache_folder'],
      flags: ['--preferred-cache-folder'],
      files: [
        { name: '.yarnrc', says: /cache-folder|yarn-offline-mirror/ },
        { name: '.npmrc', says: /cache-folder|yarn-offline-mirror/ },
      ],
    },
    off: { env: [], flags: [] },
    empties: ['yarn cache clean'],
    source: 'yarnpkg/yarn:src/constants.js, src/util/user-home-dir.js',
    date: '2026-11',
  },
  'yarn-berry': {
    paths: [{ path: '~/.yarn/berry/cache' }],
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: {
      env: ['YARN_CACHE_FOLDER', 'YARN_GLOBAL_FOLDER', 'YARN_ENABLE_GLOBAL_CACHE'],
      flags: ['--cache-folder'],
      files: [{ name: '.yarnrc.yml', says: /cacheFolder|globalFolder|enableGlobalCache:\s*false/ }],
    },
    off: { env: [], flags: [] },
    empties: ['yarn cache clean'],
    source: 'yarnpkg/berry#6499, yarnpkg/berry:packages/yarnpkg-core',
    date: '2026-11',
  },
  pnpm: {
    paths: [
      {
        path: '$PNPM_HOME/store',
        env: ['npm_config_store_dir', 'NPM_CONFIG_STORE_DIR', 'pnpm_config_store_dir'],
        flags: ['--store-dir'],
      },
    ],
    // One store for every project, wherever its folder is; its major versions are sub-folders.
    id: 'pnpm',
    vars: { PNPM_HOME: '~/.local/share/pnpm' },
    sharing: 'shared',
    uses: FETCHES,
    offline: ['--offline'],
    moves: {
      env: ['XDG_DATA_HOME'],
      flags: ['--store', '--virtual-store-dir', '--package-import-method'],
      files: [
        {
          name: '.npmrc',
          says: /^\s*(?:store-dir|package-import-method|virtual-store-dir|enable-global-virtual-store)\s*=/m,
        },
        {
          name: 'pnpm-workspace.yaml',
          says: /^(?:storeDir|packageImportMethod|virtualStoreDir|enableGlobalVirtualStore):/m,
        },
      ],
    },
    off: { env: [], flags: [] },
    empties: ['pnpm store prune'],
    source: 'pnpm/pnpm.io:docs/docker.md, docs/settings.md',
    date: '2026-11',
  },
  bun: {
    paths: [
      {
        path: '$BUN_INSTALL/install/cache',
        env: ['BUN_INSTALL_CACHE_DIR'],
        flags: ['--cache-dir'],
        outside: '/tmp/bun-cache',
      },
    ],
    vars: { BUN_INSTALL: '~/.bun' },
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: {
      env: [],
      flags: ['--backend'],
      files: [{ name: 'bunfig.toml', says: /install\.cache|globalStore|backend/ }],
    },
    off: { env: [], flags: ['--no-cache'] },
    empties: ['bun pm cache rm'],
    source: 'oven-sh/bun:docs/pm/global-cache.md',
    date: '2026-11',
  },
  go: {
    paths: [
      { path: '$GOPATH/pkg/mod', env: ['GOMODCACHE'], outside: '/tmp/go-mod' },
      { path: '~/.cache/go-build', env: ['GOCACHE'], outside: '/tmp/go-build' },
    ],
    vars: { GOPATH: '~/go' },
    sharing: 'shared',
    uses: ['install', 'upgrade', 'build', 'run'],
    offline: [],
    moves: { env: [], flags: [], ...NO_FILES },
    runs: started('go|air|dlv|gow|reflex|realize|fresh|modd|CompileDaemon|mage|gin|task'),
    off: { env: [], flags: [] },
    empties: ['go clean'],
    source: 'golang/go:src/cmd/go/alldocs.go',
    date: '2026-11',
  },
  cargo: {
    paths: [{ path: '$CARGO_HOME/registry' }, { path: '$CARGO_HOME/git/db' }],
    vars: { CARGO_HOME: '~/.cargo' },
    sharing: 'shared',
    uses: ['install', 'upgrade', 'build', 'run'],
    offline: ['--offline', '--frozen'],
    moves: { env: [], flags: [], ...NO_FILES },
    runs: started('cargo|cargo-watch|bacon|trunk'),
    off: { env: [], flags: [] },
    empties: ['cargo cache', 'cargo-cache'],
    source: 'rust-lang/cargo:src/doc/src/guide/cargo-home.md',
    date: '2026-11',
  },
  maven: {
    paths: [{ path: '~/.m2/repository' }],
    sharing: 'locked',
    uses: ['install', 'build', 'run'],
    offline: ['-o', '--offline'],
    moves: {
      env: ['MAVEN_OPTS', 'MAVEN_ARGS'],
      flags: ['-Dmaven.repo.local', '-gs', '--global-settings'],
      files: [
        { name: '.mvn/maven.config', says: /maven\.repo\.local|(?:^|\s)(?:-s|--settings|-gs)\b/ },
        { name: '.mvn/jvm.config', says: /maven\.repo\.local/ },
      ],
    },
    runs: started('mvn|mvnw|mvnd'),
    off: { env: [], flags: [] },
    empties: ['mvn dependency:purge-local-repository'],
    source: 'apache/maven-site:settings reference',
    date: '2026-11',
  },
  gradle: {
    // In the official image ~/.gradle is a link to the volume /home/gradle/.gradle.
    paths: [{ path: '$GRADLE_USER_HOME/caches' }, { path: '$GRADLE_USER_HOME/wrapper' }],
    vars: { GRADLE_USER_HOME: '~/.gradle' },
    sharing: 'locked',
    uses: ['install', 'build', 'run'],
    offline: ['--offline'],
    moves: {
      env: ['GRADLE_OPTS', 'JAVA_OPTS', 'GRADLE_RO_DEP_CACHE'],
      flags: ['-g', '--gradle-user-home', '-Dgradle.user.home'],
      files: [{ name: 'gradle.properties', says: /gradle\.user\.home/ }],
    },
    runs: started('gradle|gradlew'),
    off: { env: [], flags: [] },
    empties: [],
    source: 'gradle/gradle:platforms/documentation (directory layout), keeganwitt/docker-gradle',
    date: '2026-11',
  },
  nuget: {
    paths: [
      { path: '~/.nuget/packages', env: ['NUGET_PACKAGES'], flags: ['--packages'], outside: '/tmp/nuget-packages' },
    ],
    sharing: 'locked',
    uses: ['install', 'upgrade', 'build', 'run'],
    offline: ['--no-restore', '--no-build'],
    moves: {
      env: ['RestorePackagesPath'],
      flags: ['-p:RestorePackagesPath', '/p:RestorePackagesPath'],
      files: [
        { name: 'nuget.config', says: /globalPackagesFolder|fallbackPackageFolders/ },
        { name: 'NuGet.Config', says: /globalPackagesFolder|fallbackPackageFolders/ },
        { name: 'Directory.Build.props', says: /RestorePackagesPath/ },
      ],
    },
    // `--no-cache` is about answers of servers, not about the packages folder.
    off: { env: [], flags: [] },
    runs: /\bdotnet["',\s]+(?:run|watch|test|ef|build|publish|msbuild)\b/,
    empties: ['dotnet nuget locals'],
    source: 'NuGet/docs.microsoft.com-nuget:managing the global packages',
    date: '2026-11',
  },
  composer: {
    // The default depends on what exists; the mount names the folder by COMPOSER_CACHE_DIR.
    paths: [{ path: '/tmp/composer-cache', env: ['COMPOSER_CACHE_DIR'], outside: '/tmp/composer-cache' }],
    named: true,
    // /root/.composer/cache, ~/.cache/composer; /tmp/cache in the image of Composer
    mounted: /\/\.?composer(?:\/cache)?$|^\/tmp\/cache$/,
    sharing: 'shared',
    uses: FETCHES,
    offline: [],
    moves: { env: [], flags: [], files: [{ name: 'composer.json', says: /"cache-(?:files-|repo-|vcs-)?dir"/ }] },
    off: { env: ['COMPOSER_NO_CACHE'], flags: ['--no-cache'] },
    empties: ['composer clear-cache', 'composer clearcache', 'composer cc'],
    source: 'composer/composer:src/Composer/Factory.php',
    date: '2026-11',
  },
  bundler: {
    paths: [{ path: '$GEM_HOME/cache' }],
    vars: { GEM_HOME: '/usr/local/bundle' },
    varsFor: /^(?:library\/)?ruby$/,
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: {
      env: ['BUNDLE_PATH', 'BUNDLE_DEPLOYMENT', 'BUNDLE_USER_CACHE', 'BUNDLE_CACHE_PATH'],
      flags: ['--path', '--deployment', '--system'],
      files: [{ name: '.bundle/config', says: /BUNDLE_(?:PATH|DEPLOYMENT|SYSTEM_BINDIR)/ }],
    },
    off: { env: [], flags: [] },
    empties: [],
    source: 'docker-library/ruby, rubygems/rubygems:bundler',
    date: '2026-11',
  },
  gem: {
    paths: [{ path: '$GEM_HOME/cache' }],
    vars: { GEM_HOME: '/usr/local/bundle' },
    varsFor: /^(?:library\/)?ruby$/,
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: { env: ['GEM_PATH'], flags: ['-i', '--install-dir'], ...NO_FILES },
    off: { env: [], flags: [] },
    empties: ['gem sources -c', 'gem sources --clear-all'],
    source: 'docker-library/ruby, rubygems/rubygems',
    date: '2026-11',
  },
  apt: {
    paths: [{ path: '/var/cache/apt' }, { path: '/var/lib/apt/lists' }],
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: { env: ['APT_CONFIG'], flags: ['-c', '--config-file'], ...NO_FILES },
    off: { env: [], flags: [] },
    empties: [
      'apt-get clean',
      'apt-get autoclean',
      'apt-get dist-clean',
      'apt clean',
      'apt autoclean',
      'apt dist-clean',
    ],
    source: 'debuerreotype/debuerreotype:scripts/debuerreotype-minimizing-config',
    date: '2026-11',
  },
  apk: {
    paths: [{ path: '/etc/apk/cache' }],
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: { env: [], flags: ['--cache-dir', '-p', '--root'], ...NO_FILES },
    off: { env: [], flags: ['--no-cache'] },
    empties: ['apk cache clean', 'apk cache purge'],
    source: 'alpinelinux/apk-tools:doc/apk-cache.5.scd',
    date: '2026-11',
  },
  dnf: {
    // Kept only with --setopt=keepcache=1. The folder of the one in the image: see RPM_CACHES.
    paths: [{ path: '/var/cache/dnf' }],
    sharing: 'locked',
    uses: FETCHES,
    offline: ['-C', '--cacheonly'],
    moves: { env: [], flags: ['--setopt=cachedir', '--installroot'], ...NO_FILES },
    off: { env: [], flags: ['--setopt=keepcache=0'] },
    empties: ['dnf clean'],
    source: 'rpm-software-management/dnf:doc/conf_ref.rst',
    date: '2026-11',
  },
  yum: {
    paths: [{ path: '/var/cache/yum' }],
    sharing: 'locked',
    uses: FETCHES,
    offline: ['-C', '--cacheonly'],
    moves: { env: [], flags: ['--setopt=cachedir', '--installroot'], ...NO_FILES },
    off: { env: [], flags: ['--setopt=keepcache=0'] },
    empties: ['yum clean'],
    source: 'yum.conf(5)',
    date: '2026-11',
  },
  microdnf: {
    paths: [],
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: { env: [], flags: [], ...NO_FILES },
    off: { env: [], flags: [] },
    empties: ['microdnf clean'],
    source: 'rpm-software-management/microdnf',
    date: '2026-11',
  },
  zypper: {
    // Kept only for repositories with keeppackages.
    paths: [{ path: '/var/cache/zypp' }],
    sharing: 'locked',
    uses: FETCHES,
    offline: [],
    moves: { env: [], flags: ['-C', '--cache-dir', '--pkg-cache-dir', '-R', '--root'], ...NO_FILES },
    off: { env: [], flags: [] },
    empties: ['zypper clean', 'zypper cc'],
    source: 'openSUSE/zypper:doc/zypper.8.txt',
    date: '2026-11',
  },
} as const satisfies Record<CacheName, CacheRow>;

/** Which folder dnf or yum of an image use. The first row that matches image (path without registry) and tag counts. */
export const RPM_CACHES = [
  { image: /(?:^|\/)centos$/, tag: /^(?:centos)?[67](?:\D|$)/, path: '/var/cache/yum' },
  { image: /(?:^|\/)(?:oraclelinux|ubi7(?:\/ubi)?)$/, tag: /^7|^latest$|^ubi/, path: '/var/cache/yum' },
  { image: /(?:^|\/)amazonlinux$/, tag: /^[12](?:\.|$)|^201[678]/, path: '/var/cache/yum' },
  { image: /(?:^|\/)amazoncorretto$/, tag: /./, path: '/var/cache/yum' },
  { image: /(?:^|\/)fedora$/, tag: /^(?:4[1-9]|latest|rawhide)/, path: '/var/cache/libdnf5' },
  {
    image: /(?:^|\/)(?:centos|fedora|rockylinux|almalinux|oraclelinux|amazonlinux)$/,
    tag: /./,
    path: '/var/cache/dnf',
  },
  { image: /(?:^|\/)(?:ubi[89]|ubi10)(?:\/|$)/, tag: /./, path: '/var/cache/dnf' },
] as const;

/** The home of Gradle in the official image: root's ~/.gradle is a link to it. keeganwitt/docker-gradle, 2026-11. */
export const GRADLE_IMAGE = { image: /(?:^|\/)gradle$/, home: '/home/gradle/.gradle' } as const;

/** Settings commands of the managers that put a cache elsewhere or turn it off. The first group is the program. */
export const MOVING_CONFIG =
  /\b(npm|pnpm|yarn|pip3?|poetry|go|conda|mamba|composer|bundle)\s+(?:config|env)\s[^&;|\n]*(?:cache|store|pkgs_dirs|GOPATH|\bpath\b|deployment|nodeLinker|\bsystem\b)/i;

/** Programs that call compilers and package managers as a file of the project tells them, or read downloaded packages. */
export const BUILD_TOOLS: ReadonlySet<string> = new Set([
  ...['make', 'gmake', 'cmake', 'ninja', 'just', 'task', 'mage', 'bazel', 'earthly', 'goreleaser', 'ko', 'tinygo'],
  ...['golangci-lint', 'staticcheck', 'golint', 'wire', 'swag', 'sqlc', 'mockgen', 'govulncheck', 'gotestsum', 'xx-go'],
  ...['wasm-pack', 'trunk', 'dx', 'cross', 'xx-cargo', 'cargo-chef', 'nuke', 'cake', 'msbuild', 'ant', 'sbt', 'lein'],
]);

/** Programs that run what their words say: a package manager may hide behind them. */
export const RUNNERS: ReadonlySet<string> = new Set([
  ...['sh', 'bash', 'ash', 'dash', 'zsh', 'su', 'xargs', 'gosu', 'su-exec', 'runuser', 'setpriv', 'chroot', 'eval'],
  ...['conda', 'mamba', 'micromamba', 'find', 'parallel', 'timeout', 'retry', 'flock', 'scl', 'entr', 'proot'],
  ...['pipenv', 'poetry', 'uv', 'pdm', 'pyenv', 'nvm', 'fnm', 'volta', 'mise', 'asdf', 'rbenv', 'doas', 'ionice'],
  ...['php', 'npx', 'xvfb-run', 'dbus-run-session', 'with-contenv'],
]);

/**
 * Programs that make accounts and their home folders; `only`: no more than with such an argument.
 * Source: own knowledge of the manuals of shadow-utils, Debian's adduser and BusyBox, 2026-11.
 */
export const ACCOUNT_PROGRAMS: ReadonlyMap<string, { readonly only?: RegExp }> = new Map<
  string,
  { readonly only?: RegExp }
>([
  ['useradd', {}],
  ['adduser', {}],
  // `-d` and `-m` move the home folder, `-u` gives it to the new number
  ['usermod', { only: /^(?:-[a-zA-Z]*[dmu][a-zA-Z]*|--(?:home|move-home|uid)(?:=.*)?)$/ }],
]);

interface FolderProgram {
  readonly only?: RegExp;
  /** Flags with a value of their own. */
  readonly valued: readonly string[];
  /** What is in the folder is changed as well. */
  readonly recursive: boolean;
}

const RECURSIVE = /^(?:-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/;

/**
 * Programs that make folders, or change whose they are; `only`: no more than with such an argument.
 * Source: own knowledge of the manual of GNU coreutils, 2026-11.
 */
export const FOLDER_PROGRAMS: ReadonlyMap<string, FolderProgram> = new Map<string, FolderProgram>([
  ['mkdir', { valued: ['-m', '--mode'], recursive: false }],
  [
    'install',
    {
      only: /^(?:-[a-zA-Z]*d[a-zA-Z0-9]*|--directory)$/,
      valued: ['-m', '--mode', '-o', '--owner', '-g', '--group'],
      recursive: false,
    },
  ],
  ['chown', { only: RECURSIVE, valued: ['--from', '--reference'], recursive: true }],
  ['chgrp', { only: RECURSIVE, valued: ['--reference'], recursive: true }],
  ['chmod', { only: RECURSIVE, valued: ['--reference'], recursive: true }],
]);

/**
 * Programs that name a folder without needing what is in it.
 * Source: own knowledge of the manuals of GNU coreutils, findutils and POSIX sh, 2026-11.
 */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...['rm', 'find', 'ls', 'du', 'mkdir', 'rmdir', 'chown', 'chmod', 'chgrp', 'test', '[', 'echo', 'touch', 'export'],
  ...['cd', 'set', 'stat'],
]);

/**
 * How managers write their own names where that is not how they are called.
 * Source: own knowledge of how their manuals write them, 2026-11.
 */
export const MANAGER_NAMES: { readonly [M in ManagerName]?: string } = {
  go: 'Go',
  cargo: 'Cargo',
  maven: 'Maven',
  gradle: 'Gradle',
  nuget: 'NuGet',
  composer: 'Composer',
  bundler: 'Bundler',
  gem: 'RubyGems',
};

/**
 * Managers that empty each other's caches.
 * Source: own knowledge of the manuals of conda and mamba (one package folder), of dnf (yum is a name of it on newer systems), 2026-11.
 */
export const SHARED_CACHES: readonly ReadonlySet<string>[] = [
  new Set(['conda', 'mamba', 'micromamba']),
  new Set(['dnf', 'yum']),
];

/**
 * What sets up a package source of apt: its folder, its tools, scripts of vendors.
 * Source: own knowledge of sources.list(5), add-apt-repository(1), apt-key(8) and installation guides of vendors, 2026-11.
 */
export const THIRD_PARTY_SOURCE =
  /\/etc\/apt\/|\b(?:add-apt-repository|apt-add-repository|apt-key)\b|\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:bash|sh)\b|nodesource|packagecloud/;

/** Cache folders that Dockerfiles empty with `rm -rf`. `~` is HOME. */
export const REMOVED_CACHES = [
  ...['~/.cache', '~/.npm', '~/.m2', '~/.gradle', '~/.yarn', '~/.bun', '~/.nuget', '~/.cargo/registry', '~/.cargo/git'],
  ...[
    '~/.composer',
    '~/.bundle/cache',
    '~/.local/share/pnpm',
    '~/.local/share/NuGet',
    '~/.config/composer',
    '~/go/pkg',
  ],
  ...[
    '/go/pkg',
    '/usr/local/cargo/registry',
    '/usr/local/cargo/git',
    '/usr/local/share/.cache',
    '/usr/local/bundle/cache',
  ],
  ...['/opt/conda/pkgs', '/var/lib/apt/lists', '/var/cache/apt', '/var/cache/apk', '/etc/apk/cache', '/var/cache/dnf'],
  ...['/var/cache/libdnf5', '/var/cache/yum', '/var/cache/zypp', '/tmp', '/var/tmp'],
] as const;
