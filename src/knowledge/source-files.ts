/** Which files of a project are its code. Data only. */

/** Endings of files that a developer edits every day; blanks at their end change nothing. Languages as of November 2026. */
export const CODE_ENDINGS = [
  ...['.py', '.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '.vue', '.svelte', '.astro'],
  ...['.go', '.rs', '.java', '.kt', '.kts', '.scala', '.groovy', '.clj', '.cs', '.fs', '.vb', '.php', '.rb'],
  ...['.ex', '.exs', '.erl', '.swift', '.dart', '.c', '.cc', '.cpp', '.h', '.hpp', '.pl', '.lua', '.hs', '.ml'],
  ...['.html', '.css', '.scss', '.sh', '.sql'],
] as const;

/** Names without ending of the file that a program usually starts at, the most usual first. */
export const ENTRY_NAMES = [
  ...['main', 'app', 'index', 'server', 'worker', 'cli', 'manage', 'Main', 'Application', 'Program', 'lib'],
] as const;

/** Folders and names that hold code which is no part of the product: tests, settings of tools, what tools made. */
export const ASIDE =
  /^(?:docs?|examples?|scripts?)(?:\/|$)|(?:^|\/)(?:tests?|__tests__|spec|e2e|node_modules|vendor|dist|build|target|\.[^/]*)(?:\/|$)|\.(?:test|spec|config|min|d)\.[^/]*$|(?:^|\/)(?:conftest|setup|test_[^/]*)\.py$|_test\.go$/;

/** Manifests whose change makes an install run again; blanks at their end change nothing else. In the order of preference. */
export const MANIFESTS = [
  ...['package.json', 'requirements.txt', 'pyproject.toml', 'Pipfile', 'go.mod', 'Cargo.toml', 'pom.xml'],
  ...['build.gradle', 'build.gradle.kts', 'composer.json', 'Gemfile', 'mix.exs', 'pubspec.yaml'],
] as const;
