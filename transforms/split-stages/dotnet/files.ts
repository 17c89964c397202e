/** What a .NET program reads and starts when it runs, by its source. */

import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import { lineAt } from '../../../src/project/calls.ts';
import { namedByEnvironment } from '../environment-files.ts';
import { type NameRules, outermost, placesNamed, placesOnce, type ReadFile, withoutIgnored } from '../named-files.ts';
import type { Obstacle, View } from '../types.ts';

const FILE_LIMIT = 4000;

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** C#, F# and Visual Basic files and settings, tests and what the build makes left out. */
export function mainSources({ runtime, project }: View): readonly Source[] {
  const found: Source[] = [];
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    if (!/\.(?:cs|fs|vb|cshtml)$|(?:^|\/)appsettings[\w.-]*\.json$/.test(path)) continue;
    if (/(?:^|\/)(?:bin|obj|[\w.]*[Tt]ests?)\//.test(path)) continue;
    found.push({ path, text: project.read(path) ?? '' });
  }
  return found;
}

/** Programs, compilers and libraries in C that the runtime image may not have. */
export function codeObstacle({ project }: View, sources: readonly Source[]): Obstacle | undefined {
  for (const { path, text } of sources) {
    const at = (index: number): string => `${project.rootPath(path)}:${lineAt(text, index)}`;
    const build = /\bMSBuildLocator\b/.exec(text);
    if (build) return { code: 'builds-at-run-time', why: `${at(build.index)} needs the SDK: ${build[0]}` };
    const call = /\bProcess\.Start\(|\bnew ProcessStartInfo\b|\bCli\.Wrap\(/.exec(text);
    if (call) return { code: 'programs-unknown', why: `${at(call.index)} starts programs: ${call[0]}` };
    const native =
      /\b(?:DllImport|LibraryImport)\(\s*"(?!libc\b|kernel32|user32|advapi32|ntdll|shell32|gdi32)[^"]*"/.exec(text);
    if (native) return { code: 'links-to-c', why: `${at(native.index)} loads a library: ${native[0]}` };
  }
  return undefined;
}

/** Files that the source or the start names; `root`: those that the host reads in a working folder that is not the publish folder. */
export function filesRead(
  view: View,
  sources: readonly Source[],
  words: readonly string[],
  root: RegExp | undefined,
): ReturnType<typeof withoutIgnored> {
  const { runtime, project, stage } = view;
  const rules: NameRules = {
    endings: [],
    isSource: (path) => /\.(?:cs|fs|vb|cshtml|razor|sln|slnx|\w+proj|user|props|targets)$|Dockerfile[^/]*$/.test(path),
    isModule: (folder) => project.list(folder).some((name) => /\.\w+proj$/.test(name)),
  };
  const found = new Map<string, ReadFile>();
  const placesOf = placesOnce(view, rules);
  for (const { path, text } of sources) {
    const file = project.rootPath(path);
    for (const [index, line] of text.split('\n').entries()) {
      if (/^\s*(?:\/\/|using\b|namespace\b)/.test(line)) continue;
      for (const [, literal = ''] of line.matchAll(/"([^"\\\s]+)"/g)) {
        for (const place of placesOf(literal)) {
          if (!found.has(place))
            found.set(place, { path: place, evidence: { file, line: index + 1, says: `reads ${literal}` } });
        }
      }
    }
  }
  for (const word of words) {
    for (const place of placesNamed(view, word, rules))
      found.set(place, { path: place, evidence: { file: view.document.path, says: `names ${word}` } });
  }
  const variables = namedByEnvironment(view, rules);
  for (const it of variables.files) if (!found.has(it.path)) found.set(it.path, it);
  const folder = stage.end.workdir;
  const here = root && folder !== undefined ? runtime.files.toContext(folder) : undefined;
  for (const name of here === undefined ? [] : project.list(here)) {
    const place = joinPath(folder, name);
    const file = place === undefined ? undefined : runtime.files.toContext(place);
    if (!root?.test(name) || place === undefined || file === undefined || project.ignored(file)) continue;
    found.set(place, {
      path: place,
      evidence: { file: project.rootPath(posix.join(file)), says: 'is read in the working folder' },
    });
  }
  const kept = withoutIgnored(view, outermost([...found.values()]));
  return { files: kept.files, doubts: [...kept.doubts, ...variables.doubts] };
}

/** Images of the SDK up to .NET 7, and the first ones of 8, take the port of the ASP.NET image away: then the server listens on localhost:5000. */
export function listenDoubt(
  view: View,
  sources: readonly Source[],
  words: readonly string[],
  { version, isPatch }: { readonly version: string; readonly isPatch: boolean },
): string | undefined {
  const major = Number(version.split('.')[0]);
  if (major >= 8 && !isPatch) return undefined;
  const { stage, project } = view;
  const names = /ASPNETCORE_URLS|DOTNET_URLS|ASPNETCORE_HTTP_PORTS|Kestrel__/;
  const compose = project.contexts.some(
    ({ service }) => service !== undefined && names.test(JSON.stringify(service.fields)),
  );
  const own = stage.instructions.some(({ pairs }) => pairs.some(({ name }) => names.test(name)));
  const told = words.some((it) => /^--urls\b/.test(it));
  const code = sources.some(({ text }) =>
    /\bUseUrls\(|\bListen(?:AnyIP|Localhost)?\(|"Kestrel"|"[Uu]rls"|\.Run\(\s*"http/.test(text),
  );
  return compose || own || told || code
    ? undefined
    : `whether something sets the address: without one it is localhost:5000 in the image of the SDK and port ${major < 8 ? 80 : 8080} in that of ASP.NET`;
}
