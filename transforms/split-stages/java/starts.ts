/** What a container of a Java image starts: the words of `java`, scripts of the context, start scripts of a distribution. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { SMALL_IMAGE_PACKAGES, SMALL_IMAGE_PROGRAMS } from '../../../src/knowledge/data-packages.ts';
import { DEVELOPMENT_GOALS, IN_JRE_IMAGE, JDK_MODULES, JDK_PROGRAMS } from '../../../src/knowledge/java-builds.ts';
import { type Call, callsOf } from '../start-words.ts';
import type { Obstacle, View } from '../types.ts';
import type { JreImage } from './image.ts';

/** A path that the start needs, as far as it is told by the words of `java`. */
export interface Need {
  /** Absolute path in the image; its last part may be a pattern: `/app/target/*.jar`. */
  readonly path: string;
  /** jar: started with -jar. classes: an entry of the class or module path. agent: a file. script: a start script. */
  readonly kind: 'jar' | 'classes' | 'agent' | 'script';
  readonly evidence: Evidence;
}

export interface Started {
  readonly needs: readonly Need[];
  /** Absolute paths of scripts of the context. */
  readonly scripts: readonly string[];
  /** Packages that bring programs which are started. */
  readonly packages: readonly string[];
  /** Words of the start commands that may name files. */
  readonly words: readonly { readonly text: string; readonly evidence: Evidence }[];
}

/** Everything that is started; an obstacle when a part cannot be placed. `family`: of the image that it will run in. */
export function startedBy(view: View, family: JreImage['family']): Started | Obstacle {
  const needs: Need[] = [];
  const scripts = new Set<string>();
  const packages = new Set<string>();
  const words: Started['words'][number][] = [];
  const there: ReadonlySet<string> = IN_JRE_IMAGE[family];
  for (const call of callsOf(view)) {
    const [path = '', ...args] = call.words;
    const program = posix.basename(path);
    const where = `${call.evidence.file}${call.evidence.line === undefined ? '' : `:${call.evidence.line}`}`;
    words.push(...args.map((text) => ({ text, evidence: call.evidence })));
    if (/^(?:mvnw?|mvnd|gradlew?|sbt|lein|clojure|mill)$/.test(program)) {
      const text = args.join(' ');
      return {
        code: DEVELOPMENT_GOALS.test(text) ? 'development' : 'builds-at-run-time',
        why: `${where} starts ${program} ${text}`.trim(),
      };
    }
    if (JDK_PROGRAMS.has(program)) return { code: 'builds-at-run-time', why: `${where} starts ${program}` };
    if (program === 'java') {
      const found = needsOf(call);
      if ('code' in found) return { ...found, why: `${where} ${found.why}` };
      needs.push(...found.needs);
      continue;
    }
    const place = path.includes('/') ? joinPath(call.cwd, path) : view.runtime.locate(path);
    if (place !== undefined && view.runtime.files.toContext(place) !== undefined) scripts.add(place);
    else if (place !== undefined && /\/(?:target|build)\/.*\/bin\/[^/]+$/.test(place))
      needs.push({ path: place, kind: 'script', evidence: call.evidence });
    else if (SMALL_IMAGE_PACKAGES.has(program)) {
      if (!there.has(program)) packages.add(program);
    } else if (!there.has(program) && !SMALL_IMAGE_PROGRAMS.has(program) && program !== 'wget')
      return { code: 'programs-unknown', why: `${where} starts ${path}, and where it comes from is not known` };
  }
  for (const [name, value] of agentVariables(view)) {
    for (const [, agent = ''] of value.matchAll(/-javaagent:([^\s=,"']+)/g)) {
      const path = joinPath(view.stage.end.workdir, agent);
      const evidence = { file: view.document.path, says: `${name} names the agent ${agent}` };
      if (path !== undefined) needs.push({ path, kind: 'agent', evidence });
    }
  }
  return { needs, scripts: [...scripts], packages: [...packages], words };
}

/** JAVA_TOOL_OPTIONS and the like, of the image and of compose. */
function agentVariables({ stage, project }: View): [string, string][] {
  const own = stage.instructions.flatMap(({ keyword, pairs }) => (keyword === 'ENV' ? pairs : []));
  const compose = project.contexts.flatMap(({ service }) => (service ? [JSON.stringify(service.fields)] : []));
  return [
    ...own.map(({ name }): [string, string] => [name, stage.end.env.get(name) ?? '']),
    ...compose.map((text): [string, string] => ['compose', text]),
  ];
}

/** Options whose value is a word of its own. Source: the java command of JDK 21. */
const WITH_VALUE = new Set([
  ...['--add-modules', '--add-opens', '--add-exports', '--add-reads', '--patch-module', '--limit-modules'],
  ...['--upgrade-module-path', '--describe-module', '-d', '--source'],
]);

function needsOf({ words, cwd, evidence, patterns }: Call): { needs: readonly Need[] } | Obstacle {
  const needs: Need[] = [];
  const args = words.slice(1);
  const unknown = (why: string): Obstacle => ({ code: 'program-unknown', why });
  let paths: readonly string[] | undefined;
  let jar: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (JDK_MODULES.test(word)) return { code: 'builds-at-run-time', why: `asks for ${word}` };
    if (word === '-jar') {
      jar = args[i + 1] ?? '';
      break;
    }
    const list = /^(?:-cp|-classpath|--class-path|-p|--module-path)(?:=(.+))?$/.exec(word);
    if (list) paths = [...(paths ?? []), ...(list[1] ?? args[++i] ?? '').split(':').filter(Boolean)];
    else if (WITH_VALUE.has(word)) {
      const value = args[++i] ?? '';
      if (JDK_MODULES.test(value) && word === '--add-modules')
        return { code: 'builds-at-run-time', why: `asks for ${value}` };
    } else if (/^-(?:javaagent|agentpath):/.test(word)) {
      const path = joinPath(cwd, word.replace(/^-\w+:/, '').split('=')[0]);
      if (path !== undefined) needs.push({ path, kind: 'agent', evidence });
    } else if (word.startsWith('@')) return unknown(`takes its words from ${word}`);
    else if (word === '-m' || word === '--module') break;
    else if (word.startsWith('-') || /^"?\$|^`|^$/.test(word)) continue;
    else if (word.endsWith('.java')) return { code: 'builds-at-run-time', why: `compiles ${word} when it starts` };
    else break;
  }
  const named = jar !== undefined ? [jar] : (paths ?? ['.']);
  for (const name of named) {
    const path = /[$`]/.test(name) ? undefined : joinPath(cwd, name);
    if (path === undefined || (jar !== undefined && name.includes('*') && !patterns))
      return unknown(`starts ${name}, which is not fixed text`);
    needs.push({ path, kind: jar === undefined ? 'classes' : 'jar', evidence });
  }
  return { needs };
}
