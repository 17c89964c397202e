/** What a container of a .NET image starts: a library or a program from a publish folder, and scripts before it. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { SMALL_IMAGE_PROGRAMS } from '../../../src/knowledge/data-packages.ts';
import { callsOf } from '../start-words.ts';
import type { Obstacle, View } from '../types.ts';
import { libraryName, type Publish, publishesOf } from './project.ts';

export interface Started {
  readonly publish: Publish;
  /** The stage that publishes it. */
  readonly by: View;
  /** The folder that is copied. */
  readonly folder: string;
  readonly scripts: readonly string[];
  readonly packages: readonly string[];
  readonly words: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A publish, and the stage that makes it. */
export interface Published {
  readonly publish: Publish;
  readonly by: View;
}

/** The publish of a stage that makes a file. */
export function publishOf(view: View, place: string): Published | undefined {
  const publish = publishesOf(view).find((it) => isOutput(view, it, place));
  return publish && { publish, by: view };
}

/** The library or program that is started, from a publish folder. */
export function startedBy(view: View, publishAt: (place: string) => Published | undefined): Started | Obstacle {
  const scripts = new Set<string>();
  const packages = new Set<string>();
  const words: string[] = [];
  const evidence: Evidence[] = [];
  let main: (Published & { folder: string }) | undefined;
  for (const call of callsOf(view)) {
    const [path = '', ...args] = call.words;
    const program = posix.basename(path);
    const where = `${call.evidence.file}${call.evidence.line === undefined ? '' : `:${call.evidence.line}`}`;
    words.push(...args);
    const library = program === 'dotnet' ? args.find((it) => /\.dll$/.test(it)) : undefined;
    const verb = program === 'dotnet' ? args.find((it) => !it.startsWith('-')) : undefined;
    if (library === undefined && (verb === 'run' || verb === 'watch'))
      return { code: 'development', why: `${where} starts dotnet ${args.join(' ')}` };
    if (program === 'dotnet' && library === undefined)
      return { code: 'builds-at-run-time', why: `${where} starts dotnet ${args.join(' ')}` };
    const named = library ?? path;
    const place = named.includes('/') || library !== undefined ? joinPath(call.cwd, named) : view.runtime.locate(named);
    const publish = place === undefined ? undefined : publishAt(place);
    if (publish && place !== undefined) {
      main = { ...publish, folder: posix.dirname(place) };
      evidence.push(call.evidence);
    } else if (library !== undefined)
      return { code: 'program-unknown', why: `${where} starts ${library}, and no dotnet publish makes it` };
    else if (place !== undefined && view.runtime.files.toContext(place) !== undefined) scripts.add(place);
    else if (program === 'curl' || program === 'wget' || program === 'bash') packages.add(program);
    else if (!SMALL_IMAGE_PROGRAMS.has(program))
      return { code: 'programs-unknown', why: `${where} starts ${path}, and where it comes from is not known` };
  }
  if (!main) return { code: 'program-unknown', why: 'no start command names a program that is published' };
  return { ...main, scripts: [...scripts], packages: [...packages], words, evidence };
}

/** `out/Shop.dll` of `-o out`; below `bin/Release/net8.0/publish` without -o. */
function isOutput(view: View, publish: Publish, path: string): boolean {
  const name = libraryName(view, publish);
  const isNamed = name === undefined || posix.basename(path).replace(/\.dll$/, '') === name;
  const folder = posix.dirname(path);
  if (publish.output !== undefined) return isNamed && folder === publish.output;
  return (
    isNamed && folder.startsWith(`${publish.folder}/`) && /\/bin\/\w+\/[\w.-]+\/(?:[\w-]+\/)?publish$/.test(folder)
  );
}
