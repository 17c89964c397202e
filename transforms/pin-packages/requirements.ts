/** pip install -r: says which packages of a requirements file have no version of their own. */
import { joinPath } from '../../src/document/state.ts';
import type { Document } from '../../src/document.ts';
import type { Change } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { installs } from './find.ts';
import { list } from './named.ts';

const isRequirementsInstall = ({ manager, verb, requirementFiles, command }: Invocation): boolean =>
  ((manager === 'pip' && verb === 'install') || (manager === 'uv' && verb === 'pip install')) &&
  requirementFiles.length > 0 &&
  !command.has('-c', '--constraint', '--constraints');

/** Advice, once for each file. */
export function* requirementsAdvice(document: Document, project: Project): Iterable<Change> {
  const seen = new Set<string>();
  for (const { call, folder, files, at } of installs(document, project, isRequirementsInstall)) {
    for (const file of call.requirementFiles) {
      const place = file === undefined ? undefined : joinPath(folder, file);
      const path = place === undefined ? undefined : files.toContext(place);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const open = openRequirements(project.read(path) ?? '');
      const [first] = open;
      if (!first) continue;
      const names = list(open.map(({ name }) => name));
      yield {
        title: `${path} names no version of ${names}`,
        why: 'Every build takes the newest ones that fit. Next step: `pip-compile` of pip-tools, or `uv pip compile`, writes a file with the version of every package that is installed, with hashes where they are asked for.',
        evidence: [{ file: project.rootPath(path), line: first.line, says: first.says }],
        level: 'manual',
        at,
        edits: [],
      };
    }
  }
}

interface OpenRequirement {
  readonly name: string;
  readonly says: string;
  readonly line: number;
}

/** Names with a range, or with nothing. What comes from a path or an address has no version to be named. */
function openRequirements(text: string): OpenRequirement[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const says = raw.replace(/(?:^|\s)#.*$/, '').trim();
    const match = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)/.exec(says);
    const isPath = /^[\w.-]+\/|\.(?:whl|zip|gz)$/.test(says);
    if (!match || isPath || /===?\s*[^\s*,]+(?:\s|$|\\)|@/.test(`${match[2]} `)) return [];
    return [{ name: match[1] as string, says, line: index + 1 }];
  });
}
