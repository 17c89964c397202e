/** What the full image has and the runtime stage must install for gems and Ruby code. */
import { FULL_IMAGE_PROGRAMS } from '../../../src/knowledge/full-image.ts';
import { RUBY_LIBRARIES, type RubyLibraryRow } from '../../../src/knowledge/ruby-libraries.ts';
import { runTimeNames } from '../packages.ts';
import type { Need } from '../programs.ts';
import type { View } from '../types.ts';
import type { Gem, Gems } from './gems.ts';

/** Libraries that the gems link to, open or start; `unnamed`: gems whose libraries have another name in each release, where the release is not known. */
export function gemNeeds(view: View, { names }: Gems): { readonly needs: Need[]; readonly unnamed: readonly string[] } {
  const needs: Need[] = [];
  const unnamed: string[] = [];
  for (const row of RUBY_LIBRARIES) {
    const name = row.gems.find((it) => names.has(it));
    const gem = name === undefined ? undefined : names.get(name);
    if (name === undefined || !gem || isBundled(row, gem)) continue;
    const libraries = runTimeNames(row, view.system);
    if (!libraries) unnamed.push(name);
    const { file, line } = gem;
    for (const library of libraries ?? [])
      needs.push({ package: library, evidence: { file, line, says: `${name} needs ${library} when it runs` } });
  }
  const nokogiri = names.get('nokogiri');
  const system = /NOKOGIRI_USE_SYSTEM_LIBRARIES|nokogiri\S*[ =]+["']?--use-system-libraries/i;
  if (nokogiri && system.test(view.document.text)) {
    const { file, line } = nokogiri;
    for (const library of ['libxml2', 'libxslt1.1'])
      needs.push({ package: library, evidence: { file, line, says: `nokogiri needs ${library} when it runs` } });
  }
  return { needs, unnamed };
}

function isBundled({ bundledFrom }: RubyLibraryRow, { version }: Gem): boolean {
  if (!bundledFrom || version === undefined) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > bundledFrom[0] || (major === bundledFrom[0] && minor >= bundledFrom[1]);
}

/** Folders of tests, which no start command runs. */
const TESTS = /(?:^|\/)(?:spec|test|tests|features)\//;

/** `git log`, system 'convert ..', %x(curl ..), Open3.capture2('git', ..); the group is the program. */
const callOf = (programs: readonly string[]): RegExp =>
  new RegExp(
    `^[^#\\n]*(?:\`|%x[({[|]|\\b(?:system|exec|spawn|popen\\w*|capture\\w*|sh|run)[ (]+\\[?["'])(${programs.join('|')})(?=[\\s"'\`])`,
    'm',
  );

/** Programs of the full image that Ruby code starts. */
export function calledPrograms({ runtime, project }: View): Need[] {
  const names = mayCall(runtime);
  return Object.entries(FULL_IMAGE_PROGRAMS).flatMap(([program, name]) => {
    const fact = names.has(program) ? runtime.find(callOf([program]), TESTS) : undefined;
    if (!fact) return [];
    const { file, line } = fact;
    return [
      {
        package: name,
        evidence: { file: project.rootPath(file), ...(line !== undefined && { line }), says: `starts ${program}` },
      },
    ];
  });
}

/** The programs that may be called, all others left out: the code of a project is long, and calls one or two of them. */
function mayCall(runtime: View['runtime']): ReadonlySet<string> {
  const called = new Set<string>();
  for (let open = Object.keys(FULL_IMAGE_PROGRAMS); open.length > 0; ) {
    const fact = runtime.find(callOf(open), TESTS);
    if (!fact) break;
    const name = callOf(open).exec(`${fact.says} `)?.[1];
    if (name === undefined) return new Set(Object.keys(FULL_IMAGE_PROGRAMS));
    called.add(name);
    open = open.filter((it) => it !== name);
  }
  return called;
}
