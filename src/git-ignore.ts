/** What git ignores, by the .gitignore files of a tree and .git/info/exclude. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Tree } from './tree.ts';

/** A .gitignore file in force: its folder as a prefix ('' or 'a/b/') and its rules. */
export interface Rules {
  readonly prefix: string;
  readonly ignore: Ignore;
}

/** The rules of one file; undefined: there is none, or it cannot be read. `prefix`: its folder, '' or 'a/b/'. */
export function readRules(tree: Tree, file: string, prefix: string): Rules | undefined {
  if (tree.kind(file) !== 'file') return undefined;
  try {
    return { prefix, ignore: ignore({ ignorecase: false }).add(readFileSync(join(tree.realRoot, file), 'utf8')) };
  } catch {
    return undefined; // not readable: git goes on as well
  }
}

/** Git's order: the .gitignore nearest to the path decides, then the ones above it. */
export function gitIgnored(rules: readonly Rules[], path: string, isFolder: boolean): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const { prefix, ignore: own } = rules[i] as Rules;
    const verdict = own.test(path.slice(prefix.length) + (isFolder ? '/' : ''));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/** The rules that hold inside of a folder from the folders above it; none when they would ignore the folder itself. */
export function rulesAbove(tree: Tree, folder: string): Rules[] {
  const rules: Rules[] = [];
  const info = readRules(tree, '.git/info/exclude', '');
  if (info) rules.push(info);
  let at = '';
  for (const segment of folder === '' ? [] : folder.split('/')) {
    const own = readRules(tree, at === '' ? '.gitignore' : `${at}/.gitignore`, at === '' ? '' : `${at}/`);
    if (own) rules.push(own);
    at = at === '' ? segment : `${at}/${segment}`;
    if (gitIgnored(rules, at, true)) return [];
  }
  return rules;
}
