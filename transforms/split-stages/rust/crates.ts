/** C libraries that the crates of a program link to, by Cargo.lock. */
import { posix } from 'node:path';
import type { Evidence } from '../../../src/edit.ts';
import { splitTag } from '../../../src/image.ts';
import { HARMLESS_CRATES, MANIFEST_HINTS, SYSTEM_CRATES } from '../../../src/knowledge/rust-crates.ts';
import { installsPackages, packageFates, runTimeNames } from '../packages.ts';
import type { Obstacle, View } from '../types.ts';
import type { CargoBuild } from './cargo.ts';

export interface Libraries {
  readonly packages: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly string[];
}

/** The packages with the libraries; an obstacle for a binding that is not known. */
export function librariesOf(view: View, builds: readonly CargoBuild[]): Libraries | Obstacle {
  const { runtime, project, system } = view;
  const files = new Set(builds.flatMap(({ folder }) => lockAbove(view, folder) ?? lockBeside(view, folder) ?? []));
  if (files.size === 0) return installedLibraries(view) ?? hintsOf(view, builds);
  const packages = new Set<string>();
  const evidence: Evidence[] = [];
  for (const file of files) {
    const isCopied = builds.some(({ folder }) => lockAbove(view, folder) === file);
    if (!isCopied) evidence.push({ file: project.rootPath(file), says: 'names the crates, though no COPY brings it' });
    for (const block of (project.read(file) ?? '').split(/^\[\[package\]\]\s*$/m)) {
      const crate = /^name = "([^"]+)"/m.exec(block)?.[1] ?? '';
      if (!/-sys$/.test(crate)) continue;
      const row = SYSTEM_CRATES.find((it) => it.crate === crate);
      const names = row && runTimeNames(row, system);
      // a bundled library is compiled by cc
      const isBundled = crate === 'libsqlite3-sys' && /^\s*"cc(?: |")/m.test(block);
      if (names && !isBundled) {
        for (const name of names) packages.add(name);
        const text = project.read(file) ?? '';
        const line = text.slice(0, text.indexOf(`name = "${crate}"`)).split('\n').length;
        evidence.push({ file: project.rootPath(file), line, says: `${crate} links to ${names.join(', ')}` });
      } else if (!HARMLESS_CRATES.test(crate))
        return {
          code: 'links-to-c',
          why: `${project.rootPath(file)} names ${crate}, and what it links to is not known`,
        };
    }
  }
  const own = runtime.find(/\bcargo:{1,2}rustc-link-lib\b/);
  if (own) return { code: 'links-to-c', why: `${own.file}:${own.line} builds with C: ${own.says}` };
  return { packages: [...packages], evidence, doubts: [] };
}

/** The lock file of the project that no COPY brings: it names the same bindings, in what may be other versions. */
function lockBeside({ runtime, project }: View, folder: string): string | undefined {
  const manifest = runtime.files.toContext(posix.join(folder, 'Cargo.toml'));
  const file = manifest?.replace(/Cargo\.toml$/, 'Cargo.lock');
  return file !== undefined && project.kind(file) === 'file' ? file : undefined;
}

/**
 * On a slim image a program can link to nothing but the libraries of the -dev packages that the stage installs: their
 * run-time packages. Undefined: the image holds other libraries, or one of the packages is not known.
 */
function installedLibraries(view: View): Libraries | undefined {
  const { system, stage, steps, runtime } = view;
  const { variant } = splitTag(stage.image?.tag ?? '');
  if (!variant.some((word) => word === 'slim' || word.startsWith('alpine'))) return undefined;
  const fates = steps
    .flatMap(({ tasks }) => tasks)
    .filter(installsPackages)
    .map((task) => packageFates(task, system, { names: new Set(), whole: false }));
  if (fates.some((it) => it === undefined) || runtime.find(/\bcargo:{1,2}rustc-link-lib\b/)) return undefined;
  const all = fates.flatMap((it) => it ?? []);
  if (all.some(({ kind }) => kind === 'unknown')) return undefined;
  const libraries = all.filter(({ kind }) => kind === 'library');
  const evidence = libraries.map(({ name, becomes, word }) => ({
    file: view.document.path,
    line: view.document.originLine(word.start),
    says: `${name} is there to link to: ${becomes.join(', ')}`,
  }));
  return { packages: [...new Set(libraries.flatMap(({ becomes }) => becomes))], evidence, doubts: [] };
}

/** Without a lock file: what the manifests name themselves. */
function hintsOf({ runtime, project }: View, builds: readonly CargoBuild[]): Libraries {
  const doubts = ['no Cargo.lock tells which C libraries the crates link to'];
  const files = [
    ...new Set(builds.flatMap(({ folder }) => runtime.files.toContext(posix.join(folder, 'Cargo.toml')) ?? [])),
  ];
  const found = files.flatMap((file) =>
    MANIFEST_HINTS.flatMap(({ says, package: name }) => {
      const text = project.read(file) ?? '';
      const match = says.exec(text);
      if (!match) return [];
      const line = text.slice(0, match.index).split('\n').length;
      return [{ name, evidence: { file: project.rootPath(file), line, says: `${match[0]} links to ${name}` } }];
    }),
  );
  return { packages: found.map(({ name }) => name), evidence: found.map(({ evidence }) => evidence), doubts };
}

/** The lock file that cargo finds: of the folder, or of the workspace above it. */
function lockAbove({ runtime, project }: View, folder: string): string | undefined {
  for (let at = folder; ; at = posix.dirname(at)) {
    const file = runtime.files.toContext(posix.join(at, 'Cargo.lock'));
    if (file !== undefined && project.kind(file) === 'file') return file;
    if (at === '/') return undefined;
  }
}
