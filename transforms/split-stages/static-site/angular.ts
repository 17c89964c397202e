/** angular.json: the project that is built, where its files go, how the development server is set. */
import type { Evidence } from '../../../src/edit.ts';
import { isRecord, lineOf, recordIn, within } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import type { Project } from '../../../src/project/project.ts';

type Json = Record<string, unknown>;
const record = (value: unknown): Json => (isRecord(value) ? value : {});

interface Workspace {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  /** `architect.build` and `architect.serve` of the application. */
  readonly build: Json;
  readonly serve: Json;
}

/** The only application of the workspace; undefined: several, or none that can be read. */
function workspace(project: Project, { dir }: NodeFacts): Workspace | undefined {
  const file = within(dir, 'angular.json');
  const root = file === undefined ? undefined : recordIn(project, file);
  if (file === undefined || !root) return undefined;
  const applications = Object.entries(record(root.projects)).filter(
    ([, it]) =>
      record(it).projectType !== 'library' && isRecord(record(record(it).architect ?? record(it).targets).build),
  );
  const wanted =
    typeof root.defaultProject === 'string'
      ? applications.filter(([name]) => name === root.defaultProject)
      : applications;
  const [only, ...more] = wanted;
  if (!only || more.length > 0) return undefined;
  const targets = record(record(only[1]).architect ?? record(only[1]).targets);
  return {
    file,
    text: project.read(file) ?? '',
    name: only[0],
    build: record(targets.build),
    serve: record(targets.serve),
  };
}

const fact = (project: Project, { file, text }: Workspace, needle: string, says: string): Evidence => {
  const line = lineOf(text, needle);
  return { file: project.rootPath(file), ...(line !== undefined && { line }), says };
};

export interface AngularBuild {
  /** Folder relative to the package. */
  readonly output: string;
  readonly evidence: Evidence;
  /** `/app/`, where the application lives below a path. */
  readonly baseHref: string | undefined;
  /** The pages are made by a server, or beforehand. */
  readonly isRendered: boolean;
  /** The production build takes other files than the development server. */
  readonly replaces: boolean;
}

/** Where `ng build` puts the files. */
export function angularBuild(project: Project, facts: NodeFacts): AngularBuild | undefined {
  const found = workspace(project, facts);
  if (!found) return undefined;
  const { build, name } = found;
  const options = record(build.options);
  const production = record(record(build.configurations).production);
  const builder = String(build.builder ?? '');
  const isApplication = /:application$/.test(builder);
  if (!isApplication && !/:browser(?:-esbuild)?$/.test(builder)) return undefined;
  const path = production.outputPath ?? options.outputPath;
  const base = isRecord(path) ? path.base : (path ?? (isApplication ? `dist/${name}` : undefined));
  const browser = isRecord(path) && typeof path.browser === 'string' ? path.browser : 'browser';
  if (typeof base !== 'string') return undefined;
  const output = isApplication && browser !== '' ? `${base.replace(/\/$/, '')}/${browser}` : base.replace(/\/$/, '');
  const href = production.baseHref ?? options.baseHref;
  return {
    output,
    evidence: fact(project, found, '"builder"', `${builder} builds to ${output}`),
    baseHref: typeof href === 'string' ? href : undefined,
    isRendered: [options.ssr, options.server, options.prerender].some((it) => it !== undefined && it !== false),
    replaces: Array.isArray(production.fileReplacements) && production.fileReplacements.length > 0,
  };
}

/** Port and proxy of `ng serve`. */
export function angularServe(
  project: Project,
  facts: NodeFacts,
): { port: { value: number | undefined; evidence: Evidence } | undefined; proxy: Evidence | undefined } {
  const found = workspace(project, facts);
  if (!found) return { port: undefined, proxy: undefined };
  const sets = [record(found.serve.options), ...Object.values(record(found.serve.configurations)).map(record)];
  const port = sets.map((it) => it.port).find((it) => it !== undefined);
  const proxy = sets.map((it) => it.proxyConfig).find((it) => it !== undefined);
  return {
    port:
      port === undefined
        ? undefined
        : {
            value: typeof port === 'number' ? port : undefined,
            evidence: fact(project, found, '"port"', `"port": ${port}`),
          },
    proxy: proxy === undefined ? undefined : fact(project, found, '"proxyConfig"', `"proxyConfig": "${proxy}"`),
  };
}
