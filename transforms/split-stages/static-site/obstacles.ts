/** What the server of today does besides handing out files, and what a development server knows that a build does not. */

import type { Evidence } from '../../../src/edit.ts';
import { lineAt } from '../../../src/project/calls.ts';
import { environmentOf } from '../../../src/project/compose-service.ts';
import { isRecord, recordIn } from '../../../src/project/manifests.ts';
import type { Obstacle, View } from '../types.ts';
import { angularBuild, angularServe } from './angular.ts';
import { inPackage } from './build.ts';
import { composeObstacle, missingProgram } from './compose.ts';
import { configsIn, mention } from './config.ts';
import { type SiteServer, VITE_CONFIGS } from './server.ts';
import { variablesMissing } from './variables.ts';

/** `headers: {..}`, middleware of plugins and of webpack, mocks; module federation, whose files other origins load. */
const SPECIAL =
  /(?:^|[\s{,])"?headers"?\s*:|\b(?:configureServer|configurePreviewServer|setupMiddlewares|onBeforeSetupMiddleware|onAfterSetupMiddleware|viteMockServe|federation)\s*[:(]|\bModuleFederationPlugin\b/;

/** Commands of a start script that leave nothing behind. */
const HARMLESS = /^(?:cd|echo|export|set|true|:)$/;

/** Why nginx cannot take the place of the server. */
export function serverObstacle(view: View, site: SiteServer): Obstacle | undefined {
  const { stage, runtime } = view;
  const { row, process } = site;
  const volume = stage.instructions.find(({ keyword }) => keyword === 'VOLUME');
  if (volume)
    return {
      code: 'development',
      why: 'the stage has a VOLUME, which a container of files has no use for',
      at: volume,
    };
  const compose = composeObstacle(view, site.dir);
  if (compose) return compose;
  if (row.kind === 'files' && row.special?.test(process.args.join(' ')))
    return {
      code: 'server-special',
      why: `${process.program} ${process.args.join(' ')} does more than hand out files`,
    };
  const settings = ['serve.json', 'now.json'].find(
    (name) => row.programs.includes('serve') && view.project.kind(inPackage(site, name)),
  );
  if (settings) return { code: 'server-special', why: `${settings} changes the answers of serve` };
  const special = specialAnswers(view, site);
  if (special !== undefined) return { code: 'server-special', why: special };
  const secure = speaksTls(view, site);
  if (secure !== undefined) return { code: 'server-special', why: `${secure}: it speaks TLS` };
  const other = site.before.find(([program = '']) => !HARMLESS.test(program));
  if (other)
    return {
      code: 'script-at-start',
      why: `${other.join(' ')} runs before ${process.program} when the container starts`,
    };
  const check = runtime.starts.find(({ by }) => by === 'HEALTHCHECK');
  const missing = check && missingProgram(check.words ?? check.text);
  if (missing !== undefined)
    return {
      code: 'programs-unknown',
      why: `line ${check?.line}: the health check runs ${missing}, which is not in the image of nginx`,
    };
  return proxyObstacle(view, site);
}

/** Headers and answers of its own that the configuration gives the server of a framework; files that other sites load. */
function specialAnswers({ project }: View, { row, facts, framework }: SiteServer): string | undefined {
  if (row.kind === 'files') return undefined;
  const names = framework?.configs ?? [];
  const found = mention(configsIn(project, facts.dir, [...new Set([...names, ...VITE_CONFIGS])]), SPECIAL);
  return found && `${project.rootPath(found.file)}:${found.line} says ${found.says}: nginx would not answer like that`;
}

/** Where the development server is told to speak TLS. */
function speaksTls({ project, stage }: View, { process, facts, framework }: SiteServer): string | undefined {
  const flag = process.args.find((it) => /^--(?:https|ssl)(?:=true)?$/.test(it));
  if (flag !== undefined) return flag;
  if ((process.assignments.get('HTTPS') ?? stage.end.env.get('HTTPS')) === 'true') return 'HTTPS is set';
  const found = mention(
    configsIn(project, facts.dir, framework?.configs ?? []),
    /\bhttps\s*:\s*(?!\/\/|false|undefined)|\bbasicSsl\s*\(|\bmkcert\s*\(/,
  );
  return found && `${project.rootPath(found.file)}:${found.line}`;
}

/** A health check by name: wget of busybox asks the first address of localhost alone, which may be that of IPv6. */
export function healthDoubts({ runtime, project }: View): readonly string[] {
  const checks = [
    ...runtime.starts.filter(({ by }) => by === 'HEALTHCHECK').map(({ text }) => text),
    ...project.contexts.map(({ service }) => JSON.stringify(service?.fields.healthcheck ?? '')),
  ];
  return checks.some((it) => /\bwget\b/.test(it) && it.includes('localhost'))
    ? ['the health check asks localhost, and nginx listens on IPv4 alone']
    : [];
}

/** Paths that the server hands on to another one. */
function proxyObstacle({ project }: View, site: SiteServer): Obstacle | undefined {
  const { row, facts, framework, process } = site;
  if (row.kind === 'files') return undefined;
  const proxy = (where: string): Obstacle => ({
    code: 'dev-proxy',
    why: `${where}: nginx would have to hand these paths on, and to whom in production is not written`,
  });
  if (process.args.some((it) => it.startsWith('--proxy-config'))) return proxy(process.args.join(' '));
  const own = recordIn(project, facts.manifest)?.proxy;
  if (typeof own === 'string' || isRecord(own)) return proxy(`"proxy" in ${project.rootPath(facts.manifest)}`);
  const file = [
    'src/setupProxy.js',
    'src/setupProxy.ts',
    '.proxyrc',
    '.proxyrc.json',
    '.proxyrc.js',
    '.proxyrc.cjs',
    'proxy.conf.json',
  ]
    .map((name) => inPackage(site, name))
    .find((path) => project.kind(path) === 'file');
  if (file !== undefined) return proxy(project.rootPath(file));
  const angular = framework?.name === 'Angular' ? angularServe(project, facts).proxy : undefined;
  if (angular) return proxy(`${angular.says} in ${angular.file}`);
  const names = [...(framework?.configs ?? []), ...VITE_CONFIGS];
  const found = mention(
    configsIn(
      project,
      facts.dir,
      names.filter((it) => it !== 'angular.json'),
    ),
    /\bproxy\s*[:(]/,
  );
  return found && proxy(`${project.rootPath(found.file)}:${found.line}`);
}

/** What is known of a build that takes the place of a development server. */
interface Development {
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Why a build would not be what the development server shows; else what could not be established. */
export function developmentDoubts(view: View, site: SiteServer): Obstacle | Development {
  const { project, stage, document, runtime } = view;
  const { facts, framework } = site;
  const file = document.path.split('/').at(-1) as string;
  if (/(?:^|[._-])(?:dev|develop|development|local)(?:[._-]|$)/i.test(file) || /dev/i.test(stage.name ?? ''))
    return {
      code: 'development',
      why: `${stage.name === undefined || !/dev/i.test(stage.name) ? file : stage.name} is for development by its name`,
    };
  const twin = project.siblings.find(({ path }) => /prod/i.test(path.split('/').at(-1) as string));
  if (twin) return { code: 'development', why: `${twin.path} is the one for production` };
  const skaffold = project.root.read('skaffold.yaml') ?? '';
  if (/^\s*sync:/m.test(skaffold) && (project.context === '' || skaffold.includes(project.context ?? '')))
    return { code: 'development', why: 'skaffold.yaml copies changed files into the container' };
  const modes = [
    stage.end.env.get('NODE_ENV'),
    ...project.contexts.map(({ service }) => service && environmentOf(service.fields).get('NODE_ENV')),
  ];
  if (modes.includes('development')) return { code: 'development', why: 'NODE_ENV is development' };
  const prefix = framework?.variables ?? /^(?!)/;
  for (const { service, file: compose = '' } of project.contexts) {
    if (!service) continue;
    const name = [...environmentOf(service.fields).keys()].find((it) => prefix.test(it));
    if (name !== undefined)
      return {
        code: 'environment-at-start',
        why: `${compose}:${service.lineOf('environment')} sets ${name} when the development server starts; a build reads it earlier, as an ARG`,
      };
    if (service.fields.env_file !== undefined)
      return {
        code: 'environment-at-start',
        why: `${compose}:${service.lineOf('env_file')} gives variables when the development server starts; a build reads them earlier`,
      };
  }
  const mode = ['.env.development', '.env.development.local'].find(
    (name) => project.kind(inPackage(site, name)) === 'file',
  );
  if (mode)
    return { code: 'environment-at-start', why: `${mode} is read by the development server and not by a build` };
  if (framework?.name === 'Angular' && angularBuild(project, facts)?.replaces)
    return {
      code: 'environment-at-start',
      why: 'angular.json replaces files in a production build, which the development server does not',
    };
  const doubts: string[] = [];
  const elsewhere = builtElsewhere(view, site);
  if (!elsewhere) doubts.push('the container ran the development server, and whether the build passes was not tried');
  for (const [name, { file: source, line }] of variablesMissing(view, site).slice(0, 3)) {
    doubts.push(`${source}:${line} reads ${name}, which no file at hand gives to a build`);
  }
  const asks = runtime.find(/process\.env\.NODE_ENV|import\.meta\.env\.(?:DEV|PROD|MODE)\b|\bisDevMode\(\)/);
  if (asks) doubts.push(`${asks.file}:${asks.line} asks whether it runs in development`);
  if (stage.end.env.get('CI') === 'true' && framework?.name === 'Create React App')
    doubts.push('CI is set, which makes warnings of the build errors');
  return { doubts, evidence: elsewhere ? [elsewhere] : [] };
}

/** A workflow or a host of static sites that runs the build: then it is known to pass. */
function builtElsewhere({ project }: View, site: SiteServer): Evidence | undefined {
  const { root } = project;
  const folder = project.rootPath(site.facts.dir);
  const workflows = root.list('.github/workflows').map((name) => `.github/workflows/${name}`);
  for (const file of [...workflows, '.gitlab-ci.yml']) {
    const text = root.read(file) ?? '';
    const match = /\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?build\b/.exec(text);
    if (match && (/^\.?$/.test(folder) || text.includes(folder)))
      return { file, line: lineAt(text, match.index), says: match[0] };
  }
  const host = ['netlify.toml', 'vercel.json'].find((name) => project.kind(inPackage(site, name)) === 'file');
  return host === undefined
    ? undefined
    : { file: project.rootPath(inPackage(site, host)), says: 'publishes what is built' };
}
