/** Uses of Dockerfiles in compose files: `services.*.build`. */

import { posix } from 'node:path';
import type { Tree } from '../tree.ts';
import { composeInputs } from './build-inputs.ts';
import { isRecord } from './manifests.ts';
import { COMPOSE_BASE_FILES, COMPOSE_OVERRIDES } from './places.ts';
import type { ComposeService } from './project.ts';
import { optional, placeUse, readArgs, type Use } from './use.ts';
import { parseYaml, type Yaml } from './yaml.ts';

const REFERENCE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}]*))?\}|([A-Za-z_]\w*))/g;

/** Names and values of an `.env` file. */
export type Environment = ReadonlyMap<string, string>;

/** Reads `NAME=value` lines of an `.env` file; earlier names may stand in later values. What cannot be resolved is left out. */
export function readEnvironment(text: string): Environment {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#]*?))\s*(?:\s#.*)?$/.exec(line);
    if (!match) continue;
    const [, name, double, single, plain] = match as unknown as [string, string, string?, string?, string?];
    const value = single ?? interpolate(double ?? plain ?? '', values);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** The variables that compose replaces in a file (path relative to the root): the user's, else those of `.env` beside it. */
export const composeVariables = (tree: Tree, file: string, users: Environment): Environment =>
  new Map([...readEnvironment(tree.read(posix.join(posix.dirname(file), '.env')) ?? ''), ...users]);

/**
 * Variables by `environment`, `${X:-default}` and `${X-default}` else by their defaults, `$$` as `$`. Undefined: an
 * unknown variable without a default, or a default that holds a variable itself.
 */
export function interpolate(text: string, environment: Environment = new Map()): string | undefined {
  let known = !text.replace(REFERENCE, '').includes('${');
  const result = text.replace(REFERENCE, (whole, braced, operator, preset, bare) => {
    if (whole === '$$') return '$';
    const value = environment.get(braced ?? bare);
    if (value !== undefined && (operator === undefined || (operator !== '+' && operator !== ':+' && value !== ''))) {
      return value;
    }
    if (operator === '-' || operator === ':-') return preset;
    known = false;
    return '';
  });
  return known ? result : undefined;
}

interface Build {
  readonly fields: Record<string, unknown>;
  readonly line: number;
  readonly service: ComposeService;
  /** Top-level `secrets` of the file. */
  readonly secrets: unknown;
}

/** The `build` of every service, by name; a plain string is its context. */
function readBuilds(yaml: Yaml, text: string): Map<string, Build> {
  const builds = new Map<string, Build>();
  for (const document of parseYaml(yaml, text)) {
    const { services, secrets } = isRecord(document.value) ? document.value : {};
    for (const [name, service] of isRecord(services) ? Object.entries(services) : []) {
      const build = isRecord(service) ? service.build : undefined;
      const fields = typeof build === 'string' ? { context: build } : isRecord(build) ? build : undefined;
      if (!fields || !isRecord(service)) continue;
      const at = (...path: readonly (string | number)[]) => document.lineOf(['services', name, ...path]);
      builds.set(name, { fields, secrets, line: at('build'), service: { fields: service, lineOf: at } });
    }
  }
  return builds;
}

/**
 * Every use that a compose file names. A file that is laid over another (`compose.dev.yaml`) takes from the folder's
 * base file what its `build` leaves out; `.env` beside it gives variables of paths. `extends` and `include` are not
 * followed.
 */
export function composeUses(yaml: Yaml, tree: Tree, file: string): Use[] {
  const folder = posix.dirname(file) === '.' ? '' : posix.dirname(file);
  const uses: Use[] = [];
  const environment = readEnvironment(tree.read(posix.join(folder, '.env')) ?? '');
  const builds = readBuilds(yaml, tree.read(file) ?? '');
  const baseFile = COMPOSE_BASE_FILES.map((name) => posix.join(folder, name)).find(
    (path) => tree.kind(path) === 'file',
  );
  const partial = [...builds.values()].some((build) => !('context' in build.fields));
  const base =
    partial && baseFile !== undefined && baseFile !== file ? readBuilds(yaml, tree.read(baseFile) ?? '') : undefined;
  for (const [name, { fields: own, secrets, line, service }] of builds) {
    const fields = { ...base?.get(name)?.fields, ...own };
    if ('dockerfile_inline' in fields) continue;
    const context = interpolate(String(fields.context ?? '.'), environment);
    const dockerfile = interpolate(String(fields.dockerfile ?? 'Dockerfile'), environment);
    if (context === undefined || dockerfile === undefined) continue;
    const target = typeof fields.target === 'string' ? interpolate(fields.target, environment) : undefined;
    const args = readArgs(fields.args, (value) => interpolate(value));
    const use = placeUse(tree, folder, context, dockerfile, {
      by: 'compose',
      file,
      line,
      name,
      service,
      ...optional({ target, args }),
      ...composeInputs(folder, fields, secrets, (text) => interpolate(text, environment)),
    });
    if (use) uses.push(use);
  }
  return [...uses, ...overridden(yaml, tree, file, uses)];
}

/** The services of a base file once more, as they are with the file that Compose lays over it. */
function overridden(yaml: Yaml, tree: Tree, file: string, uses: readonly Use[]): Use[] {
  if (uses.length === 0 || !COMPOSE_BASE_FILES.some((name) => name === posix.basename(file))) return [];
  const paths = COMPOSE_OVERRIDES.map((name) => posix.join(posix.dirname(file), name));
  const override = paths.find((path) => tree.kind(path) === 'file');
  if (override === undefined) return [];
  return parseYaml(yaml, tree.read(override) ?? '').flatMap(({ value, lineOf }) => {
    const services = isRecord(value) && isRecord(value.services) ? value.services : {};
    return uses.flatMap(({ dockerfile, source }) => {
      const { name = '', service } = source;
      const own = services[name];
      // with a build of its own it is a use by itself
      if (!service || !isRecord(own) || own.build !== undefined) return [];
      const fields = { ...service.fields };
      for (const [key, over] of Object.entries(own)) fields[key] = laidOver(fields[key], over);
      const at = (...path: readonly (string | number)[]): number => {
        const [key, index, ...rest] = path;
        const below = key === undefined ? undefined : service.fields[key];
        const skipped = Array.isArray(below) && typeof index === 'number' ? below.length : 0;
        const isOwn = key !== undefined && key in own && (typeof index !== 'number' || index >= skipped);
        if (!isOwn) return lineOf(['services', name]);
        return lineOf([
          'services',
          name,
          key,
          ...(typeof index === 'number' ? [index - skipped] : path.slice(1)),
          ...rest,
        ]);
      };
      return [{ dockerfile, source: { ...source, file: override, line: at(), service: { fields, lineOf: at } } }];
    });
  });
}

/** Lists are joined, maps merged, everything else is replaced. Source: compose-spec/compose-spec:13-merge.md. */
function laidOver(below: unknown, over: unknown): unknown {
  if (Array.isArray(below) && Array.isArray(over)) return [...below, ...over];
  return isRecord(below) && isRecord(over) ? { ...below, ...over } : over;
}
