/** Programs of build scripts by where they write. Data only. */

/**
 * nothing: nothing that a container needs. typescript: outDir of a tsconfig. nest: as nest-cli.json says. prisma: beside the
 * schema or into node_modules. packages: into node_modules. last: the last operand. folder: the value of a flag, of a key of the configuration, or a default.
 */
export type BuildOutput =
  | { readonly kind: 'nothing' | 'packages' | 'typescript' | 'nest' | 'prisma' | 'last' }
  | {
      readonly kind: 'folder';
      readonly flags: readonly string[];
      readonly configs: readonly string[];
      readonly key: string | undefined;
      /** undefined: without the flag nobody can tell. */
      readonly usual: string | undefined;
    };

export interface BuildRow {
  /** Matched against the words of the command, joined by blanks. The first row that fits counts. */
  readonly command: RegExp;
  readonly output: BuildOutput;
  readonly source: string;
  readonly date: '2026-11';
}

const row = (command: RegExp, output: BuildOutput, source: string): BuildRow => ({
  command,
  output,
  source,
  date: '2026-11',
});
const NOTHING = { kind: 'nothing' } as const;
const scripts = (name: string): string[] => ['js', 'mjs', 'cjs', 'ts', 'mts'].map((it) => `${name}.config.${it}`);

export const NODE_BUILDS: readonly BuildRow[] = [
  row(/^(?:rimraf|rm|del|del-cli|mkdir|mkdirp|husky)\b/, NOTHING, 'manuals of the programs'),
  row(/^(?:eslint|prettier|jest|vitest|mocha|biome)\b/, NOTHING, 'manuals of the programs'),
  row(/^patch-package\b/, { kind: 'packages' }, 'ds300/patch-package:README.md: it changes files below node_modules'),
  row(/^tsc-alias\b/, NOTHING, 'justkey007/tsc-alias:README.md: it rewrites what tsc has written'),
  row(/^tsc\b/, { kind: 'typescript' }, 'microsoft/TypeScript-Website: tsconfig reference, outDir'),
  row(/^nest build$/, { kind: 'nest' }, 'nestjs/docs.nestjs.com:content/cli/usages.md'),
  row(/^prisma generate\b/, { kind: 'prisma' }, 'prisma/docs: generators, output'),
  row(/^(?:cp|copyfiles|ncp|cpx|cpr)\b/, { kind: 'last' }, 'manuals of the programs'),
  row(
    /^next build$/,
    { kind: 'folder', flags: [], configs: scripts('next'), key: 'distDir', usual: '.next' },
    'vercel/next.js: next.config.js, distDir',
  ),
  row(
    /^(?:nuxt|nuxi) build$/,
    { kind: 'folder', flags: [], configs: scripts('nuxt'), key: 'output', usual: '.output' },
    'nuxt/nuxt: deployment',
  ),
  row(
    /^(?:swc|babel) /,
    { kind: 'folder', flags: ['-d', '--out-dir'], configs: [], key: undefined, usual: undefined },
    'manuals of the programs',
  ),
  row(
    /^esbuild /,
    { kind: 'folder', flags: ['--outdir', '--outfile'], configs: [], key: undefined, usual: undefined },
    'esbuild.github.io/api',
  ),
  row(
    /^tsup\b/,
    { kind: 'folder', flags: ['-d', '--out-dir'], configs: scripts('tsup'), key: 'outDir', usual: 'dist' },
    'egoist/tsup:docs/README.md',
  ),
];
