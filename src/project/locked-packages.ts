/**
 * Which version of a package the files of a project name, so that a command that installs it by its name alone can be told
 * the same one. A range is no version, and a file that names two versions names none.
 */
import { posix } from 'node:path';
import { goPackage } from './locked-go.ts';
import { nodePackage } from './locked-node.ts';
import { pythonPackages } from './locked-python.ts';
import { gemPackage } from './locked-ruby.ts';
import { type Fact, upwards } from './manifests.ts';
import type { Project } from './project.ts';

/** A version, and the file (relative to the context) that names it. */
export interface NamedVersion {
  readonly version: string;
  readonly fact: Fact;
}

export type PackageManager = 'npm' | 'pip' | 'gem' | 'go' | 'cargo';

type Reader = (project: Project, dir: string, name: string) => readonly NamedVersion[];

const READERS: Readonly<Record<PackageManager, Reader>> = {
  npm: nodePackage,
  pip: pythonPackages,
  gem: gemPackage,
  go: goPackage,
  // a program is in no lock file of the project that uses it
  cargo: () => [],
};

/**
 * The versions that the nearest folder with an answer names: that of the Dockerfile, then those above it as far as the
 * build context goes. More than one entry: the files of the folder name different versions.
 */
export function namedVersions(project: Project, manager: PackageManager, name: string): readonly NamedVersion[] {
  if (project.context === undefined) return [];
  const own = posix.relative(project.context, posix.dirname(project.dockerfile));
  const start = own.startsWith('..') ? '' : own;
  for (const dir of upwards(start === '.' ? '' : start)) {
    const found = READERS[manager](project, dir, name);
    if (found.length > 0)
      return found.filter((it, i) => found.findIndex((other) => other.version === it.version) === i);
  }
  return [];
}
