/** A stage on the image of a JDK that only runs what was built before: the image of the JRE is enough. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import { IN_JRE_IMAGE, JDK_PROGRAMS } from '../../../src/knowledge/java-builds.ts';
import { walkFolders } from '../../../src/project/image-files.ts';
import { feedersOf } from '../feeders.ts';
import { tellsVersion } from '../file-tasks.ts';
import { inWords } from '../packages.ts';
import { isObstacle, type Obstacle, type Rebase, type Task, type View } from '../types.ts';
import { buildsOf } from './built.ts';
import { codeObstacle, mainSources, type Source } from './files.ts';
import { hasJdk, imageObstacle, type JreImage, jreImage, systemName, vendorDoubts } from './image.ts';
import { type Started, startedBy } from './starts.ts';

const FILE_LIMIT = 4000;

export function rebase(view: View): Rebase | Obstacle | undefined {
  const { stage, keyword } = view;
  if (stage.parent || !hasJdk(view) || stage.base?.family === 'windows') return undefined;
  if (buildsOf(view).length > 0) return undefined;
  const image = jreImage(view);
  if (isObstacle(image)) return image;
  const started = startedBy(view, image.family);
  if (isObstacle(started)) return started;
  if (!started.needs.some(({ kind }) => kind !== 'agent'))
    return { code: 'program-unknown', why: 'no start command names a jar or classes' };
  const feeders = feedersOf(view);
  const sources = sourcesOf(view, feeders);
  const obstacle = codeObstacle(view, sources) ?? imageObstacle(view, image) ?? runObstacle(view, image);
  if (obstacle) return obstacle;
  const there: ReadonlySet<string> = IN_JRE_IMAGE[image.family];
  const lacking = image.same ? [] : started.packages.filter((it) => !there.has(it));
  if (lacking.length > 0)
    return { code: 'base-unknown', why: `${inWords(lacking)} is started, and ${image.text} may not have it` };
  // the older Amazon Linux has programs that the newer one leaves out
  if (image.family === 'amazon' && !image.same && started.scripts.length > 0)
    return { code: 'base-unknown', why: `whether ${image.text} has what ${started.scripts[0]} starts is not known` };
  const workdir = stage.end.workdir ?? '/';
  const isSet = stage.instructions.some((it) => it.keyword === 'WORKDIR');
  const other = image.same ? '' : ` It is on ${systemName(image)}, and has Java in another folder.`;
  const unread = view.runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  return {
    why: `The stage builds nothing, and what it starts needs neither the compiler nor the other tools of a JDK.${other}`,
    evidence: started.needs.map(({ evidence }) => evidence),
    doubts: [...sourceDoubts(view, started, sources), ...pinned(view, image), ...vendorDoubts(image), ...unread],
    image: image.text,
    head: isSet || workdir === '/' ? [] : [`${keyword('WORKDIR')} ${workdir}`],
  };
}

/** Servers that are downloaded may compile pages with the compiler of the JDK. */
function sourceDoubts(view: View, { needs }: Started, sources: readonly Source[]): readonly string[] {
  const doubt = (what: string) => `whether ${what} asks for the compiler: its source is not at hand`;
  const foreign = needs.find(({ path, kind }) => kind !== 'agent' && !isCopied(view, path));
  return foreign ? [doubt(foreign.path)] : sources.length > 0 ? [] : [doubt('the program')];
}

/** Whether a COPY of the stage brings a path. */
function isCopied({ stage, document }: View, path: string): boolean {
  return stage.instructions.some(({ keyword, words, state }) => {
    if (keyword !== 'COPY' && keyword !== 'ADD') return false;
    const to = words.at(-1)?.value ?? '';
    const target = joinPath(state.workdir, document.expand(to, state))?.replace(/(.)\/$/, '$1');
    if (target === undefined || words.slice(0, -1).some(({ value }) => /^\w+:\/\//.test(value))) return false;
    return path === target || path.startsWith(target === '/' ? '/' : `${target}/`);
  });
}

/** openjdk:11.0.3-jdk: another image of the same version has another patch release. */
function pinned({ stage }: View, { same }: JreImage): readonly string[] {
  const release = same ? undefined : /^\d+(?:\.\d+|u\d)[\w.+]*/.exec(stage.image?.tag ?? '')?.[0];
  return release === undefined ? [] : [`whether Java has to stay at ${release}`];
}

/** Of the stages that build, or of the modules whose jar was built beside the Dockerfile. */
export function sourcesOf(view: View, feeders: readonly View[]): readonly Source[] {
  const built = feeders.flatMap((feeder) => mainSources(feeder));
  if (built.length > 0) return built;
  const folders = new Set<string>();
  for (const { keyword, words, flags, state } of view.stage.instructions) {
    if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) continue;
    for (const { value } of words.slice(0, -1)) {
      const path = posix.normalize(view.document.expand(value, state) ?? '').replace(/^\//, '');
      const [, module] = /^((?:.+\/)?)(?:target|build\/\w+|out)\//.exec(path) ?? [];
      if (module !== undefined) folders.add(module.replace(/\/$/, ''));
    }
  }
  // modules lie beside each other
  return folders.size === 0 ? [] : mainSources(view, walkFolders(view.project, [''], FILE_LIMIT));
}

/** A command of the stage that needs more than the JRE image has. */
export function runObstacle({ steps }: View, image: JreImage): Obstacle | undefined {
  for (const { tasks, opaque, instruction } of steps) {
    if (opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${opaque}`, at: instruction };
    const task = tasks.find((it) => !isAtHome(it, image));
    if (!task) continue;
    const { command, effect } = task;
    const name = command.program ?? command.nameWord?.raw ?? '';
    return /^(?:packages|system|index)$/.test(effect)
      ? {
          code: 'base-unknown',
          why: `${name} would install in ${image.text}, which is another distribution`,
          at: command,
        }
      : { code: 'unknown-effect', why: `whether ${name} works in ${image.text} is not known`, at: command };
  }
  return undefined;
}

/** Programs that images of Maven and Gradle bring besides. Source: carlossg/docker-maven, keeganwitt/docker-gradle; 2026-11. */
const OF_BUILD_IMAGES = /^(?:git|git-lfs|hg|svn|mercurial|bzr|unzip|zip|ssh|scp)$/;

/** Whether a command finds in the JRE image what it found in that of the JDK. */
function isAtHome(task: Task, { same, family }: JreImage): boolean {
  const { effect, command } = task;
  const program = command.program ?? '';
  if (tellsVersion(task)) return program === 'java';
  if (JDK_PROGRAMS.has(program) || OF_BUILD_IMAGES.test(program)) return false;
  const there: ReadonlySet<string> = IN_JRE_IMAGE[family];
  switch (effect) {
    case 'none':
    case 'shell':
    case 'files':
      return true;
    case 'index':
    case 'clean':
    case 'packages':
    case 'system':
    case 'accounts':
      return same;
    case 'fetch':
      return there.has(program) || (family === 'alpine' && program === 'wget');
    default:
      return program === 'java';
  }
}
