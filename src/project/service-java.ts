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
import { inForce, javaWords, REMOTE_SETTINGS, type Setting, springSettings } from './spring-settings.ts';

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
  const told = /(?:--|-D)(?:server|quarkus\.http|micronaut\.server)\.port=(\S+)/.exec(javaWords(around))?.[1];
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
  const { settings, elsewhere } = inForce(around, springSettings(around, home));
  const port = settings.find(({ key }) => key === framework.key);
  const evidence: Evidence[] = [
    ...process.evidence,
    evidenceOf(around, build, text, framework.pattern),
    ...(port ? [port.evidence] : []),
  ];
  const isTls = settings.some(
    ({ key }) => /^(?:server|quarkus\.http)\.ssl\./.test(key) || key === 'server.ssl.key-store',
  );
  const isSpring = framework.name === 'Spring Boot';
  const value: PortValue | undefined =
    told !== undefined
      ? readPort(told)
      : port
        ? overridden(around, isSpring, readPort(port.value))
        : { number: framework.port, variable: isSpring ? 'SERVER_PORT' : undefined, host: undefined };
  if (!value) return none('port-unknown', `${port?.evidence.file}: the port ${port?.value} cannot be read`);
  const remote = isSpring ? remoteSettings(around, build, text, settings) : undefined;
  const other = elsewhere.find((it) => it.key === framework.key && readPort(it.value)?.number !== value.number);
  const unsure =
    told !== undefined || !isSpring
      ? undefined
      : other
        ? `${other.evidence.file}:${other.evidence.line} names ${other.value} for the profile ${other.profile}`
        : remote && !port
          ? `a server of settings may name its port (${remote})`
          : undefined;
  if (unsure !== undefined)
    return {
      ...base,
      ...{ name: framework.name, speaks: 'tcp', startup, value: undefined, from: 'expose', path: undefined },
      ...{ pathDoubt: unsure, evidence },
    };
  const answer: PathAnswer = isTls
    ? { path: undefined, pathDoubt: 'it speaks TLS' }
    : isSpring
      ? springPath(around, home, build, text, { settings, elsewhere, remote })
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

/** ENV SERVER_PORT wins over the files of Spring Boot. */
function overridden({ stage }: Surroundings, isSpring: boolean, port: PortValue | undefined): PortValue | undefined {
  return port && isSpring && port.variable === undefined && stage.end.env.has('SERVER_PORT')
    ? { ...port, variable: 'SERVER_PORT' }
    : port;
}

/** Where it says that settings are fetched when the program starts. */
function remoteSettings(
  { project }: Surroundings,
  build: string,
  text: string,
  settings: readonly Setting[],
): string | undefined {
  if (settings.some(({ key, value }) => key === 'spring.cloud.config.enabled' && value === 'false')) return undefined;
  const library = REMOTE_SETTINGS.exec(text);
  return library ? `${project.rootPath(build)}:${lineAt(text, library.index)} has ${library[0]}` : undefined;
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

interface SpringSettings {
  readonly settings: readonly Setting[];
  readonly elsewhere: readonly Setting[];
  readonly remote: string | undefined;
}

/** What moves or closes /actuator/health. */
const MOVES =
  /^management\.(?:server\.port|endpoint\.health\.(?:enabled|access)|endpoints\.(?:enabled-by-default|web\.exposure\.exclude|web\.path-mapping))/;
/** What lies above every path. */
const ABOVE = /^(?:server\.servlet\.context-path|spring\.webflux\.base-path)$/;

/** /actuator/health where the actuator is there and nothing moves or guards it; else a route of the controllers. */
function springPath(
  around: Surroundings,
  home: string,
  build: string,
  text: string,
  { settings, elsewhere, remote }: SpringSettings,
): PathAnswer {
  const setting = (key: string) => settings.find((it) => it.key === key)?.value;
  const guard = ROUTE_GUARDS.spring.find(({ pattern }) => pattern.test(text));
  const context = settings.find(({ key }) => ABOVE.test(key))?.value ?? '';
  if (remote) return { path: undefined, pathDoubt: `no path is asked: a server of settings may move it (${remote})` };
  const bound = elsewhere.find(({ key }) => ABOVE.test(key) || MOVES.test(key) || key.endsWith('.base-path'));
  if (bound) {
    const place = `${bound.evidence.file}:${bound.evidence.line}`;
    return { path: undefined, pathDoubt: `no path is asked: ${place} moves it for the profile ${bound.profile}` };
  }
  const actuator = /spring-boot-starter-actuator/;
  if (!actuator.test(text) || context.includes('$')) {
    const routes = context.includes('$')
      ? []
      : springRoutes(around.project, home === '' ? 'src/main' : `${home}/src/main`, context);
    return healthPath(routes, guard?.says);
  }
  if (guard) return { path: undefined, pathDoubt: `/actuator/health is not asked: ${guard.says}` };
  const moved = settings.find(({ key }) => MOVES.test(key));
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
