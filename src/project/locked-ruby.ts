/** The version of a gem that Gemfile.lock names. */
import type { NamedVersion } from './locked-packages.ts';
import { within } from './manifests.ts';
import type { Project } from './project.ts';

/** Bundler's own version stands below BUNDLED WITH, the others in the blocks of their sources: `    rails (8.0.1)`. */
export function gemPackage(project: Project, dir: string, name: string): readonly NamedVersion[] {
  for (const lock of ['Gemfile.lock', 'gems.locked']) {
    const file = within(dir, lock) as string;
    const lines = project.read(file)?.split(/\r?\n/) ?? [];
    const at =
      name === 'bundler'
        ? lines.indexOf('BUNDLED WITH') + 1
        : lines.findIndex((line) => line.startsWith(`    ${name} (`) && line.endsWith(')'));
    const text = at < 1 ? undefined : lines[at]?.trim();
    const version = /^(?:[\w.-]+ \()?(\d+(?:\.\w+)*)\)?$/.exec(text ?? '')?.[1];
    if (version !== undefined) return [{ version, fact: { file, line: at + 1, says: `${name} ${version}` } }];
  }
  return [];
}
