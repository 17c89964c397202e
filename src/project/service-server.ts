/** Services whose program is a known server: gunicorn, nginx, `next start`, `rails server`, ... */
import { posix } from 'node:path';
import { joinPath } from '../document/state.ts';
import type { Evidence } from '../edit.ts';
import { ROUTE_GUARDS } from '../knowledge/route-guards.ts';
import { SERVERS, type ServerRow } from '../knowledge/servers.ts';
import { definitionOf, lineAt } from './calls.ts';
import { healthPath, obstacleIn, type PathAnswer } from './health-path.ts';
import { nginxFacts } from './nginx.ts';
import { originOf } from './origin.ts';
import { type PortValue, readPort } from './port.ts';
import type { SourceFile } from './reachable.ts';
import { nextRoutes } from './routes-node.ts';
import { laravelRoutes, railsRoutes } from './routes-others.ts';
import { type Found, type NoService, none, type PortSource, type Surroundings } from './service.ts';
import { applicationPath } from './service-source.ts';

/** Reads a server; undefined: the program is none that is known. */
export function knownServer(around: Surroundings): Found | NoService | undefined {
  const { process } = around;
  const words = process.args.join(' ');
  const row = SERVERS.find(
    (it) => !it.development && it.programs.includes(process.program) && (!it.when || it.when.test(words)),
  );
  if (!row) return undefined;
  if (/^(?:nginx|openresty)$/.test(process.program)) return nginxFacts(around, row);
  const changed = changedInBuild(around);
  if (changed !== undefined) return none('port-unknown', changed);
  const place = portOf(around, row);
  if ('kind' in place) return place;
  const isTls = row.tls?.some((flag) => flagValues(process.args, [flag]).length > 0) ?? false;
  const answer = isTls ? { path: undefined, pathDoubt: 'it speaks TLS' } : pathOf(around, row);
  return {
    name: process.program,
    speaks: isTls ? 'tcp' : row.speaks,
    startup: row.startup,
    ...place,
    ...answer,
    evidence: [...process.evidence, ...place.evidence],
  };
}

/** Apache and PHP-FPM take their port from files that a RUN may have changed. */
function changedInBuild({ document, stage, process }: Surroundings): string | undefined {
  const files = /^(?:apache2|httpd)/.test(process.program)
    ? /ports\.conf|\bListen\b|sites-(?:available|enabled)|httpd\.conf/
    : process.program === 'php-fpm'
      ? /\blisten\s*=|www\.conf|php-fpm\.d/
      : process.program === 'catalina.sh'
        ? /server\.xml/
        : undefined;
  const it =
    files &&
    stage.instructions.find(({ keyword, args }) => /^(?:RUN|COPY|ADD)$/.test(keyword) && files.test(args.text));
  return it && `line ${document.originLine(it.start)} changes the configuration of ${process.program}`;
}

interface Place {
  readonly value: PortValue | undefined;
  readonly from: PortSource;
  readonly evidence: readonly Evidence[];
}

/** Arguments, then the configuration file, then variables, then the default. */
function portOf(around: Surroundings, row: ServerRow): Place | NoService {
  const { process, stage } = around;
  const { program, args } = process;
  const addresses = flagValues(args, row.addresses ?? []);
  const told = addresses.filter((it) => !/^(?:unix:|fd:|\/)/.test(it));
  if (addresses.length > 0 && told.length === 0)
    return none('socket', `${program} listens on the socket ${addresses[0]}`);
  const written = [...told, ...flagValues(args, row.ports ?? [])].at(-1) ?? operandOf(args, row);
  const host = flagValues(args, row.hosts ?? []).at(-1);
  if (written !== undefined) {
    const value = readPort(written);
    if (!value) return none('port-unknown', `${program}: the port ${written} cannot be read`);
    return { value: { ...value, host: host ?? value.host }, from: 'start', evidence: [] };
  }
  const configured = configuredIn(around, row);
  if (configured) return configured;
  const variable =
    row.variables?.find((name) => process.assignments.has(name) || stage.end.env.has(name)) ?? row.variables?.[0];
  if (row.port === undefined) return none('port-unknown', `${program} is told no port in its start command`);
  return { value: { number: row.port, variable, host }, from: 'default', evidence: [] };
}

/** Every value of a flag: `--bind x`, `--bind=x`, `-bx`. */
export function flagValues(args: readonly string[], flags: readonly string[]): string[] {
  return args.flatMap((word, i) => {
    for (const flag of flags) {
      if (word === flag) return args[i + 1] === undefined ? [] : [args[i + 1] as string];
      if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
      if (/^-\w$/.test(flag) && word.startsWith(flag) && /^-\w[:\d]/.test(word)) return [word.slice(2)];
    }
    return [];
  });
}

function operandOf(args: readonly string[], row: ServerRow): string | undefined {
  return row.operand && args.find((word, i) => row.operand?.test(word) && !/^-\w|^--\w[\w-]*$/.test(args[i - 1] ?? ''));
}

/** The line of the configuration file that says the port. */
function configuredIn(around: Surroundings, row: ServerRow): Place | NoService | undefined {
  const { config } = row;
  if (!config) return undefined;
  const { document, project, stage, process } = around;
  const operands = process.args.filter((it) => config.operand?.test(it) && !it.includes('='));
  const named = [...new Set([...flagValues(process.args, config.flags), ...operands])].map(
    (it) => document.expand(it.replace(/^(?:file|python):/, ''), stage.end) ?? it,
  );
  for (const name of named.length > 0 ? named : config.names) {
    const path = joinPath(process.cwd, name);
    const file = path === undefined ? undefined : originOf(document, project, stage, path);
    const text = file === undefined ? undefined : project.read(file);
    if (file === undefined || text === undefined) {
      if (named.length > 0)
        return none('port-unknown', `${process.program} reads ${name}, which is not among the files at hand`);
      continue;
    }
    const match = config.line.exec(text.replace(/^\s*#.*$/gm, (it) => ' '.repeat(it.length)));
    if (!match) continue;
    const expression = (match[1] as string).trim();
    if (/unix:/.test(expression)) return none('socket', `${file} makes ${process.program} listen on a socket`);
    const value = readPort(expression, (it) => definitionOf(text, it));
    if (!value) return none('port-unknown', `${file}: the port in ${match[0].trim()} cannot be read`);
    const evidence = {
      file: project.rootPath(file),
      line: lineAt(text, match.index + match[0].search(/\S/)),
      says: match[0].trim(),
    };
    return { value, from: 'configuration', evidence: [evidence] };
  }
  return undefined;
}

/** The path of the server itself, or one of the application that it runs. */
function pathOf(around: Surroundings, row: ServerRow): PathAnswer {
  const { document, project, stage, process } = around;
  if (row.path !== undefined && row.path !== '/') {
    const evidence = process.evidence.at(-1) as Evidence;
    return {
      path: { path: row.path, evidence: { ...evidence, says: `${process.program} answers on ${row.path}` } },
      pathDoubt: undefined,
    };
  }
  if (!row.application) return { path: undefined, pathDoubt: undefined };
  const manifest =
    process.cwd === undefined
      ? undefined
      : originOf(document, project, stage, `${process.cwd}/${FOLDER_FILES[process.program] ?? 'package.json'}`);
  const dir = manifest === undefined ? undefined : folderOf(manifest, FOLDER_FILES[process.program] ?? 'package.json');
  if (process.program === 'next' && dir !== undefined) {
    const guards = ['middleware.ts', 'middleware.js', 'src/middleware.ts', 'src/middleware.js', 'proxy.ts'].map(
      (name) => (dir === '' ? name : `${dir}/${name}`),
    );
    const guard = guards.find((path) => project.kind(path) === 'file');
    return healthPath(nextRoutes(project, dir), guard === undefined ? undefined : `${guard} stands in front of it`);
  }
  if (/^(?:rails|puma|unicorn|thin|rackup)/.test(process.program) && dir !== undefined) {
    const files = ['config/environments/production.rb', 'config/application.rb', 'config.ru'].flatMap(
      (name): SourceFile[] => {
        const path = dir === '' ? name : `${dir}/${name}`;
        const text = project.read(path);
        return text === undefined ? [] : [{ path, text }];
      },
    );
    return healthPath(railsRoutes(project, dir), obstacleIn(files, ROUTE_GUARDS.ruby));
  }
  if (process.program === 'artisan' && dir !== undefined) return healthPath(laravelRoutes(project, dir), undefined);
  return applicationPath(around);
}

/** The file by which the folder of an application is known. */
const FOLDER_FILES: Readonly<Record<string, string>> = {
  rails: 'Gemfile',
  puma: 'Gemfile',
  unicorn: 'Gemfile',
  thin: 'Gemfile',
  rackup: 'Gemfile',
  artisan: 'composer.json',
};

const folderOf = (path: string, name: string): string => (path === name ? '' : posix.dirname(path));
