import { describe, expect, it } from 'vitest';
import { nodeFacts } from '../src/project/node.ts';
import type { Project } from '../src/project/project.ts';
import { writtenBy } from '../transforms/split-stages/node/written.ts';

/** A context with these files. */
function project(files: Record<string, string>): Project {
  const names = Object.keys(files);
  const isFolder = (path: string) => names.some((name) => path === '' || name.startsWith(`${path}/`));
  return {
    read: (path: string) => files[path],
    kind: (path: string) => (path in files ? 'file' : isFolder(path) ? 'dir' : undefined),
    ignored: () => false,
    list: (dir: string) => names.filter((name) => !name.includes('/') || name.startsWith(`${dir}/`)),
  } as unknown as Project;
}

/** What `npm run build` writes with this script and these files; 'unknown' when nobody can tell. */
function written(build: string, files: Record<string, string> = {}, more: Record<string, string> = {}) {
  const manifest = JSON.stringify({ scripts: { build, ...more } });
  const context = project({ 'package.json': manifest, ...files });
  const facts = nodeFacts(context, '');
  if (!facts || facts === 'broken') throw new Error('no package');
  const found = writtenBy(context, facts, ['npm', 'run', 'build']);
  return found ? [...found].sort() : 'unknown';
}

const compiler = (outDir: string, more = {}) => JSON.stringify({ compilerOptions: { outDir }, ...more });

describe('what a build script writes', () => {
  it('is outDir of the tsconfig that the compiler reads', () => {
    expect(written('tsc', { 'tsconfig.json': compiler('./dist') })).toEqual(['dist']);
    expect(written('tsc -p tsconfig.build.json', { 'tsconfig.build.json': compiler('lib/') })).toEqual(['lib']);
    expect(written('tsc --outDir out', { 'tsconfig.json': compiler('dist') })).toEqual(['out']);
    expect(written('tsc --noEmit', {})).toEqual([]);
  });

  it('is inherited, from the folder of the file that says it', () => {
    const files = {
      'tsconfig.json': '{ // the build\n "extends": "./config/base", "include": ["src"], }',
      'config/base.json': compiler('../dist'),
    };
    expect(written('tsc', files)).toEqual(['dist']);
  });

  it('is that of every project that tsc --build refers to', () => {
    const files = {
      'tsconfig.json': JSON.stringify({
        files: [],
        references: [{ path: './server' }, { path: 'tsconfig.jobs.json' }],
      }),
      'server/tsconfig.json': compiler('../dist/server'),
      'tsconfig.jobs.json': compiler('jobs'),
    };
    expect(written('tsc -b', files)).toEqual(['dist/server', 'jobs']);
    expect(written('tsc -b', { ...files, 'tsconfig.jobs.json': '{}' })).toBe('unknown');
  });

  it('is not known beside the source, outside of the package, or without a configuration', () => {
    expect(written('tsc', { 'tsconfig.json': '{}' })).toBe('unknown');
    expect(written('tsc', { 'tsconfig.json': compiler('.') })).toBe('unknown');
    expect(written('tsc', { 'tsconfig.json': compiler('../out') })).toBe('unknown');
    expect(written('tsc', { 'tsconfig.json': '{ broken' })).toBe('unknown');
    expect(written('tsc src/a.ts', { 'tsconfig.json': compiler('dist') })).toBe('unknown');
    expect(written('tsc')).toBe('unknown');
  });

  it('is known of nest build for a single application', () => {
    const files = { 'nest-cli.json': '{"sourceRoot":"src"}', 'tsconfig.json': compiler('dist') };
    expect(written('nest build', files)).toEqual(['dist']);
    expect(written('nest build', { ...files, 'tsconfig.build.json': compiler('lib') })).toEqual(['lib']);
    expect(written('nest build', { ...files, 'nest-cli.json': '{"monorepo":true}' })).toBe('unknown');
    expect(written('nest build api', files)).toBe('unknown');
  });

  it('leaves the client of Prisma in node_modules unless the schema says otherwise', () => {
    const schema = (output: string) => ({
      'prisma/schema.prisma': `generator client {\n  provider = "prisma-client-js"\n${output}}\n`,
    });
    expect(written('prisma generate', schema(''))).toEqual(['node_modules/.prisma']);
    expect(written('prisma generate', schema('  output = "../node_modules/.prisma/client"\n'))).toEqual([
      'node_modules/.prisma/client',
    ]);
    expect(written('prisma generate', schema('  output = "../src/generated"\n'))).toEqual(['src/generated']);
    expect(written('prisma generate')).toBe('unknown');
  });

  it('is the sum over a script, with the scripts before and behind it', () => {
    const files = { 'tsconfig.json': compiler('dist') };
    expect(written('rimraf dist && tsc && cp -r views dist/views', files)).toEqual(['dist', 'dist/views']);
    expect(written('tsc && node scripts/pages.js', files)).toBe('unknown');
    expect(written('tsc', files, { postbuild: 'node scripts/pages.js' })).toBe('unknown');
    expect(written('tsc', files, { prebuild: 'eslint src' })).toEqual(['dist']);
  });

  it('is the folder that a flag, the configuration or the manual names', () => {
    expect(written('swc src --out-dir dist')).toEqual(['dist']);
    expect(written('swc src')).toBe('unknown');
    expect(written('esbuild src/main.js --bundle --outfile=out/main.js')).toEqual(['out/main.js']);
    expect(written('next build')).toEqual(['.next']);
    expect(written('next build', { 'next.config.js': "module.exports = { distDir: 'build' }" })).toEqual(['build']);
    expect(written('next build', { 'next.config.js': 'module.exports = { distDir: process.env.OUT }' })).toBe(
      'unknown',
    );
  });
});
