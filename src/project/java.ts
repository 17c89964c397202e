/** Maven's pom.xml and Gradle's build files. */
import { posix } from 'node:path';
import { lineOf, presentIn, within } from './manifests.ts';
import type { Project } from './project.ts';

export interface MavenFacts {
  readonly manifest: string;
  readonly text: string;
  /** Poms of the modules named at any place, profiles too: relative to the context; undefined: outside of it. */
  readonly modules: readonly (string | undefined)[];
  /** The parent's pom where it lies in the context. */
  readonly parent: string | undefined;
  /** `group:artifact` of a parent whose pom is elsewhere: what its plugins do is not known. */
  readonly inherits: string | undefined;
  /** `<systemPath>` and repositories of the file system, with their lines. */
  readonly local: readonly { readonly says: string; readonly line: number | undefined }[];
}

/** Reads a pom; undefined: it does not exist. Source: the POM reference of Maven. */
export function mavenFacts(project: Project, manifest: string): MavenFacts | undefined {
  const text = project.read(manifest);
  if (text === undefined) return undefined;
  const dir = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
  const plain = text.replace(/<!--[\s\S]*?-->/g, '');
  const pomOf = (path: string): string | undefined => {
    const place = within(dir, path);
    return place !== undefined && project.kind(place) === 'dir' ? within(place, 'pom.xml') : place;
  };
  const parentBlock = /<parent>([\s\S]*?)<\/parent>/.exec(plain)?.[1];
  const given =
    parentBlock === undefined ? undefined : /<relativePath>\s*([^<]*?)\s*<\/relativePath>/.exec(parentBlock)?.[1];
  const isEmpty = given === '' || (parentBlock !== undefined && /<relativePath\s*\/>/.test(parentBlock));
  const parent = parentBlock === undefined || isEmpty ? undefined : pomOf(given ?? '../pom.xml');
  const isAtHand = parent !== undefined && project.kind(parent) === 'file';
  return {
    manifest,
    text,
    modules: [...plain.matchAll(/<module>\s*([^<]+?)\s*<\/module>/g)].map((match) => pomOf(match[1] as string)),
    parent: isAtHand ? parent : undefined,
    inherits:
      parentBlock === undefined || isAtHand
        ? undefined
        : ['groupId', 'artifactId']
            .map((tag) => new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`).exec(parentBlock)?.[1] ?? '')
            .join(':'),
    local: [...plain.matchAll(/<systemPath>[^<]*<\/systemPath>|<url>\s*file:[^<]*<\/url>/g)].map((match) => ({
      says: match[0],
      line: lineOf(text, match[0]),
    })),
  };
}

export interface GradleFacts {
  readonly settings: string | undefined;
  /** Build files of the root and of every included project. */
  readonly builds: readonly string[];
  /** The first place where the build files reach for more than repositories and dependencies. */
  readonly obstacle: { readonly file: string; readonly line: number; readonly says: string } | undefined;
}

/** Files read, other scripts applied, other builds included: what cannot be followed from outside. */
const REACHES_OUT =
  /\b(?:file|files|fileTree|File|exec|readText|readLines|FileInputStream|includeBuild|includeFlat|projectDir)\b\s*[({"'=]?|\bapply\s*\(?\s*from\b|\.execute\(/;

/** Reads the build of a folder; undefined: no build file. */
export function gradleFacts(project: Project, dir: string): GradleFacts | undefined {
  const settings = presentIn(project, dir, ['settings.gradle', 'settings.gradle.kts'])[0];
  const text = settings === undefined ? '' : (project.read(settings) ?? '');
  const names = [...text.matchAll(/\binclude\b\s*\(?((?:\s*,?\s*["'][^"']+["'])+)/g)].flatMap((match) =>
    [...(match[1] as string).matchAll(/["']([^"']+)["']/g)].map((name) =>
      (name[1] as string).replace(/^:/, '').replaceAll(':', '/'),
    ),
  );
  const folders = [dir, ...names.map((name) => within(dir, name) ?? dir)];
  const builds = folders.flatMap((folder) => presentIn(project, folder, ['build.gradle', 'build.gradle.kts']));
  if (builds.length === 0) return undefined;
  for (const file of [...(settings === undefined ? [] : [settings]), ...builds]) {
    for (const [index, line] of (project.read(file) ?? '').split('\n').entries()) {
      if (REACHES_OUT.test(line.replace(/\/\/.*$/, ''))) {
        return { settings, builds, obstacle: { file, line: index + 1, says: line.trim() } };
      }
    }
  }
  return { settings, builds: [...new Set(builds)], obstacle: undefined };
}
