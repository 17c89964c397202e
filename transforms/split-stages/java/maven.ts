/** What a pom says about the jar that it makes: its names, its plugins, whether it has dependencies. */

const plain = (text: string): string => text.replace(/<!--[\s\S]*?-->/g, (it) => it.replace(/[^\n]/g, ' '));
const tag = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(text)?.[1];

/** The element of a plugin that is not in a profile; `at`: where it begins. */
export function pluginOf(text: string, artifact: string): { readonly body: string; readonly at: number } | undefined {
  const pom = plain(text);
  const profiles = pom.indexOf('<profiles>');
  for (let at = pom.indexOf('<plugin>'); at >= 0; at = pom.indexOf('<plugin>', at + 1)) {
    const end = pom.indexOf('</plugin>', at);
    const body = pom.slice(at, end < 0 ? undefined : end);
    const inProfile = profiles >= 0 && at > profiles && at < pom.indexOf('</profiles>', profiles);
    if (!inProfile && body.includes(`<artifactId>${artifact}</artifactId>`)) return { body, at };
  }
  return undefined;
}

/** Whether the program needs nothing beside its own jar. */
export function mavenPom(text: string): { readonly isAlone: boolean } {
  const pom = plain(text);
  const dependencies = pom.split('<dependency>').slice(1);
  const isAlone =
    !pom.includes('<parent>') &&
    dependencies.every((it) => /<scope>\s*(?:test|provided)\s*</.test(it.slice(0, it.indexOf('</dependency>'))));
  return { isAlone };
}

/** What the names of its jars begin with, the usual one first; undefined: a part of it is not written in the pom. */
export function mavenNames(text: string): readonly string[] | undefined {
  const pom = plain(text);
  const parent = /<parent>[\s\S]*?<\/parent>/.exec(pom)?.[0] ?? '';
  const head = pom
    .replace(parent, '')
    .replace(/<(dependencies|build|profiles|dependencyManagement)>[\s\S]*<\/\1>/g, '');
  const version = tag(head, 'version') ?? tag(parent, 'version');
  const artifact = tag(head, 'artifactId');
  const fill = (value: string): string | undefined => {
    let out = value;
    for (let i = 0; i < 5 && out.includes('${'); i++) {
      out = out.replace(/\$\{([^}]+)\}/g, (all, name: string) => {
        if (/^(?:project\.|pom\.)?artifactId$/.test(name)) return artifact ?? all;
        if (/^(?:project\.|pom\.)?version$/.test(name)) return version ?? all;
        return tag(pom, name.replace(/[^\w.-]/g, '').replaceAll('.', '\\.')) ?? all;
      });
    }
    return out.includes('${') ? undefined : out;
  };
  const given = [...pom.matchAll(/<(?:finalName|jarName|outputFile)>\s*([^<]*?)\s*</g)].map(
    ([, name]) => name as string,
  );
  const usual = artifact === undefined || version === undefined ? [] : [`${artifact}-${version}`];
  const names = [...given.map((it) => it.replace(/^.*\//, '').replace(/\.jar$/, '')), ...usual].map(fill);
  return names.length === 0 || names.includes(undefined) ? undefined : (names as string[]);
}
