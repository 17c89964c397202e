/** Services of ASP.NET Core: the port by URLs, configuration and version of the image, the path by MapHealthChecks. */

import { posix } from 'node:path';
import { lineage } from '../document/lineage.ts';
import type { Evidence } from '../edit.ts';
import { ROUTE_GUARDS } from '../knowledge/route-guards.ts';
import { lineAt } from './calls.ts';
import { healthPath, obstacleIn } from './health-path.ts';
import { sourcesOf } from './origin.ts';
import { type PortValue, readPort } from './port.ts';
import { folderFiles } from './reachable.ts';
import { dotnetRoutes } from './routes-others.ts';
import { type Found, type NoService, none, type PortSource, type Surroundings } from './service.ts';

export function dotnetProgram(around: Surroundings): Found | NoService {
  const { process, project } = around;
  const library = [process.path, ...process.args].find((it) => /\.dll$/.test(it));
  const name = library === undefined ? undefined : posix.basename(library, '.dll');
  const manifest = name === undefined ? undefined : manifestOf(around, name);
  const base = { name: `dotnet ${name}`, startup: 'jvm', evidence: process.evidence } as const;
  if (manifest === undefined) {
    return {
      ...base,
      speaks: 'tcp',
      value: undefined,
      from: 'expose',
      path: undefined,
      pathDoubt: 'the project of the library is not among the files at hand',
    };
  }
  const text = project.read(manifest) ?? '';
  const web = /Sdk="Microsoft\.NET\.Sdk\.Web"/.exec(text);
  if (!web) {
    const isWorker = /Microsoft\.NET\.Sdk\.Worker|Microsoft\.Extensions\.Hosting/.test(text);
    if (isWorker) return none('worker', `${manifest} is a worker: it listens on no port`);
    return {
      ...base,
      speaks: 'tcp',
      value: undefined,
      from: 'expose',
      path: undefined,
      pathDoubt: `${manifest} is no web project`,
    };
  }
  const evidence: Evidence = { file: project.rootPath(manifest), line: lineAt(text, web.index), says: web[0] };
  const dir = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
  const port = portOf(around, dir);
  if ('kind' in port) return port;
  const files = folderFiles(project, dir, /\.cs$/);
  const answer = healthPath(dotnetRoutes(project, dir), obstacleIn(files, ROUTE_GUARDS.dotnet));
  return {
    name: `dotnet ${name}`,
    speaks: 'http',
    startup: 'jvm',
    ...port,
    ...answer,
    evidence: [...process.evidence, evidence, ...port.evidence],
  };
}

/** `Shop.dll` is built from Shop.csproj, somewhere below what is copied. */
function manifestOf({ document, project, stage }: Surroundings, name: string): string | undefined {
  const found = new Set<string>();
  for (const source of sourcesOf(document, project, stage)) {
    const folders = [source, posix.dirname(source)].map((it) => (it === '.' ? '' : it));
    const below = folders.flatMap((dir) => project.list(dir).map((it) => (dir === '' ? it : `${dir}/${it}`)));
    const deeper = [...below, ...below.flatMap((dir) => project.list(dir).map((it) => `${dir}/${it}`))];
    for (const path of [source, ...deeper]) if (posix.basename(path) === `${name}.csproj`) found.add(path);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

interface Place {
  readonly value: PortValue | undefined;
  readonly from: PortSource;
  readonly evidence: readonly Evidence[];
}

const URLS = ['ASPNETCORE_URLS', 'DOTNET_URLS', 'URLS'];
const PORTS = ['ASPNETCORE_HTTP_PORTS', 'HTTP_PORTS', 'DOTNET_HTTP_PORTS'];

/** --urls, then code, then appsettings, then variables, then what the image sets. Source: dotnet/AspNetCore.Docs: Kestrel endpoints. */
function portOf(around: Surroundings, dir: string): Place | NoService {
  const { process, stage, project } = around;
  const env = (name: string) => process.assignments.get(name) ?? stage.end.env.get(name);
  const at = process.args.findIndex((it) => /^--urls/.test(it));
  const told = at < 0 ? undefined : (process.args[at]?.split('=')[1] ?? process.args[at + 1]);
  if (told !== undefined) return fromUrls(told, 'start');
  for (const { path, text } of folderFiles(project, dir, /^(?:Program|Startup)\.cs$/)) {
    const code = /\.(?:UseUrls|ListenAnyIP|ListenLocalhost|Listen)\(\s*([^)]*)\)|UseKestrel\(\s*[^)\s]/.exec(text);
    if (!code) continue;
    const value = code[1] === undefined ? undefined : readPort(code[1].split(',').at(-1)?.trim() ?? '');
    const evidence = { file: project.rootPath(path), line: lineAt(text, code.index), says: code[0] };
    return value
      ? { value, from: 'source', evidence: [evidence] }
      : none('port-unknown', `${path}: where Kestrel listens cannot be read`);
  }
  const settings = dir === '' ? 'appsettings.json' : `${dir}/appsettings.json`;
  if (/"Kestrel"|"Urls"/i.test(project.read(settings) ?? ''))
    return none('port-unknown', `${settings} configures where Kestrel listens`);
  const urls = URLS.map(env).find((it) => it !== undefined);
  if (urls !== undefined) return fromUrls(urls, 'configuration');
  const ports = PORTS.map(env).find((it) => it !== undefined);
  if (ports !== undefined)
    return fromUrls(
      ports
        .split(';')
        .map((it) => `http://+:${it}`)
        .join(';'),
      'configuration',
    );
  const version = versionOf(around);
  if (version === undefined)
    return none(
      'port-unknown',
      'which version of ASP.NET the image has is not known: it listens on 8080 from 8 on, on 80 before',
    );
  return {
    value: { number: version >= 8 ? 8080 : 80, variable: undefined, host: undefined },
    from: 'default',
    evidence: [],
  };
}

/** The first plain one of `https://+:443;http://+:80`. */
function fromUrls(urls: string, from: PortSource): Place | NoService {
  const plain = urls.split(';').find((it) => /^http:/i.test(it.trim()));
  if (plain === undefined) return none('port-unknown', `${urls} names no plain http address`);
  const match = /^http:\/\/([^:/]*|\[[^\]]*\])(?::([^/]*))?/i.exec(plain.trim());
  const value = readPort(match?.[2] ?? '80');
  return value
    ? { value: { ...value, host: match?.[1] }, from, evidence: [] }
    : none('port-unknown', `the port of ${plain} cannot be read`);
}

function versionOf({ stage }: Surroundings): number | undefined {
  const root = lineage(stage).at(-1);
  if (!root?.image || !/^dotnet\//.test(root.image.path)) return undefined;
  const tag = root.image.tag ?? 'latest';
  return tag === 'latest' ? 10 : Number(/^(\d+)\./.exec(tag)?.[1] ?? Number.NaN) || undefined;
}
