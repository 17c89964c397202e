/** Files that say which version of a language a project uses, and how to read them. */

export type Language = 'node' | 'python' | 'go' | 'rust' | 'dotnet' | 'java' | 'ruby' | 'php';

/** Which images (short names, as in images.ts) hold which language. */
export const LANGUAGE_IMAGES: readonly { readonly language: Language; readonly repositories: readonly string[] }[] = [
  { language: 'node', repositories: ['node'] },
  { language: 'python', repositories: ['python'] },
  { language: 'go', repositories: ['golang'] },
  { language: 'rust', repositories: ['rust'] },
  {
    language: 'dotnet',
    repositories: ['sdk', 'aspnet', 'runtime', 'runtime-deps'].map((name) => `mcr.microsoft.com/dotnet/${name}`),
  },
  { language: 'java', repositories: ['eclipse-temurin', 'amazoncorretto', 'openjdk'] },
  { language: 'ruby', repositories: ['ruby'] },
  { language: 'php', repositories: ['php'] },
];

export interface EvidenceRow {
  readonly language: Language;
  /** Name in a folder; `*.csproj`: every file that ends so. */
  readonly file: string;
  /** The first group is the version. With `section` only below this TOML table. */
  readonly pattern?: RegExp;
  readonly section?: string;
  /** Path of the version in a JSON file. */
  readonly json?: readonly string[];
  /**
   * exact: the version in use. constraint: a version or a range, as written. minimum: what is written is a lower bound.
   * atLeast: the version in use, yet a newer one works as well.
   */
  readonly kind: 'exact' | 'constraint' | 'minimum' | 'atLeast';
  /** It says what the source needs, not what somebody builds with. */
  readonly least?: true;
  /** Read by tools that look in the folders above as well. */
  readonly inherited?: true;
  /** Only for these images. */
  readonly images?: RegExp;
  /** Where the format is described. */
  readonly source: string;
}

/** `nodejs 22.1.0` in .tool-versions and `node = "22"` below [tools] in mise.toml. */
const managed = (language: Language, names: string): readonly EvidenceRow[] => [
  {
    language,
    file: '.tool-versions',
    pattern: new RegExp(`^[ \\t]*(?:${names})[ \\t]+(\\S+)[ \\t]*(?:#.*)?$`, 'm'),
    kind: 'exact',
    inherited: true,
    source: 'asdf-vm/asdf',
  },
  ...(['mise.toml', '.mise.toml'] as const).map((file) => ({
    language,
    file,
    pattern: new RegExp(`^[ \\t]*["']?(?:${names})["']?[ \\t]*=[ \\t]*["']([^"']+)["']`, 'm'),
    section: 'tools',
    kind: 'exact' as const,
    inherited: true as const,
    source: 'jdx/mise',
  })),
];

/** The first line that is no comment: `.nvmrc`, `.python-version`, `.ruby-version`. */
const FIRST_LINE = /^[ \t]*(?!#)(\S+)[ \t]*(?:#.*)?$/m;
const own = { kind: 'exact', inherited: true } as const;

/** The first row of a file that has a match is what the file says. */
export const VERSION_EVIDENCE: readonly EvidenceRow[] = [
  { language: 'node', file: '.nvmrc', pattern: FIRST_LINE, ...own, source: 'nvm-sh/nvm' },
  { language: 'node', file: '.node-version', pattern: FIRST_LINE, ...own, source: 'shadowspawn/node-version-usage' },
  ...managed('node', 'nodejs|node'),
  { language: 'node', file: 'package.json', json: ['volta', 'node'], kind: 'exact', source: 'volta-cli/volta' },
  { language: 'node', file: 'package.json', json: ['engines', 'node'], kind: 'constraint', source: 'npm/cli:docs' },

  { language: 'python', file: '.python-version', pattern: FIRST_LINE, ...own, source: 'pyenv/pyenv' },
  ...managed('python', 'python'),
  {
    language: 'python',
    file: 'runtime.txt',
    pattern: /^python-(\S+)/m,
    kind: 'exact',
    source: 'heroku/heroku-buildpack-python',
  },
  {
    language: 'python',
    file: 'Pipfile',
    pattern: /^[ \t]*python(?:_full)?_version[ \t]*=[ \t]*["']([^"']+)["']/m,
    section: 'requires',
    kind: 'exact',
    source: 'pypa/pipenv',
  },
  {
    language: 'python',
    file: 'pyproject.toml',
    pattern: /^[ \t]*requires-python[ \t]*=[ \t]*["']([^"']+)["']/m,
    section: 'project',
    kind: 'constraint',
    source: 'PyPA specifications: pyproject.toml',
  },
  {
    language: 'python',
    file: 'pyproject.toml',
    pattern: /^[ \t]*python[ \t]*=[ \t]*["']([^"']+)["']/m,
    section: 'tool.poetry.dependencies',
    kind: 'constraint',
    source: 'python-poetry/poetry',
  },

  {
    language: 'go',
    file: 'go.mod',
    pattern: /^toolchain[ \t]+go(\S+)/m,
    kind: 'atLeast',
    source: 'Go modules reference',
  },
  {
    language: 'go',
    file: 'go.mod',
    pattern: /^go[ \t]+(\S+)/m,
    kind: 'atLeast',
    least: true,
    source: 'Go modules reference',
  },
  ...managed('go', 'golang|go'),

  {
    language: 'rust',
    file: 'rust-toolchain.toml',
    pattern: /^[ \t]*channel[ \t]*=[ \t]*["']([^"']+)["']/m,
    section: 'toolchain',
    kind: 'exact',
    inherited: true,
    source: 'rust-lang/rustup',
  },
  {
    language: 'rust',
    file: 'rust-toolchain',
    pattern: /^[ \t]*(?:channel[ \t]*=[ \t]*["'])?(\d[\w.]*)/m,
    ...own,
    source: 'rust-lang/rustup',
  },
  ...managed('rust', 'rust'),
  {
    language: 'rust',
    file: 'Cargo.toml',
    pattern: /^[ \t]*rust-version[ \t]*=[ \t]*["']([^"']+)["']/m,
    kind: 'minimum',
    source: 'rust-lang/cargo: manifest',
  },

  {
    language: 'dotnet',
    file: 'global.json',
    json: ['sdk', 'version'],
    kind: 'exact',
    inherited: true,
    images: /\/sdk$/,
    source: 'dotnet/docs: global.json',
  },
  {
    language: 'dotnet',
    file: '*.csproj',
    pattern: /<TargetFramework>\s*net(\d+\.\d+)[^<]*<\/TargetFramework>/,
    kind: 'minimum',
    images: /\/sdk$/,
    source: 'dotnet/docs: target frameworks',
  },
  {
    language: 'dotnet',
    file: '*.csproj',
    pattern: /<TargetFramework>\s*net(\d+\.\d+)[^<]*<\/TargetFramework>/,
    kind: 'exact',
    images: /\/(?:aspnet|runtime|runtime-deps)$/,
    source: 'dotnet/docs: target frameworks',
  },

  { language: 'java', file: '.java-version', pattern: /^[ \t]*(?:[a-z]+-)*(\d[\w.+]*)/m, ...own, source: 'jenv/jenv' },
  {
    language: 'java',
    file: '.sdkmanrc',
    pattern: /^[ \t]*java[ \t]*=[ \t]*(\d[\d.]*)/m,
    ...own,
    source: 'sdkman/sdkman-cli',
  },
  {
    language: 'java',
    file: '.tool-versions',
    pattern: /^[ \t]*java[ \t]+(?:[a-z]+-)*(\d[\w.+]*)/m,
    ...own,
    source: 'asdf-vm/asdf',
  },
  {
    language: 'java',
    file: 'pom.xml',
    pattern: /<(?:maven\.compiler\.release|java\.version|maven\.compiler\.target)>\s*([\d.]+)\s*</,
    kind: 'minimum',
    source: 'Maven compiler plugin, Spring Boot parent',
  },
  ...(['build.gradle', 'build.gradle.kts'] as const).flatMap((file) => [
    {
      language: 'java' as const,
      file,
      pattern: /JavaLanguageVersion\.of\(\s*["']?(\d+)["']?\s*\)|jvmToolchain\(\s*(\d+)\s*\)/,
      kind: 'exact' as const,
      source: 'gradle/gradle: toolchains',
    },
    {
      language: 'java' as const,
      file,
      pattern:
        /^[ \t]*(?:java\.)?(?:sourceCompatibility|targetCompatibility)[ \t]*=?[ \t]*(?:JavaVersion\.VERSION_)?["']?([\d._]+)/m,
      kind: 'minimum' as const,
      source: 'gradle/gradle: Java plugin',
    },
  ]),

  { language: 'ruby', file: '.ruby-version', pattern: /^[ \t]*(?:ruby-)?(\d\S*)/m, ...own, source: 'rbenv/rbenv' },
  ...managed('ruby', 'ruby'),
  {
    language: 'ruby',
    file: 'Gemfile',
    pattern: /^[ \t]*ruby[ \t]*\(?[ \t]*["']([^"']+)["'][ \t]*\)?[ \t]*(?:#.*)?$/m,
    kind: 'constraint',
    source: 'rubygems/bundler: gemfile(5)',
  },

  {
    language: 'php',
    file: 'composer.json',
    json: ['config', 'platform', 'php'],
    kind: 'exact',
    source: 'composer/composer',
  },
  { language: 'php', file: 'composer.json', json: ['require', 'php'], kind: 'constraint', source: 'composer/composer' },
  ...managed('php', 'php'),
];

/** `lts/jod` in .nvmrc. Source: nodejs/Release, 2026-11. */
export const NODE_CODENAMES: Readonly<Record<string, string>> = {
  krypton: '24',
  jod: '22',
  iron: '20',
  hydrogen: '18',
  gallium: '16',
};

/** Tags that mean another release every so often. Source: docker-library/official-images, 2026-11. */
export const MOVING_TAGS: ReadonlySet<string> = new Set(
  'latest lts current stable mainline rolling devel testing unstable sid edge nightly preview oldstable'.split(' '),
);
