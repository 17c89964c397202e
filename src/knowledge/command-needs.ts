/** What commands of builds need in the folder that they work in, and what people forget to commit. */

/** What brings the source, or makes the manifest. */
export const BRINGS_SOURCE =
  /\bgit clone\b|\bgo mod init\b|\bcargo (?:new|init)\b|\bcomposer create-project\b|\bnpm (?:init|create)\b/;
/**
 * Commands that end with an error where a file is missing. `locks`: the lock file without which they do, and what tells that
 * a folder is the root of a workspace. Source: npm/cli:docs npm-ci, pnpm/pnpm:ERR_PNPM_NO_LOCKFILE, yarnpkg/berry:YN0028,
 * astral-sh/uv:docs, the Go modules reference, the Cargo book, maven.apache.org, getcomposer.org, bundler.io
 * (November 2026).
 */
export const COMMAND_NEEDS: readonly {
  readonly command: RegExp;
  readonly manifests: readonly string[];
  readonly locks?: readonly string[];
  readonly workspace?: readonly [file: string, members: RegExp];
}[] = [
  {
    command: /\bnpm ci\b/,
    manifests: ['package.json'],
    locks: ['package-lock.json', 'npm-shrinkwrap.json'],
    workspace: ['package.json', /"workspaces"/],
  },
  {
    command: /\bpnpm (?:install|i)\b[^&|;\n]*--frozen-lockfile\b/,
    manifests: ['package.json'],
    locks: ['pnpm-lock.yaml'],
    workspace: ['pnpm-workspace.yaml', /^packages:/m],
  },
  {
    command: /\byarn install\b[^&|;\n]*--immutable\b/,
    manifests: ['package.json'],
    locks: ['yarn.lock'],
    workspace: ['package.json', /"workspaces"/],
  },
  {
    command: /\buv sync\b[^&|;\n]*--(?:frozen|locked)\b/,
    manifests: ['pyproject.toml'],
    locks: ['uv.lock'],
    workspace: ['pyproject.toml', /^\[tool\.uv\.workspace\]/m],
  },
  { command: /\bgo (?:build|mod (?:download|tidy|verify))\b/, manifests: ['go.mod'] },
  { command: /\b(?:npm|pnpm|bun) run build\b|\byarn (?:run )?build\b/, manifests: ['package.json'] },
  { command: /\bcargo build\b/, manifests: ['Cargo.toml'] },
  { command: /\bmvnw? (?:[^&|;\n]* )?(?:package|install|verify)\b/, manifests: ['pom.xml'] },
  { command: /\bcomposer install\b/, manifests: ['composer.json'] },
  { command: /\bbundle install\b/, manifests: ['Gemfile'] },
  { command: /\bpip3? install\b[^&|;\n]* -r *requirements\.txt\b/, manifests: ['requirements.txt'] },
];

/** Lock files that people forget to commit: beside the manifest they are no sign of another folder. */
export const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|uv\.lock|poetry\.lock|go\.sum|Cargo\.lock|composer\.lock|Gemfile\.lock)$/;
