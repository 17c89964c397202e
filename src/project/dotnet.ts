/** Project and solution files of .NET. */
import { posix } from 'node:path';
import { lineOf, upwards, within } from './manifests.ts';
import type { Project } from './project.ts';

export interface DotnetFacts {
  /** Path of the project or solution file. */
  readonly manifest: string;
  /** Other projects and files that it names, relative to the context; undefined: outside, or not fixed text. */
  readonly references: readonly {
    readonly path: string | undefined;
    readonly says: string;
    readonly line: number | undefined;
  }[];
}

const PROJECT = /\.(?:cs|fs|vb)proj$/i;
const SOLUTION = /\.slnx?$/i;

/** The project or solution that `dotnet restore` takes in a folder; undefined: none, or more than one. */
export function dotnetDefault(project: Project, dir: string): string | undefined {
  const names = project.list(dir).filter((name) => PROJECT.test(name) || SOLUTION.test(name));
  return names.length === 1 ? within(dir, names[0] as string) : undefined;
}

/** Reads a project or solution file; undefined: it does not exist or is neither. */
export function dotnetFacts(project: Project, manifest: string): DotnetFacts | undefined {
  const text = project.read(manifest);
  if (text === undefined || !(PROJECT.test(manifest) || SOLUTION.test(manifest))) return undefined;
  const pattern = SOLUTION.test(manifest)
    ? /^Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]+)"|<Project\s+Path="([^"]+)"/gm
    : /<(?:ProjectReference\s+Include|Import\s+Project)="([^"]+)"/g;
  const dir = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
  return {
    manifest,
    references: [...text.matchAll(pattern)].flatMap((match) => {
      const path = ((match[1] ?? match[2]) as string).replaceAll('\\', '/');
      // solution folders are no files
      if (SOLUTION.test(manifest) && !/\.\w*proj$/i.test(path)) return [];
      const fixed = /[$*;]/.test(path) ? undefined : within(dir, path);
      return [{ path: fixed, says: match[0].trim(), line: lineOf(text, match[0]) }];
    }),
  };
}

/** What MSBuild and NuGet look for in the folder of a project and above: Directory.Build.props, nuget.config, ... */
const SURROUNDING =
  /^(?:directory\.(?:build\.(?:props|targets|rsp)|packages\.props|solution\.(?:props|targets))|nuget\.config|global\.json)$/i;

/** Those files that lie in `dir` or above it, `top` being the last folder that is looked into. */
export function dotnetSurroundings(project: Project, dir: string, top: string): string[] {
  const folders = upwards(dir).filter((it) => top === '' || it === top || it.startsWith(`${top}/`));
  return folders.flatMap((folder) =>
    project
      .list(folder)
      .filter((name) => SURROUNDING.test(name))
      .map((name) => within(folder, name) as string),
  );
}
