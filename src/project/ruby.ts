/** Gemfile. */
import { presentIn, within } from './manifests.ts';
import type { Project } from './project.ts';

export interface RubyFacts {
  readonly manifest: string;
  readonly text: string;
  readonly lock: string | undefined;
  /** Lines that reach for other files: `gemspec`, `path:`, `eval_gemfile`, `require_relative`, `File.read`. */
  readonly reaches: readonly { readonly says: string; readonly line: number; readonly kind: 'path' | 'file' }[];
}

/** Reads the Gemfile (or gems.rb) of a folder; undefined: there is none. */
export function rubyFacts(project: Project, dir: string): RubyFacts | undefined {
  const name = ['Gemfile', 'gems.rb'].find((it) => project.kind(within(dir, it) ?? '') === 'file');
  const manifest = name === undefined ? undefined : within(dir, name);
  const text = manifest === undefined ? undefined : project.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  return {
    manifest,
    text,
    lock: presentIn(project, dir, [name === 'Gemfile' ? 'Gemfile.lock' : 'gems.locked'])[0],
    reaches: text.split(/\r?\n/).flatMap((raw, index) => {
      const line = raw.replace(/(?:^|\s)#.*$/, '');
      const isPath = /\bpath(?::|\s*=>|\s+["'(])/.test(line);
      // ruby file: ".ruby-version" is read by name
      const isFile = /^\s*gemspec\b|\beval_gemfile\b|\brequire_relative\b|\b(?:File|Dir|IO)\b|`/.test(line);
      return isPath || isFile ? [{ says: line.trim(), line: index + 1, kind: isPath ? 'path' : 'file' }] : [];
    }),
  };
}
