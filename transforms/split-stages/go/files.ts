/** Files of the project that a Go program reads when it runs, found by the texts in its source. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import { FOLDER_FRAMEWORKS } from '../../../src/knowledge/go-modules.ts';
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

const FILE_LIMIT = 3000;
/** What opens files by a name that is given at run time: the folder itself counts as read. */
const WHOLE_FOLDER =
  /\b(?:http\.Dir|os\.DirFS|gin\.Dir|filepath\.Walk(?:Dir)?|os\.ReadDir|ioutil\.ReadDir)\(\s*"\.?\/?"|\bStatic\(\s*"[^"]*",\s*"\.?\/?"/;
const RULES: NameRules = {
  endings: ['.yaml', '.yml', '.json', '.toml', '.env', '.ini', '.properties'],
  isSource: (path) => path.endsWith('.go'),
};

export interface Read {
  readonly files: readonly ReadFile[];
  readonly doubts: readonly string[];
}

/**
 * Files and folders of the context below the folder in force that a text of the program's source names: `"templates/*.html"`,
 * `"./static"`, `"config"` (as config.yaml). Folders that hold Go source alone are left out. Undefined: the program reads
 * its folder as a whole.
 */
export function filesRead(view: View, modules: readonly { readonly text: string }[]): Read | undefined {
  if (modules.some(({ text }) => FOLDER_FRAMEWORKS.some(({ module }) => text.includes(module)))) return undefined;
  const { runtime, project, stage } = view;
  const found = new Map<string, ReadFile>();
  const placesOf = placesOnce(view, RULES);
  const absent = new Set<string>();
  const loads = runtime.find(/\bgodotenv\.(?:Load|Overload|Read)\(\s*(?:"(?:\.\/)?\.env")?\s*\)/);
  let asks = false;
  const embedded: string[] = [];
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    if (!path.endsWith('.go') || path.endsWith('_test.go')) continue;
    const text = project.read(path) ?? '';
    if (WHOLE_FOLDER.test(text)) return undefined;
    const reads = READS.test(text);
    asks ||= reads;
    for (const match of text.matchAll(/^\/\/go:embed[ \t]+(.+)$/gm)) {
      embedded.push(...(match[1] as string).split(/[ \t]+/).map((it) => posix.join(posix.dirname(path), it)));
    }
    for (const [line, body] of text.split('\n').entries()) {
      if (/^\s*\/\//.test(body)) continue;
      for (const match of body.matchAll(/"([^"\\\s]+)"|`([^`\s]+)`/g)) {
        const literal = (match[1] ?? match[2]) as string;
        const evidence = { file: project.rootPath(path), line: line + 1, says: `reads ${literal}` };
        for (const place of placesOf(literal)) {
          if (!found.has(place)) found.set(place, { path: place, evidence });
        }
        // godotenv's .env is looked at below
        if (reads && !(literal === '.env' && loads))
          for (const doubt of ignoredSettings(view, literal, evidence)) absent.add(doubt);
      }
    }
  }
  // .env of godotenv.Load(): the name is in the library
  const place = joinPath(stage.end.workdir, '.env');
  const file = place === undefined ? undefined : runtime.files.toContext(place);
  if (loads && place !== undefined && file !== undefined && project.kind(file) === 'file') {
    found.set(place, { path: place, evidence: { file: project.rootPath(file), says: 'is read by godotenv.Load()' } });
  }
  const kept = [...found.values()].filter(({ path }) => asks || !isEmbedded(view, path, embedded));
  const variables = namedByEnvironment(view, RULES);
  const started = [...namedAtStart(view, RULES), ...variables.files].filter(
    ({ path }, index, all) => !kept.some((it) => it.path === path) && all.findIndex((it) => it.path === path) === index,
  );
  const { files, doubts } = withoutIgnored(view, outermost([...kept, ...started]));
  const missing = loads && !found.has(place ?? '') ? ignoredEnvironment(view, { ...loads, says: 'reads .env' }) : [];
  return { files, doubts: [...new Set([...doubts, ...missing, ...absent, ...variables.doubts])] };
}

/** Calls that read files by their name, and servers of folders. */
const READS =
  /\b(?:os\.(?:Open|OpenFile|ReadFile|ReadDir|DirFS)|ioutil\.Read(?:File|Dir)|http\.(?:Dir|ServeFile)|filepath\.(?:Glob|Walk|WalkDir)|template\.ParseFiles|ParseGlob|ParseFiles|LoadHTML\w*|\.Static\w*|SendFile|viper\.|file:\/\/)/;

function isEmbedded({ runtime }: View, path: string, patterns: readonly string[]): boolean {
  const file = runtime.files.toContext(path) ?? '';
  return patterns.some((pattern) => {
    const fixed = pattern.replace(/^all:/, '').replace(/\/?[*?[].*$/, '');
    return fixed !== '' && (file === fixed || file.startsWith(`${fixed}/`) || fixed.startsWith(`${file}/`));
  });
}
