/** The source of a binary that a RUN of one of the stages builds from Go or Rust. */
import { posix } from 'node:path';
import { goProgram } from './go-program.ts';
import { sourcesOf } from './origin.ts';
import { folder } from './program-files.ts';
import { reachable, type SourceFile } from './reachable.ts';
import type { Surroundings } from './service.ts';

export interface CompiledProgram {
  readonly language: 'go' | 'rust';
  readonly files: readonly SourceFile[];
}

/** undefined: no stage builds it, or there are several modules or a workspace, of which nobody says which one it is. */
export function compiledProgram(around: Surroundings): CompiledProgram | undefined {
  const { document, project, stage } = around;
  const builds = (pattern: RegExp) =>
    document.stages.some((it) =>
      it.instructions.some(({ keyword, args }) => keyword === 'RUN' && pattern.test(args.text)),
    );
  const roots = (name: string) =>
    [
      ...new Set(sourcesOf(document, project, stage).map((it) => (posix.basename(it) === name ? folder(it) : it))),
    ].filter((it) => project.kind(it === '' ? name : `${it}/${name}`) === 'file');
  if (builds(/\bgo\s+(?:build|install)\b/)) {
    const modules = roots('go.mod');
    const [root, ...others] = modules.length > 0 ? modules : goFolders(around);
    const files = root === undefined || others.length > 0 ? undefined : goProgram(around, root);
    return files && { language: 'go', files };
  }
  if (builds(/\bcargo\s+(?:\S+\s+)?(?:build|install)\b/)) {
    const [root, ...others] = roots('Cargo.toml');
    if (root === undefined || others.length > 0) return undefined;
    const inRoot = (name: string) => (root === '' ? name : `${root}/${name}`);
    if (/^\[workspace\]/m.test(project.read(inRoot('Cargo.toml')) ?? '')) return undefined;
    return { language: 'rust', files: reachable(project, 'rust', inRoot('src/main.rs'), []) };
  }
  return undefined;
}

/** Folders with Go files and no module, as they were before modules. */
const goFolders = ({ document, project, stage }: Surroundings): string[] =>
  sourcesOf(document, project, stage).filter((it) => project.list(it).some((name) => /\.go$/.test(name)));
