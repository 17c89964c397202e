/** What programs of Java, .NET, Go, Ruby, PHP and Rust need of the C library. */

import type { Evidence } from '../../../src/edit.ts';
import { CGO_MODULES } from '../../../src/knowledge/go-modules.ts';
import { GLIBC_ONLY_JARS, GLIBC_ONLY_NUGET, MANAGED_NUGET, PLAIN_JARS } from '../../../src/knowledge/musl.ts';
import { lineOf } from '../../../src/project/manifests.ts';
import { inWords } from '../../../src/stage/install-run.ts';
import type { StageView } from '../../../src/stage/view.ts';
import { repositoryOf, rootOf } from '../stages.ts';
import type { Findings, Need, Obstacle } from '../types.ts';

const NOTHING: Findings = { needs: [], doubts: [], evidence: [] };

/** By the image of the stage that is run. */
export function othersOnMusl(view: StageView): Findings | Obstacle {
  const name = repositoryOf(view.stage);
  if (/^(?:eclipse-temurin|amazoncorretto|maven|gradle|tomcat|jetty|openjdk)$/.test(name)) return javaOnMusl(view);
  if (name === 'nginx' || name === 'httpd') return serverOnMusl(view);
  if (name.startsWith('mcr.microsoft.com/dotnet/')) return dotnetOnMusl(view);
  if (name === 'golang') return goOnMusl(view);
  if (name === 'rust') return { ...NOTHING, doubts: ['which C libraries the crates link to is not known'] };
  if (name === 'ruby') return { ...NOTHING, doubts: ['which gems compile, and whether they do on musl, is not known'] };
  if (name === 'php')
    return {
      ...NOTHING,
      doubts: ['www-data is user 82 on Alpine and 33 on Debian: files on volumes that others share change hands'],
    };
  return NOTHING;
}

/** Configurations that name an account or a module of Debian. */
function serverOnMusl({ runtime, project }: StageView): Findings {
  for (const path of runtime.files.walk(400)) {
    if (!/\.(?:conf|template|tmpl|tpl)$/.test(path)) continue;
    const hit = /^\s*(?:user|User)\s+(?!nginx\b|root\b|daemon\b)[\w-]+|^\s*(?:load_module|LoadModule)\s.*$/m.exec(
      project.read(path) ?? '',
    );
    if (hit)
      return { ...NOTHING, doubts: [`${project.rootPath(path)} says ${hit[0].trim()}, which Alpine may not have`] };
  }
  return NOTHING;
}

/** Files of the context whose last segment fits, in the few folders from which builds are made. */
function filesNamed({ project }: StageView, pattern: RegExp): readonly string[] {
  const found: string[] = [];
  const open = [''];
  for (let left = 300, dir = open.pop(); dir !== undefined && left > 0; dir = open.pop(), left--) {
    for (const name of project.list(dir)) {
      if (/^(?:node_modules|\.git|target|build|bin|obj|dist|vendor)$/.test(name)) continue;
      const path = dir === '' ? name : `${dir}/${name}`;
      if (pattern.test(name)) found.push(path);
      else if (dir.split('/').length < 4 && project.kind(path) === 'dir') open.push(path);
    }
  }
  return found;
}

function javaOnMusl(view: StageView): Findings | Obstacle {
  const { project } = view;
  const stage = rootOf(view.stage);
  const doubts: string[] = [];
  const release = Number.parseInt(stage.image?.tag ?? '', 10);
  if (repositoryOf(stage) === 'eclipse-temurin' && release < 21 && !/amd64/.test(stage.platform ?? ''))
    doubts.push(`eclipse-temurin ${release} on Alpine exists for amd64 only`);
  const manifests = filesNamed(view, /^(?:pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml)$/);
  if (manifests.length === 0) doubts.push('which jars the program brings is not known');
  const strange = new Set<string>();
  for (const path of manifests) {
    const text = (project.read(path) ?? '').replace(/<!--[\s\S]*?-->/g, '');
    const isPom = path.endsWith('pom.xml');
    const named = isPom
      ? text.matchAll(/<dependency>\s*<groupId>\s*([\w.-]+)\s*<\/groupId>\s*<artifactId>\s*([\w.-]+)\s*<\/artifactId>/g)
      : text.matchAll(/["']([\w.-]+):([\w.-]+)(?::[^"']*)?["']/g);
    for (const [, group, artifact = ''] of named) {
      if (GLIBC_ONLY_JARS.has(artifact))
        return {
          code: 'no-musl-build',
          why: `${project.rootPath(path)}:${lineOf(text, artifact) ?? 1} names ${artifact}, whose native code is for glibc`,
        };
      if (!PLAIN_JARS.test(`${group}:${artifact}`)) strange.add(artifact);
    }
    if (!isPom && /libs\.versions\.toml$/.test(path)) strange.add('what the version catalogue names');
  }
  if (strange.size > 0)
    doubts.push(`whether there is native code for glibc in ${inWords([...strange].slice(0, 3))} is not known`);
  const evidence = manifests
    .slice(0, 1)
    .map((path) => ({ file: project.rootPath(path), says: 'no artifact with native code' }));
  return { needs: [], doubts, evidence: doubts.length === 0 ? evidence : [] };
}

function dotnetOnMusl(view: StageView): Findings | Obstacle {
  const { project, document } = view;
  const projects = filesNamed(view, /\.(?:cs|fs|vb)proj$|^Directory\.(?:Build|Packages)\.props$/i);
  const published = document.stages
    .flatMap(({ instructions }) => instructions)
    .find((it) => {
      const text = document.text.slice(it.start, it.end);
      return (
        it.keyword === 'RUN' &&
        /\bdotnet\b/.test(text) &&
        /(?:^|\s)(?:-r|--runtime)[ =](?!\S*musl)|--self-contained(?! false)|PublishAot|PublishSingleFile|PublishReadyToRun/.test(
          text,
        )
      );
    });
  if (published)
    return {
      code: 'glibc-copied',
      why: `line ${document.originLine(published.start)} publishes a program for glibc`,
      at: published,
    };
  const start = view.runtime.starts.find(({ by }) => by === 'CMD' || by === 'ENTRYPOINT');
  const doubts: string[] = [];
  if (start && !/\bdotnet\b/.test(start.text))
    doubts.push(`${start.text} may be a host program for glibc: dotnet starts the dll everywhere`);
  const restored = document.instructions.find(
    (it) =>
      it.keyword === 'RUN' && /\bdotnet\b[^&;]*\s(?:-a|--arch|--os)[ =]/.test(document.text.slice(it.start, it.end)),
  );
  if (restored)
    doubts.push(
      `line ${document.originLine(restored.start)} builds for one architecture on glibc: native parts of packages, if there are any, are for that`,
    );
  const strange = new Set<string>();
  let invariant: boolean | undefined;
  for (const path of projects) {
    const text = project.read(path) ?? '';
    const native = GLIBC_ONLY_NUGET.exec(text)?.[0];
    if (native)
      return {
        code: 'no-musl-build',
        why: `${project.rootPath(path)} names ${native.slice(9, -1)}, whose native code is for glibc`,
      };
    if (/<PublishAot>\s*true|<SelfContained>\s*true|<RuntimeIdentifier>\s*linux-(?!musl)/i.test(text))
      return { code: 'glibc-copied', why: `${project.rootPath(path)} publishes a program for glibc` };
    for (const [, name = ''] of text.matchAll(/<PackageReference\s[^>]*?Include="([^"]+)"/gi))
      if (!MANAGED_NUGET.test(name)) strange.add(name);
    const says = /<InvariantGlobalization>\s*(true|false)/i.exec(text)?.[1];
    if (says !== undefined) invariant = says.toLowerCase() === 'true';
  }
  if (projects.length === 0) doubts.push('no project file says what the program brings');
  if (strange.size > 0)
    doubts.push(`whether there is native code for glibc in ${inWords([...strange].slice(0, 3))} is not known`);
  const needs: Need[] = [];
  const set = view.stage.end.env.get('DOTNET_SYSTEM_GLOBALIZATION_INVARIANT');
  if (invariant !== true && !/^(?:true|1)$/i.test(set ?? '')) {
    const evidence = { file: document.path, says: 'images of .NET on Alpine leave out cultures and time zones' };
    // Alpine before 3.16 has the data of all cultures in icu-libs
    const isOld = Number.parseInt(rootOf(view.stage).image?.tag ?? '', 10) < 6;
    for (const name of isOld ? ['icu-libs', 'tzdata'] : ['icu-data-full', 'icu-libs', 'tzdata'])
      needs.push({ package: name, evidence });
  }
  const evidence =
    invariant === true ? [{ file: project.rootPath(projects[0] ?? ''), says: 'InvariantGlobalization is true' }] : [];
  const lines = needs.length > 0 && set === undefined ? ['ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false'] : [];
  return { needs, doubts, evidence, lines };
}

/** The project file that asks for no cultures; undefined: none does. */
export function isInvariant(view: StageView): Evidence | undefined {
  for (const path of filesNamed(view, /\.(?:cs|fs|vb)proj$|^Directory\.Build\.props$/i)) {
    if (/<InvariantGlobalization>\s*true/i.test(view.project.read(path) ?? ''))
      return { file: view.project.rootPath(path), says: 'InvariantGlobalization is true' };
  }
  return undefined;
}

function goOnMusl(view: StageView): Findings | Obstacle {
  const { project, stage } = view;
  if (stage.end.env.get('CGO_ENABLED') === '0') return NOTHING;
  const paths = filesNamed(view, /^go\.(?:mod|work)$/);
  if (paths.length === 0) return { ...NOTHING, doubts: ['no go.mod says which modules are used'] };
  for (const path of paths) {
    const text = project.read(path) ?? '';
    const module = CGO_MODULES.find((row) => text.includes(`${row.module} `))?.module;
    if (module !== undefined)
      return {
        code: 'no-musl-build',
        why: `${project.rootPath(path)} names ${module}, whose C code needs a compiler, and Alpine's image of Go has none`,
      };
  }
  const own = view.runtime.find(/^\s*import "C"/m);
  if (own)
    return { code: 'no-musl-build', why: `${own.file} is written for cgo, and Alpine's image of Go has no compiler` };
  return { ...NOTHING, evidence: [{ file: project.rootPath(paths[0] as string), says: 'no module with C code' }] };
}
