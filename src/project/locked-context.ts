/** The build context that an install speaks for: the workspace above the Dockerfile that has the lock file which it needs. */
import { posix } from 'node:path';
import type { Tree } from '../tree.ts';

/** `COPY . .`, `COPY --chown=app:app ./ /app/` */
const COPIES_ALL = /^[ \t]*(?:COPY|ADD)[ \t]+(?:--(?!from)\S+[ \t]+)*\.?\/?[ \t]+\S+[ \t]*\r?$/im;
/**
 * Installs that end with an error where the lock file is missing, and what tells that a folder is the root of a workspace.
 * Source: npm/cli:docs npm-ci, pnpm/pnpm:ERR_PNPM_NO_LOCKFILE, yarnpkg/berry:YN0028, astral-sh/uv:docs.
 */
const LOCKED = [
  {
    install: /\bnpm ci\b/,
    manifest: 'package.json',
    locks: ['package-lock.json', 'npm-shrinkwrap.json'],
    workspace: ['package.json', /"workspaces"/],
  },
  {
    install: /\bpnpm (?:install|i)\b[^&|;\n]*--frozen-lockfile\b/,
    manifest: 'package.json',
    locks: ['pnpm-lock.yaml'],
    workspace: ['pnpm-workspace.yaml', /^packages:/m],
  },
  {
    install: /\byarn install\b[^&|;\n]*--immutable\b/,
    manifest: 'package.json',
    locks: ['yarn.lock'],
    workspace: ['package.json', /"workspaces"/],
  },
  {
    install: /\buv sync\b[^&|;\n]*--(?:frozen|locked)\b/,
    manifest: 'pyproject.toml',
    locks: ['uv.lock'],
    workspace: ['pyproject.toml', /^\[tool\.uv\.workspace\]/m],
  },
] as const;

/**
 * The nearest folder above `folder` with the manifest and the lock file for an install of what the Dockerfile copies whole,
 * when `folder` lacks the lock file, so that a build from there would fail; with the line of the copy. Where `folder` has a
 * manifest itself, the one above it has to be the root of a workspace.
 */
export function lockedContext(
  tree: Tree,
  dockerfile: string,
  folder: string,
): { readonly dir: string; readonly line: number } | undefined {
  const text = folder === '' ? undefined : tree.read(dockerfile);
  const need = text === undefined ? undefined : LOCKED.find(({ install }) => install.test(text));
  const copy = need && COPIES_ALL.exec(text as string);
  if (!need || !copy) return undefined;
  const has = (dir: string, names: readonly string[]): boolean =>
    names.some((name) => tree.kind(posix.join(dir, name)) === 'file');
  if (has(folder, need.locks)) return undefined;
  const isMember = has(folder, [need.manifest]);
  const [file, members] = need.workspace;
  for (let at = folder; at !== ''; ) {
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    if (!has(at, need.locks) || !has(at, [need.manifest])) continue;
    if (isMember && !members.test(tree.read(posix.join(at, file)) ?? '')) return undefined;
    return { dir: at, line: (text as string).slice(0, copy.index).split('\n').length };
  }
  return undefined;
}
