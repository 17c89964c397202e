/** What the build leaves: the folder, below which path it expects to stand, whether its pages are files or one application. */
import { joinPath } from '../../../src/document/state.ts';
import type { Evidence } from '../../../src/edit.ts';
import { SERVER_RENDERED } from '../../../src/knowledge/static-sites.ts';
import { type Fact, recordIn } from '../../../src/project/manifests.ts';
import type { Obstacle, View } from '../types.ts';
import { angularBuild } from './angular.ts';
import { inPackage, type SiteBuild } from './build.ts';
import { configsIn, inBlock, mention, type SiteConfig, valueOf } from './config.ts';
import { dotenv, type SiteServer } from './server.ts';

export interface SiteOutput {
  /** Absolute folder in the builder. */
  readonly folder: string;
  /** The file that answers unknown paths, relative to the folder; undefined: they are not found. */
  readonly fallback: string | undefined;
  /** It answers names with a dot too. */
  readonly dots: boolean;
  readonly hashed: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Reads the output of a build of a known framework. */
export function siteOutput(view: View, site: SiteServer, build: SiteBuild): SiteOutput | Obstacle {
  const { project } = view;
  const { framework, facts, row } = site;
  if (!framework) return unknown('no framework is known that builds it');
  const rendered = facts.dependencies.find(({ name }) => SERVER_RENDERED.some((it) => it.package.test(name)));
  if (rendered)
    return {
      code: 'server-rendered',
      why: `${facts.manifest} depends on ${rendered.name}, which makes pages for each request`,
    };
  const configs = configsIn(project, facts.dir, framework.configs);
  const obstacle = renderedPages(framework.name, configs) ?? subPath(view, site, build, configs);
  if (obstacle) return obstacle;
  const place = outputFolder(view, site, build, configs);
  if ('code' in place) return place;
  const folder = joinPath(site.dir, place.folder);
  if (folder === undefined || folder === site.dir || !folder.startsWith('/'))
    return unknown(`the build writes to ${place.folder}`);
  const hashed = hashedFolders(view, site, configs);
  return { folder, fallback: fallbackOf(site, configs), dots: row.dots ?? false, hashed, evidence: [place.evidence] };
}

/** The folder that a server of files is given: what stands there at the end of the stage is what it hands out, whoever made it. */
export function servedFiles(view: View, site: SiteServer, build: SiteBuild | undefined): SiteOutput | Obstacle {
  const { folder, process, row, framework, facts, dir } = site;
  if (folder === undefined || folder === dir || !folder.startsWith(`${dir}/`))
    return unknown(`${process.program} serves ${folder}, which holds more than the built files`);
  const configs = configsIn(view.project, facts.dir, framework?.configs ?? []);
  const place = build && outputFolder(view, site, build, configs);
  const known = place && !('code' in place) ? joinPath(dir, place.folder) : undefined;
  if (known !== undefined && known !== folder)
    return unknown(`the build writes to ${known}, and ${process.program} serves ${folder}`);
  const isThere = view.runtime.files.toContext(folder) !== undefined;
  const made = view.steps.some(
    ({ tasks, opaque }) => opaque !== undefined || tasks.some(({ effect }) => MAKES.has(effect)),
  );
  if (!isThere && !made) return unknown(`no RUN is known to build ${folder}`);
  return {
    folder,
    fallback: fallbackOf(site, configs),
    dots: row.dots ?? false,
    hashed: known === undefined ? [] : hashedFolders(view, site, configs),
    evidence: place && !('code' in place) ? [place.evidence] : [],
  };
}

/** What a RUN does that may write files of a site. */
const MAKES: ReadonlySet<string> = new Set(['app', 'build', 'tool', 'unknown']);

const hashedFolders = (view: View, site: SiteServer, configs: readonly SiteConfig[]): readonly string[] =>
  (site.framework?.hashed ?? []).filter(
    (it) => !isPublic(view, site, it) && !isPlain(site.framework?.name ?? '', configs),
  );

const unknown = (why: string): Obstacle => ({ code: 'output-unknown', why });
const said = ({ file, line, says }: Fact): string => `${file}${line === undefined ? '' : `:${line}`} says ${says}`;

/** Modes of a framework in which a server makes the pages. */
function renderedPages(framework: string, configs: readonly SiteConfig[]): Obstacle | undefined {
  const pattern = RENDERED[framework];
  const found = pattern && mention(configs, pattern);
  if (found) return { code: 'server-rendered', why: said(found) };
  if (framework === 'Next export' && !mention(configs, /\boutput\s*:\s*['"]export['"]/))
    return { code: 'server-rendered', why: 'the configuration of Next does not say output: "export"' };
  if (framework === 'SvelteKit' && !mention(configs, /adapter-static/))
    return { code: 'server-rendered', why: 'the configuration of SvelteKit does not name adapter-static' };
  return undefined;
}

const RENDERED: Readonly<Record<string, RegExp>> = {
  Astro: /\boutput\s*:\s*['"](?:server|hybrid)['"]|\badapter\s*:/,
  Vite: /\bssr\s*:\s*(?:true|['"])|\bappType\s*:\s*['"]custom['"]|\bmiddlewareMode\b/,
};

/** A site that is made for a path of its own: `base: '/shop/'`, `"homepage": "https://example.com/shop"`. */
function subPath(view: View, site: SiteServer, build: SiteBuild, configs: readonly SiteConfig[]): Obstacle | undefined {
  const { project } = view;
  const { framework, facts } = site;
  const flag = valueOfFlag(build.words, ['--base', '--base-href', '--public-url', '--prefix-paths']);
  if (flag !== undefined && !isRoot(flag))
    return { code: 'sub-path', why: `the build is told that it stands at ${flag}` };
  const base = valueOf(configs, framework?.baseKeys ?? []);
  if (base && (base.value === undefined || !isRoot(base.value)))
    return { code: 'sub-path', why: said({ ...base, file: project.rootPath(base.file) }) };
  const url = view.stage.end.env.get('PUBLIC_URL') ?? dotenv(view, facts, 'PUBLIC_URL');
  if (framework?.name === 'Create React App' && url !== undefined && !isRoot(url))
    return { code: 'sub-path', why: `PUBLIC_URL is ${url}` };
  const { homepage } = recordIn(project, facts.manifest) ?? {};
  if (framework?.name === 'Create React App' && typeof homepage === 'string') {
    const path = homepage.replace(/^\w+:\/\/[^/]*/, '');
    if (!isRoot(path))
      return { code: 'sub-path', why: `"homepage": "${homepage}" in ${project.rootPath(facts.manifest)}` };
  }
  return undefined;
}

const isRoot = (path: string): boolean => /^(?:|\.|\/|\.\/)$/.test(path);

/** The value of a flag: `--outDir x`, `--outDir=x`; '' for one without a value. */
function valueOfFlag(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    const [name = '', ...rest] = word.split('=');
    if (flags.includes(name)) return rest.length > 0 ? rest.join('=') : (words[i + 1] ?? '');
  }
  return undefined;
}

interface Place {
  /** Relative to the package. */
  readonly folder: string;
  readonly evidence: Evidence;
}

function outputFolder(
  view: View,
  site: SiteServer,
  build: SiteBuild,
  configs: readonly SiteConfig[],
): Place | Obstacle {
  const { project, stage } = view;
  const { framework, facts } = site;
  if (!framework) return unknown('no framework is known that builds it');
  if (build.words.some((it) => /^--(?:ssr|root)\b/.test(it)))
    return unknown(`${build.words.join(' ')} is no plain build`);
  const flag = valueOfFlag(build.words, framework.outputFlags);
  if (flag !== undefined) return { folder: flag, evidence: build.evidence };
  if (framework.name === 'Angular') {
    const angular = angularBuild(project, facts);
    if (!angular) return unknown('angular.json names no single application whose build is known');
    if (angular.isRendered) return { code: 'server-rendered', why: angular.evidence.says };
    if (angular.baseHref !== undefined && !isRoot(angular.baseHref))
      return { code: 'sub-path', why: `baseHref is ${angular.baseHref}` };
    return { folder: angular.output, evidence: angular.evidence };
  }
  if (framework.name === 'webpack') return webpackOutput(view, configs);
  if (stage.end.env.has('BUILD_PATH')) return unknown('BUILD_PATH is set');
  const root = framework.name === 'Vite' ? valueOf(configs, ['root']) : undefined;
  if (root && root.value !== '.' && root.value !== './') return unknown(said(root));
  const value = valueOf(configs, framework.outputKeys);
  if (value?.value === undefined && value) return unknown(said(value));
  const fact: Fact = value ?? { file: facts.manifest, says: `${framework.name} builds to ${framework.output}` };
  const { file, line, says } = fact;
  return {
    folder: value?.value ?? framework.output,
    evidence: { file: project.rootPath(file), ...(line !== undefined && { line }), says },
  };
}

/** `output: { path: path.resolve(__dirname, 'dist') }`, and a plugin that writes index.html. */
function webpackOutput({ project }: View, configs: readonly SiteConfig[]): Place | Obstacle {
  if (configs.length !== 1) return unknown('there is no single configuration of webpack');
  if (!mention(configs, /html-webpack-plugin|HtmlWebpackPlugin|copy-webpack-plugin/))
    return unknown('nothing is known that writes index.html');
  const path = inBlock(configs, 'output', 'path');
  if (!path)
    return {
      folder: 'dist',
      evidence: { file: project.rootPath(configs[0]?.file ?? ''), says: 'webpack builds to dist' },
    };
  const folder = /^path\.(?:resolve|join)\(\s*__dirname\s*,\s*['"]([^'"]+)['"]\s*\)$/.exec(path.value)?.[1];
  if (folder === undefined) return unknown(said(path));
  return {
    folder: folder.replace(/^\.?\//, ''),
    evidence: {
      file: project.rootPath(path.file),
      ...(path.line !== undefined && { line: path.line }),
      says: path.says,
    },
  };
}

/** What answers a path that is no file. */
function fallbackOf({ row, framework, process }: SiteServer, configs: readonly SiteConfig[]): string | undefined {
  if (row.fallback) return row.fallback.test(process.args.join(' ')) ? 'index.html' : undefined;
  if (framework?.name === 'SvelteKit') return valueOf(configs, ['fallback'])?.value;
  if (framework?.name === 'webpack') return mention(configs, /\bhistoryApiFallback\s*:\s*(?:true|\{)/) && 'index.html';
  return framework?.pages === 'application' ? 'index.html' : undefined;
}

/** Files of the project stand in the folder of the hashed ones: their names do not change with their content. */
function isPublic({ project }: View, site: SiteServer, hashed: string): boolean {
  return (
    !hashed.startsWith('~') &&
    (site.framework?.public ?? []).some(
      (folder) => project.kind(inPackage(site, folder + hashed.replace(/\/$/, ''))) !== undefined,
    )
  );
}

/** The configuration gives the files names of its own. */
function isPlain(framework: string, configs: readonly SiteConfig[]): boolean {
  const pattern =
    framework === 'Vue CLI' ? /\bfilenameHashing\s*:\s*false/ : /\b(?:entry|chunk|asset)FileNames\b|\bassetsDir\b/;
  return mention(configs, pattern) !== undefined;
}
