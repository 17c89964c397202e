/** What starts in a container of a Node image, and whether it is a server, a front end or somebody's workplace. */
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import {
  DEVELOPMENT_STARTS,
  FRONT_END_PACKAGES,
  FRONT_END_STARTS,
  PACKAGE_PROGRAMS,
} from '../../../src/knowledge/node-packages.ts';
import { serviceFacts } from '../../../src/project/compose-service.ts';
import { placeText } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import { commandsOf } from '../static-site/scripts.ts';
import type { Obstacle, View } from '../types.ts';
import { factsAt } from './project.ts';

/** A text that is carried out when the container starts: a command, the body of a script of package.json, a shell script. */
export interface StartText {
  readonly file: string;
  readonly line?: number;
  readonly text: string;
}

/** Every text that a start command reaches. */
export function startTexts(view: View): readonly StartText[] {
  const { runtime, project } = view;
  const found = new Map<string, StartText>();
  const add = (it: StartText) => found.set(`${it.file}\n${it.text}`, it);
  for (const { by, file, line, text } of runtime.starts) if (by !== 'HEALTHCHECK') add({ file, line, text });
  const entry = runtime.starts.find(({ by }) => by === 'ENTRYPOINT');
  const command = runtime.starts.find(({ by }) => by === 'CMD');
  // ENTRYPOINT ["npm"] and CMD ["start"]
  const script = entry && command ? packageScript(view, `${entry.text} ${command.text}`) : undefined;
  if (entry && script !== undefined) add({ file: entry.file, line: entry.line, text: script });
  for (const { by, file, line, says } of runtime.programs) {
    // "start": "node dist/main"
    const body = /^"[^"]+": "([\s\S]*)"$/.exec(says)?.[1];
    if (by === 'start' && body !== undefined) add({ file, ...(line !== undefined && { line }), text: body });
    if (by === 'config') add({ file, ...(line !== undefined && { line }), text: says });
  }
  for (const { path, text } of runtime.scripts) add({ file: project.rootPath(path), text });
  return [...found.values()];
}

/** Command lines that the code starts, with the scripts of package.json that they name. */
export function codeTexts({ runtime }: View, packages: readonly NodeFacts[]): readonly StartText[] {
  const found: StartText[] = [];
  for (const { by, file, line, commandLine: text } of runtime.programs) {
    if (by !== 'code' || text === undefined || !/\b(?:npm|npx|yarn|pnpm|pnpx|bunx?)\s/.test(text)) continue;
    const at = { file, ...(line !== undefined && { line }) };
    found.push({ ...at, text });
    for (const [, name = ''] of text.matchAll(/\b(?:npm|yarn|pnpm|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/g))
      for (const facts of packages.filter(({ scripts }) => scripts.has(name)))
        for (const command of commandsOf(facts, ['npm', 'run', name])) found.push({ ...at, text: command.join(' ') });
  }
  return found;
}

/** The script of package.json that `npm start` or `yarn run web` carries out. */
function packageScript(view: View, text: string): string | undefined {
  const name = /^(?:npm|yarn|pnpm) (?:run )?([\w:.-]+)$/.exec(text)?.[1];
  const { workdir } = view.stage.end;
  return name === undefined || workdir === undefined ? undefined : factsAt(view, workdir)?.scripts.get(name);
}

/** A development server or a static site: nothing that this recipe knows how to serve. */
export function isFrontEnd({ runtime }: View, texts: readonly StartText[], packages: readonly NodeFacts[]): boolean {
  if (texts.length > 0) return texts.some(({ text }) => FRONT_END_STARTS.test(text));
  return (
    packages.some(({ dependencies }) => dependencies.some(({ name }) => FRONT_END_PACKAGES.has(name))) &&
    runtime.starts.length === 0
  );
}

/** Signs that the image is one to work in: a server that watches files, source mounted over what was built. */
export function developmentImage(
  view: View,
  texts: readonly StartText[],
  roots: readonly string[],
): Obstacle | undefined {
  const watched = texts.find(({ text }) => DEVELOPMENT_STARTS.test(text));
  if (watched)
    return {
      code: 'development',
      why: `${placeText(watched)} starts ${(DEVELOPMENT_STARTS.exec(watched.text) as RegExpExecArray)[0].trim()}`,
    };
  const env = view.stage.end.env.get('NODE_ENV');
  if (env === 'development' || env === 'dev') return { code: 'development', why: `NODE_ENV is ${env}` };
  const own = view.runtime.find(/(?:require\(|from )['"]webpack-dev-(?:server|middleware)['"]/);
  if (own) return { code: 'development', why: `${placeText(own)} serves what webpack builds` };
  for (const { service, file = '' } of view.project.contexts) {
    if (!service) continue;
    for (const { source, target } of serviceFacts(service.fields).volumes) {
      const place = joinPath(view.stage.end.workdir, target)?.replace(/\/$/, '');
      const isHost = source !== undefined && /^(?:[./~]|\$\{?PWD\b)/.test(source);
      const isCode = roots.some(
        (root) =>
          place === root ||
          root.startsWith(`${place}/`) ||
          new RegExp(`^${root}(?:/[\\w-]+)?/(?:src|app|lib|dist|server|pages|routes|node_modules)$`).test(place ?? ''),
      );
      const isModules = place?.endsWith('/node_modules');
      if (place !== undefined && isCode && (isHost || isModules))
        return {
          code: 'development',
          why: `${file}:${service.lineOf('volumes')} mounts ${source ?? 'a volume'} at ${target}`,
        };
    }
  }
  return undefined;
}

/** The first start text that installs packages; a small image has no compilers for them. */
export function installsAtStart({ stage }: View, texts: readonly StartText[]): Obstacle | undefined {
  // a Procfile beside a CMD is for machines without the image
  const hasCommand = stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  const own = texts.filter(({ file }) => !hasCommand || !/(?:^|\/)Procfile$/.test(file));
  const found = own.find(({ text }) =>
    /\b(?:npm (?:i|install|ci|rebuild)|pnpm (?:i|install)|yarn install|yarn(?=\s*(?:&&|;|\n|$)))\b/.test(text),
  );
  return found && { code: 'installs-at-start', why: `${placeText(found)} installs packages when the container starts` };
}

/** Names under which the programs of a package are started. */
export function programsOf(name: string): readonly string[] {
  const own = Object.hasOwn(PACKAGE_PROGRAMS, name) ? PACKAGE_PROGRAMS[name] : undefined;
  const last = name.slice(name.lastIndexOf('/') + 1);
  // @nrwl/node and @types/node have no program that node starts
  return own ?? (/^(?:node|npm|yarn|pnpm|sh|bash)$/.test(last) && last !== name ? [] : [last]);
}

/** A start text that names a package or one of its programs. */
export function startOf(texts: readonly StartText[], name: string): Evidence | undefined {
  const names = [...new Set([name, ...programsOf(name)])];
  if (!texts.some(({ text }) => names.some((it) => text.includes(it)))) return undefined;
  const any = names.map((it) => it.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?:^|[^\\w@.-])(?:${any.join('|')})(?=$|[^\\w.-])`);
  const found = texts.find(({ text }) => pattern.test(text));
  return (
    found && {
      file: found.file,
      ...(found.line !== undefined && { line: found.line }),
      says: `starts ${pattern.exec(found.text)?.[0].replace(/^\W/, '') ?? name}`,
    }
  );
}
