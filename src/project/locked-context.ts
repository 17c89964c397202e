/** The build context that the commands of a Dockerfile speak for, where it copies all of it and no file names it. */
import { posix } from 'node:path';
import type { Tree } from '../tree.ts';

/** `COPY . .`, `COPY --chown=app:app ./ /app/`; `COPY .. .` does not leave the context either. */
const COPIES_ALL = /^[ \t]*(?:COPY|ADD)[ \t]+(?:--(?!from)\S+[ \t]+)*(?:\.{1,2}\/?)+[ \t]+\S+[ \t]*\r?$/im;
/** What brings the source, or makes the manifest. */
const BRINGS =
  /\bgit clone\b|\bgo mod init\b|\bcargo (?:new|init)\b|\bcomposer create-project\b|\bnpm (?:init|create)\b/;
/**
 * Commands that end with an error where a file is missing. `locks`: the lock file without which they do, and what tells that
 * a folder is the root of a workspace. Source: npm/cli:docs npm-ci, pnpm/pnpm:ERR_PNPM_NO_LOCKFILE, yarnpkg/berry:YN0028,
 * astral-sh/uv:docs, the Go modules reference, the Cargo book, maven.apache.org, getcomposer.org, bundler.io.
 */
const NEEDS: readonly {
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
  { command: /\bpip3? install -r requirements\.txt\b/, manifests: ['requirements.txt'] },
];
/** Folders below the Dockerfile that are looked into: a RUN may enter them. */
const DEPTH = 3;

/**
 * The folder above `folder` with the manifest that the first such command needs, and its lock file, when `folder` lacks one
 * of them, so that a build from there would fail; with the line of the copy. Undefined: nothing is missing, no folder or
 * more than one has it, or the manifest stands further down. Where `folder` has the manifest and lacks the lock file, the
 * folder above has to be the root of a workspace.
 */
export function lockedContext(
  tree: Tree,
  dockerfile: string,
  folder: string,
): { readonly dir: string; readonly line: number } | undefined {
  const text = folder === '' ? undefined : tree.read(dockerfile);
  const need = text === undefined ? undefined : NEEDS.find(({ command }) => command.test(text));
  const copy = need && COPIES_ALL.exec(text as string);
  if (!need || !copy || BRINGS.test(text as string)) return undefined;
  const { manifests, locks = manifests, workspace } = need;
  const has = (dir: string, names: readonly string[]): boolean =>
    names.some((name) => tree.kind(posix.join(dir, name)) === 'file');
  const hasManifest = has(folder, manifests);
  if (hasManifest ? has(folder, locks) : isBelow(tree, folder, manifests, DEPTH)) return undefined;
  const dirs = foldersAbove(folder).filter((dir) => has(dir, manifests) && has(dir, locks));
  const [dir] = dirs;
  if (dir === undefined || (dirs.length > 1 && !hasManifest)) return undefined;
  if (hasManifest && !workspace?.[1].test(tree.read(posix.join(dir, workspace[0])) ?? '')) return undefined;
  return { dir, line: (text as string).slice(0, copy.index).split('\n').length };
}

/** Whether a folder or one below it has a file of one of the names. */
function isBelow(tree: Tree, folder: string, names: readonly string[], depth: number): boolean {
  const entries = tree.list(folder);
  if (entries.some((name) => names.includes(name))) return true;
  return (
    depth > 0 &&
    entries.some((name) => {
      const path = posix.join(folder, name);
      return name !== 'node_modules' && tree.kind(path) === 'dir' && isBelow(tree, path, names, depth - 1);
    })
  );
}

/** From the nearest to the root, `''`. */
function foldersAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let dir = folder; dir !== ''; found.push(dir)) dir = dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
  return found;
}
