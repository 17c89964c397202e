/** Where the started jars, classes and scripts come from, and what of the builder goes with them. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import type { Evidence } from '../../../src/edit.ts';
import { WHOLE_JARS } from '../../../src/knowledge/java-builds.ts';
import { copiedFrom, isDownload } from '../file-tasks.ts';
import type { Obstacle, Task, View } from '../types.ts';
import { mavenNames, mavenPom, pluginOf } from './maven.ts';
import type { Need } from './starts.ts';

/** A command that builds. */
export interface Build {
  readonly task: Task;
  readonly instruction: Instruction;
  readonly tool: 'maven' | 'gradle' | 'sbt' | 'javac';
  /** Folder in which it runs. */
  readonly folder: string;
}

/** What the runtime stage takes. */
export interface Taken {
  /** Absolute path: a folder with all that is in it, a file, or a pattern. */
  readonly path: string;
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly string[];
}

/** The commands of the stage that build; those that only fetch are left out. */
export function buildsOf({ steps }: View): readonly Build[] {
  return steps.flatMap(({ instruction, tasks }) =>
    tasks.flatMap((task): Build[] => {
      const { call, command } = task;
      const folder = call?.cwdUnknown ? undefined : joinPath(task.cwd, call?.cwd ?? '.');
      if (folder === undefined) return [];
      const isBuild = call?.action === 'build';
      if (isBuild && (call.manager === 'maven' || call.manager === 'gradle'))
        return [{ task, instruction, tool: call.manager, folder: pomFolder(folder, task) }];
      if (command.program === 'sbt' && /\b(?:assembly|stage|pack|package|dist|compile)\b/.test(wordsOf(task)))
        return [{ task, instruction, tool: 'sbt', folder }];
      return command.program === 'javac' ? [{ task, instruction, tool: 'javac', folder }] : [];
    }),
  );
}

const wordsOf = ({ command }: Task): string => command.args.map(({ literal, raw }) => literal ?? raw).join(' ');

/** `mvn -f server/pom.xml`. */
function pomFolder(folder: string, { call }: Task): string {
  const file = call?.requirementFiles.at(-1);
  const place = joinPath(folder, file);
  return file === undefined || place === undefined ? folder : /\.\w+$/.test(place) ? posix.dirname(place) : place;
}

/** What goes along with one need; an obstacle when nothing of the stage makes it. */
export function takenFor(view: View, builds: readonly Build[], need: Need): Taken | Obstacle {
  const { path } = need;
  const evidence = [need.evidence];
  const made = builds.find((build) => isOutput(build, path));
  if (need.kind === 'script') return { path: path.replace(/\/bin\/[^/]+$/, ''), evidence, doubts: [] };
  if (path.endsWith('/*')) return takenFolder(view, builds, need, posix.dirname(path));
  if (need.kind === 'classes' && !path.endsWith('.jar')) return takenFolder(view, builds, need, path);
  const source = made ? path : copiedFrom(view, path);
  if (!made && source === undefined && !isBrought(view, path))
    return { code: 'program-unknown', why: `nothing in the file makes ${path}, which is started` };
  if (need.kind === 'agent') return { path, evidence, doubts: [] };
  const app = /^(.*\/quarkus-app)\/quarkus-run\.jar$/.exec(path)?.[1];
  if (app !== undefined) return { path: app, evidence, doubts: [] };
  const from = builds.find((build) => source !== undefined && isOutput(build, source));
  if (source !== undefined && !from)
    return { path, evidence, doubts: [`whether ${posix.basename(path)} holds its dependencies`] };
  if (!from || source === undefined) return { path, evidence, doubts: [] };
  const doubts = nameDoubt(view, from, source);
  const whole = wholeJar(view, from, source);
  if (whole) return { path, evidence: [...evidence, whole], doubts };
  const folder = posix.dirname(path);
  if (made) return { path: folder, evidence, doubts };
  return {
    path,
    evidence,
    doubts: [...doubts, `whether ${posix.basename(source)} holds its dependencies`],
  };
}

function takenFolder(view: View, builds: readonly Build[], { evidence }: Need, path: string): Taken | Obstacle {
  const isMade = builds.some((it) => isOutput(it, path) || it.folder === path || it.folder.startsWith(`${path}/`));
  if (path === '/') return { code: 'program-unknown', why: 'the class path is the root folder' };
  if (!isMade && view.runtime.files.toContext(path) === undefined && copiedFrom(view, path) === undefined)
    return { code: 'program-unknown', why: `nothing in the file makes ${path}, which is on the class path` };
  return { path, evidence: [evidence], doubts: [] };
}

/** Whether a path lies where the tool writes: `target`, `build`, the folder of the source for javac. */
export function isOutput({ tool, folder }: Build, path: string): boolean {
  const below = folder === '/' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length) : undefined;
  if (below === undefined) return false;
  if (tool === 'javac') return path.endsWith('.class') || path.endsWith('.jar');
  return (
    below
      .split('/')
      .slice(0, -1)
      .includes(tool === 'gradle' ? 'build' : 'target') || /\/(?:target|build)$/.test(below)
  );
}

/** A file of the context, of ADD with an address, or of a download. */
function isBrought({ runtime, steps, stage }: View, path: string): boolean {
  if (runtime.files.toContext(path) !== undefined) return true;
  const isAdded = stage.instructions.some(
    (it) =>
      it.keyword === 'ADD' &&
      it.words.slice(0, -1).some(({ value }) => {
        const to = joinPath(it.state.workdir, it.words.at(-1)?.value);
        return (
          /^https?:/.test(value) && (to === path || (to !== undefined && joinPath(to, posix.basename(value)) === path))
        );
      }),
  );
  return isAdded || steps.some(({ tasks }) => tasks.some((task) => isDownload(task, path)));
}

/** What shows that a jar holds its dependencies; undefined: nothing. */
function wholeJar(view: View, build: Build, jar: string): Evidence | undefined {
  const name = posix.basename(jar);
  const goals = build.task.command.args.map(({ literal }) => literal ?? '');
  if (build.tool === 'sbt' || build.tool === 'gradle') {
    const goal = goals.find((it) => WHOLE_JARS.tasks.test(it) && !/-plain\.jar$/.test(name));
    if (goal !== undefined) return view.fact(build.instruction, `${goal} puts the dependencies into the jar`);
  }
  for (const { file, text } of buildFiles(view, build, jar)) {
    const fact = (at: number, says: string): Evidence => ({
      file: view.project.rootPath(file),
      line: text.slice(0, at).split('\n').length,
      says,
    });
    if (build.tool === 'maven') {
      for (const plugin of WHOLE_JARS.maven) {
        const found = pluginOf(text, plugin);
        const classifier = /<(?:shadedClassifierName|classifier)>([^<]*)</.exec(found?.body ?? '')?.[1];
        const attached = /<shadedArtifactAttached>\s*true/.test(found?.body ?? '')
          ? (classifier ?? 'shaded')
          : undefined;
        const suffix = plugin === 'maven-shade-plugin' ? attached : classifier;
        const skipped = /<skip>\s*true/.test(found?.body ?? '');
        if (found && !skipped && (suffix === undefined || name.includes(suffix)))
          return fact(found.at, `${plugin} puts the dependencies into the jar`);
      }
      const assembly = pluginOf(text, 'maven-assembly-plugin');
      const isWhole = /jar-with-dependencies/.test(assembly?.body ?? '');
      const isNamed = /jar-with-dependencies/.test(name) || /<appendAssemblyId>\s*false/.test(assembly?.body ?? '');
      if (assembly && isWhole && isNamed) return fact(assembly.at, 'jar-with-dependencies');
      const pom = mavenPom(text);
      if (pom.isAlone) return fact(0, `${posix.basename(file)} names no dependency that is needed at run time`);
    } else {
      const all = WHOLE_JARS.gradle.exec(text);
      if (all && !/-plain\.jar$/.test(name)) return fact(all.index, all[0]);
      const shadow = WHOLE_JARS.shadow.exec(text);
      if (shadow && /-(?:all|fat|uber)\.jar$/.test(name)) return fact(shadow.index, shadow[0]);
    }
  }
  return undefined;
}

/** The build files from the module of a jar up to the folder of the build: `file` relative to the context. */
export function buildFiles(
  { runtime, project }: View,
  { folder, tool }: Build,
  jar: string,
): readonly { readonly file: string; readonly text: string }[] {
  const names = { maven: ['pom.xml'], gradle: ['build.gradle', 'build.gradle.kts'], sbt: ['build.sbt'], javac: [] }[
    tool
  ];
  const found: { file: string; text: string }[] = [];
  for (let at = posix.dirname(jar); ; at = posix.dirname(at)) {
    for (const name of names) {
      const file = runtime.files.toContext(posix.join(at, name));
      const text = file === undefined ? undefined : project.read(file);
      if (file !== undefined && text !== undefined) found.push({ file, text });
    }
    if (at === folder || at === '/') return found;
  }
}

/** The name that the pom gives the jar, where it can be told, and the started one is another. */
function nameDoubt(view: View, build: Build, jar: string): readonly string[] {
  const name = posix.basename(jar);
  const pom = build.tool === 'maven' ? buildFiles(view, build, jar)[0] : undefined;
  if (!pom || name.includes('*')) return [];
  const names = mavenNames(pom.text);
  if (names === undefined || names.some((it) => name.startsWith(it))) return [];
  return [`${view.project.rootPath(pom.file)} names its jar ${names[0]}.jar, and ${name} is started`];
}
