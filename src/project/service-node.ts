/** Programs of node whose code is made by a framework's build: Next standalone, Nuxt, SvelteKit. */
import { joinPath } from '../document/state.ts';
import { healthPath } from './health-path.ts';
import { nodeFacts } from './node.ts';
import { originOf, sourcesOf } from './origin.ts';
import { isLocal } from './port.ts';
import { nextRoutes } from './routes-node.ts';
import { type Found, type NoService, none, type Surroundings } from './service.ts';

/** Reads a server that a framework builds; undefined: it is none of them. */
export function nodeFramework(around: Surroundings): Found | NoService | undefined {
  const { document, project, stage, process } = around;
  const path = joinPath(process.cwd, process.path) ?? process.path;
  if (originOf(document, project, stage, path) !== undefined) return undefined;
  const dirs = [
    ...new Set(
      sourcesOf(document, project, stage).map((it) =>
        it.endsWith('package.json') ? it.replace(/\/?package\.json$/, '') : it,
      ),
    ),
  ];
  const facts = dirs
    .map((dir) => (project.kind(dir === '' ? '.' : dir) === 'dir' ? nodeFacts(project, dir) : undefined))
    .filter((it) => it !== undefined && it !== 'broken');
  const [home, ...others] = facts;
  if (!home || others.length > 0) return undefined;
  const uses = (name: string) => home.dependencies.some((it) => it.name === name);
  const env = (name: string) => process.assignments.get(name) ?? stage.end.env.get(name);
  const base = { speaks: 'http', from: 'default', startup: 'quick', evidence: process.evidence } as const;
  if (/(?:^|\/)server\.js$/.test(process.path) && uses('next')) {
    const host = env('HOSTNAME');
    // the server binds to HOSTNAME, which Docker sets to the name of the container
    if (host === undefined || !isLocal(host)) {
      return none(
        'address-not-local',
        'the standalone server of Next listens on HOSTNAME, which is the name of the container as long as the Dockerfile does not set it to 0.0.0.0',
      );
    }
    const guard = ['middleware.ts', 'middleware.js', 'src/middleware.ts', 'src/middleware.js', 'proxy.ts']
      .map((name) => (home.dir === '' ? name : `${home.dir}/${name}`))
      .find((it) => project.kind(it) === 'file');
    const answer = healthPath(
      nextRoutes(project, home.dir),
      guard === undefined ? undefined : `${guard} stands in front of it`,
    );
    return {
      ...base,
      name: 'the standalone server of Next',
      value: { number: 3000, variable: 'PORT', host: undefined },
      ...answer,
    };
  }
  if (/(?:^|\/)\.output\/server\/index\.mjs$/.test(process.path) && uses('nuxt')) {
    const variable = env('NITRO_PORT') === undefined ? 'PORT' : 'NITRO_PORT';
    return {
      ...base,
      name: 'the server of Nuxt',
      value: { number: 3000, variable, host: env('NITRO_HOST') ?? env('HOST') },
      path: undefined,
      pathDoubt: undefined,
    };
  }
  if (/(?:^|\/)build(?:\/index\.js|\/)?$/.test(process.path) && uses('@sveltejs/adapter-node')) {
    return {
      ...base,
      name: 'the server of SvelteKit',
      value: { number: 3000, variable: 'PORT', host: env('HOST') },
      path: undefined,
      pathDoubt: undefined,
    };
  }
  return undefined;
}
