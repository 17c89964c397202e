import { describe, expect, it } from 'vitest';
import { composerLock } from '../src/project/composer-lock.ts';
import { gemLock } from '../src/project/gem-lock.ts';
import { goSum } from '../src/project/go-sum.ts';
import type { LockVerdict } from '../src/project/node-locks.ts';
import type { Project } from '../src/project/project.ts';
import { pdmLock, pipfileLock, uvLock } from '../src/project/python-locks.ts';

/** A context with these files. */
function project(files: Record<string, string>): Project {
  const names = Object.keys(files);
  return {
    read: (path: string) => files[path],
    kind: (path: string) =>
      path in files ? 'file' : names.some((name) => name.startsWith(`${path}/`)) ? 'dir' : undefined,
    ignored: () => false,
    list: (dir: string) => {
      const below = names.filter((name) => dir === '' || name.startsWith(`${dir}/`));
      return [...new Set(below.map((name) => name.slice(dir === '' ? 0 : dir.length + 1).split('/')[0] as string))];
    },
  } as unknown as Project;
}

const said = (verdict: LockVerdict): string =>
  verdict.kind === 'agrees' ? 'agrees' : `${verdict.kind}: ${verdict.why}`;

describe('Gemfile.lock', () => {
  const lock = (dependencies: string, specs = '    rack (3.2.4)\n') =>
    `GEM\n  specs:\n${specs}\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n${dependencies}\n`;
  const ask = (gemfile: string, text: string) => said(gemLock(project({ Gemfile: gemfile, 'Gemfile.lock': text }), ''));

  it.each([
    ['gem "rack"', '  rack', 'agrees'],
    ["gem('rack', '>= 0')", '  rack', 'agrees'],
    ['gem "rack", "~>3.2"', '  rack (~> 3.2)', 'agrees'],
    ['gem "rack", "3.2.4"', '  rack (= 3.2.4)', 'agrees'],
    ['gem "rack", [">= 3", "< 4"]', '  rack (< 4, >= 3)', 'agrees'],
    ['gem "rack", "~> 3", require: %w[rack rack/mime], group: :web', '  rack (~> 3)', 'agrees'],
    ['gem :rack', '  rack', 'unclear: Gemfile has a line that is not read here: gem :rack'],
    ['gem "rack" if ENV["X"]', '  rack', 'unclear: Gemfile has a line that is not read here: gem "rack" if ENV["X"]'],
    ['gem "rack", "~> 3.1"', '  rack (~> 3.2)', 'differs: rack is ~> 3.1 in Gemfile and ~> 3.2 in Gemfile.lock'],
    ['gem "rack"\ngem "puma"', '  rack', 'differs: puma is any in Gemfile and absent in Gemfile.lock'],
    ['gem "rack"', '  puma\n  rack', 'differs: Gemfile.lock has puma, which Gemfile does not name'],
    ['gem "rack"\ngem "puma"', '  puma\n  rack', 'differs: Gemfile.lock does not hold puma'],
    ['gem "rack"\ngem "pg", platforms: :jruby', '  pg\n  rack', 'agrees'],
    ['gem "rack"', '  rack!', 'unclear: Gemfile.lock takes gems from elsewhere'],
    ['gem "rack", path: "lib"', '  rack!', 'unclear: Gemfile reaches for other files: gem "rack", path: "lib"'],
  ])('%s', (gemfile, dependencies, expected) => expect(ask(gemfile, lock(dependencies))).toBe(expected));
});

describe('uv.lock', () => {
  const lock = (metadata: string, source = 'virtual') =>
    `version = 1\nrequires-python = ">=3.12"\n\n[[package]]\nname = "a"\nsource = { ${source} = "." }\n\n[package.metadata]\n${metadata}\n`;
  const toml = (more: string) => `[project]\nname = "a"\nrequires-python = ">= 3.12"\n${more}`;
  const ask = (manifest: string, text: string) =>
    said(uvLock(project({ 'pyproject.toml': manifest, 'uv.lock': text }), ''));

  it.each([
    ['nothing', '', '', 'agrees'],
    [
      'extras',
      '[project.optional-dependencies]\nx = ["b>=1"]',
      `requires-dist = [{ name = "b", marker = "extra == 'x'", specifier = ">=1" }]`,
      'agrees',
    ],
    ['the old group', '[tool.uv]\ndev-dependencies = ["b"]', 'requires-dev = { dev = [{ name = "b" }] }', 'agrees'],
    ['a marker', 'dependencies = ["b; os_name == \'nt\'"]', '', 'unclear: dependencies has a marker or an address'],
    ['an index', '[tool.uv]\nindex-url = "https://x.example"', '', 'unclear: pyproject.toml has [tool.uv] index-url'],
    [
      'a repository',
      'dependencies = ["b"]',
      'requires-dist = [{ name = "b", git = "https://x.example" }]',
      'unclear: dependencies has an entry that is not read here',
    ],
    ['one more', 'dependencies = ["B_c"]', '', 'differs: dependencies: uv.lock and pyproject.toml differ in b-c'],
    [
      'one less',
      '',
      'requires-dist = [{ name = "b" }]',
      'differs: dependencies: uv.lock and pyproject.toml differ in b',
    ],
  ])('%s', (_, manifest, metadata, expected) => expect(ask(toml(manifest), lock(metadata))).toBe(expected));

  it('has to know the project and its Python', () => {
    expect(ask(toml(''), 'version = 1\n')).toBe('differs: uv.lock does not know the project');
    expect(ask(toml('').replace('3.12', '3.13'), lock(''))).toContain('differs: requires-python');
    expect(ask('[', lock(''))).toBe('unclear: pyproject.toml or uv.lock cannot be read');
  });
});

describe('Pipfile.lock and composer.lock', () => {
  it('are no help without a hash, nor with settings that change it', () => {
    const pipfile = (text: string, lock: string) =>
      said(pipfileLock(project({ Pipfile: text, 'Pipfile.lock': lock }), ''));
    expect(pipfile('', '{}')).toBe('unclear: Pipfile or Pipfile.lock cannot be read');
    expect(pipfile('[pipenv]\nx = true\n', '{"_meta":{"hash":{"sha256":"00"}}}')).toBe(
      'unclear: Pipfile has a table [pipenv]',
    );
    expect(pipfile('[other]\nx = "*"\n', '{"_meta":{"hash":{"sha256":"00"}}}')).toBe(
      'unclear: Pipfile has a table [other]',
    );
    const composer = (text: string) =>
      said(composerLock(project({ 'composer.json': '{}', 'composer.lock': text }), ''));
    expect(composer('{}')).toBe('unclear: composer.lock has no hash of composer.json');
    expect(composer('{"content-hash":"00"}')).toContain('differs');
    // md5 of []
    expect(composer('{"content-hash":"d751713988987e9331980363e24189ce"}')).toBe('agrees');
  });
});

describe('go.sum', () => {
  const files = {
    'go.mod': 'module example.com/app\n\ngo 1.26\n\nrequire example.com/a v1.0.0\n',
    'go.sum': 'example.com/a v1.0.0 h1:x=\nexample.com/a v1.0.0/go.mod h1:x=\n',
    'main.go': 'package main\n\nimport "example.com/a/b"\n',
    'in/in.go': 'package in\n\nimport (\n\t. "fmt"\n\tapp "example.com/app/other"\n\t// "example.com/gone"\n)\n',
  };
  const ask = (more: Record<string, string>) => said(goSum(project({ ...files, ...more }), ''));

  it.each([
    ['all of it', {}, 'agrees'],
    ['another module below', { 'tool/go.mod': 'module t', 'tool/t.go': 'import "example.com/z"' }, 'agrees'],
    ['other people’s code', { 'vendor/x/x.go': 'import "example.com/z"' }, 'agrees'],
    ['no checksum', { 'go.sum': '' }, 'differs: go.sum has no checksum of example.com/a v1.0.0'],
    [
      'a strange import',
      { 'x.go': 'import z "example.com/z"' },
      'differs: x.go imports example.com/z, which no module of go.mod has',
    ],
    [
      'an old module',
      { 'go.mod': 'module m\n\ngo 1.16\n' },
      'unclear: go.mod of Go 1.16 or older does not name all it needs',
    ],
    [
      'a replacement',
      { 'go.mod': `${files['go.mod']}\nreplace example.com/a => ../a\n` },
      'unclear: modules of the file system stand in for others',
    ],
  ])('%s', (_, more, expected) => expect(ask(more as unknown as Record<string, string>)).toBe(expected));
});

// the hashes were made with Python's json and hashlib, as pdm makes them
describe('pdm.lock', () => {
  const manifest = `[project]
name = "desk"
requires-python = ">=3.12"
dependencies = ["flask>=3", "Ünï-code; python_version > '3'"]
[project.optional-dependencies]
pg = ["psycopg>=3"]
[tool.pdm.dev-dependencies]
test = ["pytest"]
[tool.pdm.resolution.overrides]
werkzeug = "3.1.3"
`;
  const ask = (text: string, hash: string) =>
    said(
      pdmLock(
        project({
          'pyproject.toml': text,
          'pdm.lock': `[metadata]\nlock_version = "4.5.0"\ncontent_hash = "${hash}"\n`,
        }),
        '',
      ),
    );
  const NEW = 'sha256:7e0ba94b4ad1f99e900458e3ae88d59cc49b0e6dbca04b886078869438dcb102';
  const OLD = 'sha256:36d3e04e6b1a6bb68aaedbcc9d21ac451af3ef5c845eeb70c39b3b7e65079926';

  it('is believed by the hash of what pyproject.toml asks for', () => {
    expect(ask(manifest, NEW)).toBe('agrees');
    expect(ask(`${manifest}[tool.ruff]\nline-length = 100\n`, NEW)).toBe('agrees');
    expect(ask(manifest.replace('flask>=3', 'flask>=3.1'), NEW)).toContain('differs');
    expect(ask(manifest.replace('3.1.3', '3.1.4'), NEW)).toContain('differs');
    expect(ask(manifest, OLD)).toContain('unclear');
    expect(ask('[tool.pdm]\n', NEW)).toContain('unclear');
  });
});
