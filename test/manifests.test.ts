import { describe, expect, it } from 'vitest';
import { dotnetFacts } from '../src/project/dotnet.ts';
import { goFacts } from '../src/project/go.ts';
import { gradleFacts, mavenFacts } from '../src/project/java.ts';
import { upwards, within } from '../src/project/manifests.ts';
import { nodeFacts } from '../src/project/node.ts';
import { phpFacts } from '../src/project/php.ts';
import type { Project } from '../src/project/project.ts';
import { condaPipEntries, localPath, pyprojectFacts, requirementsFacts } from '../src/project/python.ts';
import { rubyFacts } from '../src/project/ruby.ts';

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

describe('paths', () => {
  it('stay inside of the context', () => {
    expect(within('a', '../b')).toBe('b');
    expect(within('a', '.')).toBe('a');
    expect(within('a', '..')).toBe('');
    expect(within('a', '../..')).toBeUndefined();
    expect(within('a', '/etc')).toBeUndefined();
    expect(upwards('a/b')).toEqual(['a/b', 'a', '']);
  });
});

describe('requirements', () => {
  it('tells what lies in the file system', () => {
    const text = [
      'flask==3.1.2  # -r not.txt',
      '-r base.txt',
      '--constraint=limits.txt',
      '-e git+https://example.org/a.git#egg=a',
      '-e .[dev]',
      '--find-links wheels',
      './vendor/x-1.0.whl ; python_version > "3"',
      'lib @ file:///src/lib',
      'other @ https://example.org/other.zip',
      'uvicorn \\',
      '  [standard]',
      '--extra-index-url https://example.org/simple',
    ].join('\n');
    expect(requirementsFacts(text)).toEqual([
      { kind: 'include', path: 'base.txt', line: 2 },
      { kind: 'constraint', path: 'limits.txt', line: 3 },
      { kind: 'editable', path: '.[dev]', line: 5 },
      { kind: 'links', path: 'wheels', line: 6 },
      { kind: 'package', path: './vendor/x-1.0.whl', line: 7 },
      { kind: 'package', path: '/src/lib', line: 8 },
    ]);
  });

  it('knows names from paths', () => {
    expect(localPath('flask[async]>=3')).toBeUndefined();
    expect(localPath('.[test]')).toBe('.');
    expect(localPath('../lib')).toBe('../lib');
  });

  it('finds options in the pip section of an environment', () => {
    expect(
      condaPipEntries('dependencies:\n  - python=3.12\n  - pip:\n      - flask\n      - -r more.txt\n      - -e .\n'),
    ).toEqual([
      { entry: '-r more.txt', line: 5 },
      { entry: '-e .', line: 6 },
    ]);
  });
});

describe('pyproject', () => {
  it('finds path dependencies and workspaces at any depth', () => {
    const text =
      '[project]\nname = "a"\ndynamic = ["version"]\n\n[tool.uv.sources]\nlib = { path = "../lib" }\n\n[tool.uv.workspace]\nmembers = ["x"]\n';
    const facts = pyprojectFacts(project({ 'pyproject.toml': text }), '');
    expect(facts).toMatchObject({
      dynamic: ['version'],
      isPackageMode: true,
      local: [
        { says: 'lib = { path = "../lib" }', line: 6 },
        { says: '[tool.uv.workspace]', line: 8 },
      ],
    });
    expect(pyprojectFacts(project({ 'pyproject.toml': '[' }), '')).toBe('broken');
    expect(pyprojectFacts(project({}), '')).toBeUndefined();
  });
});

describe('package.json', () => {
  it('reads workspaces and patches of pnpm too', () => {
    const facts = nodeFacts(
      project({
        'package.json': '{\n  "scripts": { "build": "vite build" },\n  "dependencies": { "a": "file:./a" }\n}\n',
        'pnpm-workspace.yaml':
          'packages:\n  - "apps/*"\n  - libs/* # ours\npatchedDependencies:\n  a@1: patches/a.patch\n',
      }),
      '',
    );
    expect(facts).toMatchObject({
      workspaces: ['apps/*', 'libs/*'],
      patches: ['patches/a.patch'],
      dependencies: [{ name: 'a', spec: 'file:./a', line: 3 }],
      hasBin: false,
    });
    expect(nodeFacts(project({ 'package.json': '[]' }), '')).toBe('broken');
    expect(nodeFacts(project({}), '')).toBeUndefined();
  });
});

describe('go.mod', () => {
  it('knows replaced modules and the workspace above', () => {
    const files = {
      'app/go.mod': 'module a\nrequire b v1\nreplace b => ../b\nreplace c => example.org/c v1.2.3\n',
      'go.work': 'go 1.25\nuse (\n  ./app\n  ./b // lib\n)\nuse ./c\n',
    };
    expect(goFacts(project(files), 'app')).toMatchObject({
      requires: true,
      replaced: [{ path: '../b', dir: 'b', line: 3 }],
      work: { file: 'go.work', uses: ['app', 'b', 'c'] },
      isVendored: false,
    });
  });
});

describe('java', () => {
  it('follows the parent and the modules of a pom', () => {
    const files = {
      'pom.xml': '<project><modules><module>api</module></modules><!-- <module>old</module> --></project>',
      'api/pom.xml': '<project><parent><artifactId>p</artifactId></parent></project>',
    };
    expect(mavenFacts(project(files), 'pom.xml')).toMatchObject({ modules: ['api/pom.xml'], parent: undefined });
    expect(mavenFacts(project(files), 'api/pom.xml')).toMatchObject({ modules: [], parent: 'pom.xml' });
    const remote = '<project><parent><relativePath/></parent></project>';
    expect(mavenFacts(project({ ...files, 'b/pom.xml': remote }), 'b/pom.xml')?.parent).toBeUndefined();
  });

  it('sees where a gradle build reaches for files', () => {
    const files = {
      'settings.gradle': "include 'api', ':web:ui'\n",
      'build.gradle': '',
      'api/build.gradle': '',
      'web/ui/build.gradle': '',
    };
    expect(gradleFacts(project(files), '')).toMatchObject({
      builds: ['build.gradle', 'api/build.gradle', 'web/ui/build.gradle'],
      obstacle: undefined,
    });
    const reaching = { ...files, 'api/build.gradle': "// api\nversion = file('VERSION').text\n" };
    expect(gradleFacts(project(reaching), '')?.obstacle).toMatchObject({ file: 'api/build.gradle', line: 2 });
  });
});

describe('dotnet', () => {
  it('follows references, but not those with properties', () => {
    const text =
      '<Project>\n<ProjectReference Include="..\\core\\core.csproj" />\n<Import Project="$(Root)a.props" />\n</Project>';
    expect(dotnetFacts(project({ 'api/api.csproj': text }), 'api/api.csproj')?.references).toMatchObject([
      { path: 'core/core.csproj', line: 2 },
      { path: undefined, line: 3 },
    ]);
  });
});

describe('composer.json, Gemfile, Cargo.toml', () => {
  it('reads plugins and repositories', () => {
    const text =
      '{\n "repositories": [{ "type": "path", "url": "../x" }],\n "config": { "allow-plugins": { "a/b": true, "c/d": false } }\n}';
    expect(phpFacts(project({ 'composer.json': text }), '')).toMatchObject({ plugins: ['a/b'], local: [{ line: 2 }] });
  });

  it('finds lines of a Gemfile that reach for files', () => {
    const text = "gem 'rails'\n# gemspec\ngem 'x', path: 'x'\neval_gemfile 'y'\nruby file: '.ruby-version'\n";
    expect(rubyFacts(project({ Gemfile: text }), '')?.reaches).toMatchObject([
      { line: 3, kind: 'path' },
      { line: 4, kind: 'file' },
    ]);
  });
});
