/** Cargo.toml. */
import { parse as parseToml } from 'smol-toml';
import { isRecord, presentIn, textEntries, textList, within } from './manifests.ts';
import type { Project } from './project.ts';

export interface RustFacts {
  readonly manifest: string;
  /** Name of the package; undefined for a virtual workspace. */
  readonly name: string | undefined;
  /** Names of `[[bin]]`. */
  readonly binaries: readonly string[];
  /** `[workspace] members` */
  readonly members: readonly string[];
  readonly dependencies: readonly string[];
  readonly hasLock: boolean;
  readonly hasBuildScript: boolean;
}

/** Reads the package of a folder; undefined: no Cargo.toml; `broken`: it is no TOML. */
export function rustFacts(project: Project, dir: string): RustFacts | 'broken' | undefined {
  const manifest = within(dir, 'Cargo.toml');
  const text = manifest === undefined ? undefined : project.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  try {
    const root: Record<string, unknown> = parseToml(text);
    const pack = isRecord(root.package) ? root.package : {};
    const workspace = isRecord(root.workspace) ? root.workspace : {};
    const bins = Array.isArray(root.bin) ? root.bin : [];
    return {
      manifest,
      name: typeof pack.name === 'string' ? pack.name : undefined,
      binaries: bins.flatMap((bin) => textEntries(bin).flatMap(([key, name]) => (key === 'name' ? [name] : []))),
      members: textList(workspace.members),
      dependencies: isRecord(root.dependencies) ? Object.keys(root.dependencies) : [],
      hasLock: presentIn(project, dir, ['Cargo.lock']).length > 0,
      hasBuildScript: presentIn(project, dir, ['build.rs']).length > 0 || typeof pack.build === 'string',
    };
  } catch {
    return 'broken';
  }
}
