/** Files of the project that a Java program reads when it runs: named by its source, by its start, or by its framework. */

import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { JDK_CODE, WORKING_FOLDER } from '../../../src/knowledge/java-builds.ts';
import { lineAt } from '../../../src/project/calls.ts';
import { namedByEnvironment } from '../environment-files.ts';
import { type NameRules, outermost, placesNamed, placesOnce, type ReadFile, withoutIgnored } from '../named-files.ts';
import type { Obstacle, View } from '../types.ts';
import type { Started } from './starts.ts';

const FILE_LIMIT = 4000;
const SOURCE = /\.(?:java|kt|scala|groovy|clj)$/;
const SETTINGS = /(?:^|\/)src\/main\/(?:resources|conf)\/.*\.(?:properties|ya?ml|conf|xml|json)$/;
const rulesOf = ({ project }: View): NameRules => ({
  endings: [],
  isModule: (folder) =>
    ['src', 'pom.xml', 'build.gradle', 'build.gradle.kts', 'build.sbt'].some((name) =>
      project.list(folder).includes(name),
    ),
  isSource: (path) =>
    /\.(?:java|kts?|scala|groovy|clj|class|jar|gradle|sbt)$|(?:^|\/)(?:pom\.xml|Dockerfile[^/]*|gradlew|mvnw|gradle\.properties)$|(?:^|\/)(?:gradle|\.mvn)\//.test(
      path,
    ),
});
/** Looks around in the working folder itself. */
const WHOLE_FOLDER =
  /\bnew File\(\s*"\.\/?"\s*\)\s*\.list|\bFiles\.(?:walk|list|newDirectoryStream)\(\s*(?:Paths\.get|Path\.of)\(\s*"\.?\/?"/;

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The program's own source and settings, tests left out. */
export function mainSources(
  { runtime, project }: View,
  files: Iterable<string> = runtime.files.walk(FILE_LIMIT),
): readonly Source[] {
  const found: Source[] = [];
  for (const path of files) {
    if (!SOURCE.test(path) && !SETTINGS.test(path)) continue;
    if (/(?:^|\/)(?:src\/(?:\w*[tT]est\w*)|target|build|buildSrc)\//.test(path)) continue;
    const text = project.read(path);
    if (text !== undefined) found.push({ path, text });
  }
  return found;
}

/** What the program does that a JRE, or an image without the other programs of the builder, cannot. */
export function codeObstacle({ project }: View, sources: readonly Source[]): Obstacle | undefined {
  for (const { path, text } of sources) {
    const at = (index: number): string => `${project.rootPath(path)}:${lineAt(text, index)}`;
    const jdk = JDK_CODE.exec(text);
    if (jdk) return { code: 'builds-at-run-time', why: `${at(jdk.index)} needs a JDK: ${jdk[0]}` };
    if (!SOURCE.test(path)) continue;
    const call =
      /\bnew ProcessBuilder\b|\bProcessBuilder\(|\bgetRuntime\(\)\s*\.\s*exec\(|\bscala\.sys\.process\b|\bsys\.process\._/.exec(
        text,
      );
    if (call) return { code: 'programs-unknown', why: `${at(call.index)} starts programs: ${call[0]}` };
    const native = /\bSystem\.load(?:Library)?\(/.exec(text);
    if (native) return { code: 'links-to-c', why: `${at(native.index)} loads a library: ${native[0]}` };
  }
  return undefined;
}

/** Undefined: the program reads its working folder as a whole. */
export function filesRead(
  view: View,
  sources: readonly Source[],
  builds: readonly { readonly text: string }[],
  started: Started,
): { readonly files: readonly ReadFile[]; readonly doubts: readonly string[] } | undefined {
  const { project, stage, runtime } = view;
  const found = new Map<string, ReadFile>();
  const doubts: string[] = [];
  const rules = rulesOf(view);
  const placesOf = placesOnce(view, rules);
  const add = (text: string, evidence: Evidence): void => {
    for (const path of placesOf(text)) {
      if (!found.has(path)) found.set(path, { path, evidence });
    }
  };
  for (const { path, text } of sources) {
    if (WHOLE_FOLDER.test(text)) return undefined;
    const file = project.rootPath(path);
    for (const [index, body] of text.split('\n').entries()) {
      if (/^\s*(?:\/\/|\*|import\b|package\b)/.test(body)) continue;
      for (const literal of SOURCE.test(path) ? quoted(body) : settings(body)) {
        add(literal, { file, line: index + 1, says: `reads ${literal}` });
        if (/^(?:\.\/)?(?:target|build)\/\w/.test(literal) && SOURCE.test(path))
          doubts.push(`whether ${file}:${index + 1} reads ${literal} of the build`);
      }
    }
  }
  for (const { text, evidence } of started.words) {
    for (const part of text.split(/[=,:]/)) add(part, { ...evidence, says: `names ${part}` });
  }
  const variables = namedByEnvironment(view, rules);
  for (const it of variables.files) if (!found.has(it.path)) found.set(it.path, it);
  doubts.push(...variables.doubts);
  for (const { name, build, paths } of WORKING_FOLDER) {
    if (!builds.some(({ text }) => build.test(text))) continue;
    for (const path of paths) {
      const place = joinPath(stage.end.workdir, path);
      const file = place === undefined ? undefined : runtime.files.toContext(place);
      if (place === undefined || file === undefined || project.ignored(file) || found.has(place)) continue;
      if (placesNamed(view, path, rules).length === 0) continue;
      found.set(place, { path: place, evidence: { file: project.rootPath(file), says: `is read by ${name}` } });
    }
  }
  const kept = withoutIgnored(view, outermost([...found.values()]));
  return { files: kept.files, doubts: [...doubts, ...kept.doubts] };
}

const quoted = (line: string): string[] => [...line.matchAll(/"([^"\\\s]+)"/g)].map(([, text]) => text as string);

/** `spring.web.resources.static-locations=file:./public/`, `path: data/rates.csv`. */
const settings = (line: string): string[] =>
  [...line.matchAll(/(?:[=:,\s>"']|^)((?:file:)?\.{0,2}\/?[\w.-]+(?:\/[\w.*-]*)+)/g)].map(([, text]) => text as string);
