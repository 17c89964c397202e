/** Static front ends: what the build leaves is served by nginx; node, its packages and the source stay behind. */
import type { Instruction } from '../../../src/document.ts';
import type { Evidence } from '../../../src/edit.ts';
import { NGINX_CONFIG, NGINX_IMAGES, NGINX_ROOT } from '../../../src/knowledge/static-sites.ts';
import {
  type Addition,
  isObstacle,
  type Obstacle,
  type Placement,
  type Plan,
  type Recipe,
  type View,
} from '../types.ts';
import { buildCommand, ownBuild, type SiteBuild, scriptBuild } from './build.ts';
import { configPlace, nginxConfig, securityHeaders } from './nginx.ts';
import { developmentDoubts, healthDoubts, serverObstacle } from './obstacles.ts';
import { type SiteOutput, servedFiles, siteOutput } from './output.ts';
import { type SitePort, type SiteServer, sitePort, siteServer } from './server.ts';
import { givenTooLate, variablesRead } from './variables.ts';

export const staticSite: Recipe = {
  name: 'static-site',
  plan(view) {
    if (view.stage.base?.family === 'windows') return undefined;
    const site = siteServer(view);
    if (!site) return undefined;
    const obstacle = serverObstacle(view, site);
    if (obstacle) return obstacle;
    const { kind } = site.row;
    const build = ownBuild(view, site) ?? (kind === 'development' ? scriptBuild(view, site) : undefined);
    if (!build && kind !== 'files') return noBuild(site);
    const development = kind === 'development' ? developmentDoubts(view, site) : { doubts: [], evidence: [] };
    if ('code' in development) return development;
    const output = kind === 'files' || !build ? servedFiles(view, site, build) : siteOutput(view, site, build);
    if (isObstacle(output)) return output;
    const port = sitePort(view, site);
    if (isObstacle(port)) return port;
    const doubts = [...development.doubts, ...healthDoubts(view), ...port.doubts];
    const evidence = [...output.evidence, ...port.evidence, ...development.evidence];
    return planOf(view, { site, build, output, port, doubts, evidence });
  },
};

function noBuild({ row, process, facts }: SiteServer): Obstacle {
  return row.kind === 'development'
    ? {
        code: 'development',
        why: `${process.program} is a development server, and no build script of a known framework is in ${facts.manifest}`,
      }
    : { code: 'output-unknown', why: `no RUN is known to build what ${process.program} serves` };
}

interface Parts {
  readonly site: SiteServer;
  /** undefined: what builds the files is not known, and need not be. */
  readonly build: SiteBuild | undefined;
  readonly output: SiteOutput;
  readonly port: SitePort;
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
}

function planOf(view: View, { site, build, output, port, doubts, evidence }: Parts): Plan | Obstacle {
  const { stage, keyword, builder, options } = view;
  const { row, process } = site;
  const runsAsOther = stage.end.user !== undefined && stage.end.user.uid !== 0;
  const { image } = options.nginx === 'unprivileged' || runsAsOther ? NGINX_IMAGES.unprivileged : NGINX_IMAGES.stock;
  const text = nginxConfig(view, port.number, output);
  const place = options['nginx-config'] === 'file' ? configPlace(view) : undefined;
  if (options['nginx-config'] === 'file' && !place)
    return { code: 'output-unknown', why: 'no place is known in the build context for the configuration of nginx' };
  const config = place
    ? `${keyword('COPY')} ${place.source} ${NGINX_CONFIG}`
    : `${keyword('COPY')} <<'EOF' ${NGINX_CONFIG}\n${text}EOF`;
  const copies = `${config}\n${keyword('COPY')} --from=${builder} ${output.folder} ${NGINX_ROOT}`;
  const placements = new Map(placementsOf(view));
  const additions: Addition[] = [];
  const install = serverInstall(view, site);
  if (install) placements.set(install, { place: 'runtime', text: copies });
  else additions.push({ stage: 'runtime', before: stage.instructions[0], text: copies });
  const command = !build || build.instruction ? undefined : buildCommand(view, site);
  const last = lastUser(view);
  if (command !== undefined && last)
    placements.set(last, { place: 'builder', edits: [{ start: last.start, end: last.end, text: command }] });
  else if (command !== undefined) additions.push({ stage: 'builder', before: undefined, text: command });
  const mayWrite = command === undefined || !runsAsOther || last !== undefined;
  return {
    title:
      row.kind === 'development'
        ? `Build the front end and serve it by nginx on ${image}`
        : `Split into a builder and a runtime stage on ${image}`,
    why: whyOf(view, site, output, port),
    evidence: unique([...process.evidence, ...(build ? [build.evidence] : []), ...evidence]),
    doubts: mayWrite
      ? doubts
      : [...doubts, `whether ${stage.end.user?.name ?? 'the account'} may write what it builds`],
    image,
    placements,
    additions,
    changes: ['env', 'user', 'workdir', 'cmd', 'entrypoint', 'stopsignal'],
    ...(place && { creates: [{ file: place.file, text }] }),
  };
}

function whyOf(view: View, site: SiteServer, output: SiteOutput, port: SitePort): string {
  const { row, process, framework } = site;
  const made = framework?.name ?? 'the build';
  const now = [process.program, process.args[0]].filter((it) => it !== undefined && /^[a-z][\w-]*$/.test(it)).join(' ');
  const { embedded } = securityHeaders(view);
  const variables = [...variablesRead(view, site).keys()];
  const late = row.kind === 'development' ? undefined : givenTooLate(view, site);
  return [
    row.kind === 'development'
      ? `${now} is a server for the time of writing code: what ${made} builds are files, which nginx hands out without Node, the packages and the source.`
      : `${now} hands out files${framework ? ` that ${made} built` : ''}; nginx does that without Node, the packages and the source.`,
    ` It listens on ${port.number} as before`,
    output.fallback === undefined ? '' : `, answers unknown paths with ${output.fallback}`,
    ', and tells caches and browsers what they may do.',
    variables.length === 0
      ? ''
      : ` The build writes ${variables.slice(0, 4).join(', ')}${variables.length > 4 ? ' and others' : ''} into the files: the environment of a container does not reach them.`,
    late === undefined ? '' : ` ${late}.`,
    embedded === undefined ? '' : ` X-Frame-Options is left out: ${embedded}.`,
  ].join('');
}

/** Each place once. */
const unique = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.filter(
    ({ file, line }, i) => line === undefined || evidence.findIndex((it) => it.file === file && it.line === line) === i,
  );

/** A RUN that installs the server of today and nothing else: nginx takes its place. */
function serverInstall({ steps }: View, { process }: SiteServer): Instruction | undefined {
  return steps.findLast(
    ({ tasks }) =>
      tasks.length > 0 &&
      tasks.every(
        ({ call, effect }) =>
          effect === 'install' &&
          call?.global &&
          call.operands.length > 0 &&
          call.operands.every(({ literal }) => literal?.replace(/(?<=.)@.*$/, '') === process.program),
      ),
  )?.instruction;
}

/** The USER that only the server of today runs as: a build in front of it may write where the files were copied to. */
function lastUser({ document, stage }: View): Instruction | undefined {
  const at = stage.instructions.findLastIndex(({ keyword }) => keyword === 'USER');
  const user = stage.instructions[at];
  const acts = stage.instructions.slice(at + 1).some(({ keyword }) => /^(?:RUN|COPY|ADD|WORKDIR)$/.test(keyword));
  const hasComment =
    user && /^[ \t]*#[^\n]*\n$/m.test(document.text.slice(0, user.start).split('\n').slice(-2).join('\n'));
  return user && !acts && !hasComment ? user : undefined;
}

/** Everything builds, but what only a container sees; the start command becomes that of nginx. */
function placementsOf({ stage, keyword }: View): ReadonlyMap<Instruction, Placement> {
  const placements = new Map<Instruction, Placement>();
  const command = `${keyword('CMD')} ["nginx", "-g", "daemon off;"]`;
  const entrypoint = `${keyword('ENTRYPOINT')} ["/docker-entrypoint.sh"]`;
  const hasCommand = stage.instructions.some((it) => it.keyword === 'CMD');
  for (const it of stage.instructions) {
    if (it.keyword === 'CMD') placements.set(it, written(it, command));
    else if (it.keyword === 'ENTRYPOINT')
      placements.set(it, written(it, hasCommand ? entrypoint : `${entrypoint}\n${command}`));
    // the signal of the server that was: nginx has its own
    else if (it.keyword === 'STOPSIGNAL') placements.set(it, written(it, `${keyword('STOPSIGNAL')} SIGQUIT`));
    else if (/^(?:ENV|RUN|COPY|ADD|WORKDIR|USER)$/.test(it.keyword)) placements.set(it, { place: 'builder' });
  }
  return placements;
}

const written = ({ start, end }: Instruction, text: string): Placement => ({
  place: 'runtime',
  text,
  edits: [{ start, end, text }],
});
