/** go.mod and go.work. */
import { presentIn, upwards, within } from './manifests.ts';
import type { Project } from './project.ts';

export interface GoFacts {
  /** Path of go.mod. */
  readonly manifest: string;
  readonly text: string;
  /** Whether it requires anything. */
  readonly requires: boolean;
  /** `replace x => ./libs/x`: folders, relative to the context; undefined: outside of it. */
  readonly replaced: readonly { readonly path: string; readonly dir: string | undefined; readonly line: number }[];
  /** go.work of this folder or one above. */
  readonly work: { readonly file: string; readonly uses: readonly (string | undefined)[] } | undefined;
  readonly isVendored: boolean;
}

/** Reads the module of a folder; undefined: no go.mod. Source: golang/go, the go.mod and go.work references. */
export function goFacts(project: Project, dir: string): GoFacts | undefined {
  const manifest = within(dir, 'go.mod');
  const text = manifest === undefined ? undefined : project.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  const lines = text.split(/\r?\n/).map((line) => line.replace(/\/\/.*$/, ''));
  const replaced = lines.flatMap((line, index) => {
    const path = /=>\s*(\.{1,2}\/?\S*|\/\S+)\s*$/.exec(line)?.[1];
    return path === undefined ? [] : [{ path, dir: within(dir, path), line: index + 1 }];
  });
  const folder = upwards(dir).find((it) => presentIn(project, it, ['go.work']).length > 0);
  const file = folder === undefined ? undefined : (within(folder, 'go.work') as string);
  return {
    manifest,
    text,
    requires: lines.some((line) => /^\s*require\b/.test(line)),
    replaced,
    work: file === undefined ? undefined : { file, uses: usedBy(project.read(file) ?? '', folder as string) },
    isVendored: presentIn(project, dir, ['vendor/modules.txt']).length > 0,
  };
}

function usedBy(text: string, dir: string): (string | undefined)[] {
  const block = /\buse\s*\(([^)]*)\)/g;
  const blocks = [...text.matchAll(block)].flatMap((match) => (match[1] as string).split('\n'));
  const single = [...text.matchAll(/^\s*use\s+([^\s(]+)/gm)].map((match) => match[1] as string);
  return [...blocks.map((line) => line.replace(/\/\/.*$/, '').trim()), ...single]
    .filter((path) => path !== '')
    .map((path) => within(dir, path.replace(/^"(.*)"$/, '$1')));
}
