/**
 * Files of a project that are for its developers: tests, documents, settings of linters and test runners. Data only.
 * Sources: the default file names in each tool's manual.
 */
export interface DevelopmentRow {
  readonly kind: 'tests' | 'documents' | 'settings';
  /** The name of a file or folder beside the manifest, or at the root of the context. */
  readonly name: RegExp;
  readonly date: string;
}

const row = (kind: DevelopmentRow['kind'], name: RegExp): DevelopmentRow => ({ kind, name, date: '2026-11' });

export const DEVELOPMENT_FILES: readonly DevelopmentRow[] = [
  row('tests', /^(?:tests?|__tests__|e2e|cypress)$/),
  row('documents', /^docs?$/),
  row(
    'documents',
    /^(?:README|CHANGELOG|CHANGES|HISTORY|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY)(?:\.(?:md|rst|txt|adoc))?$/i,
  ),
  row(
    'settings',
    /^(?:pytest\.ini|conftest\.py|tox\.ini|noxfile\.py|\.coveragerc|\.flake8|\.pylintrc|mypy\.ini|\.ruff\.toml|ruff\.toml)$/,
  ),
  row(
    'settings',
    /^(?:jest|vitest|playwright|cypress|karma|protractor)\.conf(?:ig)?\.[cm]?[jt]s$|^\.(?:mocharc|nycrc)(?:\.\w+)?$/,
  ),
  row(
    'settings',
    /^\.(?:prettierrc|prettierignore|eslintignore|editorconfig|lintstagedrc)(?:\.\w+)?$|^\.pre-commit-config\.yaml$/,
  ),
  row(
    'settings',
    /^phpunit\.xml(?:\.dist)?$|^phpstan\.neon(?:\.dist)?$|^\.rspec$|^\.rubocop\.yml$|^codecov\.ya?ml$|^renovate\.json$/,
  ),
];

/** Commands that run tests, wherever they stand. */
export const TEST_COMMANDS =
  /\b(?:pytest|py\.test|tox|nox|unittest|jest|vitest|mocha|cypress|playwright|phpunit|pest|rspec|minitest|karma)\b|\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:test|e2e)\b|\b(?:go|cargo|dotnet|mix|make|rake|rails|mvn|gradle|\.\/gradlew|\.\/mvnw|deno|manage\.py|composer|swift|flutter)\s+(?:\S+\s+)*(?:test|check|verify)\b/;

/** Files that tell what a package or a solution is made of: what they name belongs to it. */
export const COMPOSING_FILES =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|MANIFEST\.in|Cargo\.toml|composer\.json|mix\.exs|pom\.xml|settings\.gradle(?:\.kts)?|build\.gradle(?:\.kts)?|tsconfig.*\.json|angular\.json|nx\.json|go\.work|pnpm-workspace\.yaml|lerna\.json|Package\.swift|CMakeLists\.txt|\.gitmodules)$|\.(?:gemspec|slnx?|csproj|fsproj|vbproj|cabal)$/;

/** Generators of sites whose content is documents. */
export const DOCUMENT_SITES =
  /^(?:mkdocs\.ya?ml|docusaurus\.config\.\w+|hugo\.\w+|_config\.yml|book\.toml|gatsby-config\.\w+|astro\.config\.\w+|antora\.yml|\.vitepress|\.vuepress|\.eleventy\.js|eleventy\.config\.\w+|velite\.config\.\w+|contentlayer\.config\.\w+)$/;
