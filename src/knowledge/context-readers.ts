/** What reads files of a build context without a COPY that names them: git's history, .env files, Docker's own files. Data only. */

/** What a topic is about. `makefile`: git in a Makefile, which matters only where make is called. */
export type Topic = 'git' | 'git-in-makefile' | 'env' | 'dockerfile' | 'compose';

export interface ReaderRow {
  readonly topic: Topic;
  /** Names of the files that are searched; absent: every file that is searched at all. */
  readonly files?: RegExp;
  readonly pattern: RegExp;
  /** The pattern matches no text without one of them: looking for these takes a fraction of the time. */
  readonly hints?: readonly string[];
  readonly source: string;
  readonly date: string;
}

const row = (
  topic: Topic,
  pattern: RegExp,
  source: string,
  files?: RegExp,
  ...hints: readonly string[]
): ReaderRow => ({
  topic,
  pattern,
  source,
  date: '2026-11',
  ...(files && { files }),
  ...(hints.length > 0 && { hints }),
});

const CODE =
  /\.(?:py|[cm]?[jt]sx?|vue|svelte|astro|rb|php|go|rs|java|kts?|groovy|scala|cs|fs|vb|ex|exs|sh|bash|ps1|pl|lua|cr|gradle|cmake)$|^(?:Makefile|Rakefile|Gemfile|Procfile|justfile|Taskfile\.ya?ml|[^.]+)$/;
const MANIFEST =
  /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|requirements.*\.(?:txt|in)|Pipfile|tox\.ini|pom\.xml|Cargo\.toml|go\.mod|composer\.json|Gemfile|mix\.exs|build\.sbt|project\.clj|environment\.ya?ml)$|\.(?:gemspec|gradle|gradle\.kts|csproj|fsproj|vbproj|props|targets)$/;
const MAKEFILE = /^(?:GNU)?[Mm]akefile$|\.mk$/;

/** Subcommands that read the repository, as a shell word or as an element of a list. */
const GIT_COMMAND =
  /\bgit(?:["'`]\s*,\s*\[?\s*["'`]|\s+)(?:--\S+\s+|-C\s+\S+\s+)?(?:rev-parse|describe|log|ls-files|ls-tree|show|status|rev-list|diff|symbolic-ref|name-rev|branch|shortlog|for-each-ref|submodule|blame|cat-file|archive)\b/;

export const READERS: readonly ReaderRow[] = [
  row('git', GIT_COMMAND, 'git-scm.com/docs/git', /^(?!(?:GNU)?[Mm]akefile$|.*\.mk$)/, 'git'),
  row('git-in-makefile', GIT_COMMAND, 'git-scm.com/docs/git', MAKEFILE, 'git'),
  row('git', /(?:^|[\s"'`/(=])\.git(?:["'`/)]|\s*$)/m, 'a path in source code', CODE, '.git'),
  row(
    'git',
    /setuptools[-_]scm|setuptools[-_]git|hatch-vcs|versioneer|versioningit|\bpbr\b|dunamai|dynamic[-_]versioning|flit[-_]scm|source\s*=\s*["'](?:scm|vcs)["']|incremental-git|git-revision-date|GitPython|pygit2|dulwich|datalad|dvc\b/i,
    'the README of each package',
    MANIFEST,
  ),
  row(
    'git',
    /git-revision|git-rev-sync|git-repo-info|git-describe|git-last-commit|gitinfo|git-log|git-state|simple-git|isomorphic-git|nodegit|es-git|simple-git-hooks|lefthook|ghooks|last-modified|@sentry\/(?:nextjs|sveltekit|nuxt|remix|astro|gatsby|cli|[a-z]+-plugin)|datadog-ci|code-inspector|nextra|vuepress|semantic-release-.*version/,
    'the README of each package',
    /^package\.json$/,
  ),
  row(
    'git',
    /git-commit-id|buildnumber-maven|jgitver|maven-git-versioning|git-properties|git-version|gitVersion|grgit|\bjgit\b|axion-release|nebula\.(?:release|ospackage)|reckon|semver-git|sbt-git|sbt-dynver|cocogitto/i,
    'the README of each plugin',
    MANIFEST,
  ),
  row(
    'git',
    /\bMinVer\b|GitVersion|Nerdbank|GitInfo|SourceLink|InformationalVersion|SourceRevisionId|\bvergen\b|shadow-rs|\bgit2\b|git[-_]version|\bbuilt\b\s*=|gix\b|ReadBuildInfo|go-git|LibGit2Sharp|rugged|ruby-git\b/,
    'the README of each package; go.dev/doc/go1.18 (VCS stamps); .NET 8 SDK (source revision)',
    /\.(?:csproj|fsproj|vbproj|props|targets|cs|fs|vb|go|rs|rb)$|^(?:Cargo\.toml|go\.mod|Gemfile)$/,
  ),
  row(
    'git',
    /enableGitInfo|showLastUpdate(?:Time|Author)|lastUpdated\s*:\s*true|git-revision-date|git-authors|git-committers/,
    'gohugo.io, docusaurus.io, vitepress.dev, mkdocs plugins',
    /\.(?:[cm]?[jt]s|toml|ya?ml|json)$/,
    ...['enableGitInfo', 'showLastUpdate', 'lastUpdated', 'git-'],
  ),
  row(
    'env',
    /dotenv|(?:^|[\s"'`/(=:])\.env(?:\.[a-z.]+)?(?:["'`)\s;]|$)|env[-_]file|loadEnvFile|read_env\b|env-cmd/im,
    'a path or a reader in source code',
    CODE,
  ),
  row(
    'env',
    /dotenv|decouple|environs|django-environ|pydantic[-_]settings|dynaconf|honcho|foreman|prettyconf|starlette|fastapi-settings|\.env\b|env-cmd|env-file/i,
    'the README of each package',
    MANIFEST,
  ),
  row(
    'env',
    /"(?:vite|next|nuxt3?|astro|react-scripts|@vue\/cli-service|gatsby|@sveltejs\/kit|@remix-run\/dev|@react-router\/dev|@nestjs\/config|@adonisjs\/(?:core|env)|@strapi\/strapi|strapi|expo|parcel|parcel-bundler|prisma|@prisma\/client|@redwoodjs\/core|blitz|bun-types|@types\/bun|@medusajs\/medusa|keystone|payload|directus|@rsbuild\/core|@angular-builders\/.*|@craco\/craco|umi|@umijs\/max|wasp|@docusaurus\/core|@feathersjs\/configuration|serverless|firebase-functions|vitest|@rspack\/.*)"\s*:/,
    'the manual of each framework',
    /^package\.json$/,
  ),
  row(
    'env',
    /laravel|symfony|cakephp|vlucas|codeigniter|slim\/|yii/i,
    'the manual of each framework',
    /^composer\.json$/,
  ),
  row(
    'env',
    /quarkus|spring-dotenv|DotNetEnv|dotenv|micronaut|vertx|grails/i,
    'the manual of each framework',
    MANIFEST,
  ),
  row(
    'env',
    /godotenv|viper|gobuffalo|cleanenv|\bkoanf\b|gotenv|dotenvy|envy|hanami|lucky/i,
    'the manual of each package',
    /^(?:go\.mod|Cargo\.toml|Gemfile|shard\.yml|mix\.exs)$/,
  ),
  row(
    'dockerfile',
    /["'`/]Dockerfile(?:["'`.]|$)/m,
    'a path in source code',
    /\.(?:py|[cm]?[jt]sx?|rb|php|go|rs|java|kt|cs|ex|exs)$/,
    'Dockerfile',
  ),
  row(
    'compose',
    /(?:docker-)?compose(?:[.-]\w+)?\.ya?ml/,
    'a path in source code',
    /\.(?:py|[cm]?[jt]sx?|rb|php|go|rs|java|kt|cs|ex|exs)$/,
    'compose',
  ),
];

/** Files of other people or of machines, and notes: not searched. */
export const NOT_SEARCHED =
  /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.ci|\.husky|\.vscode|\.idea|\.devcontainer|\.git|third_party|vendor)\/|(?:^|\/)(?:CHANGELOG|LICENSE|COPYING|NOTICE|AUTHORS|README|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|composer\.lock|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock)[^/]*$|\.(?:min\.js|map|lock|md|mdx|rst|adoc|svg|css|scss|less|html?|csv|sql|snap|ipynb|geojson)$|ignore$/;

/** Parents of Maven projects that run no plugin which reads the history, unless a project names it. Source: their poms, 2026-11. */
export const PARENTS_WITHOUT_GIT: ReadonlySet<string> = new Set([
  'org.springframework.boot:spring-boot-starter-parent',
]);
