/**
 * How compose runs a service, as a RunPlan: environment, command, ports, volumes, health check and what it depends on.
 * `include`, `extends` from other files and override files are not followed; what is left out is noted.
 */

import { posix } from 'node:path';
import { LIST_OPTIONS, MAP_OPTIONS, OTHER_KEYS, SWITCH_OPTIONS, VALUE_OPTIONS } from '../knowledge/compose-keys.ts';
import { composeVariables, type Environment, interpolate, readEnvironment } from '../project/compose.ts';
import { isRecord } from '../project/manifests.ts';
import { COMPOSE_BASE_FILES } from '../project/places.ts';
import { loadYaml, parseYaml, type Yaml } from '../project/yaml.ts';
import { quoted } from '../shell/quote.ts';
import type { Tree } from '../tree.ts';
import { type ComposeFile, listOf, readFiles, readVolumes } from './compose-mounts.ts';
import { type Condition, DEFAULT_GRACE, type Dependency, type RunPlan, type ServicePlan } from './run-plan.ts';
import { splitCommand } from './split-command.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The plan of one service of a compose file (path relative to the root). `environment`: the user's variables, which
 * win over those of `.env`. Undefined: there is no such service.
 */
export async function planComposeRun(
  tree: Tree,
  path: string,
  service: string,
  environment: Environment,
): Promise<RunPlan | undefined> {
  const file = openComposeFile(await loadYaml(), tree, path, environment);
  const services = isRecord(file.value.services) ? file.value.services : {};
  const read = (name: string): ServicePlan | undefined => {
    const fields = serviceFields(services, name, file.notes);
    return fields && readService(file, name, fields);
  };
  const app = read(service);
  if (!app) return undefined;
  const order: ServicePlan[] = [];
  const seen = new Set([service]);
  const visit = (plan: ServicePlan): void => {
    for (const { service: name } of plan.dependsOn) {
      if (seen.has(name)) continue;
      seen.add(name);
      const dependency = read(name);
      if (!dependency) continue;
      visit(dependency);
      order.push(dependency);
    }
  };
  visit(app);
  return {
    app,
    dependencies: order,
    hostNetwork: serviceFields(services, service, file.notes)?.network_mode === 'host',
    source: { file: path, line: file.lineOf(service) },
    notes: [...file.notes],
  };
}

interface Opened extends ComposeFile {
  lineOf(service: string): number;
}

/** Reads a file and, when it is laid over another one (`compose.prod.yaml`), the folder's base file below it. */
function openComposeFile(yaml: Yaml, tree: Tree, path: string, environment: Environment): Opened {
  const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
  const variables = composeVariables(tree, path, environment);
  const notes = new Set<string>();
  const [document] = parseYaml(yaml, tree.read(path) ?? '');
  const own = isRecord(document?.value) ? document.value : {};
  const base = COMPOSE_BASE_FILES.map((name) => posix.join(folder, name)).find((name) => tree.kind(name) === 'file');
  const below = base === undefined || base === path ? undefined : parseYaml(yaml, tree.read(base) ?? '')[0]?.value;
  const value = resolveAll(isRecord(below) ? layOver(below, own) : own, variables, notes) as Fields;
  return {
    tree,
    folder,
    environment: variables,
    value,
    notes,
    lineOf: (service) => document?.lineOf(['services', service]) ?? 1,
  };
}

/** One file over another: maps by key, lists of a service one behind the other, everything else replaced (compose-spec, 13-merge.md). */
function layOver(below: Fields, above: Fields): Fields {
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = result[key];
    if (key === 'environment' || key === 'depends_on') result[key] = { ...toMap(old), ...toMap(value) };
    else if (isRecord(old) && isRecord(value)) result[key] = layOver(old, value);
    else if (
      Array.isArray(old) &&
      Array.isArray(value) &&
      key !== 'command' &&
      key !== 'entrypoint' &&
      key !== 'test'
    ) {
      result[key] = [...old, ...value];
    } else result[key] = value;
  }
  return result;
}

/** Variables in every text; one that is set nowhere is empty, as for compose. */
function resolveAll(value: unknown, variables: Environment, notes: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => resolveAll(inner, variables, notes));
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveAll(inner, variables, notes)]));
  }
  if (typeof value !== 'string' || !value.includes('$')) return value;
  const known = new Map(variables);
  for (const [, braced, bare] of value.replaceAll('$$', '').matchAll(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g)) {
    const name = (braced ?? bare) as string;
    if (known.has(name)) continue;
    known.set(name, '');
    notes.add(`the variable ${name} is not set: it is empty here`);
  }
  const text = interpolate(value, known);
  if (text !== undefined) return text;
  notes.add(`${value} cannot be resolved: it is left out`);
  return undefined;
}

function serviceFields(services: Fields, name: string, notes: Set<string>, depth = 0): Fields | undefined {
  const own = services[name];
  if (!isRecord(own)) return undefined;
  const { extends: parent, ...fields } = own;
  if (parent === undefined || depth > 10) return fields;
  const from = isRecord(parent) ? (parent.file === undefined ? parent.service : undefined) : parent;
  const inherited = from === undefined ? undefined : serviceFields(services, String(from), notes, depth + 1);
  if (!inherited) notes.add(`${name}: what it extends in another file is left out`);
  return inherited ? layOver(inherited, fields) : fields;
}

function readService(file: ComposeFile, name: string, fields: Fields): ServicePlan {
  const health = readHealth(fields.healthcheck);
  const volumes = readVolumes(file, name, fields.volumes);
  const networks = isRecord(fields.networks) ? Object.values(fields.networks) : [];
  return {
    name,
    aliases: [
      ...listOf(fields.container_name).map(String),
      ...networks.flatMap((network) => (isRecord(network) ? listOf(network.aliases).map(String) : [])),
    ],
    image: fields.build === undefined && typeof fields.image === 'string' ? fields.image : undefined,
    environment: readVariables(file, name, fields),
    entrypoint: readWords(fields.entrypoint),
    command: readWords(fields.command),
    options: [...readOptions(file, name, fields), ...volumes.options, ...health.options],
    ports: readPorts(fields),
    mounts: [
      ...volumes.mounts,
      ...readFiles(file, name, 'secrets', fields.secrets),
      ...readFiles(file, name, 'configs', fields.configs),
    ],
    health: health.test,
    grace: readSeconds(fields.stop_grace_period) ?? DEFAULT_GRACE,
    dependsOn: readDependencies(fields),
  };
}

/** A map of names and values, from a map or from a list of `name=value` (without a value: null). */
function toMap(value: unknown, between = '='): Record<string, unknown> {
  if (isRecord(value)) return value;
  return Object.fromEntries(
    listOf(value).map((entry) => {
      const text = String(entry);
      const at = text.indexOf(between);
      return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** `env_file`, in order, then `environment`, which wins; a name without a value comes from the user's environment. */
function readVariables(file: ComposeFile, service: string, fields: Fields): Record<string, string> {
  const result: Record<string, string> = {};
  for (const entry of listOf(fields.env_file)) {
    const path = String(isRecord(entry) ? entry.path : entry);
    const text = file.tree.read(posix.join(file.folder, path));
    if (text !== undefined) Object.assign(result, Object.fromEntries(readEnvironment(text)));
    else if (!isRecord(entry) || entry.required !== false) file.notes.add(`${service}: there is no ${path} here`);
  }
  for (const [name, value] of Object.entries(toMap(fields.environment))) {
    const text = value === null || value === undefined ? file.environment.get(name) : String(value);
    if (text !== undefined) result[name] = text;
  }
  return result;
}

/** A command as a list, or as a text that compose splits into words without a shell; null: the image's own. */
function readWords(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.map(String) : splitCommand(String(value));
}

function readOptions(file: ComposeFile, service: string, fields: Fields): string[] {
  const options: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (Object.hasOwn(VALUE_OPTIONS, key)) {
      options.push(VALUE_OPTIONS[key as keyof typeof VALUE_OPTIONS], String(value));
    } else if (Object.hasOwn(SWITCH_OPTIONS, key)) {
      if (value === true) options.push(SWITCH_OPTIONS[key as keyof typeof SWITCH_OPTIONS]);
    } else if (Object.hasOwn(LIST_OPTIONS, key)) {
      for (const one of listOf(value)) options.push(LIST_OPTIONS[key as keyof typeof LIST_OPTIONS], String(one));
    } else if (Object.hasOwn(MAP_OPTIONS, key)) {
      const { option, between } = MAP_OPTIONS[key as keyof typeof MAP_OPTIONS];
      const entries = isRecord(value) ? Object.entries(value).map(([k, v]) => `${k}${between}${v}`) : listOf(value);
      for (const entry of entries) options.push(option, String(entry));
    } else if (!(OTHER_KEYS as readonly string[]).includes(key) && !key.startsWith('x-')) {
      file.notes.add(`${service}: ${key} is left out`);
    }
  }
  for (const [name, limit] of Object.entries(isRecord(fields.ulimits) ? fields.ulimits : {})) {
    options.push('--ulimit', `${name}=${isRecord(limit) ? `${limit.soft}:${limit.hard}` : limit}`);
  }
  const mode = fields.network_mode;
  if (typeof mode === 'string' && mode !== 'host' && mode !== 'bridge') {
    file.notes.add(`${service}: network_mode ${mode} is left out`);
  }
  const limits = isRecord(fields.deploy) && isRecord(fields.deploy.resources) ? fields.deploy.resources.limits : {};
  if (isRecord(limits) && limits.memory !== undefined) options.push('--memory', String(limits.memory));
  return options;
}

/** Container ports over TCP: published ones, then exposed ones. A range counts with each of its ports, up to a hundred. */
function readPorts(fields: Fields): number[] {
  const ports = new Set<number>();
  for (const entry of [...listOf(fields.ports), ...listOf(fields.expose)]) {
    const text = isRecord(entry) ? `${entry.target}/${entry.protocol ?? 'tcp'}` : String(entry);
    const match = /(?:^|:)(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(text);
    if (!match || (match[3] ?? 'tcp') !== 'tcp') continue;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    for (let port = first; port <= Math.min(last, first + 99); port++) ports.add(port);
  }
  return [...ports];
}

/** A health check's words as an image holds them, and the options that set it; its interval is the verifier's. */
function readHealth(value: unknown): { test: readonly string[] | undefined; options: string[] } {
  if (!isRecord(value)) return { test: undefined, options: [] };
  const words = Array.isArray(value.test) ? value.test.map(String) : undefined;
  if (value.disable === true || words?.[0] === 'NONE') return { test: ['NONE'], options: ['--no-healthcheck'] };
  const timeout = readSeconds(value.timeout);
  const options = timeout === undefined ? [] : ['--health-timeout', `${timeout}s`];
  if (value.test === undefined || value.test === null) return { test: undefined, options };
  const test = words ?? ['CMD-SHELL', String(value.test)];
  const [kind, ...rest] = test;
  const command = kind === 'CMD' ? rest.map(quoted).join(' ') : rest.join(' ');
  return { test, options: ['--health-cmd', command, ...options] };
}

/** `1m30s`, `500ms`, or a number of seconds. */
function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 0.000001 };
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|m|s)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit as string] as number), 0);
}

const CONDITIONS: Readonly<Record<string, Condition>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

/** `depends_on` and `links`. */
function readDependencies(fields: Fields): Dependency[] {
  const linked = listOf(fields.links).map((link) => String(link).split(':')[0] as string);
  const wanted = { ...toMap(linked), ...toMap(fields.depends_on) };
  return Object.entries(wanted).map(([service, value]) => ({
    service,
    condition: CONDITIONS[String(isRecord(value) ? value.condition : '')] ?? 'started',
    optional: isRecord(value) && value.required === false,
  }));
}
