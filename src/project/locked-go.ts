/** The version of the module that a Go program is in, as go.mod requires it. */
import { goFacts } from './go.ts';
import type { NamedVersion } from './locked-packages.ts';
import type { Project } from './project.ts';

/** `name`: a package path, `github.com/swaggo/swag/cmd/swag`; the longest module that it lies in counts. */
export function goPackage(project: Project, dir: string, name: string): readonly NamedVersion[] {
  const facts = goFacts(project, dir);
  if (!facts) return [];
  // what others need is no choice of the project, unless it is named as its tool
  const isTool = new RegExp(`^\\s*(?:tool\\s+)?${escaped(name)}\\s*$`, 'm').test(facts.text);
  const modules = requiredModules(facts.text).filter(
    ({ path, indirect }) => (name === path || name.startsWith(`${path}/`)) && (!indirect || isTool),
  );
  const [best] = modules.sort((a, b) => b.path.length - a.path.length);
  // another source stands in for it
  if (!best || new RegExp(`^\\s*(?:replace\\s+)?${escaped(best.path)}(?:\\s+v\\S+)?\\s*=>`, 'm').test(facts.text))
    return [];
  const { path, version, line } = best;
  return [{ version, fact: { file: facts.manifest, line, says: `${path} ${version}` } }];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export interface RequiredModule {
  readonly path: string;
  /** `v1.2.3` */
  readonly version: string;
  /** Nothing of the module's own code asks for it. */
  readonly indirect: boolean;
  /** 1-based. */
  readonly line: number;
}

/** The modules that go.mod requires, in blocks and in lines of their own. */
export function requiredModules(text: string): readonly RequiredModule[] {
  const found: RequiredModule[] = [];
  let block = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/\/\/.*$/, '').trim();
    const opened = /^(\w+)\s*\($/.exec(line)?.[1];
    if (opened !== undefined) block = opened;
    else if (line === ')') block = '';
    const single = /^require\s+(\S+)\s+(v\S+)$/.exec(line);
    const inBlock = block === 'require' ? /^(\S+)\s+(v\S+)$/.exec(line) : null;
    const match = single ?? inBlock;
    if (match)
      found.push({
        path: match[1] as string,
        version: match[2] as string,
        indirect: /\/\/\s*indirect/.test(raw),
        line: index + 1,
      });
  }
  return found;
}
