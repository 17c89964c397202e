/** The settings of a Spring Boot project, by profile, and whether others come from elsewhere when it starts. */
import type { Evidence } from '../edit.ts';
import type { Surroundings } from './service.ts';

export interface Setting {
  readonly key: string;
  readonly value: string;
  /** The profile that it holds for; undefined: it holds whatever is active. */
  readonly profile: string | undefined;
  readonly evidence: Evidence;
}

/** `application-prod.yml`. Source: docs.spring.io, Externalized Configuration, 2026-11. */
const FILE = /^(application|bootstrap)(?:-([\w.-]+))?\.(properties|ya?ml)$/;
/** Where Spring Boot looks for them in the archive; what lies in config/ wins. */
const FOLDERS = ['src/main/resources/config', 'src/main/resources'];
/** .properties win over YAML, and bootstrap comes before the application and so loses. */
const RANK = ['application.properties', 'application.yml', 'application.yaml', 'bootstrap.yml', 'bootstrap.properties'];

/** The settings of the files below `home`, the ones that win first. */
export function springSettings({ project }: Surroundings, home: string): Setting[] {
  return FOLDERS.flatMap((folder) => {
    const dir = home === '' ? folder : `${home}/${folder}`;
    const names = project.list(dir).filter((name) => FILE.test(name));
    const rank = (name: string): number => RANK.indexOf(name.replace(FILE, '$1.$3'));
    return names
      .sort((a, b) => rank(a) - rank(b))
      .flatMap((name) => {
        const path = `${dir}/${name}`;
        const text = project.read(path) ?? '';
        const [, , profile, kind] = FILE.exec(name) ?? [];
        const documents =
          kind === 'properties' ? documentsOf(text, /^#---/, properties) : documentsOf(text, /^---/, yaml);
        return documents.flatMap((lines) => {
          const on = lines.find(({ key }) => ON_PROFILE.test(key))?.value ?? profile;
          return lines.map(({ key, value, line }) => ({
            ...{ key, value, profile: on },
            evidence: { file: project.rootPath(path), line, says: `${key}=${value}` },
          }));
        });
      });
  });
}

const ON_PROFILE = /^spring\.(?:config\.activate\.on-profile|profiles)$/;

/**
 * The settings that hold for the profiles that the image starts with; those of `elsewhere` hold for profiles that somebody may
 * start it with. A profile of tests starts nothing.
 */
export function inForce(
  { stage, process }: Surroundings,
  settings: readonly Setting[],
): { readonly settings: readonly Setting[]; readonly elsewhere: readonly Setting[] } {
  const told =
    /(?:--|-D)spring\.profiles\.active=(\S+)/.exec(javaWords({ stage, process }))?.[1] ??
    process.assignments.get('SPRING_PROFILES_ACTIVE') ??
    stage.end.env.get('SPRING_PROFILES_ACTIVE');
  const common = settings.filter(({ profile }) => profile === undefined);
  const bound = settings.filter(({ profile }) => profile !== undefined && !/test/i.test(profile));
  if (told === undefined || told.includes('$')) return { settings: common, elsewhere: bound };
  // the last one named wins
  const active = told
    .split(',')
    .map((it) => it.trim())
    .reverse();
  const chosen = active.flatMap((name) => bound.filter(({ profile }) => profile === name));
  return { settings: [...chosen, ...common], elsewhere: bound.filter(({ profile }) => /[&|!()]/.test(profile ?? '')) };
}

/** What the JVM is told: the words of the command, and the variable that it reads itself. */
export const javaWords = ({ stage, process }: Pick<Surroundings, 'stage' | 'process'>): string =>
  `${process.args.join(' ')} ${stage.end.env.get('JAVA_TOOL_OPTIONS') ?? ''}`;

/** Libraries that fetch settings when the program starts; what they bring wins over the files. */
export const REMOTE_SETTINGS =
  /spring-cloud-(?:starter-(?:config|consul-config|zookeeper-config|vault-config|kubernetes-(?:[\w-]+-)?config|alibaba-nacos-config)|config-client|azure-starter-appconfiguration-config)\b|nacos-config-spring-boot-starter|\bapollo-client\b/;

type Line = { readonly key: string; readonly value: string; readonly line: number };

/** The documents of a file, the last one, which wins, first. */
function documentsOf(text: string, border: RegExp, read: (lines: readonly string[]) => Line[]): Line[][] {
  const documents: Line[][] = [];
  const all = text.split(/\r?\n/);
  let start = 0;
  for (let i = 0; i <= all.length; i++) {
    if (i < all.length && !border.test(all[i] as string)) continue;
    const offset = start;
    documents.unshift(read(all.slice(start, i)).map((it) => ({ ...it, line: it.line + offset })));
    start = i + 1;
  }
  return documents;
}

const properties = (lines: readonly string[]): Line[] =>
  lines.flatMap((raw, i) => {
    const match = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(raw);
    return match ? [{ key: match[1] as string, value: match[2] as string, line: i + 1 }] : [];
  });

/** The plain `key: value` lines of a document, with the keys above them. */
function yaml(lines: readonly string[]): Line[] {
  const above: { readonly indent: number; readonly key: string }[] = [];
  const found: Line[] = [];
  for (const [i, raw] of lines.entries()) {
    const match = /^(\s*)([\w.-]+):\s*(.*?)\s*(?:\s#.*)?$/.exec(raw);
    if (!match) continue;
    const indent = (match[1] as string).length;
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    const key = [...above.map((it) => it.key), match[2]].join('.');
    const value = (match[3] as string).replace(/^(['"])(.*)\1$/, '$2');
    if (value === '') above.push({ indent, key: match[2] as string });
    else found.push({ key, value, line: i + 1 });
  }
  return found;
}
