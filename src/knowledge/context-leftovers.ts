/**
 * What lies in the folders of a project on a developer's disk, by the manifest beside it: made again by a build, or a
 * cache. Data only. Sources: the .gitignore templates of each ecosystem (github/gitignore) and the tools' manuals.
 */
export type LeftoverMaker =
  | 'node-install'
  | 'node-build'
  | 'python-venv'
  | 'maven'
  | 'gradle'
  | 'cargo'
  | 'dotnet'
  | 'composer'
  | 'bundler'
  | 'mix'
  /** Nobody needs it, whoever makes it. */
  | 'nobody';

export interface LeftoverRow {
  /** Path beside the manifest. */
  readonly name: string;
  /** What the folder holds that it belongs to. */
  readonly manifest: RegExp;
  readonly maker: LeftoverMaker;
  /** Written with two stars whatever the number of folders: tools make it in every package. */
  readonly everywhere?: true;
  /** Made in the uppermost folder with such a manifest only: members of a workspace share it. */
  readonly topmost?: true;
  /** Taken only where git ignores it: the name alone says too little. */
  readonly onlyIgnored?: true;
  /** The manifests of the folder name what makes it. */
  readonly named?: RegExp;
  /** Worth a file of its own. */
  readonly strong: boolean;
  /** Worth a line more in a file that is there. */
  readonly essential: boolean;
  readonly date: string;
}

const row = (
  name: string,
  manifest: RegExp,
  maker: LeftoverMaker,
  more: Partial<Omit<LeftoverRow, 'name' | 'manifest' | 'maker' | 'date'>> = {},
): LeftoverRow => ({ name, manifest, maker, strong: maker !== 'nobody', essential: false, ...more, date: '2026-11' });

const NODE = /^package\.json$/;
const PYTHON = /^(?:requirements.*\.txt|pyproject\.toml|setup\.py|Pipfile|manage\.py)$/;
const DOTNET = /\.(?:cs|fs|vb)proj$/;

const output = (name: string, named?: RegExp) =>
  row(name, NODE, 'node-build', { onlyIgnored: true, ...(named && { named }) });
const cache = (name: string, manifest: RegExp, named: RegExp) =>
  row(name, manifest, 'nobody', { onlyIgnored: true, named });

export const LEFTOVERS: readonly LeftoverRow[] = [
  row('node_modules', NODE, 'node-install', { everywhere: true, essential: true }),
  output('dist'),
  output('build'),
  output('out', /"next"\s*:/),
  output('.next', /"next"\s*:/),
  output('.nuxt', /"nuxt3?"\s*:/),
  output('.output', /"(?:nuxt3?|nitropack|@tanstack\/[a-z]+-start)"\s*:/),
  output('.svelte-kit', /"@sveltejs\/kit"\s*:/),
  output('.astro', /"astro"\s*:/),
  output('.angular', /"@angular\/cli"\s*:/),
  output('.docusaurus', /"@docusaurus\/core"\s*:/),
  cache('coverage', NODE, /"(?:jest|vitest|nyc|c8|@vitest\/.*|@nestjs\/testing|react-scripts)"\s*:/),
  cache('.nyc_output', NODE, /"nyc"\s*:/),
  cache('.turbo', NODE, /"turbo"\s*:/),
  row('__pycache__', PYTHON, 'nobody', { everywhere: true, strong: true }),
  row('.venv', PYTHON, 'python-venv', { essential: true }),
  row('venv', PYTHON, 'python-venv', { onlyIgnored: true }),
  cache('.pytest_cache', PYTHON, /pytest/),
  cache('.mypy_cache', PYTHON, /mypy/),
  cache('.ruff_cache', PYTHON, /ruff/),
  cache('.tox', PYTHON, /\btox\b/),
  row('target', /^pom\.xml$/, 'maven', { essential: true }),
  row('build', /^build\.gradle(?:\.kts)?$/, 'gradle', { essential: true }),
  row('.gradle', /^(?:build|settings)\.gradle(?:\.kts)?$/, 'gradle', { topmost: true }),
  row('target', /^Cargo\.toml$/, 'cargo', { essential: true, topmost: true }),
  row('bin', DOTNET, 'dotnet', { everywhere: true, essential: true }),
  row('obj', DOTNET, 'dotnet', { everywhere: true, essential: true }),
  row('vendor', /^composer\.json$/, 'composer', { essential: true }),
  row('vendor/bundle', /^Gemfile$/, 'bundler', { onlyIgnored: true }),
  row('.bundle', /^Gemfile$/, 'nobody', { onlyIgnored: true }),
  row('_build', /^mix\.exs$/, 'mix', { essential: true, topmost: true }),
  row('deps', /^mix\.exs$/, 'mix', { essential: true, topmost: true }),
];

/** Files at the root of a context that are for people and machines outside of the image. */
export const OUTSIDE_THE_IMAGE = ['.github', '.gitlab-ci.yml', '.circleci', '.travis.yml', '.vscode', '.idea'] as const;
