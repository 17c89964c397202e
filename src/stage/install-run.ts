/** A RUN that installs packages of the distribution, as new lines of a Dockerfile have it. */
import type { Document } from '../document.ts';
import type { System } from './view.ts';

/** A RUN of its own that installs packages: apt-get, or apk in images of Alpine. */
export function installRun(
  view: { readonly document: Document; readonly system: System; keyword(word: string): string },
  packages: readonly string[],
): string {
  const escape = view.document.escape;
  const list = [...packages].sort().join(' ');
  if (view.system.family === 'alpine') return `${view.keyword('RUN')} apk add --no-cache ${list}`;
  return [
    `${view.keyword('RUN')} apt-get update ${escape}`,
    `    && apt-get install -y --no-install-recommends ${list} ${escape}`,
    '    && rm -rf /var/lib/apt/lists/*',
  ].join('\n');
}

/** `a`, `a and b`, `a, b and c`. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
