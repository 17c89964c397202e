/** Services of the JVM: Spring Boot, Quarkus, Micronaut, by their build files and configuration. */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Evidence } from '../edit.ts';
import { ROUTE_GUARDS } from '../knowledge/route-guards.ts';
import { lineAt } from './calls.ts';
import { healthPath, type PathAnswer } from './health-path.ts';
import { sourcesOf } from './origin.ts';
import { type PortValue, readPort } from './port.ts';
import { springRoutes } from './routes-others.ts';
import { type Found, type NoService, none, type Surroundings } from './service.ts';

const BUILD_FILES = ['pom.xml', 'build.gradle', 'build.gradle.kts'];
/** Frameworks by what the build file names: the port that they take, and the setting that names another one. */
const FRAMEWORKS = [
  {
    name: 'Spring Boot',
    pattern:
      /spring-boot-starter-(?:web|webflux|tomcat|jersey|undertow|jetty|data-rest|graphql|actuator)|spring-cloud-starter-(?:gateway|netflix-(?:eureka|zuul)-server)|spring-cloud-config-server/,
    port: 8080,
    key: 'server.port',
  },
  {
    name: 'Quarkus',
    pattern: /quarkus-(?:rest|resteasy|vertx-http|undertow|reactive-routes|smallrye-health)/,
    port: 8080,
    key: 'quarkus.http.port',
  },
  { name: 'Micronaut', pattern: /micronaut-http-server/, port: 8080, key: 'micronaut.server.port' },
] as const;

export function javaProgram(around: Surroundings): Found | NoService {
  const { process, project } = around;
  const words = process.args.join(' ');
  const told = /(?:--|-D)(?:server|quarkus\.http|micronaut\.server)\.port=(\S+)/.exec(words)?.[1];
  const home = homeOf(around);
  const startup = process.program === 'java' ? 'jvm' : 'quick';
  const base = { name: process.program, startup, evidence: process.evidence } as const;
  if (home === undefined) {
    const value = told === undefined ? undefined : readPort(told);
    return {
      ...base,
      speaks: 'tcp',
      value,
      from: value ? 'start' : 'expose',
      path: undefined,
      pathDoubt: 'the project that the archive is built from is not among the files at hand',
    };
  }
  const build = BUILD_FILES.map((name) => (home === '' ? name : `${home}/${name}`)).find(
    (it) => project.kind(it) === 'file',
  ) as string;
  const text = project.read(build) ?? '';
  const framework = FRAMEWORKS.find(({ pattern }) => pattern.test(text));
  if (!framework)
    return {
      ...base,
      speaks: 'tcp',
      value: undefined,
      from: 'expose',
      path: undefined,
      pathDoubt: `${build} names no server that is known`,
    };
  const settings = settingsOf(around, home);
  const port = settings.find(({ key }) => key === framework.key);
  const evidence: Evidence[] = [
    ...process.evidence,
    evidenceOf(around, build, text, framework.pattern),
    ...(port ? [port.evidence] : []),
  ];
  const isTls = settings.some(
    ({ key }) => /^(?:server|quarkus\.http)\.ssl\./.test(key) || key === 'server.ssl.key-store',
  );
  const value: PortValue | undefined =
    told !== undefined
      ? readPort(told)
      : port
        ? readPort(port.value)
        : {
            number: framework.port,
            variable: framework.name === 'Spring Boot' ? 'SERVER_PORT' : undefined,
            host: undefined,
          };
  if (!value) return none('port-unknown', `${port?.evidence.file}: the port ${port?.value} cannot be read`);
  const answer: PathAnswer = isTls
    ? { path: undefined, pathDoubt: 'it speaks TLS' }
    : framework.name === 'Spring Boot'
      ? springPath(around, home, build, text, settings)
      : quarkusPath(around, build, text, framework.name);
  return {
    name: framework.name,
    speaks: isTls ? 'tcp' : 'http',
    startup,
    value,
    from: told !== undefined ? 'start' : port ? 'configuration' : 'default',
    ...answer,
    evidence,
  };
}

function evidenceOf({ project }: Surroundings, file: string, text: string, pattern: RegExp): Evidence {
  const match = pattern.exec(text);
  return { file: project.rootPath(file), ...(match && { line: lineAt(text, match.index) }), says: match?.[0] ?? file };
}

/** `app/target/x.jar`, `build/libs/x.jar`, `target/quarkus-app/lib/`: what Maven and Gradle made, and the folder of the project in front. */
const ARCHIVE =
  /^\/?(?:[\w.-]+\/)*?((?:[\w.-]+\/)*)(?:target|build\/libs|(?:target|build)\/quarkus-app(?:\/[\w-]+)?)\/[^/]*$/;

/** Whether a program is what Quarkus makes of a project when it compiles to machine code: `COPY target/*-runner application`. */
export const isNative = ({ document, stage, process }: Surroundings): boolean =>
  process.interpreter === undefined &&
  stage.instructions.some(
    ({ keyword, words }) =>
      keyword === 'COPY' &&
      /(?:^|\/)(?:target|build)\/[\w.*-]*-runner$/.test(words[0]?.value ?? '') &&
      joinPath(stage.end.workdir, document.expand(words[1]?.value ?? '', stage.end)) ===
        joinPath(process.cwd, process.path),
  );

/** The folder of the project behind the archive: the one with a build file, of which there must be one. */
function homeOf({ document, project, stage }: Surroundings): string | undefined {
  const named = document.instructions
    .filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD')
    .flatMap(({ words }) => words.slice(0, -1).map(({ value }) => ARCHIVE.exec(value)?.[1]))
    .filter((it) => it !== undefined);
  const sources = sourcesOf(document, project, stage);
  const folders = new Set(
    [...sources, ...sources.map((it) => posix.dirname(it)), ...named.map((it) => it.replace(/\/$/, ''))].map((it) =>
      it === '.' ? '' : it,
    ),
  );
  const homes = [...folders].filter(
    (dir) =>
      BUILD_FILES.some((name) => project.kind(dir === '' ? name : `${dir}/${name}`) === 'file') &&
      project.kind(dir === '' ? 'src' : `${dir}/src`) === 'dir',
  );
  return homes.length === 1 ? homes[0] : undefined;
}

interface Setting {
  readonly key: string;
  readonly value: string;
  readonly evidence: Evidence;
}

/** The settings of application.properties and application.yml, profiles left out. */
function settingsOf({ project }: Surroundings, home: string): Setting[] {
  const folder = home === '' ? 'src/main/resources' : `${home}/src/main/resources`;
  return [
    'application.properties',
    'application.yml',
    'application.yaml',
    'bootstrap.yml',
    'bootstrap.properties',
  ].flatMap((name) => {
    const path = `${folder}/${name}`;
    const text = project.read(path);
    if (text === undefined) return [];
    const lines = name.endsWith('.properties') ? properties(text) : yamlLines(text);
    return lines.map(({ key, value, line }) => ({
      key,
      value,
      evidence: { file: project.rootPath(path), line, says: `${key}=${value}` },
    }));
  });
}

type Line = { readonly key: string; readonly value: string; readonly line: number };

const properties = (text: string): Line[] =>
  text.split(/\r?\n/).flatMap((raw, i) => {
    const match = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(raw);
    return match ? [{ key: match[1] as string, value: match[2] as string, line: i + 1 }] : [];
  });

/** The plain `key: value` lines of the first document, with the keys above them. */
function yamlLines(text: string): Line[] {
  const above: { readonly indent: number; readonly key: string }[] = [];
  const found: Line[] = [];
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (/^---/.test(raw) && found.length > 0) break;
    const match = /^(\s*)([\w.-]+):\s*(.*?)\s*(?:\s#.*)?$/.exec(raw);
    if (!match) continue;
    const indent = (match[1] as string).length;
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    const key = [...above.map((it) => it.key), match[2]].join('.');
    const value = (match[3] as string).replace(/^(['"])(.*)\1$/, '$2');
    if (value === '') above.push({ indent, key: match[2] as string });
    else found.push({ key, value, line: i + 1 });
  }
  return found;
}

/** /actuator/health where the actuator is there and nothing moves or guards it; else a route of the controllers. */
function springPath(
  around: Surroundings,
  home: string,
  build: string,
  text: string,
  settings: readonly Setting[],
): PathAnswer {
  const setting = (key: string) => settings.find((it) => it.key === key)?.value;
  const guard = ROUTE_GUARDS.spring.find(({ pattern }) => pattern.test(text));
  const context = setting('server.servlet.context-path') ?? setting('spring.webflux.base-path') ?? '';
  const actuator = /spring-boot-starter-actuator/;
  if (!actuator.test(text) || context.includes('$')) {
    const routes = context.includes('$')
      ? []
      : springRoutes(around.project, home === '' ? 'src/main' : `${home}/src/main`, context);
    return healthPath(routes, guard?.says);
  }
  if (guard) return { path: undefined, pathDoubt: `/actuator/health is not asked: ${guard.says}` };
  const moved = settings.find(({ key }) =>
    /^management\.(?:server\.port|endpoint\.health\.(?:enabled|access)|endpoints\.(?:enabled-by-default|web\.exposure\.exclude|web\.path-mapping))/.test(
      key,
    ),
  );
  if (moved)
    return { path: undefined, pathDoubt: `/actuator/health is not asked: ${moved.evidence.says} moves or closes it` };
  const base = setting('management.endpoints.web.base-path') ?? '/actuator';
  const isProbed = setting('management.endpoint.health.probes.enabled') === 'true';
  const path = `${context.replace(/\/$/, '')}${base === '/' ? '' : base}/health${isProbed ? '/liveness' : ''}`;
  return { path: { path, evidence: evidenceOf(around, build, text, actuator) }, pathDoubt: undefined };
}

function quarkusPath(around: Surroundings, build: string, text: string, name: string): PathAnswer {
  const health = /quarkus-smallrye-health/;
  if (name !== 'Quarkus' || !health.test(text)) return { path: undefined, pathDoubt: undefined };
  return { path: { path: '/q/health/live', evidence: evidenceOf(around, build, text, health) }, pathDoubt: undefined };
}
