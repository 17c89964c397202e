/** Files of the project that a Rust program reads when it runs. */
import { joinPath } from '../../../src/document/state.ts';
import { namedByEnvironment } from '../environment-files.ts';
import {
  ignoredEnvironment,
  ignoredSettings,
  type NameRules,
  namedAtStart,
  outermost,
  placesOnce,
  type ReadFile,
  withoutIgnored,
} from '../named-files.ts';
import type { View } from '../types.ts';

const FILE_LIMIT = 4000;
/** Text that is built in: include_str!("page.html"), #[template(path = "..")], sqlx::migrate!("./migrations"). */
const BUILT_IN =
  /\binclude(?:_str|_bytes|_dir)?!|#\[(?:template|folder|derive|path|doc|cfg|query)\b|\b(?:migrate|query\w*|env|embed_migrations)!/;
const WHOLE_FOLDER = /\b(?:read_dir|WalkDir::new|ServeDir::new|Files::new\([^,]+,|FileServer::from)\(?\s*"\.\/?"/;
/** Calls that read a file by its name; `.env` of dotenv is looked at below. */
const READS = /\b(?:File::(?:open|with_name)|read_to_string|fs::read|from_path|config::)/;
/** Read by a framework in the working folder without being named. */
const CONVENTIONS = [
  { crate: 'rocket', paths: ['Rocket.toml', 'templates'] },
  { crate: 'dotenv', paths: ['.env'] },
  { crate: 'loco-rs', paths: ['config', 'assets'] },
] as const;

export interface Read {
  readonly files: readonly ReadFile[];
  /** The working folder as a whole. */
  readonly whole: boolean;
  readonly doubts: readonly string[];
}

/** The program's own source, without tests and the build script. */
export function mainSources({ runtime, project }: View): readonly { readonly path: string; readonly text: string }[] {
  const found: { path: string; text: string }[] = [];
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    if (!path.endsWith('.rs') || /(?:^|\/)(?:tests|benches|examples|target)\/|(?:^|\/)build\.rs$/.test(path)) continue;
    found.push({ path, text: project.read(path) ?? '' });
  }
  return found;
}

/** Files and folders that the source names, and those of frameworks. */
export function filesRead(view: View): Read {
  const { runtime, project, stage } = view;
  const rules: NameRules = {
    endings: ['.toml', '.yaml', '.yml', '.json', '.env', '.ini'],
    isSource: (path) => /\.rs$|(?:^|\/)Cargo\.(?:toml|lock)$|Dockerfile[^/]*$/.test(path),
    isModule: (folder) => project.list(folder).includes('Cargo.toml') || folder === 'src',
  };
  const found = new Map<string, ReadFile>();
  const placesOf = placesOnce(view, rules);
  const doubts: string[] = [];
  let manifests = '';
  let whole = false;
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    if (/(?:^|\/)Cargo\.toml$/.test(path)) manifests += project.read(path) ?? '';
  }
  for (const { path, text } of mainSources(view)) {
    const file = project.rootPath(path);
    whole ||= WHOLE_FOLDER.test(text);
    const reads = READS.test(text);
    for (const [index, line] of text.split('\n').entries()) {
      if (/CARGO_MANIFEST_DIR/.test(line) && !/\binclude/.test(line))
        doubts.push(`whether ${file}:${index + 1} reads files of the folder that it was built in`);
      if (/^\s*\/\//.test(line) || BUILT_IN.test(line)) continue;
      for (const [, literal = ''] of line.matchAll(/"([^"\\\s]+)"/g)) {
        if (reads) doubts.push(...ignoredSettings(view, literal, { file, line: index + 1, says: `reads ${literal}` }));
        for (const place of placesOf(literal)) {
          if (!found.has(place))
            found.set(place, { path: place, evidence: { file, line: index + 1, says: `reads ${literal}` } });
        }
      }
    }
  }
  const variables = namedByEnvironment(view, rules);
  for (const it of [...namedAtStart(view, rules), ...variables.files]) if (!found.has(it.path)) found.set(it.path, it);
  doubts.push(...variables.doubts);
  for (const { crate, paths } of CONVENTIONS) {
    if (!new RegExp(`^\\s*${crate}\\w*\\s*[=.]|^\\[dependencies\\.${crate}`, 'm').test(manifests)) continue;
    for (const path of paths) {
      const place = joinPath(stage.end.workdir, path);
      const file = place === undefined ? undefined : runtime.files.toContext(place);
      if (file === undefined && path === '.env')
        doubts.push(...ignoredEnvironment(view, { file: 'Cargo.toml', says: `names ${crate}` }));
      if (place === undefined || file === undefined || project.ignored(file) || found.has(place)) continue;
      found.set(place, { path: place, evidence: { file: project.rootPath(file), says: `is read by ${crate}` } });
    }
  }
  const kept = withoutIgnored(view, outermost([...found.values()]));
  return { files: kept.files, whole, doubts: [...doubts, ...kept.doubts] };
}
